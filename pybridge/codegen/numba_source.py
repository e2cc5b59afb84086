"""A schedule as Python for numba: loops over single numbers, in parallel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pybridge.codegen.loops import Body, Loops, Statement, indented
from pybridge.codegen.schedule import Schedule, Sweep
from pybridge.codegen.text import Style

LANES = 64
"""So many batches at a time where they lie one after the other."""
PIECE = 2048
"""So many numbers of a result are written before they are looked at: they are still in the innermost cache."""
_STYLE = Style(lambda value: f"{value}.0", lambda arg: f"root({arg})", lambda arg: f"abs({arg})")
_OPTIONS = 'nogil=True, error_model="numpy", fastmath={"reassoc", "contract"}'


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
    return "\n".join(_Writer(schedule, stored, checked=checked).lines()) + "\n"


class _Writer:
    def __init__(self, schedule: Schedule, stored: str, *, checked: bool) -> None:
        self.schedule = schedule
        self.stored = stored
        self.checked = checked
        self.one, self.several = Loops(schedule, _STYLE), Loops(schedule, _STYLE, lane="[l]")
        self.written = ["out"] if schedule.last is not None else []
        self.watched = self.checked and schedule.last is not None

    def lines(self) -> Iterator[str]:
        yield from self._head()
        for number, sweep in enumerate(self.schedule.every, 1):
            yield from self._sweep(number, sweep)
            yield ""
            yield ""
        yield from self._along()
        yield ""
        yield ""
        yield from self._across()

    def _head(self) -> Iterator[str]:
        yield f'"""{self.one.title}"""'
        yield ""
        yield "from math import isfinite, sqrt"
        yield ""
        yield "from numba import njit, prange"
        yield f"from numpy import empty, float64, zeros, {self.stored} as stored"
        yield ""
        yield f"LANES = {LANES}"
        if self.watched:
            yield f"PIECE = {PIECE}"
        yield ""
        yield ""
        yield f"@njit({_OPTIONS})"
        yield "def root(x):"
        yield '    """The root; 0 of a negative number."""'
        yield "    return 0.0 if x < 0.0 else sqrt(x)"
        yield ""
        yield ""
        if self.checked:
            yield f"@njit({_OPTIONS})"
            yield "def usual(x):"
            yield '    """Whether a divisor is neither 0 nor so small or large that its inverse is none."""'
            yield "    return 2.0**-1020 < abs(x) < 2.0**1020"
            yield ""
            yield ""

    def _sweep(self, number: int, sweep: Sweep) -> Iterator[str]:
        """Yield the function for some runs of one batch: its sums; or it writes the result, and says whether all is finite."""
        body = self.one.body(sweep)
        yield f"@njit({_OPTIONS})"
        yield f"def sweep_{number}({', '.join(['runs', 'length', *self._taken(sweep)])}):"
        if body.sums:
            yield f"    {' = '.join(one.name for one in body.sums)} = 0.0"
            yield from indented(_runs(body, [f"{one.name} += {one.text}" for one in body.sums], [], "runs", "length"), 4)
            yield f"    return {', '.join(one.name for one in body.sums)}"
            return
        if not self.watched:
            yield from indented(_runs(body, [f"out_run[l] = {body.result}"], ["out"], "runs", "length"), 4)
            return
        yield "    check = stored(0.0)"
        yield "    for k in range(runs):"
        yield "        for first in range(0, length, PIECE):"
        yield "            piece = min(PIECE, length - first)"
        yield from indented(_run(body, [f"out_run[l] = {body.result}"], ["out"], "{0}_at + k * {0}_step + first", "piece"), 12)
        yield "            for l in range(piece):"
        yield "                check += out_run[l] * stored(0.0)"
        yield "    return check"

    def _taken(self, sweep: Sweep) -> list[str]:
        """What a sweep takes: the arrays, where it begins in each, and the numbers of the batch in it."""
        body = self.one.body(sweep)
        arrays = [*body.reads, *([] if body.sums else ["out"])]
        return [*(part for array in arrays for part in (_array(array), f"{array}_at", f"{array}_step")), *body.takes]

    def _called(self, number: int, sweep: Sweep) -> str:
        """A sweep over the whole batch."""
        names = [self.one.plain(value) for value in sweep.sums] or (["check"] if self.watched else [])
        found = f"{', '.join(names)} = " if names else ""
        return f"{found}sweep_{number}({', '.join(['runs', 'length', *self._taken(sweep)])})"

    def _signature(self, name: str) -> str:
        arrays = [*(f"{scalar}_of" for scalar in self.one.scalars), *(f"{vector}_of" for vector in self.one.vectors)]
        return f"def {name}({', '.join(['shape', 'steps', 'm', *arrays, 'out', 'wrong'])}):"

    def _along(self) -> Iterator[str]:
        yield f"@njit(parallel=True, {_OPTIONS})"
        yield self._signature("along")
        yield '    """The entries of a batch lie one after the other, in runs: a batch at a time."""'
        yield "    within, runs, batches, length = shape"
        yield "    for row in prange(within * batches):"
        yield from indented(self._batch(), 8)

    def _batch(self) -> Iterator[str]:
        """Yield what is done with one batch."""
        loops, schedule = self.one, self.schedule
        yield "i, j = row // batches, row % batches"
        for scalar in loops.scalars:
            yield f"{scalar} = {scalar}_of[row]"
        for number, vector in enumerate([*loops.vectors, *self.written]):
            yield f"{vector}_at, {vector}_step = i * steps[{number}, 0] + j * steps[{number}, 2], steps[{number}, 1]"
        yield from _assigned(loops.rows(schedule.before))
        for number, sweep in enumerate(schedule.every, 1):
            yield self._called(number, sweep)
            yield from _assigned(loops.rows(sweep.rows))
        if schedule.last is None:
            yield f"out[row] = {loops.plain(schedule.lowered.result)}"
        if self.checked:
            yield f"wrong[row] = not ({self._fine(loops, 'check')})"

    def _fine(self, loops: Loops, check: str) -> str:
        sums = [*loops.sums(), *([check] if self.watched else [])]
        return " and ".join([*(f"isfinite({one})" for one in sums), *(f"usual({one})" for one in loops.divisors())]) or "True"

    def _across(self) -> Iterator[str]:
        yield f"@njit(parallel=True, {_OPTIONS})"
        yield self._signature("across")
        yield '    """The batches lie one after the other: LANES of them at a time."""'
        yield "    within, length, batches, _ = shape"
        yield "    blocks = (batches + LANES - 1) // LANES"
        yield "    for block in prange(within * blocks):"
        yield from indented(self._lanes(), 8)

    def _lanes(self) -> Iterator[str]:
        loops, schedule = self.several, self.schedule
        yield "i, j = block // blocks, block % blocks * LANES"
        yield "width, row = min(LANES, batches - j), i * batches + j"
        for scalar in loops.scalars:
            yield f"{scalar} = {scalar}_of[row : row + width]"
        for number, vector in enumerate([*loops.vectors, *self.written]):
            yield f"{vector}_at, {vector}_step = i * steps[{number}, 0] + j, steps[{number}, 1]"
        yield from _each(loops.rows(schedule.before))
        for sweep in schedule.sweeps:
            body = loops.body(sweep)
            for one in body.sums:
                yield f"{one.name.removesuffix('[l]')} = zeros(width)"
            yield from _runs(body, [f"{one.name} += {one.text}" for one in body.sums], [], "length", "width")
            yield from _each(loops.rows(sweep.rows))
        if schedule.last is not None:
            body = loops.body(schedule.last)
            lines = [f"out_run[l] = {body.result}"]
            if self.checked:
                yield "check = zeros(width, stored)"
                lines.append("check[l] += out_run[l] * stored(0.0)")
            yield from _runs(body, lines, ["out"], "length", "width")
        yield "for l in range(width):"
        if schedule.last is None:
            yield f"    out[row + l] = {loops.plain(schedule.lowered.result)}"
        fine = self._fine(loops, "check[l]") if self.checked else "True"
        yield f"    wrong[row + l] = not ({fine})"


def _array(vector: str) -> str:
    return vector if vector == "out" else f"{vector}_of"


def _assigned(statements: Sequence[Statement]) -> Iterator[str]:
    for one in statements:
        yield f"{one.name} = {one.text}"


def _each(statements: Sequence[Statement]) -> Iterator[str]:
    for one in statements:
        yield f"{one.name} = empty(width)"
    if statements:
        yield "for l in range(width):"
    for one in statements:
        yield f"    {one.name}[l] = {one.text}"


def _runs(body: Body, lines: list[str], more: list[str], outer: str, inner: str) -> Iterator[str]:
    yield f"for k in range({outer}):"
    yield from indented(_run(body, lines, more, "{0}_at + k * {0}_step", inner), 4)


def _run(body: Body, lines: list[str], more: list[str], at: str, inner: str) -> Iterator[str]:
    for vector in [*body.reads, *more]:
        start = at.format(vector)
        yield f"{vector}_run = {_array(vector)}[{start} : {start} + {inner}]"
    yield f"for l in range({inner}):"
    for vector in body.reads:
        yield f"    {vector} = float64({vector}_run[l])"
    for one in body.operations:
        yield f"    {one.name} = {one.text}"
    for line in lines:
        yield f"    {line}"
