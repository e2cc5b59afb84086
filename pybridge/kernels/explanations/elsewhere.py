"""Sums within a gradient that run over other axes than those of the layer, while mean and variance do not.

In: whole tables of a kernel or a layer.  Out: the sentence that explains all their numbers, if one does.  The definition is
evaluated in float64, for every number by itself, with the sums concerned taken from the whole array; what is said fits within a
few times the bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np

from pybridge.algebras.doubledouble import Doubles
from pybridge.algebras.floats import FloatAlgebra, Floats
from pybridge.kernels.enclosed import Programs
from pybridge.kernels.judge import Comparison
from pybridge.kernels.listing import listed
from pybridge.kernels.sharper import of_rows
from pybridge.kernels.table import Table
from pybridge.semantics.boundedarrays import NotVectorised
from pybridge.semantics.machine import Machine
from pybridge.semantics.values import of_program

_MOST = 1 << 16
"""So many numbers are evaluated at most, each with all that it depends on."""
_ROOM = 4
"""The bound is that of other numbers of the same size."""


def elsewhere(tables: Sequence[tuple[Table, Comparison]], layout: str, own: str) -> Iterator[str]:
    """Yield what explains every number.

    Parameters
    ----------
    tables
        With one number for each entry of the batches, and all batches; and what they are compared with.
    layout, own
        The letters of the axes, and those that a batch runs over.
    """
    few = [one for one in tables if one[0].computed.size * one[0].size <= _MOST]
    if not few or any(table.scalar or table.lengths is not None for table, _ in few):
        return
    kept: list[_Sums] = []

    def fit(letters: str, chosen: Sequence[int]) -> bool:
        for number, one in enumerate(few):
            if number == len(kept):
                kept.append(_Sums(*one, layout))
            if not kept[number].fits(letters, chosen):
                return False
        return True

    try:
        kept.append(_Sums(*few[0], layout))
        every = range(len(kept[0].parts))
        for letters in _others(layout, own):
            for chosen in (*((k,) for k in every), *combinations(every, 2)):
                if fit(letters, chosen):
                    several = "one of its sums is" if len(chosen) == 1 else "two of its sums are"
                    yield f"{several} over {listed(letters)}, not over {listed(own)}"
    except NotVectorised:
        return


def _others(layout: str, own: str) -> Iterator[str]:
    for number in range(1, len(layout) + 1):
        for letters in combinations(layout, number):
            if set(letters) != set(own):
                yield "".join(letters)


class _Sums:
    """The sums that the numbers of a table depend on, and what these are with others in their place."""

    def __init__(self, table: Table, against: Comparison, layout: str) -> None:
        self.table, self.layout = table, layout
        self.programs = against.programs
        ((_, known),) = against.in_floats(self.table, slice(None), whole=True)
        self.room = np.asarray(known.allowed[1]) * _ROOM
        first = _Replaced({})
        _evaluated(first, self.programs, self.table.values, self.table.size)
        rows, size = len(self.table), self.table.size
        self.parts = [np.broadcast_to(one, (size, rows)) for one in first.parts]

    def fits(self, letters: str, chosen: Sequence[int]) -> bool:
        """Whether every number is what it is with these sums over other axes, as sums or as means."""
        return any(self._fits(letters, chosen, mean=mean) for mean in (True, False))

    def _fits(self, letters: str, chosen: Sequence[int], *, mean: bool) -> bool:
        table = self.table
        axes = tuple(self.layout.index(letter) for letter in letters)
        instead = {k: self._over(self.parts[k], axes, mean=mean) for k in chosen}
        repeated = {name: np.repeat(value, table.size, axis=0) for name, value in table.values.items()}
        found = _evaluated(_Replaced(instead), self.programs, repeated, table.size)
        each = np.arange(table.size * len(table))
        mine = found[each, each % table.size].reshape(len(table), table.size)
        with np.errstate(all="ignore"):
            return bool((np.abs(table.computed - mine) <= self.room.T).all())

    def _over(self, parts: Floats, axes: tuple[int, ...], *, mean: bool) -> Doubles:
        """A sum over other axes, as the number at each entry of each row takes it."""
        layout = self.table.layout
        array = layout.back(parts.T.reshape(*layout.leading, layout.size))
        total = array.sum(axis=axes, keepdims=True)
        if mean:
            total = total * layout.size / np.prod([array.shape[k] for k in axes])
        return np.asarray(layout.rows(total)).reshape(-1)


class _Replaced(FloatAlgebra):
    """Floats, some of whose sums are other numbers; keeps what was summed."""

    def __init__(self, instead: Mapping[int, Doubles]) -> None:
        super().__init__(np.float64, leading=1)
        self.instead, self.parts = instead, list[Floats]()

    def along(self, parts: Floats) -> Floats:
        """The sum along the first axis."""
        self.parts.append(parts)
        number = len(self.parts) - 1
        return self.instead[number] if number in self.instead else super().along(parts)


def _evaluated(algebra: _Replaced, programs: Programs, values: Mapping[str, Doubles], size: int) -> Doubles:
    """The definition on rows, shape (rows, m)."""
    machine: Machine[Floats, Floats] = Machine(algebra, of_rows(values, size), programs.lowering)
    with np.errstate(all="ignore"):
        found = of_program(machine, programs.own)
    machine.forget()
    rows = len(next(iter(values.values())))
    return np.broadcast_to(np.asarray(found), (rows, size))
