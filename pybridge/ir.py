"""Typed terms: what a statement is.

Nodes hold data and nothing else; what a term *means* is said in ``evaluate.py``, how it is written in ``render.py``.
Each sort is a closed union, so a ``match`` that ends in ``assert_never`` is checked for completeness by mypy.
The names follow the constructors of the exporter's inductive types; a vector node whose scalar namesake exists is
prefixed with V.  Equality is structural.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

# Spaces and kinds: what a variable stands for.


@dataclass(frozen=True, slots=True)
class Euclidean:
    """``EuclideanSpace ℝ index``."""

    index: str


@dataclass(frozen=True, slots=True)
class Abstract:
    """Any real inner product space, known by its name only."""

    name: str


Space: TypeAlias = Euclidean | Abstract


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


Kind: TypeAlias = ScalarKind | VectorKind | PositionKind | FamilyKind

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


Scalar: TypeAlias = (
    Nat | Var | Card | Add | Sub | Mul | Div | Neg | Inv | Sqrt | Abs | Pow | Inner | Norm | Component | Sum | Call
)
Vector: TypeAlias = VVar | Zero | VAdd | VSub | VNeg | Smul | Build | VSum | Member | VCall
Term: TypeAlias = Scalar | Vector
SCALARS = (Nat, Var, Card, Add, Sub, Mul, Div, Neg, Inv, Sqrt, Abs, Pow, Inner, Norm, Component, Sum, Call)
VECTORS = (VVar, Zero, VAdd, VSub, VNeg, Smul, Build, VSum, Member, VCall)

# Propositions.


@dataclass(frozen=True, slots=True)
class Eq:
    left: Scalar
    right: Scalar


@dataclass(frozen=True, slots=True)
class Ne:
    left: Scalar
    right: Scalar


@dataclass(frozen=True, slots=True)
class Lt:
    left: Scalar
    right: Scalar


@dataclass(frozen=True, slots=True)
class Le:
    left: Scalar
    right: Scalar


@dataclass(frozen=True, slots=True)
class VectorEq:
    left: Vector
    right: Vector


@dataclass(frozen=True, slots=True)
class VectorNe:
    left: Vector
    right: Vector


@dataclass(frozen=True, slots=True)
class Orthonormal:
    """The vectors of ``family`` have norm 1 and are pairwise orthogonal."""

    family: str


@dataclass(frozen=True, slots=True)
class And:
    left: Proposition
    right: Proposition


@dataclass(frozen=True, slots=True)
class Iff:
    left: Proposition
    right: Proposition


Proposition: TypeAlias = Eq | Ne | Lt | Le | VectorEq | VectorNe | Orthonormal | And | Iff
PROPOSITIONS = (Eq, Ne, Lt, Le, VectorEq, VectorNe, Orthonormal, And, Iff)

# Declarations.


@dataclass(frozen=True, slots=True)
class Index:
    """A finite index type, and whether the declaration assumes it nonempty."""

    name: str
    nonempty: bool


@dataclass(frozen=True, slots=True)
class Variable:
    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition of the Lean library, with its body as a term; ``file`` and lines locate it there."""

    name: str
    docstring: str
    file: str
    line: int
    statement: str
    indices: tuple[Index, ...]
    parameters: tuple[Variable, ...]
    body: Term


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A hypothesis by its Lean name, as Lean prints it and as a proposition."""

    name: str
    statement: str
    proposition: Proposition


@dataclass(frozen=True, slots=True)
class Theorem:
    """A proved statement; ``axioms`` is None, never empty, where the exporting Lean could not see them."""

    name: str
    equation: str
    comment: str
    docstring: str
    file: str
    line: int
    statement: str
    indices: tuple[Index, ...]
    spaces: tuple[str, ...]
    variables: tuple[Variable, ...]
    hypotheses: tuple[Hypothesis, ...]
    conclusion: Proposition
    axioms: tuple[str, ...] | None
