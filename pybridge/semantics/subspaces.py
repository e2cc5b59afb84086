"""The orthogonal projection onto a span."""

from __future__ import annotations

from collections.abc import Sequence

from pybridge.algebras.base import Algebra, S, V


def project(algebra: Algebra[S, V], generators: Sequence[V], arg: V) -> V:
    """The orthogonal projection of ``arg`` onto the span of the generators, by Gram and Schmidt.

    By x / 0 = 0, a generator of which nothing is left once those before it are taken off adds nothing.  Where the algebra
    cannot tell whether something is left, neither is the projection known.
    """
    basis: list[V] = []
    for generator in generators:
        rest = generator
        for axis in basis:
            rest = algebra.subtract_vectors(rest, _onto(algebra, axis, rest))
        basis.append(rest)
    total = algebra.zero(algebra.dimension(arg))
    for axis in basis:
        total = algebra.add_vectors(total, _onto(algebra, axis, arg))
    return total


def _onto(algebra: Algebra[S, V], axis: V, arg: V) -> V:
    return algebra.smul(algebra.divide(algebra.inner(axis, arg), algebra.inner(axis, axis)), axis)
