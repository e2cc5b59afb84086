"""Where two terms part, but for the names of what they bind.

In: two terms or propositions.  Out: where they part first, in words; empty where they are one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from pybridge import ir
from pybridge.ir.propositions import PROPOSITIONS
from pybridge.ir.scalars import SCALARS
from pybridge.ir.vectors import VECTORS
from pybridge.notation.render import text

_NODES = (*SCALARS, *VECTORS, *PROPOSITIONS)
_BINDS: dict[type, tuple[str, tuple[str, ...]]] = {
    ir.Sum: ("variable", ("body",)),
    ir.VSum: ("variable", ("body",)),
    ir.Build: ("variable", ("body",)),
    ir.Channels: ("variable", ("body",)),
    ir.OpNorm: ("variable", ("body",)),
    ir.Gradient: ("variable", ("body",)),
    ir.FDeriv: ("variable", ("body",)),
    ir.HasGradientAt: ("variable", ("body",)),
    ir.HasDerivAt: ("variable", ("body",)),
    ir.ForAll: ("variable", ("body",)),
    ir.Eventually: ("variable", ("body",)),
    ir.IsGreatest: ("variable", ("constraint", "body")),
}
"""The field that binds, and those in which it does; ``HasFDerivAt`` binds twice."""
_PLAIN = {"index", "indices", "space", "kind", "value", "exponent"}
"""Fields that hold no name of a variable."""
Names = Mapping[str, str]


def difference(read: object, exported: object) -> str:
    """Where the term that was read and the exported one part."""
    return _difference(read, exported, {}, {}, 0)


def _difference(read: object, exported: object, left: Names, right: Names, depth: int) -> str:
    if type(read) is not type(exported) or not isinstance(read, _NODES):
        return _said(read, exported)
    cls = type(read)
    for field in fields(cls):
        one, other = getattr(read, field.name), getattr(exported, field.name)
        inner_left, inner_right, level = left, right, depth
        for bound, scope in _binders(cls):
            if field.name in scope:
                mine, theirs = getattr(read, bound), getattr(exported, bound)
                if len(_names(mine)) != len(_names(theirs)):
                    return _said(read, exported)
                inner_left, inner_right, level = _under(inner_left, inner_right, _names(mine), _names(theirs), level)
        if field.name in [bound for bound, _ in _binders(cls)]:
            same = _kinds(one) == _kinds(other)
        elif field.name in _PLAIN or (field.name == "name" and isinstance(read, ir.Call | ir.VCall)):
            same = one == other and type(one) is type(other)
        elif isinstance(one, str):
            same = isinstance(other, str) and left.get(one, one) == right.get(other, other)
        elif isinstance(one, tuple):
            if not isinstance(other, tuple) or len(one) != len(other):
                return _said(read, exported)
            pairs = zip(one, other, strict=True)
            if found := next((said for a, b in pairs if (said := _difference(a, b, inner_left, inner_right, level))), ""):
                return found
            same = True
        elif found := _difference(one, other, inner_left, inner_right, level):
            return found
        else:
            same = True
        if not same:
            return _said(read, exported)
    return ""


def _binders(cls: type) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if cls is ir.HasFDerivAt:
        return (("variables", ("body",)), ("directions", ("derivative",)))
    return (_BINDS[cls],) if cls in _BINDS else ()


def _under(left: Names, right: Names, mine: tuple[str, ...], theirs: tuple[str, ...], depth: int) -> tuple[Names, Names, int]:
    """The names below a binder: those that it binds get numbers, which no text has."""
    numbers = [f"\0{depth + n}" for n in range(len(mine))]
    inside_left, inside_right = (
        {**left, **dict(zip(mine, numbers, strict=True))},
        {**right, **dict(zip(theirs, numbers, strict=True))},
    )
    return inside_left, inside_right, depth + len(mine)


def _names(bound: object) -> tuple[str, ...]:
    if isinstance(bound, tuple):
        return tuple(name for one in bound for name in _names(one))
    return (bound.name if isinstance(bound, ir.Variable) else str(bound),)


def _kinds(bound: object) -> object:
    if isinstance(bound, tuple):
        return tuple(_kinds(one) for one in bound)
    return bound.kind if isinstance(bound, ir.Variable) else None


def _said(read: object, exported: object) -> str:
    return f"{_text(read)} by the text, {_text(exported)} in the term"


def _text(value: object) -> str:
    return text(value) if isinstance(value, _NODES) else str(value)
