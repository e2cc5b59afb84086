"""Numbers that are given as exact fractions, and the floats next to a decimal that somebody has typed."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from pybridge.errors import InputError
from pybridge.evaluation.evaluate import evaluate
from pybridge.export.loading import Export

Y, G = np.random.default_rng(3).normal(size=(2, 6))
GIVEN = {"y": Y, "g": G, "gamma": 2.0, "eps": 1e-5}


def test_a_fraction_is_taken_as_it_is(export: Export) -> None:
    """The decimal 1e-5 is no float64: as a fraction it is exact, of a theorem with one array and of one with channels."""
    found = evaluate("7ε", **{**GIVEN, "eps": Fraction("1e-5")}, export=export)
    assert found.passed
    assert found.worst.numbers["ε"] == Fraction(1, 100_000)
    assert "nearest" not in str(found)
    near = evaluate("7ε", **{**GIVEN, "eps": np.float32(1e-5)}, export=export)
    assert near.worst.numbers["ε"] == Fraction(float(np.float32(1e-5)))
    assert "ε is the float32 nearest to 1e-05, 9.9999997" in str(near)
    y = np.arange(12.0).reshape(2, 6) ** 2
    wide = evaluate("sum_norm_sq_backward", y=y, g=y[::-1], γ=[1.0, 2.0], ε=Fraction(1, 3), export=export)
    assert wide.worst.numbers["ε"] == Fraction(1, 3)
    with pytest.raises(InputError, match="y is one number, which is no batch"):
        evaluate("7ε", **{**GIVEN, "y": Fraction(1, 3)}, export=export)
    assert evaluate("7ε", **{**GIVEN, "eps": Fraction(10**400)}, export=export).passed
