"""From a term to a closure that computes it, so that nothing is computed twice.

``Stage`` walks a term once, definitions unfolded, and leaves one thunk for each subterm; running the outermost computes.
A thunk keeps its value until the innermost bound position it depends on moves, and a subterm that does not mention the
variable of a binder is staged outside it.  So a sum inside a ``build`` that does not mention the built position is computed
once in all, and so is a call that occurs in ten places with equal arguments.  Equal subterms are recognised by identity:
``decode`` makes them one object.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from typing_extensions import assert_never

from pybridge import ir
from pybridge.algebras.base import Algebra, Axis, S, V
from pybridge.algebras.dual import Dual, DualAlgebra
from pybridge.ir.traverse import free_positions
from pybridge.semantics import losses, operators, regions, subspaces
from pybridge.semantics.dimensions import Dimensions, scalar_body, vector_body
from pybridge.semantics.environment import Environment, Family, dimension_of
from pybridge.semantics.lifting import lift
from pybridge.semantics.thunks import CLOSED, Cell, Thunk, constant, held, loop, many, one, two

T = TypeVar("T")


@dataclass(slots=True)
class _Shared(Generic[S, V]):
    """What all scopes of one evaluation have in common."""

    definitions: Mapping[str, ir.Definition]
    frames: dict[tuple[object, ...], Stage[S, V]] = field(default_factory=dict)
    literals: dict[int, Thunk[S]] = field(default_factory=dict)
    positions: dict[int, frozenset[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Stage(Generic[S, V]):
    """Makes thunks of the terms of one scope: a declaration's (``outer`` is None), or a binder's within it.

    ``environment`` has the sizes, positions, families and functions; the values of scalars and vectors are thunks.
    """

    algebra: Algebra[S, V]
    shared: _Shared[S, V]
    environment: Environment[S, V]
    scalars: Mapping[str, Thunk[S]]
    vectors: Mapping[str, Thunk[V]]
    dimensions: Dimensions[S, V]
    depth: int
    outer: Stage[S, V] | None = None
    variable: str = ""
    cells: Mapping[str, Cell] = field(default_factory=dict)
    _scalars: dict[int, Thunk[S]] = field(default_factory=dict)
    _vectors: dict[int, Thunk[V]] = field(default_factory=dict)

    def scalar(self, term: ir.Scalar) -> Thunk[S]:
        """The thunk of a scalar term."""
        if (found := self._scalars.get(id(term))) is None:
            if self.outer is not None and self.variable not in free_positions(term, self.shared.positions):
                found = self.outer.scalar(term)
            else:
                found = self._scalar(term)
            self._scalars[id(term)] = found
        return found

    def vector(self, term: ir.Vector) -> Thunk[V]:
        """The thunk of a vector term."""
        if (found := self._vectors.get(id(term))) is None:
            if self.outer is not None and self.variable not in free_positions(term, self.shared.positions):
                found = self.outer.vector(term)
            else:
                found = self._vector(term)
            self._vectors[id(term)] = found
        return found

    def _scalar(self, term: ir.Scalar) -> Thunk[S]:
        algebra = self.algebra
        match term:
            case ir.Nat(value):
                return self._literal(value)
            case ir.Var(name):
                return self.scalars[name]
            case ir.Card(index):
                return self._literal(self.environment.sizes[index])
            case ir.Add(left, right):
                return two(algebra.add, self.scalar(left), self.scalar(right))
            case ir.Sub(left, right):
                return two(algebra.subtract, self.scalar(left), self.scalar(right))
            case ir.Mul(left, right):
                return two(algebra.multiply, self.scalar(left), self.scalar(right))
            case ir.Div(left, right):
                return two(algebra.divide, self.scalar(left), self.scalar(right))
            case ir.Neg(arg):
                return one(algebra.negate, self.scalar(arg))
            case ir.Inv(arg):
                return two(algebra.divide, self._literal(1), self.scalar(arg))
            case ir.Sqrt(arg):
                return one(algebra.sqrt, self.scalar(arg))
            case ir.Abs(arg):
                return one(algebra.absolute, self.scalar(arg))
            case ir.Pow(base, exponent):
                return one(lambda value: algebra.power(value, exponent), self.scalar(base))
            case ir.Inner(first, second):
                return two(algebra.inner, self.vector(first), self.vector(second))
            case ir.Norm(vector):
                return one(algebra.norm, self.vector(vector))
            case ir.Component(vector, position):
                return self._component(self.vector(vector), position)
            case ir.Sum(variable, index, body):
                axis, inside = self._enter(variable, index)
                return loop(algebra, axis, inside.cells[variable], inside.scalar(body), algebra.sum)
            case ir.Call(name, indices, args):
                return self._frame(name, indices, args).scalar(scalar_body(self.shared.definitions, name))
            case ir.Apply(function, arg_vector):
                loss = self.environment.losses[function]
                return one(lambda at: losses.value(loss, algebra, at), self.vector(arg_vector))
            case ir.InfDist(point, region):
                within = self.environment.regions[region]
                return one(lambda at: regions.distance(within, algebra, at), self.vector(point))
            case _:
                assert_never(term)

    def _vector(self, term: ir.Vector) -> Thunk[V]:
        algebra = self.algebra
        match term:
            case ir.VVar(name):
                return self.vectors[name]
            case ir.Zero(space):
                dimension = dimension_of(space, self.environment.sizes)
                return held(lambda: algebra.zero(dimension), CLOSED)
            case ir.VAdd(left, right):
                return two(algebra.add_vectors, self.vector(left), self.vector(right))
            case ir.VSub(left, right):
                return two(algebra.subtract_vectors, self.vector(left), self.vector(right))
            case ir.VNeg(arg):
                return one(algebra.negate_vector, self.vector(arg))
            case ir.Smul(scalar, vector):
                return two(algebra.smul, self.scalar(scalar), self.vector(vector))
            case ir.Build(variable, index, body):
                axis, inside = self._enter(variable, index)
                return loop(algebra, axis, inside.cells[variable], inside.scalar(body), algebra.build)
            case ir.VSum(variable, index, body_vector):
                axis, inside = self._enter(variable, index)
                dimension = inside.dimensions.of(body_vector)
                return loop(
                    algebra,
                    axis,
                    inside.cells[variable],
                    inside.vector(body_vector),
                    lambda along, parts: algebra.vector_sum(along, parts, dimension),
                )
            case ir.Member(family, position):
                return self._member(self.environment.families[family], position)
            case ir.VCall(name, indices, args):
                return self._frame(name, indices, args).vector(vector_body(self.shared.definitions, name))
            case ir.VApply(function, arg):
                if function in self.environment.fields:
                    field_of = self.environment.fields[function]
                    return one(lambda at: losses.gradient(field_of, algebra, at), self.vector(arg))
                applied = self.environment.operators[function]
                return one(lambda at: operators.apply(applied, algebra, at), self.vector(arg))
            case ir.Adjoint(operator, arg):
                transposed = self.environment.operators[operator]
                return one(lambda at: operators.adjoint(transposed, algebra, at), self.vector(arg))
            case ir.Channel(vector, position, index):
                return self._channel(self.vector(vector), position, self.environment.sizes[index])
            case ir.Channels(variable, index, body_vector):
                axis, inside = self._enter(variable, index)
                channels = inside.vector(body_vector)
                return loop(algebra, axis, inside.cells[variable], channels, lambda _, parts: subspaces.joined(algebra, parts))
            case ir.Project(generators, arg):
                spanning = [self.vector(generator) for generator in generators]
                return many(lambda *parts: subspaces.project(algebra, parts[:-1], parts[-1]), *spanning, self.vector(arg))
            case ir.Gradient(bound, scalar_body, point):
                return self._gradient(bound.name, scalar_body, point)
            case ir.FDeriv(bound, body_vector, point, direction):
                moving = self._moving(bound.name, point, self.vector(direction))
                return one(DualAlgebra(algebra).vector_tangent, moving.vector(body_vector))
            case _:
                assert_never(term)

    def _literal(self, value: int) -> Thunk[S]:
        literals, algebra = self.shared.literals, self.algebra
        if value not in literals:
            literals[value] = held(lambda: algebra.scalar(value), CLOSED)
        return literals[value]

    def _component(self, vector: Thunk[V], position: str) -> Thunk[S]:
        component, run = self.algebra.component, vector.run
        if position in self.cells:
            cell = self.cells[position]
            return held(lambda: component(run(), cell.position), vector.cells | {cell})
        fixed = self.environment.positions[position]
        return held(lambda: component(run(), fixed), vector.cells)

    def _channel(self, vector: Thunk[V], position: str, size: int) -> Thunk[V]:
        algebra, run = self.algebra, vector.run
        if position in self.cells:
            cell = self.cells[position]
            return held(lambda: subspaces.channel(algebra, run(), cell.position, size), vector.cells | {cell})
        fixed = self.environment.positions[position]
        return held(lambda: subspaces.channel(algebra, run(), fixed, size), vector.cells)

    def _gradient(self, name: str, body: ir.Scalar, point: ir.Vector) -> Thunk[V]:
        """The derivatives along the coordinates, each of them a run of its own."""
        algebra, size = self.algebra, self.dimensions.of(point)
        units = [[int(j == k) for j in range(size)] for k in range(size)]
        duals = [self._moving(name, point, _exactly(algebra, unit)).scalar(body) for unit in units]
        axis, tangent = Axis(self.depth + 1, size), DualAlgebra(algebra).tangent
        return many(lambda *found: algebra.build(axis, [tangent(dual) for dual in found]), *duals)

    def _moving(self, name: str, point: ir.Vector, along: Thunk[V]) -> Stage[Dual[S], Dual[V]]:
        """The scope in the dual algebra, with a variable that moves from a point."""
        environment = lift(self.environment)
        vectors = {other: one(_still, thunk) for other, thunk in self.vectors.items()}
        vectors[name] = two(lambda at, tangent: Dual(at, tangent), self.vector(point), along)
        return Stage(
            DualAlgebra(self.algebra),
            _Shared(self.shared.definitions),
            environment,
            {other: one(_still, thunk) for other, thunk in self.scalars.items()},
            vectors,
            Dimensions(self.shared.definitions, environment, self.dimensions.moving(name, point).vectors),
            self.depth,
            cells=self.cells,
        )

    def _member(self, family: Family[V], position: str) -> Thunk[V]:
        member = self.algebra.member
        if position in self.cells:
            cell = self.cells[position]
            return held(lambda: member(family.members, cell.position), frozenset({cell}))
        fixed = self.environment.positions[position]
        return constant(family.members[fixed])

    def _enter(self, variable: str, index: str) -> tuple[Axis, Stage[S, V]]:
        """The scope of a binder, one deeper, and the axis its positions run along."""
        axis = Axis(self.depth + 1, self.environment.sizes[index])
        inside = Stage(
            self.algebra,
            self.shared,
            self.environment,
            self.scalars,
            self.vectors,
            self.dimensions,
            axis.depth,
            outer=self,
            variable=variable,
            cells={**self.cells, variable: Cell(axis)},
        )
        return axis, inside

    def _frame(self, name: str, indices: tuple[str, ...], args: tuple[ir.Term, ...]) -> Stage[S, V]:
        """The scope of a definition's body with these arguments: the same for equal calls."""
        scalars: dict[str, Thunk[S]] = {}
        vectors: dict[str, Thunk[V]] = {}
        for parameter, arg in zip(self.shared.definitions[name].parameters, args, strict=True):
            if isinstance(arg, ir.SCALARS):
                scalars[parameter.name] = self.scalar(arg)
            else:
                vectors[parameter.name] = self.vector(arg)
        dimensions = self.dimensions.called(name, indices, args)
        environment = dimensions.environment
        key = (name, *environment.sizes.values(), *scalars.values(), *vectors.values())
        if key not in self.shared.frames:
            self.shared.frames[key] = Stage(self.algebra, self.shared, environment, scalars, vectors, dimensions, self.depth)
        return self.shared.frames[key]


def stage(algebra: Algebra[S, V], environment: Environment[S, V], definitions: Mapping[str, ir.Definition]) -> Stage[S, V]:
    """The scope of a declaration whose variables have the environment's values."""
    dimensions = {name: algebra.dimension(value) for name, value in environment.vectors.items()}
    return Stage(
        algebra,
        _Shared(definitions),
        environment,
        {name: constant(value) for name, value in environment.scalars.items()},
        {name: constant(value) for name, value in environment.vectors.items()},
        Dimensions(definitions, environment, dimensions),
        depth=0,
    )


def _still(value: T) -> Dual[T]:
    """A value that does not move."""
    return Dual(value)


def _exactly(algebra: Algebra[S, V], values: Sequence[int]) -> Thunk[V]:
    return held(lambda: algebra.vector(values), CLOSED)
