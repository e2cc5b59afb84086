"""A loss that somebody wrote as a Python function: run on numbers of whichever algebra asks for it.

In: a function of a NumPy array of numbers.  Out: its value in the algebra, and its derivatives by dual numbers over it.  The
numbers know ``+ - * / **``, ``abs``, and NumPy's ``exp``, ``log`` and ``sqrt``; what compares them, or makes floats of them, is
refused: it would be no formula any more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Generic, NoReturn

import numpy as np
from flint import fmpq

from pybridge.algebras.base import Algebra, Exact, S, V, exponential, logarithm
from pybridge.algebras.dual import Dual, DualAlgebra
from pybridge.errors import InputError, PybridgeError

TAKES = "write it with + - * / **, abs and NumPy's exp, log and sqrt, of an array of numbers"


@dataclass(frozen=True, slots=True)
class Called:
    """``function`` of a vector of ``dimension`` coordinates."""

    function: Callable[[Any], Any]
    dimension: int

    @property
    def name(self) -> str:
        """What the function is called."""
        return getattr(self.function, "__name__", type(self.function).__name__)


class Number(Generic[S]):
    """A scalar of an algebra, as a Python function computes with it."""

    __slots__ = ("algebra", "value")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, algebra: Algebra[S, Any], value: S) -> None:
        self.algebra = algebra
        self.value = value

    def __add__(self, other: object) -> Any:
        return self._of(other, lambda it: self.algebra.add(self.value, it))

    def __radd__(self, other: object) -> Any:
        return self._of(other, lambda it: self.algebra.add(it, self.value))

    def __sub__(self, other: object) -> Any:
        return self._of(other, lambda it: self.algebra.subtract(self.value, it))

    def __rsub__(self, other: object) -> Any:
        return self._of(other, lambda it: self.algebra.subtract(it, self.value))

    def __mul__(self, other: object) -> Any:
        return self._of(other, lambda it: self.algebra.multiply(self.value, it))

    def __rmul__(self, other: object) -> Any:
        return self._of(other, lambda it: self.algebra.multiply(it, self.value))

    def __truediv__(self, other: object) -> Any:
        return self._of(other, lambda it: self.algebra.divide(self.value, it))

    def __rtruediv__(self, other: object) -> Any:
        return self._of(other, lambda it: self.algebra.divide(it, self.value))

    def __neg__(self) -> Number[S]:
        return Number(self.algebra, self.algebra.negate(self.value))

    def __pos__(self) -> Number[S]:
        return self

    def __abs__(self) -> Number[S]:
        return Number(self.algebra, self.algebra.absolute(self.value))

    def __pow__(self, exponent: object) -> Number[S]:
        if isinstance(exponent, float | np.floating) and exponent == 0.5:
            return self.sqrt()
        if isinstance(exponent, float | np.floating) and float(exponent).is_integer():
            exponent = int(exponent)
        if not isinstance(exponent, int | np.integer) or isinstance(exponent, bool):
            raise InputError(f"a power of a number to {exponent!r}", hint="give a whole number, or 0.5 for the root")
        power = Number(self.algebra, self.algebra.power(self.value, abs(int(exponent))))
        return power if exponent >= 0 else Number(self.algebra, self.algebra.divide(self.algebra.scalar(1), power.value))

    def sqrt(self) -> Number[S]:
        """The root; NumPy's ``sqrt`` calls this."""
        return Number(self.algebra, self.algebra.sqrt(self.value))

    def exp(self) -> Number[S]:
        """The exponential; NumPy's ``exp`` calls this."""
        return Number(self.algebra, exponential(self.algebra, self.value))

    def log(self) -> Number[S]:
        """The logarithm; NumPy's ``log`` calls this."""
        return Number(self.algebra, logarithm(self.algebra, self.value))

    def _of(self, other: object, operation: Callable[[S], S]) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        if isinstance(other, Number):
            return Number(self.algebra, operation(other.value))
        taken = _exact(other)
        return NotImplemented if taken is None else Number(self.algebra, operation(self.algebra.scalar(taken)))

    def _refused(self, *_: object) -> NoReturn:
        raise InputError("a loss compares its numbers, or makes floats of them: it is no formula", hint=TAKES)

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refused
    __bool__ = __float__ = __int__ = __index__ = _refused


def _exact(value: object) -> Exact | None:
    """A constant in a loss as the number it is exactly."""
    if isinstance(value, np.integer | np.floating):
        value = value.item()
    return value if isinstance(value, int | float | Fraction | fmpq) else None


def value(loss: Called, algebra: Algebra[S, V], at: V) -> S:
    """The loss at a vector.

    Raises
    ------
    InputError
        The function does something else than compute one number from its array.
    """
    numbers = np.empty(loss.dimension, dtype=object)
    for place, part in enumerate(algebra.components(at)):
        numbers[place] = Number(algebra, part)
    try:
        found = loss.function(numbers)
    except PybridgeError:
        raise
    except (TypeError, ValueError, AttributeError, RuntimeError) as error:
        said = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
        raise InputError(f"the loss {loss.name} does not run on enclosures ({said})", hint=TAKES) from error
    if isinstance(found, np.ndarray) and found.shape == ():
        found = found.item()
    if isinstance(found, Number):
        result: S = found.value
        return result
    if (constant := _exact(found)) is None:
        what = f"an array of shape {found.shape}" if isinstance(found, np.ndarray) else f"a {type(found).__name__}"
        raise InputError(f"the loss {loss.name} returned {what}", hint="return one number, such as a sum")
    return algebra.scalar(constant)


def gradient(loss: Called, algebra: Algebra[S, V], at: V) -> V:
    """The gradient at a vector, one coordinate after the other."""
    dual = DualAlgebra(algebra)
    size = loss.dimension
    units = (algebra.vector([int(j == k) for j in range(size)]) for k in range(size))
    return algebra.build([dual.tangent(value(loss, dual, Dual(at, unit))) for unit in units])


def hessian(loss: Called, algebra: Algebra[S, V], at: V, direction: V) -> V:
    """The Hessian at a vector, times ``direction``."""
    found = gradient(loss, DualAlgebra(algebra), Dual(at, direction))
    return algebra.zero(loss.dimension) if found.tangent is None else found.tangent
