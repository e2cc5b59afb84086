"""Wrong layers, each of a kind that somebody has written, and the first line of what is said of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy_layers as right
import pytest

from pybridge.errors import InputError
from pybridge.testing import KernelError, assert_kernel, assert_layer, check_layer

FEW = ("plain", "small-spread", "tiny-spread", "N=17")


def failed(layer: str, **options: Any) -> str:
    """What is said of a wrong layer."""
    with pytest.raises(KernelError) as error:
        assert_layer(layer, **options)
    return str(error.value)


def first(layer: str, **options: Any) -> str:
    """Its first line."""
    return failed(layer, **options).splitlines()[0]


def test_padding_that_is_let_into_the_variance():
    """K1: right at powers of two."""

    def forward(x, gamma, beta, eps):
        size = 1 << (x.shape[1] - 1).bit_length()
        padded = np.zeros((len(x), size), x.dtype)
        padded[:, : x.shape[1]] = x
        mean = padded.sum(1, keepdims=True) / x.shape[1]
        variance = ((padded - mean) ** 2).sum(1, keepdims=True) / x.shape[1]
        return gamma * (x - mean) / np.sqrt(variance + eps) + beta

    assert np.allclose(forward(np.array([[1.0, 2.0, 4.0]]), 1.0, 0.0, 1e-5), [[-0.726, -0.182, 0.908]], atol=1e-3)
    said = failed("LayerNorm", forward=forward, eps=1e-5, arrays={"x": [[1.0, 2.0, 4.0]], "g": [[1.0, 1.0, 1.0]]})
    assert "should be 1.336" in said or "should be -1.069" in said
    said = first("LayerNorm", forward=forward, eps=1e-5, only=("plain", "D=2", "D=7"))
    assert "zeros that fill up to the next power of two are let into a sum in variance" in said


@pytest.mark.parametrize(("block", "longer"), [(8, "N=17"), (32, "N=127"), (256, "N=1000"), (1024, "N=1025")])
def test_blocks_that_are_lost(block, longer):
    """K2: no sum is right by its first block alone; of 1025 entries that is all but the last."""

    def backward(dout, cache):
        dx, dgamma, _ = right.BATCH.backward(dout, cache)
        return dx, dgamma, dout[:block].sum(0)

    said = first("BatchNorm", forward=right.BATCH.forward, backward=backward, eps=1e-3, only=("plain", longer))
    assert f"∂β: only the first block of {block} entries is summed" in said or (block == 1024 and "an incomplete block" in said)


def storage_order(array):
    """The entries of an array's base, as many as it has, in the order in which they are stored."""
    base = array
    while base.base is not None:
        base = base.base
    return np.asarray(base).reshape(-1)[: array.size].reshape(array.shape)


def test_views_that_are_read_in_storage_order():
    """K3: right on contiguous arrays."""

    def backward(dout, cache):
        return right.BATCH.backward(storage_order(dout), cache)

    said = first("BatchNorm", forward=right.BATCH.forward, backward=backward, eps=1e-3, only=("plain", "strided", "shifted"))
    assert "g is read as if it were contiguous (off only in shifted and strided views)" in said


def test_a_clamped_factor():
    """K5: ŷ recovered from the output."""

    def backward(dout, x, gamma, eps):
        std = np.sqrt(x.var(1, keepdims=True) + eps)
        z = gamma * (x - x.mean(1, keepdims=True)) / std
        recovered = z / np.where(np.abs(gamma) < 1e-2, 1e-2, gamma)
        passed = dout * gamma
        return (passed - passed.mean(1, keepdims=True) - recovered * (passed * recovered).mean(1, keepdims=True)) / std

    arrays = {"x": [[0.0, 1.0, 3.0, -2.0]], "g": [[1.0, -1.0, 2.0, 0.5]], "gamma": [1.0, 0.0, 2.0, -1.0]}
    said = failed("LayerNorm", backward=backward, eps=1e-5, outputs="dx", arrays=arrays)
    assert "[0, 1] of own (1, 4): the caller's arrays: is -0.62" in said
    assert "should be -0.85" in said
    said = first("LayerNorm", backward=backward, eps=1e-5, outputs="dx", only=("plain", "gamma", "D=17"))
    assert "γ has entries that are 0, tiny or large: is anything divided by γ, or γ clamped?" in said


def test_statistics_over_the_wrong_axes():
    """K6, K9: over the whole array, and over rows for columns; also of images."""
    whole = right.Layer((0, 1), (-1,))
    said = first("LayerNorm", forward=whole.forward, eps=1e-3, only=FEW)
    assert "mean and variance are over N and D, not over D" in said
    said = first("LayerNorm", forward=right.Layer((0,), (-1,)).forward, eps=1e-3, only=FEW)
    assert "mean and variance are over N, not over D" in said
    said = first("BatchNorm", forward=right.INSTANCE.forward, layout="NCHW", eps=1e-3, only=("plain", "N=5"))
    assert "mean and variance are over H and W, not over N, H and W" in said

    def one_group(x, gamma, beta, eps):
        return right.group_forward(x, gamma, beta, eps, 1)[0]

    said = first("GroupNorm", forward=one_group, groups=2, only="plain")
    assert "the channels are put into 1 group, not 2" in said


def test_a_shape_is_the_kernel_s_fault(known):
    """K7: a gradient of γ for each row; the other outputs are compared all the same."""

    def backward(dout, cache):
        dx, _, dbeta = right.LAYER.backward(dout, cache)
        return dx, (dout * dout).sum(axis=1), dbeta

    options = {"forward": right.LAYER.forward, "backward": backward, "eps": 1e-3, "only": ("plain", "D=17"), "export": known}
    said = failed("LayerNorm", **options)
    assert said.startswith("LayerNorm: ∂γ has shape (3,), and should have (5,), x being (3, 5): there is one for each N; ")
    assert "right: the output, ∂x, ∂β" in said
    found = check_layer("LayerNorm", **options)
    assert [one.kind for one in found.faults] == ["shape"]
    assert found.by_name["dx"].right


def test_wrong_sums_over_the_rows(known):
    """K7: ∂γ of LayerNorm and RMSNorm."""

    def backward(dout, cache):
        dx, dgamma, dbeta = right.LAYER.backward(dout, cache)
        return dx, dgamma / len(dout), dbeta

    said = first("LayerNorm", forward=right.LAYER.forward, backward=backward, eps=1e-3, only=FEW, export=known)
    assert "∂γ: " in said
    assert "divided by" in said


def test_forward_and_backward_belong_together():
    """K8: a forward with √variance + ε, a backward for √(variance + ε)."""
    apart = right.Layer((0,), (1,), scale=lambda v, e: np.sqrt(v) + e, backward_scale=right.root)
    said = failed("BatchNorm", forward=apart.forward, backward=apart.backward, eps=1e-3, only=FEW)
    assert said.startswith("BatchNorm: the output: in BatchNorm.scale, `ε` stands outside the root")
    assert "right: ∂x, ∂γ, ∂β" in said


def test_arguments_that_are_overwritten():
    """K10: said by name."""

    def forward(x, gamma, beta, eps):
        x -= x.mean(0)
        return gamma * x / np.sqrt(x.var(0) + eps) + beta

    said = first("BatchNorm", forward=forward, eps=1e-3, only=FEW)
    assert said.startswith("BatchNorm: its argument x is overwritten (on plain (5, 3) and 3 others)")


def test_a_layout_is_read_for_the_layer_at_hand():
    """K11: an unclear one is asked back, and no right kernel is blamed."""

    def layer_norm(x, g, gamma, eps):
        return right.LAYER.backward(g, (x, gamma, eps))[0]

    with pytest.raises(InputError, match=r"of one sample.*use assert_layer\(\"LayerNorm\""):
        assert_kernel(layer_norm, "LayerNorm.backward", layout="NC")
    with pytest.raises(InputError, match="has no channel"):
        assert_kernel(lambda y, g, gamma, eps: right.BATCH.backward(g, (y, gamma, eps))[0], layout="ND")
    with pytest.raises(InputError, match="normalized over C alone, or over CHW"):
        check_layer("LayerNorm", forward=right.LAYER.forward, layout="NCHW")
    with pytest.raises(InputError, match="which axis is the channel"):
        check_layer("BatchNorm", forward=right.BATCH.forward, layout="NHW")


def test_what_a_kernel_raises_on_some_lengths():
    """Is reported, with what to do; where the first batch raises, it comes through."""

    def forward(x, gamma, beta, eps):
        if x.shape[0] > 8:
            raise ValueError("too long")
        return right.BATCH.forward(x, gamma, beta, eps)

    said = first("BatchNorm", forward=forward, eps=1e-3, only=FEW)
    assert said.startswith("BatchNorm: it raises ValueError: too long (on N=17 (17, 5))")
    assert "pass sizes=" in said
    with pytest.raises(ValueError, match="too long"):
        assert_layer("BatchNorm", forward=forward, eps=1e-3, only="N=17")


def test_nan_of_one_channel_touches_the_others():
    """A mean over all channels spreads it."""

    def forward(x, gamma, beta, eps):
        out = right.BATCH.forward(x, gamma, beta, eps)[0]
        return out * (1 + 0 * x.sum())

    said = first("BatchNorm", forward=forward, eps=1e-3, only=("plain", "nan"))
    assert "another batch has a NaN, which must not touch the others" in said


def test_one_layer_passed_off_as_another():
    """A LayerNorm in place of an RMSNorm: the namespaces are said."""
    said = first("RMSNorm", forward=lambda x, gamma, eps: right.LAYER.forward(x, gamma, 0 * gamma, eps)[0], eps=1e-3, only=FEW)
    assert "`BatchNorm.normalize` is called in place of `RMSNorm.normalize`" in said


def test_gamma_outside_of_the_sums():
    """LayerNorm's ∂x as γ times the gradient of γ = 1."""

    def backward(dout, x, gamma, eps):
        return gamma * right.LAYER.backward(dout, (x, np.ones_like(gamma), eps))[0]

    said = first("LayerNorm", backward=backward, outputs="dx", eps=1e-3, only=FEW)
    assert "γ is multiplied in outside, and belongs inside" in said


def test_a_factor_is_no_narrow_format():
    """x̂ times 1.1, in float32, at m = 40: no other format is named."""

    def forward(x, gamma, beta, eps):
        out = right.BATCH.forward(x, gamma, beta, eps)[0]
        return (x.dtype.type(1.1) * (out - beta) + beta).astype(x.dtype)

    said = failed("BatchNorm", forward=forward, dtype="float32", sizes={"N": (40,)}, eps=1e-3, only=("plain", "small-spread"))
    assert "the normalized part of every number, without β, is 1.1 times what it should be" in said.splitlines()[0]
    assert "float16" not in said


CALLS = {
    "no pass": ({"layer": "BatchNorm"}, "neither a forward nor a backward pass"),
    "unknown": ({"layer": "Norm", "forward": len}, "no layer is called 'Norm'"),
    "object": ({"layer": object()}, "which layer a object is is not known"),
    "argument": (
        {"layer": "BatchNorm", "forward": lambda x, momentum: x * momentum},
        "takes 'momentum', and what that is is not known",
    ),
    "cache": ({"layer": "BatchNorm", "backward": lambda dout, cache: dout * cache}, "returned nothing to hand on"),
    "groups": ({"layer": "GroupNorm", "forward": lambda x: x}, "groups is None"),
    "outputs": ({"layer": "BatchNorm", "forward": lambda x: x, "outputs": ("dx",)}, "there is no dx"),
    "sizes": ({"layer": "BatchNorm", "forward": lambda x: x, "sizes": 5}, "sizes is 5"),
    "arrays": ({"layer": "BatchNorm", "forward": lambda x: x, "arrays": {"g": [1.0]}}, "arrays has no x"),
    "only": ({"layer": "BatchNorm", "forward": lambda x: x, "only": "all"}, "only is 'all'"),
    "layout": ({"layer": "BatchNorm", "forward": lambda x: x, "layout": "nc"}, "the layout 'nc' is none"),
}


@pytest.mark.parametrize(("given", "said"), CALLS.values(), ids=CALLS)
def test_calls_that_are_wrong_are_refused(given, said):
    """In one line."""
    with pytest.raises(InputError, match=said) as error:
        check_layer(**given)
    assert "\n" not in str(error.value)


def test_groups_that_are_interleaved():
    """Right where there are as many channels as groups."""

    def forward(x, gamma, beta, eps):
        samples, channels, height, width = x.shape
        split = x.reshape(samples, channels // 2, 2, height, width)
        mean, variance = split.mean((1, 3, 4), keepdims=True), split.var((1, 3, 4), keepdims=True)
        hat = ((split - mean) / np.sqrt(variance + eps)).reshape(x.shape)
        return gamma[:, None, None] * hat + beta[:, None, None]

    said = first("GroupNorm", forward=forward, groups=2, eps=1e-3, only=("plain", "N=17", "C=2"))
    assert "the groups are interleaved: every second channel is in one group, not channels that follow each other" in said
