"""How each comparison stands, beside the verdict of the whole."""

from __future__ import annotations

import numpy as np
import pytest

from pybridge.evaluation.evaluate import evaluate
from pybridge.export.loading import Export

G = np.array([0.5, -1.0, 0.25, 2.0])


@pytest.mark.parametrize("offset", [0.0, 2.0**50, 2.0**200])
def test_an_equation_that_agrees_does_so_in_every_comparison(export: Export, offset: float) -> None:
    """Also where few digits are asked for, and much cancels."""
    step = max(1.0, offset * 2.0**-50)
    found = evaluate("backward_apply", y=offset + step * np.arange(3.0), g=G[:3], gamma=2.0, eps=1e-5, digits=3, export=export)
    assert found.verdict == "agrees"
    assert {one.standing for batch in found.batches for one in batch.comparisons} == {"agrees"}


def test_what_is_certain_is_said_to_be(export: Export) -> None:
    """An inequality between enclosures that are apart; of an equivalence both sides may fail."""
    found = evaluate("norm_sq_backward_le", y=[1.0, 2.0, 4.0, 8.0], g=G, gamma=2.0, eps=1e-5, export=export)
    assert [one.standing for one in found.batches[0].comparisons] == ["holds"]
    both = evaluate("norm_sq_backward_lt_iff", y=[-1.0, 1.0, -1.0, 1.0], g=G, gamma=0.0, eps=1.0, export=export)
    assert both.verdict == "agrees"
    assert "fails" in {one.standing for one in both.batches[0].comparisons}
