"""What a tree means: a node with a type, a function, a linear map, a pair, a subspace.

Functions and maps are kept as what they do to an argument, so that ``fun y => t``, a definition that lacks an argument, and a
map that is written as a sum are applied alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from pybridge.audit.types import REAL, Known, Type, Unknown, UnreadError, is_a, parts, resolved, said, unify


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A number, a vector, a position, a proposition, or a variable of another type.

    ``name`` is that of a variable or definition, ``number`` a numeral or exponent, ``types`` the index types of a call, and
    ``binds`` the variables that are bound in some of ``inner``.
    """

    op: str
    type: Type
    inner: tuple[Node, ...] = ()
    name: str = ""
    number: int = 0
    types: tuple[Type, ...] = ()
    binds: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function of one argument."""

    domain: Type
    apply: Callable[[Value], Value]


@dataclass(frozen=True, slots=True, eq=False)
class Map:
    """A continuous linear map, as what it makes of a vector; ``variable`` where it is one of the statement."""

    domain: Type
    codomain: Type
    apply: Callable[[Value], Node]
    variable: Node | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """A pair, of which a tuple is made."""

    left: Value
    right: Value


@dataclass(frozen=True, slots=True, eq=False)
class Span:
    """The subspace that some vectors span, or its orthogonal complement."""

    generators: tuple[Node, ...]
    complement: bool = False


Value: TypeAlias = "Node | Function | Map | Pair | Span"


def node(value: Value, what: str) -> Node:
    """A value that is a node.

    Raises
    ------
    UnreadError
        It is something else.
    """
    if not isinstance(value, Node):
        raise UnreadError(f"{type(value).__name__.lower()} where {what} is expected")
    return value


def number(value: Value) -> Node:
    """A value that is a real number."""
    found = node(value, "a number")
    unify(found.type, REAL)
    return found


def function(value: Value) -> Function:
    """A value as a function of one argument: a vector is one of its positions, a loss, field or family is one too.

    Raises
    ------
    UnreadError
        It is none.
    """
    if isinstance(value, Function):
        return value
    if isinstance(value, Map):
        return Function(value.domain, value.apply)
    found = node(value, "a function")
    if is_a(found.type, "PiLp"):
        return Function(parts(found.type, "PiLp", 2)[0], lambda position: component(found, position))
    if not is_a(found.type, "→"):
        raise UnreadError(f"{said(found.type)} where a function is expected")
    domain, codomain = parts(found.type, "→", 2)
    return Function(domain, lambda arg: _applied(found, domain, codomain, arg))


def _applied(head: Node, domain: Type, codomain: Type, argument: Value) -> Node:
    found = node(argument, "an argument")
    unify(found.type, domain)
    return Node("apply", codomain, (head, found))


def linear(value: Value) -> Map:
    """A value as a continuous linear map.

    Raises
    ------
    UnreadError
        It is none.
    """
    if isinstance(value, Map):
        return value
    found = node(value, "a linear map")
    domain, codomain = parts(found.type, "→L", 2)
    if found.op != "var":
        raise UnreadError("a linear map that is neither a variable nor written out")
    return Map(domain, codomain, lambda arg: _applied(found, domain, codomain, arg), found)


def typed(value: Value) -> Type:
    """The type of a node, or of a tuple of such.

    Raises
    ------
    UnreadError
        It is neither.
    """
    if isinstance(value, Pair):
        return Known("×", (typed(value.left), typed(value.right)))
    return node(value, "a point").type


def component(vector: Node, position: Value) -> Node:
    """What a vector has at a position.

    Raises
    ------
    UnreadError
        It is no vector with coordinates.
    """
    if isinstance(resolved(vector.type), Unknown):
        raise UnreadError("a coordinate of something whose type is not known yet")
    index, element = parts(vector.type, "PiLp", 2)
    found = node(position, "a position")
    unify(found.type, index)
    return Node("component", element, (vector, found))


def entry(value: Value, place: int) -> Value:
    """The first or second entry of a pair.

    Raises
    ------
    UnreadError
        It is no pair.
    """
    if not isinstance(value, Pair):
        raise UnreadError("an entry of what is no tuple")
    return value.left if place == 1 else value.right
