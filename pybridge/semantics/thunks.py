"""Thunks: computations that keep their value until a bound position they depend on moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from pybridge.algebras.base import Algebra, Axis, Position, S, V

A = TypeVar("A")
B = TypeVar("B")
T = TypeVar("T")


@dataclass(slots=True, eq=False)
class Cell:
    """A bound position while its binder runs; ``clock`` counts its moves."""

    axis: Axis
    position: Position = 0
    clock: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Thunk(Generic[T]):
    """A staged subterm: ``run`` gives its value at the present positions of ``cells``, all those it depends on."""

    run: Callable[[], T]
    cells: frozenset[Cell]

    def __call__(self) -> T:
        return self.run()


CLOSED: frozenset[Cell] = frozenset()


def constant(value: T) -> Thunk[T]:
    """A thunk that has its value already."""
    return Thunk(lambda: value, CLOSED)


def held(run: Callable[[], T], cells: frozenset[Cell]) -> Thunk[T]:
    """``run``, run again only when the innermost of ``cells`` has moved.

    That is enough: an outer cell moves only after the inner binder has ended, and a binder that begins again moves its cell.
    """
    kept: list[T] = []
    if not cells:

        def once() -> T:
            if not kept:
                kept.append(run())
            return kept[0]

        return Thunk(once, cells)
    innermost = max(cells, key=lambda cell: cell.axis.depth)
    seen = -1

    def again() -> T:
        nonlocal seen
        if seen != innermost.clock:
            kept[:] = (run(),)
            seen = innermost.clock
        return kept[0]

    return Thunk(again, cells)


def one(operation: Callable[[A], T], arg: Thunk[A]) -> Thunk[T]:
    """The thunk of an operation on one subterm."""
    run = arg.run
    return held(lambda: operation(run()), arg.cells)


def two(operation: Callable[[A, B], T], left: Thunk[A], right: Thunk[B]) -> Thunk[T]:
    """The thunk of an operation on two subterms."""
    first, second = left.run, right.run
    return held(lambda: operation(first(), second()), left.cells | right.cells)


def many(operation: Callable[..., T], *args: Thunk[A]) -> Thunk[T]:
    """The thunk of an operation on any number of subterms of one sort."""
    cells = CLOSED.union(*(arg.cells for arg in args))
    return held(lambda: operation(*(arg() for arg in args)), cells)


def loop(algebra: Algebra[S, V], axis: Axis, cell: Cell, body: Thunk[A], collect: Callable[[Axis, list[A]], T]) -> Thunk[T]:
    """The thunk of a binder: ``body`` at each position, collected."""
    run = body.run

    def through() -> T:
        parts: list[A] = []
        for position in algebra.positions(axis):
            cell.position = position
            cell.clock += 1
            parts.append(run())
        return collect(axis, parts)

    return held(through, body.cells - {cell})
