"""How fast theorems are checked in balls: against scripts by hand, and as batches grow.

``python benchmarks/engine.py [--large] [--json FILE]``.  An entry is one of a batch's m; its rate is for everything that a
check does with the batch once it is drawn: hypotheses certified, both sides enclosed, the two compared.  The scripts by hand
do the last two for (7) and (7ε) alone, at the same 128 bits, from the same numbers: with lists of ``arb``, with ``arb_mat``
for the inner products, and with ``mpmath.iv``.  They are what somebody would write who wants these two numbers once; nothing
else here uses them.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
from collections.abc import Callable
from importlib.util import find_spec
from operator import mul
from pathlib import Path

import numpy as np
from flint import arb, arb_mat, ctx, fmpq
from mpmath import iv
from paired import machine, ratio, seconds

from pybridge.batches.generate import Batch
from pybridge.checking.check import check_on
from pybridge.export.own import own

BITS = 128
EPS = 1e-5


def batch(size: int) -> Batch:
    """Normal numbers."""
    rng = np.random.default_rng(size)
    y, g = (tuple(fmpq(*number.as_integer_ratio()) for number in rng.standard_normal(size).tolist()) for _ in range(2))
    scalars = {"γ": fmpq(3, 2), "β": fmpq(1, 4), "ε": fmpq(*EPS.as_integer_ratio())}
    return Batch(
        name=f"m{size}", family="benchmark", seed=None, sizes={"ι": size}, values={"y": y, "g": g, **scalars}, origin=""
    )


def check(name: str, size: int) -> Callable[[], object]:
    """A check of a theorem on one batch, anew each time."""
    export = own(kept=True)
    theorem = export.theorem(name)
    drawn = batch(size)
    loss = {"L": _loss(size)}
    values = {
        variable.name: {**drawn.values, **loss}[variable.name]
        for variable in theorem.variables
        if variable.name in {**drawn.values, **loss}
    }

    def run() -> object:
        one = Batch(name=drawn.name, family="benchmark", seed=None, sizes=drawn.sizes, values=values, origin="")
        report = check_on(theorem, export, [iter([one])])
        if type(report.verdict).__name__ != "Agrees":
            raise SystemExit(f"{name} at m = {size}: {report}")
        return report

    return run


def _loss(size: int) -> object:
    from pybridge.semantics.losses import Quadratic

    return Quadratic(tuple(fmpq(1 + k % 3) for k in range(size)), tuple(fmpq(k % 5 - 2) for k in range(size)))


def by_lists(size: int, *, with_eps: bool) -> Callable[[], bool]:
    """Both sides with lists of balls."""
    values = batch(size).values

    def run() -> bool:
        with ctx.workprec(BITS):
            y, g = ([arb(number) for number in values[name]] for name in ("y", "g"))
            gamma, eps = arb(values["γ"]), arb(values["ε"] if with_eps else 0)
            mean = sum(y, arb(0)) / size
            centred = [one - mean for one in y]
            variance = sum(map(mul, centred, centred), arb(0)) / size
            sigma = (variance + eps).sqrt()
            normal = [one / sigma for one in centred]
            total, along = sum(g, arb(0)), sum(map(mul, g, normal), arb(0))
            factor, first = gamma / (size * sigma), size
            back = [factor * (first * one - total - other * along) for one, other in zip(g, normal, strict=True)]
            left = sum(map(mul, back, back), arb(0))
            rho = variance / (variance + eps)
            right = gamma**2 / sigma**2 * (sum(map(mul, g, g), arb(0)) - total**2 / size - (2 - rho) * along**2 / size)
            return bool(left.overlaps(right))

    return run


def by_matrices(size: int, *, with_eps: bool) -> Callable[[], bool]:
    """Both sides with rows of ``arb_mat``."""
    values = batch(size).values

    def run() -> bool:
        with ctx.workprec(BITS):
            y, g = (arb_mat(1, size, [arb(number) for number in values[name]]) for name in ("y", "g"))
            gamma, eps = arb(values["γ"]), arb(values["ε"] if with_eps else 0)
            ones = arb_mat(size, 1, [arb(1)] * size)
            mean = (y * ones)[0, 0] / size
            centred = y - arb_mat(1, size, [mean] * size)
            variance = (centred * centred.transpose())[0, 0] / size
            sigma = (variance + eps).sqrt()
            normal = centred / sigma
            total, along = (g * ones)[0, 0], (g * normal.transpose())[0, 0]
            back = (gamma / (size * sigma)) * (g * size - arb_mat(1, size, [total] * size) - normal * along)
            left = (back * back.transpose())[0, 0]
            rho = variance / (variance + eps)
            right = gamma**2 / sigma**2 * ((g * g.transpose())[0, 0] - total**2 / size - (2 - rho) * along**2 / size)
            return bool(left.overlaps(right))

    return run


def by_intervals(size: int) -> Callable[[], bool]:
    """Both sides of (7ε) with ``mpmath.iv``."""
    values = batch(size).values

    def number(value: fmpq) -> object:
        return iv.mpf(int(value.p)) / iv.mpf(int(value.q))

    def run() -> bool:
        iv.prec = BITS
        y, g = ([number(one) for one in values[name]] for name in ("y", "g"))
        gamma, eps = number(values["γ"]), number(values["ε"])
        mean = sum(y) / size
        centred = [one - mean for one in y]
        variance = sum(one * one for one in centred) / size
        sigma = iv.sqrt(variance + eps)
        normal = [one / sigma for one in centred]
        total, along = sum(g), sum(map(mul, g, normal))
        factor = gamma / (size * sigma)
        back = [factor * (size * one - total - other * along) for one, other in zip(g, normal, strict=True)]
        left = sum(one * one for one in back)
        rho = variance / (variance + eps)
        right = gamma**2 / sigma**2 * (sum(one * one for one in g) - total**2 / size - (2 - rho) * along**2 / size)
        return bool(left.a <= right.b and right.a <= left.b)

    return run


def comparisons(size: int) -> None:
    """Print the ratios to the scripts by hand."""
    for name, said, with_eps in (("norm_sq_backward_eps_zero", "(7)", False), ("norm_sq_backward", "(7ε)", True)):
        for script, how in ((by_lists, "lists of arb"), (by_matrices, "arb_mat")):
            found, ours, theirs = ratio(check(name, size), script(size, with_eps=with_eps))
            print(
                f"{said:5} m = {size}: {size / ours:10,.0f} entries a second; {how} {size / theirs:10,.0f}; ratio {found:.2f}",
                flush=True,
            )
    few = size // 64
    if find_spec("torch") is None:
        print("torch is not installed: no gradcheck")
    else:
        small = few // 4
        found, ours, theirs = ratio(check("hasGradientAt_comp_forward", small), by_gradcheck(small))
        rates = f"{small / ours:10,.0f} entries a second; torch's gradcheck {small / theirs:10,.0f}"
        print(f"(1)   m = {small}: {rates}; ratio {found:.2f}", flush=True)
    found, ours, theirs = ratio(check("norm_sq_backward", few), by_intervals(few))
    print(
        f"(7ε)  m = {few}: {few / ours:10,.0f} entries a second; mpmath.iv {few / theirs:10,.0f}; ratio {found:.2f}", flush=True
    )


def by_gradcheck(size: int) -> Callable[[], bool]:
    """What torch offers: finite differences of its own layer in float64, along every coordinate."""
    import torch

    values = batch(size).values
    y = torch.tensor([[float(int(one.p) / int(one.q))] for one in values["y"]], dtype=torch.float64, requires_grad=True)

    def layer(one: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.batch_norm(one, None, None, training=True, eps=EPS)

    def run() -> bool:
        found: bool = torch.autograd.gradcheck(
            lambda one: torch.nn.functional.batch_norm(one, None, None, training=True, eps=EPS), (y,)
        )
        return found

    return run


def peak(run: Callable[[], object]) -> int:
    """The bytes by which a process grows that does this alone: what Arb allocates, no tracer of Python's objects sees."""
    here, there = os.pipe()
    if not (child := os.fork()):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        run()
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        os.write(there, str(grown * 1024).encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(there)
    with os.fdopen(here) as answer:
        return int(answer.read())


def growth(largest: int) -> dict[str, list[tuple[int, float]]]:
    """Print the rate, and the memory over that of m float64, as m grows; the seconds by what is checked, for each m."""
    found: dict[str, list[tuple[int, float]]] = {}
    size = 256
    while size <= largest:
        for name, said in (("norm_sq_backward", "(7ε)"), ("hasGradientAt_comp_forward", "(1)")):
            run = check(name, size)
            memory = peak(run) if 16_384 <= size <= 65_536 else 0
            run()
            taken = statistics.median(seconds(run) for _ in range(5 if size <= 65_536 else 1))
            found.setdefault(f"check of {said}", []).append((size, taken))
            print(f"{said:5} m = {size:8}: {size / taken:10,.0f} entries a second", end="", flush=True)
            print(f"; {memory / size / 8:6.0f} times 8 m bytes" if memory else "", flush=True)
        by_hand = by_lists(size, with_eps=True)
        found.setdefault("(7ε) by hand, lists of arb", []).append((size, seconds(by_hand)))
        size *= 4
    return found


if __name__ == "__main__":
    print(machine("python-flint", "numpy", "mpmath"))
    comparisons(65_536)
    grown = growth(2**20 if "--large" in sys.argv else 65_536)
    if "--json" in sys.argv:
        Path(sys.argv[sys.argv.index("--json") + 1]).write_text(json.dumps(grown), encoding="utf-8")
