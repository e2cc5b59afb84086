"""Arrays of NumPy floats: the axes of the order in front, the leading axes of the batches behind them.

What ``lists.py`` is for algebras that take numbers one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from pybridge.algebras.floats import FloatAlgebra, Floats
from pybridge.semantics.axes import Axis
from pybridge.semantics.lists import Order, Sizes


class FloatArrays:
    """The operations of programs on NumPy arrays."""

    def __init__(self, algebra: FloatAlgebra, size: Sizes) -> None:
        self.algebra = algebra
        self.size = size

    def number(self, value: Floats) -> Floats:
        """A scalar as an array without axes."""
        return self._led(np.asarray(value), 0)

    def vector(self, value: Floats) -> Floats:
        """A vector as an array with one axis."""
        return np.moveaxis(self._led(value, 1), -1, 0)

    def family(self, members: Sequence[Floats], order: Order, wanted: Order) -> Floats:
        """Vectors as an array with two axes, given as (member, coordinate)."""
        return self.ordered(np.stack([self.vector(member) for member in members]), order, wanted)

    def empty(self, order: Order) -> Floats:
        """An array of which an axis is empty."""
        return np.zeros((*map(self.size, order), *(1,) * self.algebra.leading), dtype=self.algebra.dtype)

    def single(self, array: Floats) -> Floats:
        """The scalar that an array without axes is."""
        return array

    def whole(self, array: Floats, order: Order, axis: Axis) -> Floats:
        """The vector whose coordinates lie along an axis."""
        spread = self.ordered(array, order, (axis,))
        full = np.broadcast_to(spread, (self.size(axis), *spread.shape[1:]))
        return np.moveaxis(full, 0, -1)

    def parts(self, vector: Floats) -> Sequence[Floats]:
        """A vector as a run of numbers."""
        return self.algebra.components(vector)

    def built(self, parts: Floats) -> Floats:
        """A run is a vector already."""
        return parts

    def each(self, named: str | Callable[..., Floats], wanted: Order, *args: tuple[Floats, Order]) -> Floats:
        """An operation on scalars, by its name in the algebra or as a function, element by element."""
        operation: Callable[..., Floats] = getattr(self.algebra, named) if isinstance(named, str) else named
        return operation(*(self.ordered(array, order, wanted) for array, order in args))

    def power(self, wanted: Order, exponent: int, array: Floats, order: Order) -> Floats:
        """A power."""
        return self.algebra.power(self.ordered(array, order, wanted), exponent)

    def cut(self, array: Floats, order: Order, axis: Axis, size: int, position: int) -> Floats:  # noqa: ARG002
        """Of the last axis of the order, the ``size`` entries of one position."""
        place = len(order) - 1
        full = np.broadcast_to(array, (*map(self.size, order), *array.shape[len(order) :]))
        return np.take(full, range(position * size, (position + 1) * size), axis=place)

    def reduced(self, kind: str, wanted: Order, axis: Axis, *args: tuple[Floats, Order]) -> Floats:
        """A sum, inner product or norm along an axis."""
        arrays = [self.ordered(array, order, (axis, *wanted)) for array, order in args]
        product = arrays[0] * arrays[-1] if kind != "sum" else arrays[0]
        total = self.algebra.along(np.broadcast_to(product, (self.size(axis), *product.shape[1:])))
        return self.algebra.sqrt(total) if kind == "norm" else total

    def through(
        self, operation: Callable[..., Any], wanted: Order, axis: Axis, out: Axis | None, *args: tuple[Floats, Order]
    ) -> Floats:
        """An operation on vectors, which gives a scalar, or a vector along ``out``."""
        rest = tuple(one for one in wanted if one != out)
        vectors = []
        for array, order in args:
            spread = self.ordered(array, order, (axis, *rest))
            vectors.append(np.moveaxis(np.broadcast_to(spread, (self.size(axis), *spread.shape[1:])), 0, -1))
        found = operation(*vectors)
        if out is None:
            return self._led(np.asarray(found), 0, len(rest))
        along = np.moveaxis(np.stack(np.broadcast_arrays(*found), axis=-1), -1, 0)
        return self.ordered(self._led(along, 0, len(rest) + 1), (out, *rest), wanted)

    def at(self, array: Floats, order: Order, wanted: Order, axis: Axis, position: int) -> Floats:
        """One position of an axis."""
        spread = self.ordered(array, order, (axis, *wanted))
        return np.asarray(np.broadcast_to(spread, (self.size(axis), *spread.shape[1:]))[position])

    def delta(self, size: int) -> Floats:
        """1 on the diagonal."""
        return np.eye(size, dtype=self.algebra.dtype).reshape(size, size, *(1,) * self.algebra.leading)

    def ordered(self, array: Floats, order: Order, wanted: Order) -> Floats:
        """The array with its axes in another order, of length 1 where it lacks one."""
        if order == wanted:
            return array
        kept = [axis for axis in wanted if axis in order]
        behind = range(len(order), array.ndim)
        moved = array.transpose(*(order.index(axis) for axis in kept), *behind)
        lengths = [moved.shape[kept.index(axis)] if axis in kept else 1 for axis in wanted]
        shaped: Floats = moved.reshape(*lengths, *array.shape[len(order) :])
        return shaped

    def reread(self, array: Floats, order: Order, read: Order, wanted: Order) -> Floats:
        """The same entries, the axes of ``order`` in this order read as those of ``read``."""
        full = np.broadcast_to(array, (*map(self.size, order), *array.shape[len(order) :]))
        return self.ordered(full.reshape(*map(self.size, read), *array.shape[len(order) :]), read, wanted)

    def _led(self, array: Floats, own: int, front: int = 0) -> Floats:
        """The array with all leading axes: ``own`` axes stand behind them, ``front`` before them."""
        missing = self.algebra.leading + own + front - array.ndim
        return array.reshape(*array.shape[:front], *(1,) * missing, *array.shape[front:]) if missing > 0 else array
