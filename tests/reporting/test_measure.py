"""The numbers behind the plots: of the exported statements, on the recorded batches; and what is drawn of none."""

from __future__ import annotations

import math
import statistics
from dataclasses import replace

import pytest

from pybridge import ir
from pybridge.batches.recorded import records
from pybridge.export.loading import Export
from pybridge.mutation.mutants import ConclusionMutant, mutants
from pybridge.reporting.digits import BALLS, FURTHEST, OFFSETS, by_offset, by_size
from pybridge.reporting.measure import (
    ALL,
    EPSILONS,
    ZERO,
    NotDrawn,
    at_epsilon,
    bound,
    differences,
    equation,
    gaps,
    norms,
    own_epsilon,
    parts,
    sides_of,
    two_sides,
)


@pytest.fixture
def wrong(export: Export) -> Export:
    """The export with the wrong sign before the last term of (7ε)."""
    theorem = equation(export, ALL).theorem
    mutant = next(m for m in mutants(theorem, export.definitions) if m.id.endswith("conclusion.right.right:to-plus"))
    assert isinstance(mutant, ConclusionMutant)
    return replace(export, theorems={**export.theorems, theorem.name: mutant.theorem})


@pytest.mark.parametrize("number", [ZERO, ALL])
def test_both_sides_on_every_recorded_batch(export: Export, number: str) -> None:
    """The two sides agree in more digits than any float has."""
    found = two_sides(export, number)
    assert [one.record for one in found] == list(records())
    for one in found:
        assert one.left == pytest.approx(one.right, rel=1e-12)
        assert one.digits > 30


def test_both_sides_of_a_wrong_statement_part(wrong: Export) -> None:
    """What is drawn is what was computed: of a wrong statement the two sides are apart."""
    found = two_sides(wrong, ALL)
    assert max(abs(one.left / one.right - 1) for one in found) > 1e-3
    assert min(one.digits for one in found) < 10


def test_the_gap_grows_with_epsilon(export: Export) -> None:
    """(7) at ε > 0 is never below; it is furthest above where ε is about the variance, and hardly where it is far from it."""
    found = gaps(export)
    assert found
    for one in found:
        assert len(one.shares) == len(EPSILONS)
        assert all(share > 0 for share in one.shares)
        highest = one.shares.index(max(one.shares))
        assert list(one.shares[: highest + 1]) == sorted(one.shares[: highest + 1])
        assert list(one.shares[highest:]) == sorted(one.shares[highest:], reverse=True)
        entries = [float(entry) for entry in one.record.vectors["y"]]
        assert 1 / 5 < EPSILONS[highest] / statistics.pvariance(entries) < 5
        assert one.shares[0] < 1e-4 * one.shares[highest]
    assert own_epsilon(export, found) == 1e-5


def test_the_gap_is_that_of_a_theorem(export: Export) -> None:
    """That the right side of (7) at ε is a bound is proved, and that theorem is found by what it says."""
    theorem = bound(export)
    assert theorem is not None
    assert isinstance(theorem.conclusion, ir.Le)
    assert theorem.conclusion.right == at_epsilon(export)


def test_no_bound_is_made_up(wrong: Export) -> None:
    """Where (7) has another right side, no theorem bounds it."""
    theorem = equation(wrong, ZERO).theorem
    assert isinstance(theorem.conclusion, ir.Eq)
    changed = replace(theorem, conclusion=ir.Eq(theorem.conclusion.left, ir.Nat(1)))
    assert bound(replace(wrong, theorems={**wrong.theorems, theorem.name: changed})) is None


def test_norms_are_those_of_the_recorded_gradients(export: Export) -> None:
    """What comes to a layer is the recorded gradient; what it passes on is the root of (7ε)'s left side."""
    squares = {one.record.name: one.left for one in two_sides(export, ALL)}
    for one in norms(export):
        upstream = math.sqrt(sum(float(entry) ** 2 for entry in one.record.vectors["g"]))
        assert one.upstream == pytest.approx(upstream, rel=1e-12)
        assert one.passed**2 == pytest.approx(squares[one.record.name], rel=1e-12)


def test_parts_add_up(export: Export) -> None:
    """The squares of what is taken off and of what is left are the square of the whole; times the factor, the left side."""
    found = parts(export)
    squares = sum(length**2 for _, length in found.removed) + found.left**2
    assert len(found.removed) == 2
    assert squares == pytest.approx(found.whole[1] ** 2, rel=1e-12)
    (side,) = (one for one in two_sides(export, ZERO) if one.record == found.record)
    assert found.factor[1] * found.left**2 == pytest.approx(side.left, rel=1e-12)


def test_differences() -> None:
    """A difference a - b - c has three parts, and a sum is one."""
    a, b, c = (ir.Var(name) for name in "abc")
    assert differences(ir.Sub(ir.Sub(a, b), c)) == (a, b, c)
    assert differences(ir.Add(a, b)) == (ir.Add(a, b),)


def test_an_export_without_the_equation(export: Export) -> None:
    """Nothing is drawn of it, and the reason names the equation."""
    without = replace(export, theorems={n: t for n, t in export.theorems.items() if t.equation != ZERO})
    with pytest.raises(NotDrawn, match=r"no theorem of equation \(7\)"):
        parts(without)
    with pytest.raises(NotDrawn, match="equation"):
        gaps(without)


def test_a_right_side_of_another_form(export: Export) -> None:
    """The picture needs a multiple of a difference; of anything else it is not drawn."""
    theorem = equation(export, ZERO).theorem
    changed = replace(theorem, conclusion=ir.Eq(sides_of(equation(export, ZERO)).left, ir.Var("γ")))
    with pytest.raises(NotDrawn, match="no multiple of a difference: γ"):
        parts(replace(export, theorems={**export.theorems, theorem.name: changed}))


def test_digits_fall_with_the_offset(export: Export) -> None:
    """float32 has fewer than float64, which has fewer than balls; an offset takes digits from floats, and none from balls."""
    found = by_offset(export)
    assert [one.by for one in found] == list(OFFSETS)
    for one in found:
        assert ("float32" in one.right) == (one.by <= FURTHEST["float32"])
        assert one.right.get("float32", 0) < one.right["float64"] < one.right[BALLS]
        assert one.right.get("float32", 0) < 8
        assert one.right["float64"] < 17
        assert 30 < one.right[BALLS] < 39
    for arithmetic in ("float32", "float64"):
        last = [one.right[arithmetic] for one in found if arithmetic in one.right][-1]
        assert last < found[0].right[arithmetic] - 3


@pytest.mark.slow
def test_digits_against_the_size(export: Export) -> None:
    """Each size has its digits, and none has lost all."""
    assert all(one.right["float32"] > 2 for one in by_size(export))
