"""A test-suite of the kernels beside it, as a kernel author writes one.  The wrong kernels fail: that is what is shown.

pytest examples/test_kernels.py
"""

from __future__ import annotations

import kernels
import numpy as np
import pytest

from pybridge.testing import assert_computes, assert_kernel, assert_satisfies

KERNELS = [
    kernels.backward,
    kernels.mean_of_g_forgotten,
    kernels.eps_forgotten,
    kernels.unbiased_variance,
    kernels.gamma_twice,
    kernels.wrong_count,
    kernels.one_pass_variance,
]


@pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: kernel.__name__)
def test_backward(kernel):
    """The kernel computes formula (1), on batches that tell kernels apart."""
    assert_kernel(kernel, "BatchNorm.backward", dtype="float32", layout="NCHW", eps=1e-5)


def test_on_arrays_of_ones_own():
    """The right kernel, on arrays of the author's choice: every number, and the norm of each channel."""
    rng = np.random.default_rng(0)
    y, g = rng.normal(size=(2, 4, 3, 2, 2)).astype(np.float32)
    gamma = np.array([0.5, 1.0, 2.0], dtype=np.float32)
    dy = kernels.backward(y, g, gamma, 1e-5)
    assert_computes("BatchNorm.backward", dy, y=y, g=g, gamma=gamma, eps=1e-5, axis=(0, 2, 3))
    assert_satisfies("BatchNorm.norm_sq_backward", y=y, g=g, gamma=gamma, eps=1e-5, computed={"backward": dy}, axis=(0, 2, 3))
