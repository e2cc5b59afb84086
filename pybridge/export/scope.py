"""The names a term may use, and the spaces and kinds that are made of them.

In: JSON nodes and the names that are declared where they stand.  Out: declared names, ``ir.Space`` and ``ir.Kind``, or an
``ExportInvalid`` that names the declaration and the path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from typing_extensions import assert_never

from pybridge import ir
from pybridge.export.nodes import At, open_node, shown, take_fields, text_of


@dataclass(frozen=True, slots=True)
class Scope:
    """The names a term may use: index types, abstract spaces, and variables with their kinds."""

    indices: frozenset[str]
    spaces: frozenset[str]
    variables: Mapping[str, ir.Kind]

    def bind(self, variable: str, index: str) -> Scope:
        """The scope under a binder."""
        return replace(self, variables={**self.variables, variable: ir.PositionKind(index)})

    def declare(self, *variables: ir.Variable) -> Scope:
        """The scope under a binder of variables of any kind."""
        return replace(self, variables={**self.variables, **{variable.name: variable.kind for variable in variables}})

    def index(self, value: object, at: At) -> str:
        """``value``, an index type that is declared."""
        if (name := text_of(value, at)) not in self.indices:
            at.refuse(f"the undeclared index type {name!r}")
        return name

    def kind(self, value: object, at: At) -> ir.Kind:
        """The kind of the variable ``value``."""
        if (name := text_of(value, at)) not in self.variables:
            at.refuse(f"the unknown variable {name!r}")
        return self.variables[name]

    def position(self, value: object, at: At) -> str:
        """The index type that the variable ``value`` is a position of."""
        if not isinstance(kind := self.kind(value, at), ir.PositionKind):
            at.refuse(f"{value!r} is a {noun(kind)}, where a position is expected")
        return kind.index

    def family(self, value: object, at: At) -> ir.FamilyKind:
        """The kind of the variable ``value``, a family."""
        if not isinstance(kind := self.kind(value, at), ir.FamilyKind):
            at.refuse(f"{value!r} is a {noun(kind)}, where a family is expected")
        return kind

    def operator(self, value: object, at: At) -> ir.OperatorKind:
        """The kind of the variable ``value``, an operator."""
        if not isinstance(kind := self.kind(value, at), ir.OperatorKind):
            at.refuse(f"{value!r} is a {noun(kind)}, where an operator is expected")
        return kind

    def region(self, value: object, at: At) -> ir.SetKind:
        """The kind of the variable ``value``, a set."""
        if not isinstance(kind := self.kind(value, at), ir.SetKind):
            at.refuse(f"{value!r} is a {noun(kind)}, where a set is expected")
        return kind

    def binder(self, name: str, fields: Mapping[str, object], at: At) -> tuple[str, str, object]:
        """The variable, the index type and the body of the binder ``name``."""
        variable, index, body = take_fields(name, fields, ("variable", "index", "body"), at)
        return text_of(variable, at), self.index(index, at), body


def decode_space(node: object, scope: Scope, at: At) -> ir.Space:
    """A vector space over declared names."""
    name, fields = open_node(node, at)
    match name:
        case "euclidean":
            (index,) = take_fields(name, fields, ("index",), at)
            return ir.Euclidean(scope.index(index, at))
        case "abstract":
            (space,) = take_fields(name, fields, ("name",), at)
            if text_of(space, at) not in scope.spaces:
                at.refuse(f"the undeclared space {space!r}")
            return ir.Abstract(text_of(space, at))
        case "channels":
            family, index = take_fields(name, fields, ("family", "index"), at)
            return ir.ChannelSpace(scope.index(family, at), ir.Euclidean(scope.index(index, at)))
        case "nested":
            family, inner = take_fields(name, fields, ("family", "inner"), at)
            within = decode_space(inner, scope, at.step("nested.inner"))
            if not isinstance(within, ir.ChannelSpace):
                at.refuse(f"{space_name(within)} within 'nested', where a space with channels is expected")
            return ir.ChannelSpace(scope.index(family, at), within)
        case _:
            at.refuse(f"no space is made by {name!r}")


def decode_kind(node: object, scope: Scope, at: At) -> ir.Kind:
    """The kind of a variable, over declared index types and spaces."""
    name, fields = open_node(node, at)
    match name:
        case "scalar":
            take_fields(name, fields, (), at)
            return ir.ScalarKind()
        case "vector":
            (space,) = take_fields(name, fields, ("space",), at)
            return ir.VectorKind(decode_space(space, scope, at.step("vector.space")))
        case "position":
            (index,) = take_fields(name, fields, ("index",), at)
            return ir.PositionKind(scope.index(index, at))
        case "family":
            index, space = take_fields(name, fields, ("index", "space"), at)
            return ir.FamilyKind(scope.index(index, at), decode_space(space, scope, at.step("family.space")))
        case "loss" | "field" | "set":
            (space,) = take_fields(name, fields, ("space",), at)
            return _OVER_A_SPACE[name](decode_space(space, scope, at.step(f"{name}.space")))
        case "operator":
            domain, codomain = take_fields(name, fields, ("domain", "codomain"), at)
            return ir.OperatorKind(
                decode_space(domain, scope, at.step("operator.domain")),
                decode_space(codomain, scope, at.step("operator.codomain")),
            )
        case _:
            at.refuse(f"no kind is made by {name!r}")


def decode_variable(node: object, scope: Scope, at: At) -> ir.Variable:
    """A bound variable: a name and a kind."""
    if not isinstance(node, dict):
        at.refuse(f"expected a variable with its kind, got {shown(node)}")
    name, kind = take_fields("variable", node, ("name", "kind"), at)
    return ir.Variable(text_of(name, at), decode_kind(kind, scope, at.step("variable.kind")))


def decode_moving(node: object, scope: Scope, at: At) -> tuple[ir.Variable, ir.Space]:
    """The variable in which a function is differentiated, or that comes near a point: a vector; and its space."""
    variable = decode_variable(node, scope, at)
    if not isinstance(variable.kind, ir.VectorKind):
        at.refuse(f"{variable.name!r} is a {noun(variable.kind)}, where a vector is expected")
    return variable, variable.kind.space


def kind_space(kind: ir.Kind, at: At) -> ir.Space | None:
    """The space that a variable of this kind lies in (None: a scalar); a function or a position lies in none."""
    match kind:
        case ir.ScalarKind():
            return None
        case ir.VectorKind(space):
            return space
        case _:
            at.refuse(f"a variable of kind {noun(kind)}, where a scalar or a vector is expected")


def noun(kind: ir.Kind) -> str:
    """What a variable of this kind is, in a message."""
    return type(kind).__name__.removesuffix("Kind").lower()


def space_name(space: ir.Space) -> str:
    """The space as Lean writes it."""
    match space:
        case ir.Euclidean(index):
            return f"EuclideanSpace ℝ {index}"
        case ir.ChannelSpace(family, inner):
            return f"PiLp 2 fun _ : {family} ↦ {space_name(inner)}"
        case ir.Abstract(name):
            return name
        case _:
            assert_never(space)


def sort_name(space: ir.Space | None) -> str:
    """What a term that lies in ``space`` is (None: a scalar)."""
    return "a scalar" if space is None else f"a vector of {space_name(space)}"


_OVER_A_SPACE: dict[str, Callable[[ir.Space], ir.Kind]] = {"loss": ir.LossKind, "field": ir.FieldKind, "set": ir.SetKind}
