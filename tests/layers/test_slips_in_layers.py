"""Slips in a layer of (N, C), each of a kind that somebody has made, and the first line of what is said of it."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy_layers as right
import pytest

from pybridge.testing import KernelError, assert_layer

FEW = ("plain", "small-spread", "tiny-spread", "N=17")


@dataclass(frozen=True)
class Slip:
    """A layer with a slip: what it changes of the right backward pass, and what is said."""

    said: str
    change: Any
    only: tuple[str, ...] = FEW


def outputs(change):
    """A backward pass of (N, C) whose results are changed."""

    def backward(dout, cache):
        x, gamma, eps = cache
        dx, dgamma, dbeta = right.BATCH.backward(dout, cache)
        return change(SimpleNamespace(d=dout, x=x, w=gamma, e=eps, dx=dx, dw=dgamma, db=dbeta))

    return backward


def sigma(x, eps):
    """What is divided by."""
    return np.sqrt(x.var(0) + eps)


def hat(x, eps):
    """The normalized batch."""
    return (x - x.mean(0)) / sigma(x, eps)


def clamped(variance, eps):
    """A σ of at least ε."""
    return np.maximum(np.sqrt(variance), eps)


def gradient(p, *, gamma=None, eps=None):
    """The right ∂x of another γ or ε."""
    return right.BATCH.backward(p.d, (p.x, p.w if gamma is None else gamma, p.e if eps is None else eps))[0]


def two_slips(p):
    """ε forgotten, and the mean of g."""
    normalized = hat(p.x, 0)
    return p.w / sigma(p.x, 0) * (p.d - normalized * (p.d * normalized).mean(0))


SLIPS = {
    "2 ∂γ": Slip("∂γ: every number is 2 times what it should be", lambda p: (p.dx, 2 * p.dw, p.db)),
    "1.1 ∂γ": Slip("∂γ: every number is 1.1 times what it should be", lambda p: (p.dx, 1.1 * p.dw, p.db)),
    "dx / N": Slip("∂x: every number is divided by m once more", lambda p: (p.dx / len(p.x), p.dw, p.db)),
    "mean for sum": Slip("∂β: in BatchNorm.backwardBeta", lambda p: (p.dx, p.dw, p.db / len(p.x))),
    "γ into ∂γ": Slip("∂γ: every number is multiplied by γ once more", lambda p: (p.dx, p.dw * p.w, p.db)),
    "zero": Slip("∂β: every number is 0 (", lambda p: (p.dx, p.dw, 0 * p.db)),
    "× σ for / σ": Slip(
        "∂x: every number is multiplied by σ in place of divided by it",
        lambda p: (p.dx * sigma(p.x, p.e) ** 2, p.dw, p.db),
    ),
    "all NaN": Slip("∂x: every number is NaN", lambda p: (p.dx * np.nan, p.dw, p.db)),
    "mean(g) taken off twice": Slip(
        "∂x: in BatchNorm.backward, `∑ k, g[k]` is taken off twice",
        lambda p: (p.dx - p.w / sigma(p.x, p.e) * p.d.mean(0), p.dw, p.db),
    ),
    "1 + γ": Slip(
        "∂x: `1 + γ` stands for `γ`",
        lambda p: (gradient(p, gamma=1 + p.w), p.dw, p.db),
    ),
    "ε hard-coded": Slip(
        "∂x: ε is 0.0001, not 0.001",
        lambda p: (gradient(p, eps=1e-4), p.dw, p.db),
    ),
    "2 ε": Slip(
        "∂x: ε is added twice: 0.002, not 0.001",
        lambda p: (gradient(p, eps=2 * p.e), p.dw, p.db),
    ),
    "σ clamped": Slip(
        "∂x: σ is clamped to at least ε, which is not added to the variance",
        lambda p: (right.Layer((0,), (1,), scale=clamped).backward(p.d, (p.x, p.w, p.e))[0], p.dw, p.db),
        ("plain", "tiny-spread", "constant"),
    ),
    "first block of 8": Slip(
        "∂β: only the first block of 8 entries is summed",
        lambda p: (p.dx, p.dw, p.d[:8].sum(0)),
    ),
    "incomplete block lost": Slip(
        "∂β: an incomplete block (of 8 entries) is lost",
        lambda p: (p.dx, p.dw, p.d[: len(p.d) // 8 * 8 if len(p.d) >= 8 else None].sum(0)),
    ),
    "last row missing": Slip(
        "∂γ: the last entry of the batch is left out",
        lambda p: (p.dx, (p.d * hat(p.x, p.e))[:-1].sum(0), p.db),
    ),
    "two slips": Slip("∂x: in BatchNorm", lambda p: (two_slips(p), p.dw, p.db)),
}


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS)
def test_the_first_line_names_the_slip(slip):
    """Of an output that is off, with how many of its numbers; what is right beside it is not blamed."""
    with pytest.raises(KernelError) as error:
        assert_layer("BatchNorm", forward=right.BATCH.forward, backward=outputs(slip.change), eps=1e-3, only=slip.only)
    text = str(error.value)
    assert text.startswith(f"BatchNorm: {slip.said}"), text
    assert "numbers are off)" in text.splitlines()[0]
    assert "right: the output" in text
    assert "bfloat16" not in text
    assert "a call that shows it:" in text
