"""Rows as arrays: many batches of one size, and what a kernel computed for them.

In: arrays in a layout.  Out: a ``Table``, and any one of its rows as a ``Row``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from pybridge.algebras.doubledouble import Doubles
from pybridge.algebras.formats import Format
from pybridge.errors import brief
from pybridge.kernels.guesses import Counts
from pybridge.kernels.layout import Layout
from pybridge.semantics.environment import Raw


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Row:
    """One batch and what a kernel computed for it.

    Parameters
    ----------
    case
        Name of the arrays it comes from.
    size
        m.
    counts
        How many entries it has along some of its axes.
    values
        Of the definition's parameters, by their Lean names; exact.
    computed
        What the kernel computed, in the order of the batch; one number for a definition of sort scalar.
    places
        Where in the kernel's array each of them stands.
    lengths
        Of each index type of a definition about a whole layer; None where all are m.
    """

    case: str
    size: int
    counts: Counts
    values: Mapping[str, Raw]
    computed: tuple[float, ...]
    places: tuple[tuple[int, ...], ...]
    lengths: Mapping[str, int] | None = None

    def __repr__(self) -> str:
        return brief(self, f"{self.case} m = {self.size}".lstrip())


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Table:
    """Batches of one size, one in each row.

    Parameters
    ----------
    case, counts
        As for ``Row``.
    layout
        Where in the arrays the rows and their entries stand.
    values
        Of the definition's parameters, by their Lean names: of shape (rows, m) for a vector, (rows,) for a scalar.
    computed
        What the kernel computed, of shape (rows, m), or (rows, 1) for a definition of sort scalar.
    scalar
        Whether the definition is of sort scalar.
    lengths
        Of each index type of a definition about a whole layer, whose arrays are one row; None where all are m.
    chosen
        Which of the layout's batches the rows are, where they are not all.
    shape
        Of the kernel's array, where that of the layout is the same array with an axis taken apart.
    stored
        The format that the numbers came in, where it is not that of the arrays and they need it.
    known
        Arrays of the shape of ``computed``, or of one column, that a slip may bring in: γ and β, where they are no parameters.
    """

    case: str
    counts: Counts
    layout: Layout
    values: Mapping[str, Doubles]
    computed: Doubles
    scalar: bool
    lengths: Mapping[str, int] | None = None
    chosen: tuple[int, ...] | None = None
    shape: tuple[int, ...] | None = None
    stored: Format | None = None
    known: Mapping[str, Doubles] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.computed)

    def __repr__(self) -> str:
        return brief(self, f"{self.case} {len(self)} rows, m = {self.size}".lstrip())

    @property
    def size(self) -> int:
        """m, the number of entries of one batch; of a whole layer that of its largest array."""
        if self.lengths is not None:
            return max(int(value.shape[1]) for value in self.values.values() if value.ndim == 2)
        return self.layout.size

    @property
    def width(self) -> int:
        """How many numbers were computed for one row."""
        return int(self.computed.shape[1])

    def row(self, number: int) -> Row:
        """One of the batches."""
        return Row(
            case=self.case,
            size=self.size,
            counts=self.counts,
            values={name: value[number].tolist() for name, value in self.values.items()},
            computed=tuple(self.computed[number].tolist()),
            places=tuple(self.place(number, column) for column in range(self.width)),
            lengths=self.lengths,
        )

    def place(self, number: int, column: int) -> tuple[int, ...]:
        """Where in the kernel's array a number of a row stands."""
        number = number if self.chosen is None else self.chosen[number]
        leading = tuple(map(int, np.unravel_index(number, self.layout.leading))) if self.layout.leading else ()
        if self.scalar:
            return self._shown(leading, self.layout.leading)
        inside = map(int, np.unravel_index(column, self.layout.batch))
        found = dict(zip((*self.layout.rest, *self.layout.order), (*leading, *inside), strict=True))
        return self._shown(tuple(found[axis] for axis in range(len(found))), self.layout.shape)

    def _shown(self, place: tuple[int, ...], within: tuple[int, ...]) -> tuple[int, ...]:
        """A place in an array of one shape, in that of the kernel."""
        if self.shape is None or self.shape == within:
            return place
        return tuple(map(int, np.unravel_index(int(np.ravel_multi_index(place, within)), self.shape)))

    def given(self, rows: slice | Sequence[int]) -> dict[str, Doubles]:
        """The parameters' values in some of the rows: a vector's entries along the first axis, the rows along the last."""
        found = {}
        for name, value in self.values.items():
            part = value[rows]
            if part.ndim == 2:
                part = part.T if self.size >= len(part) else np.ascontiguousarray(part.T)
            found[name] = part
        return found


def rows_without(found: Table, poisoned: Sequence[bool]) -> Table:
    """The rows that are not poisoned."""
    kept = [number for number, one in enumerate(poisoned) if not one]
    pick: Mapping[str, Doubles] = {name: value[kept] for name, value in found.values.items()}
    known = {name: value[kept] for name, value in found.known.items()}
    places = kept if found.chosen is None else [found.chosen[number] for number in kept]
    return replace(found, values=pick, computed=found.computed[kept], chosen=tuple(places), known=known)
