"""Faults that were reported in public, each as a kernel in our own words, and the comparison that let it through.

``passes`` runs the comparison of the host: on the arrays it used, of their kind and size, by its tolerance.  ``said`` is what
the first line of ``assert_layer`` has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy_layers as right


@dataclass(frozen=True, kw_only=True)
class Specimen:
    """A kernel that was wrong in public, or one that a comparison in use does not see.

    Parameters
    ----------
    report
        Where it is reported.
    fault, compared
        What the kernel does, and how its host compared: as docs/zoo.md has them.
    layer, backward
        The layer, and the wrong ∂x, called with dout, x, gamma and eps.
    host
        The arrays of the host's comparison, (x, g, γ), and whether it lets ∂x pass as the right one.
    said
        What ``assert_layer`` says.
    """

    report: str
    fault: str
    compared: str
    layer: str
    backward: Callable[..., Any]
    arrays: Callable[[np.random.Generator], tuple[Any, Any, Any]]
    agrees: Callable[[Any, Any], bool]
    said: str
    options: dict[str, Any] = field(default_factory=dict)

    def passes(self) -> bool:
        """Whether the host's comparison lets it through."""
        x, g, gamma = self.arrays(np.random.default_rng(0))
        return self.agrees(self.backward(g, x, gamma, 1e-5), true(self.layer, g, x, gamma))


def true(layer, g, x, gamma):
    """The right ∂x."""
    known = {"BatchNorm": right.BATCH, "LayerNorm": right.LAYER, "RMSNorm": right.RMS}
    return known[layer].backward(g, (x, gamma, 1e-5))[0]


def close(rtol, atol):
    """NumPy's and torch's comparison."""
    return lambda got, wanted: bool(np.allclose(got, wanted, rtol=rtol, atol=atol))


def normal(rows, columns, *, gamma=None, g=None):
    """Normal arrays, with a γ or an upstream gradient that is constant where one is given."""

    def arrays(rng):
        factor = np.full(columns, gamma) if gamma is not None else 1 + 0.1 * rng.normal(size=columns)
        upstream = np.full((rows, columns), g) if g is not None else rng.normal(size=(rows, columns))
        return rng.normal(size=(rows, columns)), upstream, factor

    return arrays


def mean_twice(dout, x, gamma, eps):
    """LayerNorm; the mean of the upstream gradient is taken off twice."""
    passed = dout * gamma
    less = passed.mean(-1, keepdims=True) / np.sqrt(x.var(-1, keepdims=True) + eps)
    return right.LAYER.backward(dout, (x, gamma, eps))[0] - less


def without_gamma(dout, x, gamma, eps):
    """BatchNorm; γ is ignored."""
    return right.BATCH.backward(dout, (x, np.ones_like(gamma), eps))[0]


def without_projection(dout, x, gamma, eps):
    """BatchNorm; the term along ŷ is missing."""
    return gamma / np.sqrt(x.var(0) + eps) * (dout - dout.mean(0))


def zeros(dout, x, gamma, eps):  # noqa: ARG001
    """Nothing at all."""
    return np.zeros_like(x)


def opposite(dout, x, gamma, eps):
    """BatchNorm; the sign of every gradient is wrong."""
    return -right.BATCH.backward(dout, (x, gamma, eps))[0]


def one_less(dout, x, gamma, eps):
    """BatchNorm; one sum is divided by m - 1."""
    std = np.sqrt(x.var(0) + eps)
    hat = (x - x.mean(0)) / std
    return gamma / std * (dout - dout.mean(0) - hat * (dout * hat).sum(0) / max(len(x) - 1, 1))


def gamma_twice(dout, x, gamma, eps):
    """RMSNorm; γ is multiplied in twice."""
    return right.RMS.backward(dout * gamma, (x, gamma, eps))[0]


def norms(got, wanted):
    """Norms only."""
    return bool(abs(np.linalg.norm(got) - np.linalg.norm(wanted)) <= 1e-4 * np.linalg.norm(wanted))


def times_size(got, wanted):
    """JAX's check_grads in float32: 2e-3, times the number of entries, relative and absolute."""
    return bool(np.allclose(got, wanted, rtol=2e-3 * wanted.size, atol=2e-3 * wanted.size))


ZOO = {
    "mean-twice": Specimen(
        report="tenstorrent/tt-metal#53204",
        fault="LayerNorm's ∂x takes the mean of the upstream gradient off twice",
        compared="rtol = atol = 5e-1",
        layer="LayerNorm",
        backward=mean_twice,
        arrays=normal(32, 1024),
        agrees=close(5e-1, 5e-1),
        said="is taken off twice",
    ),
    "without-gamma": Specimen(
        report="denizyuret/Knet.jl#288",
        fault="BatchNorm's ∂x ignores γ",
        compared="γ = 1 in all tests",
        layer="BatchNorm",
        backward=without_gamma,
        arrays=normal(32, 8, gamma=1.0),
        agrees=close(1e-5, 1e-8),
        said="the factor `γ` is missing",
    ),
    "g-of-ones": Specimen(
        report="HomericIntelligence/Odyssey#3174",
        fault="BatchNorm's ∂x, here without the term along ŷ",
        compared="g = ones, of which the true ∂x is 0",
        layer="BatchNorm",
        backward=without_projection,
        arrays=normal(32, 8, g=1.0),
        agrees=close(1e-5, 1e-8),
        said="is missing",
    ),
    "zeros": Specimen(
        report="ScalingIntelligence/KernelBench#165",
        fault="zeros are returned (there by kernels of softmax and norms)",
        compared="rtol = atol = 1e-2 (bfloat16), where the right numbers are small",
        layer="BatchNorm",
        backward=zeros,
        arrays=normal(32, 8, g=1.0 / 256),
        agrees=close(1e-2, 1e-2),
        said="every number is 0",
    ),
    "norms-only": Specimen(
        report="norms compared alone",
        fault="∂x is wrong, and as long as the right one (here: its sign)",
        compared="norms only",
        layer="BatchNorm",
        backward=opposite,
        arrays=normal(32, 8),
        agrees=norms,
        said="the sign is the opposite",
    ),
    "times-the-size": Specimen(
        report="jax `check_grads`, by its formula",
        fault="a gradient of 0",
        compared="float32: 2e-3 times the number of entries, from 500 entries on",
        layer="LayerNorm",
        backward=zeros,
        arrays=normal(32, 64),
        agrees=times_size,
        said="every number is 0",
    ),
    "one-less": Specimen(
        report="torch `gradcheck`, by its formula",
        fault="m - 1 for m in the term along ŷ",
        compared="rtol = 1e-3, atol = 1e-5, at m = 4096",
        layer="BatchNorm",
        backward=one_less,
        arrays=normal(4096, 3),
        agrees=close(1e-3, 1e-5),
        said="m - 1",
    ),
    "weights-of-ones": Specimen(
        report="linkedin/Liger-Kernel, tests of RMSNorm",
        fault="RMSNorm's ∂x multiplies γ in twice",
        compared="weights = ones, bfloat16: rtol = 2e-1, atol = 2e-2",
        layer="RMSNorm",
        backward=gamma_twice,
        arrays=normal(32, 64, gamma=1.0),
        agrees=close(2e-1, 2e-2),
        said="`γ²` stands for `γ` in all places",
    ),
}
