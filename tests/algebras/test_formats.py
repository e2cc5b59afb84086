"""Formats by what NumPy, torch and JAX call them."""

from __future__ import annotations

import numpy as np
import pytest

from pybridge.algebras.formats import BFLOAT16, FLOAT16, FLOAT32, FLOAT64, FORMATS, format_of, needed_format
from pybridge.errors import InputError


class TorchLike:
    """A dtype with a text and no name, as ``torch.bfloat16`` is."""

    def __str__(self) -> str:
        return "torch.bfloat16"


class JaxLike(type):
    """What ``jnp.bfloat16`` is an instance of: a class that stands for a dtype."""


READ = {
    "name": ("float32", FLOAT32),
    "scalar type": (np.float16, FLOAT16),
    "dtype": (np.dtype("float64"), FLOAT64),
    "byte order": (np.dtype(">f4"), FLOAT32),
    "Python": (float, FLOAT64),
    "a format": (BFLOAT16, BFLOAT16),
    "torch": (TorchLike(), BFLOAT16),
    "JAX": (JaxLike("bfloat16", (), {}), BFLOAT16),
}


@pytest.mark.parametrize(("dtype", "expected"), READ.values(), ids=READ)
def test_a_dtype_is_read_by_its_name(dtype: object, expected: object) -> None:
    """Whichever library it is of, without importing it."""
    assert format_of(dtype) is needed_format(dtype) is expected


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_known_by_its_name(name: str) -> None:
    """So that a message that lists them lists what is taken."""
    assert needed_format(name).name == name


REFUSED = {
    "float8": "'float8'",
    "torch.float32": "'torch.float32'",
    np.int64: "'int64'",
    np.longdouble: "'longdouble'",
    int: "'int'",
    np.dtype("complex64"): "'complex64'",
    None: "'None'",
    3: "'3'",
    (): r"'\(\)'",
}


@pytest.mark.parametrize(("dtype", "said"), REFUSED.items(), ids=map(str, REFUSED))
def test_what_is_no_format_is_refused(dtype: object, said: str) -> None:
    """In one line that lists the formats."""
    assert format_of(dtype) is None
    with pytest.raises(InputError, match=f"^no format is called {said}; there are float64, float32, float16, bfloat16$"):
        needed_format(dtype)


def test_numbers_are_rounded_as_numpy_rounds_them() -> None:
    """To float16: ties, subnormal numbers, what overflows, and what is no number."""
    rng = np.random.default_rng(0)
    drawn = rng.normal(size=2000) * 2.0 ** rng.integers(-30, 18, 2000)
    values = np.concatenate([drawn, [0.0, -0.0, 65519.0, 65520.0, -65520.0, 1 + 2.0**-11, 1 + 3 * 2.0**-11, 2.0**-25, np.inf]])
    with np.errstate(over="ignore"):
        assert np.array_equal(FLOAT16.rounded_each(values), values.astype(np.float16).astype(np.float64))
    assert np.isnan(FLOAT16.rounded_each(np.array([np.nan]))).all()
