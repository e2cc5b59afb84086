"""What a term means: the one fold over terms, for any algebra.

In: a term or proposition, an algebra, and an environment that gives every index type its size and every variable its
value.  Out: a scalar or vector of the algebra, the pairs of sides of a proposition, or its truth.

How it is computed without computing anything twice is the matter of ``staging.py``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, overload

from typing_extensions import assert_never

from pybridge import ir
from pybridge.algebras.base import Algebra, Relation, S, Truth, V
from pybridge.environment import Environment, Family, bind
from pybridge.staging import Stage, stage

__all__ = ["Environment", "Family", "Side", "bind", "evaluate", "sides", "truth"]


@dataclass(frozen=True, slots=True)
class Side(Generic[S]):
    """One comparison of a proposition: ``left`` ``relation`` ``right``; ``place`` says which coordinate or pair it is."""

    relation: Relation
    left: S
    right: S
    place: str


@overload
def evaluate(
    term: ir.Scalar,
    algebra: Algebra[S, V],
    environment: Environment[S, V],
    definitions: Mapping[str, ir.Definition],
) -> S: ...


@overload
def evaluate(
    term: ir.Vector,
    algebra: Algebra[S, V],
    environment: Environment[S, V],
    definitions: Mapping[str, ir.Definition],
) -> V: ...


def evaluate(
    term: ir.Term,
    algebra: Algebra[S, V],
    environment: Environment[S, V],
    definitions: Mapping[str, ir.Definition],
) -> S | V:
    """The value of a term.

    Parameters
    ----------
    term : Scalar or Vector
        A term all of whose names ``environment`` and ``definitions`` know.
    definitions : mapping
        The definitions the term may call, by full name: ``Export.definitions``.

    Returns
    -------
    S or V
        A scalar or a vector of the algebra, as the term's sort is.

    Raises
    ------
    NotInAlgebra
        The algebra has no such value (a root that is not rational, in ``exact``).
    """
    with algebra.context():
        staged = stage(algebra, environment, definitions)
        return staged.scalar(term)() if isinstance(term, ir.SCALARS) else staged.vector(term)()


def sides(
    proposition: ir.Proposition,
    algebra: Algebra[S, V],
    environment: Environment[S, V],
    definitions: Mapping[str, ir.Definition],
) -> tuple[Side[S], ...]:
    """All the comparisons a proposition makes, with both sides' values.

    A vector equation gives one for each coordinate, ``orthonormal`` one for each pair of vectors, ``and`` and ``iff``
    those of both parts.  The proposition is the conjunction of its sides unless a ``vectorNe`` (some coordinate differs)
    or an ``iff`` occurs in it: ``truth`` knows.
    """
    with algebra.context():
        return _sides(proposition, stage(algebra, environment, definitions))


def truth(
    proposition: ir.Proposition,
    algebra: Algebra[S, V],
    environment: Environment[S, V],
    definitions: Mapping[str, ir.Definition],
) -> Truth:
    """Whether a proposition certainly holds, certainly fails, or the algebra cannot tell."""
    with algebra.context():
        return _truth(proposition, stage(algebra, environment, definitions))


def _sides(proposition: ir.Proposition, staged: Stage[S, V]) -> tuple[Side[S], ...]:
    match proposition:
        case ir.Eq(left, right):
            return (Side(Relation.EQ, staged.scalar(left)(), staged.scalar(right)(), ""),)
        case ir.Ne(left, right):
            return (Side(Relation.NE, staged.scalar(left)(), staged.scalar(right)(), ""),)
        case ir.Lt(left, right):
            return (Side(Relation.LT, staged.scalar(left)(), staged.scalar(right)(), ""),)
        case ir.Le(left, right):
            return (Side(Relation.LE, staged.scalar(left)(), staged.scalar(right)(), ""),)
        case ir.VectorEq(first, second):
            return _coordinates(Relation.EQ, first, second, staged)
        case ir.VectorNe(first, second):
            return _coordinates(Relation.NE, first, second, staged)
        case ir.Orthonormal(family):
            return _orthonormal(staged.families[family].members, staged.algebra)
        case ir.And(before, after) | ir.Iff(before, after):
            return (*_sides(before, staged), *_sides(after, staged))
        case _:
            assert_never(proposition)


def _truth(proposition: ir.Proposition, staged: Stage[S, V]) -> Truth:
    match proposition:
        case ir.Eq() | ir.Ne() | ir.Lt() | ir.Le() | ir.VectorEq() | ir.Orthonormal():
            return _all(_sides(proposition, staged), staged.algebra)
        case ir.VectorNe(left, right):
            return _all(_coordinates(Relation.EQ, left, right, staged), staged.algebra).negated()
        case ir.And(before, after):
            return _truth(before, staged).both(_truth(after, staged))
        case ir.Iff(before, after):
            one, other = _truth(before, staged), _truth(after, staged)
            if Truth.UNKNOWN in (one, other):
                return Truth.UNKNOWN
            return Truth.HOLDS if one is other else Truth.FAILS
        case _:
            assert_never(proposition)


def _all(compared: tuple[Side[S], ...], algebra: Algebra[S, V]) -> Truth:
    result = Truth.HOLDS
    for side in compared:
        result = result.both(algebra.compare(side.relation, side.left, side.right))
    return result


def _coordinates(relation: Relation, left: ir.Vector, right: ir.Vector, staged: Stage[S, V]) -> tuple[Side[S], ...]:
    pairs = zip(
        staged.algebra.components(staged.vector(left)()), staged.algebra.components(staged.vector(right)()), strict=True
    )
    return tuple(Side(relation, one, other, f"coordinate {k}") for k, (one, other) in enumerate(pairs))


def _orthonormal(family: Sequence[V], algebra: Algebra[S, V]) -> tuple[Side[S], ...]:
    return tuple(
        Side(Relation.EQ, algebra.inner(family[j], family[k]), algebra.scalar(int(j == k)), f"vectors {j}, {k}")
        for j in range(len(family))
        for k in range(j + 1)
    )
