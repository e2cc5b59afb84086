"""The export against what LeanDojo reads in the sources: names, places, docstrings, hypotheses, statements; and its terms.

In: a checkout, an export.  Out: a ``Comparison``: how much was compared, and the differences, each with both texts.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pybridge.audit import terms
from pybridge.dojo.flat import copied
from pybridge.dojo.reading import Read, lean_version, put_outlines, put_traces, read
from pybridge.export.loading import Export
from pybridge.surface.compare import Difference, Exported, compare
from pybridge.surface.declarations import Declaration, declarations
from pybridge.surface.library import Library, read_library
from pybridge.surface.tokens import SurfaceError


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was compared: the Lean that the sources ask for, how many theorems and definitions, and where they differ.

    ``differences`` are those of texts and places; ``terms`` is what reading the texts again came to.
    """

    lean: str
    theorems: int
    definitions: int
    differences: tuple[Difference, ...]
    terms: terms.Readings

    @property
    def same(self) -> bool:
        """Whether all was compared, and nothing differs."""
        return not (self.differences or self.terms.differences or self.terms.unread)


def run(root: Path, export: Export, *, trace: Path | None = None) -> Comparison:
    """Compare an export with the sources of the checkout ``root``, read by LeanDojo, offline and without Lean.

    Parameters
    ----------
    root : Path
        The checkout.
    export : Export
        What Lean wrote.
    trace : Path, optional
        The folder of traced files that ``pybridge dojo trace`` wrote; else an outline of each file is made of its text.

    Raises
    ------
    MissingToolError
        lean-dojo or git is not there.
    SurfaceError, InputError
        A source or a statement cannot be read; there is nothing to compare.
    """
    library = read_library(root)
    exported: dict[str, Exported] = {**export.theorems, **export.definitions}
    if not exported:
        raise SurfaceError("the export holds no declaration: nothing to compare")
    with tempfile.TemporaryDirectory(prefix="pybridge-flat-") as name:
        target = Path(name) / "flat"
        target.mkdir()
        copied(root, library.sources, target)
        if trace is None:
            put_outlines(library, target)
        else:
            put_traces(trace, library.sources, target)
        found = {one.name: one for one in read(target, library.sources) if one.name in exported}
        lean = lean_version(target)
    second = Library(library.sources, {**library.declarations, **_as_read(library, found)})
    differences = [*_places(library, found), *compare(second, exported)]
    for missing in (set(exported) & set(library.declarations)) - set(found):
        one = library.declarations[missing]
        differences.append(Difference(missing, "declaration", f"{one.file}:{one.line}", "", "LeanDojo finds none of this name"))
    again = terms.compare(export, second)
    return Comparison(lean, len(export.theorems), len(export.definitions), tuple(differences), again)


def _as_read(library: Library, found: Mapping[str, Read]) -> dict[str, Declaration]:
    """The declarations with docstring, binders, type and body of what LeanDojo reads; the scope is that of the place."""
    changed = {}
    for name, one in found.items():
        declaration = library.declarations.get(name)
        if declaration is None:
            continue
        (bare,) = declarations(one.statement, one.file)
        changed[name] = replace(
            declaration,
            file=one.file,
            docstring=one.docstring,
            word=bare.word,
            binders=bare.binders,
            type=bare.type,
            body=declaration.body if one.is_theorem else bare.body,
        )
    return changed


def _places(library: Library, found: Mapping[str, Read]) -> list[Difference]:
    """Where LeanDojo has a declaration begin or end elsewhere than our reader has."""
    differences = []
    for name, one in found.items():
        declaration = library.declarations.get(name)
        if declaration is None:
            continue
        text = library.sources[declaration.file]
        start = declaration.start if declaration.docstring is not None else declaration.keyword
        ours = f"{declaration.file} {_place(text, start)} to {_place(text, declaration.end)}"
        theirs = f"{one.file} {one.start} to {one.end}"
        if ours != theirs:
            differences.append(Difference(name, "span", ours, theirs, "our reader and LeanDojo"))
    return differences


def _place(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
