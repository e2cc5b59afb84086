"""The list of what is allowed in the sources: its form, and a reason for each entry."""

from __future__ import annotations

from pathlib import Path

import pytest
from lean_library import the_library

from pybridge.audit.allowances import ALLOWED
from pybridge.audit.scan import scan
from pybridge.errors import InputError


@pytest.mark.parametrize("entries", ["[", '[{"file": "a"}]', '[{"file": "a", "word": "b", "text": "c", "why": 1}]'])
def test_a_list_that_is_none(entries: str, checkout: Path) -> None:
    """One line that names the file."""
    (checkout / ALLOWED).write_text(entries, encoding="utf-8")
    with pytest.raises(InputError, match=r"allowed\.json: not a list of file, word, text and why"):
        scan(the_library(), checkout)


def test_an_entry_without_a_reason(checkout: Path) -> None:
    """A reason is asked for."""
    (checkout / ALLOWED).write_text('[{"file": "a", "word": "b", "text": "c", "why": " "}]', encoding="utf-8")
    with pytest.raises(InputError, match="no reason is given"):
        scan(the_library(), checkout)


@pytest.mark.parametrize("hidden", ["one\\n  Challenge.lean:1: nothing", "\\u001b[2K", "\\u200b"])
def test_a_reason_that_is_not_what_is_printed(hidden: str, checkout: Path) -> None:
    """No second line, nothing that a terminal obeys, no character that is not seen."""
    (checkout / ALLOWED).write_text(f'[{{"file": "a", "word": "b", "text": "c", "why": "{hidden}"}}]', encoding="utf-8")
    with pytest.raises(InputError, match="a character that is not printed"):
        scan(the_library(), checkout)


def test_an_entry_that_stands_twice(checkout: Path) -> None:
    """Of two reasons only one would be shown."""
    entries = ", ".join(f'{{"file": "a", "word": "b", "text": "c", "why": "{why}"}}' for why in ("so", "otherwise"))
    (checkout / ALLOWED).write_text(f"[{entries}]", encoding="utf-8")
    with pytest.raises(InputError, match="a: b is allowed twice"):
        scan(the_library(), checkout)
