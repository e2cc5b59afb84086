"""What a theorem rests on: definitions from its statement, theorems from the Lean source of its proof."""

from __future__ import annotations

from dataclasses import replace

from pybridge.export.loading import Export, load
from pybridge.reporting.measure import ALL, ZERO, equation
from pybridge.reporting.rests import rests


def test_definitions_are_those_of_the_statement(export: Export) -> None:
    """(7) speaks of these; what they call is not listed."""
    found = rests(equation(export, ZERO).theorem, export).definitions
    assert {"BatchNorm.backward", "BatchNorm.scale", "BatchNorm.normalize", "BatchNorm.variance"} <= set(found)
    assert "BatchNorm.forward" not in found


def test_the_proof_of_7_names_6(export: Export) -> None:
    """The chain is a chain: the proof of (7) names the theorem of (6), that of (6) the one of (5)."""
    fresh = load()
    for number, before in ((ZERO, "6"), ("6", "5"), ("5", "4")):
        theorem = fresh.stated(f"({number})")[0]
        named = rests(theorem, fresh).theorems
        assert named is not None
        assert fresh.stated(f"({before})")[0].name in named
        assert theorem.name not in named
    assert rests(equation(export, ALL).theorem, export).theorems is None


def test_no_proof_is_read_from_other_sources() -> None:
    """Where the export is not known to be of the sources, what stands in them is not told."""
    fresh = load()
    unchecked = replace(fresh, freshness=load(check_sources=False).freshness)
    theorem = equation(fresh, ZERO).theorem
    assert rests(theorem, unchecked).theorems is None
    assert rests(theorem, unchecked).definitions == rests(theorem, fresh).definitions
