"""The conclusion of a theorem on one batch, over balls of one precision: certain, narrow, open, or refuted.

In: a proposition, an environment of balls. Out: a :class:`Judgement`, which says how the proposition stands and shows the
comparison that decided it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from typing_extensions import assert_never

from pybridge import ir
from pybridge.algebras.ball import Ball, BallAlgebra, BallVector
from pybridge.algebras.base import Relation, Truth
from pybridge.algebras.dual import NotDifferentiable
from pybridge.semantics.environment import Environment
from pybridge.semantics.evaluate import Coordinatewise, Side, compared, evaluate, sides, truth
from pybridge.semantics.greatest import candidates, largest_is_tried, norm_bound
from pybridge.semantics.quantified import Instance, follows, instances, nearby
from pybridge.semantics.values import placed

Balls: TypeAlias = Environment[Ball, BallVector]

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

    def __repr__(self) -> str:
        bits = f" to {self.bits:.1f} bits" if math.isfinite(self.bits) else ""
        return f"<Judgement {self.standing.name.lower()}{bits}>"


def judge(
    proposition: ir.Proposition,
    algebra: BallAlgebra,
    environment: Balls,
    definitions: Mapping[str, ir.Definition],
    known: Mapping[ir.Proposition, Judgement] = MappingProxyType({}),
) -> Judgement:
    """Evaluate both sides of every comparison in the proposition and say how it stands.

    Parameters
    ----------
    proposition
        The conclusion of a theorem.
    algebra
        Balls of the precision to try.
    environment
        The batch in that algebra, from ``evaluate.bind``.
    definitions
        ``Export.definitions``.
    known
        What is judged already of the parts of a conjunction or an equivalence.
    """
    if proposition in known:
        return known[proposition]
    match proposition:
        case ir.And(left, right):
            return _worst(*(judge(part, algebra, environment, definitions, known) for part in (left, right)))
        case ir.Iff(left, right):
            return _equivalent(*(judge(part, algebra, environment, definitions, known) for part in (left, right)))
        case ir.Imp(left, right):
            return _implied(*(judge(part, algebra, environment, definitions, known) for part in (left, right)))
        case ir.Mem():
            return _MEMBER[truth(proposition, algebra, environment, definitions)]
        case ir.VectorNe():
            return _best(*(_compare(side, algebra) for side in sides(proposition, algebra, environment, definitions)))
        case ir.Eq() | ir.Ne() | ir.Lt() | ir.Le() | ir.VectorEq() | ir.Orthonormal():
            found = compared(proposition, algebra, environment, definitions)
            return _worst(*(_compare_any(one, algebra) for one in found))
        case ir.HasGradientAt() | ir.HasDerivAt() | ir.HasFDerivAt():
            try:
                found = compared(proposition, algebra, environment, definitions)
            except NotDifferentiable as open_point:
                return Judgement(Standing.OPEN, -math.inf, None, str(open_point.message))
            return _worst(*(_compare_any(one, algebra) for one in found))
        case ir.ForAll(_, body):
            if follows(proposition, algebra, environment, definitions):
                return Judgement(Standing.CERTAIN, math.inf, None)
            tried = instances(proposition, algebra, environment)
            return _worst(*(_instance(body, one, algebra, definitions) for one in tried))
        case ir.Eventually(_, _, body):
            there, *around = nearby(proposition, algebra, environment, definitions)
            near = (_not_refuted(_instance(body, one, algebra, definitions)) for one in around)
            return _worst(_instance(body, there, algebra, definitions), *near)
        case ir.OpNormLe():
            return _bounded(proposition, algebra, environment, definitions)
        case ir.IsGreatest():
            return _greatest(proposition, algebra, environment, definitions)
        case _:
            assert_never(proposition)


def _instance(
    body: ir.Proposition, one: Instance[Ball, BallVector], algebra: BallAlgebra, definitions: Mapping[str, ir.Definition]
) -> Judgement:
    found = judge(body, algebra, one.environment, definitions)
    return found if found.side is None else replace(found, side=placed(found.side, one.place))


_MEMBER = {
    Truth.HOLDS: Judgement(Standing.CERTAIN, math.inf, None),
    Truth.FAILS: Judgement(Standing.FAILS, math.inf, None, "not an element of the set"),
    Truth.UNKNOWN: Judgement(Standing.OPEN, -math.inf, None, "balls do not tell whether it is an element of the set"),
}


def _implied(assumed: Judgement, concluded: Judgement) -> Judgement:
    """Judge an implication: it fails only where what it assumes is certain."""
    match assumed.standing:
        case Standing.FAILS:
            return Judgement(Standing.CERTAIN, math.inf, None)
        case Standing.CERTAIN:
            return concluded
        case Standing.NARROW | Standing.OPEN:
            return _not_refuted(concluded)
        case _:
            assert_never(assumed.standing)


def _bounded(
    proposition: ir.OpNormLe, algebra: BallAlgebra, environment: Balls, definitions: Mapping[str, ir.Definition]
) -> Judgement:
    """Judge ``‖A‖ ≤ bound`` by the entries of A; that they are too large does not refute it, a negative bound does."""
    if truth(proposition, algebra, environment, definitions) is Truth.FAILS:
        return Judgement(Standing.FAILS, math.inf, sides(proposition, algebra, environment, definitions)[-1])
    found = compared(proposition, algebra, environment, definitions)
    return _not_refuted(_worst(*(_compare_any(one, algebra) for one in found)))


def _greatest(
    proposition: ir.IsGreatest, algebra: BallAlgebra, environment: Balls, definitions: Mapping[str, ir.Definition]
) -> Judgement:
    """No operator certainly within the constraint exceeds the value, and one that is within it reaches it.

    An operator that exceeds refutes.  That none of those tried reaches the value refutes only where one of them certainly has
    the greatest value there is; so does a constraint that no operator meets.
    """
    if (bound := norm_bound(proposition, algebra, environment, definitions)) is not None:
        nonnegative = _compare(Side(Relation.LE, algebra.scalar(0), bound, "the bound"), algebra)
        if nonnegative.standing is Standing.FAILS:
            return nonnegative
    largest = largest_is_tried(proposition)
    most: list[Judgement] = []
    reached: list[Judgement] = []
    value = evaluate(proposition.value, algebra, environment, definitions)
    for candidate in candidates(proposition, algebra, environment, definitions):
        body = evaluate(proposition.body, algebra, candidate.environment, definitions)
        if candidate.attains:
            within = judge(proposition.constraint, algebra, candidate.environment, definitions)
            equal = _compare(Side(Relation.EQ, body, value, candidate.place), algebra)
            below = largest and algebra.compare(Relation.LT, body, value) is Truth.HOLDS
            reached.append(equal if below else _not_refuted(_worst(within, equal)))
        elif truth(proposition.constraint, algebra, candidate.environment, definitions) is Truth.HOLDS:
            most.append(_compare(Side(Relation.LE, body, value, candidate.place), algebra))
    if not reached:
        return Judgement(Standing.OPEN, -math.inf, None, "no operator to try: the statement is of another form")
    return _worst(*most, _best(*reached))


def _not_refuted(judgement: Judgement) -> Judgement:
    """Leave open what fails only for what was tried."""
    return replace(judgement, standing=Standing.OPEN) if judgement.standing is Standing.FAILS else judgement


def _worst(*judgements: Judgement) -> Judgement:
    """Judge a conjunction: the worst standing, the fewest bits; the empty one is certain."""
    if not judgements:
        return Judgement(Standing.CERTAIN, math.inf, None)
    return max(judgements, key=lambda judgement: (judgement.standing.value, -judgement.bits))


def _best(*judgements: Judgement) -> Judgement:
    """Judge a disjunction: the best standing; the empty one fails."""
    if not judgements:
        return Judgement(Standing.FAILS, math.inf, None)
    return min(judgements, key=lambda judgement: judgement.standing.value)


def _equivalent(left: Judgement, right: Judgement) -> Judgement:
    """Judge an equivalence: only certainty on both sides proves or refutes it; both narrow counts as agreement.

    Where the enclosures of a strict comparison's sides overlap and are narrow, it fails as narrowly as an equation would hold.
    """
    fails = [judgement.standing is Standing.FAILS or _fails_narrowly(judgement) for judgement in (left, right)]
    if all(fails):
        narrow = [judgement for judgement in (left, right) if _fails_narrowly(judgement)]
        if not narrow:
            return Judgement(Standing.CERTAIN, math.inf, left.side)
        return replace(_worst(*narrow), standing=Standing.NARROW)
    if not any(fails):
        return _worst(left, right)
    failing, other = (left, right) if fails[0] else (right, left)
    certain = failing.standing is Standing.FAILS and other.standing is Standing.CERTAIN
    return Judgement(Standing.FAILS if certain else Standing.OPEN, math.inf if certain else -math.inf, failing.side)


def _fails_narrowly(judgement: Judgement) -> bool:
    """Whether a strict comparison was left open between enclosures that are narrow: of a weak one, these agree."""
    return judgement.standing is Standing.OPEN and judgement.bits >= WIDTH_BITS


def _compare(side: Side[Ball], algebra: BallAlgebra) -> Judgement:
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


def _compare_any(one: Side[Ball] | Coordinatewise[BallVector], algebra: BallAlgebra) -> Judgement:
    """Judge one comparison, or the conjunction of those of all coordinates."""
    if isinstance(one, Side):
        return _compare(one, algebra)
    left, right = one.left, one.right
    if len(left) != len(right):
        raise ValueError(f"vectors of {len(left)} and {len(right)} coordinates")
    numbers = candidates_for_worst(left, right) if one.relation is Relation.EQ else range(len(left))
    return _worst(*(_compare(one.side(number, left[number], right[number]), algebra) for number in numbers))


def candidates_for_worst(left: BallVector, right: BallVector) -> Sequence[int]:
    """The coordinates, in order, among which the one is whose equation stands worst: the first that fails, where one does."""
    every = range(len(left))
    for number, one, other in zip(every, left.values, right.values, strict=True):
        if one != other:
            return (number,)
    scales = [part.scales for part in (left, right) if not isinstance(part.scales, list)]
    if len(scales) < 2:
        return every
    widths = np.fromiter((float((one - other).abs_upper()) for one, other in zip(left.values, right.values, strict=True)), float)
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
