"""The algebras: each means what Lean means, and any two agree on random terms."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from flint import arb, ctx, fmpq
from hypothesis import assume, given
from hypothesis import strategies as st
from random_terms import DEFINITIONS, REAL, VARIABLES, scalars, values, vectors

from pybridge import ir
from pybridge.algebras.ball import Ball, BallAlgebra
from pybridge.algebras.base import NotInAlgebra, Relation, Truth
from pybridge.algebras.exact import ExactAlgebra, rational
from pybridge.algebras.floats import FloatAlgebra
from pybridge.errors import InputError
from pybridge.semantics.environment import Family
from pybridge.semantics.evaluate import Environment, bind, evaluate

EXACT, BALLS, FLOATS = ExactAlgebra(), BallAlgebra(128), FloatAlgebra()
SMALL = st.integers(-3, 3)
RATIONALS = st.fractions(-4, 4, max_denominator=7)


def encloses(ball: Ball, value: fmpq) -> bool:
    """Whether the ball contains the rational; one that is not finite contains everything."""
    return not ball.value.is_finite() or ball.value.contains(arb(value))


@given(scalars(roots=False), values(RATIONALS))
def test_balls_contain_the_exact_value(term, given_values):
    """On terms without roots the ball encloses the rational, at any precision, and never contradicts Lean's x / 0 = 0."""
    sizes, raw = given_values
    exact = evaluate(term, EXACT, bind(VARIABLES, sizes, raw, EXACT), DEFINITIONS)
    for algebra in (BallAlgebra(32), BallAlgebra(200)):
        ball = evaluate(term, algebra, bind(VARIABLES, sizes, raw, algebra), DEFINITIONS)
        with ctx.workprec(4000):
            assert encloses(ball, exact)


@given(vectors(3, (), REAL, division=True, roots=False), values(RATIONALS))
def test_vectors_of_balls_contain_the_exact_vector(term, given_values):
    """The same for vectors, coordinate by coordinate."""
    sizes, raw = given_values
    exact = evaluate(term, EXACT, bind(VARIABLES, sizes, raw, EXACT), DEFINITIONS)
    balls = evaluate(term, BALLS, bind(VARIABLES, sizes, raw, BALLS), DEFINITIONS)
    assert len(exact) == len(balls) == sizes["ι"]
    with ctx.workprec(4000):
        assert all(encloses(ball, value) for ball, value in zip(balls, exact, strict=True))


@given(vectors(2, (), REAL, division=True, roots=False, pointwise=True), values(RATIONALS))
def test_derivatives_in_balls_contain_the_exact_ones(term, given_values):
    """The same where gradients, derivatives and channels are terms, wherever both algebras have them."""
    sizes, raw = given_values
    try:
        exact = evaluate(term, EXACT, bind(VARIABLES, sizes, raw, EXACT), DEFINITIONS)
        balls = evaluate(term, BALLS, bind(VARIABLES, sizes, raw, BALLS), DEFINITIONS)
    except NotInAlgebra:
        assume(False)
    with ctx.workprec(4000):
        assert all(encloses(ball, value) for ball, value in zip(balls, exact, strict=True))


@given(scalars(), values(RATIONALS))
def test_balls_of_different_precision_overlap(term, given_values):
    """With roots, where rationals cannot follow, a wide and a narrow enclosure of one value overlap."""
    sizes, raw = given_values
    found = []
    for precision in (40, 300):
        algebra = BallAlgebra(precision)
        found.append(evaluate(term, algebra, bind(VARIABLES, sizes, raw, algebra), DEFINITIONS))
    assert found[0].value.overlaps(found[1].value) or not all(ball.value.is_finite() for ball in found)


@given(scalars(division=False, roots=False), values(SMALL))
def test_floats_equal_rationals_where_floats_are_exact(term, given_values):
    """On small integers, without division and roots, float64 makes no rounding errors below 2^53."""
    sizes, raw = given_values
    exact = evaluate(term, EXACT, bind(VARIABLES, sizes, raw, EXACT), DEFINITIONS)
    floats = evaluate(term, FLOATS, bind(VARIABLES, sizes, raw, FLOATS), DEFINITIONS)
    ball = evaluate(term, BALLS, bind(VARIABLES, sizes, raw, BALLS), DEFINITIONS)
    assert floats.shape == ()
    if ball.scale < 2**53:
        assert float(floats) == int(exact)


def test_a_sum_over_an_empty_family_has_the_leading_axes_of_the_others():
    """√⟪x, x⟫ + Σ over nothing of ⟪v k, v k⟫ + Σ over nothing of ⟪v k, x⟫, for two batches at once."""
    member, x = ir.Member("v", "k"), ir.VVar("x")
    nothing = ir.Add(ir.Sum("k", "κ", ir.Inner(member, member)), ir.Sum("k", "κ", ir.Inner(member, x)))
    environment = Environment(
        {"ι": 2, "κ": 0}, vectors={"x": np.array([[3.0, 4.0], [0.0, 2.0]])}, families={"v": Family(2, ())}
    )
    found = evaluate(ir.Add(ir.Norm(x), nothing), FloatAlgebra(leading=1), environment, DEFINITIONS)
    assert np.broadcast_to(found, (2,)).tolist() == [5.0, 2.0]


@given(scalars(), st.lists(values(SMALL), min_size=2, max_size=2))
def test_leading_axes_are_evaluated_as_if_one_by_one(term, two):
    """Two batches stacked along a leading axis give what each gives alone."""
    (sizes, first), (_, second) = two
    sizes = {"ι": len(first["x"]), "κ": 0, "E": 2}
    second = {**second, "p": first["p"], "x": (second["x"] * 3)[: sizes["ι"]], "y": (second["y"] * 3)[: sizes["ι"]]}
    rows = [{**raw, "e": [1, 2], "v": []} for raw in (first, second)]
    alone = [evaluate(term, FLOATS, bind(VARIABLES, sizes, raw, FLOATS), DEFINITIONS) for raw in rows]
    environments = [bind(VARIABLES, sizes, raw, FLOATS) for raw in rows]
    stacked = Environment(
        sizes,
        {name: np.stack([e.scalars[name] for e in environments]) for name in "ab"},
        {name: np.stack([e.vectors[name] for e in environments]) for name in "xye"},
        {"p": first["p"]},
        environments[0].families,
    )
    together = evaluate(term, FloatAlgebra(leading=1), stacked, DEFINITIONS)
    np.testing.assert_allclose(np.broadcast_to(together, (2,)), np.stack(alone), rtol=1e-9, atol=1e-9)


def scalar(term: ir.Scalar, algebra, **given_values):
    """A term of scalar variables only."""
    variables = [ir.Variable(name, ir.ScalarKind()) for name in given_values]
    return evaluate(term, algebra, bind(variables, {}, given_values, algebra), {})


A = ir.Var("a")
CONVENTIONS = {
    "x/0": (ir.Div(ir.Nat(3), A), 0, 0),
    "0⁻¹": (ir.Inv(A), 0, 0),
    "√-4": (ir.Sqrt(A), -4, 0),
    "√0": (ir.Sqrt(A), 0, 0),
    "0^0": (ir.Pow(A, 0), 0, 1),
    "√(9/4)": (ir.Sqrt(A), Fraction(9, 4), Fraction(3, 2)),
}


@pytest.mark.parametrize(("term", "at", "expected"), CONVENTIONS.values(), ids=CONVENTIONS)
def test_conventions_are_leans(term, at, expected):
    """All algebras agree with Lean where mathematics leaves it open."""
    assert scalar(term, EXACT, a=at) == rational(expected)
    assert float(scalar(term, FLOATS, a=at)) == float(expected)
    with BALLS.context():
        assert scalar(term, BALLS, a=at).value.contains(arb(rational(expected)))
        assert scalar(term, BALLS, a=at).value.is_exact() or expected == Fraction(3, 2)


def ball(mid: float, radius: float) -> Ball:
    """A ball by hand."""
    return Ball(arb(mid, radius), abs(arb(mid)))


def test_a_divisor_that_may_be_0_gives_no_finite_ball():
    """Where it is open whether Lean's x / 0 = 0 applies, no finite enclosure is claimed, and nothing is decided."""
    quotient = BALLS.divide(ball(1, 0), ball(0, 1))
    assert not quotient.value.is_finite()
    for relation in Relation:
        assert BALLS.compare(relation, quotient, ball(0, 0)) is Truth.UNKNOWN


def test_a_power_of_a_ball_around_0_is_finite():
    """The square of a ball whose midpoint is exactly 0 encloses the squares of its points."""
    square = BALLS.power(ball(0, 1e-30), 2)
    assert square.value.is_finite()
    assert square.value.contains(arb(0))
    assert square.value.contains(arb(1e-30) ** 2)


def test_the_root_of_a_ball_around_0_reaches_from_0_to_the_largest_root():
    """Of [-1, 4] it contains 0 and 2, and nothing far below 0."""
    root = BALLS.sqrt(ball(1.5, 2.5))
    assert root.value.contains(0)
    assert root.value.contains(2)
    assert root.value > arb("-0.001")
    assert BALLS.sqrt(ball(-2, 1)).value == 0


COMPARISONS = {
    "=": (Relation.EQ, {Truth.FAILS: [(0, 1)], Truth.HOLDS: [(2, 2)]}),
    "≠": (Relation.NE, {Truth.HOLDS: [(0, 1)], Truth.FAILS: [(2, 2)]}),
    "<": (Relation.LT, {Truth.HOLDS: [(0, 1)], Truth.FAILS: [(1, 0), (2, 2)]}),
    "≤": (Relation.LE, {Truth.HOLDS: [(0, 1), (2, 2)], Truth.FAILS: [(1, 0)]}),
}


@pytest.mark.parametrize(("relation", "cases"), COMPARISONS.values(), ids=COMPARISONS)
def test_comparisons_are_certain_or_unknown(relation, cases):
    """Exact numbers are always decided; overlapping balls never, not even a ball with itself; floats never."""
    for expected, pairs in cases.items():
        for left, right in pairs:
            assert EXACT.compare(relation, fmpq(left), fmpq(right)) is expected
            assert BALLS.compare(relation, ball(left, 0), ball(right, 0)) is expected
            assert FLOATS.compare(relation, FLOATS.scalar(left), FLOATS.scalar(right)) is Truth.UNKNOWN
    wide = ball(1, 1)
    assert BALLS.compare(relation, wide, wide) is Truth.UNKNOWN


def test_the_scale_of_a_cancelling_sum_is_the_sum_of_absolute_values():
    """(3 - 2) - 1 is 0 with the scale 6, a root halves the exponent, a quotient divides by the true divisor."""
    zero = scalar(ir.Sub(ir.Sub(ir.Nat(3), ir.Nat(2)), ir.Nat(1)), BALLS)
    assert zero.value == 0
    assert zero.scale == 6
    assert scalar(ir.Sqrt(ir.Sub(ir.Nat(8), ir.Nat(8))), BALLS).scale.contains(4)
    assert scalar(ir.Div(ir.Nat(6), ir.Sub(ir.Nat(3), ir.Nat(1))), BALLS).scale == 3


def test_an_irrational_root_is_not_in_the_exact_algebra():
    """It is refused, and never approximated."""
    with pytest.raises(NotInAlgebra) as refusal:
        scalar(ir.Sqrt(A), EXACT, a=2)
    assert str(refusal.value) == "√(2) is not in the exact algebra; use the ball algebra, which encloses it"


@pytest.mark.parametrize("precision", [64, 256])
def test_the_precision_is_restored(precision):
    """The global precision is the same before and after an evaluation, also one that fails."""
    before = ctx.prec
    scalar(ir.Div(ir.Nat(1), ir.Nat(3)), BallAlgebra(precision))
    with pytest.raises(KeyError):
        evaluate(ir.Var("nowhere"), BallAlgebra(precision), Environment({}), {})
    assert ctx.prec == before


def test_more_precision_is_a_narrower_ball():
    """A third at 256 bits lies within a third at 64."""
    wide, narrow = (scalar(ir.Div(ir.Nat(1), ir.Nat(3)), BallAlgebra(bits)) for bits in (64, 256))
    assert wide.value.contains(narrow.value)
    assert narrow.value.rad() < wide.value.rad()


def test_a_float_is_the_dyadic_number_it_is():
    """0.1 is not one tenth."""
    assert rational(0.1) == fmpq(3602879701896397, 36028797018963968)
    assert rational(5e-324) == fmpq(1, 2**1074)
    assert FLOATS.scalar(fmpq(10) ** 400) == np.inf


INEXACT = {
    "nan": (float("nan"), "the value nan is not a real number; give finite numbers"),
    "inf": (float("-inf"), "the value -inf is not a real number; give finite numbers"),
    "text": ("1", "'1' (str) is not exact; give int, Fraction, fmpq or float"),
}


@pytest.mark.parametrize(("value", "message"), INEXACT.values(), ids=INEXACT)
def test_what_is_no_real_number_is_refused(value, message):
    """NaN, infinities and foreign types."""
    with pytest.raises(InputError) as refusal:
        rational(value)
    assert str(refusal.value) == message


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_floats_keep_their_dtype(dtype):
    """No operation widens float32, and division by 0 and roots of negatives warn of nothing."""
    algebra = FloatAlgebra(dtype)
    term = ir.Add(ir.Sqrt(ir.Div(A, ir.Nat(0))), ir.Pow(ir.Mul(A, ir.Nat(2)), 2))
    assert scalar(term, algebra, a=-3).dtype == dtype


@pytest.mark.parametrize("grow", [lambda value: EXACT.power(value, 64), lambda value: EXACT.multiply(value, value)])
def test_rationals_that_grow_without_end_are_refused(grow):
    """Nested powers and repeated squares end in NotInAlgebra, and soon."""

    def nested(value: fmpq) -> fmpq:
        for _ in range(160):
            value = grow(value)
        return value

    with pytest.raises(NotInAlgebra, match="a rational of"):
        nested(fmpq(3, 7))
