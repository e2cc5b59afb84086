"""Slips in one term of a gradient, powers of σ, γ in some places only, sums elsewhere, clipping: the numbers tell which."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from pybridge.kernels.outcomes import AnotherFunction
from pybridge.kernels.report import lines
from pybridge.testing import KernelError, assert_computes, check_kernel

LAST = "`normalize(ε, y)[i] * (∑ k, g[k] * normalize(ε, y)[k])`"


def right(p, scale=None):
    """∂x of a batch p, with another σ where one is given."""
    scale = p.s if scale is None else scale
    hat = (p.y - p.y.mean(0)) / scale
    return p.w / scale * (p.g - p.g.mean(0) - hat * (p.g * hat).mean(0))


def three(p, *times):
    """∂x of three terms, each taken so many times."""
    one, two, three = times
    return p.w / p.s * (one * p.g - two * p.g.mean(0) - three * p.h * (p.g * p.h).mean(0))


KINDS = {
    "g.mean(1)": (
        lambda p: p.w / p.s * (p.g - p.g.mean(1, keepdims=True) - p.h * (p.g * p.h).mean(0)),
        "one of its sums is over C, not over N (",
    ),
    "half of the first term": (lambda p: three(p, 0.5, 1, 1), "in BatchNorm.backward, `#ι * g[i]` is taken 0.5 times ("),
    "half of the second": (lambda p: three(p, 1, 0.5, 1), "in BatchNorm.backward, `∑ k, g[k]` is taken 0.5 times ("),
    "a third of the third": (lambda p: three(p, 1, 1, 1 / 3), f"in BatchNorm.backward, {LAST} is taken 1/3 times ("),
    "three times the third": (lambda p: three(p, 1, 1, 3.0), f"in BatchNorm.backward, {LAST} is taken 3 times ("),
    "σ² in front": (lambda p: right(p) / p.s, "every number is divided by σ once more ("),
    "σ³ in front": (
        lambda p: right(p) / p.s**2,
        "in BatchNorm.backward, the power 3 of `scale(ε, y)` stands for it (",
    ),
    "σ² in the third term": (
        lambda p: p.w / p.s * (p.g - p.g.mean(0) - p.h / p.s * (p.g * p.h).mean(0)),
        f"in BatchNorm.backward, {LAST} is divided by `scale(ε, y)` once more (",
    ),
    "σ missing in the third term": (
        lambda p: p.w / p.s * (p.g - p.g.mean(0) - p.h * p.s * (p.g * p.h).mean(0)),
        f"in BatchNorm.backward, {LAST} is multiplied by `scale(ε, y)`, or not divided by it (",
    ),
    "γ missing in both sums": (
        lambda p: (p.w * p.g - p.g.mean(0) - p.h * (p.g * p.h).mean(0)) / p.s,
        f"in BatchNorm.backward, the factor `γ` is missing in the terms `∑ k, g[k]` and {LAST} (",
    ),
    "the gradient clipped": (lambda p: np.clip(right(p), -1, 1), "every number is clipped to ±1 ("),
    "clipped above": (lambda p: np.minimum(right(p), 1.5), "every number is clipped to at most 1.5 ("),
    "g clipped": (
        lambda p: right(SimpleNamespace(**{**vars(p), "g": np.clip(p.g, -1, 1)})),
        "`g` is clipped to ±1 before anything is computed of it (",
    ),
    "σ clipped": (lambda p: right(p, np.maximum(p.s, 1e-2)), "σ is clamped to at least 0.01 ("),
}
UNNAMED = {
    "no constant multiple": lambda p: p.w / p.s * (p.g - np.cos(p.g.mean(0)) * p.g.mean(0) - p.h * (p.g * p.h).mean(0)),
    "bounded, and not clipped": lambda p: np.tanh(right(p)),
    "clipped by the batch": lambda p: np.clip(right(p), -(p.w**2), p.w**2),
    "a multiple for each channel": lambda p: p.w / p.s * (p.g - (1 + p.w**2) * p.g.mean(0) - p.h * (p.g * p.h).mean(0)),
}


def first(change):
    """What is said of a kernel of (N, C), and its first line."""

    def kernel(y, g, gamma, eps):
        scale = np.sqrt(y.var(0) + eps)
        return change(SimpleNamespace(y=y, g=g, w=gamma, s=scale, h=(y - y.mean(0)) / scale))

    with np.errstate(all="ignore"):
        found = check_kernel(kernel, "BatchNorm.backward", dtype="float64", layout="NC", eps=1e-5)
    return found, lines(found)[0].removeprefix("BatchNorm.backward: ")


@pytest.mark.parametrize(("change", "said"), KINDS.values(), ids=KINDS)
def test_the_first_line_names_it(change, said):
    """With all numbers within the bound of what is said."""
    found, line = first(change)
    assert isinstance(found.outcome, AnotherFunction)
    assert line.startswith(said), line


@pytest.mark.parametrize("change", UNNAMED.values(), ids=UNNAMED)
def test_what_only_looks_like_it_has_no_name(change):
    """No wrong one."""
    found, line = first(change)
    assert isinstance(found.outcome, AnotherFunction)
    assert not found.outcome.guesses, line


def test_a_jump_is_not_called_clipping():
    """Where nothing that should be just beyond the end shows that it is none, what is seen is said."""
    y, gamma, beta = np.random.default_rng(1).normal(size=(40, 3)), np.array([1.0, 2.0, -1.5]), np.zeros(3)
    out = gamma * (y - y.mean(0)) / np.sqrt(y.var(0) + 1e-5)
    positive = np.sort(out[out > 0])
    gap = int(np.argmax(np.diff(positive)[:-5]))
    below, above = positive[gap], positive[gap + 1]
    assert above > 1.2 * below

    def line(computed):
        with pytest.raises(KernelError) as failed:
            assert_computes("BatchNorm.forward", computed, y=y, gamma=gamma, beta=beta, eps=1e-5, axis=0)
        return str(failed.value).splitlines()[0]

    end = 1.001 * below
    assert f"every number is {end:g} where it should be {above:.3g} or more (" in line(np.where(out > end, end, out))
    assert "every number is clipped to ±2 (" in line(np.clip(out, -2, 2))
