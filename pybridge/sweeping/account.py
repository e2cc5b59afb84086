"""What a sweep has come to, from its folder: for each theorem, or for each part that is asked for, how its tasks ended.

In: lines, one by one, however many there are.  Out: an ``Account``.  A theorem's verdict is made of its tasks as that of
``check`` is of its batches: one refutation refutes; one open task leaves it open; a task whose batch does not satisfy the
hypotheses counts for nothing, and where there are no others the theorem is vacuous.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pybridge.sweeping.grid import grid_of
from pybridge.sweeping.lines import Reader, task_of
from pybridge.sweeping.manifest import read_manifest
from pybridge.sweeping.store import RESULTS
from pybridge.sweeping.work import FAILED, Line

BY = ("theorem", "family", "size", "dtype")
"""What lines may be taken together by."""
SKIPPED = "skipped"
UNFINISHED = "unfinished"


@dataclass
class Tally:
    """Tasks taken together: how many there are and are done, how they ended, and the worst of them."""

    tasks: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    digits: float = math.inf
    worst: str = ""
    numbers: int = 0
    seconds: float = 0.0
    precision: int = 0
    first: dict[str, Line] = field(default_factory=dict)
    """By verdict, the first line that is not ``agrees``."""

    def take(self, line: Line) -> None:
        """Count one line."""
        verdict = line["verdict"]
        self.ended[verdict] += 1
        self.numbers += line.get("numbers", 0)
        self.seconds += line.get("seconds", 0.0)
        self.precision = max(self.precision, line.get("precision", 0))
        if verdict != "agrees":
            self.first.setdefault(verdict, line)
        elif line["digits"] is not None and line["digits"] < self.digits:
            self.digits, self.worst = line["digits"], task_of(line).batch

    @property
    def done(self) -> int:
        return self.ended.total()

    @property
    def verdict(self) -> str:
        """In one word; ``agrees`` only where every task is done, and none ended otherwise than by agreeing or vacuously."""
        for bad in ("refuted", FAILED, "undecided"):
            if self.ended[bad]:
                return bad
        if not self.tasks:
            return SKIPPED
        if self.done < self.tasks:
            return UNFINISHED
        return "agrees" if self.ended["agrees"] else "vacuous"


class Account:
    """What a sweep has come to, so far.

    Parameters
    ----------
    manifest
        What it is.
    by
        What its lines are taken together by.

    Attributes
    ----------
    tallies
        By the values of ``by``, in the order of the grid.
    theorems
        By theorem, whatever ``by`` is.
    """

    def __init__(self, manifest: Mapping[str, Any], by: Sequence[str] = BY[:1]) -> None:
        self.manifest = manifest
        self.by = tuple(by)
        self.grid = grid_of(manifest["options"], manifest["skipped"])
        self.theorems = {name: Tally() for name in self.grid.theorems}
        self.tallies: dict[tuple[Any, ...], Tally] = {}
        for cell in self.grid.cells:
            self.theorems[cell.theorem].tasks += len(self.grid.seeds)
            self.tallies.setdefault(self._key(cell._asdict()), Tally()).tasks += len(self.grid.seeds)

    def take(self, line: Line) -> None:
        """Count one line."""
        self.theorems[line["theorem"]].take(line)
        self.tallies[self._key(line)].take(line)

    def _key(self, line: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(line[name] for name in self.by)

    @property
    def done(self) -> int:
        return sum(tally.done for tally in self.theorems.values())

    @property
    def passed(self) -> bool:
        """Whether every theorem agrees on all its tasks."""
        return all(tally.verdict == "agrees" for tally in self.theorems.values())


def account(folder: Path, by: Sequence[str] = BY[:1]) -> Account:
    """Read the folder of a sweep; a run may be at work in it.

    Raises
    ------
    InputError
        There is no sweep, or a line is not as it was written.
    """
    found = Account(read_manifest(folder), by)
    if (place := folder / RESULTS).exists():
        for line in Reader(place, found.manifest["sweep"], found.grid):
            found.take(line)
    return found
