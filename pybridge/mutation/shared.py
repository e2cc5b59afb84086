"""Batches drawn once for many mutants: for all changes of a theorem's conclusion, and for all changes of one hypothesis.

In: a mutant and the export.  Out: its plan, and the batches of a round to try it on.  They serve several mutants only where
each of these would have drawn the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from operator import is_

from pybridge import ir
from pybridge.batches.generate import Batch, slots
from pybridge.batches.plan import Plan
from pybridge.batches.shared import Remembered
from pybridge.checking.violate import violating
from pybridge.export.loading import Export
from pybridge.mutation.mutants import HypothesisMutant


@dataclass(frozen=True, slots=True)
class Round:
    """Batches to try a mutant on: which families, of which seed, with how many entries at most."""

    families: tuple[str, ...]
    seed: int
    largest: int


class Shared:
    """A theorem's plan and batches, drawn once for all mutants that are tried on them."""

    def __init__(self, plan: Plan, drawn: Callable[[Round], Iterator[Iterator[Batch]]]) -> None:
        self.plan = plan
        self._draw = drawn
        self._drawn: dict[Round, Remembered[Remembered[Batch]]] = {}

    def batches(self, wanted: Round) -> Iterable[Iterable[Batch]]:
        """Its batches of a round."""
        if wanted not in self._drawn:
            self._drawn[wanted] = Remembered(map(Remembered, self._draw(wanted)))
        return self._drawn[wanted]


_latest: list[tuple[tuple[object, ...], Shared]] = []
"""What is shared by the mutants tried last: those of a conclusion, or of a hypothesis."""


def _found(*of: object) -> Shared | None:
    """What mutants of this share, unless others were tried since."""
    same = _latest and len(of) == len(_latest[0][0]) and all(map(is_, of, _latest[0][0]))
    return _latest[0][1] if same else None


def unchanged(theorem: ir.Theorem, export: Export) -> Shared:
    """The plan and batches of an unchanged theorem, for the mutants of its conclusion."""
    of = theorem, export.definitions
    if (found := _found(*of)) is None:
        plan = Plan(theorem, export.definitions)
        _latest[:] = [(of, found := Shared(plan, partial(drawn, plan)))]
    return found


def violated(mutant: HypothesisMutant, export: Export) -> tuple[Plan, Callable[[Round], Iterable[Iterable[Batch]]]]:
    """The plan of a theorem with a changed hypothesis, and batches that violate it as it was.

    Those drawn for another change of it serve this one, too, where both plans ask the same of a batch; a statement about every
    position has boundaries of its own.
    """
    of = mutant.hypothesis, export.definitions
    plan = Plan(mutant.theorem, export.definitions)
    found = _found(*of)
    if found is None or isinstance(mutant.hypothesis.proposition, ir.ForAll) or found.plan.asked != plan.asked:
        _latest[:] = [(of, found := Shared(plan, partial(_violating, plan, mutant.hypothesis)))]
    return plan if found.plan is plan else replace(plan, alike=found.plan), found.batches


def _violating(plan: Plan, hypothesis: ir.Hypothesis, batches: Round) -> Iterator[Iterator[Batch]]:
    return violating(plan, hypothesis, batches.families, largest=batches.largest, seed=batches.seed)


def drawn(plan: Plan, batches: Round) -> Iterator[Iterator[Batch]]:
    """The batches of a round for a theorem."""
    return slots(plan, batches.families, seed=batches.seed, largest=batches.largest)
