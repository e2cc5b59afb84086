"""A definition evaluated operation by operation on whole arrays, every division and overflow watched.

In: arguments.  Out: the value, or the line that says why there is none.  This is what a definition means in floating point;
``generated.py`` is faster, and comes back here where it meets a number that is infinite or none, a divisor that is 0, or a
batch in which some vector is constant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from pybridge import ir
from pybridge.algebras.floats import FloatAlgebra, Floats
from pybridge.errors import InputError
from pybridge.kernels.arguments import Given, refuse_infinite
from pybridge.semantics.environment import Environment
from pybridge.semantics.evaluate import evaluate

Array = npt.NDArray[Any]
_TOGETHER = 1 << 18
"""So many numbers of constant batches are looked at together."""
_PROBES = 16


def by_nodes(definition: ir.Definition, given: Given, definitions: Mapping[str, ir.Definition]) -> Array:
    """The value of a definition.

    Raises
    ------
    InputError
        An argument is not finite, something is divided by 0, or overflows.
    """
    owner, layout, computing = definition.name, given.layout, given.computing
    refuse_any_infinite(definition, given)
    scalars: dict[str, Floats] = {}
    rows: dict[str, Floats] = {}
    for name, array in given.arrays.items():
        if name in given.vectors:
            rows[name] = layout.rows(cast(owner, name, array, computing))
        else:
            scalars[name] = cast(owner, name, layout.scalars(owner, name, array), computing)
    algebra = Strict(owner, computing, len(layout.leading))
    sizes = {index.name: layout.size for index in definition.indices}
    with np.errstate(all="ignore"):
        level = {name: _levelled(values) for name, values in rows.items()}
    try:
        evaluate(definition.body, algebra, Environment(sizes, scalars, level), definitions)
        found = evaluate(definition.body, algebra, Environment(sizes, scalars, rows), definitions)
        with np.errstate(over="raise", under="ignore"):
            result = found.astype(given.common)
    except FloatingPointError:
        raise overflow(definition.name, computing, given.common) from None
    if isinstance(definition.body, ir.SCALARS):
        rows_result: Array = np.broadcast_to(result, layout.leading).copy()
        return rows_result
    return layout.back(result)


def overflow(owner: str, computing: np.dtype[Any], common: np.dtype[Any]) -> InputError:
    """What is said where a number becomes too large."""
    return InputError(
        f"{owner}: an overflow, computed in {computing} for a result in {common}",
        hint="scale the arguments down, or pass a wider dtype",
    )


def refuse_any_infinite(definition: ir.Definition, given: Given) -> None:
    """Refuse arguments with a NaN or an infinity, also one that is an infinity in the type computed in.

    Raises
    ------
    InputError
        There is one.
    """
    for name, array in given.arrays.items():
        refuse_infinite(definition.name, name, array)


def refuse_constant(definition: ir.Definition, given: Given, definitions: Mapping[str, ir.Definition]) -> None:
    """Refuse a batch in which a vector is constant and something is therefore divided by 0.

    Floating point makes the mean of such a batch inexact and its variance positive; of ones it is exact, so that a division by
    0 is seen.

    Raises
    ------
    InputError
        There is one.
    """
    layout, computing = given.layout, given.computing
    spread = [layout.spread(given.arrays[name]) for name in given.vectors]
    if not any(_may_be_constant(array, layout.order) for array in spread):
        return
    vectors = dict(zip(given.vectors, spread, strict=True))
    suspects = np.zeros(layout.leading, bool)
    for array in vectors.values():
        suspects |= _constant(array.transpose(*layout.rest, *layout.order), len(layout.rest))
    sizes = {index.name: layout.size for index in definition.indices}
    places = np.argwhere(suspects)
    step = max(1, _TOGETHER // layout.size)
    for first in range(0, len(places), step):
        some = places[first : first + step]
        here = tuple(some.T)
        rows = {
            name: array.transpose(*layout.rest, *layout.order)[here].reshape(len(some), layout.size).astype(computing)
            for name, array in vectors.items()
        }
        scalars = {
            name: layout.scalars(definition.name, name, array)[here].reshape(len(some)).astype(computing)
            for name, array in given.arrays.items()
            if name not in vectors
        }
        level = Environment(sizes, scalars, {name: _levelled(values) for name, values in rows.items()})
        algebra = Strict(definition.name, computing, 1, [tuple(int(k) for k in place) for place in some])
        try:
            evaluate(definition.body, algebra, level, definitions)
        except FloatingPointError:
            raise overflow(definition.name, computing, given.common) from None


def _may_be_constant(array: Array, batch: tuple[int, ...]) -> bool:
    """Whether the first entry of some batch is equal to the last."""
    first, last = _ends(array.ndim, batch)
    return bool(np.logical_or.reduce(np.equal(array[first], array[last]), axis=None))


@lru_cache(maxsize=64)
def _ends(axes: int, batch: tuple[int, ...]) -> tuple[tuple[int | slice, ...], tuple[int | slice, ...]]:
    """The indices of the first entry of every batch, and of the last."""
    first, last = (tuple(end if k in batch else slice(None) for k in range(axes)) for end in (0, -1))
    return first, last


def _constant(array: Array, leading: int) -> Array:
    """For each batch, whether all its entries are the same; most are not, which a few of them show."""
    batch = array.shape[leading:]
    whole = (slice(None),) * leading
    first = array[whole + (0,) * len(batch)]
    found = np.ones(first.shape, bool)
    for place in _probes(batch):
        found &= first == array[whole + place]
    for here in map(tuple, np.argwhere(found)):
        found[here] = bool((array[here] == first[here]).all())
    return found


def _probes(batch: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    size = int(np.prod(batch))
    for k in range(1, min(_PROBES, size)):
        yield tuple(int(one) for one in np.unravel_index(k * size // _PROBES if size > _PROBES else k, batch))


class Strict(FloatAlgebra):
    """Floats in which a division by 0 or an overflow is an error: what a kernel is compared with should not hide it."""

    def __init__(self, name: str, dtype: npt.DTypeLike, leading: int, places: list[tuple[int, ...]] | None = None) -> None:
        super().__init__(dtype, leading=leading)
        self._name = name
        self._places = places

    def context(self) -> AbstractContextManager[object]:
        """An overflow, or an infinity less another, is a ``FloatingPointError``."""
        return np.errstate(over="raise", invalid="raise", under="ignore")

    def divide(self, left: Floats, right: Floats) -> Floats:
        if (zero := right == 0).any():
            where = tuple(int(k) for k in np.argwhere(zero)[0])
            if self._places is not None and where:
                where = self._places[where[-1]]
            raise InputError(
                f"{self._name}: a division by 0{f' at {where}' if where else ''}: a batch with variance + ε ≤ 0?",
                hint="the statements assume 0 < variance + ε",
            )
        return super().divide(left, right)


def cast(owner: str, name: str, array: Array, dtype: np.dtype[Any]) -> Array:
    """The argument in another type.

    Raises
    ------
    InputError
        There a number of it is infinite.
    """
    with np.errstate(all="ignore"):
        found = array.astype(dtype)
    refuse_infinite(owner, name, found, f" in {dtype}")
    return found


def _levelled(rows: Floats) -> Floats:
    """The rows, with a constant row replaced by ones or zeros."""
    constant = (rows == rows[..., :1]).all(axis=-1, keepdims=True)
    return np.where(constant, (rows != 0).astype(rows.dtype), rows)
