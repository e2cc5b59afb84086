"""Arrays of NumPy, torch and JAX as the exact numbers they hold, and back; none is imported that the caller has not imported.

In: an array or tensor.  Out: a NumPy array, and the format the tensor had; and the other way round, a function that makes
the library's arrays.  float64 holds every number of the narrower formats, so that it is what is handed on.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeGuard

import numpy as np
import numpy.typing as npt

from pybridge.algebras.formats import BFLOAT16, FORMATS, Format, format_of
from pybridge.errors import InputError, MissingToolError

Doubles = npt.NDArray[np.float64]

LIBRARIES = ("numpy", "torch", "jax")


def doubles_of(name: str, value: Any) -> tuple[Doubles, Format | None]:
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
        It holds no real numbers, some are masked or traced, or it is of another format (longdouble, float8) or beyond 2^53.
    """
    array, known = array_of(name, value)
    if array.dtype.kind in "iu" and np.all(np.abs(array.astype(object)) <= 2**53):
        return array.astype(np.float64), known
    if format_of(array.dtype) is None:
        raise InputError(f"{name} {_is(value, array)}", hint=f"give {', '.join(FORMATS)}, or integers up to 2^53")
    return array.astype(np.float64), known


def is_plain(value: object) -> TypeGuard[npt.NDArray[Any]]:
    """Whether it is an array of numbers of a type of NumPy's own, which needs nothing done to it."""
    return type(value) is np.ndarray and value.dtype.isbuiltin == 1 and value.dtype.kind in "fiu"


def reals_of(name: str, value: Any) -> npt.NDArray[Any]:
    """The real numbers in ``value`` in a type that NumPy computes in: its own, or float32 for bfloat16.

    Raises
    ------
    InputError
        It holds no real numbers, or some are masked or traced.
    """
    if is_plain(value):
        return value
    array, _ = array_of(name, value)
    if array.dtype.kind not in "fiu":
        raise InputError(f"{name} {_is(value, array)}", hint="give real numbers")
    return array


def array_of(name: str, value: Any) -> tuple[npt.NDArray[Any], Format | None]:
    """The array that ``value`` is, bfloat16 as the same numbers in float32; and its format, None for integers and lists.

    Raises
    ------
    InputError
        It cannot be read as an array, or is so in part only.
    """
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        raise InputError(f"{name} is masked in part", hint="give the numbers that count, without a mask")
    jax = sys.modules.get("jax")
    if jax is not None and isinstance(value, jax.core.Tracer):
        raise InputError(f"{name} is traced by JAX and has no value yet", hint="call this outside of jit, grad and vmap")
    torch = sys.modules.get("torch")
    try:
        if torch is not None and isinstance(value, torch.Tensor):
            known = format_of(value.dtype)
            found = value.detach().cpu()
            return (found.float() if known is BFLOAT16 else found).numpy(), known
        array = np.asarray(value)
    except (ValueError, TypeError, RuntimeError, OverflowError) as error:
        why = "is ragged" if isinstance(error, ValueError) else f"cannot be read ({str(error).partition(chr(10))[0][:200]})"
        raise InputError(f"{name} {why}", hint="give a NumPy array, a torch or a JAX tensor") from None
    known = _known(array.dtype) if hasattr(value, "dtype") else None
    return (array.astype(np.float32) if known is BFLOAT16 else array), known


_known = lru_cache(maxsize=64)(format_of)


def _is(value: Any, array: npt.NDArray[Any]) -> str:
    """What is wrong with an array that holds no numbers."""
    if array.dtype != object or hasattr(value, "dtype"):
        return f"has dtype {array.dtype}"
    return "is None" if value is None else f"is a {type(value).__name__} of what NumPy has no number type for"


def maker(library: str, dtype: Format) -> Callable[[Doubles], Any]:
    """A function that makes an array of the library and format, rounding to nearest.

    Raises
    ------
    MissingToolError
        The library is not installed, or has no such format.
    """
    if not isinstance(library, str):
        raise InputError(f"no library is called {library!r}", hint=f"there are {', '.join(LIBRARIES)}")
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
