"""Whether a theorem needs a hypothesis: a counterexample without it, or how many batches that violate it are none.

Computed where it is asked for, on small batches, so that it is never out of date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from typing_extensions import assert_never

from pybridge import ir
from pybridge.batches.families import FAMILIES
from pybridge.batches.plan import Plan
from pybridge.checking.run import run
from pybridge.checking.verdict import Agrees, Refuted, Undecided, Vacuous, Witness
from pybridge.checking.violate import violating
from pybridge.checking.witness import plain
from pybridge.errors import brief
from pybridge.export.loading import Export
from pybridge.mutation.mutants import drop

DRAWN = tuple(family.name for family in FAMILIES)
LARGEST = 5


@dataclass(frozen=True, slots=True, repr=False)
class Needed:
    """Without the hypothesis the theorem is false: on ``witness`` it fails, and so does the conclusion."""

    witness: Witness

    def __repr__(self) -> str:
        return brief(self, f"by {self.witness.batch.name}")


@dataclass(frozen=True, slots=True)
class NotNeeded:
    """On all of ``tried`` batches that violate the hypothesis the conclusion agrees."""

    tried: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """Neither: ``why`` says what stayed open, or that no batch was found that violates the hypothesis."""

    why: str


Need: TypeAlias = Needed | NotNeeded | Unknown


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
    without = Plan(drop(theorem, hypothesis).theorem, export.definitions)
    report = run(without, violating(without, hypothesis, DRAWN, largest=LARGEST), shrink=shrink)
    match report.verdict:
        case Refuted(witness=witness):
            return Needed(witness)
        case Agrees():
            return NotNeeded(sum(report.counted.values()))
        case Undecided(why=why):
            return Unknown(why)
        case Vacuous():
            return Unknown("no batch drawn violates it and satisfies the others")
        case _:
            assert_never(report.verdict)


def remark(found: Need) -> str:
    """What was found, in a few words."""
    match found:
        case Needed(witness=witness):
            values = ", ".join(f"{name} = {_short(plain(value))}" for name, value in witness.batch.values.items())
            return f"needed: refuted without it by {values}"
        case NotNeeded(tried=tried):
            return f"not needed on any batch tried ({tried} that violate it)"
        case Unknown(why=why):
            return f"not known whether needed: {why}"
        case _:
            assert_never(found)


def _short(value: Any) -> str:
    """A value of ``plain`` as a person reads it: (1, 2), or Quadratic(weights = (0, 1), targets = (0, 1))."""
    match value:
        case list():
            return f"({', '.join(map(_short, value))})"
        case {"loss": name, **parts}:
            return f"{name}({_named(parts)})"
        case dict():
            return f"({_named(value)})"
        case _:
            return str(value)


def _named(parts: Mapping[Any, Any]) -> str:
    return ", ".join(f"{name} = {_short(part)}" for name, part in parts.items() if part is not None)
