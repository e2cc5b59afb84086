"""What a hypothesis gives a variable: a greatest value, a loss least at a point; certified, or the batch does not count."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import later_statements as made
import pytest
from derivative_statements import ONE, ZERO
from flint import fmpq
from later_statements import STATEMENTS, small

from pybridge import ir
from pybridge.algebras.ball import BallAlgebra
from pybridge.algebras.exact import ExactAlgebra
from pybridge.batches import environments
from pybridge.batches.determined import says
from pybridge.batches.environments import environment_of
from pybridge.batches.generate import Batch, slots
from pybridge.batches.plan import Plan
from pybridge.checking.hypotheses import Unmet, certify
from pybridge.checking.judge import Standing, judge
from pybridge.checking.one_dimensional import decide_on_line, is_line
from pybridge.checking.verdict import Refuted
from pybridge.export.loading import Export
from pybridge.semantics.evaluate import Truth, truth
from pybridge.semantics.losses import Centred
from pybridge.semantics.peaked import Peaked

EXACT, BALLS = ExactAlgebra(), BallAlgebra(128)
ON_A_LINE = "rationals and roots, on both rays of the line"


def test_what_is_determined() -> None:
    """A field of gradients near a point, both greatest values, and a loss that is least at a point."""
    assert [type(one).__name__ for one in Plan(STATEMENTS["Hessian"], {}).determined] == ["GradientField", "DerivativeAt"]
    assert [one.name for one in Plan(STATEMENTS["greatest values"], {}).determined] == ["G", "G'"]
    (least,) = Plan(STATEMENTS["minimizer"], {}).determined
    assert says(least).startswith("½ Σ (1 + i mod 3) (zᵢ - cᵢ)² around c = forward(γ, β, 0, X(w))")
    assert says(Plan(STATEMENTS["greatest values"], {}).determined[0]) == "what hG says it is, as an operator attains it"
    assert "G" not in {variable.name for variable in Plan(STATEMENTS["greatest values"], {}).drawn}
    itself = made.greatest_values()
    stated = itself.hypotheses[1].proposition
    assert isinstance(stated, ir.IsGreatest)
    circular = dataclasses.replace(stated, body=ir.Mul(ir.Var("G"), stated.body))
    hypotheses = (dataclasses.replace(itself.hypotheses[1], proposition=circular),)
    assert Plan(dataclasses.replace(itself, hypotheses=hypotheses), {}).determined == ()


def test_a_greatest_value_is_the_body_at_an_operator(export: Export) -> None:
    """‖X† g‖² ≤ 4 · 25 for ‖X‖ ≤ 2 and g = (3, 4), reached; another value is not certified."""
    theorem = made.greatest_values()
    values = {"γ": fmpq(1), "lam": fmpq(2), "y": (fmpq(0), fmpq(1)), "g": (fmpq(3), fmpq(4))}
    batch = Batch(name="b", family="test", seed=None, sizes={"ι": 2, "W": 1}, values=values, origin="")
    environment = environment_of(Plan(theorem, export.definitions), batch.sizes, values, EXACT, ir.Eq(ir.Var("G"), ZERO))
    assert environment.scalars["G"] == 100
    held = certify(Plan(theorem, export.definitions), batch)
    assert not isinstance(held, Unmet)
    assert held[1].decided_by == "attained at an operator, compared in balls of 128 bits"
    stated = theorem.hypotheses[1].proposition
    balls = environment_of(Plan(theorem, export.definitions), batch.sizes, values, BALLS, stated)
    for value in (99, 101):
        wrong = dataclasses.replace(balls, scalars={**balls.scalars, "G": BALLS.scalar(value)})
        assert judge(stated, BALLS, wrong, export.definitions).standing in (Standing.FAILS, Standing.OPEN)


def test_a_greatest_value_over_a_ball_that_may_be_0_is_enclosed(export: Export) -> None:
    """For g constant backward is 0, which balls only enclose: its greatest value is an enclosure of 0, and narrow."""
    theorem = made.greatest_values()
    values = {"γ": fmpq(1), "lam": fmpq(2), "y": (fmpq(0), fmpq(1), fmpq(5)), "g": (fmpq(1, 3),) * 3}
    environment = environment_of(Plan(theorem, export.definitions), {"ι": 3, "W": 1}, values, BALLS)
    found = environment.scalars["G'"].value
    assert found.contains(0)
    assert found.is_finite()
    assert found < 2.0**-200


def test_a_negative_bound_has_no_greatest_value(export: Export) -> None:
    """No operator is within it, so that the hypothesis is not certified whatever the value."""
    theorem = made.greatest_values(dropped="hlam")
    values = {"γ": fmpq(1), "lam": fmpq(-2), "y": (fmpq(0), fmpq(1)), "g": (fmpq(3), fmpq(4))}
    batch = Batch(name="b", family="test", seed=None, sizes={"ι": 2, "W": 1}, values=values, origin="")
    assert isinstance(certify(Plan(theorem, export.definitions), batch), Unmet)


def test_a_wrong_operator_is_vacuous_not_true(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the operator found does not attain the greatest value, its hypothesis is not certified."""
    right = environments.attained

    def wrong(stated, algebra, environment, definitions):
        return algebra.multiply(algebra.scalar(Fraction(1, 2)), right(stated, algebra, environment, definitions))

    monkeypatch.setattr(environments, "attained", wrong)
    unmet = [
        certify(Plan(made.greatest_values(), export.definitions), candidate)
        for candidates in slots(Plan(made.greatest_values(), export.definitions), ("rational-spread",), largest=4)
        for candidate in candidates
        if candidate.values["lam"] > 0
    ]
    assert unmet
    assert all(isinstance(one, Unmet) for one in unmet)


def minimizing(weights: int, **values: object) -> Batch:
    """A batch for `minimizer` with weights of this dimension, of two entries."""
    given = {
        "γ": fmpq(1),
        "β": fmpq(0),
        "k": fmpq(2),
        "w": (fmpq(1),) * weights,
        "X": ((fmpq(1),) * weights, (fmpq(3),) * weights),
    }
    return Batch(name="b", family="test", seed=None, sizes={"ι": 2, "W": weights}, values={**given, **values}, origin="")


def test_the_loss_is_least_where_the_hypothesis_says(export: Export) -> None:
    """Around the output at w; on a line, and where there is one output only, lower wherever there is none."""
    theorem = STATEMENTS["minimizer"]
    peaked = Peaked(tuple((fmpq(-k), fmpq(k)) for k in (0, 1, -1)), 2)
    for weights, expected, how in (
        (2, Centred((fmpq(-1), fmpq(1)), 2), "exact rationals"),
        (1, peaked, ON_A_LINE),
        (0, Peaked(((fmpq(0), fmpq(0)),), 2), "exact rationals"),
    ):
        batch = minimizing(weights)
        environment = environment_of(Plan(theorem, export.definitions), batch.sizes, batch.values, EXACT)
        assert environment.losses["L"] == expected
        held = certify(Plan(theorem, export.definitions), batch)
        assert not isinstance(held, Unmet)
        assert held[0].decided_by == how


@pytest.mark.parametrize(("weights", "how"), [(2, "least by construction, compared in balls of 128 bits"), (1, ON_A_LINE)])
def test_irrational_outputs_are_compared_too(weights: int, how: str, export: Export) -> None:
    """√(14/9) is in the output: in balls, or adjoined to the rationals."""
    rows = tuple((fmpq(entry), fmpq(0))[:weights] for entry in (1, 2, 4))
    batch = minimizing(weights, X=rows, γ=fmpq(1, 3), β=fmpq(1, 7))
    held = certify(Plan(STATEMENTS["minimizer"], export.definitions), dataclasses.replace(batch, sizes={"ι": 3, "W": weights}))
    assert not isinstance(held, Unmet)
    assert held[0].decided_by == how


def test_on_a_line_three_values_are_not_all_there_are(export: Export) -> None:
    """With ε = 1 the output at t depends on t: a loss that is -1 at three outputs is lower at others, and not certified."""
    theorem, batch = made.minimizer(eps=ONE), minimizing(1)
    assert isinstance(certify(Plan(theorem, export.definitions), batch), Unmet)
    stated = theorem.hypotheses[0].proposition
    assert is_line(stated, batch)
    assert decide_on_line(Plan(theorem, export.definitions), stated, batch) is not Truth.HOLDS
    assert not is_line(stated, minimizing(2))
    assert not is_line(ir.Lt(ZERO, made.K), batch)
    many = dataclasses.replace(batch, sizes={"ι": 6, "W": 1}, values={**batch.values, "X": ((fmpq(1),),) * 6})
    assert decide_on_line(Plan(STATEMENTS["minimizer"], export.definitions), stated, many) is Truth.UNKNOWN


def test_a_loss_lower_elsewhere_does_not_satisfy_the_hypothesis(export: Export) -> None:
    """The same loss around another point is not least at w, and is refuted at some v."""
    theorem = STATEMENTS["minimizer"]
    batch = minimizing(1)
    environment = environment_of(Plan(theorem, export.definitions), batch.sizes, batch.values, EXACT)
    elsewhere = dataclasses.replace(environment, losses={"L": Centred((fmpq(0), fmpq(0)), 2)})
    assert truth(theorem.hypotheses[0].proposition, EXACT, elsewhere, export.definitions) is Truth.FAILS


def test_the_value_that_refutes_is_named(export: Export) -> None:
    """A statement about all v fails at one, which the witness gives."""
    verdict = small(made.minimizer(sign="negative"), export).verdict
    assert isinstance(verdict, Refuted)
    assert verdict.witness.where in ("v = 0", "v = w")
    assert verdict.witness.determined["L"].startswith("½ Σ")
