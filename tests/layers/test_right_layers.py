"""Right layers in NumPy pass, in every layout, format and way to return what they return."""

from __future__ import annotations

import time

import numpy as np
import numpy_layers as right
import pytest

from pybridge.layers.report import lines
from pybridge.testing import WithinBound, assert_layer, check_layer

FEW = ("plain", "tiny-spread", "gamma", "nan", "strided")
LAYERS = {
    "BatchNorm": ("BatchNorm", right.BATCH.forward, right.BATCH.backward, {}),
    "BatchNorm of features": ("BatchNorm", right.BATCH.forward, right.BATCH.backward, {"layout": "ND"}),
    "BatchNorm of images": ("BatchNorm", right.BATCH_IMAGES.forward, right.BATCH_IMAGES.backward, {"layout": "NCHW"}),
    "LayerNorm": ("LayerNorm", right.LAYER.forward, right.LAYER.backward, {}),
    "LayerNorm, its layout as that of channels": ("LayerNorm", right.LAYER.forward, right.LAYER.backward, {"layout": "NC"}),
    "LayerNorm of sequences": ("layer_norm", right.LAYER.forward, right.LAYER.backward, {"layout": "NTD"}),
    "RMSNorm": ("RMSNorm", right.RMS.forward_rms, right.RMS.backward_rms, {}),
    "InstanceNorm": ("InstanceNorm", right.INSTANCE.forward, right.INSTANCE.backward, {}),
    "GroupNorm": ("GroupNorm", right.group_forward, right.group_backward, {"groups": 2}),
}


@pytest.mark.parametrize(("layer", "forward", "backward", "options"), LAYERS.values(), ids=LAYERS)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_right_layers_pass(layer, forward, backward, options, dtype, known):
    """All outputs, on a few of the batches."""
    found = check_layer(layer, forward=forward, backward=backward, dtype=dtype, eps=1e-3, only=FEW, export=known, **options)
    assert found.right, lines(found)
    assert all(isinstance(one.finding.outcome, WithinBound) for one in found.outputs)
    assert len(found.outputs) == (3 if layer == "RMSNorm" else 4)


def test_all_batches_of_a_course_s_layers(known):
    """As docs/testing.md has them; the whole run takes seconds, and every length is among the batches."""
    begun = time.process_time()
    found = assert_layer(
        "BatchNorm",
        forward=lambda x, gamma, beta, eps: right.batchnorm_forward(x, gamma, beta, {"mode": "train", "eps": eps}),
        backward=right.batchnorm_backward,
    )
    assert time.process_time() - begun < 30
    lengths = {probe.lengths["N"] for probe in found.probes}
    assert lengths >= {1, 2, 3, 5, 7, 17, 31, 33, 127, 129, 257, 1000, 1025}
    said = "\n".join(lines(found))
    assert said.startswith("BatchNorm: the output, ∂x, ∂γ, ∂β are right in float64, on ")
    assert "layout NC: normalized over N; γ of (C)" in said
    assert "would have been seen" in said
    layer_norm = assert_layer(
        "LayerNorm",
        forward=lambda x, gamma, beta: right.layernorm_forward(x, gamma, beta, {}),
        backward=right.layernorm_backward,
        export=known,
    )
    assert layer_norm.eps == 1e-5
    assert layer_norm.eps_found


def test_keepdims_shapes_and_names_are_taken(known):
    """A gradient of γ of shape (1, C) or (1, C, 1, 1), and results by name."""

    def kept(dout, cache):
        dx, dgamma, dbeta = right.BATCH_IMAGES.backward(dout, cache)
        return {"dx": dx, "dweight": dgamma[None, :, None, None], "dbias": dbeta[None, :, None, None]}

    assert_layer(
        "BatchNorm", forward=right.BATCH_IMAGES.forward, backward=kept, layout="NCHW", eps=1e-3, only=FEW, export=known
    )


def names_of_torch(input, weight, bias, epsilon):  # noqa: A002
    """The names that torch's users write."""
    return right.BATCH.forward(input, weight, bias, epsilon)


def backward_of_torch(grad_output, input, weight, epsilon):  # noqa: A002
    """Without a cache."""
    return right.BATCH.backward(grad_output, (input, weight, epsilon))


def test_the_usual_names_are_understood():
    """Of arguments, with and without a cache."""
    assert_layer("BatchNorm", forward=names_of_torch, backward=backward_of_torch, eps=1e-3, only=FEW)
    assert_layer("BatchNorm", backward=backward_of_torch, eps=1e-3, only=FEW)
    assert_layer("BatchNorm", forward=names_of_torch, eps=1e-3, only=FEW)
    alone = lambda dy, x, w, eps: backward_of_torch(dy, x, w, eps)[0]  # noqa: E731
    assert_layer("BatchNorm", backward=alone, eps=1e-3, only=FEW, outputs=("dx",))


def test_without_parameters(known):
    """affine=False: γ is 1 and β is 0."""

    def forward(x, eps):
        return right.INSTANCE.forward(x, np.ones(x.shape[1], x.dtype), np.zeros(x.shape[1], x.dtype), eps)

    found = assert_layer(
        "InstanceNorm",
        forward=forward,
        backward=lambda dy, cache: right.INSTANCE.backward(dy, cache)[0],
        affine=False,
        only=FEW,
    )
    assert [one.name for one in found.outputs] == ["forward", "dx"]
    assert known is not None


@pytest.mark.parametrize("eps", [1e-3, 1e-6, 1e-12, 0.0])
def test_a_hard_coded_eps_is_found_out(eps):
    """From the numbers, where nobody says it."""

    def forward(x, gamma, beta):
        with np.errstate(all="ignore"):
            return right.BATCH.forward(x, gamma, beta, eps)[0]

    found = check_layer("BatchNorm", forward=forward, only=("plain",))
    assert (found.eps, found.eps_found, found.right) == (eps, True, True)


def test_sizes_and_arrays_of_ones_own(known):
    """A kernel that takes some lengths only, and arrays that are given."""

    def forward(x, gamma, beta, eps):
        if x.shape[-1] not in (64, 128):
            raise ValueError("64 or 128")
        return right.LAYER.forward(x, gamma, beta, eps)

    found = assert_layer("LayerNorm", forward=forward, sizes={"D": (64, 128)}, eps=1e-5)
    assert {probe.lengths["D"] for probe in found.probes} == {64, 128}
    x = np.array([[1.0, 2.0, 4.0], [0.0, 3.0, -1.0]])
    assert_layer(
        "LayerNorm",
        forward=right.LAYER.forward,
        backward=right.LAYER.backward,
        eps=1e-5,
        arrays={"x": x, "dout": x[::-1], "gamma": np.array([1.0, 2.0, 0.5])},
        export=known,
    )
