"""Half precision: what overflows on the way, and calls that say it is computed in throughout."""

from __future__ import annotations

import numpy as np
import pytest

from pybridge.errors import NoBoundError
from pybridge.testing import assert_computes, check_layer


def in_half(x, gamma, beta, eps):
    """Everything in the format of x; squares of a few hundred overflow float16."""
    with np.errstate(all="ignore"):
        centred = x - x.mean(0, dtype=x.dtype)
        variance = (centred * centred).mean(0, dtype=x.dtype)
        return gamma * centred / np.sqrt(variance + x.dtype.type(eps)) + beta


def test_an_overflow_is_no_other_function():
    """σ is infinite there, and all that is computed is β: the first line says that an overflow does it, and not what γ is."""
    found = check_layer("BatchNorm", forward=in_half, dtype="float16", eps=1e-3, only=("large",))
    from pybridge.layers.report import lines

    first = lines(found)[0]
    assert "squares overflow the format of the arrays" in first or "overflow" in first, first
    assert "γ" not in first.replace("∂γ", "")
    assert not found.right


def in_single(change):
    """A layer of half precision that computes in float32, and returns its ∂γ in float32."""

    def forward(x, gamma, beta, eps):
        wide = x.astype(np.float32)
        std = np.sqrt(wide.var(0) + np.float32(eps))
        hat = (wide - wide.mean(0)) / std
        return (gamma.astype(np.float32) * hat + beta.astype(np.float32)).astype(x.dtype), hat

    def backward(dout, cache):
        return np.zeros_like(dout), change(dout.astype(np.float32), cache)

    return {"forward": forward, "backward": backward, "dtype": "float16", "eps": 1e-3, "outputs": ("dgamma",)}


def test_a_result_in_a_wider_format_is_judged_by_it():
    """∂γ of float32 from float16 arrays has the digits of float32; one that was rounded to float16 on the way has not."""
    only = ("plain", "small-spread", "N=17")
    right = check_layer("BatchNorm", **in_single(lambda g, hat: (g * hat).sum(0)), only=only)
    assert right.right
    assert right.by_name["dgamma"].factor < 1e-4
    assert str(right.by_name["dgamma"].finding.arithmetic) == "float32, of float16 arrays"
    wrong = check_layer("BatchNorm", **in_single(lambda g, hat: np.float32(1.001) * (g * hat).sum(0)), only=only)
    assert wrong.outcome.guesses[0].description == "every number is 1.001 times what it should be"
    held = check_layer(
        "BatchNorm", **in_single(lambda g, hat: (g * hat).sum(0).astype(np.float16).astype(np.float32)), only=only
    )
    assert held.right
    rounded = check_layer("BatchNorm", **in_single(lambda g, hat: (g * hat.astype(np.float16)).sum(0)), only=only)
    assert rounded.outcome.narrower == "float16"


def test_hints_where_half_precision_is_chosen():
    """compute= is the caller's choice, and the hint says so; float32 is not blamed."""
    rng = np.random.default_rng(0)
    y = 50 + rng.standard_normal(4096).astype(np.float16)
    arguments = {"y": y, "g": rng.standard_normal(4096).astype(np.float16), "gamma": 1.5, "eps": 1e-3}
    with pytest.raises(NoBoundError, match=r"leave out compute: float32 is what float16 is taken to be computed in"):
        assert_computes("BatchNorm.backward", y, **arguments, compute="float16")


def test_squares_that_overflow_are_told_from_a_constant_batch():
    """Of 1e30 in float32."""
    y = np.array([1e30, -2e30, 3e30], np.float32)
    with pytest.raises(NoBoundError, match=r"the squares of 3e\+30 overflow float32"):
        assert_computes("BatchNorm.normalize", y, y=y, eps=1e-3)
    constant = np.ones(3, np.float32)
    with pytest.raises(NoBoundError, match=r"not \(nearly\) constant"):
        assert_computes("BatchNorm.normalize", constant, y=constant, eps=0.0)
