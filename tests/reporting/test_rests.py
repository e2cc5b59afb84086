"""What a theorem rests on: definitions from its statement, theorems from Lean's record of its proof."""

from __future__ import annotations

from pybridge.export.loading import Export
from pybridge.reporting.measure import ZERO, equation
from pybridge.reporting.rests import rests


def test_definitions_are_those_of_the_statement(export: Export) -> None:
    """(7) speaks of these; what they call is not listed."""
    found = rests(equation(export, ZERO).theorem, export).definitions
    assert {"BatchNorm.backward", "BatchNorm.scale", "BatchNorm.normalize", "BatchNorm.variance"} <= set(found)
    assert "BatchNorm.forward" not in found


def test_the_proof_of_7_uses_6(export: Export) -> None:
    """The chain is a chain: the proof of (7) uses the theorem of (6), that of (6) the one of (5)."""
    for number, before in ((ZERO, "6"), ("6", "5"), ("5", "4")):
        theorem = export.stated(f"({number})")[0]
        used = rests(theorem, export).theorems
        assert export.stated(f"({before})")[0].name in used
        assert theorem.name not in used
