"""Drawn values changed a little, so that hypotheses hold that almost no drawn value satisfies.

A vector that has to be orthogonal to others is made so, exactly; for that, in every other turn, scalars are chosen so that
roots are rational.  In some turns a loss has the gradient 0 where it is taken.  An operator of bounded norm is scaled
into its bound, and in every other turn is one that comes as near to the bound as rationals allow, along the vector its adjoint
is applied to.  None of this is trusted: every hypothesis is certified afterwards, as on any batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar, cast

from flint import fmpq

from pybridge import ir
from pybridge.algebras.ball import BallAlgebra
from pybridge.algebras.base import NotInAlgebra
from pybridge.algebras.exact import ExactAlgebra
from pybridge.batches.determine import GradientAt, determined, drawn_variables, environment_of
from pybridge.batches.parametrize import Vector, dot, orthogonal, root_above
from pybridge.batches.roots import rational_roots
from pybridge.ir.traverse import names, subterms, terms
from pybridge.semantics.environment import Raw, bind
from pybridge.semantics.evaluate import evaluate
from pybridge.semantics.losses import CrossEntropy, Loss
from pybridge.semantics.quantified import cone
from pybridge.semantics.regions import Region

R = TypeVar("R", bound=Raw)

BITS = 128
MOST_WITH_ROOTS = 16
"""Entries of a batch up to which scalars are chosen so that roots are rational: the rationals grow with it."""


def adjusted(
    theorem: ir.Theorem,
    sizes: Mapping[str, int],
    values: Mapping[str, R],
    definitions: Mapping[str, ir.Definition],
    *,
    turn: int,
    fixed: frozenset[str] = frozenset(),
) -> dict[str, R]:
    """Change some of the values.

    Parameters
    ----------
    theorem
        Whose hypotheses are to hold; in odd turns so is each side of an equivalence it concludes, where it can be made to.
    sizes, values, definitions
        As for ``determine.environment_of``.
    turn
        Counts the batches.
    fixed
        Names of values that are not to be changed.
    """
    result: dict[str, R] = dict(values)
    orthogonal_to = _orthogonal_to(theorem, turn)
    if orthogonal_to and turn % 2 == 1 and max(sizes.values(), default=0) <= MOST_WITH_ROOTS:
        result |= cast("dict[str, R]", rational_roots(theorem, sizes, result, definitions, fixed))
    for name, wanted in orthogonal_to.items():
        if name in result and name not in fixed:
            result[name] = cast("R", _made_orthogonal(theorem, sizes, result, definitions, name, wanted))
    if turn % 4 == 0:
        for loss, point in _gradients(theorem):
            if loss in result and loss not in fixed:
                result[loss] = cast("R", _critical(theorem, sizes, result, definitions, loss, point))
    for name, limit in _bounds(theorem):
        if name in result and name not in fixed:
            result[name] = cast("R", _within(theorem, sizes, result, definitions, name, limit, sharp=turn % 2 == 0))
    for name, vector in _cones(theorem):
        if name in result and name not in fixed and turn % 4 != 3:
            result[name] = cast("R", _through(theorem, sizes, result, definitions, name, vector, turn=turn))
    return result


def operator_kinds(theorem: ir.Theorem) -> tuple[ir.OperatorKind, ...]:
    """The kinds of all operators the theorem speaks about, bound ones among them."""
    kinds = [variable.kind for variable in theorem.variables]
    stated = (*(hypothesis.proposition for hypothesis in theorem.hypotheses), theorem.conclusion)
    every = (part for proposition in stated for part in _parts(proposition))
    bound = [part.variable.kind for part in every if isinstance(part, ir.IsGreatest)]
    return tuple(kind for kind in (*kinds, *bound) if isinstance(kind, ir.OperatorKind))


def _orthogonal_to(theorem: ir.Theorem, turn: int) -> dict[str, list[ir.Vector]]:
    """The vectors that each vector variable has to be orthogonal to.

    By the hypotheses; and in odd turns so that inner products in a concluded equivalence are 0, all of them or one of them.
    """
    stated = (part for hypothesis in theorem.hypotheses for part in _parts(hypothesis.proposition))
    found = _inner_products(part for part in stated if not isinstance(part, ir.Ne))
    if turn % 2 == 1 and isinstance(theorem.conclusion, ir.Iff):
        for name, wanted in _inner_products(_parts(theorem.conclusion)).items():
            chosen, one = divmod(turn // 2 % (2 * len(wanted)), 2)
            found.setdefault(name, []).extend([wanted[chosen]] if one else wanted)
    return found


def _inner_products(propositions: Iterable[ir.Proposition]) -> dict[str, list[ir.Vector]]:
    """By vector variable, what its inner product with is said to be 0, or not to be."""
    found: dict[str, list[ir.Vector]] = {}
    for part in propositions:
        match part:
            case (
                ir.Eq(ir.Inner(left, right), ir.Nat(0))
                | ir.Eq(ir.Nat(0), ir.Inner(left, right))
                | ir.Ne(ir.Inner(left, right), ir.Nat(0))
                | ir.Ne(ir.Nat(0), ir.Inner(left, right))
            ):
                for moved, other in ((right, left), (left, right)):
                    if isinstance(moved, ir.VVar) and moved.name not in names(other):
                        found.setdefault(moved.name, []).append(other)
                        break
            case _:
                pass
    return found


def _gradients(theorem: ir.Theorem) -> Iterator[tuple[str, ir.Vector]]:
    return ((one.loss, one.point) for one in determined(theorem) if isinstance(one, GradientAt))


def _critical(
    theorem: ir.Theorem,
    sizes: Mapping[str, int],
    values: Mapping[str, R],
    definitions: Mapping[str, ir.Definition],
    name: str,
    point: ir.Vector,
) -> Raw:
    """The loss with its targets at the point where its gradient is taken, if that is rational: the gradient there is 0."""
    loss = cast("Loss", values[name])
    if isinstance(loss, CrossEntropy):
        return loss
    exact = ExactAlgebra()
    try:
        environment = environment_of(theorem, sizes, values, exact, definitions, ir.VectorEq(point, point))
        return replace(loss, targets=evaluate(point, exact, environment, definitions))
    except NotInAlgebra:
        return loss


def _bounds(theorem: ir.Theorem) -> Iterator[tuple[str, ir.Scalar]]:
    for hypothesis in theorem.hypotheses:
        for part in _parts(hypothesis.proposition):
            if isinstance(part, ir.OpNormLe):
                yield part.operator, part.bound


def _cones(theorem: ir.Theorem) -> Iterator[tuple[str, ir.Vector]]:
    for hypothesis in theorem.hypotheses:
        for part in _parts(hypothesis.proposition):
            if (found := cone(part)) is not None:
                yield found


def _through(
    theorem: ir.Theorem,
    sizes: Mapping[str, int],
    values: Mapping[str, R],
    definitions: Mapping[str, ir.Definition],
    name: str,
    vector: ir.Vector,
    *,
    turn: int,
) -> Raw:
    """The set ``name`` with its ray through ``vector``; alone in every other turn, so that nothing else is nearer."""
    region, exact = cast("Region", values[name]), ExactAlgebra()
    try:
        environment = environment_of(theorem, sizes, values, exact, definitions, ir.VectorEq(vector, vector))
        factor = fmpq(1 + turn % 3, 2)
        generator = exact.smul(factor, evaluate(vector, exact, environment, definitions))
    except NotInAlgebra:
        return region
    return replace(region, generator=generator, points=() if turn % 2 == 0 else region.points)


def _parts(proposition: ir.Proposition) -> Iterator[ir.Proposition]:
    if isinstance(proposition, ir.And | ir.Iff):
        yield from _parts(proposition.left)
        yield from _parts(proposition.right)
    else:
        yield proposition


def _made_orthogonal(
    theorem: ir.Theorem,
    sizes: Mapping[str, int],
    values: Mapping[str, R],
    definitions: Mapping[str, ir.Definition],
    name: str,
    wanted: Sequence[ir.Vector],
) -> Raw:
    """The value of ``name``, made orthogonal to the wanted vectors where all of them are rational."""
    exact = ExactAlgebra()
    needed = frozenset[str]().union(*(names(term) for term in wanted))
    variables = [variable for variable in drawn_variables(theorem) if variable.name in needed]
    try:
        environment = bind(variables, sizes, values, exact)
        vectors = [evaluate(term, exact, environment, definitions) for term in wanted]
    except (NotInAlgebra, KeyError):  # irrational, or made of a name that has no value here
        return values[name]
    return orthogonal(vectors, cast("Vector", values[name]))


def _within(
    theorem: ir.Theorem,
    sizes: Mapping[str, int],
    values: Mapping[str, R],
    definitions: Mapping[str, ir.Definition],
    name: str,
    limit: ir.Scalar,
    *,
    sharp: bool,
) -> Raw:
    """The matrix ``name``, or a sharp one, scaled so that the squares of its entries sum to at most the square of the bound."""
    rows = cast("tuple[Vector, ...]", values[name])
    try:
        environment = environment_of(theorem, sizes, values, ExactAlgebra(), definitions, ir.Eq(limit, limit))
        bound = evaluate(limit, ExactAlgebra(), environment, definitions)
    except NotInAlgebra:
        return rows
    if sharp and (along := _direction(theorem, sizes, values, definitions, name)) is not None and any(rows):
        rows = tuple(tuple(entry * other for other in rows[0]) for entry in along)
    square = sum((dot(row, row) for row in rows), fmpq(0))
    if square == 0:
        return rows
    factor = bound / root_above(square)
    return tuple(tuple(factor * entry for entry in row) for row in rows)


def _direction(
    theorem: ir.Theorem,
    sizes: Mapping[str, int],
    values: Mapping[str, R],
    definitions: Mapping[str, ir.Definition],
    name: str,
) -> Vector | None:
    """A rational vector near the line of the vector that the adjoint of ``name`` is applied to; None where there is none."""
    applied = [
        term.arg
        for stated in terms(theorem.conclusion)
        for term in subterms(stated)
        if isinstance(term, ir.Adjoint) and term.operator == name
    ]
    if not applied or name in names(applied[0]):
        return None
    balls = BallAlgebra(BITS)
    try:
        environment = environment_of(theorem, sizes, values, balls, definitions, ir.VectorEq(applied[0], applied[0]))
        return balls.middle(evaluate(applied[0], balls, environment, definitions))
    except NotInAlgebra:
        return None
