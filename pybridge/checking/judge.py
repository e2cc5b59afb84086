"""The conclusion of a theorem on one batch, over balls of one precision: certain, narrow, open, or refuted.

In: a proposition, an environment of balls. Out: a :class:`Judgement`, which says how the proposition stands and shows the
comparison that decided it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TypeAlias

from typing_extensions import assert_never

from pybridge import ir
from pybridge.algebras.ball import Ball, BallAlgebra, BallVector
from pybridge.algebras.base import Relation, Truth
from pybridge.algebras.dual import NotDifferentiable
from pybridge.checking.standing import (
    WIDTH_BITS,
    Judgement,
    Standing,
    agreement,
    best,
    compare,
    compare_all,
    not_refuted,
    worst,
)
from pybridge.semantics.environment import Environment
from pybridge.semantics.evaluate import Side, compared, evaluate, sides, truth
from pybridge.semantics.greatest import candidates, largest_is_tried, norm_bound
from pybridge.semantics.quantified import Instance, follows, instances, nearby
from pybridge.semantics.values import placed

__all__ = ["ALONE", "WIDTH_BITS", "Judgement", "Standing", "agreement", "judge"]

Balls: TypeAlias = Environment[Ball, BallVector]
ALONE = ir.Eq | ir.Ne | ir.Lt | ir.Le | ir.VectorEq | ir.VectorNe | ir.HasGradientAt | ir.HasDerivAt | ir.HasFDerivAt
"""Propositions without others in them: where a value in one cannot be had at any precision, the whole stays open."""


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
    if known and proposition in known:
        return known[proposition]
    match proposition:
        case ir.And(left, right):
            return worst(*(judge(part, algebra, environment, definitions, known) for part in (left, right)))
        case ir.Iff(left, right):
            return _equivalent(*(judge(part, algebra, environment, definitions, known) for part in (left, right)))
        case ir.Imp(left, right):
            return _implied(*(judge(part, algebra, environment, definitions, known) for part in (left, right)))
        case ir.Mem():
            return _MEMBER[truth(proposition, algebra, environment, definitions)]
        case ir.VectorNe():
            return best(*(compare(side, algebra) for side in sides(proposition, algebra, environment, definitions)))
        case ir.Eq() | ir.Ne() | ir.Lt() | ir.Le() | ir.VectorEq() | ir.Orthonormal():
            found = compared(proposition, algebra, environment, definitions)
            return worst(*(compare_all(one, algebra) for one in found))
        case ir.HasGradientAt() | ir.HasDerivAt() | ir.HasFDerivAt():
            try:
                found = compared(proposition, algebra, environment, definitions)
            except NotDifferentiable as open_point:
                why, certain = str(open_point.message), open_point.certain
                return Judgement(Standing.OPEN, -math.inf, None, why, final=certain, unsmooth=True)
            return worst(*(compare_all(one, algebra) for one in found))
        case ir.ForAll(_, body):
            if follows(proposition, algebra, environment, definitions):
                return Judgement(Standing.CERTAIN, math.inf, None)
            tried = instances(proposition, algebra, environment)
            return worst(*(_instance(body, one, algebra, definitions) for one in tried))
        case ir.Eventually(_, _, body):
            if follows(proposition, algebra, environment, definitions):
                return Judgement(Standing.CERTAIN, math.inf, None)
            there, *around = nearby(proposition, algebra, environment, definitions)
            near = (not_refuted(_instance(body, one, algebra, definitions)) for one in around)
            return worst(_instance(body, there, algebra, definitions), *near)
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
            return not_refuted(concluded)
        case _:
            assert_never(assumed.standing)


def _bounded(
    proposition: ir.OpNormLe, algebra: BallAlgebra, environment: Balls, definitions: Mapping[str, ir.Definition]
) -> Judgement:
    """Judge ``‖A‖ ≤ bound`` by the entries of A; that they are too large does not refute it, a negative bound does."""
    if truth(proposition, algebra, environment, definitions) is Truth.FAILS:
        return Judgement(Standing.FAILS, math.inf, sides(proposition, algebra, environment, definitions)[-1])
    found = compared(proposition, algebra, environment, definitions)
    return not_refuted(worst(*(compare_all(one, algebra) for one in found)))


def _greatest(
    proposition: ir.IsGreatest, algebra: BallAlgebra, environment: Balls, definitions: Mapping[str, ir.Definition]
) -> Judgement:
    """No operator certainly within the constraint exceeds the value, and one that is within it reaches it.

    An operator that exceeds refutes.  That none of those tried reaches the value refutes only where one of them certainly has
    the greatest value there is; so does a constraint that no operator meets.
    """
    if (bound := norm_bound(proposition, algebra, environment, definitions)) is not None:
        nonnegative = compare(Side(Relation.LE, algebra.scalar(0), bound, "the bound"), algebra)
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
            equal = compare(Side(Relation.EQ, body, value, candidate.place), algebra)
            below = largest and algebra.compare(Relation.LT, body, value) is Truth.HOLDS
            reached.append(equal if below else not_refuted(worst(within, equal)))
        elif truth(proposition.constraint, algebra, candidate.environment, definitions) is Truth.HOLDS:
            most.append(compare(Side(Relation.LE, body, value, candidate.place), algebra))
    if not reached:
        return Judgement(Standing.OPEN, -math.inf, None, "no operator to try: the statement is of another form")
    return worst(*most, best(*reached))


def _equivalent(left: Judgement, right: Judgement) -> Judgement:
    """Judge an equivalence: only certainty on both sides proves or refutes it; both narrow counts as agreement.

    Where the enclosures of a strict comparison's sides overlap and are narrow, it fails as narrowly as an equation would hold.
    """
    fails = [judgement.standing is Standing.FAILS or _fails_narrowly(judgement) for judgement in (left, right)]
    if all(fails):
        narrow = [judgement for judgement in (left, right) if _fails_narrowly(judgement)]
        if not narrow:
            return Judgement(Standing.CERTAIN, math.inf, left.side)
        return replace(worst(*narrow), standing=Standing.NARROW)
    if not any(fails):
        return worst(left, right)
    failing, other = (left, right) if fails[0] else (right, left)
    certain = failing.standing is Standing.FAILS and other.standing is Standing.CERTAIN
    return Judgement(Standing.FAILS if certain else Standing.OPEN, math.inf if certain else -math.inf, failing.side)


def _fails_narrowly(judgement: Judgement) -> bool:
    """Whether a strict comparison was left open between enclosures that are narrow: of a weak one, these agree."""
    return judgement.standing is Standing.OPEN and judgement.bits >= WIDTH_BITS
