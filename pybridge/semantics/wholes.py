"""What programs leave to others: operations on whole vectors, and how derivatives look at their arguments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from pybridge.algebras.base import Algebra, Relation, S, Truth, V
from pybridge.algebras.dual import Dual, DualAlgebra, NotDifferentiable
from pybridge.semantics import losses, operators, regions, subspaces
from pybridge.semantics.lifting import lifted_loss
from pybridge.semantics.program import Node


def slope(node: Node, algebra: Algebra[S, V]) -> Callable[..., S]:
    """How a derivative looks at its argument before it divides by it; ``NotDifferentiable`` where that is not certain."""

    def against_0(relation: Relation, value: S) -> bool:
        return algebra.compare(relation, value, algebra.scalar(0)) is Truth.HOLDS

    def constant(numbers: Sequence[S]) -> bool:
        return bool(numbers) and all(against_0(Relation.LT, number) for number in numbers)

    def refused(what: str, zero: S, still: Sequence[S]) -> NotDifferentiable:
        moves = not still or any(algebra.compare(Relation.LE, algebra.scalar(0), number) is Truth.HOLDS for number in still)
        return NotDifferentiable(what, certain=moves and against_0(Relation.EQ, zero))

    def apart(value: S, *still: S) -> S:
        if not against_0(Relation.NE, value) and not constant(still):
            raise refused(str(node.data[0]), value, still)
        return value

    def of_sqrt(arg: S, root: S, step: S, *still: S) -> S:
        if against_0(Relation.LT, arg) or constant(still):
            return algebra.scalar(0)
        if not against_0(Relation.NE, arg):
            raise refused("a root where its argument may be 0", arg, still)
        return algebra.divide(step, algebra.multiply(algebra.scalar(2), root))

    def of_absolute(arg: S, step: S, *still: S) -> S:
        if constant(still):
            return algebra.scalar(0)
        if against_0(Relation.LT, arg):
            return algebra.negate(step)
        if not against_0(Relation.NE, arg):
            raise refused("an absolute value where its argument may be 0", arg, still)
        return step

    def of_norm(square: S, norm: S, step: S, *still: S) -> S:
        if constant(still):
            return algebra.scalar(0)
        if not against_0(Relation.NE, square):
            raise refused("a norm where the vector may be 0", square, still)
        return algebra.divide(step, norm)

    slopes: dict[str, Callable[..., S]] = {
        "apart": apart,
        "slope of sqrt": of_sqrt,
        "slope of absolute": of_absolute,
        "slope of norm": of_norm,
    }
    return slopes[node.op]


def whole(op: str, node: Node, algebra: Any, environment: Any, level: int) -> Callable[..., Any]:
    """An operation on whole vectors, in an algebra of duals of as many levels as it is differentiated."""
    names = [part for part in node.data if isinstance(part, str)]
    match op:
        case "loss":
            loss = _constant(environment.losses[names[0]], level)
            return lambda at: losses.value(loss, algebra, at)
        case "distance":
            return lambda at: regions.distance(environment.regions[names[0]], algebra, at)
        case "apply" if names[0] in environment.fields:
            field = _constant(environment.fields[names[0]], level)
            return lambda at: losses.gradient(field, algebra, at)
        case "apply":
            return partial(_linear, partial(operators.apply, environment.operators[names[0]]), algebra)
        case "adjoint":
            return partial(_linear, partial(operators.adjoint, environment.operators[names[0]]), algebra)
        case "project":
            return lambda *parts: subspaces.project(algebra, parts[:-1], parts[-1])
        case _:
            raise TypeError(f"no operation is called {op}")


def _constant(loss: losses.Loss | losses.Placed[Any], level: int) -> losses.Loss | losses.Placed[Any]:
    """The loss in duals of so many levels, around points that do not move."""
    for _ in range(level):
        loss = lifted_loss(loss, Dual)
    return loss


def _linear(operation: Callable[[Any, Any], Any], algebra: Any, arg: Any) -> Any:
    """A linear map that does not move, of a vector and its tangents."""
    if not isinstance(algebra, DualAlgebra):
        return operation(algebra, arg)
    tangent = None if arg.tangent is None else _linear(operation, algebra.base, arg.tangent)
    return Dual(_linear(operation, algebra.base, arg.value), tangent)


def nested(parts: Sequence[Any], level: int, zero: Any) -> Any:
    """A vector and those of its tangents that there are as duals of duals: the first derivative outermost."""
    if level == 0:
        return parts[0]
    value, tangent = (nested(parts[start::2], level - 1, zero) for start in (0, 1))
    if value is None and tangent is not None:
        value = zero
        for _ in range(level - 1):
            value = Dual(value)
    return None if value is None else Dual(value, tangent)
