"""How many digits of a statement are right in an arithmetic, as the batch moves away from 0 and grows.

In: an export.  Out: digits of the left side of (7ε), evaluated operation by operation as it is exported, in float32, in float64
and in balls of 128 bits.  Each is compared with balls of many more bits.  The batches are normal, held in float32 so that all
three get the same numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from flint import arb

from pybridge import ir
from pybridge.algebras.ball import balls_of
from pybridge.algebras.floats import FloatAlgebra
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
DRAWS = 5
OFFSETS = tuple(10.0**k for k in range(8))
SIZES = tuple(4**k for k in range(1, 8))
SIZE, OFFSET = 256, 10.0
"""What is fixed while the other one moves: m, and offset over spread."""
GAMMA, EPSILON = 1.5, 1e-5


@dataclass(frozen=True, slots=True)
class Digits:
    """The fewest digits that are right, over ``DRAWS`` batches; ``by`` is what the plot moves, m or offset over spread."""

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
    found = [_right(plan, batch) for batch in _drawn(plan, size, offset, seed)]
    return Digits(by, {name: min(one[name] for one in found) for name in (*FLOATS, BALLS)})


def _drawn(plan: Plan, size: int, offset: float, seed: int) -> Iterator[Batch]:
    """Batches with a spread of 1 and a mean of ``offset``, and a normal gradient."""
    rng = np.random.default_rng([seed, size, int(offset)])
    for draw in range(DRAWS):
        values: dict[str, object] = {
            "γ": rational(GAMMA),
            "ε": rational(EPSILON),
            "y": _held(offset + rng.standard_normal(size)),
            "g": _held(rng.standard_normal(size)),
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


def _held(entries: np.ndarray) -> tuple[object, ...]:
    return tuple(map(rational, entries.astype(np.float32).tolist()))


def _right(plan: Plan, batch: Batch) -> dict[str, float]:
    """Digits that are right in each arithmetic."""
    term = sides_of(plan).left
    exact = value(plan, batch, term, EXACT)
    found = {name: _digits(arb(_in_floats(plan, batch, term, algebra)), exact) for name, algebra in FLOATS.items()}
    ball = value(plan, batch, term)
    width = number_of(ball.rad()) / number_of(exact)
    return {**found, BALLS: -math.log10(width) if width > 0 else math.inf}


def _in_floats(plan: Plan, batch: Batch, term: ir.Scalar, algebra: FloatAlgebra) -> float:
    return float(evaluate(term, algebra, batch.environment(plan, algebra, term), plan.definitions))


def _digits(got: arb, exact: arb) -> float:
    """Decimal digits of ``got`` that are right, none where it is no number."""
    if not got.is_finite():
        return 0.0
    with balls_of(EXACT).context():
        off = number_of(abs(got - exact) / abs(exact))
    return max(0.0, -math.log10(off)) if off > 0 else math.inf
