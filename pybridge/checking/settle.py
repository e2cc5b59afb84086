"""The conclusion of a theorem on a batch, at rising precision, until it is settled.

Balls of 128 bits settle nearly everything. Where they leave it open, exact rational arithmetic is tried before higher
precision: at a quotient by something that is exactly 0, no precision helps, since a ball only ever touches 0. So are rays where
a derivative may not exist; where balls have it, or lack a number, rays are what is left to try. Of a conjunction
or an equivalence each part is then decided for itself: one may be exactly 0 = 0 while another has a root only balls enclose.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from flint import fmpq
from typing_extensions import assert_never

from pybridge import ir
from pybridge.algebras.ball import Ball, BallAlgebra, balls_of
from pybridge.algebras.base import NotInAlgebra, Truth
from pybridge.algebras.dual import NotDifferentiable, at_every_precision
from pybridge.algebras.effort import Poly, TooHard
from pybridge.algebras.exact import EXACT
from pybridge.algebras.extension import Inverse, Root
from pybridge.algebras.symbolic import MOST_BY_ROOTS, at_a_point
from pybridge.algebras.tower import Tower
from pybridge.batches.generate import Batch
from pybridge.batches.plan import Plan
from pybridge.checking.judge import ALONE, Judgement, Standing, judge
from pybridge.semantics.evaluate import Side, sides, truth
from pybridge.semantics.rays import refuting_ray

PRECISIONS = (128, 256, 512, 1024, 2048, 4096)


def settle(
    plan: Plan,
    batch: Batch,
    precisions: Sequence[int] = PRECISIONS,
) -> tuple[Judgement, int]:
    """Judge the conclusion on a batch that satisfies the hypotheses.

    Parameters
    ----------
    plan, batch
        Of the statement, and the values of its variables.
    precisions
        Bits to try, in order; at least one.

    Returns
    -------
    Judgement, int
        The last judgement, and the bits it took.
    """
    key = (id(plan.valued), id(plan.theorem.conclusion), *precisions)
    if key not in batch.kept:
        batch.kept[id(plan.valued),] = plan.valued
        batch.kept[key] = plan.theorem.conclusion, _settled(plan, batch, precisions)
    found: tuple[Judgement, int] = batch.kept[key][1]
    return found


def _settled(plan: Plan, batch: Batch, precisions: Sequence[int]) -> tuple[Judgement, int]:
    first, *higher = precisions
    judgement = _in_balls(plan, batch, first)
    if judgement.standing is not Standing.OPEN:
        return judgement, first
    if (exactly := _in_rationals(plan, batch, first)) is not None:
        return exactly, first
    later = not judgement.unsmooth  # at a higher precision there may be nothing left for a ray to refute
    if not later and (refuted := _on_a_ray(plan, batch, first)) is not None:
        return refuted, first
    if known := _known_parts(plan, batch, first):
        judgement = _in_balls(plan, batch, first, known)
        if judgement.standing is not Standing.OPEN:
            return judgement, first
    if judgement.final and isinstance(plan.theorem.conclusion, ALONE):
        return judgement, precisions[-1]
    for precision in higher:
        judgement = _in_balls(plan, batch, precision, known)
        if judgement.standing is not Standing.OPEN:
            return judgement, precision
    if later and (refuted := _on_a_ray(plan, batch, first)) is not None:
        return refuted, first
    return judgement, precisions[-1]


def _in_balls(
    plan: Plan,
    batch: Batch,
    precision: int,
    known: Mapping[ir.Proposition, Judgement] = MappingProxyType({}),
) -> Judgement:
    algebra = balls_of(precision)
    try:
        environment = batch.environment(plan, algebra, plan.theorem.conclusion)
        return judge(plan.theorem.conclusion, algebra, environment, plan.definitions, known)
    except NotInAlgebra as missing:
        unsmooth = isinstance(missing, NotDifferentiable)
        return Judgement(Standing.OPEN, -math.inf, None, missing.message, final=at_every_precision(missing), unsmooth=unsmooth)


def _in_rationals(plan: Plan, batch: Batch, precision: int) -> Judgement | None:
    """Judge exactly; None where a value is not rational, or what can be tried exactly does not decide."""
    exact = EXACT
    balls = balls_of(precision)
    try:
        environment = batch.environment(plan, exact, plan.theorem.conclusion)
        decided = truth(plan.theorem.conclusion, exact, environment, plan.definitions)
        if decided is Truth.UNKNOWN:
            return None
        if decided is Truth.HOLDS:
            return Judgement(Standing.CERTAIN, math.inf, None)
        compared = sides(plan.theorem.conclusion, exact, environment, plan.definitions)
    except NotInAlgebra:
        return None
    parted = (side for side in compared if exact.compare(side.relation, side.left, side.right) is Truth.FAILS)
    with balls.context():
        shown = [Side(side.relation, balls.scalar(side.left), balls.scalar(side.right), side.place) for side in parted]
    return Judgement(Standing.FAILS, math.inf, shown[0] if shown else None)


def _on_a_ray(plan: Plan, batch: Batch, precision: int) -> Judgement | None:
    """Refute a statement about a derivative, where there is none, by what the function does on a ray; None where it is not."""
    conclusion = plan.theorem.conclusion
    if not isinstance(conclusion, ir.HasGradientAt | ir.HasDerivAt | ir.HasFDerivAt):
        return None
    balls = balls_of(precision)
    try:
        environment = batch.environment(plan, balls, conclusion)
        if (side := refuting_ray(conclusion, balls, environment, plan.definitions)) is not None:
            return Judgement(Standing.FAILS, math.inf, side)
    except NotInAlgebra:
        pass
    if max(batch.sizes.values(), default=0) > MOST_BY_ROOTS:
        return None
    roots = at_a_point()
    try:
        adjoined = batch.environment(plan, roots, conclusion)
        found = refuting_ray(conclusion, roots, adjoined, plan.definitions)
    except (NotInAlgebra, TooHard):
        return None
    if found is None:
        return None
    left, right = (enclosed(value, roots.tower, balls) for value in (found.left, found.right))
    return Judgement(Standing.FAILS, math.inf, Side(found.relation, left, right, found.place))


def _known_parts(plan: Plan, batch: Batch, precision: int) -> dict[ir.Proposition, Judgement]:
    """The comparisons in a conjunction or an equivalence that are certain without balls."""
    found = {}
    balls = balls_of(precision)
    for part in _comparisons(plan.theorem.conclusion):
        decided = _exactly(plan, part, batch)
        if decided is not Truth.UNKNOWN:
            try:
                environment = batch.environment(plan, balls, part)
                (side,) = sides(part, balls, environment, plan.definitions)
            except NotInAlgebra:
                continue
            found[part] = Judgement(Standing.CERTAIN if decided is Truth.HOLDS else Standing.FAILS, math.inf, side)
    return found


def _comparisons(proposition: ir.Proposition, *, inside: bool = False) -> Iterator[ir.Proposition]:
    match proposition:
        case ir.And(left, right) | ir.Iff(left, right):
            yield from _comparisons(left, inside=True)
            yield from _comparisons(right, inside=True)
        case ir.Eq() | ir.Ne() | ir.Lt() | ir.Le() if inside:
            yield proposition
        case _:
            pass


def _exactly(plan: Plan, part: ir.Proposition, batch: Batch) -> Truth:
    """Decide a comparison in rationals, or in rationals with roots."""
    exact = EXACT
    try:
        return truth(part, exact, batch.environment(plan, exact, part), plan.definitions)
    except NotInAlgebra:
        pass
    if max(batch.sizes.values(), default=0) > MOST_BY_ROOTS:
        return Truth.UNKNOWN
    roots = at_a_point()
    try:
        return truth(part, roots, batch.environment(plan, roots, part), plan.definitions)
    except (NotInAlgebra, TooHard):
        return Truth.UNKNOWN


def enclosed(value: Poly, tower: Tower, balls: BallAlgebra) -> Ball:
    """The ball around a number made of rationals and the roots and inverses of a tower without variables."""
    with balls.context():
        symbols: dict[int, Ball] = {}

        def ball(poly: Poly) -> Ball:
            total = balls.scalar(0)
            for exponents, coefficient in poly.terms():
                product = balls.scalar(fmpq(int(coefficient.numerator), int(coefficient.denominator)))
                for symbol, exponent in enumerate(exponents):
                    if exponent:
                        product = balls.multiply(product, balls.power(symbols[symbol], exponent))
                total = balls.add(total, product)
            return total

        for step in tower.steps:
            match step:
                case Root(symbol, radicand):
                    symbols[symbol] = balls.sqrt(ball(radicand))
                case Inverse(symbol, denominator):
                    symbols[symbol] = balls.divide(balls.scalar(1), ball(denominator))
                case _:
                    assert_never(step)
        return ball(value)
