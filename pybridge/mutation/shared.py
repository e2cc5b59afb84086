"""Batches drawn once for many mutants: for all changes of a conclusion, and for all changes of one hypothesis.

In: a mutant and the export.  Out: its plan, and the batches of a round to try it on.  They serve several mutants, of one
theorem or of several, only where each of these would have drawn the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from pybridge import ir
from pybridge.batches.generate import Batch, slots
from pybridge.batches.plan import Plan
from pybridge.batches.shared import Remembered, together
from pybridge.checking.violate import violating
from pybridge.export.loading import Export
from pybridge.mutation.mutants import HypothesisMutant, Mutant

TOGETHER = 32
"""How many mutants at most go to a process at a time, of those that are tried on the same batches."""


@dataclass(frozen=True, slots=True)
class Round:
    """Batches to try a mutant on: which families, of which seed, with how many entries at most."""

    families: tuple[str, ...]
    seed: int
    largest: int


class Shared:
    """Batches drawn once for all mutants that are tried on them: of a conclusion, or those of one hypothesis.

    Parameters
    ----------
    plan
        What they are drawn for.
    changed, others
        The hypothesis that the mutants change, if they do, and those that they leave as they are.
    drawn
        Draws the batches of a round.
    """

    def __init__(
        self,
        plan: Plan,
        changed: ir.Hypothesis | None,
        others: tuple[ir.Hypothesis, ...],
        drawn: Callable[[Round], Iterator[Iterator[Batch]]],
    ) -> None:
        self.plan = plan
        self.of = changed, others
        self._draw = drawn
        self._drawn: dict[Round, Remembered[Remembered[Batch]]] = {}
        self._plans: dict[int, Plan] = {id(plan.theorem): plan}

    def batches(self, wanted: Round) -> Iterable[Iterable[Batch]]:
        """Its batches of a round."""
        if wanted not in self._drawn:
            self._drawn[wanted] = Remembered(map(Remembered, self._draw(wanted)))
        return self._drawn[wanted]

    def plan_of(
        self,
        theorem: ir.Theorem,
        changed: ir.Hypothesis | None,
        others: tuple[ir.Hypothesis, ...],
        definitions: Mapping[str, ir.Definition],
    ) -> Plan | None:
        """The plan of a theorem that would draw the same; None of one that would not."""
        if definitions is not self.plan.definitions:
            return None
        if (found := self._plans.get(id(theorem))) is None and (changed, others) == self.of:
            plan = Plan(theorem, definitions)
            if plan.asked == self.plan.asked:
                found = self._plans[id(theorem)] = replace(plan, alike=self.plan)
        return found


_latest: list[Shared] = []
"""What is shared by the mutants tried last."""


def unchanged(theorem: ir.Theorem, export: Export) -> tuple[Plan, Callable[[Round], Iterable[Iterable[Batch]]]]:
    """The plan and batches of an unchanged theorem, for the mutants of its conclusion."""
    of = None, theorem.hypotheses
    plan = _latest[0].plan_of(theorem, *of, export.definitions) if _latest else None
    if plan is None:
        plan = Plan(theorem, export.definitions)
        _latest[:] = [Shared(plan, *of, partial(drawn, plan))]
    return plan, _latest[0].batches


def violated(mutant: HypothesisMutant, export: Export) -> tuple[Plan, Callable[[Round], Iterable[Iterable[Batch]]]]:
    """The plan of a theorem with a changed hypothesis, and batches that violate it as it was.

    Those drawn for another change of it serve this one, too, and those for a change of the same hypothesis of another theorem,
    where both plans ask the same of a batch; a statement about every position has boundaries of its own.
    """
    changed = mutant.hypothesis
    of = changed, tuple(other for other in mutant.theorem.hypotheses if other.name != changed.name)
    own = isinstance(changed.proposition, ir.ForAll)
    plan = _latest[0].plan_of(mutant.theorem, *of, export.definitions) if _latest and not own else None
    if plan is None:
        plan = Plan(mutant.theorem, export.definitions)
        _latest[:] = [Shared(plan, *of, partial(_violating, plan, changed))]
    return plan, _latest[0].batches


def tried_together(every: Sequence[tuple[str, Mutant]], export: Export) -> list[list[int]]:
    """The places of mutants, each with its declaration, in runs that are tried on the same batches as far as that can be."""
    owners = [owner for owner in dict.fromkeys(owner for owner, _ in every) if owner in export.theorems]
    groups = together([Plan(export.theorems[owner], export.definitions) for owner in owners])
    like = {owners[place]: owners[group[0][0]] for group in groups for place, _ in group}
    runs: dict[tuple[str, ir.Hypothesis | None], list[int]] = {}
    for place, (owner, mutant) in enumerate(every):
        changed = mutant.hypothesis if isinstance(mutant, HypothesisMutant) else None
        runs.setdefault((like.get(owner, owner), changed), []).append(place)
    return [run[start : start + TOGETHER] for run in runs.values() for start in range(0, len(run), TOGETHER)]


def _violating(plan: Plan, hypothesis: ir.Hypothesis, batches: Round) -> Iterator[Iterator[Batch]]:
    return violating(plan, hypothesis, batches.families, largest=batches.largest, seed=batches.seed)


def drawn(plan: Plan, batches: Round) -> Iterator[Iterator[Batch]]:
    """The batches of a round for a theorem."""
    return slots(plan, batches.families, seed=batches.seed, largest=batches.largest)
