"""What a proposition means: the comparisons it makes, and its truth, in any algebra.

In: a proposition, an algebra, and an environment that gives every index type its size and every variable its value.  Out: the
pairs of sides it compares, or whether it holds.  ``evaluate`` gives the value of a term (``values.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias

from typing_extensions import assert_never

from pybridge import ir
from pybridge.algebras.base import Algebra, Relation, S, Truth, V
from pybridge.algebras.dual import NotDifferentiable
from pybridge.semantics.derivatives import complete, derivative_sides
from pybridge.semantics.environment import Environment, Family, bind
from pybridge.semantics.greatest import candidates
from pybridge.semantics.machine import Machine, machine_of
from pybridge.semantics.operators import frobenius_squared
from pybridge.semantics.quantified import Instance, exhaustive, follows, instances, nearby
from pybridge.semantics.regions import contains
from pybridge.semantics.values import Coordinatewise, Side, evaluate, placed

__all__ = ["Compared", "Coordinatewise", "Environment", "Family", "Side", "bind", "compared", "evaluate", "sides", "truth"]


@dataclass(frozen=True, slots=True)
class _Where(Generic[S, V]):
    """Where a proposition is evaluated: the environment, and what runs its terms."""

    algebra: Algebra[S, V]
    environment: Environment[S, V]
    definitions: Mapping[str, ir.Definition]
    machine: Machine[S, V]

    def within(self, environment: Environment[S, V]) -> _Where[S, V]:
        """The same with other values."""
        return _where(self.algebra, environment, self.definitions)


def _where(algebra: Algebra[S, V], environment: Environment[S, V], definitions: Mapping[str, ir.Definition]) -> _Where[S, V]:
    return _Where(algebra, environment, definitions, machine_of(algebra, environment, definitions))


Compared: TypeAlias = Side[S] | Coordinatewise[V]


def sides(
    proposition: ir.Proposition,
    algebra: Algebra[S, V],
    environment: Environment[S, V],
    definitions: Mapping[str, ir.Definition],
) -> tuple[Side[S], ...]:
    """All the comparisons a proposition makes, with both sides' values.

    A vector equation gives one for each coordinate, ``orthonormal`` one for each pair of vectors, ``and`` and ``iff``
    those of both parts, and a derivative one for each direction and coordinate.  The proposition is the conjunction of its
    sides unless a ``vectorNe`` (some coordinate differs), an ``iff`` or a ``mem`` (which compares nothing) occurs in it, or it
    is about all vectors or operators, or those near a point, of which only some are tried: ``truth`` knows.  An implication
    has the sides of what it concludes, none where what it assumes certainly fails.

    Raises
    ------
    NotDifferentiable
        A function has no derivative at the point in question, or the algebra cannot tell.
    """
    with algebra.context():
        found = _sides(proposition, _where(algebra, environment, definitions))
        return tuple(side for one in found for side in _one_by_one(one, algebra))


def compared(
    proposition: ir.Proposition,
    algebra: Algebra[S, V],
    environment: Environment[S, V],
    definitions: Mapping[str, ir.Definition],
) -> tuple[Compared[S, V], ...]:
    """The same, those of the coordinates of two vectors together."""
    with algebra.context():
        return _sides(proposition, _where(algebra, environment, definitions))


def truth(
    proposition: ir.Proposition,
    algebra: Algebra[S, V],
    environment: Environment[S, V],
    definitions: Mapping[str, ir.Definition],
) -> Truth:
    """Whether a proposition certainly holds, certainly fails, or the algebra cannot tell."""
    with algebra.context():
        return _truth(proposition, _where(algebra, environment, definitions))


def _sides(proposition: ir.Proposition, at: _Where[S, V]) -> tuple[Compared[S, V], ...]:
    machine = at.machine
    match proposition:
        case ir.Eq(left, right):
            return (Side(Relation.EQ, machine.scalar(left), machine.scalar(right), ""),)
        case ir.Ne(left, right):
            return (Side(Relation.NE, machine.scalar(left), machine.scalar(right), ""),)
        case ir.Lt(left, right):
            return (Side(Relation.LT, machine.scalar(left), machine.scalar(right), ""),)
        case ir.Le(left, right):
            return (Side(Relation.LE, machine.scalar(left), machine.scalar(right), ""),)
        case ir.VectorEq(first, second):
            return _coordinates(Relation.EQ, first, second, machine)
        case ir.VectorNe(first, second):
            return _coordinates(Relation.NE, first, second, machine)
        case ir.Orthonormal(family):
            return _orthonormal(at.environment.families[family].members, at.algebra)
        case ir.And(before, after) | ir.Iff(before, after):
            return (*_sides(before, at), *_sides(after, at))
        case ir.Imp(before, after):
            return () if _truth(before, at) is Truth.FAILS else _sides(after, at)
        case ir.Mem():
            return ()
        case ir.HasGradientAt() | ir.HasDerivAt() | ir.HasFDerivAt():
            return derivative_sides(proposition, at.algebra, at.environment, at.definitions)
        case ir.ForAll(_, body):
            tried = instances(proposition, at.algebra, at.environment)
            return tuple(side for one in tried for side in _instance(body, one, at))
        case ir.Eventually(_, _, body):
            around = nearby(proposition, at.algebra, at.environment, at.definitions)
            return tuple(side for one in around for side in _instance(body, one, at))
        case ir.OpNormLe(operator, bound):
            return _squares(operator, machine.scalar(bound), at)
        case ir.IsGreatest(_, constraint, body_scalar, value):
            limit = machine.scalar(value)
            found: list[Compared[S, V]] = []
            for candidate in candidates(proposition, at.algebra, at.environment, at.definitions):
                inside = at.within(candidate.environment)
                if candidate.attains or _truth(constraint, inside) is Truth.HOLDS:
                    relation = Relation.EQ if candidate.attains else Relation.LE
                    found.append(Side(relation, inside.machine.scalar(body_scalar), limit, candidate.place))
            return tuple(found)
        case _:
            assert_never(proposition)


def _truth(proposition: ir.Proposition, at: _Where[S, V]) -> Truth:
    match proposition:
        case ir.Eq() | ir.Ne() | ir.Lt() | ir.Le() | ir.VectorEq() | ir.Orthonormal():
            return _all(_sides(proposition, at), at.algebra)
        case ir.VectorNe(left, right):
            return _all(_coordinates(Relation.EQ, left, right, at.machine), at.algebra).negated()
        case ir.And(before, after):
            return _truth(before, at).both(_truth(after, at))
        case ir.Iff(before, after):
            one, other = _truth(before, at), _truth(after, at)
            if Truth.UNKNOWN in (one, other):
                return Truth.UNKNOWN
            return Truth.HOLDS if one is other else Truth.FAILS
        case ir.Imp(before, after):
            return _truth(before, at).both(_truth(after, at).negated()).negated()
        case ir.Mem(vector, region):
            return contains(at.environment.regions[region], at.algebra, at.machine.vector(vector))
        case ir.HasGradientAt() | ir.HasDerivAt() | ir.HasFDerivAt():
            try:
                found = _all(_sides(proposition, at), at.algebra)
            except NotDifferentiable:
                return Truth.UNKNOWN
            return found if complete(proposition, at.environment.sizes) else _only_refuted(found)
        case ir.ForAll():
            if follows(proposition, at.algebra, at.environment, at.definitions):
                return Truth.HOLDS
            tried = instances(proposition, at.algebra, at.environment)
            found = _conjunction(_truth(proposition.body, at.within(one.environment)) for one in tried)
            return found if exhaustive(proposition, at.environment.sizes) else _only_refuted(found)
        case ir.Eventually(_, _, body):
            if follows(proposition, at.algebra, at.environment, at.definitions):
                return Truth.HOLDS
            there, *_ = nearby(proposition, at.algebra, at.environment, at.definitions)
            return _only_refuted(_truth(body, at.within(there.environment)))
        case ir.OpNormLe(_, bound):
            if at.algebra.compare(Relation.LT, at.machine.scalar(bound), at.algebra.scalar(0)) is Truth.HOLDS:
                return Truth.FAILS
            return Truth.HOLDS if _all(_sides(proposition, at), at.algebra) is Truth.HOLDS else Truth.UNKNOWN
        case ir.IsGreatest():
            return _only_refuted(_all([side for side in _sides(proposition, at) if side.relation is Relation.LE], at.algebra))
        case _:
            assert_never(proposition)


def _instance(body: ir.Proposition, one: Instance[S, V], at: _Where[S, V]) -> tuple[Compared[S, V], ...]:
    return tuple(placed(side, one.place) for side in _sides(body, at.within(one.environment)))


def _all(found: Iterable[Compared[S, V]], algebra: Algebra[S, V]) -> Truth:
    one_by_one = (side for one in found for side in _one_by_one(one, algebra))
    return _conjunction(algebra.compare(side.relation, side.left, side.right) for side in one_by_one)


def _one_by_one(one: Compared[S, V], algebra: Algebra[S, V]) -> tuple[Side[S], ...]:
    return one.sides(algebra) if isinstance(one, Coordinatewise) else (one,)


def _conjunction(truths: Iterable[Truth]) -> Truth:
    result = Truth.HOLDS
    for found in truths:
        result = result.both(found)
    return result


def _only_refuted(found: Truth) -> Truth:
    """What is known of a statement about all of something, from ``found`` of some."""
    return Truth.FAILS if found is Truth.FAILS else Truth.UNKNOWN


def _squares(operator: str, bound: S, at: _Where[S, V]) -> tuple[Side[S], ...]:
    """``‖A‖ ≤ bound`` by what suffices: the sum of the squares of the entries is at most the bound's, which is not negative."""
    square = frobenius_squared(at.environment.operators[operator], at.algebra)
    return (
        Side(Relation.LE, square, at.algebra.power(bound, 2), "squares of all entries, square of the bound"),
        Side(Relation.LE, at.algebra.scalar(0), bound, "the bound"),
    )


def _coordinates(
    relation: Relation, left: ir.Vector, right: ir.Vector, machine: Machine[S, V]
) -> tuple[Coordinatewise[V], ...]:
    return (Coordinatewise(relation, machine.vector(left), machine.vector(right)),)


def _orthonormal(family: Sequence[V], algebra: Algebra[S, V]) -> tuple[Side[S], ...]:
    return tuple(
        Side(Relation.EQ, algebra.inner(family[j], family[k]), algebra.scalar(int(j == k)), f"vectors {j}, {k}")
        for j in range(len(family))
        for k in range(j + 1)
    )
