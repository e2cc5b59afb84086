"""What the tests of the command share: its type, a statement that is wrong, and its one line."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, NamedTuple

from encoding import proposition

from pybridge.export.loading import load
from pybridge.mutation.mutants import ConclusionMutant, mutants

Run = Callable[..., tuple[int, str, str]]
WRONG = "BatchNorm.norm_sq_backward"
FAST = ("--families", "integers,random", "--max-size", "5")


class Finished(NamedTuple):
    """A run of the command that has ended, with what it wrote for ``--json``."""

    code: int
    out: str
    err: str
    results: dict[str, Any]


def wrong(document: dict[str, Any]) -> dict[str, Any]:
    """The document with a mutant of (7ε) in place of it."""
    export = load(check_sources=False)
    mutant = next(m for m in mutants(export.theorem(WRONG), export.definitions) if m.id.endswith("right.right:to-plus"))
    assert isinstance(mutant, ConclusionMutant)
    changed = copy.deepcopy(document)
    (theorem,) = (theorem for theorem in changed["theorems"] if theorem["name"] == WRONG)
    theorem["conclusion"] = proposition(mutant.theorem.conclusion)
    return changed


def only_line(text: str) -> str:
    """The text's only line."""
    (line,) = text.splitlines()
    return line
