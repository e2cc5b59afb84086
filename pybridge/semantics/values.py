"""The value of a term in any algebra.

In: a term, an algebra, and an environment that gives every index type its size and every variable its value.  Out: a scalar
or vector of the algebra.  It is run as a program (``lowering.py``, ``machine.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Generic, overload

from pybridge import ir
from pybridge.algebras.base import Algebra, Relation, S, V
from pybridge.semantics.environment import Environment
from pybridge.semantics.machine import Machine, lowering_of


@dataclass(frozen=True, slots=True)
class Side(Generic[S]):
    """One comparison of a proposition: ``left`` ``relation`` ``right``; ``place`` says which coordinate or pair it is."""

    relation: Relation
    left: S
    right: S
    place: str


def placed(side: Side[S], place: str) -> Side[S]:
    """The comparison with more said of its place."""
    return replace(side, place=f"{side.place}, {place}" if side.place else place)


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
        machine = Machine(algebra, environment, lowering_of(definitions))
        return machine.scalar(term) if isinstance(term, ir.SCALARS) else machine.vector(term)
