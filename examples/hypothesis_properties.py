"""Hypothesis: batches that certainly satisfy a theorem's hypotheses, and a property of one's own layer on them.

python examples/hypothesis_properties.py
"""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings

import pybridge
from pybridge.strategies import for_theorem
from pybridge.testing import assert_computes


def normalize(y: np.ndarray, eps: float) -> np.ndarray:
    """The layer that is tested."""
    centred = y - y.mean()
    return centred / np.sqrt((centred**2).mean() + eps)


@settings(max_examples=50, deadline=None)
@example({"y": np.array([0.0, 0.0, 1.77403116e-204]), "ε": np.float64(0.0)})
@given(for_theorem("BatchNorm.norm_sq_normalize", dtype="float64"))
def normalizes(values: dict[str, np.ndarray]) -> None:
    """What it computes is the definition, on every batch of which the theorem speaks and for which there is a bound."""
    with np.errstate(all="ignore"):  # squares of tiny numbers underflow
        computed = normalize(values["y"], float(values["ε"]))
    try:
        assert_computes("BatchNorm.normalize", computed, y=values["y"], eps=values["ε"])
    except pybridge.InputError:  # so near to constant that no digit is left: no bound, and nothing to say of the layer
        return


def main() -> None:
    """Draw the batches."""
    normalizes()
    print("50 batches that satisfy the hypotheses of norm_sq_normalize: the layer computes the definition on each")


if __name__ == "__main__":
    main()
