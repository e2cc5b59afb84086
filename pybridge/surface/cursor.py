"""A place among tokens, and what stands there: the part of the reader that knows no grammar but the bars of norms.

In: tokens.  Out: the next one, whether it opens or closes a bar (``‖a‖`` and ``|a|`` open and close by the same sign),
refusals with the whole text.
"""

from __future__ import annotations

from collections.abc import Sequence

from pybridge.surface.binders import spelled
from pybridge.surface.notations import PREFIX
from pybridge.surface.tokens import OPENING, Kind, SurfaceError, Token

FENCES = ("‖", "|")
"""Signs that open and close."""


class Cursor:
    """A place among tokens; ``fences`` are the bars that are open."""

    def __init__(self, items: Sequence[Token]) -> None:
        self.items = without_universes(items)
        self.at = 0
        self.fences: list[str] = []

    def closes(self) -> bool:
        """Whether the next token is the bar that closes one which is open."""
        word = self.word()
        return word in FENCES and bool(self.fences) and self.fences[-1] == word and not self.opens_fence()

    def opens_fence(self) -> bool:
        """Whether a bar opens: nothing but an opening symbol, an operator or a blank stands before it, and no blank behind."""
        token = self.items[self.at]
        behind = self.items[self.at + 1] if self.at + 1 < len(self.items) else None
        if behind is None or behind.spaced:
            return False
        before = self.items[self.at - 1] if self.at else None
        return token.spaced or before is None or (before.kind is Kind.SYMBOL and before.text in {*OPENING, *PREFIX, *FENCES})

    def peek(self) -> Token | None:
        return self.items[self.at] if self.at < len(self.items) else None

    def word(self) -> str:
        token = self.peek()
        return "" if token is None else token.text

    def symbol(self) -> bool:
        token = self.peek()
        return token is not None and token.kind is Kind.SYMBOL

    def symbol_or_word(self) -> bool:
        token = self.peek()
        return token is not None and token.kind in (Kind.SYMBOL, Kind.IDENT)

    def take(self) -> Token:
        self.at += 1
        return self.items[self.at - 1]

    def refused(self, why: str) -> SurfaceError:
        return SurfaceError(f"cannot read the term {spelled(self.items)!r}: {why}")


def without_universes(items: Sequence[Token]) -> list[Token]:
    """``Type*`` and ``Type u_1`` as ``Type``."""
    found: list[Token] = []
    for n, token in enumerate(items):
        before = items[n - 1] if n else None
        universe = (token.text == "*" and not token.spaced) or token.text.startswith("u_")
        if before is None or before.text not in ("Type", "Sort") or not universe:
            found.append(token)
    return found
