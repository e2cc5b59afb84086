"""How a comparison of balls stands: certain, narrow, open, or refuted; and how several stand together.

In: sides.  Out: a ``Judgement``, which shows the comparison that decided it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
from typing_extensions import assert_never

from pybridge.algebras.ball import Ball, BallAlgebra, BallVector
from pybridge.algebras.base import Relation, Truth
from pybridge.semantics.evaluate import Coordinatewise, Side

_NEARLY, _TINY = 1 - 1e-9, 1e-290
"""Shares that floats do not tell apart, and the least that they hold with all digits."""
WIDTH_BITS = 100
"""How narrow enclosures have to be to agree: 2^-100 of the statement's scale."""


class Standing(Enum):
    """How a proposition stands on a batch, the best first."""

    CERTAIN = 0
    """It is proved on this batch."""
    NARROW = 1
    """The enclosures of two equal, or weakly ordered, sides overlap and are narrow."""
    OPEN = 2
    """The enclosures overlap and are wide."""
    FAILS = 3
    """It is refuted on this batch."""


@dataclass(frozen=True, slots=True, repr=False)
class Judgement:
    """How a proposition stands, and the comparison that decided it.

    Parameters
    ----------
    standing
        Of the whole proposition.
    bits
        Where it is narrow: -log2 of the largest possible difference of the sides over their scale. Else infinite.
    side
        The worst comparison; None where there is nothing to compare (the coordinates of an empty batch).
    why
        What stands in the way of any comparison, where something does.
    """

    standing: Standing
    bits: float
    side: Side[Ball] | None
    why: str = ""
    final: bool = False
    """Whether a higher precision would say the same, where it is of one comparison or derivative."""
    unsmooth: bool = False
    """Whether a derivative stands in the way that may not exist."""

    def __repr__(self) -> str:
        bits = f" to {self.bits:.1f} bits" if math.isfinite(self.bits) else ""
        return f"<Judgement {self.standing.name.lower()}{bits}>"


def not_refuted(judgement: Judgement) -> Judgement:
    """Leave open what fails only for what was tried."""
    return replace(judgement, standing=Standing.OPEN) if judgement.standing is Standing.FAILS else judgement


def worst(*judgements: Judgement) -> Judgement:
    """Judge a conjunction: the worst standing, the fewest bits; the empty one is certain."""
    if not judgements:
        return Judgement(Standing.CERTAIN, math.inf, None)
    return max(judgements, key=lambda judgement: (judgement.standing.value, -judgement.bits))


def best(*judgements: Judgement) -> Judgement:
    """Judge a disjunction: the best standing; the empty one fails."""
    if not judgements:
        return Judgement(Standing.FAILS, math.inf, None)
    return min(judgements, key=lambda judgement: judgement.standing.value)


def compare(side: Side[Ball], algebra: BallAlgebra) -> Judgement:
    """Judge one comparison."""
    with algebra.context():
        match algebra.compare(side.relation, side.left, side.right):
            case Truth.HOLDS:
                return Judgement(Standing.CERTAIN, math.inf, side)
            case Truth.FAILS:
                return Judgement(Standing.FAILS, math.inf, side)
            case Truth.UNKNOWN:
                bits = agreement(side.left, side.right)
                weak = side.relation in (Relation.EQ, Relation.LE)
                return Judgement(Standing.NARROW if weak and bits >= WIDTH_BITS else Standing.OPEN, bits, side)
            case never:
                assert_never(never)


def compare_all(one: Side[Ball] | Coordinatewise[BallVector], algebra: BallAlgebra) -> Judgement:
    """Judge one comparison, or the conjunction of those of all coordinates."""
    if isinstance(one, Side):
        return compare(one, algebra)
    left, right = one.left, one.right
    if len(left) != len(right):
        raise ValueError(f"vectors of {len(left)} and {len(right)} coordinates")
    numbers = _candidates(left, right) if one.relation is Relation.EQ else range(len(left))
    return worst(*(compare(one.side(number, left[number], right[number]), algebra) for number in numbers))


def _candidates(left: BallVector, right: BallVector) -> Sequence[int]:
    """The coordinates, in order, among which the one is whose equation stands worst: the first that fails, where one does."""
    every = range(len(left))
    values = tuple(zip(left.values, right.values, strict=True))
    for number, (one, other) in enumerate(values):
        if one != other:
            return (number,)
    scales = [part.scales for part in (left, right) if not isinstance(part.scales, list)]
    if len(scales) < 2:
        return every
    widths = np.fromiter((float((one - other).abs_upper()) for one, other in values), float)
    with np.errstate(all="ignore"):
        shares = widths / np.maximum(*scales)
    if not len(shares) or not np.isfinite(shares).all() or not shares.max() > _TINY:
        return every
    return tuple(map(int, np.flatnonzero(shares >= shares.max() * _NEARLY)))


def agreement(left: Ball, right: Ball) -> float:
    """Return -log2 of the largest possible difference of two balls, over the larger of their scales.

    Infinite where both are the same exact number; minus infinite where a ball is not finite or the scale is not known.
    """
    difference = (left.value - right.value).abs_upper()
    if not difference.is_finite():
        return -math.inf
    if difference == 0:
        return math.inf
    scale = left.scale.max(right.scale).abs_lower()
    if not scale.is_finite() or scale == 0:
        return -math.inf
    mantissa, exponent = (difference / scale).abs_upper().man_exp()
    return -(math.log2(int(mantissa)) + int(exponent))
