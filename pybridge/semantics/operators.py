"""Linear maps as values: a matrix whose rows are vectors of the algebra, or the Hessian of a loss at a point.

The adjoint of a matrix is its transpose; a Hessian is its own adjoint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias

from typing_extensions import assert_never

from pybridge.algebras.base import Algebra, NotInAlgebra, S, V
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


Operator: TypeAlias = Matrix[V] | Hessian[V]


def domain(operator: Operator[V]) -> int:
    """The dimension of the space the operator maps from."""
    return operator.domain if isinstance(operator, Matrix) else losses.dimension(operator.loss)


def codomain(operator: Operator[V]) -> int:
    """The dimension of the space the operator maps to."""
    return len(operator.rows) if isinstance(operator, Matrix) else losses.dimension(operator.loss)


def apply(operator: Operator[V], algebra: Algebra[S, V], arg: V) -> V:
    """The operator at a vector of its domain."""
    match operator:
        case Matrix(rows, _):
            return algebra.build([algebra.inner(row, arg) for row in rows])
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
    if not isinstance(operator, Matrix):
        raise NotInAlgebra("matrix", "the Hessian of a loss", hint="state the bound of an operator that is drawn")
    return algebra.sum([algebra.inner(row, row) for row in operator.rows])
