"""Statements about derivatives: the right ones agree, and one wrong sign or coefficient is refuted with a witness."""

from __future__ import annotations

from fractions import Fraction

import derivative_statements as made
import pytest
from derivative_statements import small
from flint import fmpq
from statements import refutation

from pybridge import ir
from pybridge.algebras.exact import ExactAlgebra
from pybridge.batches.generate import RECORDED, Batch
from pybridge.checking.check import check
from pybridge.checking.refutation import explain
from pybridge.checking.verdict import Agrees, Refuted
from pybridge.checking.witness import paste, plain
from pybridge.export.loading import Export
from pybridge.semantics.losses import CrossEntropy, Quadratic

EXACT = ExactAlgebra()
G, D, Y, V = made.G, made.D, made.Y, made.V["v"]
RIGHT = {
    "gradient": made.gradient(),
    "Fréchet": made.frechet_normalize(),
    "in γ": made.in_gamma(),
    "in β": made.in_beta(),
    "jointly": made.jointly(),
    "second": made.second(),
    "second of a loss": made.second(of_a_loss=True),
    "off both": made.off_both(),
    "bounded": made.bounded(),
}


@pytest.mark.parametrize("theorem", RIGHT.values(), ids=RIGHT)
def test_right_statements_agree(theorem: ir.Theorem, export: Export) -> None:
    """On small batches; each counts batches on which its hypotheses are certified."""
    report = small(theorem, export)
    assert isinstance(report.verdict, Agrees), report.verdict
    assert sum(report.counted.values()) >= 4


def parts(theorem: ir.Theorem) -> tuple[ir.Scalar, ir.Scalar]:
    """The two terms of the derivative that `second` claims."""
    assert isinstance(theorem.conclusion, ir.HasDerivAt)
    assert isinstance(theorem.conclusion.derivative, ir.Sub)
    return theorem.conclusion.derivative.left, theorem.conclusion.derivative.right


def twice(term: ir.Vector) -> ir.Vector:
    """The double of a vector."""
    return ir.Smul(ir.Nat(2), term)


BEND, PULL = parts(made.second())
FRECHET = made.frechet_normalize().conclusion.derivative
JOINT = made.jointly().conclusion.derivative
WRONG = {
    "gradient: sign": made.gradient(ir.VNeg(made.backward())),
    "gradient: twice": made.gradient(twice(made.backward())),
    "gradient: γ forgotten": made.gradient(made.backward(gamma=made.ONE)),
    "gradient: ε forgotten": made.gradient(made.backward(eps=made.ZERO)),
    "gradient: g itself": made.gradient(G),
    "gradient: mean of g left out": made.gradient(ir.VAdd(made.backward(), ir.Smul(made.scalar("mean", G), made.ONES))),
    "Fréchet: sign": made.frechet_normalize(ir.VNeg(FRECHET)),
    "Fréchet: no projection": made.frechet_normalize(ir.Smul(ir.Inv(made.scalar("scale", made.A["ε"], Y)), V)),
    "Fréchet: constant": made.frechet_normalize(ir.Zero(made.SPACE)),
    "in γ: ones": made.in_gamma(ir.Inner(made.ONES, G)),
    "in γ: sign": made.in_gamma(ir.Neg(ir.Inner(G, made.normalized()))),
    "in β: normalized": made.in_beta(ir.Inner(G, made.normalized())),
    "in β: mean": made.in_beta(made.scalar("mean", G)),
    "jointly: y alone": made.jointly(JOINT.left.left),
    "jointly: β left out": made.jointly(JOINT.left),
    "jointly: minus β": made.jointly(ir.Sub(JOINT.left, JOINT.right)),
    "second: plus": made.second(ir.Add(BEND, PULL)),
    "second: bend alone": made.second(BEND),
    "second: pull alone": made.second(ir.Neg(PULL)),
    "second: twice the pull": made.second(ir.Sub(BEND, ir.Mul(ir.Nat(2), PULL))),
    "off both: twice": made.off_both(ir.Mul(ir.Nat(2), ir.Norm(G))),
    "bounded: half": made.bounded(ir.Div(made.MOST, ir.Nat(2))),
    "bounded: a little less": made.bounded(ir.Mul(ir.Div(ir.Nat(999999), ir.Nat(1000000)), made.MOST)),
}


@pytest.mark.parametrize("theorem", WRONG.values(), ids=WRONG)
def test_wrong_statements_are_refuted(theorem: ir.Theorem, export: Export) -> None:
    """Each has a witness on which all hypotheses are certified and the sides part."""
    witness = refutation(small(theorem, export), export)
    assert witness.left != witness.right


def test_a_dropped_hypothesis_is_noticed(export: Export) -> None:
    """Without ⟪ŷ, d⟫ = 0 the second derivative has more terms."""
    assert isinstance(small(made.second(dropped=True), export).verdict, Refuted)


def test_recorded_batches_count(export: Export) -> None:
    """With a drawn loss and its gradient in place of the recorded one, and on many rows by drawn directions."""
    for theorem in (made.gradient(), made.frechet_normalize(), made.in_gamma()):
        report = check(theorem, export, families=(RECORDED,), largest=64)
        assert isinstance(report.verdict, Agrees), report.verdict
        assert report.counted[RECORDED] >= 4
    wrong = check(made.gradient(made.backward(eps=made.ZERO)), export, families=(RECORDED,), largest=64, shrink=False)
    assert isinstance(wrong.verdict, Refuted)


def test_a_witness_says_what_was_determined(export: Export) -> None:
    """The loss is in the batch and g is not; the explanation says what g was, and about how large."""
    report = small(made.gradient(ir.VNeg(made.backward())), export, shrink=True)
    assert isinstance(report.verdict, Refuted)
    witness = report.verdict.witness
    assert "g" not in witness.batch.values
    assert "L" in witness.batch.values
    assert witness.determined["g"].startswith("the gradient of L at forward(γ, β, ε, y): about [")
    assert any(line.startswith("  g is the gradient of L at forward") for line in explain(report, witness, "again", export))
    assert witness.batch.sizes["ι"] <= 4
    assert next(held.decided_by for held in witness.hypotheses).startswith("closed form, differentiated in balls of")
    assert all(held.value for held in witness.hypotheses)


def test_losses_are_exact_to_paste() -> None:
    """By name and parameters, in Python source and in JSON."""
    half = fmpq(1, 2)
    values = {"L": Quadratic((half,), (fmpq(3),)), "K": CrossEntropy(3, 1), "X": ((half, fmpq(1)),)}
    batch = Batch(name="b", family="test", seed=None, sizes={}, values=values, origin="")
    read = eval(paste(batch), {"Fraction": Fraction})  # noqa: S307
    assert read["L"] == {"loss": "Quadratic", "weights": [Fraction(1, 2)], "targets": [3]}
    assert read["K"] == {"loss": "CrossEntropy", "dimension": 3, "label": 1}
    assert read["X"] == [[Fraction(1, 2), 1]]
    assert plain(values["L"]) == {"loss": "Quadratic", "weights": ["1/2"], "targets": ["3"]}
