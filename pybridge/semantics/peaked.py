"""A loss that is -1 at given points and lower everywhere else: what a hypothesis allows that speaks of its values there only.

With ``Q_p(z) = Σ aᵢ (zᵢ - pᵢ)²`` it is ``-1 - ½ Π_p Q_p``, a polynomial; ``losses.py`` has it among its losses.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import permutations
from typing import Generic

from flint import fmpq

from pybridge.algebras.base import Algebra, S, V
from pybridge.algebras.elementwise import times


@dataclass(frozen=True, slots=True)
class Peaked(Generic[V]):
    """``-1 - ½ Π_p Σ aᵢ (zᵢ - pᵢ)²`` over the ``peaks`` p, each of ``size`` coordinates, with ``aᵢ = 1 + i mod 3``."""

    peaks: tuple[V, ...]
    size: int


def weights(size: int) -> tuple[fmpq, ...]:
    """The aᵢ of a loss in so many coordinates."""
    return tuple(fmpq(1 + k % 3) for k in range(size))


def value(loss: Peaked[V], algebra: Algebra[S, V], at: V) -> S:
    """The loss at a vector."""
    product = _product(algebra, _squares(loss, algebra, at))
    return algebra.negate(algebra.add(algebra.scalar(1), algebra.divide(product, algebra.scalar(2))))


def gradient(loss: Peaked[V], algebra: Algebra[S, V], at: V) -> V:
    """``-Σ_p (Π_{q ≠ p} Q_q) a (z - p)``."""
    squares = _squares(loss, algebra, at)
    total = algebra.zero(loss.size)
    for chosen, peak in enumerate(loss.peaks):
        factor = _product(algebra, _without(squares, chosen))
        total = algebra.add_vectors(total, algebra.smul(factor, _slope(algebra, at, peak)))
    return algebra.negate_vector(total)


def hessian(loss: Peaked[V], algebra: Algebra[S, V], at: V, direction: V) -> V:
    """``-Σ_p (Π_{q ≠ p} Q_q) a d - Σ_{p ≠ q} (Π_{r ≠ p, q} Q_r) 2 ⟪a (z - q), d⟫ a (z - p)``."""
    squares = _squares(loss, algebra, at)
    slopes = [_slope(algebra, at, peak) for peak in loss.peaks]
    total = algebra.zero(loss.size)
    for chosen in range(len(slopes)):
        factor = _product(algebra, _without(squares, chosen))
        total = algebra.add_vectors(total, algebra.smul(factor, _weighted(algebra, direction)))
    for chosen, other in permutations(range(len(slopes)), 2):
        along = algebra.multiply(algebra.scalar(2), algebra.inner(slopes[other], direction))
        factor = algebra.multiply(_product(algebra, _without(squares, chosen, other)), along)
        total = algebra.add_vectors(total, algebra.smul(factor, slopes[chosen]))
    return algebra.negate_vector(total)


def _squares(loss: Peaked[V], algebra: Algebra[S, V], at: V) -> list[S]:
    from_peaks = [algebra.subtract_vectors(at, peak) for peak in loss.peaks]
    return [algebra.inner(_weighted(algebra, residual), residual) for residual in from_peaks]


def _slope(algebra: Algebra[S, V], at: V, peak: V) -> V:
    return _weighted(algebra, algebra.subtract_vectors(at, peak))


def _weighted(algebra: Algebra[S, V], vector: V) -> V:
    return times(algebra, algebra.vector(weights(algebra.dimension(vector))), vector)


def _without(parts: Sequence[S], *left_out: int) -> Iterable[S]:
    return (part for k, part in enumerate(parts) if k not in left_out)


def _product(algebra: Algebra[S, V], parts: Iterable[S]) -> S:
    return reduce(algebra.multiply, parts, algebra.scalar(1))
