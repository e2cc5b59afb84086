"""Derivatives: the dual algebra agrees with secants, and gives no number where there is no derivative."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import arb, ctx, fmpq
from hypothesis import assume, given
from hypothesis import strategies as st
from random_terms import DEFINITIONS, REAL, VARIABLES, scalars, values, vectors

from pybridge import ir
from pybridge.algebras.ball import BallAlgebra
from pybridge.algebras.base import NotInAlgebra
from pybridge.algebras.dual import Dual, DualAlgebra, NotDifferentiable
from pybridge.algebras.exact import ExactAlgebra
from pybridge.semantics.environment import Environment, Family, bind
from pybridge.semantics.evaluate import evaluate

BALLS = BallAlgebra(2000)
STEP = fmpq(1, 2**600)
RATIONALS = st.fractions(-4, 4, max_denominator=7)


def duals(sizes, raw, moved):
    """The environment of `VARIABLES` over duals of balls: a, x and e move along `moved`, and nothing else."""
    plain = bind(VARIABLES, sizes, raw, BALLS)
    along = bind(VARIABLES, sizes, {**raw, **moved}, BALLS)
    return Environment(
        sizes,
        {name: Dual(value, along.scalars[name] if name in moved else None) for name, value in plain.scalars.items()},
        {name: Dual(value, along.vectors[name] if name in moved else None) for name, value in plain.vectors.items()},
        plain.positions,
        {name: Family(family.dimension, [Dual(v) for v in family.members]) for name, family in plain.families.items()},
    )


def shifted(raw, moved):
    """The values after one small step along `moved`."""
    there = dict(raw)
    for name, along in moved.items():
        if isinstance(along, list):
            there[name] = [
                fmpq(Fraction(v).numerator, Fraction(v).denominator) + STEP * fmpq(d)
                for v, d in zip(raw[name], along, strict=True)
            ]
        else:
            there[name] = fmpq(Fraction(raw[name]).numerator, Fraction(raw[name]).denominator) + STEP * along
    return there


def drawn_tangents(sizes, data):
    """How a, x and e move."""
    whole = st.integers(-3, 3)
    return {
        "a": data.draw(whole),
        "x": data.draw(st.lists(whole, min_size=sizes["ι"], max_size=sizes["ι"])),
        "e": data.draw(st.lists(whole, min_size=sizes["E"], max_size=sizes["E"])),
    }


def agrees_with_secant(term, given_values, moved) -> bool:
    """The tangent of every coordinate is the slope over a tiny step, to 2^-200; False where there was none to compare."""
    sizes, raw = given_values
    algebra = DualAlgebra(BALLS)
    try:
        dual = evaluate(term, algebra, duals(sizes, raw, moved), DEFINITIONS)
    except NotDifferentiable:
        return False
    here, there = (evaluate(term, BALLS, bind(VARIABLES, sizes, v, BALLS), DEFINITIONS) for v in (raw, shifted(raw, moved)))
    if isinstance(term, ir.SCALARS):
        dual, here, there = Dual((dual.value,), None if dual.tangent is None else (dual.tangent,)), (here,), (there,)
    with ctx.workprec(2000):
        for k, (before, after) in enumerate(zip(here, there, strict=True)):
            slope = (after.value - before.value) / arb(STEP)
            tangent = arb(0) if dual.tangent is None else dual.tangent[k].value
            if not (slope.is_finite() and tangent.is_finite()):
                return False
            assert abs(slope - tangent) < arb(2) ** -200 * (1 + abs(tangent))
            assert before.value.overlaps(dual.value[k].value)
    return True


@given(scalars(), values(RATIONALS), st.data())
def test_tangents_are_slopes(term, given_values, data):
    """On random terms with quotients, roots, norms, binders and calls."""
    assume(agrees_with_secant(term, given_values, drawn_tangents(given_values[0], data)))


@given(vectors(3, (), REAL, division=True, roots=True), values(RATIONALS), st.data())
def test_tangents_of_vectors_are_slopes(term, given_values, data):
    """The same for vectors, coordinate by coordinate."""
    assume(agrees_with_secant(term, given_values, drawn_tangents(given_values[0], data)))


@given(vectors(2, (), REAL, division=True, roots=True, pointwise=True), values(RATIONALS), st.data())
def test_tangents_of_derivatives_are_slopes(term, given_values, data):
    """The same where gradients and derivatives are terms: duals over duals."""
    try:
        assume(agrees_with_secant(term, given_values, drawn_tangents(given_values[0], data)))
    except NotDifferentiable:
        assume(False)


A, B, XS, YS = ir.Var("a"), ir.Var("b"), ir.VVar("x"), ir.VVar("y")
OPERATIONS = [
    *(make(*pair) for make in (ir.Add, ir.Sub, ir.Mul, ir.Div) for pair in ((A, A), (A, B), (B, A))),
    *(make(*pair) for make in (ir.Inner, ir.VAdd, ir.VSub) for pair in ((XS, XS), (XS, YS), (YS, XS))),
    *(ir.Smul(*pair) for pair in ((A, XS), (A, YS), (B, XS))),
    *(make(A) for make in (ir.Neg, ir.Inv, ir.Abs, ir.Sqrt)),
    *(ir.Pow(A, exponent) for exponent in range(4)),
    ir.VNeg(XS),
    ir.Norm(XS),
    ir.Component(XS, "p"),
    ir.Sum("i", "ι", ir.Mul(ir.Component(XS, "i"), ir.Component(YS, "i"))),
    ir.Build("i", "ι", ir.Mul(A, ir.Component(YS, "i"))),
    ir.VSum("i", "ι", ir.Smul(ir.Component(XS, "i"), YS)),
    ir.VSum("k", "κ", ir.Smul(A, ir.Member("v", "k"))),
    ir.VAdd(XS, ir.VSum("i", "ι", ir.Build("j", "ι", ir.Mul(ir.Component(YS, "j"), ir.Component(XS, "i"))))),
]


@pytest.mark.parametrize("term", OPERATIONS, ids=str)
def test_every_operation_has_its_rule(term: ir.Term) -> None:
    """Each with the variable in either argument, and in both: an argument that stands still adds nothing."""
    raw = {"a": Fraction(3, 2), "b": 5, "x": [2, -1, 4], "y": [1, 3, -2], "e": [1, 1], "v": [[1, 2], [3, 5]], "p": 1}
    moved = {"a": 7, "x": [3, -2, 5], "e": [1, 0]}
    assert agrees_with_secant(term, ({"ι": 3, "κ": 2, "E": 2}, raw), moved)


def derivative(term: ir.Scalar, at, base=None, **constants):
    """The derivative in x of a term of scalar variables."""
    base = BallAlgebra(128) if base is None else base
    names = {"x": at, **constants}
    environment = bind([ir.Variable(name, ir.ScalarKind()) for name in names], {}, names, base)
    lifted = {name: Dual(value, base.scalar(1) if name == "x" else None) for name, value in environment.scalars.items()}
    return evaluate(term, DualAlgebra(base), Environment({}, lifted), {}).tangent


X, C = ir.Var("x"), ir.Var("c")
THIRD = ir.Div(X, ir.Nat(3))
ALMOST = ir.Sub(ir.Add(THIRD, ir.Add(THIRD, THIRD)), ir.Nat(1))


@pytest.mark.parametrize(
    "term",
    [
        ir.Sqrt(X),
        ir.Abs(X),
        ir.Inv(X),
        ir.Div(ir.Nat(1), ir.Pow(X, 2)),
        ir.Sqrt(ir.Pow(X, 2)),
        ir.Norm(ir.Smul(X, ir.VVar("v"))),
    ],
    ids=str,
)
def test_no_derivative_at_a_kink(term: ir.Scalar) -> None:
    """Lean's root, absolute value, inverse and norm have no derivative at 0, though each has a value there."""
    base = ExactAlgebra()
    lifted = Environment({}, {"x": Dual(fmpq(0), fmpq(1))}, {"v": Dual((fmpq(3), fmpq(4)))})
    with pytest.raises(NotDifferentiable, match="the derivative of"):
        evaluate(term, DualAlgebra(base), lifted, {})


@pytest.mark.parametrize("term", [ir.Sqrt(ALMOST), ir.Abs(ALMOST), ir.Inv(ALMOST)], ids=str)
def test_no_derivative_where_the_enclosure_touches_the_kink(term: ir.Scalar) -> None:
    """At x = 1, x/3 + (x/3 + x/3) - 1 is 0, and its ball contains 0 whatever the precision."""
    with pytest.raises(NotDifferentiable):
        derivative(term, 1)


def test_away_from_the_kinks() -> None:
    """Lean's root is constantly 0 on the negatives, so its derivative there is 0; and |x|' is the sign."""
    base = ExactAlgebra()
    assert derivative(ir.Sqrt(X), -4, base) is None
    assert derivative(ir.Sqrt(X), 4, base) == fmpq(1, 4)
    assert derivative(ir.Abs(X), -2, base) == -1
    assert derivative(ir.Abs(X), 2, base) == 1
    assert derivative(ir.Inv(X), 2, base) == fmpq(-1, 4)
    assert derivative(ir.Pow(X, 3), 2, base) == 12
    assert derivative(ir.Pow(X, 0), 0, base) is None


def test_what_is_constant_has_no_tangent_even_at_a_kink() -> None:
    """A root, quotient or absolute value that does not depend on the variable is a constant, at 0 too."""
    base = ExactAlgebra()
    for constant in (ir.Sqrt(C), ir.Abs(C), ir.Inv(C)):
        assert derivative(constant, 1, base, c=0) is None
        assert derivative(ir.Mul(constant, X), 1, base, c=0) == 0
    assert derivative(ir.Div(X, C), 1, base, c=0) == 0


def test_a_division_by_what_may_be_zero_gives_no_finite_tangent() -> None:
    """A constant denominator that may be 0: the tangent is an enclosure that decides nothing."""
    almost = ir.Sub(ir.Add(ir.Div(C, ir.Nat(3)), ir.Add(ir.Div(C, ir.Nat(3)), ir.Div(C, ir.Nat(3)))), ir.Nat(1))
    assert not derivative(ir.Div(X, almost), 1, c=1).value.is_finite()


def test_exponential_and_logarithm() -> None:
    """(log exp x)' is 1; an algebra without an exponential says so."""
    algebra = DualAlgebra(BallAlgebra(128))
    with algebra.context():
        arg = Dual(algebra.base.scalar(3), algebra.base.scalar(1))
        power = algebra.exp(arg)
        assert power.tangent.value.overlaps(arb(3).exp())
        assert algebra.log(power).tangent.value.contains(1)
        with pytest.raises(NotInAlgebra, match="logarithm"):
            algebra.log(Dual(algebra.base.scalar(0), algebra.base.scalar(1)))
    with pytest.raises(NotInAlgebra, match="an exponential is not in the exact algebra"):
        DualAlgebra(ExactAlgebra()).exp(Dual(fmpq(1)))
