"""The ledger: what is known of each theorem, and what of the weakest that it rests on.

In: an export, and what runs of ``check``, ``mutate`` and ``prove`` found.  Out: an entry for each exported theorem.  All are
proved, and so are the lemmas below them: what can differ is what was tried on numbers, and with what power; whether all axioms
were seen; and whether the export was compared with its sources.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar, get_args

from pybridge import ir
from pybridge.export.foundations import rests_on
from pybridge.export.loading import Export, Fresh

Level: TypeAlias = Literal[
    "refuted",
    "vacuous",
    "undecided",
    "not tried",
    "agrees on too few batches",
    "agrees, mutant unexplained",
    "sources not compared",
    "axioms seen in part",
    "agrees",
    "agrees, mutants refuted",
]
"""What is known of a statement and of its proof, the weakest first.

``refuted``: false on a batch, or for a size. ``vacuous``: no batch satisfies the hypotheses, so that nothing was tried.
``undecided``: open on some batch. ``not tried``: no report says anything. ``agrees on too few batches``: fewer were tried
than by default, or fewer than ``LEAST`` satisfied the hypotheses. ``agrees, mutant unexplained``: it agrees, and so does a
change of it, or of a definition that it speaks of, for which no reason is on record. ``agrees``: on all batches, and its
mutants, or those of a definition below, were not tried, or not all of them. ``agrees, mutants refuted``: these were tried too,
each that there is, and none is unexplained.

Whatever the numbers say, nothing is better than ``sources not compared`` where the Lean sources are not beside the export (if
they are, and are others, it is refused before), or were not where the numbers were found; nor than ``axioms seen in part``
where the exporting Lean did not see all proofs below. These two are no level of a theorem itself, but bound the effective one.
"""
LEVELS: tuple[Level, ...] = get_args(Level)
LEAST = 20
"""So many batches have to satisfy the hypotheses: as many as a check draws of one family at most, so that they are of several
families, or are one in full."""
REFUTED, VACUOUS, UNDECIDED, NOT_TRIED, FEW, BLUNT, NOT_COMPARED, SEEN_IN_PART, AGREES, SHARP = LEVELS


@dataclass(frozen=True, slots=True)
class Tried:
    """A verdict of ``check``, and on how many batches.

    Parameters
    ----------
    verdict
        What was found.
    batches
        On how many: so many satisfied the hypotheses.
    tried
        Out of how many.
    by_default
        How many ``check`` tries of this theorem if it is asked for no selection.
    """

    verdict: Literal["agrees", "refuted", "undecided", "vacuous"]
    batches: int
    tried: int
    by_default: int

    @property
    def few(self) -> str:
        """Why it was tried on too few batches; empty where it was not."""
        if self.tried < self.by_default:
            return f"{self.tried} of the {self.by_default} batches were tried that a check tries by default"
        if self.batches < LEAST:
            return f"{self.batches} of {self.tried} batches satisfied the hypotheses, and {LEAST} have to"
        return ""


@dataclass(frozen=True, slots=True)
class Mutants:
    """How a declaration's mutants fared, and how many of them there are."""

    refuted: int
    explained: int
    unexplained: int
    total: int

    @property
    def tried(self) -> int:
        """How many were tried."""
        return self.refuted + self.explained + self.unexplained

    @property
    def level(self) -> Level:
        """How far they take an agreement."""
        if self.unexplained:
            return BLUNT
        return SHARP if self.tried == self.total else AGREES


@dataclass(frozen=True, slots=True)
class Again:
    """For which sizes a theorem was proved again without Lean, and for which it is false."""

    proved: tuple[int, ...]
    false: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found, by declaration; None where there is no report at all.

    ``compared`` is whether all that was found is of an export that was compared with its sources then.
    """

    checked: Mapping[str, Tried] | None = None
    mutants: Mapping[str, Mutants] | None = None
    again: Mapping[str, Again] | None = None
    compared: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """A theorem of the ledger.

    Parameters
    ----------
    axioms
        Those that its proof rests on; that is closed over all it uses.
    lemmas
        How many theorems of the library it rests on that are not exported: proved, and with nothing to try.
    checked, mutants, again
        What was found of itself; None where no report has it.
    own
        The level of its own numbers.
    numbers, weakest
        The weakest of the numbers: of its own, and of all exported theorems and definitions it rests on; and whose it is.
    effective
        The weakest of all: of ``numbers``, of whether the axioms were seen, here and below, and whether the sources are those
        of the export.
    """

    theorem: ir.Theorem
    axioms: ir.Axioms
    lemmas: int
    checked: Tried | None
    mutants: Mutants | None
    again: Again | None
    own: Level
    numbers: Level
    weakest: str
    effective: Level


def ledger(export: Export, evidence: Evidence) -> tuple[Entry, ...]:
    """An entry for each exported theorem, in the order of the export."""
    levels = {name: level(name, evidence) for name in export.theorems}
    return tuple(_entry(theorem, export, evidence, levels) for theorem in export.theorems.values())


def level(name: str, evidence: Evidence) -> Level:
    """What is known of a theorem itself."""
    if (again := _of(evidence.again, name)) is not None and again.false:
        return REFUTED
    tried = _of(evidence.checked, name)
    if tried is None:
        return NOT_TRIED
    if tried.verdict != AGREES:
        return tried.verdict
    if tried.few:
        return FEW
    mutants = _of(evidence.mutants, name)
    return AGREES if mutants is None else mutants.level


_Found = TypeVar("_Found")


def _of(found: Mapping[str, _Found] | None, name: str) -> _Found | None:
    return None if found is None else found.get(name)


def _entry(theorem: ir.Theorem, export: Export, evidence: Evidence, levels: Mapping[str, Level]) -> Entry:
    name = theorem.name
    below = rests_on([name], export.proofs)
    known = {one: levels[one] for one in export.theorems if one in below}
    for one in export.definitions:
        if one in below and evidence.mutants is not None:
            mutants = evidence.mutants.get(one)
            known[one] = AGREES if mutants is None else mutants.level
    weakest = min([name, *known], key=lambda one: LEVELS.index(known[one]))
    bounds: list[Level] = []
    if not (isinstance(export.freshness, Fresh) and evidence.compared):
        bounds.append(NOT_COMPARED)
    if not all(export.theorems[one].axioms.complete for one in below if one in export.theorems):
        bounds.append(SEEN_IN_PART)
    return Entry(
        theorem=theorem,
        axioms=theorem.axioms,
        lemmas=sum(export.proofs[one].kind == "theorem" and one not in export.theorems for one in below),
        checked=_of(evidence.checked, name),
        mutants=_of(evidence.mutants, name),
        again=_of(evidence.again, name),
        own=levels[name],
        numbers=known[weakest],
        weakest=weakest,
        effective=min([known[weakest], *bounds], key=LEVELS.index),
    )
