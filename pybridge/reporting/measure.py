"""The numbers behind the plots of recorded batches: exported terms, evaluated in balls.

In: an export. Out: for each recorded batch what a plot shows of it. A statement is found by its equation; where the export
has none of the form that a plot needs, ``NotDrawn`` says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from flint import arb, fmpq

from pybridge import ir
from pybridge.algebras.ball import balls_of
from pybridge.batches.generate import RECORDED, Batch, slots
from pybridge.batches.plan import Plan
from pybridge.batches.recorded import Record, records
from pybridge.checking.hypotheses import Unmet, certify
from pybridge.checking.standing import agreement
from pybridge.errors import PybridgeError, UnknownNameError
from pybridge.export.loading import Export
from pybridge.ir.rewrite import everywhere
from pybridge.notation.render import text
from pybridge.semantics.evaluate import evaluate, sides

PRECISION = 128
"""Bits of the balls."""
ZERO, ALL = "7", "7ε"
"""The identity at ε = 0, and the one for every ε."""
UPSTREAM = "g"
"""What the recorded batches call the gradient at the layer's output."""
_Found = TypeVar("_Found")
EPSILONS = tuple(10.0 ** (k / 2) for k in range(-18, 7))


class NotDrawn(PybridgeError):
    """A plot is left out, since the export has no statement of the form that it shows."""


@dataclass(frozen=True, slots=True)
class TwoSides:
    """Both sides of an equation on a recorded batch, and the decimal digits, of the scale of its terms, to which they agree."""

    record: Record
    left: float
    right: float
    digits: float


@dataclass(frozen=True, slots=True)
class Gap:
    """By what share of the left side the right side of (7), taken at ε, exceeds it, for each of ``EPSILONS``."""

    record: Record
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Norms:
    """The length of the gradient at a layer's output, and of the one that the layer passes on to its input."""

    record: Record
    upstream: float
    passed: float


@dataclass(frozen=True, slots=True)
class Parts:
    """The bracket of (7) on a recorded batch, part by part, each as a length: the root of the part.

    Parameters
    ----------
    record
        The recorded batch.
    whole, removed
        What is there at first, and what is taken off, as terms and lengths.
    left
        The length of what is left.
    factor
        What multiplies the bracket, as a term and a value.
    """

    record: Record
    whole: tuple[str, float]
    removed: tuple[tuple[str, float], ...]
    left: float
    factor: tuple[str, float]


def equation(export: Export, number: str) -> Plan:
    """The plan of the first theorem of an equation that compares two numbers.

    Raises
    ------
    NotDrawn
        There is none.
    """
    try:
        found = [theorem for theorem in export.stated(f"({number})") if isinstance(theorem.conclusion, ir.Eq)]
    except UnknownNameError:
        found = []
    if not found:
        raise NotDrawn(f"the export has no theorem of equation ({number}) that says two numbers are equal")
    return Plan(found[0], export.definitions)


def sides_of(plan: Plan) -> ir.Eq:
    """The equation that the theorem of a plan concludes."""
    conclusion = plan.theorem.conclusion
    if not isinstance(conclusion, ir.Eq):
        raise NotDrawn(f"{plan.theorem.name} is no equation of two numbers")
    return conclusion


def on_record(plan: Plan) -> Iterator[tuple[Record, Batch]]:
    """Yield the recorded batches on which the hypotheses certainly hold."""
    known = {record.name: record for record in records()}
    for candidates in slots(plan, (RECORDED,)):
        for batch in candidates:
            if not isinstance(certify(plan, batch), Unmet):
                yield known[batch.name], batch
                break


def value(plan: Plan, batch: Batch, term: ir.Scalar, precision: int = PRECISION) -> arb:
    """The ball around a term over the variables of a theorem."""
    algebra = balls_of(precision)
    return evaluate(term, algebra, batch.environment(plan, algebra, term), plan.definitions).value


def two_sides(export: Export, number: str) -> tuple[TwoSides, ...]:
    """Both sides of an equation on every recorded batch."""
    plan = equation(export, number)
    algebra = balls_of(PRECISION)
    found = []
    for record, batch in on_record(plan):
        environment = batch.environment(plan, algebra, plan.theorem.conclusion)
        (side,) = sides(plan.theorem.conclusion, algebra, environment, plan.definitions)
        with algebra.context():
            digits = agreement(side.left, side.right) / math.log2(10)
        found.append(TwoSides(record, number_of(side.left.value), number_of(side.right.value), digits))
    return _some(found, plan)


def gaps(export: Export, epsilons: Sequence[float] = EPSILONS) -> tuple[Gap, ...]:
    """What (7) would be off by, were it taken at ε > 0: on the recorded batches of the last training step."""
    every = equation(export, ALL)
    left, right = sides_of(every).left, at_epsilon(export)
    pairs = list(on_record(every))
    last = max((record.step for record, _ in pairs), default=0)
    name = _epsilon(export)
    found = []
    for record, batch in pairs:
        if record.step == last:
            moved = (replace(batch, values={**batch.values, name: fmpq(*eps.as_integer_ratio())}) for eps in epsilons)
            found.append(Gap(record, tuple(_share(value(every, one, left), value(every, one, right)) for one in moved)))
    return _some(found, every)


def own_epsilon(export: Export, found: Sequence[Gap]) -> float:
    """The ε that the layers had in which the batches of a plot were recorded."""
    own = {float(one.record.scalars[_epsilon(export)]) for one in found}
    if len(own) != 1:
        raise NotDrawn(f"the recorded layers have {len(own)} values of ε, and the plot marks one")
    return own.pop()


def at_epsilon(export: Export) -> ir.Scalar:
    """The right side of (7) with ε in place of its 0."""
    name = _epsilon(export)
    changed = everywhere(sides_of(equation(export, ZERO)).right, lambda term: ir.Var(name) if term == ir.Nat(0) else term)
    if not isinstance(changed, ir.SCALARS):
        raise NotDrawn(f"({ZERO}) is no equation of numbers")
    return changed


def bound(export: Export) -> ir.Theorem | None:
    """The theorem, if there is one, that what ``at_epsilon`` gives is never below the left side of (7ε)."""
    wanted = ir.Le(sides_of(equation(export, ALL)).left, at_epsilon(export))
    return next((theorem for theorem in export.theorems.values() if theorem.conclusion == wanted), None)


def norms(export: Export) -> tuple[Norms, ...]:
    """The gradient's length before and after the layer's backward pass, on every recorded batch."""
    plan = equation(export, ALL)
    passed, upstream = ir.Sqrt(sides_of(plan).left), ir.Norm(ir.VVar(UPSTREAM))
    found = [
        Norms(record, number_of(value(plan, batch, upstream)), number_of(value(plan, batch, passed)))
        for record, batch in on_record(plan)
    ]
    return _some(found, plan)


def parts(export: Export) -> Parts:
    """The parts of (7) on the recorded batch on which the smallest of them is the largest share of the whole."""
    plan = equation(export, ZERO)
    match sides_of(plan).right:
        case ir.Mul(factor, ir.Sub() as bracket):
            whole, *removed = differences(bracket)
        case other:
            raise NotDrawn(f"the right side of ({ZERO}) is no multiple of a difference: {text(other)}")
    found = []
    for record, batch in on_record(plan):
        squares = [number_of(value(plan, batch, part)) for part in (whole, *removed, bracket)]
        if min(squares) > 0:
            first, *others, left = map(math.sqrt, squares)
            by_name = tuple(zip(map(text, removed), others, strict=True))
            times = (text(factor), number_of(value(plan, batch, factor)))
            found.append(Parts(record, (text(whole), first), by_name, left, times))
    return max(_some(found, plan), key=lambda one: min(one.left, *(length for _, length in one.removed)) / one.whole[1])


def differences(term: ir.Scalar) -> tuple[ir.Scalar, ...]:
    """Of a - b - c the a, the b and the c."""
    return (*differences(term.left), term.right) if isinstance(term, ir.Sub) else (term,)


def number_of(ball: arb) -> float:
    """The middle of a ball."""
    return float(ball.mid())


def _epsilon(export: Export) -> str:
    """The variable that (7ε) has and (7) has not."""
    fixed = {variable.name for variable in equation(export, ZERO).theorem.variables}
    free = [variable.name for variable in equation(export, ALL).theorem.variables if variable.name not in fixed]
    if len(free) != 1:
        raise NotDrawn(f"({ALL}) has {len(free)} variables that ({ZERO}) has not, and should have one")
    return free[0]


def _share(left: arb, right: arb) -> float:
    with balls_of(PRECISION).context():
        return number_of((right - left) / left) if left > 0 else math.nan


def _some(found: list[_Found], plan: Plan) -> tuple[_Found, ...]:
    if not found:
        raise NotDrawn(f"no recorded batch satisfies the hypotheses of {plan.theorem.name}")
    return tuple(found)
