"""Layers of torch: its own modules, modules and functions that people write, and their slips."""

from __future__ import annotations

import numpy as np
import pytest

from pybridge.errors import InputError
from pybridge.layers.report import lines
from pybridge.testing import KernelError, LosesDigits, assert_layer, check_layer

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch
nn = torch.nn
FEW = ("plain", "tiny-spread", "gamma", "nan", "strided", "transposed", "expanded")

MODULES = {
    "BatchNorm1d": lambda: nn.BatchNorm1d(5),
    "BatchNorm2d": lambda: nn.BatchNorm2d(5),
    "BatchNorm3d, double": lambda: nn.BatchNorm3d(3).double(),
    "BatchNorm2d, not affine": lambda: nn.BatchNorm2d(5, affine=False),
    "LayerNorm": lambda: nn.LayerNorm(7),
    "LayerNorm of two axes": lambda: nn.LayerNorm((5, 7), eps=1e-3),
    "RMSNorm": lambda: nn.RMSNorm(7, eps=1e-6),
    "RMSNorm, its own ε": lambda: nn.RMSNorm(7),
    "GroupNorm": lambda: nn.GroupNorm(2, 6),
    "InstanceNorm2d": lambda: nn.InstanceNorm2d(5, affine=True),
}


@pytest.mark.parametrize("made", MODULES.values(), ids=MODULES)
def test_torch_s_own_modules(made, known):
    """Are right; the module says itself what it is, and stays as it was."""
    module = made()
    before = {name: value.clone() for name, value in module.state_dict().items()}
    found = assert_layer(module, only=FEW, export=known)
    assert found.outputs[0].name == "forward"
    assert all(torch.equal(value, before[name]) for name, value in module.state_dict().items())


def test_half_precision_weights_lose_digits(known):
    """With weights of bfloat16, torch sums in bfloat16 where it has no GPU: digits, and no other function."""
    found = check_layer(nn.LayerNorm(7).bfloat16(), only=FEW[:2], export=known)
    assert found.by_name["forward"].right
    assert isinstance(found.outcome, LosesDigits)
    assert found.outcome.narrower == "bfloat16"
    meant = 'it loses digits, as in bfloat16 throughout (if that is meant, pass compute="bfloat16")'
    assert lines(found)[0].startswith(f"LayerNorm: ∂x: {meant} (")
    assert assert_layer(nn.LayerNorm(7).bfloat16(), compute="bfloat16", only=FEW[:2], export=known).right


def test_a_running_variance_beyond_the_format(known):
    """Of a large spread no format of half precision holds it: it is cut off, and no number of the caller's is at fault."""
    found = check_layer(nn.BatchNorm2d(5).half(), export=known)
    assert found.by_name["running_var"].right
    assert isinstance(found.outcome, LosesDigits)
    first = lines(found)[0]
    assert "is wrong, too" not in first
    assert first.endswith("∂γ loses digits, too")


class Written(nn.Module):
    """Layer normalization with the mistake that is asked for."""

    def __init__(self, eps=1e-5, *, unbiased=False):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(7)), nn.Parameter(torch.zeros(7))
        self.eps, self.unbiased = eps, unbiased

    def forward(self, x):
        """The output."""
        variance = x.var(-1, keepdim=True, unbiased=self.unbiased)
        return self.weight * (x - x.mean(-1, keepdim=True)) / torch.sqrt(variance + self.eps) + self.bias


def test_a_module_that_somebody_wrote(known):
    """Is given with the layer's name; the mistake is named."""
    sizes = {"D": (7,)}
    assert_layer("LayerNorm", forward=Written(), sizes=sizes, only=FEW[:3], export=known)
    with pytest.raises(KernelError, match=r"LayerNorm: the output: in variance, the number m of features of a row is m - 1"):
        assert_layer("LayerNorm", forward=Written(unbiased=True), sizes=sizes, only=FEW[:3], export=known)


class Function(torch.autograd.Function):
    """Batch normalization of (N, C) with a backward pass of its own."""

    @staticmethod
    def forward(ctx, x, weight, bias, eps):
        """The output."""
        std = torch.sqrt(x.var(0, unbiased=False) + eps)
        hat = (x - x.mean(0)) / std
        ctx.save_for_backward(hat, weight, std)
        return weight * hat + bias

    @staticmethod
    def backward(ctx, grad_output):
        """The gradients."""
        hat, weight, std = ctx.saved_tensors
        mean = grad_output.mean(0)
        dx = weight / std * (grad_output - mean - hat * (grad_output * hat).mean(0))
        return dx, (grad_output * hat).sum(0), grad_output.sum(0), None


class Forgotten(Function):
    """Without the mean of the upstream gradient."""

    @staticmethod
    def backward(ctx, grad_output):
        """The gradients."""
        hat, weight, std = ctx.saved_tensors
        dx = weight / std * (grad_output - hat * (grad_output * hat).mean(0))
        return dx, (grad_output * hat).sum(0), grad_output.sum(0), None


def test_a_function_with_its_own_backward():
    """Right, and with a term missing."""
    assert_layer("BatchNorm", forward=Function, eps=1e-3, dtype="float64", only=FEW[:4])
    with pytest.raises(KernelError, match=r"BatchNorm: ∂x: in BatchNorm.backward, `- ∑ k, g\[k\]` is missing"):
        assert_layer("BatchNorm", forward=Forgotten, eps=1e-3, only=FEW[:3])


def test_a_function_of_tensors(known):
    """Its gradients are those that autograd takes."""

    def rms_norm(x, w, eps):
        return w * x * torch.rsqrt((x * x).mean(-1, keepdim=True) + eps)

    assert_layer("RMSNorm", forward=rms_norm, library="torch", eps=1e-6, only=FEW[:3], export=known)
    found = check_layer(
        "RMSNorm", forward=lambda x, w, eps: rms_norm(x, 1 + w, eps), library="torch", eps=1e-6, only=FEW[:3], export=known
    )
    assert "`1 + γ` stands for `γ`" in found.outcome.guesses[0].description


def test_storage_order():
    """K3: a kernel that reads a tensor's storage one entry after the other."""

    def backward(dout, x, weight, eps):
        dout = torch.as_strided(dout, dout.shape, (dout.shape[1], 1))
        std = torch.sqrt(x.var(0, unbiased=False) + eps)
        hat = (x - x.mean(0)) / std
        return weight / std * (dout - dout.mean(0) - hat * (dout * hat).mean(0))

    with pytest.raises(KernelError, match="g is read as if it were contiguous"):
        assert_layer("BatchNorm", backward=backward, library="torch", outputs="dx", eps=1e-3, only=("plain", "strided"))


@pytest.mark.parametrize(("format_", "seed"), [("bfloat16", 459), ("float16", 339)])
def test_long_sums_with_statistics_in_half_precision_lose_digits(known, format_, seed):
    """In half precision throughout, torch keeps mean and 1/σ in it: ∂γ of 25,088 entries is off by up to 5 %, by no factor."""
    module = nn.BatchNorm2d(2).to(getattr(torch, format_))
    shape, rng = (8, 2, 56, 56), np.random.default_rng(seed)
    arrays = {"x": rng.normal(0.25, 1.0, shape), "g": rng.normal(0.5, 1.0, shape), "gamma": rng.uniform(1.25, 2.5, 2)}
    found = check_layer(module, outputs=("dgamma",), arrays=arrays, seed=seed, export=known)
    assert found.outcome == LosesDigits(share=found.outcome.share, narrower=format_)
    assert found.by_name["dgamma"].finding.note.startswith(f"(with numbers kept in {format_} on the way")


class Own(nn.Module):
    """Layer normalization of so many features, with a weight for each."""

    def __init__(self, features):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(features)), nn.Parameter(torch.zeros(features))

    def forward(self, x):
        """Normalize."""
        return nn.functional.layer_norm(x, self.weight.shape, self.weight, self.bias)


def test_a_module_of_ones_own_takes_the_length_of_its_weight():
    """Without sizes=; with others it is said what it has, and how to say it."""
    found = assert_layer("LayerNorm", forward=Own(7), only=("plain", "tiny-spread"))
    assert all(probe.lengths["D"] == 7 for probe in found.probes)
    with pytest.raises(InputError, match=r"Own has a gamma of shape \(7,\), and is given one of \(5,\)") as failed:
        assert_layer("LayerNorm", forward=Own(7), sizes={"D": (5,)})
    assert "sizes=" in failed.value.hint
