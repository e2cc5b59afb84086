"""A failure made small: fewer entries along each axis, simpler numbers; and the call that shows it.

In: runs in which an output is off.  Out: lines to be pasted, with arrays of the shapes that show it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from pybridge.kernels.frameworks import Doubles
from pybridge.kernels.probes import CHANNEL, Probe
from pybridge.kernels.smaller import descended
from pybridge.layers.bench import Bench, Ran
from pybridge.layers.cutting import Arrays

EFFORT = 40
"""How often a layer may be run to make a failure small."""
_SHOWN = 96


def smaller(bench: Bench, output: str, runs: Sequence[Ran], taken: Mapping[str, tuple[int, ...]], call: str) -> list[str]:
    """The lines of a call with the smallest arrays found; of arrays too many to print, the name of the probe.

    ``call`` is how the call begins.
    """
    failing = [one for one in runs if _off(bench, output, one)]
    if not failing:
        return []
    first = min(failing, key=lambda one: one.arrays.x.size)

    def tried(arrays: Arrays) -> Ran | None:
        probe = Probe(name="smaller", why="", lengths=bench.reading.lengths(arrays.x.shape))
        return _run(bench, output, probe, arrays)

    simpler = lambda best: (*_cut(best.arrays, bench, taken), *_simpler(best.arrays))  # noqa: E731
    best = descended(first, simpler, tried, EFFORT if not (first.probe.view or np.isnan(first.arrays.x).any()) else 0)
    if best.arrays.x.size > _SHOWN or best.probe.view or np.isnan(best.arrays.x).any():
        return [f"{call}only={best.probe.name!r})    # x of shape {best.arrays.x.shape}: {best.probe.why}"]
    return calls_of(bench, (best.arrays,), call)


def calls_of(bench: Bench, several: Sequence[Arrays], call: str) -> list[str]:
    """How the layer is called with these arrays, in this order; nothing where there are none, or they are too many to print."""
    if not several or any(arrays.x.size > _SHOWN for arrays in several):
        return []
    listed = [[f"    {name!r}: {array.tolist()!r}," for name, array in _named(bench, arrays)] for arrays in several]
    if len(several) == 1:
        (own,) = listed
        return [f"{call}arrays={{", *own, f"}})    # x of shape {several[0].x.shape}, layout {bench.reading.layout}"]
    inner = [line for own in listed for line in ("    {", *(f"    {one}" for one in own), "    },")]
    said = f"# in this order, and with nothing before; layout {bench.reading.layout}"
    return [f"{call}arrays=[", *inner, f"])    {said}"]


def _named(bench: Bench, arrays: Arrays) -> list[tuple[str, Doubles]]:
    """What the layer is handed, by name."""
    shown = [("x", arrays.x), ("g", arrays.g)]
    if bench.affine:
        shown.append(("gamma", arrays.gamma))
        if bench.reading.layer.offset:
            shown.append(("beta", arrays.beta))
    if bench.statistics:
        shown += [("running_mean", arrays.mean), ("running_var", arrays.variance)]
    return shown


def _run(bench: Bench, output: str, probe: Probe, arrays: Arrays) -> Ran | None:
    """The run, if a number of the output is off in it, and all are finite."""
    try:
        found = bench.run(probe, arrays)
    except Exception:  # noqa: BLE001  a layer may refuse it
        return None
    return found if _off(bench, output, found) and np.isfinite(found.tables[output].computed).all() else None


def _off(bench: Bench, output: str, ran: Ran) -> bool:
    if output not in ran.tables:
        return False
    return any(bool(one.off.any()) for one in bench.judged(output, ran.tables[output]))


def _cut(arrays: Arrays, bench: Bench, taken: Mapping[str, tuple[int, ...]]) -> Iterator[Arrays]:
    """Yield the arrays with fewer entries along each axis; a batch keeps more than one."""
    reading = bench.reading
    lengths = reading.lengths(arrays.x.shape)
    for axis, letter in enumerate(reading.layout):
        length, step = lengths[letter], reading.groups if letter == CHANNEL and reading.groups else 1
        if letter in taken:
            continue
        for kept in dict.fromkeys((step, length // 2 // step * step, length - step)):
            if not 0 < kept < length:
                continue
            size = math.prod((kept if other == letter else lengths[other]) for other in reading.normalized)
            if size // max(reading.groups, 1) < 2:
                continue
            cut = {"x": arrays.x.take(range(kept), axis=axis), "g": arrays.g.take(range(kept), axis=axis)}
            if letter in reading.parameter:
                own = reading.parameter.index(letter)
                names = ("gamma", "beta", *(("mean", "variance") if bench.statistics else ()))
                cut |= {name: getattr(arrays, name).take(range(kept), axis=own) for name in names}
            yield arrays.changed(**cut)


def _simpler(arrays: Arrays) -> Iterator[Arrays]:
    """Yield the arrays with one of them rounded to integers, or to halves."""
    for name in ("x", "g", "gamma", "beta"):
        values = getattr(arrays, name)
        for simple in (np.round(values), np.round(2 * values) / 2):
            if not np.array_equal(simple, values):
                yield replace(arrays, **{name: simple + 0.0})
