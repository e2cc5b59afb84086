"""A pass that takes ε uses it."""

from __future__ import annotations

import numpy as np
import pytest

from pybridge.testing import KernelError, assert_layer, check_layer

SIZES = {"N": (2, 5, 33), "D": (3, 7)}


def layer_norm(x, gamma, beta, eps):
    """Right."""
    return gamma * (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + eps) + beta


def test_an_eps_of_its_own():
    """Right for the ε that is passed, which is its own: one that is handed over and not used."""

    def own(x, gamma, beta, eps):  # noqa: ARG001  it has its own
        return layer_norm(x, gamma, beta, 1e-5)

    with pytest.raises(KernelError, match=r"right with eps = 1e-05, and not with eps = 0\.25 .*handed over is not used"):
        assert_layer("LayerNorm", forward=own, eps=1e-5, sizes=SIZES)
    found = check_layer("LayerNorm", forward=own, eps=1e-5, sizes=SIZES)
    assert [one.kind for one in found.faults] == ["eps"]
    assert_layer("LayerNorm", forward=layer_norm, eps=1e-5, sizes=SIZES)
    assert_layer("LayerNorm", forward=layer_norm, eps=0.25, sizes=SIZES)


def test_an_eps_that_only_one_pass_uses():
    """The backward pass has its own."""

    def forward(x, gamma, beta, eps):
        return layer_norm(x, gamma, beta, eps), (x, gamma)

    def backward(dout, cache):
        x, gamma = cache
        deviation = np.sqrt(x.var(-1, keepdims=True) + 1e-5)
        hat, g = (x - x.mean(-1, keepdims=True)) / deviation, dout * gamma
        return (g - g.mean(-1, keepdims=True) - hat * (g * hat).mean(-1, keepdims=True)) / deviation

    found = check_layer("LayerNorm", forward=forward, backward=backward, eps=1e-5, sizes=SIZES, outputs=("forward", "dx"))
    assert [one.said for one in found.faults] == [
        "it is right with eps = 1e-05, and not with eps = 0.25 (∂x): the eps handed over is not used"
    ]


def test_an_eps_that_a_kernel_refuses():
    """Not tried with another, and said."""

    def small(x, gamma, beta, eps):
        if eps > 0.1:
            raise ValueError("eps is large")
        return layer_norm(x, gamma, beta, eps)

    found = check_layer("LayerNorm", forward=small, eps=1e-5, sizes=SIZES)
    assert found.right
    assert any("not tried with eps = 0.25: it raises ValueError" in note for note in found.notes)
