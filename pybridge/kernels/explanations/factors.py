"""One factor too many: a number, the size of the batch along some axes, γ or σ.

In: rows.  Out: the factor that takes the definition's value to what was computed, for every number and within its bound.  Each
number leaves an interval for it, and what they have in common is it; of that the simplest number is said.  An offset is taken
off first, so that a factor of the normalized part of an output is found as well.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from pybridge.algebras.doubledouble import Doubles
from pybridge.kernels.arithmetic import Arithmetic
from pybridge.kernels.explanations.rows import chosen, run, statistic_of
from pybridge.kernels.looks import Look

GAMMA, BETA = "γ", "β"
_INFORMATIVE = 4
"""So many numbers have to determine a factor to this accuracy before it is said."""
_ACCURACY = 2.0**-6
_SIMPLE, _SHORT = 12, 3
_FIRST = 3
"""So many looks are tried for any factor at all, before all of them are."""
_FAR = 4
_EXACT = (Fraction(1), Fraction(-1), Fraction(2), Fraction(1, 2))


@dataclass(frozen=True, slots=True)
class _Numbers:
    """Everything that was computed, without the offset; the definition's values; their bounds; and what may be a factor."""

    got: Doubles
    exact: Doubles
    error: Doubles
    named: Mapping[str, Doubles]


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor of all numbers: what it is, in words, and whether an offset was taken off first."""

    said: str
    of_part: bool
    without_gamma: bool = False

    @property
    def sentence(self) -> str:
        """As it is printed."""
        of = "the normalized part of every number, without β, is" if self.of_part else "every number is"
        if self.without_gamma:
            return f"{of} that of γ = 1, {self.said}: γ is multiplied in outside, and belongs inside"
        return f"{of} {self.said}"


def factors(looks: Sequence[Look], arithmetic: Arithmetic) -> Iterator[Factor]:
    """Yield the factors that explain every number, the simplest first."""
    offset = all(_of_each(look, look.table.values.get(BETA)) for look in looks)
    if len(looks) > _FIRST and not _possible(looks[:_FIRST], arithmetic, offset=offset):
        return
    numbers = _numbers(looks, arithmetic, {BETA: 0.0} if offset else {})
    if (found := _common(numbers, np.ones_like(numbers.got))) is not None and found != 1 and _seen(numbers, found):
        yield Factor(f"{shown(*_interval(numbers, np.ones_like(numbers.got)))} times what it should be", offset)
        return
    for said, factor in _named(numbers.named):
        if _common(numbers, factor) in _EXACT:
            yield Factor(f"{_times(_common(numbers, factor))}{said}", offset)
            return
    if _inside(looks) and GAMMA in numbers.named:
        inside = _numbers(looks, arithmetic, {GAMMA: 1.0, **({BETA: 0.0} if offset else {})})
        if _common(inside, numbers.named[GAMMA]) == 1:
            yield Factor("times γ", offset, without_gamma=True)


def _seen(numbers: _Numbers, factor: Fraction) -> bool:
    """Whether several numbers each tell the factor from 1 by far: what one of them leaves is no factor of all."""
    with np.errstate(all="ignore"):
        width = numbers.error / np.abs(numbers.exact)
    return int(np.count_nonzero(width * _FAR < abs(float(factor) - 1))) >= _INFORMATIVE


def _inside(looks: Sequence[Look]) -> bool:
    """Whether γ is a number for each entry, so that it is not the same inside of the sums and outside."""
    gamma = looks[0].table.values.get(GAMMA)
    return gamma is not None and gamma.ndim == 2


def _possible(looks: Sequence[Look], arithmetic: Arithmetic, *, offset: bool) -> bool:
    """Whether a few rows leave any of the factors: most kernels have none, which these show."""
    numbers = _numbers(looks, arithmetic, {BETA: 0.0} if offset else {})
    if not all(_excluded(numbers, factor) for factor in (np.ones_like(numbers.got), *dict(_named(numbers.named)).values())):
        return True
    if not _inside(looks) or GAMMA not in numbers.named:
        return False
    inside = _numbers(looks, arithmetic, {GAMMA: 1.0, **({BETA: 0.0} if offset else {})})
    return not _excluded(inside, numbers.named[GAMMA])


def _excluded(numbers: _Numbers, factor: Doubles) -> bool:
    """Whether no constant c fits got = c · factor · exact, whatever other numbers there are."""
    with np.errstate(all="ignore"):
        should = factor * numbers.exact
        each = numbers.got / should
        width = (np.abs(factor) * numbers.error + np.abs(numbers.got) * 2.0**-50) / np.abs(should)
        sharp = np.isfinite(each) & np.isfinite(width) & (width < _ACCURACY)
        if not sharp.any():
            return False
        room = width[sharp] * float(np.abs(each[sharp]).max()) * (1 + 4 * _ACCURACY)
        return bool((each[sharp] - room).max() > (each[sharp] + room).min())


def _numbers(looks: Sequence[Look], arithmetic: Arithmetic, instead: Mapping[str, float]) -> _Numbers:
    """The numbers of all rows one after the other, with constants in place of some parameters."""
    parts: list[tuple[Doubles, Doubles, Doubles]] = []
    named: dict[str, list[Doubles]] = {}
    for look in looks:
        values = {name: np.full_like(look.table.values[name][look.numbers], value) for name, value in instead.items()}
        found = run(look, values, arithmetic)
        got = look.got
        if BETA in instead:
            got = got - _spread(look.table.values[BETA][look.numbers], got)
        exact = np.broadcast_to(found.value.value[0], got.shape)
        error = np.broadcast_to(look.judged_by().allowed[1], got.shape)
        parts.append((got, exact, error))
        for name, value in _quantities(look).items():
            named.setdefault(name, []).append(_spread(value, got))
    got, exact, error = (np.concatenate([part[k].reshape(-1) for part in parts]) for k in range(3))
    complete = {name: values for name, values in named.items() if len(values) == len(looks)}
    joined = {name: np.concatenate([one.reshape(-1) for one in values]) for name, values in complete.items()}
    return _Numbers(got, exact, error, joined)


def _quantities(look: Look) -> dict[str, Doubles]:
    """What may be a factor: sizes, γ and σ."""
    rows = len(look.numbers)
    found = {f"count {name}": np.full(rows, float(count)) for name, count in look.table.counts.items()}
    if look.table.lengths is None:
        found["count m"] = np.full(rows, float(look.table.size))
    table = chosen(look)
    for source in (table.known, table.values):
        if _of_each(look, source.get(GAMMA)):
            found[GAMMA] = source[GAMMA]
    if (scale := statistic_of(look)) is not None:
        found["σ"] = scale
    return found


def _of_each(look: Look, value: Doubles | None) -> bool:
    """Whether a parameter is one number for a row, or one for each that was computed."""
    return value is not None and (value.ndim == 1 or value.shape[1] in (1, look.table.width))


def _spread(value: Doubles, like: Doubles) -> Doubles:
    """A number for each row, or for each entry of each row, in columns and rows."""
    return np.broadcast_to(value.T if value.ndim == 2 else value[np.newaxis], like.shape)


def _named(named: Mapping[str, Doubles]) -> Iterator[tuple[str, Doubles]]:
    """Yield factors with their names, the likeliest first."""
    with np.errstate(all="ignore"):
        for name, value in named.items():
            if name.startswith("count "):
                count = name.removeprefix("count ")
                yield f"divided by {count} once more", 1 / value
                yield f"multiplied by {count}, or not divided by it", value
        if GAMMA in named:
            yield "multiplied by γ once more", named[GAMMA]
            yield "divided by γ, or γ is missing", 1 / named[GAMMA]
        if "σ" in named:
            scale = named["σ"]
            yield "multiplied by σ, or not divided by it", scale
            yield "divided by σ once more", 1 / scale
            yield "multiplied by σ in place of divided by it", scale**2
            yield "divided by the root of σ in place of σ", np.sqrt(scale)


def _times(number: Fraction | None) -> str:
    return "" if number == 1 or number is None else f"{number} times what it should be, and "


def _interval(numbers: _Numbers, factor: Doubles) -> tuple[float, float]:
    """What all numbers leave for the constant c in got = c · factor · exact; empty where the first end is the larger one."""
    if not np.isfinite(numbers.got).all():
        return math.inf, -math.inf
    with np.errstate(all="ignore"):
        should = factor * numbers.exact
        room = np.abs(factor) * numbers.error
        rounded = np.abs(numbers.got) * 2.0**-50
        each, width = numbers.got / should, (room + rounded) / np.abs(should)
        tells = np.isfinite(each) & np.isfinite(width) & (width < 1)
        if np.count_nonzero(tells & (width < _ACCURACY)) < _INFORMATIVE:
            return math.inf, -math.inf
        sharp = tells & (width < _ACCURACY)
        size = float(np.median(np.abs(each[sharp])))
        low, high = float((each - width * size)[sharp].max()), float((each + width * size)[sharp].min())
        if not low <= high:
            return math.inf, -math.inf
        middle = (low + high) / 2
        near = np.abs(numbers.got - middle * should) <= np.abs(middle) * room * (1 + _ACCURACY) + numbers.error + rounded
        return (low, high) if near.all() else (math.inf, -math.inf)


def _common(numbers: _Numbers, factor: Doubles) -> Fraction | None:
    """The simplest number that all numbers leave for the constant."""
    low, high = _interval(numbers, factor)
    return None if not low <= high else simplest(low, high)


def simplest(low: float, high: float) -> Fraction:
    """The fraction with the smallest denominator between two numbers."""
    if low <= 0 <= high:
        return Fraction(0)
    if high < 0:
        return -simplest(-high, -low)
    below = math.floor(low)
    if below == low or below + 1 <= high:
        return Fraction(below if below == low else below + 1)
    inner = simplest(1 / (high - below), 1 / (low - below))
    return below + 1 / inner


def shown(low: float, high: float) -> str:
    """The simplest number between two as it is printed: a short decimal, a small fraction, or as many digits as tell it."""
    found = simplest(low, high)
    if found == 0:
        return "0"
    for digits in range(1, 18):
        if low <= float(text := f"{(low + high) / 2:.{digits}g}") <= high:
            return text
        if digits == _SHORT and found.denominator <= _SIMPLE:
            return str(found)
    return repr((low + high) / 2)
