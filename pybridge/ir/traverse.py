"""Questions about the shape of a term that need no meaning: its children, its height."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from typing_extensions import assert_never

from pybridge.ir import (
    Abs,
    Add,
    Adjoint,
    And,
    Apply,
    Build,
    Call,
    Card,
    Channel,
    Channels,
    Component,
    Div,
    Eq,
    Eventually,
    FDeriv,
    ForAll,
    Gradient,
    HasDerivAt,
    HasFDerivAt,
    HasGradientAt,
    Iff,
    Imp,
    InfDist,
    Inner,
    Inv,
    IsGreatest,
    Le,
    Lt,
    Mem,
    Member,
    Mul,
    Nat,
    Ne,
    Neg,
    Norm,
    OpNorm,
    OpNormLe,
    Orthonormal,
    Pow,
    Project,
    Proposition,
    Smul,
    Sqrt,
    Sub,
    Sum,
    Term,
    VAdd,
    VApply,
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
        case Norm(arg) | VNeg(arg) | Apply(_, arg) | VApply(_, arg) | Adjoint(_, arg):
            return (arg,)
        case Pow(base, _):
            return (base,)
        case Component(vector, _) | Channel(vector, _, _) | InfDist(vector, _):
            return (vector,)
        case Project(generators, arg):
            return (*generators, arg)
        case Gradient(_, body, point):
            return (body, point)
        case FDeriv(_, body, point, direction):
            return (body, point, direction)
        case Smul(scalar, vector):
            return (scalar, vector)
        case Sum(_, _, body) | Build(_, _, body):
            return (body,)
        case VSum(_, _, body) | Channels(_, _, body) | OpNorm(_, body):
            return (body,)
        case Call(_, _, args) | VCall(_, _, args):
            return args
        case _:
            assert_never(term)


def terms(proposition: Proposition) -> tuple[Term, ...]:
    """The terms a proposition is about, left to right."""
    match proposition:
        case Eq(left, right) | Ne(left, right) | Lt(left, right) | Le(left, right):
            return (left, right)
        case VectorEq(left, right) | VectorNe(left, right):
            return (left, right)
        case Orthonormal():
            return ()
        case And(left, right) | Iff(left, right) | Imp(left, right):
            return (*terms(left), *terms(right))
        case HasGradientAt(_, body, gradient, point):
            return (body, gradient, point)
        case HasDerivAt(_, body, derivative, point):
            return (body, derivative, point)
        case HasFDerivAt(_, body, _, derivative, points):
            return (body, derivative, *points)
        case Mem(vector, _):
            return (vector,)
        case ForAll(_, inner):
            return terms(inner)
        case Eventually(_, point, inner):
            return (point, *terms(inner))
        case OpNormLe(_, bound):
            return (bound,)
        case IsGreatest(_, constraint, body, value):
            return (*terms(constraint), body, value)
        case _:
            assert_never(proposition)


def names(term: Term) -> frozenset[str]:
    """The names of all variables that occur in ``term``, bound positions among them."""
    own: frozenset[str]
    match term:
        case Var(name) | VVar(name):
            own = frozenset((name,))
        case Member(family, position):
            own = frozenset((family, position))
        case Component(_, position) | Channel(_, position, _):
            own = frozenset((position,))
        case InfDist(_, region):
            own = frozenset((region,))
        case Apply(function, _) | VApply(function, _):
            own = frozenset((function,))
        case Adjoint(operator, _):
            own = frozenset((operator,))
        case _:
            own = frozenset()
    return own.union(*(names(child) for child in children(term)))


def free_positions(term: Term, known: dict[int, frozenset[str]]) -> frozenset[str]:
    """The positions that occur free in ``term``; ``known`` keeps those found, by the identity of the subterms."""
    if (found := known.get(id(term))) is None:
        found = frozenset().union(*(free_positions(child, known) for child in children(term)))
        if isinstance(term, Component | Member | Channel):
            found |= {term.position}
        elif isinstance(term, Sum | VSum | Build | Channels):
            found -= {term.variable}
        known[id(term)] = found
    return found


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


def mentioned(proposition: Proposition) -> frozenset[str]:
    """The names of all variables that occur in a proposition, bound ones among them."""
    own: frozenset[str]
    match proposition:
        case Orthonormal(name) | OpNormLe(name, _) | Mem(_, name):
            own = frozenset((name,))
        case And(left, right) | Iff(left, right) | Imp(left, right):
            own = mentioned(left) | mentioned(right)
        case ForAll(_, inner) | Eventually(_, _, inner) | IsGreatest(_, inner, _, _):
            own = mentioned(inner)
        case _:
            own = frozenset()
    return own.union(*(names(term) for term in terms(proposition)))
