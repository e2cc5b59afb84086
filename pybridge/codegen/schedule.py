"""In which order values are computed: sweeps over the entries of a batch, and between them the numbers of the batch.

A sum whose terms need another sum comes in a later sweep than that; all sums of one sweep are made together.  So the number of
times that the entries are read is the longest chain of sums that need one another, and once more where the result is a vector.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pybridge.codegen.lower import Lowered
from pybridge.codegen.values import Value


@dataclass(frozen=True, slots=True)
class Sweep:
    """Once over the entries.

    Parameters
    ----------
    entries
        Operations on entries, in an order in which they can be computed.
    sums
        What is summed up; none in the last sweep of a vector's definition, which writes the result.
    reads
        The names of the vectors read.
    rows
        Operations on numbers of the batch that can be computed after it.
    """

    entries: tuple[Value, ...]
    sums: tuple[Value, ...]
    reads: tuple[str, ...]
    rows: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    """All of a definition.

    Parameters
    ----------
    lowered
        The definition.
    before
        Operations on numbers of the batch that need no sum.
    sweeps
        Those that make sums.
    last
        The one that writes the result, None where that is one number for each batch.
    divisors
        Numbers of the batch that something is divided by.
    unwatched
        Vectors of which a NaN or an infinity need not show in a sum.
    """

    lowered: Lowered
    before: tuple[Value, ...]
    sweeps: tuple[Sweep, ...]
    last: Sweep | None
    divisors: tuple[Value, ...]
    unwatched: tuple[str, ...]

    @property
    def every(self) -> tuple[Sweep, ...]:
        """The sweeps, with the last one."""
        return self.sweeps if self.last is None else (*self.sweeps, self.last)


def scheduled(lowered: Lowered) -> Schedule:
    """The sweeps of a definition."""
    result = lowered.result
    order = list(in_order([result]))
    level: dict[Value, int] = {}
    for value in order:
        level[value] = max((level[arg] for arg in value.args), default=0) + (value.op == "sum")
    deepest = max(level.values())
    rows = [value for value in order if not value.spread and not value.leaf and value.op != "sum"]
    sweeps = []
    for number in range(1, deepest + 1):
        sums = tuple(value for value in order if value.op == "sum" and level[value] == number)
        after = tuple(value for value in rows if level[value] == number)
        sweeps.append(_sweep([value.args[0] for value in sums], sums, after, lowered))
    last = _sweep([result], (), (), lowered) if result.spread else None
    divisors = tuple(dict.fromkeys(value.args[1] for value in order if value.op == "divide"))
    watched = {name for sweep in sweeps for value in sweep.sums for name in _shown(value.args[0])}
    return Schedule(
        lowered=lowered,
        before=tuple(value for value in rows if level[value] == 0),
        sweeps=tuple(sweeps),
        last=last,
        divisors=tuple(value for value in divisors if not value.leaf or value.op == "input"),
        unwatched=tuple(name for name in lowered.vectors if name not in watched),
    )


def in_order(wanted: Iterable[Value], *, entries: bool = False) -> Iterator[Value]:
    """Every value that the wanted ones are made of, once, after its arguments; with ``entries``, those of entries only."""
    seen: set[Value] = set()

    def visit(value: Value) -> Iterator[Value]:
        if value not in seen and (value.spread or not entries):
            seen.add(value)
            for arg in value.args:
                yield from visit(arg)
            yield value

    for value in wanted:
        yield from visit(value)


def _sweep(wanted: list[Value], sums: tuple[Value, ...], rows: tuple[Value, ...], lowered: Lowered) -> Sweep:
    needed = list(in_order(wanted, entries=True))
    read = {value.data for value in needed if value.leaf}
    return Sweep(
        entries=tuple(value for value in needed if not value.leaf),
        sums=sums,
        reads=tuple(name for name in lowered.vectors if name in read),
        rows=rows,
    )


def _shown(value: Value) -> Iterator[str]:
    """The vectors of which a NaN or an infinity makes a sum of these terms one: all but those under a root (0 of -∞)."""
    if value.leaf and value.spread:
        yield str(value.data)
    elif value.spread and value.op != "sqrt":
        for arg in value.args:
            yield from _shown(arg)
