"""Arrays that a kernel was given and computed, compared with a definition, row by row.

In: arrays under the names of the definition's parameters, what the kernel computed, and the axes of the batch.  Out: a
``Table`` with a row for each batch, and the ``Finding`` about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from pybridge import ir
from pybridge.algebras.formats import FLOAT64, Format
from pybridge.errors import InputError
from pybridge.export.loading import Export
from pybridge.kernels.arguments import by_name
from pybridge.kernels.arithmetic import Arithmetic, default_compute
from pybridge.kernels.diagnosis import TOO_LONG, diagnose, lost_in_arrays
from pybridge.kernels.frameworks import Doubles, doubles_of
from pybridge.kernels.judge import Comparison, comparison, judge
from pybridge.kernels.judged import Rows
from pybridge.kernels.layout import Layout, check_one_batch, layout_of
from pybridge.kernels.outcomes import NO_DIGIT, AnotherFunction, Fitting, LosesDigits, NotTold, Outcome, WithinBound
from pybridge.kernels.report import Finding
from pybridge.kernels.sharper import SAID, SHORTEST, Sharper, factor_of_all, sharper
from pybridge.kernels.stored import Stored, kept_in_arrays
from pybridge.kernels.table import Table


def compared(
    definition: ir.Definition,
    computed: Any,
    arguments: Mapping[str, Any],
    axis: int | Sequence[int],
    compute: Format | None,
    export: Export,
) -> Finding:
    """Compare an array with a definition; the parameters are those of ``testing.assert_computes``."""
    got, known = numbers(definition.name, "the computed array", computed, finite=False)
    storage = known or FLOAT64
    arithmetic = Arithmetic(compute=compute or default_compute(storage), storage=storage)
    given = by_name(definition.name, [parameter.name for parameter in definition.parameters], arguments)
    layout, values = layout_and_values(definition.name, definition.parameters, given, axis)
    return finding_of(
        [table_of(definition, layout, values, got, "", _counts(layout))], comparison(definition, arithmetic, export)
    )


def finding_of(tables: Iterable[Table], against: Comparison) -> Finding:
    """Compare every number of the tables with the definition, and say what they are."""
    return finding_about(Rows(judge(tables, against)), against)


def finding_about(judged: Rows, against: Comparison, *, where: str = "", shortest: int = SHORTEST) -> Finding:
    """Say what judged rows are, long sums by a sharper bound where the worst case says nothing against them.

    Parameters
    ----------
    where
        What the rows that are off have in common, for the case that no change explains them.
    shortest
        So many entries a long sum has.
    """
    outcome, note = diagnose(judged, against), ""
    if isinstance(outcome, WithinBound) or _too_long(outcome):
        again = sharper(judged.judgements, shortest)
        judged = Rows(again.judgements)
        if judged.off:
            outcome, note = _of_long_sums(judged, against, again, shortest, outcome)
    outcome = _with_factor(outcome, judged, shortest)
    return Finding(
        definition=against.definition,
        ways=against.ways,
        arithmetic=against.arithmetic,
        judged=judged,
        smallest=judged.smallest(),
        outcome=outcome,
        note=note,
        where=where if unexplained(outcome) else "",
    )


def _of_long_sums(judged: Rows, against: Comparison, again: Sharper, shortest: int, before: Outcome) -> tuple[Outcome, str]:
    """What it is of long rows that are off, and what is to be said of the bound.

    Parameters
    ----------
    before
        What was said by the worst case alone: within it, or off, and too long to tell more.
    """
    arithmetic, seen = against.arithmetic, not isinstance(before, WithinBound)
    guesses = (Fitting(description=again.sentence, formula=""),)
    note = "" if seen else SAID
    another: Outcome = before if seen and not again.factor else AnotherFunction(guesses=guesses)
    if arithmetic.given.bits >= arithmetic.compute.bits:
        return another, note
    kept = kept_in_arrays(judged.judgements, shortest)
    if kept is not None and kept.lost is not None:
        return kept.lost, _kept(kept, against)
    held = all(arithmetic.given.holds_each(one.table.computed).all() for one in judged.judgements)
    if not held and kept is not None and kept.excluded:
        return another, note
    lost = before if seen else lost_in_arrays(judged, against)
    if lost is None:
        return another, note
    if not again.factor:
        return lost, note
    return (NotTold(loses=(lost,), guesses=guesses) if isinstance(lost, LosesDigits) else lost), note


def _with_factor(outcome: Outcome, judged: Rows, shortest: int) -> Outcome:
    """The same, with a factor that all numbers have in common beside digits that the format of the arrays may have lost."""
    lossy = isinstance(outcome, LosesDigits) and bool(outcome.narrower)
    hidden = isinstance(outcome, NotTold) and _hidden(outcome) and not outcome.guesses
    if not (lossy or hidden) or not (said := factor_of_all(judged.judgements, shortest, plain=lossy)):
        return outcome
    guesses = (Fitting(description=said, formula=""),)
    if isinstance(outcome, LosesDigits):
        return NotTold(loses=(outcome,), guesses=guesses)
    return replace(outcome, guesses=guesses) if isinstance(outcome, NotTold) else outcome


def _kept(kept: Stored, against: Comparison) -> str:
    """What would have been seen with numbers kept in the format of the arrays."""
    formats = against.arithmetic
    way = f"kept in {formats.given.name} on the way, and added up in {formats.compute.name}"
    if kept.factor == float("inf"):
        return f"(with numbers {way}, no factor would be seen)"
    return f"(with numbers {way}, only a factor of 1 ± {kept.factor:.2g} would be seen)"


def _hidden(outcome: Outcome) -> bool:
    return isinstance(outcome, NotTold) and NO_DIGIT in outcome.why


def _too_long(outcome: Outcome) -> bool:
    """Whether the worst case saw it, and rows are too long to tell more by it."""
    return isinstance(outcome, NotTold) and (NO_DIGIT in outcome.why or TOO_LONG in outcome.why) and not outcome.guesses


def unexplained(outcome: Outcome) -> bool:
    """Whether no change is named, and nothing else may be what it is."""
    return isinstance(outcome, AnotherFunction | NotTold) and not outcome.guesses and not _hidden(outcome)


def numbers(owner: str, name: str, value: Any, *, finite: bool = True) -> tuple[Doubles, Format | None]:
    """The numbers of an argument, and their format."""
    array, known = doubles_of(f"{owner}: {name}", value)
    if finite and not (good := np.isfinite(array)).all():
        where = [int(k) for k in np.argwhere(~good)[0]]
        raise InputError(f"{owner}: {name}{where or ''} is {array[tuple(where)]}", hint="give finite numbers")
    return array, known


def layout_and_values(
    owner: str, variables: Sequence[ir.Variable], given: Mapping[str, Any], axis: int | Sequence[int]
) -> tuple[Layout, dict[str, Doubles]]:
    """The layout of the vectors among the arguments, and every argument as float64: rows for a vector, leading for a scalar."""
    check_one_batch(owner, variables)
    arrays = {variable.name: numbers(owner, variable.name, given[variable.name])[0] for variable in variables}
    vectors = [variable.name for variable in variables if isinstance(variable.kind, ir.VectorKind)]
    if not vectors:
        raise InputError(f"{owner} has no vector argument, so its size is not known", hint="see `pybridge show`")
    layout = layout_of(owner, {name: arrays[name].shape for name in vectors}, axis)
    values: dict[str, Doubles] = {}
    for variable in variables:
        array = arrays[variable.name]
        match variable.kind:
            case ir.VectorKind():
                values[variable.name] = layout.rows(array)
            case ir.ScalarKind():
                values[variable.name] = layout.scalars(owner, variable.name, array)
            case _:
                raise InputError(f"{owner}: {variable.name} is neither a number nor a vector", hint="use another theorem")
    return layout, values


def table_of(
    definition: ir.Definition, layout: Layout, values: Mapping[str, Doubles], got: Doubles, case: str, counts: Mapping[str, int]
) -> Table:
    """A row for each batch: its values, and what was computed for it.

    Raises
    ------
    InputError
        What was computed is of another shape.
    """
    scalar = isinstance(definition.body, ir.SCALARS)
    expected = layout.leading if scalar else layout.shape
    if scalar:
        got = layout.without_batch(got)
    if got.shape != expected:
        raise InputError(
            f"{definition.name}: {f'on {case}, ' if case else ''}the computed array has shape {got.shape}, "
            f"and the arguments ask for {expected}",
            hint="return an array of that shape" if case else "pass the axes of the batch as axis",
        )
    count = int(np.prod(layout.leading, dtype=np.int64))
    vectors = {parameter.name for parameter in definition.parameters if isinstance(parameter.kind, ir.VectorKind)}
    return Table(
        case=case,
        counts=counts,
        layout=layout,
        values={
            name: np.reshape(value, (count, layout.size) if name in vectors else (count,)) for name, value in values.items()
        },
        computed=np.reshape(got if scalar else layout.rows(got), (count, -1)),
        scalar=scalar,
    )


def _counts(layout: Layout) -> dict[str, int]:
    """How many entries a batch has along each choice of some of its axes."""
    chosen = (part for number in range(1, len(layout.order)) for part in combinations(layout.order, number))
    return {
        f"axis {part[0]}" if len(part) == 1 else f"axes {part}": int(np.prod([layout.shape[k] for k in part]))
        for part in chosen
    }
