"""The records of the proofs against the sources: kinds, places, what a proof and a statement name, and in which order.

In: an export, its sources.  Out: a section.  What a tactic found, and what mathlib's constants are, no text says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pybridge import ir
from pybridge.artifact.graph import graph_of, read_graph
from pybridge.artifact.two_graphs import compared
from pybridge.audit.sections import EXTRACT, Difference, Section
from pybridge.export.loading import Export
from pybridge.surface.declarations import Declaration
from pybridge.surface.library import Library, imports, place
from pybridge.surface.tokens import Kind, tokens

_KINDS = {"theorem": "theorem", "lemma": "theorem", "def": "definition", "abbrev": "definition", "instance": "definition"}
_KINDS |= {"structure": "inductive", "class": "inductive", "inductive": "inductive", "axiom": "axiom", "opaque": "opaque"}
BY_LEAN = "no text names them: `pybridge extract --check`"


def records(export: Export, library: Library) -> Section:
    """What the export says of each proof, against the sources."""
    graphs = compared(graph_of(export), read_graph(export, library), library)
    named = [
        Difference(one.theorem, "proof", one.rests_on or "", "", one.why)
        if one.rests_on is not None
        else Difference(one.theorem, "proof", "", "", one.why)
        for one in graphs.differences
    ]
    found = [*named, *_kinds(export, library), *_called(export), *_order(export, library), *_outside(export)]
    return Section(
        "proofs",
        f"{len(export.proofs)} records of proofs: kinds, files, order, {graphs.both} edges that the sources name too",
        tuple(found),
        (f"{len(graphs.by_tactics)} edges found by tactics, and mathlib's constants with the axioms: {BY_LEAN}",),
        remedy=EXTRACT,
    )


def _kinds(export: Export, library: Library) -> Iterator[Difference]:
    for name, proof in export.proofs.items():
        source = library.declarations.get(name)
        if source is None:
            continue
        kind = "private" if source.private and proof.kind == "private" else _KINDS.get(source.word, source.word)
        if proof.kind != kind:
            yield Difference(name, "kind of its record", kind, proof.kind)
        if proof.file != source.file:
            yield Difference(name, "file of its record", source.file, proof.file)


def _called(export: Export) -> Iterator[Difference]:
    """What the text of a statement names its declaration uses."""
    exported: list[ir.Theorem | ir.Definition] = [*export.definitions.values(), *export.theorems.values()]
    for declaration in exported:
        uses = set(export.proofs[declaration.name].uses)
        for name in sorted(_named(declaration.statement, export.proofs) - uses - {declaration.name}):
            yield Difference(declaration.name, "proof", f"its statement names {name}", "not among what it uses")


def _named(text: str, proofs: Mapping[str, ir.Proof]) -> set[str]:
    """The declarations of the project that a text names; what follows a name may be a field of it."""
    found = set()
    for token in tokens(text):
        parts = token.text.split(".") if token.kind is Kind.IDENT else []
        names = (".".join(parts[:n]) for n in range(len(parts), 0, -1))
        found |= {name for name in [next((one for one in names if one in proofs), None)] if name is not None}
    return found


def _order(export: Export, library: Library) -> Iterator[Difference]:
    """A declaration rests on what stands before it, or in a file that its own file imports."""
    below = _imported(library.sources)
    for name, proof in export.proofs.items():
        source = library.declarations.get(name)
        for used in proof.uses:
            other = library.declarations.get(used)
            if source is None or other is None or _before(other, source, below):
                continue
            yield Difference(name, "proof", f"{used} stands at {other.file}:{other.line}, behind it", f"uses {used}")


def _before(other: Declaration, source: Declaration, below: Mapping[str, set[str]]) -> bool:
    if other.file == source.file:
        return other.start <= source.start
    return other.file in below.get(source.file, set())


def _imported(sources: Mapping[str, str]) -> dict[str, set[str]]:
    """The files that each file imports, whatever the number of steps."""
    direct = {file: {place(module) for module in imports(text)} & set(sources) for file, text in sources.items()}
    found: dict[str, set[str]] = {}
    for file in direct:
        seen: set[str] = set()
        left = list(direct[file])
        while left:
            one = left.pop()
            if one not in seen:
                seen.add(one)
                left += direct[one]
        found[file] = seen
    return found


def _outside(export: Export) -> Iterator[Difference]:
    """No constant of another library has the name of one of the project's own."""
    for name, proof in export.proofs.items():
        for constant in sorted(set(proof.outside) & set(export.proofs)):
            yield Difference(name, "proof", f"{constant} is the project's own", "among the constants of other libraries")
