"""Kernels that are right on most arrays: ``assert_kernel`` sees each kind, and ``assert_layer`` does, with the same batches."""

from __future__ import annotations

import numpy as np
import numpy_layers as layers
import pytest

from pybridge.testing import AnotherFunction, KernelError, assert_kernel, assert_layer, check_kernel

ROUGH = np.float32(1.25)


def right(y, g, gamma, eps):
    """BatchNorm's ∂x of (N, C)."""
    return layers.BATCH.backward(g, (y, gamma, eps))[0]


def storage_order(array, *, of):
    """What a kernel reads that takes the entries as they are stored."""
    base = array
    while base.base is not None:
        base = base.base
    flat = np.asarray(base).reshape(-1)
    start = (array.__array_interface__["data"][0] - base.__array_interface__["data"][0]) // array.itemsize
    chosen = flat[start if of == "offset" else 0 :]
    return np.resize(chosen, array.shape).astype(array.dtype)


class Kernel:
    """A right kernel but for what is asked for; it may remember things."""

    def __init__(self, kind):
        self.kind, self.calls, self.buffers = kind, 0, {}

    def __call__(self, y, g, gamma, eps):
        self.calls += 1
        found = right(y, g, gamma, eps)
        match self.kind:
            case "m > 64":
                return found * ROUGH if len(y) > 64 else found
            case "C > 8":
                return found * ROUGH if y.shape[1] > 8 else found
            case "NaN where γ = 0":
                return found * (gamma / gamma)
            case "overwrites g":
                g *= 0
                return found
            case "one buffer":
                kept = self.buffers.setdefault(y.shape, np.empty_like(found))
                kept[...] = found
                return kept
            case "from the 20th call on":
                return found * ROUGH if self.calls >= 20 else found
            case "from the 39th call on":
                return found * ROUGH if self.calls >= 39 else found
            case "NaN of equal entries":
                return found + 0 * (y.var(0) / y.var(0))
            case "strided":
                return right(y, storage_order(g, of="start"), gamma, eps) if not g.flags.c_contiguous else found
            case "transposed":
                turned = g.flags.f_contiguous and not g.flags.c_contiguous
                return right(y, storage_order(g, of="offset"), gamma, eps) if turned else found
            case "y offset":
                return right(storage_order(y, of="start"), g, gamma, eps)
            case "mean of the first call":
                mean = self.buffers.setdefault(y.shape, y.mean(0))
                hat = (y - mean) / np.sqrt(y.var(0) + y.dtype.type(eps))
                return gamma * (g - g.mean(0) - hat * (g * hat).mean(0)) / np.sqrt(y.var(0) + y.dtype.type(eps))
            case "offset":
                return right(y, storage_order(g, of="start"), gamma, eps)
            case _:
                return found


SAID = {
    "m > 64": "off only where N is 127 or more (right up to 64)",
    "C > 8": "off only where C is 11 or more (right up to 7)",
    "NaN where γ = 0": "γ has entries that are 0",
    "overwrites g": "its argument g is overwritten (on plain (5, 3) and ",
    "one buffer": "once returned, is overwritten by its next call (on plain (5, 3))",
    "from the 20th call on": "is another one when it is called again with the same arrays",
    "from the 39th call on": "is another one when it is called again with the same arrays (call 39)",
    "NaN of equal entries": "off only where all entries of a batch are equal",
    "strided": "g is read as if it were contiguous",
    "transposed": "g is read as if it were contiguous (off only in transposed views)",
    "y offset": "y is read as if it were contiguous",
    "mean of the first call": "its numbers depend on earlier calls: right at the first call of a shape, off at the next",
    "offset": "g is read as if it were contiguous",
}


SLOW = {"m > 64", "transposed", "y offset"}
"""Of the kinds of "C > 8", "strided" and "offset"."""


@pytest.mark.parametrize("kind", [pytest.param(one, marks=pytest.mark.slow) if one in SLOW else one for one in SAID])
def test_a_kernel_is_seen(kind):
    """With what its batches have in common, or what is wrong beside its numbers, in the first line."""
    with pytest.raises(KernelError) as failed, np.errstate(all="ignore"):
        assert_kernel(Kernel(kind), eps=1e-3)
    first = str(failed.value).splitlines()[0]
    assert first.startswith("BatchNorm.backward: ")
    assert SAID[kind] in first, first


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("C > 8", marks=pytest.mark.slow),
        "one buffer",
        "from the 20th call on",
        "from the 39th call on",
        "NaN of equal entries",
        pytest.param("offset", marks=pytest.mark.slow),
        "mean of the first call",
    ],
)
def test_a_layer_with_it_is_seen(kind):
    """By the same batches and calls."""
    kernel = Kernel(kind)
    with pytest.raises(KernelError) as failed, np.errstate(all="ignore"):
        assert_layer("BatchNorm", backward=lambda g, x, gamma, eps: kernel(x, g, gamma, eps), outputs="dx", eps=1e-3)
    first = str(failed.value).splitlines()[0]
    assert SAID[kind].partition(" (call")[0] in first, first


def test_a_right_kernel_passes():
    """On all of the batches, called forty times and more; the axes of NCHW, too, and of one batch."""
    kernel = Kernel("")
    found = check_kernel(kernel, eps=1e-3)
    assert found.right
    assert kernel.calls >= 40
    cases = {one.table.case for one in found.judged}
    assert cases >= {"plain", "constant", "nan", "gamma", "N=1025", "C=129", "strided", "transposed", "shifted"}
    images = lambda y, g, gamma, eps: layers.BATCH_IMAGES.backward(g, (y, gamma, eps))[0]  # noqa: E731
    assert_kernel(images, layout="NCHW", eps=1e-3)
    assert_kernel(lambda y, eps: (y - y.mean()) / np.sqrt(y.var() + y.dtype.type(eps)), "BatchNorm.normalize", layout="N")


def test_numbers_that_differ_within_the_bound_are_no_state():
    """A sum in another order at each call is right."""
    kernel = Kernel("")

    def shuffled(y, g, gamma, eps):
        order = np.random.default_rng(kernel.calls).permutation(len(y))
        kernel.calls += 1
        found = np.empty_like(y)
        found[order] = right(y[order], g[order], gamma, eps)
        return found

    assert_kernel(shuffled, eps=1e-3)


def test_sizes_that_a_kernel_takes():
    """Given by letter; what it raises on others comes through."""

    def some(y, g, gamma, eps):
        if y.shape[0] not in (64, 128):
            raise ValueError("64 or 128")
        return right(y, g, gamma, eps)

    assert_kernel(some, sizes={"N": (64, 128)}, eps=1e-3)
    with pytest.raises(ValueError, match="64 or 128"):
        assert_kernel(some, eps=1e-3)


def test_what_a_kernel_keeps_is_no_other_function():
    """It is not looked for among the changes."""
    found = check_kernel(Kernel("from the 20th call on"), eps=1e-3)
    assert found.outcome == AnotherFunction(guesses=())
    assert [one.kind for one in found.faults] == ["state"]
