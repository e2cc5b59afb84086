"""Questions about the shape of a term that need no meaning: its children, its height."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from typing_extensions import assert_never

from pybridge.ir import (
    Abs,
    Add,
    And,
    Build,
    Call,
    Card,
    Component,
    Div,
    Eq,
    Iff,
    Inner,
    Inv,
    Le,
    Lt,
    Member,
    Mul,
    Nat,
    Ne,
    Neg,
    Norm,
    Orthonormal,
    Pow,
    Proposition,
    Smul,
    Sqrt,
    Sub,
    Sum,
    Term,
    VAdd,
    Var,
    VCall,
    VectorEq,
    VectorNe,
    VNeg,
    VSub,
    VSum,
    VVar,
    Zero,
)


def children(term: Term) -> tuple[Term, ...]:
    """The direct subterms, left to right; a call's are its arguments, not the definition's body."""
    match term:
        case Nat() | Var() | Card() | VVar() | Zero() | Member():
            return ()
        case Add(left, right) | Sub(left, right) | Mul(left, right) | Div(left, right):
            return (left, right)
        case VAdd(left, right) | VSub(left, right) | Inner(left, right):
            return (left, right)
        case Neg(arg) | Inv(arg) | Sqrt(arg) | Abs(arg):
            return (arg,)
        case Norm(arg) | VNeg(arg):
            return (arg,)
        case Pow(base, _):
            return (base,)
        case Component(vector, _):
            return (vector,)
        case Smul(scalar, vector):
            return (scalar, vector)
        case Sum(_, _, body) | Build(_, _, body):
            return (body,)
        case VSum(_, _, body):
            return (body,)
        case Call(_, _, args) | VCall(_, _, args):
            return args
        case _:
            assert_never(term)


def terms(proposition: Proposition) -> tuple[Term, ...]:
    """The terms a proposition compares, left to right."""
    match proposition:
        case Eq(left, right) | Ne(left, right) | Lt(left, right) | Le(left, right):
            return (left, right)
        case VectorEq(left, right) | VectorNe(left, right):
            return (left, right)
        case Orthonormal():
            return ()
        case And(left, right) | Iff(left, right):
            return (*terms(left), *terms(right))
        case _:
            assert_never(proposition)


def subterms(term: Term) -> Iterator[Term]:
    """``term`` and everything below it, in reading order."""
    yield term
    for child in children(term):
        yield from subterms(child)


def height(term: Term, definitions: Mapping[str, int]) -> int:
    """The longest way down through ``term``, definitions unfolded; ``definitions`` holds the heights of their bodies."""
    below = max((height(child, definitions) for child in children(term)), default=0)
    unfolded = definitions[term.name] if isinstance(term, Call | VCall) else 0
    return 1 + below + unfolded
