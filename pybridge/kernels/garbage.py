"""The search for cyclic garbage, put off while a diagnosis makes many small objects that it keeps.

In: nothing.  Out: a context.  Each search goes through all that a program holds, with a test suite around it more than the
diagnosis made: it took a third of the time, and found next to nothing.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

MADE = 50_000
"""So many new objects are made from one search to the next."""
_lock = Lock()
_inside: list[tuple[int, int, int]] = []
"""The thresholds that each context found, those of the program first."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Search for garbage less often inside, and as before afterwards; a program that does so still less is obeyed."""
    with _lock:
        _inside.append(found := gc.get_threshold())
        if 0 < found[0] < MADE:
            gc.set_threshold(MADE, *found[1:])
    try:
        yield
    finally:
        with _lock:
            first = _inside[0]
            _inside.pop()
            if not _inside:
                gc.set_threshold(*first)
