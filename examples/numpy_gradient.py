"""NumPy: the gradient of a batch by the Lean definition, as code, with a bound of its rounding errors.

python examples/numpy_gradient.py
"""

from __future__ import annotations

import numpy as np

import pybridge
from pybridge.testing import assert_computes


def main() -> None:
    """64 rows of 16 channels; a batch is a column."""
    rng = np.random.default_rng(0)
    y, g = rng.normal(size=(2, 64, 16)).astype(np.float32)
    given = {"gamma": np.full(16, 0.5, np.float32), "eps": 1e-5, "y": y, "g": g}

    reference = pybridge.oracle("BatchNorm.backward", axis=0)(**given)
    compiled = pybridge.compile("BatchNorm.backward", axis=0)
    dy = compiled(**given)
    assert_computes("BatchNorm.backward", dy, axis=0, **given)

    print(f"gradient: {dy.shape}, {dy.dtype}; {compiled.sweeps} sweeps over the arrays")
    print(f"furthest from the oracle: {np.abs(dy - reference).max():.1e}")
    print(f"at most {compiled.bound(**given).max():.1e} from the gradient in the real numbers")
    print(f"sum over each batch, which is 0 in the real numbers: at most {np.abs(dy.sum(axis=0)).max():.1e}")


if __name__ == "__main__":
    main()
