"""How long axes are, by the values of an environment."""

from __future__ import annotations

from pybridge.algebras.base import Algebra, S, V
from pybridge.semantics import losses, operators
from pybridge.semantics.environment import Environment


def factor(named: str, environment: Environment[S, V], algebra: Algebra[S, V]) -> int:
    """One factor of a length (``axes.py``): an index type or space, or what a vector, family, field or operator says."""
    kind, _, name = named.partition(" ")
    match kind:
        case _ if not name:
            return environment.sizes[named]
        case "of" if name in environment.vectors:
            return algebra.dimension(environment.vectors[name])
        case "of":
            return environment.families[name].dimension
        case _ if name in environment.fields:
            return losses.dimension(environment.fields[name])
        case "into":
            return operators.domain(environment.operators[name])
        case _:
            return operators.codomain(environment.operators[name])
