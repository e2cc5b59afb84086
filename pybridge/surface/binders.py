"""Binders and variables: ``(γ ε : ℝ)``, ``{y}``, ``[Fintype ι]``, one by one.

In: tokens.  Out: binders of one name each, with the tokens of their types.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pybridge.surface.tokens import Kind, SurfaceError, Token, balanced

BRACKETS = {"(": "explicit", "{": "implicit", "[": "instance", "⦃": "strict implicit"}


@dataclass(frozen=True, slots=True)
class Binder:
    """A binder of one name, or an instance, which may have none; ``type`` is empty where only the brackets are given."""

    bracket: str
    name: str | None
    type: tuple[Token, ...]

    def said(self) -> str:
        """The binder as text."""
        closing = {"(": ")", "{": "}", "[": "]", "⦃": "⦄"}[self.bracket]
        head = f"{self.name} : " if self.name is not None else ""
        return f"{self.bracket}{head}{spelled(self.type)}{closing}"


def spelled(items: Sequence[Token]) -> str:
    """Tokens as one line of text."""
    return "".join(("." if t.kind is Kind.FIELD else " " if t.spaced and n else "") + t.text for n, t in enumerate(items))


def read_binders(items: Sequence[Token]) -> tuple[list[Binder], int]:
    """The binders at the beginning of ``items``, and the place behind them.

    Raises
    ------
    SurfaceError
        A bracket is not closed, or a name is none.
    """
    found: list[Binder] = []
    at, every = 0, list(items)
    while at < len(every) and every[at].kind is Kind.SYMBOL and every[at].text in BRACKETS:
        end = balanced(every, at)
        found += _group(every[at].text, every[at + 1 : end - 1])
        at = end
    return found, at


def _group(bracket: str, inner: list[Token]) -> list[Binder]:
    colon = next((n for n, token in enumerate(inner) if token.text == ":"), None)
    if bracket == "[":
        named = colon == 1 and inner[0].kind is Kind.IDENT
        return [Binder("[", inner[0].text if named else None, tuple(inner[2:] if named else inner))]
    head = inner if colon is None else inner[:colon]
    if not all(token.kind is Kind.IDENT for token in head):
        raise SurfaceError(f"no binder: {bracket}{spelled(inner)}")
    behind = () if colon is None else tuple(inner[colon + 1 :])
    default = next((n for n, token in enumerate(behind) if token.text == ":="), len(behind))
    return [Binder(bracket, token.text, behind[:default]) for token in head]


def updated(variables: Sequence[Binder], more: Sequence[Binder]) -> list[Binder]:
    """The variables after another ``variable`` command, which adds some, or changes the brackets of some."""
    found = list(variables)
    for binder in more:
        if binder.type or binder.bracket == "[":
            found.append(binder)
            continue
        places = [n for n, one in enumerate(found) if one.name == binder.name]
        if not places:
            raise SurfaceError(f"variable {binder.said()}: there is no variable of this name")
        found[places[-1]] = replace(found[places[-1]], bracket=binder.bracket)
    return found


def without(variables: Sequence[Binder], omitted: Sequence[Binder]) -> list[Binder]:
    """The variables but those omitted, which are named by their type, where they are instances, or by their name."""
    gone = {binder.name or spelled(binder.type) for binder in omitted}
    return [one for one in variables if (one.name or spelled(one.type)) not in gone]
