"""The dimension of the space a vector term lies in, found without computing the vector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Generic

from typing_extensions import assert_never

from pybridge import ir
from pybridge.algebras.base import S, V
from pybridge.semantics import operators
from pybridge.semantics.environment import Environment, dimension_of


@dataclass(frozen=True, slots=True)
class Dimensions(Generic[S, V]):
    """What the dimensions in one scope depend on.

    Parameters
    ----------
    vectors : Mapping[str, int]
        The dimension of every variable of kind vector.
    environment : Environment
        The sizes, families and functions of the scope; its scalars and vectors are not looked at.
    """

    definitions: Mapping[str, ir.Definition]
    environment: Environment[S, V]
    vectors: Mapping[str, int]

    def of(self, term: ir.Vector) -> int:
        """The dimension of the space ``term`` lies in."""
        sizes = self.environment.sizes
        match term:
            case ir.VVar(name):
                return self.vectors[name]
            case ir.Zero(space):
                return dimension_of(space, sizes)
            case ir.VAdd(left, _) | ir.VSub(left, _):
                return self.of(left)
            case ir.VNeg(arg) | ir.Smul(_, arg):
                return self.of(arg)
            case ir.Build(_, index, _) | ir.Channel(_, _, index):
                return sizes[index]
            case ir.VSum(_, _, body):
                return self.of(body)
            case ir.Member(family, _):
                return self.environment.families[family].dimension
            case ir.VCall(name, indices, args):
                return self.called(name, indices, args).of(vector_body(self.definitions, name))
            case ir.VApply(function, arg):
                if function in self.environment.fields:
                    return self.of(arg)
                return operators.codomain(self.environment.operators[function])
            case ir.Adjoint(operator, _):
                return operators.domain(self.environment.operators[operator])
            case ir.Channels(_, index, body):
                return sizes[index] * self.of(body)
            case ir.Project(_, arg) | ir.Gradient(_, _, arg):
                return self.of(arg)
            case ir.FDeriv(bound, body, point, _):
                return self.moving(bound.name, point).of(body)
            case _:
                assert_never(term)

    def called(self, name: str, indices: tuple[str, ...], args: tuple[ir.Term, ...]) -> Dimensions[S, V]:
        """Those in the body of a definition that is called."""
        definition = self.definitions[name]
        sizes = {inner.name: self.environment.sizes[index] for inner, index in zip(definition.indices, indices, strict=True)}
        given = zip(definition.parameters, args, strict=True)
        vectors = {parameter.name: self.of(arg) for parameter, arg in given if isinstance(arg, ir.VECTORS)}
        return Dimensions(self.definitions, Environment(sizes), vectors)

    def moving(self, name: str, point: ir.Vector) -> Dimensions[S, V]:
        """Those where the variable ``name`` moves from ``point``."""
        return replace(self, vectors={**self.vectors, name: self.of(point)})


def scalar_body(definitions: Mapping[str, ir.Definition], name: str) -> ir.Scalar:
    """The body of a definition of sort scalar."""
    if isinstance(body := definitions[name].body, ir.SCALARS):
        return body
    raise TypeError(f"{name} is no scalar")  # decode makes no such call


def vector_body(definitions: Mapping[str, ir.Definition], name: str) -> ir.Vector:
    """The body of a definition of sort vector."""
    if isinstance(body := definitions[name].body, ir.VECTORS):
        return body
    raise TypeError(f"{name} is no vector")  # decode makes no such call
