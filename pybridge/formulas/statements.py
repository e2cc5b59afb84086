"""Propositions as SymPy relations: one for each comparison, none of them decided.

In: a proposition, a ``Frame`` and a ``Writer``.  Out: relations and what joins them.  A statement for all positions is one
relation for each, where their number is known; one for all numbers or vectors is a relation in symbols that stand for any.
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp
from typing_extensions import assert_never

from pybridge import ir
from pybridge.errors import InputError
from pybridge.formulas.entries import Entries, Expr, flat, inner, is_number
from pybridge.formulas.symbols import ascii_name, frame_of
from pybridge.formulas.terms import Frame, Writer, derivative_at, shaped_like, symbols_like, unwritten
from pybridge.ir.spaces import axes_of_space

ANY = "any"
"""Before the name of a symbol for any position, where their number is a symbol."""


def relations(stated: ir.Proposition, frame: Frame, writer: Writer) -> tuple[Expr, ...]:
    """What a proposition says: all of these.

    Raises
    ------
    InputError
        SymPy has no form for it, or has one for a given m only.
    """
    match stated:
        case ir.Eq(left, right):
            return (sp.Eq(writer.scalar(left, frame), writer.scalar(right, frame), evaluate=False),)
        case ir.Ne(left, right):
            return (sp.Ne(writer.scalar(left, frame), writer.scalar(right, frame), evaluate=False),)
        case ir.Lt(left, right):
            return (sp.StrictLessThan(writer.scalar(left, frame), writer.scalar(right, frame), evaluate=False),)
        case ir.Le(left, right):
            return (sp.LessThan(writer.scalar(left, frame), writer.scalar(right, frame), evaluate=False),)
        case ir.VectorEq(first, second):
            return _equal(writer.vector(first, frame), writer.vector(second, frame))
        case ir.VectorNe(first, second):
            return (sp.Not(sp.And(*_equal(writer.vector(first, frame), writer.vector(second, frame)), evaluate=False)),)
        case ir.And(before, after):
            return (*relations(before, frame, writer), *relations(after, frame, writer))
        case ir.Iff(before, after):
            return (sp.Equivalent(joined(relations(before, frame, writer)), joined(relations(after, frame, writer))),)
        case ir.Imp(before, after):
            return (sp.Implies(joined(relations(before, frame, writer)), joined(relations(after, frame, writer))),)
        case ir.Orthonormal(family):
            return _orthonormal(frame.vectors[family])
        case ir.ForAll(variable, body):
            return _for_all(variable, body, frame, writer)
        case ir.HasGradientAt() | ir.HasDerivAt() | ir.HasFDerivAt():
            return _derivative(stated, frame, writer)
        case ir.Eventually():
            raise unwritten("a statement about all that is near a point")
        case ir.Mem() | ir.OpNormLe() | ir.IsGreatest():
            raise unwritten("sets, operator norms and greatest values")
        case _:
            assert_never(stated)


def joined(found: Sequence[Expr]) -> Expr:
    """One condition out of several, which are not decided."""
    return found[0] if len(found) == 1 else sp.And(*found, evaluate=False)


def _equal(left: Entries, right: Entries) -> tuple[Expr, ...]:
    """One equation for each number in two vectors; where the size is a symbol, one at any position."""
    if is_number(left.size):
        return tuple(sp.Eq(one, other, evaluate=False) for one, other in zip(flat(left), flat(right), strict=True))
    position = any_position(left.size)
    one, other = left.at(position), right.at(position)
    if isinstance(one, Entries) and isinstance(other, Entries):
        return _equal(one, other)
    return (sp.Eq(one, other, evaluate=False),)


def any_position(size: Expr) -> Expr:
    """A symbol for any position of an index type, whose size is a symbol."""
    return sp.Symbol(f"{ANY}_{size}", integer=True, nonnegative=True)


def _orthonormal(family: Entries) -> tuple[Expr, ...]:
    if not is_number(family.size):
        raise InputError("SymPy writes an orthonormal family for a given m only", hint="pass m, such as m=3")
    found = []
    for j in range(int(family.size)):
        for k in range(j + 1):
            one, other = family.at(j), family.at(k)
            if isinstance(one, Entries) and isinstance(other, Entries):
                found.append(sp.Eq(inner(one, other), sp.Integer(int(j == k)), evaluate=False))
    return tuple(found)


def _for_all(variable: ir.Variable, body: ir.Proposition, frame: Frame, writer: Writer) -> tuple[Expr, ...]:
    match variable.kind:
        case ir.PositionKind(index):
            size = frame.sizes[index]
            if not is_number(size):
                return relations(body, frame.at(variable.name, any_position(size)), writer)
            every = (frame.at(variable.name, sp.Integer(k)) for k in range(int(size)))
            return tuple(one for inside in every for one in relations(body, inside, writer))
        case ir.ScalarKind():
            return relations(body, frame.bound(variable, sp.Symbol(ascii_name(variable.name), real=True)), writer)
        case ir.VectorKind(space) if all(is_number(frame.sizes[axis]) for axis in axes_of_space(space)):
            bound, _ = frame_of([variable], frame.sizes, {}, {})
            return relations(body, frame.bound(variable, bound.vectors[variable.name]), writer)
        case _:
            raise unwritten("a statement about all of something else than numbers, vectors and positions")


def _derivative(stated: ir.Derivative, frame: Frame, writer: Writer) -> tuple[Expr, ...]:
    match stated:
        case ir.HasGradientAt(variable, body, gradient, point):
            at = writer.vector(point, frame)
            names = symbols_like(at, variable.name)
            moved = writer.scalar(body, frame.bound(variable, shaped_like(at, names)))
            claimed = flat(writer.vector(gradient, frame))
            return tuple(
                sp.Eq(derivative_at(moved, name, names, flat(at)), claim, evaluate=False)
                for name, claim in zip(names, claimed, strict=True)
            )
        case ir.HasDerivAt(bound, inside, derivative, where):
            symbol = sp.Dummy(ascii_name(bound), real=True)
            value = writer.scalar(inside, frame.bound(ir.Variable(bound, ir.ScalarKind()), symbol))
            slope = derivative_at(value, symbol, [symbol], [writer.scalar(where, frame)])
            return (sp.Eq(slope, writer.scalar(derivative, frame), evaluate=False),)
        case ir.HasFDerivAt():
            return _frechet(stated, frame, writer)
        case _:
            assert_never(stated)


def _frechet(stated: ir.HasFDerivAt, frame: Frame, writer: Writer) -> tuple[Expr, ...]:
    """The derivative along directions that are symbols, number by number."""
    names: list[Expr] = []
    points: list[Expr] = []
    steps: list[Expr] = []
    inside, claimed = frame, frame
    for variable, direction, point in zip(stated.variables, stated.directions, stated.points, strict=True):
        along = ir.Variable(direction, variable.kind)
        if isinstance(point, ir.SCALARS):
            symbol, step = sp.Dummy(ascii_name(variable.name), real=True), sp.Symbol(ascii_name(direction), real=True)
            inside, claimed = inside.bound(variable, symbol), claimed.bound(along, step)
            names.append(symbol)
            points.append(writer.scalar(point, frame))
            steps.append(step)
        else:
            at = writer.vector(point, frame)
            own = symbols_like(at, variable.name)
            moving = [sp.Symbol(f"{ascii_name(direction)}_{k}", real=True) for k in range(len(own))]
            inside, claimed = inside.bound(variable, shaped_like(at, own)), claimed.bound(along, shaped_like(at, moving))
            names += own
            points += flat(at)
            steps += moving
    if isinstance(stated.body, ir.SCALARS):
        moved, given = [writer.scalar(stated.body, inside)], [writer.scalar(stated.derivative, claimed)]  # type: ignore[arg-type]
    else:
        moved, given = flat(writer.vector(stated.body, inside)), flat(writer.vector(stated.derivative, claimed))  # type: ignore[arg-type]
    return tuple(
        sp.Eq(
            sp.Add(*(derivative_at(one, name, names, points) * step for name, step in zip(names, steps, strict=True))),
            other,
            evaluate=False,
        )
        for one, other in zip(moved, given, strict=True)
    )
