"""Arrays of balls: their values as a list, and their scales as NumPy's widest floats.

What ``lists.py`` is for any algebra, for the one in which most is computed.  A scale is what a width is measured against, and
fifty bits of it are enough; it is taken a little too small at the end, so that nothing is called narrow that is not.  Where a
scale leaves the range of these floats, or a denominator is not certainly off 0, ``OutOfRange`` is raised: then balls are
computed one by one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import add, mul, sub
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from flint import arb

from pybridge.algebras.ball import Ball, BallAlgebra, BallVector
from pybridge.semantics.axes import Axis
from pybridge.semantics.lists import Order, Sizes, places

Scales: TypeAlias = npt.NDArray[np.longdouble]
_ZERO = arb(0)
_LEAST, _MOST = 1e-290, 1e290
_LESS = 1 - 2.0**-40


class OutOfRange(Exception):
    """A scale is larger or smaller than floats are, or not known."""


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Balls: that at a place has the value and the scale there."""

    values: list[arb]
    scales: Scales


Array: TypeAlias = Ball | Run


class BallLists:
    """The operations of programs on runs of balls; what has no axis is a ball."""

    def __init__(self, algebra: BallAlgebra, size: Sizes) -> None:
        self.algebra = algebra
        self.size = size

    def number(self, value: Ball) -> Array:
        """A scalar as an array without axes."""
        return value

    def vector(self, value: BallVector) -> Array:
        """A vector as an array with one axis."""
        return _run(value)

    def family(self, members: Sequence[BallVector], order: Order, wanted: Order) -> Array:
        """Vectors as an array with two axes, given as (member, coordinate)."""
        return self.ordered(_run([ball for member in members for ball in member]), order, wanted)

    def empty(self, order: Order) -> Array:  # noqa: ARG002
        """An array of which an axis is empty."""
        return _run(())

    def single(self, array: Array) -> Ball:
        """The scalar that an array without axes is."""
        assert isinstance(array, Ball)  # noqa: S101
        return array

    def whole(self, array: Array, order: Order, axis: Axis) -> BallVector:
        """The vector whose coordinates lie along an axis."""
        return self.built(self._along(array, order, (axis,)))

    def built(self, run: Run) -> BallVector:
        """A run as a vector."""
        return tuple(map(Ball, run.values, map(_arb, run.scales)))

    def each(self, operation: str | Callable[..., Ball], wanted: Order, *args: tuple[Array, Order]) -> Array:
        """An operation on scalars, element by element."""
        if not wanted:
            found: Ball = (getattr(self.algebra, operation) if isinstance(operation, str) else operation)(*(a for a, _ in args))
            return found
        arrays = [array if isinstance(array, Ball) else self._along(array, order, wanted) for array, order in args]
        with np.errstate(all="raise"):
            try:
                return self._each(operation, arrays, wanted)
            except FloatingPointError:
                raise OutOfRange from None

    def _each(self, operation: str | Callable[..., Ball], arrays: list[Array], wanted: Order) -> Array:
        match operation, arrays:
            case "add", [left, right]:
                return self._two(add, add, left, right)
            case "subtract", [left, right]:
                return self._two(sub, add, left, right)
            case "multiply", [left, right]:
                return self._two(mul, mul, left, right)
            case "divide", [Run() as left, Ball() as right]:
                if right.value == 0:
                    return Run([_ZERO] * len(left.values), np.zeros(len(left.values), dtype=np.longdouble))
                below, size = right.value, _float(abs(right.value))
                if below.contains(0) or not below.is_finite():
                    raise OutOfRange
                return Run([value / below for value in left.values], left.scales / size)
            case "negate", [Run() as arg]:
                return Run([-value for value in arg.values], arg.scales)
            case "absolute", [Run() as arg]:
                return Run(list(map(abs, arg.values)), arg.scales)
            case str(), _:
                by_one: Callable[..., Ball] = getattr(self.algebra, operation)
            case _:
                assert callable(operation)  # noqa: S101
                by_one = operation
        count = self._count(wanted)
        lists = [[array] * count if isinstance(array, Ball) else self.built(array) for array in arrays]
        return _run(list(map(by_one, *lists)))

    def _two(self, on_values: Any, on_scales: Any, left: Array, right: Array) -> Array:
        match left, right:
            case Run(), Run():
                return Run(list(map(on_values, left.values, right.values)), on_scales(left.scales, right.scales))
            case Ball(), Run():
                one = left.value
                return Run([on_values(one, other) for other in right.values], on_scales(_float(left.scale), right.scales))
            case Run(), Ball():
                other = right.value
                return Run([on_values(one, other) for one in left.values], on_scales(left.scales, _float(right.scale)))
            case _:
                raise TypeError("an axis that no argument has")

    def power(self, wanted: Order, exponent: int, array: Array, order: Order) -> Array:
        """A power by products."""
        if not wanted or exponent == 0 or isinstance(array, Ball):
            return self.each(lambda base: self.algebra.power(base, exponent), wanted, (array, order))
        found = array
        for _ in range(exponent - 1):
            made = self.each("multiply", wanted, (found, wanted), (array, order))
            assert isinstance(made, Run)  # noqa: S101
            found = made
        return found

    def reduced(self, kind: str, wanted: Order, axis: Axis, *args: tuple[Array, Order]) -> Array:
        """A sum, inner product or norm along an axis."""
        runs = [self._along(array, order, (*wanted, axis)) for array, order in args]
        size = self.size(axis)
        with np.errstate(all="raise"):
            try:
                totals = [self._total(kind, [_cut(run, k * size, size) for run in runs]) for k in range(self._count(wanted))]
            except FloatingPointError:
                raise OutOfRange from None
        return _run(totals) if wanted else totals[0]

    def _total(self, kind: str, runs: list[Run]) -> Ball:
        first, last = runs[0], runs[-1]
        if kind == "sum":
            return Ball(sum(first.values, _ZERO), _arb(first.scales.sum()))
        found = Ball(sum(map(mul, first.values, last.values), _ZERO), _arb(np.dot(first.scales, last.scales)))
        return self.algebra.sqrt(found) if kind == "norm" else found

    def _count(self, order: Order) -> int:
        return math.prod(map(self.size, order))

    def through(
        self, operation: Callable[..., Any], wanted: Order, axis: Axis, out: Axis | None, *args: tuple[Array, Order]
    ) -> Array:
        """An operation on the runs along an axis, which gives a ball, or balls along ``out``."""
        rest = tuple(one for one in wanted if one != out)
        size = self.size(axis)
        runs = [self._along(array, order, (*rest, axis)) for array, order in args]
        count = self._count(rest)
        found = [operation(*(_cut(run, k * size, size) for run in runs)) for k in range(count)]
        if out is None:
            return _run(found) if rest else found[0]
        return self.ordered(_run([ball for balls in found for ball in balls]), (*rest, out), wanted)

    def at(self, array: Array, order: Order, wanted: Order, axis: Axis, position: int) -> Array:
        """One position of an axis."""
        size = self.size(axis)
        run = self._along(array, order, (*wanted, axis))
        if wanted:
            return Run(run.values[position::size], run.scales[position::size])
        return Ball(run.values[position], _arb(run.scales[position]))

    def cut(self, array: Array, order: Order, axis: Axis, size: int, position: int) -> Array:
        """Of the last axis of the order, the ``size`` entries of one position."""
        run = self._along(array, order, order)
        kept = [k for k in range(len(run.values)) if k % self.size(axis) // size == position]
        return Run([run.values[k] for k in kept], run.scales[kept])

    def delta(self, size: int) -> Array:
        """1 on the diagonal."""
        eye = np.eye(size, dtype=np.longdouble).ravel()
        return Run([arb(int(entry)) for entry in eye], eye)

    def ordered(self, array: Array, order: Order, wanted: Order) -> Array:
        """The array with its axes in another order, spread along those that it lacks."""
        return array if order == wanted else self._along(array, order, wanted)

    def reread(self, array: Array, order: Order, read: Order, wanted: Order) -> Array:  # noqa: ARG002
        """The same entries, the axes of ``order`` in this order read as those of ``read``."""
        return self.ordered(array, read, wanted)

    def _along(self, array: Array, order: Order, wanted: Order) -> Run:
        if isinstance(array, Ball):
            count = self._count(wanted)
            return Run([array.value] * count, np.full(count, _float(array.scale), dtype=np.longdouble))
        if order == wanted:
            return array
        chosen = places(order, wanted, tuple(map(self.size, order)), tuple(map(self.size, wanted)))
        return Run([array.values[place] for place in chosen], array.scales[list(chosen)])


def _cut(run: Run, start: int, size: int) -> Run:
    return Run(run.values[start : start + size], run.scales[start : start + size])


def _run(balls: Sequence[Ball]) -> Run:
    scales = np.fromiter((_float(ball.scale) for ball in balls), dtype=np.float64, count=len(balls)).astype(np.longdouble)
    return Run([ball.value for ball in balls], scales)


def _float(scale: arb) -> float:
    """A scale as a float.

    Raises
    ------
    OutOfRange
        It is no float of full precision.
    """
    found = float(scale)
    if _LEAST < found < _MOST or (found == 0 and scale == 0):
        return found
    raise OutOfRange


def _arb(scale: np.longdouble) -> arb:
    """A scale as a number that is a little smaller."""
    mantissa, exponent = np.frexp(scale)
    return arb(float(mantissa) * _LESS) * arb(2) ** int(exponent) if scale else _ZERO
