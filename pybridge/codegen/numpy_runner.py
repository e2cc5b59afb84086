"""Runs what ``numpy_source`` writes: one block of batches after the other, each in chunks that fit into the cache.

In: arrays of one shape.  Out: the result; or None where a number on the way is infinite or none, or a divisor 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from string import ascii_letters
from typing import Any

import numpy as np
import numpy.typing as npt

from pybridge.codegen.blocks import Array, Box, boxes, empty_like, walked
from pybridge.codegen.numpy_source import numpy_source
from pybridge.codegen.schedule import Schedule
from pybridge.codegen.text import arguments

_CHUNK = 1 << 15
"""So many numbers at a time: with those made on the way they stay in the cache of a core."""
_TOGETHER = 16
"""So many batches at least where these lie closest in memory: what is read with one of them is used."""


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
        self._names = arguments(schedule.lowered)
        space: dict[str, Any] = {}
        exec(compile(self.source, f"<numpy code of {schedule.lowered.name}>", "exec"), space)  # noqa: S102
        self._block: Callable[..., tuple[Any, tuple[Any, ...], tuple[Any, ...]]] = space["block"]

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
                return self._run(scalars, vectors, batch, dtype, computing)
            except FloatingPointError:
                return None

    def _run(
        self,
        scalars: Sequence[Array],
        vectors: Sequence[Array],
        batch: tuple[int, ...],
        dtype: npt.DTypeLike,
        computing: np.dtype[Any],
    ) -> Array | None:
        shape = vectors[0].shape
        order = walked(vectors)
        rest = [k for k in order if k not in batch]
        entries = [k for k in order if k in batch]
        kept = [k for k in range(len(shape)) if k not in batch]
        size = math.prod(shape[k] for k in entries)
        spread = self.schedule.last is not None
        leading = tuple(shape[k] for k in kept)
        out = empty_like(shape, order, dtype) if spread else np.empty(leading, dtype)
        wide = (*(1 if k in batch else n for k, n in enumerate(shape)),)
        given = [np.broadcast_to(array, leading).reshape(wide) if array.ndim else array for array in scalars]
        sums = _Sums(len(shape), batch)
        m = computing.type(size)
        together = _TOGETHER if rest and order[-1] == rest[-1] else 1
        names = [self._names[name] for name in self.schedule.lowered.vectors]
        most = max(_CHUNK // size, together)
        for box in boxes([shape[k] for k in rest], most):
            place = [slice(None)] * len(shape)
            for axis, part in zip(rest, box, strict=True):
                place[axis] = part
            here = tuple(place)
            rows = math.prod(part.stop - part.start for part in box)
            parts = list(boxes([shape[k] for k in entries], max(_CHUNK // rows, 1)))
            found = {name: array[here] for name, array in zip(names, vectors, strict=True)}
            chunks = _Chunks(found, out[here] if spread else None, entries, parts, computing)
            numbers = [array[here] if array.ndim else array for array in given]
            value, made, divisors = self._block(chunks, sums.total, sums.dot, m, *numbers)
            if self.checked and not _usual(made, divisors, computing):
                return None
            if not spread:
                there = tuple(place[k] for k in kept)
                out[there] = np.reshape(value, out[there].shape)
        return out


def _usual(sums: Sequence[Array], divisors: Sequence[Array], computing: np.dtype[Any]) -> bool:
    """Whether all sums are finite, and all divisors so far from 0 and infinity that their inverse is an ordinary number."""
    if not all(np.isfinite(one).all() for one in sums):
        return False
    least = np.finfo(computing).tiny * 4
    return all((np.abs(one) >= least).all() and (np.abs(one) <= 1 / least).all() for one in divisors)


class _Sums:
    """Sums over the entries of a chunk."""

    def __init__(self, axes: int, batch: Sequence[int]) -> None:
        self._batch = tuple(batch)
        self._letters = ascii_letters[:axes]
        self._kept = "".join(letter for k, letter in enumerate(self._letters) if k not in batch)
        self._wide = tuple(None if k in batch else slice(None) for k in range(axes))

    def total(self, array: Array) -> Array:
        found: Array = np.add.reduce(array, axis=self._batch, keepdims=True)
        return found

    def dot(self, *arrays: Array) -> Array:
        spelt = ",".join([self._letters] * len(arrays))
        found: Array = np.einsum(f"{spelt}->{self._kept}", *arrays)[self._wide]
        return found


class _Chunks:
    """The chunks of a block, as often as they are asked for; of one that is the whole block, the copies are kept."""

    def __init__(
        self,
        arrays: Mapping[str, Array],
        out: Array | None,
        entries: Sequence[int],
        parts: Sequence[Box],
        computing: np.dtype[Any],
    ) -> None:
        self._arrays = arrays
        self._out = out
        self._entries = entries
        self._parts = parts
        self._computing = computing
        self._room: dict[object, Array] = {}

    def __call__(self, *names: str, work: int, out: bool = False) -> Iterator[list[Array]]:
        for part in self._parts:
            given = []
            for name in names:
                array = self._arrays[name]
                there = array if len(self._parts) == 1 else array[self._place(part, array.ndim)]
                given.append(self._copied(name, there))
            shape = given[0].shape
            given += [self._buffer((k, shape), shape) for k in range(work)]
            if out and self._out is not None:
                given.append(self._out if len(self._parts) == 1 else self._out[self._place(part, self._out.ndim)])
            yield given

    def _place(self, part: Box, axes: int) -> Box:
        place = [slice(None)] * axes
        for axis, piece in zip(self._entries, part, strict=True):
            place[axis] = piece
        return tuple(place)

    def _copied(self, name: str, array: Array) -> Array:
        if array.dtype == self._computing and array.dtype.isnative:
            return array
        key = (name, array.shape)
        if len(self._parts) == 1 and key in self._room:
            return self._room[key]
        copy = self._buffer(key, array.shape)
        copy[...] = array
        return copy

    def _buffer(self, key: object, shape: tuple[int, ...]) -> Array:
        if (found := self._room.get(key)) is None:
            found = self._room[key] = np.empty(shape, self._computing)
        return found
