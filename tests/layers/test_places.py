"""What the first line says of a layer that no change explains: at which places and lengths, on which sets of arrays."""

from __future__ import annotations

import numpy as np
import numpy_layers as right
import pytest

from pybridge.kernels.lengths import of_length
from pybridge.kernels.patterns import along
from pybridge.testing import KernelError, assert_layer, check_layer


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


LENGTHS = (5, 17, 33, 127, 129)
LEFT = "off only in the entries along N that blocks of"
PLACES = {
    "even": (lambda m: range(0, m, 2), "off only at even indices along N"),
    "odd": (lambda m: range(1, m, 2), "off only at odd indices along N"),
    "one in 4": (lambda m: range(2, m, 4), "off only at one index in 4, from 2 on, along N"),
    "one index": (lambda _: range(1, 2), "off only at index 1 along N"),
    "left over of 4": (lambda m: range(m - m % 4, m), f"{LEFT} 4 leave over"),
    "left over of 16": (lambda m: range(m - m % 16, m), f"{LEFT} 16 leave over"),
    "first two": (lambda _: range(2), "off only up to index 1 along N"),
    "all but the first two": (lambda m: range(2, m), "off only from index 2 on along N"),
    "nothing in common": (lambda m: range(m % 5, m % 5 + 2), ""),
}


@pytest.mark.parametrize(("places", "said"), PLACES.values(), ids=PLACES)
def test_indices_in_common(places, said):
    """Indices along an axis that arrays of all lengths have in common."""
    several = {length: tuple(places(length)) for length in LENGTHS}
    off = {length: at for length, at in several.items() if at}
    assert along("N", list(off.values()), list(off)) == said


def test_places():
    """They are found in the arrays."""
    line = first(at(lambda m: slice(m - m % 4, m), 0), ("plain", "N=17", "N=33", "N=127", "N=129"))
    assert f"BatchNorm: ∂x: {LEFT} 4 leave over: it is 0 there" in line, line


def blocks(size, change):
    """Wrong where the batch is whole blocks."""
    return lambda dx: change(dx) if len(dx) % size == 0 else dx


def test_whole_blocks():
    """Wrong at multiples of 64 alone, which are among the lengths: refuted, and said at which."""
    several = [f"N={length}" for length in (3, 7, 17, 33, 64, 127, 129, 256, 257)]
    line = first(blocks(64, at(lambda m: slice(m - 1, m), 0)), ("plain", *several))
    assert "off only at the last index along N: it is 0 there, is it written?; off only where N is 64 and 256" in line, line


def test_blocks_are_among_the_lengths():
    """Two multiples of 64, which are told from the others."""
    right_one = lambda x, gamma, beta, eps: right.batchnorm_forward(x, gamma, beta, {"eps": eps})[0]  # noqa: E731
    lengths = {one.lengths["N"] for one in check_layer("BatchNorm", forward=right_one, eps=1e-3).probes}
    for block, said in ((64, "64 and 256: of the lengths"), (256, "256: of the lengths")):
        off = {length for length in lengths if length % block == 0}
        assert said in of_length("N", off, lengths - off)


def test_whole_blocks_of_features():
    """Of a row of LayerNorm, too."""

    def forward(x, gamma, beta, eps):
        out = right.layernorm_forward(x, gamma, beta, {"eps": eps})[0]
        return out if x.shape[-1] % 64 else out**3 + 1

    several = tuple(f"D={length}" for length in (2, 3, 7, 17, 33, 64, 127, 256, 257))
    with pytest.raises(KernelError, match=r"off only where D is 64 and 256"):
        assert_layer("LayerNorm", forward=forward, eps=1e-5, only=("plain", *several))


def test_sets_of_arrays_where_nothing_else_is_known():
    """Those that are off, where they are the fewer; of the others see ``kernels/test_lengths.py``."""
    large = lambda dx: dx**3 + dx[::-1] if np.abs(dx).max() > 20 or not dx.all() else dx  # noqa: E731
    line = first(large, ("plain", "along", "outlier", "gamma", "tiny-spread"))
    assert "∂x: it computes another function, on tiny-spread and gamma alone (" in line, line


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
