"""Long vectors of balls as one row of Arb: linear operations, sums and inner products are one call each.

In: vectors of balls of which one at least is a row.  Out: rows and balls, or None for what Arb does not do on rows and is
done number by number.  An entry of a row has the precision that was set when it was made, as a ball in a list has.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from operator import mul
from typing import Any

from flint import arb, arb_mat

from pybridge.algebras import balls
from pybridge.algebras.balls import Ball, BallVector, Scales

_ONE = arb(1)


class Row(BallVector):
    """Balls whose values are the entries of a matrix of one row; a list of them is made where somebody asks for it."""

    __slots__ = ("matrix",)

    def __init__(self, matrix: arb_mat, scales: Scales) -> None:
        self.matrix = matrix
        self.scales = scales
        self.summed = None

    def __len__(self) -> int:
        return self.matrix.ncols()

    @property
    def values(self) -> list[arb]:  # type: ignore[override]
        """The values, in a new list."""
        return self.matrix.entries()

    def stream(self) -> Iterator[arb]:
        """The values, to go through once."""
        return iter(self.matrix.entries())

    def __getitem__(self, place: int | slice) -> Ball | BallVector:  # type: ignore[override]
        if isinstance(place, slice):
            return super().__getitem__(place)
        scale = self.scales[place]
        value = self.matrix[0, range(len(self))[place]]
        return Ball(value, scale if isinstance(scale, arb) else arb(float(scale)))


def lengthened(vector: BallVector) -> BallVector:
    """A vector that is long enough as a row; any other as it is."""
    return Row(_matrix(vector), vector.scales) if len(vector) >= balls.LONG else vector


def combined(on_values: Any, on_scales: Any, left: Ball | BallVector, right: Ball | BallVector) -> Row | None:
    """A sum, a difference or a multiple; None where neither side is a row, and for what Arb does number by number.

    Parameters
    ----------
    on_values
        The function of ``operator`` for the operation.
    on_scales
        What the operation does to scales: ``balls.added``, ``balls.multiplied``.
    """
    if not (isinstance(left, Row) or isinstance(right, Row)):
        return None
    if on_values is mul:
        if isinstance(left, BallVector) and isinstance(right, BallVector):
            return None
        matrix = _times(left, right)
        return Row(matrix, on_scales(_scales(left), _scales(right)))
    count = len(left) if isinstance(left, BallVector) else len(right)  # type: ignore[arg-type]
    matrix = on_values(*(_ones(count) * side.value if isinstance(side, Ball) else _matrix(side) for side in (left, right)))
    return Row(matrix, on_scales(_scales(left), _scales(right)))


def _times(left: Ball | BallVector, right: Ball | BallVector) -> arb_mat:
    """A multiple of the one side that is a vector."""
    if isinstance(left, Ball):
        left, right = right, left
    assert isinstance(left, BallVector)  # noqa: S101
    assert isinstance(right, Ball)  # noqa: S101
    return _matrix(left) * right.value


def _scales(side: Ball | BallVector) -> Any:
    return side.scale if isinstance(side, Ball) else side.scales


def inner(left: BallVector, right: BallVector) -> arb:
    """The sum of the products of the entries."""
    one = _matrix(left)
    other = one if left is right else _matrix(right)
    return (one * other.transpose())[0, 0]


def total(row: Row) -> arb:
    """The sum of the entries."""
    return (row.matrix * _ones(len(row)).transpose())[0, 0]


@lru_cache(maxsize=1)
def _ones(count: int) -> arb_mat:
    return arb_mat(1, count, [_ONE] * count)


def _matrix(vector: BallVector) -> arb_mat:
    return vector.matrix if isinstance(vector, Row) else arb_mat(1, len(vector), list(vector.stream()))
