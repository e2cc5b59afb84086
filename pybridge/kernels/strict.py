"""Arguments of a definition as arrays of floats, and floats in which a division by 0 or an overflow is an error.

In: what NumPy makes an array of.  Out: arrays of finite numbers of one floating type, or an ``InputError``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pybridge import ir
from pybridge.algebras.floats import FloatAlgebra, Floats
from pybridge.algebras.formats import format_of
from pybridge.errors import InputError
from pybridge.kernels.frameworks import reals_of


class Strict(FloatAlgebra):
    """Floats in which a division by 0 or an overflow is an error: what a kernel is compared with should not hide it."""

    def __init__(self, name: str, dtype: npt.DTypeLike, leading: int) -> None:
        super().__init__(dtype, leading=leading)
        self._name = name

    def context(self) -> AbstractContextManager[object]:
        """An overflow, or an infinity less another, is a ``FloatingPointError``."""
        return np.errstate(over="raise", invalid="raise", under="ignore")

    def divide(self, left: Floats, right: Floats) -> Floats:
        if (zero := right == 0).any():
            where = tuple(int(k) for k in np.argwhere(zero)[0])
            raise InputError(
                f"{self._name}: a division by 0{f' at {where}' if where else ''}: a batch with variance + ε ≤ 0?",
                hint="the statements assume 0 < variance + ε",
            )
        return super().divide(left, right)


@dataclass(frozen=True, slots=True)
class Taken:
    """Arguments by name, finite and of one type.

    Parameters
    ----------
    arrays
        In the type that is computed in.
    computing, result
        The type that is computed in, and that of the result.
    """

    arrays: Mapping[str, npt.NDArray[Any]]
    computing: np.dtype[Any]
    result: np.dtype[Any]


def taken(definition: ir.Definition, given: Mapping[str, npt.ArrayLike], dtype: object) -> Taken:
    """The arguments of a definition; ``dtype`` is the result's, by default the arguments' common one.

    Raises
    ------
    InputError
        A value is no finite number, or the dtype is none of floats.
    """
    arrays = {name: _finite(definition, name, value) for name, value in given.items()}
    result = _dtype(definition, dtype) if dtype is not None else _common(list(arrays.values()))
    if not np.issubdtype(result, np.floating):
        raise InputError(f"{definition.name}: dtype {result} is not a floating type", hint="use float32 or float64")
    computing: np.dtype[Any] = np.result_type(result, np.float64)
    return Taken({name: _cast(definition, name, array, computing) for name, array in arrays.items()}, computing, result)


@contextmanager
def overflows_refused(definition: ir.Definition, types: Taken) -> Iterator[None]:
    """An overflow within is one line."""
    try:
        yield
    except FloatingPointError:
        raise InputError(
            f"{definition.name}: an overflow, computed in {types.computing} for a result in {types.result}",
            hint="scale the arguments down, or pass a wider dtype",
        ) from None


def rounded(values: Floats, types: Taken) -> npt.NDArray[Any]:
    """The values in the result's type; an overflow is a ``FloatingPointError``."""
    with np.errstate(over="raise", under="ignore"):
        return values.astype(types.result)


def _finite(definition: ir.Definition, name: str, value: npt.ArrayLike) -> npt.NDArray[Any]:
    array = reals_of(f"{definition.name}: {name}", value)
    _refuse_infinite(definition, name, array)
    return array


def _cast(definition: ir.Definition, name: str, array: npt.NDArray[Any], dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    with np.errstate(all="ignore"):
        found = array.astype(dtype)
    _refuse_infinite(definition, name, found, f" in {dtype}")
    return found


def _refuse_infinite(definition: ir.Definition, name: str, array: npt.NDArray[Any], where: str = "") -> None:
    if not (known := np.isfinite(array)).all():
        place = tuple(int(k) for k in np.argwhere(~known)[0])
        raise InputError(
            f"{definition.name}: {name}{list(place) if place else ''} is {array[place]}{where}", hint="give finite numbers"
        )


def _dtype(definition: ir.Definition, dtype: object) -> np.dtype[Any]:
    """What NumPy makes of a dtype, or of its name where that is a format's."""
    known = format_of(dtype)
    given: Any = dtype if known is None or isinstance(dtype, str | type | np.dtype) else known.name
    try:
        found: np.dtype[Any] = np.dtype(given)
    except (TypeError, ValueError):
        raise InputError(f"{definition.name}: NumPy has no dtype {dtype!r}", hint="use float32 or float64") from None
    return found


def _common(arrays: list[npt.NDArray[Any]]) -> np.dtype[Any]:
    """The widest floating type among the arrays; a Python number (shape ()) has no say where an array has one."""
    floats = [array.dtype for array in arrays if array.dtype.kind == "f" and array.ndim > 0]
    common: np.dtype[Any] = np.result_type(*floats) if floats else np.dtype(np.float64)
    return common
