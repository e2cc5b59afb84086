"""Batches drawn once for several theorems: what was drawn for the first is remembered, where the others would draw the same.

In: plans.  Out: those that ask the same of a batch, put together, so that what is known of its values serves all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import Generic, TypeVar

from pybridge import ir
from pybridge.batches.plan import Plan

T = TypeVar("T")


class Remembered(Generic[T]):
    """What an iterator yields, as often as it is asked for."""

    def __init__(self, source: Iterator[T]) -> None:
        self._source = source
        self._seen: list[T] = []

    def __iter__(self) -> Iterator[T]:
        for place in count():
            while place >= len(self._seen):
                try:
                    self._seen.append(next(self._source))
                except StopIteration:
                    return
            yield self._seen[place]


def together(plans: Sequence[Plan]) -> list[list[tuple[int, Plan]]]:
    """Put plans together that ask the same of a batch, each with its place; the batches drawn for the first serve the others.

    The groups are in the order of their first plans, of the same definitions all.
    """
    groups: list[list[tuple[int, Plan]]] = []
    known: dict[tuple[ir.Variable, ...], list[list[tuple[int, Plan]]]] = {}
    for place, plan in enumerate(plans):
        like = known.setdefault(plan.theorem.variables, [])
        group = next((group for group in like if group[0][1].asked == plan.asked), None)
        if group is None:
            like.append(group := [(place, plan)])
            groups.append(group)
        else:
            group.append((place, replace(plan, alike=group[0][1])))
    return groups


def in_order(places: Iterable[int], found: Iterable[T]) -> Iterator[T]:
    """What was found, each with its place from 0 on, in the order of the places, and as soon as all before it is there.

    Examples
    --------
    >>> "".join(in_order([0, 2, 1], "acb"))
    'abc'
    """
    waiting: dict[int, T] = {}
    wanted = 0
    for place, one in zip(places, found, strict=True):
        waiting[place] = one
        while wanted in waiting:
            yield waiting.pop(wanted)
            wanted += 1
