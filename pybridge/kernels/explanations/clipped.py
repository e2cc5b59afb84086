"""Numbers that are cut off at a largest and a smallest one.

In: rows.  Out: the sentence that explains all of them, if one does: whatever is off is the same number, where the definition's
is beyond it, and nothing else is off.  Where no number that should be near the end on its far side was there, it may as well
jump there: then no more is said than what is seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from pybridge.kernels.looks import Look
from pybridge.semantics.boundedarrays import NotVectorised

_SEVERAL = 4
"""So many numbers have to stand where they are cut off."""
_NEAR = 2.0**-3
"""A number that should be beyond the end by no more than this share of it shows that nothing jumps there."""


def clipped(looks: Sequence[Look]) -> Iterator[str]:
    """Yield the sentence."""
    off = np.concatenate([look.got[look.off] for look in looks])
    above, below = off[off > 0], off[off < 0]
    if len(off) < _SEVERAL or not np.isfinite(off).all() or not all((one == one[:1]).all() for one in (above, below)):
        return
    if len(above) + len(below) < len(off):
        return
    most, least = float(above.max(initial=-np.inf)), float(below.min(initial=np.inf))
    next_above, next_below = np.inf, -np.inf
    for look in looks:
        try:
            known = look.judged_by()
        except NotVectorised:
            return
        value = known.value.value[0]
        beyond = ((look.got == most) & (value > most)) | ((look.got == least) & (value < least))
        room = known.allowed[1]
        outside = ((value > most + room) & (above.size > 0)) | ((value < least - room) & (below.size > 0))
        if (look.off & ~beyond).any() or (outside & ~beyond).any():
            return
        next_above = min(next_above, float(value[look.off & (value > most)].min(initial=np.inf)))
        next_below = max(next_below, float(value[look.off & (value < least)].max(initial=-np.inf)))
    if most == -least and _near(most, next_above) and _near(least, next_below):
        yield f"every number is clipped to ±{most:g}"
        return
    said = []
    if above.size:
        jumps = f"{most:g} where it should be {next_above:.3g} or more"
        said.append(f"clipped to at most {most:g}" if _near(most, next_above) else jumps)
    if below.size:
        jumps = f"{least:g} where it should be {next_below:.3g} or less"
        said.append(f"clipped to at least {least:g}" if _near(least, next_below) else jumps)
    yield f"every number is {' and '.join(said)}".replace(" and clipped to", " and")


def _near(end: float, beyond: float) -> bool:
    return abs(beyond - end) <= _NEAR * abs(end)
