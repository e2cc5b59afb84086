"""Operations on vectors coordinate by coordinate, in any algebra: at once where the algebra offers it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pybridge.algebras.base import Algebra, Elementwise, Relation, S, Truth, V, exponential


def times(algebra: Algebra[S, V], left: V, right: V) -> V:
    """The products of the coordinates."""
    if _offers(type(algebra)):
        found: V = _fast(algebra).multiply_vectors(left, right)
        return found
    return algebra.build(list(map(algebra.multiply, algebra.components(left), algebra.components(right))))


def over(algebra: Algebra[S, V], left: V, right: V) -> V:
    """The quotients of the coordinates, 0 where the denominator is 0."""
    if _offers(type(algebra)):
        found: V = _fast(algebra).divide_vectors(left, right)
        return found
    return algebra.build(list(map(algebra.divide, algebra.components(left), algebra.components(right))))


def exponentials(algebra: Algebra[S, V], arg: V) -> V:
    """The exponentials of the coordinates; ``NotInAlgebra`` where the algebra has none."""
    if _offers(type(algebra)):
        found: V = _fast(algebra).exp_vector(arg)
        return found
    return algebra.build([exponential(algebra, part) for part in algebra.components(arg)])


def total(algebra: Algebra[S, V], vector: V) -> S:
    """The sum of the coordinates."""
    if _offers(type(algebra)):
        found: S = _fast(algebra).total(vector)
        return found
    return algebra.sum(algebra.components(vector))


def coordinate(algebra: Algebra[S, V], vector: V, place: int) -> S:
    """One of the coordinates."""
    if _offers(type(algebra)):
        found: S = _fast(algebra).coordinate(vector, place)
        return found
    return algebra.components(vector)[place]


def nowhere_zero(algebra: Algebra[S, V], vector: V) -> bool:
    """Whether no coordinate can be 0."""
    if _offers(type(algebra)):
        found: bool = _fast(algebra).nowhere_zero(vector)
        return found
    zero = algebra.scalar(0)
    return all(algebra.compare(Relation.NE, part, zero) is Truth.HOLDS for part in algebra.components(vector))


def _fast(algebra: Any) -> Any:
    return algebra


@lru_cache(maxsize=64)
def _offers(algebra: type) -> bool:
    return issubclass(algebra, Elementwise)
