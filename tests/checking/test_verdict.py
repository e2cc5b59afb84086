"""What a report and its parts look like in a terminal: one short line each, that says the most important."""

from __future__ import annotations

import dataclasses
import math

import pytest
from flint import arb

from pybridge import ir
from pybridge.algebras.ball import Ball
from pybridge.algebras.base import Relation
from pybridge.batches.generate import Batch
from pybridge.batches.recorded import records
from pybridge.checking.check import check
from pybridge.checking.judge import Judgement, Standing
from pybridge.checking.verdict import Agrees, Held, Refuted, TheoremReport, Undecided, Vacuous, Witness
from pybridge.export.loading import Export
from pybridge.semantics.evaluate import Side

BATCH = Batch(name="random-m2-s0.1", family="random", seed=0, sizes={"ι": 2, "E": 3}, values={"y": (1, 2) * 999}, origin="")
WITNESS = Witness(
    batch=BATCH, found_on="random-m9-s0.2", steps=4, hypotheses=(), relation="=", left="1", right="2", where="", precision=128
)
SIDE = Side(Relation.EQ, Ball(arb(1), arb(1)), Ball(arb(2), arb(1)), "component 3")
LINES = {
    "<Witness random-m2-s0.1: found on random-m9-s0.2, 1 step of shrinking>": dataclasses.replace(WITNESS, steps=1),
    "<Batch random-m2-s0.1: ι = 2, E = 3>": BATCH,
    "<Witness random-m2-s0.1: found on random-m9-s0.2, 4 steps of shrinking>": WITNESS,
    "Refuted(witness=<Witness random-m2-s0.1: found on random-m9-s0.2, 4 steps of shrinking>)": Refuted(witness=WITNESS),
    "Agrees(digits=35.5, worst='random-m2-s0.1')": Agrees(digits=35.5, worst="random-m2-s0.1"),
    "<Undecided at 4096 bits on 99 batches, first on b>": Undecided(batches=("b",) * 99, precision=4096, why="1 = 1" * 99),
    "<Undecided at 256 bits on 1 batch, first on b>": Undecided(batches=("b",), precision=256, why=""),
    "Vacuous(drawn=7, unmet=('h', 'hγ'))": Vacuous(drawn=7, unmet=("h", "hγ")),
    "<Held h: exact rationals>": Held(name="h", statement="0 < variance y", decided_by="exact rationals"),
    "<Judgement narrow to 101.5 bits>": Judgement(Standing.NARROW, 101.5, SIDE),
    "<Judgement certain>": Judgement(Standing.CERTAIN, math.inf, None),
    "<Judgement open>": Judgement(Standing.OPEN, -math.inf, None, "no such root" * 99),
}
SUMMARIES = {
    "agrees on 12 batches, 35.5 digits": Agrees(digits=35.46, worst="b"),
    "agrees on 12 batches, certainly": Agrees(digits=None, worst="b"),
    "refuted by random-m2-s0.1": Refuted(witness=WITNESS),
    "undecided on 2 of 12 batches": Undecided(batches=("b", "c"), precision=4096, why=""),
    "vacuous, of 7 batches none satisfies the hypotheses": Vacuous(drawn=7, unmet=("h",)),
}


@pytest.mark.parametrize("line", LINES)
def test_a_part_of_a_report_is_one_line(line: str) -> None:
    """Whatever it holds."""
    assert repr(LINES[line]) == line


@pytest.mark.parametrize("summary", SUMMARIES)
def test_a_report_is_one_line(summary: str, export: Export) -> None:
    """The theorem, the verdict, and on how many batches; reports are equal by what they hold all the same."""
    report = TheoremReport(
        theorem=export.theorem("norm_sq_backward"),
        verdict=SUMMARIES[summary],
        counted={"random": 9, "zeros": 3},
        rejected=1,
        precision=128,
        seconds=1.0,
    )
    assert repr(report) == f"<TheoremReport BatchNorm.norm_sq_backward: {summary}>"
    assert report == dataclasses.replace(report)
    assert report != dataclasses.replace(report, rejected=2)


def test_what_a_check_finds_is_short(export: Export) -> None:
    """All that hangs on a refuted report, with thousands of digits in it."""
    theorem = dataclasses.replace(export.theorem("norm_sq_backward"), conclusion=ir.Eq(ir.Norm(ir.VVar("y")), ir.Nat(0)))
    report = check(theorem, export, families="scales", shrink=False)
    assert isinstance(report.verdict, Refuted)
    witness = report.verdict.witness
    for part in (report, report.verdict, witness, witness.batch, *witness.hypotheses, *records()):
        assert len(repr(part)) < 120
        assert repr(part).isprintable()
    assert repr(witness) == f"<Witness {witness.batch.name}: found on {witness.batch.name}, 0 steps of shrinking>"
