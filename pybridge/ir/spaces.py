"""The space a vector lies in, read off the term that makes it."""

from __future__ import annotations

from collections.abc import Mapping

from typing_extensions import assert_never

from pybridge.ir.declarations import Definition
from pybridge.ir.kinds import (
    Abstract,
    ChannelSpace,
    Euclidean,
    FamilyKind,
    FieldKind,
    Kind,
    OperatorKind,
    PositionKind,
    ScalarKind,
    Space,
    VectorKind,
)
from pybridge.ir.scalars import SCALARS
from pybridge.ir.vectors import (
    Adjoint,
    Build,
    Channel,
    Channels,
    FDeriv,
    Gradient,
    Member,
    Project,
    Smul,
    VAdd,
    VApply,
    VCall,
    Vector,
    VNeg,
    VSub,
    VSum,
    VVar,
    Zero,
)


def renamed(space: Space, indices: Mapping[str, str]) -> Space:
    """``space`` with other names for its index types."""
    match space:
        case Euclidean(index):
            return Euclidean(indices[index])
        case ChannelSpace(family, inner):
            return ChannelSpace(indices[family], renamed(inner, indices))
        case Abstract():
            return space
        case _:
            assert_never(space)


def axes_of_space(space: Space) -> tuple[str, ...]:
    """The index types that an array of the space's numbers has axes for, the outermost first; an abstract space is one."""
    match space:
        case Euclidean(index):
            return (index,)
        case ChannelSpace(family, inner):
            return (family, *axes_of_space(inner))
        case Abstract(name):
            return (name,)
        case _:
            assert_never(space)


def space_of(term: Vector, kinds: Mapping[str, Kind], definitions: Mapping[str, Definition]) -> Space:
    """The space of a vector, where its variables are of these kinds."""
    match term:
        case VVar(name) | Member(name, _) | VApply(name, _) | Adjoint(name, _):
            match kinds[name]:
                case OperatorKind(domain, codomain):
                    return domain if isinstance(term, Adjoint) else codomain
                case VectorKind(space) | FamilyKind(_, space) | FieldKind(space):
                    return space
                case kind:
                    raise TypeError(f"{name} is of kind {kind}")  # decode makes no such term
        case Zero(space) | Channel(_, _, space):
            return space
        case VAdd(part, _) | VSub(part, _) | VNeg(part) | Smul(_, part) | Project(_, part) | Gradient(_, _, part):
            return space_of(part, kinds, definitions)
        case Build(_, index, _):
            return Euclidean(index)
        case VSum(variable, index, body):
            return space_of(body, {**kinds, variable: PositionKind(index)}, definitions)
        case Channels(variable, index, body):
            return ChannelSpace(index, space_of(body, {**kinds, variable: PositionKind(index)}, definitions))
        case FDeriv(bound, body, _, _):
            return space_of(body, {**kinds, bound.name: bound.kind}, definitions)
        case VCall(name, indices, _):
            called = definitions[name]
            match result_of(called, definitions):
                case VectorKind(space):
                    return renamed(space, dict(zip((index.name for index in called.indices), indices, strict=True)))
                case kind:
                    raise TypeError(f"{name} is of kind {kind}")  # decode makes no such term
        case _:
            assert_never(term)


def result_of(definition: Definition, definitions: Mapping[str, Definition]) -> VectorKind | ScalarKind:
    """The kind of what a definition gives."""
    body = definition.body
    if isinstance(body, SCALARS):
        return ScalarKind()
    kinds = {parameter.name: parameter.kind for parameter in definition.parameters}
    return VectorKind(space_of(body, kinds, definitions))
