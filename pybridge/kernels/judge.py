"""Every number of a table against its bound: off, or not.

In: ``Table``s, a definition and the terms proved equal to it.  Out: a ``Judgement`` of each, in arrays (``judged.py`` has
its rows one by one).  What is certain in floats (``enclosed.py``) is taken from there, whole rows at a time; a row of which
anything is open, or that may have no bound, is compared in balls (``compare.py``), which raise what there is to raise.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from pybridge import ir
from pybridge.algebras.doubledouble import Doubles
from pybridge.errors import NoBoundError
from pybridge.export.loading import Export
from pybridge.kernels.arithmetic import Arithmetic
from pybridge.kernels.compare import Entry, entries
from pybridge.kernels.enclosed import Enclosed, Flags, Programs, enclosed, programs
from pybridge.kernels.forms import Form, forms
from pybridge.kernels.progress import progress
from pybridge.kernels.table import Row, Table, rows_without
from pybridge.semantics.boundedarrays import NotVectorised

AT_ONCE = 1 << 13
"""Numbers that are looked at together: what lies along them stays near the processor."""
HANDFUL, SHORT = 12, 96
"""So many numbers, of rows with no more entries in all, are compared in balls sooner than in arrays."""
_KEPT, _MOST_NODES = 16, 40_000
_kept: dict[tuple[int, int, str], tuple[Export, tuple[Form, ...], Programs]] = {}


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """What numbers are compared with."""

    definition: ir.Definition
    ways: tuple[Form, ...]
    arithmetic: Arithmetic
    export: Export
    programs: Programs

    def in_balls(self, row: Row) -> tuple[Entry, ...]:
        """Every number of a row; ``NoBoundError`` as ``compare.entries`` says."""
        return entries(row, self.ways, self.definition, self.export, self.arithmetic)

    def in_floats(self, table: Table, rows: slice | Sequence[int], *, whole: bool = False) -> Iterator[tuple[slice, Enclosed]]:
        """Some rows of a table, some columns at a time, or all of them."""
        return enclosed(self.programs, table, rows, self.definition.parameters, self.arithmetic, whole=whole)


def comparison(definition: ir.Definition, arithmetic: Arithmetic, export: Export) -> Comparison:
    """Comparison with a definition; the ways to compute it and their programs are kept for the next call."""
    key = (id(export.definitions), id(export.theorems), definition.name)
    kept = _kept.get(key)
    if kept is None or len(kept[2].lowering.builder) > _MOST_NODES:
        while len(_kept) >= _KEPT:
            del _kept[next(iter(_kept))]
        ways = forms(definition, export)
        kept = _kept[key] = (export, ways, programs(definition, ways, export.definitions))
    return Comparison(definition, kept[1], arithmetic, export, kept[2])


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """The numbers of a table that are off.

    Parameters
    ----------
    off
        Which, of the shape of the table's computed numbers.
    share
        Of each row the largest distance over the allowed one: at least and at most, shape (2, rows).
    factor
        A factor of all numbers that differs from 1 by more than this would take one of them out of its bound.
    """

    comparison: Comparison
    table: Table
    off: Flags
    share: Doubles
    factor: float = math.inf

    def __len__(self) -> int:
        return len(self.table)


def judge(tables: Iterable[Table], against: Comparison) -> tuple[Judgement, ...]:
    """Compare every number.

    Raises
    ------
    NoBoundError
        A row allows no bound, or one so wide that no digit is left to compare.
    """
    tables = tuple(tables)
    with progress(against.definition.name, sum(table.computed.size for table in tables)) as tell:
        found = []
        for table in tables:
            off, share, factor = np.zeros(table.computed.shape, dtype=bool), np.zeros((2, len(table))), math.inf
            step = max(1, AT_ONCE // table.size)
            for start in range(0, len(table), step):
                rows = slice(start, min(start + step, len(table)))
                open_rows: Sequence[int] = range(rows.stop - rows.start)
                if table.computed.size > HANDFUL or len(table) * table.size > SHORT:
                    with suppress(NotVectorised):
                        open_rows, seen = _in_floats(against, table, rows, off[rows], share[:, rows])
                        factor = min(factor, seen)
                for number in open_rows:
                    known = against.in_balls(table.row(start + number))
                    off[start + number] = [entry.off for entry in known]
                    share[:, start + number] = max(entry.share() for entry in known)
                    factor = min(factor, *map(_factor, known))
                tell(off[rows].size)
            found.append(Judgement(against, table, off, share, factor))
    return tuple(found)


def judged_where_bounded(table: Table, against: Comparison) -> tuple[Judgement, ...]:
    """Every row that has a bound compared; the others say nothing."""
    try:
        return judge([table], against)
    except NoBoundError:
        if len(table) == 1:
            return ()
    found: list[Judgement] = []
    for number in range(len(table)):
        found += judged_where_bounded(rows_without(table, [k != number for k in range(len(table))]), against)
    return tuple(found)


def _in_floats(against: Comparison, table: Table, rows: slice, off: Flags, share: Doubles) -> tuple[Sequence[int], float]:
    """Fill in what is off, and by which share; and return the rows of which something is open, and the smallest factor."""
    factor = math.inf
    certain = np.ones(len(off), dtype=bool)
    bounded, digit, nothing = certain.copy(), ~certain, certain.copy()
    for columns, found in against.in_floats(table, rows):
        got = table.computed[rows, columns].T
        within, beyond = found.standing(got)
        off[:, columns] = beyond.T
        certain &= (within | beyond).all(axis=0)
        finite, tells, zero = found.bounded()
        bounded &= finite
        digit |= tells
        nothing &= zero
        np.maximum(share, shares(found, got).max(axis=1), out=share)
        factor = min(factor, smallest_factor(found, got))
    left: list[int] = np.flatnonzero(~(certain & bounded & (digit | nothing))).tolist()
    return left, factor


def smallest_factor(found: Enclosed, got: Doubles) -> float:
    """The factor, less 1, that takes one of these numbers out of its bound; infinite where none does."""
    return float(factors_seen(found, got).min(initial=np.inf))


def factors_seen(found: Enclosed, got: Doubles) -> Doubles:
    """For each number the factor, less 1, that takes it out of its bound; infinite where none does."""
    size, allowed = found.value.size[0], found.allowed[1]
    with np.errstate(all="ignore"):
        room = (allowed + found.distance(got)[1]) / (size - allowed)
    return np.where((size > allowed) & np.isfinite(room), room, np.inf)


def _factor(entry: Entry) -> float:
    size = float(abs(entry.exact).abs_lower()) - float(entry.allowed.abs_upper())
    room = float(entry.allowed.abs_upper()) + float(entry.distance.abs_upper())
    return room / size if size > 0 and math.isfinite(room) else math.inf


def shares(found: Enclosed, got: Doubles) -> Doubles:
    """The distance over the allowed one, at least and at most, shape (2, …); infinite for what is no number."""
    distance = found.distance(got)
    with np.errstate(all="ignore"):
        share = np.where(distance == 0, 0, distance / found.allowed[::-1])
    return np.where(np.isfinite(got), share, np.inf)
