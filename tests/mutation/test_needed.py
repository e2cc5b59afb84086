"""Which hypotheses a theorem needs: batches that violate exactly one, and what they show."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from statements import statement

from pybridge import ir
from pybridge.algebras.base import Truth
from pybridge.batches.plan import Plan
from pybridge.checking.hypotheses import Unmet, certify, decide
from pybridge.checking.violate import violating
from pybridge.cli.declaration import card
from pybridge.export.loading import Export
from pybridge.mutation.mutants import drop
from pybridge.mutation.needed import Needed, NotNeeded, Unknown, need, remark

A, ZERO = ir.Var("a"), ir.Nat(0)
SCALAR = ir.Variable("a", ir.ScalarKind())
POSITIVE = ir.Hypothesis("h", "0 < a", ir.Lt(ZERO, A))

NEEDED = {
    ("norm_sub_inner_smul_sq_of_norm_eq_one", "hu"),
    ("norm_sub_sum_inner_smul_sq_fintype", "hb"),
    ("norm_sq_normalize", "h"),
    ("norm_sq_normalize_eps_zero", "h"),
    ("normalize_smul", "ha"),
    ("normalize_eps_zero_smul", "ha"),
    ("normalize_eq_zero_of_variance_eq_zero", "h"),
}
NOT_NEEDED = {("norm_sq_backward_eps_zero", "h"), ("norm_sq_backward", "h")}


def without(name: str, hypothesis: str, export: Export) -> tuple[ir.Theorem, ir.Hypothesis]:
    """A theorem, and the hypothesis of it that is to be dropped."""
    theorem = export.theorem(name)
    (dropped,) = (h for h in theorem.hypotheses if h.name == hypothesis)
    return theorem, dropped


@pytest.mark.parametrize(("name", "hypothesis"), sorted(NEEDED))
def test_needed_hypotheses_have_a_counterexample(name: str, hypothesis: str, export: Export) -> None:
    """Without it the theorem is refuted, on a batch that violates it and satisfies the others."""
    theorem, dropped = without(name, hypothesis, export)
    found = need(theorem, dropped, export)
    assert isinstance(found, Needed)
    assert decide(Plan(theorem, export.definitions), dropped.proposition, found.witness.batch)[0] is Truth.FAILS
    assert not isinstance(certify(Plan(drop(theorem, dropped).theorem, export.definitions), found.witness.batch), Unmet)


@pytest.mark.parametrize(("name", "hypothesis"), sorted(NOT_NEEDED))
def test_hypotheses_that_division_by_zero_makes_superfluous(name: str, hypothesis: str, export: Export) -> None:
    """Where σ = 0 both sides are 0 in Lean, and that is said, with the number of batches tried; not that it is no use."""
    theorem, dropped = without(name, hypothesis, export)
    found = need(theorem, dropped, export)
    assert isinstance(found, NotNeeded)
    assert found.tried > 10
    said = f"without it the theorem says 0 = 0 on all {found.tried} batches tried that violate it: in Lean x / 0 = 0"
    assert remark(found) == said


def test_empty_batches_tell_nothing_of_others(export: Export) -> None:
    """Without a variance a loss of one batch has no gradient there: only batches without entries are left to be tried."""
    found = need(*without("norm_sq_eq_of_hasGradientAt", "h", export), export)
    assert isinstance(found, NotNeeded)
    assert found.empty
    assert remark(found) == f"not needed on any batch tried ({found.tried} that violate it, all without entries)"


def test_sides_that_are_not_zero_are_no_triviality(export: Export) -> None:
    """A statement that holds anyway, 1 + a = a + 1, says something where its hypothesis fails."""
    one = ir.Nat(1)
    theorem = statement(SCALAR, hypotheses=(POSITIVE,), conclusion=ir.Eq(ir.Add(one, A), ir.Add(A, one)))
    found = need(theorem, POSITIVE, export)
    assert found == NotNeeded(found.tried) if isinstance(found, NotNeeded) else False
    assert remark(found) == f"not needed on any batch tried ({found.tried} that violate it)"


def test_the_boundary_and_both_sides_are_met(export: Export) -> None:
    """The boundary variance + ε = 0 exactly, which no draw would hit, and less than 0."""
    theorem = export.theorem("norm_sq_backward")
    (h,) = theorem.hypotheses
    without = drop(theorem, h).theorem
    assert isinstance(h.proposition, ir.Lt)
    signs = set()
    for candidates in violating(Plan(without, export.definitions), h, ("integers",), largest=2):
        for batch in candidates:
            assert decide(Plan(without, export.definitions), h.proposition, batch)[0] is Truth.FAILS
            zero = ir.Eq(h.proposition.left, h.proposition.right)
            signs.add(decide(Plan(without, export.definitions), zero, batch)[0])
    assert signs == {Truth.HOLDS, Truth.FAILS}


def test_a_hypothesis_that_only_one_point_violates(export: Export) -> None:
    """Only at a = 7 is (a - 7) / (a - 7) = 1 false, and the point is found by solving for it."""
    off = ir.Hypothesis("h", "a ≠ 7", ir.Ne(A, ir.Nat(7)))
    difference = ir.Sub(A, ir.Nat(7))
    theorem = statement(SCALAR, hypotheses=(off,), conclusion=ir.Eq(ir.Div(difference, difference), ir.Nat(1)))
    found = need(theorem, off, export)
    assert isinstance(found, Needed)
    assert remark(found) == "needed: refuted without it by a = 7"


def test_a_loss_is_named_with_its_parameters(export: Export) -> None:
    """A counterexample that is a function is told in words, and not as a program's data."""
    theorem = export.theorem("hasGradientAt_comp_forward")
    first, *others = theorem.hypotheses
    said = [remark(need(theorem, first, export)), *(remark(need(theorem, one, export, shrink=False)) for one in others)]
    assert all(one.startswith("needed: refuted without it by ") for one in said)
    assert re.search(r"L = \w+\(weights = \(", said[0])
    assert not re.search(r"[{}']", "".join(said))


def test_a_hypothesis_nothing_violates_is_not_called_superfluous(export: Export) -> None:
    """0 ≤ 1 cannot be violated: nothing was tried, so nothing is claimed."""
    certain = ir.Hypothesis("h", "0 ≤ 1", ir.Le(ZERO, ir.Nat(1)))
    found = need(statement(SCALAR, hypotheses=(certain,)), certain, export)
    assert isinstance(found, Unknown)
    assert remark(found).startswith("not known whether needed: no batch drawn violates it")


def test_show_says_it(export: Export) -> None:
    """Each hypothesis has its line; a theorem without any says so."""
    shown = card(export.theorem("normalize_eps_zero_smul"), export)
    (line,) = (line for line in shown if line.startswith("  ha : "))
    assert "needed: refuted without it by " in line
    assert "hypotheses: none" in card(export.theorem("variance_nonneg"), export)


def test_show_says_what_is_not_needed(export: Export) -> None:
    """A theorem that holds without its hypothesis."""
    theorem = statement(SCALAR, hypotheses=(POSITIVE,), conclusion=ir.Eq(A, A))
    recorded = replace(export, proofs={**export.proofs, theorem.name: ir.Proof(theorem.name, "theorem", theorem.file, (), ())})
    (line,) = (line for line in card(theorem, recorded) if line.startswith("  h : "))
    assert "not needed on any batch tried (" in line
