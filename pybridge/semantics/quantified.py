"""Statements about all numbers, vectors or positions: values to try, and forms of which the truth is known without trying all.

``∀ k, 0 < k → k • w ∈ S`` holds where w lies on an open ray that S contains; ``∀ v, a ≤ L (f v)``, of all v or of those near a
point, where a is at most a number that the loss L is nowhere below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic

from flint import fmpq

from pybridge import ir
from pybridge.algebras.base import Algebra, Relation, S, Truth, V
from pybridge.ir.traverse import mentioned, names
from pybridge.semantics import losses, regions
from pybridge.semantics.directions import DRAWN, FEW, drawn
from pybridge.semantics.environment import Environment, dimension_of
from pybridge.semantics.values import evaluate

NUMBERS = (fmpq(0), fmpq(1), fmpq(-1), fmpq(2), fmpq(1, 3), fmpq(-5, 2), fmpq(7))
NEAR = fmpq(1, 2**20)
"""How far from a point the vectors lie that are tried near it, per unit of the direction."""


@dataclass(frozen=True, slots=True)
class Instance(Generic[S, V]):
    """An environment in which the variable of a quantifier has a value; ``place`` says which."""

    environment: Environment[S, V]
    place: str


def instances(proposition: ir.ForAll, algebra: Algebra[S, V], environment: Environment[S, V]) -> tuple[Instance[S, V], ...]:
    """Values to try for the variable of a ``forall``.

    A number is one of a few of both signs; a vector is 0, some drawn ones, and those that the body itself speaks of; of the
    positions all are tried.
    """
    name, kind = proposition.variable.name, proposition.variable.kind
    if isinstance(kind, ir.PositionKind):
        return tuple(_position(environment, name, number) for number in range(environment.sizes[kind.index]))
    with algebra.context():
        if isinstance(kind, ir.ScalarKind):
            return tuple(_number(environment, name, algebra.scalar(number), f"{name} = {number}") for number in NUMBERS)
        if not isinstance(kind, ir.VectorKind):
            raise TypeError(f"{name} is neither scalar, vector nor position")  # decode makes no such variable
        size = dimension_of(kind.space, environment.sizes)
        tried = [_vector(environment, name, algebra.zero(size), f"{name} = 0")]
        for number in range(DRAWN):
            values = drawn(size, number)
            place = f"{name} = ({', '.join(map(str, values))})" if size <= FEW else f"{name} drawn, number {number}"
            tried.append(_vector(environment, name, algebra.vector(values), place))
        for other in sorted(mentioned(proposition.body) & environment.vectors.keys() - {name}):
            if algebra.dimension(environment.vectors[other]) == size:
                tried.append(_vector(environment, name, environment.vectors[other], f"{name} = {other}"))
        return tuple(tried)


def exhaustive(proposition: ir.ForAll, sizes: Mapping[str, int]) -> bool:
    """Whether the values to try are all there are: of positions, and of vectors in dimension 0."""
    kind = proposition.variable.kind
    return isinstance(kind, ir.PositionKind) or (isinstance(kind, ir.VectorKind) and dimension_of(kind.space, sizes) == 0)


def nearby(
    proposition: ir.Eventually,
    algebra: Algebra[S, V],
    environment: Environment[S, V],
    definitions: Mapping[str, ir.Definition],
) -> tuple[Instance[S, V], ...]:
    """First the point itself, then vectors near it to try: only the first is certainly near enough."""
    name = proposition.variable.name
    point = evaluate(proposition.point, algebra, environment, definitions)
    tried = [_vector(environment, name, point, f"{name} at the point itself")]
    with algebra.context():
        for number in range(DRAWN):
            step = algebra.vector([NEAR * entry for entry in drawn(algebra.dimension(point), number)])
            there = algebra.add_vectors(point, step)
            tried.append(_vector(environment, name, there, f"{name} near the point, number {number}"))
    return tuple(tried)


def follows(
    proposition: ir.ForAll | ir.Eventually,
    algebra: Algebra[S, V],
    environment: Environment[S, V],
    definitions: Mapping[str, ir.Definition],
) -> bool:
    """Whether a statement of one of the known forms certainly holds."""
    if isinstance(proposition, ir.ForAll) and (found := cone(proposition)) is not None:
        region, vector = environment.regions[found[0]], evaluate(found[1], algebra, environment, definitions)
        with algebra.context():
            if regions.on_ray(region, algebra, vector) is Truth.HOLDS:
                return True
            entries = algebra.components(vector)
            zero = all(algebra.compare(Relation.EQ, entry, algebra.scalar(0)) is Truth.HOLDS for entry in entries)
            return zero and regions.contains(region, algebra, vector) is Truth.HOLDS
    match proposition:
        case ir.ForAll(ir.Variable(name), ir.Le(bound, ir.Apply(function, _))) | ir.Eventually(
            ir.Variable(name), _, ir.Le(bound, ir.Apply(function, _))
        ) if name not in names(bound):
            least = losses.least(environment.losses[function])
            if least is None:
                return False
            value = evaluate(bound, algebra, environment, definitions)
            with algebra.context():
                return algebra.compare(Relation.LE, value, algebra.scalar(least)) is Truth.HOLDS
        case _:
            return False


def cone(proposition: ir.Proposition) -> tuple[str, ir.Vector] | None:
    """The set and the vector of ``∀ k, 0 < k → k • vector ∈ set``; None of any other statement."""
    match proposition:
        case ir.ForAll(
            ir.Variable(k, ir.ScalarKind()), ir.Imp(ir.Lt(ir.Nat(0), ir.Var(l)), ir.Mem(ir.Smul(ir.Var(n), vector), region))
        ) if k == l == n and k not in names(vector):
            return region, vector
        case _:
            return None


def _position(environment: Environment[S, V], name: str, number: int) -> Instance[S, V]:
    return Instance(environment.changed("positions", {name: number}), f"{name} = {number}")


def _number(environment: Environment[S, V], name: str, number: S, place: str) -> Instance[S, V]:
    return Instance(environment.changed("scalars", {name: number}), place)


def _vector(environment: Environment[S, V], name: str, vector: V, place: str) -> Instance[S, V]:
    return Instance(environment.changed("vectors", {name: vector}), place)
