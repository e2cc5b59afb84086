"""The caller's own arrays in place of drawn ones: one set, or several that the layer is called with in this order.

In: arrays by their roles.  Out: probes, and the ``Arrays`` of each by its name.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from pybridge.errors import InputError
from pybridge.kernels.frameworks import Doubles
from pybridge.kernels.probes import Probe
from pybridge.layers.bench import Bench
from pybridge.layers.cutting import Arrays
from pybridge.layers.known import FORWARD
from pybridge.layers.signatures import BETA, GAMMA, MEAN, VAR, G

OWN = "own"


def own_probes(bench: Bench, several: Sequence[Mapping[str, Doubles]]) -> tuple[tuple[Probe, ...], dict[str, Arrays]]:
    """A probe for each set of arrays, and the arrays; 1 stands for γ and 0 for β where they are not given."""
    names = [OWN] if len(several) == 1 else [f"{OWN}-{number}" for number in range(1, len(several) + 1)]
    tried = tuple(_probe(bench, name, one) for name, one in zip(names, several, strict=True))
    return tried, {name: _arrays(bench, one) for name, one in zip(names, several, strict=True)}


def _probe(bench: Bench, name: str, arrays: Mapping[str, Doubles]) -> Probe:
    x = arrays["x"]
    if x.ndim != len(bench.reading.layout):
        raise InputError(
            f"x has shape {x.shape}, and the layout is {bench.reading.layout}", hint="pass the layout of the arrays"
        )
    return Probe(name=name, why="the caller's arrays", lengths=bench.reading.lengths(x.shape))


def _arrays(bench: Bench, arrays: Mapping[str, Doubles]) -> Arrays:
    x = arrays["x"]
    shape = bench.reading.of_parameter(bench.reading.lengths(x.shape))
    g = arrays.get("g", np.ones_like(x) if bench.outputs == (FORWARD,) else None)
    if g is None:
        raise InputError("arrays has no g, the upstream gradient", hint='give arrays={"x": x, "g": g, …}')
    one, zero = np.ones(shape), np.zeros(shape)
    gamma, beta, mean, variance = (
        arrays.get(name, other) for name, other in ((GAMMA, one), (BETA, zero), (MEAN, zero), (VAR, one))
    )
    several = ((G, g, x.shape), (GAMMA, gamma, shape), (BETA, beta, shape), (MEAN, mean, shape), (VAR, variance, shape))
    for name, array, wanted in several:
        if array.size != math.prod(wanted):
            raise InputError(f"{name} has shape {array.shape}, and x has {x.shape}", hint=f"give {name} of shape {wanted}")
    if not all(np.isfinite(array).all() for array in (x, *(array for _, array, _ in several))):
        raise InputError("arrays holds numbers that are not finite", hint="give finite numbers")
    gamma, beta, mean, variance = (array.reshape(shape) for array in (gamma, beta, mean, variance))
    return Arrays(x, g.reshape(x.shape), gamma, beta, bench.eps, mean, variance)
