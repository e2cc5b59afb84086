"""What a theorem rests on: the definitions in its statement, and the theorems of the library that its proof uses."""

from __future__ import annotations

from dataclasses import dataclass

from pybridge import ir
from pybridge.artifact.graph import graph_of
from pybridge.export.loading import Export
from pybridge.ir.traverse import subterms, terms


@dataclass(frozen=True, slots=True)
class Rests:
    """What a theorem rests on.

    Parameters
    ----------
    definitions
        Full names of those that its statement calls, in the order of the export.
    theorems
        Full names of the library's theorems that its proof uses, as Lean recorded them.
    """

    definitions: tuple[str, ...]
    theorems: tuple[str, ...]


def rests(theorem: ir.Theorem, export: Export) -> Rests:
    """What the theorem rests on, at once."""
    stated = (*(hypothesis.proposition for hypothesis in theorem.hypotheses), theorem.conclusion)
    called = {
        part.name
        for proposition in stated
        for term in terms(proposition)
        for part in subterms(term)
        if isinstance(part, ir.Call | ir.VCall)
    }
    used = graph_of(export).rests_on[theorem.name]
    return Rests(tuple(name for name in export.definitions if name in called), used)
