"""Lines of results as they stand in the file: one JSON object each, that ends in a digest of what stands before it.

The digest is made with the identity of the sweep, so that a line that was changed, or that comes from another sweep, is found.
It keeps nobody from making a new one: it is against accidents.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from pybridge.errors import InputError
from pybridge.sweeping.grid import DIGITS, Grid, Task
from pybridge.sweeping.work import Line

_SUM = ',"sum":"'


def written(line: Line, sweep: str) -> str:
    """The line as text, with its digest and the end of the line."""
    text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))[:-1]
    return f'{text}{_SUM}{_digest(text, sweep)}"}}\n'


class Done:
    """Which tasks are done, by their numbers: a bit for each."""

    def __init__(self, tasks: int) -> None:
        self._bits = bytearray((tasks + 7) // 8)
        self.count = 0

    def __contains__(self, number: int) -> bool:
        return bool(self._bits[number >> 3] >> (number & 7) & 1)

    def add(self, number: int) -> None:
        """Count one more."""
        if number not in self:
            self._bits[number >> 3] |= 1 << (number & 7)
            self.count += 1


class Reader:
    """The whole lines of a file, each of another task; what follows the last was being written as its run was killed.

    Parameters
    ----------
    place
        The file.
    sweep
        The identity of the sweep that its lines are of.
    grid
        Its tasks.
    """

    def __init__(self, place: Path, sweep: str, grid: Grid) -> None:
        self.place = place
        self.sweep = sweep
        self.grid = grid
        self.done = Done(len(grid))
        self.number = 0
        self.end = 0
        self.torn = False

    def __iter__(self) -> Iterator[Line]:
        """Yield the lines.

        Raises
        ------
        InputError
            One is not as it was written, or is of no task, or of one that has a line already.
        """
        with self.place.open("rb") as stream:
            for content in stream:
                self.number += 1
                if not content.endswith(b"\n"):
                    self.torn = True
                    return
                line = self._read(content)
                self._count(line)
                self.end += len(content)
                yield line

    def _read(self, content: bytes) -> Line:
        try:
            text, _, rest = content.decode().rpartition(_SUM)
            if rest == f'{_digest(text, self.sweep)}"}}\n':
                line: Line = json.loads(text + "}")
                return line
        except ValueError:  # not UTF-8
            pass
        raise self._refused("it is not as this sweep wrote it")

    def _count(self, line: Line) -> None:
        task = task_of(line)
        try:
            number = self.grid.number(task)
        except KeyError:
            raise self._refused("it is of no task of this sweep") from None
        if number in self.done:
            raise self._refused(f"{task.theorem} has a line already for {task.batch}")
        self.done.add(number)

    def _refused(self, why: str) -> InputError:
        """The error that says so of the line that was read last."""
        return InputError(
            f"{self.place}: line {self.number}: {why}", hint="take the line out of the file, and its task is done again"
        )


def task_of(line: Line) -> Task:
    """The task that a line is of."""
    return Task(line["theorem"], line["dtype"], line["size"], line["family"], line["seed"])


def _digest(text: str, sweep: str) -> str:
    return hashlib.sha256(f"{sweep} {text}".encode()).hexdigest()[:DIGITS]
