"""Arrays of running error bounds: behind the parts of a number the axes of the order, and last that of the batches.

What ``floatarrays.py`` is for plain floats.  What no kernel's definition needs is ``NotVectorised``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from pybridge.algebras.bounded import Bounded
from pybridge.algebras.bounding import BoundedAlgebra
from pybridge.algebras.doubledouble import Doubles
from pybridge.errors import PybridgeError
from pybridge.semantics.axes import Axis
from pybridge.semantics.lists import Order, Sizes


class NotVectorised(PybridgeError):
    """An operation that is done number by number only."""


class BoundedArrays:
    """The operations of programs on arrays of ``Bounded``."""

    def __init__(self, algebra: BoundedAlgebra, size: Sizes) -> None:
        self.algebra = algebra
        self.size = size

    def number(self, value: Bounded) -> Bounded:
        """A scalar as an array without axes."""
        return value

    def vector(self, value: Bounded) -> Bounded:
        """A vector as an array with one axis."""
        return value

    def single(self, array: Bounded) -> Bounded:
        """The scalar that an array without axes is."""
        return array

    def whole(self, array: Bounded, order: Order, axis: Axis) -> Bounded:
        """The vector whose coordinates lie along an axis."""
        return array.taken(self._along(array, order, axis, ()))

    def family(self, members: Sequence[Bounded], order: Order, wanted: Order) -> Bounded:
        """Vectors as an array with two axes, given as (member, coordinate)."""
        parts = np.stack(np.broadcast_arrays(*(member.data for member in members)), axis=1)
        return self.ordered(Bounded(parts), order, wanted)

    def each(self, operation: str | Callable[..., Any], wanted: Order, *args: tuple[Bounded, Order]) -> Bounded:
        """An operation on scalars, by its name in the algebra, element by element."""
        if not isinstance(operation, str):
            raise NotVectorised("a derivative's look at its argument")
        found: Bounded = getattr(self.algebra, operation)(*(self.ordered(array, order, wanted) for array, order in args))
        return found

    def power(self, wanted: Order, exponent: int, array: Bounded, order: Order) -> Bounded:
        """A power."""
        return self.algebra.power(self.ordered(array, order, wanted), exponent)

    def reduced(self, kind: str, wanted: Order, axis: Axis, *args: tuple[Bounded, Order]) -> Bounded:
        """A sum, inner product or norm along an axis."""
        return self.finished(kind, self.gathered(kind, wanted, axis, *args), self.size(axis))

    def gathered(self, kind: str, wanted: Order, axis: Axis, *args: tuple[Bounded, Order]) -> Doubles:
        """The sums that a sum, inner product or norm is made of."""
        first, last = args[0], args[-1]
        if kind == "sum":
            return self.algebra.gathered(self._along(*first, axis, wanted))
        arrays = [self.ordered(array, order, (axis, *wanted)) for array, order in (first, last)]
        product = self.algebra.multiply(*arrays)
        return self.algebra.gathered(self._along(product, (axis, *wanted), axis, wanted))

    def finished(self, kind: str, sums: Doubles, count: int) -> Bounded:
        """What it is of these sums, and so many parts."""
        total = self.algebra.total(sums, count)
        return self.algebra.sqrt(total) if kind == "norm" else total

    def at(self, array: Bounded, order: Order, wanted: Order, axis: Axis, position: int) -> Bounded:
        """One position of an axis."""
        return array.taken(self._along(array, order, axis, wanted)[:, position])

    def ordered(self, array: Bounded, order: Order, wanted: Order) -> Bounded:
        """The array with its axes in another order, of length 1 where it lacks one."""
        if order == wanted:
            return array
        data = array.data
        kept = [axis for axis in wanted if axis in order]
        moved = data.transpose(0, *(1 + order.index(axis) for axis in kept), data.ndim - 1)
        lengths = [moved.shape[1 + kept.index(axis)] if axis in kept else 1 for axis in wanted]
        return array.taken(moved.reshape(len(data), *lengths, data.shape[-1]))

    def _along(self, array: Bounded, order: Order, axis: Axis, wanted: Order) -> Doubles:
        """The parts, with an axis in front of the others, as long as it is."""
        data = self.ordered(array, order, (axis, *wanted)).data
        return np.broadcast_to(data, (len(data), self.size(axis), *data.shape[2:]))

    def reread(self, array: Bounded, order: Order, read: Order, wanted: Order) -> Bounded:
        """The same entries, the axes of ``order`` in this order read as those of ``read``."""
        data = array.data
        full = np.broadcast_to(data, (len(data), *map(self.size, order), data.shape[-1]))
        shaped = array.taken(full.reshape(len(data), *map(self.size, read), data.shape[-1]))
        return self.ordered(shaped, read, wanted)

    def through(self, *_: object) -> Bounded:
        """An operation on vectors as a whole."""
        raise NotVectorised("an operation on whole vectors")

    cut = delta = empty = through

    def built(self, parts: Bounded) -> Bounded:
        """A run is a vector already."""
        return parts
