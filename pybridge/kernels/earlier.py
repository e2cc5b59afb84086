"""Whether earlier calls change what a kernel or a layer computes, and two calls in order that show it.

In: ways to call it.  Out: ``Fault``s, and the arrays of two calls, tried in this order where that can be done again: those of
the second are off only because of the first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Generic, TypeVar

import numpy as np

from pybridge.kernels.calls import Fault, of_state
from pybridge.kernels.firsts import of_first_calls, since_first_call, small_shapes
from pybridge.kernels.frameworks import Doubles
from pybridge.kernels.probes import Axes, Probe

A = TypeVar("A")
_SHAPES = 60
"""So many new shapes are tried to show it."""


@dataclass(frozen=True, slots=True)
class Earlier(Generic[A]):
    """What earlier calls change: the faults, and the arrays of two calls in order, none where two do not show it."""

    faults: tuple[Fault, ...] = ()
    shown: tuple[A, ...] = ()


@dataclass(frozen=True, slots=True)
class Calls(Generic[A]):
    """How something is called.

    Parameters
    ----------
    off, bounds
        Whether its numbers are off on arrays, and by how many bounds at most.
    times
        Arrays with what is normalized multiplied by a factor.
    others
        Other arrays of the same shapes.
    simple
        The same arrays in short numbers.
    drawn
        The arrays of a probe; None where only the caller's are to be tried.
    """

    off: Callable[[Probe, A], bool]
    bounds: Callable[[Probe, A], float]
    times: Callable[[A, float], A]
    others: Callable[[A], A]
    simple: Callable[[A], A]
    drawn: Callable[[Probe], A] | None


def in_halves(values: Doubles) -> Doubles:
    """Numbers near these that every format holds."""
    return np.asarray(np.round(2 * values) / 2 + 0.0)


def earlier(
    calls: Calls[A],
    again: Sequence[Fault],
    axes: Axes,
    tried: Sequence[Probe],
    firsts: Sequence[tuple[Probe, A]],
    fixed: Collection[str],
    bits: int,
) -> Earlier[A]:
    """What earlier calls change.

    Parameters
    ----------
    again
        What came to light when it was called again on the first arrays.
    tried
        The probes before.
    firsts
        The arrays of the first of these, and others that may have come first of all.
    fixed
        The letters of axes whose lengths it does not leave open.
    bits
        Of the format that results are stored in.
    """
    known = tuple(again)
    if of_state(known):
        probe, first = firsts[0]
        found = ((calls.others(arrays), arrays) for arrays in (calls.simple(first), first))
        return Earlier(known, next((one for one in found if _off_only_after(calls, probe, *one)), ()))
    if (drawn := calls.drawn) is not None:
        of_first = of_first_calls(lambda probe, by: calls.off(probe, calls.times(drawn(probe), by)), axes, tried, fixed)
        if of_first:
            seen = {tuple(one.lengths.values()) for one in tried}
            small = islice(small_shapes(axes, tried[0], fixed, seen), _SHAPES)
            pairs = ((probe, drawn(probe), calls.times(drawn(probe), -2.0)) for probe in small)
            shown = next(((one, two) for probe, one, two in pairs if _right_then_off(calls, probe, one, two)), ())
            return Earlier((*known, *of_first), shown)
    for probe, first in firsts:
        since = since_first_call(partial(_bounds, calls, probe, first), bits, str(probe))
        if since:
            return Earlier((*known, *since), (first, calls.times(first, 2.0)))
    return Earlier(known)


def _bounds(calls: Calls[A], probe: Probe, arrays: A, factor: float) -> float:
    return calls.bounds(probe, calls.times(arrays, factor))


def _off_only_after(calls: Calls[A], probe: Probe, other: A, arrays: A) -> bool:
    """Whether numbers are right when a call is repeated, and off after another one."""
    try:
        calls.off(probe, arrays)
        if calls.off(probe, arrays):
            return False
        calls.off(probe, other)
        return calls.off(probe, arrays)
    except Exception:  # noqa: BLE001  a kernel may raise anything
        return False


def _right_then_off(calls: Calls[A], probe: Probe, first: A, second: A) -> bool:
    """Whether the first call with a new shape is right, and the second off."""
    try:
        return not calls.off(probe, first) and calls.off(probe, second)
    except Exception:  # noqa: BLE001  a kernel may refuse a shape
        return False
