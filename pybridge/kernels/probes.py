"""Batches on which kernels and layers that differ can be told apart: lengths, values, views.

In: which axes are normalized together, a format, ε, what sizes a kernel takes.  Out: ``Probe``s, each with the reason it is
there, and the numbers of each.  A length is 1, 2, 3, 5, 7, 17, 31, 33, 127, 129, 257, 1000, 1025, 64 or 256 in turn,
for each axis; the others are short, and no two axes are equally long.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from pybridge.algebras.formats import FLOAT16, Format
from pybridge.errors import InputError
from pybridge.kernels.frameworks import Doubles

CHANNEL = "C"
LENGTHS = (1, 2, 3, 5, 7, 17, 31, 33, 127, 129, 257, 1000, 1025, 64, 256)
"""Short ones, those beside the sizes that blocks have, one that is none of these, and whole blocks."""
_OTHERS = (1, 2, 17, 33, 129, 1025, 64)
_SHORT = (5, 3, 2, 7, 11)
_LONG = 64
_MANY, _FEWER = 4096, 1024
"""So many entries an array has at most where an axis is long, and where none is."""
SHORT_VALUES = ("", "along")
"""How the values of a probe are drawn of which every row has a bound, but for the format's own limits."""
SQUARE = "square"
"""The probe whose axes are equally long."""
VIEWS = ("strided", "transposed", "shifted", "expanded", "channels-last")


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """How to draw one set of arrays.

    Parameters
    ----------
    name, why
        An id, and what it is there to show.
    lengths
        By the letter of the layout.
    offset, spread
        Of x: mean and standard deviation.
    values
        Which other way its values are drawn, empty where in none.
    view
        How x and g lie in memory, empty where they are contiguous.
    """

    name: str
    why: str
    lengths: Mapping[str, int]
    offset: float = 0.25
    spread: float = 1.0
    values: str = ""
    view: str = ""

    def __str__(self) -> str:
        shape = ", ".join(map(str, self.lengths.values()))
        return f"{self.name} ({shape})"


class Axes(Protocol):
    """What the axes of arrays are, by letters: all of them, those that are normalized together, the others, a parameter's.

    ``groups`` is into how many the channels are put, 0 where they are in none.
    """

    @property
    def layout(self) -> str: ...

    @property
    def normalized(self) -> str: ...

    @property
    def rest(self) -> str: ...

    @property
    def parameter(self) -> str: ...

    @property
    def groups(self) -> int: ...


def sizes_of(axes: Axes, sizes: object) -> dict[str, tuple[int, ...]]:
    """The lengths that a kernel takes, by letter.

    Raises
    ------
    InputError
        They are given otherwise than as ``{"D": (64, 128)}``.
    """
    if sizes is None:
        return {}
    hint = 'give lengths by letter of the layout: sizes={"D": (64, 128)}'
    if not isinstance(sizes, Mapping) or not set(sizes) <= set(axes.layout):
        raise InputError(f"sizes is {sizes!r}, and the layout {axes.layout!r}", hint=hint)
    found = {}
    for letter, given in sizes.items():
        each = (given,) if isinstance(given, int) else tuple(given)
        if not each or any(isinstance(one, bool) or not isinstance(one, int) or one < 1 for one in each):
            raise InputError(f"sizes of {letter} are {given!r}", hint=hint)
        found[letter] = each
    return found


def probes(axes: Axes, dtype: Format, eps: float, sizes: Mapping[str, tuple[int, ...]]) -> tuple[Probe, ...]:
    """The probes, those of plain values and short axes first."""
    small = _lengths(axes, sizes, 0, {})
    return (*_valued(dtype, eps, small), *_sized(axes, sizes, small), *_square(axes, sizes), *_viewed(axes, small))


def _lengths(axes: Axes, sizes: Mapping[str, tuple[int, ...]], shift: int, fixed: Mapping[str, int]) -> dict[str, int]:
    """A length for each axis, all different; ``fixed`` are given, and of what a kernel takes the one whose turn it is."""
    chosen = {letter: each[shift % len(each)] for letter, each in sizes.items()} | dict(fixed)
    free = [length for length in _SHORT if length not in chosen.values()]
    found = {}
    large = any(length >= _LONG for length in fixed.values())
    product = math.prod(fixed.values())
    for number, letter in enumerate((*axes.normalized, *axes.rest)):
        if letter in chosen:
            found[letter] = chosen[letter]
            continue
        wished = free[shift % len(free) if number else 0]
        most = _MANY if large else _FEWER  # several batches, as long as there is room
        length = next((one for one in (wished, *sorted(free, reverse=True)) if product * one <= most), 1)
        free = [one for one in free if one != length] or [1]
        found[letter] = length
        product *= length
    if axes.groups and CHANNEL not in chosen:
        found[CHANNEL] = axes.groups * next(k for k in (2, 3, 5, 7) if axes.groups * k not in found.values())
    return {letter: found[letter] for letter in axes.layout}


def _valued(dtype: Format, eps: float, small: Mapping[str, int]) -> Iterator[Probe]:
    """Yield the probes that differ in their values."""
    half, third = 2.0 ** (dtype.bits // 2), 2.0 ** (dtype.bits // 3)
    yield Probe(name="plain", why="spread 1 around 0.25", lengths=small)
    if eps > 0:
        root = math.sqrt(eps)
        yield Probe(name="small-spread", why="a variance near ε", lengths=small, offset=0.0, spread=root)
        yield Probe(name="tiny-spread", why="a variance far below ε", lengths=small, offset=0.0, spread=root / 16)
        yield Probe(name="constant", why="rows of equal entries", lengths=small, values="constant")
        yield Probe(name="equal", why="all entries equal", lengths=small, values="equal")
    yield Probe(name="along", why="g along x, where ∂x nearly vanishes", lengths=small, values="along")
    yield Probe(name="gamma", why="entries of γ that are 0, tiny, negative and large", lengths=small, values="gamma")
    yield Probe(name="outlier", why="one entry far off", lengths=small, values="outlier")
    yield Probe(name="offset", why=f"a mean {third:g} times the spread", lengths=small, offset=third)
    yield Probe(name="far-offset", why=f"a mean {half:g} times the spread", lengths=small, offset=half)
    if dtype is FLOAT16:
        yield Probe(name="large", why="squares that overflow float16", lengths=small, offset=0.0, spread=300.0, values="large")
    yield Probe(name="nan", why="NaN in one batch, which must not touch the others", lengths=small, values="nan")


def _sized(axes: Axes, sizes: Mapping[str, tuple[int, ...]], small: Mapping[str, int]) -> Iterator[Probe]:
    """Yield the probes that differ in their lengths: each axis is long in turn."""
    letters = (*axes.normalized, *axes.rest)
    done = {tuple(small.values())}
    if len(axes.normalized) > 1 and not axes.groups and not set(axes.normalized) & set(sizes):
        two = {letter: 2 if letter == axes.normalized[0] else 1 for letter in axes.normalized}
        yield Probe(name="pair", why="m = 2, where ∂x nearly vanishes", lengths=_lengths(axes, sizes, 0, two))
    turn = 0
    for letter in letters:
        own = letter in axes.normalized
        each: Sequence[int] = sizes.get(letter, LENGTHS if own else _OTHERS)
        if own and letter not in sizes and len(axes.normalized) > 1:
            each = [length for k, length in enumerate(LENGTHS) if k % len(axes.normalized) == turn % len(axes.normalized)]
            turn += 1
        for number, length in enumerate(each):
            if axes.groups and letter == CHANNEL:
                length *= axes.groups if letter not in sizes else 1
            lengths = _lengths(axes, sizes, number, {letter: length})
            if (shape := tuple(lengths.values())) not in done and math.prod(shape) <= 2 * _MANY:
                done.add(shape)
                yield Probe(name=f"{letter}={length}", why=f"{letter} of length {length}", lengths=lengths)


def _square(axes: Axes, sizes: Mapping[str, tuple[int, ...]]) -> Iterator[Probe]:
    """Yield the probe whose axes are equally long, as far as there is room and the kernel takes it."""
    taken = set.intersection(*map(set, sizes.values())) if sizes else {2 * max(axes.groups, 2)}
    for length in sorted(one for one in taken if one > 1 and one % max(axes.groups, 1) == 0):
        found: dict[str, int] = {}
        for letter in sorted(axes.layout, key=lambda one: (one not in sizes, one != CHANNEL)):
            found[letter] = length if length * math.prod(found.values()) <= 2 * _MANY else 1
        if sum(one == length for one in found.values()) > 1 and all(found[letter] in each for letter, each in sizes.items()):
            lengths = {letter: found[letter] for letter in axes.layout}
            yield Probe(name=SQUARE, why="axes of one length, which lengths don't tell apart", lengths=lengths)
            return


def _viewed(axes: Axes, small: Mapping[str, int]) -> Iterator[Probe]:
    for view in VIEWS:
        if view == "channels-last" and (len(axes.layout) < 3 or axes.layout[1] != CHANNEL):
            continue
        yield Probe(name=view, why=f"x and g {_VIEWED[view]}", lengths=small, view=view)


_VIEWED = {
    "strided": "are every other entry of longer arrays",
    "transposed": "lie in memory with their axes reversed",
    "shifted": "begin in the middle of longer arrays",
    "expanded": "repeat one sample without storing it again",
    "channels-last": "lie in memory with the channels of a position side by side",
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """The numbers of a probe, in float64, still to be rounded to the kernel's format.

    Parameters
    ----------
    x, g
        What is normalized, and an upstream gradient.
    gamma, beta, mean, variance
        Of the parameters' shape.
    rng
        What more is drawn with.
    """

    x: Doubles
    g: Doubles
    gamma: Doubles
    beta: Doubles
    mean: Doubles
    variance: Doubles
    rng: np.random.Generator


def drawn(probe: Probe, axes: Axes, seed: int) -> Drawn:
    """Draw the numbers of a probe."""
    rng = np.random.default_rng([seed, math.prod(probe.lengths.values()), *map(ord, probe.name)])
    shape = tuple(probe.lengths[letter] for letter in axes.layout)
    parameter = tuple(probe.lengths[letter] for letter in axes.parameter)
    normal = rng.standard_normal(shape)
    x = probe.offset + probe.spread * normal
    g = 0.5 + rng.standard_normal(shape)
    gamma, beta = (np.asarray(rng.choice([-1.0, 1.0], parameter) * rng.uniform(1.25, 2.5, parameter)) for _ in range(2))
    match probe.values:
        case "constant":
            x = np.broadcast_to(_first(x, axes), shape).copy()
        case "equal":
            x = np.full(shape, 1.75)
        case "along":
            g = 0.5 + normal
        case "gamma":
            special = np.array([0.0, -1.5, 2.0**-20, 200.0, -(2.0**-8), 1.0])
            gamma = special[np.arange(gamma.size) % len(special)].reshape(parameter)
        case "outlier":
            x.reshape(-1)[x.size // 2] = 1000.0
        case "nan":
            x[_nan_at(shape, axes)] = np.nan
        case _:
            pass
    if probe.view == "expanded":
        x, g = (np.broadcast_to(one[:1], shape).copy() for one in (x, g))
    mean = probe.offset + probe.spread * rng.standard_normal(parameter)
    variance = probe.spread**2 * rng.uniform(0.25, 2.0, parameter)
    return Drawn(x, g, gamma, beta, np.asarray(mean), np.asarray(variance), rng)


def _first(x: Doubles, axes: Axes) -> Doubles:
    """The first entry of each row, for all of it."""
    along = [k for k, letter in enumerate(axes.layout) if letter in axes.normalized and letter != CHANNEL]
    for axis in along or [axes.layout.index(axes.normalized[0])]:
        x = x.take([0], axis=axis)
    return x


def _nan_at(shape: Sequence[int], axes: Axes) -> tuple[int, ...]:
    """Where NaN stands: in the last batch of all."""
    return tuple(0 if letter in axes.normalized else length - 1 for letter, length in zip(axes.layout, shape, strict=True))
