"""Right numbers at wrong places, and arguments taken in another order, are named; what only seems so is not."""

from __future__ import annotations

import numpy as np
import numpy_layers as right
import pytest

from pybridge.testing import KernelError, assert_kernel, assert_layer

SETS = ("plain", "outlier", "N=2", "N=17", "N=33")


def batchnorm(x, gamma, beta, eps):
    """As it should be."""
    return right.batchnorm_forward(x, gamma, beta, {"eps": eps})


def layernorm(x, gamma, beta, eps):
    """As it should be."""
    return right.layernorm_forward(x, gamma, beta, {"eps": eps})


def first(layer, forward, backward=None, **options):
    """The first line of what is said."""
    with pytest.raises(KernelError) as failed:
        assert_layer(layer, forward=forward, backward=backward, eps=1e-3, **options)
    return str(failed.value).splitlines()[0]


def returned(which, change):
    """A backward pass of BatchNorm with one of its results changed."""

    def backward(dout, cache):
        found = list(right.batchnorm_backward(dout, cache))
        found[which] = change(found[which])
        return tuple(found)

    return backward


def neighbours(array):
    """Rows 0 and 1 exchanged, 2 and 3, …."""
    return array[[k ^ 1 if k ^ 1 < len(array) else k for k in range(len(array))]]


RESULTS = {
    "reversed": (0, lambda dx: dx[::-1], "∂x: the numbers stand in reversed order along N ("),
    "further": (0, lambda dx: np.roll(dx, 1, 0), "∂x: the numbers stand one index further along N, those of the last"),
    "back": (0, lambda dx: np.roll(dx, -1, 1), "∂x: the numbers stand one index back along C, those of the first"),
    "neighbours": (0, neighbours, "∂x: the numbers are exchanged along N, each second index with the one before ("),
    "the first for all": (0, lambda dx: dx[:1] + 0 * dx, "∂x: the numbers of the first index along N stand at all others, too"),
    "reshaped": (
        0,
        lambda dx: dx.T.reshape(dx.shape),
        "∂x: the numbers stand as those of an array (C, N) that is read as (N, C)",
    ),
    "of a parameter": (1, lambda dgamma: dgamma[::-1], "∂γ: the numbers stand in reversed order along C ("),
}


@pytest.mark.parametrize(("which", "change", "said"), RESULTS.values(), ids=RESULTS)
def test_results(which, change, said):
    """All numbers are the definition's, at other places."""
    line = first("BatchNorm", batchnorm, returned(which, change), only=SETS)
    assert said in line, line


ARGUMENTS = {
    "γ further": (batchnorm, {"gamma": lambda one: np.roll(one, 1)}, "γ is taken one index further along C ("),
    "γ of the last": (batchnorm, {"gamma": lambda one: one[-1:] + 0 * one}, "γ is taken at the last index along C for all ("),
    "β reversed": (batchnorm, {"beta": lambda one: one[::-1]}, "β is taken in reversed order along C ("),
    "γ of features": (layernorm, {"gamma": lambda one: one[::-1]}, "γ is taken in reversed order along D ("),
}


@pytest.mark.parametrize(("layer", "change", "said"), ARGUMENTS.values(), ids=ARGUMENTS)
def test_arguments(layer, change, said):
    """All numbers are those of an argument in another order."""

    def forward(x, gamma, beta, eps):
        given = {"gamma": gamma, "beta": beta}
        return layer(x, **{name: change.get(name, lambda one: one)(one) for name, one in given.items()}, eps=eps)

    name = "BatchNorm" if layer is batchnorm else "LayerNorm"
    assert f"{name}: the output: {said}" in first(name, forward, only=SETS)


def test_upstream_gradient():
    """Of the rows of g in reversed order, ∂x as well as ∂γ."""
    found = first("BatchNorm", batchnorm, lambda dout, cache: right.batchnorm_backward(dout[::-1], cache), only=SETS)
    assert "∂x: g is taken in reversed order along N" in found, found


def test_channels_by_reshape():
    """``x.reshape(C, -1)`` where the axes are to be exchanged first; and only the way back."""

    def forward(x, gamma, beta, eps, *, exchanged=False):
        rows = (x.transpose(1, 0, 2, 3) if exchanged else x).reshape(x.shape[1], -1)
        sigma = np.sqrt(rows.var(1, keepdims=True) + rows.dtype.type(eps))
        return (gamma[:, None] * (rows - rows.mean(1, keepdims=True)) / sigma + beta[:, None]).reshape(x.shape)

    line = first("BatchNorm", forward, layout="NCHW", only=("plain", "N=5", "C=17"))
    assert "the output: x is taken as an array (C, N, H, W): is it reshaped where axes are to be exchanged?" in line, line
    back = lambda x, gamma, beta, eps: forward(x, gamma, beta, eps, exchanged=True)  # noqa: E731
    line = first("BatchNorm", back, layout="NCHW", only=("plain", "N=5", "C=17"))
    assert "the output: the numbers stand as those of an array (C, N, H, W) that is read as (N, C, H, W)" in line, line


def test_kernel():
    """A single kernel, too."""

    def kernel(y, g, gamma, eps):
        centred = y - y.mean(0)
        sigma = np.sqrt((centred**2).mean(0) + y.dtype.type(eps))
        hat = centred / sigma
        return (gamma / sigma * (g - g.mean(0) - hat * (g * hat).mean(0)))[::-1]

    with pytest.raises(KernelError) as failed:
        assert_kernel(kernel, "BatchNorm.backward", dtype="float32", layout="NC", eps=1e-3)
    assert "BatchNorm.backward: the numbers stand in reversed order along N (" in str(failed.value).splitlines()[0]


def test_not_where_it_is_so_on_some_sets_only():
    """Reversed in long arrays alone, or with one number changed beside: no order is named."""
    long = lambda dx: dx[::-1] if len(dx) > 20 else dx  # noqa: E731
    assert "stand" not in first("BatchNorm", batchnorm, returned(0, long), only=("plain", "N=33"))

    def spoilt(dx):
        found = dx[::-1].copy()
        found[0, 0] += 1
        return found

    assert "stand" not in first("BatchNorm", batchnorm, returned(0, spoilt), only=("plain", "N=17"))
