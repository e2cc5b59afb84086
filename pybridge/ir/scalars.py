"""The nodes of sort scalar: real numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from pybridge.ir.kinds import Variable

if TYPE_CHECKING:  # nodes of either sort have fields of the other
    from pybridge.ir.terms import Term, Vector


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


@dataclass(frozen=True, slots=True)
class OpNorm:
    """The norm of the linear map that takes the vector ``variable`` to ``body``."""

    variable: Variable
    body: Vector


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
    | OpNorm
)
SCALARS = (
    *(Nat, Var, Card, Add, Sub, Mul, Div, Neg, Inv, Sqrt, Abs, Pow),
    *(Inner, Norm, Component, Sum, Call, Apply, InfDist, OpNorm),
)
