"""Terms as trees, without parentheses, and where two of them part.

A tree says what is applied to what, not how it is written.  Bound names are numbered from the outside, so that two terms that
differ in them alone are one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from typing_extensions import assert_never


@dataclass(frozen=True, slots=True)
class Name:
    """A name that no binder binds: the full names that it may have where it stands."""

    text: str
    candidates: frozenset[str]


@dataclass(frozen=True, slots=True)
class Local:
    """A variable or hypothesis of the statement."""

    name: str


@dataclass(frozen=True, slots=True)
class Bound:
    """A name that a binder within the statement binds, by the number of binders outside of it."""

    level: int


@dataclass(frozen=True, slots=True)
class Literal:
    """A numeral or a string."""

    text: str


@dataclass(frozen=True, slots=True)
class Apply:
    """A function and its arguments."""

    function: Tree
    arguments: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator, a pair of brackets or a field, and what it holds."""

    symbol: str
    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Binding:
    """One bound name: what binds it, its type where it is written, what it runs over, and the body."""

    symbol: str
    type: Tree | None
    over: Tree | None
    body: Tree


Tree: TypeAlias = "Name | Local | Bound | Literal | Apply | Operation | Binding"


def difference(written: Tree, printed: Tree) -> str:
    """Where two terms part first, in words; empty where they are the same.

    ``written`` is what stands in the source, where a name may be short; ``printed`` is what Lean prints, where it is full.
    """
    match written, printed:
        case Name(), Name():
            same = printed.text in written.candidates or (written.text == printed.text and written.text.startswith("."))
            return "" if same else _parts(written, printed)
        case (Local(), Local()) | (Bound(), Bound()) | (Literal(), Literal()):
            return "" if written == printed else _parts(written, printed)
        case Apply(), Apply():
            found = difference(written.function, printed.function)
            return found or _each(written.arguments, printed.arguments, written, printed)
        case Operation(), Operation():
            if written.symbol != printed.symbol:
                return _parts(written, printed)
            return _each(written.parts, printed.parts, written, printed)
        case Binding(), Binding():
            if written.symbol != printed.symbol or (written.over is None) != (printed.over is None):
                return _parts(written, printed)
            pairs = [(written.type, printed.type), (written.over, printed.over), (written.body, printed.body)]
            return next((said for a, b in pairs if a is not None and b is not None and (said := difference(a, b))), "")
        case _:
            return _parts(written, printed)


def _each(written: tuple[Tree, ...], printed: tuple[Tree, ...], whole: Tree, other: Tree) -> str:
    if len(written) != len(printed):
        return _parts(whole, other)
    return next((said for a, b in zip(written, printed, strict=True) if (said := difference(a, b))), "")


def _parts(written: Tree, printed: Tree) -> str:
    return f"{show(written)} in the source, {show(printed)} in the export"


def show(tree: Tree) -> str:
    """A tree as text, every part of it in parentheses that is no name."""
    match tree:
        case Name(text=text) | Literal(text=text):
            return text
        case Local(name=name):
            return name
        case Bound(level=level):
            return f"#{level}"
        case Apply(function=function, arguments=arguments):
            return f"({' '.join(map(show, (function, *arguments)))})"
        case Operation(symbol=symbol, parts=parts):
            if len(parts) == 2 and not symbol.startswith((".", "{", "⟪")):
                return f"({show(parts[0])} {symbol} {show(parts[1])})"
            return f"({symbol} {' '.join(map(show, parts))})"
        case Binding(symbol=symbol, over=over, body=body):
            return f"({symbol} #{'' if over is None else ' over ' + show(over)}, {show(body)})"
        case _:
            assert_never(tree)
