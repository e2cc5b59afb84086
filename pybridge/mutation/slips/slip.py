"""What a slip is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from pybridge import ir
from pybridge.errors import brief
from pybridge.ir.occurrences import Node
from pybridge.notation.render import text

Definitions: TypeAlias = Mapping[str, ir.Definition]
S_co = TypeVar("S_co", bound=Node, covariant=True)
"""The sort of what stands at a place."""


@dataclass(frozen=True, slots=True, repr=False)
class Slip(Generic[S_co]):
    """One small mistake at one place.

    Parameters
    ----------
    label
        A short name, the last part of a mutant's id.  Ids are on record in ``data/survivors.json``: a label keeps its meaning.
    sentence
        What is wrong, in words, with the subterms concerned.
    node
        What stands at the place instead, of the same sort and space, so that the statement around it stays well-formed.
    likely
        Whether the author of a kernel is likely to make it: these are the first guesses at what a kernel computes.
    """

    label: str
    sentence: str
    node: S_co
    likely: bool = False

    def __repr__(self) -> str:
        return brief(self, f"{self.label}: {self.sentence}")

    def change(self, before: Node) -> str:
        """The sentence, and what became of the node ``before`` that stood at the place."""
        was, now = text(before), text(self.node)
        if was == now:  # definitions of one short name
            was, now = _with_namespace(before, was), _with_namespace(self.node, now)
        return f"{self.sentence}: {was} becomes {now}"


def _with_namespace(node: Node, said: str) -> str:
    """A call as it is written, with the whole name of what is called."""
    if not isinstance(node, ir.Call | ir.VCall):
        return said
    short = node.name.rpartition(".")[2]
    return node.name + said.removeprefix(short) if said.startswith(short) else said
