"""Long sums: what the worst case of all orders allows, and independent rounding errors do not; and right ones, which pass."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from pybridge.kernels.sharper import RATE
from pybridge.testing import AnotherFunction, BlindWarning, KernelError, assert_computes

ORDERS = {
    "pairwise": lambda terms: terms.sum(),
    "one after the other": lambda terms: np.cumsum(terms)[-1],
    "backwards": lambda terms: np.cumsum(terms[::-1])[-1],
    "in blocks of 32": lambda terms: np.cumsum(np.pad(terms, (0, -len(terms) % 32)).reshape(-1, 32).cumsum(1)[:, -1])[-1],
    "strided": lambda terms: np.cumsum(np.pad(terms, (0, -len(terms) % 256)).reshape(256, -1).cumsum(1)[:, -1])[-1],
}


def batch(size, seed=0, offset=0.0):
    """A normal batch and an upstream gradient, in float32."""
    rng = np.random.default_rng(seed)
    return (offset + rng.normal(size=size)).astype(np.float32), rng.normal(size=size).astype(np.float32)


def gradient(y, g, order=np.sum, *, less=0):
    """∂γ in float32, its sums in some order."""
    m = np.float32(len(y))
    centred = y - order(y) / m
    sigma = np.sqrt(order(centred * centred) / (m - less) + np.float32(1e-5))
    return np.float32(order(g * (centred / sigma)))


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
@pytest.mark.parametrize("size", [300, 4096, 25_088])
@pytest.mark.filterwarnings("ignore::pybridge.errors.BlindWarning")
def test_right_sums_pass_in_any_usual_order(order, size):
    """None is called wrong."""
    for seed in range(3):
        y, g = batch(size, seed, offset=0.5 * seed)
        assert_computes("BatchNorm.backwardGamma", gradient(y, g, order), y=y, g=g, eps=1e-5)
        assert_computes("BatchNorm.backwardBeta", np.float32(order(g)), g=g)


@pytest.mark.parametrize(
    ("size", "factor"),
    [*((25_088, factor) for factor in (1.3, 0.8, 1.01, 0.99)), pytest.param(10**6, 1.01, marks=pytest.mark.slow)],
)
def test_a_factor_is_seen_at_every_size(size, factor):
    """K4: and said."""
    y, g = batch(size)
    with pytest.raises(KernelError, match=f"every number is {factor} times what it should be") as failed:
        assert_computes("BatchNorm.backwardGamma", np.float32(factor) * gradient(y, g), y=y, g=g, eps=1e-5)
    assert isinstance(failed.value.outcome, AnotherFunction)
    assert f"once in {1 / RATE:.0e} cases" in str(failed.value)


def test_a_factor_that_the_worst_case_sees_is_named_of_long_rows():
    """∂γ of arrays that go along with each other is far from 0, so that the worst case is near; ∂x, too."""
    y, g = batch(25_088)
    g = g + y
    with pytest.raises(KernelError, match=r"every number is 1.01 times what it should be \(all 1 numbers are off\)"):
        assert_computes("BatchNorm.backwardGamma", np.float32(1.01) * gradient(y, g), y=y, g=g, eps=1e-5)
    wrong = np.where(np.arange(len(g)) < 12_000, 1.01, 1.02) * g
    with pytest.raises(KernelError, match="give fewer"):
        assert_computes("BatchNorm.backward", wrong.astype(np.float32), y=y, g=g, gamma=1.0, eps=1e-5)


def test_errors_that_are_not_independent_are_left_to_the_worst_case():
    """A sum of equal numbers, one after the other, is off by 1 %: all its rounding errors have one sign."""
    g = np.full(10**6, 0.1, np.float32)
    total = np.cumsum(g)[-1]
    assert abs(total / 1e5 - 1) > 5e-3
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BlindWarning)
        assert_computes("BatchNorm.backwardBeta", total, g=g)


def test_what_would_have_been_seen_is_said():
    """It is in the finding; a warning where it is more than 1 %."""
    y, g = batch(25_088)
    assert assert_computes("BatchNorm.backwardGamma", gradient(y, g), y=y, g=g, eps=1e-5).factor < 0.01
    y, g = batch(64, offset=3000.0)
    with pytest.warns(BlindWarning, match="only a factor of 1 ± .* would have been seen"):
        assert_computes("BatchNorm.backwardGamma", gradient(y, g), y=y, g=g, eps=1e-5)


def test_what_would_have_been_seen_is_said_of_rows_that_are_believed():
    """Sums of numbers of one sign round in one direction, row by row: no factor near 1 is seen there, and none is promised."""
    size = 25_088
    first = np.arange(size) < size // 2
    y, g = (np.where(first, *pair).astype(np.float32) for pair in ((0, 1), (0.3, 0.315)))
    with pytest.warns(BlindWarning, match=r"only a factor of 1 ± 0\.\d or more would have been seen"):
        right = assert_computes("BatchNorm.backwardGamma", gradient(y, g), y=y, g=g, eps=1e-5)
    assert right.factor > 0.08
    with pytest.raises(KernelError):
        assert_computes("BatchNorm.backwardGamma", np.float32(1 + 2 * right.factor) * gradient(y, g), y=y, g=g, eps=1e-5)
