"""Operators to try on a statement about the greatest value over all operators of bounded norm.

Where the value depends on the adjoint at one vector, the operator that matters maps onto the line of that vector: of rank
one, as long as the bound allows.  Just inside the bound it certainly satisfies it, and must not exceed the greatest value; on
the bound it attains it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Generic

from flint import fmpq

from pybridge import ir
from pybridge.algebras.base import Algebra, NotInAlgebra, S, V, unit
from pybridge.ir.traverse import names, subterms
from pybridge.semantics.directions import drawn
from pybridge.semantics.environment import Environment, dimension_of
from pybridge.semantics.operators import RankOne
from pybridge.semantics.values import evaluate

INSIDE = 1 - fmpq(1, 2**40)
"""How much of the bound the operators take that have to be certainly within it."""


@dataclass(frozen=True, slots=True)
class Candidate(Generic[S, V]):
    """An environment in which the operator has a value; ``attains`` is whether the greatest value may be reached there."""

    environment: Environment[S, V]
    attains: bool
    place: str


def candidates(
    proposition: ir.IsGreatest,
    algebra: Algebra[S, V],
    environment: Environment[S, V],
    definitions: Mapping[str, ir.Definition],
) -> Iterator[Candidate[S, V]]:
    """Yield operators to try; none where the statement is not about the adjoint of an operator of bounded norm.

    Raises
    ------
    NotInAlgebra
        The vector the adjoint is applied to has no norm in this algebra.
    """
    match proposition:
        case ir.IsGreatest(ir.Variable(name, ir.OperatorKind(domain, _)), ir.OpNormLe(constrained, limit), body, _):
            applied = _applied(name, body)
        case _:
            return
    if constrained != name or applied is None:
        return
    at = evaluate(applied, algebra, environment, definitions)
    bound = evaluate(limit, algebra, environment, definitions)
    into = dimension_of(domain, environment.sizes)
    with algebra.context():
        size = algebra.dimension(at)
        inside = algebra.multiply(algebra.scalar(INSIDE), bound)
        first = algebra.vector([int(k == 0) for k in range(size)])
        axis = algebra.vector([int(k == 0) for k in range(into)])
        tried = (
            (at, axis, bound, True, "the operator along the vector its adjoint is applied to"),
            (first, axis, bound, True, "the operator along the first coordinate"),
            (at, axis, inside, False, "just inside the bound, along the vector the adjoint is applied to"),
            (
                algebra.vector(drawn(size, 0)),
                algebra.vector(drawn(into, 1)),
                inside,
                False,
                "a drawn operator inside the bound",
            ),
        )
        for column, row, length, attains, place in tried:
            matrix = _rank_one(algebra, column, row, length, into)
            yield Candidate(environment.changed("operators", {name: matrix}), attains, place)


def attained(
    proposition: ir.IsGreatest,
    algebra: Algebra[S, V],
    environment: Environment[S, V],
    definitions: Mapping[str, ir.Definition],
) -> S:
    """The greatest value, as the body has it at the operator that attains it; that it is the greatest is for others to judge.

    Raises
    ------
    NotInAlgebra
        No operator is known to attain it, or its entries are not in this algebra.
    """
    for candidate in candidates(proposition, algebra, environment, definitions):
        if candidate.attains:
            return evaluate(proposition.body, algebra, candidate.environment, definitions)
    raise NotInAlgebra(type(algebra).__name__, "the greatest value over operators", hint="no operator is known to attain it")


def largest_is_tried(proposition: ir.IsGreatest) -> bool:
    """Whether one of the candidates that attain has the greatest value of the body there is, where one is within the bound.

    So it is where the body is ‖X† a‖, or a power of it: by ‖X† a‖ ≤ ‖X‖ ‖a‖ nothing exceeds the operator along a, and where
    a = 0 all have the same value.
    """
    match proposition.body:
        case ir.Pow(ir.Norm(arg), _) | ir.Norm(arg):
            pass
        case ir.Inner(arg, other) if arg == other:
            pass
        case _:
            return False
    inner = arg.arg if isinstance(arg, ir.VNeg) else arg
    name = proposition.variable.name
    return isinstance(inner, ir.Adjoint) and inner.operator == name and name not in names(inner.arg)


def norm_bound(
    proposition: ir.IsGreatest,
    algebra: Algebra[S, V],
    environment: Environment[S, V],
    definitions: Mapping[str, ir.Definition],
) -> S | None:
    """What the constraint bounds the norm by; where it is negative, no operator satisfies it."""
    match proposition.constraint:
        case ir.OpNormLe(_, limit):
            return evaluate(limit, algebra, environment, definitions)
        case _:
            return None


def _rank_one(algebra: Algebra[S, V], column: V, row: V, length: S, domain: int) -> RankOne[V]:
    """The operator ``v ↦ length ⟪row, v⟫ column``, both vectors brought to norm 1."""
    along = algebra.smul(length, unit(algebra, column))
    return RankOne(along, unit(algebra, row), domain, algebra.dimension(column))


def _applied(name: str, body: ir.Scalar) -> ir.Vector | None:
    """The vector that the adjoint of ``name`` is applied to first."""
    return next((term.arg for term in subterms(body) if isinstance(term, ir.Adjoint) and term.operator == name), None)
