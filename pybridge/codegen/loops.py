"""A schedule as loops over single numbers, for the languages in which these are fast: what numba's code and C have in common.

There are two functions.  ``along`` is for arrays in which the entries of a batch lie one after the other: a batch at a time.
``across`` is for those in which the batches lie one after the other, as channels that come last: so many batches at a time,
with an array for each number of a batch.  In both, arrays are read in the type they are stored in, all is computed and summed
up in float64, and the result is rounded once, when it is stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pybridge.codegen.schedule import Schedule, Sweep, in_order
from pybridge.codegen.text import Style, arguments, expression, known_entries, known_rows, names_of
from pybridge.codegen.values import Value


@dataclass(frozen=True, slots=True)
class Statement:
    """A variable and what it gets, or what is added to it."""

    name: str
    text: str
    value: Value


@dataclass(frozen=True, slots=True)
class Body:
    """What is done with one entry: the vectors read, operations that get a variable, and what is summed up or written.

    ``takes`` are the numbers of the batch that it needs.
    """

    reads: tuple[str, ...]
    operations: tuple[Statement, ...]
    sums: tuple[Statement, ...]
    result: str
    takes: tuple[str, ...]


class Loops:
    """The statements of a schedule in one language.

    Parameters
    ----------
    schedule
        Of a definition.
    style
        Of the language.
    lane
        What is written behind a number of the batch, where there are several batches at a time.
    """

    def __init__(self, schedule: Schedule, style: Style, *, lane: str = "") -> None:
        self.schedule = schedule
        self.style = style
        self.names = names_of(schedule)
        self._lane = lane
        own = arguments(schedule.lowered)
        self.scalars = [own[name] for name in schedule.lowered.scalars]
        self.vectors = [own[name] for name in schedule.lowered.vectors]
        self._known = {value: f"{name}{lane}" for value, name in known_rows(schedule, self.names).items() if not value.spread}

    @property
    def title(self) -> str:
        """What the code is, in one line."""
        count = len(self.schedule.every)
        return f"{self.schedule.lowered.name}, {count} {'time' if count == 1 else 'times'} over the entries of a batch."

    def rows(self, rows: tuple[Value, ...]) -> list[Statement]:
        """The numbers of the batch that get a variable."""
        return [
            Statement(self.names[value], expression(value, self._known, self.style), value)
            for value in rows
            if value in self._known
        ]

    def plain(self, value: Value) -> str:
        """A number of the batch, by its variable."""
        return self._known[value]

    def body(self, sweep: Sweep) -> Body:
        """What a sweep does with one entry."""
        vectors = {value: self.names[value] for value in self.names if value.op == "input" and value.spread}
        own = known_entries(sweep, self.schedule, self.names)
        known: Mapping[Value, str] = {**self._known, **vectors, **own}
        operations = tuple(
            Statement(own[value], expression(value, known, self.style), value) for value in sweep.entries if value in own
        )
        sums = tuple(
            Statement(self._known[value], expression(value.args[0], known, self.style, top=value.args[0] not in known), value)
            for value in sweep.sums
        )
        result = self.schedule.lowered.result
        last = "" if sweep.sums else expression(result, known, self.style, top=result not in known)
        reads = tuple(self.names[value] for value in vectors if value.data in sweep.reads)
        wanted = [value.args[0] for value in sweep.sums] or [result]
        needed = [arg for value in in_order(wanted, entries=True) for arg in value.args if not arg.spread]
        takes = ["m" if arg.op == "size" else self._known[arg] for arg in needed if arg.op != "number"]
        return Body(reads, operations, sums, last, tuple(dict.fromkeys(takes)))

    def sums(self) -> list[str]:
        """All sums, by their variables."""
        return [self._known[value] for sweep in self.schedule.sweeps for value in sweep.sums]

    def divisors(self) -> list[str]:
        """What something is divided by, by its variable."""
        return [self._known[value] for value in self.schedule.divisors]


def indented(lines: Iterator[str], by: int) -> Iterator[str]:
    """Yield the lines further to the right."""
    for line in lines:
        yield " " * by + line if line else line
