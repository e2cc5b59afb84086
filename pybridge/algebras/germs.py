"""Functions of a t > 0 that tends to 0, over any algebra: the first terms of a series in t, perhaps from a negative power on.

This is what becomes of a term when one of its variables leaves a point along a ray.  Where the dual algebra has no derivative
to give, at a root or a quotient by 0, a germ tells whether the function jumps, grows beyond all bounds, or has a slope.  What
is certain of a germ holds for all t that are small enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Generic, TypeAlias

from pybridge.algebras.base import Algebra, Exact, NotInAlgebra, Relation, S, Truth, V

KEPT = 8
"""Terms of a series."""


@dataclass(frozen=True, slots=True, eq=False)
class Germ(Generic[S]):
    """``terms[0] t^start + terms[1] t^(start + 1) + …``; where it is not ``exact``, something of higher order may follow."""

    start: int
    terms: tuple[S, ...]
    exact: bool


GermVector: TypeAlias = tuple[Germ[S], ...]


class GermAlgebra(Generic[S, V]):
    """Lean's operations on germs with coefficients in the algebra ``base``."""

    def __init__(self, base: Algebra[S, V]) -> None:
        self.base = base

    def context(self) -> AbstractContextManager[object]:
        """That of the base."""
        return self.base.context()

    def constant(self, value: S) -> Germ[S]:
        """A value of the base, which does not depend on t."""
        return self._germ(0, [value], exact=True)

    def line(self, value: S, slope: S, order: int = 1) -> Germ[S]:
        """``value + slope t^order``."""
        return self._germ(0, [value, *([self.base.scalar(0)] * (order - 1)), slope], exact=True)

    def scalar(self, value: Exact) -> Germ[S]:
        """A constant."""
        return self.constant(self.base.scalar(value))

    def vector(self, values: Sequence[Exact]) -> GermVector[S]:
        """Constants."""
        return tuple(self.scalar(value) for value in values)

    def zero(self, dimension: int) -> GermVector[S]:
        """As many zeros."""
        return (self.scalar(0),) * dimension

    def add(self, left: Germ[S], right: Germ[S]) -> Germ[S]:
        """The sum, known as far as both are."""
        start = min(left.start, right.start)
        ends = [one.start + len(one.terms) for one in (left, right) if not one.exact]
        end = min(ends, default=max(left.start + len(left.terms), right.start + len(right.terms)))
        terms = [self._sum_at(left, right, power) for power in range(start, end)]
        return self._germ(start, terms, exact=not ends)

    def subtract(self, left: Germ[S], right: Germ[S]) -> Germ[S]:
        """The difference."""
        return self.add(left, self.negate(right))

    def multiply(self, left: Germ[S], right: Germ[S]) -> Germ[S]:
        """The product, to as many terms as are known of both."""
        if self._is_zero(left) or self._is_zero(right):
            return self.scalar(0)
        counts = [len(one.terms) for one in (left, right) if not one.exact]
        count = min(counts, default=len(left.terms) + len(right.terms) - 1)
        terms = [self._convolved(left.terms, right.terms, number) for number in range(count)]
        return self._germ(left.start + right.start, terms, exact=not counts)

    def divide(self, left: Germ[S], right: Germ[S]) -> Germ[S]:
        """The quotient; 0 where ``right`` is 0 for all t."""
        return self.scalar(0) if self._is_zero(right) else self.multiply(left, self._inverse(right))

    def negate(self, arg: Germ[S]) -> Germ[S]:
        """The opposite."""
        return Germ(arg.start, tuple(self.base.negate(term) for term in arg.terms), arg.exact)

    def sqrt(self, arg: Germ[S]) -> Germ[S]:
        """The root; 0 of what is 0 or negative for small t.

        Raises
        ------
        NotInAlgebra
            The root is no series in t (√t), or the sign of the first term is not known.
        """
        if self.sign(arg) <= 0:
            return self.scalar(0)
        if arg.start % 2:
            raise NotInAlgebra("germ", "a root of an odd power of t")
        base = self.base
        first = base.sqrt(arg.terms[0])
        twice = base.multiply(base.scalar(2), first)
        single = arg.exact and len(arg.terms) == 1
        terms = [first]
        for number in range(1, 1 if single else KEPT if arg.exact else len(arg.terms)):
            crossed = self._convolved((base.scalar(0), *terms[1:]), (base.scalar(0), *terms[1:]), number)
            terms.append(base.divide(base.subtract(self._term(arg, arg.start + number), crossed), twice))
        return self._germ(arg.start // 2, terms, exact=single)

    def absolute(self, arg: Germ[S]) -> Germ[S]:
        """The absolute value for small t."""
        return self.negate(arg) if self.sign(arg) < 0 else arg

    def power(self, base: Germ[S], exponent: int) -> Germ[S]:
        """The power; the zeroth is 1."""
        found = self.scalar(1)
        for _ in range(exponent):
            found = self.multiply(found, base)
        return found

    def add_vectors(self, left: GermVector[S], right: GermVector[S]) -> GermVector[S]:
        """The sum by coordinates."""
        return tuple(self.add(one, other) for one, other in zip(left, right, strict=True))

    def subtract_vectors(self, left: GermVector[S], right: GermVector[S]) -> GermVector[S]:
        """The difference by coordinates."""
        return tuple(self.subtract(one, other) for one, other in zip(left, right, strict=True))

    def negate_vector(self, arg: GermVector[S]) -> GermVector[S]:
        """The opposite by coordinates."""
        return tuple(self.negate(germ) for germ in arg)

    def smul(self, scalar: Germ[S], vector: GermVector[S]) -> GermVector[S]:
        """The multiple by coordinates."""
        return tuple(self.multiply(scalar, germ) for germ in vector)

    def inner(self, left: GermVector[S], right: GermVector[S]) -> Germ[S]:
        """The sum of the products of the coordinates."""
        return self._total([self.multiply(one, other) for one, other in zip(left, right, strict=True)])

    def norm(self, arg: GermVector[S]) -> Germ[S]:
        """The root of the sum of squares."""
        return self.sqrt(self.inner(arg, arg))

    def sum(self, parts: Sequence[Germ[S]]) -> Germ[S]:
        """The sum of the parts."""
        return self._total(parts)

    def build(self, parts: Sequence[Germ[S]]) -> GermVector[S]:
        """The parts as coordinates."""
        return tuple(parts)

    def vector_sum(self, parts: Sequence[GermVector[S]], dimension: int) -> GermVector[S]:
        """The sum of the vectors by coordinates."""
        total = self.zero(dimension)
        for part in parts:
            total = self.add_vectors(total, part)
        return total

    def compare(self, relation: Relation, left: Germ[S], right: Germ[S]) -> Truth:
        """The relation for all t that are small enough."""
        try:
            sign = self.sign(self.subtract(right, left))
        except NotInAlgebra:
            return Truth.UNKNOWN
        holds = {Relation.EQ: sign == 0, Relation.NE: sign != 0, Relation.LT: sign > 0, Relation.LE: sign >= 0}
        return Truth.HOLDS if holds[relation] else Truth.FAILS

    def dimension(self, vector: GermVector[S]) -> int:
        """How many coordinates there are."""
        return len(vector)

    def components(self, vector: GermVector[S]) -> Sequence[Germ[S]]:
        """The coordinates."""
        return vector

    def sign(self, arg: Germ[S]) -> int:
        """The sign for small t.

        Raises
        ------
        NotInAlgebra
            What is known does not tell.
        """
        if self._is_zero(arg):
            return 0
        if arg.terms:
            zero = self.base.scalar(0)
            if self.base.compare(Relation.LT, zero, arg.terms[0]) is Truth.HOLDS:
                return 1
            if self.base.compare(Relation.LT, arg.terms[0], zero) is Truth.HOLDS:
                return -1
        raise NotInAlgebra("germ", "the sign of a first term that may be 0")

    def _germ(self, start: int, terms: Sequence[S], *, exact: bool) -> Germ[S]:
        """Leave out what certainly is 0 in front and, of an exact germ, behind; and what is too long."""
        zero = self.base.scalar(0)

        def vanishes(term: S) -> bool:
            return self.base.compare(Relation.EQ, term, zero) is Truth.HOLDS

        kept = list(terms)
        while kept and vanishes(kept[0]):
            kept, start = kept[1:], start + 1
        while exact and kept and vanishes(kept[-1]):
            kept = kept[:-1]
        return Germ(start if kept or not exact else 0, tuple(kept[:KEPT]), exact and len(kept) <= KEPT)

    def _is_zero(self, arg: Germ[S]) -> bool:
        return arg.exact and not arg.terms

    def _term(self, germ: Germ[S], power: int) -> S:
        number = power - germ.start
        return germ.terms[number] if 0 <= number < len(germ.terms) else self.base.scalar(0)

    def _sum_at(self, left: Germ[S], right: Germ[S], power: int) -> S:
        return self.base.add(self._term(left, power), self._term(right, power))

    def _convolved(self, left: Sequence[S], right: Sequence[S], number: int) -> S:
        base = self.base
        total = base.scalar(0)
        for k in range(max(0, number - len(right) + 1), min(number + 1, len(left))):
            total = base.add(total, base.multiply(left[k], right[number - k]))
        return total

    def _total(self, parts: Sequence[Germ[S]]) -> Germ[S]:
        total = self.scalar(0)
        for part in parts:
            total = self.add(total, part)
        return total

    def _inverse(self, arg: Germ[S]) -> Germ[S]:
        self.sign(arg)  # not 0, or it raises
        base = self.base
        single = arg.exact and len(arg.terms) == 1
        first = base.divide(base.scalar(1), arg.terms[0])
        terms = [first]
        for number in range(1, 1 if single else KEPT if arg.exact else len(arg.terms)):
            rest = self._convolved((base.scalar(0), *arg.terms[1:]), terms, number)
            terms.append(base.negate(base.multiply(rest, first)))
        return self._germ(-arg.start, terms, exact=single)
