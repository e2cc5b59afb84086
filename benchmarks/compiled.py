"""Generated code against what people write by hand: ratios of paired runs in one process, medians, by processor time.

``python benchmarks/compiled.py [RUNS]``.  The oracle stands against NumPy's one-liner in float64, which is the precision it
computes in; numba and C against a fused kernel of numba written by hand, which computes in float32 and sums up in float64, and
against torch, with the mean and the inverse deviation saved by a forward pass, and without.  What is not installed is left out,
and the targets that are there are named.  Below 1 the generated code takes less.
"""

from __future__ import annotations

import math
import os
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt

import pybridge
from pybridge.codegen.cc import compiler
from pybridge.errors import MissingToolError

Array = npt.NDArray[Any]
Run = Callable[[], object]
EPS = 1e-5
PAUSE = 0.05
"""Seconds between two runs, in which the threads of the one before go to sleep: what they spin is no time of the next."""
SMALL = (((16, 8), (0,)), ((256, 512), (0,)), ((256, 512), (1,)), ((32, 64, 56, 56), (0, 2, 3)))
LARGE = (((32, 64, 56, 56), (0, 2, 3)), ((64, 4, 128, 128), (0, 2, 3)), ((1, 1, 1024, 1024), (0, 2, 3)), ((256, 512), (0,)))


def one_liner(y: Array, g: Array, gamma: Array, axis: tuple[int, ...]) -> Array:
    """The backward pass as one writes it in NumPy, in float64, the result in float32."""
    y, g = y.astype(np.float64), g.astype(np.float64)
    m = math.prod(y.shape[k] for k in axis)
    centred = y - y.mean(axis, keepdims=True)
    scale = np.sqrt((centred * centred).mean(axis, keepdims=True) + EPS)
    unit = centred / scale
    found = gamma / (m * scale) * (m * g - g.sum(axis, keepdims=True) - unit * (g * unit).sum(axis, keepdims=True))
    return found.astype(np.float32)


def by_hand() -> Any:
    """A fused kernel of numba for arrays (N, C, L): two sweeps over a channel for the sums, one for the result."""
    from numba import njit, prange

    @njit(parallel=True, fastmath={"reassoc", "contract"})
    def kernel(y, g, gamma, out):  # type: ignore[no-untyped-def]
        n, channels, length = y.shape
        m = n * length
        for c in prange(channels):
            sum_y = sum_g = 0.0
            for i in range(n):
                y_row, g_row = y[i, c], g[i, c]
                for k in range(length):
                    sum_y += y_row[k]
                    sum_g += g_row[k]
            mean = sum_y / m
            squares = products = 0.0
            for i in range(n):
                y_row, g_row = y[i, c], g[i, c]
                for k in range(length):
                    centred = y_row[k] - mean
                    squares += centred * centred
                    products += g_row[k] * centred
            variance = squares / m + EPS
            factor = np.float32(gamma[c] / np.sqrt(variance))
            mean_g, slope, centre = np.float32(sum_g / m), np.float32(products / (m * variance)), np.float32(mean)
            for i in range(n):
                y_row, g_row, out_row = y[i, c], g[i, c], out[i, c]
                for k in range(length):
                    out_row[k] = factor * (g_row[k] - mean_g - (y_row[k] - centre) * slope)

    return kernel


def drawn(shape: tuple[int, ...], axis: tuple[int, ...]) -> tuple[Array, Array, Array]:
    """y, g and γ in float32."""
    rng = np.random.default_rng(0)
    y, g = rng.normal(size=(2, *shape)).astype(np.float32)
    return y, g, rng.normal(size=[n for k, n in enumerate(shape) if k not in axis]).astype(np.float32)


def paired(runs: dict[str, Run], count: int) -> dict[str, list[float]]:
    """Seconds of processor time that each takes, one after the other in turn."""
    took: dict[str, list[float]] = {name: [] for name in runs}
    for run in runs.values():
        run()
    for _ in range(count):
        for name, run in runs.items():
            time.sleep(PAUSE)
            before = time.process_time()
            run()
            took[name].append(time.process_time() - before)
    return took


def ratio(took: dict[str, list[float]], ours: str, other: str) -> float:
    """The median of the ratios of pairs."""
    return statistics.median(a / b for a, b in zip(took[ours], took[other], strict=True) if b > 0)


def against_numpy(count: int) -> None:
    """Print what the oracle takes, over NumPy's one-liner, and the memory it needs besides the arguments."""
    print("oracle, backward, float32, over NumPy's one-liner in float64")
    for shape, axis in SMALL:
        y, g, gamma = drawn(shape, axis)
        wide = gamma.reshape([1 if k in axis else n for k, n in enumerate(shape)])
        oracle = pybridge.oracle("BatchNorm.backward", axis=axis)
        again = max(1, 20_000 // y.size)
        runs: dict[str, Run] = {
            "oracle": lambda: [oracle(gamma, EPS, y, g) for _ in range(again)],  # noqa: B023
            "by hand": lambda: [one_liner(y, g, wide, axis) for _ in range(again)],  # noqa: B023
        }
        took = paired(runs, count)
        each = min(took["oracle"]) / again
        tracemalloc.start()
        oracle(gamma, EPS, y, g)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        memory = f"memory {peak / (y.nbytes + g.nbytes):5.2f} times the arguments"
        print(
            f"  {shape!s:20} axis {axis!s:10} {ratio(took, 'oracle', 'by hand'):5.2f}  at best {each * 1e6:9.0f} µs  {memory}"
        )


def against_kernels(count: int) -> None:
    """Print what numba's code and C take, over a kernel by hand and torch."""
    targets = [*(["numba"] if find_spec("numba") else []), *(["c"] if have_cc() else [])]
    print(f"\nbackward, float32, over a fused kernel by hand and torch; targets: {', '.join(targets) or 'none'}")
    for shape, axis in LARGE:
        y, g, gamma = drawn(shape, axis)
        runs: dict[str, Run] = {}
        for target in targets:
            for checked in (True, False):
                function = pybridge.compile("BatchNorm.backward", target=target, axis=axis, checked=checked)
                name = target if checked else f"{target}, unchecked"
                runs[name] = lambda function=function: function(gamma, EPS, y, g)  # type: ignore[misc]  # noqa: B023
        others: dict[str, Run] = {}
        if "numba" in targets and axis == (0, 2, 3):
            kernel = by_hand()
            flat = [one.reshape(*shape[:2], -1) for one in (y, g)]
            others["by hand"] = lambda: kernel(*flat, gamma, np.empty_like(flat[0]))  # noqa: B023
        if find_spec("torch"):
            others |= torches(y, g, gamma, axis)
        took = paired(runs | others, count)
        for name in runs:
            said = "  ".join(f"{other} {ratio(took, name, other):5.2f}" for other in others)
            print(f"  {shape!s:20} {name:17} {said}")


def torches(y: Array, g: Array, gamma: Array, axis: tuple[int, ...]) -> dict[str, Run]:
    """Torch's kernel: with the statistics that its forward pass saves, and with that pass to make them."""
    import torch

    there, upstream, weight = map(torch.from_numpy, (y, g, gamma))
    mean = there.mean(axis)
    inverse = 1 / torch.sqrt(there.var(axis, unbiased=False) + EPS)
    aten = torch.ops.aten

    def without() -> object:
        _, saved, deviation = aten.native_batch_norm(there, weight, None, None, None, True, 0.1, EPS)
        return aten.native_batch_norm_backward(upstream, there, weight, None, None, saved, deviation, True, EPS, [True] * 3)

    return {
        "torch, saved": lambda: aten.native_batch_norm_backward(
            upstream, there, weight, None, None, mean, inverse, True, EPS, [True, False, False]
        ),
        "torch, not saved": without,
    }


def have_cc() -> bool:
    """Whether there is a C compiler."""
    try:
        compiler()
    except MissingToolError:
        return False
    return True


if __name__ == "__main__":
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # read when numba and torch are loaded
    repeated = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    against_numpy(repeated)
    against_kernels(repeated)
