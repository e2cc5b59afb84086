"""What is said of a layer: in its own words, by one name for one slip, and no more than its numbers are evidence of."""

from __future__ import annotations

import numpy as np
import pytest

from pybridge.testing import KernelError, assert_kernel, assert_layer

FEW = ("plain", "small-spread", "gamma")
AXES = {"LayerNorm": (1,), "InstanceNorm": (2, 3), "GroupNorm": (2, 3, 4)}
HAT = {
    "LayerNorm": "in LayerNorm.Layer.backwardGamma, the output `γ ŷ + β` stands for the normalized row `ŷ`",
    "InstanceNorm": "in InstanceNorm.Layer.backwardGamma, the output `γ ŷ + β` stands for the normalized channel `ŷ`",
    "GroupNorm": "in GroupNorm.Layer.backwardGamma, the output `γ ŷ + β` stands for the normalized group `ŷ`",
}


def passes(name, of_output):
    """A layer whose ∂γ may be computed of its output."""
    axes = AXES[name]

    def spread(parameter):
        return parameter if name == "LayerNorm" else parameter[:, None, None]

    def apart(x):
        return x.reshape(len(x), 2, -1, *x.shape[2:]) if name == "GroupNorm" else x

    def hat(x, eps):
        taken = apart(x)
        centred = taken - taken.mean(axes, keepdims=True)
        return (centred / np.sqrt(taken.var(axes, keepdims=True) + eps)).reshape(x.shape)

    def forward(x, gamma, beta, eps):
        return spread(gamma) * hat(x, eps) + spread(beta), (hat(x, eps), gamma, beta)

    def backward(dout, cache):
        normalized, gamma, beta = cache
        taken = spread(gamma) * normalized + spread(beta) if of_output else normalized
        rest = tuple(k for k in range(dout.ndim) if k != 1)
        return dout, (dout * taken).sum(rest), dout.sum(rest)

    return {"forward": forward, "backward": backward}


def first(layer, **options):
    """The first line of what is said."""
    with pytest.raises(KernelError) as failed, np.errstate(all="ignore"):
        assert_layer(layer, **{"eps": 1e-3, "only": FEW, **options})
    return str(failed.value).splitlines()[0]


@pytest.mark.parametrize("name", HAT)
def test_a_gradient_of_gamma_from_the_output_is_named_in_every_layer(name):
    """At the places of the parameters; and without the slip ∂γ is right."""
    groups = {"groups": 2} if name == "GroupNorm" else {}
    assert f"∂γ: {HAT[name]} (all" in first(name, **passes(name, of_output=True), outputs=("dgamma",), **groups)
    assert_layer(name, **passes(name, of_output=False), outputs=("dgamma",), eps=1e-3, only=FEW, **groups)


def over(number, axis=0, *, mean=False):
    """A forward pass with m + number for m in the variance, or in the mean."""

    def forward(x, gamma, beta, eps):
        size = x.shape[axis]
        centred = x - x.sum(axis, keepdims=True) / (size + number * mean)
        variance = (centred**2).sum(axis, keepdims=True) / (size + number * (not mean))
        return gamma * centred / np.sqrt(variance + eps) + beta

    return {"forward": forward, "outputs": ("forward",)}


SIZES = {
    "m + 1 in the variance": ("BatchNorm", over(1), "in BatchNorm.variance, the size m of the batch is m + 1 ("),
    "m + 1 in the mean": ("BatchNorm", over(1, mean=True), "in BatchNorm.mean, the size m of the batch is m + 1 ("),
    "m - 2 in the variance": ("BatchNorm", over(-2), "in BatchNorm.variance, the size m of the batch is m - 2 ("),
    "m + 1 features": ("LayerNorm", over(1, -1), "in variance, the number m of features of a row is m + 1 ("),
    "m - 1 features": ("LayerNorm", over(-1, -1), "in variance, the number m of features of a row is m - 1 ("),
}


@pytest.mark.parametrize(("layer", "options", "said"), SIZES.values(), ids=SIZES)
def test_another_size_is_said_as_it_is(layer, options, said):
    """Not as two slips, the second of which is made in the first; and of a row where there is no batch."""
    assert f"{layer}: the output: {said}" in first(layer, **options, sizes={"N": (6, 9)} if "- 2" in said else None)


def test_elements_of_a_group():
    """What is normalized together in GroupNorm."""

    def forward(x, gamma, beta, eps):
        rows = x.reshape(len(x), 2, -1)
        size = rows.shape[-1]
        centred = rows - rows.mean(-1, keepdims=True)
        hat = centred / np.sqrt((centred**2).sum(-1, keepdims=True) / (size - 1) + eps)
        return gamma[:, None, None] * hat.reshape(x.shape) + beta[:, None, None]

    assert "the number m of elements of a group is m - 1" in first("GroupNorm", forward=forward, groups=2)


def test_rows_that_are_summed_are_a_batch_in_every_layer():
    """∂β of LayerNorm is a sum over rows, the last of which is no feature."""
    right = passes("LayerNorm", of_output=False)

    def backward(dout, cache):
        return dout, right["backward"](dout, cache)[1], dout[:-1].sum(0)

    line = first("LayerNorm", forward=right["forward"], backward=backward, outputs=("dbeta",))
    assert "∂β: the last entry of the batch is left out" in line


def test_what_the_first_call_raises_comes_with_what_it_was_given():
    """As it is; the note says how to name the lengths that a kernel takes."""

    def forward(x, gamma, beta):
        return gamma * (x @ np.eye(7)) + beta

    with pytest.raises(ValueError, match="matmul") as failed:
        assert_layer("LayerNorm", forward=forward, eps=1e-5)
    (note,) = failed.value.__notes__
    assert "called it with N = 3, D = 5" in note
    assert 'sizes={"D": (64, 128)}' in note

    def kernel(y, g, gamma, eps):  # noqa: ARG001
        raise RuntimeError("seven only")

    with pytest.raises(RuntimeError, match="seven only") as refused:
        assert_kernel(kernel, "BatchNorm.backward", layout="NC", dtype="float64", eps=1e-5)
    assert "sizes=" in refused.value.__notes__[0]
