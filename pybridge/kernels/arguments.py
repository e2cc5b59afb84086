"""The arguments of a definition as a caller gives them: by position or name, arrays of any library, one number or many.

In: what a function was called with.  Out: ``Given``: real NumPy arrays under the Lean names, the layout, and the types.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from pybridge import ir
from pybridge.algebras.formats import format_of
from pybridge.errors import InputError
from pybridge.kernels.frameworks import is_plain, reals_of
from pybridge.kernels.layout import Layout, layout_along

ALIASES = {"alpha": "α", "beta": "β", "gamma": "γ", "eps": "ε", "epsilon": "ε", "mu": "μ", "rho": "ρ", "sigma": "σ"}
"""ASCII spellings a keyword argument may have."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Given:
    """The arguments of one call.

    Parameters
    ----------
    arrays
        By Lean name, in the order in which they were given, as they are.
    vectors
        The names of those that are vectors.
    layout
        Of the vectors.
    common, computing
        The dtype of the result, and that in which it is computed at least.
    """

    arrays: Mapping[str, npt.NDArray[Any]]
    vectors: tuple[str, ...]
    layout: Layout
    common: np.dtype[Any]
    computing: np.dtype[Any]


def by_name(owner: str, names: Sequence[str], keywords: Mapping[str, T], given: Mapping[str, T] | None = None) -> dict[str, T]:
    """The values of keyword arguments by their Lean names, which may be spelt in ASCII; each name exactly once.

    Raises
    ------
    InputError
        A name is unknown, missing or given twice.
    """
    given = dict(given or {})
    for keyword, value in keywords.items():
        name = keyword if keyword in names else ALIASES.get(keyword, keyword)
        if name not in names:
            raise InputError(f"{owner} has no argument {keyword!r}", hint=f"it takes {', '.join(names)}")
        if name in given:
            raise InputError(f"{owner} got two values for {name}")
        given[name] = value
    if missing := [name for name in names if name not in given]:
        raise InputError(f"{owner} needs a value for {', '.join(missing)}", hint=f"it takes {', '.join(names)}")
    return given


def given_to(
    definition: ir.Definition,
    args: tuple[npt.ArrayLike, ...],
    keywords: Mapping[str, npt.ArrayLike],
    axes: tuple[int, ...],
    dtype: object,
) -> Given:
    """The arguments of a call; whether they are finite is not looked at.

    Raises
    ------
    InputError
        One is missing or unknown, or holds no real numbers; shapes that do not fit, or an empty batch; a dtype that is none.
    """
    owner = definition.name
    arrays = arrays_of(definition, args, keywords)
    vectors = tuple(p.name for p in definition.parameters if isinstance(p.kind, ir.VectorKind))
    if not vectors:
        raise InputError(f"{owner} has no vector argument, so its size is not known", hint="see `pybridge show`")
    common = result_dtype(owner, dtype, arrays)
    layout = layout_along(owner, tuple([(name, arrays[name].shape) for name in vectors]), axes)
    for name, array in arrays.items():
        if array.ndim and name not in vectors and array.shape != layout.leading:
            layout.scalars(owner, name, array)
    return Given(arrays, vectors, layout, common, wide(common))


def arrays_of(
    definition: ir.Definition, args: tuple[npt.ArrayLike, ...], keywords: Mapping[str, npt.ArrayLike]
) -> dict[str, npt.NDArray[Any]]:
    """The arguments of a call by Lean name, each exactly once.

    Raises
    ------
    InputError
        One is missing or unknown, or holds no real numbers.
    """
    owner = definition.name
    names = [parameter.name for parameter in definition.parameters]
    if len(args) > len(names):
        raise InputError(f"{owner} takes {len(names)} arguments ({', '.join(names)}), got {len(args)}")
    named = dict(zip(names, args, strict=False))
    if keywords or len(args) < len(names):
        named = by_name(owner, names, keywords, named)
    return {name: value if is_plain(value) else reals_of(f"{owner}: {name}", value) for name, value in named.items()}


def result_dtype(owner: str, dtype: object, arrays: Mapping[str, npt.NDArray[Any]]) -> np.dtype[Any]:
    """The floating type of the result: ``dtype``, or the arguments' common one.

    Raises
    ------
    InputError
        It is none.
    """
    common = dtype_of(owner, dtype) if dtype is not None else _common(list(arrays.values()))
    if common.kind != "f":
        raise InputError(f"{owner}: dtype {common} is not a floating type", hint="use float32 or float64")
    return common


@lru_cache(maxsize=16)
def wide(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """The wider one of a type and float64."""
    return np.result_type(dtype, np.float64)


def refuse_infinite(owner: str, name: str, array: npt.NDArray[Any], where: str = "") -> None:
    """Refuse an array with a NaN or an infinity.

    Raises
    ------
    InputError
        It has one: the message says at which place.
    """
    if array.ndim == 0 and math.isfinite(array):
        return
    if not np.logical_and.reduce(finite := np.isfinite(array), axis=None):
        place = tuple(int(k) for k in np.argwhere(~finite)[0])
        raise InputError(f"{owner}: {name}{list(place) if place else ''} is {array[place]}{where}", hint="give finite numbers")


def dtype_of(owner: str, dtype: object) -> np.dtype[Any]:
    """What NumPy makes of a dtype, or of its name where that is a format's.

    Raises
    ------
    InputError
        It makes nothing of it.
    """
    known = format_of(dtype)
    given: Any = dtype if known is None or isinstance(dtype, str | type | np.dtype) else known.name
    try:
        found: np.dtype[Any] = np.dtype(given)
    except (TypeError, ValueError):
        raise InputError(f"{owner}: NumPy has no dtype {dtype!r}", hint="use float32 or float64") from None
    return found


def _common(arrays: list[npt.NDArray[Any]]) -> np.dtype[Any]:
    """The widest floating type among the arrays; a Python number (shape ()) has no say where an array has one."""
    floats = [array.dtype for array in arrays if array.dtype.kind == "f" and array.ndim > 0]
    if floats and floats[0].isbuiltin == 1 and floats.count(floats[0]) == len(floats):
        return floats[0]
    common: np.dtype[Any] = np.result_type(*floats) if floats else np.dtype(np.float64)
    return common
