"""A file's text as commands: each begins at the left margin, as everywhere in mathlib's style.

In: tokens.  Out: commands, with what belongs to the next one (docstring, attributes, modifiers, ``… in``) put in front of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pybridge.surface.tokens import Kind, SurfaceError, Token, balanced, tokens

MODIFIERS = {"private", "protected", "public", "noncomputable", "nonrec", "unsafe", "partial", "meta", "local", "scoped"}
DECLARING = ("theorem", "lemma", "def", "abbrev", "instance", "structure", "class", "inductive", "opaque", "axiom", "example")
_PREFIXED = ("omit", "include", "open", "variable", "set_option", "attribute")


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a declaration: its name, its string arguments, where it stands."""

    name: str
    strings: tuple[str, ...]
    start: int


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its word (``theorem``, ``namespace``), the tokens behind it, and what stands before it."""

    word: str
    body: tuple[Token, ...]
    start: int
    """Where it begins, its docstring included, and the commands that hold for it alone not."""
    keyword: int
    """Where its word begins."""
    end: int
    docstring: str | None
    attributes: tuple[Attribute, ...]
    modifiers: frozenset[str]
    within: tuple[tuple[Token, ...], ...]
    """The commands that hold for this one alone: ``omit … in``, ``variable … in``."""


def commands(text: str) -> list[Command]:
    """The commands of a file, module docstrings left out.

    Raises
    ------
    SurfaceError
        A command has no word, or a bracket is not closed.
    """
    found: list[Command] = []
    pending: list[Token] = []
    within: list[tuple[Token, ...]] = []
    for block in _blocks(tokens(text)):
        if block[0].kind is Kind.MODULE_DOC:
            continue
        if not pending and block[0].text in _PREFIXED and block[-1].text == "in":
            within.append(tuple(block[:-1]))
            continue
        pending += block
        if _is_prefix(pending):
            continue
        found.append(_command(pending, tuple(within)))
        pending, within = [], []
    if pending or within:
        left = pending[0] if pending else within[0][0]
        raise SurfaceError(f"nothing follows what begins at offset {left.start}")
    return found


def _blocks(items: Sequence[Token]) -> Iterator[list[Token]]:
    """Runs of tokens that begin at the left margin."""
    block: list[Token] = []
    for token in items:
        alone = token.kind is Kind.MODULE_DOC
        if block and (token.column == 0 or alone):
            yield block
            block = []
        block.append(token)
        if alone:
            yield block
            block = []
    if block:
        yield block


def _is_prefix(items: list[Token]) -> bool:
    """Whether these are docstring, attributes and modifiers only: the command is still to come."""
    return _after_prefix(items)[0] == len(items)


def _after_prefix(items: list[Token]) -> tuple[int, str | None, list[Attribute], set[str]]:
    at, docstring, attributes, modifiers = 0, None, list[Attribute](), set[str]()
    while at < len(items):
        token = items[at]
        if token.kind is Kind.DOC:
            docstring, at = token.text[3:-2].strip(), at + 1
        elif token.text == "@[":
            end = balanced(items, at)
            attributes += attributes_of(items[at + 1 : end - 1])
            at = end
        elif token.text in MODIFIERS and not _is_notation(items, at):
            modifiers.add(token.text)
            at += 1
        else:
            break
    return at, docstring, attributes, modifiers


def _is_notation(items: list[Token], at: int) -> bool:
    """Whether a word such as ``scoped`` is no modifier here: ``open scoped``."""
    return at > 0 and items[at - 1].text in ("open", "attribute")


def attributes_of(items: list[Token]) -> list[Attribute]:
    """The attributes that stand between ``@[`` and ``]``, parted by commas."""
    found: list[Attribute] = []
    part: list[Token] = []
    depth = 0
    for token in [*items, None]:
        if token is None or (token.text == "," and depth == 0):
            if part:
                strings = tuple(one.text[1:-1] for one in part if one.kind is Kind.STRING)
                found.append(Attribute(part[0].text, strings, part[0].start))
            part = []
            continue
        depth += (token.text in "([{") - (token.text in ")]}")
        part.append(token)
    return found


def _command(items: list[Token], within: tuple[tuple[Token, ...], ...]) -> Command:
    at, docstring, attributes, modifiers = _after_prefix(items)
    return Command(
        items[at].text,
        tuple(items[at + 1 :]),
        items[0].start,
        items[at].start,
        items[-1].end,
        docstring,
        tuple(attributes),
        frozenset(modifiers),
        within,
    )
