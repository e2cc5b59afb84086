"""Long sums of kernels that keep numbers in half precision on the way: rounding, and no factor."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from pybridge import load
from pybridge.algebras.formats import BFLOAT16, FLOAT16, FORMATS
from pybridge.kernels.arithmetic import Arithmetic
from pybridge.kernels.judge import comparison, judge
from pybridge.kernels.layout import layout_of
from pybridge.kernels.outcomes import NO_DIGIT
from pybridge.kernels.rows import table_of
from pybridge.kernels.sharper import programs_of
from pybridge.kernels.stored import _bound
from pybridge.testing import AnotherFunction, BlindWarning, KernelError, LosesDigits, NotTold, assert_computes, check_layer

SIZE, EPS = 25_088, 1e-5
KEEPS = {
    "the mean": {"mean"},
    "1/σ": {"scale"},
    "the normalized entries": {"hat"},
    "the products": {"terms"},
    "all of them": {"mean", "scale", "hat", "terms"},
}


def batches(narrower, seed, channels=2):
    """Arrays x and g, as their format holds them, one row for each channel."""
    rng = np.random.default_rng(seed)
    return (narrower.rounded_each(rng.normal(middle, 1.0, (channels, SIZE))) for middle in (0.25, 0.5))


def gradient(y, g, kept=(), narrower=FLOAT16):
    """∂γ with sums in float32, and in half precision what is kept there."""

    def keep(name, value):
        return narrower.rounded_each(value) if name in kept else value

    mean = y.mean(-1, keepdims=True)
    scale = keep("scale", 1 / np.sqrt(((y - mean) ** 2).mean(-1, keepdims=True) + EPS))
    return keep("terms", g * keep("hat", (y - keep("mean", mean)) * scale)).sum(-1)


def said_of(dgamma, y, g):
    """The outcome of ∂γ, stored as float16; None where it passes."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", BlindWarning)
            assert_computes("BatchNorm.backwardGamma", dgamma.astype(np.float16), y=y, g=g, eps=EPS)
    except KernelError as error:
        return error
    return None


@pytest.mark.parametrize("kept", KEEPS.values(), ids=KEEPS)
def test_what_is_kept_in_half_precision_loses_digits(kept):
    """With g off 0, the mean's rounding moves all of ∂γ one way; it was called a factor on such arrays."""
    off = 0
    for seed in (0, 339, 359):
        y, g = batches(FLOAT16, seed)
        error = said_of(gradient(y, g, kept), y, g)
        if error is not None:
            off += 1
            assert error.outcome == LosesDigits(share=error.outcome.share, narrower="float16"), str(error)
            assert "kept in float16 on the way, and added up in float32, only a factor of 1 ± 0." in str(error)
    assert off or "mean" not in kept


def test_a_factor_beyond_that_is_no_rounding_of_what_is_kept():
    """It may be a sum in half precision all the same, of which no digit would be left; and that is what is said."""
    y, g = batches(FLOAT16, 0)
    g -= 0.25  # so that ∂γ is no accident of cancellation
    g = FLOAT16.rounded_each(g + 0.5 * y)
    error = said_of(1.3 * gradient(y, g), y, g)
    assert isinstance(error.outcome, NotTold)
    assert NO_DIGIT in error.outcome.why
    assert [one.description for one in error.outcome.guesses] == ["every number is 1.3 times what it should be"]


def layer(kept, factor, narrower=FLOAT16):
    """A layer of half precision that returns its ∂γ in float32."""

    def backward(dout, cache):
        x, found = cache, {}
        wide = [np.asarray(one, np.float64).T for one in (x, dout)]
        found = factor * gradient(*wide, kept, narrower)
        return np.zeros_like(x), found.astype(np.float32)

    def forward(x, gamma, beta):  # noqa: ARG001
        return x, x

    return {"forward": forward, "backward": backward, "dtype": narrower.name, "eps": EPS}


@pytest.mark.parametrize(("kept", "factor"), [((), 1.3), ((), 1.01), (KEEPS["the mean"], 1.0), (KEEPS["all of them"], 1.0)])
def test_a_result_in_float32_tells_them_apart(kept, factor):
    """It cannot come from sums in half precision: a factor that rounding what is kept does not make is named."""
    y, g = batches(FLOAT16, 339)
    g = g if factor == 1 else FLOAT16.rounded_each(g + 0.5 * y)
    found = check_layer("BatchNorm", **layer(kept, factor), outputs=("dgamma",), arrays={"x": y.T, "g": g.T})
    outcome = found.by_name["dgamma"].finding.outcome
    if factor == 1:
        assert isinstance(outcome, LosesDigits)
        assert outcome.narrower == "float16"
    else:
        assert isinstance(outcome, AnotherFunction)
        assert outcome.guesses[0].description == f"every number is {factor:g} times what it should be"


@pytest.mark.parametrize("narrower", [FLOAT16, BFLOAT16], ids=lambda one: one.name)
def test_the_bound_holds_what_keeps_numbers_in_half_precision(narrower):
    """Whatever is kept, and of batches far from 0 and near to it, too; and the bound says something."""
    export = load()
    definition = export.definition("BatchNorm.backwardGamma")
    against = comparison(definition, Arithmetic(compute=FORMATS["float32"], storage=narrower), export)
    way = programs_of(definition.name, export.definitions)
    for seed, offset in enumerate((0.25, 30.0)):
        y, g = batches(narrower, seed)
        y = narrower.rounded_each(y + offset)
        layout = layout_of(definition.name, {"y": y.shape, "g": g.shape}, -1)
        found, values = None, {"y": y, "g": g, "ε": np.full(2, EPS)}
        for kept in KEEPS.values():
            got = narrower.rounded_each(gradient(y, g, kept, narrower))
            table = table_of(definition, layout, values, got, "", {})
            (judgement,) = judge([table], against)
            found = found or _bound(judgement, slice(0, 2), way)
            assert (found.distance(got[np.newaxis])[0] <= found.allowed[1]).all(), (offset, kept)
        assert (found.allowed[1] < found.value.scale[0] / 2).all()


FACTORS = {
    "1.5": (1.5, "every number is 1.5 times what it should be"),
    "a half": (0.5, "every number is 0.5 times what it should be"),
    "0": (0.0, "every number is 0"),
}


@pytest.mark.parametrize("size", [512, SIZE])
@pytest.mark.parametrize(("factor", "said"), FACTORS.values(), ids=FACTORS)
def test_a_plain_factor_of_one_number_is_said_beside_lost_digits(factor, said, size):
    """One channel, of which half precision might leave no digit: no change is named on so little."""
    rng = np.random.default_rng(0)
    y, g = (FLOAT16.rounded_each(rng.standard_normal((1, size))) for _ in range(2))
    error = said_of(factor * gradient(y, g), y.astype(np.float16), g.astype(np.float16))
    assert isinstance(error.outcome, NotTold)
    assert str(error).startswith(f"BatchNorm.backwardGamma: {said}"), str(error).splitlines()[0]
    assert [one.description for one in error.outcome.guesses] == [said]
