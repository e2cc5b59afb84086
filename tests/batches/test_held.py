"""Numbers that are drawn in a format are numbers that it holds, and what is extreme is so for it."""

from __future__ import annotations

from typing import cast

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from pybridge.algebras.formats import BFLOAT16, FLOAT16, FLOAT32, FLOAT64, FORMATS, Format
from pybridge.batches.families import FAMILIES
from pybridge.batches.generate import drawn
from pybridge.batches.held import rounded
from pybridge.batches.plan import Plan
from pybridge.batches.recorded import rational
from pybridge.export.loading import Export

FLOATS = st.floats(allow_nan=False, allow_infinity=False)
NARROW = [FLOAT32, FLOAT16, BFLOAT16]


@given(FLOATS)
@pytest.mark.parametrize(("held", "dtype"), [(FLOAT32, np.float32), (FLOAT16, np.float16)], ids=["float32", "float16"])
def test_rounding_is_that_of_numpy(held: Format, dtype: type, value: float) -> None:
    """To nearest, ties to even, also among the subnormal numbers; what is out of range becomes the largest."""
    with np.errstate(over="ignore", under="ignore"):
        expected = float(np.float64(value).astype(dtype))
    largest = float(np.finfo(dtype).max)
    assert float(rounded(np.array(value), held)) == min(max(expected, -largest), largest)


@given(FLOATS)
def test_rounding_to_bfloat16(value: float) -> None:
    """For which NumPy has no type: it is held, and no number that is held is nearer."""
    found = float(rounded(np.array(value), BFLOAT16))
    assert BFLOAT16.holds(rational(found))
    exact, there = rational(value), rational(found)
    if abs(exact) < BFLOAT16.largest:
        step = rational(BFLOAT16.spacing(abs(found)))
        assert abs(exact - there) * 2 <= step


def test_float64_is_left_alone() -> None:
    """It is what was drawn."""
    array = np.array([0.1, 5e-324, 1e308])
    assert rounded(array, FLOAT64) is array


@pytest.mark.parametrize("held", FORMATS.values(), ids=FORMATS)
@pytest.mark.parametrize("family", [family for family in FAMILIES if not family.rational], ids=lambda family: family.name)
def test_batches_are_held(export: Export, family, held: Format) -> None:
    """Every number of a batch whose hypotheses tie none of them, scalars too."""
    plan = Plan(export.theorem("norm_sq_backward"), export.definitions)
    for number in range(11):
        for batch in drawn(plan, family, 7, number, number, held=held, name="b"):
            scalars = [batch.values[name] for name in plan.scalars]
            vectors = [entry for name in plan.vectors for entry in cast("tuple[fmpq, ...]", batch.values[name])]
            assert vectors
            assert all(held.holds(cast("fmpq", value)) for value in (*scalars, *vectors))
            assert batch.name == "b"
            assert held.name in batch.origin


@pytest.mark.parametrize("held", NARROW, ids=lambda held: held.name)
@pytest.mark.parametrize("name", ["scales", "offset", "near-constant", "outlier", "subnormal"])
def test_extremes_are_those_of_the_format(name: str, held: Format) -> None:
    """No family is flattened by the format: its entries, rounded to it, differ, and stay in its range."""
    (family,) = (family for family in FAMILIES if family.name == name)
    rng = np.random.default_rng(0)
    for _ in range(50):
        entries = family.draw(rng, 64, held)
        assert isinstance(entries, np.ndarray)
        found = rounded(entries, held)
        assert len(set(found.tolist())) > 1
        assert float(np.abs(found).max()) < float(held.largest.p / held.largest.q)
    if name == "subnormal":
        assert set((found / held.spacing(0.0)).tolist()) <= set(range(-9, 10))
    if name == "near-constant":
        assert np.ptp(found) == held.spacing(float(found.min()))
