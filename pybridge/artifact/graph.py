"""What rests on what: the theorems that a theorem's proof uses, and those that use it.

In: an export, which has what Lean recorded of each proof, or the sources beside it.  Out: a ``Graph``, which says which of the
two its edges are from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pybridge.errors import InputError, UnknownNameError
from pybridge.export.loading import Export, Fresh
from pybridge.surface.library import Library, library_of, read_library
from pybridge.surface.premises import premises

RECORDED = "recorded by Lean: the constants of each proof"
READ = "read in the sources: the theorems that each proof names; what a tactic finds by itself is not seen"
THEOREM = "theorem"
_RESERVED = re.compile(r"\.(?:congr_simp|hcongr_\d+|eq_\d+|eq_def|eq_unfold|injEq|sizeOf_spec)$")
"""The names of theorems that Lean makes where a tactic asks for them: parts of what they are about."""


@dataclass(frozen=True, slots=True)
class Node:
    """A theorem: exported, with its equation, or a lemma of the library, without one; or a definition, as ``kind`` says."""

    name: str
    equation: str | None
    file: str
    line: int | None
    """Of a lemma known by Lean's record alone, None: the record has none."""
    kind: str = THEOREM


@dataclass(frozen=True, slots=True)
class Graph:
    """Theorems by name, in the order of the export and then of the lemmas, and which others each rests on."""

    nodes: Mapping[str, Node]
    rests_on: Mapping[str, tuple[str, ...]]
    source: str

    def used_by(self, name: str) -> tuple[str, ...]:
        """The theorems that rest on this one, at once."""
        return tuple(other for other, below in self.rests_on.items() if name in below)

    def edges(self) -> list[tuple[str, str]]:
        """Pairs of a theorem and one that it rests on."""
        return [(name, below) for name in self.nodes for below in self.rests_on[name]]

    def below(self, names: Iterable[str], *, upwards: bool = False) -> Graph:
        """What these rest on, whatever the number of steps, or what rests on them; they themselves too."""
        step = self.used_by if upwards else lambda name: self.rests_on[name]
        kept: set[str] = set()
        left = list(names)
        while left:
            name = left.pop()
            if name not in kept:
                kept.add(name)
                left += step(name)
        rests_on = {name: tuple(one for one in self.rests_on[name] if one in kept) for name in self.nodes if name in kept}
        return Graph({name: self.nodes[name] for name in rests_on}, rests_on, self.source)

    def exported(self, *, definitions: bool = False) -> Graph:
        """The exported theorems alone, or with definitions: one rests on another also by way of what is left out."""
        return self.through(
            name for name, node in self.nodes.items() if node.equation is not None or (definitions and node.kind != THEOREM)
        )

    def through(self, names: Iterable[str]) -> Graph:
        """These alone: one rests on another also by way of those that are left out."""
        kept = dict.fromkeys(names)
        rests_on = {name: _through(name, self.rests_on, kept) for name in kept}
        return Graph({name: self.nodes[name] for name in kept}, rests_on, self.source)

    def placed(self, library: Library) -> Graph:
        """With the lines of lemmas, where they stand in the sources of the library."""
        written = library.declarations
        nodes = {
            name: replace(node, line=written[name].line) if node.line is None and name in written else node
            for name, node in self.nodes.items()
        }
        return replace(self, nodes=nodes)


def graph_of(export: Export, *, definitions: bool = False) -> Graph:
    """The graph that Lean recorded: exported theorems, and the lemmas that they rest on.

    With ``definitions`` the definitions are nodes too, and everything rests on those it speaks of; without, what a definition
    rests on counts for those that use it.
    """
    lines = {name: one.line for name, one in export.definitions.items()}
    nodes = {name: Node(name, one.equation, one.file, one.line) for name, one in export.theorems.items()}
    for proof in export.proofs.values():
        nodes.setdefault(proof.name, Node(proof.name, None, proof.file, lines.get(proof.name), proof.kind))
    rests_on = {name: tuple(one for one in export.proofs[name].uses if one != name) for name in nodes}
    kept = (name for name, node in nodes.items() if (definitions or node.kind == THEOREM) and not _RESERVED.search(name))
    return Graph(nodes, rests_on, RECORDED).through(kept)


def read_graph(export: Export, library: Library) -> Graph:
    """The graph read in the sources: the exported theorems, and all lemmas of the library."""
    nodes = {t.name: Node(t.name, t.equation, t.file, t.line) for t in export.theorems.values()}
    lemmas = (one for one in library.declarations.values() if one.is_theorem and one.name not in nodes)
    nodes.update({one.name: Node(one.name, None, one.file, one.line) for one in lemmas})
    written = library.declarations
    return Graph(nodes, {name: premises(written[name], library) if name in written else () for name in nodes}, READ)


def sources(export: Export) -> Library:
    """The sources that the export was made of.

    Raises
    ------
    InputError
        They are not beside it.
    SurfaceError
        One of them cannot be read.
    """
    if not isinstance(export.freshness, Fresh):
        message = f"{export.path}: what the text of the proofs names is not known: {export.freshness.reason}"
        raise InputError(message, hint="run it in a checkout, or take what Lean recorded")
    files = [one.file for one in export.theorems.values()] + [one.file for one in export.definitions.values()]
    roots = sorted({file.removeprefix("lean/").partition("/")[0].removesuffix(".lean") for file in files})
    libraries = [read_library(export.freshness.root, library=root) for root in roots]
    return library_of({file: text for one in libraries for file, text in one.sources.items()})


def chosen(graph: Graph, export: Export, names: Iterable[str]) -> list[str]:
    """The nodes that these names and equations mean: exported theorems, or others of the graph by their full name.

    Raises
    ------
    UnknownNameError
        One of them is no theorem.
    """
    found: list[str] = []
    for name in names:
        if name in graph.nodes and name not in export.theorems:
            found.append(name)
            continue
        try:
            found += [theorem.name for theorem in export.stated(name)]
        except UnknownNameError:
            if any(node.equation is None for node in graph.nodes.values()):
                raise UnknownNameError("theorem", name, graph.nodes) from None
            raise
    return list(dict.fromkeys(found))


def _through(name: str, rests_on: Mapping[str, tuple[str, ...]], kept: Mapping[str, None]) -> tuple[str, ...]:
    """Those of ``kept`` that a name rests on by way of none of them."""
    found: dict[str, None] = {}
    seen = {name}
    left = list(rests_on[name])
    while left:
        other = left.pop(0)
        if other in seen:
            continue
        seen.add(other)
        if other in kept:
            found[other] = None
        else:
            left += rests_on[other]
    return tuple(found)
