"""What is said of kernels that are wrong: another function, digits lost, or that the numbers do not tell."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pytest

from pybridge.errors import InputError
from pybridge.kernels import cancellation, diagnosis
from pybridge.kernels.report import lines
from pybridge.testing import (
    AnotherFunction,
    KernelError,
    LosesDigits,
    NotTold,
    WithinBound,
    assert_computes,
    assert_kernel,
    check_kernel,
)

AXES = (0, 2, 3)


def normalizing(y, g, gamma, eps, *, variance, scale=None):
    """The gradient with another variance, or another scale of the variance and ε."""
    shape = (1, -1) + (1,) * (y.ndim - 2) if y.ndim > 1 else ()
    axes = tuple(k for k in range(y.ndim) if k != 1)
    centred = y - y.mean(axes, keepdims=True)
    spread = variance(y, centred, axes)
    eps = y.dtype.type(eps)
    sigma = np.sqrt(spread + eps) if scale is None else scale(spread, eps)
    hat = centred / sigma
    inner = (g * hat).mean(axes, keepdims=True)
    return (np.reshape(gamma, shape) / sigma * (g - g.mean(axes, keepdims=True) - hat * inner)).astype(y.dtype)


def two_pass(y, centred, axes):  # noqa: ARG001
    """The variance of the centred batch."""
    return (centred**2).mean(axes, keepdims=True)


def one_pass(y, centred, axes):  # noqa: ARG001
    """Mean of squares less square of mean, at least 0."""
    return np.maximum((y * y).mean(axes, keepdims=True) - y.mean(axes, keepdims=True) ** 2, 0)


def unclipped(y, centred, axes):  # noqa: ARG001
    """The same, negative at times."""
    return (y * y).mean(axes, keepdims=True) - y.mean(axes, keepdims=True) ** 2


@pytest.mark.parametrize("seed", [0, 3])
@pytest.mark.parametrize("eps", [1e-5, 0.0])
@pytest.mark.parametrize("variance", [one_pass, unclipped])
def test_digits_are_lost_whatever_is_left_of_them(variance, eps, seed):
    """Also where the variance comes out as 0 or less: the infinities and NaN of that are no other function."""
    with np.errstate(all="ignore"):
        found = check_kernel(lambda **given: normalizing(**given, variance=variance), layout="NCHW", eps=eps, seed=seed)
    assert isinstance(found.outcome, LosesDigits)
    assert not found.outcome.narrower


OTHER_SCALES = {
    "ε outside the root": (lambda spread, eps: np.sqrt(spread) + eps, "becomes √(variance(y)) + ε"),
    "the opposite": (lambda spread, eps: -np.sqrt(spread + eps), "becomes (-"),
}


@pytest.mark.parametrize(("scale", "guess"), OTHER_SCALES.values(), ids=OTHER_SCALES)
def test_what_mutants_know_is_guessed(scale, guess):
    """Changes that only the mutants of the definitions have."""
    found = check_kernel(lambda **given: normalizing(**given, variance=two_pass, scale=scale), layout="NCHW")
    assert isinstance(found.outcome, AnotherFunction)
    assert any(guess in one.description for one in found.outcome.guesses)


def test_gamma_forgotten_and_statistics_taken_for_constants(kernels):
    """The two that are likeliest in a layer written by hand."""
    forgotten = check_kernel(lambda gamma, **given: kernels.backward(gamma=np.ones_like(gamma), **given), layout="NCHW")
    assert isinstance(forgotten.outcome, AnotherFunction)
    assert forgotten.outcome.guesses[0].description == "in BatchNorm.backward, the factor `γ` is missing"

    def constant(y, g, gamma, eps):
        return gamma[None, :, None, None] / np.sqrt(y.var(AXES, keepdims=True) + y.dtype.type(eps)) * g

    found = check_kernel(constant, layout="NCHW")
    assert isinstance(found.outcome, AnotherFunction)
    assert "taken for constants" in found.outcome.guesses[0].description


def layer_norm(x, g, gamma, eps, *, one_pass=False, eps_forgotten=False):
    """The gradient of layer normalization for one sample."""
    spread = max((x * x).mean() - x.mean() ** 2, x.dtype.type(0)) if one_pass else x.var()
    sigma = np.sqrt(spread + (0 if eps_forgotten else x.dtype.type(eps)))
    hat, passed = (x - x.mean()) / sigma, g * gamma
    return ((passed - passed.mean() - hat * (passed * hat).mean()) / sigma).astype(x.dtype)


def rms_norm(y, g, gamma, eps, *, eps_forgotten=False):
    """The gradient of RMS normalization for one sample."""
    sigma = np.sqrt((y * y).mean() + (0 if eps_forgotten else y.dtype.type(eps)))
    hat, passed = y / sigma, g * gamma
    return ((passed - hat * (passed * hat).mean()) / sigma).astype(y.dtype)


@pytest.mark.parametrize(
    ("kernel", "definition", "expected"),
    [
        (layer_norm, "LayerNorm.backward", WithinBound),
        (partial(layer_norm, one_pass=True), "LayerNorm.backward", LosesDigits),
        (partial(layer_norm, eps_forgotten=True), "LayerNorm.backward", AnotherFunction),
        (rms_norm, "RMSNorm.backward", WithinBound),
        (partial(rms_norm, eps_forgotten=True), "RMSNorm.backward", AnotherFunction),
    ],
    ids=["layer", "layer, one pass", "layer, ε forgotten", "RMS", "RMS, ε forgotten"],
)
@pytest.mark.parametrize("eps", [1e-5, 1e-6])
def test_offset_and_spread_are_those_of_what_is_normalized(kernel, definition, expected, eps):
    """Of x, though γ is a vector too and stands before it."""
    found = check_kernel(kernel, definition, layout="N", eps=eps)
    assert isinstance(found.outcome, expected)


@pytest.fixture
def far():
    """A batch of eight far from 0, in float32, of which a one-pass variance leaves no digit."""
    rng = np.random.default_rng(2)
    y, g = (4096 + rng.normal(size=8)).astype(np.float32), rng.normal(size=8).astype(np.float32)
    return {"y": y, "g": g, "gamma": np.float32(1.5), "eps": 1e-5}


def outcome_of(dy, given):
    """What `assert_computes` finds."""
    with pytest.raises(KernelError) as failed:
        assert_computes("backward", dy, **given)
    return failed.value.outcome


def test_where_no_digit_is_left_the_variance_has_to_be_what_is_off(far):
    """One pass gives the definition with another variance; the opposite, 0 and g itself are not called a loss of digits."""
    dy = normalizing(**far, variance=one_pass)
    assert outcome_of(dy, far) == LosesDigits(share=math.inf)
    for other in (-normalizing(**far, variance=two_pass), np.zeros_like(dy), far["g"], far["g"][::-1].copy()):
        assert not isinstance(outcome_of(other, far), LosesDigits)


def test_what_fits_both_ways_is_not_told(far):
    """The variance of a batch far from 0 that comes out as 0 may have been left out: both are said."""
    dy = normalizing(**far, variance=lambda y, centred, axes: np.float32(0))  # noqa: ARG005
    with pytest.raises(KernelError) as failed:
        assert_computes("backward", dy, **far)
    outcome = failed.value.outcome
    assert isinstance(outcome, NotTold)
    assert outcome.loses == (LosesDigits(share=math.inf),)
    assert outcome.guesses[0].description == "in BatchNorm.scale, `variance(y) +` is missing"
    for part in ("do not tell", "in one pass", "`variance(y) +` is missing"):
        assert part in str(failed.value)


def test_what_one_pass_would_leave_nothing_of_is_not_told(far):
    """Numbers that are neither a change nor another variance, where expanded squares would allow any."""
    outcome = outcome_of(far["g"][::-1].copy(), far)
    assert isinstance(outcome, NotTold)
    assert outcome.why.startswith("squares expanded in one pass would leave no digit here")


def test_arithmetic_narrower_than_the_result(kernels):
    """A float64 result whose numbers are all of float32 was made there; one only its variance was made in is not told."""

    def inside(y, g, gamma, eps):
        return kernels.backward(*(array.astype(np.float32) for array in (y, g, gamma)), eps).astype(np.float64)

    found = check_kernel(inside, layout="NCHW", dtype="float64")
    assert isinstance(found.outcome, LosesDigits)
    assert found.outcome.narrower == "float32"
    assert 'pass compute="float32"' in "\n".join(lines(found))

    def partly(y, centred, axes):  # noqa: ARG001
        return centred.astype(np.float32).var(axes, keepdims=True).astype(np.float64)

    found = check_kernel(lambda **given: normalizing(**given, variance=partly), layout="NCHW", dtype="float64")
    assert isinstance(found.outcome, NotTold)
    assert [way.narrower for way in found.outcome.loses] == ["float32"]


def test_half_precision_throughout(kernels):
    """Right but in float16: digits are lost. With a wrong sign, the guess is found in that format; 1/σ² overflows it."""
    right = check_kernel(kernels.backward, layout="NCHW", dtype="float16")
    assert isinstance(right.outcome, LosesDigits)
    assert right.outcome.narrower == "float16"
    assert f"less than {right.outcome.share:.2g} of the scale" in "\n".join(lines(right))
    wrong = check_kernel(kernels.mean_of_g_forgotten, layout="NCHW", dtype="float16")
    assert isinstance(wrong.outcome, AnotherFunction)
    assert wrong.outcome.guesses[0].description == "in BatchNorm.backward, `- ∑ k, g[k]` is missing"

    def squared(y, g, gamma, eps):
        centred = y - y.mean(AXES, keepdims=True)
        inverse = 1 / np.sqrt((centred**2).mean(AXES, keepdims=True) + y.dtype.type(eps))
        inner = (g * centred).mean(AXES, keepdims=True)
        return gamma[None, :, None, None] * inverse * (g - g.mean(AXES, keepdims=True) - centred * (inverse * inverse) * inner)

    with np.errstate(all="ignore"):
        spoilt = check_kernel(squared, layout="NCHW", dtype="float16")
    assert isinstance(spoilt.outcome, NotTold)
    assert "overflow float16 (above 65504)" in spoilt.outcome.why


def test_infinities_alone_are_not_told(kernels):
    """A right kernel that returns an infinity on one batch."""

    def spoilt(y, g, gamma, eps):
        dy = kernels.backward(y, g, gamma, eps)
        return np.where(y.std() < 1e-3, dy.dtype.type(np.inf), dy)

    found = check_kernel(spoilt, layout="NCHW")
    assert isinstance(found.outcome, NotTold)
    assert found.outcome.why.startswith("all that is finite is right")


def test_too_many_numbers_to_say_what_it_is():
    """It fails all the same, and asks for fewer."""
    y = np.random.default_rng(0).normal(size=5000).astype(np.float32)
    with pytest.raises(KernelError, match="give fewer") as failed:
        assert_computes("mean", np.float32(9), y=y)
    assert isinstance(failed.value.outcome, NotTold)


def test_shapes_that_a_kernel_returns(kernels):
    """One number for each channel may keep the axes of the batch; a gradient may not lose any, and the batch is named."""
    assert_kernel(lambda y: y.mean(AXES, keepdims=True), "mean", layout="NCHW")
    with pytest.raises(InputError, match=r"on plain, the computed array has shape \(5,\).*; return an array of that shape"):
        assert_kernel(lambda **given: kernels.backward(**given)[:, 0, 0, 0], layout="NCHW")


def test_no_batch_is_no_agreement():
    """Arrays without any batch in them compare nothing."""
    empty = np.zeros((4, 0), np.float32)
    with pytest.raises(InputError, match="there is no batch"):
        assert_computes("backward", empty, y=empty, g=empty, gamma=1.0, eps=1e-5, axis=0)


def test_the_search_for_a_lost_variance_lowers_the_definition_once(monkeypatch):
    """For each row, whatever numbers are tried in place of the variance."""
    made, rows = [], []
    lowering, cancelled = cancellation.Lowering, diagnosis.cancelled
    monkeypatch.setattr(cancellation, "Lowering", lambda *given: made.append(1) or lowering(*given))
    monkeypatch.setattr(diagnosis, "cancelled", lambda *given: rows.append(1) or cancelled(*given))
    test_digits_are_lost_whatever_is_left_of_them(one_pass, 0.0, 0)
    assert 0 < len(made) <= len(rows)
