"""Rational numbers, exactly: scalars are ``fmpq``, vectors tuples of them.

Comparisons are always decided. A product of more than 2^20 bits is refused: nested powers would otherwise take for ever.
The root of a rational that is no square is not in this algebra, and neither is a norm that is no rational:
``NotInAlgebra``, never an approximation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from fractions import Fraction
from operator import add, neg, sub
from typing import ClassVar, TypeAlias, TypeGuard

from flint import fmpq
from typing_extensions import assert_never

from pybridge.algebras.base import Exact, NotInAlgebra, Relation, Truth
from pybridge.errors import InputError

ExactVector: TypeAlias = tuple[fmpq, ...]

ZERO = fmpq(0)
MAX_BITS = 2**20
"""Of a numerator or denominator."""


def rational(value: Exact) -> fmpq:
    """The rational number that ``value`` is; a float is the dyadic number it stands for.

    Raises
    ------
    InputError
        ``value`` is NaN or infinite, or no number.
    """
    if type(value) is fmpq:
        return value
    if type(value) is int:
        return fmpq(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise InputError(f"the value {value} is not a real number", hint="give finite numbers")
        return fmpq(*value.as_integer_ratio())
    if isinstance(value, int | Fraction):
        return fmpq(value.numerator, value.denominator)
    raise InputError(f"{value!r} ({type(value).__name__}) is not exact", hint="give int, Fraction, fmpq or float")


def all_rational(values: Sequence[Exact]) -> TypeGuard[Sequence[fmpq]]:
    """Whether each of the numbers is an ``fmpq`` already."""
    return _ONLY.issuperset(map(type, values))


_ONLY = frozenset((fmpq,))


class ExactAlgebra:
    """Lean's operations on rational numbers."""

    operations: ClassVar[Mapping[str, Callable[..., fmpq]]] = {"add": add, "subtract": sub, "negate": neg, "absolute": abs}
    """Those that are one of ``fmpq``'s own, for whoever does many."""

    def context(self) -> AbstractContextManager[object]:
        """Nothing to set."""
        return nullcontext()

    def scalar(self, value: Exact) -> fmpq:
        """The rational that ``value`` is."""
        return rational(value)

    def vector(self, values: Sequence[Exact]) -> ExactVector:
        """The rationals that ``values`` are."""
        return tuple(values) if all_rational(values) else tuple(map(rational, values))

    def zero(self, dimension: int) -> ExactVector:
        """As many zeros."""
        return (ZERO,) * dimension

    def add(self, left: fmpq, right: fmpq) -> fmpq:
        """The sum."""
        return left + right

    def subtract(self, left: fmpq, right: fmpq) -> fmpq:
        """The difference."""
        return left - right

    def multiply(self, left: fmpq, right: fmpq) -> fmpq:
        """The product."""
        return _within(left * right)

    def divide(self, left: fmpq, right: fmpq) -> fmpq:
        """The quotient; 0 where ``right`` is 0."""
        return _within(left / right) if right != 0 else ZERO

    def negate(self, arg: fmpq) -> fmpq:
        """The opposite."""
        return -arg

    def sqrt(self, arg: fmpq) -> fmpq:
        """The root of a rational square; 0 for a negative.

        Raises
        ------
        NotInAlgebra
            The root is not rational.
        """
        if arg <= 0:
            return ZERO
        numerator, denominator = int(arg.p), int(arg.q)
        up, down = math.isqrt(numerator), math.isqrt(denominator)
        if up * up != numerator or down * down != denominator:
            raise NotInAlgebra("exact", f"√({_shown(arg)})")
        return fmpq(up, down)

    def absolute(self, arg: fmpq) -> fmpq:
        """The absolute value."""
        return abs(arg)

    def power(self, base: fmpq, exponent: int) -> fmpq:
        """The power; the zeroth is 1."""
        if base.height_bits() * exponent > MAX_BITS:
            raise NotInAlgebra("exact", f"({_shown(base)})^{exponent}")
        return base**exponent

    def add_vectors(self, left: ExactVector, right: ExactVector) -> ExactVector:
        """The sum by coordinates."""
        return tuple(one + other for one, other in zip(left, right, strict=True))

    def subtract_vectors(self, left: ExactVector, right: ExactVector) -> ExactVector:
        """The difference by coordinates."""
        return tuple(one - other for one, other in zip(left, right, strict=True))

    def negate_vector(self, arg: ExactVector) -> ExactVector:
        """The opposite by coordinates."""
        return tuple(-value for value in arg)

    def smul(self, scalar: fmpq, vector: ExactVector) -> ExactVector:
        """The multiple by coordinates."""
        return tuple(_within(scalar * value) for value in vector)

    def inner(self, left: ExactVector, right: ExactVector) -> fmpq:
        """The sum of the products of the coordinates."""
        return _within(sum((one * other for one, other in zip(left, right, strict=True)), ZERO))

    def norm(self, arg: ExactVector) -> fmpq:
        """The root of the sum of squares, where it is rational."""
        return self.sqrt(self.inner(arg, arg))

    def sum(self, parts: Sequence[fmpq]) -> fmpq:
        """The sum of the parts."""
        return sum(parts, ZERO)

    def build(self, parts: Sequence[fmpq]) -> ExactVector:
        """The parts as coordinates."""
        return tuple(parts)

    def vector_sum(self, parts: Sequence[ExactVector], dimension: int) -> ExactVector:
        """The sum of the vectors by coordinates."""
        total = self.zero(dimension)
        for part in parts:
            total = self.add_vectors(total, part)
        return total

    def dimension(self, vector: ExactVector) -> int:
        """How many coordinates there are."""
        return len(vector)

    def components(self, vector: ExactVector) -> Sequence[fmpq]:
        """The coordinates."""
        return vector

    def compare(self, relation: Relation, left: fmpq, right: fmpq) -> Truth:
        """The relation, which rationals always decide."""
        match relation:
            case Relation.EQ:
                holds = left == right
            case Relation.NE:
                holds = left != right
            case Relation.LT:
                holds = left < right
            case Relation.LE:
                holds = left <= right
            case _:
                assert_never(relation)
        return Truth.HOLDS if holds else Truth.FAILS


EXACT = ExactAlgebra()
"""The algebra, the same for every caller."""


def _within(value: fmpq) -> fmpq:
    if value.height_bits() > MAX_BITS:
        raise NotInAlgebra("exact", _shown(value))
    return value


def _shown(value: fmpq) -> str:
    bits = max(int(value.p).bit_length(), int(value.q).bit_length())
    return str(value) if bits <= 256 else f"a rational of {bits} bits"
