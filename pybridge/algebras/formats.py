"""Binary floating-point formats by their parameters: what rounding in them can do, and which numbers they hold.

In: what NumPy, torch and JAX call a dtype.  Out: the ``Format``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from flint import fmpq

from pybridge.errors import InputError


@dataclass(frozen=True, slots=True)
class Format:
    """A binary format of IEEE 754's kind, rounding to nearest, with subnormal numbers.

    Parameters
    ----------
    name
        As NumPy, torch and JAX call the dtype.
    bits
        Of the significand, the leading one included.
    least, most
        Exponents of the smallest normal number 2^least and of the largest power 2^most.
    """

    name: str
    bits: int
    least: int
    most: int

    @property
    def unit(self) -> fmpq:
        """The largest relative error of one rounding of a normal number, 2^-bits."""
        return fmpq(1, 2**self.bits)

    @property
    def smallest(self) -> fmpq:
        """The smallest subnormal number: the largest absolute error that underflow adds is half of it."""
        return fmpq(1, 2 ** (self.bits - 1 - self.least))

    @property
    def largest(self) -> fmpq:
        """The largest finite number."""
        return fmpq((2**self.bits - 1) * 2 ** (self.most - self.bits + 1))

    def holds(self, value: fmpq) -> bool:
        """Whether the number can be stored without an error."""
        if value == 0:
            return True
        scaled = value / self.smallest
        odd = abs(int(scaled.p))
        return scaled.q == 1 and abs(value) <= self.largest and (odd // (odd & -odd)).bit_length() <= self.bits

    def holds_each(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        """Whether finite numbers can be stored without an error, one by one."""
        if self.bits >= 53:
            return np.ones(values.shape, dtype=np.bool_)
        exponents = np.frexp(values)[1]
        last = np.maximum(exponents, self.least + 1) - self.bits
        scaled = np.ldexp(values, -last)
        held: npt.NDArray[np.bool_] = (np.rint(scaled) == scaled) & (exponents <= self.most + 1)
        return held

    def rounded_each(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """The nearest numbers of the format, of two the even one; infinite beyond the largest."""
        if self.bits >= 53:
            return values
        with np.errstate(all="ignore"):
            last = np.maximum(np.frexp(values)[1], self.least + 1) - self.bits
            found: npt.NDArray[np.float64] = np.ldexp(np.rint(np.ldexp(values, -last)), last)
        return np.where(np.abs(found) > float(int(self.largest.p)), np.copysign(np.inf, values), found)

    def spacing(self, magnitude: float) -> float:
        """The distance between neighbouring numbers of this size: one unit in the last place."""
        exponent = max(math.frexp(magnitude)[1] - 1, self.least) if magnitude > 0 else self.least
        return math.ldexp(1.0, exponent - self.bits + 1)


FLOAT64 = Format("float64", 53, -1022, 1023)
FLOAT32 = Format("float32", 24, -126, 127)
FLOAT16 = Format("float16", 11, -14, 15)
BFLOAT16 = Format("bfloat16", 8, -126, 127)
FORMATS = {known.name: known for known in (FLOAT64, FLOAT32, FLOAT16, BFLOAT16)}


def format_of(dtype: object) -> Format | None:
    """The format that a dtype is, None of any other.

    Parameters
    ----------
    dtype
        A format's name, a format, or a dtype of NumPy, torch or JAX, known by its name: ``"float32"``, ``np.float32``,
        ``np.dtype(">f4")``, ``torch.bfloat16``, ``jnp.bfloat16``; Python's ``float`` is a float64.
    """
    return FORMATS.get(dtype_name(dtype))


def needed_format(dtype: object) -> Format:
    """The format that a dtype is; the parameter is that of ``format_of``.

    Raises
    ------
    InputError
        It is none of the formats.

    Examples
    --------
    >>> import numpy as np
    >>> needed_format(np.float32).name
    'float32'
    """
    if (found := format_of(dtype)) is None:
        raise InputError(f"no format is called {dtype_name(dtype)!r}", hint=f"there are {', '.join(FORMATS)}")
    return found


def dtype_name(dtype: object) -> str:
    """What a dtype is called; NumPy's scalar types and JAX's are classes, NumPy's dtypes have a name, torch's only a text."""
    if isinstance(dtype, str):
        return dtype
    if isinstance(dtype, type):
        return FLOAT64.name if dtype is float else dtype.__name__
    name = getattr(dtype, "name", None)
    return name if isinstance(name, str) else str(dtype).removeprefix("torch.")
