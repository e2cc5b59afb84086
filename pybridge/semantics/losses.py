"""Losses whose gradients and Hessians are known in closed form: what stands for an arbitrary differentiable ``L : E → ℝ``.

Each loss is data, exact and small enough to print; its value, its gradient and the product of its Hessian with a vector are
written once, over any pointwise algebra.  The closed forms are not believed: whoever uses one as a gradient differentiates the
value again with ``algebras.dual`` and compares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias

from flint import fmpq
from typing_extensions import assert_never

from pybridge.algebras.base import Algebra, S, V, exponential, logarithm
from pybridge.semantics import peaked
from pybridge.semantics.peaked import Peaked

Rationals: TypeAlias = tuple[fmpq, ...]


@dataclass(frozen=True, slots=True)
class Quadratic:
    """``½ Σ aᵢ (zᵢ - tᵢ)²``: its Hessian is the same everywhere, and all of it is exact."""

    weights: Rationals
    targets: Rationals


@dataclass(frozen=True, slots=True)
class CrossEntropy:
    """``log Σ exp zᵢ - z_label``: the cross-entropy of ``dimension`` logits with one label, from 0."""

    dimension: int
    label: int


@dataclass(frozen=True, slots=True)
class GemanMcClure:
    """``½ Σ aᵢ rᵢ² / (1 + rᵢ²)`` with ``rᵢ = zᵢ - tᵢ``: smooth, bounded, not convex, and exact on rationals."""

    weights: Rationals
    targets: Rationals


@dataclass(frozen=True, slots=True)
class Centred(Generic[V]):
    """``½ Σ aᵢ (zᵢ - cᵢ)²`` with ``aᵢ = 1 + i mod 3``, around a point of an algebra of ``size`` coordinates: least there."""

    center: V
    size: int


Loss: TypeAlias = Quadratic | CrossEntropy | GemanMcClure
Placed: TypeAlias = Centred[V] | Peaked[V]
"""A loss made around points of an algebra."""
LOSSES = (Quadratic, CrossEntropy, GemanMcClure)


def dimension(loss: Loss | Placed[V]) -> int:
    """The dimension of the space the loss is defined on."""
    match loss:
        case Quadratic(weights, _) | GemanMcClure(weights, _):
            return len(weights)
        case CrossEntropy(size, _) | Centred(_, size) | Peaked(_, size):
            return size
        case _:
            assert_never(loss)


def value(loss: Loss | Placed[V], algebra: Algebra[S, V], at: V) -> S:
    """The loss at a vector.

    Raises
    ------
    NotInAlgebra
        The algebra has no exponential, and the loss needs one.
    """
    match loss:
        case Quadratic() | Centred():
            residuals = _residuals(loss, algebra, at)
            squares = [algebra.power(residual, 2) for residual in residuals]
            return _half(algebra, _sum(algebra, _times(algebra, _weights(loss), squares)))
        case Peaked():
            return peaked.value(loss, algebra, at)
        case CrossEntropy(_, label):
            logits = algebra.components(at)
            total = _sum(algebra, [exponential(algebra, logit) for logit in logits])
            return algebra.subtract(logarithm(algebra, total), logits[label])
        case GemanMcClure(weights, _):
            squares = [algebra.power(residual, 2) for residual in _residuals(loss, algebra, at)]
            ratios = [algebra.divide(square, _one_more(algebra, square)) for square in squares]
            return _half(algebra, _sum(algebra, _times(algebra, weights, ratios)))
        case _:
            assert_never(loss)


def gradient(loss: Loss | Placed[V], algebra: Algebra[S, V], at: V) -> V:
    """The gradient of the loss at a vector; ``NotInAlgebra`` as for ``value``."""
    match loss:
        case Quadratic() | Centred():
            return _vector(algebra, _times(algebra, _weights(loss), _residuals(loss, algebra, at)))
        case Peaked():
            return peaked.gradient(loss, algebra, at)
        case CrossEntropy(size, label):
            labelled = [algebra.scalar(int(k == label)) for k in range(size)]
            shares = zip(_shares(algebra, at), labelled, strict=True)
            return _vector(algebra, [algebra.subtract(share, one) for share, one in shares])
        case GemanMcClure(weights, _):
            slopes = []
            for residual in _residuals(loss, algebra, at):
                above = _one_more(algebra, algebra.power(residual, 2))
                slopes.append(algebra.divide(residual, algebra.power(above, 2)))
            return _vector(algebra, _times(algebra, weights, slopes))
        case _:
            assert_never(loss)


def hessian(loss: Loss | Placed[V], algebra: Algebra[S, V], at: V, direction: V) -> V:
    """The Hessian of the loss at a vector, times ``direction``; ``NotInAlgebra`` as for ``value``."""
    along = algebra.components(direction)
    match loss:
        case Quadratic() | Centred():
            return _vector(algebra, _times(algebra, _weights(loss), along))
        case Peaked():
            return peaked.hessian(loss, algebra, at, direction)
        case CrossEntropy():
            shares = _shares(algebra, at)
            mean = _sum(algebra, [algebra.multiply(share, part) for share, part in zip(shares, along, strict=True)])
            off = [algebra.subtract(part, mean) for part in along]
            return _vector(algebra, [algebra.multiply(share, part) for share, part in zip(shares, off, strict=True)])
        case GemanMcClure(weights, _):
            bends = []
            for residual, part in zip(_residuals(loss, algebra, at), along, strict=True):
                square = algebra.power(residual, 2)
                above = algebra.subtract(algebra.scalar(1), algebra.multiply(algebra.scalar(3), square))
                bend = algebra.divide(above, algebra.power(_one_more(algebra, square), 3))
                bends.append(algebra.multiply(bend, part))
            return _vector(algebra, _times(algebra, weights, bends))
        case _:
            assert_never(loss)


def without(loss: Loss, start: int, stop: int) -> Loss | None:
    """The loss in fewer coordinates, those from ``start`` to ``stop`` left out; None where its label would go."""
    match loss:
        case Quadratic(weights, targets):
            return Quadratic(weights[:start] + weights[stop:], targets[:start] + targets[stop:])
        case GemanMcClure(weights, targets):
            return GemanMcClure(weights[:start] + weights[stop:], targets[:start] + targets[stop:])
        case CrossEntropy(size, label):
            if start <= label < stop:
                return None
            return CrossEntropy(size - (stop - start), label - (stop - start) if label >= stop else label)
        case _:
            assert_never(loss)


def least(loss: Loss | Placed[V]) -> int | None:
    """A number that the loss is nowhere below, 0; None where it is not known to have one."""
    match loss:
        case Quadratic(weights, _) | GemanMcClure(weights, _):
            return 0 if all(weight >= 0 for weight in weights) else None
        case CrossEntropy() | Centred():
            return 0
        case Peaked():
            return None
        case _:
            assert_never(loss)


def _weights(loss: Quadratic | Centred[V]) -> Rationals:
    if isinstance(loss, Centred):
        return peaked.weights(loss.size)
    return loss.weights


def _residuals(loss: Quadratic | GemanMcClure | Centred[V], algebra: Algebra[S, V], at: V) -> list[S]:
    if isinstance(loss, Centred):
        targets = algebra.components(loss.center)
    else:
        targets = [algebra.scalar(target) for target in loss.targets]
    return [algebra.subtract(coordinate, target) for coordinate, target in zip(algebra.components(at), targets, strict=True)]


def _shares(algebra: Algebra[S, V], at: V) -> list[S]:
    """Every exponential over their sum."""
    powers = [exponential(algebra, logit) for logit in algebra.components(at)]
    total = _sum(algebra, powers)
    return [algebra.divide(power, total) for power in powers]


def _times(algebra: Algebra[S, V], weights: Rationals, parts: Sequence[S]) -> list[S]:
    return [algebra.multiply(algebra.scalar(weight), part) for weight, part in zip(weights, parts, strict=True)]


def _one_more(algebra: Algebra[S, V], arg: S) -> S:
    return algebra.add(algebra.scalar(1), arg)


def _half(algebra: Algebra[S, V], arg: S) -> S:
    return algebra.divide(arg, algebra.scalar(2))


def _sum(algebra: Algebra[S, V], parts: Sequence[S]) -> S:
    return algebra.sum(parts)


def _vector(algebra: Algebra[S, V], parts: Sequence[S]) -> V:
    return algebra.build(parts)
