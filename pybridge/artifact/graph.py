"""What rests on what: the theorems that a theorem's proof uses, and those that use it.

In: an export and, where they are there, the sources beside it.  Out: a ``Graph``, which says where its edges are from:
recorded by Lean in the export, or read in the text of the proofs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pybridge.errors import InputError, UnknownNameError
from pybridge.export.loading import Export, Fresh
from pybridge.surface.library import Library, read_library
from pybridge.surface.premises import premises

RECORDED = "recorded by Lean: the constants of each proof"
READ = "read in the sources: the theorems that each proof names; what a tactic finds by itself is not seen"
MIXED = f"{RECORDED}; of lemmas that are not exported, {READ}"
NONE = "no sources beside the export, which records no constants of its proofs"
_PRIVATE = re.compile(r"^_private\.(?:.*?)\.0\.")


@dataclass(frozen=True, slots=True)
class Node:
    """A theorem: exported, with its equation, or a lemma of the library, without one."""

    name: str
    equation: str | None
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Graph:
    """Theorems by name, in the order of the export and then of the sources, and which others each rests on."""

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
        return self._only(kept)

    def exported(self) -> Graph:
        """The exported theorems alone: one rests on another also by way of lemmas that are not exported."""
        rests_on = {name: self._through_lemmas(name) for name, node in self.nodes.items() if node.equation is not None}
        return Graph({name: self.nodes[name] for name in rests_on}, rests_on, self.source)

    def _through_lemmas(self, name: str) -> tuple[str, ...]:
        found: dict[str, None] = {}
        seen: set[str] = set()
        left = list(self.rests_on[name])
        while left:
            other = left.pop(0)
            if other in seen or other == name:
                continue
            seen.add(other)
            if self.nodes[other].equation is not None:
                found[other] = None
            else:
                left += self.rests_on[other]
        return tuple(found)

    def _only(self, kept: set[str]) -> Graph:
        nodes = {name: node for name, node in self.nodes.items() if name in kept}
        rests_on = {name: tuple(one for one in self.rests_on[name] if one in kept) for name in nodes}
        return Graph(nodes, rests_on, self.source)


def graph_of(export: Export) -> Graph:
    """The graph of an export's theorems and of the lemmas of the library beside it.

    Raises
    ------
    InputError
        There are no sources beside the export, and it records no constants.
    SurfaceError
        A source cannot be read.
    """
    library = read_library(export.freshness.root) if isinstance(export.freshness, Fresh) else None
    recorded = bool(export.theorems) and all(theorem.uses is not None for theorem in export.theorems.values())
    if library is None and not recorded:
        raise InputError(f"{export.path}: what rests on what is not known: {NONE}", hint="run it in a checkout")
    nodes = {t.name: Node(t.name, t.equation, t.file, t.line) for t in export.theorems.values()}
    if library is not None:
        lemmas = (one for one in library.declarations.values() if one.is_theorem and one.name not in nodes)
        nodes.update({one.name: Node(one.name, None, one.file, one.line) for one in lemmas})
    rests_on = {name: _below(name, export, library, nodes) for name in nodes}
    source = READ if not recorded else RECORDED if len(nodes) == len(export.theorems) else MIXED
    return Graph(nodes, rests_on, source)


def _below(name: str, export: Export, library: Library | None, nodes: Mapping[str, Node]) -> tuple[str, ...]:
    """The theorems that one rests on at once."""
    uses = export.theorems[name].uses if name in export.theorems else None
    if uses is not None:
        known = (_PRIVATE.sub("", one) for one in uses)
        return tuple(dict.fromkeys(one for one in known if one in nodes and one != name))
    if library is None or name not in library.declarations:
        return ()
    return tuple(one for one in premises(library.declarations[name], library) if one in nodes)


def chosen(graph: Graph, export: Export, names: Iterable[str]) -> list[str]:
    """The nodes that these names and equations mean: exported theorems, or lemmas of the graph by their full name.

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
