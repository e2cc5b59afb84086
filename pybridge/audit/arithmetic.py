"""Sums, multiples, norms and comparisons of values: on linear maps they are taken at an argument.

What a linear map that is written out does to a vector is said by mathlib's lemmas ``add_apply``, ``sub_apply``, ``neg_apply``,
``smul_apply``, ``id_apply``, ``coprod_apply``, ``toSpanSingleton_apply``, ``innerSL_apply_apply`` and ``rankOne_apply``; these
are here and in ``constants.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from pybridge.audit.types import REAL, Type, is_a, unify
from pybridge.audit.values import Function, Map, Node, Pair, Value, function, linear, node, number, typed

_fresh = count()


def variable(type_: Type) -> Node:
    """A new variable of this type, by a name that no text has."""
    return Node("var", type_, name=f"#{next(_fresh)}")


def variables_like(point: Value) -> tuple[Value, tuple[Node, ...]]:
    """New variables of the types of a point: in a tuple as it is one, and one by one."""
    if isinstance(point, Pair):
        (left, lefts), (right, rights) = variables_like(point.left), variables_like(point.right)
        return Pair(left, right), (*lefts, *rights)
    fresh = variable(node(point, "a point").type)
    return fresh, (fresh,)


def leaves(point: Value) -> tuple[Node, ...]:
    """The entries of a tuple, or the one thing that it is."""
    if isinstance(point, Pair):
        return (*leaves(point.left), *leaves(point.right))
    return (node(point, "a point"),)


def opened(value: Value, type_: Type) -> tuple[Node, Value]:
    """A new variable of this type, and what a function makes of it."""
    found = function(value)
    unify(found.domain, type_)
    fresh = variable(type_)
    return fresh, found.apply(fresh)


def combined(op: str, left: Value, right: Value) -> Value:
    """The sum or difference of two numbers, vectors or maps; the product or quotient of two numbers."""
    if _is_map(left) or _is_map(right):
        one, other = linear(left), linear(right)
        unify(one.domain, other.domain)
        unify(one.codomain, other.codomain)
        return Map(one.domain, one.codomain, lambda arg: node(combined(op, one.apply(arg), other.apply(arg)), "a vector"))
    first, second = node(left, "a term"), node(right, "a term")
    unify(first.type, second.type)
    return Node(op, first.type, (first, second))


def changed(op: str, value: Value) -> Value:
    """The negative of a number, vector or map; the inverse of a number."""
    if _is_map(value):
        found = linear(value)
        return Map(found.domain, found.codomain, lambda arg: node(changed(op, found.apply(arg)), "a vector"))
    inner = node(value, "a term")
    return Node(op, inner.type, (inner,))


def scaled(factor: Value, value: Value) -> Value:
    """A number times a vector or a map."""
    scalar = number(factor)
    if _is_map(value):
        found = linear(value)
        return Map(found.domain, found.codomain, lambda arg: node(scaled(scalar, found.apply(arg)), "a vector"))
    inner = node(value, "a vector")
    return Node("smul", inner.type, (scalar, inner))


def norm(value: Value) -> Node:
    """The norm of a number, a vector or a map."""
    if isinstance(value, Map) and value.variable is None:
        fresh = variable(value.domain)
        return Node("opNorm", REAL, (value.apply(fresh),), binds=(fresh,))
    inner = value.variable if isinstance(value, Map) and value.variable is not None else node(value, "a vector")
    return Node("norm", REAL, (inner,))


def related(op: str, left: Value, right: Value) -> Node:
    """An equation or inequality."""
    first, second = node(left, "a term"), node(right, "a term")
    unify(first.type, second.type)
    return Node(op, first.type, (first, second))


def mapped(domain: Type, codomain: Type, apply: Callable[[Node], Node]) -> Map:
    """A linear map by what it makes of a vector."""

    def applied(argument: Value) -> Node:
        vector = node(argument, "a vector")
        unify(vector.type, domain)
        return apply(vector)

    return Map(domain, codomain, applied)


def taking(domain: Type, apply: Callable[[Value], Value]) -> Function:
    """A function by what it makes of an argument."""

    def applied(argument: Value) -> Value:
        if isinstance(argument, Node | Pair):
            unify(typed(argument), domain)
        return apply(argument)

    return Function(domain, applied)


def _is_map(value: Value) -> bool:
    return isinstance(value, Map) or (isinstance(value, Node) and is_a(value.type, "→L"))
