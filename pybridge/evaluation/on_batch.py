"""One batch put into a theorem: each hypothesis decided, the conclusion settled, both sides and the terms enclosed.

In: a plan and a batch.  Out: an ``OnBatch``.  What is certain is found out as ``check`` does it; beyond that the precision
rises until as many digits of both sides are certain as were asked for.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from flint import fmpq

from pybridge import ir
from pybridge.algebras.ball import Ball, BallAlgebra, balls_of
from pybridge.algebras.base import NotInAlgebra
from pybridge.batches.generate import Batch
from pybridge.batches.plan import Plan
from pybridge.checking.hypotheses import decide_hypothesis, value_on
from pybridge.checking.judge import Judgement, Standing, judge
from pybridge.checking.settle import PRECISIONS, settle
from pybridge.checking.standing import agreement, compare
from pybridge.evaluation.arrays import Placed
from pybridge.evaluation.enclosures import BITS_PER_DIGIT, Enclosure, narrow
from pybridge.evaluation.results import Compared, Comparison, Condition, OnBatch, Valued, Word
from pybridge.evaluation.terms import parts
from pybridge.notation.render import text
from pybridge.semantics.evaluate import Side, evaluate, sides

_SPARE, _MORE = 28, 8
"""Bits beyond those of the digits to begin with, and how many times as many are tried at most."""
_WORDS: dict[Standing, Word] = {
    Standing.CERTAIN: "agrees",
    Standing.NARROW: "agrees",
    Standing.OPEN: "undecided",
    Standing.FAILS: "refuted",
}
_COMPARED: dict[Standing, Compared] = {
    Standing.CERTAIN: "holds",
    Standing.NARROW: "agrees",
    Standing.OPEN: "undecided",
    Standing.FAILS: "fails",
}


def on_batch(plan: Plan, placed: Placed, digits: int) -> OnBatch:
    """Put one batch into the theorem, with so many digits of each number."""
    batch = placed.batch
    conditions = tuple(_condition(plan, hypothesis, batch) for hypothesis in plan.theorem.hypotheses)
    judgement, _ = settle(plan, batch)
    algebra, enclosed, why = _enclosed(plan, batch, digits)
    again = _judged(plan, batch, algebra)
    if again is not None and (judgement.standing is Standing.OPEN or again.standing is judgement.standing):
        judgement = again
    met = all(condition.holds for condition in conditions)
    return OnBatch(
        place=placed.place,
        sizes=dict(batch.sizes),
        verdict=_WORDS[judgement.standing] if met else "vacuous",
        digits=judgement.bits / BITS_PER_DIGIT if math.isfinite(judgement.bits) else None,
        hypotheses=conditions,
        comparisons=tuple(_comparison(side, algebra, digits) for side in enclosed),
        terms=tuple(_terms(plan, batch, algebra, digits)),
        worst=None if judgement.side is None else _comparison(judgement.side, algebra, digits),
        precision=algebra.precision,
        why="; ".join(filter(None, (batch.origin, why or (judgement.why if judgement.standing is Standing.OPEN else "")))),
        numbers={
            name: Fraction(int(value.p), int(value.q))
            for name, value in batch.values.items()
            if isinstance(plan.kinds[name], ir.ScalarKind) and isinstance(value, fmpq)
        },
        constant=tuple(
            name
            for name, value in batch.values.items()
            if isinstance(plan.kinds[name], ir.VectorKind) and isinstance(value, tuple) and len(value) > len(set(value)) == 1
        ),
    )


def _condition(plan: Plan, hypothesis: ir.Hypothesis, batch: Batch) -> Condition:
    truth, decided_by = decide_hypothesis(plan, hypothesis, batch)
    return Condition(
        name=hypothesis.name,
        statement=" ".join(hypothesis.statement.split()),
        truth=truth,
        decided_by=decided_by,
        value=value_on(plan, hypothesis, batch),
    )


def _enclosed(plan: Plan, batch: Batch, digits: int) -> tuple[BallAlgebra, tuple[Side[Ball], ...], str]:
    """Both sides at the first precision that gives the digits, at the highest where none does; and what stands in the way."""
    conclusion, why = plan.theorem.conclusion, ""
    found: tuple[Side[Ball], ...] = ()
    algebra = balls_of(PRECISIONS[0])
    for bits in _precisions(digits):
        algebra = balls_of(bits)
        try:
            environment = batch.environment(plan, algebra, conclusion)
            found, why = sides(conclusion, algebra, environment, plan.definitions), ""
        except NotInAlgebra as missing:
            why = missing.message
            continue
        with algebra.context():
            if all(narrow(ball, digits) for side in found for ball in (side.left, side.right)):
                break
    return algebra, found, why


def _precisions(digits: int) -> Iterator[int]:
    """Bits to try, rising."""
    first = max(PRECISIONS[0], math.ceil(digits * BITS_PER_DIGIT) + _SPARE)
    bits = first
    while bits <= max(PRECISIONS[-1], _MORE * first):
        yield bits
        bits *= 2


def _judged(plan: Plan, batch: Batch, algebra: BallAlgebra) -> Judgement | None:
    """How the conclusion stands in balls of this precision."""
    conclusion = plan.theorem.conclusion
    try:
        return judge(conclusion, algebra, batch.environment(plan, algebra, conclusion), plan.definitions)
    except NotInAlgebra:
        return None


def _comparison(side: Side[Ball], algebra: BallAlgebra, digits: int) -> Comparison:
    with algebra.context():
        bits = agreement(side.left, side.right)
        return Comparison(
            relation=side.relation.value,
            left=Enclosure(side.left, digits),
            right=Enclosure(side.right, digits),
            place=side.place,
            standing=_COMPARED[compare(side, algebra).standing],
            digits=max(bits, 0.0) / BITS_PER_DIGIT if bits != math.inf else None,
        )


def _terms(plan: Plan, batch: Batch, algebra: BallAlgebra, digits: int) -> Iterator[Valued]:
    """The parts of the conclusion that have a value, in reading order."""
    for term in parts(plan.theorem.conclusion, frozenset(plan.kinds)):
        try:
            environment = batch.environment(plan, algebra, term)
            values: tuple[Ball, ...]
            if isinstance(term, ir.SCALARS):
                values = (evaluate(term, algebra, environment, plan.definitions),)
            else:
                values = tuple(algebra.components(evaluate(term, algebra, environment, plan.definitions)))
        except NotInAlgebra:
            continue
        yield Valued(
            term=term,
            text=text(term),
            values=tuple(Enclosure(value, digits) for value in values),
            vector=not isinstance(term, ir.SCALARS),
        )
