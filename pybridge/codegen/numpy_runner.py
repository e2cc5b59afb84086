"""Runs what ``numpy_source`` writes: one block of batches after the other, each in chunks that fit into the cache.

In: arrays of one shape.  Out: the result; or None where a number on the way is infinite or none, or a divisor 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import add
from string import ascii_letters
from typing import Any

import numpy as np
import numpy.typing as npt

from pybridge.codegen.blocks import Array, Box, boxes, empty_like, walked
from pybridge.codegen.numpy_source import MOST_FACTORS, numpy_source
from pybridge.codegen.schedule import Schedule
from pybridge.codegen.text import arguments

_CHUNK = 1 << 15
"""So many numbers at a time: with those made on the way they stay in the cache of a core."""
_TOGETHER = 16
"""So many batches at least where these lie closest in memory: what is read with one of them is used."""
_FEW = 1 << 11
"""Of so few numbers the products are made first: it takes less than ``einsum`` does to read what is wanted of it."""


class NumPyRunner:
    """A definition run by NumPy.

    Parameters
    ----------
    schedule
        Of the definition.
    checked
        Whether it looks for numbers that are infinite or none and for divisors that are 0.
    """

    def __init__(self, schedule: Schedule, *, checked: bool) -> None:
        self.schedule = schedule
        self.checked = checked
        self.source = numpy_source(schedule)
        own = arguments(schedule.lowered)
        self._names = [own[name] for name in schedule.lowered.vectors]
        space: dict[str, Any] = {}
        exec(compile(self.source, f"<numpy code of {schedule.lowered.name}>", "exec"), space)  # noqa: S102
        self._block: Callable[..., tuple[Any, tuple[Array, ...], tuple[Array, ...]]] = space["block"]

    def run(
        self,
        scalars: Sequence[Array],
        vectors: Sequence[Array],
        batch: tuple[int, ...],
        dtype: npt.DTypeLike,
        computing: np.dtype[Any],
    ) -> Array | None:
        """Compute the result.

        Parameters
        ----------
        scalars
            One number for each batch, of shape ``leading``, that of the axes not in ``batch``, or for all, of shape ().
        vectors
            Arrays of one shape.
        batch
            The axes that run over a batch.
        dtype, computing
            Of the result, and in which it is computed.
        """
        with np.errstate(all="raise" if self.checked else "ignore", under="ignore"):
            try:
                return self._run(scalars, vectors, _plan(vectors[0].shape, walked(vectors), batch), dtype, computing)
            except FloatingPointError:
                return None

    def _run(
        self, scalars: Sequence[Array], vectors: Sequence[Array], plan: _Plan, dtype: npt.DTypeLike, computing: np.dtype[Any]
    ) -> Array | None:
        spread = self.schedule.last is not None
        out = empty_like(vectors[0].shape, plan.order, dtype) if spread else np.empty(plan.leading, dtype)
        given = [_broadcast(one, plan.leading).reshape(plan.wide) if one.ndim else one for one in scalars]
        m = computing.type(plan.size)
        for block in plan.blocks:
            here, into, numbers = vectors, out, given
            if len(plan.blocks) > 1:
                here, into = [array[block.place] for array in vectors], out[block.place] if spread else out
                numbers = [one[block.place] if one.ndim else one for one in given]
            arrays = dict(zip(self._names, here, strict=True))
            chunks = _Chunks(arrays, into if spread else None, block.parts, computing)
            value, sums, divisors = self._block(chunks, plan.sums.total, plan.sums.dot, m, *numbers)
            if self.checked and not _usual(sums, divisors, computing):
                return None
            if not spread:
                out[block.kept] = np.reshape(value, out[block.kept].shape)
        return out


def _broadcast(array: Array, shape: tuple[int, ...]) -> Array:
    return array if array.shape == shape else np.broadcast_to(array, shape)


def _usual(sums: Sequence[Array], divisors: Sequence[Array], computing: np.dtype[Any]) -> bool:
    """Whether all sums are finite, and the inverse of no divisor is too small to have all its digits.

    A sum of all of them is finite only if each is; a divisor that is 0 was a ``FloatingPointError``.
    """
    if sums and not np.logical_and.reduce(np.isfinite(reduce(add, sums)), axis=None):
        return False
    if not divisors:
        return True
    largest = np.maximum.reduce(reduce(add, map(np.abs, divisors)), axis=None)  # NaN where one is
    return bool(largest <= _largest(computing))


@lru_cache(maxsize=8)
def _largest(computing: np.dtype[Any]) -> np.floating[Any]:
    """What has an inverse well above the numbers with fewer digits."""
    found: np.floating[Any] = 1 / (np.finfo(computing).tiny * 4)
    return found


@dataclass(frozen=True, slots=True)
class _Block:
    """Some batches: where they are in arrays of all axes, and of those that are kept; and their chunks."""

    place: Box
    kept: Box
    parts: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    """How arrays of one shape are gone through."""

    order: tuple[int, ...]
    leading: tuple[int, ...]
    wide: tuple[int, ...]
    size: int
    blocks: tuple[_Block, ...]
    sums: _Sums


@lru_cache(maxsize=64)
def _plan(shape: tuple[int, ...], order: tuple[int, ...], batch: tuple[int, ...]) -> _Plan:
    rest = [k for k in order if k not in batch]
    entries = [k for k in order if k in batch]
    kept = [k for k in range(len(shape)) if k not in batch]
    size = math.prod(shape[k] for k in entries)
    together = _TOGETHER if rest and order[-1] == rest[-1] else 1
    blocks = []
    for box in boxes([shape[k] for k in rest], max(_CHUNK // size, together)):
        place = _place(box, rest, len(shape))
        rows = math.prod(part.stop - part.start for part in box)
        cut = list(boxes([shape[k] for k in entries], max(_CHUNK // rows, 1)))
        parts = tuple(_place(part, entries, len(shape)) for part in cut)
        blocks.append(_Block(place, tuple(place[k] for k in kept), parts))
    wide = tuple(1 if k in batch else length for k, length in enumerate(shape))
    leading = tuple(shape[k] for k in kept)
    return _Plan(order, leading, wide, size, tuple(blocks), _Sums(len(shape), batch))


def _place(box: Box, axes: Sequence[int], count: int) -> Box:
    place = [slice(None)] * count
    for axis, part in zip(axes, box, strict=True):
        place[axis] = part
    return tuple(place)


class _Sums:
    """Sums over the entries of a chunk; the axes of the entries stay, of length 1."""

    def __init__(self, axes: int, batch: Sequence[int]) -> None:
        self._batch = tuple(batch)
        letters = ascii_letters[:axes]
        kept = "".join(letter for k, letter in enumerate(letters) if k not in batch)
        self._spelt = [",".join([letters] * count) + f"->{kept}" for count in range(MOST_FACTORS + 1)]
        self._wide = tuple(None if k in batch else slice(None) for k in range(axes))

    def total(self, before: Array | None, array: Array) -> Array:
        """The sums of the entries, added to those of the chunks before."""
        found: Array = np.add.reduce(array, axis=self._batch, keepdims=True)
        return found if before is None else before + found

    def dot(self, before: Array | None, *arrays: Array) -> Array:
        """The sums of the products of the entries, added to those of the chunks before."""
        if arrays[0].size <= _FEW:
            return self.total(before, reduce(np.multiply, arrays))
        found: Array = np.einsum(self._spelt[len(arrays)], *arrays)[self._wide]
        return found if before is None else before + found


class _Chunks:
    """The chunks of a block, as often as they are asked for; of one that is the whole block, the copies are kept."""

    def __init__(self, arrays: Mapping[str, Array], out: Array | None, parts: Sequence[Box], computing: np.dtype[Any]) -> None:
        self._arrays = arrays
        self._out = out
        self._parts = parts
        self._computing = computing
        self._room: dict[object, Array] = {}

    def __call__(self, *names: str, work: int, out: bool = False) -> Iterable[list[Array]]:
        """Each chunk's vectors, room for so many numbers made on the way, and for the result."""
        if len(self._parts) == 1:
            return [self._whole(names, work, out=out)]
        return (self._part(place, names, work, out=out) for place in self._parts)

    def _whole(self, names: Sequence[str], work: int, *, out: bool) -> list[Array]:
        given = []
        for name in names:
            if (copy := self._room.get(name)) is None:
                copy = self._room[name] = np.asarray(self._arrays[name], self._computing)
            given.append(copy)
        given += [self._buffer(k, given[0].shape) for k in range(work)]
        return [*given, self._out] if out and self._out is not None else given

    def _part(self, place: Box, names: Sequence[str], work: int, *, out: bool) -> list[Array]:
        given = []
        for name in names:
            array = self._arrays[name][place]
            if array.dtype != self._computing:
                copy = self._buffer((name, array.shape), array.shape)
                copy[...] = array
                array = copy
            given.append(array)
        shape = given[0].shape
        given += [self._buffer((k, shape), shape) for k in range(work)]
        return [*given, self._out[place]] if out and self._out is not None else given

    def _buffer(self, key: object, shape: tuple[int, ...]) -> Array:
        if (found := self._room.get(key)) is None:
            found = self._room[key] = np.empty(shape, self._computing)
        return found
