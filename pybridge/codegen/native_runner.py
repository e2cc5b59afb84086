"""Runs compiled loops: on arrays as they lie in memory where they can be walked so, else on copies of a block at a time.

In: arrays of one shape.  Out: the result; or None where a number on the way is infinite or none, or a divisor 0.
"""

from __future__ import annotations

import ctypes
import math
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from threading import Lock
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import as_strided

from pybridge.codegen import c_source, cc
from pybridge.codegen.blocks import Arrangement, Array, arranged, boxes, empty_like, walked
from pybridge.codegen.numba_source import LANES, numba_source
from pybridge.codegen.schedule import Schedule
from pybridge.errors import MissingToolError, install

STORED = ("float32", "float64")
"""The dtypes that there is code for."""
_BLOCK = 1 << 18
"""So many numbers are copied at a time where arrays cannot be walked as they lie."""
_ALONE = 1 << 15
"""Fewer numbers are no work for several threads."""


class Kernels(Protocol):
    """The two functions that were compiled for some dtypes."""

    def __call__(
        self, how: Arrangement, m: int, scalars: Sequence[Array], vectors: Sequence[Array], out: Array, wrong: Array
    ) -> None:
        """Compute all batches of arrays that are walked like this."""


class NativeRunner(ABC):
    """A definition run by compiled code.

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
        self._lock = Lock()
        self._made: dict[tuple[str, ...], Kernels] = {}

    @abstractmethod
    def require(self) -> None:
        """Raise ``MissingToolError`` where what compiles it is not there."""

    @abstractmethod
    def text(self, stored: str, reads: Sequence[str]) -> str:
        """The source for a dtype of the result and dtypes of the vectors."""

    @abstractmethod
    def compiled(self, stored: str, reads: Sequence[str]) -> Kernels:
        """What it is compiled to."""

    def kernels(self, stored: str, reads: Sequence[str]) -> Kernels:
        """What was compiled for these dtypes, by the first thread that needs it."""
        key = (stored, *reads)
        if (found := self._made.get(key)) is None:
            with self._lock:
                if (found := self._made.get(key)) is None:
                    found = self._made[key] = self.compiled(stored, reads)
        return found

    def run(
        self,
        scalars: Sequence[Array],
        vectors: Sequence[Array],
        batch: tuple[int, ...],
        dtype: npt.DTypeLike,
        computing: np.dtype[Any],
    ) -> Array | None:
        """Compute the result; the parameters are those of ``NumPyRunner.run``."""
        shape = vectors[0].shape
        order = walked(vectors)
        rest = [k for k in order if k not in batch]
        kept = [k for k in range(len(shape)) if k not in batch]
        leading = tuple(shape[k] for k in kept)
        m = math.prod(shape[k] for k in batch)
        turned = [kept.index(k) for k in rest]
        spread = self.schedule.last is not None
        stored = np.dtype(dtype)
        as_they_are = all(map(_ready, vectors))
        out = empty_like(shape, order, stored) if spread else empty_like(leading, turned, stored)
        rows = [np.ascontiguousarray(np.broadcast_to(one, leading).transpose(turned), computing).reshape(-1) for one in scalars]
        wrong = np.zeros(math.prod(leading), np.int8)
        how = arranged([*vectors, *([out] if spread else [])], order, batch) if as_they_are else None
        if how is not None:
            kernels = self.kernels(stored.name, [one.dtype.name for one in vectors])
            kernels(how, m, rows, vectors, out, wrong)
        else:
            self._by_blocks(vectors, rows, out, wrong, rest, batch, m)
        return None if self.checked and wrong.any() else out

    def _by_blocks(
        self,
        vectors: Sequence[Array],
        rows: Sequence[Array],
        out: Array,
        wrong: Array,
        rest: Sequence[int],
        batch: Sequence[int],
        m: int,
    ) -> None:
        """Copy a block of batches, compute it, and put the result into its place."""
        turned = [one.transpose(*rest, *batch) for one in vectors]
        spread = self.schedule.last is not None
        lengths = turned[0].shape[: len(rest)]
        put = out.transpose(*rest, *batch) if spread else out.transpose([sorted(rest).index(k) for k in rest])
        numbers = np.arange(math.prod(lengths)).reshape(lengths)
        kernels = self.kernels(out.dtype.name, [_type(one) for one in vectors])
        for box in boxes(lengths, max(1, _BLOCK // m)):
            copies = [np.ascontiguousarray(one[box], _type(one)) for one in turned]
            where = numbers[box].reshape(-1)
            made = np.empty(copies[0].shape if spread else where.shape, out.dtype)
            step = (0, 0, m, 1)
            how = Arrangement((1, 1, len(where), m), (step,) * (len(copies) + spread), along=True)
            found = np.zeros(len(where), np.int8)
            kernels(how, m, [one[where] for one in rows], copies, made, found)
            put[box] = made.reshape(put[box].shape)
            wrong[where] = found


def _type(array: Array) -> str:
    return array.dtype.name if array.dtype.name in STORED else "float64"


def _ready(array: Array) -> bool:
    """Whether compiled code can read an array as it is."""
    return array.dtype.name in STORED and array.dtype.isnative and array.flags.aligned


class CRunner(NativeRunner):
    """Run by C, the batches shared among threads."""

    def require(self) -> None:
        cc.compiler()

    def text(self, stored: str, reads: Sequence[str]) -> str:
        names = dict(zip(self.schedule.lowered.vectors, reads, strict=True))
        return c_source.c_source(self.schedule, stored, names, checked=self.checked)

    def compiled(self, stored: str, reads: Sequence[str]) -> Kernels:
        library = cc.load(self.text(stored, reads))

        def run(how: Arrangement, m: int, scalars: Sequence[Array], vectors: Sequence[Array], out: Array, wrong: Array) -> None:
            function = library.along if how.along else library.across
            outer, _, inner, _ = how.shape
            count = outer * (inner if how.along else -(-inner // c_source.LANES))
            shape, steps = np.array(how.shape, np.int64), np.array(how.steps, np.int64)
            arrays = [ctypes.c_void_p(one.ctypes.data) for one in (*scalars, *vectors, out, wrong)]

            def part(first: int, last: int) -> None:
                function(
                    ctypes.c_int64(first),
                    ctypes.c_int64(last),
                    ctypes.c_void_p(shape.ctypes.data),
                    ctypes.c_void_p(steps.ctypes.data),
                    ctypes.c_double(m),
                    *arrays,
                )

            _shared(part, count, m * outer * inner)

        return run


class NumbaRunner(NativeRunner):
    """Run by numba, the batches in parallel."""

    def require(self) -> None:
        if find_spec("numba") is None:
            raise MissingToolError("numba is not installed", hint=f"`{install('numba')}`")

    def text(self, stored: str, reads: Sequence[str]) -> str:
        del reads  # numba finds out
        return numba_source(self.schedule, stored, checked=self.checked)

    def compiled(self, stored: str, reads: Sequence[str]) -> Kernels:
        del reads
        self.require()
        space: dict[str, Any] = {}
        name = f"<numba code of {self.schedule.lowered.name}>"
        exec(compile(self.text(stored, ()), name, "exec"), space)  # noqa: S102
        alone = {how: _alone(space[how]) for how in ("along", "across")}

        def run(how: Arrangement, m: int, scalars: Sequence[Array], vectors: Sequence[Array], out: Array, wrong: Array) -> None:
            outer, _, inner, _ = how.shape
            count = outer * (inner if how.along else -(-inner // LANES))
            arrays = [*map(_flat, scalars), *map(_flat, vectors), _flat(out, write=True), wrong]
            functions = alone if count == 1 or m * outer * inner < _ALONE else space
            functions["along" if how.along else "across"](how.shape, np.array(how.steps), float(m), *arrays)

        return run


def _alone(function: Any) -> Any:
    """The same function of numba on one thread: what starts several takes longer than a small batch."""
    return function.__class__(function.py_func, targetoptions={**function.targetoptions, "parallel": False})


def _flat(array: Array, *, write: bool = False) -> Array:
    """The memory of an array from its first number to its last."""
    span = 1 + sum((length - 1) * step for length, step in zip(array.shape, array.strides, strict=True)) // array.itemsize
    return as_strided(array, (span,), (array.itemsize,), writeable=write)


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(os.cpu_count() or 1, "pybridge")


def _shared(part: Callable[[int, int], None], count: int, numbers: int) -> None:
    """Run a function on a range: in parts on several threads, where that is worth it."""
    threads = min(os.cpu_count() or 1, count, numbers // _ALONE)
    if threads < 2:
        part(0, count)
        return
    parts = min(count, 4 * threads)
    cuts = [count * k // parts for k in range(parts + 1)]
    waiting = [_threads().submit(part, first, last) for first, last in pairwise(cuts)]
    for one in waiting:
        one.result()
