"""Layers in NumPy as people write them, right but for the slip that is asked for.

Statistics run over ``axes``, the parameters are along ``along``; forward gives (out, cache), backward takes the cache.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    """Batch normalization of (N, D) as a course has it written."""
    eps = bn_param["eps"]
    mean, var = x.mean(axis=0), x.var(axis=0)
    std = np.sqrt(var + eps)
    hat = (x - mean) / std
    return gamma * hat + beta, (hat, gamma, std)


def batchnorm_backward(dout, cache):
    """Its gradients."""
    hat, gamma, std = cache
    count = dout.shape[0]
    dbeta, dgamma = dout.sum(axis=0), (dout * hat).sum(axis=0)
    dhat = dout * gamma
    dx = (count * dhat - dhat.sum(axis=0) - hat * (dhat * hat).sum(axis=0)) / (count * std)
    return dx, dgamma, dbeta


def layernorm_forward(x, gamma, beta, ln_param):
    """Layer normalization of (N, D) as a course has it written."""
    eps = ln_param.get("eps", 1e-5)
    hat = (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var(axis=1, keepdims=True) + eps)
    return gamma * hat + beta, (hat, gamma, np.sqrt(x.var(axis=1, keepdims=True) + eps))


def layernorm_backward(dout, cache):
    """Its gradients."""
    hat, gamma, std = cache
    dhat = dout * gamma
    dx = (dhat - dhat.mean(axis=1, keepdims=True) - hat * (dhat * hat).mean(axis=1, keepdims=True)) / std
    return dx, (dout * hat).sum(axis=0), dout.sum(axis=0)


Scale = Callable[[Any, Any], Any]


def root(variance, eps):
    """What is divided by."""
    return np.sqrt(variance + eps)


class Layer:
    """A layer of any axes.

    Parameters
    ----------
    axes
        That statistics run over, by the number of axes of x.
    along
        Of the parameters.
    centred
        Whether the mean is taken off.
    scale
        Of variance and ε: what is divided by, in the forward pass, and in the backward pass.
    """

    def __init__(self, axes, along, *, centred=True, scale: Scale = root, backward_scale: Scale | None = None):
        self.axes, self.along, self.centred = axes, along, centred
        self.scale, self.backward_scale = scale, backward_scale or scale

    def spread(self, parameter, x):
        """A parameter along the axes of x."""
        along = [k % x.ndim for k in self.along]
        return parameter.reshape([x.shape[k] if k in along else 1 for k in range(x.ndim)])

    def statistics(self, x):
        """Mean and variance."""
        mean = x.mean(axis=self.axes, keepdims=True) if self.centred else np.zeros((), x.dtype)
        return mean, ((x - mean) ** 2).mean(axis=self.axes, keepdims=True)

    def forward(self, x, gamma, beta, eps):
        """The output, and what the gradients need."""
        mean, variance = self.statistics(x)
        hat = (x - mean) / self.scale(variance, x.dtype.type(eps))
        return self.spread(gamma, x) * hat + self.spread(beta, x), (x, gamma, eps)

    def forward_rms(self, x, gamma, eps):
        """The same without β."""
        return self.forward(x, gamma, np.zeros_like(gamma), eps)

    def backward(self, dout, cache):
        """The gradients."""
        x, gamma, eps = cache
        mean, variance = self.statistics(x)
        sigma = self.backward_scale(variance, x.dtype.type(eps))
        hat, passed = (x - mean) / sigma, dout * self.spread(gamma, x)
        less = passed.mean(axis=self.axes, keepdims=True) if self.centred else 0
        dx = (passed - less - hat * (passed * hat).mean(axis=self.axes, keepdims=True)) / sigma
        others = tuple(k for k in range(x.ndim) if k not in [a % x.ndim for a in self.along])
        return dx, (dout * hat).sum(axis=others), dout.sum(axis=others)

    def backward_rms(self, dout, cache):
        """The same without ∂β."""
        return self.backward(dout, cache)[:2]


BATCH = Layer((0,), (1,))
BATCH_IMAGES = Layer((0, 2, 3), (1,))
LAYER = Layer((-1,), (-1,))
RMS = Layer((-1,), (-1,), centred=False)
INSTANCE = Layer((2, 3), (1,))


def group_forward(x, gamma, beta, eps, groups):
    """Group normalization of (N, C, H, W)."""
    split = x.reshape(x.shape[0], groups, -1)
    mean, variance = split.mean(-1, keepdims=True), split.var(-1, keepdims=True)
    hat = ((split - mean) / np.sqrt(variance + eps)).reshape(x.shape)
    return gamma[:, None, None] * hat + beta[:, None, None], (x, gamma, eps, groups)


def group_backward(dout, cache):
    """Its gradients."""
    x, gamma, eps, groups = cache
    split = x.reshape(x.shape[0], groups, -1)
    std = np.sqrt(split.var(-1, keepdims=True) + eps)
    hat = (split - split.mean(-1, keepdims=True)) / std
    passed = (dout * gamma[:, None, None]).reshape(split.shape)
    dx = (passed - passed.mean(-1, keepdims=True) - hat * (passed * hat).mean(-1, keepdims=True)) / std
    return dx.reshape(x.shape), (dout * hat.reshape(x.shape)).sum((0, 2, 3)), dout.sum((0, 2, 3))
