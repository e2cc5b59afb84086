"""How many digits are left as the mean grows against the spread.

In: a case.  Out: a ``Curve`` for its output and one for ∂x: at each ratio the digits that are right, and those that the error
bound of the definition leaves.  Digits are of the largest number of a batch: -log₁₀ of the largest error over it, in the worst
batch.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from pybridge.conformance.cases import Case
from pybridge.export.loading import Export
from pybridge.kernels.arithmetic import default_compute
from pybridge.kernels.enclosed import Enclosed
from pybridge.kernels.probes import Probe, probes, sizes_of
from pybridge.kernels.table import Table
from pybridge.layers.batches import draw
from pybridge.layers.bench import Bench
from pybridge.layers.cutting import Arrays
from pybridge.layers.known import DX, FORWARD, comparable
from pybridge.layers.run import DEFAULT_EPS
from pybridge.layers.subject import Subject, subject_of
from pybridge.semantics.boundedarrays import NotVectorised

_STEP, _BEYOND = 2, 2
"""The ratio grows by so many bits from one point to the next, up to so many more than the format has."""


@dataclass(frozen=True, slots=True)
class Point:
    """The mean over the spread, as the arrays have it, the digits that are right, and those that the bound leaves."""

    ratio: float
    digits: float
    bound: float


@dataclass(frozen=True, slots=True)
class Curve:
    """Of an output of a case."""

    case: Case
    output: str
    points: tuple[Point, ...]


def curves(case: Case, seed: int, export: Export) -> list[Curve]:
    """The curves of a case, of the output and of ∂x."""
    subject = _subject(case)
    outputs = tuple(one for one in (FORWARD, DX) if one in comparable(case.layer, export))
    eps = DEFAULT_EPS if subject.eps is None else subject.eps
    compute = default_compute(subject.storage)
    bench = Bench(subject.reading, subject.passes, subject.storage, compute, eps, subject.affine, outputs, True, export)
    taken = {letter: (length,) for letter, length in subject.sizes.items()} | sizes_of(
        subject.reading, case.options.get("sizes")
    )
    lengths = probes(bench.reading, bench.storage, bench.eps, taken)[0].lengths
    found: dict[str, list[Point]] = {output: [] for output in outputs}
    step = _STEP if subject.storage.bits < 53 else 2 * _STEP
    for bits in range(0, subject.storage.bits + _BEYOND, step):
        probe = Probe(name=f"offset-{bits}", why="", lengths=lengths, offset=2.0**bits)
        arrays = bench.rounded(draw(probe, bench.reading, bench.eps, seed))
        ratio = _ratio(bench, arrays)
        if not math.isfinite(ratio) or not np.isfinite(arrays.x).all():
            continue
        tables = bench.run(probe, arrays).tables
        for output in found:
            if output in tables and (point := _point(bench, output, tables[output], ratio)) is not None:
                found[output].append(point)
    return [Curve(case, output, tuple(points)) for output, points in found.items() if points]


def _subject(case: Case) -> Subject:
    given = case.arguments()
    names = ("layout", "normalized", "groups", "eps", "dtype", "affine", "library")
    return subject_of(given["layer"], given.get("forward"), None, **{name: given.get(name) for name in names})


def _ratio(bench: Bench, arrays: Arrays) -> float:
    """The mean over the spread of the numbers that the format holds, in the middle one of all batches that have a spread."""
    axes = tuple(bench.reading.layout.index(letter) for letter in bench.reading.normalized)
    spread = arrays.x.std(axis=axes)
    with np.errstate(all="ignore"):
        each = np.abs(arrays.x.mean(axis=axes)) / spread
    each = each[spread > 0]
    return float(np.median(each)) if each.size else math.inf


def _point(bench: Bench, output: str, table: Table, ratio: float) -> Point | None:
    try:
        ((_, found),) = bench.against(output).in_floats(table, slice(None), whole=True)
    except NotVectorised:
        return None
    got = table.computed.T
    most = float(bench.storage.bits) * math.log10(2)
    return Point(ratio, _digits(found, found.distance(got)[1], most), _digits(found, found.allowed[1], most))


def _digits(found: Enclosed, error: np.ndarray, most: float) -> float:
    """The digits that an error leaves of the largest number of a row, in the worst row."""
    size = np.abs(found.value.value[0]).max(axis=0)
    with np.errstate(all="ignore"):
        share = np.where(size > 0, error.max(axis=0) / size, np.nan)
    share = np.where(np.isfinite(error).all(axis=0), share, 1.0)
    told = share[~np.isnan(share)]
    return min(most, max(0.0, min(map(_negative_log, told.tolist()), default=most)))


def _negative_log(share: float) -> float:
    return -math.log10(share) if share > 0 else math.inf
