"""What `assert_computes` costs a number in float32, where the kernel is right and where it is wrong, in time and in memory.

``python benchmarks/kernels.py [--balls] [--large]``.  Processor time of this process, after a comparison of a few numbers in
which programs are made.  ``--balls``: the ratio to the same comparison of a right kernel number by number, in balls, right
after it, on so many of the rows as have some 100 numbers.  ``--large``: 10^7 numbers, too.  Memory is the most that was
allocated during a comparison of a right kernel, over the size of the arrays y, g and dy.
"""

from __future__ import annotations

import sys
import tracemalloc
from contextlib import contextmanager, suppress
from time import process_time

import numpy as np

import pybridge
from pybridge.algebras.bounding import BoundedAlgebra
from pybridge.semantics.boundedarrays import NotVectorised
from pybridge.testing import KernelError, assert_computes

SIZES = [((64, 3), (0,)), ((16, 8), (0,)), ((1024, 16), (0,)), ((256, 512), (0,)), ((32, 64, 56, 56), (0, 2, 3))]
LARGE = [((10_000_000,), (0,)), ((8, 1_250_000), (0,))]
FEW = 100


def arrays(shape: tuple[int, ...], axes: tuple[int, ...], channels: int | None = None) -> dict[str, object]:
    """A batch in float32, and γ for each of its channels."""
    rng = np.random.default_rng(0)
    y, g = (rng.standard_normal(shape, dtype=np.float32) for _ in range(2))
    others = [k for k in range(len(shape)) if k not in axes]
    if others and channels is not None:
        y, g = (one.take(range(channels), axis=others[0]) for one in (y, g))
    count = int(np.prod([y.shape[k] for k in others], dtype=int))
    gamma = np.linspace(1, 2, count, dtype=np.float32).reshape([y.shape[k] for k in others])
    return {"y": y, "g": g, "gamma": gamma, "eps": 1e-5}


def seconds(dy: np.ndarray, given: dict[str, object], axes: tuple[int, ...]) -> float:
    """Processor time of one comparison."""
    begun = process_time()
    with suppress(KernelError):
        assert_computes("backward", dy, axis=axes, **given)
    return process_time() - begun


@contextmanager
def in_balls():
    """Everything compared number by number."""

    def refuse(*_: object) -> None:
        raise NotVectorised("asked for balls")

    kept = BoundedAlgebra.given
    BoundedAlgebra.given = refuse
    try:
        yield
    finally:
        BoundedAlgebra.given = kept


def memory(dy: np.ndarray, given: dict[str, object], axes: tuple[int, ...]) -> float:
    """The most memory beyond the arguments, over theirs."""
    tracemalloc.start()
    assert_computes("backward", dy, axis=axes, **given)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / (dy.nbytes + given["y"].nbytes + given["g"].nbytes)


def line(shape: tuple[int, ...], axes: tuple[int, ...], *, balls: bool) -> str:
    """The figures of one size."""
    given = arrays(shape, axes)
    right = pybridge.oracle("backward", axis=axes)(**given)
    others = {**given, "gamma": np.ones_like(given["gamma"])}
    wrong = pybridge.oracle("backward", axis=axes)(**others)
    costs = [seconds(one, given, axes) / right.size * 1e6 for one in (right, wrong)]
    said = f"{shape!s:>18}  right {costs[0]:8.2f} µs a number, wrong {costs[1]:8.2f}"
    said += f"; memory {memory(right, given, axes):5.1f} times the input"
    if balls:
        channels = max(1, FEW * (1 if len(shape) == 1 else shape[1]) // right.size)
        few = arrays(shape, axes, channels)
        if few["y"].size > 4 * FEW:
            return f"{said}; a row is too long for balls here"
        dy = pybridge.oracle("backward", axis=axes)(**few)
        with in_balls():
            each = seconds(dy, few, axes) / dy.size * 1e6
        said += f"; balls {each:.0f} µs, {each / costs[0]:.0f} times as long"
    return said


def main() -> None:
    """Print a line for each size."""
    for warm in (arrays((8, 2), (0,)),):
        dy = pybridge.oracle("backward", axis=0)(**warm)
        seconds(dy, warm, (0,))
        seconds(2 * dy, warm, (0,))
    for shape, axes in SIZES + (LARGE if "--large" in sys.argv else []):
        print(line(shape, axes, balls="--balls" in sys.argv), flush=True)


if __name__ == "__main__":
    main()
