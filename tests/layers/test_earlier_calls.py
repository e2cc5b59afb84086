"""Layers that keep something from one call for another: named, with two calls in order that show it."""

from __future__ import annotations

import numpy as np
import numpy_layers as right
import pytest

from pybridge.errors import InputError
from pybridge.testing import KernelError, assert_kernel, assert_layer, check_kernel, check_layer

FEW = ("plain", "N=17", "outlier")


class Layer:
    """BatchNorm of (N, C), right by itself."""

    def __init__(self):
        self.kept = {}

    def std(self, std):
        """The σ that the backward pass divides by."""
        return std

    def forward(self, x, gamma, beta, eps):
        """Right."""
        return right.batchnorm_forward(x, gamma, beta, {"eps": eps})

    def backward(self, dout, cache):
        """Right but for σ."""
        hat, gamma, std = cache
        passed = dout * gamma
        found = (passed - passed.mean(0) - hat * (passed * hat).mean(0)) / self.std(std)
        return found, (dout * hat).sum(0), dout.sum(0)


class OfTheCallBefore(Layer):
    """σ of the last call of this shape, where there was one."""

    def std(self, std):
        """Keep it for the next call."""
        before = self.kept.get(std.shape, std)
        self.kept[std.shape] = std
        return before


class OfTheFirstOfAShape(Layer):
    """σ of the first call of a shape."""

    def backward(self, dout, cache):
        """Keep it by the shape."""
        self.shape = dout.shape
        return super().backward(dout, cache)

    def std(self, std):
        """Kept for ever."""
        return self.kept.setdefault(self.shape, std)


class OfTheFirstOfAWidth(Layer):
    """σ of the first call with so many channels."""

    def std(self, std):
        """Kept for ever."""
        return self.kept.setdefault(std.shape, std)


AGAIN = "∂x is another one when it is called again with the same arrays"
FIRST = "right at the first call of a shape, off at the next with other numbers"
KEEPS = {
    "of the call before": (OfTheCallBefore, {}, AGAIN),
    "of the first of a shape": (
        OfTheFirstOfAShape,
        {},
        "right at the first call of a shape, off at the next with other numbers",
    ),
    "of the first of a width": (
        OfTheFirstOfAWidth,
        {},
        "right at the first call of a shape, off at the next with other numbers",
    ),
    "of the first": (OfTheFirstOfAWidth, {"sizes": {"C": (3,)}}, "right with the arrays of its first call, off with multiples"),
}


@pytest.mark.parametrize(("layer", "options", "said"), KEEPS.values(), ids=KEEPS)
def test_a_stale_spread_is_named_and_two_calls_show_it(layer, options, said):
    """In the first line; the calls that are printed fail with a new layer, and none of them where nothing is kept."""
    first = layer()
    found = check_layer("BatchNorm", forward=first.forward, backward=first.backward, eps=1e-5, only=FEW, **options)
    with pytest.raises(KernelError) as failed:
        assert_layer("BatchNorm", forward=first.forward, backward=(new := layer()).backward, eps=1e-5, only=FEW, **options)
    line = str(failed.value).splitlines()[0]
    assert said in line, line
    assert "NO NUMBER" not in str(failed.value)
    assert found.reproduce[0] == "assert_layer(…, arrays=["
    arrays = eval("\n".join(["[", *found.reproduce[1:-1], "]"]))  # noqa: S307  what is printed, to be pasted
    assert len(arrays) == 2

    def repeated(layer):
        return check_layer("BatchNorm", forward=layer.forward, backward=layer.backward, eps=1e-5, arrays=arrays)

    again = repeated(layer())
    assert [one.kind for one in again.faults] == ["state"]
    assert repeated(Layer()).right
    assert new.kept


def test_a_stale_spread_after_eps_was_searched_for():
    """What was called first then are the arrays that ε is found by; the call that is printed says ε."""
    layer = OfTheFirstOfAWidth()
    forward = lambda x, gamma, beta: layer.forward(x, gamma, beta, 1e-5)  # noqa: E731
    found = check_layer("BatchNorm", forward=forward, backward=layer.backward, sizes={"C": (3,)}, only=FEW)
    assert [one.kind for one in found.faults] == ["state"]
    assert found.faults[0].probes == ("eps-0 (5, 3)",)
    assert found.reproduce[0] == "assert_layer(…, eps=1e-05, arrays=["


def test_a_layer_that_rounds_keeps_nothing():
    """Right with integers and off beside them, which is no state."""

    def forward(x, gamma, beta, eps):
        return right.batchnorm_forward(np.round(x), gamma, beta, {"eps": eps})[0]

    whole = {"x": [[0.0, 1.0], [2.0, 5.0], [-3.0, 4.0]], "g": [[1.0, 1.0], [2.0, 0.0], [0.0, 1.0]]}
    assert check_layer("BatchNorm", forward=forward, eps=1e-5, arrays=whole).right
    found = check_layer("BatchNorm", forward=forward, eps=1e-5, only=FEW)
    assert not found.right
    assert not found.faults


def test_a_kernel_with_a_stale_spread():
    """The same of one kernel: of its first call, with two calls in order."""

    class Kernel:
        std = None

        def __call__(self, y, g, gamma, eps):
            self.std = np.sqrt(y.var(0) + y.dtype.type(eps)) if self.std is None else self.std
            std = np.sqrt(y.var(0) + y.dtype.type(eps))
            hat = (y - y.mean(0)) / std
            return gamma / self.std * (g - g.mean(0) - hat * (g * hat).mean(0))

    options = {"layout": "NC", "dtype": "float64", "eps": 1e-3, "sizes": {"C": (3,)}}
    found = check_kernel(Kernel(), "BatchNorm.backward", **options)
    assert [one.kind for one in found.faults] == ["state"]
    assert sum(one == "kernel(" for one in found.reproduce) == 2
    with pytest.raises(KernelError) as failed:
        assert_kernel(Kernel(), "BatchNorm.backward", **options)
    assert "right with the arrays of its first call, off with multiples of these" in str(failed.value).splitlines()[0]
    assert "two calls in this order, and with nothing before, show it:" in str(failed.value)


def test_arrays_in_order():
    """Several sets of one's own, each under a name."""
    one = {"x": [[0.0, 1.0], [2.0, 5.0]], "dout": [[1.0, 1.0], [2.0, 0.0]]}
    layer = Layer()
    found = check_layer("BatchNorm", forward=layer.forward, backward=layer.backward, eps=1e-5, arrays=[one, one])
    assert found.right
    assert [probe.name for probe in found.probes] == ["own-1", "own-2"]
    with pytest.raises(InputError, match="arrays holds no arrays by name"):
        check_layer("BatchNorm", forward=layer.forward, eps=1e-5, arrays=[])
    with pytest.raises(InputError, match="arrays holds no arrays by name"):
        check_layer("BatchNorm", forward=layer.forward, eps=1e-5, arrays=[3])


def overwrite(dout, cache):
    """Right where dout is not looked at again."""
    found = right.batchnorm_backward(dout, cache)
    dout *= 0
    return found


def scaled(dout, cache):
    """∂γ and ∂β of what dout was made into."""
    hat, gamma, std = cache
    dout *= gamma
    return (dout - dout.mean(0) - hat * (dout * hat).mean(0)) / std, (dout * hat).sum(0), dout.sum(0)


@pytest.mark.parametrize("backward", [overwrite, scaled])
def test_an_argument_that_is_overwritten_goes_by_its_own_name(backward):
    """First of all, since numbers may be off because of it; that a view was not writable is the same."""
    with pytest.raises(KernelError) as failed:
        assert_layer("BatchNorm", forward=Layer().forward, backward=backward, eps=1e-5, only=("plain", "strided", "expanded"))
    line = str(failed.value).splitlines()[0]
    assert line.startswith("BatchNorm: its argument dout is overwritten (on plain (5, 3) and 1 others)")
    assert "raises" not in line
    assert ("∂γ: every number is multiplied by γ once more" in line) == (backward is scaled)


def test_an_argument_that_is_written_to_with_its_own_numbers():
    """Seen only where it cannot be written to."""

    def forward(x, gamma, beta, eps):
        x += 0
        return Layer().forward(x, gamma, beta, eps)[0]

    with pytest.raises(KernelError, match=r"read-only \(on expanded \(5, 3\)\); does it write into an argument\?"):
        assert_layer("BatchNorm", forward=forward, eps=1e-5, only=("plain", "expanded"))
