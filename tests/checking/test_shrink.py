"""Smaller witnesses: fewer rows and simpler numbers, on which the hypotheses still hold."""

from __future__ import annotations

from flint import fmpq
from statements import X, about, batch

from pybridge import ir
from pybridge.batches.generate import Batch
from pybridge.batches.plan import Plan
from pybridge.checking.check import check
from pybridge.checking.shrink import EFFORT, smaller
from pybridge.checking.verdict import Refuted
from pybridge.export.loading import Export


def test_shrinking_removes_rows_and_simplifies_numbers() -> None:
    """A witness with one essential entry shrinks to that entry, and the position moves along with its row."""
    theorem = about(ir.Eq(X, X))
    big = batch(fmpq(22, 7), fmpq(1, 3), (5, 7, 11, 13, 17), 3)

    def refutes(candidate: Batch) -> bool:
        return candidate.values["v"][candidate.values["i"]] > 12

    small, steps = smaller(Plan(theorem, {}), big, refutes)
    assert small.values == {"x": 0, "y": 0, "v": (13,), "i": 0}
    assert small.sizes == {"ι": 1}
    assert steps > 0
    assert refutes(small)


def test_shrinking_is_bounded_and_keeps_a_witness_that_will_not_shrink() -> None:
    """At most EFFORT batches are tried; if none refutes, the batch stays as it was."""
    tried = []
    big = batch(v=tuple(range(1000)))
    small, steps = smaller(Plan(about(ir.Eq(X, X)), {}), big, lambda candidate: bool(tried.append(candidate)))
    assert (small, steps) == (big, 0)
    assert 0 < len(tried) <= EFFORT


def test_shrinking_keeps_the_hypotheses(export: Export) -> None:
    """‖v‖ = 2 does not survive dropping rows or rounding, so the witness keeps it."""
    two = ir.Eq(ir.Inner(ir.VVar("v"), ir.VVar("v")), ir.Nat(4))
    theorem = about(ir.Lt(ir.Component(ir.VVar("v"), "i"), ir.Nat(0)), two)
    report = check(theorem, export, families=("integers",))
    assert isinstance(report.verdict, Refuted)
    values = report.verdict.witness.batch.values["v"]
    assert sum(value * value for value in values) == 4
