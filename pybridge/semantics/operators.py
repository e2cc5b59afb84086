"""Linear maps as values: a matrix by its rows, one of rank one by two vectors, or the Hessian of a loss at a point.

The adjoint of a matrix is its transpose; a Hessian is its own adjoint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias

from typing_extensions import assert_never

from pybridge.algebras.base import Algebra, Exact, NotInAlgebra, S, V
from pybridge.semantics import losses


@dataclass(frozen=True, slots=True)
class Matrix(Generic[V]):
    """One row for each coordinate of the codomain, each a vector of the domain, whose dimension is ``domain``."""

    rows: Sequence[V]
    domain: int


@dataclass(frozen=True, slots=True)
class Hessian(Generic[V]):
    """The second derivative of ``loss`` at ``point``."""

    loss: losses.Loss | losses.Placed[V]
    point: V


@dataclass(frozen=True, slots=True)
class RankOne(Generic[V]):
    """``v ↦ ⟪row, v⟫ column``."""

    column: V
    row: V
    domain: int
    codomain: int


@dataclass(frozen=True, slots=True)
class Transposed(Generic[V]):
    """The adjoint of a matrix: the matrix of these columns."""

    columns: Matrix[V]


Operator: TypeAlias = Matrix[V] | Transposed[V] | Hessian[V] | RankOne[V]


def matrix(rows: Sequence[Sequence[Exact]], domain: int, algebra: Algebra[S, V]) -> Matrix[V] | Transposed[V]:
    """The matrix of these rows in an algebra, by the fewer vectors."""
    if len(rows) <= domain:
        return Matrix([algebra.vector(row) for row in rows], domain)
    return Transposed(Matrix([algebra.vector(column) for column in zip(*rows, strict=True)], len(rows)))


def domain(operator: Operator[V]) -> int:
    """The dimension of the space the operator maps from."""
    match operator:
        case Matrix() | RankOne():
            return operator.domain
        case Transposed(columns):
            return codomain(columns)
        case Hessian(loss, _):
            return losses.dimension(loss)
        case _:
            assert_never(operator)


def codomain(operator: Operator[V]) -> int:
    """The dimension of the space the operator maps to."""
    match operator:
        case Matrix(rows, _):
            return len(rows)
        case Transposed(columns):
            return domain(columns)
        case RankOne():
            return operator.codomain
        case Hessian(loss, _):
            return losses.dimension(loss)
        case _:
            assert_never(operator)


def apply(operator: Operator[V], algebra: Algebra[S, V], arg: V) -> V:
    """The operator at a vector of its domain."""
    match operator:
        case Matrix(rows, _):
            return algebra.build([algebra.inner(row, arg) for row in rows])
        case Transposed(columns):
            return adjoint(columns, algebra, arg)
        case RankOne():
            return algebra.smul(algebra.inner(operator.row, arg), operator.column)
        case Hessian(loss, point):
            return losses.hessian(loss, algebra, point, arg)
        case _:
            assert_never(operator)


def adjoint(operator: Operator[V], algebra: Algebra[S, V], arg: V) -> V:
    """The adjoint of the operator at a vector of its codomain."""
    match operator:
        case Matrix(rows, size):
            multiples = [algebra.smul(coordinate, row) for coordinate, row in zip(algebra.components(arg), rows, strict=True)]
            return algebra.vector_sum(multiples, size)
        case Transposed(columns):
            return apply(columns, algebra, arg)
        case RankOne():
            return algebra.smul(algebra.inner(operator.column, arg), operator.row)
        case Hessian():
            return apply(operator, algebra, arg)
        case _:
            assert_never(operator)


def frobenius_squared(operator: Operator[V], algebra: Algebra[S, V]) -> S:
    """The sum of the squares of all entries, which is at least the square of the operator norm.

    Raises
    ------
    NotInAlgebra
        The operator is not given by its entries.
    """
    match operator:
        case Matrix(rows, _):
            return algebra.sum([algebra.inner(row, row) for row in rows])
        case Transposed(columns):
            return frobenius_squared(columns, algebra)
        case RankOne(column, row):
            return algebra.multiply(algebra.inner(column, column), algebra.inner(row, row))
        case Hessian():
            raise NotInAlgebra("matrix", "the Hessian of a loss", hint="state the bound of an operator that is drawn")
        case _:
            assert_never(operator)
