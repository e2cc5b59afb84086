"""Terms as SymPy expressions: a fold over the nodes, definitions unfolded.

In: a term, and a ``Frame`` that has an expression or ``Entries`` for each name.  Out: an expression, or ``Entries``.  Quotients
and roots are SymPy's own: where a divisor is 0 Lean's quotient is 0 and SymPy has none.  What stands twice is written once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import add, sub
from typing import Any

import sympy as sp
from typing_extensions import assert_never

from pybridge import ir
from pybridge.errors import InputError
from pybridge.formulas.entries import Entries, Entry, Expr, flat, inner, is_number, mapped, numbered, summed
from pybridge.ir.traverse import free_positions


@dataclass(frozen=True)
class Frame:
    """What names stand for: those of the statement, or of a definition that is called."""

    sizes: Mapping[str, Expr]
    scalars: Mapping[str, Expr] = field(default_factory=dict)
    vectors: Mapping[str, Entries] = field(default_factory=dict)
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    operators: Mapping[str, Entries] = field(default_factory=dict)
    positions: Mapping[str, Expr] = field(default_factory=dict)
    kept: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    """What has been written, by term and positions."""

    def at(self, variable: str, position: Expr) -> Frame:
        """The frame within a binder of positions."""
        return replace(self, positions={**self.positions, variable: position})

    def bound(self, variable: ir.Variable, value: Entry) -> Frame:
        """The frame in which a variable that is bound has a value."""
        if isinstance(value, Entries):
            return replace(self, vectors={**self.vectors, variable.name: value}, kept={})
        return replace(self, scalars={**self.scalars, variable.name: value}, kept={})


class Writer:
    """Writes terms over some definitions."""

    def __init__(self, definitions: Mapping[str, ir.Definition]) -> None:
        self.definitions = definitions
        self._calls: dict[Any, Frame] = {}
        self._free: dict[int, frozenset[str]] = {}

    def scalar(self, term: ir.Scalar, frame: Frame) -> Expr:
        """A number."""
        return self._kept(term, frame, self._scalar)

    def vector(self, term: ir.Vector, frame: Frame) -> Entries:
        """A vector."""
        found: Entries = self._kept(term, frame, self._vector)
        return found

    def _kept(self, term: Any, frame: Frame, write: Callable[[Any, Frame], Any]) -> Any:
        free = free_positions(term, self._free)
        key = (id(term), tuple((name, frame.positions.get(name)) for name in sorted(free)))
        if key not in frame.kept:
            frame.kept[key] = write(term, frame)
        return frame.kept[key]

    def _scalar(self, term: ir.Scalar, frame: Frame) -> Expr:
        match term:
            case ir.Nat(value):
                return sp.Integer(value)
            case ir.Var(name):
                return frame.scalars[name]
            case ir.Card(index):
                return sp.sympify(frame.sizes[index])
            case ir.Add(left, right):
                return self.scalar(left, frame) + self.scalar(right, frame)
            case ir.Sub(left, right):
                return self.scalar(left, frame) - self.scalar(right, frame)
            case ir.Mul(left, right):
                return self.scalar(left, frame) * self.scalar(right, frame)
            case ir.Div(left, right):
                return self.scalar(left, frame) / self.scalar(right, frame)
            case ir.Neg(arg):
                return -self.scalar(arg, frame)
            case ir.Inv(arg):
                return 1 / self.scalar(arg, frame)
            case ir.Sqrt(arg):
                return sp.sqrt(self.scalar(arg, frame))
            case ir.Abs(arg):
                return sp.Abs(self.scalar(arg, frame))
            case ir.Pow(base, exponent):
                return self.scalar(base, frame) ** exponent
            case ir.Inner(left, right):
                return inner(self.vector(left, frame), self.vector(right, frame))
            case ir.Norm(arg):
                vector = self.vector(arg, frame)
                return sp.sqrt(inner(vector, vector))
            case ir.Component(vector, position):
                return self.vector(vector, frame).at(frame.positions[position])
            case ir.Sum(variable, index, body):
                return summed(frame.sizes[index], lambda k: self.scalar(body, frame.at(variable, k)))
            case ir.Call(name, indices, args):
                definition: Any = self.definitions[name]
                return self.scalar(definition.body, self._called(name, indices, args, frame))
            case ir.Apply(function, arg):
                return frame.functions[function](*_numbers(self.vector(arg, frame), function))
            case ir.InfDist():
                raise unwritten("the distance from a set")
            case ir.OpNorm():
                raise unwritten("the norm of an operator")
            case _:
                assert_never(term)

    def _vector(self, term: ir.Vector, frame: Frame) -> Entries:
        match term:
            case ir.VVar(name):
                return frame.vectors[name]
            case ir.Zero(space):
                return _zero(space, frame)
            case ir.VAdd(left, right):
                return mapped(add, self.vector(left, frame), self.vector(right, frame))
            case ir.VSub(left, right):
                return mapped(sub, self.vector(left, frame), self.vector(right, frame))
            case ir.VNeg(arg):
                return mapped(lambda one: -one, self.vector(arg, frame))
            case ir.Smul(scalar, vector):
                return mapped(lambda one: self.scalar(scalar, frame) * one, self.vector(vector, frame))
            case ir.Build(variable, index, number):
                return Entries(frame.sizes[index], lambda k: self.scalar(number, frame.at(variable, k)))
            case ir.Channels(variable, index, channel):
                return Entries(frame.sizes[index], lambda k: self.vector(channel, frame.at(variable, k)))
            case ir.VSum(variable, index, summand):
                return self._vector_sum(variable, index, summand, frame)
            case ir.Member(family, position) | ir.Channel(ir.VVar(family), position, _):
                found: Any = frame.vectors[family].at(frame.positions[position])
                return found  # type: ignore[no-any-return]
            case ir.Channel(vector, position, _):
                part: Any = self.vector(vector, frame).at(frame.positions[position])
                return part  # type: ignore[no-any-return]
            case ir.VCall(name, indices, args):
                definition: Any = self.definitions[name]
                return self.vector(definition.body, self._called(name, indices, args, frame))
            case ir.VApply(function, arg) if function in frame.operators:
                matrix, along = frame.operators[function], self.vector(arg, frame)
                return Entries(matrix.size, lambda k: _row(matrix, k, along))
            case ir.VApply(function, arg):
                return numbered(list(frame.functions[function](*_numbers(self.vector(arg, frame), function))))
            case ir.Adjoint(operator, arg):
                return _transposed(frame.operators[operator], self.vector(arg, frame))
            case ir.Gradient(bound, value, point):
                names, inside = self._moving(bound, self.vector(point, frame), frame)
                moved = self.scalar(value, inside)
                return numbered([_derivative(moved, name, names, self.vector(point, frame)) for name in names])
            case ir.FDeriv(bound, image, point, direction):
                return self._along(bound, image, self.vector(point, frame), self.vector(direction, frame), frame)
            case ir.Project(generators, arg):
                return _projected([self.vector(one, frame) for one in generators], self.vector(arg, frame))
            case _:
                assert_never(term)

    def _called(self, name: str, indices: tuple[str, ...], args: tuple[ir.Term, ...], frame: Frame) -> Frame:
        """The frame of a definition's body, the same for the same arguments."""
        definition = self.definitions[name]
        scalars: dict[str, Expr] = {}
        vectors: dict[str, Entries] = {}
        for parameter, arg in zip(definition.parameters, args, strict=True):
            if isinstance(arg, ir.SCALARS):
                scalars[parameter.name] = self.scalar(arg, frame)
            else:
                vectors[parameter.name] = self.vector(arg, frame)
        sizes = {own.name: frame.sizes[index] for own, index in zip(definition.indices, indices, strict=True)}
        key = (name, *sizes.values(), *scalars.values(), *map(id, vectors.values()))
        if key not in self._calls:
            self._calls[key] = Frame(sizes, scalars, vectors)
        return self._calls[key]

    def _vector_sum(self, variable: str, index: str, body: ir.Vector, frame: Frame) -> Entries:
        size = frame.sizes[index]
        if is_number(size):
            every = [self.vector(body, frame.at(variable, k)) for k in range(int(size))]
            if not every:
                raise unwritten("an empty sum of vectors")
            return reduce(lambda one, other: mapped(add, one, other), every)
        first = self.vector(body, frame.at(variable, sp.Integer(0)))

        def entry(position: Expr) -> Expr:
            return summed(size, lambda k: self.vector(body, frame.at(variable, k)).at(position))

        return Entries(first.size, entry)

    def _moving(self, variable: ir.Variable, point: Entries, frame: Frame) -> tuple[list[Expr], Frame]:
        """Symbols for the coordinates of a variable that is differentiated in, and the frame that has them."""
        names = symbols_like(point, variable.name)
        return names, frame.bound(variable, shaped_like(point, names))

    def _along(self, variable: ir.Variable, body: ir.Vector, point: Entries, direction: Entries, frame: Frame) -> Entries:
        names, inside = self._moving(variable, point, frame)
        moved, steps = flat(self.vector(body, inside)), flat(direction)
        slopes = [
            sp.Add(*(_derivative(part, name, names, point) * step for name, step in zip(names, steps, strict=True)))
            for part in moved
        ]
        return numbered(slopes)


def unwritten(what: str) -> InputError:
    """The error where SymPy has no form for something."""
    return InputError(f"SymPy has no form for {what}", hint="`pybridge check` and `pybridge.evaluate` know it")


def symbols_like(point: Entries, name: str) -> list[Expr]:
    """A symbol for each number in a vector whose size is known."""
    return [sp.Dummy(f"{name}_{k}", real=True) for k in range(len(_numbers(point, f"the derivative in {name}")))]


def shaped_like(point: Entries, numbers: list[Expr]) -> Entries:
    """The numbers in the shape of a vector, through its channels."""
    remaining = iter(numbers)

    def shaped(vector: Entries) -> Entries:
        return numbered([shaped(entry) if isinstance(entry, Entries) else next(remaining) for entry in vector.every()])

    return shaped(point)


def derivative_at(body: Expr, name: Expr, names: list[Expr], point: list[Expr]) -> Expr:
    """The derivative of ``body`` in one of its variables, which are then put at a point."""
    return sp.Subs(sp.Derivative(body, name), tuple(names), tuple(point))


def _derivative(body: Expr, name: Expr, names: list[Expr], point: Entries) -> Expr:
    return derivative_at(body, name, names, flat(point))


def _numbers(vector: Entries, what: str) -> list[Expr]:
    """All numbers of a vector, of which there have to be a known number."""
    if not is_number(vector.size):
        raise InputError(f"SymPy writes {what} for a given m only", hint="pass m, such as m=3")
    return flat(vector)


def _row(matrix: Entries, row: Expr, along: Entries) -> Expr:
    found: Any = matrix.at(row)
    return inner(found, along)


def _transposed(matrix: Entries, along: Entries) -> Entries:
    first: Any = matrix.at(sp.Integer(0))

    def entry(column: Expr) -> Expr:
        def product(row: Expr) -> Expr:
            found: Any = matrix.at(row)
            return found.at(column) * along.at(row)

        return summed(matrix.size, product)

    return Entries(first.size, entry)


def _projected(generators: list[Entries], arg: Entries) -> Entries:
    """The projection onto the span of vectors, which have to be independent: else there is a division by 0."""
    basis: list[Entries] = []
    for generator in generators:
        for axis in basis:
            generator = mapped(sub, generator, _along(generator, axis))
        basis.append(generator)
    return reduce(lambda one, other: mapped(add, one, other), (_along(arg, axis) for axis in basis))


def _along(vector: Entries, axis: Entries) -> Entries:
    """The part of a vector along an axis."""
    share = inner(vector, axis) / inner(axis, axis)
    return mapped(lambda one: share * one, axis)


def _zero(space: ir.Space, frame: Frame) -> Entries:
    match space:
        case ir.Euclidean(name) | ir.Abstract(name):
            return Entries(frame.sizes[name], lambda _: sp.Integer(0))
        case ir.ChannelSpace(family, inside):
            return Entries(frame.sizes[family], lambda _: _zero(inside, frame))
        case _:
            assert_never(space)
