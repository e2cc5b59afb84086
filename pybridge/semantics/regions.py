"""Sets of vectors as values: a ray without its end, finitely many points, or both; exact, and small enough to print.

What stands for an arbitrary set: whether a vector belongs to it and how far one is from it can be said in any algebra.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TypeAlias

from flint import fmpq

from pybridge.algebras.base import Algebra, Relation, S, Truth, V

Rationals: TypeAlias = tuple[fmpq, ...]


@dataclass(frozen=True, slots=True)
class Region:
    """The vectors ``k • generator`` for all k > 0, where there is a generator, and the ``points``."""

    dimension: int
    generator: Rationals | None
    points: tuple[Rationals, ...]


def contains(region: Region, algebra: Algebra[S, V], vector: V) -> Truth:
    """Whether a vector is an element."""
    found = on_ray(region, algebra, vector)
    for point in region.points:
        found = _either(found, _equal(algebra, algebra.components(vector), point))
    return found


def on_ray(region: Region, algebra: Algebra[S, V], vector: V) -> Truth:
    """Whether a vector is a positive multiple of the generator, so that its own positive multiples are elements too."""
    if region.generator is None:
        return Truth.FAILS
    entries = algebra.components(vector)
    place = next((k for k, entry in enumerate(region.generator) if entry != 0), None)
    if place is None:
        return _equal(algebra, entries, region.generator)
    axis = [algebra.scalar(entry) for entry in region.generator]
    zero = algebra.scalar(0)
    found = algebra.compare(Relation.LT, zero, algebra.multiply(entries[place], axis[place]))
    for entry, other in zip(entries, axis, strict=True):
        across = algebra.multiply(entry, axis[place]), algebra.multiply(entries[place], other)
        found = found.both(algebra.compare(Relation.EQ, *across))
    return found


def distance(region: Region, algebra: Algebra[S, V], point: V) -> S:
    """The distance of a vector from the set: 0 where the set is empty, as in mathlib."""
    found = [algebra.norm(algebra.subtract_vectors(point, algebra.vector(one))) for one in region.points]
    if region.generator is not None:
        found.append(_from_ray(algebra, algebra.vector(region.generator), point))
    return reduce(lambda one, other: _smaller(algebra, one, other), found) if found else algebra.scalar(0)


def _from_ray(algebra: Algebra[S, V], axis: V, point: V) -> S:
    """The distance from a ray: to the foot of the perpendicular, or to 0 where that is on the other side."""
    along = algebra.inner(axis, point)
    ahead = algebra.compare(Relation.LT, algebra.scalar(0), along)
    if ahead is Truth.FAILS:
        return algebra.norm(point)
    if ahead is Truth.UNKNOWN:  # its positive part: the enclosure then covers both sides
        along = algebra.divide(algebra.add(along, algebra.absolute(along)), algebra.scalar(2))
    foot = algebra.smul(algebra.divide(along, algebra.inner(axis, axis)), axis)
    return algebra.norm(algebra.subtract_vectors(point, foot))


def _smaller(algebra: Algebra[S, V], one: S, other: S) -> S:
    match algebra.compare(Relation.LE, one, other):
        case Truth.HOLDS:
            return one
        case Truth.FAILS:
            return other
        case _:
            apart = algebra.absolute(algebra.subtract(one, other))
            return algebra.divide(algebra.subtract(algebra.add(one, other), apart), algebra.scalar(2))


def _equal(algebra: Algebra[S, V], entries: Sequence[S], point: Rationals) -> Truth:
    found = Truth.HOLDS
    for entry, other in zip(entries, point, strict=True):
        found = found.both(algebra.compare(Relation.EQ, entry, algebra.scalar(other)))
    return found


def _either(one: Truth, other: Truth) -> Truth:
    return one.negated().both(other.negated()).negated()
