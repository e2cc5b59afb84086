"""Judged rows, one by one, made where they are looked at.

In: ``Judgement``s.  Out: ``Judged`` rows with their ``Entry``s.  An entry is taken from the arrays of floats where these tell
every digit that is shown of it, else from balls.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import overload

import numpy as np
from flint import arb

from pybridge.algebras.ball import BallAlgebra
from pybridge.checking.settle import PRECISIONS
from pybridge.errors import brief
from pybridge.kernels.compare import Entry
from pybridge.kernels.enclosed import Enclosed
from pybridge.kernels.judge import Judgement, shares
from pybridge.kernels.table import Row, Table
from pybridge.semantics.boundedarrays import NotVectorised

FEW = 1024
"""So many numbers may be compared in balls to tell which is the worst, or all digits of it."""
SAME = 2.0**-30
"""Shares that differ by less, relatively, are told apart by balls only."""
_DIGITS = 2.0**-60
"""A radius that is smaller, relatively, leaves every digit that is shown as it is."""


class Judged:
    """A row and its entries.

    Parameters
    ----------
    judgement
        Of the table.
    number
        Which of its rows.
    """

    def __init__(self, judgement: Judgement, number: int) -> None:
        self.judgement, self.number = judgement, number

    def __repr__(self) -> str:
        return brief(self, f"{self.table.case} m = {self.size}: {self.count_off} of {self.width} numbers off".lstrip())

    @property
    def table(self) -> Table:
        """Whose row it is."""
        return self.judgement.table

    @property
    def size(self) -> int:
        """How many entries the batch has, m."""
        return self.table.size

    @property
    def width(self) -> int:
        """How many numbers there are."""
        return self.table.width

    @property
    def count_off(self) -> int:
        """How many of them are certainly further off than the bound allows."""
        return int(np.count_nonzero(self.judgement.off[self.number]))

    @property
    def off(self) -> bool:
        """Whether one is."""
        return self.count_off > 0

    @cached_property
    def row(self) -> Row:
        """The batch and what was computed for it."""
        return self.table.row(self.number)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The numbers, compared in balls."""
        return self.judgement.comparison.in_balls(self.row)

    def called(self, case: str) -> Judged:
        """The same under another name."""
        return Judged(replace(self.judgement, table=replace(self.table, case=case)), self.number)

    def worst(self) -> Entry:
        """The number with the largest share of its bound, the first of several."""
        try:
            return self._worst()
        except NotVectorised:
            return max(self.entries, key=Entry.share)

    def _worst(self) -> Entry:
        got = self.table.computed[self.number]
        spoilt = np.flatnonzero(~np.isfinite(got))
        if len(spoilt):
            return self._entry(int(spoilt[0]))
        share = np.concatenate([shares(found, got[columns, np.newaxis]) for columns, found in self._enclosed()], axis=1)[
            :, :, 0
        ]
        near = np.flatnonzero(share[1] >= share[0].max() * (1 - SAME))
        if len(near) > 1 and self.width <= FEW:
            return max(self.entries, key=Entry.share)
        return self._entry(int(near[0]))

    def _enclosed(self) -> Iterator[tuple[slice, Enclosed]]:
        return self.judgement.comparison.in_floats(self.table, [self.number])

    def _entry(self, column: int) -> Entry:
        """One of the numbers, from floats where they tell what is shown of it."""
        for columns, found in self._enclosed():
            if columns.start <= column < columns.stop:
                at, got = column - columns.start, float(self.table.computed[self.number, column])
                told, bounded = _told(found, at, got)
                if bounded and (told or self.width > FEW):
                    return _entry(
                        found, at, got, self.table.place(self.number, column), off=bool(self.judgement.off[self.number, column])
                    )
        return self.entries[column]


def _told(found: Enclosed, at: int, got: float) -> tuple[bool, bool]:
    """Whether floats tell the digits of a number, and whether its bound is known."""
    value, scale = found.value.data[:3, at, 0], found.value.scale[:, at, 0]
    share = shares(found, np.full(found.allowed.shape[1:], got))[:, at, 0]
    near = (
        value[2] <= abs(value[0]) * _DIGITS,
        share[1] * (1 - SAME) <= share[0] or not np.isfinite(got),
        scale[1] * (1 - SAME) <= scale[0],
    )
    return all(near), bool(found.allowed[1, at, 0] < np.inf)


def _entry(found: Enclosed, at: int, got: float, place: tuple[int, ...], *, off: bool) -> Entry:
    high, low, radius = map(float, found.value.data[:3, at, 0])
    with BallAlgebra(PRECISIONS[0]).context():
        allowed, scale = (
            arb(float(least)).union(arb(float(most))) for least, most in (found.allowed[:, at, 0], found.value.scale[:, at, 0])
        )
        exact = arb(high) + arb(low) + arb(0, radius)
    return Entry(place=place, got=got, exact=exact, allowed=allowed, scale=scale, off=off)


class Rows(Sequence[Judged]):
    """The rows of some judgements; each is made where it is asked for."""

    def __init__(self, judgements: Sequence[Judgement]) -> None:
        self.judgements = tuple(judgements)

    def __len__(self) -> int:
        return sum(map(len, self.judgements))

    def __iter__(self) -> Iterator[Judged]:
        return (Judged(judgement, number) for judgement in self.judgements for number in range(len(judgement)))

    @overload
    def __getitem__(self, place: int) -> Judged: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Judged, ...]: ...

    def __getitem__(self, place: int | slice) -> Judged | tuple[Judged, ...]:
        if isinstance(place, slice):
            return tuple(self[number] for number in range(*place.indices(len(self))))
        number = place + len(self) if place < 0 else place
        for judgement in self.judgements:
            if 0 <= number < len(judgement):
                return Judged(judgement, number)
            number -= len(judgement)
        raise IndexError(place)

    @property
    def numbers(self) -> int:
        """How many numbers there are."""
        return sum(judgement.off.size for judgement in self.judgements)

    @property
    def off(self) -> bool:
        """Whether any of them is off."""
        return any(bool(judgement.off.any()) for judgement in self.judgements)

    def wrong(self) -> Iterator[Judged]:
        """Yield the rows with numbers that are off."""
        return self._where(off=True)

    def right(self) -> Iterator[Judged]:
        """Yield the others."""
        return self._where(off=False)

    def _where(self, *, off: bool) -> Iterator[Judged]:
        for judgement in self.judgements:
            for number in np.flatnonzero(judgement.off.any(axis=1) == off).tolist():
                yield Judged(judgement, number)

    def smallest(self) -> Judged | None:
        """The first of the shortest rows that have a number off."""
        wrong = [judgement for judgement in self.judgements if judgement.off.any()]
        return next(Rows([min(wrong, key=lambda one: one.table.size)]).wrong()) if wrong else None

    def worst(self) -> tuple[Judged, Entry]:
        """Of the numbers that are off the one with the largest share of its bound, the first of several, and its row."""
        spoilt = (one for one in self.wrong() if not np.isfinite(one.table.computed[one.number]).all())
        if (first := next(spoilt, None)) is not None:
            return first, first.worst()
        near = list(self._near(off=True))
        if len(near) > 1 and sum(one.width for one in near) <= FEW:
            every = ((one, entry) for one in near for entry in one.entries if entry.off)
            return max(every, key=lambda pair: pair[1].share())
        return near[0], near[0].worst()

    def share(self) -> float:
        """The largest share of a bound; from above where only many balls would tell it."""
        least, most = (max(float(one.share[side].max()) for one in self.judgements) for side in (0, 1))
        if most * (1 - SAME) > least:
            near = list(self._near(off=False))
            if sum(one.width for one in near) <= FEW:
                return max(entry.share() for one in near for entry in one.entries)
        return most

    def _near(self, *, off: bool) -> Iterator[Judged]:
        """Yield the rows of which floats don't exclude that they have the largest share."""
        least = max(float(one.share[0].max()) for one in self.judgements)
        for judgement in self.judgements:
            chosen = judgement.share[1] >= least * (1 - SAME)
            if off:
                chosen &= judgement.off.any(axis=1)
            for number in np.flatnonzero(chosen).tolist():
                yield Judged(judgement, number)
