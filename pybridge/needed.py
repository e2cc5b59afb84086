"""Whether a theorem needs a hypothesis: a counterexample without it, or how many batches that violate it are none.

Computed where it is asked for, on small batches, so that it is never out of date.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pybridge import ir
from pybridge.check import check_on
from pybridge.export import Export
from pybridge.families import FAMILIES
from pybridge.mutants import drop
from pybridge.verdict import Refuted, Witness
from pybridge.violate import violating

DRAWN = tuple(family.name for family in FAMILIES)
LARGEST = 5


@dataclass(frozen=True, slots=True)
class Needed:
    """Without the hypothesis the theorem is false: on ``witness`` it fails, and so does the conclusion."""

    witness: Witness


@dataclass(frozen=True, slots=True)
class NotNeeded:
    """On ``tried`` batches that violate the hypothesis the conclusion was not refuted; 0 if none was found."""

    tried: int


Need: TypeAlias = Needed | NotNeeded


def need(theorem: ir.Theorem, hypothesis: ir.Hypothesis, export: Export, *, shrink: bool = True) -> Need:
    """Try to refute the theorem without the hypothesis, on batches that violate it and satisfy the others.

    Parameters
    ----------
    theorem, hypothesis
        A theorem and one of its hypotheses.
    export
        Gives the definitions.
    shrink
        Whether to look for a smaller counterexample.
    """
    without = drop(theorem, hypothesis).theorem
    wanted = violating(without, hypothesis, export.definitions, DRAWN, largest=LARGEST)
    report = check_on(without, export, wanted, shrink=shrink)
    if isinstance(report.verdict, Refuted):
        return Needed(report.verdict.witness)
    return NotNeeded(sum(report.counted.values()))
