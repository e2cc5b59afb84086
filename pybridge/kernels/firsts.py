"""A kernel that keeps something of its first call, or of the first of each shape: right then, off when other numbers come.

In: how to call a kernel on arrays of new shapes, or on multiples of its first arrays.  Out: a ``Fault``, if that is so of all
of these.  The numbers that are right come first on one shape and second on the next, so that no kernel that is wrong for some
numbers alone is taken for one; and arrays near the first ones, above and below, are off by far more than rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import product
from math import prod

from pybridge.kernels.calls import STATE, Fault
from pybridge.kernels.probes import CHANNEL, Axes, Probe

_FRESH = (4, 6, 8, 9, 10)
"""Lengths that no axis of a probe has."""
_SHAPES = 3
_SAID = "its numbers depend on earlier calls: right at the first call of a shape, off at the next with other numbers"
_SINCE = "its numbers depend on earlier calls: right with the arrays of its first call, off with multiples of these"
FAR = 16.0
"""So many bounds are more than rounding that happens to be within one."""
_SMALL = (1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 14)
_FEW = 48


def of_first_calls(
    off: Callable[[Probe, float], bool], axes: Axes, tried: Sequence[Probe], fixed: Collection[str]
) -> tuple[Fault, ...]:
    """The fault, if it is one.

    Parameters
    ----------
    off
        Whether numbers are off on a probe whose x is multiplied by a factor.
    tried
        Those before.
    fixed
        The letters of axes whose lengths a kernel does not leave open.
    """
    letters = [letter for letter in axes.layout if letter not in fixed]
    seen = {tuple(one.lengths.values()) for one in tried}
    found: list[str] = []
    if not letters or len(letters) > len(_FRESH):
        return ()
    for shift in range(_SHAPES):
        chosen = [_FRESH[(shift + k) % len(_FRESH)] for k in range(len(letters))]
        lengths = {**tried[0].lengths, **dict(zip(letters, chosen, strict=True))}
        if axes.groups and CHANNEL in letters:
            lengths[CHANNEL] *= axes.groups
        if tuple(lengths.values()) in seen:
            return ()
        probe = Probe(name=f"first-{len(found) + 1}", why="a new shape, twice", lengths=lengths)
        first, second = (1.0, -2.0) if len(found) % 2 else (-2.0, 1.0)
        try:
            if off(probe, first) or not off(probe, second):
                return ()
        except Exception:  # noqa: BLE001  a kernel may refuse a shape
            return ()
        found.append(str(probe))
    return (Fault(kind=STATE, output="", said=_SAID, probes=tuple(found)),)


def since_first_call(off: Callable[[float], float], bits: int, case: str) -> tuple[Fault, ...]:
    """The fault that something is kept of the call that came first of all, if it is one.

    Parameters
    ----------
    off
        How many bounds the numbers are off where what is normalized in the arrays of the first call is multiplied by a factor.
    bits
        Of the format that results are stored in.
    case
        These arrays.

    Notes
    -----
    A kernel that rounds numbers is right at multiples by 2 of those that it is right at, and one that is wrong beyond some size
    is not off on both sides of a number: what is left is one that has these very numbers in store.
    """
    near = 2.0 ** -(bits // 4)
    try:
        if off(1.0) > 1 or not all(off(factor) > FAR for factor in (1 + near, 1 - near, 2.0, -2.0)) or off(1.0) > 1:
            return ()
    except Exception:  # noqa: BLE001  a kernel may refuse some numbers
        return ()
    return (Fault(kind=STATE, output="", said=_SINCE, probes=(case,)),)


def small_shapes(axes: Axes, first: Probe, fixed: Collection[str], seen: Collection[tuple[int, ...]]) -> Iterator[Probe]:
    """Yield probes of few entries, of shapes that nothing was called with, several entries to a batch."""
    letters = [letter for letter in axes.layout if letter not in fixed]
    found = []
    for chosen in product(_SMALL, repeat=len(letters)) if len(letters) <= len(_FRESH) else ():
        lengths = {**first.lengths, **dict(zip(letters, chosen, strict=True))}
        if axes.groups and CHANNEL in letters:
            lengths[CHANNEL] *= axes.groups
        several = prod(lengths[letter] for letter in axes.normalized) // max(axes.groups, 1) > 1
        if several and tuple(lengths.values()) not in seen and prod(lengths.values()) <= _FEW:
            found.append(lengths)
    for lengths in sorted(found, key=lambda one: prod(one.values())):
        yield Probe(name="small", why="a new shape", lengths=lengths)
