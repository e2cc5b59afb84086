"""NumPy floats: scalars and vectors are arrays, vectorised over leading axes.

A vector has its coordinates along the last axis and ``leading`` axes before it, one entry for each batch; a scalar has the
leading axes only, or fewer that broadcast.

Rounding errors are not tracked, so no comparison is certain: ``compare`` answers UNKNOWN.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from flint import fmpq

from pybridge.algebras.base import Exact, NotInAlgebra, Relation, Truth

Floats: TypeAlias = npt.NDArray[np.floating[Any]]


class FloatAlgebra:
    """Lean's operations in floating point.

    Parameters
    ----------
    dtype : dtype
        A NumPy floating type, that of every result.
    leading : int
        The number of leading axes of the widest input.
    """

    def __init__(self, dtype: npt.DTypeLike = np.float64, *, leading: int = 0) -> None:
        self.dtype = np.dtype(dtype)
        self.leading = leading

    def context(self) -> AbstractContextManager[object]:
        """No warnings: an overflow is an infinity, and division by 0 is defined."""
        return np.errstate(all="ignore")

    def scalar(self, value: Exact) -> Floats:
        """The nearest float, shape ()."""
        return np.asarray(_nearest(value), dtype=self.dtype)

    def vector(self, values: Sequence[Exact]) -> Floats:
        """The nearest floats, shape (m,)."""
        return np.asarray([_nearest(value) for value in values], dtype=self.dtype)

    def zero(self, dimension: int) -> Floats:
        """Zeros, shape (dimension,)."""
        return np.zeros(dimension, dtype=self.dtype)

    def add(self, left: Floats, right: Floats) -> Floats:
        """The sum."""
        return np.asarray(left + right)

    def subtract(self, left: Floats, right: Floats) -> Floats:
        """The difference."""
        return np.asarray(left - right)

    def multiply(self, left: Floats, right: Floats) -> Floats:
        """The product."""
        return np.asarray(left * right)

    def divide(self, left: Floats, right: Floats) -> Floats:
        """The quotient; 0 where ``right`` is 0."""
        zero = right == 0
        one = self.dtype.type(1)
        return np.where(zero, self.dtype.type(0), left / np.where(zero, one, right))

    def negate(self, arg: Floats) -> Floats:
        """The opposite."""
        return np.asarray(-arg)

    def sqrt(self, arg: Floats) -> Floats:
        """The root; 0 where ``arg`` is negative."""
        return np.asarray(np.sqrt(np.maximum(arg, self.dtype.type(0))))

    def absolute(self, arg: Floats) -> Floats:
        """The absolute value."""
        return np.asarray(np.abs(arg))

    def power(self, base: Floats, exponent: int) -> Floats:
        """The power; the zeroth is 1."""
        return np.asarray(base**exponent)

    def add_vectors(self, left: Floats, right: Floats) -> Floats:
        """The sum by coordinates."""
        return np.asarray(left + right)

    def subtract_vectors(self, left: Floats, right: Floats) -> Floats:
        """The difference by coordinates."""
        return np.asarray(left - right)

    def negate_vector(self, arg: Floats) -> Floats:
        """The opposite by coordinates."""
        return np.asarray(-arg)

    def smul(self, scalar: Floats, vector: Floats) -> Floats:
        """The multiple by coordinates."""
        return np.asarray(scalar[..., np.newaxis] * vector)

    def inner(self, left: Floats, right: Floats) -> Floats:
        """The sum of the products of the coordinates."""
        return np.asarray((left * right).sum(axis=-1))

    def norm(self, arg: Floats) -> Floats:
        """The root of the sum of squares."""
        return self.sqrt(self.inner(arg, arg))

    def spectral_norm(self, entries: Floats, columns: int) -> Floats:
        """The largest singular value of a matrix, given row by row along the last axis; NaN where an entry is not finite.

        Raises
        ------
        NotInAlgebra
            LAPACK has no routine for floats of this type.
        """
        if self.dtype not in (np.float32, np.float64):
            raise NotInAlgebra(self.dtype.name, "the norm of an operator", hint="use float32 or float64")
        finite = np.asarray(np.isfinite(entries).all(axis=-1))
        matrices = np.where(finite[..., np.newaxis], entries, self.zero(1)).reshape(*entries.shape[:-1], -1, columns)
        return np.where(finite, np.linalg.svd(matrices, compute_uv=False)[..., 0], self.scalar(np.nan))

    def sum(self, parts: Sequence[Floats]) -> Floats:
        """The sum of the parts."""
        return np.asarray(np.stack(np.broadcast_arrays(*parts)).sum(axis=0)) if parts else self.scalar(0)

    def along(self, parts: Floats) -> Floats:
        """The sum along the first axis, in whatever order NumPy takes."""
        return np.asarray(parts.sum(axis=0))

    def build(self, parts: Sequence[Floats]) -> Floats:
        """The parts as coordinates."""
        return np.stack(np.broadcast_arrays(*parts), axis=-1) if parts else self.zero(0)

    def vector_sum(self, parts: Sequence[Floats], dimension: int) -> Floats:
        """The sum of the vectors by coordinates."""
        return self.sum(parts) if parts else self.zero(dimension)

    def dimension(self, vector: Floats) -> int:
        """The length of the last axis."""
        return int(vector.shape[-1])

    def components(self, vector: Floats) -> Sequence[Floats]:
        """The slices along the last axis."""
        return [np.asarray(vector[..., k]) for k in range(vector.shape[-1])]

    def compare(self, relation: Relation, left: Floats, right: Floats) -> Truth:  # noqa: ARG002
        """UNKNOWN: a float stands for no interval."""
        return Truth.UNKNOWN


def _nearest(value: Exact) -> float:
    exact = Fraction(int(value.p), int(value.q)) if isinstance(value, fmpq) else value
    try:
        return float(exact)
    except OverflowError:
        return float("inf") if exact > 0 else float("-inf")
