"""The norm of the layer's Jacobian: tried on batches, needed hypotheses, and mutants that are operators still."""

from __future__ import annotations

import dataclasses

import pytest

import pybridge
from pybridge import ir
from pybridge.checking.check import check
from pybridge.checking.verdict import Agrees, Refuted
from pybridge.errors import InputError
from pybridge.export.loading import Export
from pybridge.ir.linear import norms_are_linear, op_norms
from pybridge.mutation.mutants import ConclusionMutant, HypothesisMutant, drop, mutants

FAMILIES = ("integers", "random", "zeros")


def without(theorem: ir.Theorem, name: str) -> HypothesisMutant:
    """The theorem without a hypothesis."""
    (hypothesis,) = (one for one in theorem.hypotheses if one.name == name)
    return drop(theorem, hypothesis)


def test_the_norm_is_what_it_is_proved_to_be(export: Export) -> None:
    """To more than thirty digits; the inequality on batches of all sizes, the equation from three entries on."""
    for name, smallest in (("norm_jacobian", 3), ("norm_jacobian_le", 0)):
        sizes = set()
        report = check(name, export, families=FAMILIES, progress=lambda batch, sizes=sizes: sizes.add(batch.sizes["ι"]))
        assert isinstance(report.verdict, Agrees)
        assert report.verdict.digits > 30
        assert (min(sizes), max(sizes)) == (smallest, 16)


def test_a_norm_of_another_size_is_refuted(export: Export) -> None:
    """Less than a thousandth more, or less."""
    theorem = export.theorem("norm_jacobian")
    assert isinstance(theorem.conclusion, ir.Eq)
    for numerator in (999, 1001):
        factor = ir.Div(ir.Nat(numerator), ir.Nat(1000))
        wrong = dataclasses.replace(theorem.conclusion, right=ir.Mul(factor, theorem.conclusion.right))
        report = check(dataclasses.replace(theorem, conclusion=wrong), export, families="integers")
        assert isinstance(report.verdict, Refuted)


def test_fewer_than_three_entries_are_too_few(export: Export) -> None:
    """Without the hypothesis about the size the equation is refuted on a batch of at most two entries."""
    report = check(without(export.theorem("norm_jacobian"), "hι").theorem, export, families="integers")
    assert isinstance(report.verdict, Refuted)
    assert report.verdict.witness.batch.sizes["ι"] < 3


def test_mutants_are_operators_still(export: Export) -> None:
    """A slip within the map leaves it linear: something else has no norm, and refuting it would say nothing."""
    theorem = export.theorem("norm_jacobian")
    found = [one for one in mutants(theorem, export.definitions) if isinstance(one, ConclusionMutant)]
    assert all(norms_are_linear(one.theorem.conclusion, export.definitions) for one in found)
    (norm,) = op_norms(theorem.conclusion)
    assert sum(norm not in op_norms(one.theorem.conclusion) for one in found) > 30


def test_what_cannot_say_it_says_so() -> None:
    """SymPy has no form for it; a huge matrix is not made."""
    with pytest.raises(InputError, match="SymPy has no form for the norm of an operator"):
        pybridge.to_sympy("norm_jacobian")
    with pytest.raises(InputError, match="a gradient or a matrix is found entry by entry"):
        pybridge.evaluate("norm_jacobian", ε=1e-5, y=list(range(129)), γ=2.0)
