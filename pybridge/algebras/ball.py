"""Enclosures: scalars are Arb balls that certainly contain the real value, vectors lists of them (``balls.py``).

Each ball travels with its *scale*: the sum of the absolute values of its terms, against which the width of a value that
cancels to 0 means something.  The scale of a sum or difference is the sum of the scales, that of a product their product,
that of a quotient the numerator's over the absolute value of the denominator, and that of a root the root of the scale.

A comparison holds or fails only where it does so for all points of the balls; a ball that is not finite decides nothing.
Precision belongs to python-flint's one global context and not to a ball: ``context()`` sets it and restores it, and threads
must not share an interpreter's context.  No other module computes with arb.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache, reduce
from itertools import repeat
from operator import add, mul, neg, sub, truediv
from typing import Any

from flint import arb, ctx, fmpq
from typing_extensions import assert_never

from pybridge.algebras import balls, rows
from pybridge.algebras.balls import Ball, BallVector, Pending
from pybridge.algebras.base import Exact, NotInAlgebra, Relation, Truth
from pybridge.algebras.exact import rational
from pybridge.algebras.rows import Row
from pybridge.algebras.spectral import largest_singular_value

__all__ = ["ZERO", "Ball", "BallAlgebra", "BallVector"]

_ZERO, _ONE = arb(0), arb(1)
ZERO = balls.ZERO_BALL
_TAKEN = frozenset((int, fmpq))
_DOUBLE = 53
"""The bits of a float's mantissa."""


class BallAlgebra:
    """Lean's operations on balls of ``precision`` bits."""

    def __init__(self, precision: int) -> None:
        self.precision = precision

    def context(self) -> AbstractContextManager[object]:
        """Set the precision, and restore what it was before."""
        manager: AbstractContextManager[object] = ctx.workprec(self.precision)
        return manager

    def scalar(self, value: Exact) -> Ball:
        """A ball around the rational that ``value`` is."""
        exact = arb(rational(value))
        return Ball(exact, abs(exact))

    def vector(self, values: Sequence[Exact]) -> BallVector:
        """A ball for each value."""
        taken = values if _TAKEN.issuperset(map(type, values)) else map(rational, values)
        found = balls.exactly([arb(value) for value in taken], tight=ctx.prec >= _DOUBLE)  # type: ignore[arg-type]
        return rows.lengthened(found)

    def zero(self, dimension: int) -> BallVector:
        """As many exact zeros."""
        return rows.lengthened(balls.repeated(ZERO, dimension))

    def add(self, left: Ball, right: Ball) -> Ball:
        """The sum."""
        return Ball(left.value + right.value, left.scale + right.scale)

    def subtract(self, left: Ball, right: Ball) -> Ball:
        """The difference."""
        return Ball(left.value - right.value, left.scale + right.scale)

    def multiply(self, left: Ball, right: Ball) -> Ball:
        """The product."""
        return Ball(left.value * right.value, left.scale * right.scale)

    def divide(self, left: Ball, right: Ball) -> Ball:
        """The quotient: 0 where ``right`` is certainly 0, and not finite where it only may be."""
        if right.value == 0:
            return ZERO
        return Ball(left.value / right.value, left.scale / abs(right.value))

    def negate(self, arg: Ball) -> Ball:
        """The opposite."""
        return Ball(-arg.value, arg.scale)

    def sqrt(self, arg: Ball) -> Ball:
        """The root: 0 where ``arg`` is certainly not positive; from 0 to the largest root where that is open."""
        value, scale = arg.value, _root(arg.scale)
        return Ball(_ZERO if value <= 0 else _root(value), scale)

    def absolute(self, arg: Ball) -> Ball:
        """The absolute value."""
        return Ball(abs(arg.value), arg.scale)

    def power(self, base: Ball, exponent: int) -> Ball:
        """The power; the zeroth is 1.

        By products: ``arb ** int`` is NaN for a ball whose midpoint is exactly 0 and whose radius is not.
        """
        value, scale = _ONE, _ONE
        for _ in range(exponent):
            value, scale = value * base.value, scale * base.scale
        return Ball(value, scale)

    def exp(self, arg: Ball) -> Ball:
        """The exponential; its one term is itself."""
        value = arg.value.exp()
        return Ball(value, abs(value))

    def log(self, arg: Ball) -> Ball:
        """The logarithm of a ball that is certainly positive.

        Raises
        ------
        NotInAlgebra
            It may be 0 or less.
        """
        if not arg.value > 0:
            raise NotInAlgebra("ball", "the logarithm of what may be 0 or less", hint="a higher precision may tell")
        value = arg.value.log()
        return Ball(value, abs(value))

    def add_vectors(self, left: BallVector, right: BallVector) -> BallVector:
        """The sum by coordinates."""
        return _pairs(add, balls.added, left, right)

    def subtract_vectors(self, left: BallVector, right: BallVector) -> BallVector:
        """The difference by coordinates."""
        return _pairs(sub, balls.added, left, right)

    def negate_vector(self, arg: BallVector) -> BallVector:
        """The opposite by coordinates."""
        if isinstance(arg, Row):
            return Row(-arg.matrix, arg.scales)
        return BallVector(list(map(neg, arg.values)), arg.scales)

    def multiply_vectors(self, left: BallVector, right: BallVector) -> BallVector:
        """The product by coordinates."""
        return _pairs(mul, balls.multiplied, left, right)

    def divide_vectors(self, left: BallVector, right: BallVector) -> BallVector:
        """The quotient by coordinates."""
        if 0 in right.values:
            return balls.gathered(map(self.divide, left, right))
        _refuse_unlike(left, right)
        values = list(map(truediv, left.values, right.values))
        return BallVector(values, balls.divided(left.scales, balls.sizes(right.values)))

    def smul(self, scalar: Ball, vector: BallVector) -> BallVector:
        """The multiple by coordinates."""
        if (found := rows.combined(mul, balls.multiplied, scalar, vector)) is not None:
            return found
        return BallVector(list(map(mul, repeat(scalar.value), vector.values)), balls.multiplied(scalar.scale, vector.scales))

    def inner(self, left: BallVector, right: BallVector) -> Ball:
        """The sum of the products of the coordinates."""
        _refuse_unlike(left, right)
        factors, one = balls.without_factors(left)
        more, other = balls.without_factors(right)
        by_rows = isinstance(one, Row) or isinstance(other, Row)
        value = rows.inner(one, other) if by_rows else sum(balls.mapped(mul, one, other), _ZERO)
        found = Ball(value, balls.dot(one.scales, other.scales))
        return reduce(self.multiply, (*factors, *more), found)

    def norm(self, arg: BallVector) -> Ball:
        """The root of the sum of squares."""
        return self.sqrt(self.inner(arg, arg))

    def spectral_norm(self, entries: BallVector, columns: int) -> Ball:
        """The largest singular value of a matrix, given row by row; its scale is the root of the sum of the squared scales."""
        return Ball(largest_singular_value(entries.values, columns), self.norm(entries).scale)

    def unit(self, vector: BallVector) -> BallVector:
        """The vector over its norm; where it may be 0, of each coordinate only that it is from -1 to 1."""
        norm = self.norm(vector)
        if norm.value > 0 or norm.value == 0:
            return self.smul(self.divide(Ball(_ONE, _ONE), norm), vector)
        return balls.repeated(Ball(arb(0, 1), _ONE), len(vector))

    def sum(self, parts: Sequence[Ball]) -> Ball:
        """The sum of the parts."""
        value, scale = _ZERO, _ZERO
        for part in parts:
            value += part.value
            scale += part.scale
        return Ball(value, scale)

    def total(self, vector: BallVector) -> Ball:
        """The sum of the coordinates, taken once."""
        if vector.summed is None or vector.summed[0] != self.precision:
            factors, rest = balls.without_factors(vector)
            vector.summed = self.precision, reduce(self.multiply, factors, self._sum_of(rest))
        return vector.summed[1]

    def _sum_of(self, vector: BallVector) -> Ball:
        """The sum of the coordinates; that of products is an inner product."""
        if isinstance(vector, Row):
            return Ball(rows.total(vector), balls.total(vector.scales))
        if isinstance(vector, Pending) and (pair := vector.factors()) is not None:
            return self.inner(*pair)
        return Ball(sum(vector.stream(), _ZERO), balls.total(vector.scales))

    def exp_vector(self, arg: BallVector) -> BallVector:
        """The exponentials of the coordinates; the one term of each is itself."""
        return balls.exactly([value.exp() for value in arg.values])

    def coordinate(self, vector: BallVector, place: int) -> Ball:
        """One of the coordinates."""
        return vector[place]

    def nowhere_zero(self, vector: BallVector) -> bool:
        """Whether no coordinate can be 0."""
        return all(value != 0 for value in vector.values)

    def build(self, parts: Sequence[Ball]) -> BallVector:
        """The parts as coordinates."""
        return balls.gathered(parts)

    def vector_sum(self, parts: Sequence[BallVector], dimension: int) -> BallVector:
        """The sum of the vectors by coordinates."""
        total = self.zero(dimension)
        for part in parts:
            total = self.add_vectors(total, part)
        return total

    def dimension(self, vector: BallVector) -> int:
        """How many coordinates there are."""
        return len(vector)

    def components(self, vector: BallVector) -> Sequence[Ball]:
        """The coordinates."""
        return vector

    def middle(self, vector: BallVector) -> tuple[fmpq, ...] | None:
        """Rationals near the line of the midpoints, the largest about 1; None where all are 0, or one is not finite."""
        middles = [value.mid() for value in vector.values]
        if not all(middle.is_finite() for middle in middles):
            return None
        largest = max((abs(middle) for middle in middles), default=_ZERO)
        if largest == 0:
            return None
        return tuple(rational(float(middle / largest)) for middle in middles)

    def compare(self, relation: Relation, left: Ball, right: Ball) -> Truth:
        """Whether the relation holds for all points of the balls, fails for all, or neither."""
        one, other = left.value, right.value
        if not (one.is_finite() and other.is_finite()):
            return Truth.UNKNOWN
        match relation:
            case Relation.EQ:
                return _certainly(one == other, one != other)
            case Relation.NE:
                return _certainly(one != other, one == other)
            case Relation.LT:
                return _certainly(one < other, one >= other)
            case Relation.LE:
                return _certainly(one <= other, one > other)
            case _:
                assert_never(relation)


@lru_cache(maxsize=32)
def balls_of(precision: int) -> BallAlgebra:
    """The algebra of this precision, the same for every caller, so that what is known in it serves all."""
    return BallAlgebra(precision)


def _pairs(operation: Callable[[arb, arb], arb], on_scales: Any, left: BallVector, right: BallVector) -> BallVector:
    _refuse_unlike(left, right)
    if (found := rows.combined(operation, on_scales, left, right)) is not None:
        return found
    values = list(map(operation, left.values, right.values))
    return rows.lengthened(BallVector(values, on_scales(left.scales, right.scales)))


def _refuse_unlike(left: BallVector, right: BallVector) -> None:
    if len(left) != len(right):
        raise ValueError(f"vectors of {len(left)} and {len(right)} coordinates")


def _root(value: arb) -> arb:
    """The root of the part of ``value`` that is not negative."""
    if value > 0 or not value.is_finite():
        return value.sqrt()
    return value.upper().sqrt().union(_ZERO)


def _certainly(holds: bool, fails: bool) -> Truth:
    """Comparisons of balls are already certain: of both, at most one is true."""
    if holds:
        return Truth.HOLDS
    return Truth.FAILS if fails else Truth.UNKNOWN
