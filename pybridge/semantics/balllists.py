"""Arrays of balls: vectors of them, the last axis of the order running fastest.

What ``lists.py`` is for any algebra, for the one in which most is computed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from itertools import repeat
from operator import add, mul, sub, truediv
from typing import Any, TypeAlias

from flint import arb

from pybridge.algebras import balls, rows
from pybridge.algebras.ball import BallAlgebra
from pybridge.algebras.balls import Ball, BallVector, Pending
from pybridge.algebras.rows import Row
from pybridge.semantics.axes import Axis
from pybridge.semantics.lists import Order, Sizes, places

Array: TypeAlias = Ball | BallVector


class BallLists:
    """The operations of programs on vectors of balls; what has no axis is a ball."""

    def __init__(self, algebra: BallAlgebra, size: Sizes) -> None:
        self.algebra = algebra
        self.size = size

    def number(self, value: Ball) -> Array:
        """A scalar as an array without axes."""
        return value

    def vector(self, value: BallVector) -> Array:
        """A vector as an array with one axis."""
        return value

    def family(self, members: Sequence[BallVector], order: Order, wanted: Order) -> Array:
        """Vectors as an array with two axes, given as (member, coordinate)."""
        return self.ordered(balls.gathered(ball for member in members for ball in member), order, wanted)

    def empty(self, order: Order) -> Array:  # noqa: ARG002
        """An array of which an axis is empty."""
        return balls.exactly([])

    def single(self, array: Array) -> Ball:
        """The scalar that an array without axes is."""
        assert isinstance(array, Ball)  # noqa: S101
        return array

    def whole(self, array: Array, order: Order, axis: Axis) -> BallVector:
        """The vector whose coordinates lie along an axis."""
        return self._along(array, order, (axis,))

    def parts(self, vector: BallVector) -> BallVector:
        """A vector is a run already."""
        return vector

    def built(self, run: BallVector) -> BallVector:
        """A run is a vector already."""
        return run

    def each(self, operation: str | Callable[..., Ball], wanted: Order, *args: tuple[Array, Order]) -> Array:
        """An operation on scalars, element by element."""
        if not wanted:
            found: Ball = (getattr(self.algebra, operation) if isinstance(operation, str) else operation)(*(a for a, _ in args))
            return found
        arrays = [
            array if order == wanted or type(array) is Ball else self._along(array, order, wanted) for array, order in args
        ]
        if isinstance(operation, str) and (two := _TWO.get(operation)) is not None:
            return _two(*two, *arrays)
        algebra = self.algebra
        match operation, arrays:
            case "divide", [BallVector() as left, Ball() as right]:
                if right.value == 0:
                    return balls.repeated(balls.ZERO_BALL, len(left))
                below = right.value
                scales = balls.divided(left.scales, below.abs_upper())
                if isinstance(left, Row):
                    return Row(left.matrix / below, scales)
                if len(scales) >= balls.LONG:
                    return Pending(lambda: map(truediv, left.stream(), repeat(below)), scales)
                return BallVector(list(map(truediv, left.values, repeat(below))), scales)
            case "divide", [BallVector() as left, BallVector() as right]:
                return algebra.divide_vectors(left, right)
            case "negate", [BallVector() as arg]:
                return algebra.negate_vector(arg)
            case "absolute", [BallVector() as arg]:
                return BallVector(list(map(abs, arg.values)), arg.scales)
            case str(), _:
                by_one: Callable[..., Ball] = getattr(algebra, operation)
            case _:
                assert callable(operation)  # noqa: S101
                by_one = operation
        count = self._count(wanted)
        return balls.gathered(map(by_one, *([array] * count if isinstance(array, Ball) else array for array in arrays)))

    def power(self, wanted: Order, exponent: int, array: Array, order: Order) -> Array:
        """A power by products."""
        if not wanted or exponent == 0 or isinstance(array, Ball):
            return self.each(lambda base: self.algebra.power(base, exponent), wanted, (array, order))
        base = found = self._along(array, order, wanted)
        for _ in range(exponent - 1):
            found = _two(mul, balls.multiplied, found, base)
        return found

    def reduced(self, kind: str, wanted: Order, axis: Axis, *args: tuple[Array, Order]) -> Array:
        """A sum, inner product or norm along an axis; a factor that is the same everywhere is taken out of the sum."""
        if kind == "inner" and not wanted and isinstance(args[0][0], Ball):
            return self.algebra.multiply(args[0][0], self.algebra.total(self._along(*args[1], (axis,))))
        runs = [self._along(array, order, (*wanted, axis)) for array, order in args]
        if not wanted:
            return self._total(kind, runs)
        size = self.size(axis)
        return balls.gathered(
            self._total(kind, [run[k * size : (k + 1) * size] for run in runs]) for k in range(self._count(wanted))
        )

    def _total(self, kind: str, runs: list[BallVector]) -> Ball:
        match kind:
            case "sum":
                return self.algebra.total(runs[0])
            case "inner":
                return self.algebra.inner(*runs)
            case _:
                return self.algebra.norm(*runs)

    def _count(self, order: Order) -> int:
        return math.prod(map(self.size, order))

    def through(
        self, operation: Callable[..., Any], wanted: Order, axis: Axis, out: Axis | None, *args: tuple[Array, Order]
    ) -> Array:
        """An operation on the runs along an axis, which gives a ball, or balls along ``out``."""
        rest = tuple(one for one in wanted if one != out)
        size = self.size(axis)
        runs = [self._along(array, order, (*rest, axis)) for array, order in args]
        if not rest:
            single: Array = operation(*runs)
            return single if out is None else self.ordered(single, (out,), wanted)
        found = [operation(*(run[k * size : (k + 1) * size] for run in runs)) for k in range(self._count(rest))]
        if out is None:
            return balls.gathered(found)
        return self.ordered(balls.gathered(ball for part in found for ball in part), (*rest, out), wanted)

    def at(self, array: Array, order: Order, wanted: Order, axis: Axis, position: int) -> Array:
        """One position of an axis."""
        run = self._along(array, order, (*wanted, axis))
        return run[position :: self.size(axis)] if wanted else run[position]

    def cut(self, array: Array, order: Order, axis: Axis, size: int, position: int) -> Array:
        """Of the last axis of the order, the ``size`` entries of one position."""
        run = self._along(array, order, order)
        return run.at([k for k in range(len(run)) if k % self.size(axis) // size == position])

    def delta(self, size: int) -> Array:
        """1 on the diagonal."""
        return balls.exactly([arb(int(j == k)) for j in range(size) for k in range(size)])

    def ordered(self, array: Array, order: Order, wanted: Order) -> Array:
        """The array with its axes in another order, spread along those that it lacks."""
        return array if order == wanted else self._along(array, order, wanted)

    def reread(self, array: Array, order: Order, read: Order, wanted: Order) -> Array:  # noqa: ARG002
        """The same entries, the axes of ``order`` in this order read as those of ``read``."""
        return self.ordered(array, read, wanted)

    def _along(self, array: Array, order: Order, wanted: Order) -> BallVector:
        if isinstance(array, Ball):
            return balls.repeated(array, self._count(wanted))
        if order == wanted:
            return array
        return array.at(places(order, wanted, tuple(map(self.size, order)), tuple(map(self.size, wanted))))


_TWO: dict[str, tuple[Any, Any]] = {
    "add": (add, balls.added),
    "subtract": (sub, balls.added),
    "multiply": (mul, balls.multiplied),
}
"""What an operation on two arrays does to the values and to the scales."""


def _two(on_values: Any, on_scales: Any, left: Array, right: Array) -> BallVector:
    if (row := rows.combined(on_values, on_scales, left, right)) is not None:
        return row
    if isinstance(left, BallVector):
        if isinstance(right, BallVector):
            scales = on_scales(left.scales, right.scales)
            if len(scales) >= balls.LONG:
                product = (left, right) if on_values is mul else None
                return Pending(partial(balls.mapped, on_values, left, right), scales, product=product)
            return BallVector(list(map(on_values, left.values, right.values)), scales)
        other = right.value
        scales = on_scales(left.scales, right.scale)
        if len(scales) >= balls.LONG:
            multiple = (right, left) if on_values is mul else None
            return Pending(lambda: map(on_values, left.stream(), repeat(other)), scales, multiple)
        return BallVector(list(map(on_values, left.values, repeat(other))), scales)
    if not isinstance(right, BallVector):
        raise TypeError("an axis that no argument has")
    one = left.value
    scales = on_scales(left.scale, right.scales)
    if len(scales) >= balls.LONG:
        multiple = (left, right) if on_values is mul else None
        return Pending(lambda: map(on_values, repeat(one), right.stream()), scales, multiple)
    return BallVector(list(map(on_values, repeat(one), right.values)), scales)
