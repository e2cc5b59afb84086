"""Verdicts: each of the four is reached where it should be, and nowhere by a tolerance."""

from __future__ import annotations

import dataclasses
import math

import pytest
from flint import arb, fmpq
from statements import statement

from pybridge import ir
from pybridge.algebras.ball import Ball, BallAlgebra
from pybridge.algebras.base import NotInAlgebra
from pybridge.batches.generate import RECORDED, Batch, family_names
from pybridge.batches.plan import Plan
from pybridge.checking.check import check, check_each
from pybridge.checking.hypotheses import Unmet, certify, with_values
from pybridge.checking.judge import WIDTH_BITS, Standing, agreement, judge
from pybridge.checking.settle import settle
from pybridge.checking.shrink import EFFORT, smaller
from pybridge.checking.verdict import Agrees, Refuted, Undecided, Vacuous
from pybridge.checking.witness import decimals, paste, plain
from pybridge.errors import InputError
from pybridge.export.loading import Export
from pybridge.semantics.environment import bind

FAST = ("integers", "random", "constant", "zeros")
X, Y = ir.Var("x"), ir.Var("y")
TWO = ir.Nat(2)


def about(conclusion: ir.Proposition, *hypotheses: ir.Proposition) -> ir.Theorem:
    """A statement about two scalars x, y, a vector v of EuclideanSpace ℝ ι and a position i."""
    vector = ir.VectorKind(ir.Euclidean("ι"))
    kinds = (("x", ir.ScalarKind()), ("y", ir.ScalarKind()), ("v", vector), ("i", ir.PositionKind("ι")))
    return statement(
        *(ir.Variable(name, kind) for name, kind in kinds),
        hypotheses=tuple(ir.Hypothesis(f"h{n}", "", proposition) for n, proposition in enumerate(hypotheses)),
        conclusion=conclusion,
    )


def batch(x: object = 1, y: object = 1, v: tuple[object, ...] = (1,), i: int = 0) -> Batch:
    """A batch for `about`."""
    values = {"x": fmpq(x), "y": fmpq(y), "v": tuple(map(fmpq, v)), "i": i}
    return Batch(name="b", family="test", seed=None, sizes={"ι": len(v)}, values=values, origin="a test")


def standing(conclusion: ir.Proposition, given: Batch, precision: int = 128) -> Standing:
    """How the conclusion stands on the batch at one precision."""
    theorem, algebra = about(conclusion), BallAlgebra(precision)
    return judge(conclusion, algebra, bind(theorem.variables, given.sizes, given.values, algebra), {}).standing


ROOT = ir.Sqrt(X)
SQUARE = ir.Mul(ROOT, ROOT)
THIRD = ir.Div(X, ir.Nat(3))


@pytest.mark.parametrize(
    ("proposition", "given", "expected"),
    [
        (ir.Eq(X, Y), batch(2, 2), Standing.CERTAIN),
        (ir.Eq(SQUARE, X), batch(2), Standing.NARROW),
        (ir.Eq(SQUARE, Y), batch(2, fmpq(2) + fmpq(1, 2**90)), Standing.FAILS),
        (ir.Eq(SQUARE, Y), batch(2, fmpq(2) + fmpq(1, 2**400)), Standing.NARROW),
        (ir.Eq(ir.Div(X, ir.Sub(THIRD, THIRD)), Y), batch(1, 0), Standing.OPEN),
        (ir.Le(SQUARE, X), batch(2), Standing.NARROW),
        (ir.Le(X, Y), batch(2, 3), Standing.CERTAIN),
        (ir.Le(X, Y), batch(3, 2), Standing.FAILS),
        (ir.Lt(SQUARE, X), batch(2), Standing.OPEN),
        (ir.Lt(X, Y), batch(2, 2), Standing.FAILS),
        (ir.Ne(X, Y), batch(2, 2), Standing.FAILS),
        (ir.Ne(SQUARE, X), batch(2), Standing.OPEN),
        (ir.Ne(X, Y), batch(2, 3), Standing.CERTAIN),
        (ir.VectorEq(ir.VVar("v"), ir.Zero(ir.Euclidean("ι"))), batch(v=(0, 0)), Standing.CERTAIN),
        (ir.VectorEq(ir.VVar("v"), ir.Zero(ir.Euclidean("ι"))), batch(v=(0, 1)), Standing.FAILS),
        (ir.VectorNe(ir.VVar("v"), ir.Zero(ir.Euclidean("ι"))), batch(v=(0, 1)), Standing.CERTAIN),
        (ir.VectorNe(ir.VVar("v"), ir.Zero(ir.Euclidean("ι"))), batch(v=(0, 0)), Standing.FAILS),
        (ir.And(ir.Le(X, Y), ir.Eq(X, Y)), batch(2, 3), Standing.FAILS),
        (ir.And(ir.Le(X, Y), ir.Eq(SQUARE, X)), batch(2, 3), Standing.NARROW),
        (ir.Iff(ir.Eq(X, Y), ir.Eq(Y, X)), batch(2, 3), Standing.CERTAIN),
        (ir.Iff(ir.Eq(X, Y), ir.Le(X, Y)), batch(2, 3), Standing.FAILS),
        (ir.Iff(ir.Eq(X, Y), ir.Eq(SQUARE, X)), batch(2, 3), Standing.OPEN),
        (ir.Iff(ir.Eq(SQUARE, X), ir.Le(X, Y)), batch(2, 3), Standing.NARROW),
        (ir.Iff(ir.Lt(SQUARE, X), ir.Lt(Y, X)), batch(2, 2), Standing.NARROW),
        (ir.Iff(ir.Lt(SQUARE, X), ir.Ne(SQUARE, X)), batch(2, 2), Standing.NARROW),
        (ir.Iff(ir.Lt(SQUARE, X), ir.Lt(X, Y)), batch(2, 3), Standing.OPEN),
        (ir.Iff(ir.Lt(SQUARE, X), ir.Eq(SQUARE, X)), batch(2, 2), Standing.OPEN),
    ],
    ids=str,
)
def test_standing(proposition: ir.Proposition, given: Batch, expected: Standing) -> None:
    """Every relation stands as its enclosures say: an equivalence fails only on certainty."""
    assert standing(proposition, given) is expected


def test_several_processes_find_what_one_does(export: Export) -> None:
    """The reports come in the order of the theorems, whatever the number of processes."""
    chosen = [export.theorem(name) for name in ("norm_sq_backward", "inner_ones_backward", "hasGradientAt_comp_forward")]
    one, two = (list(check_each(chosen, export, jobs=jobs, families=("integers",), largest=3)) for jobs in (1, 2))
    assert [(r.theorem, r.verdict, r.counted) for r in one] == [(r.theorem, r.verdict, r.counted) for r in two]
    assert all(isinstance(report.verdict, Agrees) for report in one)


def test_agreement_is_measured_against_the_scale() -> None:
    """A difference that is exactly 0 agrees to any number of bits; one beside a scale of 0, or not finite, to none."""
    one = arb(1)
    assert agreement(Ball(one, one), Ball(one, one)) == math.inf
    assert agreement(Ball(arb(0, 1), arb(0)), Ball(arb(0), arb(0))) == -math.inf
    assert agreement(Ball(arb("nan"), one), Ball(one, one)) == -math.inf
    wide = Ball(arb(0, arb(2) ** -10), one)
    assert 9 <= agreement(wide, Ball(arb(0), one)) <= 10
    assert agreement(Ball(wide.value, arb(2) ** 100), Ball(arb(0), one)) >= WIDTH_BITS


def test_exact_arithmetic_settles_a_division_by_exactly_zero(export: Export) -> None:
    """X / (x/3 - x/3) is 0 in Lean; balls only ever touch that 0, rationals see it."""
    theorem = about(ir.Eq(ir.Div(X, ir.Sub(THIRD, THIRD)), ir.Nat(0)))
    judgement, precision = settle(Plan(theorem, export.definitions), batch(1))
    assert (judgement.standing, precision) == (Standing.CERTAIN, 128)
    false = about(ir.Eq(ir.Div(X, ir.Sub(THIRD, THIRD)), ir.Nat(1)))
    judgement, _ = settle(Plan(false, export.definitions), batch(1))
    assert judgement.standing is Standing.FAILS
    assert judgement.side is not None
    assert decimals(judgement.side.left, judgement.side.right)[0] == "0"


def test_precision_rises_until_the_sides_part(export: Export) -> None:
    """A difference of 2^-400 beside 2 is nothing at 128 bits; at 512 it is a difference."""
    tiny = fmpq(1, 2**400)
    theorem = about(ir.Ne(ir.Sub(SQUARE, TWO), Y))
    judgement, precision = settle(Plan(theorem, export.definitions), batch(2, tiny))
    assert judgement.standing is Standing.CERTAIN
    assert precision == 512


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


def test_every_theorem_agrees_on_small_batches(export: Export) -> None:
    """The exported theorems agree on the small batches of every family, recorded ones included where they fit."""
    assert export.theorems
    for report in check_each(list(export.theorems.values()), export, jobs=2, largest=8):
        theorem = report.theorem
        assert isinstance(report.verdict, Agrees), (theorem.name, report.verdict)
        degenerate = theorem.equation == "degenerate"  # may assume a variance of 0, which no recorded batch has
        assert sum(report.counted.values()) >= (20 if degenerate else 30)
        kinds = {variable.name: type(variable.kind) for variable in theorem.variables}
        fits = kinds.get("y") is kinds.get("g") is ir.VectorKind and kinds.get("γ") is not ir.VectorKind
        if fits and not degenerate and not any(isinstance(h.proposition, ir.Eq) for h in theorem.hypotheses):
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
