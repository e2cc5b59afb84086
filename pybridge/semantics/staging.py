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
from pybridge.ir.traverse import children
from pybridge.semantics import losses, operators, regions, subspaces
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
    mentioned: dict[int, frozenset[str]] = field(default_factory=dict)

    def scalar_body(self, name: str) -> ir.Scalar:
        """The body of a definition of sort scalar."""
        if isinstance(body := self.definitions[name].body, ir.SCALARS):
            return body
        raise TypeError(f"{name} is no scalar")  # decode makes no such call

    def vector_body(self, name: str) -> ir.Vector:
        """The body of a definition of sort vector."""
        if isinstance(body := self.definitions[name].body, ir.VECTORS):
            return body
        raise TypeError(f"{name} is no vector")  # decode makes no such call

    def mentions(self, term: ir.Term) -> frozenset[str]:
        """The positions that occur free in ``term``."""
        if (found := self.mentioned.get(id(term))) is None:
            names = frozenset().union(*(self.mentions(child) for child in children(term)))
            if isinstance(term, ir.Component | ir.Member | ir.Channel):
                names |= {term.position}
            elif isinstance(term, ir.Sum | ir.VSum | ir.Build | ir.Channels):
                names -= {term.variable}
            found = self.mentioned[id(term)] = names
        return found


@dataclass(slots=True)
class Stage(Generic[S, V]):
    """Makes thunks of the terms of one scope: a declaration's (``outer`` is None), or a binder's within it."""

    algebra: Algebra[S, V]
    shared: _Shared[S, V]
    sizes: Mapping[str, int]
    scalars: Mapping[str, Thunk[S]]
    vectors: Mapping[str, Thunk[V]]
    dimensions: Mapping[str, int]
    families: Mapping[str, Family[V]]
    functions: Environment[S, V]
    positions: Mapping[str, int]
    depth: int
    outer: Stage[S, V] | None = None
    variable: str = ""
    cells: Mapping[str, Cell] = field(default_factory=dict)
    _scalars: dict[int, Thunk[S]] = field(default_factory=dict)
    _vectors: dict[int, Thunk[V]] = field(default_factory=dict)

    def scalar(self, term: ir.Scalar) -> Thunk[S]:
        """The thunk of a scalar term."""
        if (found := self._scalars.get(id(term))) is None:
            if self.outer is not None and self.variable not in self.shared.mentions(term):
                found = self.outer.scalar(term)
            else:
                found = self._scalar(term)
            self._scalars[id(term)] = found
        return found

    def vector(self, term: ir.Vector) -> Thunk[V]:
        """The thunk of a vector term."""
        if (found := self._vectors.get(id(term))) is None:
            if self.outer is not None and self.variable not in self.shared.mentions(term):
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
                return self._literal(self.sizes[index])
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
                return self._frame(name, indices, args).scalar(self.shared.scalar_body(name))
            case ir.Apply(function, arg_vector):
                loss = self.functions.losses[function]
                return one(lambda at: losses.value(loss, algebra, at), self.vector(arg_vector))
            case ir.InfDist(point, region):
                within = self.functions.regions[region]
                return one(lambda at: regions.distance(within, algebra, at), self.vector(point))
            case _:
                assert_never(term)

    def _vector(self, term: ir.Vector) -> Thunk[V]:
        algebra = self.algebra
        match term:
            case ir.VVar(name):
                return self.vectors[name]
            case ir.Zero(space):
                dimension = dimension_of(space, self.sizes)
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
                dimension = inside.dimension(body_vector)
                return loop(
                    algebra,
                    axis,
                    inside.cells[variable],
                    inside.vector(body_vector),
                    lambda along, parts: algebra.vector_sum(along, parts, dimension),
                )
            case ir.Member(family, position):
                return self._member(self.families[family], position)
            case ir.VCall(name, indices, args):
                return self._frame(name, indices, args).vector(self.shared.vector_body(name))
            case ir.VApply(function, arg):
                if function in self.functions.fields:
                    field_of = self.functions.fields[function]
                    return one(lambda at: losses.gradient(field_of, algebra, at), self.vector(arg))
                applied = self.functions.operators[function]
                return one(lambda at: operators.apply(applied, algebra, at), self.vector(arg))
            case ir.Adjoint(operator, arg):
                transposed = self.functions.operators[operator]
                return one(lambda at: operators.adjoint(transposed, algebra, at), self.vector(arg))
            case ir.Channel(vector, position, index):
                return self._channel(self.vector(vector), position, self.sizes[index])
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
                return one(lambda found: _vector_tangent(algebra, found), moving.vector(body_vector))
            case _:
                assert_never(term)

    def dimension(self, term: ir.Vector) -> int:
        """The dimension of the space a vector term lies in, without evaluating it."""
        match term:
            case ir.VVar(name):
                return self.dimensions[name]
            case ir.Zero(space):
                return dimension_of(space, self.sizes)
            case ir.VAdd(left, _) | ir.VSub(left, _):
                return self.dimension(left)
            case ir.VNeg(arg) | ir.Smul(_, arg):
                return self.dimension(arg)
            case ir.Build(_, index, _):
                return self.sizes[index]
            case ir.VSum(_, _, body):
                return self.dimension(body)
            case ir.Member(family, _):
                return self.families[family].dimension
            case ir.VCall(name, indices, args):
                return self._frame(name, indices, args).dimension(self.shared.vector_body(name))
            case ir.VApply(function, arg):
                if function in self.functions.fields:
                    return self.dimension(arg)
                return operators.codomain(self.functions.operators[function])
            case ir.Adjoint(operator, _):
                return operators.domain(self.functions.operators[operator])
            case ir.Channel(_, _, index):
                return self.sizes[index]
            case ir.Channels(variable, index, body):
                return self.sizes[index] * self._enter(variable, index)[1].dimension(body)
            case ir.Project(_, arg) | ir.Gradient(_, _, arg):
                return self.dimension(arg)
            case ir.FDeriv(bound, body, point, direction):
                return self._moving(bound.name, point, self.vector(direction)).dimension(body)
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
        fixed = self.positions[position]
        return held(lambda: component(run(), fixed), vector.cells)

    def _channel(self, vector: Thunk[V], position: str, size: int) -> Thunk[V]:
        algebra, run = self.algebra, vector.run
        if position in self.cells:
            cell = self.cells[position]
            return held(lambda: subspaces.channel(algebra, run(), cell.position, size), vector.cells | {cell})
        fixed = self.positions[position]
        return held(lambda: subspaces.channel(algebra, run(), fixed, size), vector.cells)

    def _gradient(self, name: str, body: ir.Scalar, point: ir.Vector) -> Thunk[V]:
        """The derivatives along the coordinates, each of them a run of its own."""
        algebra, size = self.algebra, self.dimension(point)
        units = [[int(j == k) for j in range(size)] for k in range(size)]
        duals = [self._moving(name, point, _exactly(algebra, unit)).scalar(body) for unit in units]
        axis = Axis(self.depth + 1, size)
        return many(lambda *found: algebra.build(axis, [_tangent(algebra, dual) for dual in found]), *duals)

    def _moving(self, name: str, point: ir.Vector, along: Thunk[V]) -> Stage[Dual[S], Dual[V]]:
        """The scope in the dual algebra, with a variable that moves from a point."""
        vectors = {other: one(_still, thunk) for other, thunk in self.vectors.items()}
        functions = lift(self.functions)
        return Stage(
            DualAlgebra(self.algebra),
            _Shared(self.shared.definitions),
            self.sizes,
            {other: one(_still, thunk) for other, thunk in self.scalars.items()},
            {**vectors, name: two(lambda at, tangent: Dual(at, tangent), self.vector(point), along)},
            {**self.dimensions, name: self.dimension(point)},
            functions.families,
            functions,
            self.positions,
            self.depth,
            cells=self.cells,
        )

    def _member(self, family: Family[V], position: str) -> Thunk[V]:
        member = self.algebra.member
        if position in self.cells:
            cell = self.cells[position]
            return held(lambda: member(family.members, cell.position), frozenset({cell}))
        fixed = self.positions[position]
        return constant(family.members[fixed])

    def _enter(self, variable: str, index: str) -> tuple[Axis, Stage[S, V]]:
        """The scope of a binder, one deeper, and the axis its positions run along."""
        axis = Axis(self.depth + 1, self.sizes[index])
        inside = Stage(
            self.algebra,
            self.shared,
            self.sizes,
            self.scalars,
            self.vectors,
            self.dimensions,
            self.families,
            self.functions,
            self.positions,
            axis.depth,
            outer=self,
            variable=variable,
            cells={**self.cells, variable: Cell(axis)},
        )
        return axis, inside

    def _frame(self, name: str, indices: tuple[str, ...], args: tuple[ir.Term, ...]) -> Stage[S, V]:
        """The scope of a definition's body with these arguments: the same for equal calls."""
        definition = self.shared.definitions[name]
        scalars: dict[str, Thunk[S]] = {}
        vectors: dict[str, Thunk[V]] = {}
        dimensions: dict[str, int] = {}
        for parameter, arg in zip(definition.parameters, args, strict=True):
            if isinstance(arg, ir.SCALARS):
                scalars[parameter.name] = self.scalar(arg)
            else:
                vectors[parameter.name] = self.vector(arg)
                dimensions[parameter.name] = self.dimension(arg)
        sizes = {inner.name: self.sizes[index] for inner, index in zip(definition.indices, indices, strict=True)}
        key = (name, *sizes.values(), *scalars.values(), *vectors.values())
        if key not in self.shared.frames:
            self.shared.frames[key] = Stage(
                self.algebra, self.shared, sizes, scalars, vectors, dimensions, {}, Environment(sizes), {}, self.depth
            )
        return self.shared.frames[key]


def stage(algebra: Algebra[S, V], environment: Environment[S, V], definitions: Mapping[str, ir.Definition]) -> Stage[S, V]:
    """The scope of a declaration whose variables have the environment's values."""
    shared: _Shared[S, V] = _Shared(definitions)
    return Stage(
        algebra,
        shared,
        environment.sizes,
        {name: constant(value) for name, value in environment.scalars.items()},
        {name: constant(value) for name, value in environment.vectors.items()},
        {name: algebra.dimension(value) for name, value in environment.vectors.items()},
        environment.families,
        environment,
        environment.positions,
        depth=0,
    )


def _still(value: T) -> Dual[T]:
    """A value that does not move."""
    return Dual(value)


def _exactly(algebra: Algebra[S, V], values: Sequence[int]) -> Thunk[V]:
    return held(lambda: algebra.vector(values), CLOSED)


def _tangent(algebra: Algebra[S, V], dual: Dual[S]) -> S:
    return algebra.scalar(0) if dual.tangent is None else dual.tangent


def _vector_tangent(algebra: Algebra[S, V], dual: Dual[V]) -> V:
    return algebra.zero(algebra.dimension(dual.value)) if dual.tangent is None else dual.tangent
