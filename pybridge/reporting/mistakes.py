"""The mutants of the statements that are checked, by the kind of mistake, and which hypotheses the statements need.

In: theorems. Out: for each kind how many mutants are refuted, explained or unexplained; for each hypothesis what was found
out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pybridge import ir
from pybridge.export.loading import Export
from pybridge.mutation import survivors
from pybridge.mutation.mutants import HypothesisMutant, Mutant, mutants
from pybridge.mutation.needed import Need, need
from pybridge.mutation.run import Trial, trials

FATES = ("refuted", "explained", "unexplained")
OTHERS = "another mistake"
_KINDS = (
    ("a part is missing", r"without|from-0|unconditional|only-"),
    ("a sign is another one", r"negated|to-(plus|minus)$"),
    ("a number or power is off by one", r"one-(more|less)"),
    ("a factor stands twice, or averaged", r"twice|(left|right)-twice|squared|averaged"),
    ("0 for a variable", r"to-0"),
    ("another relation", r"to-(unequal|equal|less|greater)$|reversed|complement"),
    ("arguments are exchanged", r"swapped|to-argument|at-"),
    ("a part is at another place", r"right-moved-out"),
)
"""By the labels of the slips, which their ids keep (``mutation/slips``)."""
_DROPPED, _CALLED, _NAMED = "a hypothesis is dropped or weaker", "another definition", "another variable"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of mistake, and how many mutants of it had which fate."""

    name: str
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Mistakes:
    """What the mutants of some theorems come to, the most frequent kind first, and a line for each that is unexplained."""

    kinds: tuple[Kind, ...]
    unexplained: tuple[str, ...]
    stale: tuple[str, ...]

    @property
    def total(self) -> int:
        """All mutants tried."""
        return sum(kind.total for kind in self.kinds)

    def count(self, fate: str) -> int:
        """How many had this fate."""
        return sum(kind.counts[fate] for kind in self.kinds)


def mistakes(
    theorems: Sequence[ir.Theorem], export: Export, *, jobs: int = 1, done: Callable[[str], None] = lambda _: None
) -> Mistakes:
    """Try all mutants of some theorems.

    Parameters
    ----------
    theorems
        Theorems of ``export``.
    jobs
        How many processes.
    done
        Called with the id of each mutant that was tried.
    """
    chosen = {theorem.name: mutants(theorem, export.definitions) for theorem in theorems}
    by_id = {mutant.id: mutant for found in chosen.values() for mutant in found}
    explanations = {name: why for name, why in survivors.read().items() if name in by_id}
    prove_for = {name: why.proved for name, why in explanations.items()}
    tried: list[Trial] = []
    for trial in trials(chosen, export, jobs=jobs, prove_for=prove_for):
        tried.append(trial)
        done(trial.id)
    account = survivors.account(tried, explanations, by_id)
    counts: dict[str, Counter[str]] = {}
    for fate, group in zip(FATES, (account.refuted, account.explained, account.unexplained), strict=True):
        for trial in group:
            counts.setdefault(kind_of(by_id[trial.id], export), Counter())[fate] += 1
    kinds = [Kind(name, {fate: found[fate] for fate in FATES}) for name, found in counts.items()]
    return Mistakes(
        tuple(sorted(kinds, key=lambda kind: (-kind.total, kind.name))),
        tuple(f"{trial.id}: {trial.change}" for trial in account.unexplained),
        account.stale,
    )


def count(theorems: Sequence[ir.Theorem], export: Export) -> int:
    """How many mutants some theorems have."""
    return sum(len(mutants(theorem, export.definitions)) for theorem in theorems)


def kind_of(mutant: Mutant, export: Export) -> str:
    """The kind of mistake that a mutant makes, by the label of its slip; one that no kind fits is another mistake."""
    if isinstance(mutant, HypothesisMutant):
        return _DROPPED
    label = mutant.id.rpartition(":")[2]
    for name, pattern in _KINDS:
        if re.match(pattern, label):
            return name
    target = label.removeprefix("to-")
    if target == label:
        return OTHERS
    return _CALLED if any(name.rpartition(".")[2] == target for name in export.definitions) else _NAMED


def needs(theorem: ir.Theorem, export: Export) -> tuple[tuple[ir.Hypothesis, Need], ...]:
    """For each hypothesis whether the theorem is false without it."""
    return tuple((hypothesis, need(theorem, hypothesis, export)) for hypothesis in theorem.hypotheses)
