"""Arrays for an algebra that takes numbers one by one: a list of scalars, the last axis of the order running fastest.

In: the arguments' arrays.  Out: that of a node.  An array without axes is a scalar itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import Any, Generic, TypeAlias

from pybridge.algebras.base import Algebra, S, V
from pybridge.semantics.axes import Axis

Order: TypeAlias = tuple[Axis, ...]
Sizes: TypeAlias = Callable[[Axis], int]


class Lists(Generic[S, V]):
    """The operations of programs on lists of an algebra's scalars."""

    def __init__(self, algebra: Algebra[S, V], size: Sizes) -> None:
        self.algebra = algebra
        self.size = size
        self._operations: Mapping[str, Callable[..., S]] = getattr(algebra, "operations", {})

    def number(self, value: S) -> Any:
        """A scalar as an array without axes."""
        return value

    def vector(self, value: V) -> Any:
        """A vector as an array with one axis."""
        return list(self.algebra.components(value))

    def family(self, members: Sequence[V], order: Order, wanted: Order) -> Any:
        """Vectors as an array with two axes, given as (member, coordinate)."""
        return self.spread([part for member in members for part in self.algebra.components(member)], order, wanted)

    def single(self, array: Any) -> S:
        """The scalar that an array without axes is."""
        found: S = array
        return found

    def whole(self, array: Any, order: Order, axis: Axis) -> V:
        """The vector whose coordinates lie along an axis."""
        parts = self.spread(array, order, (axis,))
        return self.algebra.build(parts)

    def each(self, named: str | Callable[..., S], wanted: Order, *args: tuple[Any, Order]) -> Any:
        """An operation on scalars, by its name in the algebra or as a function, element by element."""
        operation: Callable[..., S] = (
            self._operations.get(named) or getattr(self.algebra, named) if isinstance(named, str) else named
        )
        if not wanted:
            return operation(*(array for array, _ in args))
        if len(args) == 1:
            return list(map(operation, args[0][0]))
        if len(args) == 2:
            (left, left_order), (right, right_order) = args
            if left_order == right_order:
                return list(map(operation, left, right))
            if not left_order:
                return [operation(left, other) for other in right]
            if not right_order:
                return [operation(one, right) for one in left]
        return list(map(operation, *(self.spread(array, order, wanted) for array, order in args)))

    def power(self, wanted: Order, exponent: int, array: Any, order: Order) -> Any:
        """A power."""
        power = self.algebra.power
        return self.each(lambda base: power(base, exponent), wanted, (array, order))

    def reduced(self, kind: str, wanted: Order, axis: Axis, *args: tuple[Any, Order]) -> Any:
        """A sum, inner product or norm along an axis."""
        operations: dict[str, Callable[..., S]] = {"sum": self._sum, "inner": self._inner, "norm": self._norm}
        return self.through(operations[kind], wanted, axis, None, *args)

    def through(
        self, operation: Callable[..., Any], wanted: Order, axis: Axis, out: Axis | None, *args: tuple[Any, Order]
    ) -> Any:
        """An operation on the runs along an axis, which gives a scalar, or a run along ``out``."""
        rest = tuple(one for one in wanted if one != out)
        size = self.size(axis)
        lists = [self.spread(array, order, (*rest, axis)) for array, order in args]
        runs = 1
        for one in rest:
            runs *= self.size(one)
        found = [operation(*(entries[k * size : (k + 1) * size] for entries in lists)) for k in range(runs)]
        if out is None:
            return found if rest else found[0]
        return self.spread([part for run in found for part in run], (*rest, out), wanted)

    def at(self, array: Any, order: Order, wanted: Order, axis: Axis, position: int) -> Any:
        """One position of an axis."""
        size = self.size(axis)
        found = self.spread(array, order, (*wanted, axis))[position::size]
        return found if wanted else found[0]

    def cut(self, array: Any, order: Order, axis: Axis, size: int, position: int) -> Any:
        """Of the last axis of the order, the ``size`` entries of one position."""
        entries = self.spread(array, order, order)
        return [entry for k, entry in enumerate(entries) if k % self.size(axis) // size == position]

    def empty(self, order: Order) -> Any:  # noqa: ARG002
        """An array of which an axis is empty."""
        return []

    def reread(self, array: Any, order: Order, read: Order, wanted: Order) -> Any:  # noqa: ARG002
        """The same entries, the axes of ``order`` in this order read as those of ``read``."""
        return self.spread(array, read, wanted)

    def ordered(self, array: Any, order: Order, wanted: Order) -> Any:
        """The array with its axes in another order, spread along those that it lacks."""
        return self.spread(array, order, wanted)

    def delta(self, size: int) -> Any:
        """1 on the diagonal."""
        zero, one = self.algebra.scalar(0), self.algebra.scalar(1)
        return [one if j == k else zero for j in range(size) for k in range(size)]

    def spread(self, array: Any, order: Order, wanted: Order) -> list[Any]:
        """The entries along these axes, which are those of the array and others."""
        if order == wanted:
            return list(array) if order else [array]
        if not order:
            count = 1
            for axis in wanted:
                count *= self.size(axis)
            return [array] * count
        chosen = places(order, wanted, tuple(map(self.size, order)), tuple(map(self.size, wanted)))
        return [array[place] for place in chosen]

    def _sum(self, parts: list[S]) -> S:
        return self.algebra.sum(parts)

    def _inner(self, left: list[S], right: list[S]) -> S:
        return self.algebra.inner(self.built(left), self.built(right))

    def _norm(self, parts: list[S]) -> S:
        return self.algebra.norm(self.built(parts))

    def parts(self, vector: V) -> Sequence[S]:
        """A vector as a run."""
        return self.algebra.components(vector)

    def built(self, parts: list[S]) -> V:
        """A run as a vector."""
        return self.algebra.build(parts)


@lru_cache(maxsize=256)
def places(order: Order, wanted: Order, lengths: tuple[int, ...], sizes: tuple[int, ...]) -> tuple[int, ...]:
    """Where in an array of this order the entries of another one stand."""
    strides: dict[Axis, int] = {}
    step = 1
    for axis, length in zip(reversed(order), reversed(lengths), strict=True):
        strides[axis] = step
        step *= length
    steps = [strides.get(axis, 0) for axis in wanted]
    return tuple(sum(k * s for k, s in zip(at, steps, strict=True)) for at in product(*map(range, sizes)))
