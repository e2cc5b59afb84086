"""Inner products, coercions, and the linear maps that are made of others: sums over pairs, projections.

In: values.  Out: values, or an ``UnreadError``.
"""

from __future__ import annotations

from dataclasses import replace

from pybridge.audit.arithmetic import combined, mapped
from pybridge.audit.types import REAL, Known, Type, Unknown, UnreadError, is_a, resolved, said, unify
from pybridge.audit.values import Function, Map, Node, Span, Value, entry, linear, node


def inner(left: Value, right: Value) -> Node:
    """The real inner product."""
    one, other = node(left, "a vector"), node(right, "a vector")
    unify(one.type, other.type)
    return Node("inner", REAL, (one, other))


def ascribed(value: Value, type_: Type) -> Value:
    """A value whose type is written beside it."""
    unify(Known("→L", (value.domain, value.codomain)) if isinstance(value, Map) else node(value, "a term").type, type_)
    return value


def coerced(value: Value) -> Value:
    """A value under Lean's arrow: a natural number as a real one, or a number that is not negative."""
    if not isinstance(value, Node):
        return value
    found = resolved(value.type)
    if value.op in ("card", "nat") and is_a(found, "ℕ"):
        return replace(value, type=REAL)
    if value.op == "toNNReal":
        (inside,) = value.inner
        doubled = Node("add", REAL, (inside, Node("abs", REAL, (inside,))))
        return Node("div", REAL, (doubled, Node("nat", REAL, number=2)))
    raise UnreadError(f"a coercion of {said(found)}")


def coprod(left: Map) -> Function:
    """``A.coprod``, which takes another map and makes one of pairs."""

    def with_right(value: Value) -> Value:
        right = linear(value)
        unify(left.codomain, right.codomain)

        def of_pair(pair: Value) -> Node:
            return node(combined("add", left.apply(entry(pair, 1)), right.apply(entry(pair, 2))), "a vector")

        return Map(Known("×", (left.domain, right.domain)), left.codomain, of_pair)

    return Function(Unknown(), with_right)


def complement(value: Value) -> Span:
    """The orthogonal complement of a span."""
    if not isinstance(value, Span) or value.complement:
        raise UnreadError("an orthogonal complement of something that is no span")
    return replace(value, complement=True)


def projection(value: Value) -> Map:
    """The projection onto a span, or onto its complement, which takes that off."""
    if not isinstance(value, Span):
        raise UnreadError("a projection onto something that is no span")
    type_ = value.generators[0].type
    for generator in value.generators:
        unify(generator.type, type_)

    def apply(vector: Node) -> Node:
        onto = Node("project", type_, (*value.generators, vector))
        return Node("sub", type_, (vector, onto)) if value.complement else onto

    return mapped(type_, type_, apply)
