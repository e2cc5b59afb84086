"""Tensors of torch and arrays of JAX are taken as the exact numbers they hold."""

from __future__ import annotations

import numpy as np
import pytest

import pybridge
from pybridge.errors import InputError
from pybridge.evaluation.evaluate import evaluate

Y, G = np.random.default_rng(0).normal(size=(2, 8)).astype(np.float32)
EXPECTED = {"gamma": 2.0, "eps": 1e-5}


@pytest.mark.torch
@pytest.mark.parametrize("dtype", ["float32", "float64", "bfloat16"])
def test_torch(dtype) -> None:
    """The sides are those of the same numbers in NumPy; a gradient that is asked for is no obstacle."""
    torch = pytest.importorskip("torch", reason="torch is not installed")
    y, g = (torch.tensor(values).to(getattr(torch, dtype)) for values in (Y, G))
    found = evaluate("norm_sq_backward", y=y.requires_grad_(), g=g, **EXPECTED)
    same = evaluate("norm_sq_backward", y=y.detach().double().numpy(), g=g.double().numpy(), **EXPECTED)
    assert found.passed
    assert str(found.left) == str(same.left)


@pytest.mark.jax
def test_jax() -> None:
    """And a traced array, which holds no numbers yet, is refused."""
    jax = pytest.importorskip("jax", reason="JAX is not installed")
    found = evaluate("norm_sq_backward", y=jax.numpy.asarray(Y), g=jax.numpy.asarray(G), **EXPECTED)
    assert str(found.left) == str(evaluate("norm_sq_backward", y=Y, g=G, **EXPECTED).left)
    with pytest.raises(InputError, match="is traced by JAX"):
        jax.jit(lambda y: evaluate("norm_sq_backward", y=y, g=G, **EXPECTED).passed)(Y)


@pytest.mark.torch
def test_running_statistics_are_those_of_torch() -> None:
    """The definitions of Lean, run, give what ``torch.nn.BatchNorm1d`` keeps of an array."""
    torch = pytest.importorskip("torch", reason="torch is not installed")
    layer = torch.nn.BatchNorm1d(3, momentum=0.25, affine=False, dtype=torch.float64)
    layer.running_mean.copy_(torch.tensor([1.0, -2.0, 0.5]))
    layer.running_var.copy_(torch.tensor([2.0, 0.25, 4.0]))
    mean, variance = layer.running_mean.numpy().copy(), layer.running_var.numpy().copy()
    x = torch.randn(4, 3, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(0)) + 3
    layer(x)
    for name, before, after in (("Mean", mean, layer.running_mean), ("Variance", variance, layer.running_var)):
        found = pybridge.oracle(f"BatchNorm.Eval.running{name}")(0.25, before, x.numpy())
        np.testing.assert_allclose(found, after.numpy(), rtol=1e-14)
        assert not np.allclose(found, before)
