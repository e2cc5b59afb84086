r"""Entries of entries: ``x_{n, c, s}`` for the entry s of channel c at place n of x, and ``x_{\cdot, c}`` for all n.

In: a term.  Out: the vector that it is an entry of, with the positions, the outermost first.
"""

from __future__ import annotations

from pybridge import ir
from pybridge.ir.traverse import names

ALL = "·"
"""The position that stands for all."""


def entry(term: ir.Term) -> tuple[ir.Vector, tuple[str, ...]] | None:
    """The vector and the positions of one of its entries or channels; None of what is no entry."""
    positions: list[str] = []
    while isinstance(term, ir.Component | ir.Channel):
        positions.append(term.position)
        term = term.vector
    return (term, tuple(reversed(positions))) if positions and isinstance(term, ir.VECTORS) else None


def slice_of(term: ir.Term) -> tuple[ir.Vector, tuple[str, ...]] | None:
    """A vector made of the entries of another along one of its positions, which is then ``ALL``; None of any other term."""
    if not isinstance(term, ir.Build | ir.Channels) or (found := entry(term.body)) is None:
        return None
    vector, positions = found
    if positions.count(term.variable) != 1 or term.variable in names(vector):
        return None
    return vector, tuple(ALL if one == term.variable else one for one in positions)


def unfolded(body: ir.Term) -> tuple[tuple[str, ...], ir.Term]:
    """The positions that a definition's body runs over, the outermost first, and what stands there."""
    positions: list[str] = []
    while isinstance(body, ir.Build | ir.Channels):
        positions.append(body.variable)
        body = body.body
    return tuple(positions), body


def at(vector: ir.Vector, positions: tuple[str, ...]) -> ir.Term:
    """The entry of a vector at these positions, for writing: of what space its channels are is not said."""
    for position in positions[:-1]:
        vector = ir.Channel(vector, position, ir.Euclidean(""))
    return ir.Component(vector, positions[-1]) if positions else vector
