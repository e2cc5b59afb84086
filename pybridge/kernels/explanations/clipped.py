"""Numbers that are cut off at a largest and a smallest one.

In: rows.  Out: the sentence that explains all of them, if one does: whatever is off is the same number, where the definition's
is beyond it, and nothing else is off.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from pybridge.kernels.looks import Look
from pybridge.semantics.boundedarrays import NotVectorised

_SEVERAL = 4
"""So many numbers have to stand where they are cut off."""


def clipped(looks: Sequence[Look]) -> Iterator[str]:
    """Yield the sentence."""
    off = np.concatenate([look.got[look.off] for look in looks])
    above, below = off[off > 0], off[off < 0]
    if len(off) < _SEVERAL or not np.isfinite(off).all() or not all((one == one[:1]).all() for one in (above, below)):
        return
    if len(above) + len(below) < len(off):
        return
    most, least = float(above.max(initial=-np.inf)), float(below.min(initial=np.inf))
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
    ends = [f"at most {most:g}"] * bool(above.size) + [f"at least {least:g}"] * bool(below.size)
    yield f"every number is clipped to ±{most:g}" if most == -least else f"every number is clipped to {' and '.join(ends)}"
