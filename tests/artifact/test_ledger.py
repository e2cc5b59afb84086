"""The ledger: the level of each theorem, and the weakest of those it rests on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from documents import document, write

from pybridge.artifact.ledger import (
    AGREES,
    BLUNT,
    FEW,
    LEAST,
    LEVELS,
    NOT_COMPARED,
    NOT_TRIED,
    REFUTED,
    SEEN_IN_PART,
    SHARP,
    VACUOUS,
    Again,
    Evidence,
    Level,
    Mutants,
    Tried,
    ledger,
    level,
)
from pybridge.export.loading import Export, Fresh, Unchecked, load

TOP, MIDDLE, BASE, DEFINITION = "Test.top", "Test.middle", "Test.total_stretch", "Test.total"
GOOD = Tried("agrees", LEAST, 99, 99)
ALL = Mutants(3, 1, 0, 4)


@pytest.fixture
def export(tmp_path: Path) -> Export:
    """Three theorems: the top rests on the middle, the middle by way of a lemma on the base, which speaks of a definition."""
    changed = document()
    theorem, record = changed["theorems"][0], changed["proofs"][-1]
    for name in (MIDDLE, TOP):
        changed["theorems"].append({**theorem, "name": name})
    changed["proofs"] += [
        {**record, "name": TOP, "uses": [MIDDLE]},
        {**record, "name": MIDDLE, "uses": ["Test.by_way"]},
        {**record, "name": "Test.by_way", "uses": [BASE]},
    ]
    return load(write(tmp_path / "export.json", changed))


def levels(export: Export, evidence: Evidence) -> dict[str, tuple[Level, Level, str]]:
    """Own level, the weakest of the numbers, and whose it is, by theorem."""
    return {one.theorem.name: (one.own, one.numbers, one.weakest) for one in ledger(export, evidence)}


def test_nothing_is_known(export: Export) -> None:
    """Without reports nothing was tried; the proof, its axioms and the lemmas below it are known all the same."""
    found = ledger(export, Evidence())
    assert {one.numbers for one in found} == {one.effective for one in found} == {NOT_TRIED}
    assert [one.lemmas for one in found] == [1, 2, 2]
    assert {one.axioms.names for one in found} == {("propext",)}


@pytest.mark.parametrize("weak", ["refuted", "vacuous", "undecided"])
def test_the_weakest_counts(export: Export, weak: str) -> None:
    """What is wrong at the base is wrong for all that rests on it, by way of a lemma too; and it is named."""
    checked = {TOP: GOOD, MIDDLE: GOOD, BASE: Tried(weak, 7, 99, 99)}  # type: ignore[arg-type]
    found = levels(export, Evidence(checked))
    assert found == {TOP: (AGREES, weak, BASE), MIDDLE: (AGREES, weak, BASE), BASE: (weak, weak, BASE)}


def test_what_was_not_tried_is_weaker_than_what_agrees(export: Export) -> None:
    """It never passes for more."""
    found = levels(export, Evidence({TOP: GOOD, BASE: GOOD}))
    assert found == {TOP: (AGREES, NOT_TRIED, MIDDLE), MIDDLE: (NOT_TRIED, NOT_TRIED, MIDDLE), BASE: (AGREES, AGREES, BASE)}


def test_mutants(export: Export) -> None:
    """None unexplained is more than agreement alone; one unexplained, also of a definition below, is less."""
    checked = dict.fromkeys((TOP, MIDDLE, BASE), GOOD)
    sharp = dict.fromkeys((TOP, MIDDLE, BASE, *export.definitions), ALL)
    assert {one[1] for one in levels(export, Evidence(checked, sharp)).values()} == {SHARP}
    part = {TOP: ALL, **dict.fromkeys(export.definitions, ALL)}
    assert levels(export, Evidence(checked, part))[TOP] == (SHARP, AGREES, BASE)  # the first in the order of the export
    blunt = {**sharp, MIDDLE: Mutants(3, 1, 1, 5)}
    assert levels(export, Evidence(checked, blunt))[TOP] == (SHARP, BLUNT, MIDDLE)
    assert levels(export, Evidence(checked, blunt))[BASE] == (SHARP, SHARP, BASE)
    definition = {**sharp, DEFINITION: Mutants(1, 0, 2, 3)}
    assert levels(export, Evidence(checked, definition))[TOP] == (SHARP, BLUNT, DEFINITION)


@pytest.mark.parametrize("some", [Mutants(3, 0, 0, 4), Mutants(0, 0, 0, 4), None])
def test_a_part_of_the_mutants(export: Export, some: Mutants | None) -> None:
    """However many were refuted, one that was not tried leaves no more than agreement; one of a definition below as well."""
    checked = dict.fromkeys((TOP, MIDDLE, BASE), GOOD)
    every = dict.fromkeys((TOP, MIDDLE, BASE, *export.definitions), ALL)
    for name in (MIDDLE, DEFINITION):
        less = {one: found for one in every if (found := some if one == name else ALL) is not None}
        own, numbers, weakest = levels(export, Evidence(checked, less))[TOP]
        assert (own, numbers, weakest) == (SHARP, AGREES, name)
    assert level(BASE, Evidence(checked, {BASE: Mutants(3, 0, 1, 99)})) == BLUNT


@pytest.mark.parametrize(
    ("batches", "tried", "why"),
    [
        (99, 99, ""),
        (LEAST, 99, ""),
        (LEAST - 1, 99, f"{LEAST - 1} of 99 batches satisfied the hypotheses, and {LEAST} have to"),
        (1, 1, "1 of the 99 batches were tried that a check tries by default"),
        (98, 98, "98 of the 99 batches were tried that a check tries by default"),
    ],
)
def test_too_few_batches(export: Export, batches: int, tried: int, why: str) -> None:
    """Less than a check tries by default, or hardly one that satisfies the hypotheses, is no agreement, mutants or not."""
    found = Tried("agrees", batches, tried, 99)
    level_ = FEW if why else AGREES
    assert found.few == why
    checked = {TOP: GOOD, MIDDLE: GOOD, BASE: found}
    assert levels(export, Evidence(checked))[TOP] == (AGREES, level_, BASE if why else TOP)
    for mutants in (Mutants(3, 0, 0, 3), Mutants(3, 0, 1, 4)):
        own = FEW if why else BLUNT if mutants.unexplained else SHARP
        assert level(BASE, Evidence(checked, {BASE: mutants})) == own


def test_what_fails_on_few_batches_fails() -> None:
    """How many there were matters for agreement only."""
    assert level(BASE, Evidence({BASE: Tried("refuted", 1, 1, 99)})) == REFUTED


def test_false_for_a_size() -> None:
    """A disproof counts, whatever the batches said."""
    evidence = Evidence({BASE: GOOD}, None, {BASE: Again((2,), (3,))})
    assert level(BASE, evidence) == REFUTED


@pytest.mark.parametrize("fresh", [True, False])
@pytest.mark.parametrize("compared", [True, False])
@pytest.mark.parametrize("complete", [True, False])
def test_axioms_and_sources(export: Export, *, complete: bool, fresh: bool, compared: bool) -> None:
    """However good the numbers: axioms below that nobody saw, and sources that nobody compared, bound the effective level.

    So do numbers that were found where the sources were not compared.
    """
    axioms = replace(export.theorems[BASE].axioms, complete=complete)
    theorems = {name: replace(one, axioms=replace(one.axioms, complete=True)) for name, one in export.theorems.items()}
    theorems[BASE] = replace(theorems[BASE], axioms=axioms)
    freshness = Fresh(Path()) if fresh else Unchecked("no sources beside the export")
    changed = replace(export, theorems=theorems, freshness=freshness)
    checked = dict.fromkeys((TOP, MIDDLE, BASE), GOOD)
    sharp = dict.fromkeys((TOP, MIDDLE, BASE, *export.definitions), ALL)
    best = NOT_COMPARED if not (fresh and compared) else SHARP if complete else SEEN_IN_PART
    for one in ledger(changed, Evidence(checked, sharp, compared=compared)):
        assert (one.own, one.numbers, one.effective) == (SHARP, SHARP, best)
    refuted = {**checked, BASE: Tried("refuted", 1, 1, 99)}
    for one in ledger(changed, Evidence(refuted, sharp, compared=compared)):
        assert one.effective == REFUTED


def test_the_order() -> None:
    """The weakest first."""
    assert LEVELS.index(BLUNT) < LEVELS.index(NOT_COMPARED) < LEVELS.index(SEEN_IN_PART) < LEVELS.index(AGREES)
    assert LEVELS.index(REFUTED) < LEVELS.index(VACUOUS) < LEVELS.index(NOT_TRIED) < LEVELS.index(FEW) < LEVELS.index(BLUNT)
    assert LEVELS.index(BLUNT) < LEVELS.index(AGREES) < LEVELS.index(SHARP)
