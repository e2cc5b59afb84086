"""Lean's text as tokens: identifiers, numbers, strings, documentation, symbols; comments are left out.

In: text.  Out: tokens with their places, and whether a blank stands before them, which some notations ask for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from pybridge.errors import PybridgeError


class SurfaceError(PybridgeError):
    """Text that this reader of Lean's surface syntax cannot take apart."""


class Kind(Enum):
    """What a token is."""

    IDENT = "identifier"
    NUMBER = "number"
    STRING = "string"
    DOC = "docstring"
    MODULE_DOC = "module docstring"
    FIELD = "field"
    SYMBOL = "symbol"


@dataclass(frozen=True, slots=True)
class Token:
    """A token; ``start`` and ``end`` are offsets in the text, ``spaced`` is whether a blank stands before it."""

    kind: Kind
    text: str
    start: int
    end: int
    spaced: bool
    column: int


_LETTER = (
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
    "\u0370-\u039f\u03a1-\u03a2\u03a4-\u03ba\u03bc-\u03ff"  # Greek, but for Π, Σ and λ
    "\u1f00-\u1ffe\u2100-\u214f\U0001d49c-\U0001d59f"
)
_REST = _LETTER + "0-9'!?\u2080-\u2089\u2090-\u209c\u1d62-\u1d6a"
_PART = rf"(?:[{_LETTER}][{_REST}]*|«[^»\n]*»)"
IDENT = re.compile(rf"{_PART}(?:\.{_PART})*")
_FIELD = re.compile(rf"\.(\d+|{_PART})")
_NUMBER = re.compile(r"0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:e-?\d+)?")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_CHARACTER = re.compile(r"'(?:\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[^xu])|[^\\'])'", re.DOTALL)
_RAW = re.compile(r'r#*"')
_LONG = [
    *("⟫_ℝ", "→L[", "→ₗ[", "≃ₗᵢ[", "=ᶠ[", "@[", "#[", "$[", "⁻¹", "⁻¹'", "‖₊", "∀ᶠ", "∃!", "∘L", "×ˢ"),
    *("''", "∑'", "∏'", "<;>", "|>.", "|>", "<|", ":=", "=>", "->", "<-", "..", "::", "++", "&&", "||"),
]
_SYMBOL = re.compile("|".join(re.escape(one) for one in sorted(_LONG, key=len, reverse=True)) + r"|\S")
_PATTERNS = ((Kind.IDENT, IDENT), (Kind.NUMBER, _NUMBER), (Kind.STRING, _STRING), (Kind.STRING, _CHARACTER))
OPENING = {"(": ")", "{": "}", "[": "]", "⟨": "⟩", "⟪": "⟫", "⦃": "⦄"}
OPENING |= dict.fromkeys(("@[", "#[", "→L[", "→ₗ[", "≃ₗᵢ[", "=ᶠ["), "]")
"""Symbols that open something, and what closes it."""
CLOSING = {*OPENING.values(), "⟫_ℝ"}
_ENDS = {*CLOSING, "‖", "|", "⁻¹", "†", "ᗮ"}
"""Symbols after which, without a blank, a field may stand."""


def tokens(text: str) -> list[Token]:
    """The tokens of ``text``, comments left out.

    Raises
    ------
    SurfaceError
        A comment or string does not end, or begins as none does that Lean and this reader take alike.

    Examples
    --------
    >>> [token.text for token in tokens("‖p.2.1‖⁻¹ -- a remark")]
    ['‖', 'p', '2', '1', '‖', '⁻¹']
    """
    return list(_tokens(text))


@lru_cache(maxsize=256)
def _tokens(text: str) -> tuple[Token, ...]:
    found: list[Token] = []
    at, line = 0, 0
    spaced = True
    while at < len(text):
        if text[at].isspace():
            line = at + 1 if text[at] == "\n" else line
            at, spaced = at + 1, True
            continue
        if text.startswith("--", at):
            at = _end_of_line(text, at)
            continue
        if text.startswith("/-", at):
            if text.startswith(("/-/", "/--/"), at):  # how far these go depends on who reads them
                raise SurfaceError(f"a comment begins with a slash at offset {at}", hint="put a blank before the slash")
            end = _end_of_comment(text, at)
            kind = {"/--": Kind.DOC, "/-!": Kind.MODULE_DOC}.get(text[at : at + 3])
            if kind is not None:
                found.append(Token(kind, text[at:end], at, end, spaced, at - line))
            line = text.rfind("\n", 0, end) + 1
            at, spaced = end, True
            continue
        kind, word, end = _next(text, at, found, spaced)
        found.append(Token(kind, word, at, end, spaced, at - line))
        at, spaced = end, False
    return tuple(found)


def _next(text: str, at: int, found: list[Token], spaced: bool) -> tuple[Kind, str, int]:
    before = found[-1] if found and not spaced else None
    if before is not None and (before.kind in (Kind.IDENT, Kind.FIELD) or before.text in _ENDS):
        field = _FIELD.match(text, at)
        if field is not None:
            return Kind.FIELD, field[1], field.end()
    if _RAW.match(text, at):
        raise SurfaceError(f"a raw string begins at offset {at}: these are not read", hint="write a plain string")
    for kind, pattern in _PATTERNS:
        match = pattern.match(text, at)
        if match is not None:
            return kind, match[0], match.end()
    if text[at] == '"':
        raise SurfaceError(f"a string that begins at offset {at} does not end")
    if text[at] == "'" and text[at : at + 2] != "''":
        raise SurfaceError(f"the quote at offset {at} begins no character")
    match = _SYMBOL.match(text, at)
    assert match is not None  # noqa: S101  # \S matches, since no blank stands here
    return Kind.SYMBOL, match[0], match.end()


def _end_of_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _end_of_comment(text: str, at: int) -> int:
    """Behind a block comment, in which others may stand."""
    depth = 0
    for mark in re.finditer(r"/-|-/", text[at:]):
        depth += 1 if mark[0] == "/-" else -1
        if depth == 0:
            return at + mark.end()
    raise SurfaceError(f"a comment that begins at offset {at} does not end")


def balanced(items: list[Token], at: int) -> int:
    """The place behind the bracket that closes the one at ``at``.

    Raises
    ------
    SurfaceError
        Nothing closes it.
    """
    expected: list[str] = []
    for place in range(at, len(items)):
        word = items[place].text if items[place].kind is Kind.SYMBOL else ""
        if word in OPENING:
            expected.append(OPENING[word])
        elif word in CLOSING:
            if not expected or not word.startswith(expected[-1]):
                break
            expected.pop()
            if not expected:
                return place + 1
    raise SurfaceError(f"nothing closes {items[at].text!r} at offset {items[at].start}")
