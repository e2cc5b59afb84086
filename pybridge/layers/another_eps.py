"""Whether what is handed over as ε is used: the passes run once more with another one.

In: a bench whose passes are right for its ε.  Out: a fault where they are wrong for another; a note where they raise.
"""

from __future__ import annotations

from dataclasses import replace

from pybridge.errors import PybridgeError
from pybridge.kernels.calls import EPS_IGNORED, Fault, raised_by
from pybridge.kernels.probes import Probe
from pybridge.layers.batches import draw
from pybridge.layers.bench import Bench
from pybridge.layers.known import SIGNS

ANOTHER = (0.25, 0.0625)
"""Large beside rounding in every format; the second where the first is the caller's own."""


def with_another_eps(bench: Bench, probe: Probe, seed: int) -> tuple[tuple[Fault, ...], tuple[str, ...]]:
    """What is wrong with another ε than the bench's, and what could not be tried."""
    __tracebackhide__ = True
    if not bench.passes.takes_eps:
        return (), ()
    eps = next(one for one in ANOTHER if one != bench.eps)
    other = replace(bench, eps=eps)
    arrays = other.rounded(draw(probe, other.reading, eps, seed))
    try:
        ran = other.run(probe, arrays)
    except PybridgeError:
        raise
    except Exception as error:  # noqa: BLE001  a kernel may raise anything
        return (), (f"not tried with eps = {eps:g}: it raises {raised_by(error)}",)
    wrong = [SIGNS[output] for output in ran.tables if other.off(output, ran.got[output], ran)]
    if not wrong:
        return (), ()
    right = f"it is right with eps = {bench.eps:g}, and not with eps = {eps:g} ({', '.join(wrong)})"
    said = f"{right}: the eps handed over is not used"
    return (Fault(kind=EPS_IGNORED, output="", said=said, probes=(str(probe),)),), ()
