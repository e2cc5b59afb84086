"""Families of vectors: the shapes of data on which statements about batches tend to break.

A family is a name, a list of sizes and a function that draws one vector of a size. It knows neither theorems nor what a
vector is used for. Entries are float64, and whoever uses them takes the float as the exact dyadic number it is; or they are
exact rationals, where no float has the property wanted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from flint import fmpq

from pybridge.batches.parametrize import Vector, orthogonal

Array: TypeAlias = npt.NDArray[np.float64]
Shape: TypeAlias = Callable[[np.random.Generator, int], Array | Vector]

SMALLEST = float(np.finfo(np.float64).smallest_subnormal)


@dataclass(frozen=True, slots=True)
class Family:
    """A named way to draw vectors.

    Parameters
    ----------
    name
        As ``--families`` takes it and batch ids begin with it.
    description
        One line for people.
    sizes
        The sizes m to draw, one batch each; a size that stands twice is drawn twice.
    draw
        Maps a generator and a size to a vector of shape (size,), or to a tuple of as many rationals.
    """

    name: str
    description: str
    sizes: tuple[int, ...]
    draw: Shape


def _random(rng: np.random.Generator, size: int) -> Array:
    return rng.standard_normal(size)


def _scales(rng: np.random.Generator, size: int) -> Array:
    return rng.standard_normal(size) * float(np.ldexp(1.0, int(rng.integers(-400, 401))))


def _offset(rng: np.random.Generator, size: int) -> Array:
    spread = float(np.ldexp(1.0, int(rng.integers(-20, 21))))
    return 1e6 * spread + spread * rng.standard_normal(size)


def _near_constant(rng: np.random.Generator, size: int) -> Array:
    base = float(rng.uniform(1, 2))
    return base + float(np.spacing(base)) * rng.integers(0, 2, size).astype(np.float64)


def _outlier(rng: np.random.Generator, size: int) -> Array:
    entries = rng.standard_normal(size)
    entries[rng.integers(0, size)] *= 1e8
    return entries


def _integers(rng: np.random.Generator, size: int) -> Array:
    return rng.integers(-3, 4, size).astype(np.float64)


def _subnormal(rng: np.random.Generator, size: int) -> Array:
    return SMALLEST * rng.integers(-9, 10, size).astype(np.float64)


def _rational_spread(rng: np.random.Generator, size: int) -> Vector:
    """Return a vector whose standard deviation is rational, which needs a square size: the ones have a rational norm."""
    ones = (fmpq(1),) * size
    spread = orthogonal([ones], tuple(map(fmpq, rng.integers(-4, 5, size).tolist())))
    mean = fmpq(int(rng.integers(-3, 4)), 2)
    return tuple(mean + entry for entry in spread)


def _constant(rng: np.random.Generator, size: int) -> Array:
    return np.full(size, rng.standard_normal())


def _zeros(_: np.random.Generator, size: int) -> Array:
    return np.zeros(size)


def _two_values(rng: np.random.Generator, size: int) -> Array:
    """Half the entries above their mean, half below: where ``size`` is a square, spread and norm are rational."""
    signs = np.where(np.arange(size) < size // 2, 1.0, -1.0)
    return float(rng.integers(-3, 4)) + float(rng.integers(1, 4)) * rng.permutation(signs)


FAMILIES: tuple[Family, ...] = (
    Family("integers", "small integers", (1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 7, 8), _integers),
    Family("random", "normal entries", (1, 2, 2, 3, 3, 4, 5, 5, 7, 8, 10, 16, 31, 32, 64, 100, 257, 512, 1024, 4096), _random),
    Family("scales", "normal entries times 2^-400 to 2^400", (1, 2, 2, 3, 3, 5, 7, 7, 16, 16, 64), _scales),
    Family("offset", "mean 1e6 times the spread", (1, 2, 2, 3, 5, 5, 16, 16, 64, 256), _offset),
    Family("near-constant", "entries at most one unit in the last place apart", (2, 2, 3, 5, 8, 16, 64, 128), _near_constant),
    Family("outlier", "one entry 1e8 times the others", (1, 2, 2, 3, 5, 8, 16, 100, 256), _outlier),
    Family("subnormal", "small multiples of the smallest float64", (1, 2, 2, 3, 5, 8, 32), _subnormal),
    Family("rational-spread", "a rational standard deviation", (4, 4, 9, 4, 9, 16, 4, 9, 16, 25, 64, 100), _rational_spread),
    Family("two-values", "two values, each for half the entries", (2, 4, 4, 16), _two_values),
    Family("constant", "all entries equal", (1, 1, 2, 2, 3, 5, 7, 32), _constant),
    Family("zeros", "all entries 0, and the empty batch", (0, 0, 1, 2, 3), _zeros),
)
