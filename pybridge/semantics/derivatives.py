"""What a statement about a derivative says, direction by direction: the function differentiated against what is claimed.

In: a ``HasGradientAt``, ``HasDerivAt`` or ``HasFDerivAt``, and an environment.  Out: one comparison for each direction (and
coordinate): the left side is the value of the function's derivative, a program (``tangents.py``), the right side what the
statement gives for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic

from typing_extensions import assert_never

from pybridge import ir
from pybridge.algebras.base import Algebra, Relation, S, V
from pybridge.semantics.directions import Direction, dimension, directions, spanned
from pybridge.semantics.environment import Environment
from pybridge.semantics.machine import Machine, machine_of
from pybridge.semantics.scopes import step_of
from pybridge.semantics.values import Coordinatewise, Side, evaluate


@dataclass(frozen=True, slots=True)
class Parts(Generic[S, V]):
    """Values of some variables by name: a point, or the tangents at it (what stays has none)."""

    scalars: Mapping[str, S]
    vectors: Mapping[str, V]


def derivative_sides(
    proposition: ir.Derivative,
    algebra: Algebra[S, V],
    environment: Environment[S, V],
    definitions: Mapping[str, ir.Definition],
) -> tuple[Side[S] | Coordinatewise[V], ...]:
    """Compare the derivative along each direction with what the proposition gives for it.

    Raises
    ------
    NotDifferentiable
        The function has no derivative at the point, or the enclosures do not tell.
    """
    return tuple(_sides(proposition, algebra, environment, definitions))


def complete(proposition: ir.Derivative, sizes: Mapping[str, int]) -> bool:
    """Whether agreement along the directions tried is all there is to show."""
    return spanned(variables_of(proposition), sizes)


def _sides(
    proposition: ir.Derivative,
    algebra: Algebra[S, V],
    environment: Environment[S, V],
    definitions: Mapping[str, ir.Definition],
) -> Iterator[Side[S] | Coordinatewise[V]]:
    variables = variables_of(proposition)
    machine = _at_the_point(proposition, algebra, environment, definitions)
    for direction in directions(variables, environment.sizes):
        moving = tangents(variables, direction, algebra)
        if isinstance(proposition.body, ir.SCALARS):
            found = _slope(machine, proposition.body, moving)
            given = _claimed_number(proposition, moving, algebra, environment, definitions)
            yield Side(Relation.EQ, found, given, direction.place)
        else:
            along = _vector_slope(machine, proposition.body, moving)
            stated = _claimed_vector(proposition, moving, algebra, environment, definitions)
            yield Coordinatewise(Relation.EQ, along, stated, direction.place)


def claimed(
    proposition: ir.Derivative,
    moving: Parts[S, V],
    algebra: Algebra[S, V],
    environment: Environment[S, V],
    definitions: Mapping[str, ir.Definition],
) -> Sequence[S]:
    """What the proposition gives for the derivative along tangents: one number, or the coordinates of a vector."""
    if isinstance(proposition.body, ir.SCALARS):
        return [_claimed_number(proposition, moving, algebra, environment, definitions)]
    with algebra.context():
        return algebra.components(_claimed_vector(proposition, moving, algebra, environment, definitions))


def _claimed_number(
    proposition: ir.Derivative,
    moving: Parts[S, V],
    algebra: Algebra[S, V],
    environment: Environment[S, V],
    definitions: Mapping[str, ir.Definition],
) -> S:
    match proposition:
        case ir.HasGradientAt(variable, _, gradient, _):
            value = evaluate(gradient, algebra, environment, definitions)
            with algebra.context():
                return algebra.inner(value, moving.vectors[variable.name])
        case ir.HasDerivAt(name, _, derivative, _):
            slope = evaluate(derivative, algebra, environment, definitions)
            with algebra.context():
                return algebra.multiply(slope, moving.scalars[name])
        case ir.HasFDerivAt(variables, _, names, claim, _) if isinstance(claim, ir.SCALARS):
            return evaluate(claim, algebra, _claimed_along(variables, names, moving, algebra, environment), definitions)
        case _:
            raise TypeError("a number is said to be the derivative of a vector")  # decode makes no such statement


def _claimed_vector(
    proposition: ir.Derivative,
    moving: Parts[S, V],
    algebra: Algebra[S, V],
    environment: Environment[S, V],
    definitions: Mapping[str, ir.Definition],
) -> V:
    match proposition:
        case ir.HasFDerivAt(variables, _, names, claim, _) if not isinstance(claim, ir.SCALARS):
            return evaluate(claim, algebra, _claimed_along(variables, names, moving, algebra, environment), definitions)
        case _:
            raise TypeError("a vector is said to be the derivative of a number")  # decode makes no such statement


def place_of(proposition: ir.Derivative, coordinate: int, direction: Direction) -> str:
    """The words for a comparison: its direction and, of a map to vectors, its coordinate."""
    return direction.place if isinstance(proposition.body, ir.SCALARS) else f"coordinate {coordinate}, {direction.place}"


def differentiate(
    proposition: ir.HasGradientAt | ir.HasDerivAt,
    algebra: Algebra[S, V],
    environment: Environment[S, V],
    definitions: Mapping[str, ir.Definition],
) -> Sequence[S]:
    """Differentiate the function that a proposition is about, along each coordinate; what it claims is not looked at.

    Raises
    ------
    NotDifferentiable
        The function has no derivative at the point, or the enclosures do not tell.
    """
    if isinstance(proposition, ir.HasGradientAt):
        gradient = evaluate(_gradient(proposition), algebra, environment, definitions)
        with algebra.context():
            return algebra.components(gradient)
    machine = _at_the_point(proposition, algebra, environment, definitions)
    return [
        _slope(
            machine, proposition.body, tangents(variables_of(proposition), Direction({proposition.variable: (1,)}, ""), algebra)
        )
    ]


@lru_cache(maxsize=64)
def _gradient(proposition: ir.HasGradientAt) -> ir.Gradient:
    """The gradient of the function that a proposition is about, as a term: one object for each, which is lowered once."""
    return ir.Gradient(proposition.variable, proposition.body, proposition.point)


def _at_the_point(
    proposition: ir.Derivative,
    algebra: Algebra[S, V],
    environment: Environment[S, V],
    definitions: Mapping[str, ir.Definition],
) -> Machine[S, V]:
    """What runs the function, its variables at the point."""
    point = point_of(proposition, algebra, environment, definitions)
    return machine_of(algebra, environment, definitions).with_values(point.scalars, point.vectors)


def _slope(machine: Machine[S, V], body: ir.Scalar, moving: Parts[S, V]) -> S:
    """The derivative of a number along tangents of its variables."""
    with machine.algebra.context():
        lowered = machine.lowering.derivative(body, frozenset(moving.scalars), frozenset(moving.vectors))
        return _stepping(machine, moving).number(lowered.node)


def _vector_slope(machine: Machine[S, V], body: ir.Vector, moving: Parts[S, V]) -> V:
    """The derivative of a vector along tangents of its variables."""
    with machine.algebra.context():
        lowered = machine.lowering.derivative(body, frozenset(moving.scalars), frozenset(moving.vectors))
        return _stepping(machine, moving).coordinates(lowered)


def _stepping(machine: Machine[S, V], moving: Parts[S, V]) -> Machine[S, V]:
    return machine.with_values(
        {step_of(name): value for name, value in moving.scalars.items()},
        {step_of(name): value for name, value in moving.vectors.items()},
    )


def variables_of(proposition: ir.Derivative) -> tuple[ir.Variable, ...]:
    """The variables in which a function is differentiated."""
    match proposition:
        case ir.HasGradientAt(variable, _, _, _):
            return (variable,)
        case ir.HasDerivAt(name, _, _, _):
            return (ir.Variable(name, ir.ScalarKind()),)
        case ir.HasFDerivAt(variables, _, _, _, _):
            return variables
        case _:
            assert_never(proposition)


def _points(proposition: ir.Derivative) -> tuple[ir.Term, ...]:
    return proposition.points if isinstance(proposition, ir.HasFDerivAt) else (proposition.point,)


def point_of(
    proposition: ir.Derivative,
    algebra: Algebra[S, V],
    environment: Environment[S, V],
    definitions: Mapping[str, ir.Definition],
) -> Parts[S, V]:
    """The point at which a function is differentiated: a value for each of its variables."""
    scalars: dict[str, S] = {}
    vectors: dict[str, V] = {}
    for variable, term in zip(variables_of(proposition), _points(proposition), strict=True):
        if isinstance(term, ir.SCALARS):
            scalars[variable.name] = evaluate(term, algebra, environment, definitions)
        else:
            vectors[variable.name] = evaluate(term, algebra, environment, definitions)
    return Parts(scalars, vectors)


def tangents(variables: Sequence[ir.Variable], direction: Direction, algebra: Algebra[S, V]) -> Parts[S, V]:
    """How the variables move along a direction."""
    moving = [variable for variable in variables if variable.name in direction.along]
    with algebra.context():
        return Parts(
            {v.name: algebra.scalar(direction.along[v.name][0]) for v in moving if isinstance(v.kind, ir.ScalarKind)},
            {v.name: algebra.vector(direction.along[v.name]) for v in moving if isinstance(v.kind, ir.VectorKind)},
        )


def _claimed_along(
    variables: Sequence[ir.Variable],
    names: Sequence[str],
    tangents: Parts[S, V],
    algebra: Algebra[S, V],
    environment: Environment[S, V],
) -> Environment[S, V]:
    """The environment of the claimed derivative: the directions have the tangents' values, 0 where a variable stays."""
    scalars: dict[str, S] = {}
    vectors: dict[str, V] = {}
    with algebra.context():
        for variable, name in zip(variables, names, strict=True):
            if isinstance(variable.kind, ir.ScalarKind):
                scalars[name] = tangents.scalars.get(variable.name, algebra.scalar(0))
            else:
                zero = algebra.zero(dimension(variable, environment.sizes))
                vectors[name] = tangents.vectors.get(variable.name, zero)
    return environment.changed("scalars", scalars).changed("vectors", vectors)
