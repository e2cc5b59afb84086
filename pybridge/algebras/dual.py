"""Forward-mode derivatives over any algebra: a value, and its derivative along one direction.

A dual is the value of a function at a point together with the function's derivative there.  What does not depend on the
variable has no tangent (None), which is certain and costs nothing.  Every operation is one that is differentiable at the
values at hand, or the result has no tangent to give: at a root, absolute value, quotient or logarithm whose argument is not
certainly off the places where Lean's function has no derivative, ``NotDifferentiable`` is raised and no number is made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Generic

from pybridge.algebras.base import (
    Algebra,
    Exact,
    NotInAlgebra,
    Relation,
    S,
    Truth,
    V,
    exponential,
    logarithm,
)
from pybridge.algebras.duals import Dual, difference_of, moved, none_moves, sum_of
from pybridge.algebras.elementwise import coordinate, exponentials, nowhere_zero, over, times, total

__all__ = ["Dual", "DualAlgebra", "NotDifferentiable", "at_every_precision"]


class NotDifferentiable(NotInAlgebra):
    """There is no derivative at this point, or the enclosure at hand does not tell.

    Parameters
    ----------
    what
        Of which operation.
    certain
        Whether no precision tells more: what may be 0 is 0 exactly, so that every enclosure of it has 0 in it.
    """

    def __init__(self, what: str, *, certain: bool = False) -> None:
        self.certain = certain
        super().__init__("dual", f"the derivative of {what}", hint="a higher precision may tell")


def at_every_precision(missing: NotInAlgebra) -> bool:
    """Whether what is not in the balls of one precision is in those of none."""
    return isinstance(missing, NotDifferentiable) and missing.certain


class DualAlgebra(Generic[S, V]):
    """Lean's operations on duals over the algebra ``base``."""

    def __init__(self, base: Algebra[S, V]) -> None:
        self.base = base

    def context(self) -> AbstractContextManager[object]:
        """That of the base."""
        return self.base.context()

    def scalar(self, value: Exact) -> Dual[S]:
        """A constant."""
        return Dual(self.base.scalar(value))

    def vector(self, values: Sequence[Exact]) -> Dual[V]:
        """A constant."""
        return Dual(self.base.vector(values))

    def zero(self, dimension: int) -> Dual[V]:
        """A constant."""
        return Dual(self.base.zero(dimension))

    def add(self, left: Dual[S], right: Dual[S]) -> Dual[S]:
        """The sum."""
        return Dual(self.base.add(left.value, right.value), sum_of(self.base.add, left.tangent, right.tangent))

    def subtract(self, left: Dual[S], right: Dual[S]) -> Dual[S]:
        """The difference."""
        base = self.base
        tangent = difference_of(base.subtract, base.negate, left.tangent, right.tangent)
        return Dual(base.subtract(left.value, right.value), tangent)

    def multiply(self, left: Dual[S], right: Dual[S]) -> Dual[S]:
        """The product."""
        base = self.base
        return Dual(
            base.multiply(left.value, right.value),
            sum_of(
                base.add,
                moved(left.tangent, lambda tangent: base.multiply(tangent, right.value)),
                moved(right.tangent, lambda tangent: base.multiply(left.value, tangent)),
            ),
        )

    def divide(self, left: Dual[S], right: Dual[S]) -> Dual[S]:
        """The quotient, by a denominator that is constant or certainly not 0."""
        base = self.base
        value = base.divide(left.value, right.value)
        if right.tangent is None:
            return Dual(value, moved(left.tangent, lambda tangent: base.divide(tangent, right.value)))
        if not self._certainly(Relation.NE, right.value):
            raise NotDifferentiable("a quotient where the denominator may be 0")
        less = base.multiply(value, right.tangent)
        above = base.negate(less) if left.tangent is None else base.subtract(left.tangent, less)
        return Dual(value, base.divide(above, right.value))

    def negate(self, arg: Dual[S]) -> Dual[S]:
        """The opposite."""
        return Dual(self.base.negate(arg.value), moved(arg.tangent, self.base.negate))

    def sqrt(self, arg: Dual[S]) -> Dual[S]:
        """The root of something constant or certainly not 0; below 0 it is constantly 0."""
        base = self.base
        root = base.sqrt(arg.value)
        if arg.tangent is None or self._certainly(Relation.LT, arg.value):
            return Dual(root)
        if not self._certainly(Relation.NE, arg.value):
            raise NotDifferentiable("a root where its argument may be 0")
        return Dual(root, base.divide(arg.tangent, base.multiply(base.scalar(2), root)))

    def absolute(self, arg: Dual[S]) -> Dual[S]:
        """The absolute value of something constant or certainly not 0."""
        base = self.base
        if arg.tangent is None:
            return Dual(base.absolute(arg.value))
        if self._certainly(Relation.LT, arg.value):
            return self.negate(arg)
        if not self._certainly(Relation.NE, arg.value):
            raise NotDifferentiable("an absolute value where its argument may be 0")
        return Dual(base.absolute(arg.value), arg.tangent)

    def power(self, base: Dual[S], exponent: int) -> Dual[S]:
        """The power; the zeroth is constantly 1."""
        inner = self.base
        value = inner.power(base.value, exponent)
        if base.tangent is None or exponent == 0:
            return Dual(value)
        factor = inner.multiply(inner.scalar(exponent), inner.power(base.value, exponent - 1))
        return Dual(value, inner.multiply(factor, base.tangent))

    def exp(self, arg: Dual[S]) -> Dual[S]:
        """The exponential."""
        value = exponential(self.base, arg.value)
        return Dual(value, moved(arg.tangent, lambda tangent: self.base.multiply(value, tangent)))

    def log(self, arg: Dual[S]) -> Dual[S]:
        """The logarithm of something certainly positive."""
        value = logarithm(self.base, arg.value)
        return Dual(value, moved(arg.tangent, lambda tangent: self.base.divide(tangent, arg.value)))

    def add_vectors(self, left: Dual[V], right: Dual[V]) -> Dual[V]:
        """The sum by coordinates."""
        add = self.base.add_vectors
        return Dual(add(left.value, right.value), sum_of(add, left.tangent, right.tangent))

    def subtract_vectors(self, left: Dual[V], right: Dual[V]) -> Dual[V]:
        """The difference by coordinates."""
        base = self.base
        tangent = difference_of(base.subtract_vectors, base.negate_vector, left.tangent, right.tangent)
        return Dual(base.subtract_vectors(left.value, right.value), tangent)

    def negate_vector(self, arg: Dual[V]) -> Dual[V]:
        """The opposite by coordinates."""
        return Dual(self.base.negate_vector(arg.value), moved(arg.tangent, self.base.negate_vector))

    def smul(self, scalar: Dual[S], vector: Dual[V]) -> Dual[V]:
        """The multiple by coordinates."""
        base = self.base
        return Dual(
            base.smul(scalar.value, vector.value),
            sum_of(
                base.add_vectors,
                moved(scalar.tangent, lambda tangent: base.smul(tangent, vector.value)),
                moved(vector.tangent, lambda tangent: base.smul(scalar.value, tangent)),
            ),
        )

    def inner(self, left: Dual[V], right: Dual[V]) -> Dual[S]:
        """The inner product."""
        base = self.base
        return Dual(
            base.inner(left.value, right.value),
            sum_of(
                base.add,
                moved(left.tangent, lambda tangent: base.inner(tangent, right.value)),
                moved(right.tangent, lambda tangent: base.inner(left.value, tangent)),
            ),
        )

    def norm(self, arg: Dual[V]) -> Dual[S]:
        """The norm of something constant or certainly not 0."""
        if arg.tangent is None:
            return Dual(self.base.norm(arg.value))
        square = self.base.inner(arg.value, arg.value)
        if not self._certainly(Relation.NE, square):
            raise NotDifferentiable("a norm where the vector may be 0")
        norm = self.base.norm(arg.value)
        return Dual(norm, self.base.divide(self.base.inner(arg.value, arg.tangent), norm))

    def multiply_vectors(self, left: Dual[V], right: Dual[V]) -> Dual[V]:
        """The products of the coordinates."""
        base = self.base
        return Dual(
            times(base, left.value, right.value),
            sum_of(
                base.add_vectors,
                moved(left.tangent, lambda tangent: times(base, tangent, right.value)),
                moved(right.tangent, lambda tangent: times(base, left.value, tangent)),
            ),
        )

    def divide_vectors(self, left: Dual[V], right: Dual[V]) -> Dual[V]:
        """The quotients of the coordinates, by denominators that are constant or certainly not 0."""
        base = self.base
        value = over(base, left.value, right.value)
        if right.tangent is None:
            return Dual(value, moved(left.tangent, lambda tangent: over(base, tangent, right.value)))
        if not nowhere_zero(base, right.value):
            raise NotDifferentiable("a quotient where the denominator may be 0")
        less = times(base, value, right.tangent)
        above = base.negate_vector(less) if left.tangent is None else base.subtract_vectors(left.tangent, less)
        return Dual(value, over(base, above, right.value))

    def exp_vector(self, arg: Dual[V]) -> Dual[V]:
        """The exponentials of the coordinates."""
        value = exponentials(self.base, arg.value)
        return Dual(value, moved(arg.tangent, lambda tangent: times(self.base, value, tangent)))

    def total(self, vector: Dual[V]) -> Dual[S]:
        """The sum of the coordinates."""
        return Dual(total(self.base, vector.value), moved(vector.tangent, lambda tangent: total(self.base, tangent)))

    def coordinate(self, vector: Dual[V], place: int) -> Dual[S]:
        """One of the coordinates."""
        base = self.base
        return Dual(
            coordinate(base, vector.value, place), moved(vector.tangent, lambda tangent: coordinate(base, tangent, place))
        )

    def nowhere_zero(self, vector: Dual[V]) -> bool:
        """Whether no coordinate can be 0."""
        return nowhere_zero(self.base, vector.value)

    def sum(self, parts: Sequence[Dual[S]]) -> Dual[S]:
        """The sum of the parts."""
        values = self.base.sum([part.value for part in parts])
        return Dual(values, None if none_moves(parts) else self.base.sum([self.tangent(part) for part in parts]))

    def build(self, parts: Sequence[Dual[S]]) -> Dual[V]:
        """The parts as coordinates."""
        values = self.base.build([part.value for part in parts])
        return Dual(values, None if none_moves(parts) else self.base.build([self.tangent(part) for part in parts]))

    def vector_sum(self, parts: Sequence[Dual[V]], dimension: int) -> Dual[V]:
        """The sum of the vectors."""
        base = self.base
        values = base.vector_sum([part.value for part in parts], dimension)
        if none_moves(parts):
            return Dual(values)
        tangents = [base.zero(dimension) if part.tangent is None else part.tangent for part in parts]
        return Dual(values, base.vector_sum(tangents, dimension))

    def compare(self, relation: Relation, left: Dual[S], right: Dual[S]) -> Truth:
        """The relation between the values."""
        return self.base.compare(relation, left.value, right.value)

    def dimension(self, vector: Dual[V]) -> int:
        """That of the value."""
        return self.base.dimension(vector.value)

    def components(self, vector: Dual[V]) -> Sequence[Dual[S]]:
        """The coordinates."""
        values = self.base.components(vector.value)
        if vector.tangent is None:
            return [Dual(value) for value in values]
        return [Dual(*pair) for pair in zip(values, self.base.components(vector.tangent), strict=True)]

    def tangent(self, scalar: Dual[S]) -> S:
        """The tangent of a scalar, 0 where it does not move."""
        return self.base.scalar(0) if scalar.tangent is None else scalar.tangent

    def _certainly(self, relation: Relation, value: S) -> bool:
        """Whether ``value`` certainly stands in the relation to 0."""
        return self.base.compare(relation, value, self.base.scalar(0)) is Truth.HOLDS
