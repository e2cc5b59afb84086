"""Case distinctions: a computation that asks questions is run once for each way in which they can be answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


class Cases:
    """The answers given in one run: those prescribed first, then always the first that is possible."""

    def __init__(self, prescribed: tuple[int, ...] = ()) -> None:
        self._prescribed = prescribed
        self._given: list[int] = []
        self.open: list[tuple[int, ...]] = []
        self.said: list[str] = []

    def ask(self, options: Sequence[tuple[str, T]]) -> T:
        """Answer a question that has these answers, each with its words; the others are left for later runs."""
        turn = len(self._given)
        if turn < len(self._prescribed):
            answer = self._prescribed[turn]
        else:
            answer = 0
            self.open += [(*self._given, other) for other in range(1, len(options))]
        self._given.append(answer)
        words, value = options[answer]
        if len(options) > 1:
            self.said.append(words)
        return value


def all_cases(run: Callable[[Cases], T]) -> Iterator[T]:
    """Run the computation for every sequence of answers, and yield what it returns."""
    waiting: list[tuple[int, ...]] = [()]
    while waiting:
        cases = Cases(waiting.pop())
        yield run(cases)
        waiting += reversed(cases.open)
