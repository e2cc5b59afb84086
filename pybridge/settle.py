"""The conclusion of a theorem on a batch, at rising precision, until it is settled.

Balls of 128 bits settle nearly everything. Where they leave it open, exact rational arithmetic is tried before higher
precision: at a quotient by something that is exactly 0, no precision helps, since a ball only ever touches 0.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from pybridge import ir
from pybridge.algebras.ball import BallAlgebra
from pybridge.algebras.base import NotInAlgebra, Truth
from pybridge.algebras.exact import ExactAlgebra
from pybridge.batches import Batch
from pybridge.determine import environment_of
from pybridge.evaluate import Side, sides, truth
from pybridge.judge import Judgement, Standing, judge

PRECISIONS = (128, 256, 512, 1024, 2048, 4096)


def settle(
    theorem: ir.Theorem,
    batch: Batch,
    definitions: Mapping[str, ir.Definition],
    precisions: Sequence[int] = PRECISIONS,
) -> tuple[Judgement, int]:
    """Judge the conclusion on a batch that satisfies the hypotheses.

    Parameters
    ----------
    theorem, batch
        The statement and the values of its variables.
    definitions
        ``Export.definitions``.
    precisions
        Bits to try, in order; at least one.

    Returns
    -------
    Judgement, int
        The last judgement, and the bits it took.
    """
    first, *higher = precisions
    judgement = _in_balls(theorem, batch, definitions, first)
    if judgement.standing is not Standing.OPEN:
        return judgement, first
    if (exactly := _in_rationals(theorem, batch, definitions, first)) is not None:
        return exactly, first
    for precision in higher:
        judgement = _in_balls(theorem, batch, definitions, precision)
        if judgement.standing is not Standing.OPEN:
            return judgement, precision
    return judgement, precisions[-1]


def _in_balls(theorem: ir.Theorem, batch: Batch, definitions: Mapping[str, ir.Definition], precision: int) -> Judgement:
    algebra = BallAlgebra(precision)
    try:
        environment = environment_of(theorem, batch.sizes, batch.values, algebra, definitions, theorem.conclusion)
        return judge(theorem.conclusion, algebra, environment, definitions)
    except NotInAlgebra as missing:
        return Judgement(Standing.OPEN, -math.inf, None, missing.message)


def _in_rationals(
    theorem: ir.Theorem, batch: Batch, definitions: Mapping[str, ir.Definition], precision: int
) -> Judgement | None:
    """Judge exactly; None where a value is not rational, or what can be tried exactly does not decide."""
    exact = ExactAlgebra()
    balls = BallAlgebra(precision)
    try:
        environment = environment_of(theorem, batch.sizes, batch.values, exact, definitions, theorem.conclusion)
        decided = truth(theorem.conclusion, exact, environment, definitions)
        if decided is Truth.UNKNOWN:
            return None
        if decided is Truth.HOLDS:
            return Judgement(Standing.CERTAIN, math.inf, None)
        compared = sides(theorem.conclusion, exact, environment, definitions)
    except NotInAlgebra:
        return None
    parted = (side for side in compared if exact.compare(side.relation, side.left, side.right) is Truth.FAILS)
    with balls.context():
        shown = [Side(side.relation, balls.scalar(side.left), balls.scalar(side.right), side.place) for side in parted]
    return Judgement(Standing.FAILS, math.inf, shown[0] if shown else None)
