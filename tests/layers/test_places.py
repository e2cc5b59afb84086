"""What the first line says of a layer that no change explains: at which places and lengths, on which sets of arrays."""

from __future__ import annotations

import numpy as np
import numpy_layers as right
import pytest

from pybridge.testing import KernelError, assert_layer


def first(change, only=None, **options):
    """The first line about a ∂x that a function of it and of its shape stands for."""

    def backward(dout, cache):
        dx, dgamma, dbeta = right.batchnorm_backward(dout, cache)
        return change(dx.copy()), dgamma, dbeta

    forward = lambda x, gamma, beta, eps: right.batchnorm_forward(x, gamma, beta, {"eps": eps})  # noqa: E731
    with pytest.raises(KernelError) as failed:
        assert_layer("BatchNorm", forward=forward, backward=backward, eps=1e-3, only=only, **options)
    return str(failed.value).splitlines()[0]


def at(index, value=None):
    """Numbers along the batch that are set, or made larger by a number that is no factor of theirs."""

    def change(dx):
        dx[index(len(dx))] = dx[index(len(dx))] ** 3 + 1 if value is None else value
        return dx

    return change


SOME = ("plain", "N=17", "N=33", "N=127", "N=129")
LEFT = "off only in the entries along N that blocks of"
PLACES = {
    "even": (at(lambda m: slice(0, m, 2)), "off only at even indices along N"),
    "odd": (at(lambda m: slice(1, m, 2)), "off only at odd indices along N"),
    "one in 4": (at(lambda m: slice(2, m, 4)), "off only at one index in 4, from 2 on, along N"),
    "one index": (at(lambda _: slice(1, 2)), "off only at index 1 along N ("),
    "left over of 4": (
        at(lambda m: slice(m - m % 4, m), 0),
        "off only in the entries along N that blocks of 4 leave over: it is 0 there",
    ),
    "left over of 16": (at(lambda m: slice(m - m % 16, m)), f"{LEFT} 16 leave over ("),
    "first two": (at(lambda _: slice(0, 2)), "off only up to index 1 along N"),
}


@pytest.mark.parametrize(("change", "said"), PLACES.values(), ids=PLACES)
def test_places(change, said):
    """Indices along an axis that arrays of all lengths have in common."""
    line = first(change, SOME)
    assert f"BatchNorm: ∂x: {said}" in line, line


def blocks(size, change):
    """Wrong where the batch is whole blocks."""
    return lambda dx: change(dx) if len(dx) % size == 0 else dx


def test_whole_blocks():
    """Wrong at multiples of 64 alone, which are among the lengths: refuted, and said at which."""
    line = first(blocks(64, at(lambda m: slice(m - 64, m), 0)))
    assert "off only where N is 64 and 256: of the lengths that were tried these alone are multiples of 16" in line, line
    line = first(blocks(256, np.negative))
    assert "off only where N is 256: of the lengths that were tried these alone are multiples of 128" in line, line
    several = [f"N={length}" for length in (3, 7, 17, 33, 64, 127, 129, 256, 257)]
    line = first(blocks(64, at(lambda m: slice(m - 1, m), 0)), ("plain", *several))
    assert "off only at the last index along N: it is 0 there, is it written?; off only where N is 64 and 256" in line, line


@pytest.mark.parametrize("block", [16, 64, 256])
def test_whole_blocks_of_features(block):
    """Of a row of LayerNorm, too."""

    def forward(x, gamma, beta, eps):
        out = right.layernorm_forward(x, gamma, beta, {"eps": eps})[0]
        return out if x.shape[-1] % block else out**3 + 1

    with pytest.raises(KernelError, match=r"off only where D is (64 and )?256"):
        assert_layer("LayerNorm", forward=forward, eps=1e-5)


def test_whole_blocks_that_alone_are_right():
    """A tail that is wrong through and through."""
    line = first(
        lambda dx: dx if len(dx) % 8 == 0 else dx**3 + 1, ("plain", "N=2", "N=17", "N=64", "N=127", "N=129", "N=256", "N=1000")
    )
    assert "off only where N is no multiple of 8 (right where it is 64, 256 and 1000)" in line, line


def test_sets_of_arrays_where_nothing_else_is_known():
    """All of them, those that are off, or those that are right."""
    mixed = lambda dx: dx**3 + dx[::-1]  # noqa: E731
    line = first(mixed, ("plain", "outlier", "N=17"))
    assert "∂x: it computes another function, on all 3 sets of arrays (" in line, line
    large = lambda dx: mixed(dx) if np.abs(dx).max() > 20 or not dx.all() else dx  # noqa: E731
    line = first(large, ("plain", "along", "outlier", "gamma", "tiny-spread"))
    assert "∂x: it computes another function, on tiny-spread and gamma alone (" in line, line
    line = first(large, ("plain", "gamma", "tiny-spread"))
    assert "∂x: it computes another function, and is right on plain (" in line, line


def test_two_changes_that_explain_it_are_both_named():
    """In place of their number."""

    def forward(x, gamma, beta, eps):  # noqa: ARG001
        return gamma * (x - x.mean(0)) / x.std(0) + beta

    with pytest.raises(KernelError) as failed:
        assert_layer("BatchNorm", forward=forward, eps=1e-3, only=("plain", "small-spread"))
    line = str(failed.value).splitlines()[0]
    both = (
        "in BatchNorm.forward, `normalize(ε, y)` is taken at ε = 0, or in BatchNorm.normalize, `scale(ε, y)` is taken at ε = 0"
    )
    assert line == f"BatchNorm: the output: {both} (or another change explains it) (all 30 numbers are off)"
