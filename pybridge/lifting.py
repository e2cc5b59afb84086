"""An environment in the dual algebra: every value a constant, until a variable is made to move."""

from __future__ import annotations

from typing_extensions import assert_never

from pybridge.algebras.base import S, V
from pybridge.algebras.dual import Dual
from pybridge.environment import Environment, Family
from pybridge.losses import Centred, Loss
from pybridge.operators import Hessian, Matrix, Operator


def lift(environment: Environment[S, V]) -> Environment[Dual[S], Dual[V]]:
    """The environment in the dual algebra, every value a constant."""
    return Environment(
        environment.sizes,
        {name: Dual(value) for name, value in environment.scalars.items()},
        {name: Dual(value) for name, value in environment.vectors.items()},
        environment.positions,
        {name: Family(f.dimension, [Dual(member) for member in f.members]) for name, f in environment.families.items()},
        {name: _loss(loss) for name, loss in environment.losses.items()},
        {name: _loss(loss) for name, loss in environment.fields.items()},
        {name: _operator(operator) for name, operator in environment.operators.items()},
        environment.regions,
    )


def _loss(loss: Loss | Centred[V]) -> Loss | Centred[Dual[V]]:
    return Centred(Dual(loss.center), loss.size, loss.inverted) if isinstance(loss, Centred) else loss


def _operator(operator: Operator[V]) -> Operator[Dual[V]]:
    match operator:
        case Matrix(rows, domain):
            return Matrix([Dual(row) for row in rows], domain)
        case Hessian(loss, point):
            return Hessian(_loss(loss), Dual(point))
        case _:
            assert_never(operator)
