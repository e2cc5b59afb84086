"""What rows say of the format that their numbers were computed in, and which rows are looked at.

In: judged rows, looks at them.  Out: rows, and whether something holds of all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from pybridge.algebras.formats import FORMATS, Format
from pybridge.kernels.arithmetic import Arithmetic
from pybridge.kernels.judged import Judged
from pybridge.kernels.looks import Look
from pybridge.semantics.boundedarrays import NotVectorised

TIGHT = 8
"""An error of so many units of a format is of its own size."""
MOST_NUMBERS = 4096
"""What is computed is told from rows of so many numbers in all, the smallest first."""
MOST_EVALUATED = 1 << 17
"""So many numbers may be evaluated once."""
_ROOM = 16
"""What is so much below the largest number of a format does not overflow in a few operations."""


def is_finite(one: Judged) -> bool:
    """Whether all numbers of a row are."""
    return bool(np.isfinite(one.table.computed[one.number]).all())


def first(judged: Iterable[Judged], left: int = MOST_NUMBERS) -> Iterator[Judged]:
    """Yield rows as long as there are not too many numbers."""
    for one in judged:
        left -= max(one.width, one.size)
        if left < 0:
            return
        yield one


def narrower(arithmetic: Arithmetic) -> list[Format]:
    """The formats with fewer bits than that of the computation, and no more than that of the arrays; the widest first."""
    compute, given = arithmetic.compute, arithmetic.given
    found = (one for one in FORMATS.values() if one.bits < compute.bits and one.bits <= given.bits)
    return sorted(found, key=lambda one: -one.bits)


def unit(one: Format) -> float:
    """Half of a unit in the last place of 1."""
    return float(one.unit.p) / float(one.unit.q)


def held(looks: Sequence[Look], compute: Format) -> bool:
    """Whether every computed number is one of this format: more than chance gives, in which case it was made there."""
    return all(bool((compute.holds_each(one.got) | ~np.isfinite(one.got)).all()) for one in looks)


def tight(looks: Sequence[Look], compute: Format) -> bool:
    """Whether what is off is off by rounding errors of this format, and not by as much as its bound would allow."""
    for one in looks:
        try:
            known = one.judged_by()
        except NotVectorised:
            entries = (entry for row in one.judged for entry in row.entries if entry.off)
            if not all(entry.distance <= TIGHT * unit(compute) * entry.scale for entry in entries):
                return False
            continue
        if not (known.distance(one.got)[1] <= TIGHT * unit(compute) * known.value.scale[0])[one.off].all():
            return False
    return True


def bits(looks: Sequence[Look]) -> float:
    """How much the numbers that are off say, in bits: by how many of its bounds each of them might have been elsewhere.

    A change that has nothing to do with a kernel fits numbers of so many bits by chance once in 2 to this power.
    """
    total = 0.0
    for look in looks:
        try:
            known = look.judged_by()
        except NotVectorised:
            entries = (entry for row in look.judged for entry in row.entries if entry.off and entry.scale > 0)
            each = np.array([float((entry.allowed / entry.scale).abs_upper()) for entry in entries])
        else:
            with np.errstate(all="ignore"):
                each = (known.allowed[1] / known.value.scale[0])[look.off]
        total -= float(np.log2(each[(each > 0) & (each < 1)]).sum())
    return total


def reaches(wrong: Sequence[Judged], given: Format) -> bool:
    """Whether a sum of squares of the numbers given may overflow a format."""
    reach = 0.0
    for one in wrong:
        vectors = (value[one.number] for value in one.table.values.values() if value.ndim == 2)
        reach = max(reach, one.size * max(float(np.abs(value).max(initial=1.0)) for value in vectors) ** 2)
    return reach * _ROOM >= float(given.largest)
