"""An environment, or a loss in it, in an algebra over another one: every value a constant there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from typing_extensions import assert_never

from pybridge.algebras.base import S, V
from pybridge.semantics.called import Called
from pybridge.semantics.environment import Environment, Family
from pybridge.semantics.losses import Centred, CrossEntropy, GemanMcClure, Linear, Loss, Placed, Quadratic
from pybridge.semantics.operators import Hessian, Matrix, Operator, RankOne, Transposed
from pybridge.semantics.peaked import Peaked

T = TypeVar("T")
W = TypeVar("W")


def converted(environment: Environment[S, V], scalar: Callable[[S], T], vector: Callable[[V], W]) -> Environment[T, W]:
    """The environment in another algebra, which ``scalar`` and ``vector`` take its values to."""
    return Environment(
        environment.sizes,
        {name: scalar(value) for name, value in environment.scalars.items()},
        {name: vector(value) for name, value in environment.vectors.items()},
        environment.positions,
        {name: Family(f.dimension, [vector(member) for member in f.members]) for name, f in environment.families.items()},
        {name: lifted_loss(loss, vector) for name, loss in environment.losses.items()},
        {name: lifted_loss(loss, vector) for name, loss in environment.fields.items()},
        {name: _operator(operator, vector) for name, operator in environment.operators.items()},
        environment.regions,
    )


def lifted_loss(loss: Loss | Placed[V], vector: Callable[[V], W]) -> Loss | Placed[W]:
    """The loss in another algebra, which ``vector`` takes the points to that it was made around."""
    match loss:
        case Centred(center, size):
            return Centred(vector(center), size)
        case Peaked(peaks, size):
            return Peaked(tuple(vector(peak) for peak in peaks), size)
        case Quadratic() | CrossEntropy() | GemanMcClure() | Linear() | Called():
            return loss
        case _:
            assert_never(loss)


def _operator(operator: Operator[V], vector: Callable[[V], W]) -> Operator[W]:
    match operator:
        case Matrix(rows, domain):
            return Matrix([vector(row) for row in rows], domain)
        case Transposed(columns):
            return Transposed(Matrix([vector(column) for column in columns.rows], columns.domain))
        case RankOne(column, row):
            return RankOne(vector(column), vector(row), operator.domain, operator.codomain)
        case Hessian(loss, point):
            return Hessian(lifted_loss(loss, vector), vector(point))
        case _:
            assert_never(operator)
