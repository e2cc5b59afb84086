"""Programs: every operation once, bound axes numbered by a rule, renamings that catch nothing, no run for an empty axis."""

from __future__ import annotations

import re

import pytest
from flint import arb
from random_terms import DEFINITIONS

from pybridge import ir
from pybridge.algebras.ball import BallAlgebra
from pybridge.algebras.base import NotInAlgebra
from pybridge.algebras.exact import ExactAlgebra
from pybridge.semantics.axes import Axis, unused
from pybridge.semantics.environment import bind
from pybridge.semantics.evaluate import evaluate
from pybridge.semantics.listing import in_order, listing, program_of
from pybridge.semantics.lowering import Lowering
from pybridge.semantics.machine import Machine
from pybridge.semantics.program import Builder, Coordinates
from pybridge.semantics.scopes import TOP

Y = ir.Variable("y", ir.VectorKind(ir.Euclidean("ι")))
FIRST, SECOND = Axis(("ι",), 0), Axis(("ι",), 1)


def at(position: str, vector: str = "y") -> ir.Component:
    """A coordinate of a variable."""
    return ir.Component(ir.VVar(vector), position)


def vector(builder: Builder, name: str, axis: Axis) -> Coordinates:
    """A variable's coordinates."""
    return Coordinates(builder.node("vector", (), (name, axis), more=(axis,), inputs=(name,)), axis)


def test_equal_operations_are_one_node():
    """Whatever the objects are that they were made of, and whatever their bound positions are called."""
    lowering = Lowering(DEFINITIONS)
    total = [lowering.scalar(ir.Sum(name, "ι", at(name)), TOP) for name in ("i", "k")]
    assert total[0] is total[1]
    call = ir.Call("Test.total", ("ι",), (ir.VVar("y"),))
    twice = lowering.scalar(ir.Add(call, ir.Call("Test.total", ("ι",), (ir.VVar("y"),))), TOP)
    assert twice.args[0] is twice.args[1]


def test_a_program_is_as_long_as_what_there_is_to_do():
    """2^60 additions as 60, and the program of an equation names each side's operations once."""
    term: ir.Scalar = at("i")
    for _ in range(60):
        term = ir.Add(term, term)
    node = Lowering({}).scalar(ir.Sum("i", "ι", term), TOP)
    assert len(list(in_order([node]))) == 62


def test_what_does_not_depend_on_an_axis_does_not_have_it():
    """The sum inside a build is a number."""
    lowering = Lowering({})
    built = lowering.vector(ir.Build("i", "ι", ir.Mul(at("i"), ir.Sum("k", "ι", at("k")))), TOP)
    (product,) = [node for node in in_order([built.node]) if node.op == "multiply"]
    assert [arg.axes for arg in product.args] == [{built.axis}, set()]


def test_a_renaming_does_not_catch_a_bound_axis():
    """Σ_j y_i y_j with i renamed to j is Σ_k y_j y_k."""
    builder = Builder()
    y_i, y_j = (vector(builder, "y", axis).node for axis in (FIRST, SECOND))
    total = builder.total(builder.node("multiply", (y_i, y_j)), SECOND)
    assert total.axes == {FIRST}
    moved = builder.renamed(total, {FIRST: SECOND})
    assert moved.axes == {SECOND}
    other = builder.total(builder.node("multiply", (y_j, y_i)), FIRST)
    assert moved is other
    assert builder.renamed(moved, {SECOND: FIRST}) is total


def test_two_axes_may_become_one():
    """The diagonal of y_i y_j is y_i²; that of the unit vectors is 1."""
    builder = Builder()
    y_i, y_j = (vector(builder, "y", axis).node for axis in (FIRST, SECOND))
    table = builder.node("multiply", (y_i, y_j))
    assert builder.renamed(table, {SECOND: FIRST}) is builder.node("multiply", (y_i, y_i))
    unit = builder.node("delta", (), (FIRST, SECOND), more=(FIRST, SECOND))
    assert builder.renamed(unit, {SECOND: FIRST}) is builder.number(1)


def test_unused_axes():
    """The first that is free, of this length only."""
    assert unused(("ι",), ()) == FIRST
    assert unused(("ι",), (FIRST, Axis(("κ",), 1))) == SECOND


def test_nothing_is_run_for_an_empty_axis():
    """√2 is in no rational sum over nothing; over something it is refused."""
    term = ir.Sum("i", "ι", ir.Mul(at("i"), ir.Sqrt(ir.Nat(2))))
    exact = ExactAlgebra()
    assert evaluate(term, exact, bind([Y], {"ι": 0}, {"y": []}, exact), {}) == 0
    with pytest.raises(NotInAlgebra):
        evaluate(term, exact, bind([Y], {"ι": 1}, {"y": [1]}, exact), {})


class Counting(ExactAlgebra):
    """Rationals that count their roots and products."""

    def __init__(self) -> None:
        self.roots = self.products = 0

    def sqrt(self, arg):
        self.roots += 1
        return super().sqrt(arg)

    def multiply(self, left, right):
        self.products += 1
        return super().multiply(left, right)


def test_other_values_run_only_what_depends_on_them():
    """The root of ‖y‖² is computed once, for two values of c."""
    algebra = Counting()
    variables = [Y, ir.Variable("c", ir.ScalarKind())]
    environment = bind(variables, {"ι": 2}, {"y": [3, 4], "c": 1}, algebra)
    machine = Machine(algebra, environment, Lowering({}))
    term = ir.Mul(ir.Var("c"), ir.Sqrt(ir.Sum("i", "ι", ir.Pow(at("i"), 2))))
    assert machine.scalar(term) == 5
    assert machine.with_values({"c": algebra.scalar(7)}, {}).scalar(term) == 35
    assert (algebra.roots, algebra.products) == (1, 2)


@pytest.mark.parametrize("large", [1e300, 1e-300, 2.0**-1070], ids=["squares overflow", "squares vanish", "subnormal"])
def test_scales_out_of_range_of_floats(large):
    """Balls whose scales NumPy's floats do not hold: the same enclosure, and a scale that fits it."""
    balls = BallAlgebra(128)
    environment = bind([Y], {"ι": 3}, {"y": [large, 2 * large, 3 * large]}, balls)
    power = evaluate(ir.Sum("i", "ι", ir.Pow(at("i"), 40)), balls, environment, {})
    exact = ExactAlgebra()
    rational = bind([Y], {"ι": 3}, {"y": [large, 2 * large, 3 * large]}, exact)
    expected = evaluate(ir.Sum("i", "ι", ir.Pow(at("i"), 40)), exact, rational, {})
    with balls.context():
        assert power.value.overlaps(arb(expected))
        assert power.value.rel_accuracy_bits() > 100
        assert abs(power.scale / power.value - 1) < arb(2) ** -30


def test_a_scale_is_never_too_large():
    """What a width is measured against is at most the sum of the absolute values of the terms."""
    balls = BallAlgebra(128)
    values = [0.1 * k - 2 for k in range(50)]
    environment = bind([Y], {"ι": 50}, {"y": values}, balls)
    found = evaluate(ir.Sum("i", "ι", ir.Sub(at("i"), ir.Nat(1))), balls, environment, {})
    with balls.context():
        true = sum((abs(ball.value) + 1 for ball in environment.vectors["y"]), balls.scalar(0).value)
        assert found.scale < true
        assert (true - found.scale) / true < arb(2) ** -30


def test_a_listing_says_each_operation_once(export):
    """For ``pybridge show --program``: numbers before they are used, axes, and what was asked for."""
    assert listing(program_of(export.definition("mean"), export.definitions)) == [
        "   %1 = y  along ι",
        "   %2 = sum of %1 over ι",
        "   %3 = size of ι",
        "   %4 = %2 / %3",
        "mean = %4",
    ]


def test_every_declaration_has_a_listing(export):
    """Every operation of every program has words, and no number is used before it is made."""
    for declaration in (*export.definitions.values(), *export.theorems.values()):
        made: set[str] = set()
        lines = listing(program_of(declaration, export.definitions))
        for line in lines:
            name, _, said = line.partition(" = ")
            assert set(re.findall(r"%\d+", said)) <= made, (declaration.name, line)
            made.add(name.strip())
        assert lines or declaration.name.endswith("starProjection"), declaration.name


def test_a_result_out_of_range_of_floats():
    """Also where the last thing done is to lay a number along an axis: a vector with the same huge coordinate everywhere."""
    balls = BallAlgebra(128)
    environment = bind([ir.Variable("c", ir.ScalarKind())], {"ι": 2}, {"c": 2.0**900}, balls)
    term = ir.Build("i", "ι", ir.Pow(ir.Var("c"), 2))
    found = evaluate(term, balls, environment, {})
    with balls.context():
        assert [ball.value == arb(2) ** 1800 for ball in found] == [True, True]
