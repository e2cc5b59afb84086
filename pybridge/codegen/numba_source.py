"""A schedule as Python for numba: loops over single numbers, the batches in parallel."""

from __future__ import annotations

from collections.abc import Iterator

from pybridge.codegen.loops import Body, Loops, indented
from pybridge.codegen.schedule import Schedule
from pybridge.codegen.text import Style

LANES = 64
"""So many batches at a time where they lie one after the other."""
_STYLE = Style(lambda value: f"{value}.0", lambda arg: f"root({arg})", lambda arg: f"abs({arg})")
_OPTIONS = 'parallel=True, nogil=True, error_model="numpy", fastmath={"reassoc", "contract"}'


def numba_source(schedule: Schedule, stored: str, *, checked: bool) -> str:
    """The text of a module with the functions ``along`` and ``across`` (``loops.py``).

    Parameters
    ----------
    schedule
        Of a definition.
    stored
        The dtype of the result.
    checked
        Whether they note down the batches with a number that is infinite or none, or a divisor that is 0.
    """
    along, across = Loops(schedule, _STYLE), Loops(schedule, _STYLE, lane="[l]")
    return "\n".join([*_head(along, stored, checked), *_along(along, checked), "", "", *_across(across, checked)]) + "\n"


def _head(loops: Loops, stored: str, checked: bool) -> Iterator[str]:
    yield f'"""{loops.title}"""'
    yield ""
    yield "from math import isfinite, sqrt"
    yield ""
    yield f"from numpy import empty, float64, zeros, {stored} as stored"
    yield "from numba import njit, prange"
    yield ""
    if checked:
        yield "LEAST, MOST = 2.0**-1020, 2.0**1020"
    yield f"LANES = {LANES}"
    yield ""
    yield ""
    yield '@njit(inline="always")'
    yield "def root(x):"
    yield '    """The root; 0 of a negative number."""'
    yield "    return 0.0 if x < 0.0 else sqrt(x)"
    yield ""
    yield ""


def _signature(loops: Loops, name: str) -> str:
    arrays = [*(f"{scalar}_of" for scalar in loops.scalars), *(f"{vector}_of" for vector in loops.vectors)]
    return f"def {name}({', '.join(['shape', 'steps', 'm', *arrays, 'out', 'wrong'])}):"


def _along(loops: Loops, checked: bool) -> Iterator[str]:
    schedule = loops.schedule
    yield f"@njit({_OPTIONS})"
    yield _signature(loops, "along")
    yield '    """The entries of a batch lie one after the other, in runs: a batch at a time."""'
    yield "    within, runs, batches, length = shape"
    yield "    for row in prange(within * batches):"
    yield from indented(_one_batch(loops, checked), 8)
    del schedule


def _one_batch(loops: Loops, checked: bool) -> Iterator[str]:
    schedule = loops.schedule
    yield "i, j = row // batches, row % batches"
    for scalar in loops.scalars:
        yield f"{scalar} = {scalar}_of[row]"
    for number, vector in enumerate([*loops.vectors, *(["out"] if schedule.last else [])]):
        yield f"{vector}_at, {vector}_step = i * steps[{number}, 0] + j * steps[{number}, 2], steps[{number}, 1]"
    for one in loops.rows(schedule.before):
        yield f"{one.name} = {one.text}"
    for sweep in schedule.sweeps:
        body = loops.body(sweep)
        yield f"{' = '.join(one.name for one in body.sums)} = 0.0"
        yield from _runs(body, [f"{one.name} += {one.text}" for one in body.sums], [])
        for one in loops.rows(sweep.rows):
            yield f"{one.name} = {one.text}"
    watch = ["check"] if schedule.last and checked else []
    if schedule.last is not None:
        body = loops.body(schedule.last)
        lines = [f"value = stored({body.result})", "out_run[l] = value"]
        if checked:
            yield "check = stored(0.0)"
            lines.append("check += value * stored(0.0)")
        yield from _runs(body, lines, ["out"])
    else:
        yield f"out[row] = stored({loops.plain(schedule.lowered.result)})"
    if checked:
        yield f"wrong[row] = not ({_fine([*loops.sums(), *watch], loops.divisors())})"


def _runs(body: Body, lines: list[str], more: list[str]) -> Iterator[str]:
    yield "for k in range(runs):"
    for vector in [*body.reads, *more]:
        start = f"{vector}_at + k * {vector}_step"
        array = vector if vector == "out" else f"{vector}_of"
        yield f"    {vector}_run = {array}[{start} : {start} + length]"
    yield "    for l in range(length):"
    for vector in body.reads:
        yield f"        {vector} = float64({vector}_run[l])"
    for one in body.operations:
        yield f"        {one.name} = {one.text}"
    for line in lines:
        yield f"        {line}"


def _fine(sums: list[str], divisors: list[str]) -> str:
    return " and ".join([*(f"isfinite({one})" for one in sums), *(f"LEAST < abs({one}) < MOST" for one in divisors)])


def _across(loops: Loops, checked: bool) -> Iterator[str]:
    yield f"@njit({_OPTIONS})"
    yield _signature(loops, "across")
    yield '    """The batches lie one after the other: LANES of them at a time."""'
    yield "    within, length, batches, _ = shape"
    yield "    blocks = (batches + LANES - 1) // LANES"
    yield "    for block in prange(within * blocks):"
    yield from indented(_several(loops, checked), 8)


def _several(loops: Loops, checked: bool) -> Iterator[str]:
    schedule = loops.schedule
    yield "i, j = block // blocks, block % blocks * LANES"
    yield "width, row = min(LANES, batches - j), i * batches + j"
    for scalar in loops.scalars:
        yield f"{scalar} = {scalar}_of[row : row + width]"
    for number, vector in enumerate([*loops.vectors, *(["out"] if schedule.last else [])]):
        yield f"{vector}_at, {vector}_step = i * steps[{number}, 0] + j, steps[{number}, 1]"
    yield from _lanes(loops.rows(schedule.before))
    for sweep in schedule.sweeps:
        body = loops.body(sweep)
        for one in body.sums:
            yield f"{one.name.removesuffix('[l]')} = zeros(width)"
        yield from _entries(body, [f"{one.name} += {one.text}" for one in body.sums], [])
        yield from _lanes(loops.rows(sweep.rows))
    watch = ["check[l]"] if schedule.last and checked else []
    if schedule.last is not None:
        body = loops.body(schedule.last)
        lines = [f"value = stored({body.result})", "out_run[l] = value"]
        if checked:
            yield "check = zeros(width, stored)"
            lines.append("check[l] += value * stored(0.0)")
        yield from _entries(body, lines, ["out"])
    else:
        yield "for l in range(width):"
        yield f"    out[row + l] = stored({loops.plain(schedule.lowered.result)})"
    if checked:
        yield "for l in range(width):"
        yield f"    wrong[row + l] = not ({_fine([*loops.sums(), *watch], loops.divisors())})"


def _lanes(statements: list) -> Iterator[str]:
    for one in statements:
        yield f"{one.name} = empty(width)"
    if statements:
        yield "for l in range(width):"
    for one in statements:
        yield f"    {one.name}[l] = {one.text}"


def _entries(body: Body, lines: list[str], more: list[str]) -> Iterator[str]:
    yield "for k in range(length):"
    for vector in [*body.reads, *more]:
        start = f"{vector}_at + k * {vector}_step"
        array = vector if vector == "out" else f"{vector}_of"
        yield f"    {vector}_run = {array}[{start} : {start} + width]"
    yield "    for l in range(width):"
    for vector in body.reads:
        yield f"        {vector} = float64({vector}_run[l])"
    for one in body.operations:
        yield f"        {one.name} = {one.text}"
    for line in lines:
        yield f"        {line}"
