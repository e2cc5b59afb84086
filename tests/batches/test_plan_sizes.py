"""How large the batches of a theorem are: what it is about, what hypotheses say of sizes, and what would take too long."""

from __future__ import annotations

import dataclasses

from statements import statement

from pybridge import ir
from pybridge.batches.generate import slots
from pybridge.batches.plan import Plan
from pybridge.export.loading import Export


def test_a_matrix_is_of_few_rows_and_a_size_is_kept_to(export: Export) -> None:
    """A square matrix has 64 rows at most; slots keep to what the plan allows."""
    square = ir.OperatorKind(ir.Euclidean("ι"), ir.Euclidean("ι"))
    matrix = Plan(statement(ir.Variable("X", square), nonempty=False), {})
    assert (matrix.smallest, matrix.largest) == (0, 64)
    sizes = {next(candidates).sizes["ι"] for candidates in slots(matrix, ("random", "zeros"))}
    assert (min(sizes), max(sizes)) == (0, 64)
    gradient = Plan(export.theorem("norm_sq_eq_of_hasGradientAt"), export.definitions)
    assert max(next(candidates).sizes["ι"] for candidates in slots(gradient, ("random",))) == 16


def test_a_size_that_a_hypothesis_asks_for() -> None:
    """In either form of it, from below and from above; of a conclusion nothing is read."""
    size, y = ir.Card("ι"), ir.Variable("y", ir.VectorKind(ir.Euclidean("ι")))
    asked: dict[ir.Proposition, tuple[int, int | None]] = {
        ir.Le(ir.Nat(3), size): (3, None),
        ir.Lt(ir.Nat(3), size): (4, None),
        ir.Le(size, ir.Nat(3)): (0, 3),
        ir.Lt(size, ir.Nat(3)): (0, 2),
        ir.Lt(size, ir.Nat(0)): (0, 0),
        ir.Lt(ir.Nat(0), ir.Norm(ir.VVar("y"))): (0, None),
    }
    for proposition, (smallest, most) in asked.items():
        theorem = statement(y, nonempty=False)
        assumed = Plan(dataclasses.replace(theorem, hypotheses=(ir.Hypothesis("h", "", proposition),)), {})
        assert (assumed.smallest, assumed.most) == (smallest, most)
        concluded = Plan(dataclasses.replace(theorem, conclusion=proposition), {})
        assert (concluded.smallest, concluded.most) == (0, None)


def test_of_small_batches_alone_as_many_are_drawn(export: Export) -> None:
    """Of the largest size that the theorem speaks of, where a family would have a larger one."""
    plan = Plan(export.theorem("backward_eps_zero_of_card_le_two"), export.definitions)
    assert plan.most == 2
    drawn = [next(candidates) for candidates in slots(plan, ("random", "offset"))]
    every = [
        next(candidates)
        for candidates in slots(Plan(export.theorem("norm_sq_backward"), export.definitions), ("random", "offset"))
    ]
    assert len(drawn) == len(every) == len({batch.name for batch in drawn})
    assert [batch.sizes["ι"] for batch in drawn] == [min(batch.sizes["ι"], 2) for batch in every]
