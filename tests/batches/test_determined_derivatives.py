"""What a hypothesis on a derivative determines: the gradient, the field or the operator that is computed and not drawn."""

from __future__ import annotations

import dataclasses

import derivative_statements as made
import pytest
from derivative_statements import small
from flint import fmpq
from statements import statement

from pybridge import ir
from pybridge.algebras.exact import ExactAlgebra
from pybridge.batches.determined import says
from pybridge.batches.environments import environment_of
from pybridge.batches.generate import Batch, slots
from pybridge.batches.plan import Plan
from pybridge.checking.hypotheses import Unmet, certify, with_values
from pybridge.checking.judge import Standing
from pybridge.checking.settle import settle
from pybridge.checking.verdict import Refuted
from pybridge.checking.witness import determined_values
from pybridge.export.loading import Export
from pybridge.semantics import losses
from pybridge.semantics.losses import CrossEntropy, GemanMcClure, Quadratic

EXACT = ExactAlgebra()
G, D, Y = made.G, made.D, made.Y


def test_what_is_determined() -> None:
    """The gradient at a point, the field of a loss, the derivative of a field; and nothing else."""
    assert [says(one) for one in Plan(made.gradient(), {}).determined] == ["the gradient of L at forward(γ, β, ε, y)"]
    assert [one.name for one in Plan(made.second(of_a_loss=True), {}).determined] == ["G", "H"]
    assert [one.name for one in Plan(made.second(), {}).determined] == ["H"]
    assert [variable.name for variable in Plan(made.second(of_a_loss=True), {}).drawn] == ["γ", "β", "y", "d", "L"]
    both = made.hypothesis("h", ir.And(made.loss_at(Y).proposition, made.positive().proposition))
    assert Plan(dataclasses.replace(made.gradient(), hypotheses=(both,)), {}).determined == ()
    assert Plan(made.off_both(), {}).determined == ()
    assert Plan(made.frechet_normalize(), {}).determined == ()


def test_a_gradient_at_a_point_made_of_itself_is_not_determined() -> None:
    """`HasGradientAt L g g` says which g are fixed points; it is no definition of g, nor is a pair that go in a circle."""
    itself = dataclasses.replace(made.gradient(), hypotheses=(made.loss_at(G),))
    assert Plan(itself, {}).determined == ()
    circle = dataclasses.replace(
        made.gradient(), hypotheses=(made.loss_at(Y), dataclasses.replace(made.loss_at(G, Y), name="h2"))
    )
    assert Plan(circle, {}).determined == ()


def test_a_gradient_without_closed_form_is_found_by_differentiating(export: Export) -> None:
    """A hypothesis on another function than the loss defines its gradient, and what is false of that is refuted."""
    shifted = ir.HasGradientAt(made.Z, ir.Apply("L", ir.VAdd(made.V["z"], Y)), G, Y)
    theorem = dataclasses.replace(made.gradient(), hypotheses=(made.hypothesis("hL", shifted), made.positive()))
    verdict = small(theorem, export).verdict
    assert isinstance(verdict, Refuted)
    assert verdict.witness.determined["g"] == "what hL says it is, found by differentiating"


@pytest.mark.parametrize("loss", [Quadratic, CrossEntropy, GemanMcClure])
@pytest.mark.parametrize("closed", ["gradient", "hessian"])
def test_a_wrong_closed_form_is_vacuous_not_true(loss, closed: str, export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    """A closed form with the wrong sign does not pass for the derivative: its batches do not count."""
    right = getattr(losses, closed)

    def wrong(of, algebra, *args):
        found = right(of, algebra, *args)
        return algebra.negate_vector(found) if isinstance(of, loss) else found

    monkeypatch.setattr(losses, closed, wrong)
    theorem = made.gradient() if closed == "gradient" else made.second()
    counted = 0
    for candidates in slots(Plan(theorem, export.definitions), ("rational-spread",), largest=4):
        for candidate in candidates:
            of = candidate.values["L" if closed == "gradient" else "G"]
            if isinstance(of, loss):
                unmet = certify(Plan(theorem, export.definitions), candidate)
                assert isinstance(unmet, Unmet)
                counted += unmet.name in ("hL", "hG")
    assert counted


def test_only_what_is_mentioned_is_determined(export: Export) -> None:
    """A hypothesis without g is decided exactly even where g is no rational."""
    theorem = made.gradient()
    values = {"γ": 1, "β": 0, "ε": 1, "y": (fmpq(1), fmpq(2)), "L": CrossEntropy(2, 0)}
    batch = Batch(name="b", family="test", seed=None, sizes={"ι": 2}, values=values, origin="")
    held = certify(Plan(theorem, export.definitions), batch)
    assert not isinstance(held, Unmet)
    assert [one.decided_by for one in held] == ["closed form, differentiated in balls of 128 bits", "exact rationals"]
    assert len(with_values(Plan(theorem, export.definitions), batch, held)) == 2
    assert determined_values(Plan(theorem, export.definitions), batch)["g"].count(",") == 4


def test_what_a_determined_variable_is_made_of_is_determined_too() -> None:
    """A gradient at a point that is itself a gradient: a statement about the second alone needs the first."""
    theorem = statement(
        *made.variables(y=made.VECTOR, g=made.VECTOR, d=made.VECTOR),
        *made.LOSS,
        hypotheses=(made.loss_at(G, D), dataclasses.replace(made.loss_at(Y), name="h2")),
    )
    assert [one.name for one in Plan(theorem, {}).determined] == ["g", "d"]
    values = {"y": (fmpq(3),), "L": Quadratic((fmpq(2),), (fmpq(1),))}
    stated = ir.VectorEq(D, D)
    environment = environment_of(Plan(theorem, {}), {"ι": 1}, values, EXACT, stated)
    assert environment.vectors["g"] == (4,)
    assert environment.vectors["d"] == (6,)
    assert "d" not in environment_of(Plan(theorem, {}), {"ι": 1}, values, EXACT, ir.VectorEq(G, G)).vectors


def test_a_kink_is_refuted() -> None:
    """The norm has no gradient at 0: its slope along a coordinate is 1, where a gradient 0 gives 0."""
    kink = statement(*made.variables(y=made.VECTOR), conclusion=ir.HasGradientAt(made.Z, ir.Norm(made.V["z"]), Y, Y))
    batch = Batch(name="b", family="test", seed=None, sizes={"ι": 2}, values={"y": (fmpq(0),) * 2}, origin="")
    judgement, _ = settle(Plan(kink, {}), batch)
    assert judgement.standing is Standing.FAILS
    assert judgement.side is not None
    assert judgement.side.place == "the slope along z by (1, 0)"
