"""Which hypotheses certainly hold on a batch.

A hypothesis without roots is decided in exact rational arithmetic; one with a root by balls of rising precision. One that is
not certainly true, whether it fails or stays open, means that the batch says nothing about the theorem.

A hypothesis that determines a variable holds by the variable's closed form. The closed form is not believed: the function is
differentiated again, and a derivative that is not narrowly the same means that the hypothesis does not count as true.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from typing_extensions import assert_never

from pybridge import ir
from pybridge.algebras.ball import Ball, balls_of
from pybridge.algebras.base import NotInAlgebra, Truth
from pybridge.algebras.dual import at_every_precision
from pybridge.algebras.exact import EXACT
from pybridge.batches.determined import Attained, DerivativeAt, Differentiated, GradientAt, GradientField, Minimized
from pybridge.batches.generate import Batch
from pybridge.batches.plan import Plan
from pybridge.checking.judge import ALONE, Standing, judge
from pybridge.checking.one_dimensional import decide_on_line, is_line
from pybridge.checking.verdict import Held
from pybridge.semantics.evaluate import sides, truth

PRECISIONS = (128, 512, 2048)
_SHOWN = 4
LARGE = 256
"""Of batches of so many entries balls are asked first: what they enclose serves the conclusion, too."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """The first hypothesis, by name, that does not certainly hold; ``truth`` says whether it fails or stays open."""

    name: str
    truth: Truth


def certify(plan: Plan, batch: Batch) -> tuple[Held, ...] | Unmet:
    """Certify every hypothesis of the theorem on the batch, or return the first that is not certain."""
    root = plan.root
    batch.kept[id(root),] = root
    key = (id(root), "certified")
    if key not in batch.kept:
        batch.kept[key] = _certify(root, batch)
    found: tuple[Held, ...] | Unmet = batch.kept[key]
    return found


def _certify(plan: Plan, batch: Batch) -> tuple[Held, ...] | Unmet:
    held = {}
    for hypothesis in plan.certified:
        certain, decided_by = _decided(plan, hypothesis, batch)
        if certain is not Truth.HOLDS:
            return Unmet(hypothesis.name, certain)
        held[hypothesis.name] = Held(name=hypothesis.name, statement=hypothesis.statement, decided_by=decided_by)
    return tuple(held[hypothesis.name] for hypothesis in plan.theorem.hypotheses)


def _decided(plan: Plan, hypothesis: ir.Hypothesis, batch: Batch) -> tuple[Truth, str]:
    """What ``decide_hypothesis`` says, once for all theorems that have this hypothesis and the same values of the batch."""
    key = (id(plan.valued), "decided", id(hypothesis))
    if key not in batch.kept:
        batch.kept[id(plan.valued),] = plan.valued
        batch.kept[key] = hypothesis, decide_hypothesis(plan, hypothesis, batch)
    found: tuple[Truth, str] = batch.kept[key][1]
    return found


def decide_hypothesis(plan: Plan, hypothesis: ir.Hypothesis, batch: Batch) -> tuple[Truth, str]:
    """Say whether one of the theorem's hypotheses holds on the batch, and what decided it."""
    match plan.determining.get(hypothesis.name):
        case None:
            decider = decide
        case Differentiated():
            decider = _defined
        case GradientAt() | GradientField() | DerivativeAt():
            decider = partial(_narrowly, how="closed form, differentiated")
        case Attained():
            decider = partial(_narrowly, how="attained at an operator, compared")
        case Minimized():
            decider = _least
        case never:
            assert_never(never)
    return decider(plan, hypothesis.proposition, batch)


def decide(plan: Plan, proposition: ir.Proposition, batch: Batch) -> tuple[Truth, str]:
    """Say whether a proposition about the theorem's variables holds on the batch, and what decided it."""
    large = max(batch.sizes.values(), default=0) >= LARGE
    if large and (found := _in_balls(plan, proposition, batch, PRECISIONS[0])) is not Truth.UNKNOWN:
        return found, f"balls of {PRECISIONS[0]} bits"
    if (found := _exactly(plan, proposition, batch)) is not Truth.UNKNOWN:
        return found, "exact rationals"
    equation = isinstance(proposition, ir.Eq | ir.VectorEq)  # certain in exact balls only, and then in small ones
    for precision in PRECISIONS[:1] if equation else PRECISIONS:
        if (found := _in_balls(plan, proposition, batch, precision)) is not Truth.UNKNOWN:
            return found, f"balls of {precision} bits"
    return Truth.UNKNOWN, f"balls of {PRECISIONS[-1]} bits"


def _in_balls(plan: Plan, proposition: ir.Proposition, batch: Batch, precision: int) -> Truth:
    balls = balls_of(precision)
    try:
        return truth(proposition, balls, batch.environment(plan, balls, proposition), plan.definitions)
    except NotInAlgebra:
        return Truth.UNKNOWN


def _narrowly(plan: Plan, proposition: ir.Proposition, batch: Batch, *, how: str) -> tuple[Truth, str]:
    """Compare a determined value with what it has to be: they agree where their enclosures overlap and are narrow."""
    for precision in PRECISIONS:
        balls = balls_of(precision)
        decided_by = f"{how} in balls of {precision} bits"
        try:
            enclosed = batch.environment(plan, balls, proposition)
            standing = judge(proposition, balls, enclosed, plan.definitions).standing
        except NotInAlgebra as missing:
            if at_every_precision(missing) and isinstance(proposition, ALONE):
                break
            continue
        match standing:
            case Standing.CERTAIN | Standing.NARROW:
                return Truth.HOLDS, decided_by
            case Standing.FAILS:
                return Truth.FAILS, decided_by
            case Standing.OPEN:
                continue
            case _:
                assert_never(standing)
    return Truth.UNKNOWN, f"balls of {PRECISIONS[-1]} bits"


def _exactly(plan: Plan, proposition: ir.Proposition, batch: Batch) -> Truth:
    """Whether a proposition holds, in rationals; unknown where they do not tell."""
    exact = EXACT
    try:
        environment = batch.environment(plan, exact, proposition)
        return truth(proposition, exact, environment, plan.definitions)
    except NotInAlgebra:
        return Truth.UNKNOWN


def _least(plan: Plan, proposition: ir.Proposition, batch: Batch) -> tuple[Truth, str]:
    """Say whether a loss is least where it was made to be: exactly where that is rational, else in balls around it.

    One that is least of all points is so wherever it is compared; one that is made of the values at three vectors of a line has
    to be decided for all its vectors.
    """
    if (found := _exactly(plan, proposition, batch)) is not Truth.UNKNOWN:
        return found, "exact rationals"
    if is_line(proposition, batch):
        return decide_on_line(plan, proposition, batch), "rationals and roots, on both rays of the line"
    return _narrowly(plan, proposition, batch, how="least by construction, compared")


def _defined(plan: Plan, proposition: ir.Proposition, batch: Batch) -> tuple[Truth, str]:
    """Say whether the derivative exists that a variable is defined as."""
    for precision in PRECISIONS:
        balls = balls_of(precision)
        try:
            batch.environment(plan, balls, proposition)
        except NotInAlgebra as missing:
            if at_every_precision(missing):
                break
            continue
        return Truth.HOLDS, f"definition: the derivative, in balls of {precision} bits"
    return Truth.UNKNOWN, f"balls of {PRECISIONS[-1]} bits"


def with_values(plan: Plan, batch: Batch, held: tuple[Held, ...]) -> tuple[Held, ...]:
    """Add to every certified hypothesis the decimal values of its sides on the batch, for people to read."""
    pairs = zip(plan.theorem.hypotheses, held, strict=True)
    return tuple(replace(certified, value=value_on(plan, hypothesis, batch)) for hypothesis, certified in pairs)


def value_on(plan: Plan, hypothesis: ir.Hypothesis, batch: Batch) -> str:
    """Say what a hypothesis is with the decimal values of its sides on the batch in their place, such as ``0 < 0.25``."""
    algebra = balls_of(PRECISIONS[0])
    try:
        environment = batch.environment(plan, algebra, hypothesis.proposition)
        compared = sides(hypothesis.proposition, algebra, environment, plan.definitions)
    except NotInAlgebra as missing:
        return f"not at {algebra.precision} bits: {missing.message}"
    texts = [f"{_decimal(s.left)} {s.relation.value} {_decimal(s.right)}" for s in compared[:_SHOWN]]
    more = ["…"] if len(compared) > _SHOWN else []
    return ", ".join(texts + more) or "no numbers to compare"


def _decimal(ball: Ball) -> str:
    return str(ball.value.mid().str(6, radius=False))
