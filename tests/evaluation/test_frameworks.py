"""Tensors of torch and arrays of JAX are taken as the exact numbers they hold."""

from __future__ import annotations

import numpy as np
import pytest

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
