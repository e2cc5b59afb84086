"""Two forward passes before a backward pass: what the first keeps has to last, where it hands something on."""

from __future__ import annotations

import numpy as np
import numpy_layers as right
import pytest

from pybridge.testing import KernelError, assert_layer, check_layer

FEW = ("plain", "N=17")
LOST = "BatchNorm: what forward keeps for backward is overwritten by the next forward: "


def forward(x, gamma, beta, eps):
    """BatchNorm of (N, C), with x̂ in what it hands on."""
    return right.batchnorm_forward(x, gamma, beta, {"eps": eps})


def test_a_workspace_that_is_used_again():
    """Shared by all arrays of one shape: each forward and backward pass in turn is right."""
    workspaces = {}

    def shared(x, gamma, beta, eps):
        out, (hat, scale, std) = forward(x, gamma, beta, eps)
        kept = workspaces.setdefault(hat.shape, np.empty_like(hat))
        kept[...] = hat
        return out, (kept, scale, std)

    with pytest.raises(KernelError) as error:
        assert_layer("BatchNorm", forward=shared, backward=right.batchnorm_backward, only=FEW)
    assert str(error.value).startswith(f"{LOST}∂x, ∂γ (on plain")


def test_what_is_kept_beside_the_cache():
    """A backward pass that takes a cache, and something else."""
    kept = {}

    def beside(x, gamma, beta, eps):
        out, cache = forward(x, gamma, beta, eps)
        kept["hat"] = cache[0]
        return out, cache

    def backward(dout, cache):
        return right.batchnorm_backward(dout, (kept["hat"], *cache[1:]))

    with pytest.raises(KernelError) as error:
        assert_layer("BatchNorm", forward=beside, backward=backward, only=FEW)
    assert str(error.value).startswith(LOST)


class Course:
    """A layer that holds the cache of its last forward pass."""

    def forward(self, x, gamma, beta, eps):
        """Keep it."""
        out, self.cache = forward(x, gamma, beta, eps)
        return out

    def backward(self, dout):
        """Use it."""
        return right.batchnorm_backward(dout, self.cache)

    def of_input(self, x, dout):
        """The same, where x is handed over, too."""
        assert x.shape == dout.shape
        return self.backward(dout)


def test_a_layer_that_holds_one_cache_is_right():
    """It hands nothing on: that is said, and is no fault."""
    layer = Course()
    found = check_layer("BatchNorm", forward=layer.forward, backward=layer.backward, only=FEW)
    assert found.right
    assert any(one.startswith("not tried: two forward passes before a backward pass") for one in found.notes)


def test_a_backward_pass_that_takes_x_and_what_an_object_holds():
    """It is said that it goes with the last forward pass."""
    layer = Course()
    found = check_layer("BatchNorm", forward=layer.forward, backward=layer.of_input, only=FEW)
    assert found.right
    assert found.notes == ("backward is right only after its own forward pass, as forward hands nothing on to backward",)


def test_a_cache_that_lasts_is_tried():
    """And nothing is said."""
    found = check_layer("BatchNorm", forward=forward, backward=right.batchnorm_backward, only=FEW)
    assert found.right
    assert not found.notes


@pytest.mark.torch
def test_torch_s_own_are_right_and_a_module_with_a_buffer_is_not():
    """Gradients of the first of two outputs."""
    torch = pytest.importorskip("torch")

    class Saved(torch.autograd.Function):
        """Keeps x in a buffer of one shape."""

        kept: dict = {}  # noqa: RUF012  what is wrong with it

        @staticmethod
        def forward(ctx, x, gamma, beta, eps):
            """Write into the buffer behind autograd's back."""
            ctx.eps, ctx.shape = eps, x.shape
            ctx.gamma = gamma.detach().clone()
            Saved.kept.setdefault(x.shape, torch.empty_like(x)).data.copy_(x)
            return gamma * (x - x.mean(0)) / torch.sqrt(x.var(0, unbiased=False) + eps) + beta

        @staticmethod
        def backward(ctx, g):
            """Read from it."""
            x = Saved.kept[ctx.shape].double().numpy()
            found = right.BATCH.backward(g.double().numpy(), (x, ctx.gamma.double().numpy(), ctx.eps))
            return (*(torch.from_numpy(one).float() for one in found), None)

    assert check_layer(torch.nn.BatchNorm1d(6), only=FEW).right
    with pytest.raises(KernelError) as error:
        assert_layer("BatchNorm", forward=Saved, only=FEW)
    assert str(error.value).startswith(LOST)
