"""The rows a diagnosis looks at, against other definitions: in floats where these are certain, else in balls.

In: judged rows, changed definitions, an arithmetic.  Out: whether all numbers are within the bounds of the change; whether
one that is off is told from the definition; how far the bound of a worse way reaches.  The programs of changed definitions
share what is not changed, and so do the values: a change is run from where it was made. A few numbers come first, to which
most changes do not fit; where they are very few, they are computed in balls at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

import numpy as np
from flint import arb

from pybridge.algebras.bounded import Bounded
from pybridge.algebras.bounding import BoundedAlgebra
from pybridge.algebras.doubledouble import ADDING, UNIT, Doubles, add
from pybridge.algebras.rounding import Rounded, RoundingAlgebra
from pybridge.checking.settle import PRECISIONS
from pybridge.ir.rewrite import reachable
from pybridge.kernels.arithmetic import Arithmetic
from pybridge.kernels.compare import Entry, fits, sizes_of, stored_each
from pybridge.kernels.enclosed import Enclosed, Flags, given, own_program, stored, wide
from pybridge.kernels.guesses import Counts, Definitions
from pybridge.kernels.judge import Comparison, Judgement
from pybridge.kernels.judged import Judged
from pybridge.semantics.boundedarrays import NotVectorised
from pybridge.semantics.environment import bind
from pybridge.semantics.lowering import Lowering
from pybridge.semantics.machine import Machine
from pybridge.semantics.program import Coordinates, Node
from pybridge.semantics.values import of_program

_FIRST = 512
"""So many numbers are looked at first."""
HANDFUL = 32
"""So many are looked at in balls sooner than in arrays."""
_KEPT = 8
ENTRIES = 1 << 16
"""Rows of so many numbers together keep their values in balls from one change to the next, some kilobytes a number."""
_ROOM = 2.0**-40
"""What is nearer to a bound than this, relatively, is left to balls."""


class Changes:
    """The programs of a definition with others in place of those it calls; what calls none of these is lowered once."""

    def __init__(self, against: Comparison) -> None:
        self.definition = against.definition
        self.lowering = against.programs.lowering
        base = self.lowering.definitions
        self._called = {name: {one.name for one in reachable(found, base)} for name, found in base.items()}
        self._kept: dict[int, tuple[Definitions, Lowering, Node | Coordinates]] = {}

    def program(self, definitions: Definitions) -> tuple[Lowering, Node | Coordinates]:
        """How the definition is lowered among these."""
        found = self._kept.get(id(definitions))
        if found is None:
            while len(self._kept) >= _KEPT:
                del self._kept[next(iter(self._kept))]
            lowering = self._changed(definitions)
            found = self._kept[id(definitions)] = definitions, lowering, own_program(self.definition, lowering)
        return found[1:]

    def _changed(self, definitions: Definitions) -> Lowering:
        base = self.lowering.definitions
        if definitions is base:
            return self.lowering
        changed = {name for name, definition in definitions.items() if base.get(name) is not definition}
        touched = {name for name, called in self._called.items() if changed & called}
        return self.lowering.changed(definitions, changed | touched)


class Look:
    """Rows of one table."""

    def __init__(self, judgement: Judgement, numbers: Sequence[int], changes: Changes) -> None:
        self.changes = changes
        self.comparison: Comparison = judgement.comparison
        self.table = judgement.table
        self.numbers = list(numbers)
        self.judged = [Judged(judgement, number) for number in self.numbers]
        self.off: Flags = judgement.off[self.numbers].T
        self.got: Doubles = self.table.computed[self.numbers].T
        vectors = [value[self.numbers] for value in self.table.values.values() if value.ndim == 2]
        each = [(value == value[:, :1]).all(axis=1) for value in vectors]
        self.level: Flags = np.any(each, axis=0) if each else np.zeros(len(self.numbers), dtype=bool)
        self._few = len(self.numbers) * self.table.size <= HANDFUL
        self._machines: dict[str, Machine[Any, Any]] = {}
        self._in_balls: dict[tuple[str, int], Machine[Any, Any]] = {}
        self._allowed: Enclosed | None = None
        self._fits: dict[tuple[Node | Coordinates, Arithmetic], bool] = {}

    @property
    def counts(self) -> Counts:
        """Those of its rows."""
        return self.table.counts

    def enclosed(self, definitions: Definitions, arithmetic: Arithmetic) -> Enclosed:
        """The definition with others in place of those it calls; the largest bound is its own."""
        algebra: Any = BoundedAlgebra(arithmetic.compute)
        with algebra.context():
            if (machine := self._machines.get(arithmetic.compute.name)) is None:
                values = given(self.comparison.definition.parameters, self.table, self.numbers)
                environment: Any = values.environment(algebra, slice(0, self.table.size))
                machine = self._machines[arithmetic.compute.name] = Machine(algebra, environment, self.changes.lowering)
                self._run(machine, self.changes.lowering.definitions)  # what changes leave as it is
            value: Bounded = self._run(machine, definitions)
            every = wide(value, self.table.scalar, len(self.numbers))
            bound = stored(every, arithmetic)
        return Enclosed(every, bound, bound)

    def judged_by(self) -> Enclosed:
        """What its numbers were compared with."""
        if self._allowed is None:
            ((_, self._allowed),) = self.comparison.in_floats(self.table, self.numbers, whole=True)
        return self._allowed

    def _floats(self, definitions: Definitions, arithmetic: Arithmetic) -> Enclosed | None:
        """The same; None where balls are quicker, or the only way."""
        if self._few:
            return None
        try:
            return self.enclosed(definitions, arithmetic)
        except NotVectorised:
            return None

    def _run(self, machine: Machine[Any, Any], definitions: Definitions) -> Any:
        lowering, program = self.changes.program(definitions)
        found = machine if lowering is machine.lowering else machine.over(lowering)
        value = of_program(found, program)
        if found is not machine:
            found.forget()
        return value

    def in_balls(self, number: int, definitions: Definitions, arithmetic: Arithmetic) -> tuple[Rounded, ...]:
        """The bounds of one of the rows, by its place here."""
        algebra: Any = RoundingAlgebra(PRECISIONS[0], arithmetic.compute)
        with algebra.context():
            if (machine := self._in_balls.get((arithmetic.compute.name, number))) is None:
                parameters, row = self.comparison.definition.parameters, self.judged[number].row
                environment = bind(parameters, sizes_of(parameters, row), row.values, algebra)
                machine = Machine(algebra, environment, self.changes.lowering)
                if (len(self._in_balls) + 1) * self.table.size <= ENTRIES:
                    self._in_balls[arithmetic.compute.name, number] = machine
                if self._few:
                    self._run(machine, self.changes.lowering.definitions)
            return stored_each(self._run(machine, definitions), arithmetic)

    def fits(self, definitions: Definitions, arithmetic: Arithmetic) -> bool:
        """Whether all numbers are certainly within the bounds of these definitions; a batch of equal entries may have none."""
        _, program = self.changes.program(definitions)
        if (program, arithmetic) not in self._fits:  # many changes come to the same program
            self._fits[program, arithmetic] = self._fit(definitions, arithmetic)
        return self._fits[program, arithmetic]

    def _fit(self, definitions: Definitions, arithmetic: Arithmetic) -> bool:
        doubtful: Iterable[int] = range(len(self.numbers))
        if (found := self._floats(definitions, arithmetic)) is not None:
            within, beyond = found.standing(self.got)
            endless = found.own[0] == np.inf
            if (beyond & ~endless).any() or (endless & ~self.level).any():
                return False
            doubtful = np.flatnonzero(~((within & (found.own[1] < np.inf)) | endless).all(axis=0)).tolist()
        return all(
            fits(self.judged[number].row, self.in_balls(number, definitions, arithmetic), silent=bool(self.level[number]))
            for number in doubtful
        )

    def spoils(self, definitions: Definitions, arithmetic: Arithmetic) -> bool:
        """Whether these definitions have no bound wherever what was computed is no number: it is divided by 0, or the like."""
        if (found := self._floats(definitions, arithmetic)) is not None:
            return not (~np.isfinite(self.got) & (found.own[1] < np.inf)).any()
        return not any(
            one.error.is_finite() and not math.isfinite(got)
            for number in range(len(self.numbers))
            for one, got in zip(self.in_balls(number, definitions, arithmetic), self.judged[number].row.computed, strict=True)
        )

    def told(self, definitions: Definitions, arithmetic: Arithmetic) -> bool:
        """Whether a number that is off is certainly not the definition's, if it is that of the change."""
        if not self.off.any():
            return False
        base = self.comparison.export.definitions
        doubtful: Iterable[int] = range(len(self.numbers))
        other, own = self._floats(definitions, arithmetic), self._floats(base, arithmetic)
        if other is not None and own is not None:
            allowed = np.maximum(own.own, self.judged_by().allowed)
            parted, near = apart(own.value, other.value, allowed + other.own)
            if (parted & self.off).any():
                return True
            doubtful = np.flatnonzero((~near & self.off).any(axis=0)).tolist()
        return any(self._told_by_balls(number, definitions, arithmetic) for number in doubtful)

    def _told_by_balls(self, number: int, definitions: Definitions, arithmetic: Arithmetic) -> bool:
        own = self.in_balls(number, self.comparison.export.definitions, arithmetic)
        other = self.in_balls(number, definitions, arithmetic)
        return any(
            entry.off and _parted(entry, *pair) for entry, *pair in zip(self.judged[number].entries, own, other, strict=True)
        )

    def lost(self, definitions: Definitions, arithmetic: Arithmetic, *, bounded: bool, finite: bool) -> float | None:
        """The bounds of a worse way over the scale, at the number that is off where this is least; None if it is not in them.

        Parameters
        ----------
        bounded
            Whether to refuse a way that has no bound somewhere.
        finite
            Whether to look at finite numbers only.
        """
        concerned = self.off & np.isfinite(self.got) if finite else self.off
        doubtful: Iterable[int] = range(len(self.numbers))
        share = math.inf
        if (found := self._floats(definitions, arithmetic)) is not None:
            scale = self.judged_by().value.scale
            endless, known = found.own[0] == np.inf, found.own[1] < np.inf
            distance = found.distance(self.got)
            spoilt = ~np.isfinite(self.got)
            out = (endless if bounded else False) | (known & (spoilt | (distance[0] * (1 - _ROOM) > found.own[1])))
            if (concerned & out).any():
                return None
            clear = endless | (known & (distance[1] * (1 + _ROOM) <= found.own[0]) & ((scale[0] > 0) | (scale[1] == 0)))
            doubtful = np.flatnonzero((concerned & ~clear).any(axis=0)).tolist()
            measured = concerned & clear & known & (scale[0] > 0)
            measured[:, doubtful] = False
            if measured.any():
                share = float((found.own[1][measured] / scale[0][measured]).min())
        for number in doubtful:
            by_balls = self._lost_by_balls(number, definitions, arithmetic, concerned[:, number], bounded=bounded)
            if by_balls is None:
                return None
            share = min(share, by_balls)
        return share

    def _lost_by_balls(
        self, number: int, definitions: Definitions, arithmetic: Arithmetic, concerned: Flags, *, bounded: bool
    ) -> float | None:
        share = math.inf
        each = zip(self.judged[number].entries, self.in_balls(number, definitions, arithmetic), concerned, strict=True)
        for entry, lost, looked_at in each:
            if not looked_at:
                continue
            if not lost.error.is_finite():  # an infinity or a NaN is no surprise then
                if bounded:
                    return None
                continue
            if not arb(entry.got).is_finite() or not entry.distance <= lost.error:
                return None
            if entry.scale > 0:
                share = min(share, float((lost.error / entry.scale).abs_upper()))
        return share


def looks(judged: Iterable[Judged], changes: Changes) -> list[Look]:
    """The rows, those of a table that follow each other together; of the first a few by themselves."""
    found: list[Look] = []
    for _, together in groupby(judged, key=lambda one: id(one.judgement)):
        rows = list(together)
        if not found:
            few = 1 if rows[0].size <= HANDFUL else max(1, _FIRST // rows[0].size)
            found.append(Look(rows[0].judgement, [one.number for one in rows[:few]], changes))
            rows = rows[few:]
        if rows:
            found.append(Look(rows[0].judgement, [one.number for one in rows], changes))
    return found


def apart(one: Bounded, other: Bounded, room: Doubles) -> tuple[Flags, Flags]:
    """Where two real values are certainly further apart than some room, and where certainly not."""
    (high, low), (other_high, other_low) = one.value, other.value
    between = np.abs(add((high, low), (-other_high, -other_low))[0])
    off = one.radius + other.radius + (ADDING + 2 * UNIT) * between
    return between - off > room[1] * (1 + _ROOM), between + off < room[0] * (1 - _ROOM)


def _parted(entry: Entry, own: Rounded, other: Rounded) -> bool:
    """Whether no number is within the bounds of both."""
    apart: bool = abs(own.value - other.value) > own.error.max(entry.allowed) + other.error
    return apart
