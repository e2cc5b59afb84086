"""Balls with their scales: one, and a vector of them, whose values are one list.

Most of what is computed is vectors of balls, so that an operation on one is a single pass over a list.  The scales of a long
vector are floats: a scale is what a width is measured against, and few bits of it are enough.  A float is never above the scale
it stands for, whatever was computed and of how many entries, so that nothing is called narrow that is not: what comes out of an
operation is made smaller by more than its roundings come to.  The scales of a short vector, and those that leave the range of
these floats, are enclosed like the values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import tee
from operator import add, mul, truediv
from typing import Any, TypeAlias, overload

import numpy as np
import numpy.typing as npt
from flint import arb

Floats: TypeAlias = npt.NDArray[np.float64]
Scales: TypeAlias = list[arb] | Floats
ZERO = arb(0)
LONG = 4096
"""Vectors of so many coordinates are not kept where only one operation needs them."""
_SHORT = 16
"""Vectors of fewer coordinates have scales that are balls: an operation of NumPy takes as long as these."""
_LEAST, _MOST = 1e-290, 1e290
_LESS = 1 - 2.0**-50
"""Makes up for eight roundings: reading a number or an operation has four at most, that of this factor included."""


@dataclass(frozen=True, slots=True, eq=False)
class Ball:
    """A real number somewhere in ``value``; ``scale`` is the sum of the absolute values of its terms."""

    value: arb
    scale: arb


ZERO_BALL = Ball(ZERO, ZERO)


class BallVector(Sequence[Ball]):
    """Balls: that at a place has the value and the scale there; ``summed`` is their sum, with the precision it was taken at."""

    __slots__ = ("scales", "summed", "values")

    def __init__(self, values: list[arb], scales: Scales) -> None:
        self.values = values
        self.scales = scales
        self.summed: tuple[int, Ball] | None = None

    def __len__(self) -> int:
        return len(self.values)

    def __iter__(self) -> Iterator[Ball]:
        return map(Ball, self.values, as_arbs(self.scales))

    @overload
    def __getitem__(self, place: int) -> Ball: ...

    @overload
    def __getitem__(self, place: slice) -> BallVector: ...

    def __getitem__(self, place: int | slice) -> Ball | BallVector:
        if isinstance(place, slice):
            return BallVector(self.values[place], self.scales[place])
        scale = self.scales[place]
        return Ball(self.values[place], scale if isinstance(scale, arb) else arb(float(scale)))

    def __repr__(self) -> str:
        return f"<BallVector of {len(self.values)}>"

    def stream(self) -> Iterable[arb]:
        """The values, to go through once."""
        return self.values

    def at(self, places: Sequence[int]) -> BallVector:
        """The balls at these places."""
        values, scales = self.values, self.scales
        chosen = [scales[k] for k in places] if isinstance(scales, list) else scales[list(places)]
        return BallVector([values[k] for k in places], chosen)


class Pending(BallVector):
    """Long vectors of balls whose values are made where they are gone through, and kept only where somebody takes the list.

    Made at the precision that is set then: whoever runs a program takes the lists that outlast it.
    """

    __slots__ = ("_how", "_made", "_multiple", "_product")

    def __init__(
        self,
        how: Callable[[], Iterator[arb]],
        scales: Scales,
        multiple: tuple[Ball, BallVector] | None = None,
        product: tuple[BallVector, BallVector] | None = None,
    ) -> None:
        self._how = how
        self._multiple = multiple
        self._product = product
        self._made: list[arb] | None = None
        self.scales = scales
        self.summed = None

    def __len__(self) -> int:
        return len(self.scales)

    @property
    def values(self) -> list[arb]:  # type: ignore[override]
        """The values, made once."""
        if self._made is None:
            self._made = list(self._how())
        return self._made

    def stream(self) -> Iterable[arb]:
        """The values, to go through once."""
        return self._how() if self._made is None else self._made

    def taken_apart(self) -> tuple[Ball, BallVector] | None:
        """A number and the vector that it is to be multiplied with, where that is all that is pending."""
        return self._multiple if self._made is None else None

    def factors(self) -> tuple[BallVector, BallVector] | None:
        """Two vectors that are to be multiplied place by place, where that is all that is pending."""
        return self._product if self._made is None else None


def without_factors(vector: BallVector) -> tuple[list[Ball], BallVector]:
    """The numbers by which a vector is still to be multiplied, and the vector without them: sums take them out."""
    factors = []
    while type(vector) is Pending and (apart := vector.taken_apart()) is not None:
        factor, vector = apart
        factors.append(factor)
    return factors, vector


def mapped(operation: Callable[[arb, arb], arb], left: BallVector, right: BallVector) -> Iterator[arb]:
    """The operation place by place; what stands on both sides is made once."""
    if left is right:
        return map(operation, *tee(left.stream()))
    return map(operation, left.stream(), right.stream())


def settled(found: object) -> None:
    """Make the values of what is pending."""
    if type(found) is Pending:
        found.values  # noqa: B018 - for what it keeps


class _OutOfRange(Exception):
    """A scale is larger or smaller than floats are, or not known."""


def exactly(values: list[arb], *, tight: bool = False) -> BallVector:
    """Numbers that are their own only term; ``tight`` where each is a number rounded to 53 bits or more."""
    if len(values) >= _SHORT:
        try:
            return BallVector(values, np.abs(_floats(values if tight else map(arb.abs_lower, values), len(values))) * _LESS)
        except _OutOfRange:
            pass
    return BallVector(values, list(map(abs, values)))


def gathered(balls: Iterable[Ball]) -> BallVector:
    """The vector of these balls."""
    parts = list(balls)
    values, scales = [ball.value for ball in parts], [ball.scale for ball in parts]
    if len(values) >= _SHORT:
        try:
            return BallVector(values, _floats(map(arb.abs_lower, scales), len(scales)) * _LESS)
        except _OutOfRange:
            pass
    return BallVector(values, scales)


def repeated(ball: Ball, count: int) -> BallVector:
    """The same ball at every place."""
    if count >= _SHORT:
        try:
            return BallVector([ball.value] * count, np.full(count, _float(ball.scale.abs_lower()) * _LESS))
        except _OutOfRange:
            pass
    return BallVector([ball.value] * count, [ball.scale] * count)


def added(one: Scales | arb, other: Scales | arb) -> Scales:
    """The scales of a sum or difference, place by place."""
    return _by_place(add, _least(one), _least(other))


def multiplied(one: Scales | arb, other: Scales | arb) -> Scales:
    """The scales of a product."""
    return _by_place(mul, _least(one), _least(other))


def divided(one: Scales, sizes: Scales | arb) -> Scales:
    """The scales of a quotient, by the largest absolute values of the denominator."""
    return _by_place(truediv, one, sizes)


def total(scales: Scales) -> arb:
    """The scale of a sum over the places."""
    if not isinstance(scales, list):
        try:
            with np.errstate(all="raise"):
                return _sum(scales)
        except FloatingPointError:
            pass
    return sum(as_arbs(scales), ZERO)


def dot(one: Scales, other: Scales) -> arb:
    """The scale of a sum of products."""
    if not isinstance(one, list) and not isinstance(other, list):
        try:
            with np.errstate(all="raise"):
                return _sum(one * other)
        except FloatingPointError:
            pass
    return sum(map(mul, as_arbs(one), as_arbs(other)), ZERO)


def sizes(values: list[arb]) -> Scales:
    """The largest absolute values, to divide scales by."""
    largest = list(map(arb.abs_upper, values))
    if len(values) >= _SHORT:
        try:
            return _floats(largest, len(largest))
        except _OutOfRange:
            pass
    return largest


def as_arbs(scales: Scales) -> list[arb]:
    """The scales as balls."""
    return scales if isinstance(scales, list) else list(map(arb, scales.tolist()))


def _by_place(operation: Callable[[Any, Any], Any], one: Scales | arb, other: Scales | arb) -> Scales:
    kinds = type(one), type(other)
    if kinds == (list, list):
        return list(map(operation, one, other))  # type: ignore[arg-type]
    if kinds == (arb, list):
        return [operation(one, part) for part in other]  # type: ignore[union-attr]
    if not isinstance(one, list) and not isinstance(other, list):
        try:
            with np.errstate(all="raise"):
                found: Floats = operation(*(_float(part) if isinstance(part, arb) else part for part in (one, other)))
                return found * _LESS
        except (FloatingPointError, _OutOfRange):
            pass
    if isinstance(one, arb):
        return [operation(one, part) for part in as_arbs(_list(other))]
    if isinstance(other, arb):
        return [operation(part, other) for part in as_arbs(one)]
    return list(map(operation, as_arbs(one), as_arbs(other)))


def _list(scales: Scales | arb) -> Scales:
    if isinstance(scales, arb):
        raise TypeError("two numbers have no places")
    return scales


def _least(scales: Scales | arb) -> Scales | arb:
    """The least that a scale may be, where it is one number."""
    return scales.abs_lower() if isinstance(scales, arb) else scales


def _floats(numbers: Iterable[arb], count: int) -> Floats:
    """The middles of balls, rounded to nearest."""
    kept = list(numbers)
    found = np.fromiter(map(float, kept), dtype=np.float64, count=count)
    lengths = np.abs(found)
    usual = (lengths > _LEAST) & (lengths < _MOST)
    if not usual.all() and not all(kept[place] == 0 for place in np.flatnonzero(~usual).tolist()):
        raise _OutOfRange
    return found


def _float(number: arb) -> float:
    """The middle of a ball that is not negative, rounded to nearest."""
    found = float(number)
    if _LEAST < found < _MOST or (found == 0 and number == 0):
        return found
    raise _OutOfRange


def _sum(scales: Floats) -> arb:
    """The sum of floats, or a little less: in whatever order they are added, there are fewer roundings than numbers.

    Each, and those of a product and of the factor, is of 2^-53 at most; so many floats that the factor is 0 no memory holds.
    """
    return arb(float(scales.sum()) * (1 - (len(scales) + 2) * 2.0**-52))
