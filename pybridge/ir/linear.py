"""Whether a term is linear in some of its variables, as far as its form says so.

A form in no table is taken for none: what is refused may be linear, what is taken certainly is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from pybridge.ir.declarations import Definition
from pybridge.ir.propositions import PROPOSITIONS, Proposition
from pybridge.ir.scalars import Add, Call, Component, Div, Inner, Mul, Nat, Neg, OpNorm, Sub, Sum, Var
from pybridge.ir.terms import Term
from pybridge.ir.traverse import names, subterms, terms
from pybridge.ir.vectors import (
    Adjoint,
    Build,
    Channel,
    Channels,
    FDeriv,
    Project,
    Smul,
    VAdd,
    VApply,
    VCall,
    VNeg,
    VSub,
    VSum,
    VVar,
    Zero,
)


def is_linear(
    term: Term,
    variables: frozenset[str],
    definitions: Mapping[str, Definition],
    fields: AbstractSet[str] = frozenset(),
) -> bool:
    """Whether a term is linear in these variables together, all of them vectors or numbers.

    Parameters
    ----------
    term
        A number or a vector.
    variables
        Their names.  A variable that the term binds has none of these.
    definitions
        Those it calls, and they call.
    fields
        Which of the functions that are applied are no operators.
    """
    return _Form(definitions, fields).linear(term, variables)


@dataclass(frozen=True, slots=True)
class _Form:
    definitions: Mapping[str, Definition]
    fields: AbstractSet[str]

    def linear(self, term: Term, moving: frozenset[str]) -> bool:
        match term:
            case Var(name) | VVar(name):
                return name in moving
            case Zero() | Nat(0):
                return True
            case Add(left, right) | Sub(left, right):
                return self.linear(left, moving) and self.linear(right, moving)
            case VAdd(first, second) | VSub(first, second):
                return self.linear(first, moving) and self.linear(second, moving)
            case Neg(number):
                return self.linear(number, moving)
            case VNeg(arg) | Adjoint(_, arg) | Component(arg, _) | Channel(arg, _, _):
                return self.linear(arg, moving)
            case VApply(function, arg):
                return function not in self.fields and self.linear(arg, moving)
            case Sum(_, _, body) | Build(_, _, body):
                return self.linear(body, moving)
            case VSum(_, _, vector) | Channels(_, _, vector):
                return self.linear(vector, moving)
            case Mul(left, right):
                return self._product(left, right, moving)
            case Smul(scalar, vector):
                return self._product(scalar, vector, moving)
            case Inner(first, second):
                return self._product(first, second, moving)
            case Div(left, right):
                return _still(right, moving) and self.linear(left, moving)
            case Project(generators, arg):
                return all(_still(one, moving) for one in generators) and self.linear(arg, moving)
            case FDeriv(_, body, point, direction):
                return _still(body, moving) and _still(point, moving) and self.linear(direction, moving)
            case Call(name, _, args) | VCall(name, _, args):
                return self._called(self.definitions[name], args, moving)
            case _:
                return False

    def _product(self, one: Term, other: Term, moving: frozenset[str]) -> bool:
        return (_still(one, moving) and self.linear(other, moving)) or (_still(other, moving) and self.linear(one, moving))

    def _called(self, definition: Definition, args: tuple[Term, ...], moving: frozenset[str]) -> bool:
        """A call: linear in what moves, and the body linear in the parameters that move."""
        given = dict(zip((parameter.name for parameter in definition.parameters), args, strict=True))
        moved = frozenset(name for name, arg in given.items() if not _still(arg, moving))
        return all(self.linear(given[name], moving) for name in moved) and self.linear(definition.body, moved)


def _still(term: Term, moving: frozenset[str]) -> bool:
    """Whether a term has none of the variables in it."""
    return moving.isdisjoint(names(term))


def op_norms(stated: Term | Proposition) -> Iterator[OpNorm]:
    """The norms of operators in a term or a proposition."""
    roots = terms(stated) if isinstance(stated, PROPOSITIONS) else (stated,)
    return (part for root in roots for part in subterms(root) if isinstance(part, OpNorm))


def norms_are_linear(
    stated: Term | Proposition, definitions: Mapping[str, Definition], fields: AbstractSet[str] = frozenset()
) -> bool:
    """Whether every norm of an operator in a term or a proposition is of a linear map."""
    return all(is_linear(norm.body, frozenset((norm.variable.name,)), definitions, fields) for norm in op_norms(stated))
