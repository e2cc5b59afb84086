"""How many digits of a statement are right in an arithmetic, as the batch moves away from 0 and grows.

In: an export.  Out: digits of the left side of (7ε), evaluated operation by operation as it is exported, in float32, in float64
and in balls of 128 bits.  Each is compared with balls of many more bits, on the same numbers: the batches are normal, held in
float32 for the first and in float64 for the others, and as far from 0 as leaves the format some digits of the spread.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from flint import arb, fmpq

from pybridge import ir
from pybridge.algebras.ball import balls_of
from pybridge.algebras.floats import FloatAlgebra
from pybridge.batches.draws import Value
from pybridge.batches.generate import Batch
from pybridge.batches.plan import Plan
from pybridge.batches.recorded import rational
from pybridge.checking.hypotheses import Unmet, certify
from pybridge.export.loading import Export
from pybridge.reporting.measure import ALL, PRECISION, NotDrawn, equation, number_of, sides_of, value
from pybridge.semantics.evaluate import evaluate

EXACT = 1024
"""Bits of what the others are compared with."""
BALLS = f"balls of {PRECISION} bits"
FLOATS = {"float32": FloatAlgebra(np.float32), "float64": FloatAlgebra(np.float64)}
FURTHEST = {"float32": 1e6, "float64": 1e14, BALLS: 1e14}
"""How many times the spread the offset is at most."""
DRAWS = 5
OFFSETS = tuple(10.0**k for k in range(15))
SIZES = tuple(4**k for k in range(1, 7))
SIZE, OFFSET = 256, 10.0
"""What is fixed while the other one moves: m, and offset over spread."""
GAMMA, EPSILON = 1.5, 1e-5


@dataclass(frozen=True, slots=True)
class Digits:
    """The fewest digits that are right, over ``DRAWS`` batches; ``by`` is what the plot moves, m or offset over spread.

    ``right`` has those arithmetics that hold such batches.
    """

    by: float
    right: Mapping[str, float]


def by_offset(export: Export, seed: int = 0) -> tuple[Digits, ...]:
    """Digits for batches of one size, ever further from 0."""
    return tuple(_fewest(export, offset, SIZE, seed, offset) for offset in OFFSETS)


def by_size(export: Export, seed: int = 0) -> tuple[Digits, ...]:
    """Digits for ever larger batches."""
    return tuple(_fewest(export, size, size, seed, OFFSET) for size in SIZES)


def _fewest(export: Export, by: float, size: int, seed: int, offset: float) -> Digits:
    plan = equation(export, ALL)
    right = {}
    for name in (*FLOATS, BALLS):
        if offset <= FURTHEST[name]:
            batches = _drawn(plan, size, offset, seed, np.float32 if name == "float32" else np.float64)
            right[name] = min(_right(plan, batch, name) for batch in batches)
    return Digits(by, right)


def _drawn(plan: Plan, size: int, offset: float, seed: int, held: type[np.floating[Any]]) -> Iterator[Batch]:
    """Batches with a spread of 1 and a mean of ``offset``, and a normal gradient."""
    rng = np.random.default_rng([seed, size, int(offset)])
    for draw in range(DRAWS):
        values: dict[str, Value] = {
            "γ": rational(GAMMA),
            "ε": rational(EPSILON),
            "y": _held(offset + rng.standard_normal(size), held),
            "g": _held(rng.standard_normal(size), held),
        }
        if missing := [variable.name for variable in plan.drawn if variable.name not in values]:
            raise NotDrawn(f"{plan.theorem.name} has a variable {missing[0]!r} that no batch of the plot fills")
        batch = Batch(
            name=f"report-m{size}-offset{offset:g}.{draw}",
            family="report",
            seed=seed,
            sizes={index.name: size for index in plan.theorem.indices},
            values={variable.name: values[variable.name] for variable in plan.drawn},
            origin=f"normal, offset {offset:g}, draw {draw} of seed {seed}",
        )
        if isinstance(certify(plan, batch), Unmet):
            raise NotDrawn(f"{batch.name} does not satisfy the hypotheses of {plan.theorem.name}")
        yield batch


def _held(entries: npt.NDArray[np.float64], held: type[np.floating[Any]]) -> tuple[fmpq, ...]:
    return tuple(map(rational, entries.astype(held).tolist()))


def _right(plan: Plan, batch: Batch, arithmetic: str) -> float:
    """Digits that are right in an arithmetic."""
    term = sides_of(plan).left
    exact = value(plan, batch, term, EXACT)
    if arithmetic in FLOATS:
        return _digits(arb(_in_floats(plan, batch, term, FLOATS[arithmetic])), exact)
    width = number_of(value(plan, batch, term).rad()) / number_of(exact)
    return -math.log10(width) if width > 0 else math.inf


def _in_floats(plan: Plan, batch: Batch, term: ir.Scalar, algebra: FloatAlgebra) -> float:
    return float(evaluate(term, algebra, batch.environment(plan, algebra, term), plan.definitions))


def _digits(got: arb, exact: arb) -> float:
    """Decimal digits of ``got`` that are right, none where it is no number."""
    if not got.is_finite():
        return 0.0
    with balls_of(EXACT).context():
        off = number_of(abs(got - exact) / abs(exact))
    return max(0.0, -math.log10(off)) if off > 0 else math.inf
