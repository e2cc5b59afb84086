"""The types that a person wrote, at a binder or as an ascription, put where Lean's printer leaves them out.

In: a statement as Lean prints it, and the one of the sources, which ``surface.compare`` holds against each other.  Out: the
printed one with these types.  Nothing else is taken from the source.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pybridge.surface.statements import Bind, Statement
from pybridge.surface.terms import Apply, Binding, Operation, Tree


def annotated(printed: Statement, written: Statement) -> Statement:
    """The printed statement with the types of the written one where it has none."""
    binders = {one.name: one for one in written.binders if one.name is not None}

    def with_types(one: Bind) -> Bind:
        twin = binders.get(one.name or "")
        return one if twin is None else replace(one, type=_tree(one.type, twin.type))

    value = printed.value
    return replace(
        printed,
        binders=tuple(map(with_types, printed.binders)),
        conclusion=_tree(printed.conclusion, written.conclusion),
        value=value if value is None or written.value is None else _tree(value, written.value),
    )


def _tree(printed: Tree, written: Tree) -> Tree:
    """A printed tree with the types of a written one, as far as the two go together."""
    match printed, written:
        case _, Operation(symbol="(:)", parts=(inner, type_)):
            return Operation("(:)", (_tree(printed, inner), type_))
        case Operation(symbol="↑" | "⇑" | "(:)" as symbol, parts=(inner, *rest)), _:
            return Operation(symbol, (_tree(inner, written), *rest))
        case _, Operation(symbol="↑" | "⇑", parts=(inner,)):
            return _tree(printed, inner)
        case Apply(), Apply():
            return Apply(_tree(printed.function, written.function), _each(printed.arguments, written.arguments))
        case Operation(), Operation() if printed.symbol == written.symbol:
            return Operation(printed.symbol, _each(printed.parts, written.parts))
        case Binding(), Binding() if printed.symbol == written.symbol:
            kind = written.type if printed.type is None else printed.type
            over = printed.over if printed.over is None or written.over is None else _tree(printed.over, written.over)
            return Binding(printed.symbol, kind, over, _tree(printed.body, written.body))
        case _:
            return printed


def _each(printed: Sequence[Tree], written: Sequence[Tree]) -> tuple[Tree, ...]:
    if len(printed) != len(written):
        return tuple(printed)
    return tuple(_tree(one, other) for one, other in zip(printed, written, strict=True))
