"""Directions: a derivative is tried along a basis and one more, and what that decides of its truth."""

from __future__ import annotations

import derivative_statements as made

from pybridge import ir
from pybridge.algebras.ball import BallAlgebra
from pybridge.algebras.exact import ExactAlgebra
from pybridge.checking.judge import Standing, judge
from pybridge.semantics.derivatives import complete
from pybridge.semantics.directions import DRAWN, FEW, directions
from pybridge.semantics.environment import bind
from pybridge.semantics.evaluate import Truth, sides, truth

EXACT = ExactAlgebra()
Y, V = made.Y, made.V["v"]


def test_the_basis_and_one_more_in_few_dimensions() -> None:
    """A basis of all variables together, then one direction in which all move; in many, some drawn ones."""
    two = (ir.Variable("v", made.VECTOR), ir.Variable("s", ir.ScalarKind()))
    tried = list(directions(two, {"ι": 2}))
    assert [dict(one.along) for one in tried[:3]] == [{"v": (1, 0)}, {"v": (0, 1)}, {"s": (1,)}]
    assert tried[3].along.keys() == {"v", "s"}
    assert all(entry for along in tried[3].along.values() for entry in along)
    many = list(directions(two[:1], {"ι": FEW + 1}))
    assert len(many) == DRAWN == len({one.along["v"] for one in many})
    assert next(iter(directions(two[:1], {"ι": 0}))).along == {"v": ()}
    norm = ir.HasGradientAt(made.Z, ir.Norm(made.V["z"]), Y, Y)
    assert complete(norm, {"ι": FEW})
    assert not complete(norm, {"ι": FEW + 1})


def about(y: tuple[int, ...]):
    """A batch y in rationals and in balls."""
    variables = made.variables(y=made.VECTOR)
    return [(a, bind(variables, {"ι": len(y)}, {"y": y}, a)) for a in (EXACT, BallAlgebra(128))]


HALF_SQUARE = ir.Div(ir.Inner(made.V["z"], made.V["z"]), ir.Nat(2))


def test_truth_of_a_derivative() -> None:
    """Certain where a basis was tried exactly, refuted by one direction, and unknown where some were drawn or it has a kink."""
    right, wrong = ir.HasGradientAt(made.Z, HALF_SQUARE, Y, Y), ir.HasGradientAt(made.Z, HALF_SQUARE, ir.VNeg(Y), Y)
    (exact, few), (balls, enclosed) = about((3, 4))
    assert truth(right, exact, few, {}) is Truth.HOLDS
    assert truth(wrong, exact, few, {}) is Truth.FAILS
    assert judge(right, balls, enclosed, {}).standing in (Standing.CERTAIN, Standing.NARROW)
    assert judge(wrong, balls, enclosed, {}).standing is Standing.FAILS
    (exact, many), _ = about(tuple(range(FEW + 1)))
    assert truth(right, exact, many, {}) is Truth.UNKNOWN
    assert truth(wrong, exact, many, {}) is Truth.FAILS
    (exact, zero), (balls, enclosed) = about((0, 0))
    kink = ir.HasGradientAt(made.Z, ir.Norm(made.V["z"]), Y, Y)
    assert truth(kink, exact, zero, {}) is Truth.UNKNOWN
    judgement = judge(kink, balls, enclosed, {})
    assert judgement.standing is Standing.OPEN
    assert "a norm where the vector may be 0" in judgement.why


def test_a_map_that_is_not_linear_is_no_derivative() -> None:
    """The map v ↦ Σ |vᵢ| yᵢ is right along every basis vector and wrong along another direction."""
    claimed = ir.Sum("i", "ι", ir.Mul(ir.Abs(ir.Component(V, "i")), ir.Component(Y, "i")))
    false = ir.HasFDerivAt((made.Z,), HALF_SQUARE, ("v",), claimed, (Y,))
    (exact, environment), _ = about((3, 4, 5))
    compared = sides(false, exact, environment, {})
    assert [side.left == side.right for side in compared] == [True, True, True, False]
    assert truth(false, exact, environment, {}) is Truth.FAILS


def test_a_constant_has_derivative_zero() -> None:
    """Scalar and vector functions that do not mention the variable."""
    (exact, environment), _ = about((3, 4))
    assert truth(ir.HasDerivAt("s", ir.Norm(Y), ir.Nat(0), ir.Nat(1)), exact, environment, {}) is Truth.HOLDS
    assert truth(ir.HasDerivAt("s", ir.Norm(Y), ir.Nat(1), ir.Nat(1)), exact, environment, {}) is Truth.FAILS
    still = ir.HasFDerivAt((made.Z,), Y, ("v",), ir.Zero(made.SPACE), (Y,))
    assert truth(still, exact, environment, {}) is Truth.HOLDS
