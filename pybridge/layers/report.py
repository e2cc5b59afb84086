"""What was found out about a layer, as its author reads it.

In: a ``LayerFinding``.  Out: lines, the first of which says what is wrong; of a layer that is right, what was tried and what
would have been seen.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from pybridge.kernels.calls import Fault, head, leading, of_state, short
from pybridge.kernels.outcomes import LosesDigits
from pybridge.kernels.report import decimal, diagnosis
from pybridge.kernels.report import lines as finding_lines
from pybridge.layers.findings import LayerFinding, OutputFinding
from pybridge.layers.known import SIGNS

_PROBES = 8


def lines(found: LayerFinding) -> list[str]:
    """The report."""
    return [*_right(found)] if found.right else [*_wrong(found)]


def _right(found: LayerFinding) -> Iterator[str]:
    arithmetic = next(one.finding.arithmetic for one in found.outputs if one.finding is not None)
    outputs = ", ".join(SIGNS[one.name] for one in found.outputs)
    yield f"{found.reading.layer.name}: {outputs} are right in {arithmetic}, on {len(found.probes)} sets of arrays"
    yield from _context(found)
    for one in found.outputs:
        if one.finding is not None:
            seen = f"a factor of {_factor(one.factor)} of all of them would have been seen"
            yield f"    {SIGNS[one.name]}: {one.finding.judged.numbers} numbers; {seen}"
    yield f"    tried: {', '.join(map(str, found.probes))}"
    if found.refused:
        yield f"    refused, with one entry in a batch: {', '.join(found.refused)}"


def _factor(least: float) -> str:
    return f"1 + {least:.1g}" if math.isfinite(least) else "any size"


def _context(found: LayerFinding) -> Iterator[str]:
    said = " (found out from the numbers)" if found.eps_found else ""
    yield f"    {found.reading}; ε = {found.eps:g}{said}"
    yield from (f"    {one}" for one in found.notes)


def _wrong(found: LayerFinding) -> Iterator[str]:
    wrong = [one for one in found.outputs if one.finding is not None and not one.right]
    name = found.reading.layer.name
    if not found.outputs or (not wrong and not found.faults):
        silent = ", ".join(SIGNS[one.name] for one in found.outputs if one.finding is None)
        yield f"{name}: nothing could be compared{f' of {silent}' if silent else ''}"
        yield from _context(found)
        return
    first = leading(found.faults) or (found.faults[0] if not wrong else None)
    said = [] if first is None else [head(first)]
    if wrong and of_state(found.faults) is None:
        said.append(headline(wrong[0]))
    yield f"{name}: {'; '.join(said)}{_others(found, wrong, first)}"
    yield from _context(found)
    for fault in found.faults:
        yield f"    {head(fault)}"
    for one in wrong:
        yield from _of_output(one, found)
    right = [SIGNS[one.name] for one in found.outputs if one.right]
    if right:
        yield f"right: {', '.join(right)}"
    if found.reproduce:
        yield "a call that shows it:"
        yield from (f"    {one}" for one in found.reproduce)
    if found.repeat:
        yield f"repeat: {found.repeat}"


def _others(found: LayerFinding, wrong: list[OutputFinding], first: Fault | None) -> str:
    """What else is wrong than what was said: a fault, and the first of the outputs unless earlier calls explain all."""
    state = of_state(found.faults)
    more = [f"{SIGNS[one.name]} {_as_well(one)}" for one in wrong[1 if state is None else len(wrong) :]]
    listed = ", ".join((*more, *short(found.faults, first)))
    return f"; {listed}" if listed else ""


def _as_well(one: OutputFinding) -> str:
    lossy = one.finding is not None and isinstance(one.finding.outcome, LosesDigits)
    return "loses digits, too" if lossy else "is wrong, too"


def headline(one: OutputFinding) -> str:
    """What is wrong with an output, and how many of its numbers are off."""
    if one.finding is None:
        return f"{SIGNS[one.name]} could not be compared"
    off = sum(int(np.count_nonzero(each.off)) for each in one.finding.judged.judgements)
    total = one.finding.judged.numbers
    said = diagnosis(one.finding)
    return f"{SIGNS[one.name]}: {said} ({'all' if off == total else f'{off} of'} {total} numbers are off)"


def _of_output(one: OutputFinding, found: LayerFinding) -> Iterator[str]:
    if one.finding is None:
        return
    yield headline(one)
    row, entry = one.finding.judged.worst()
    probe = next((each for each in found.probes if each.name == row.table.case), None)
    on = f" of {probe}: {probe.why}" if probe is not None else ""
    yield f"    {list(entry.place)}{on}: is {entry.got!r}, and should be {decimal(entry)}"
    off: dict[str, int] = {}
    for each in one.finding.judged.judgements:
        off[each.table.case] = off.get(each.table.case, 0) + int(np.count_nonzero(each.off))
    wrong = [name for name, count in off.items() if count]
    listed = ", ".join(wrong[:_PROBES]) + (f" and {len(wrong) - _PROBES} more" if len(wrong) > _PROBES else "")
    yield f"    off on {len(wrong)} of {len(off)} sets of arrays: {listed}"
    kept = [text for text in finding_lines(one.finding)[3:] if not text.startswith(("numbers that are off", "repeat"))]
    yield from (f"    {text}" for text in kept)
