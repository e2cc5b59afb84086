"""Drawn values changed a little, so that hypotheses hold that almost no drawn value satisfies.

A vector that has to be orthogonal to others is made so, exactly; for that, in every other turn, scalars are chosen so that
roots are rational.  In some turns a loss has the gradient 0 where it is taken.  An operator of bounded norm is scaled
into its bound, and in every other turn is one that comes as near to the bound as rationals allow, along the vector its adjoint
is applied to.  A set gets a ray where it has to contain one.  None of this is trusted: every hypothesis is certified
afterwards, as on any batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from flint import fmpq

from pybridge import ir
from pybridge.algebras.ball import balls_of
from pybridge.algebras.base import NotInAlgebra
from pybridge.algebras.exact import EXACT
from pybridge.batches.draws import Value
from pybridge.batches.environments import environment_of, exact_value
from pybridge.batches.parametrize import Vector, dot, orthogonal, root_above
from pybridge.batches.plan import Plan
from pybridge.batches.roots import rational_roots
from pybridge.ir.traverse import names
from pybridge.semantics.environment import bind
from pybridge.semantics.evaluate import evaluate
from pybridge.semantics.losses import GemanMcClure, Quadratic
from pybridge.semantics.regions import Region

BITS = 128
MOST_WITH_ROOTS = 16
"""Entries of a batch up to which scalars are chosen so that roots are rational: the rationals grow with it."""


def adjusted(
    plan: Plan, sizes: Mapping[str, int], values: Mapping[str, Value], *, turn: int, fixed: frozenset[str] = frozenset()
) -> dict[str, Value]:
    """Change some of the values.

    Parameters
    ----------
    plan
        Of the theorem whose hypotheses are to hold; in odd turns so is each side of an equivalence it concludes, where it
        can be made to.
    sizes, values
        As for ``environments.environment_of``.
    turn
        Counts the batches.
    fixed
        Names of values that are not to be changed.
    """
    result = dict(values)
    free = result.keys() - fixed
    orthogonal_to = _orthogonal_to(plan, turn)
    if orthogonal_to and turn % 2 == 1 and max(sizes.values(), default=0) <= MOST_WITH_ROOTS:
        result |= rational_roots(plan, sizes, result, fixed)
    for name, wanted in orthogonal_to.items():
        if name in free:
            result[name] = _made_orthogonal(plan, sizes, result, name, wanted)
    for name, point in plan.gradients if turn % 4 == 0 else ():
        loss = result[name] if name in free else None
        if isinstance(loss, Quadratic | GemanMcClure) and (at := exact_value(plan, sizes, result, point)) is not None:
            result[name] = replace(loss, targets=at)  # there its gradient is 0
    for name, limit in plan.bounds:
        if name in free and (bound := exact_value(plan, sizes, result, limit)) is not None:
            along = _direction(plan, sizes, result, name) if turn % 2 == 0 else None
            result[name] = _within(cast("tuple[Vector, ...]", result[name]), bound, along)
    for name, vector in plan.cones if turn % 4 != 3 else ():
        region = result[name] if name in free else None
        through = ir.Smul(ir.Div(ir.Nat(1 + turn % 3), ir.Nat(2)), vector)
        if isinstance(region, Region) and (generator := exact_value(plan, sizes, result, through)) is not None:
            alone = turn % 2 == 0  # so that no point is nearer
            result[name] = replace(region, generator=generator, points=() if alone else region.points)
    return result


def _orthogonal_to(plan: Plan, turn: int) -> dict[str, tuple[ir.Vector, ...]]:
    """The vectors that each vector variable has to be orthogonal to.

    By the hypotheses; and in odd turns so that inner products in a concluded equivalence are 0, all of them or one of them.
    """
    found = dict(plan.orthogonal)
    if turn % 2 == 1:
        for name, wanted in plan.compared.items():
            chosen, one = divmod(turn // 2 % (2 * len(wanted)), 2)
            found[name] = (*found.get(name, ()), *([wanted[chosen]] if one else wanted))
    return found


def _made_orthogonal(
    plan: Plan, sizes: Mapping[str, int], values: Mapping[str, Value], name: str, wanted: Sequence[ir.Vector]
) -> Value:
    """The value of ``name``, made orthogonal to the wanted vectors where all of them are rational."""
    exact = EXACT
    needed = frozenset[str]().union(*(names(term) for term in wanted))
    try:
        environment = bind([variable for variable in plan.drawn if variable.name in needed], sizes, values, exact)
        vectors = [evaluate(term, exact, environment, plan.definitions) for term in wanted]
    except (NotInAlgebra, KeyError):  # irrational, or made of a name that has no value here
        return values[name]
    return orthogonal(vectors, cast("Vector", values[name]))


def _within(rows: tuple[Vector, ...], bound: fmpq, along: Vector | None) -> tuple[Vector, ...]:
    """The matrix, or a sharp one along a vector, scaled so that the squares of its entries sum to at most the bound's."""
    if along is not None and any(rows):
        rows = tuple(tuple(entry * other for other in rows[0]) for entry in along)
    square = sum((dot(row, row) for row in rows), fmpq(0))
    if square == 0:
        return rows
    factor = bound / root_above(square)
    return tuple(tuple(factor * entry for entry in row) for row in rows)


def _direction(plan: Plan, sizes: Mapping[str, int], values: Mapping[str, Value], name: str) -> Vector | None:
    """A rational vector near the line of the vector that the adjoint of ``name`` is applied to; None where there is none."""
    if (applied := plan.along.get(name)) is None:
        return None
    balls = balls_of(BITS)
    try:
        return balls.middle(evaluate(applied, balls, environment_of(plan, sizes, values, balls, applied), plan.definitions))
    except NotInAlgebra:
        return None
