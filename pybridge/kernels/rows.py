"""Arrays that a kernel was given and computed, compared with a definition, row by row.

In: arrays under the names of the definition's parameters, what the kernel computed, and the axes of the batch.  Out: the
``Row``s, one for each batch, and the ``Finding`` about them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from pybridge import ir
from pybridge.algebras.formats import BFLOAT16, FLOAT16, FLOAT32, FLOAT64, Format
from pybridge.errors import InputError
from pybridge.export.loading import Export
from pybridge.kernels.compare import Arithmetic, Row, entries
from pybridge.kernels.diagnosis import Judged, diagnose
from pybridge.kernels.forms import forms
from pybridge.kernels.frameworks import Doubles, doubles_of
from pybridge.kernels.layout import Layout, check_one_batch, layout_of
from pybridge.kernels.oracle import by_name
from pybridge.kernels.report import Finding
from pybridge.semantics.environment import Raw


def default_compute(storage: Format) -> Format:
    """The format a kernel computes in where nobody says: its own, and float32 for float16 and bfloat16."""
    return FLOAT32 if storage in (FLOAT16, BFLOAT16) else storage


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
    return finding_of(definition, rows_of(definition, layout, values, got, "", _counts(layout)), arithmetic, export)


def finding_of(definition: ir.Definition, rows: Iterable[Row], arithmetic: Arithmetic, export: Export) -> Finding:
    """Compare every number of the rows with the definition, and say what they are."""
    ways = forms(definition, export)
    judged = tuple(Judged(row=row, entries=entries(row, ways, definition, export, arithmetic)) for row in rows)
    wrong = [one for one in judged if one.off]
    return Finding(
        definition=definition,
        ways=ways,
        arithmetic=arithmetic,
        judged=judged,
        smallest=min(wrong, key=lambda one: one.row.size) if wrong else None,
        outcome=diagnose(judged, definition, export, arithmetic),
    )


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


def rows_of(
    definition: ir.Definition, layout: Layout, values: Mapping[str, Doubles], got: Doubles, case: str, counts: Mapping[str, int]
) -> Iterator[Row]:
    """Yield one row for each batch: its values, and what was computed for it."""
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
    indices = np.indices(expected)
    numbers_by_row = got[..., np.newaxis] if scalar else layout.rows(got)
    places = [axis[..., np.newaxis] if scalar else layout.rows(axis) for axis in indices]
    for batch in np.ndindex(layout.leading):
        row: dict[str, Raw] = {name: value[batch].tolist() for name, value in values.items()}
        found = numbers_by_row[batch].tolist()
        at = [place[batch].tolist() for place in places]
        yield Row(
            case=case,
            size=layout.size,
            counts=counts,
            values=row,
            computed=tuple(found),
            places=tuple(tuple(place[k] for place in at) for k in range(len(found))),
        )


def _counts(layout: Layout) -> dict[str, int]:
    """How many entries a batch has along each choice of some of its axes."""
    chosen = (part for number in range(1, len(layout.order)) for part in combinations(layout.order, number))
    return {
        f"axis {part[0]}" if len(part) == 1 else f"axes {part}": int(np.prod([layout.shape[k] for k in part]))
        for part in chosen
    }
