"""The nodes of sort vector."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from pybridge.ir.kinds import Space, Variable

if TYPE_CHECKING:  # nodes of either sort have fields of the other
    from pybridge.ir.terms import Scalar, Term


@dataclass(frozen=True, slots=True)
class VVar:
    """A variable of kind vector."""

    name: str


@dataclass(frozen=True, slots=True)
class Zero:
    """The zero vector of ``space``."""

    space: Space


@dataclass(frozen=True, slots=True)
class VAdd:
    left: Vector
    right: Vector


@dataclass(frozen=True, slots=True)
class VSub:
    left: Vector
    right: Vector


@dataclass(frozen=True, slots=True)
class VNeg:
    arg: Vector


@dataclass(frozen=True, slots=True)
class Smul:
    """A scalar times a vector."""

    scalar: Scalar
    vector: Vector


@dataclass(frozen=True, slots=True)
class Build:
    """The vector of ``EuclideanSpace ℝ index`` with the coordinates ``body``; binds ``variable``."""

    variable: str
    index: str
    body: Scalar


@dataclass(frozen=True, slots=True)
class VSum:
    """A sum of vectors over an index type; binds ``variable`` in ``body``."""

    variable: str
    index: str
    body: Vector


@dataclass(frozen=True, slots=True)
class Member:
    """The vector of ``family`` at ``position``."""

    family: str
    position: str


@dataclass(frozen=True, slots=True)
class VCall:
    """A definition of sort vector, applied; ``indices`` and ``args`` in the definition's order."""

    name: str
    indices: tuple[str, ...]
    args: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class VApply:
    """The value of the field or operator ``function`` at a vector."""

    function: str
    arg: Vector


@dataclass(frozen=True, slots=True)
class Adjoint:
    """The value of the adjoint of ``operator`` at a vector."""

    operator: str
    arg: Vector


@dataclass(frozen=True, slots=True)
class Channel:
    """The vector of ``space`` that ``vector``, one with channels, has at ``position``."""

    vector: Vector
    position: str
    space: Space


@dataclass(frozen=True, slots=True)
class Channels:
    """The vector with the channels ``body``, one for each position of ``index``; binds ``variable``."""

    variable: str
    index: str
    body: Vector


@dataclass(frozen=True, slots=True)
class Project:
    """The orthogonal projection of ``arg`` onto the span of ``generators``."""

    generators: tuple[Vector, ...]
    arg: Vector


@dataclass(frozen=True, slots=True)
class Gradient:
    """The gradient of ``variable`` ↦ ``body`` at ``point``; binds ``variable`` in ``body``."""

    variable: Variable
    body: Scalar
    point: Vector


@dataclass(frozen=True, slots=True)
class FDeriv:
    """The derivative of ``variable`` ↦ ``body`` at ``point``, along ``direction``; binds ``variable`` in ``body``."""

    variable: Variable
    body: Vector
    point: Vector
    direction: Vector


Vector: TypeAlias = (
    VVar
    | Zero
    | VAdd
    | VSub
    | VNeg
    | Smul
    | Build
    | VSum
    | Member
    | VCall
    | VApply
    | Adjoint
    | Channel
    | Channels
    | Project
    | Gradient
    | FDeriv
)
VECTORS = (
    VVar,
    Zero,
    VAdd,
    VSub,
    VNeg,
    Smul,
    Build,
    VSum,
    Member,
    VCall,
    VApply,
    Adjoint,
    Channel,
    Channels,
    Project,
    Gradient,
    FDeriv,
)
