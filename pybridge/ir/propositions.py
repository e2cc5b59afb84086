"""Propositions: what is claimed or assumed of terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pybridge.ir.kinds import Variable
from pybridge.ir.terms import Scalar, Term, Vector


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


@dataclass(frozen=True, slots=True)
class Imp:
    """``left`` implies ``right``."""

    left: Proposition
    right: Proposition


@dataclass(frozen=True, slots=True)
class Mem:
    """``vector`` is an element of the set ``region``."""

    vector: Vector
    region: str


@dataclass(frozen=True, slots=True)
class HasGradientAt:
    """The function ``variable`` ↦ ``body`` has the gradient ``gradient`` at ``point``; binds ``variable`` in ``body``."""

    variable: Variable
    body: Scalar
    gradient: Vector
    point: Vector


@dataclass(frozen=True, slots=True)
class HasDerivAt:
    """The function ``variable`` ↦ ``body`` of a real number has the derivative ``derivative`` at ``point``."""

    variable: str
    body: Scalar
    derivative: Scalar
    point: Scalar


@dataclass(frozen=True, slots=True)
class HasFDerivAt:
    """The function ``variables`` ↦ ``body`` has, at ``points``, the derivative that sends ``directions`` to ``derivative``.

    Binds ``variables`` in ``body`` and ``directions``, of the same kinds, in ``derivative``.
    """

    variables: tuple[Variable, ...]
    body: Term
    directions: tuple[str, ...]
    derivative: Term
    points: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class ForAll:
    """``body`` for every value of ``variable``."""

    variable: Variable
    body: Proposition


@dataclass(frozen=True, slots=True)
class Eventually:
    """``body`` for every value of ``variable`` near ``point``, which lies itself in what is near; binds it in ``body``."""

    variable: Variable
    point: Vector
    body: Proposition


@dataclass(frozen=True, slots=True)
class OpNormLe:
    """The operator norm of ``operator`` is at most ``bound``."""

    operator: str
    bound: Scalar


@dataclass(frozen=True, slots=True)
class IsGreatest:
    """``value`` is the greatest ``body`` over all values of ``variable`` that satisfy ``constraint``."""

    variable: Variable
    constraint: Proposition
    body: Scalar
    value: Scalar


Derivative: TypeAlias = HasGradientAt | HasDerivAt | HasFDerivAt
Proposition: TypeAlias = (
    Eq
    | Ne
    | Lt
    | Le
    | VectorEq
    | VectorNe
    | Orthonormal
    | And
    | Iff
    | Imp
    | Mem
    | Derivative
    | ForAll
    | Eventually
    | OpNormLe
    | IsGreatest
)
DERIVATIVES = (HasGradientAt, HasDerivAt, HasFDerivAt)
PROPOSITIONS = (
    Eq,
    Ne,
    Lt,
    Le,
    VectorEq,
    VectorNe,
    Orthonormal,
    And,
    Iff,
    Imp,
    Mem,
    *DERIVATIVES,
    ForAll,
    Eventually,
    OpNormLe,
    IsGreatest,
)
