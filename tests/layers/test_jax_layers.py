"""Layers of JAX: functions with their vjp, and modules of Flax."""

from __future__ import annotations

import pytest

from pybridge.errors import InputError
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
    with pytest.raises(KernelError, match=r"LayerNorm: the output: in LayerNorm\.forward"):
        assert_layer(
            "LayerNorm",
            forward=lambda x, w, b, eps: layer_norm(x, w, 0 * b, eps),
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


@pytest.mark.parametrize("name", ["BatchNorm", "LayerNorm", "RMSNorm", "GroupNorm", "InstanceNorm"])
def test_modules_of_nnx(name, known):
    """They know their sizes, and stay as they were."""
    nnx = pytest.importorskip("flax.nnx", reason="flax is not installed")
    more = {"num_groups": 2} if name == "GroupNorm" else {}
    module = getattr(nnx, name)(6, **more, rngs=nnx.Rngs(0))
    before = module.scale[...].copy()
    assert_layer(module, only=("plain", "gamma"), export=known)
    assert bool((module.scale[...] == before).all())


def test_flax_in_evaluation_mode_is_refused(known):
    """It is not tested in another mode in silence."""
    linen = pytest.importorskip("flax.linen", reason="flax is not installed")
    with pytest.raises(InputError, match=r"in evaluation mode.*use_running_average=False"):
        assert_layer(linen.BatchNorm(use_running_average=True), export=known)
