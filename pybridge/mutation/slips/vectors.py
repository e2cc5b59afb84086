"""Slips where a vector stands."""

from __future__ import annotations

from collections.abc import Iterator

from typing_extensions import assert_never

from pybridge import ir
from pybridge.ir.occurrences import Place
from pybridge.ir.spaces import result_of
from pybridge.mutation.slips.shared import (
    averaged,
    called,
    elsewhere,
    instead,
    namesakes,
    negated,
    of_difference,
    of_sum,
    others,
    swapped,
)
from pybridge.mutation.slips.slip import Definitions, Slip
from pybridge.notation.render import text


def of_vector(term: ir.Vector, place: Place, definitions: Definitions) -> Iterator[Slip[ir.Vector]]:
    """Yield the slips at a term of sort vector, those that are likely in a kernel first."""
    match term:
        case ir.VVar(name):
            for other in others(name, place.scope):
                yield instead(other, name, ir.VVar(other))
            kind = place.scope[name]
            if isinstance(kind, ir.VectorKind):
                yield Slip("to-0", f"`{name}` is taken for 0", ir.Zero(kind.space))
        case ir.Zero(space):
            for name, kind in place.scope.items():
                if kind == ir.VectorKind(space):
                    yield instead(name, "0", ir.VVar(name))
        case ir.VAdd(left, right):
            yield from of_sum(left, right, minus=ir.VSub(left, right))
        case ir.VSub(left, right):
            yield from of_difference(left, right, plus=ir.VAdd(left, right), opposite=ir.VNeg(right))
        case ir.VNeg(arg):
            yield Slip("without", f"the `-` before `{text(arg)}` is missing", arg)
        case ir.Smul(scalar, vector):
            yield Slip("without-scalar", f"the factor `{text(scalar)}` is missing", vector, likely=True)
            yield negated(ir.Smul(ir.Neg(scalar), vector))
        case ir.Build():
            pass
        case ir.VSum(_, index, _):
            yield averaged(term, ir.Smul(ir.Inv(ir.Card(index)), term))
        case ir.Member(family, position):
            for other in others(position, place.scope):
                yield elsewhere(term, other, ir.Member(family, other))
        case ir.VCall():
            yield from _of_call(term, definitions)
        case ir.VApply() | ir.Adjoint() | ir.Gradient() | ir.FDeriv():
            yield negated(ir.VNeg(term))
        case ir.Channel(vector, position, space):
            for other in others(position, place.scope):
                yield elsewhere(term, other, ir.Channel(vector, other, space))
        case ir.Channels():
            pass
        case ir.Project(generators, arg):
            yield Slip("without", f"the projection of `{text(arg)}` is missing", arg)
            yield Slip("complement", f"`{text(arg)}` is projected onto the complement", ir.VSub(arg, term))
            if len(generators) > 1:
                for number, generator in enumerate(generators):
                    fewer = ir.Project((*generators[:number], *generators[number + 1 :]), arg)
                    yield Slip(f"without-generator-{number}", f"`{text(generator)}` is missing in the span", fewer)
        case _:
            assert_never(term)


def _of_call(term: ir.VCall, definitions: Definitions) -> Iterator[Slip[ir.Vector]]:
    name, indices, args = term.name, term.indices, term.args
    for label, said, arguments in swapped(term, definitions):
        yield Slip(label, said, ir.VCall(name, indices, arguments))
    for other in namesakes(name, definitions):
        yield called(other, name, ir.VCall(other, indices, args))
    result = result_of(definitions[name], definitions)
    for parameter, argument in zip(definitions[name].parameters, args, strict=True):
        if isinstance(argument, ir.VECTORS) and parameter.kind == result:
            said = f"`{text(argument)}` stands in place of `{text(term)}`"
            yield Slip(f"to-argument-{parameter.name}", said, argument)
