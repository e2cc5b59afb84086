"""What the numbers of rows show by themselves, whatever explains them: all NaN, all 0, the sets of arrays that are off.

In: judged rows.  Out: a few words.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pybridge.kernels.judged import Rows
from pybridge.kernels.listing import listed

NO_NUMBER = "every number is NaN"


def constant(judged: Rows) -> str:
    """That all numbers are NaN, or 0; empty where they are not."""
    each = [one.table.computed for one in judged.judgements]
    if all(np.isnan(one).all() for one in each):
        return NO_NUMBER
    return "every number is 0" if all((one == 0).all() for one in each) else ""


def on_sets(judged: Rows) -> str:
    """On which sets of arrays numbers are off, or on which they are right, the fewer of these."""
    off: dict[str, bool] = {}
    for one in judged.judgements:
        off[one.table.case] = off.get(one.table.case, False) or bool(one.off.any())
    if len(off) < 2:
        return ""
    wrong, right = ([case for case, is_off in off.items() if is_off is wanted] for wanted in (True, False))
    if not right:
        return f", on all {len(off)} sets of arrays"
    return f", on {_few(wrong)} alone" if len(wrong) <= len(right) else f", and is right on {_few(right)}"


def _few(cases: Sequence[str]) -> str:
    return listed([*cases[:3], *([f"{len(cases) - 3} more"] if len(cases) > 3 else [])])
