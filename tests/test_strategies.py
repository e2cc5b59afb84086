"""Strategies: every example satisfies the hypotheses, in the types that were asked for."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import find, given, settings

from pybridge import ir
from pybridge.batches.plan import Plan
from pybridge.errors import InputError, UnknownNameError
from pybridge.export.loading import load
from pybridge.strategies import for_theorem

THEOREMS = load(check_sources=False).theorems


MAPS = ir.LossKind | ir.FieldKind | ir.OperatorKind | ir.SetKind
ABOUT_MAPS = [
    name
    for name, theorem in THEOREMS.items()
    if any(isinstance(v.kind, MAPS) for v in theorem.variables) or Plan(theorem, {}).determined
]


@pytest.mark.parametrize("name", ABOUT_MAPS)
def test_maps_are_refused(name):
    """A statement about a loss, a set or a determined number has no strategy, and one line says so."""
    with pytest.raises(InputError, match="no strategy draws"):
        for_theorem(name)


@pytest.mark.parametrize("name", [name for name in THEOREMS if name not in ABOUT_MAPS])
def test_examples_satisfy_the_hypotheses(name):
    """There are examples for every theorem, each with a value for every variable."""

    @settings(max_examples=5, database=None)
    @given(for_theorem(name, dtype=None, max_size=4))
    def drawn(values):
        assert list(values) == [variable.name for variable in THEOREMS[name].variables]

    drawn()


@given(for_theorem("norm_sq_backward", dtype="float32", max_size=5))
def test_float32_arrays(values):
    """Vectors are arrays of the dtype and of one size, scalars floats that it holds, and 0 < variance + ε."""
    y, g = values["y"], values["g"]
    assert y.dtype == g.dtype == np.float32
    assert y.shape == g.shape
    assert 1 <= y.size <= 5
    assert float(np.float32(values["ε"])) == values["ε"]
    exact = [Fraction(float(entry)) for entry in y]
    mean = sum(exact) / len(exact)
    assert sum((entry - mean) ** 2 for entry in exact) / len(exact) + Fraction(values["ε"]) > 0


def test_unit_vectors_are_exact():
    """A unit vector is a tuple of fractions whose squares sum to 1; floats are refused for it."""
    values = find(for_theorem("norm_sub_inner_smul_sq_of_norm_eq_one", dtype=None), lambda values: len(values["u"]) > 1)
    assert sum(entry * entry for entry in values["u"]) == Fraction(1)
    with pytest.raises(InputError, match=r"hardly any float64 meets the hypothesis on u; pass dtype=None"):
        for_theorem("norm_sub_inner_smul_sq_of_norm_eq_one")


@pytest.mark.parametrize("dtype", [np.float32, np.dtype("float32")])
def test_a_dtype_of_numpy_is_taken(dtype):
    """As its name is."""
    assert find(for_theorem("variance_nonneg", dtype=dtype), lambda _: True)["y"].dtype == np.float32


def test_impossible_arguments_are_refused():
    """An unknown theorem, dtype or size is an error when the strategy is made, not when it is drawn from."""
    with pytest.raises(UnknownNameError):
        for_theorem("norm_sq_bakward")
    with pytest.raises(InputError, match="no values of dtype 'bfloat16' are drawn"):
        for_theorem("norm_sq_backward", dtype="bfloat16")
    with pytest.raises(InputError, match="no values of dtype 'int64' are drawn; there are float64, float32, float16, and None"):
        for_theorem("norm_sq_backward", dtype=np.int64)
    with pytest.raises(InputError, match="max_size is 0"):
        for_theorem("norm_sq_backward", max_size=0)
