"""Mutants: each is another statement, well-formed, and has a name by which it is found again."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping

import pytest

from pybridge import ir
from pybridge.algebras.ball import BallAlgebra
from pybridge.algebras.dual import NotDifferentiable
from pybridge.batches.environments import environment_of
from pybridge.batches.generate import slots
from pybridge.batches.plan import Plan
from pybridge.checking.hypotheses import Unmet, certify
from pybridge.export.loading import Export
from pybridge.ir.occurrences import places, put
from pybridge.ir.traverse import terms
from pybridge.mutation.mutants import ConclusionMutant, DefinitionMutant, HypothesisMutant, Mutant, drop, mutants
from pybridge.mutation.run import declarations
from pybridge.semantics.evaluate import evaluate

# What has to be among the mutants: an id, and what became of what.
KINDS = {
    "a summand dropped": ("norm_sq_backward_eps_zero:conclusion.right.right:without-right", "becomes ‖g‖² - ⟪ones, g⟫² / #ι"),
    "a sign flipped": ("norm_sq_backward_eps_zero:conclusion.right.right:to-plus", "/ #ι + ⟪g, normalize(0, y)⟫² / #ι"),
    "a coefficient changed": ("norm_sq_backward:conclusion.right.right.right.left.left.left:one-more", "2 becomes 3"),
    "variables swapped": ("norm_sq_backward:conclusion.left.base.arg:swapped-2-3", "backward(γ, ε, g, y)"),
    "ε dropped": ("scale:body.arg:without-right", "variance(y) + ε becomes variance(y)"),
    "ε moved": ("scale:body:right-moved-out", "√(variance(y) + ε) becomes √(variance(y)) + ε"),
    "unbiased variance": ("variance:body.right:one-less", "#ι becomes #ι - 1"),
    "the square dropped": ("variance:body.left.body:one-less", "(y[i] - mean(y))² becomes y[i] - mean(y)"),
    "the quotient dropped": ("mean:body:without-divisor", "(∑ i, y[i]) / #ι becomes ∑ i, y[i]"),
    "= to <": ("norm_sq_backward:conclusion:to-less", " < "),
    "≤ reversed": ("variance_nonneg:conclusion:reversed", "0 ≤ variance(y) becomes variance(y) ≤ 0"),
    "another position": ("backward:body.body.right.right.right.body.left:at-i", "g[k] becomes g[i]"),
    "a hypothesis dropped": ("norm_sq_backward:h:dropped", "without 0 < BatchNorm.variance y + ε"),
    "a hypothesis weakened": ("norm_sq_backward:h:or-equal", "becomes 0 ≤ variance(y) + ε"),
}


def made(export: Export) -> list[Mutant]:
    """All mutants of the export."""
    return [mutant for d in declarations(export).values() for mutant in mutants(d, export.definitions)]


@pytest.fixture(scope="module")
def every(by_declaration: Mapping[str, tuple[Mutant, ...]]) -> list[Mutant]:
    """All mutants of the export."""
    return [mutant for found in by_declaration.values() for mutant in found]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_slip_is_made(kind: str, every: list[Mutant]) -> None:
    """The slips that a person makes are among the mutants, and the change says which."""
    name, change = KINDS[kind]
    (found,) = (mutant for mutant in every if mutant.id == name)
    assert change in found.change


def test_ids_are_distinct_and_every_declaration_has_some(
    by_declaration: Mapping[str, tuple[Mutant, ...]], every: list[Mutant], export: Export
) -> None:
    """A mutant can be run alone, and no declaration is left out."""
    ids = [mutant.id for mutant in every]
    assert len(ids) == len(set(ids)) > 1000
    for name in declarations(export):
        assert by_declaration[name], name


def test_mutants_are_the_same_each_time(every: list[Mutant], export: Export) -> None:
    """Another process finds the same mutants under the same ids."""
    assert made(export) == every


def test_no_mutant_is_the_original(by_declaration: Mapping[str, tuple[Mutant, ...]], export: Export) -> None:
    """Something is changed, and in one part only."""
    for name, theorem in export.theorems.items():
        for mutant in by_declaration[name]:
            match mutant:
                case ConclusionMutant(theorem=changed):
                    assert changed.conclusion != theorem.conclusion, mutant.id
                    assert changed.hypotheses == theorem.hypotheses, mutant.id
                case HypothesisMutant(theorem=changed):
                    assert changed.hypotheses != theorem.hypotheses, mutant.id
                    assert changed.conclusion == theorem.conclusion, mutant.id
                case DefinitionMutant():
                    pytest.fail(f"{name} is no definition")


def test_mutants_are_well_formed(by_declaration: Mapping[str, tuple[Mutant, ...]], export: Export) -> None:
    """Every term of every changed conclusion has a value on a batch, of the sort it should have."""
    balls = BallAlgebra(64)
    for theorem in export.theorems.values():
        stated = theorem.conclusion.left if isinstance(theorem.conclusion, ir.Iff) else theorem.conclusion
        if isinstance(stated, (*ir.DERIVATIVES, ir.ForAll, ir.IsGreatest)):
            continue  # their terms have variables of their own
        plan = Plan(theorem, export.definitions)
        drawn = slots(plan, ("integers", "rational-spread"), largest=4)
        fitting = (b for candidates in drawn for b in candidates if not isinstance(certify(plan, b), Unmet))
        batch = next(fitting)
        environment = environment_of(plan, batch.sizes, batch.values, balls)
        for mutant in by_declaration[theorem.name]:
            if isinstance(mutant, ConclusionMutant):
                for term in terms(mutant.theorem.conclusion):
                    with contextlib.suppress(NotDifferentiable):  # a gradient at another point
                        evaluate(term, balls, environment, export.definitions)


def test_a_definition_calls_only_those_before_it(by_declaration: Mapping[str, tuple[Mutant, ...]], export: Export) -> None:
    """A mutant of a definition never calls itself: it could not be evaluated."""
    names = list(export.definitions)
    for definition in export.definitions.values():
        for mutant in by_declaration[definition.name]:
            assert isinstance(mutant, DefinitionMutant)
            called = {
                p.node.name
                for p in places(mutant.definition.body, {v.name: v.kind for v in definition.parameters})
                if isinstance(p.node, ir.Call | ir.VCall)
            }
            assert called <= set(names[: names.index(definition.name)]), mutant.id


def test_drop_leaves_the_other_hypotheses() -> None:
    """Of two hypotheses one is left."""
    one = ir.Hypothesis("h", "0 < a", ir.Lt(ir.Nat(0), ir.Var("a")))
    other = ir.Hypothesis("k", "0 < b", ir.Lt(ir.Nat(0), ir.Var("b")))
    theorem = ir.Theorem("T", "0", "", "", "f", 1, "s", (), (), (), (one, other), ir.Eq(ir.Nat(0), ir.Nat(0)), None)
    assert drop(theorem, one).theorem.hypotheses == (other,)


def test_put_replaces_one_place_and_keeps_the_rest() -> None:
    """What stands at the place is replaced; what is beside it is the same object, so that it is computed once."""
    shared = ir.VVar("g")
    call = ir.VCall("D", ("ι",), (ir.Var("ε"), shared))
    root = ir.Eq(ir.Norm(call), ir.Inner(shared, shared))
    changed = put(root, ("left", "arg", "args", "0"), ir.Nat(0))
    assert changed == ir.Eq(ir.Norm(ir.VCall("D", ("ι",), (ir.Nat(0), shared))), ir.Inner(shared, shared))
    assert changed.left.arg.args[1] is shared
    assert changed.right is root.right


def test_places_know_what_is_in_scope() -> None:
    """Under a binder its position is in scope, and nowhere else."""
    body = ir.Component(ir.VVar("y"), "i")
    root = ir.Add(ir.Sum("i", "ι", body), ir.Var("c"))
    scopes = {str(place): set(place.scope) for place in places(root, {"c": ir.ScalarKind()})}
    assert scopes["left.body"] == {"c", "i"}
    assert scopes["right"] == {"c"}


def test_what_became_of_what_differs(export):
    """Of definitions of one short name, too, which are written with their namespaces."""
    said = [mutant.change for one in export.definitions.values() for mutant in mutants(one, export.definitions)]
    assert any(one.endswith(": RMSNorm.scale(ε, y) becomes BatchNorm.scale(ε, y)") for one in said)
    pairs = [one.rpartition(": ")[2].split(" becomes ") for one in said]
    assert all(pair[0] != pair[-1] for pair in pairs if len(pair) == 2)
