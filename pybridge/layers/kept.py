"""Two forward passes before a backward pass: what the first has kept for its gradients has to be there still.

In: runs of a layer.  Out: a ``Fault``, where the gradients are right only without the second forward pass; or a note that this
was not tried.  A layer object that holds one cache and hands none on is right with the last forward pass, and not tried.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pybridge.errors import PybridgeError
from pybridge.kernels.calls import KEPT, Fault, numbers_of, raised_by, same
from pybridge.layers.bench import Bench, Ran
from pybridge.layers.known import DBETA, DGAMMA, DX, FORWARD, SIGNS
from pybridge.layers.passes import Functions
from pybridge.layers.signatures import CACHE, X

_SAID = "what forward keeps for backward is overwritten by the next forward"
_UNTRIED = "not tried: two forward passes before a backward pass, as forward hands nothing on to backward"
_LAST = "backward is right only after its own forward pass, as forward hands nothing on to backward"


def kept(bench: Bench, runs: Sequence[Ran]) -> tuple[tuple[Fault, ...], tuple[str, ...]]:
    """The fault, and what is to be said of what was not tried."""
    first = next((one for one in runs if one.got and not np.isnan(one.arrays.x).any()), None)
    concerned = [one for one in (DX, DGAMMA, DBETA) if first is not None and one in first.tables]
    if first is None or not concerned or FORWARD not in bench.passes.outputs:
        return (), ()
    if any(bench.off(output, first.got[output], first) for output in concerned):
        return (), ()  # it is wrong without
    arrays = first.arrays
    other = bench.rounded(arrays.changed(x=1 - 2 * arrays.x, gamma=arrays.gamma + 1, beta=arrays.beta - 1))
    try:
        handed = _handed(bench, first)
        if not handed & {CACHE, X}:
            return (), (_UNTRIED,)
        now = numbers_of(bench.call(first.probe, arrays, other))
    except PybridgeError:
        raise
    except Exception as error:  # noqa: BLE001  a kernel may raise anything
        return (_fault(first, f"after another forward pass, backward raises {raised_by(error)}"),), ()
    lost = [
        SIGNS[output]
        for output in concerned
        if output not in now or (not same(now[output], first.got[output]) and bench.off(output, now[output], first))
    ]
    if lost and CACHE not in handed:
        return (), (_LAST,)
    return ((_fault(first, f"{_SAID}: {', '.join(lost)}"),) if lost else ()), ()


def _handed(bench: Bench, ran: Ran) -> frozenset[str]:
    """What a backward pass is handed; autograd hands on all that it needs."""
    passes = bench.passes
    return passes.taken_back(bench.given(ran.probe, ran.arrays)) if isinstance(passes, Functions) else frozenset({CACHE})


def _fault(ran: Ran, said: str) -> Fault:
    return Fault(kind=KEPT, output="", said=said, probes=(str(ran.probe),))
