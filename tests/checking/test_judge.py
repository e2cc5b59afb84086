"""How a proposition stands on a batch: by its enclosures, at a precision that rises until they tell, and by no tolerance."""

from __future__ import annotations

import math

import pytest
from flint import arb, fmpq
from statements import SQUARE, X, Y, about, batch

from pybridge import ir
from pybridge.algebras.ball import Ball, BallAlgebra
from pybridge.batches.generate import Batch
from pybridge.batches.plan import Plan
from pybridge.checking.judge import WIDTH_BITS, Standing, agreement, judge
from pybridge.checking.settle import settle
from pybridge.checking.witness import decimals
from pybridge.export.loading import Export
from pybridge.semantics.environment import bind

TWO = ir.Nat(2)


def standing(conclusion: ir.Proposition, given: Batch, precision: int = 128) -> Standing:
    """How the conclusion stands on the batch at one precision."""
    theorem, algebra = about(conclusion), BallAlgebra(precision)
    return judge(conclusion, algebra, bind(theorem.variables, given.sizes, given.values, algebra), {}).standing


THIRD = ir.Div(X, ir.Nat(3))


@pytest.mark.parametrize(
    ("proposition", "given", "expected"),
    [
        (ir.Eq(X, Y), batch(2, 2), Standing.CERTAIN),
        (ir.Eq(SQUARE, X), batch(2), Standing.NARROW),
        (ir.Eq(SQUARE, Y), batch(2, fmpq(2) + fmpq(1, 2**90)), Standing.FAILS),
        (ir.Eq(SQUARE, Y), batch(2, fmpq(2) + fmpq(1, 2**400)), Standing.NARROW),
        (ir.Eq(ir.Div(X, ir.Sub(THIRD, THIRD)), Y), batch(1, 0), Standing.OPEN),
        (ir.Le(SQUARE, X), batch(2), Standing.NARROW),
        (ir.Le(X, Y), batch(2, 3), Standing.CERTAIN),
        (ir.Le(X, Y), batch(3, 2), Standing.FAILS),
        (ir.Lt(SQUARE, X), batch(2), Standing.OPEN),
        (ir.Lt(X, Y), batch(2, 2), Standing.FAILS),
        (ir.Ne(X, Y), batch(2, 2), Standing.FAILS),
        (ir.Ne(SQUARE, X), batch(2), Standing.OPEN),
        (ir.Ne(X, Y), batch(2, 3), Standing.CERTAIN),
        (ir.VectorEq(ir.VVar("v"), ir.Zero(ir.Euclidean("ι"))), batch(v=(0, 0)), Standing.CERTAIN),
        (ir.VectorEq(ir.VVar("v"), ir.Zero(ir.Euclidean("ι"))), batch(v=(0, 1)), Standing.FAILS),
        (ir.VectorNe(ir.VVar("v"), ir.Zero(ir.Euclidean("ι"))), batch(v=(0, 1)), Standing.CERTAIN),
        (ir.VectorNe(ir.VVar("v"), ir.Zero(ir.Euclidean("ι"))), batch(v=(0, 0)), Standing.FAILS),
        (ir.And(ir.Le(X, Y), ir.Eq(X, Y)), batch(2, 3), Standing.FAILS),
        (ir.And(ir.Le(X, Y), ir.Eq(SQUARE, X)), batch(2, 3), Standing.NARROW),
        (ir.Iff(ir.Eq(X, Y), ir.Eq(Y, X)), batch(2, 3), Standing.CERTAIN),
        (ir.Iff(ir.Eq(X, Y), ir.Le(X, Y)), batch(2, 3), Standing.FAILS),
        (ir.Iff(ir.Eq(X, Y), ir.Eq(SQUARE, X)), batch(2, 3), Standing.OPEN),
        (ir.Iff(ir.Eq(SQUARE, X), ir.Le(X, Y)), batch(2, 3), Standing.NARROW),
        (ir.Iff(ir.Lt(SQUARE, X), ir.Lt(Y, X)), batch(2, 2), Standing.NARROW),
        (ir.Iff(ir.Lt(SQUARE, X), ir.Ne(SQUARE, X)), batch(2, 2), Standing.NARROW),
        (ir.Iff(ir.Lt(SQUARE, X), ir.Lt(X, Y)), batch(2, 3), Standing.OPEN),
        (ir.Iff(ir.Lt(SQUARE, X), ir.Eq(SQUARE, X)), batch(2, 2), Standing.OPEN),
    ],
    ids=str,
)
def test_standing(proposition: ir.Proposition, given: Batch, expected: Standing) -> None:
    """Every relation stands as its enclosures say: an equivalence fails only on certainty."""
    assert standing(proposition, given) is expected


def test_agreement_is_measured_against_the_scale() -> None:
    """A difference that is exactly 0 agrees to any number of bits; one beside a scale of 0, or not finite, to none."""
    one = arb(1)
    assert agreement(Ball(one, one), Ball(one, one)) == math.inf
    assert agreement(Ball(arb(0, 1), arb(0)), Ball(arb(0), arb(0))) == -math.inf
    assert agreement(Ball(arb("nan"), one), Ball(one, one)) == -math.inf
    wide = Ball(arb(0, arb(2) ** -10), one)
    assert 9 <= agreement(wide, Ball(arb(0), one)) <= 10
    assert agreement(Ball(wide.value, arb(2) ** 100), Ball(arb(0), one)) >= WIDTH_BITS


def test_exact_arithmetic_settles_a_division_by_exactly_zero(export: Export) -> None:
    """X / (x/3 - x/3) is 0 in Lean; balls only ever touch that 0, rationals see it."""
    theorem = about(ir.Eq(ir.Div(X, ir.Sub(THIRD, THIRD)), ir.Nat(0)))
    judgement, precision = settle(Plan(theorem, export.definitions), batch(1))
    assert (judgement.standing, precision) == (Standing.CERTAIN, 128)
    false = about(ir.Eq(ir.Div(X, ir.Sub(THIRD, THIRD)), ir.Nat(1)))
    judgement, _ = settle(Plan(false, export.definitions), batch(1))
    assert judgement.standing is Standing.FAILS
    assert judgement.side is not None
    assert decimals(judgement.side.left, judgement.side.right)[0] == "0"


def test_precision_rises_until_the_sides_part(export: Export) -> None:
    """A difference of 2^-400 beside 2 is nothing at 128 bits; at 512 it is a difference."""
    tiny = fmpq(1, 2**400)
    theorem = about(ir.Ne(ir.Sub(SQUARE, TWO), Y))
    judgement, precision = settle(Plan(theorem, export.definitions), batch(2, tiny))
    assert judgement.standing is Standing.CERTAIN
    assert precision == 512
