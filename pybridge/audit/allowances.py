"""What is allowed in the sources, line by line, each with its reason.

In: ``lean/allowed.json``.  Out: its entries.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pybridge.audit.checkout import read_text
from pybridge.errors import InputError

ALLOWED = "lean/allowed.json"
"""What is allowed: a list of ``file``, ``word``, ``text`` (of the whole line) and ``why``."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A word that asks for a reason: in which file, and the whole line."""

    file: str
    word: str
    text: str

    @property
    def about(self) -> tuple[str, str, str]:
        """What a reason is about: the line, wherever it stands in the file."""
        return self.file, self.word, self.text


@dataclass(frozen=True, slots=True)
class Allowed(Asking):
    """A line that is allowed, and why."""

    why: str


def read_allowed(root: Path) -> list[Allowed]:
    """The list of what is allowed.

    Raises
    ------
    InputError
        It cannot be read, or an entry has no reason.
    """
    listed = root / ALLOWED
    try:
        entries = json.loads(read_text(listed))
        found = [Allowed(**_texts(entry)) for entry in entries]
    except (ValueError, TypeError):
        raise InputError(f"{listed}: not a list of file, word, text and why", hint="see docs/trust.md") from None
    if bare := [one for one in found if not one.why.strip()]:
        raise InputError(f"{listed}: {bare[0].file}: {bare[0].word}: no reason is given", hint="say why it is allowed")
    for one in found:
        if not all(part.isprintable() for part in (one.file, one.word, one.text, one.why)):
            raise InputError(
                f"{listed}: {one.file!r}: {one.word!r}: a character that is not printed", hint="write it in one line"
            )
    twice = [one for number, one in enumerate(found) if one.about in [other.about for other in found[:number]]]
    if twice:
        raise InputError(f"{listed}: {twice[0].file}: {twice[0].word} is allowed twice", hint="give one reason for it")
    return found


def _texts(entry: Mapping[str, object]) -> dict[str, str]:
    if not all(isinstance(value, str) for value in entry.values()):
        raise TypeError
    return {key: str(value) for key, value in entry.items()}
