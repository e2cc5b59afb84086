"""Layers of JAX: functions with their vjp, and modules of Flax."""

from __future__ import annotations

import pytest

from pybridge.testing import KernelError, assert_layer

jax = pytest.importorskip("jax", reason="jax is not installed")
pytestmark = pytest.mark.jax
FEW = ("plain", "tiny-spread", "gamma")


def layer_norm(x, scale, bias, eps):
    """Layer normalization of the last axis."""
    centred = x - x.mean(-1, keepdims=True)
    return scale * centred / jax.numpy.sqrt((centred**2).mean(-1, keepdims=True) + eps) + bias


def test_a_function_and_its_vjp(known):
    """Forward, ∂x, ∂γ and ∂β together."""
    found = assert_layer("LayerNorm", forward=jax.jit(layer_norm), library="jax", eps=1e-5, only=FEW, export=known)
    assert [one.name for one in found.outputs] == ["forward", "dx", "dgamma", "dbeta"]
    with pytest.raises(KernelError, match=r"LayerNorm: the output: in BatchNorm\.normalize"):
        assert_layer(
            "LayerNorm",
            forward=lambda x, w, b, eps: layer_norm(x, w, b, eps) + w,
            library="jax",
            eps=1e-5,
            only=FEW,
            export=known,
        )


@pytest.mark.parametrize("name", ["LayerNorm", "RMSNorm", "BatchNorm"])
def test_modules_of_flax(name, known):
    """The module says itself what it is."""
    linen = pytest.importorskip("flax.linen", reason="flax is not installed")
    module = linen.BatchNorm(use_running_average=None) if name == "BatchNorm" else getattr(linen, name)()
    assert_layer(module, only=FEW, export=known)
