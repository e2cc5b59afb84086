"""Batches drawn once serve other mutants only where these would have drawn the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from random import Random

import pytest
from flint import fmpq
from typing_extensions import Self

from pybridge import ir
from pybridge.algebras.exact import EXACT
from pybridge.batches.generate import Batch, slots
from pybridge.batches.plan import Plan
from pybridge.checking.settle import settle
from pybridge.checking.violate import violating
from pybridge.export.loading import Export
from pybridge.mutation import run
from pybridge.mutation.mutants import HypothesisMutant, Mutant, drop, mutants
from pybridge.mutation.run import Killed, Survived, Trial, attempt, declarations, trials
from pybridge.mutation.shared import TOGETHER, Round, tried_together, unchanged, violated

FEW = Round(("integers", "constant"), 1, 3)


def of_hypotheses(name: str, export: Export) -> list[HypothesisMutant]:
    """The mutants of a theorem's hypotheses."""
    found = mutants(export.theorem(name), export.definitions)
    return [mutant for mutant in found if isinstance(mutant, HypothesisMutant)]


def drawn_for(mutant: HypothesisMutant, export: Export) -> list[list[Batch]]:
    """What is drawn for a mutant that shares nothing."""
    plan = Plan(mutant.theorem, export.definitions)
    return [list(one) for one in violating(plan, mutant.hypothesis, FEW.families, largest=FEW.largest, seed=FEW.seed)]


def test_changes_of_one_hypothesis_are_tried_on_the_same_batches(export: Export) -> None:
    """Which are those that each of them would have drawn, in this order."""
    for name in ("norm_sq_backward", "RMSNorm.norm_sq_normalize"):
        first, *others = of_hypotheses(name, export)
        _, batches = violated(first, export)
        found = [list(candidates) for candidates in batches(FEW)]
        assert len(others) == 2
        assert sum(map(len, found)) > 20
        for mutant in others:
            plan, again = violated(mutant, export)
            assert plan.theorem is mutant.theorem
            shared = [list(candidates) for candidates in again(FEW)]
            assert all(
                one is other for left, right in zip(found, shared, strict=True) for one, other in zip(left, right, strict=True)
            )
            assert drawn_for(mutant, export) == found


def test_boundaries_at_every_position_are_a_change_s_own(export: Export) -> None:
    """What is halfway between them depends on what is left of the hypothesis."""
    theorem = export.theorem("norm_sq_backward")
    entry = ir.Component(ir.VVar("y"), "i")
    everywhere = ir.ForAll(ir.Variable("i", ir.PositionKind("ι")), ir.Lt(ir.Nat(0), ir.Add(entry, ir.Var("ε"))))
    made = replace(theorem, hypotheses=(ir.Hypothesis("h", "∀ i, 0 < y i + ε", everywhere),))
    first, second, *_ = (m for m in mutants(made, export.definitions) if isinstance(m, HypothesisMutant))
    _, batches = violated(first, export)
    alone = [list(candidates) for candidates in batches(FEW)]
    _, others = violated(second, export)
    found = [list(candidates) for candidates in others(FEW)]
    assert found == drawn_for(second, export)
    assert found != alone


def test_what_a_hypothesis_determines_is_asked_of_a_batch(export: Export) -> None:
    """Without it other values are drawn, so that nothing is shared."""
    for theorem in export.theorems.values():
        plan = Plan(theorem, export.definitions)
        for hypothesis in theorem.hypotheses:
            without = Plan(drop(theorem, hypothesis).theorem, export.definitions)
            if hypothesis.name in plan.determining or any(
                isinstance(hypothesis.proposition, form) for form in (ir.Orthonormal, ir.OpNormLe)
            ):
                assert without.asked != plan.asked
            if isinstance(hypothesis.proposition, ir.Lt):
                assert without.asked == plan.asked


def test_fates_do_not_depend_on_what_was_tried_before(export: Export) -> None:
    """Each mutant alone, and after the others."""
    found = of_hypotheses("norm_sq_normalize_eps_zero", export)
    name = found[0].theorem.name
    after = [attempt(mutant, name, export, rounds=(FEW,)) for mutant in found]
    again = [attempt(mutant, name, replace(export), rounds=(FEW,)) for mutant in reversed(found)]
    assert [repr(trial) for trial in after] == [repr(trial) for trial in reversed(again)]
    assert len({repr(trial.fate) for trial in after}) > 1


def test_a_moved_batch_is_one_with_another_value(export: Export) -> None:
    """Also where what was worked out for the first is taken over."""
    plan = Plan(export.theorem("norm_sq_backward"), export.definitions)
    batch = next(next(slots(plan, ["random"])))
    moved = batch.moved(plan, "ε", fmpq(3, 7), "moved")
    assert (moved.values["ε"], moved.origin) == (fmpq(3, 7), "moved")
    fresh = replace(batch, values=moved.values, origin="moved")
    assert moved == fresh
    assert moved.environment(plan, EXACT) == fresh.environment(plan, EXACT)
    assert settle(plan, moved)[0].bits == settle(plan, fresh)[0].bits


def test_a_judgement_is_made_once_for_a_conclusion(export: Export) -> None:
    """Another conclusion on the same batch has its own."""
    plan = Plan(export.theorem("norm_sq_backward"), export.definitions)
    batch = next(next(slots(plan, ["random"])))
    assert settle(plan, batch) is settle(plan, batch)
    assert settle(plan, batch) is not settle(plan, batch, (128,))
    other = plan.concluding(replace(plan.theorem, conclusion=ir.Eq(ir.Nat(0), ir.Nat(1))))
    assert settle(other, batch)[0].standing is not settle(plan, batch)[0].standing


def changes_what(mutant: object) -> object:
    """The hypothesis that a mutant changes; of a conclusion or a definition, None."""
    return mutant.hypothesis if isinstance(mutant, HypothesisMutant) else None


@pytest.mark.parametrize("shuffled", [False, True])
def test_each_mutant_goes_to_a_process_once_and_in_order(
    by_declaration: Mapping[str, tuple[Mutant, ...]], export: Export, shuffled: bool
) -> None:
    """With those that are tried on the same batches, and not too many at a time."""
    every = [(name, mutant) for name, found in by_declaration.items() for mutant in found]
    if shuffled:
        Random(1).shuffle(every)
    runs = tried_together(every, export)
    assert sorted(place for run in runs for place in run) == list(range(len(every)))
    assert all(run == sorted(run) for run in runs)
    assert all(len({changes_what(every[place][1]) for place in run}) == 1 for run in runs)
    assert max(map(len, runs)) == TOGETHER
    assert min(map(len, runs)) > 0
    assert any(len({every[place][0] for place in run}) > 3 for run in runs), "theorems that ask the same of a batch"


class Here:
    """Workers that are this process, and take the last task first."""

    def __init__(self, jobs: int, prepare: object, *args: object) -> None:
        assert jobs == 2
        prepare(*args)  # type: ignore[operator]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing has been started."""

    def map(self, function: object, tasks: list[object]) -> Iterator[object]:
        """The results in the order of the tasks."""
        found = [function(task) for task in reversed(tasks)]  # type: ignore[operator]
        yield from reversed(found)


def test_results_come_in_the_order_of_the_mutants(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is tried once, as the mutant of its declaration that it is, and with the sizes that are its own."""
    tried = []

    def noted(mutant, owner, _, *, shrink, prove_for):
        tried.append((owner, mutant))
        return Trial(owner, mutant.id, mutant.change, Survived("agrees", int(shrink), tuple(prove_for)))

    monkeypatch.setattr(run, "attempt", noted)
    monkeypatch.setattr(run, "Workers", Here)
    names = ("BatchNorm.scale", "norm_sq_backward", "RMSNorm.norm_sq_normalize")
    chosen = {
        full: mutants(one, export.definitions)
        for full, one in declarations(export).items()
        if full in {export.theorem(name).name for name in names[1:]} | {names[0]}
    }
    assert len(chosen) == len(names)
    everything = [(owner, mutant) for owner, found in chosen.items() for mutant in found]
    sizes = {everything[0][1].id: (2,), everything[-1][1].id: (2, 3)}
    found = list(trials(chosen, export, jobs=2, shrink=True, prove_for=sizes))
    assert len(everything) > 2 * TOGETHER
    assert sorted(tried, key=repr) == sorted(everything, key=repr)
    assert [(trial.owner, trial.id) for trial in found] == [(owner, mutant.id) for owner, mutant in everything]
    assert [trial.fate for trial in found] == [Survived("agrees", 1, sizes.get(mutant.id, ())) for _, mutant in everything]


ALIKE = ("norm_sq_backward", "inner_normalize_backward")


def test_batches_serve_theorems_that_ask_the_same(export: Export) -> None:
    """Those of an unchanged theorem, and those that violate a hypothesis which both have; not another hypothesis."""
    first, second = (export.theorem(name) for name in ALIKE)
    plan, batches = unchanged(first, export)
    other, again = unchanged(second, export)
    assert (plan.theorem, other.theorem) == (first, second)
    assert other.valued is plan
    assert again(FEW) is batches(FEW)
    (one, *_), (like, *_) = (of_hypotheses(name, export) for name in ALIKE)
    plan, batches = violated(one, export)
    assert batches(FEW) is not again(FEW)
    other, again = violated(like, export)
    assert other.theorem is like.theorem
    assert again(FEW) is batches(FEW)
    assert [list(candidates) for candidates in again(FEW)] == drawn_for(like, export)
    more = ir.Hypothesis("more", "0 < ε", ir.Lt(ir.Nat(0), ir.Var("ε")))
    apart = replace(like, theorem=replace(like.theorem, hypotheses=(*like.theorem.hypotheses, more)))
    assert Plan(apart.theorem, export.definitions).asked == plan.asked
    _, again = violated(apart, export)
    assert again(FEW) is not batches(FEW), "others are halfway to other hypotheses"


def test_fates_do_not_depend_on_another_theorem_s_mutants(export: Export) -> None:
    """Each mutant alone, and after those of a theorem that asks the same of a batch."""
    chosen = [
        (export.theorem(name).name, mutant)
        for name in ALIKE
        for mutant in mutants(export.theorem(name), export.definitions)[:24]
    ]
    order = [place for run in tried_together(chosen, export) for place in run]
    assert order != sorted(order)
    found = {place: attempt(*reversed(chosen[place]), export, rounds=(FEW,)) for place in order}
    alone = [
        attempt(mutant, owner, replace(export, definitions=dict(export.definitions)), rounds=(FEW,)) for owner, mutant in chosen
    ]
    assert [repr(found[place].fate) for place in sorted(order)] == [repr(trial.fate) for trial in alone]
    assert {type(trial.fate) for trial in alone} == {Killed, Survived}
