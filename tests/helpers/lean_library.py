"""Small Lean libraries as text, and the exported declarations that would be theirs."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from pybridge.ir import Definition, Theorem
from pybridge.surface.library import Library, library_of, read_library

ROOT = Path(__file__).resolve().parents[2]


@lru_cache(maxsize=1)
def the_library() -> Library:
    """The library of this checkout."""
    return read_library(ROOT)


def changed(library: Library, file: str, old: str, new: str) -> Library:
    """The library with one stretch of one source changed; the stretch is there once."""
    text = library.sources[file]
    assert text.count(old) == 1, (file, old, text.count(old))
    return library_of({**library.sources, file: text.replace(old, new)})


def restated(declaration: Theorem | Definition, old: str, new: str) -> Theorem | Definition:
    """The exported declaration with its statement changed; the stretch is there."""
    assert old in declaration.statement
    return replace(declaration, statement=declaration.statement.replace(old, new, 1))
