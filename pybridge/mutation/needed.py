"""Whether a theorem needs a hypothesis: a counterexample without it, or how many batches that violate it are none.

Computed where it is asked for, on small batches, so that it is never out of date.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from typing_extensions import assert_never

from pybridge import ir
from pybridge.algebras.ball import Ball, balls_of
from pybridge.algebras.base import NotInAlgebra
from pybridge.batches.families import FAMILIES
from pybridge.batches.generate import Batch
from pybridge.batches.plan import Plan
from pybridge.checking.run import run
from pybridge.checking.settle import PRECISIONS
from pybridge.checking.verdict import Agrees, Refuted, Undecided, Vacuous, Witness
from pybridge.checking.violate import violating
from pybridge.checking.witness import plain
from pybridge.errors import brief
from pybridge.export.loading import Export
from pybridge.mutation.mutants import drop
from pybridge.semantics.evaluate import Side, sides

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
    """On all of ``tried`` batches that violate the hypothesis the conclusion agrees.

    ``both`` is the conclusion with its values, such as ``0 = 0``, where every side is 0 on all of them; else it is empty.
    Batches that are all ``empty`` tell nothing of others.
    """

    tried: int
    both: str = ""
    empty: bool = False


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
    tried: list[Batch] = []
    report = run(without, violating(without, hypothesis, DRAWN, largest=LARGEST), shrink=shrink, progress=tried.append)
    match report.verdict:
        case Refuted(witness=witness):
            return Needed(witness)
        case Agrees():
            empty = not any(size for batch in tried for size in batch.sizes.values())
            return NotNeeded(len(tried), "" if empty else _both(without, tried), empty=empty)
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
        case NotNeeded(tried=tried, both="", empty=empty):
            return f"not needed on any batch tried ({tried} that violate it{', all without entries' if empty else ''})"
        case NotNeeded(tried=tried, both=both):
            return f"without it the theorem says {both} on all {tried} batches tried that violate it: in Lean x / 0 = 0"
        case Unknown(why=why):
            return f"not known whether needed: {why}"
        case _:
            assert_never(found)


def _both(plan: Plan, batches: Sequence[Batch]) -> str:
    """The relation between the sides of the conclusion, with 0 for each, where all of them certainly are 0 on every batch."""
    relations = set()
    for batch in batches:
        found = _sides(plan, batch)
        if found is None or any(side.left.value != 0 or side.right.value != 0 for side in found):
            return ""
        relations |= {side.relation.value for side in found}
    return f"0 {relations.pop()} 0" if len(relations) == 1 else ""


def _sides(plan: Plan, batch: Batch) -> Sequence[Side[Ball]] | None:
    """The sides at the first precision at which all of them are finite; None where there is none."""
    conclusion = plan.theorem.conclusion
    for algebra in map(balls_of, PRECISIONS):
        try:
            found = tuple(sides(conclusion, algebra, batch.environment(plan, algebra, conclusion), plan.definitions))
        except NotInAlgebra:
            continue
        if all(side.left.value.is_finite() and side.right.value.is_finite() for side in found):
            return found
    return None


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
