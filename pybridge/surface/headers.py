"""The header of a file: the modules that it imports, and what stands there that is no plain import.

In: a file's text.  Out: modules, and the lines that are refused.  A plain line is ``public meta import all NAME``, with or
without each of the words but ``import``, at the left margin and alone on its line.  Lean takes more than that; what is not
plain is refused, so that no file is imported that nobody reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from pybridge.surface.tokens import Kind, Token, tokens

WORD = "import"


@dataclass(frozen=True, slots=True)
class Header:
    """The modules that a file imports, and the lines (from 1 on) with an import that is not plain, or in no header."""

    modules: tuple[str, ...]
    refused: tuple[int, ...]


def header(text: str) -> Header:
    r"""Read the header of a file.

    Raises
    ------
    SurfaceError
        The text has no tokens that can be told.

    Examples
    --------
    >>> header("module\npublic import A.B\n  import C\nimport D import E\ndef x := 1\nimport F")
    Header(modules=('A.B',), refused=(3, 4, 6))
    """
    modules: list[str] = []
    refused: list[int] = []
    inside = True
    for number, line in _lines(text):
        words = [one.text for one in line]
        if not any(one.text == WORD and one.kind is Kind.IDENT for one in line):
            inside = inside and words == ["module"]
        elif inside and (module := _plain(line, words)) is not None:
            modules.append(module)
        else:
            refused.append(number)
    return Header(tuple(modules), tuple(refused))


def _lines(text: str) -> Iterator[tuple[int, list[Token]]]:
    """The tokens of each line that has some, documentation left out."""
    starts = [0, *(at + 1 for at, character in enumerate(text) if character == "\n")]
    number = 0

    def line(token: Token) -> int:
        nonlocal number
        while number < len(starts) and starts[number] <= token.start:
            number += 1
        return number

    code = (one for one in tokens(text) if one.kind not in (Kind.DOC, Kind.MODULE_DOC))
    return ((at, list(found)) for at, found in groupby(code, line))


def _plain(line: Sequence[Token], words: Sequence[str]) -> str | None:
    """The module of a plain line; None where it is another."""
    rest = list(words)
    for word in ("public", "meta"):
        rest = rest[1:] if rest[:1] == [word] else rest
    rest = rest[:1] + rest[2:] if rest[1:2] == ["all"] else rest
    if line[0].column != 0 or len(rest) != 2 or rest[0] != WORD or line[-1].kind is not Kind.IDENT or "«" in rest[1]:
        return None
    return rest[1]
