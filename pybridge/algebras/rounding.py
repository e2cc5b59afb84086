"""Running error bounds: a scalar is the real value and how far from it a floating-point computation may end.

The model is the standard one: the result of an operation is the exact one times 1 + δ, |δ| ≤ u = 2^-bits, plus at most the
smallest subnormal where a product or quotient underflows; an error that an operand has already is carried on.  Three rules make
the bound that of every usual way to run the same term, and not of one order of operations only:

- the rounding errors of a sum of n terms are at most (n-1)u / (1 - (n-1)u) times the sum of the absolute values of its
  terms, whatever the order of summation;
- those of a chain of + and - may occur in any order, too, and a factor or divisor of a part of it may be multiplied into its
  terms first: γ (y - μ) / σ + β is computed as y (γ / σ) + (β - μ γ / σ) by many;
- a quotient may be rounded twice: as a product with a reciprocal.

Everything is enclosed in balls, so that a bound is one; where an operation may overflow or divide by 0, it is infinite.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TypeAlias

from flint import arb, ctx

from pybridge.algebras.ball import Ball, BallAlgebra
from pybridge.algebras.base import Exact, Relation, Truth
from pybridge.algebras.exact import rational
from pybridge.algebras.formats import Format

_ZERO, _ONE = arb(0), arb(1)
INFINITE = arb("inf")


@dataclass(frozen=True, slots=True, eq=False)
class Rounded:
    """A real number and its computed value.

    Parameters
    ----------
    value
        Encloses the real number.
    error
        The computed value is at most this far from it; not finite where nothing can be said.
    chain
        The sum of the absolute values of the terms of the sum that it is; of any other, its absolute value.
    scale
        The same, with a factor of the whole sum multiplied in: what errors in it are to be measured against.
    spread
        The same, with factors multiplied into every sum that one factor of it is: what rounding in any order depends on.
    terms
        How many terms that makes, a sum over a binder being one.
    """

    value: arb
    error: arb
    chain: arb
    scale: arb
    spread: arb
    terms: int = 1


RoundedVector: TypeAlias = tuple[Rounded, ...]
NOTHING = Rounded(_ZERO, _ZERO, _ZERO, _ZERO, _ZERO)


class RoundingAlgebra:
    """Lean's operations as a format computes them.

    Parameters
    ----------
    precision
        Bits of the balls.
    arithmetic
        The format every operation rounds to; None for operations without rounding, which carry on the errors they are given.
    """

    def __init__(self, precision: int, arithmetic: Format | None) -> None:
        self.precision = precision
        self.arithmetic = arithmetic
        self._unit = _ZERO if arithmetic is None else arb(arithmetic.unit)
        self._tiny = _ZERO if arithmetic is None else arb(arithmetic.smallest)
        self._largest = None if arithmetic is None else arb(arithmetic.largest)

    def context(self) -> AbstractContextManager[object]:
        """Set the precision of the balls, and restore what it was before."""
        manager: AbstractContextManager[object] = ctx.workprec(self.precision)
        return manager

    def scalar(self, value: Exact) -> Rounded:
        """The number; with the error of rounding it where the format does not hold it."""
        exact = rational(value)
        ball = arb(exact)
        size = abs(ball)
        if self.arithmetic is None or self.arithmetic.holds(exact):
            return Rounded(ball, _ZERO, size, size, size)
        return self._made(ball, self._unit * size + self._tiny, size, size, size)

    def given(self, value: arb, error: arb) -> Rounded:
        """A number that somebody else computed with at most this error."""
        size = abs(value)
        return Rounded(value, error, size, size, size)

    def vector(self, values: Sequence[Exact]) -> RoundedVector:
        """The numbers one by one."""
        return tuple(self.scalar(value) for value in values)

    def zero(self, dimension: int) -> RoundedVector:
        """As many exact zeros."""
        return (NOTHING,) * dimension

    def add(self, left: Rounded, right: Rounded) -> Rounded:
        """The sum, a chain."""
        return self._chain(left.value + right.value, left, right)

    def subtract(self, left: Rounded, right: Rounded) -> Rounded:
        """The difference, a chain."""
        return self._chain(left.value - right.value, left, right)

    def multiply(self, left: Rounded, right: Rounded) -> Rounded:
        """The product."""
        value, one, other = left.value * right.value, abs(left.value), abs(right.value)
        carried = one * right.error + other * left.error + left.error * right.error
        size = one * other
        scale = (one * right.chain).max(left.chain * other)
        spread = (one * right.spread).max(left.spread * other)
        error = carried + self._unit * (size + carried) + self._tiny
        return self._made(value, error, size, scale, spread, max(left.terms, right.terms))

    def divide(self, left: Rounded, right: Rounded) -> Rounded:
        """The quotient: 0 where ``right`` is exactly 0, and without a bound where its computed value may be."""
        if right.value == 0 and right.error == 0:
            return NOTHING
        below = abs(right.value) - right.error
        if not below > 0:
            return Rounded(left.value / right.value, INFINITE, INFINITE, INFINITE, INFINITE)
        value = left.value / right.value
        size = abs(value)
        carried = (left.error + size * right.error) / below
        rounded = 2 * self._unit + self._unit * self._unit
        error = carried + rounded * (size + carried) + self._tiny * (1 + abs(left.value))
        divisor = abs(right.value)
        return self._made(value, error, size, left.chain / divisor, left.spread / divisor, left.terms)

    def negate(self, arg: Rounded) -> Rounded:
        """The opposite, without rounding."""
        return Rounded(-arg.value, arg.error, arg.chain, arg.scale, arg.spread, arg.terms)

    def sqrt(self, arg: Rounded) -> Rounded:
        """The root; of a number whose computed value may be negative, the computed root may be 0."""
        value = BallAlgebra(self.precision).sqrt(Ball(arg.value, abs(arg.value))).value
        below = arg.value - arg.error
        carried = arg.error / (value + below.sqrt()) if below > 0 else ((abs(arg.value) + arg.error).sqrt()).max(value)
        if arg.error == 0:
            carried = _ZERO
        return self._made(value, carried + self._unit * (value + carried), value, value, value)

    def absolute(self, arg: Rounded) -> Rounded:
        """The absolute value, without rounding."""
        size = abs(arg.value)
        return Rounded(size, arg.error, size, size, size)

    def power(self, base: Rounded, exponent: int) -> Rounded:
        """The power by products; the zeroth is 1."""
        if exponent == 0:
            return Rounded(_ONE, _ZERO, _ONE, _ONE, _ONE)
        result = base
        for _ in range(exponent - 1):
            result = self.multiply(result, base)
        return result

    def add_vectors(self, left: RoundedVector, right: RoundedVector) -> RoundedVector:
        """The sum by coordinates."""
        return tuple(self.add(one, other) for one, other in zip(left, right, strict=True))

    def subtract_vectors(self, left: RoundedVector, right: RoundedVector) -> RoundedVector:
        """The difference by coordinates."""
        return tuple(self.subtract(one, other) for one, other in zip(left, right, strict=True))

    def negate_vector(self, arg: RoundedVector) -> RoundedVector:
        """The opposite by coordinates."""
        return tuple(self.negate(value) for value in arg)

    def smul(self, scalar: Rounded, vector: RoundedVector) -> RoundedVector:
        """The multiple by coordinates."""
        return tuple(self.multiply(scalar, coordinate) for coordinate in vector)

    def inner(self, left: RoundedVector, right: RoundedVector) -> Rounded:
        """The sum of the products of the coordinates, in any order."""
        return self._total([self.multiply(one, other) for one, other in zip(left, right, strict=True)])

    def norm(self, arg: RoundedVector) -> Rounded:
        """The root of the sum of squares."""
        return self.sqrt(self.inner(arg, arg))

    def sum(self, parts: Sequence[Rounded]) -> Rounded:
        """The sum of the parts, in any order."""
        return self._total(parts)

    def build(self, parts: Sequence[Rounded]) -> RoundedVector:
        """The parts as coordinates."""
        return tuple(parts)

    def vector_sum(self, parts: Sequence[RoundedVector], dimension: int) -> RoundedVector:
        """The sum of the vectors by coordinates, in any order."""
        return tuple(self._total([part[k] for part in parts]) for k in range(dimension))

    def dimension(self, vector: RoundedVector) -> int:
        """How many coordinates there are."""
        return len(vector)

    def components(self, vector: RoundedVector) -> Sequence[Rounded]:
        """The coordinates."""
        return vector

    def compare(self, relation: Relation, left: Rounded, right: Rounded) -> Truth:
        """Whether the relation holds, or fails, wherever the two computed values may lie."""
        balls = BallAlgebra(self.precision)
        one, other = (arg.value + arb(0, 1) * arg.error for arg in (left, right))
        return balls.compare(relation, Ball(one, abs(one)), Ball(other, abs(other)))

    def _chain(self, value: arb, left: Rounded, right: Rounded) -> Rounded:
        chain, spread = left.chain + right.chain, left.spread + right.spread
        terms, carried = left.terms + right.terms, left.error + right.error
        return self._made(value, self._added(terms, carried, spread), chain, chain, spread, terms)

    def _total(self, parts: Sequence[Rounded]) -> Rounded:
        if not parts:
            return NOTHING
        value, carried, chain, spread = _ZERO, _ZERO, _ZERO, _ZERO
        for part in parts:
            value += part.value
            carried += part.error
            chain += part.chain
            spread += part.spread
        return self._made(value, self._added(len(parts), carried, spread), chain, chain, spread, 1)

    def _added(self, terms: int, carried: arb, spread: arb) -> arb:
        """The error of adding so many terms in any order, with the errors they have already."""
        steps = (terms - 1) * self._unit
        if not steps < 1:
            return INFINITE
        return carried + steps / (1 - steps) * (spread + carried)

    def _made(self, value: arb, error: arb, chain: arb, scale: arb, spread: arb, terms: int = 1) -> Rounded:
        """The result of an operation; without a bound where its computed value may overflow."""
        bounded = error.is_finite() and (self._largest is None or abs(value) + error < self._largest)
        return Rounded(value, error if bounded else INFINITE, chain, scale, spread, terms)
