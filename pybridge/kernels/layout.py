"""Which axes of an array run over one batch, and the batches as rows.

In: the shapes of the vector arguments and the batch axes.  Out: a ``Layout`` that turns arrays into rows, one for each
batch, and back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import index
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from pybridge import ir
from pybridge.errors import InputError

F = TypeVar("F", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Layout:
    """The axes of arrays of one shape: ``order`` run over a batch, ``rest`` over the batches."""

    shape: tuple[int, ...]
    order: tuple[int, ...]
    rest: tuple[int, ...]
    leading: tuple[int, ...] = field(init=False)
    """The lengths of the axes that run over the batches."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "leading", tuple(self.shape[k] for k in self.rest))

    @property
    def batch(self) -> tuple[int, ...]:
        """The lengths of the axes that run over one batch."""
        return tuple(self.shape[k] for k in self.order)

    @property
    def size(self) -> int:
        """m, the number of entries of one batch."""
        return int(np.prod(self.batch, dtype=np.int64))

    def spread(self, array: npt.NDArray[F]) -> npt.NDArray[F]:
        """An array that broadcasts to ``shape``, as one of that shape."""
        return array if array.shape == self.shape else np.broadcast_to(array, self.shape)

    def rows(self, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """An array that broadcasts to ``shape``, as one of shape (*leading, size)."""
        spread = np.broadcast_to(array, self.shape)
        rows: npt.NDArray[Any] = spread.transpose(*self.rest, *self.order).reshape(*self.leading, self.size)
        return rows

    def without_batch(self, array: npt.NDArray[F]) -> npt.NDArray[F]:
        """An array of numbers for each batch, without the axes of the batch where these were kept with length 1."""
        kept = array.ndim == len(self.shape) and all(array.shape[k] == 1 for k in self.order)
        return array.squeeze(self.order) if kept else array

    def scalars(self, owner: str, name: str, array: npt.NDArray[F]) -> npt.NDArray[F]:
        """An array with one number for each batch, or one for all, as one of shape ``leading``.

        Raises
        ------
        InputError
            It is of another shape.
        """
        try:
            return np.broadcast_to(self.without_batch(array), self.leading)
        except ValueError:
            across = "; one for each entry of a batch it is: a batch lies along another axis, name it (axis, --axis)"
            raise InputError(
                f"{owner}: {name} is a scalar of shape {array.shape}, and the batches have shape {self.leading}",
                hint=f"give a number, or one for each batch{across if array.shape == tuple(self.batch) else ''}",
            ) from None

    def back(self, rows: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Rows that broadcast to shape (*leading, size), as an array of ``shape``."""
        spread = np.broadcast_to(rows, (*self.leading, self.size)).reshape(*self.leading, *self.batch)
        return np.ascontiguousarray(np.transpose(spread, np.argsort((*self.rest, *self.order))))


def check_one_batch(owner: str, variables: Sequence[ir.Variable]) -> None:
    """Refuse arguments with channels: arrays are taken apart into batches, and each is an argument by itself.

    Raises
    ------
    InputError
        A variable is a vector with channels.
    """
    for variable in variables:
        if isinstance(variable.kind, ir.VectorKind) and isinstance(variable.kind.space, ir.ChannelSpace):
            raise InputError(
                f"{owner}: {variable.name} has channels", hint="use the definition or theorem about one batch, and pass axis"
            )


def axes_of(owner: str, axis: int | Sequence[int]) -> tuple[int, ...]:
    """The axes that ``axis`` names.

    Raises
    ------
    InputError
        It is neither a number nor several, or none; True and False are no numbers here.
    """
    try:
        named = (axis,) if hasattr(axis, "__index__") else tuple(axis)
        axes = tuple(map(index, named))
    except TypeError:
        named = axes = ()
    if not axes or any(isinstance(one, bool) for one in named):
        raise InputError(f"{owner}: axis is {axis!r}", hint="give the number of the batch axis, or a tuple of several")
    return axes


def layout_of(owner: str, shapes: Mapping[str, tuple[int, ...]], axis: int | Sequence[int]) -> Layout:
    """The layout of vector arguments of these shapes.

    Parameters
    ----------
    owner
        What the arguments are for, to begin a message with.
    shapes
        By the argument's name; they broadcast.
    axis
        The axis, or axes, that run over one batch.

    Raises
    ------
    InputError
        The shapes do not fit together, there is no such axis, or the batch is empty.
    """
    return layout_along(owner, tuple(shapes.items()), axes_of(owner, axis))


@lru_cache(maxsize=256)
def layout_along(owner: str, named: tuple[tuple[str, tuple[int, ...]], ...], axes: tuple[int, ...]) -> Layout:
    """The same for axes that ``axes_of`` has seen."""
    shapes = dict(named)
    try:
        shape = np.broadcast_shapes(*shapes.values())
    except ValueError:
        listed = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise InputError(f"{owner}: shapes do not fit together: {listed}") from None
    order = tuple(k % max(len(shape), 1) for k in axes)
    if not all(-len(shape) <= k < len(shape) for k in axes) or len(set(order)) != len(order):
        raise InputError(f"{owner}: axis {axes} of arrays of shape {shape}", hint="pass another axis")
    layout = Layout(shape, order, tuple(k for k in range(len(shape)) if k not in order))
    if 0 in layout.leading:
        raise InputError(
            f"{owner}: there is no batch: arrays of shape {shape}, of which axis {axes} is the batch", hint="give one"
        )
    if layout.size == 0:
        raise InputError(f"{owner}: m = 0: the batch axes of shape {layout.batch} are empty", hint="give a batch")
    return layout
