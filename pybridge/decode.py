"""From a JSON node to a typed term: total, or an ``ExportInvalid`` that names the declaration and the path.

In: plain JSON values (what ``json`` gives) and the scope they stand in.  Out: terms of ``ir.py`` in which every name is
declared, every argument has the sort and the space its place asks for, and equal subterms are one object, so that the
evaluator's memo by identity finds them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import NoReturn

from pybridge import ir
from pybridge.errors import ExportInvalid
from pybridge.traverse import height, terms

MAX_DEPTH = 100
"""Deepest nesting of one term; the library's own are below 20."""
MAX_UNFOLDED = 160
"""Deepest nesting with definitions unfolded: what the evaluator has to recurse through."""
MAX_EXPONENT = 64
MAX_LITERAL = 2**64

_HINT = "the export was not written by this pybridge's exporter: `pybridge extract` writes a fresh one"


@dataclass(frozen=True, slots=True)
class At:
    """Where in the export a node stands."""

    where: str
    depth: int = 0

    def step(self, field_name: str) -> At:
        """The node in field ``field_name`` of this one."""
        if self.depth >= MAX_DEPTH:
            self.refuse(f"a term nested deeper than {MAX_DEPTH} levels")
        return At(f"{self.where}.{field_name}", self.depth + 1)

    def refuse(self, problem: str) -> NoReturn:
        """Refuse the export because of what stands here."""
        where = self.where if len(self.where) <= 300 else f"{self.where[:140]} … {self.where[-140:]}"
        raise ExportInvalid(f"{where}: {problem}", hint=_HINT)


@dataclass(frozen=True, slots=True)
class Scope:
    """The names a term may use: index types, abstract spaces, and variables with their kinds."""

    indices: frozenset[str]
    spaces: frozenset[str]
    variables: Mapping[str, ir.Kind]

    def bind(self, variable: str, index: str) -> Scope:
        """The scope under a binder."""
        return replace(self, variables={**self.variables, variable: ir.PositionKind(index)})


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
        name, fields = _open(node, at)
        match name:
            case "eq" | "ne" | "lt" | "le":
                return _RELATIONS[name](*self._scalars(name, fields, scope, at))
            case "vectorEq":
                return ir.VectorEq(*self._same_space(name, fields, scope, at)[:2])
            case "vectorNe":
                return ir.VectorNe(*self._same_space(name, fields, scope, at)[:2])
            case "orthonormal":
                (family,) = _fields(name, fields, ("family",), at)
                self._family(family, scope, at.step("orthonormal.family"))
                return ir.Orthonormal(_text(family, at))
            case "and" | "iff":
                left, right = _fields(name, fields, ("left", "right"), at)
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
        name, fields = _open(node, at)
        if name not in ("scalar", "vector"):
            at.refuse(f"expected a scalar or a vector, got {name!r}")
        (inner,) = _fields(name, fields, ("term",), at)
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
        name, fields = _open(node, at)
        match name:
            case "nat":
                (value,) = _fields(name, fields, ("value",), at)
                return ir.Nat(_natural(value, MAX_LITERAL, at))
            case "var":
                (variable,) = _fields(name, fields, ("name",), at)
                if not isinstance(kind := _variable(variable, scope, at), ir.ScalarKind):
                    at.refuse(f"{variable!r} is a {_noun(kind)}, where a scalar is expected")
                return ir.Var(_text(variable, at))
            case "card":
                (index,) = _fields(name, fields, ("index",), at)
                return ir.Card(_index(index, scope, at))
            case "add" | "sub" | "mul" | "div":
                return _BINARY[name](*self._scalars(name, fields, scope, at))
            case "neg" | "inv" | "sqrt" | "abs":
                (arg,) = _fields(name, fields, ("arg",), at)
                return _UNARY[name](self.scalar(arg, scope, at.step(f"{name}.arg")))
            case "pow":
                base, exponent = _fields(name, fields, ("base", "exponent"), at)
                power = _natural(exponent, MAX_EXPONENT, at.step("pow.exponent"))
                return ir.Pow(self.scalar(base, scope, at.step("pow.base")), power)
            case "inner":
                return ir.Inner(*self._same_space(name, fields, scope, at)[:2])
            case "norm":
                (arg,) = _fields(name, fields, ("arg",), at)
                return ir.Norm(self.vector(arg, scope, at.step("norm.arg"))[0])
            case "component":
                inner, position = _fields(name, fields, ("vector", "position"), at)
                vector, space = self.vector(inner, scope, at.step("component.vector"))
                index = _position(position, scope, at.step("component.position"))
                if space != ir.Euclidean(index):
                    at.refuse(f"the position {position!r} : {index} of a vector of {_space_name(space)}")
                return ir.Component(vector, _text(position, at))
            case "sum":
                variable, index, body = _binder(name, fields, scope, at)
                return ir.Sum(variable, index, self.scalar(body, scope.bind(variable, index), at.step("sum.body")))
            case "call":
                called, indices, args, result = self._call(fields, scope, at)
                if result is not None:
                    at.refuse(f"{called} is a vector, where a scalar is expected")
                return ir.Call(called, indices, args)
            case _:
                at.refuse(f"no scalar is made by {name!r}")

    def _vector(self, node: object, scope: Scope, at: At) -> tuple[ir.Vector, ir.Space]:
        name, fields = _open(node, at)
        match name:
            case "var":
                (variable,) = _fields(name, fields, ("name",), at)
                if not isinstance(kind := _variable(variable, scope, at), ir.VectorKind):
                    at.refuse(f"{variable!r} is a {_noun(kind)}, where a vector is expected")
                return ir.VVar(_text(variable, at)), kind.space
            case "zero":
                (inner,) = _fields(name, fields, ("space",), at)
                space = decode_space(inner, scope, at.step("zero.space"))
                return ir.Zero(space), space
            case "add" | "sub":
                left, right, space = self._same_space(name, fields, scope, at)
                return (ir.VAdd(left, right) if name == "add" else ir.VSub(left, right)), space
            case "neg":
                (arg,) = _fields(name, fields, ("arg",), at)
                vector, space = self.vector(arg, scope, at.step("neg.arg"))
                return ir.VNeg(vector), space
            case "smul":
                left_node, right_node = _fields(name, fields, ("scalar", "vector"), at)
                scalar = self.scalar(left_node, scope, at.step("smul.scalar"))
                vector, space = self.vector(right_node, scope, at.step("smul.vector"))
                return ir.Smul(scalar, vector), space
            case "build":
                variable, index, body = _binder(name, fields, scope, at)
                inner_scalar = self.scalar(body, scope.bind(variable, index), at.step("build.body"))
                return ir.Build(variable, index, inner_scalar), ir.Euclidean(index)
            case "sum":
                variable, index, body = _binder(name, fields, scope, at)
                vector, space = self.vector(body, scope.bind(variable, index), at.step("sum.body"))
                return ir.VSum(variable, index, vector), space
            case "member":
                family, position = _fields(name, fields, ("family", "position"), at)
                kind = self._family(family, scope, at.step("member.family"))
                index = _position(position, scope, at.step("member.position"))
                if index != kind.index:
                    at.refuse(f"the position {position!r} : {index} of a family over {kind.index}")
                return ir.Member(_text(family, at), _text(position, at)), kind.space
            case "call":
                called, indices, args, result = self._call(fields, scope, at)
                if result is None:
                    at.refuse(f"{called} is a scalar, where a vector is expected")
                return ir.VCall(called, indices, args), result
            case _:
                at.refuse(f"no vector is made by {name!r}")

    # Parts that several nodes share.

    def _scalars(self, name: str, fields: Mapping[str, object], scope: Scope, at: At) -> tuple[ir.Scalar, ir.Scalar]:
        left, right = _fields(name, fields, ("left", "right"), at)
        return self.scalar(left, scope, at.step(f"{name}.left")), self.scalar(right, scope, at.step(f"{name}.right"))

    def _same_space(
        self, name: str, fields: Mapping[str, object], scope: Scope, at: At
    ) -> tuple[ir.Vector, ir.Vector, ir.Space]:
        left_node, right_node = _fields(name, fields, ("left", "right"), at)
        left, space = self.vector(left_node, scope, at.step(f"{name}.left"))
        right, other = self.vector(right_node, scope, at.step(f"{name}.right"))
        if space != other:
            at.refuse(f"{name!r} of a vector of {_space_name(space)} and one of {_space_name(other)}")
        return left, right, space

    def _family(self, name: object, scope: Scope, at: At) -> ir.FamilyKind:
        if not isinstance(kind := _variable(name, scope, at), ir.FamilyKind):
            at.refuse(f"{name!r} is a {_noun(kind)}, where a family is expected")
        return kind

    def _call(
        self, fields: Mapping[str, object], scope: Scope, at: At
    ) -> tuple[str, tuple[str, ...], tuple[ir.Term, ...], ir.Space | None]:
        name_node, index_nodes, arg_nodes = _fields("call", fields, ("name", "indices", "args"), at)
        name = _text(name_node, at)
        definition = self._definitions.get(name)
        if definition is None:
            at.refuse(f"the unknown constant {name!r} (a definition may call only those before it)")
        indices = tuple(_index(node, scope, at) for node in _list(index_nodes, at.step("call.indices")))
        if len(indices) != len(definition.indices):
            at.refuse(f"{name} takes {len(definition.indices)} index types, got {len(indices)}")
        renamed = {index.name: actual for index, actual in zip(definition.indices, indices, strict=True)}
        given = _list(arg_nodes, at.step("call.args"))
        if len(given) != len(definition.parameters):
            at.refuse(f"{name} takes {len(definition.parameters)} arguments, got {len(given)}")
        args: list[ir.Term] = []
        for parameter, node in zip(definition.parameters, given, strict=True):
            term, space = self.argument(node, scope, at.step(f"call[{name}].{parameter.name}"))
            expected = _renamed(parameter.kind.space, renamed) if isinstance(parameter.kind, ir.VectorKind) else None
            if space != expected:
                at.refuse(f"{name}: {parameter.name} is {_sort_name(expected)}, got {_sort_name(space)}")
            args.append(term)
        result = self._spaces[name]
        return name, indices, tuple(args), None if result is None else _renamed(result, renamed)

    def _check_height(self, term: ir.Term, at: At) -> None:
        if height(term, self._heights) > MAX_UNFOLDED:
            at.refuse(f"a term nested deeper than {MAX_UNFOLDED} levels once its definitions are unfolded")


_RELATIONS: dict[str, Callable[[ir.Scalar, ir.Scalar], ir.Proposition]] = {"eq": ir.Eq, "ne": ir.Ne, "lt": ir.Lt, "le": ir.Le}
_BINARY: dict[str, Callable[[ir.Scalar, ir.Scalar], ir.Scalar]] = {"add": ir.Add, "sub": ir.Sub, "mul": ir.Mul, "div": ir.Div}
_UNARY: dict[str, Callable[[ir.Scalar], ir.Scalar]] = {"neg": ir.Neg, "inv": ir.Inv, "sqrt": ir.Sqrt, "abs": ir.Abs}


def decode_space(node: object, scope: Scope, at: At) -> ir.Space:
    """A vector space over declared names."""
    name, fields = _open(node, at)
    match name:
        case "euclidean":
            (index,) = _fields(name, fields, ("index",), at)
            return ir.Euclidean(_index(index, scope, at))
        case "abstract":
            (space,) = _fields(name, fields, ("name",), at)
            if _text(space, at) not in scope.spaces:
                at.refuse(f"the undeclared space {space!r}")
            return ir.Abstract(_text(space, at))
        case _:
            at.refuse(f"no space is made by {name!r}")


def decode_kind(node: object, scope: Scope, at: At) -> ir.Kind:
    """The kind of a variable, over declared index types and spaces."""
    name, fields = _open(node, at)
    match name:
        case "scalar":
            _fields(name, fields, (), at)
            return ir.ScalarKind()
        case "vector":
            (space,) = _fields(name, fields, ("space",), at)
            return ir.VectorKind(decode_space(space, scope, at.step("vector.space")))
        case "position":
            (index,) = _fields(name, fields, ("index",), at)
            return ir.PositionKind(_index(index, scope, at))
        case "family":
            index, space = _fields(name, fields, ("index", "space"), at)
            return ir.FamilyKind(_index(index, scope, at), decode_space(space, scope, at.step("family.space")))
        case _:
            at.refuse(f"no kind is made by {name!r}")


def _open(node: object, at: At) -> tuple[str, Mapping[str, object]]:
    """The constructor of a node and its fields; a constructor without fields is a plain string."""
    if isinstance(node, str):
        return node, {}
    if not isinstance(node, dict) or len(node) != 1:
        at.refuse(f"expected an object with one key, the constructor, got {_shown(node)}")
    ((name, fields),) = node.items()
    if not isinstance(name, str) or not isinstance(fields, dict):
        at.refuse(f"expected the fields of {name!r} in an object, got {_shown(fields)}")
    return name, fields


def _fields(name: str, fields: Mapping[str, object], expected: tuple[str, ...], at: At) -> tuple[object, ...]:
    if set(fields) != set(expected):
        at.refuse(f"{name!r} has the fields {_listed(expected)}, got {_listed(sorted(fields))}")
    return tuple(fields[key] for key in expected)


def _binder(name: str, fields: Mapping[str, object], scope: Scope, at: At) -> tuple[str, str, object]:
    variable, index, body = _fields(name, fields, ("variable", "index", "body"), at)
    return _text(variable, at), _index(index, scope, at), body


def _text(value: object, at: At) -> str:
    if not isinstance(value, str) or not value:
        at.refuse(f"expected a name, got {_shown(value)}")
    return value


def _list(value: object, at: At) -> list[object]:
    if not isinstance(value, list):
        at.refuse(f"expected a list, got {_shown(value)}")
    return value


def _natural(value: object, largest: int, at: At) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= largest:
        at.refuse(f"expected a natural number up to {largest}, got {_shown(value)}")
    return value


def _index(value: object, scope: Scope, at: At) -> str:
    if (name := _text(value, at)) not in scope.indices:
        at.refuse(f"the undeclared index type {name!r}")
    return name


def _variable(value: object, scope: Scope, at: At) -> ir.Kind:
    if (name := _text(value, at)) not in scope.variables:
        at.refuse(f"the unknown variable {name!r}")
    return scope.variables[name]


def _position(value: object, scope: Scope, at: At) -> str:
    if not isinstance(kind := _variable(value, scope, at), ir.PositionKind):
        at.refuse(f"{value!r} is a {_noun(kind)}, where a position is expected")
    return kind.index


def _renamed(space: ir.Space, indices: Mapping[str, str]) -> ir.Space:
    return ir.Euclidean(indices[space.index]) if isinstance(space, ir.Euclidean) else space


def _noun(kind: ir.Kind) -> str:
    return type(kind).__name__.removesuffix("Kind").lower()


def _space_name(space: ir.Space) -> str:
    return f"EuclideanSpace ℝ {space.index}" if isinstance(space, ir.Euclidean) else space.name


def _sort_name(space: ir.Space | None) -> str:
    return "a scalar" if space is None else f"a vector of {_space_name(space)}"


def _listed(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(repr(name) for name in names[:8]) or "none"


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return f"an object with the keys {_listed([str(key) for key in list(value)[:8]])}"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:59] + "…"
