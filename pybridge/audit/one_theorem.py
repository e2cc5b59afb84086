"""One theorem that was refuted: whether the export says of it what its Lean text says, as the audit reads that.

In: a theorem of an export.  Out: lines for people.  Where the sources are at hand, the printed text is held to them as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pybridge import ir
from pybridge.audit.known import Knowledge
from pybridge.audit.terms import differing
from pybridge.errors import InputError
from pybridge.export.extract import find_checkout
from pybridge.export.loading import Export, Fresh
from pybridge.ir.rewrite import reachable
from pybridge.ir.traverse import subterms, terms
from pybridge.surface.compare import Difference, Exported, differences
from pybridge.surface.library import Library, read_library
from pybridge.surface.tokens import SurfaceError

_ALL = "`pybridge audit` compares all"


def term_against_text(theorem: ir.Theorem, export: Export) -> list[str]:
    """Whether the term of a theorem, and those of the definitions that it calls, are what their Lean text says."""
    library = _library(export)
    knowledge = Knowledge(export.definitions, library)
    concerned: list[Exported] = [theorem, *_called(theorem, export)]
    about = {one.name: one for one in concerned}
    found: list[Difference] = []
    unread = ""
    for one in about.values():
        try:
            found += differing(one, knowledge)
        except SurfaceError as error:
            unread = unread or f"{one.name}: {error.message}"
    found += _against_sources(about, export, library)
    if found:
        return [line for one in found for line in _lines(one)] + [f"  the export was edited, or the exporter is wrong; {_ALL}"]
    if unread:
        return [f"whether the exported term is what its Lean text says was not found out: {unread}; {_ALL}"]
    return [f"the exported term is what its Lean text says, read again; {_ALL}"]


def _library(export: Export) -> Library:
    """The sources of the export, or those of this checkout; none where there are none to read."""
    try:
        return read_library(export.freshness.root if isinstance(export.freshness, Fresh) else find_checkout())
    except (InputError, SurfaceError, OSError):
        return Library({}, {})


def _called(theorem: ir.Theorem, export: Export) -> Iterator[ir.Definition]:
    propositions = (*(one.proposition for one in theorem.hypotheses), theorem.conclusion)
    for term in (inner for one in propositions for root in terms(one) for inner in subterms(root)):
        if isinstance(term, ir.Call | ir.VCall):
            yield from reachable(export.definitions[term.name], export.definitions)


def _against_sources(about: Iterable[str], export: Export, library: Library) -> list[Difference]:
    exported: dict[str, Exported] = {**export.theorems, **export.definitions}
    known = [exported[name] for name in about if name in exported and name in library.declarations]
    try:
        return [other for one in known for other in differences(library, one)]
    except SurfaceError:
        return []


def _lines(one: Difference) -> Iterator[str]:
    yield f"the export of {one.name} is NOT what its Lean text says: {one.what}" + (f": {one.why}" if one.why else "")
    yield f"  text  {' '.join(one.source.split())}"
    yield f"  here  {' '.join(one.export.split())}"
