"""From a JSON node to a typed term: total, or an ``ExportInvalid`` that names the declaration and the path.

In: plain JSON values (what ``json`` gives) and the scope they stand in.  Out: terms of ``ir.py`` in which every name is
declared, every argument has the sort and the space its place asks for, and equal subterms are one object, so that the
evaluator's memo by identity finds them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pybridge import ir
from pybridge.nodes import At, list_of, natural_of, open_node, take_fields, text_of
from pybridge.scope import Scope, decode_space, noun, renamed, sort_name, space_name
from pybridge.traverse import height, terms

MAX_UNFOLDED = 160
"""Deepest nesting with definitions unfolded: what the evaluator has to recurse through."""
MAX_EXPONENT = 64
MAX_LITERAL = 2**64


@dataclass(slots=True)
class Decoder:
    """Decodes the terms of one export; ``define`` makes a definition known to the terms after it."""

    _definitions: dict[str, ir.Definition] = field(default_factory=dict)
    _spaces: dict[str, ir.Space | None] = field(default_factory=dict)
    _heights: dict[str, int] = field(default_factory=dict)
    _scalars_shared: dict[ir.Scalar, ir.Scalar] = field(default_factory=dict)
    _vectors_shared: dict[ir.Vector, ir.Vector] = field(default_factory=dict)

    def define(self, definition: ir.Definition, space: ir.Space | None) -> None:
        """Let later terms call ``definition``, whose body lies in ``space`` (None: a scalar)."""
        self._definitions[definition.name] = definition
        self._spaces[definition.name] = space
        self._heights[definition.name] = height(definition.body, self._heights)

    # Propositions.

    def proposition(self, node: object, scope: Scope, at: At) -> ir.Proposition:
        """A proposition, whose terms stay below the depth the evaluator can recurse through."""
        found = self._proposition(node, scope, at)
        for term in terms(found):
            self._check_height(term, at)
        return found

    def _proposition(self, node: object, scope: Scope, at: At) -> ir.Proposition:
        name, fields = open_node(node, at)
        match name:
            case "eq" | "ne" | "lt" | "le":
                return _RELATIONS[name](*self._scalars(name, fields, scope, at))
            case "vectorEq":
                return ir.VectorEq(*self._same_space(name, fields, scope, at)[:2])
            case "vectorNe":
                return ir.VectorNe(*self._same_space(name, fields, scope, at)[:2])
            case "orthonormal":
                (family,) = take_fields(name, fields, ("family",), at)
                self._family(family, scope, at.step("orthonormal.family"))
                return ir.Orthonormal(text_of(family, at))
            case "and" | "iff":
                left, right = take_fields(name, fields, ("left", "right"), at)
                parts = (
                    self._proposition(left, scope, at.step(f"{name}.left")),
                    self._proposition(right, scope, at.step(f"{name}.right")),
                )
                return ir.And(*parts) if name == "and" else ir.Iff(*parts)
            case _:
                at.refuse(f"no proposition is made by {name!r}")

    # Terms.

    def argument(self, node: object, scope: Scope, at: At) -> tuple[ir.Term, ir.Space | None]:
        """A term of either sort, and the space it lies in (None: a scalar)."""
        name, fields = open_node(node, at)
        if name not in ("scalar", "vector"):
            at.refuse(f"expected a scalar or a vector, got {name!r}")
        (inner,) = take_fields(name, fields, ("term",), at)
        below = at.step(f"{name}.term")
        term, space = (self.scalar(inner, scope, below), None) if name == "scalar" else self.vector(inner, scope, below)
        return term, space

    def body(self, node: object, scope: Scope, at: At) -> tuple[ir.Term, ir.Space | None]:
        """The body of a definition: an argument, below the depth the evaluator can recurse through."""
        term, space = self.argument(node, scope, at)
        self._check_height(term, at)
        return term, space

    def scalar(self, node: object, scope: Scope, at: At) -> ir.Scalar:
        """A term of sort scalar."""
        found = self._scalar(node, scope, at)
        return self._scalars_shared.setdefault(found, found)

    def vector(self, node: object, scope: Scope, at: At) -> tuple[ir.Vector, ir.Space]:
        """A term of sort vector, and the space it lies in."""
        found, space = self._vector(node, scope, at)
        return self._vectors_shared.setdefault(found, found), space

    def _scalar(self, node: object, scope: Scope, at: At) -> ir.Scalar:
        name, fields = open_node(node, at)
        match name:
            case "nat":
                (value,) = take_fields(name, fields, ("value",), at)
                return ir.Nat(natural_of(value, MAX_LITERAL, at))
            case "var":
                (variable,) = take_fields(name, fields, ("name",), at)
                if not isinstance(kind := scope.kind(variable, at), ir.ScalarKind):
                    at.refuse(f"{variable!r} is a {noun(kind)}, where a scalar is expected")
                return ir.Var(text_of(variable, at))
            case "card":
                (index,) = take_fields(name, fields, ("index",), at)
                return ir.Card(scope.index(index, at))
            case "add" | "sub" | "mul" | "div":
                return _BINARY[name](*self._scalars(name, fields, scope, at))
            case "neg" | "inv" | "sqrt" | "abs":
                (arg,) = take_fields(name, fields, ("arg",), at)
                return _UNARY[name](self.scalar(arg, scope, at.step(f"{name}.arg")))
            case "pow":
                base, exponent = take_fields(name, fields, ("base", "exponent"), at)
                power = natural_of(exponent, MAX_EXPONENT, at.step("pow.exponent"))
                return ir.Pow(self.scalar(base, scope, at.step("pow.base")), power)
            case "inner":
                return ir.Inner(*self._same_space(name, fields, scope, at)[:2])
            case "norm":
                (arg,) = take_fields(name, fields, ("arg",), at)
                return ir.Norm(self.vector(arg, scope, at.step("norm.arg"))[0])
            case "component":
                inner, position = take_fields(name, fields, ("vector", "position"), at)
                vector, space = self.vector(inner, scope, at.step("component.vector"))
                index = scope.position(position, at.step("component.position"))
                if space != ir.Euclidean(index):
                    at.refuse(f"the position {position!r} : {index} of a vector of {space_name(space)}")
                return ir.Component(vector, text_of(position, at))
            case "sum":
                variable, index, body = scope.binder(name, fields, at)
                return ir.Sum(variable, index, self.scalar(body, scope.bind(variable, index), at.step("sum.body")))
            case "call":
                called, indices, args, result = self._call(fields, scope, at)
                if result is not None:
                    at.refuse(f"{called} is a vector, where a scalar is expected")
                return ir.Call(called, indices, args)
            case _:
                at.refuse(f"no scalar is made by {name!r}")

    def _vector(self, node: object, scope: Scope, at: At) -> tuple[ir.Vector, ir.Space]:
        name, fields = open_node(node, at)
        match name:
            case "var":
                (variable,) = take_fields(name, fields, ("name",), at)
                if not isinstance(kind := scope.kind(variable, at), ir.VectorKind):
                    at.refuse(f"{variable!r} is a {noun(kind)}, where a vector is expected")
                return ir.VVar(text_of(variable, at)), kind.space
            case "zero":
                (inner,) = take_fields(name, fields, ("space",), at)
                space = decode_space(inner, scope, at.step("zero.space"))
                return ir.Zero(space), space
            case "add" | "sub":
                left, right, space = self._same_space(name, fields, scope, at)
                return (ir.VAdd(left, right) if name == "add" else ir.VSub(left, right)), space
            case "neg":
                (arg,) = take_fields(name, fields, ("arg",), at)
                vector, space = self.vector(arg, scope, at.step("neg.arg"))
                return ir.VNeg(vector), space
            case "smul":
                left_node, right_node = take_fields(name, fields, ("scalar", "vector"), at)
                scalar = self.scalar(left_node, scope, at.step("smul.scalar"))
                vector, space = self.vector(right_node, scope, at.step("smul.vector"))
                return ir.Smul(scalar, vector), space
            case "build":
                variable, index, body = scope.binder(name, fields, at)
                inner_scalar = self.scalar(body, scope.bind(variable, index), at.step("build.body"))
                return ir.Build(variable, index, inner_scalar), ir.Euclidean(index)
            case "sum":
                variable, index, body = scope.binder(name, fields, at)
                vector, space = self.vector(body, scope.bind(variable, index), at.step("sum.body"))
                return ir.VSum(variable, index, vector), space
            case "member":
                family, position = take_fields(name, fields, ("family", "position"), at)
                kind = self._family(family, scope, at.step("member.family"))
                index = scope.position(position, at.step("member.position"))
                if index != kind.index:
                    at.refuse(f"the position {position!r} : {index} of a family over {kind.index}")
                return ir.Member(text_of(family, at), text_of(position, at)), kind.space
            case "call":
                called, indices, args, result = self._call(fields, scope, at)
                if result is None:
                    at.refuse(f"{called} is a scalar, where a vector is expected")
                return ir.VCall(called, indices, args), result
            case _:
                at.refuse(f"no vector is made by {name!r}")

    # Parts that several nodes share.

    def _scalars(self, name: str, fields: Mapping[str, object], scope: Scope, at: At) -> tuple[ir.Scalar, ir.Scalar]:
        left, right = take_fields(name, fields, ("left", "right"), at)
        return self.scalar(left, scope, at.step(f"{name}.left")), self.scalar(right, scope, at.step(f"{name}.right"))

    def _same_space(
        self, name: str, fields: Mapping[str, object], scope: Scope, at: At
    ) -> tuple[ir.Vector, ir.Vector, ir.Space]:
        left_node, right_node = take_fields(name, fields, ("left", "right"), at)
        left, space = self.vector(left_node, scope, at.step(f"{name}.left"))
        right, other = self.vector(right_node, scope, at.step(f"{name}.right"))
        if space != other:
            at.refuse(f"{name!r} of a vector of {space_name(space)} and one of {space_name(other)}")
        return left, right, space

    def _family(self, name: object, scope: Scope, at: At) -> ir.FamilyKind:
        if not isinstance(kind := scope.kind(name, at), ir.FamilyKind):
            at.refuse(f"{name!r} is a {noun(kind)}, where a family is expected")
        return kind

    def _call(
        self, fields: Mapping[str, object], scope: Scope, at: At
    ) -> tuple[str, tuple[str, ...], tuple[ir.Term, ...], ir.Space | None]:
        name_node, index_nodes, arg_nodes = take_fields("call", fields, ("name", "indices", "args"), at)
        name = text_of(name_node, at)
        definition = self._definitions.get(name)
        if definition is None:
            at.refuse(f"the unknown constant {name!r} (a definition may call only those before it)")
        indices = tuple(scope.index(node, at) for node in list_of(index_nodes, at.step("call.indices")))
        if len(indices) != len(definition.indices):
            at.refuse(f"{name} takes {len(definition.indices)} index types, got {len(indices)}")
        actual = dict(zip((index.name for index in definition.indices), indices, strict=True))
        given = list_of(arg_nodes, at.step("call.args"))
        if len(given) != len(definition.parameters):
            at.refuse(f"{name} takes {len(definition.parameters)} arguments, got {len(given)}")
        args: list[ir.Term] = []
        for parameter, node in zip(definition.parameters, given, strict=True):
            term, space = self.argument(node, scope, at.step(f"call[{name}].{parameter.name}"))
            expected = renamed(parameter.kind.space, actual) if isinstance(parameter.kind, ir.VectorKind) else None
            if space != expected:
                at.refuse(f"{name}: {parameter.name} is {sort_name(expected)}, got {sort_name(space)}")
            args.append(term)
        result = self._spaces[name]
        return name, indices, tuple(args), None if result is None else renamed(result, actual)

    def _check_height(self, term: ir.Term, at: At) -> None:
        if height(term, self._heights) > MAX_UNFOLDED:
            at.refuse(f"a term nested deeper than {MAX_UNFOLDED} levels once its definitions are unfolded")


_RELATIONS: dict[str, Callable[[ir.Scalar, ir.Scalar], ir.Proposition]] = {"eq": ir.Eq, "ne": ir.Ne, "lt": ir.Lt, "le": ir.Le}
_BINARY: dict[str, Callable[[ir.Scalar, ir.Scalar], ir.Scalar]] = {"add": ir.Add, "sub": ir.Sub, "mul": ir.Mul, "div": ir.Div}
_UNARY: dict[str, Callable[[ir.Scalar], ir.Scalar]] = {"neg": ir.Neg, "inv": ir.Inv, "sqrt": ir.Sqrt, "abs": ir.Abs}
