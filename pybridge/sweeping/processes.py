"""Tasks done by processes of this machine; one that ends badly is replaced."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from typing_extensions import Self

from pybridge.checking.workers import WorkerDied, Workers
from pybridge.errors import PybridgeError
from pybridge.sweeping.sweep import Ended, Lost, NextGroup, Outcome
from pybridge.sweeping.work import Group, Line, Raised, Setting, perform, prepare


class Processes:
    """So many processes, that end with the ``with`` block.

    Parameters
    ----------
    jobs
        How many.
    setting
        What all tasks have in common.
    function
        What does a group.
    """

    def __init__(self, jobs: int, setting: Setting, function: Callable[[Group], list[Line | Raised]] = perform) -> None:
        self.width = jobs
        self._function = function
        self._workers = Workers(jobs, prepare, setting)

    def results(self, next_group: NextGroup, _: Ended) -> Iterator[tuple[Group, Outcome]]:
        """Yield what became of each group, as it comes.

        Raises
        ------
        PybridgeError
            The processes have not the versions of the sweep.
        """
        for group, outcome in self._workers.as_they_come(self._function, next_group):
            if isinstance(outcome, WorkerDied):
                yield group, Lost(outcome.message)
            elif isinstance(outcome, PybridgeError):
                raise outcome
            elif isinstance(outcome, Exception):  # none of a task: what it found could not be sent
                yield group, [Raised(repr(outcome)) for _ in group.tasks]
            else:
                yield group, outcome

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._workers.__exit__()
