"""Another number in place of a parameter: an ε that is hard-coded, added twice or clamped to, 1 + γ for γ.

In: rows.  Out: the change that explains them all, if one does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pybridge.algebras.doubledouble import Doubles
from pybridge.kernels.arithmetic import Arithmetic
from pybridge.kernels.explanations.rows import chosen, holds, run, statistic_of, told
from pybridge.kernels.looks import Look

EPS, GAMMA, BETA, G = "ε", "γ", "β", "g"
USUAL = (0.0, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1.0)
"""Numbers that are hard-coded as ε."""
_CLIPPED = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 100.0)
"""Numbers at which a gradient is cut off."""
_LEAST = (1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1)
_SUMMED = ": is it added to a sum before that is divided by m?"

Values = Mapping[str, Doubles]


@dataclass(frozen=True, slots=True)
class Other:
    """Other values, in words and for rows; None where there are none."""

    sentence: str
    values: Callable[[Look], Values | None]


def others(looks: Sequence[Look]) -> Iterator[Other]:
    """Yield what may stand in place of a parameter."""
    names = looks[0].table.values
    if EPS in names and len(eps := {float(one) for look in looks for one in look.table.values[EPS]}) == 1:
        yield from _of_eps(eps.pop())
    if GAMMA in names:
        yield Other("`1 + γ` stands for `γ`", lambda look: {GAMMA: 1 + chosen(look).values[GAMMA]})
        yield Other("`γ` is missing in all places", lambda look: {GAMMA: np.ones_like(chosen(look).values[GAMMA])})
        yield Other("`γ²` stands for `γ` in all places", lambda look: {GAMMA: chosen(look).values[GAMMA] ** 2})
        yield Other("`|γ|` stands for `γ`", lambda look: {GAMMA: np.abs(chosen(look).values[GAMMA])})
        if BETA in names:
            said = "`γ β` stands for `β`: is β added before γ is multiplied?"
            yield Other(said, lambda look: {BETA: chosen(look).values[GAMMA] * chosen(look).values[BETA]})
        for least in _LEAST:
            yield Other(f"`γ` is clamped to at least {least:g}", _clamped(least))
    if G in names:
        for most in _CLIPPED:
            yield Other(f"`g` is clipped to ±{most:g} before anything is computed of it", _clipped(most))


def _of_eps(eps: float) -> Iterator[Other]:
    for factor, said in ((2.0, "ε is added twice"), (0.5, "half of ε is added")):
        yield Other(f"{said}: {factor * eps:g}, not {eps:g}", _constant(factor * eps))
    for other in USUAL:
        if other != eps:
            yield Other(f"ε is {other:g}, not {eps:g}", _constant(other))
    if eps > 0:
        for by, said in ((-1, "ε is divided by the size m of the batch"), (1, "ε is multiplied by the size m of the batch")):
            yield Other(f"{said}{_SUMMED if by < 0 else ''}", _times_size(eps, by))
        yield Other(f"ε is squared: {eps * eps:g}, not {eps:g}", _constant(eps * eps))
        yield Other("the variance is clamped to at least ε, which is not added to it", _clamped_variance(eps, root=False))
        yield Other("σ is clamped to at least ε, which is not added to the variance", _clamped_variance(eps, root=True))
    for least in _LEAST:
        yield Other(f"σ is clamped to at least {least:g}", _clamped_scale(eps, least))


def _constant(value: float) -> Callable[[Look], Values | None]:
    return lambda look: {EPS: np.full(len(look.numbers), value)}


def _times_size(eps: float, power: int) -> Callable[[Look], Values | None]:
    return lambda look: None if look.table.lengths is not None else _constant(eps * float(look.table.size) ** power)(look)


def _clamped(least: float) -> Callable[[Look], Values | None]:
    def values(look: Look) -> Values | None:
        own = chosen(look).values[GAMMA]
        return {GAMMA: np.where(np.abs(own) < least, np.where(own < 0, -least, least), own)}

    return values


def _clipped(most: float) -> Callable[[Look], Values | None]:
    return lambda look: {G: np.clip(chosen(look).values[G], -most, most)}


def _clamped_scale(eps: float, least: float) -> Callable[[Look], Values | None]:
    """The ε that has to be added to each variance so that the root of the sum is at least so large."""

    def values(look: Look) -> Values | None:
        variance = statistic_of(look, squared=True)
        return None if variance is None else {EPS: np.maximum(variance + eps, least * least) - variance}

    return values


def _clamped_variance(eps: float, *, root: bool) -> Callable[[Look], Values | None]:
    """The ε that has to be added to each variance so that it, or its root, is at least ε."""

    def values(look: Look) -> Values | None:
        variance = statistic_of(look, squared=True)
        if variance is None:
            return None
        return {EPS: np.maximum(variance, eps * eps if root else eps) - variance}

    return values


def other_values(looks: Sequence[Look], arithmetic: Arithmetic) -> Iterator[str]:
    """Yield the sentences of all that explain every number."""
    for other in others(looks):
        apart = False
        for look in looks:
            values = other.values(look)
            if values is None or not holds(look, found := run(look, values, arithmetic)):
                break
            apart = apart or told(look, found)
        else:
            if apart:
                yield other.sentence
