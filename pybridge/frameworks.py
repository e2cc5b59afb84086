"""Arrays of NumPy, torch and JAX as the exact numbers they hold, and back; none is imported that the caller has not imported.

float64 holds every number of the narrower formats, so that it is what is handed on, with the format the array had.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from pybridge.errors import InputError, MissingToolError
from pybridge.formats import FORMATS, Format

Doubles = npt.NDArray[np.float64]

LIBRARIES = ("numpy", "torch", "jax")


def exact(name: str, value: Any) -> tuple[Doubles, Format | None]:
    """The numbers in ``value`` as float64, and the format they had; None for integers and Python numbers.

    Parameters
    ----------
    name
        What the value is called in a message.
    value
        A NumPy array, a torch or JAX tensor on any device, or nested lists of numbers.

    Raises
    ------
    InputError
        It holds no real numbers, or is of another format (longdouble, float8) or beyond 2^53.
    """
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        known = FORMATS.get(str(value.dtype).removeprefix("torch."))
        held = value.detach().cpu()
        value = held.double().numpy() if known is not None else held.numpy()
        return _double(name, value), known
    try:
        array = np.asarray(value)
    except (ValueError, TypeError):
        raise InputError(f"{name} is ragged or no array", hint="give a NumPy array, a torch or a JAX tensor") from None
    known = FORMATS.get(array.dtype.name) if hasattr(value, "dtype") else None
    return _double(name, array), known


def _double(name: str, array: npt.NDArray[Any]) -> Doubles:
    if array.dtype.kind in "iu" and (np.abs(array.astype(object)) <= 2**53).all():
        return array.astype(np.float64)
    if array.dtype.name not in FORMATS:
        raise InputError(f"{name} has dtype {array.dtype}", hint=f"give {', '.join(FORMATS)}, or integers up to 2^53")
    return array.astype(np.float64)


def maker(library: str, dtype: Format) -> Callable[[Doubles], Any]:
    """A function that makes an array of the library and format, rounding to nearest.

    Raises
    ------
    MissingToolError
        The library is not installed, or has no such format.
    """
    match library:
        case "numpy":
            if dtype.name == "bfloat16":
                raise MissingToolError("NumPy has no bfloat16", hint='pass library="torch" or library="jax"')
            return lambda values: values.astype(dtype.name)
        case "torch":
            torch = _imported("torch")
            return lambda values: (
                torch.tensor(values.tolist(), dtype=torch.float64).reshape(values.shape).to(getattr(torch, dtype.name))
            )
        case "jax":
            numpy = _imported("jax.numpy")
            if dtype.name == "float64" and not _imported("jax").config.jax_enable_x64:
                raise MissingToolError("JAX computes without float64", hint='set `jax.config.update("jax_enable_x64", True)`')
            return lambda values: numpy.asarray(values).astype(dtype.name)
        case _:
            raise InputError(f"no library is called {library!r}", hint=f"there are {', '.join(LIBRARIES)}")


def _imported(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError:
        name = module.partition(".")[0]
        raise MissingToolError(f"{name} is not installed", hint=f"`pip install {name}`") from None
