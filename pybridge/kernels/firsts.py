"""A kernel that keeps something of the first call of each shape: right then, and off when other numbers come.

In: how to call a kernel on arrays of new shapes.  Out: a ``Fault``, if that is so of all of these.  The numbers that are right
come first on one shape and second on the next, so that no kernel that is wrong for some numbers alone is taken for one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from pybridge.kernels.calls import STATE, Fault
from pybridge.kernels.probes import CHANNEL, Axes, Probe

_FRESH = (4, 6, 8, 9, 10)
"""Lengths that no axis of a probe has."""
_SHAPES = 3
_SAID = "its numbers depend on earlier calls: right at the first call of a shape, off at the next with other numbers"


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
