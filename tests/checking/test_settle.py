"""Conclusions settled: where some part is exact and another has a root, and with roots that no rational is."""

from __future__ import annotations

import pytest
from flint import fmpq
from statements import statement

from pybridge import ir
from pybridge.algebras.ball import BallAlgebra
from pybridge.algebras.base import NotInAlgebra
from pybridge.algebras.exact import ExactAlgebra
from pybridge.algebras.symbolic import at_a_point
from pybridge.batches.environments import environment_of
from pybridge.batches.generate import Batch, slots
from pybridge.batches.plan import Plan
from pybridge.checking import settle as settling
from pybridge.checking.hypotheses import Unmet, certify
from pybridge.checking.judge import Standing
from pybridge.checking.settle import enclosed, settle
from pybridge.checking.violate import violating
from pybridge.export.loading import Export
from pybridge.mutation.mutants import drop
from pybridge.semantics.evaluate import evaluate

A, B, ZERO, ONE = ir.Var("a"), ir.Var("b"), ir.Nat(0), ir.Nat(1)
SCALARS = (ir.Variable("a", ir.ScalarKind()), ir.Variable("b", ir.ScalarKind()))
THIRD = ir.Div(ONE, ir.Nat(3))
NOTHING = ir.Sub(ir.Mul(ir.Nat(3), THIRD), ONE)  # 0, as rationals know and balls do not
ROOT = ir.Sqrt(ir.Nat(2))
SAME = ir.Eq(ir.Mul(ir.Sqrt(ir.Nat(8)), ROOT), ir.Nat(4))  # true, as roots know and rationals do not


def standing(conclusion: ir.Proposition) -> Standing:
    """How a conclusion about a = 1, b = 2 stands."""
    batch = Batch(name="b", family="f", seed=0, sizes={"ι": 1}, values={"a": fmpq(1), "b": fmpq(2)}, origin="")
    return settle(Plan(statement(*SCALARS, conclusion=conclusion), {}), batch)[0].standing


AGREES = (Standing.CERTAIN, Standing.NARROW)
REFUTED = (Standing.FAILS,)
PARTS = {
    "exactly 0, and a root below 2": (ir.Iff(ir.Eq(NOTHING, ZERO), ir.Lt(ROOT, B)), AGREES),
    "exactly 0, and a root not above 2": (ir.Iff(ir.Eq(NOTHING, ZERO), ir.Lt(B, ROOT)), REFUTED),
    "not unequal to 0, and a root below 2": (ir.Iff(ir.Ne(NOTHING, ZERO), ir.Lt(ROOT, B)), REFUTED),
    "equal by roots, and false": (ir.Iff(SAME, ir.Eq(A, B)), REFUTED),
    "equal by roots, and true": (ir.Iff(SAME, ir.Lt(A, B)), AGREES),
    "within a conjunction": (ir.Iff(ir.And(ir.Eq(NOTHING, ZERO), ir.Lt(ROOT, B)), ir.Eq(A, B)), REFUTED),
}


@pytest.mark.parametrize(("conclusion", "expected"), PARTS.values(), ids=PARTS)
def test_parts_of_an_equivalence_are_decided_each_in_its_way(
    conclusion: ir.Proposition, expected: tuple[Standing, ...]
) -> None:
    """Rationals, roots and balls each know one part for certain, and none of them knows both."""
    assert standing(conclusion) in expected


def test_a_number_with_roots_is_enclosed_by_balls() -> None:
    """√2 + 1 / (3 √2), as balls compute it."""
    algebra, balls = at_a_point(), BallAlgebra(128)
    term = ir.Add(ROOT, ir.Div(ONE, ir.Mul(ir.Nat(3), ROOT)))
    theorem = statement(*SCALARS)
    values = {"a": fmpq(1), "b": fmpq(2)}
    found, expected = (
        evaluate(term, one, environment_of(Plan(theorem, {}), {"ι": 1}, values, one), {}) for one in (algebra, balls)
    )
    ball = enclosed(found, algebra.tower, balls)
    assert abs(ball.value - expected.value) < 2.0**-120


def test_scales_are_rational_where_a_vector_has_to_be_orthogonal(export: Export) -> None:
    """In every other turn ε is chosen so that σ is rational, and then g is orthogonal to 1 or ŷ, exactly, or to both."""
    theorem = export.theorem("norm_backward_eq_iff")
    scale = ir.Call("BatchNorm.scale", ("ι",), (ir.Var("ε"), ir.VVar("y")))
    parts = theorem.conclusion.right
    seen = set()
    for candidates in slots(Plan(theorem, export.definitions), ("random",), largest=5):
        for batch in candidates:
            if batch.sizes["ι"] < 4:  # else there is no room for a vector orthogonal to one alone
                continue
            exact = ExactAlgebra()
            environment = environment_of(Plan(theorem, export.definitions), batch.sizes, batch.values, exact)
            try:
                evaluate(scale, exact, environment, export.definitions)
            except NotInAlgebra:
                continue
            inner = (evaluate(part.left, exact, environment, export.definitions) for part in (parts.left, parts.right))
            seen.add(tuple(value == 0 for value in inner))
    assert {(True, True), (True, False), (False, True)} <= seen


def test_the_middle_of_what_is_left_is_met(export: Export) -> None:
    """Without 0 ≤ ε, and with 0 < variance + ε: ε = -variance / 2, where ‖∂y‖ = |γ| / σ ‖g‖ though g is not orthogonal to ŷ."""
    theorem = export.theorem("norm_backward_eq_iff")
    (dropped,) = (h for h in theorem.hypotheses if h.name == "hε")
    without = drop(theorem, dropped).theorem
    half = ir.Eq(ir.Mul(ir.Nat(2), ir.Neg(ir.Var("ε"))), ir.Call("BatchNorm.variance", ("ι",), (ir.VVar("y"),)))
    met = 0
    for candidates in violating(Plan(without, export.definitions), dropped, ("integers",), largest=3):
        for batch in candidates:
            exact = ExactAlgebra()
            environment = environment_of(Plan(without, export.definitions), batch.sizes, batch.values, exact, half)
            sides = (evaluate(side, exact, environment, export.definitions) for side in (half.left, half.right))
            if len(set(sides)) == 1 and not isinstance(certify(Plan(without, export.definitions), batch), Unmet):
                met += 1
    assert met


def narrowed(claim: ir.Scalar, monkeypatch: pytest.MonkeyPatch) -> tuple[Standing, int, int]:
    """How it stands that x / t has a derivative at 1, for t = 2^-60 that 128 bits know to 68; its bits; and the rays tried."""
    tried = []
    plain = settling.refuting_ray
    monkeypatch.setattr(settling, "refuting_ray", lambda *args: tried.append(args) or plain(*args))
    tiny = ir.Sub(ir.Add(ROOT, A), ROOT)
    conclusion = ir.HasDerivAt("x", ir.Div(ir.Var("x"), tiny), ir.Div(claim, tiny), ONE)
    values = {"a": fmpq(1, 2**60), "b": fmpq(1)}
    batch = Batch(name="b", family="f", seed=0, sizes={"ι": 1}, values=values, origin="")
    judgement, bits = settle(Plan(statement(*SCALARS, conclusion=conclusion), {}), batch)
    return judgement.standing, bits, len(tried)


def test_no_ray_is_tried_where_a_higher_precision_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    """The derivative is there at 128 bits, and narrow at 256."""
    assert narrowed(ONE, monkeypatch) == (Standing.NARROW, 256, 0)


def test_rays_are_tried_where_no_precision_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a claim that is 0 / 0 at every precision, as balls see it."""
    standing, _, tried = narrowed(ir.Div(ir.Sub(ROOT, ROOT), ir.Sub(ROOT, ROOT)), monkeypatch)
    assert standing in (Standing.OPEN, Standing.FAILS)
    assert tried
