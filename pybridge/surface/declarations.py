"""The declarations of a file, each with what is in scope where it stands.

In: a file's text and its name.  Out: declarations in their order: full name, place, docstring, attributes, the variables and
open namespaces of its place, its own binders, its type and its body as tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pybridge.surface.binders import Binder, read_binders, updated, without
from pybridge.surface.commands import DECLARING, Attribute, Command, commands
from pybridge.surface.tokens import OPENING, Kind, SurfaceError, Token


@dataclass(frozen=True, slots=True)
class Opened:
    """An open namespace; ``names`` are those that it was opened for, None for all."""

    namespace: str
    names: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """What is in scope: the namespace, the open namespaces, the variables, and those that are always taken."""

    namespace: str
    opened: tuple[Opened, ...]
    variables: tuple[Binder, ...]
    included: frozenset[str]


@dataclass(frozen=True, slots=True)
class Declaration:
    """A declaration as it is written; offsets are characters of the file's text."""

    word: str
    name: str
    private: bool
    file: str
    line: int
    """The line of its word, from 1 on."""
    start: int
    keyword: int
    signature: int
    """Where its name begins."""
    proof: int
    """Where its body begins: behind ``:=``, or at the first ``|`` or ``where``."""
    end: int
    docstring: str | None
    attributes: tuple[Attribute, ...]
    scope: Scope
    binders: tuple[Binder, ...]
    type: tuple[Token, ...]
    body: tuple[Token, ...]

    @property
    def is_theorem(self) -> bool:
        """Whether it is a theorem or a lemma."""
        return self.word in ("theorem", "lemma")

    def attribute(self, name: str) -> Attribute | None:
        """The attribute of this name, if it has it."""
        return next((one for one in self.attributes if one.name == name), None)


@dataclass(slots=True)
class _Level:
    """A namespace or section that is open."""

    name: str
    is_namespace: bool
    opened: list[Opened] = field(default_factory=list)
    variables: list[Binder] = field(default_factory=list)
    included: set[str] = field(default_factory=set)


def declarations(text: str, file: str) -> list[Declaration]:
    """The named declarations of a file.

    Raises
    ------
    SurfaceError
        The text cannot be taken apart; the message names the file.
    """
    levels = [_Level("", is_namespace=False)]
    found: list[Declaration] = []
    try:
        every = commands(text)
    except SurfaceError as error:
        raise SurfaceError(f"{file}: {error.message}", hint=error.hint) from None
    for command in every:
        line = text.count("\n", 0, command.keyword) + 1
        try:
            if command.word in DECLARING:
                one = _declaration(command, _scope(levels, command), file, line)
                found += [] if one is None else [one]
            else:
                _enter(command, levels)
        except SurfaceError as error:
            raise SurfaceError(f"{file}:{line}: {error.message}") from None
    return found


def _enter(command: Command, levels: list[_Level]) -> None:
    """Open or close a scope, or change the one that is open."""
    if command.word in ("namespace", "section"):
        name = command.body[0].text if command.body else ""
        level = _Level(name, command.word == "namespace")
        level.variables, level.opened, level.included = (
            list(levels[-1].variables),
            list(levels[-1].opened),
            set(levels[-1].included),
        )
        levels.append(level)
    elif command.word == "end":
        _close(command.body[0].text if command.body else "", levels)
    else:
        _change(command.word, command.body, levels[-1])


def _close(name: str, levels: list[_Level]) -> None:
    """Close what ``end NAME`` closes: sections without a name that are open within it stay open only where it has none."""
    if len(levels) == 1:
        raise SurfaceError(f"`end {name}` closes nothing")
    if levels[-1].name != name:
        raise SurfaceError(f"`end {name}` where {levels[-1].name or 'a section'} is open")
    levels.pop()


def _change(word: str, body: Sequence[Token], level: _Level) -> None:
    if word == "variable":
        binders, end = read_binders(body)
        if end != len(body):
            raise SurfaceError(f"variable: {body[end].text!r} is no binder")
        level.variables = updated(level.variables, binders)
    elif word == "open" and body and body[0].text != "scoped":
        level.opened += _opened(body)
    elif word == "omit":
        level.variables = without(level.variables, _omitted(body))
    elif word == "include":
        level.included |= {token.text for token in body}


def _opened(body: Sequence[Token]) -> list[Opened]:
    """The namespaces of an ``open``; of one that hides or renames, none."""
    words = [token.text for token in body]
    if words[1:2] == ["("] and words[-1] == ")":
        return [Opened(words[0], frozenset(words[2:-1]))]
    if any(token.kind is Kind.SYMBOL or token.text in ("hiding", "renaming") for token in body):
        return []
    return [Opened(word) for word in words]


def _omitted(body: Sequence[Token]) -> list[Binder]:
    binders, end = read_binders(body)
    return [*binders, *(Binder("(", token.text, ()) for token in body[end:])]


def _scope(levels: list[_Level], command: Command) -> Scope:
    """The scope of a declaration, with the commands that hold for it alone."""
    last = levels[-1]
    level = _Level(last.name, last.is_namespace, list(last.opened), list(last.variables), set(last.included))
    for one in command.within:
        _change(one[0].text, one[1:], level)
    namespace = ".".join(one.name for one in levels if one.is_namespace)
    return Scope(namespace, tuple(level.opened), tuple(level.variables), frozenset(level.included))


def _declaration(command: Command, scope: Scope, file: str, line: int) -> Declaration | None:
    """The declaration that a command makes; None where it has no name."""
    body = command.body
    if command.word == "class" and body and body[0].text == "inductive":
        body = body[1:]
    if not body or body[0].kind is not Kind.IDENT:
        return None
    at = 1
    if at < len(body) and body[at].text == "." and at + 1 < len(body):  # universe parameters
        at = next(n for n, token in enumerate(body) if token.text == "}") + 1
    binders, width = read_binders(body[at:])
    at += width
    type_end = _end_of_type(body, at)
    has_type = at < len(body) and body[at].text == ":"
    behind = type_end + (type_end < len(body) and body[type_end].text == ":=")
    name = body[0].text
    return Declaration(
        word=command.word,
        name=_full(name, scope.namespace),
        private="private" in command.modifiers,
        file=file,
        line=line,
        start=command.start,
        keyword=command.keyword,
        signature=body[0].start,
        proof=body[behind].start if behind < len(body) else command.end,
        end=command.end,
        docstring=command.docstring,
        attributes=command.attributes,
        scope=scope,
        binders=tuple(binders),
        type=body[at + 1 : type_end] if has_type else (),
        body=body[behind:],
    )


def _full(name: str, namespace: str) -> str:
    if name.startswith("_root_."):
        return name.removeprefix("_root_.")
    return f"{namespace}.{name}" if namespace else name


def _end_of_type(body: Sequence[Token], at: int) -> int:
    """The place of the ``:=``, ``|`` or ``where`` behind a type, outside of all brackets."""
    depth = 0
    for place in range(at, len(body)):
        word = body[place].text
        if body[place].kind is Kind.SYMBOL:
            if word in OPENING:
                depth += 1
            elif word in OPENING.values() or word.startswith("⟫"):
                depth -= 1
            elif depth == 0 and word == ":=":
                return place
        if depth == 0 and (word == "where" or (word == "|" and body[place].column <= 2)):
            return place
    return len(body)
