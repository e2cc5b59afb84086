"""BatchNorm backward passes as somebody may write them: one right, five wrong, and one that only loses digits.

Each takes arrays of shape (N, C, H, W), the upstream gradient ``g`` of the same shape, ``gamma`` of shape (C,) and the
number ``eps``.
"""

from __future__ import annotations

import numpy as np

BATCH = (0, 2, 3)


def channels(gamma):
    """One factor for each channel, to multiply arrays with."""
    return gamma[None, :, None, None]


def mean(x):
    """The mean over the batch, of each channel."""
    return x.mean(axis=BATCH, keepdims=True)


def backward(y, g, gamma, eps):
    """The right one."""
    centred = y - mean(y)
    sigma = np.sqrt(mean(centred**2) + y.dtype.type(eps))
    normalized = centred / sigma
    return channels(gamma) / sigma * (g - mean(g) - normalized * mean(g * normalized))


def mean_of_g_forgotten(y, g, gamma, eps):
    """Takes the shift by the mean for a constant, which it is not."""
    centred = y - mean(y)
    sigma = np.sqrt(mean(centred**2) + y.dtype.type(eps))
    normalized = centred / sigma
    return channels(gamma) / sigma * (g - normalized * mean(g * normalized))


def eps_forgotten(y, g, gamma, eps):
    """The forward pass adds ε to the variance, this one does not."""
    return backward(y, g, gamma, 0.0)


def unbiased_variance(y, g, gamma, eps):
    """Divides by m - 1, as the running variance does, but not the normalization."""
    m = y.size // y.shape[1]
    centred = y - mean(y)
    sigma = np.sqrt((centred**2).sum(axis=BATCH, keepdims=True) / y.dtype.type(m - 1) + y.dtype.type(eps))
    normalized = centred / sigma
    return channels(gamma) / sigma * (g - mean(g) - normalized * mean(g * normalized))


def gamma_twice(y, g, gamma, eps):
    """Multiplies with γ what has been multiplied with γ already."""
    return channels(gamma) * backward(y, g, gamma, eps)


def wrong_count(y, g, gamma, eps):
    """Written for (N, C): divides the sums of the gradient by N, not by N·H·W."""
    n = y.dtype.type(y.shape[0])
    centred = y - mean(y)
    sigma = np.sqrt(mean(centred**2) + y.dtype.type(eps))
    normalized = centred / sigma
    sum_g = g.sum(axis=BATCH, keepdims=True)
    sum_gy = (g * normalized).sum(axis=BATCH, keepdims=True)
    return channels(gamma) / sigma * (g - sum_g / n - normalized * sum_gy / n)


def one_pass_variance(y, g, gamma, eps):
    """The right function, but the variance as mean of squares less square of mean."""
    variance = np.maximum(mean(y * y) - mean(y) ** 2, 0)
    sigma = np.sqrt(variance + y.dtype.type(eps))
    normalized = (y - mean(y)) / sigma
    return channels(gamma) / sigma * (g - mean(g) - normalized * mean(g * normalized))
