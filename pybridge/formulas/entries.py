"""Vectors as SymPy has them here: a size, a number or a symbol, and the entry at each position.

The entry at a position is an expression; that of a vector with channels, or of a family, is a vector.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import sympy as sp

Expr: TypeAlias = Any
"""A SymPy expression; SymPy has no types."""
Entry: TypeAlias = "Expr | Entries"


class Entries:
    """A vector: ``entry`` gives the entry at a position, counted from 0, and is asked once for each."""

    def __init__(self, size: Expr, entry: Callable[[Expr], Entry]) -> None:
        self.size = size
        self._entry = entry
        self._known: dict[Expr, Entry] = {}

    def at(self, position: Expr) -> Entry:
        """The entry at a position."""
        if position not in self._known:
            self._known[position] = self._entry(position)
        return self._known[position]

    def every(self) -> list[Entry]:
        """All entries, where the size is a number."""
        return [self.at(k) for k in range(int(self.size))]


def mapped(operation: Callable[..., Expr], first: Entries, *others: Entries) -> Entries:
    """An operation entry by entry, through channels."""

    def entry(position: Expr) -> Entry:
        parts = [vector.at(position) for vector in (first, *others)]
        head, *rest = parts
        return mapped(operation, head, *rest) if isinstance(head, Entries) else operation(*parts)

    return Entries(first.size, entry)


def summed(size: Expr, body: Callable[[Expr], Expr]) -> Expr:
    """The sum of ``body`` over all positions: written out where the size is a number, else a ``Sum``."""
    if is_number(size):
        return sp.Add(*(body(k) for k in range(int(size))))
    bound = sp.Dummy("k", integer=True)
    found = body(bound)
    taken = {symbol.name for symbol in found.atoms(sp.Symbol) if symbol is not bound}
    index = sp.Symbol(next(name for name in _letters() if name not in taken), integer=True)
    return sp.Sum(found.xreplace({bound: index}), (index, 0, size - 1))


def total(vector: Entries) -> Expr:
    """The sum of all entries, through channels."""

    def entry(position: Expr) -> Expr:
        found = vector.at(position)
        return total(found) if isinstance(found, Entries) else found

    return summed(vector.size, entry)


def inner(left: Entries, right: Entries) -> Expr:
    """The inner product."""
    return total(mapped(lambda one, other: one * other, left, right))


def numbered(values: Sequence[Entry]) -> Entries:
    """A vector of these entries."""
    return Entries(len(values), lambda k: values[int(k)])


def flat(vector: Entries) -> list[Expr]:
    """The numbers in a vector of a size that is a number, the last axis running fastest."""
    return [number for entry in vector.every() for number in (flat(entry) if isinstance(entry, Entries) else [entry])]


def is_number(size: Expr) -> bool:
    """Whether a size is known."""
    return isinstance(size, int) or bool(getattr(size, "is_Integer", False))


def _letters() -> Any:
    """Names for positions: single letters, then numbered ones."""
    yield from "ijklnpqrst"
    number = 1
    while True:
        yield f"i_{number}"
        number += 1
