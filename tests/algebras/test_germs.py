"""Germs: series in t > 0 that are what the function is near 0; and rays, which refute a derivative where there is none."""

from __future__ import annotations

import pytest
from flint import fmpq
from hypothesis import assume, given
from hypothesis import strategies as st
from random_terms import DEFINITIONS, VARIABLES, scalars, values
from statements import statement

from pybridge import ir
from pybridge.algebras.ball import BallAlgebra
from pybridge.algebras.base import NotInAlgebra, Relation, Truth
from pybridge.algebras.exact import ExactAlgebra
from pybridge.algebras.germs import KEPT, GermAlgebra
from pybridge.batches.generate import Batch
from pybridge.batches.plan import Plan
from pybridge.checking.judge import Standing
from pybridge.checking.settle import settle
from pybridge.semantics.environment import bind
from pybridge.semantics.evaluate import evaluate
from pybridge.semantics.rays import lift, refuting_ray

EXACT = ExactAlgebra()
GERMS = GermAlgebra(EXACT)
T = GERMS.line(fmpq(0), fmpq(1))
TINY, LARGE = fmpq(1, 2**2000), 2**1000
RATIONALS = st.fractions(-4, 4, max_denominator=7)
X, A, ZERO, ONE = ir.Var("x"), ir.Var("a"), ir.Nat(0), ir.Nat(1)
REAL = ir.Variable("a", ir.ScalarKind())


def constant(value: int):
    """A germ that does not depend on t."""
    return GERMS.scalar(value)


@given(scalars(roots=False), values(RATIONALS), st.integers(-3, 3))
def test_a_germ_is_what_the_term_is_near_zero(term, given_values, slope: int) -> None:
    """The terms kept and the value at a tiny t differ by something of the order that was left out."""
    sizes, raw = given_values
    plain = bind(VARIABLES, sizes, raw, EXACT)
    lifted = lift(plain, GERMS)
    lifted.scalars["a"] = GERMS.line(plain.scalars["a"], fmpq(slope))
    try:
        germ = evaluate(term, GERMS, lifted, DEFINITIONS)
        there = bind(VARIABLES, sizes, {**raw, "a": plain.scalars["a"] + slope * TINY}, EXACT)
        value = evaluate(term, EXACT, there, DEFINITIONS)
    except NotInAlgebra:
        assume(False)
    shown = sum((c * TINY ** (germ.start + k) for k, c in enumerate(germ.terms)), fmpq(0))
    order = germ.start + len(germ.terms)
    assert value == shown if germ.exact else abs(value - shown) < LARGE * TINY**order


def test_quotients_and_roots_are_series() -> None:
    """1 / t, 1 / (1 + t), √(t²) = t and √(1 + t), whose square is 1 + t as far as it is known."""
    one = constant(1)
    assert (GERMS.divide(one, T).start, GERMS.divide(one, T).exact) == (-1, True)
    geometric = GERMS.divide(one, GERMS.add(one, T))
    assert geometric.terms == tuple(fmpq((-1) ** k) for k in range(KEPT))
    assert not geometric.exact
    assert GERMS.sqrt(GERMS.power(T, 2)).terms == T.terms
    root = GERMS.sqrt(GERMS.add(one, T))
    assert GERMS.power(root, 2).terms == (1, 1, *[0] * (KEPT - 2))


def test_lean_s_conventions() -> None:
    """Quotients by 0 are 0, the root of what is negative near 0 is 0, and |t| = |-t| = t."""
    assert GERMS.divide(constant(1), GERMS.subtract(T, T)).terms == ()
    assert GERMS.sqrt(GERMS.negate(T)).terms == ()
    assert GERMS.absolute(GERMS.negate(T)).terms == T.terms


def test_what_is_not_known_is_not_made_up() -> None:
    """√t is no series in t, and what cancels as far as it is known has no sign."""
    with pytest.raises(NotInAlgebra, match="odd power"):
        GERMS.sqrt(T)
    series = GERMS.divide(constant(1), GERMS.add(constant(1), T))
    with pytest.raises(NotInAlgebra, match="sign"):
        GERMS.sign(GERMS.subtract(series, series))
    assert GERMS.compare(Relation.EQ, series, series) is Truth.UNKNOWN
    assert GERMS.compare(Relation.LT, T, constant(1)) is Truth.HOLDS


def standing(body: ir.Scalar, derivative: ir.Scalar) -> tuple[Standing, str]:
    """How the statement stands that x ↦ body has this derivative at 0, and the place where it fails."""
    theorem = statement(REAL, conclusion=ir.HasDerivAt("x", body, derivative, ZERO))
    batch = Batch(name="b", family="f", seed=0, sizes={"ι": 1}, values={"a": fmpq(3)}, origin="")
    judgement, _ = settle(Plan(theorem, {}), batch)
    return judgement.standing, judgement.side.place if judgement.side else ""


SIZE = ir.Sqrt(ir.Pow(X, 2))
NO_DERIVATIVE = {
    "a jump": (ir.Div(SIZE, X), "the jump along x by 1"),
    "a pole": (ir.Div(A, X), "the coefficient of t^-1 along x by 1"),
    "a kink": (ir.Mul(A, SIZE), "the slope along x by 1"),
    "a root": (ir.Sqrt(X), "the coefficient of t^1/2 along x by 1"),
}


@pytest.mark.parametrize(("body", "place"), NO_DERIVATIVE.values(), ids=NO_DERIVATIVE)
def test_a_derivative_is_refuted_where_there_is_none(body: ir.Scalar, place: str) -> None:
    """By what the function does on a ray from the point, whatever derivative is claimed."""
    for claimed in (ZERO, ONE):
        assert standing(body, claimed) == (Standing.FAILS, place)


def test_the_other_ray_is_tried() -> None:
    """What is claimed is right on one ray and fails on the other: a kink, and √(-x), which is 0 for x > 0."""
    assert standing(ir.Mul(A, SIZE), A) == (Standing.FAILS, "the slope along x by 1 backwards")
    assert standing(ir.Sqrt(ir.Neg(X)), ZERO) == (Standing.FAILS, "the coefficient of t^1/2 along x by 1 backwards")


def test_a_derivative_that_the_dual_algebra_misses_is_not_refuted() -> None:
    """The function x |x| has the derivative 0 at 0, which stays open; another one is refuted."""
    assert standing(ir.Mul(X, SIZE), ZERO)[0] is Standing.OPEN
    assert standing(ir.Mul(X, SIZE), ONE)[0] is Standing.FAILS


def test_a_ray_does_not_refute_what_balls_cannot_tell() -> None:
    """√(x² + a) at a = 1 / 3 - 1 / 3 in balls: the coefficient may be 0, and nothing is claimed."""
    balls = BallAlgebra(64)
    third = ir.Div(ONE, ir.Nat(3))
    body = ir.Sqrt(ir.Add(ir.Pow(X, 2), ir.Sub(ir.Mul(ir.Nat(3), third), ONE)))
    stated = ir.HasDerivAt("x", body, ONE, ZERO)
    assert refuting_ray(stated, balls, bind((), {}, {}, balls), {}) is None
    assert refuting_ray(stated, EXACT, bind((), {}, {}, EXACT), {}) is not None
