"""Families of vectors: the shapes of data on which statements about batches tend to break.

A family is a name, a list of sizes and a function that draws one vector of a size. It knows neither theorems nor what a
vector is used for. Entries are float64, and whoever uses them takes the float as the exact dyadic number it is; or they are
exact rationals, where no float has the property wanted. What is extreme is so by the format that the numbers are meant for:
its range, the distance of its neighbours, its smallest number; whoever wants them in it rounds them to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from flint import fmpq

from pybridge.algebras.formats import Format
from pybridge.batches.held import rounded
from pybridge.batches.parametrize import Vector, orthogonal

Array: TypeAlias = npt.NDArray[np.float64]
Shape: TypeAlias = Callable[[np.random.Generator, int, Format], Array | Vector]

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
        Maps a generator, a size and a format to a vector of shape (size,), or to a tuple of as many rationals.
    rational
        Whether it draws rationals, which no format holds.
    """

    name: str
    description: str
    sizes: tuple[int, ...]
    draw: Shape
    rational: bool = False


def _reach(held: Format) -> int:
    """The powers of two that are tried on either side of 1, four tenths of the format's range: 400 of float64."""
    return (held.most + 1) * 400 // 1024


def _random(rng: np.random.Generator, size: int, _: Format) -> Array:
    return rng.standard_normal(size)


def _scales(rng: np.random.Generator, size: int, held: Format) -> Array:
    return rng.standard_normal(size) * float(np.ldexp(1.0, int(rng.integers(-_reach(held), _reach(held) + 1))))


def _offset(rng: np.random.Generator, size: int, held: Format) -> Array:
    """The mean is 1e6 times the spread, or as many times as leaves the spread 4 of the format's bits."""
    most = min(20, _reach(held))
    spread = float(np.ldexp(1.0, int(rng.integers(-most, most + 1))))
    return min(1e6, 2.0 ** (held.bits - 4)) * spread + spread * rng.standard_normal(size)


def _near_constant(rng: np.random.Generator, size: int, held: Format) -> Array:
    base = float(rounded(np.array(rng.uniform(1, 2)), held))
    return base + held.spacing(base) * rng.integers(0, 2, size).astype(np.float64)


def _outlier(rng: np.random.Generator, size: int, held: Format) -> Array:
    """One entry is 1e8 times the others, or an eighth of the format's range."""
    entries = rng.standard_normal(size)
    entries[rng.integers(0, size)] *= min(1e8, float(np.ldexp(1.0, held.most - 3)))
    return entries


def _integers(rng: np.random.Generator, size: int, _: Format) -> Array:
    return rng.integers(-3, 4, size).astype(np.float64)


def _subnormal(rng: np.random.Generator, size: int, held: Format) -> Array:
    return held.spacing(0.0) * rng.integers(-9, 10, size).astype(np.float64)


def _rational_spread(rng: np.random.Generator, size: int, _: Format) -> Vector:
    """Return a vector whose standard deviation is rational, which needs a square size: the ones have a rational norm."""
    ones = (fmpq(1),) * size
    spread = orthogonal([ones], tuple(map(fmpq, rng.integers(-4, 5, size).tolist())))
    mean = fmpq(int(rng.integers(-3, 4)), 2)
    return tuple(mean + entry for entry in spread)


def _constant(rng: np.random.Generator, size: int, _: Format) -> Array:
    return np.full(size, rng.standard_normal())


def _zeros(_: np.random.Generator, size: int, __: Format) -> Array:
    return np.zeros(size)


def _two_values(rng: np.random.Generator, size: int, _: Format) -> Array:
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
    Family(
        "rational-spread",
        "a rational standard deviation",
        (4, 4, 9, 4, 9, 16, 4, 9, 16, 25, 64, 100),
        _rational_spread,
        rational=True,
    ),
    Family("two-values", "two values, each for half the entries", (2, 4, 4, 16), _two_values),
    Family("constant", "all entries equal", (1, 1, 2, 2, 3, 5, 7, 32), _constant),
    Family("zeros", "all entries 0, and the empty batch", (0, 0, 1, 2, 3), _zeros),
)
