"""From a JSON node to a scalar or a vector: total, or an ``ExportInvalid`` that names the declaration and the path.

In: plain JSON values (what ``json`` gives) and the scope they stand in.  Out: terms of ``ir`` in which every name is
declared, every argument has the sort and the space its place asks for, and equal subterms are one object, so that the
evaluator's memo by identity finds them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pybridge import ir
from pybridge.export.nodes import At, list_of, natural_of, open_node, take_fields, text_of
from pybridge.export.scope import Scope, decode_moving, decode_space, noun, sort_name, space_name
from pybridge.ir.linear import is_linear
from pybridge.ir.spaces import renamed
from pybridge.ir.traverse import height

MAX_UNFOLDED = 160
"""Deepest nesting with definitions unfolded: what the evaluator has to recurse through."""
MAX_EXPONENT = 64
MAX_LITERAL = 2**64


@dataclass(slots=True)
class TermDecoder:
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
        self.check_height(term, at)
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
                return _BINARY[name](*self.scalars(name, fields, scope, at))
            case "neg" | "inv" | "sqrt" | "abs":
                (arg,) = take_fields(name, fields, ("arg",), at)
                return _UNARY[name](self.scalar(arg, scope, at.step(f"{name}.arg")))
            case "pow":
                base, exponent = take_fields(name, fields, ("base", "exponent"), at)
                power = natural_of(exponent, MAX_EXPONENT, at.step("pow.exponent"))
                return ir.Pow(self.scalar(base, scope, at.step("pow.base")), power)
            case "inner":
                return ir.Inner(*self.same_space(name, fields, scope, at)[:2])
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
            case "apply":
                function, kind, arg = self._applied(fields, scope, at)
                if not isinstance(kind, ir.LossKind):
                    at.refuse(f"{function!r} is a {noun(kind)}, where a loss is expected")
                return ir.Apply(function, arg)
            case "infDist":
                point, region = take_fields(name, fields, ("point", "set"), at)
                of = scope.region(region, at.step("infDist.set"))
                return ir.InfDist(self.of_space(of.space, point, scope, at.step("infDist.point")), text_of(region, at))
            case "opNorm":
                return self._op_norm(fields, scope, at)
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
                left, right, space = self.same_space(name, fields, scope, at)
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
                kind = scope.family(family, at.step("member.family"))
                index = scope.position(position, at.step("member.position"))
                if index != kind.index:
                    at.refuse(f"the position {position!r} : {index} of a family over {kind.index}")
                return ir.Member(text_of(family, at), text_of(position, at)), kind.space
            case "call":
                called, indices, args, result = self._call(fields, scope, at)
                if result is None:
                    at.refuse(f"{called} is a scalar, where a vector is expected")
                return ir.VCall(called, indices, args), result
            case "apply":
                function, kind, arg = self._applied(fields, scope, at)
                match kind:
                    case ir.FieldKind(space) | ir.OperatorKind(_, space):
                        return ir.VApply(function, arg), space
                    case _:
                        at.refuse(f"{function!r} is a {noun(kind)}, where a field or an operator is expected")
            case "adjoint":
                operator, arg_node = take_fields(name, fields, ("operator", "arg"), at)
                maps = scope.operator(operator, at.step("adjoint.operator"))
                arg = self.of_space(maps.codomain, arg_node, scope, at.step("adjoint.arg"))
                return ir.Adjoint(text_of(operator, at), arg), maps.domain
            case "channel":
                inner, position = take_fields(name, fields, ("vector", "position"), at)
                vector, space = self.vector(inner, scope, at.step("channel.vector"))
                family = scope.position(position, at.step("channel.position"))
                if not isinstance(space, ir.ChannelSpace) or space.family != family:
                    at.refuse(f"the channel {position!r} : {family} of a vector of {space_name(space)}")
                return ir.Channel(vector, text_of(position, at), space.inner), space.inner
            case "channels":
                variable, index, body = scope.binder(name, fields, at)
                vector, space = self.vector(body, scope.bind(variable, index), at.step("channels.body"))
                if isinstance(space, ir.Abstract):
                    at.refuse(f"a channel in {space_name(space)}, where one in a EuclideanSpace is expected")
                return ir.Channels(variable, index, vector), ir.ChannelSpace(index, space)
            case "project":
                return self._projection(fields, scope, at)
            case "gradient":
                bound, body, point = take_fields(name, fields, ("variable", "body", "point"), at)
                moving, space = decode_moving(bound, scope, at.step("gradient.variable"))
                inside = self.scalar(body, scope.declare(moving), at.step("gradient.body"))
                return ir.Gradient(moving, inside, self.of_space(space, point, scope, at.step("gradient.point"))), space
            case "fderiv":
                bound, body, point, along = take_fields(name, fields, ("variable", "body", "point", "direction"), at)
                moving, domain = decode_moving(bound, scope, at.step("fderiv.variable"))
                vector, space = self.vector(body, scope.declare(moving), at.step("fderiv.body"))
                start = self.of_space(domain, point, scope, at.step("fderiv.point"))
                return ir.FDeriv(moving, vector, start, self.of_space(domain, along, scope, at.step("fderiv.direction"))), space
            case _:
                at.refuse(f"no vector is made by {name!r}")

    # Parts that several nodes share.

    def _op_norm(self, fields: Mapping[str, object], scope: Scope, at: At) -> ir.OpNorm:
        bound, body = take_fields("opNorm", fields, ("variable", "body"), at)
        variable, _ = decode_moving(bound, scope, at.step("opNorm.variable"))
        image, _ = self.vector(body, scope.declare(variable), at.step("opNorm.body"))
        fields_in_scope = {name for name, kind in scope.variables.items() if isinstance(kind, ir.FieldKind)}
        if not is_linear(image, frozenset((variable.name,)), self._definitions, fields_in_scope):
            at.refuse(f"the norm of a map whose form does not say that it is linear in {variable.name!r}")
        return ir.OpNorm(variable, image)

    def _projection(self, fields: Mapping[str, object], scope: Scope, at: At) -> tuple[ir.Vector, ir.Space]:
        generator_nodes, arg_node = take_fields("project", fields, ("generators", "arg"), at)
        here = at.step("project.generators")
        if not (nodes := list_of(generator_nodes, here)):
            here.refuse("expected one or more vectors, which span what is projected onto")
        arg, space = self.vector(arg_node, scope, at.step("project.arg"))
        return ir.Project(tuple(self.of_space(space, node, scope, here) for node in nodes), arg), space

    def _applied(self, fields: Mapping[str, object], scope: Scope, at: At) -> tuple[str, ir.Kind, ir.Vector]:
        """The name and kind of the function that is applied, and its argument."""
        function, arg_node = take_fields("apply", fields, ("function", "arg"), at)
        match kind := scope.kind(function, at.step("apply.function")):
            case ir.LossKind(space) | ir.FieldKind(space) | ir.OperatorKind(space, _):
                return text_of(function, at), kind, self.of_space(space, arg_node, scope, at.step("apply.arg"))
            case _:
                at.refuse(f"{function!r} is a {noun(kind)}, where a function is expected")

    def of_space(self, space: ir.Space, node: object, scope: Scope, at: At) -> ir.Vector:
        """A vector of ``space``."""
        vector, own = self.vector(node, scope, at)
        if own != space:
            at.refuse(f"a vector of {space_name(own)}, where one of {space_name(space)} is expected")
        return vector

    def scalars(self, name: str, fields: Mapping[str, object], scope: Scope, at: At) -> tuple[ir.Scalar, ir.Scalar]:
        """The two scalars of a binary node."""
        left, right = take_fields(name, fields, ("left", "right"), at)
        return self.scalar(left, scope, at.step(f"{name}.left")), self.scalar(right, scope, at.step(f"{name}.right"))

    def same_space(
        self, name: str, fields: Mapping[str, object], scope: Scope, at: At
    ) -> tuple[ir.Vector, ir.Vector, ir.Space]:
        """The two vectors of a binary node, which lie in one space."""
        left_node, right_node = take_fields(name, fields, ("left", "right"), at)
        left, space = self.vector(left_node, scope, at.step(f"{name}.left"))
        right, other = self.vector(right_node, scope, at.step(f"{name}.right"))
        if space != other:
            at.refuse(f"{name!r} of a vector of {space_name(space)} and one of {space_name(other)}")
        return left, right, space

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

    def check_height(self, term: ir.Term, at: At) -> None:
        """Refuse a term that the evaluator could not recurse through."""
        if height(term, self._heights) > MAX_UNFOLDED:
            at.refuse(f"a term nested deeper than {MAX_UNFOLDED} levels once its definitions are unfolded")


_BINARY: dict[str, Callable[[ir.Scalar, ir.Scalar], ir.Scalar]] = {"add": ir.Add, "sub": ir.Sub, "mul": ir.Mul, "div": ir.Div}
_UNARY: dict[str, Callable[[ir.Scalar], ir.Scalar]] = {"neg": ir.Neg, "inv": ir.Inv, "sqrt": ir.Sqrt, "abs": ir.Abs}
