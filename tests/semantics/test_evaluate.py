"""Evaluation: values, sides and truth, nothing computed twice, and deep terms without deep trouble."""

from __future__ import annotations

import time

import numpy as np
import pytest
from flint import fmpq
from random_terms import DEFINITIONS

from pybridge import ir
from pybridge.algebras.ball import BallAlgebra
from pybridge.algebras.base import Relation, Truth
from pybridge.algebras.exact import ExactAlgebra
from pybridge.algebras.floats import FloatAlgebra
from pybridge.errors import InputError
from pybridge.export.decode_propositions import MAX_UNFOLDED
from pybridge.semantics.evaluate import Environment, Family, bind, evaluate, sides, truth

EXACT = ExactAlgebra()
Y = ir.Variable("y", ir.VectorKind(ir.Euclidean("ι")))
COORDINATE = ir.Component(ir.VVar("y"), "i")


class Counting(ExactAlgebra):
    """Rationals that count their products and sums."""

    def __init__(self) -> None:
        self.products = self.sums = 0

    def multiply(self, left, right):
        self.products += 1
        return super().multiply(left, right)

    def sum(self, parts):
        self.sums += 1
        return super().sum(parts)


def on(term, algebra, *values):
    """The value of a term about y."""
    return evaluate(term, algebra, bind([Y], {"ι": len(values)}, {"y": values}, algebra), DEFINITIONS)


def test_a_sum_inside_a_build_is_computed_once():
    """It does not mention the built position."""
    algebra = Counting()
    total = ir.Sum("k", "ι", ir.Component(ir.VVar("y"), "k"))
    assert on(ir.Build("i", "ι", ir.Mul(COORDINATE, total)), algebra, 1, 2, 3) == (6, 12, 18)
    assert (algebra.sums, algebra.products) == (1, 3)


def test_equal_calls_are_computed_once():
    """Also from different places, at different depths, through literals that are different objects."""
    algebra = Counting()
    calls = [ir.VCall("Test.stretch", ("ι",), (ir.Nat(2), ir.VVar("y"))) for _ in range(3)]
    term = ir.Add(ir.Inner(calls[0], calls[1]), ir.Sum("i", "ι", ir.Component(calls[2], "i")))
    assert on(term, algebra, 1, 2) == 8 * 8 + 10 * 10 + 18
    assert (algebra.sums, algebra.products) == (2, 2)


def test_shared_subterms_do_not_double_at_each_level():
    """2^60 additions, if they did."""
    term = COORDINATE
    for _ in range(60):
        term = ir.Add(term, term)
    assert on(ir.Sum("i", "ι", term), EXACT, 1, 2) == 3 * 2**60


def test_a_term_that_mentions_the_outer_position_moves_with_it():
    """A kept value is thrown away when its position moves, in both ways to run a binder."""
    other = ir.Component(ir.VVar("y"), "k")
    square = ir.Mul(COORDINATE, COORDINATE)
    inner = ir.Sum("k", "ι", ir.Add(ir.Mul(square, other), ir.Mul(other, other)))
    term = ir.Build("i", "ι", ir.Add(inner, square))
    expected = (1 * 6 + 14 + 1, 4 * 6 + 14 + 4, 9 * 6 + 14 + 9)
    assert on(term, EXACT, 1, 2, 3) == expected
    assert tuple(on(term, FloatAlgebra(), 1, 2, 3)) == expected


def test_an_inner_binder_may_use_the_outer_ones_name():
    """The innermost wins, also over a free position."""
    term = ir.Build("i", "ι", ir.Add(ir.Sum("i", "ι", COORDINATE), COORDINATE))
    for algebra in (EXACT, FloatAlgebra()):
        assert tuple(on(term, algebra, 1, 2)) == (4, 5)


def test_a_vector_built_under_a_binder_may_be_read_at_that_binder():
    """The diagonal of a table: the case in which the vectorised algebra cannot move an axis."""
    table = ir.Build("j", "ι", ir.Mul(ir.Component(ir.VVar("y"), "j"), COORDINATE))
    for algebra in (EXACT, FloatAlgebra()):
        assert on(ir.Sum("i", "ι", ir.Component(table, "i")), algebra, 1, 2, 3) == 14


def test_sums_over_an_empty_type_are_0():
    """Of vectors too, whose dimension is then known from the family's kind alone."""
    variables = [ir.Variable("v", ir.FamilyKind("κ", ir.Abstract("E")))]
    term = ir.VSum("k", "κ", ir.Smul(ir.Nat(2), ir.VNeg(ir.Member("v", "k"))))
    for algebra in (EXACT, FloatAlgebra(), BallAlgebra(64)):
        environment = bind(variables, {"κ": 0, "E": 2}, {"v": []}, algebra)
        assert environment.families["v"] == Family(2, [])
        assert algebra.dimension(evaluate(term, algebra, environment, {})) == 2
        assert truth(ir.Orthonormal("v"), algebra, environment, {}) is Truth.HOLDS


def proposition_values(proposition, a=1, b=2):
    """Its truth for two rationals, and for the vectors (a, b) and (b, b)."""
    vector = ir.VectorKind(ir.Abstract("E"))
    variables = [ir.Variable(name, kind) for name, kind in zip("abxy", [ir.ScalarKind()] * 2 + [vector] * 2, strict=True)]
    environment = bind(variables, {"E": 2}, {"a": a, "b": b, "x": [a, b], "y": [b, b]}, EXACT)
    return truth(proposition, EXACT, environment, {})


A, B, X, YV = ir.Var("a"), ir.Var("b"), ir.VVar("x"), ir.VVar("y")
TRUE, FALSE = ir.Lt(A, B), ir.Eq(A, B)
PROPOSITIONS = {
    "a = b": (FALSE, False),
    "a ≠ b": (ir.Ne(A, B), True),
    "a < b": (TRUE, True),
    "b ≤ a": (ir.Le(B, A), False),
    "x = y": (ir.VectorEq(X, YV), False),
    "x = x": (ir.VectorEq(X, X), True),
    "x ≠ y": (ir.VectorNe(X, YV), True),
    "x ≠ x": (ir.VectorNe(X, X), False),
    "T and F": (ir.And(TRUE, FALSE), False),
    "T and T": (ir.And(TRUE, TRUE), True),
    "F iff F": (ir.Iff(FALSE, FALSE), True),
    "T iff F": (ir.Iff(TRUE, FALSE), False),
}


@pytest.mark.parametrize(("proposition", "expected"), PROPOSITIONS.values(), ids=PROPOSITIONS)
def test_truth(proposition, expected):
    """Each proposition means what it says."""
    assert proposition_values(proposition) is (Truth.HOLDS if expected else Truth.FAILS)


def test_truth_is_three_valued():
    """Unknown stays unknown unless the other part decides, and negation keeps it."""
    unknown, holds, fails = Truth.UNKNOWN, Truth.HOLDS, Truth.FAILS
    assert unknown.both(fails) is fails.both(unknown) is fails
    assert unknown.both(holds) is unknown.negated() is unknown
    environment = Environment({}, {"a": FloatAlgebra().scalar(1)})
    assert truth(ir.Iff(ir.Eq(A, A), ir.Eq(A, A)), FloatAlgebra(), environment, {}) is unknown


def test_sides_of_a_vector_equation_are_its_coordinates():
    """With a place for each."""
    found = sides(
        ir.And(ir.VectorEq(ir.VVar("y"), ir.VNeg(ir.VVar("y"))), ir.Lt(ir.Nat(1), ir.Nat(2))),
        EXACT,
        bind([Y], {"ι": 2}, {"y": [3, 4]}, EXACT),
        {},
    )
    assert [(side.relation, side.left, side.right, side.place) for side in found] == [
        (Relation.EQ, 3, -3, "coordinate 0"),
        (Relation.EQ, 4, -4, "coordinate 1"),
        (Relation.LT, 1, 2, ""),
    ]


def test_orthonormal_families():
    """Norms and inner products, pair by pair."""
    variables = [ir.Variable("v", ir.FamilyKind("κ", ir.Abstract("E")))]
    said = ir.Orthonormal("v")
    for family, expected in (
        ([[1, 0], [0, -1]], Truth.HOLDS),
        ([[1, 0], [1, 0]], Truth.FAILS),
        ([[2, 0], [0, 1]], Truth.FAILS),
    ):
        environment = bind(variables, {"κ": 2, "E": 2}, {"v": family}, EXACT)
        assert truth(said, EXACT, environment, {}) is expected
        assert [side.place for side in sides(said, EXACT, environment, {})] == ["vectors 0, 0", "vectors 1, 0", "vectors 1, 1"]


KINDS = [
    ir.Variable("c", ir.ScalarKind()),
    Y,
    ir.Variable("p", ir.PositionKind("ι")),
    ir.Variable("v", ir.FamilyKind("κ", ir.Abstract("E"))),
]
GOOD = {"c": 1, "y": [1, 2], "p": 1, "v": [[1, 2, 3]]}
MISFITS = {
    "missing": ({"c": None}, "no value for c; the variables are c, y, p, v"),
    "vector for scalar": ({"c": [1, 2]}, "c is a scalar, got 2 values"),
    "length": ({"y": [1, 2, 3]}, "y is a vector of 2 values, got 3"),
    "number for vector": ({"y": 1}, "y is a vector of 2 values, got one number"),
    "matrix for vector": ({"y": [[1], [2]]}, "y is a vector of numbers, got 1 within it"),
    "position": ({"p": 2}, "p = 2 is no position below 2"),
    "family": ({"v": []}, "v is a family of 1 vectors, got 0"),
    "member": ({"v": [[1, 2]]}, "v[0] is a vector of 3 values, got 2"),
}


@pytest.mark.parametrize(("change", "message"), MISFITS.values(), ids=MISFITS)
def test_values_that_do_not_fit_are_refused(change, message):
    """By name, with what was expected."""
    values = {name: value for name, value in {**GOOD, **change}.items() if value is not None}
    sizes = {"ι": 2, "κ": 1, "E": 3}
    bind(KINDS, sizes, GOOD, EXACT)
    with pytest.raises(InputError) as refusal:
        bind(KINDS, sizes, values, EXACT)
    assert str(refusal.value) == message


def test_the_deepest_term_there_may_be_is_evaluated():
    """At the limit of ``decode``, within Python's default recursion limit."""
    term = ir.Nat(1)
    for _ in range(MAX_UNFOLDED):
        term = ir.Neg(term)
    assert evaluate(ir.Sum("k", "κ", term), EXACT, Environment({"κ": 3}), {}) == 3


def test_a_large_batch_takes_about_a_second(export):
    """Statements about one batch of 4,096 at 128 bits, and the two sides of each equation overlap."""
    rng = np.random.default_rng(0)
    size = 4096
    algebra = BallAlgebra(128)
    slowest = 0.0
    seen = 0
    for theorem in export.theorems.values():
        if seen == 3:
            break
        if theorem.spaces or len(theorem.indices) != 1 or any(isinstance(h.proposition, ir.Eq) for h in theorem.hypotheses):
            continue
        if not all(isinstance(v.kind, ir.ScalarKind | ir.PositionKind | ir.VectorKind) for v in theorem.variables):
            continue
        values = {}
        for variable in theorem.variables:
            match variable.kind:
                case ir.ScalarKind():
                    values[variable.name] = 0.5
                case ir.PositionKind():
                    values[variable.name] = 7
                case _:
                    values[variable.name] = rng.normal(size=size).tolist()
        environment = bind(theorem.variables, {theorem.indices[0].name: size}, values, algebra)
        start = time.process_time()
        found = sides(theorem.conclusion, algebra, environment, export.definitions)
        slowest = max(slowest, time.process_time() - start)
        seen += 1
        assert all(s.left.value.overlaps(s.right.value) for s in found if s.relation is Relation.EQ), theorem.name
    assert seen
    assert slowest < 5  # about 0.15 s on an idle core


def test_fractions_and_rationals_are_the_same_value():
    """``bind`` takes every exact type."""
    assert on(ir.Sum("i", "ι", COORDINATE), EXACT, 0.5, fmpq(1, 4), 1) == fmpq(7, 4)
