"""Statements about all numbers, implications, what holds near a point, and membership: certain, refuted, or open."""

from __future__ import annotations

import later_statements as made
import pytest
from derivative_statements import ONE, ZERO
from flint import fmpq
from statements import statement

from pybridge import ir
from pybridge.algebras.ball import BallAlgebra
from pybridge.algebras.exact import ExactAlgebra
from pybridge.checking.judge import Standing, judge
from pybridge.semantics.environment import Environment, bind
from pybridge.semantics.evaluate import Truth, sides, truth
from pybridge.semantics.losses import Linear, Quadratic
from pybridge.semantics.quantified import NUMBERS, cone
from pybridge.semantics.regions import Region

EXACT, BALLS = ExactAlgebra(), BallAlgebra(128)

S = made.RAY_IN_S
W_ALONE = Region(2, (fmpq(1), fmpq(2)), ())


def in_set(region: Region, w: tuple[int, int]) -> Environment[fmpq, tuple[fmpq, ...]]:
    """An environment with a set and a vector, exactly."""
    variables = made.variables(S=ir.SetKind(made.E), w=made.ABSTRACT)
    return bind(variables, {"E": 2}, {"S": region, "w": w}, EXACT)


@pytest.mark.parametrize(
    ("region", "w", "expected"),
    [
        (W_ALONE, (2, 4), Truth.HOLDS),
        (Region(2, (fmpq(1), fmpq(2)), ((fmpq(0), fmpq(7)),)), (1, 2), Truth.HOLDS),
        (W_ALONE, (-1, -2), Truth.FAILS),
        (W_ALONE, (1, 3), Truth.FAILS),
        (W_ALONE, (0, 0), Truth.FAILS),
        (Region(2, None, ((fmpq(0), fmpq(0)),)), (0, 0), Truth.HOLDS),
        (Region(2, None, ((fmpq(1), fmpq(2)), (fmpq(2), fmpq(4)))), (1, 2), Truth.FAILS),
        (Region(2, None, ()), (1, 2), Truth.FAILS),
    ],
)
def test_all_positive_multiples_are_in_a_set(region: Region, w: tuple[int, int], expected: Truth) -> None:
    """Certified by the ray, refuted by some multiple; finitely many points never contain a ray."""
    assert truth(S, EXACT, in_set(region, w), {}) is expected


def test_only_that_form_is_certified() -> None:
    """K < 0, 0 ≤ k, and a vector that k occurs in are no such statement."""
    assert cone(S) == ("S", made.W)
    assert isinstance(S, ir.ForAll)
    assert isinstance(S.body, ir.Imp)
    for condition in (ir.Lt(made.K, ZERO), ir.Le(ZERO, made.K), ir.Lt(ZERO, ir.Var("c"))):
        assert cone(ir.ForAll(S.variable, ir.Imp(condition, S.body.right))) is None
    inside = ir.Mem(ir.Smul(made.K, ir.Smul(made.K, made.W)), "S")
    assert cone(ir.ForAll(S.variable, ir.Imp(S.body.left, inside))) is None
    negative = ir.ForAll(S.variable, ir.Imp(ir.Lt(made.K, ZERO), S.body.right))
    assert truth(negative, EXACT, in_set(W_ALONE, (1, 2)), {}) is Truth.FAILS
    assert truth(negative, EXACT, in_set(W_ALONE, (-1, -2)), {}) is Truth.UNKNOWN


def test_numbers_of_both_signs_are_tried() -> None:
    """A statement about all numbers that fails for one sign only is refuted, and the number is named."""
    assert min(NUMBERS) < 0 < max(NUMBERS)
    for stated, place in ((ir.Le(ZERO, made.K), "k = -1"), (ir.Le(made.K, ZERO), "k = 1"), (ir.Ne(made.K, ZERO), "k = 0")):
        every = ir.ForAll(ir.Variable("k", ir.ScalarKind()), stated)
        assert truth(every, EXACT, Environment({}), {}) is Truth.FAILS
        judgement = judge(every, BALLS, Environment({}), {})
        assert judgement.standing is Standing.FAILS
        assert judgement.side is not None
        assert judgement.side.place == place
    same = ir.ForAll(ir.Variable("k", ir.ScalarKind()), ir.Eq(made.K, made.K))
    assert truth(same, EXACT, Environment({}), {}) is Truth.UNKNOWN
    assert judge(same, BALLS, Environment({}), {}).standing is Standing.NARROW  # 1/3 is no exact ball


TRUE, FALSE = ir.Eq(ZERO, ZERO), ir.Eq(ZERO, ONE)
OPEN = ir.Eq(ir.Sqrt(ir.Nat(2)), ir.Sqrt(ir.Nat(2)))
IMPLICATIONS = [
    (TRUE, TRUE, Truth.HOLDS, Standing.CERTAIN),
    (TRUE, FALSE, Truth.FAILS, Standing.FAILS),
    (FALSE, FALSE, Truth.HOLDS, Standing.CERTAIN),
    (FALSE, OPEN, Truth.HOLDS, Standing.CERTAIN),
    (OPEN, TRUE, Truth.HOLDS, Standing.CERTAIN),
    (OPEN, FALSE, Truth.UNKNOWN, Standing.OPEN),
    (TRUE, OPEN, Truth.UNKNOWN, Standing.NARROW),
    (OPEN, OPEN, Truth.UNKNOWN, Standing.NARROW),
]


@pytest.mark.parametrize(("left", "right", "expected", "standing"), IMPLICATIONS)
def test_implications(left: ir.Proposition, right: ir.Proposition, expected: Truth, standing: Standing) -> None:
    """Refuted only where the left side certainly holds and the right side certainly fails."""
    stated = ir.Imp(left, right)
    assert truth(stated, BALLS, Environment({}), {}) is expected
    assert judge(stated, BALLS, Environment({}), {}).standing is standing
    assert len(sides(stated, BALLS, Environment({}), {})) == int(left is not FALSE)


def test_a_statement_near_a_point_fails_at_the_point_only() -> None:
    """That it fails at a vector near it refutes nothing; nor does that it holds at those tried prove it."""
    point = {"y": (1, 2)}
    variables = made.variables(y=made.VECTOR)
    norm = ir.Norm(ir.VSub(made.V["z"], made.Y))
    cases = {ir.Lt(ZERO, norm): Truth.FAILS, ir.Eq(norm, ZERO): Truth.UNKNOWN, ir.Le(ZERO, norm): Truth.UNKNOWN}
    standings = (Standing.FAILS, Standing.OPEN, Standing.CERTAIN)
    for (body, expected), standing in zip(cases.items(), standings, strict=True):
        stated = ir.Eventually(made.Z, made.Y, body)
        balls = bind(variables, {"ι": 2}, point, BALLS)
        assert truth(stated, BALLS, balls, {}) is expected
        assert judge(stated, BALLS, balls, {}).standing is standing
    assert len(sides(ir.Eventually(made.Z, made.Y, TRUE), BALLS, balls, {})) == 4


@pytest.mark.parametrize(("loss", "expected"), [(Quadratic((1, 2), (1, 2)), True), (Linear((1, 0)), False)])
def test_a_local_minimum_is_certain_of_a_loss_that_is_nowhere_lower(loss: object, expected: bool) -> None:
    """``∀ᶠ z in 𝓝 y, L y ≤ L z``: as of all z, where the loss is known to be nowhere below its value at y."""
    variables = made.variables(y=made.VECTOR, L=ir.LossKind(ir.Euclidean("ι")))
    balls = bind(variables, {"ι": 2}, {"y": (1, 2), "L": loss}, BALLS)
    stated = ir.Eventually(made.Z, made.Y, ir.Le(ir.Apply("L", made.Y), ir.Apply("L", made.V["z"])))
    assert (truth(stated, BALLS, balls, {}) is Truth.HOLDS) is expected
    assert (judge(stated, BALLS, balls, {}).standing is Standing.CERTAIN) is expected


def test_membership_is_judged() -> None:
    """Certain, refuted, or open where a ball touches the set."""
    theorem = statement(*made.variables(S=ir.SetKind(made.E), w=made.ABSTRACT), conclusion=ir.Mem(made.W, "S"), spaces=("E",))
    for w, standing in {(1, 2): Standing.CERTAIN, (2, 1): Standing.FAILS}.items():
        environment = bind(theorem.variables, {"E": 2}, {"S": W_ALONE, "w": w}, BALLS)
        assert judge(theorem.conclusion, BALLS, environment, {}).standing is standing
    thirds = bind(theorem.variables, {"E": 2}, {"S": W_ALONE, "w": (fmpq(1, 3), fmpq(2, 3))}, BALLS)
    assert judge(theorem.conclusion, BALLS, thirds, {}).standing is Standing.OPEN
