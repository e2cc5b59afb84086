"""What is asked for once: a precision where an exact zero ends the search, and a hypothesis of many mutants on one batch."""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import pytest
from flint import arb, fmpq
from statements import statement

from pybridge import ir
from pybridge.algebras.ball import Ball, balls_of
from pybridge.algebras.base import Truth
from pybridge.algebras.dual import NotDifferentiable, at_every_precision
from pybridge.batches.determined import Differentiated
from pybridge.batches.generate import Batch, slots
from pybridge.batches.plan import Plan
from pybridge.checking import hypotheses, settle
from pybridge.checking.hypotheses import Unmet, certify
from pybridge.checking.judge import Standing
from pybridge.export.loading import Export
from pybridge.mutation.mutants import HypothesisMutant, mutants
from pybridge.mutation.shared import Round, violated
from pybridge.semantics.program import Node
from pybridge.semantics.wholes import slope

BALLS = balls_of(128)
X, A, D = ir.Var("x"), ir.Var("a"), ir.Var("d")
ROOT, ZERO = ir.Sqrt(ir.Nat(2)), ir.Nat(0)
TINY = ir.Sub(ir.Add(ROOT, A), ROOT)
"""a, which is 2^-200, where balls of 128 bits do not tell it from 0 and rationals do not know it."""
CANCELLED = ir.Sub(ROOT, ROOT)
"""0, of which no balls know that it is."""
SCALARS = (ir.Variable("a", ir.ScalarKind()), ir.Variable("d", ir.ScalarKind()))
BATCH = Batch(name="b", family="f", seed=0, sizes={"ι": 1}, values={"a": fmpq(1, 2**200), "d": fmpq(0)}, origin="")
EVERY = list(settle.PRECISIONS)


def derivative(point: ir.Scalar, *, value: ir.Scalar = ZERO) -> ir.HasDerivAt:
    """The derivative of x |x|: there is one everywhere, and at 0 none that the rules of differentiation give."""
    return ir.HasDerivAt("x", ir.Mul(X, ir.Abs(X)), value, point)


def asked(monkeypatch: pytest.MonkeyPatch, module: ModuleType) -> list[int]:
    """The precisions of the balls that a module asks for from now on."""
    found: list[int] = []

    def counted(precision: int) -> object:
        found.append(precision)
        return balls_of(precision)

    monkeypatch.setattr(module, "balls_of", counted)
    return found


def settled(conclusion: ir.Proposition, monkeypatch: pytest.MonkeyPatch) -> tuple[Standing, int, list[int]]:
    """How a conclusion stands, the bits it is said to have taken, and those that were tried."""
    tried = asked(monkeypatch, settle)
    judgement, bits = settle.settle(Plan(statement(*SCALARS, conclusion=conclusion), {}), replace(BATCH))
    return judgement.standing, bits, sorted(set(tried))


@pytest.mark.parametrize("op", ["apart", "slope of sqrt", "slope of absolute", "slope of norm"])
def test_certain_is_only_what_no_precision_tells(op: str) -> None:
    """A zero that is exact, of what certainly moves: not what may be 0, and not what may be constant."""

    def refused(value: arb, *still: arb) -> bool:
        others = {"apart": 0, "slope of absolute": 1}.get(op, 2)
        ones = [Ball(arb(1), arb(1))] * others
        node = cast(Node, SimpleNamespace(op=op, data=("a quotient",)))
        with pytest.raises(NotDifferentiable) as caught:
            slope(node, BALLS)(Ball(value, arb(1)), *ones, *(Ball(number, arb(1)) for number in still))
        return at_every_precision(caught.value)

    with BALLS.context():
        tiny, unknown = arb(0, arb(2) ** -120), arb(0, 1)
        assert refused(arb(0))
        assert refused(arb(0), arb(2))
        assert refused(arb(0), arb(-2), arb(0)), "one that is not negative is enough"
        assert not refused(tiny)
        assert not refused(arb(0), unknown), "the root of a negative number would not move"
        assert not refused(arb(0), arb(-2), unknown)


def test_an_exact_zero_ends_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stays open, as it would at all the other precisions."""
    assert settled(derivative(ZERO), monkeypatch) == (Standing.OPEN, EVERY[-1], EVERY[:1])


def test_what_is_not_told_from_0_at_one_precision_is_tried_at_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """At 2^-200 the derivative is twice that."""
    found, bits, tried = settled(derivative(TINY, value=ir.Mul(ir.Nat(2), TINY)), monkeypatch)
    assert (found, tried) == (Standing.NARROW, EVERY[: EVERY.index(bits) + 1])
    assert bits > EVERY[0]


def test_a_zero_that_balls_do_not_know_is_tried_at_all_precisions(monkeypatch: pytest.MonkeyPatch) -> None:
    """√2 - √2, of which each ball has 0 in it."""
    assert settled(derivative(CANCELLED), monkeypatch) == (Standing.OPEN, EVERY[-1], EVERY)


def test_beside_an_exact_zero_another_part_may_be_told_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """A conjunction with a part that is open at every precision, and one that is refuted at more than 128 bits."""
    found, bits, tried = settled(ir.And(derivative(ZERO), derivative(TINY, value=ir.Mul(ir.Nat(3), TINY))), monkeypatch)
    assert bits > EVERY[0]
    assert (found, tried) == (Standing.FAILS, EVERY[: EVERY.index(bits) + 1])


@pytest.mark.parametrize(
    ("point", "truth", "count"), [(ZERO, Truth.UNKNOWN, 1), (TINY, Truth.HOLDS, 2), (CANCELLED, Truth.UNKNOWN, 3)]
)
def test_whether_a_derivative_exists(point: ir.Scalar, truth: Truth, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a variable that is defined as one: asked once where the zero is exact."""
    stated = ir.Hypothesis("h", "h", derivative(point, value=D))
    plan = Plan(statement(*SCALARS, hypotheses=(stated,)), {})
    assert isinstance(plan.determining["h"], Differentiated)
    tried = asked(monkeypatch, hypotheses)
    assert hypotheses.decide_hypothesis(plan, stated, replace(BATCH, values={"a": BATCH.values["a"]}))[0] is truth
    assert tried == list(hypotheses.PRECISIONS[:count])


def test_a_compound_hypothesis_is_tried_at_all_precisions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever cannot be had at one may not be needed at another."""
    stated = ir.Hypothesis("h", "h", derivative(ZERO, value=D))
    plan = Plan(statement(*SCALARS, hypotheses=(stated,)), {})
    batch = replace(BATCH, values={"a": BATCH.values["a"]})
    tried = asked(monkeypatch, hypotheses)
    for proposition, count in ((ir.Eq(D, ZERO), 1), (ir.And(ir.Eq(D, ZERO), ir.Eq(D, ZERO)), 3)):
        tried.clear()
        assert hypotheses._narrowly(plan, proposition, batch, how="")[0] is Truth.UNKNOWN
        assert tried == list(hypotheses.PRECISIONS[:count])


def decided(monkeypatch: pytest.MonkeyPatch) -> list[ir.Hypothesis]:
    """The hypotheses that are decided from now on."""
    found: list[ir.Hypothesis] = []
    decide = hypotheses.decide_hypothesis

    def counted(plan: Plan, hypothesis: ir.Hypothesis, batch: Batch) -> Any:
        found.append(hypothesis)
        return decide(plan, hypothesis, batch)

    monkeypatch.setattr(hypotheses, "decide_hypothesis", counted)
    return found


def drawn(plan: Plan) -> Batch:
    """A batch on which the hypotheses hold."""
    candidates = (batch for one in slots(plan, ("integers",), largest=5) for batch in one)
    return next(batch for batch in candidates if not isinstance(certify(plan, batch), Unmet))


def test_a_hypothesis_of_many_mutants_is_decided_once(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is the same object, and the batch has the same values for both; what a mutant has in its place is its own."""
    theorem = export.theorem("norm_backward_eq_iff")
    every = [one for one in mutants(theorem, export.definitions) if isinstance(one, HypothesisMutant)]
    changed = max(([one for one in every if one.hypothesis is h] for h in theorem.hypotheses), key=len)
    plans = [violated(one, export)[0] for one in changed]
    assert len(plans) > 1
    assert len(set(map(id, map(attrgetter("valued"), plans)))) == 1
    _, wanted = violated(changed[0], export)
    batches = (batch for one in wanted(Round(("integers",), 0, 5)) for batch in one)
    batch = next(one for one in batches if not isinstance(certify(plans[0], replace(one)), Unmet))
    seen = decided(monkeypatch)
    for plan in plans:
        certify(plan, batch)
    common = [one for one in theorem.hypotheses if one is not changed[0].hypothesis]
    assert [sum(one is other for other in seen) for one in common] == [1] * len(common)
    assert len(common) > 0
    assert not any(one is changed[0].hypothesis for one in seen)


def test_another_batch_or_other_values_are_decided_anew(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    """As is a hypothesis in a plan that draws for itself, or reads it by other definitions; an equal one is not."""
    theorem = export.theorem("norm_sq_backward")
    plan = Plan(theorem, export.definitions)
    batch = drawn(plan)
    seen = decided(monkeypatch)
    count = len(theorem.hypotheses)
    certify(plan, batch)
    assert len(seen) == 0, "it was certified when it was drawn"
    certify(plan, replace(batch))
    assert len(seen) == count
    certify(Plan(theorem, export.definitions), batch)
    assert len(seen) == 2 * count, "another plan has values of its own"
    twin = replace(theorem, hypotheses=tuple(map(replace, theorem.hypotheses)))
    certify(replace(Plan(twin, export.definitions), alike=plan), batch)
    assert len(seen) == 2 * count, "it says the same of the same values"
    certify(replace(Plan(twin, dict(export.definitions)), alike=plan), batch)
    assert len(seen) == 3 * count
    for moved in (batch.moved(plan, "ε", fmpq(-1000), "m"), replace(batch, values={**batch.values, "ε": fmpq(-1000)})):
        assert isinstance(certify(plan, moved), Unmet)
    assert not isinstance(certify(plan, batch), Unmet)


def test_a_hypothesis_is_read_by_its_own_definitions(export: Export) -> None:
    """The same object on the same batch, where a mutant's definition makes it false."""
    theorem = export.theorem("norm_sq_backward")
    name = "BatchNorm.variance"
    body = ir.Neg(cast("ir.Scalar", export.definitions[name].body))
    plan = Plan(theorem, export.definitions)
    batch = drawn(plan)
    negative = Plan(theorem, {**export.definitions, name: replace(export.definitions[name], body=ir.Sub(body, ir.Nat(1000)))})
    assert isinstance(certify(negative, batch), Unmet)
    assert not isinstance(certify(plan, batch), Unmet)
    assert isinstance(certify(negative, batch), Unmet)


def test_two_hypotheses_are_not_taken_for_each_other() -> None:
    """Of which one holds and the other does not."""
    good, bad = (ir.Hypothesis(name, name, ir.Lt(*sides)) for name, sides in (("good", (ZERO, A)), ("bad", (A, ZERO))))
    plan = Plan(statement(*SCALARS, hypotheses=(good, bad)), {})
    assert certify(plan, replace(BATCH)) == Unmet("bad", Truth.FAILS)
