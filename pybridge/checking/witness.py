"""A refuting batch as people read it: both sides to the digit where they part, and the batch exactly, to be pasted.

In: a batch and a judgement over balls. Out: text, and plain JSON values in which rationals are strings such as ``"-3/8"``.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from flint import fmpq

from pybridge import ir
from pybridge.algebras.ball import Ball, balls_of
from pybridge.algebras.base import NotInAlgebra
from pybridge.algebras.decimals import decimal
from pybridge.batches.determined import GradientAt, says
from pybridge.batches.draws import Value
from pybridge.batches.generate import Batch
from pybridge.batches.plan import Plan
from pybridge.checking.judge import Judgement
from pybridge.checking.verdict import Held, Witness
from pybridge.semantics.losses import LOSSES, Loss
from pybridge.semantics.regions import Region

_DIGITS = 60
_BITS = 128
_SHORT = 6
_FEW = 8


def witness_of(
    batch: Batch, found_on: str, steps: int, hypotheses: tuple[Held, ...], judgement: Judgement, precision: int
) -> Witness:
    """Make a witness of a batch on which the judgement fails."""
    side = judgement.side
    left, right = ("", "") if side is None else decimals(side.left, side.right)
    return Witness(
        batch=batch,
        found_on=found_on,
        steps=steps,
        hypotheses=hypotheses,
        relation="" if side is None else side.relation.value,
        left=left,
        right=right,
        where="" if side is None else side.place,
        precision=precision,
    )


def describe(judgement: Judgement, batch: Batch) -> str:
    """Say in one line what stayed open on a batch."""
    if judgement.side is None:
        return f"{batch.name}: {judgement.why}" if judgement.why else batch.name
    left, right = decimals(judgement.side.left, judgement.side.right)
    place = f" ({judgement.side.place})" if judgement.side.place else ""
    return f"{batch.name}: {left} {judgement.side.relation.value} {right}{place}"


def decimals(left: Ball, right: Ball) -> tuple[str, str]:
    """Both balls, midpoints to three digits past the one where they part, with their radii."""
    middles = left.value.mid(), right.value.mid()
    parting = _DIGITS
    for digits in range(1, _DIGITS):
        one, other = (middle.str(digits, radius=False) for middle in middles)
        if one != other:
            parting = digits + 3
            break
    return _decimal(left, parting), _decimal(right, parting)


def determined_values(plan: Plan, batch: Batch) -> dict[str, str]:
    """Say of each variable that a hypothesis determines what it is and, of a vector, its first coordinates on the batch."""
    balls = balls_of(_BITS)
    found = {}
    for one in plan.determined:
        found[one.name] = says(one)
        if isinstance(one, GradientAt):
            try:
                environment = batch.environment(plan, balls, ir.VVar(one.name))
            except NotInAlgebra:
                continue
            vector = environment.vectors[one.name]
            shown = [ball.value.mid().str(_SHORT, radius=False) for ball in vector[:_FEW]]
            found[one.name] += f": about [{', '.join(shown)}{', …' if len(vector) > _FEW else ''}]"
    return found


def _decimal(ball: Ball, digits: int) -> str:
    middle, radius = decimal(ball.value, digits)
    return middle if radius == "0" and ball.value.is_integer() else f"{middle} ± {radius}"


def paste(batch: Batch) -> str:
    """Return the batch as Python source: a dict of exact values, rationals as ``Fraction("p/q")`` where not integers."""
    lines = [f"    {name!r}: {_source(value)}," for name, value in batch.values.items()]
    return "\n".join(["{", *lines, "}"])


def _source(value: Value) -> str:
    if isinstance(value, LOSSES):
        parts = [f'"loss": "{type(value).__name__}"', *(f'"{name}": {_source(part)}' for name, part in _fields(value))]
        return "{" + ", ".join(parts) + "}"
    if isinstance(value, Region):
        ray = None if value.generator is None else _source(value.generator)
        return f'{{"ray": {ray}, "points": {_source(value.points)}}}'
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_source, value)) + "]"
    if isinstance(value, fmpq):
        return str(value.p) if value.q == 1 else f'Fraction("{value}")'
    return str(value)


def plain(value: Value) -> Any:
    """Return a value as JSON can hold it exactly.

    Positions are numbers, rationals strings; a loss goes by its name and parameters, a set by its ray and points.
    """
    if isinstance(value, LOSSES):
        return {"loss": type(value).__name__, **{name: plain(part) for name, part in _fields(value)}}
    if isinstance(value, Region):
        return {"ray": None if value.generator is None else plain(value.generator), "points": plain(value.points)}
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    return str(value) if isinstance(value, fmpq) or callable(value) else value


def witness_json(witness: Witness) -> dict[str, Any]:
    """Return a witness as JSON can hold it, its batch exact."""
    return {
        "foundOn": witness.found_on,
        "steps": witness.steps,
        "sizes": dict(witness.batch.sizes),
        "values": {name: plain(value) for name, value in witness.batch.values.items()},
        "determined": dict(witness.determined),
        "origin": witness.batch.origin,
        "hypotheses": [
            {"name": held.name, "statement": held.statement, "decidedBy": held.decided_by, "value": held.value}
            for held in witness.hypotheses
        ],
        "relation": witness.relation,
        "left": witness.left,
        "right": witness.right,
        "where": witness.where,
        "precision": witness.precision,
    }


def _fields(loss: Loss) -> list[tuple[str, Value]]:
    return [(field.name, getattr(loss, field.name)) for field in fields(loss)]
