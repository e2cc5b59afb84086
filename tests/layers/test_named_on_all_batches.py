"""Slips on the full run, with its batches of one entry and of equal ones, where many of them give NaN: the name stays."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import numpy_layers as right
import pytest

from pybridge.errors import InputError
from pybridge.testing import KernelError, assert_kernel, assert_layer, check_layer


def sigma(x, eps):
    """What is divided by."""
    return np.sqrt(x.var(0) + eps)


def hat(x, eps):
    """The normalized batch."""
    return (x - x.mean(0)) / sigma(x, eps)


def gradients(change):
    """A backward pass of (N, C) whose results are changed."""

    def backward(dout, cache):
        x, gamma, eps = cache
        dx, dgamma, dbeta = right.BATCH.backward(dout, cache)
        p = SimpleNamespace(d=dout, x=x, w=gamma, s=sigma(x, eps), h=hat(x, eps), m=len(x), dx=dx, dw=dgamma, db=dbeta)
        return change(p)

    return backward


def forward(function):
    """A forward pass, with what a right backward pass takes."""
    return lambda x, gamma, beta, eps: (function(x, gamma, beta, eps), (x, gamma, eps))


FORWARD = {
    "ε forgotten": (lambda x, w, b, e: w * hat(x, 0 * e) + b, "`normalize(ε, y)` is taken at ε = 0"),
    "ddof = 1": (
        lambda x, w, b, e: w * (x - x.mean(0)) / np.sqrt(x.var(0, ddof=1) + e) + b,
        "in BatchNorm.variance, the size m of the batch is m - 1",
    ),
}
BACKWARD = {
    "∂β without the last entry": (
        lambda p: (p.dx, p.dw, p.d[:-1].sum(0)),
        "∂β: the last entry of the batch is left out in BatchNorm.backwardBeta (",
    ),
    "m - 1 in both means": (
        lambda p: (p.w / p.s * (p.d - p.d.sum(0) / (p.m - 1) - p.h * (p.d * p.h).sum(0) / (p.m - 1)), p.dw, p.db),
        "∂x: in BatchNorm.backward, the size m of the batch is m - 1 in all places",
    ),
    "the last row not written": (
        lambda p: (np.concatenate([p.dx[:-1], 0 * p.dx[-1:]]), p.dw, p.db),
        "∂x: off only at the last index along N: it is 0 there, is it written?",
    ),
    "odd lengths": (
        lambda p: (p.dx * (1.5 + np.cos(p.x)) if p.m % 2 else p.dx, p.dw, p.db),
        "∂x: off only where N is odd (3, 5, 7, 17",
    ),
    "exchanged": (lambda p: (p.dx, p.db, p.dw), "∂γ: ∂γ and ∂β are exchanged"),
    "γ forgotten in one term": (
        lambda p: ((p.w * p.d - p.d.mean(0) - p.h * (p.w * p.d * p.h).mean(0)) / p.s, p.dw, p.db),
        "∂x: in BatchNorm.backward, the factor `γ` is missing in the term `∑ k, g[k]`",
    ),
    "a mean over the wrong axis": (
        lambda p: (p.w / p.s * (p.d - p.d.mean(1, keepdims=True) - p.h * (p.d * p.h).mean(0)), p.dw, p.db),
        "∂x: one of its sums is over C, not over N",
    ),
    "a sum over the wrong axis": (
        lambda p: (p.dx, (p.d * p.h).sum(1), p.db),
        "∂γ has shape (5,), and should have (3,), x being (5, 3): there is one for each N; is it summed over the wrong axes?",
    ),
}


def test_a_gradient_of_gamma_from_the_output_is_named():
    """With γ and β in what is summed."""

    def forward(x, gamma, beta, eps):
        out = gamma * hat(x, eps) + beta
        return out, (out, x, gamma, eps)

    def backward(dout, cache):
        out, *rest = cache
        dx, _, dbeta = right.BATCH.backward(dout, tuple(rest))
        return dx, (dout * out).sum(0), dbeta

    said = "∂γ: in BatchNorm.backwardGamma, the output `γ ŷ + β` stands for the normalized batch `ŷ`"
    assert said in first("BatchNorm", forward=forward, backward=backward)


def first(layer, **options):
    """The first line of what is said on all batches."""
    with pytest.raises(KernelError) as failed, np.errstate(all="ignore"):
        assert_layer(layer, eps=1e-3, **options)
    return str(failed.value).splitlines()[0]


@pytest.mark.filterwarnings("ignore:Degrees of freedom", "ignore:Mean of empty")
@pytest.mark.parametrize(("function", "said"), FORWARD.values(), ids=FORWARD)
def test_a_forward_slip_is_named(function, said):
    """Though it gives NaN on equal entries, or of one."""
    assert said in first("BatchNorm", forward=forward(function), outputs="forward")


SLOW = {"odd lengths", "m - 1 in both means", "∂β without the last entry"}
"""Their kinds are named on a few batches, too, and by the rule for lengths."""


@pytest.mark.parametrize(
    ("change", "said"),
    [pytest.param(*one, id=name, marks=pytest.mark.slow if name in SLOW else ()) for name, one in BACKWARD.items()],
)
def test_a_backward_slip_is_named(change, said):
    """On all batches."""
    line = first("BatchNorm", forward=right.BATCH.forward, backward=gradients(change))
    assert line.startswith(f"BatchNorm: {said}"), line


def test_nan_that_a_name_does_not_explain_is_said():
    """Two faults at once: a factor, and NaN where γ = 0."""

    def backward(dout, cache):
        with np.errstate(all="ignore"):
            return 2 * right.BATCH.backward(dout, cache)[0] * (cache[1] / cache[1])

    line = first("BatchNorm", forward=right.BATCH.forward, backward=backward, outputs="dx", only=("plain", "gamma", "N=17"))
    assert "every number is 2 times what it should be, and there are NaN or infinities beside" in line


def test_a_layer_is_not_told_of_another_one_s_definitions():
    """LayerNorm's variance is stated with BatchNorm's: its author reads of the variance."""

    def unbiased(x, gamma, beta, eps):
        return gamma * (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, ddof=1, keepdims=True) + eps) + beta

    few = ("plain", "tiny-spread", "D=17")
    line = first("LayerNorm", forward=unbiased, outputs="forward", only=few)
    assert "in variance, the number m of features of a row is m - 1" in line
    assert "BatchNorm" not in line

    def kernel(x, gamma, beta, eps):
        return gamma * (x - x.mean()) / np.sqrt(x.var() * x.size / max(x.size - 1, 1) + eps) + beta

    with pytest.raises(KernelError) as failed:
        assert_kernel(kernel, "LayerNorm.forward", layout="N", dtype="float64", eps=1e-3)
    assert str(failed.value).startswith("LayerNorm.forward: in variance, the number m of features of a row is m - 1")


def test_two_slips_of_one_kind_are_said_once():
    """M - 1 in the mean and in the variance: not the same words twice."""

    def both(x, gamma, beta, eps):
        less = max(len(x) - 1, 1)
        mean = x.sum(0) / less
        return gamma * (x - mean) / np.sqrt(((x - mean) ** 2).sum(0) / less + eps) + beta

    line = first("BatchNorm", forward=both, outputs="forward", only=("plain", "small-spread", "N=17"))
    assert (
        "in BatchNorm.mean and in BatchNorm.variance, the size m of the batch is m - 1" in line or line.count("m is m - 1") == 1
    )


CACHES = {
    "c": lambda dout, c: right.BATCH.backward(dout, c),
    "state": lambda g, state: right.BATCH.backward(g, state),
    "saved": lambda d, saved: right.BATCH.backward(d, saved),
    "a name of one's own": lambda grad, things: right.BATCH.backward(grad, things),
}


@pytest.mark.parametrize("backward", CACHES.values(), ids=CACHES)
def test_names_of_the_cache(backward):
    """The usual ones; any other is the cache where it is all that is not understood."""
    assert_layer("BatchNorm", forward=right.BATCH.forward, backward=backward, eps=1e-3, only=("plain", "N=17"))


def test_names_that_may_be_meant_in_two_ways_are_asked_back():
    """With a hint that has the cache and nothing else."""
    with pytest.raises(InputError, match="what that is is not known") as failed:
        check_layer("BatchNorm", forward=right.BATCH.forward, backward=lambda one, two: (one, two), eps=1e-3)
    assert failed.value.hint == "wrap it: backward=lambda g, cache: …"
    assert_layer("LayerNorm", forward=lambda x, g, b, eps: right.LAYER.forward(x, g, b, eps)[0], eps=1e-3, only="plain")
