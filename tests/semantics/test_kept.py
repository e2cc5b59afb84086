"""What has been worked out is worked out once: on an environment, on one made from it, and on a batch."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest
from flint import fmpq

from pybridge import ir
from pybridge.algebras.ball import balls_of
from pybridge.algebras.exact import EXACT, ExactAlgebra
from pybridge.batches.generate import slots
from pybridge.batches.plan import Plan
from pybridge.checking.hypotheses import certify
from pybridge.export.loading import Export
from pybridge.semantics.axes import Axis
from pybridge.semantics.environment import Environment, bind
from pybridge.semantics.evaluate import evaluate
from pybridge.semantics.lowering import Lowering
from pybridge.semantics.machine import Machine, machine_of
from pybridge.semantics.operators import (
    Matrix,
    RankOne,
    Transposed,
    adjoint,
    apply,
    codomain,
    domain,
    frobenius_squared,
    matrix,
)

Y = ir.Variable("y", ir.VectorKind(ir.Euclidean("ι")))
C = ir.Variable("c", ir.ScalarKind())
SQUARE = ir.Inner(ir.VVar("y"), ir.VVar("y"))
TERM = ir.Mul(ir.Var("c"), SQUARE)


class Counting(ExactAlgebra):
    """Rationals that count their inner products."""

    def __init__(self) -> None:
        self.inners = 0

    def inner(self, left, right):
        self.inners += 1
        return super().inner(left, right)


def start(algebra: ExactAlgebra) -> Environment:
    """Y = (3, 4) and c = 1."""
    return bind([Y, C], {"ι": 2}, {"y": (fmpq(3), fmpq(4)), "c": fmpq(1)}, algebra)


def test_a_term_is_run_once_on_an_environment() -> None:
    """By whoever asks."""
    algebra = Counting()
    environment, definitions = start(algebra), {}
    assert evaluate(TERM, algebra, environment, definitions) == 25
    assert evaluate(SQUARE, algebra, environment, definitions) == 25
    assert algebra.inners == 1


def test_what_does_not_depend_on_a_changed_value_is_taken_over() -> None:
    """Also from an environment two steps back, in which it is then known."""
    algebra = Counting()
    environment, definitions = start(algebra), {}
    other = environment.changed("scalars", {"c": fmpq(2)}).changed("scalars", {"c": fmpq(3)})
    assert evaluate(TERM, algebra, other, definitions) == 75
    assert evaluate(TERM, algebra, environment, definitions) == 25
    assert algebra.inners == 1
    moved = other.changed("vectors", {"y": (fmpq(1), fmpq(0))})
    assert evaluate(TERM, algebra, moved, definitions) == 3
    assert algebra.inners == 2


def test_what_lies_along_a_new_value_is_not_looked_for_where_there_is_none() -> None:
    """A number at every coordinate of a vector does not depend on the vector, but on how long it is."""
    environment = start(EXACT).changed("vectors", {"d": (fmpq(1), fmpq(2), fmpq(3))})
    along = ir.Inner(ir.VVar("d"), ir.VSub(ir.VVar("d"), ir.VVar("d")))
    assert evaluate(along, EXACT, environment, {}) == 0
    builder = Lowering({}).builder
    axis = Axis(("of d",), 0)
    ones = builder.total(builder.node("add", (builder.number(1), builder.number(1))), axis)
    machine = Machine(EXACT, environment, Lowering({}))
    assert machine.number(ones) == 6
    assert ones.inputs == {"d"}


def test_an_environment_replaced_by_hand_takes_nothing_over() -> None:
    """Only ``changed`` knows what is the same."""
    environment = start(EXACT).changed("scalars", {"c": fmpq(2)})
    assert evaluate(TERM, EXACT, environment, {}) == 50
    replaced = replace(environment, vectors={"y": (fmpq(1), fmpq(1))})
    assert evaluate(TERM, EXACT, replaced, {}) == 4


def test_another_algebra_or_other_definitions_have_a_machine_of_their_own() -> None:
    """Values of one are nothing to the other."""
    environment = start(EXACT)
    definitions, others = {}, {}
    assert machine_of(EXACT, environment, definitions) is machine_of(EXACT, environment, definitions)
    assert machine_of(EXACT, environment, definitions) is not machine_of(EXACT, environment, others)
    assert machine_of(Counting(), environment, definitions) is not machine_of(EXACT, environment, definitions)


def test_a_batch_is_bound_once_for_an_algebra_and_certified_once(export: Export) -> None:
    """The same environment for a hypothesis and the conclusion; another batch, and another plan, has another."""
    plan = Plan(export.theorem("norm_sq_backward"), export.definitions)
    batch = next(next(slots(plan, ["random"])))
    balls = balls_of(128)
    assert batch.environment(plan, balls) is batch.environment(plan, balls, plan.theorem.conclusion)
    assert batch.environment(plan, balls) is not batch.environment(plan, EXACT)
    assert certify(plan, batch) is certify(plan, batch)
    other = replace(batch, values={**batch.values, "γ": fmpq(7)})
    assert other.environment(plan, EXACT).scalars["γ"] == 7
    again = Plan(export.theorem("norm_sq_backward"), export.definitions)
    assert batch.environment(again, EXACT) is not batch.environment(plan, EXACT)


def test_a_changed_conclusion_shares_what_hypotheses_say_and_changed_hypotheses_do_not(export: Export) -> None:
    """A mutant of the conclusion is certified with the theorem; one with other hypotheses is certified anew."""
    plan = Plan(export.theorem("norm_sq_backward"), export.definitions)
    batch = next(next(slots(plan, ["random"])))
    mutant = plan.concluding(replace(plan.theorem, conclusion=ir.Eq(ir.Nat(0), ir.Nat(1))))
    assert mutant.root is plan
    assert certify(mutant, batch) is certify(plan, batch)
    bare = plan.concluding(replace(plan.theorem, hypotheses=()))
    assert bare.root is bare
    assert certify(bare, batch) == ()
    assert certify(plan, batch) != ()


def test_a_batch_travels_without_what_was_made_of_it(export: Export) -> None:
    """Between processes; its values are the same."""
    plan = Plan(export.theorem("norm_sq_backward"), export.definitions)
    batch = next(next(slots(plan, ["random"])))
    batch.environment(plan, balls_of(128))
    arrived = pickle.loads(pickle.dumps(batch))  # noqa: S301
    assert arrived == batch
    assert arrived.kept == {}


@pytest.mark.parametrize("shape", [(2, 3), (3, 2), (1, 4), (4, 1)])
def test_a_matrix_is_kept_by_its_fewer_vectors(shape: tuple[int, int]) -> None:
    """By rows or by columns, it maps alike, and so does its adjoint."""
    rows = tuple(tuple(fmpq(3 * j + k * k - 4) for k in range(shape[1])) for j in range(shape[0]))
    plain, found = Matrix(rows, shape[1]), matrix(rows, shape[1], EXACT)
    assert isinstance(found, Transposed) is (shape[0] > shape[1])
    there, back = tuple(map(fmpq, range(1, shape[1] + 1))), tuple(map(fmpq, range(2, shape[0] + 2)))
    assert apply(found, EXACT, there) == apply(plain, EXACT, there)
    assert adjoint(found, EXACT, back) == adjoint(plain, EXACT, back)
    assert (domain(found), codomain(found)) == (shape[1], shape[0])
    assert frobenius_squared(found, EXACT) == frobenius_squared(plain, EXACT)


def test_an_operator_of_rank_one_is_its_matrix() -> None:
    """``v ↦ ⟪row, v⟫ column``, its adjoint and the squares of its entries."""
    column, row = (fmpq(1), fmpq(-2)), (fmpq(3), fmpq(0), fmpq(5))
    found = RankOne(column, row, 3, 2)
    plain = Matrix([tuple(entry * other for other in row) for entry in column], 3)
    there, back = (fmpq(1), fmpq(2), fmpq(3)), (fmpq(4), fmpq(7))
    assert apply(found, EXACT, there) == apply(plain, EXACT, there)
    assert adjoint(found, EXACT, back) == adjoint(plain, EXACT, back)
    assert (domain(found), codomain(found)) == (3, 2)
    assert frobenius_squared(found, EXACT) == frobenius_squared(plain, EXACT)
