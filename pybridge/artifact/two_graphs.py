"""The graph that Lean recorded against the one read in the sources: two readers that share nothing but the library.

In: both graphs, and the sources.  Out: what the sources name and Lean does not know, which is a difference; what Lean knows
and the text does not name, found by a tactic; and what cannot be compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pybridge.artifact.graph import Graph, graph_of, read_graph, sources
from pybridge.export.loading import Export
from pybridge.surface.library import Library
from pybridge.surface.premises import is_by_definition, premises

Edge: TypeAlias = tuple[str, str]
"""A theorem and one that it rests on."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the two part, and why it is a difference; ``rests_on`` is None where it is about the theorem itself."""

    theorem: str
    rests_on: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparing the two graphs comes to.

    Parameters
    ----------
    both
        How many edges are in both.
    differences
        What the sources say and Lean does not know of, or the other way round where that cannot be.
    by_tactics
        Edges that Lean knows and no text names: the lemma was found by a tactic, such as ``simp``.
    by_definition
        Edges that the text names to a theorem whose proof is ``rfl``: a rewriting that holds by definition leaves no trace.
    unused
        Lemmas of the sources on which nothing rests that is exported: Lean recorded nothing of them.
    by_dots
        Edges that the text names behind a dot (``h.comp``), to the only theorem of the library that ends so, and that Lean
        does not know: the text does not say whose it is, and it is another library's.
    made
        What Lean made by itself of a declaration of the sources (``simps``, ``ext``), and no text has.
    """

    both: int
    differences: tuple[Difference, ...]
    by_tactics: tuple[Edge, ...]
    by_definition: tuple[Edge, ...]
    by_dots: tuple[Edge, ...]
    unused: tuple[str, ...]
    made: tuple[str, ...]


def compare(export: Export) -> Comparison:
    """The two graphs of an export with its sources beside it.

    Raises
    ------
    InputError
        The sources of the export are not beside it.
    SurfaceError
        A source cannot be read.
    """
    library = sources(export)
    return compared(graph_of(export), read_graph(export, library), library)


def compared(recorded: Graph, read: Graph, library: Library) -> Comparison:
    """Two graphs, and the sources that the second one was read in."""
    differences: list[Difference] = []
    made = []
    for name, node in recorded.nodes.items():
        written = library.declarations.get(name)
        if written is None and _is_made(name, library):
            made.append(name)
        elif written is None or not written.is_theorem:
            differences.append(Difference(name, None, "recorded by Lean, and no theorem of the sources"))
        elif written.file != node.file:
            differences.append(Difference(name, None, f"recorded in {node.file}, and it stands in {written.file}"))
    known, named = set(recorded.edges()), [edge for edge in read.edges() if edge[0] in recorded.nodes]
    by_definition, by_dots = [], []
    for edge in named:
        if edge in known:
            continue
        if is_by_definition(edge[1], library):
            by_definition.append(edge)
        elif edge[1] not in premises(library.declarations[edge[0]], library, dots=False):
            by_dots.append(edge)
        else:
            differences.append(Difference(*edge, "named in the proof's text, and not among the constants of the proof"))
    text = set(named)
    return Comparison(
        both=len(known & text),
        differences=tuple(differences),
        by_tactics=tuple(edge for edge in recorded.edges() if edge not in text and edge[0] in read.nodes),
        by_definition=tuple(by_definition),
        by_dots=tuple(by_dots),
        unused=tuple(name for name in read.nodes if name not in recorded.nodes),
        made=tuple(made),
    )


def _is_made(name: str, library: Library) -> bool:
    """Whether a name begins as that of a declaration of the sources does, of which Lean then made it."""
    parts = name.replace("_", ".").split(".")
    ends = (sum(map(len, parts[:n])) + n - 1 for n in range(1, len(parts)))
    return any(name[:end] in library.declarations for end in ends)
