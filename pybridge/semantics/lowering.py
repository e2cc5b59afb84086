"""From a term to a program: definitions inlined, vectors as their coordinates along an axis, binders as axes.

Which value a name has is not asked here; a program serves every environment.  A variable's vector lies along an axis of its own
length, which becomes that of what it is compared or added with; that the two are equally long is for the sorts to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from typing_extensions import assert_never

from pybridge import ir
from pybridge.semantics import matrices
from pybridge.semantics.axes import Axis, Length, is_own, unused
from pybridge.semantics.program import Builder, Coordinates, Node
from pybridge.semantics.scopes import TOP, Scope, measured, step_of
from pybridge.semantics.tangents import Tangents, moving, settled

_FAR = 10_000
"""Numbers of axes from here on are used by no scope: those along which a variable moves, while a body is differentiated."""


_BINARY: dict[type, str] = {ir.Add: "add", ir.Sub: "subtract", ir.Mul: "multiply", ir.Div: "divide"}


class Lowering:
    """Makes programs of terms over some definitions; equal subterms of any of them are one node."""

    def __init__(self, definitions: Mapping[str, ir.Definition]) -> None:
        self.definitions = definitions
        self.builder = Builder()
        self._done: dict[tuple[int, int], Node | Coordinates] = {}
        self._calls: dict[tuple[object, ...], Node | Coordinates] = {}
        self._alive: list[object] = []
        self._leaves = 0

    def changed(self, definitions: Mapping[str, ir.Definition], touched: AbstractSet[str]) -> Lowering:
        """Programs over other definitions, of which those that are not ``touched`` are as they are here, with all they call."""
        other = Lowering(definitions)
        other.builder, other._leaves, other._alive = self.builder, self._leaves, [self]
        other._calls = {key: found for key, found in self._calls.items() if key[0] not in touched and key[0] in definitions}
        return other

    def scalar(self, term: ir.Scalar, scope: Scope) -> Node:
        """The node of a scalar term."""
        key = (id(term), id(scope))
        if (found := self._done.get(key)) is None:
            found = self._done[key] = self._scalar(term, scope)
            self._alive.append((term, scope))
        assert isinstance(found, Node)  # noqa: S101
        return found

    def vector(self, term: ir.Vector, scope: Scope) -> Coordinates:
        """The coordinates of a vector term, along an axis that the scope does not use."""
        key = (id(term), id(scope))
        if (found := self._done.get(key)) is None:
            found = self._done[key] = self._vector(term, scope)
            self._alive.append((term, scope))
        assert isinstance(found, Coordinates)  # noqa: S101
        return found

    def _scalar(self, term: ir.Scalar, scope: Scope) -> Node:
        build = self.builder
        match term:
            case ir.Nat(value):
                return build.number(value)
            case ir.Var(name):
                return self._named(name, scope)
            case ir.Card(index):
                return build.size((scope.index(index),))
            case ir.Add(left, right) | ir.Sub(left, right) | ir.Mul(left, right) | ir.Div(left, right):
                return build.node(_BINARY[type(term)], (self.scalar(left, scope), self.scalar(right, scope)))
            case ir.Neg(arg):
                return build.node("negate", (self.scalar(arg, scope),))
            case ir.Inv(arg):
                return build.node("divide", (build.number(1), self.scalar(arg, scope)))
            case ir.Sqrt(arg):
                return build.node("sqrt", (self.scalar(arg, scope),))
            case ir.Abs(arg):
                return build.node("absolute", (self.scalar(arg, scope),))
            case ir.Pow(base, exponent):
                return build.node("power", (self.scalar(base, scope),), (exponent,))
            case ir.Inner(first, second):
                return build.inner(*self._aligned(first, second, scope))
            case ir.Norm(vector):
                return build.norm(self.vector(vector, scope))
            case ir.Component(vector, position):
                return self._component(self.vector(vector, scope), position, scope)
            case ir.Sum(variable, index, body):
                axis, inside = scope.enter(variable, index)
                return build.total(self.scalar(body, inside), axis)
            case ir.Call(name, indices, args):
                found = self._call(name, indices, args, scope)
                assert isinstance(found, Node)  # noqa: S101
                return found
            case ir.Apply(function, arg_vector):
                return build.bound("loss", self.vector(arg_vector, scope), function, inputs=(function,))
            case ir.InfDist(point, region):
                return build.bound("distance", self.vector(point, scope), region, inputs=(region,))
            case ir.OpNorm():
                return matrices.norm(term, self.definitions, build, scope, self.vector)
            case _:
                assert_never(term)

    def _vector(self, term: ir.Vector, scope: Scope) -> Coordinates:
        build = self.builder
        match term:
            case ir.VVar(name):
                return self._vector_named(name, scope)
            case ir.Zero(space):
                return Coordinates(build.number(0), unused(scope.length(space), scope.used))
            case ir.VAdd(left, right):
                one, other = self._aligned(left, right, scope)
                return Coordinates(build.node("add", (one.node, other.node)), one.axis)
            case ir.VSub(left, right):
                one, other = self._aligned(left, right, scope)
                return Coordinates(build.node("subtract", (one.node, other.node)), one.axis)
            case ir.VNeg(arg):
                vector = self.vector(arg, scope)
                return Coordinates(build.node("negate", (vector.node,)), vector.axis)
            case ir.Smul(scalar, arg):
                vector = self.vector(arg, scope)
                return Coordinates(build.node("multiply", (self.scalar(scalar, scope), vector.node)), vector.axis)
            case ir.Build(variable, index, body):
                axis, inside = scope.enter(variable, index)
                return Coordinates(self.scalar(body, inside), axis)
            case ir.VSum(variable, index, body_vector):
                axis, inside = scope.enter(variable, index)
                vector = self._off(self.vector(body_vector, inside), scope)
                return Coordinates(build.total(vector.node, axis), vector.axis)
            case ir.Member(family, position):
                return self._member(family, position, scope)
            case ir.VCall(name, indices, args):
                found = self._call(name, indices, args, scope)
                assert isinstance(found, Coordinates)  # noqa: S101
                return self._off(found, scope)
            case ir.VApply(function, arg):
                return self._applied("apply", function, (f"from {function}",), self.vector(arg, scope), scope)
            case ir.Adjoint(operator, arg):
                return self._applied("adjoint", operator, (f"into {operator}",), self.vector(arg, scope), scope)
            case ir.Channel(vector, position, space):
                return self._channel(self.vector(vector, scope), position, space, scope)
            case ir.Channels(variable, index, body_vector):
                axis, inside = scope.enter(variable, index)
                vector = self.vector(body_vector, inside)
                made = unused((*axis.length, *vector.axis.length), scope.used)
                node = self.builder.binding("join", (vector.node,), (axis, vector.axis), (made,), ())
                return Coordinates(node, made)
            case ir.Project(generators, arg):
                return self._projected(generators, arg, scope)
            case ir.Gradient(bound, body, point):
                return self._gradient(bound.name, body, point, scope)
            case ir.FDeriv(bound, body_vector, point, direction):
                return self._along(bound.name, body_vector, point, direction, scope)
            case _:
                assert_never(term)

    def _named(self, name: str, scope: Scope) -> Node:
        if name in scope.scalars:
            return scope.scalars[name]
        return self.builder.node("scalar", (), (name,), inputs=(name,))

    def _vector_named(self, name: str, scope: Scope) -> Coordinates:
        if name in scope.vectors:
            return self._off(scope.vectors[name], scope)
        axis = unused((f"of {name}",), scope.used)
        return Coordinates(self.builder.node("vector", (), (name, axis), more=(axis,), inputs=(name,)), axis)

    def _off(self, vector: Coordinates, scope: Scope) -> Coordinates:
        """The vector along an axis that the scope does not use."""
        if vector.axis not in scope.used:
            return vector
        axis = unused(vector.axis.length, scope.used | vector.node.axes)
        return Coordinates(self.builder.along(vector, axis), axis)

    def _aligned(self, first: ir.Vector, second: ir.Vector, scope: Scope) -> tuple[Coordinates, Coordinates]:
        """Two vectors of one space along one axis, that of an index type or space where one has such."""
        one, other = self.vector(first, scope), self.vector(second, scope)
        axis = other.axis if is_own(one.axis.length) else one.axis
        return (
            Coordinates(self.builder.along(one, axis), axis),
            Coordinates(self.builder.along(other, axis), axis),
        )

    def _member(self, family: str, position: str, scope: Scope) -> Coordinates:
        axis = unused((f"of {family}",), scope.used)
        at = scope.positions.get(position, position)
        made = [part for part in (at, axis) if isinstance(part, Axis)]
        inputs = (family,) if isinstance(at, Axis) else (family, at)
        return Coordinates(self.builder.node("member", (), (family, at, axis), more=made, inputs=inputs), axis)

    def _component(self, vector: Coordinates, position: str, scope: Scope) -> Node:
        if position in scope.positions:
            return self.builder.along(vector, scope.positions[position])
        return self.builder.bound("at", vector, position, inputs=(position,))

    def _channel(self, vector: Coordinates, position: str, space: ir.Space, scope: Scope) -> Coordinates:
        inner = unused(scope.length(space), scope.used)
        at = scope.positions.get(position, position)
        inputs = () if isinstance(at, Axis) else (at,)
        return Coordinates(self.builder.binding("split", (vector.node,), (vector.axis,), (at, inner), inputs), inner)

    def _applied(self, op: str, function: str, length: Length, arg: Coordinates, scope: Scope) -> Coordinates:
        out = unused(length, scope.used)
        return Coordinates(self.builder.binding(op, (arg.node,), (arg.axis,), (out, function), (function,)), out)

    def _projected(self, generators: tuple[ir.Vector, ...], arg: ir.Vector, scope: Scope) -> Coordinates:
        onto = [self.vector(generator, scope) for generator in (*generators, arg)]
        axis = next((vector.axis for vector in onto if not is_own(vector.axis.length)), onto[-1].axis)
        args = tuple(self.builder.along(vector, axis) for vector in onto)
        return Coordinates(self.builder.binding("project", args, (axis,), (axis, len(args)), ()), axis)

    def _call(self, name: str, indices: tuple[str, ...], args: tuple[ir.Term, ...], scope: Scope) -> Node | Coordinates:
        """A definition's body with these arguments, once for equal ones."""
        definition = self.definitions[name]
        values = [self.scalar(arg, scope) if isinstance(arg, ir.SCALARS) else self.vector(arg, scope) for arg in args]
        outer = tuple(scope.index(index) for index in indices)
        key = (name, outer, *values)
        if (found := self._calls.get(key)) is not None:
            return found
        named = dict(zip((parameter.name for parameter in definition.parameters), values, strict=True))
        vectors = {name: value for name, value in named.items() if isinstance(value, Coordinates)}
        scalars = {name: value for name, value in named.items() if isinstance(value, Node)}
        used = frozenset[Axis]().union(
            *(vector.node.axes - {vector.axis} for vector in vectors.values()), *(scalar.axes for scalar in scalars.values())
        )
        actual = dict(zip((i.name for i in definition.indices), outer, strict=True))
        inside = measured(definition, Scope(used, actual, scalars, vectors), self.builder)
        body = definition.body
        self._calls[key] = self.scalar(body, inside) if isinstance(body, ir.SCALARS) else self.vector(body, inside)
        return self._calls[key]

    def _gradient(self, name: str, body: ir.Scalar, point: ir.Vector, scope: Scope) -> Coordinates:
        """The derivatives along all coordinates at once: the variable moves along one more axis, a unit vector for each."""
        at = self.vector(point, scope)
        along = Axis(at.axis.length, _FAR)
        unit = Coordinates(self.builder.node("delta", (), (at.axis, along), more=(at.axis, along)), at.axis)
        found = self.tangent({name: at}, {name: unit}, body, scope)
        return Coordinates(self.builder.renamed(found.node, {along: at.axis}), at.axis)

    def _along(self, name: str, body: ir.Vector, point: ir.Vector, direction: ir.Vector, scope: Scope) -> Coordinates:
        """The derivative along a direction, whose own axes are put far off while the body is differentiated."""
        at, moves = self._aligned(point, direction, scope)
        far = {axis: Axis(axis.length, _FAR + axis.number) for axis in moves.node.axes - {at.axis}}
        step = Coordinates(self.builder.renamed(moves.node, far), at.axis)
        found = self.tangent({name: at}, {name: step}, body, scope)
        return Coordinates(self.builder.renamed(found.node, {other: axis for axis, other in far.items()}), found.axis)

    def tangent(
        self,
        point: Mapping[str, Node | Coordinates],
        steps: Mapping[str, Node | Coordinates],
        body: ir.Term,
        scope: Scope,
    ) -> Coordinates:
        """The derivative of a body at a point, along steps of its variables; of a scalar, with an axis that says nothing."""
        numbers = {name: self._number() for name in point}
        leaves = {name: moving(self.builder, value, numbers[name]) for name, value in point.items()}
        inside = replace(
            scope,
            scalars={**scope.scalars, **{name: leaf for name, leaf in leaves.items() if isinstance(leaf, Node)}},
            vectors={**scope.vectors, **{name: leaf for name, leaf in leaves.items() if isinstance(leaf, Coordinates)}},
        )
        if isinstance(body, ir.SCALARS):
            node, axis = self.scalar(body, inside), Axis((), 0)
        else:
            vector = self.vector(body, inside)
            node, axis = vector.node, vector.axis
        tangents = Tangents(self.builder, {numbers[name]: step for name, step in steps.items()})
        found = tangents.of(node)
        if found is None:
            return Coordinates(self.builder.number(0), axis)
        for number in numbers.values():
            found = settled(self.builder, found, number)
        return Coordinates(found, axis)

    def derivative(self, body: ir.Term, scalars: frozenset[str], vectors: frozenset[str]) -> Coordinates:
        """The derivative of a body in some variables of the environment, along steps under the names of ``step_of``."""
        key = ("derivative", id(body), scalars, vectors)
        if (found := self._calls.get(key)) is None:
            build = self.builder
            point: dict[str, Node | Coordinates] = {name: self._named(name, TOP) for name in scalars}
            point |= {name: self._vector_named(name, TOP) for name in vectors}
            steps: dict[str, Node | Coordinates] = {name: self._named(step_of(name), TOP) for name in scalars}
            for name in vectors:
                axis = Axis((f"of {name}",), 0)
                along = step_of(name)
                steps[name] = Coordinates(build.node("vector", (), (along, axis), more=(axis,), inputs=(along,)), axis)
            found = self._calls[key] = self.tangent(point, steps, body, TOP)
            self._alive.append(body)
        assert isinstance(found, Coordinates)  # noqa: S101
        return found

    def _number(self) -> int:
        """A number for the leaves of one variable, so that none is taken for another's."""
        self._leaves += 1
        return self._leaves
