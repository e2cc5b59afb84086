"""Spaces and kinds: what a variable stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Euclidean:
    """``EuclideanSpace ℝ index``."""

    index: str


@dataclass(frozen=True, slots=True)
class Abstract:
    """Any real inner product space, known by its name only."""

    name: str


@dataclass(frozen=True, slots=True)
class ChannelSpace:
    """``PiLp 2 fun _ : family ↦ inner``: a vector for each channel, as values one after the other; arrays of several axes."""

    family: str
    inner: Space


Space: TypeAlias = Euclidean | Abstract | ChannelSpace


def families(space: Space | None) -> tuple[str, ...]:
    """The index types of a space's channels, the outermost first; of another space none."""
    return (space.family, *families(space.inner)) if isinstance(space, ChannelSpace) else ()


@dataclass(frozen=True, slots=True)
class ScalarKind:
    """A real number."""


@dataclass(frozen=True, slots=True)
class VectorKind:
    """A vector of ``space``."""

    space: Space


@dataclass(frozen=True, slots=True)
class PositionKind:
    """An element of the index type ``index``."""

    index: str


@dataclass(frozen=True, slots=True)
class FamilyKind:
    """A function from the index type ``index`` to vectors of ``space``."""

    index: str
    space: Space


@dataclass(frozen=True, slots=True)
class LossKind:
    """A function from ``space`` to the real numbers."""

    space: Space


@dataclass(frozen=True, slots=True)
class FieldKind:
    """A function from ``space`` to itself."""

    space: Space


@dataclass(frozen=True, slots=True)
class OperatorKind:
    """A continuous linear map from ``domain`` to ``codomain``."""

    domain: Space
    codomain: Space


@dataclass(frozen=True, slots=True)
class SetKind:
    """A set of vectors of ``space``."""

    space: Space


Kind: TypeAlias = ScalarKind | VectorKind | PositionKind | FamilyKind | LossKind | FieldKind | OperatorKind | SetKind


@dataclass(frozen=True, slots=True)
class Variable:
    name: str
    kind: Kind
