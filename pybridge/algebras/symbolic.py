"""Symbols: scalars are polynomials over the rationals in a statement's variables, roots and inverses (``tower.py``).

A statement evaluated here is evaluated for all values of its variables at once, in one case of the signs that matter: which
radicand is positive, which divisor is zero.  Equality holds where the difference reduces to 0, and is open otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TypeAlias, TypeVar

from typing_extensions import assert_never

from pybridge.algebras.base import Exact, NotInAlgebra, Relation, Truth
from pybridge.algebras.cases import Cases
from pybridge.algebras.effort import Poly
from pybridge.algebras.exact import rational
from pybridge.algebras.tower import Tower

MOST_BY_ROOTS = 5
"""Entries of a batch up to which it is tried in rationals with roots adjoined: each may bring roots of its own."""

SymbolVector: TypeAlias = tuple[Poly, ...]
T = TypeVar("T")


class _NoCases(Cases):
    """Nothing is asked: what is not known is left open."""

    def ask(self, options: Sequence[tuple[str, T]]) -> T:
        if len(options) > 1:
            raise NotInAlgebra("symbolic", " or ".join(words for words, _ in options))
        return super().ask(options)


def at_a_point() -> SymbolicAlgebra:
    """Rationals and their roots without variables: an equality that roots hide from exact rationals may be certain here."""
    return SymbolicAlgebra(Tower((), _NoCases()))


def on_a_ray() -> tuple[SymbolicAlgebra, Poly]:
    """Rationals, their roots, and one variable t that may be any number above 0; the algebra and t."""
    tower = Tower(("t",), _NoCases())
    (t,) = tower.variables
    tower.assume_positive(t)
    return SymbolicAlgebra(tower), t


class SymbolicAlgebra:
    """Lean's operations on the elements of a tower."""

    def __init__(self, tower: Tower) -> None:
        self.tower = tower

    def context(self) -> AbstractContextManager[object]:
        """Nothing to set."""
        return nullcontext()

    def scalar(self, value: Exact) -> Poly:
        """The constant that ``value`` is."""
        exact = rational(value)
        ring = self.tower.ring
        return ring.ground_new(ring.domain(int(exact.p), int(exact.q)))

    def vector(self, values: Sequence[Exact]) -> SymbolVector:
        """The constants that ``values`` are."""
        return tuple(self.scalar(value) for value in values)

    def zero(self, dimension: int) -> SymbolVector:
        """As many zeros."""
        return (self.tower.ring.zero,) * dimension

    def add(self, left: Poly, right: Poly) -> Poly:
        """The sum."""
        return self.tower.effort.bounded(left + right)

    def subtract(self, left: Poly, right: Poly) -> Poly:
        """The difference."""
        return self.tower.effort.bounded(left - right)

    def multiply(self, left: Poly, right: Poly) -> Poly:
        """The product."""
        return self.tower.effort.product(left, right)

    def divide(self, left: Poly, right: Poly) -> Poly:
        """The quotient; 0 where ``right`` is 0, which may be asked as a case."""
        return self.tower.effort.product(left, self.tower.inverse(right))

    def negate(self, arg: Poly) -> Poly:
        """The opposite."""
        return -arg

    def sqrt(self, arg: Poly) -> Poly:
        """The root as a new symbol; 0 for a negative, which may be asked as a case."""
        return self.tower.root(arg)

    def absolute(self, arg: Poly) -> Poly:
        """The absolute value; the sign may be asked as a case."""
        return arg * self.tower.sign(arg)

    def power(self, base: Poly, exponent: int) -> Poly:
        """The power; the zeroth is 1."""
        return self.tower.effort.power(base, exponent)

    def add_vectors(self, left: SymbolVector, right: SymbolVector) -> SymbolVector:
        """The sum by coordinates."""
        return tuple(one + other for one, other in zip(left, right, strict=True))

    def subtract_vectors(self, left: SymbolVector, right: SymbolVector) -> SymbolVector:
        """The difference by coordinates."""
        return tuple(one - other for one, other in zip(left, right, strict=True))

    def negate_vector(self, arg: SymbolVector) -> SymbolVector:
        """The opposite by coordinates."""
        return tuple(-value for value in arg)

    def smul(self, scalar: Poly, vector: SymbolVector) -> SymbolVector:
        """The multiple by coordinates."""
        return tuple(self.tower.effort.product(scalar, value) for value in vector)

    def inner(self, left: SymbolVector, right: SymbolVector) -> Poly:
        """The sum of the products of the coordinates."""
        return self._total(self.tower.effort.product(one, other) for one, other in zip(left, right, strict=True))

    def norm(self, arg: SymbolVector) -> Poly:
        """The root of the sum of squares as a new symbol."""
        return self.tower.root(self.inner(arg, arg), of_squares=True)

    def sum(self, parts: Sequence[Poly]) -> Poly:
        """The sum of the parts."""
        return self._total(parts)

    def _total(self, parts: Iterable[Poly]) -> Poly:
        total = self.tower.ring.zero
        for part in parts:
            total = self.tower.effort.bounded(total + part)
        return total

    def build(self, parts: Sequence[Poly]) -> SymbolVector:
        """The parts as coordinates."""
        return tuple(parts)

    def vector_sum(self, parts: Sequence[SymbolVector], dimension: int) -> SymbolVector:
        """The sum of the vectors by coordinates."""
        total = self.zero(dimension)
        for part in parts:
            total = self.add_vectors(total, part)
        return total

    def dimension(self, vector: SymbolVector) -> int:
        """How many coordinates there are."""
        return len(vector)

    def components(self, vector: SymbolVector) -> Sequence[Poly]:
        """The coordinates."""
        return vector

    def compare(self, relation: Relation, left: Poly, right: Poly) -> Truth:
        """The relation, for all values of the variables in this case; fails only where it does for all of them."""
        if relation is Relation.EQ:
            return Truth.HOLDS if self.tower.is_zero(right - left) else Truth.UNKNOWN
        possible = self.tower.possible(right - left)
        match relation:
            case Relation.NE:
                holds = frozenset({-1, 1})
            case Relation.LT:
                holds = frozenset({1})
            case Relation.LE:
                holds = frozenset({0, 1})
            case _:
                assert_never(relation)
        if possible <= holds:
            return Truth.HOLDS
        return Truth.UNKNOWN if possible & holds else Truth.FAILS
