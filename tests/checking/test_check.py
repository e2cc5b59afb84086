"""Verdicts: each of the four is reached where it should be, and nowhere by a tolerance."""

from __future__ import annotations

import dataclasses
import math

import pytest
from flint import fmpq
from statements import ROOT, SQUARE, X, Y, about, batch

from pybridge import ir
from pybridge.algebras.base import NotInAlgebra
from pybridge.batches.generate import RECORDED, family_names
from pybridge.batches.plan import Plan
from pybridge.checking.check import check, check_each
from pybridge.checking.hypotheses import Unmet, certify, with_values
from pybridge.checking.judge import WIDTH_BITS
from pybridge.checking.verdict import Agrees, Refuted, Undecided, Vacuous
from pybridge.checking.witness import paste, plain
from pybridge.errors import InputError
from pybridge.export.loading import Export, load
from pybridge.semantics.environment import bind

NAMES = list(load(check_sources=False).theorems)
FAST = ("integers", "random", "constant", "zeros")


def test_several_processes_find_what_one_does(export: Export) -> None:
    """The reports come in the order of the theorems, whatever the number of processes."""
    chosen = [export.theorem(name) for name in ("norm_sq_backward", "inner_ones_backward", "hasGradientAt_comp_forward")]
    one, two = (list(check_each(chosen, export, jobs=jobs, families=("integers",), largest=3)) for jobs in (1, 2))
    assert [(r.theorem, r.verdict, r.counted) for r in one] == [(r.theorem, r.verdict, r.counted) for r in two]
    assert all(isinstance(report.verdict, Agrees) for report in one)


def test_agrees(export: Export) -> None:
    """A true statement agrees, says on which batch worst, and counts every family asked for."""
    report = check(about(ir.Eq(ir.Pow(ir.Norm(ir.VVar("v")), 2), ir.Inner(ir.VVar("v"), ir.VVar("v")))), export, families=FAST)
    assert isinstance(report.verdict, Agrees)
    assert report.passed
    assert report.verdict.digits is not None
    assert report.verdict.digits >= WIDTH_BITS / math.log2(10)
    assert set(report.counted) == set(FAST)


def test_refuted(export: Export) -> None:
    """A false statement is refuted with the smallest witness, and its hypotheses hold there."""
    report = check(about(ir.Eq(ir.Norm(ir.VVar("v")), ir.Nat(0)), ir.Lt(X, ir.Nat(0))), export)
    assert isinstance(report.verdict, Refuted)
    assert not report.passed
    witness = report.verdict.witness
    assert witness.batch.values["v"] == (fmpq(1),)
    assert witness.batch.values["x"] == -1
    assert [held.value for held in witness.hypotheses] == ["-1.00000 < 0"]
    assert (witness.left, witness.relation, witness.right) == ("1.000", "=", "0")


def test_undecided(export: Export) -> None:
    """A strict inequality between equal irrational sides is never certain: undecided at 4096 bits, and not passed."""
    report = check(about(ir.Lt(SQUARE, X), ir.Eq(ir.Mul(X, X), ir.Nat(9)), ir.Lt(ir.Nat(0), X)), export, families=("integers",))
    assert isinstance(report.verdict, Undecided)
    assert not report.passed
    assert report.verdict.precision == 4096
    assert report.verdict.batches


def test_vacuous(export: Export) -> None:
    """Where no batch satisfies the hypotheses the verdict is vacuous, names the hypothesis, and does not pass."""
    report = check(about(ir.Eq(X, X), ir.Lt(X, X)), export, families=FAST)
    assert isinstance(report.verdict, Vacuous)
    assert not report.passed
    assert report.verdict.unmet == ("h0",)
    assert report.verdict.drawn == report.rejected > 0


def test_no_batches_is_vacuous_not_agreement(export: Export) -> None:
    """A statement that recorded batches do not fit has nothing to agree on."""
    report = check(about(ir.Eq(X, X)), export, families=(RECORDED,))
    assert isinstance(report.verdict, Vacuous)
    assert report.verdict.drawn == 0


@pytest.mark.parametrize("families", [(), ("nonsense",)])
def test_no_family_or_an_unknown_one_is_an_error(families: tuple[str, ...], export: Export) -> None:
    """An empty list of families must not pass, nor a misspelt one."""
    with pytest.raises(InputError, match="famil"):
        check(about(ir.Eq(X, X)), export, families=families)


def test_hypotheses_are_certified_exactly_or_by_balls(export: Export) -> None:
    """Root-free ones in rationals; with an irrational root in balls; one that stays open does not count."""
    held = certify(Plan(about(ir.Eq(X, X), ir.Lt(X, Y)), export.definitions), batch(1, 2))
    assert [h.decided_by for h in held] == ["exact rationals"]
    held = certify(Plan(about(ir.Eq(X, X), ir.Lt(ROOT, Y)), export.definitions), batch(2, 2))
    assert [h.decided_by for h in held] == ["balls of 128 bits"]
    assert certify(Plan(about(ir.Eq(X, X), ir.Eq(SQUARE, X)), export.definitions), batch(2)) == Unmet("h0", judge_unknown())
    failing = certify(Plan(about(ir.Eq(X, X), ir.Lt(Y, X)), export.definitions), batch(1, 2))
    assert isinstance(failing, Unmet)
    theorem = about(ir.Eq(X, X), ir.Lt(X, Y))
    held = certify(Plan(theorem, export.definitions), batch(1, 2))
    assert [h.value for h in with_values(Plan(theorem, export.definitions), batch(1, 2), held)] == ["1.00000 < 2.00000"]


def judge_unknown() -> object:
    """The truth value that no arithmetic settles."""
    from pybridge.algebras.base import Truth

    return Truth.UNKNOWN


def test_there_are_theorems() -> None:
    """The test below is about something."""
    assert NAMES


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if number % 3 == 0 else pytest.mark.slow) for number, name in enumerate(NAMES)]
)
def test_every_theorem_agrees_on_small_batches(name: str, export: Export) -> None:
    """The exported theorems agree on the small batches of every family, recorded ones included where they fit.

    By default one in three, since a run of the command on all of them, on two families, is tested too.
    """
    theorem = export.theorem(name)
    report = check(theorem, export, largest=8)
    assert isinstance(report.verdict, Agrees), report.verdict
    degenerate = theorem.equation == "degenerate"  # may assume a variance of 0, which no recorded batch has
    assert sum(report.counted.values()) >= (20 if degenerate else 30)
    kinds = {variable.name: type(variable.kind) for variable in theorem.variables}
    fits = kinds.get("y") is kinds.get("g") is ir.VectorKind and kinds.get("γ") is not ir.VectorKind
    small = Plan(theorem, export.definitions).most is not None  # no recorded batch is
    if fits and not (degenerate or small) and not any(isinstance(h.proposition, ir.Eq) for h in theorem.hypotheses):
        assert report.counted[RECORDED] >= 4


def test_recorded_batch_of_thousands_agrees(export: Export) -> None:
    """Equation (7ε) agrees on the recorded batches, of up to 2048 rows."""
    theorem = export.theorem("BatchNorm.norm_sq_backward")
    report = check(theorem, export, families=(RECORDED,))
    assert isinstance(report.verdict, Agrees), report.verdict
    assert report.counted[RECORDED] >= 24


def test_only_one_batch(export: Export) -> None:
    """`batch` repeats the one of that name and no other."""
    report = check(about(ir.Eq(X, X)), export, batch="random-m3-s0.3")
    assert report.counted == {"random": 1}


def test_witness_is_exact_to_paste() -> None:
    """Integers stay integers and other rationals are strings, in Python source and in JSON."""
    given = batch(fmpq(1, 3), -2, (fmpq(1, 2), 5), 1)
    fraction = __import__("fractions").Fraction
    assert eval(paste(given), {"Fraction": fraction}) == {"x": fraction(1, 3), "y": -2, "v": [fraction(1, 2), 5], "i": 1}  # noqa: S307
    assert {name: plain(value) for name, value in given.values.items()} == {"x": "1/3", "y": "-2", "v": ["1/2", "5"], "i": 1}


def test_an_algebra_that_cannot_never_approximates(export: Export) -> None:
    """The exact algebra refuses an irrational root, which is why balls decide such hypotheses."""
    from pybridge.algebras.exact import ExactAlgebra
    from pybridge.semantics.evaluate import evaluate

    exact = ExactAlgebra()
    environment = bind(about(ir.Eq(X, X)).variables, {"ι": 1}, batch(2).values, exact)
    with pytest.raises(NotInAlgebra):
        evaluate(ROOT, exact, environment, export.definitions)


def test_the_name_does_not_matter(export: Export) -> None:
    """Renaming a theorem changes nothing in its report but the name."""
    theorem = next(iter(export.theorems.values()))
    first = check(theorem, export, largest=5)
    second = check(dataclasses.replace(theorem, name="Other.name"), export, largest=5)
    assert (first.verdict, first.counted) == (second.verdict, second.counted)


def test_family_names_are_distinct() -> None:
    """`--families` can tell them apart."""
    assert len(set(family_names())) == len(family_names()) >= 9
