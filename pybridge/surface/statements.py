"""Statements, binder by binder: as a person wrote them, with what Lean takes from the scope, and as Lean prints them.

In: a declaration of the sources, or a signature as Lean prints it.  Out: a ``Statement``: its binders in order and its
conclusion.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pybridge.surface.binders import Binder, read_binders, spelled
from pybridge.surface.declarations import Declaration, Scope
from pybridge.surface.library import Library, candidates
from pybridge.surface.syntax import ExactReader, Meanings, Reader
from pybridge.surface.terms import Tree
from pybridge.surface.tokens import Kind, SurfaceError, Token, tokens


@dataclass(frozen=True, slots=True)
class Bind:
    """A binder: its brackets, its name (none of an instance), its type, and both as text."""

    bracket: str
    name: str | None
    type: Tree
    said: str


@dataclass(frozen=True, slots=True)
class Statement:
    """Binders and what they are followed by; ``value`` is the body of a definition."""

    name: str
    binders: tuple[Bind, ...]
    conclusion: Tree
    value: Tree | None
    said: str
    """The conclusion as text, and the value behind it."""


def written(declaration: Declaration, library: Library, *, exact: bool = False) -> Statement:
    """The statement of a declaration of the sources, with the variables that Lean takes from its scope.

    These are the ones it mentions, those that their types mention, and then the instances all of whose variables are among
    them; of a definition, whose body counts too, Lean leaves out the instances that it does not need, which cannot be seen
    here. With ``exact`` coercions and ascriptions are kept.

    Raises
    ------
    SurfaceError
        A part of it cannot be read.
    """
    own = declaration.binders
    names = [binder.name for binder in (*declaration.scope.variables, *own) if binder.name is not None]
    meanings = meant(library, declaration.scope)
    shadowed = {binder.name for binder in own if binder.name is not None}
    mentioned: set[str] = set(declaration.scope.included)
    parts: list[tuple[Sequence[Token], set[str]]] = []
    bound: set[str] = set()
    for binder in own:
        parts.append((binder.type, set(bound)))
        bound |= {binder.name} if binder.name else set()
    parts.append((declaration.type, shadowed))
    if not declaration.is_theorem:
        parts.append((declaration.body, shadowed))
    for items, local in parts:
        mentioned |= mentions(items, names, meanings) - local
    taken = _taken(declaration.scope.variables, mentioned, names, meanings)
    binders = [*taken, *own]
    own_names = [binder.name for binder in binders if binder.name is not None]
    reader = ExactReader if exact else Reader
    return Statement(
        declaration.name,
        tuple(_bind(binder, own_names, meanings, reader) for binder in binders),
        reader(declaration.type, own_names, meanings).whole(),
        None if declaration.is_theorem else reader(declaration.body, own_names, meanings).whole(),
        spelled(declaration.type) + ("" if declaration.is_theorem else f" := {spelled(declaration.body)}"),
    )


def printed(text: str, *, exact: bool = False) -> Statement:
    """A signature as Lean prints it: ``NAME.{u} (binders) : type``, and ``:= body`` of a definition.

    With ``exact`` coercions and ascriptions are kept.

    Raises
    ------
    SurfaceError
        It cannot be read.
    """
    items = tokens(text)
    if not items or items[0].kind is not Kind.IDENT:
        raise SurfaceError(f"a statement begins with a name, and this one with {text[:20]!r}")
    at = 1
    if len(items) > 2 and items[1].text == "." and items[2].text == "{":
        at = next(n for n, token in enumerate(items) if token.text == "}") + 1
    binders, width = read_binders(items[at:])
    at += width
    if at >= len(items) or items[at].text != ":":
        raise SurfaceError(f"{items[0].text}: no colon behind the binders")
    end = next((n for n in range(at, len(items)) if items[n].text == ":="), len(items))
    names = [binder.name for binder in binders if binder.name is not None]
    reader = ExactReader if exact else Reader
    return Statement(
        items[0].text,
        tuple(_bind(binder, names, _itself, reader) for binder in binders),
        reader(items[at + 1 : end], names, _itself).whole(),
        reader(items[end + 1 :], names, _itself).whole() if end < len(items) else None,
        spelled(items[at + 1 :]),
    )


def printed_term(text: str, names: Iterable[str]) -> Tree:
    """A term as Lean prints it, in which these names are variables.

    Raises
    ------
    SurfaceError
        It cannot be read.
    """
    return Reader(tokens(text), names, _itself).whole()


def meant(library: Library, scope: Scope) -> Meanings:
    """What a name may mean in a scope: the project's declaration, or what it could be elsewhere."""

    def meanings(name: str) -> frozenset[str]:
        found = library.resolve(name, scope)
        return frozenset(candidates(name, scope) if found is None else [found])

    return meanings


def mentions(items: Sequence[Token], names: Iterable[str], meanings: Meanings) -> set[str]:
    """The variables out of ``names`` that a term mentions freely.

    Raises
    ------
    SurfaceError
        It cannot be read.
    """
    if not items:
        return set()
    reader = Reader(items, names, meanings)
    reader.whole()
    return reader.mentioned


def _taken(variables: Sequence[Binder], mentioned: set[str], names: Sequence[str], meanings: Meanings) -> list[Binder]:
    """The variables of the scope that a declaration takes, in the order of the scope."""
    needs = [mentions(binder.type, names, meanings) for binder in variables]
    taken = set(mentioned)
    for binder, need in reversed(list(zip(variables, needs, strict=True))):
        if binder.name is not None and binder.name in taken and binder.bracket != "[":
            taken |= need
    found = []
    for binder, need in zip(variables, needs, strict=True):
        if binder.bracket == "[":
            if need and need <= taken:
                found.append(binder)
        elif binder.name in taken:
            found.append(binder)
    return found


def _bind(binder: Binder, names: Sequence[str], meanings: Meanings, reader: type[Reader]) -> Bind:
    return Bind(binder.bracket, binder.name, reader(binder.type, names, meanings).whole(), binder.said())


def _itself(name: str) -> frozenset[str]:
    return frozenset({name})
