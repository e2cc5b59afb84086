"""Exact rational points of the unit sphere and exact rational orthonormal families.

An equality hypothesis such as ‖u‖ = 1 holds for almost no float. These parametrizations meet it exactly, so that it can be
certified in rational arithmetic.
"""

from __future__ import annotations

import math
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


def orthogonal(vectors: Sequence[Sequence[fmpq]], parameters: Sequence[fmpq]) -> Vector:
    """Map n rationals to a rational vector of length n that is exactly orthogonal to all ``vectors``.

    Where the vectors, made orthogonal to each other, have rational norms, the result has a rational norm too: it is the
    image of a rational unit vector under reflections that carry coordinate axes to the vectors.  Else it is a projection.

    Parameters
    ----------
    vectors
        Rational vectors of length n; they need not be independent, and may be 0.
    parameters
        n rationals; where reflections are possible, the first few only choose the length.
    """
    basis: list[Vector] = []
    for vector in vectors:
        if any(rest := _projected(basis, vector)):
            basis.append(rest)
    roots = [rational_root(dot(vector, vector)) for vector in basis]
    norms = [root for root in roots if root is not None]
    if len(norms) < len(basis) or len(basis) >= len(parameters):
        return _projected(basis, parameters)
    normals: list[Vector] = []
    for k, (vector, norm) in enumerate(zip(basis, norms, strict=True)):
        image = tuple(v / norm for v in vector)
        for normal in normals:
            image = _reflect(image, normal, dot(normal, normal))
        normal = tuple(fmpq(int(j == k)) - v for j, v in enumerate(image))
        if any(normal):
            normals.append(normal)
    length = abs(parameters[0]) or fmpq(1)
    found: Vector = (*(fmpq(0) for _ in basis), *(length * u for u in unit_vector(parameters[len(basis) :])))
    for normal in reversed(normals):
        found = _reflect(found, normal, dot(normal, normal))
    return found


def rational_root(square: fmpq) -> fmpq | None:
    """Return the root of the square of a rational; None where the root is not rational."""
    numerator, denominator = int(square.p), int(square.q)
    if numerator < 0:
        return None
    up, down = math.isqrt(numerator), math.isqrt(denominator)
    return fmpq(up, down) if up * up == numerator and down * down == denominator else None


def root_above(square: fmpq, bits: int = 64) -> fmpq:
    """Return a rational at least the root of ``square``, and above it by at most about 2^-bits of it."""
    shift = max(0, bits - (int(square.p).bit_length() - int(square.q).bit_length()) // 2)
    scaled = square * fmpq(4) ** shift
    return fmpq(math.isqrt(int(scaled.ceil())) + 1, 2**shift)


def _projected(basis: Sequence[Vector], vector: Sequence[fmpq]) -> Vector:
    """The vector without its components along an orthogonal basis."""
    found = tuple(vector)
    for axis in basis:
        factor = dot(found, axis) / dot(axis, axis)
        found = tuple(v - factor * a for v, a in zip(found, axis, strict=True))
    return found
