"""The arrays of a probe (``kernels/probes.py``) as a layer takes them."""

from __future__ import annotations

from pybridge.kernels.probes import Probe, drawn
from pybridge.layers.cutting import Arrays
from pybridge.layers.reading import Reading


def draw(probe: Probe, reading: Reading, eps: float, seed: int) -> Arrays:
    """The arrays of a probe, in float64, still to be rounded to the layer's format."""
    found = drawn(probe, reading, seed)
    return Arrays(found.x, found.g, found.gamma, found.beta, eps, found.mean, found.variance)
