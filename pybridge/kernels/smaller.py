"""A failure made small: fewer entries along each axis, simpler numbers; and the call that shows it.

In: a bench, arrays on which a kernel is off.  Out: the smallest row found, and the arrays it is in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import numpy as np

from pybridge.errors import PybridgeError
from pybridge.kernels.bench import ASCII, EPS, Arrays, Bench
from pybridge.kernels.frameworks import Doubles
from pybridge.kernels.judged import Judged, Rows
from pybridge.kernels.probes import CHANNEL, Probe

EFFORT = 200
"""How often a kernel may be run to make a failure small."""
_SHOWN = 96
Best = TypeVar("Best")
Candidate = TypeVar("Candidate")


def call_of(bench: Bench, arrays: Arrays) -> list[str]:
    """How the kernel is called with these arrays."""
    storage = bench.against.arithmetic.storage.name
    if arrays[bench.shaped].size > _SHOWN:
        return []
    given = []
    for parameter in bench.definition.parameters:
        name = parameter.name
        value = repr(bench.eps) if name == EPS else f"array({arrays[name].tolist()!r}, {storage!r})"
        given.append(f"{ASCII.get(name, name)}={value},")
    return ["kernel(", *(f"    {one}" for one in given), ")"]


def smaller(bench: Bench, arrays: Arrays, view: str = "") -> tuple[Judged, Arrays] | None:
    """The smallest failing row found by cutting the arrays and by replacing numbers with simpler ones, and these arrays.

    All of it is finite, and a batch has more than one entry where it had.
    """
    first = _first_off(bench, arrays, view)
    if first is None:
        return None
    several = first.size > 1

    def tried(candidate: Arrays) -> tuple[Judged, Arrays] | None:
        found = _first_off(bench, candidate, view)
        return None if found is None or (several and found.size == 1) else (found, candidate)

    simpler = lambda best: (*_cut(best[1], bench), *_simpler(best[1]))  # noqa: E731
    row, best = descended((first, arrays), simpler, tried, EFFORT if not view else 0)
    return row.called("the smallest batch"), best


def descended(
    best: Best, simpler: Callable[[Best], Iterable[Candidate]], tried: Callable[[Candidate], Best | None], effort: int
) -> Best:
    """Go from what is best to the first simpler candidate that does as well, until none does or ``effort`` were tried."""
    improved = True
    while improved and effort > 0:
        improved = False
        for candidate in simpler(best):
            effort -= 1
            if (found := tried(candidate)) is not None:
                best, improved = found, True
                break
            if effort <= 0:
                break
    return best


def _first_off(bench: Bench, arrays: Arrays, view: str) -> Judged | None:
    lengths = dict(zip(bench.axes.layout, arrays[bench.shaped].shape, strict=True))
    probe = Probe(name="", why="", lengths=lengths, view=view)
    try:
        with np.errstate(all="ignore"):
            judged = Rows(bench.judged(bench.run(probe, arrays, lenient=True).table, strict=True))
    except PybridgeError:  # the smaller batch allows no bound
        return None
    except Exception:  # noqa: BLE001  a kernel may refuse it
        return None
    return next((one for one in judged.wrong() if np.isfinite(one.table.computed[one.number]).all()), None)


def _cut(arrays: Arrays, bench: Bench) -> Iterator[Arrays]:
    """Yield the arrays without half, then without one, of the entries along each axis."""
    vectors = bench.vectors
    for axis, letter in enumerate(bench.axes.layout):
        length = arrays[vectors[0]].shape[axis]
        for kept in dict.fromkeys((1, length // 2, length - 1)):
            if 0 < kept < length:
                yield {
                    name: values.take(range(kept), axis=axis)
                    if name in vectors
                    else values[:kept]
                    if letter == CHANNEL
                    else values
                    for name, values in arrays.items()
                }


def _simpler(arrays: Arrays) -> Iterator[Arrays]:
    """Yield the arrays with one of them rounded to integers, to halves, or to one digit."""
    for name, values in arrays.items():
        for simple in (np.round(values), np.round(2 * values) / 2, np.trunc(values)):
            if not np.array_equal(simple, values) and np.isfinite(simple).all():
                found: Doubles = simple + 0.0  # no -0.0
                yield {**arrays, name: found}
