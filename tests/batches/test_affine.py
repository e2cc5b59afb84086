"""Whether a term is affine in a scalar: seen by its program, and where that does not tell by its values."""

from __future__ import annotations

import pytest
from flint import fmpq
from statements import statement

from pybridge import ir
from pybridge.batches import roots
from pybridge.batches.plan import Plan
from pybridge.batches.roots import affine
from pybridge.semantics.machine import lowering_of
from pybridge.semantics.scopes import TOP

S, C, ONE, TWO = ir.Var("s"), ir.Var("c"), ir.Nat(1), ir.Nat(2)
SPACE = ir.Euclidean("ι")
ENTRY = ir.Component(ir.VVar("y"), "i")
THEOREM = statement(
    ir.Variable("s", ir.ScalarKind()), ir.Variable("c", ir.ScalarKind()), ir.Variable("y", ir.VectorKind(SPACE))
)
PLAN = Plan(THEOREM, {})
VALUES = {"s": fmpq(5), "c": fmpq(3), "y": (fmpq(2), fmpq(-7))}
SIZES = {"ι": 2}

SEEN = {
    "itself": (S, (0, 1)),
    "not in it": (ir.Mul(C, C), (9, 0)),
    "sum": (ir.Add(ir.Mul(S, C), ir.Neg(ir.Sub(ONE, S))), (-1, 4)),
    "quotient by what stays": (ir.Div(ir.Add(S, ONE), C), (fmpq(1, 3), fmpq(1, 3))),
    "quotient by 0, which is 0": (ir.Div(S, ir.Sub(C, C)), (0, 0)),
    "over an index": (ir.Sum("i", "ι", ir.Add(ir.Mul(S, ir.Pow(ENTRY, 2)), ENTRY)), (-5, 53)),
}
NOT = {
    "square": ir.Mul(S, S),
    "power": ir.Pow(S, 2),
    "zero at 0 and 1": ir.Mul(S, ir.Sub(S, ONE)),
    "product of two that move": ir.Mul(ir.Add(S, C), ir.Sub(C, S)),
    "reciprocal": ir.Div(C, ir.Add(S, ONE)),
    "quotient of two that move": ir.Div(S, ir.Add(S, ONE)),
    "square in a sum": ir.Sum("i", "ι", ir.Mul(ir.Mul(S, ENTRY), S)),
    "square in a numerator": ir.Div(ir.Mul(S, S), C),
    "opposite of a square": ir.Neg(ir.Mul(S, S)),
}
UNSEEN = {
    "zero at 0, 1 and 2": ir.Mul(ir.Mul(S, ir.Sub(S, ONE)), ir.Sub(S, TWO)),
    "bends below 0": ir.Abs(S),
    "bends below -1": ir.Sqrt(ir.Pow(ir.Add(S, ONE), 2)),
}
"""Affine on all values that are tried."""


def is_affine(term: ir.Scalar) -> bool:
    """Whether the term's program says so."""
    return roots._is_affine(lowering_of(PLAN.definitions).scalar(term, TOP), "s")


@pytest.mark.parametrize(("term", "expected"), SEEN.values(), ids=SEEN)
def test_what_is_seen_to_be_affine(term: ir.Scalar, expected: tuple[fmpq, fmpq]) -> None:
    """The value at 0, and the slope."""
    assert is_affine(term)
    assert affine(PLAN, SIZES, VALUES, term, "s") == expected


@pytest.mark.parametrize("term", NOT.values(), ids=NOT)
def test_what_is_not_affine(term: ir.Scalar) -> None:
    """Though two values are always those of an affine function."""
    assert not is_affine(term)
    assert affine(PLAN, SIZES, VALUES, term, "s") is None


@pytest.mark.parametrize("term", UNSEEN.values(), ids=UNSEEN)
def test_values_alone_show_nothing(term: ir.Scalar) -> None:
    """What is affine at the points tried is not said to be so by its program."""
    assert not is_affine(term)


def test_two_values_are_enough_only_where_the_program_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A term is evaluated a third time where it does not."""
    tried = []
    evaluate = roots.evaluate

    def counted(term: ir.Scalar, *rest: object) -> object:
        tried.append(term)
        return evaluate(term, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(roots, "evaluate", counted)
    straight, bent = ir.Add(S, C), ir.Sqrt(ir.Pow(ir.Add(S, C), 2))
    for term in (straight, bent):
        affine(PLAN, SIZES, VALUES, term, "s")
    assert (tried.count(straight), tried.count(bent)) == (2, 3)
