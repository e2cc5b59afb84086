"""A schedule as C: loops over single numbers, for the batches from one number to another, so that threads can share them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pybridge.codegen.loops import Body, Loops, Statement, indented
from pybridge.codegen.schedule import Schedule
from pybridge.codegen.text import Style

LANES = 32
"""So many batches at a time where they lie one after the other."""
PIECE = 2048
"""So many numbers of a result are written before they are looked at: they are still in the innermost cache."""
TYPES = {"float32": "float", "float64": "double"}
_STYLE = Style(lambda value: f"{value}.0", lambda arg: f"root({arg})", lambda arg: f"fabs({arg})")


def c_source(schedule: Schedule, stored: str, reads: Mapping[str, str], *, checked: bool) -> str:
    """The text of a C file with the functions ``along`` and ``across`` (``loops.py``).

    Parameters
    ----------
    schedule
        Of a definition.
    stored
        The dtype of the result.
    reads
        Those of the vectors, by name.
    checked
        Whether they note down the batches with a number that is infinite or none, or a divisor that is 0.
    """
    writer = _Writer(schedule, stored, reads, checked=checked)
    return "\n".join([*writer.head(), "", *writer.along(), "", *writer.across()]) + "\n"


class _Writer:
    def __init__(self, schedule: Schedule, stored: str, reads: Mapping[str, str], *, checked: bool) -> None:
        self.schedule = schedule
        self.checked = checked
        self.one, self.several = Loops(schedule, _STYLE), Loops(schedule, _STYLE, lane="[l]")
        self.types = {name: TYPES[reads[known]] for name, known in zip(self.one.vectors, schedule.lowered.vectors, strict=True)}
        self.types["out"] = TYPES[stored]

    def head(self) -> Iterator[str]:
        yield f"/* {self.one.title} */"
        yield "#include <math.h>"
        yield "#include <stdint.h>"
        yield ""
        yield f"enum {{ LANES = {LANES}, PIECE = {PIECE} }};"
        yield f"typedef {self.types['out']} stored;"
        yield ""
        yield "static inline double root(double x) { return x < 0.0 ? 0.0 : sqrt(x); }"
        if self.checked:
            yield "static inline int usual(double x) { return fabs(x) > 0x1p-1020 && fabs(x) < 0x1p1020; }"

    def along(self) -> Iterator[str]:
        yield "/* The entries of a batch lie one after the other, in runs: a batch at a time. */"
        yield self._signature("along")
        yield "{"
        yield "    const int64_t runs = shape[1], batches = shape[2], length = shape[3];"
        yield "    for (int64_t row = first; row < last; row++) {"
        yield from indented(self._one_batch(), 8)
        yield "    }"
        yield "}"

    def across(self) -> Iterator[str]:
        yield "/* The batches lie one after the other: LANES of them at a time. */"
        yield self._signature("across")
        yield "{"
        yield "    const int64_t length = shape[1], batches = shape[2], blocks = (batches + LANES - 1) / LANES;"
        yield "    for (int64_t block = first; block < last; block++) {"
        yield from indented(self._several(), 8)
        yield "    }"
        yield "}"

    def _signature(self, name: str) -> str:
        scalars = [f"const double *{scalar}_of" for scalar in self.one.scalars]
        vectors = [f"const {self.types[vector]} *{vector}_of" for vector in self.one.vectors]
        steps = "const int64_t first, const int64_t last, const int64_t *shape, const int64_t (*steps)[4], const double m"
        return f"void {name}({', '.join([steps, *scalars, *vectors, 'stored *out', 'signed char *wrong'])})"

    def _at(self, loops: Loops, place: str) -> Iterator[str]:
        for number, vector in enumerate(loops.vectors):
            yield f"const {self.types[vector]} *{vector}_at = {vector}_of + {place.format(n=number)};"
        if self.schedule.last is not None:
            yield f"stored *out_at = out + {place.format(n=len(loops.vectors))};"

    def _one_batch(self) -> Iterator[str]:
        loops, schedule = self.one, self.schedule
        yield "const int64_t i = row / batches, j = row % batches;"
        for scalar in loops.scalars:
            yield f"const double {scalar} = {scalar}_of[row];"
        yield from self._at(loops, "i * steps[{n}][0] + j * steps[{n}][2]")
        yield from _constants(loops.rows(schedule.before))
        for sweep in schedule.sweeps:
            body = loops.body(sweep)
            names = [one.name for one in body.sums]
            yield f"double {', '.join(f'{name} = 0.0' for name in names)};"
            lines = [f"{one.name} += {one.text};" for one in body.sums]
            yield from self._runs(body, lines, names, "length", "runs")
            yield from _constants(loops.rows(sweep.rows))
        if schedule.last is not None:
            body = loops.body(schedule.last)
            lines = [f"out_run[l] = (stored)({body.result});"]
            if self.checked:
                yield "stored check = 0;"
                yield from self._runs(body, lines, [], "length", "runs", "check")
            else:
                yield from self._runs(body, lines, [], "length", "runs")
        else:
            yield f"out[row] = (stored){loops.plain(schedule.lowered.result)};"
        if self.checked:
            yield f"wrong[row] = !({self._fine(loops, 'check')});"

    def _several(self) -> Iterator[str]:
        loops, schedule = self.several, self.schedule
        yield "const int64_t i = block / blocks, j = block % blocks * LANES, row = i * batches + j;"
        yield "const int64_t width = batches - j < LANES ? batches - j : LANES;"
        for scalar in loops.scalars:
            yield f"const double *{scalar} = {scalar}_of + row;"
        yield from self._at(loops, "i * steps[{n}][0] + j")
        yield from _lanes(loops.rows(schedule.before))
        for sweep in schedule.sweeps:
            body = loops.body(sweep)
            yield f"double {', '.join(f'{one.name}'.replace('[l]', '[LANES] = {0}') for one in body.sums)};"
            yield from self._runs(body, [f"{one.name} += {one.text};" for one in body.sums], [], "width", "length")
            yield from _lanes(loops.rows(sweep.rows))
        if schedule.last is not None:
            body = loops.body(schedule.last)
            lines = [f"out_run[l] = (stored)({body.result});"]
            if self.checked:
                yield "stored check[LANES] = {0};"
                lines.append("check[l] += out_run[l] * 0;")
            yield from self._runs(body, lines, [], "width", "length")
        else:
            yield "for (int64_t l = 0; l < width; l++)"
            yield f"    out[row + l] = (stored){loops.plain(schedule.lowered.result)};"
        if self.checked:
            yield "for (int64_t l = 0; l < width; l++)"
            yield f"    wrong[row + l] = !({self._fine(loops, 'check[l]')});"

    def _fine(self, loops: Loops, check: str) -> str:
        sums = [*loops.sums(), *([check] if self.schedule.last is not None else [])]
        return " && ".join([*(f"isfinite({one})" for one in sums), *(f"usual({one})" for one in loops.divisors())])

    def _runs(self, body: Body, lines: list[str], sums: list[str], inner: str, outer: str, check: str = "") -> Iterator[str]:
        yield f"for (int64_t k = 0; k < {outer}; k++)" + (" {" if not check else "")
        if check:
            yield f"for (int64_t begin = 0; begin < {inner}; begin += PIECE) {{"
            yield f"    const int64_t piece = {inner} - begin < PIECE ? {inner} - begin : PIECE;"
        begin, inner = (" + begin", "piece") if check else ("", inner)
        order = {vector: number for number, vector in enumerate([*self.one.vectors, "out"])}
        for vector in body.reads:
            yield f"    const {self.types[vector]} *{vector}_run = {vector}_at + k * steps[{order[vector]}][1]{begin};"
        if not body.sums:
            yield f"    stored *out_run = out_at + k * steps[{order['out']}][1]{begin};"
        yield "    #pragma omp simd" + (f" reduction(+:{', '.join(sums)})" if sums else "")
        yield f"    for (int64_t l = 0; l < {inner}; l++) {{"
        for vector in body.reads:
            yield f"        const double {vector} = {vector}_run[l];"
        for one in body.operations:
            yield f"        const double {one.name} = {one.text};"
        for line in lines:
            yield f"        {line}"
        yield "    }"
        if check:
            yield f"    #pragma omp simd reduction(+:{check})"
            yield f"    for (int64_t l = 0; l < {inner}; l++)"
            yield f"        {check} += out_run[l] * 0;"
        yield "}"


def _constants(statements: list[Statement]) -> Iterator[str]:
    for one in statements:
        yield f"const double {one.name} = {one.text};"


def _lanes(statements: list[Statement]) -> Iterator[str]:
    if statements:
        yield f"double {', '.join(f'{one.name}[LANES]' for one in statements)};"
        yield "for (int64_t l = 0; l < width; l++) {"
        for one in statements:
            yield f"    {one.name}[l] = {one.text};"
        yield "}"
