"""What an interpretation of terms has to offer: the Protocol ``Algebra``, and three-valued comparison.

An algebra knows scalars S and vectors V, and neither terms nor binders: those are run by ``semantics``, on arrays of scalars.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from typing import Any, Protocol, TypeAlias, TypeVar, cast, runtime_checkable

from flint import fmpq

from pybridge.errors import PybridgeError

S = TypeVar("S")
V = TypeVar("V")

Exact: TypeAlias = int | float | Fraction | fmpq
"""What may be put into an algebra: always taken for the rational number it is exactly."""


class Truth(Enum):
    """Whether a comparison certainly holds, certainly fails, or the algebra cannot tell."""

    HOLDS = "holds"
    FAILS = "fails"
    UNKNOWN = "unknown"

    def negated(self) -> Truth:
        """The truth of the negation."""
        return {Truth.HOLDS: Truth.FAILS, Truth.FAILS: Truth.HOLDS, Truth.UNKNOWN: Truth.UNKNOWN}[self]

    def both(self, other: Truth) -> Truth:
        """The truth of the conjunction."""
        if Truth.FAILS in (self, other):
            return Truth.FAILS
        return Truth.HOLDS if self is other is Truth.HOLDS else Truth.UNKNOWN


class Relation(Enum):
    """A relation between two scalars, or, for EQ and NE, two vectors."""

    EQ = "="
    NE = "≠"
    LT = "<"
    LE = "≤"


class NotInAlgebra(PybridgeError):
    """The algebra has no such value (a root that is not rational); it never approximates one."""

    def __init__(self, algebra: str, value: str, *, hint: str = "use the ball algebra, which encloses it") -> None:
        self.algebra = algebra
        super().__init__(f"{value} is not in the {algebra} algebra", hint=hint)


class Algebra(Protocol[S, V]):
    """Scalars and vectors with Lean's operations: x / 0 = 0, and the root of a negative is 0.

    All methods are called inside ``context()``.
    """

    def context(self) -> AbstractContextManager[object]:
        """Whatever has to be set around a run of operations (a precision, warnings)."""

    def scalar(self, value: Exact) -> S:
        """The scalar that ``value`` is."""

    def vector(self, values: Sequence[Exact]) -> V:
        """The vector with these coordinates."""

    def zero(self, dimension: int) -> V:
        """The zero vector."""

    def add(self, left: S, right: S) -> S: ...

    def subtract(self, left: S, right: S) -> S: ...

    def multiply(self, left: S, right: S) -> S: ...

    def divide(self, left: S, right: S) -> S:
        """``left`` / ``right``, 0 where ``right`` is 0."""

    def negate(self, arg: S) -> S: ...

    def sqrt(self, arg: S) -> S:
        """The root, 0 where ``arg`` is negative."""

    def absolute(self, arg: S) -> S: ...

    def power(self, base: S, exponent: int) -> S:
        """``base`` to a natural number; 1 where ``exponent`` is 0."""

    def add_vectors(self, left: V, right: V) -> V: ...

    def subtract_vectors(self, left: V, right: V) -> V: ...

    def negate_vector(self, arg: V) -> V: ...

    def smul(self, scalar: S, vector: V) -> V: ...

    def inner(self, left: V, right: V) -> S: ...

    def norm(self, arg: V) -> S: ...

    def sum(self, parts: Sequence[S]) -> S:
        """The sum of the parts."""

    def build(self, parts: Sequence[S]) -> V:
        """The vector with these coordinates."""

    def vector_sum(self, parts: Sequence[V], dimension: int) -> V:
        """The sum of vectors of this dimension."""

    def compare(self, relation: Relation, left: S, right: S) -> Truth:
        """Whether the relation certainly holds, certainly fails, or neither is certain."""

    def dimension(self, vector: V) -> int:
        """How many coordinates a vector has."""

    def components(self, vector: V) -> Sequence[S]:
        """The coordinates, one by one."""


@runtime_checkable
class Exponential(Protocol[S]):
    """What an algebra may offer beyond Lean's operations in the statements: some losses need it."""

    def exp(self, arg: S) -> S: ...

    def log(self, arg: S) -> S:
        """The logarithm of something certainly positive; else ``NotInAlgebra``."""


def exponential(algebra: Algebra[S, V], arg: S) -> S:
    """The exponential of ``arg``.

    Raises
    ------
    NotInAlgebra
        The algebra has none.
    """
    return _offered(algebra).exp(arg)


def logarithm(algebra: Algebra[S, V], arg: S) -> S:
    """The logarithm of ``arg``, which is certainly positive.

    Raises
    ------
    NotInAlgebra
        The algebra has none, or ``arg`` may be 0 or less.
    """
    return _offered(algebra).log(arg)


@runtime_checkable
class Elementwise(Protocol[V]):
    """What an algebra may offer to be faster than coordinate by coordinate."""

    def multiply_vectors(self, left: V, right: V) -> V: ...

    def divide_vectors(self, left: V, right: V) -> V: ...

    def exp_vector(self, arg: V) -> V: ...

    def total(self, vector: V) -> Any:
        """The sum of the coordinates."""

    def coordinate(self, vector: V, place: int) -> Any:
        """One of the coordinates."""

    def nowhere_zero(self, vector: V) -> bool:
        """Whether no coordinate can be 0."""


@runtime_checkable
class Normalizing(Protocol[V]):
    """What an algebra may offer where a quotient by the norm would say less."""

    def unit(self, vector: V) -> V: ...


def unit(algebra: Algebra[S, V], vector: V) -> V:
    """The vector over its norm; 0 where it is 0."""
    if _normalizes(type(algebra)):
        found: V = cast("Normalizing[V]", algebra).unit(vector)
        return found
    return algebra.smul(algebra.divide(algebra.scalar(1), algebra.norm(vector)), vector)


@runtime_checkable
class Spectral(Protocol):
    """What an algebra may offer where an operator that is written out has a norm."""

    def spectral_norm(self, entries: Any, columns: int) -> Any:
        """The largest singular value of a matrix with at least one entry, given row by row."""


def _offered(algebra: Algebra[S, V]) -> Exponential[S]:
    if not _offers(type(algebra)):
        raise NotInAlgebra(type(algebra).__name__.removesuffix("Algebra").lower(), "an exponential")
    return cast("Exponential[S]", algebra)


@lru_cache(maxsize=64)
def _normalizes(algebra: type) -> bool:
    return issubclass(algebra, Normalizing)


@lru_cache(maxsize=64)
def _offers(algebra: type) -> bool:
    return issubclass(algebra, Exponential)
