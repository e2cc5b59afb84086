"""The value of a term in any algebra.

In: a term, an algebra, and an environment that gives every index type its size and every variable its value.  Out: a scalar
or vector of the algebra.  It is run as a program (``lowering.py``, ``machine.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar, overload

from pybridge import ir
from pybridge.algebras.base import Algebra, Relation, S, V
from pybridge.semantics.environment import Environment
from pybridge.semantics.machine import Machine, machine_of
from pybridge.semantics.program import Coordinates, Node

C = TypeVar("C", bound="Side[Any] | Coordinatewise[Any]")


@dataclass(frozen=True, slots=True)
class Side(Generic[S]):
    """One comparison of a proposition: ``left`` ``relation`` ``right``; ``place`` says which coordinate or pair it is."""

    relation: Relation
    left: S
    right: S
    place: str


@dataclass(frozen=True, slots=True)
class Coordinatewise(Generic[V]):
    """A comparison for each coordinate of two vectors; ``place`` is said behind the coordinate."""

    relation: Relation
    left: V
    right: V
    place: str = ""

    def side(self, number: int, left: S, right: S) -> Side[S]:
        """That of one coordinate."""
        found = Side(self.relation, left, right, f"coordinate {number}")
        return placed(found, self.place) if self.place else found

    def sides(self, algebra: Algebra[S, V]) -> tuple[Side[S], ...]:
        """All of them."""
        pairs = zip(algebra.components(self.left), algebra.components(self.right), strict=True)
        return tuple(self.side(number, *pair) for number, pair in enumerate(pairs))


def placed(side: C, place: str) -> C:
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
        machine = machine_of(algebra, environment, definitions)
        return machine.scalar(term) if isinstance(term, ir.SCALARS) else machine.vector(term)


def of_program(machine: Machine[Any, Any], program: Node | Coordinates) -> Any:
    """The value of what is lowered already: a scalar, or a vector."""
    return machine.coordinates(program) if isinstance(program, Coordinates) else machine.number(program)
