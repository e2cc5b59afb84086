"""Whether earlier calls change what a layer computes (``kernels/earlier.py``).

In: runs of a layer, and the arrays that came first of all.  Out: ``Fault``s, and the arrays of two calls in order that show it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import numpy as np

from pybridge.kernels.calls import Again, Fault
from pybridge.kernels.earlier import Calls, Earlier, earlier, in_halves
from pybridge.kernels.probes import Probe
from pybridge.layers.batches import draw
from pybridge.layers.bench import Bench, Ran
from pybridge.layers.cutting import Arrays
from pybridge.layers.known import SIGNS


def earlier_calls(
    bench: Bench,
    runs: Sequence[Ran],
    calls: int,
    *,
    before: Iterable[Probe] = (),
    fixed: Collection[str] = (),
    seed: int | None = None,
) -> Earlier[Arrays]:
    """What comes to light when the passes are called again, and with arrays that only other calls make wrong.

    Parameters
    ----------
    calls
        How often they are to have been called in the end, at least.
    before
        What they were called with before these runs.
    fixed
        The letters of axes whose lengths a kernel does not leave open.
    seed
        Of drawn arrays; None where the caller's alone are tried.
    """
    first = next((one for one in runs if one.got and not np.isnan(one.arrays.x).any()), None)
    if first is None:
        return Earlier()
    drawn = None if seed is None else lambda probe: bench.rounded(draw(probe, bench.reading, bench.eps, seed))
    come = [(first.probe, first.arrays), *((one, drawn(one)) for one in before if drawn is not None)]
    again = _again(bench, first, len(runs), calls)
    return earlier(
        Calls(
            off=lambda probe, arrays: _off(bench, bench.run(probe, arrays)),
            bounds=lambda probe, arrays: _bounds(bench, bench.run(probe, arrays)),
            times=lambda arrays, factor: bench.rounded(arrays.changed(x=factor * arrays.x)),
            others=lambda arrays: bench.rounded(_other(arrays)),
            simple=_simple,
            drawn=drawn,
        ),
        again,
        bench.reading,
        [one.probe for one in runs],
        come,
        fixed,
        bench.storage.bits,
    )


def _again(bench: Bench, first: Ran, before: int, calls: int) -> tuple[Fault, ...]:
    """What comes to light when the passes are called again on the first arrays."""
    again = Again(
        first=lambda: bench.call(first.probe, first.arrays),
        other=lambda: bench.call(first.probe, _other(first.arrays)),
        seen=first.got,
        off=lambda output, got: bench.off(output, got, first),
        signs=SIGNS,
        case=str(first.probe),
    )
    return again.faults(before, calls)


def _other(arrays: Arrays) -> Arrays:
    return arrays.changed(x=-2 * arrays.x, g=2 * arrays.g)


def _simple(arrays: Arrays) -> Arrays:
    return arrays.changed(**{name: in_halves(getattr(arrays, name)) for name in ("x", "g", "gamma", "beta")})


def _off(bench: Bench, ran: Ran) -> bool:
    """Whether a number of some output is off."""
    return any(bench.off(output, ran.got[output], ran) for output in ran.tables)


def _bounds(bench: Bench, ran: Ran) -> float:
    """By how many bounds numbers are off at most."""
    every = [one for output, found in ran.tables.items() for one in bench.judged(output, found)]
    return max((float(one.share[0].max()) for one in every), default=0.0)
