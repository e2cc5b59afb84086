"""Names in a sentence.

In: names.  Out: one text.
"""

from __future__ import annotations

from collections.abc import Sequence


def listed(names: Sequence[str]) -> str:
    """Names with "and" before the last."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
