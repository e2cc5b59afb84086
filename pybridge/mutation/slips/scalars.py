"""Slips where a scalar stands."""

from __future__ import annotations

from collections.abc import Iterator

from typing_extensions import assert_never

from pybridge import ir
from pybridge.ir.occurrences import Node, Place
from pybridge.mutation.slips.shared import (
    averaged,
    called,
    elsewhere,
    instead,
    namesakes,
    negated,
    of_difference,
    of_sum,
    others,
    swapped,
)
from pybridge.mutation.slips.slip import Definitions, Slip
from pybridge.notation.render import text

ZERO, ONE = ir.Nat(0), ir.Nat(1)


def of_scalar(term: ir.Scalar, place: Place, definitions: Definitions) -> Iterator[Slip[ir.Scalar]]:
    """Yield the slips at a term of sort scalar, those that are likely in a kernel first."""
    match term:
        case ir.Nat(value):
            yield Slip("one-more", f"the number {value} is {value + 1}", ir.Nat(value + 1))
            if value:
                yield Slip("one-less", f"the number {value} is {value - 1}", ir.Nat(value - 1))
        case ir.Var(name):
            yield _zero(name, place.parent)
            yield Slip("twice", f"`{name}` is multiplied in twice", ir.Mul(term, term), likely=True)
            for other in others(name, place.scope):
                yield instead(other, name, ir.Var(other))
        case ir.Card():
            yield Slip("one-less", "the size m of the batch is m - 1", ir.Sub(term, ONE), likely=True)
        case ir.Add(left, right):
            yield from of_sum(left, right, minus=ir.Sub(left, right))
        case ir.Sub(left, right):
            yield from of_difference(left, right, plus=ir.Add(left, right), opposite=ir.Neg(right))
            if isinstance(left, ir.Sub):
                both = f"`- {text(left.right)}` and `- {text(right)}` are missing: are the statistics taken for constants?"
                yield Slip("without-both", both, left.left, likely=True)
        case ir.Mul(left, right):
            yield Slip("without-right", f"the factor `{text(right)}` is missing", left, likely=True)
            yield Slip("without-left", f"the factor `{text(left)}` is missing", right, likely=True)
            yield negated(ir.Mul(ir.Neg(left), right))
        case ir.Div(left, right):
            yield Slip("without-divisor", f"the division by `{text(right)}` is missing", left, likely=True)
            if not isinstance(left, ir.Nat):  # that a number is 1 instead is a slip at the number
                yield Slip("without-dividend", f"the factor `{text(left)}` is missing", ir.Div(ONE, right), likely=True)
            yield negated(ir.Div(ir.Neg(left), right))
        case ir.Neg(arg):
            yield Slip("without", f"the `-` before `{text(arg)}` is missing", arg)
        case ir.Inv(arg):
            yield Slip("without", f"the inverse of `{text(arg)}` is missing", arg)
        case ir.Abs(arg):
            yield Slip("without", f"the absolute value of `{text(arg)}` is missing", arg)
        case ir.Sqrt(arg):
            yield Slip("without", f"the root of `{text(arg)}` is missing", arg, likely=True)
            if isinstance(arg, ir.Add):
                outside = ir.Add(ir.Sqrt(arg.left), arg.right)
                yield Slip("right-moved-out", f"`{text(arg.right)}` stands outside the root", outside)
        case ir.Pow(base, exponent):
            yield from _of_power(base, exponent)
        case ir.Inner(left, right):
            for label, vector in (("left-twice", left), ("right-twice", right)):
                both = f"`{text(vector)}` is both factors of the inner product"
                yield Slip(label, both, ir.Inner(vector, vector))
        case ir.Norm(vector):
            yield Slip("squared", f"the norm of `{text(vector)}` is squared", ir.Inner(vector, vector))
        case ir.Component(vector, position):
            for other in others(position, place.scope):
                yield elsewhere(term, other, ir.Component(vector, other))
        case ir.Sum(_, index, _):
            yield averaged(term, ir.Div(term, ir.Card(index)))
        case ir.Call(name, indices, args):
            for label, said, arguments in swapped(term, definitions):
                yield Slip(label, said, ir.Call(name, indices, arguments))
            for other in namesakes(name, definitions):
                yield called(other, name, ir.Call(other, indices, args))
        case ir.Apply():
            yield negated(ir.Neg(term))
        case ir.OpNorm():
            yield Slip("squared", f"the norm `{text(term)}` is squared", ir.Pow(term, 2))
        case ir.InfDist(point, _):
            yield Slip("from-0", f"the distance of `{text(point)}` is that from 0", ir.Norm(point))
        case _:
            assert_never(term)


def _zero(name: str, parent: Node | None) -> Slip[ir.Scalar]:
    """A variable taken for 0; where it is the argument of a definition, the call is what somebody gets wrong."""
    if isinstance(parent, ir.Call | ir.VCall):
        return Slip("to-0", f"`{text(parent)}` is taken at {name} = 0", ZERO, likely=True)
    return Slip("to-0", f"`{name}` is taken for 0", ZERO)


def _of_power(base: ir.Scalar, exponent: int) -> Iterator[Slip[ir.Scalar]]:
    missing = f"the power {exponent} of `{text(base)}` is missing"
    if exponent == 2:  # one less and none are the same
        yield Slip("one-less", missing, base, likely=True)
    elif exponent:
        if exponent > 1:
            yield Slip("without", missing, base, likely=True)
        yield Slip("one-less", f"the power {exponent} of `{text(base)}` is {exponent - 1}", ir.Pow(base, exponent - 1))
    yield Slip("one-more", f"the power {exponent} of `{text(base)}` is {exponent + 1}", ir.Pow(base, exponent + 1))
