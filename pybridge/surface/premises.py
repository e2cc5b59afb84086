"""The theorems of the project that a proof names.

In: a declaration of the library.  Out: the full names of the theorems that occur in its proof's text, resolved as Lean
resolves them. What a tactic finds by itself (a lemma tagged ``simp``) stands in no text and is not found here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from pybridge.surface.declarations import Declaration
from pybridge.surface.library import Library
from pybridge.surface.tokens import Kind

_BINDING = ("have", "let", "set")
"""What a name of the proof's own stands behind, which may be that of a theorem."""
_BY_DEFINITION = (("rfl",), ("Iff", ".", "rfl"), ("Iff.rfl",), ("by", "rfl"), (".", "rfl"), (".rfl",))


def premises(declaration: Declaration, library: Library, *, dots: bool = True) -> tuple[str, ...]:
    """The theorems that a proof names, in the order in which it does, each once.

    A name behind a dot (``hb.norm_sub_sum_inner_smul_sq``) is taken for the theorem that ends in it, where there is one such
    alone: a guess, since it may be another library's. Without ``dots`` it is left out.
    """
    found: dict[str, None] = {}
    ends = _ends(library) if dots else {}
    for token in declaration.body:
        names: list[str | None] = []
        if token.kind is Kind.FIELD:
            names = [ends.get(token.text)]
        elif token.kind is Kind.IDENT:
            names = _named(token.text, declaration, library, ends)
        for name in names:
            if name is not None and _can_name(declaration, library.declarations[name]):
                found[name] = None
    return tuple(found)


def named_at(declaration: Declaration, library: Library) -> Iterator[tuple[int, str]]:
    """Where a proof names a theorem of the library by its own name, and which; what a name behind a dot means is left out."""
    bound = {one.text for before, one in zip(declaration.body, declaration.body[1:], strict=False) if before.text in _BINDING}
    for token in declaration.body:
        if token.kind is Kind.IDENT and token.text.partition(".")[0] not in bound:
            name = next(iter(_named(token.text, declaration, library, {})), None)
            if name is not None and _can_name(declaration, library.declarations[name]):
                yield token.start, name


def _can_name(declaration: Declaration, other: Declaration) -> bool:
    """Whether it may be a theorem that a proof names: nothing that comes later in its file is."""
    return other.is_theorem and (other.file != declaration.file or other.line < declaration.line)


def is_by_definition(name: str, library: Library) -> bool:
    """Whether the text of a theorem's proof says that it holds by definition."""
    written = library.declarations.get(name)
    return written is not None and tuple(token.text for token in written.body) in _BY_DEFINITION


def _named(text: str, declaration: Declaration, library: Library, ends: Mapping[str, str]) -> list[str | None]:
    """What an identifier names: the longest beginning of it that is a declaration, and fields behind it."""
    parts = text.split(".")
    for length in range(len(parts), 0, -1):
        name = library.resolve(".".join(parts[:length]), declaration.scope)
        if name is not None:
            return [name, *(ends.get(field) for field in parts[length:])]
    return [ends.get(field) for field in parts[1:]]


def _ends(library: Library) -> Mapping[str, str]:
    """The theorems by the last part of their name, where only one has it."""
    return _ends_of(tuple(name for name, one in library.declarations.items() if one.is_theorem))


@lru_cache(maxsize=8)
def _ends_of(names: tuple[str, ...]) -> Mapping[str, str]:
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(name.rpartition(".")[2], []).append(name)
    return {last: full[0] for last, full in found.items() if len(full) == 1}
