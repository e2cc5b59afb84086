"""Tensors of torch: its own batch_norm, in every dtype and memory layout, and a wrong kernel told what it computes."""

from __future__ import annotations

import numpy as np
import pytest

import pybridge
from pybridge.errors import InputError
from pybridge.testing import (
    AnotherFunction,
    KernelError,
    LosesDigits,
    assert_computes,
    assert_kernel,
    assert_satisfies,
    check_kernel,
)

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch

DTYPES = ["float64", "float32", "float16", "bfloat16"]
AXES = (0, 2, 3)


def backward(y, g, gamma, eps):
    """The gradient that autograd takes through torch's batch_norm; weights of half precision go in as float32."""
    leaf = y.detach().clone(memory_format=torch.preserve_format).requires_grad_()
    weight = gamma.float() if y.dtype in (torch.float16, torch.bfloat16) else gamma
    torch.nn.functional.batch_norm(leaf, None, None, weight=weight, training=True, eps=eps).backward(g)
    return leaf.grad


def forward(y, gamma, beta, eps):
    """Torch's batch_norm."""
    return torch.nn.functional.batch_norm(y, None, None, weight=gamma, bias=beta, training=True, eps=eps)


def written(y, g, gamma, eps):
    """A backward pass written by hand, for (N, C)."""
    centred = y - y.mean(0)
    sigma = ((centred**2).mean(0) + eps).sqrt()
    normalized = centred / sigma
    return gamma / sigma * (g - g.mean(0) - normalized * (g * normalized).mean(0))


def eps_forgotten(y, g, gamma, eps):  # noqa: ARG001
    """The forward pass adds ε to the variance, this one does not."""
    return written(y, g, gamma, 0.0)


@pytest.fixture(params=DTYPES)
def batch(request):
    """Tensors of shape (4, 3, 2, 2) of each dtype, and their gradient by torch."""
    made = torch.Generator().manual_seed(3)
    dtype = getattr(torch, request.param)
    y, g = (torch.randn(4, 3, 2, 2, generator=made).to(dtype) for _ in range(2))
    given = {"y": y, "g": 0.5 + g, "gamma": torch.tensor([0.5, 1.5, -2.0]).to(dtype), "eps": 1e-3}
    return given, backward(**given)


@pytest.mark.parametrize("dtype", DTYPES)
def test_backward_by_autograd(dtype):
    """It is formula (1), on every probe; in half precision torch loses digits where its arguments are views."""
    found = check_kernel(backward, dtype=dtype, layout="NCHW", library="torch")
    off = {one.table.case for one in found.judged if one.off}
    assert off <= (set() if dtype in ("float64", "float32") else {"strided", "transposed", "shifted", "expanded"})
    assert found.right or found.outcome.narrower == dtype


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_forward(dtype):
    """It is the definition of the layer."""
    assert_kernel(forward, "BatchNorm.forward", dtype=dtype, layout="NC", library="torch")


def test_channels_last():
    """The strides of a tensor do not matter."""

    def strided(y, g, gamma, eps):
        last = torch.channels_last
        return backward(y.to(memory_format=last), g.to(memory_format=last), gamma, eps)

    assert_kernel(strided, layout="NCHW", library="torch")


def test_tensors_of_ones_own(batch):
    """Every number, and the norm; of tensors that are views of others or require a gradient, with ε as a tensor."""
    given, dy = batch
    assert_computes("BatchNorm.backward", dy, axis=AXES, **given)
    turned = {name: given[name].transpose(1, 3) for name in "yg"}
    assert not turned["y"].is_contiguous()
    assert_computes("BatchNorm.backward", dy.transpose(1, 3), axis=(0, 1, 2), **{**given, **turned})
    leaves = {name: given[name].clone().requires_grad_() for name in ("y", "g", "gamma")}
    eps = torch.tensor(1e-3, dtype=torch.float64)
    assert_satisfies("norm_sq_backward", computed={"BatchNorm.backward": dy}, axis=AXES, eps=eps, **leaves)
    assert all(leaf.grad is None for leaf in leaves.values())


def test_a_wrong_number_is_found(batch):
    """In every dtype, by its place; and the norm identity fails of twice the gradient."""
    given, dy = batch
    wrong = dy.clone()
    wrong[2, 1, 0, 1] += 0.25
    with pytest.raises(KernelError, match=rf"\[2, 1, 0, 1\] is .* ulps of {str(dy.dtype).removeprefix('torch.')}"):
        assert_computes("BatchNorm.backward", wrong, axis=AXES, **given)
    with pytest.raises(KernelError, match=r"with the computed values, left .* fails"):
        assert_satisfies("norm_sq_backward", computed={"backward": 2 * dy}, axis=AXES, **given)


def test_a_wrong_kernel_is_told_what_it_computes():
    """The one that forgets ε; the right one passes."""
    assert_kernel(written, library="torch")
    found = check_kernel(eps_forgotten, library="torch").outcome
    assert isinstance(found, AnotherFunction)
    assert found.guesses[0].description == "in BatchNorm.scale, `+ ε` is missing"


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_statistics_kept_in_half_precision_lose_digits(dtype):
    """A kernel that rounds 1/σ and the means to the stored format is told so; one that keeps them in float32 passes."""

    def kernel(y, g, gamma, eps, kept=torch.float32):
        y, g, gamma = y.float(), g.float(), gamma.float()
        centred = y - y.mean(0).to(kept).float()
        inverse = ((centred**2).mean(0) + eps).rsqrt().to(kept).float()
        normalized = centred * inverse
        correction = g.mean(0).to(kept).float() + normalized * (g * normalized).mean(0).to(kept).float()
        return (gamma * inverse * (g - correction)).to(getattr(torch, dtype))

    def half(**given):
        return kernel(**given, kept=getattr(torch, dtype))

    assert_kernel(kernel, dtype=dtype, library="torch")
    found = check_kernel(half, dtype=dtype, library="torch")
    assert isinstance(found.outcome, LosesDigits)
    assert found.outcome.narrower == dtype


def test_oracle(batch):
    """The oracle takes tensors, bfloat16 as float32, and computes what it does of the same numbers in an array."""
    given, _ = batch
    got = pybridge.oracle("backward", axis=AXES)(**{**given, "y": given["y"].clone().requires_grad_()})
    arrays = {
        name: value.float().numpy() if name != "eps" and value.dtype is torch.bfloat16 else value
        for name, value in given.items()
    }
    expected = pybridge.oracle("backward", axis=AXES)(**{name: np.asarray(value) for name, value in arrays.items()})
    np.testing.assert_array_equal(got, expected)
    assert got.dtype == expected.dtype


REFUSED = {
    "sparse": (lambda: torch.ones(3).to_sparse(), "y cannot be read (can't convert Sparse layout"),
    "meta": (lambda: torch.ones(3, device="meta"), "y cannot be read (Cannot copy out of meta tensor"),
    "float8": (lambda: torch.ones(3).to(torch.float8_e4m3fn), "y cannot be read (Got unsupported ScalarType Float8"),
    "complex": (lambda: torch.ones(3) + 0j, "y has dtype complex64"),
    "nan": (lambda: torch.tensor([1.0, float("nan")]), "y[1] is nan"),
}


@pytest.mark.parametrize(("make", "message"), REFUSED.values(), ids=REFUSED)
def test_tensors_that_are_refused(make, message):
    """One line each, by the oracle and by the assertions."""
    for call in (pybridge.oracle("mean"), lambda y: assert_computes("mean", 1.0, y=y)):
        with pytest.raises(InputError) as refused:
            call(make())
        assert message in str(refused.value)
        assert "\n" not in str(refused.value)


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_a_dtype_of_torch_is_a_format(dtype):
    """As ``torch.float32``; the oracle takes those that NumPy has."""
    found = check_kernel(backward, dtype=getattr(torch, dtype), compute=torch.float32, layout="NCHW", library="torch")
    assert found.arithmetic.storage.name == dtype
    assert found.arithmetic.compute.name == "float32"
    assert pybridge.oracle("mean", dtype=torch.float32)([1.0, 2.0]).dtype == np.float32
    with pytest.raises(InputError, match=r"NumPy has no dtype torch\.bfloat16"):
        pybridge.oracle("mean", dtype=torch.bfloat16)([1.0, 2.0])


def test_one_number_of_bfloat16_gets_no_name_by_chance():
    """A pair of slips of a thousand fits its eight bits; the factor that it has is said."""
    torch.manual_seed(0)
    y, g = torch.randn(512, 1).bfloat16(), torch.randn(512, 1).bfloat16()
    wide = y.double()
    hat = (wide - wide.mean(0)) / torch.sqrt(wide.var(0, correction=0) + 1e-5)
    dgamma = (1.5 * (g.double() * hat).sum(0)).bfloat16()
    with pytest.raises(KernelError) as failed:
        assert_computes("BatchNorm.backwardGamma", dgamma, y=y, g=g, eps=1e-5, axis=0)
    assert str(failed.value).startswith("BatchNorm.backwardGamma: every number is 1.5 times what it should be")
