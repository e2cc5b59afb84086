"""Bad batches: NaN, infinities, shapes that do not match, m = 0, zero variance at ε = 0: one line each, exit code 1."""

from __future__ import annotations

import numpy as np
import pytest

from pybridge.errors import InputError, UnknownNameError
from pybridge.kernels.oracle import oracle

Y = np.array([1.0, 2.0, 4.0])
GOOD = {"gamma": 2.0, "eps": 0.0, "y": Y, "g": Y[::-1].copy()}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"y": np.array([1.0, np.nan, 2.0])}, "nan"),
        ({"g": np.array([1.0, np.inf, 2.0])}, "inf"),
        ({"eps": float("nan")}, "nan"),
        ({"g": np.array([1.0, 2.0])}, "g"),
        ({"y": np.empty(0), "g": np.empty(0)}, "m = 0"),
        ({"y": np.ones(3)}, "variance"),
    ],
    ids=["nan", "inf", "nan-eps", "shapes", "empty", "zero-variance"],
)
def test_bad_batches_are_refused(wrong: dict[str, object], said: str) -> None:
    """The good batch passes; each bad one is an InputError of one line that names what is wrong."""
    backward = oracle("backward")
    assert np.isfinite(backward(**GOOD)).all()
    with pytest.raises(InputError) as refused:
        backward(**{**GOOD, **wrong})
    line = str(refused.value)
    assert said.lower() in line.lower()
    assert "\n" not in line
    assert refused.value.exit_code == 1


def test_unknown_definition() -> None:
    """A definition that the export does not have is an unknown name, with exit code 2 and a suggestion."""
    with pytest.raises(UnknownNameError, match="backward") as refused:
        oracle("bakward")
    assert refused.value.exit_code == 2
