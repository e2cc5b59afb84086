"""Exact rational points of the unit sphere and exact rational orthonormal families.

An equality hypothesis such as ‖u‖ = 1 holds for almost no float. These parametrizations meet it exactly, so that it can be
certified in rational arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from flint import fmpq

Vector: TypeAlias = tuple[fmpq, ...]


def dot(left: Sequence[fmpq], right: Sequence[fmpq]) -> fmpq:
    """Return the exact sum of products of two sequences of equal length."""
    return sum((a * b for a, b in zip(left, right, strict=True)), fmpq(0))


def unit_vector(parameters: Sequence[fmpq]) -> Vector:
    """Map n rationals to a rational unit vector of length n by stereographic projection.

    The last parameter only chooses the sign, so that n = 1 gives both unit vectors.

    Parameters
    ----------
    parameters
        n rationals, n at least 1.

    Returns
    -------
    tuple of fmpq
        n rationals whose squares sum to exactly 1.
    """
    *plane, last = parameters
    square = dot(plane, plane)
    sign = fmpq(-1 if last < 0 else 1)
    return (*(sign * 2 * p / (square + 1) for p in plane), sign * (square - 1) / (square + 1))


def orthonormal_family(normals: Sequence[Sequence[fmpq]], count: int, dimension: int) -> tuple[Vector, ...]:
    """Take the first columns of a product of rational Householder reflections.

    Parameters
    ----------
    normals
        The reflections' normals, each of length ``dimension``; zero ones are skipped.
    count
        How many vectors to return, at most ``dimension``.

    Returns
    -------
    tuple of vectors
        ``count`` rational vectors of length ``dimension``, exactly orthonormal.
    """
    vectors = [tuple(fmpq(int(i == j)) for i in range(dimension)) for j in range(count)]
    for normal in normals:
        square = dot(normal, normal)
        if square != 0:
            vectors = [_reflect(vector, normal, square) for vector in vectors]
    return tuple(vectors)


def _reflect(vector: Vector, normal: Sequence[fmpq], square: fmpq) -> Vector:
    factor = 2 * dot(vector, normal) / square
    return tuple(v - factor * n for v, n in zip(vector, normal, strict=True))
