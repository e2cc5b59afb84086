"""Scalars and vectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pybridge.ir.kinds import Space, Variable

# Scalars.


@dataclass(frozen=True, slots=True)
class Nat:
    """A natural number literal, as a real number."""

    value: int


@dataclass(frozen=True, slots=True)
class Var:
    """A variable of kind scalar."""

    name: str


@dataclass(frozen=True, slots=True)
class Card:
    """The number of elements of an index type, as a real number: m for the batch."""

    index: str


@dataclass(frozen=True, slots=True)
class Add:
    left: Scalar
    right: Scalar


@dataclass(frozen=True, slots=True)
class Sub:
    left: Scalar
    right: Scalar


@dataclass(frozen=True, slots=True)
class Mul:
    left: Scalar
    right: Scalar


@dataclass(frozen=True, slots=True)
class Div:
    """Lean's division: x / 0 = 0."""

    left: Scalar
    right: Scalar


@dataclass(frozen=True, slots=True)
class Neg:
    arg: Scalar


@dataclass(frozen=True, slots=True)
class Inv:
    """Lean's inverse: 0⁻¹ = 0."""

    arg: Scalar


@dataclass(frozen=True, slots=True)
class Sqrt:
    """Lean's root: 0 on negatives."""

    arg: Scalar


@dataclass(frozen=True, slots=True)
class Abs:
    arg: Scalar


@dataclass(frozen=True, slots=True)
class Pow:
    """A power with a literal natural exponent; the zeroth is 1, of 0 too."""

    base: Scalar
    exponent: int


@dataclass(frozen=True, slots=True)
class Inner:
    """The real inner product."""

    left: Vector
    right: Vector


@dataclass(frozen=True, slots=True)
class Norm:
    arg: Vector


@dataclass(frozen=True, slots=True)
class Component:
    """The coordinate of ``vector`` at the bound or free position ``position``."""

    vector: Vector
    position: str


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of scalars over an index type; binds ``variable`` in ``body``."""

    variable: str
    index: str
    body: Scalar


@dataclass(frozen=True, slots=True)
class Call:
    """A definition of sort scalar, applied; ``indices`` and ``args`` in the definition's order."""

    name: str
    indices: tuple[str, ...]
    args: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Apply:
    """The value of the loss ``function`` at a vector."""

    function: str
    arg: Vector


@dataclass(frozen=True, slots=True)
class InfDist:
    """The distance of ``point`` from the set ``region``; mathlib's is 0 from the empty set."""

    point: Vector
    region: str


# Vectors.


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
    """The vector of ``EuclideanSpace ℝ index`` that ``vector``, one with channels, has at ``position``."""

    vector: Vector
    position: str
    index: str


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


Scalar: TypeAlias = (
    Nat
    | Var
    | Card
    | Add
    | Sub
    | Mul
    | Div
    | Neg
    | Inv
    | Sqrt
    | Abs
    | Pow
    | Inner
    | Norm
    | Component
    | Sum
    | Call
    | Apply
    | InfDist
)
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
Term: TypeAlias = Scalar | Vector
SCALARS = (Nat, Var, Card, Add, Sub, Mul, Div, Neg, Inv, Sqrt, Abs, Pow, Inner, Norm, Component, Sum, Call, Apply, InfDist)
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
