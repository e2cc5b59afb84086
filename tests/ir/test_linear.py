"""Whether a term is linear in some variables: what its form says, and nothing where it says nothing."""

from __future__ import annotations

import pytest
from random_terms import DEFINITIONS

from pybridge import ir
from pybridge.ir.linear import is_linear, norms_are_linear

X, Y, A = ir.VVar("x"), ir.VVar("y"), ir.Var("a")
SPACE = ir.Euclidean("ι")
BOUND = ir.Variable("z", ir.VectorKind(SPACE))
I_OF_X = ir.Component(X, "i")
LINEAR = {
    "the variable": X,
    "zero": ir.Zero(SPACE),
    "sums": ir.VSub(ir.VAdd(X, X), ir.VNeg(X)),
    "multiples": ir.Smul(A, X),
    "along a vector": ir.Smul(ir.Inner(Y, X), Y),
    "coordinates": ir.Build("i", "ι", ir.Div(ir.Mul(I_OF_X, A), ir.Card("ι"))),
    "a sum of numbers": ir.Smul(ir.Sum("i", "ι", ir.Neg(ir.Sub(I_OF_X, I_OF_X))), Y),
    "a sum of vectors": ir.VSum("i", "ι", ir.Smul(I_OF_X, Y)),
    "channels": ir.Channel(ir.Channels("c", "κ", X), "k", SPACE),
    "an operator": ir.VApply("A", ir.Adjoint("A", X)),
    "a projection": ir.Project((Y,), X),
    "a derivative along it": ir.FDeriv(BOUND, ir.VVar("z"), Y, X),
    "a definition": ir.VCall("Test.stretch", ("ι",), (A, X)),
    "a number of a definition": ir.Smul(ir.Call("Test.total", ("ι",), (X,)), Y),
}
OTHERS = {
    "a constant": Y,
    "a constant added": ir.VAdd(X, Y),
    "its square": ir.Smul(ir.Inner(X, X), Y),
    "a multiple of itself": ir.Smul(ir.Inner(Y, X), X),
    "its norm": ir.Smul(ir.Norm(X), Y),
    "its norm as an operator": ir.Smul(ir.OpNorm(BOUND, ir.Smul(ir.Inner(X, Y), ir.VVar("z"))), Y),
    "divided by it": ir.Smul(ir.Div(A, ir.Inner(X, Y)), Y),
    "a coordinate squared": ir.Build("i", "ι", ir.Pow(I_OF_X, 2)),
    "a number": ir.Build("i", "ι", ir.Add(I_OF_X, ir.Nat(1))),
    "a field": ir.VApply("G", X),
    "onto it": ir.Project((X,), X),
    "a derivative at it": ir.FDeriv(BOUND, ir.VVar("z"), X, Y),
    "a gradient": ir.Gradient(BOUND, ir.Inner(ir.VVar("z"), X), Y),
    "two arguments that are multiplied": ir.VCall("Test.stretch", ("ι",), (ir.Inner(X, Y), X)),
}


@pytest.mark.parametrize("name", LINEAR)
def test_linear(name: str) -> None:
    """By the rules for each form."""
    assert is_linear(LINEAR[name], frozenset("x"), DEFINITIONS, {"G"})


@pytest.mark.parametrize("name", OTHERS)
def test_not_linear_or_not_said(name: str) -> None:
    """What is not linear, and what the form does not say to be."""
    assert not is_linear(OTHERS[name], frozenset("x"), DEFINITIONS, {"G"})


def test_norms_in_statements() -> None:
    """Every one of them has to be of a linear map, those within a norm's own map too."""
    moved = ir.Variable("x", ir.VectorKind(SPACE))
    good, bad = ir.OpNorm(moved, LINEAR["multiples"]), ir.OpNorm(moved, OTHERS["a constant added"])
    assert norms_are_linear(ir.Eq(good, ir.Mul(A, good)), DEFINITIONS)
    assert not norms_are_linear(ir.Eq(A, bad), DEFINITIONS)
    assert not norms_are_linear(ir.Le(ir.OpNorm(moved, ir.Smul(bad, X)), A), DEFINITIONS)
    assert norms_are_linear(ir.Norm(Y), DEFINITIONS)
