"""The norm of a linear map that is written out: its matrix, column by column, and the most that it makes a vector longer.

In: a term that says what the map makes of a vector.  Out: the node of its norm, and, when that runs, its value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from pybridge import ir
from pybridge.algebras.base import Algebra, NotInAlgebra, S, Spectral, V
from pybridge.ir.linear import is_linear
from pybridge.semantics.axes import unused
from pybridge.semantics.program import Builder, Coordinates, Node
from pybridge.semantics.scopes import Scope


class NotLinear(NotInAlgebra):
    """A map that is no linear one has no norm."""

    def __init__(self, variable: str) -> None:
        super().__init__("linear", f"the map of {variable}", hint="an operator is linear in its argument")


def norm(
    term: ir.OpNorm,
    definitions: Mapping[str, ir.Definition],
    build: Builder,
    scope: Scope,
    lowered: Callable[[ir.Vector, Scope], Coordinates],
) -> Node:
    """The node of the norm: the variable is a unit vector for each position of one more axis, that of the columns.

    Raises
    ------
    NotLinear
        The form of the term does not say that it is linear in the variable.
    """
    name, kind = term.variable.name, term.variable.kind
    if not isinstance(kind, ir.VectorKind) or not is_linear(term.body, frozenset((name,)), definitions):
        raise NotLinear(name)
    length = scope.length(kind.space)
    columns = unused(length, scope.used)
    used = scope.used | {columns}
    at = unused(length, used)
    unit = Coordinates(build.node("delta", (), (at, columns), more=(at, columns)), at)
    image = lowered(term.body, replace(scope, used=used, vectors={**scope.vectors, name: unit}))
    entries = unused((*image.axis.length, *columns.length), scope.used)
    matrix = build.binding("join", (image.node,), (image.axis, columns), (entries,), ())
    return build.bound("spectral", Coordinates(matrix, entries), length)


def largest_stretch(algebra: Algebra[S, V], columns: int, entries: V) -> S:
    """The norm of a matrix, whose entries are given row by row.

    Raises
    ------
    NotInAlgebra
        The algebra has none.
    """
    size = algebra.dimension(entries)
    if not size:
        return algebra.scalar(0)
    if columns in (1, size):  # a single column, or row
        return algebra.norm(entries)
    if not isinstance(algebra, Spectral):
        raise NotInAlgebra(type(algebra).__name__.removesuffix("Algebra").lower(), "the norm of an operator")
    found: S = algebra.spectral_norm(entries, columns)
    return found
