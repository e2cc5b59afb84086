"""How arrays are gone through: in which order their axes lie in memory, and boxes of so many numbers.

In: arrays of one shape (broadcast), and which axes run over a batch.  Out: an ``Arrangement``, where the arrays can be walked
as they lie, or boxes to copy one after the other.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]
Box: TypeAlias = tuple[slice, ...]


def memory_order(array: Array) -> tuple[int, ...]:
    """The axes of an array, the one with the longest steps in memory first."""
    return tuple(sorted(range(array.ndim), key=lambda k: -abs(array.strides[k]) if array.shape[k] > 1 else -math.inf))


def empty_like(shape: Sequence[int], order: Sequence[int], dtype: npt.DTypeLike) -> Array:
    """An array whose axes lie in memory in this order."""
    if list(order) == list(range(len(shape))):
        return np.empty(shape, dtype)
    made: Array = np.empty([shape[k] for k in order], dtype)
    turned: Array = made.transpose([order.index(k) for k in range(len(order))])
    return turned


def boxes(lengths: Sequence[int], most: int) -> Iterator[Box]:
    """Boxes of at most so many entries that make up a range of these lengths; the last axes are cut last."""
    steps, inner = [], 1
    for length in reversed(lengths):
        step = max(1, min(length, most // inner))
        steps.append(step)
        inner *= step if step == length else most + 1
    steps.reverse()
    parts = [[slice(k, min(k + step, n)) for k in range(0, n, step)] for step, n in zip(steps, lengths, strict=True)]
    return product(*parts)


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Arrays as a compiled function walks them.

    Parameters
    ----------
    shape
        Batches, entries, batches, entries: how many of each lie within one another, the last ones closest.
    steps
        Of each array, by how many numbers each of the four goes on.
    along
        Whether the entries of a batch lie one after the other; else the batches do.
    """

    shape: tuple[int, int, int, int]
    steps: tuple[tuple[int, int, int, int], ...]
    along: bool


def arranged(arrays: Sequence[Array], order: Sequence[int], batch: Sequence[int]) -> Arrangement | None:
    """How to walk these arrays of one shape; None where they are no such four nested ranges, or have gaps at the innermost."""
    groups: list[tuple[bool, int, tuple[int, ...]]] = []
    for axis in order:
        length = arrays[0].shape[axis]
        if length == 1:
            continue
        if any(array.strides[axis] % array.itemsize or array.strides[axis] < 0 for array in arrays):
            return None
        steps = tuple(array.strides[axis] // array.itemsize for array in arrays)
        entry = axis in batch
        if groups and groups[-1][0] == entry:
            _, outer, before = groups[-1]
            if all(one == other * length for one, other in zip(before, steps, strict=True)):
                groups[-1] = (entry, outer * length, steps)
                continue
        groups.append((entry, length, steps))
    slots: list[tuple[int, tuple[int, ...]]] = []
    for entry in (True, False, True, False):
        if groups and groups[-1][0] == entry:
            slots.append(groups.pop()[1:])
        else:
            slots.append((1, (0,) * len(arrays)))
    if groups:
        return None
    slots.reverse()
    along = slots[3][0] > 1 or slots[2][0] == 1
    if any(step != 1 for step in slots[3 if along else 2][1]) and slots[3 if along else 2][0] > 1:
        return None
    b0, e0, b1, e1 = (length for length, _ in slots)
    steps_of = [tuple(steps[k] for _, steps in slots) for k in range(len(arrays))]
    return Arrangement((b0, e0, b1, e1), tuple((a, b, c, d) for a, b, c, d in steps_of), along)


def walked(arrays: Sequence[Array]) -> tuple[int, ...]:
    """The order of axes to go through arrays of one shape in: that of the first that is not the same along some axis."""
    if arrays[0].flags.c_contiguous:
        return tuple(range(arrays[0].ndim))
    full = (one for one in arrays if all(step or length == 1 for step, length in zip(one.strides, one.shape, strict=True)))
    return memory_order(next(full, arrays[0]))
