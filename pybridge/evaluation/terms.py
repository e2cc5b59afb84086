"""Which parts of a statement are worth a number of their own: summands and factors of its sides, and what these are made of.

In: a conclusion.  Out: terms about the theorem's variables, each once, in reading order: factors and summands first, then the
values of definitions, inner products, norms and sums within them.  What stands within a binder has no value of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from typing_extensions import assert_never

from pybridge import ir
from pybridge.ir.traverse import children, names

_ATOMS = (ir.Nat, ir.Var, ir.VVar, ir.Card, ir.Zero)
_QUANTITIES = (
    *(ir.Call, ir.VCall, ir.Inner, ir.Norm, ir.Sum, ir.InfDist, ir.OpNorm),
    *(ir.Apply, ir.VApply, ir.Project, ir.Gradient),
)
_BINDERS = (ir.Sum, ir.VSum, ir.Build, ir.Channels, ir.Gradient, ir.FDeriv, ir.OpNorm)


def parts(proposition: ir.Proposition, variables: frozenset[str]) -> tuple[ir.Term, ...]:
    """The terms to show of a proposition about variables of these names."""
    every = tuple(_sides(proposition))
    sides = [side for side in every if _about(side, variables)]
    found: dict[ir.Term, None] = {}
    for side in sides:
        factors = tuple(_factors(side))
        found.update(dict.fromkeys(part for factor in factors for part in _summands(factor)))
    for side in every:
        found.update(dict.fromkeys(_quantities(side, variables)))
    return tuple(one for one in found if one not in sides and not isinstance(one, _ATOMS))


def _sides(proposition: ir.Proposition) -> Iterator[ir.Term]:
    """What stands on both sides, and what is claimed of a derivative; not what binders bind."""
    match proposition:
        case ir.Eq(left, right) | ir.Ne(left, right) | ir.Lt(left, right) | ir.Le(left, right):
            yield from (left, right)
        case ir.VectorEq(first, second) | ir.VectorNe(first, second):
            yield from (first, second)
        case ir.And(before, after) | ir.Iff(before, after) | ir.Imp(before, after):
            yield from (*_sides(before), *_sides(after))
        case ir.HasGradientAt(_, _, gradient, point):
            yield from (gradient, point)
        case ir.HasDerivAt(_, _, derivative, _):
            yield derivative
        case ir.IsGreatest(_, _, _, value):
            yield value
        case ir.Mem(vector, _):
            yield vector
        case ir.OpNormLe(_, bound):
            yield bound
        case ir.ForAll(variable, body) if isinstance(variable.kind, ir.PositionKind):
            yield from _sides(body)
        case ir.HasFDerivAt() | ir.ForAll() | ir.Eventually() | ir.Orthonormal():
            return
        case _:
            assert_never(proposition)


def _about(term: ir.Term, variables: frozenset[str]) -> bool:
    """Whether all names in a term are those of variables, but for what it binds itself."""
    return names(term) - _bound(term) <= variables


def _bound(term: ir.Term) -> frozenset[str]:
    own: frozenset[str] = frozenset()
    match term:
        case ir.Sum(name) | ir.VSum(name) | ir.Build(name) | ir.Channels(name):
            own = frozenset((name,))
        case ir.Gradient(variable) | ir.FDeriv(variable) | ir.OpNorm(variable):
            own = frozenset((variable.name,))
        case _:
            pass
    return own.union(*map(_bound, children(term)))


def _factors(term: ir.Term) -> Iterator[ir.Term]:
    """The factors of a product one of which is a sum; else the term."""
    if isinstance(term, ir.Mul | ir.Smul | ir.Div) and _has_sum(term):
        left, right = children(term)
        yield from _factors(left)
        yield from (right,) if isinstance(term, ir.Div) else _factors(right)
    else:
        yield term


def _has_sum(term: ir.Term) -> bool:
    match term:
        case ir.Add() | ir.Sub() | ir.VAdd() | ir.VSub():
            return True
        case ir.Neg(inner):
            return _has_sum(inner)
        case ir.VNeg(vector):
            return _has_sum(vector)
        case ir.Mul(left, right):
            return _has_sum(left) or _has_sum(right)
        case ir.Smul(scalar, vector):
            return _has_sum(scalar) or _has_sum(vector)
        case ir.Div(left, _):
            return _has_sum(left)
        case _:
            return False


def _summands(term: ir.Term) -> Iterator[ir.Term]:
    match term:
        case ir.Add(left, right) | ir.Sub(left, right):
            yield from (*_summands(left), *_summands(right))
        case ir.VAdd(first, second) | ir.VSub(first, second):
            yield from (*_summands(first), *_summands(second))
        case ir.Neg(inner):
            yield from _summands(inner)
        case ir.VNeg(vector):
            yield from _summands(vector)
        case _:
            yield term


def _quantities(term: ir.Term, variables: frozenset[str]) -> Iterator[ir.Term]:
    """What has a name or a sign of its own, the outermost first."""
    if isinstance(term, _QUANTITIES) and _about(term, variables):
        yield term
    if not isinstance(term, _BINDERS):
        for child in children(term):
            yield from _quantities(child, variables)
