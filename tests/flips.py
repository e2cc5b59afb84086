"""Every way to change one sign in an exported document, one at a time: what the test of the checker feeds it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

SWAPS = {"add": "sub", "sub": "add"}
PRODUCTS = {"mul": "left", "div": "left", "smul": "scalar"}


@dataclass(frozen=True)
class Flip:
    """One sign to change: the path to a node from the document's root, and what happens there."""

    owner: str
    path: tuple[str | int, ...]
    change: str

    def __str__(self) -> str:
        inner = "/".join(str(step) for step in self.path[2:])
        return f"{self.owner}:{inner}:{self.change}"


def flips(document: dict[str, Any]) -> Iterator[Flip]:
    """Yield every flip in the bodies of definitions and in the hypotheses and conclusions of theorems.

    A sum becomes a difference and back, a negation is dropped, and a product gets the other sign: one flip for each node.
    """
    for section, field in (("definitions", "body"), ("theorems", "hypotheses"), ("theorems", "conclusion")):
        for place, declaration in enumerate(document[section]):
            yield from _below(declaration[field], declaration["name"], (section, place, field))


def _below(node: Any, owner: str, path: tuple[str | int, ...]) -> Iterator[Flip]:
    if isinstance(node, list):
        for place, part in enumerate(node):
            yield from _below(part, owner, (*path, place))
    elif isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, dict):
                if key in SWAPS and "left" in value:
                    yield Flip(owner, path, f"{key} to {SWAPS[key]}")
                if key == "neg":
                    yield Flip(owner, path, "drop neg")
                if key in PRODUCTS and PRODUCTS[key] in value:
                    yield Flip(owner, path, f"negate {key}")
            yield from _below(value, owner, (*path, key))


def apply(document: dict[str, Any], flip: Flip) -> dict[str, Any]:
    """Return a copy of the document with the flip made; its digest no longer fits."""
    changed = copy.deepcopy(document)
    parent: Any = changed
    for step in flip.path[:-1]:
        parent = parent[step]
    node = parent[flip.path[-1]]
    ((key, value),) = node.items()
    if flip.change == "drop neg":
        parent[flip.path[-1]] = value["arg"]
    elif flip.change.startswith("negate"):
        field = PRODUCTS[key]
        parent[flip.path[-1]] = {key: {**value, field: {"neg": {"arg": value[field]}}}}
    else:
        parent[flip.path[-1]] = {SWAPS[key]: value}
    return changed
