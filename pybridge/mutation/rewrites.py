"""Small mistakes: every other term or proposition that one slip makes of a node.

In: a node, the variables in scope and the definitions that may be called.  Out: pairs of a label and the node it becomes.
What a rule makes has the sort and the space of what it changes, so that the statement around it stays well-formed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from typing_extensions import assert_never

from pybridge import ir

Scope: TypeAlias = Mapping[str, ir.Kind]
Definitions: TypeAlias = Mapping[str, ir.Definition]

ZERO, ONE = ir.Nat(0), ir.Nat(1)


def slips(
    node: ir.Term | ir.Proposition, scope: Scope, definitions: Definitions
) -> Iterator[tuple[str, ir.Term | ir.Proposition]]:
    """Yield what one slip makes of ``node``, each with a label that is unique among them."""
    if isinstance(node, ir.SCALARS):
        yield from _scalar(node, scope, definitions)
    elif isinstance(node, ir.VECTORS):
        yield from _vector(node, scope, definitions)
    else:
        yield from _proposition(node)


def _scalar(term: ir.Scalar, scope: Scope, definitions: Definitions) -> Iterator[tuple[str, ir.Scalar]]:
    match term:
        case ir.Nat(value):
            yield "one-more", ir.Nat(value + 1)
            if value:
                yield "one-less", ir.Nat(value - 1)
        case ir.Var(name):
            yield from ((f"to-{other}", ir.Var(other)) for other in _others(name, scope))
            yield "to-0", ZERO
        case ir.Card():
            yield "one-less", ir.Sub(term, ONE)
        case ir.Add(left, right):
            yield "to-minus", ir.Sub(left, right)
            yield "without-left", right
            yield "without-right", left
        case ir.Sub(left, right):
            yield "to-plus", ir.Add(left, right)
            yield "without-left", ir.Neg(right)
            yield "without-right", left
        case ir.Mul(left, right):
            yield "negated", ir.Mul(ir.Neg(left), right)
            yield "without-left", right
            yield "without-right", left
        case ir.Div(left, right):
            yield "negated", ir.Div(ir.Neg(left), right)
            yield "without-divisor", left
        case ir.Neg(arg) | ir.Inv(arg) | ir.Abs(arg):
            yield "without", arg
        case ir.Sqrt(arg):
            yield "without", arg
            if isinstance(arg, ir.Add):
                yield "right-moved-out", ir.Add(ir.Sqrt(arg.left), arg.right)
        case ir.Pow(base, exponent):
            yield "one-more", ir.Pow(base, exponent + 1)
            if exponent:
                yield "one-less", base if exponent == 2 else ir.Pow(base, exponent - 1)
        case ir.Inner(left, right):
            yield "left-twice", ir.Inner(left, left)
            yield "right-twice", ir.Inner(right, right)
        case ir.Norm(vector):
            yield "squared", ir.Inner(vector, vector)
        case ir.Component(vector, position):
            yield from ((f"at-{other}", ir.Component(vector, other)) for other in _others(position, scope))
        case ir.Sum(_, index, _):
            yield "averaged", ir.Div(term, ir.Card(index))
        case ir.Call(name, indices, args):
            for label, swapped in _swapped(indices, args):
                yield label, ir.Call(name, indices, swapped)
            for other in _namesakes(name, definitions):
                yield f"to-{_short(other)}", ir.Call(other, indices, args)
        case ir.Apply():
            yield "negated", ir.Neg(term)
        case ir.InfDist(point, _):
            yield "from-0", ir.Norm(point)
        case _:
            assert_never(term)


def _vector(term: ir.Vector, scope: Scope, definitions: Definitions) -> Iterator[tuple[str, ir.Vector]]:
    match term:
        case ir.VVar(name):
            yield from ((f"to-{other}", ir.VVar(other)) for other in _others(name, scope))
            kind = scope[name]
            if isinstance(kind, ir.VectorKind):
                yield "to-0", ir.Zero(kind.space)
        case ir.Zero(space):
            for name, kind in scope.items():
                if kind == ir.VectorKind(space):
                    yield f"to-{name}", ir.VVar(name)
        case ir.VAdd(left, right):
            yield "to-minus", ir.VSub(left, right)
            yield "without-left", right
            yield "without-right", left
        case ir.VSub(left, right):
            yield "to-plus", ir.VAdd(left, right)
            yield "without-left", ir.VNeg(right)
            yield "without-right", left
        case ir.VNeg(arg):
            yield "without", arg
        case ir.Smul(scalar, vector):
            yield "negated", ir.Smul(ir.Neg(scalar), vector)
            yield "without-scalar", vector
        case ir.Build():
            pass
        case ir.VSum(_, index, _):
            yield "averaged", ir.Smul(ir.Inv(ir.Card(index)), term)
        case ir.Member(family, position):
            yield from ((f"at-{other}", ir.Member(family, other)) for other in _others(position, scope))
        case ir.VCall(name, indices, args):
            yield from ((label, ir.VCall(name, indices, swapped)) for label, swapped in _swapped(indices, args))
            yield from ((f"to-{_short(other)}", ir.VCall(other, indices, args)) for other in _namesakes(name, definitions))
            if len(indices) == 1:  # then all vectors there are of one space
                for parameter, argument in zip(definitions[name].parameters, args, strict=True):
                    if isinstance(argument, ir.VECTORS):
                        yield f"to-argument-{parameter.name}", argument
        case ir.VApply() | ir.Adjoint() | ir.Gradient() | ir.FDeriv():
            yield "negated", ir.VNeg(term)
        case ir.Channel(vector, position, index):
            yield from ((f"at-{other}", ir.Channel(vector, other, index)) for other in _others(position, scope))
        case ir.Channels():
            pass
        case ir.Project(generators, arg):
            yield "without", arg
            yield "complement", ir.VSub(arg, term)
            if len(generators) > 1:
                for number in range(len(generators)):
                    fewer = (*generators[:number], *generators[number + 1 :])
                    yield f"without-generator-{number}", ir.Project(fewer, arg)
        case _:
            assert_never(term)


def _proposition(proposition: ir.Proposition) -> Iterator[tuple[str, ir.Proposition]]:
    """A proposition that the given one does not imply."""
    match proposition:
        case ir.Eq(left, right):
            yield "to-unequal", ir.Ne(left, right)
            yield "to-less", ir.Lt(left, right)
            yield "to-greater", ir.Lt(right, left)
        case ir.Ne(left, right):
            yield "to-equal", ir.Eq(left, right)
        case ir.Lt(left, right):
            yield "to-equal", ir.Eq(left, right)
            yield "reversed", ir.Lt(right, left)
        case ir.Le(left, right):
            yield "to-equal", ir.Eq(left, right)
            yield "to-less", ir.Lt(left, right)
            yield "reversed", ir.Le(right, left)
        case ir.VectorEq(first, second):
            yield "to-unequal", ir.VectorNe(first, second)
        case ir.VectorNe(first, second):
            yield "to-equal", ir.VectorEq(first, second)
        case ir.Orthonormal():
            pass
        case ir.And() | ir.HasGradientAt() | ir.HasDerivAt() | ir.HasFDerivAt():
            pass
        case ir.ForAll() | ir.Eventually() | ir.OpNormLe() | ir.IsGreatest() | ir.Mem():
            pass
        case ir.Imp(_, after):
            yield "unconditional", after
        case ir.Iff(before, after):
            yield "only-left", before
            yield "only-right", after
        case _:
            assert_never(proposition)


def weaker(proposition: ir.Proposition) -> Iterator[tuple[str, ir.Proposition]]:
    """Yield what of a hypothesis is left when it is not dropped altogether, each with a label."""
    match proposition:
        case ir.Eq(left, right):
            yield "at-most", ir.Le(left, right)
            yield "at-least", ir.Le(right, left)
        case ir.Lt(left, right):
            yield "or-equal", ir.Le(left, right)
            yield "unequal", ir.Ne(left, right)
        case ir.And(before, after):
            yield "only-left", before
            yield "only-right", after
        case ir.Iff() | ir.Ne() | ir.Le() | ir.VectorEq() | ir.VectorNe() | ir.Orthonormal():
            pass
        case ir.Imp() | ir.Mem() | ir.Eventually():
            pass
        case ir.HasGradientAt() | ir.HasDerivAt() | ir.HasFDerivAt() | ir.ForAll() | ir.OpNormLe() | ir.IsGreatest():
            pass
        case _:
            assert_never(proposition)


def _others(name: str, scope: Scope) -> list[str]:
    """The other variables in scope of the kind that ``name`` has."""
    return [other for other, kind in scope.items() if other != name and kind == scope[name]]


def _swapped(indices: tuple[str, ...], args: tuple[ir.Term, ...]) -> Iterator[tuple[str, tuple[ir.Term, ...]]]:
    """The arguments with two of one sort exchanged; vectors only where all are of one space."""
    for first in range(len(args)):
        for second in range(first + 1, len(args)):
            one, other = args[first], args[second]
            scalars = isinstance(one, ir.SCALARS) and isinstance(other, ir.SCALARS)
            vectors = isinstance(one, ir.VECTORS) and isinstance(other, ir.VECTORS) and len(indices) == 1
            if (scalars or vectors) and one != other:
                swapped = list(args)
                swapped[first], swapped[second] = other, one
                yield f"swapped-{first}-{second}", tuple(swapped)


def _namesakes(name: str, definitions: Definitions) -> Iterator[str]:
    """The other definitions that take and give what this one does."""
    wanted = _signature(definitions[name])
    return (other for other, definition in definitions.items() if other != name and _signature(definition) == wanted)


def _signature(definition: ir.Definition) -> tuple[object, ...]:
    names = {index.name: str(number) for number, index in enumerate(definition.indices)}
    kinds = tuple(
        (names[p.kind.space.index],) if isinstance(p.kind, ir.VectorKind) and isinstance(p.kind.space, ir.Euclidean) else p.kind
        for p in definition.parameters
    )
    return (len(names), kinds, isinstance(definition.body, ir.SCALARS))


def _short(name: str) -> str:
    return name.rpartition(".")[2]
