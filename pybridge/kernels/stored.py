"""What it makes of long rows to keep numbers in the format of the arrays on the way, and to add up in a wider one.

In: judged rows with numbers that are off.  Out: digits lost in that format, or whether that is excluded.  It is how a framework
computes whose tensors are all in half precision: a mean, 1/σ and the entries of a sum are rounded to it, the sum itself is
taken in float32. Of a sum of many entries the worst case in half precision leaves no digit, while this bound does
(``StoredAlgebra`` in ``algebras/independent.py``, at the same rate of false alarms as ``sharper.py``): what the entries of an
output and of its sums are off by, and for every number of a batch what a shift of it by its error makes of the output. Since a
kernel may keep such a number in half precision and go on from the one that it has in float32, what the shift does where the
number is used, and what it does by way of the batch's later numbers, count each by itself; and so does what two shifts make
together that neither makes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from pybridge.algebras.bounded import ERROR, Bounded
from pybridge.algebras.doubledouble import Doubles
from pybridge.algebras.floats import FloatAlgebra, Floats
from pybridge.algebras.formats import Format
from pybridge.algebras.independent import StoredAlgebra
from pybridge.kernels.enclosed import Enclosed, Programs, given, stored, wide
from pybridge.kernels.forms import expanded
from pybridge.kernels.judge import Judgement, smallest_factor
from pybridge.kernels.outcomes import LosesDigits
from pybridge.kernels.sharper import LONGEST, RATE, SUMS, of_rows, programs_of
from pybridge.semantics.boundedarrays import NotVectorised
from pybridge.semantics.environment import Environment
from pybridge.semantics.machine import Machine
from pybridge.semantics.program import Node
from pybridge.semantics.values import of_program

_GIVEN = ("number", "size", "scalar", "vector", "leaf")
"""What is not computed."""
_THIRD_ORDER = 1.01
"""What three shifts together may add."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What keeping numbers in the format of the arrays says of those that are off.

    Parameters
    ----------
    lost
        Digits lost in this way; None where some number is further off than that.
    excluded
        Whether it is certainly none of this: the definition, computed in this way, is within the bound on every row.
    factor
        A factor of all numbers that differs from 1 by more than this would take one of them out of this bound.
    """

    lost: LosesDigits | None
    excluded: bool
    factor: float


def kept_in_arrays(judgements: Sequence[Judgement], shortest: int) -> Stored | None:
    """Look at the rows that are off, with at least so many entries; None where others are, or the bound is not known."""
    wrong = [one for one in judgements if one.off.any()]
    arithmetic = wrong[0].comparison.arithmetic
    short = any(one.table.lengths is not None or not shortest <= one.table.size <= LONGEST for one in wrong)
    if short or arithmetic.given.bits >= arithmetic.compute.bits:
        return None
    base = wrong[0].comparison.export.definitions
    name = wrong[0].comparison.definition.name
    first: Stored | None = None
    for way in (programs_of(name, base), programs_of(name, expanded(base))):
        try:
            found = _of_way(wrong, way)
        except NotVectorised:
            return first
        if first is None or found.lost is not None:
            first = found
        if found.lost is not None:
            break
    return first


def _of_way(wrong: Sequence[Judgement], way: Programs) -> Stored:
    share, room, within, follows = np.inf, np.inf, True, True
    given_in = wrong[0].comparison.arithmetic.given
    for one in wrong:
        for rows, found in _bounds(one, way):
            off, got = one.off[rows].T, one.table.computed[rows].T
            with np.errstate(all="ignore"):
                beyond = ~(found.distance(got)[0] <= found.allowed[1]) | ~np.isfinite(found.allowed[1]) | ~np.isfinite(got)
                scale = found.value.scale[0]
                shares = np.where(scale > 0, found.allowed[1] / scale, np.inf)
                made = _made_in(one, rows, way, given_in)
                kept = found.distance(made)[0] <= found.allowed[1]
            within = within and not (off & beyond).any()
            follows = follows and bool(kept[off].all())
            share = min(share, float(shares[off].min(initial=np.inf)))
            room = min(room, smallest_factor(found, got))
    lost = LosesDigits(share=share, narrower=given_in.name) if within and share < 1 else None
    return Stored(lost, excluded=not within and follows, factor=room)


def _bounds(judgement: Judgement, way: Programs) -> Iterator[tuple[slice, Enclosed]]:
    """Yield a few rows that are off at a time, in their place, with their bounds."""
    table = judgement.table
    step = max(1, LONGEST // 8 // table.size)
    for start in range(0, len(table), step):
        rows = slice(start, min(start + step, len(table)))
        if judgement.off[rows].any():
            yield rows, _bound(judgement, rows, way)


def _bound(judgement: Judgement, rows: slice, way: Programs) -> Enclosed:
    table, comparison = judgement.table, judgement.comparison
    formats = comparison.arithmetic
    algebra: Any = StoredAlgebra(formats.given, formats.compute, RATE, table.computed.size * table.size * SUMS)
    with algebra.context():
        values = given(comparison.definition.parameters, table, rows)
        machine = _Recording(algebra, values.environment(algebra, slice(0, table.size)), way.lowering)
        every = wide(of_program(machine, way.own), table.scalar, rows.stop - rows.start)
        own = stored(every, formats)
        allowed = own.copy()
        errors = {node: error for node, error in machine.errors.items() if (error > 0).any()}
        machine.forget()
        for effect in _effects(_Run(judgement, rows, way), errors):
            allowed += effect.reshape(rows.stop - rows.start, -1).T * _THIRD_ORDER
    return Enclosed(every, own, allowed)


def _effects(run: _Run, errors: Mapping[Node, Doubles]) -> Iterator[Doubles]:
    """Yield what the shifts of the numbers of a batch make of the output: one by one, and two at a time beyond that."""
    value, numbers = run.moved({}), dict(run.numbers)
    moved: dict[tuple[Node, float], Doubles] = {}
    for node, error in errors.items():
        several = []
        for sign in (1.0, -1.0):
            moved[node, sign] = run.moved({node: sign * error})
            alone = run.moved({node: sign * error}, numbers)
            several.append(np.abs(alone - value) + np.abs(moved[node, sign] - alone))
        yield np.maximum(*several)
    for one, other in combinations(errors, 2):
        both = (
            np.abs(run.moved({one: errors[one], other: sign * errors[other]}) - moved[one, 1.0] - moved[other, sign] + value)
            for sign in (1.0, -1.0)
        )
        yield np.maximum(*both)


class _Run:
    """The definition in float64 on some rows, with numbers of the batch shifted."""

    def __init__(self, judgement: Judgement, rows: slice, way: Programs) -> None:
        self.way, self.rows = way, rows
        self.size = judgement.table.size
        self.values = {name: value[rows] for name, value in judgement.table.values.items()}
        self.numbers: dict[Node, Floats] = {}

    def environment(self) -> Environment[Floats, Floats]:
        """A new one."""
        return of_rows(self.values, self.size)

    def moved(self, shifts: Mapping[Node, Doubles], held: Mapping[Node, Floats] | None = None) -> Doubles:
        """The value with these shifts; other numbers of the batch are held where they are given."""
        machine = _Shifting(FloatAlgebra(np.float64, leading=1), self.environment(), self.way.lowering)
        own = self.way.own
        machine.shifts = shifts
        machine.held = {node: value for node, value in (held or {}).items() if node is not own and node not in shifts}
        with np.errstate(all="ignore"):
            found = of_program(machine, own)
        self.numbers = machine.numbers
        machine.forget()
        return self.broad(found)

    def broad(self, found: Floats) -> Doubles:
        """Of all rows."""
        return np.broadcast_to(np.asarray(found), (self.rows.stop - self.rows.start, *np.shape(found)[1:]))


def _made_in(judgement: Judgement, rows: slice, way: Programs, narrower: Format) -> Doubles:
    """What the definition comes to where every result is rounded to a format; as columns and rows."""
    run = _Run(judgement, rows, way)
    machine = _Rounding(FloatAlgebra(np.float64, leading=1), run.environment(), way.lowering)
    machine.narrower = narrower
    found = run.broad(of_program(machine, way.own))
    machine.forget()
    return np.broadcast_to(found.reshape(rows.stop - rows.start, -1).T, judgement.table.computed[rows].T.shape)


class _Recording(Machine[Any, Any]):
    """Keeps the errors of the numbers of a batch, and goes on as if these were exact."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.errors: dict[Node, Doubles] = {}

    def _run(self, node: Node) -> Any:
        found = super()._run(node)
        if node.order or node.op in _GIVEN:
            return found
        self.errors[node] = found.error[1].copy()
        exact: Bounded = found.taken(found.data.copy())
        exact.bounds[ERROR] = 0
        return exact


class _Shifting(Machine[Any, Any]):
    """Shifts some numbers of a batch, and holds others."""

    shifts: Mapping[Node, Doubles]
    held: Mapping[Node, Floats]

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.numbers: dict[Node, Floats] = {}

    def _run(self, node: Node) -> Any:
        if node in self.held:
            return self.held[node]
        found = super()._run(node)
        if node.order or node.op in _GIVEN:
            return found
        self.numbers[node] = found = found + self.shifts[node] if node in self.shifts else found
        return found


class _Rounding(Machine[Any, Any]):
    """Rounds every result."""

    narrower: Format

    def _run(self, node: Node) -> Any:
        found = super()._run(node)
        return found if node.op in _GIVEN else self.narrower.rounded_each(found)
