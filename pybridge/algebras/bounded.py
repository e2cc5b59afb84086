"""Running error bounds of whole arrays: what ``rounding.py`` computes in balls, number by number, in float64 at once.

A ``Bounded`` holds, for each entry, the real value as a double-double and a radius around it, and for each of the non-negative
numbers of ``Rounded`` (error, chain, scale, spread) one float that is certainly not above it and one that is certainly not
below.  Both are so near to each other, some hundred units of 2^-53, that nearly every comparison with them is certain; where
it is not, nothing is claimed, and the balls decide.  A lower bound of ∞ says that there certainly is no bound; an upper one
of ∞ alone, that it is not known; a radius of ∞, that the value is not known, as where it leaves the range of double-doubles.
``bounding.py`` has the operations.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from pybridge.algebras import doubledouble as dd
from pybridge.algebras.doubledouble import UNIT, Doubles

Terms: TypeAlias = tuple[int, int]
"""How many terms an entry is the sum of: at least and at most."""

PARTS = 11
HIGH, LOW, RADIUS, FIRST = 0, 1, 2, 3
"""Places among the parts: of the value, and of the first bound."""
ERROR, CHAIN, SCALE, SPREAD = range(4)
"""Places among the kinds of bounds."""
KINDS = 4


class Bounded:
    """Entries with their enclosures and bounds.

    Parameters
    ----------
    data
        Of shape (``PARTS``, …): the value's high and low part and its radius, then a lower and an upper bound of error, chain,
        scale and spread.
    terms
        As for ``Rounded``, of all entries.
    """

    __slots__ = ("_size", "data", "terms")

    def __init__(self, data: Doubles, terms: Terms = (1, 1)) -> None:
        self.data = data
        self.terms = terms
        self._size: Doubles | None = None

    @property
    def value(self) -> dd.Pair:
        """High and low part."""
        return self.data[HIGH], self.data[LOW]

    @property
    def radius(self) -> Doubles:
        """The real value is at most this far from the double-double."""
        radius: Doubles = self.data[RADIUS]
        return radius

    @property
    def error(self) -> Doubles:
        """Lower and upper bound, shape (2, …)."""
        error: Doubles = self.bounds[ERROR]
        return error

    @property
    def scale(self) -> Doubles:
        """Lower and upper bound, shape (2, …)."""
        scale: Doubles = self.bounds[SCALE]
        return scale

    @property
    def bounds(self) -> Doubles:
        """Lower and upper bounds of error, chain, scale and spread, shape (4, 2, …)."""
        return self.data[FIRST:].reshape(KINDS, 2, *self.data.shape[1:])

    @property
    def size(self) -> Doubles:
        """Lower and upper bound of the absolute value, shape (2, …)."""
        if self._size is None:
            high = np.abs(self.data[HIGH])
            self._size = high * sides(4, high.ndim)
            self._size[0] -= self.radius
            np.maximum(self._size[0], 0, out=self._size[0])
            self._size[1] = (high + self.radius) * (1 + 4 * UNIT)
        return self._size

    def taken(self, data: Doubles) -> Bounded:
        """Other entries, or these along other axes."""
        return Bounded(data, self.terms)


def empty(*args: Bounded) -> tuple[Doubles, Doubles]:
    """Room for a result, and for its bounds."""
    shape = np.broadcast_shapes(*(arg.data.shape for arg in args))
    out = np.empty_like(
        max((arg.data for arg in args), key=lambda data: data.size), shape=shape
    )  # with its axes in memory as they are
    return out, out[FIRST:].reshape(KINDS, 2, *shape[1:])


@lru_cache(maxsize=256)
def sides(operations: int, dimensions: int) -> Any:
    """What makes of a sum, product or quotient of non-negative floats, after so many roundings, a lower and an upper bound."""
    return np.array([1 - operations * UNIT, 1 + operations * UNIT]).reshape(2, *(1,) * dimensions)


def outward(operations: int, least: Doubles, most: Doubles) -> Doubles:
    """The same for a lower and an upper bound that may be negative."""
    less, more = 1 - operations * UNIT, 1 + operations * UNIT
    return np.stack([np.where(least > 0, less, more), np.where(most > 0, more, less)])
