"""Losses whose gradients and Hessians are known in closed form: what stands for an arbitrary differentiable ``L : E → ℝ``.

Each loss is data, exact and small enough to print; its value, its gradient and the product of its Hessian with a vector are
written once, over any algebra.  The closed forms are not believed: whoever uses one as a gradient differentiates the
value again with ``algebras.dual`` and compares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeAlias

from flint import fmpq
from typing_extensions import assert_never

from pybridge.algebras.base import Algebra, Exact, S, V, logarithm
from pybridge.algebras.dual import Dual, DualAlgebra
from pybridge.algebras.elementwise import coordinate, exponentials, over, times, total
from pybridge.semantics import called, peaked
from pybridge.semantics.called import Called
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
class Linear:
    """``Σ aᵢ zᵢ``: its gradient is a everywhere, which makes it a loss for any given gradient."""

    coefficients: Rationals


@dataclass(frozen=True, slots=True)
class Centred(Generic[V]):
    """``½ Σ aᵢ (zᵢ - cᵢ)²`` with ``aᵢ = 1 + i mod 3``, around a point of an algebra of ``size`` coordinates: least there."""

    center: V
    size: int


Loss: TypeAlias = Quadratic | CrossEntropy | GemanMcClure | Linear | Called
Placed: TypeAlias = Centred[V] | Peaked[V]
"""A loss made around points of an algebra."""
_MOST, _LONG = 6, 65_536
"""How many vectors of a loss's numbers are kept, and how long they are at most."""
LOSSES = (Quadratic, CrossEntropy, GemanMcClure, Linear, Called)


def dimension(loss: Loss | Placed[V]) -> int:
    """The dimension of the space the loss is defined on."""
    match loss:
        case Quadratic(weights, _) | GemanMcClure(weights, _):
            return len(weights)
        case CrossEntropy(size, _) | Centred(_, size) | Peaked(_, size) | Called(_, size):
            return size
        case Linear(coefficients):
            return len(coefficients)
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
            residual = _residual(loss, algebra, at)
            return _half(algebra, algebra.inner(times(algebra, _weights(loss, algebra), residual), residual))
        case Peaked():
            return peaked.value(loss, algebra, at)
        case CrossEntropy(_, label):
            powers = exponentials(algebra, at)
            return algebra.subtract(logarithm(algebra, total(algebra, powers)), coordinate(algebra, at, label))
        case GemanMcClure(_, _):
            squares, above = _squares(loss, algebra, at)
            return _half(algebra, algebra.inner(_weights(loss, algebra), over(algebra, squares, above)))
        case Linear(coefficients):
            return algebra.inner(_constant(algebra, coefficients), at)
        case Called():
            return called.value(loss, algebra, at)
        case _:
            assert_never(loss)


def gradient(loss: Loss | Placed[V], algebra: Algebra[S, V], at: V) -> V:
    """The gradient of the loss at a vector; ``NotInAlgebra`` as for ``value``."""
    match loss:
        case Quadratic() | Centred():
            return times(algebra, _weights(loss, algebra), _residual(loss, algebra, at))
        case Peaked():
            return peaked.gradient(loss, algebra, at)
        case CrossEntropy(size, label):
            return algebra.subtract_vectors(_shares(algebra, at), algebra.vector([int(k == label) for k in range(size)]))
        case GemanMcClure():
            residual = _residual(loss, algebra, at)
            _, above = _squares(loss, algebra, at)
            return times(algebra, _weights(loss, algebra), over(algebra, residual, times(algebra, above, above)))
        case Linear(coefficients):
            slope: V = _constant(algebra, coefficients)
            return slope
        case Called():
            return called.gradient(loss, algebra, at)
        case _:
            assert_never(loss)


def hessian(loss: Loss | Placed[V], algebra: Algebra[S, V], at: V, direction: V) -> V:
    """The Hessian of the loss at a vector, times ``direction``; ``NotInAlgebra`` as for ``value``."""
    match loss:
        case Quadratic() | Centred():
            return times(algebra, _weights(loss, algebra), direction)
        case Peaked():
            return peaked.hessian(loss, algebra, at, direction)
        case CrossEntropy():
            shares = _shares(algebra, at)
            weighted = times(algebra, shares, direction)
            return algebra.subtract_vectors(weighted, algebra.smul(total(algebra, weighted), shares))
        case GemanMcClure(weights, _):
            squares, above = _squares(loss, algebra, at)
            three = algebra.smul(algebra.scalar(3), squares)
            bends = algebra.subtract_vectors(_ones(algebra, len(weights)), three)
            cube = times(algebra, above, times(algebra, above, above))
            return times(algebra, _weights(loss, algebra), times(algebra, over(algebra, bends, cube), direction))
        case Linear(coefficients):
            return algebra.zero(len(coefficients))
        case Called():
            return called.hessian(loss, algebra, at, direction)
        case _:
            assert_never(loss)


def without(loss: Loss, start: int, stop: int) -> Loss | None:
    """The loss without the coordinates from ``start`` to ``stop``; None where its label would go, or it is a function."""
    match loss:
        case Quadratic(weights, targets):
            return Quadratic(weights[:start] + weights[stop:], targets[:start] + targets[stop:])
        case GemanMcClure(weights, targets):
            return GemanMcClure(weights[:start] + weights[stop:], targets[:start] + targets[stop:])
        case CrossEntropy(size, label):
            if start <= label < stop:
                return None
            return CrossEntropy(size - (stop - start), label - (stop - start) if label >= stop else label)
        case Linear(coefficients):
            return Linear(coefficients[:start] + coefficients[stop:])
        case Called():
            return None
        case _:
            assert_never(loss)


def least(loss: Loss | Placed[V]) -> int | None:
    """A number that the loss is nowhere below, 0; None where it is not known to have one."""
    match loss:
        case Quadratic(weights, _) | GemanMcClure(weights, _):
            return 0 if all(weight >= 0 for weight in weights) else None
        case CrossEntropy() | Centred():
            return 0
        case Linear(coefficients):
            return None if any(coefficients) else 0
        case Peaked() | Called():
            return None
        case _:
            assert_never(loss)


def _weights(loss: Quadratic | GemanMcClure | Centred[V], algebra: Algebra[S, V]) -> V:
    found: V = _constant(algebra, peaked.weights(loss.size) if isinstance(loss, Centred) else loss.weights)
    return found


def _residual(loss: Quadratic | GemanMcClure | Centred[V], algebra: Algebra[S, V], at: V) -> V:
    return algebra.subtract_vectors(at, loss.center if isinstance(loss, Centred) else _constant(algebra, loss.targets))


def _squares(loss: GemanMcClure, algebra: Algebra[S, V], at: V) -> tuple[V, V]:
    """The squares of the residuals, and one more than each."""
    residual = _residual(loss, algebra, at)
    squares = times(algebra, residual, residual)
    return squares, algebra.add_vectors(_ones(algebra, len(loss.weights)), squares)


def _shares(algebra: Algebra[S, V], at: V) -> V:
    """Every exponential over their sum."""
    powers = exponentials(algebra, at)
    return algebra.smul(algebra.divide(algebra.scalar(1), total(algebra, powers)), powers)


def _ones(algebra: Algebra[S, V], size: int) -> V:
    found: V = _constant(algebra, _numbers(size))
    return found


@lru_cache(maxsize=16)
def _numbers(size: int) -> tuple[int, ...]:
    return (1,) * size


_kept: dict[tuple[int, int], tuple[Any, Sequence[Exact], Any]] = {}


def _constant(algebra: Any, values: Sequence[Exact]) -> Any:
    """The vector of these numbers, kept for the next that asks for it in the same algebra."""
    if isinstance(algebra, DualAlgebra):
        return Dual(_constant(algebra.base, values))
    if len(values) > _LONG:
        return algebra.vector(values)
    found = _kept.get((id(algebra), id(values)))
    if found is None or found[0] is not algebra or found[1] is not values:
        while len(_kept) >= _MOST:
            del _kept[next(iter(_kept))]
        found = _kept[id(algebra), id(values)] = algebra, values, algebra.vector(values)
    return found[2]


def _half(algebra: Algebra[S, V], arg: S) -> S:
    return algebra.divide(arg, algebra.scalar(2))
