"""The tasks of a sweep that are not done yet, shared out and kept as they come; what ends badly is tried again.

In: a grid, the store of its folder and something that does tasks, a ``Pool``.  Out: the lines in the store, one for each task,
of which some say that the task failed as often as it was tried.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, TypeAlias

from pybridge.errors import PybridgeError
from pybridge.sweeping.grid import Grid, Task
from pybridge.sweeping.store import Store
from pybridge.sweeping.work import Group, Line, Raised, Setting, failed

TRIES = 3
_MOST_TASKS, _MOST_ENTRIES = 64, 4096
"""Of a group: what takes a second or so, that sharing it out costs little."""
_SHARE = 4
"""Groups for each process, at least: none is left with a long one at the end."""
_STARTS = 8
"""So many processes may end before the first result; then it is not the tasks."""


class Lost(NamedTuple):
    """The process that had a group ended before it was done."""

    why: str


Outcome: TypeAlias = list[Line | Raised] | Lost
NextGroup: TypeAlias = Callable[[], Group | None]
Ended: TypeAlias = Callable[[], bool]


class Pool(Protocol):
    """Something that does tasks, several at a time."""

    @property
    def width(self) -> int:
        """How many at a time, for now."""

    def results(self, next_group: NextGroup, ended: Ended, /) -> Iterator[tuple[Group, Outcome]]:
        """Yield what became of each group, as it comes; ask for the next whenever there is room for one.

        Once it has ``ended`` there is no next, and what nobody has begun need not be waited for.
        """


def sweep(
    grid: Grid,
    setting: Setting,
    store: Store,
    pool: Pool,
    *,
    tries: int = TRIES,
    ended: Ended = lambda: False,
    progress: Callable[[Line], None] = lambda _: None,
) -> None:
    """Do the tasks of a grid that the store has no lines of.

    Parameters
    ----------
    grid, setting, store, pool
        The tasks, what they have in common, where their lines go, and who does them.
    tries
        How often a task is tried that raises, or whose process ends.
    ended
        Whether no further task is to be begun; those at work are still done.
    progress
        Told of each line.

    Raises
    ------
    PybridgeError
        A line cannot be kept; the processes have other versions, or end one after the other; nobody does tasks any more.
    """
    run = _Run(grid, setting, store, pool, tries, ended)
    for group, outcome in pool.results(run.next_group, ended):
        for line in run.take(group, outcome):
            progress(line)


@dataclass
class _Run:
    grid: Grid
    setting: Setting
    store: Store
    pool: Pool
    tries: int
    ended: Ended
    again: deque[Task] = field(default_factory=deque)
    failures: Counter[Task] = field(default_factory=Counter)
    lost: int = 0
    any_done: bool = False
    groups: Iterator[Group] = field(init=False)

    def __post_init__(self) -> None:
        self.groups = self._groups()

    def next_group(self) -> Group | None:
        """What to do next: first what is to be tried again, each by itself."""
        if self.ended():
            return None
        return self._group(self.again.popleft()) if self.again else next(self.groups, None)

    def take(self, group: Group, outcome: Outcome) -> list[Line]:
        """Keep the lines of a group, and see to what has none."""
        if isinstance(outcome, Lost):
            self._refuse_if_none_starts(outcome)
            if len(group.tasks) > 1:  # whose fault it was, shows when each is by itself
                self.again.extend(group.tasks)
                return []
            outcome = [Raised(outcome.why)]
        else:
            self.any_done = True
        lines, numbers = [], []
        for task, found in zip(group.tasks, outcome, strict=True):
            if isinstance(found, Raised):
                self.failures[task] += 1
                if self.failures[task] < self.tries:
                    self.again.append(task)
                    continue
                found = failed(task, self.setting, found.why, self.failures.pop(task))
            else:
                self.failures.pop(task, None)
            lines.append(found)
            numbers.append(self.grid.number(task))
        self.store.add(lines, numbers)
        return lines

    def _refuse_if_none_starts(self, outcome: Lost) -> None:
        self.lost += 1
        if not self.any_done and self.lost >= _STARTS * self.pool.width:
            message = f"{self.lost} processes ended before any task was done: {outcome.why}"
            raise PybridgeError(message, hint="is there memory for one? try smaller --sizes or fewer --jobs")

    def _groups(self) -> Iterator[Group]:
        """What is not done, in order: so many tasks at a time that a group is short, and there are some for everybody."""
        tasks: list[Task] = []
        entries = 0
        for number in range(len(self.grid)):
            if number in self.store.done:
                continue
            tasks.append(task := self.grid.task(number))
            entries += task.size
            share = (len(self.grid) - self.store.done.count) // (_SHARE * max(1, self.pool.width))
            if entries >= _MOST_ENTRIES or len(tasks) >= min(_MOST_TASKS, share):
                yield self._group(*tasks)
                tasks, entries = [], 0
        if tasks:
            yield self._group(*tasks)

    def _group(self, *tasks: Task) -> Group:
        return Group(self.setting.sweep, tasks)
