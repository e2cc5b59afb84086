"""What names stand for while a term is lowered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from typing_extensions import assert_never

from pybridge import ir
from pybridge.semantics.axes import Axis, Length, unused
from pybridge.semantics.program import Builder, Coordinates, Node


@dataclass(frozen=True, slots=True)
class Scope:
    """What the names of a declaration stand for, where they are not the environment's; ``used`` are the enclosing axes."""

    used: frozenset[Axis] = frozenset()
    indices: Mapping[str, str] = field(default_factory=dict)
    scalars: Mapping[str, Node] = field(default_factory=dict)
    vectors: Mapping[str, Coordinates] = field(default_factory=dict)
    positions: Mapping[str, Axis] = field(default_factory=dict)

    def index(self, name: str) -> str:
        """The index type that a name stands for."""
        return self.indices.get(name, name)

    def length(self, space: ir.Space) -> Length:
        """How long an axis of coordinates of a space is."""
        match space:
            case ir.Euclidean(name):
                return (self.index(name),)
            case ir.Abstract(name):
                return (name,)
            case ir.ChannelSpace(family, inner):
                return (self.index(family), *self.length(inner))
            case _:
                assert_never(space)

    def enter(self, variable: str, index: str) -> tuple[Axis, Scope]:
        """The axis of a binder's positions, and the scope within it."""
        axis = unused((self.index(index),), self.used)
        return axis, replace(self, used=self.used | {axis}, positions={**self.positions, variable: axis})


TOP = Scope()
"""That of a statement: every name is the environment's."""


def step_of(name: str) -> str:
    """Under which name an environment has the step of a variable; no variable is called so."""
    return f"step of {name}"


def measured(definition: ir.Definition, inside: Scope, builder: Builder) -> Scope:
    """The scope of a definition's body, with the arguments along axes of the length that the parameters say."""
    found = dict(inside.vectors)
    for parameter in definition.parameters:
        if isinstance(parameter.kind, ir.VectorKind):
            vector = found[parameter.name]
            length = inside.length(parameter.kind.space)
            if vector.axis.length != length:
                axis = unused(length, vector.node.axes - {vector.axis})
                found[parameter.name] = Coordinates(builder.along(vector, axis), axis)
    return replace(inside, vectors=found)
