"""What a statement about a derivative says, direction by direction: the function differentiated against what is claimed.

In: a ``HasGradientAt``, ``HasDerivAt`` or ``HasFDerivAt``, and an environment.  Out: one comparison for each direction (and
coordinate): the left side is the tangent that the dual algebra finds for the function, the right side what the statement
gives for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic

from typing_extensions import assert_never

from pybridge import ir
from pybridge.algebras.base import Algebra, Relation, S, V
from pybridge.algebras.dual import Dual, DualAlgebra
from pybridge.directions import Direction, dimension, directions, spanned
from pybridge.environment import Environment
from pybridge.lifting import lift
from pybridge.values import Side, evaluate


@dataclass(frozen=True, slots=True)
class _Parts(Generic[S, V]):
    """Values of some variables by name: a point, or the tangents at it (what stays has none)."""

    scalars: Mapping[str, S]
    vectors: Mapping[str, V]


def derivative_sides(
    proposition: ir.Derivative,
    algebra: Algebra[S, V],
    environment: Environment[S, V],
    definitions: Mapping[str, ir.Definition],
) -> tuple[Side[S], ...]:
    """Compare the derivative along each direction with what the proposition gives for it.

    Raises
    ------
    NotDifferentiable
        The function has no derivative at the point, or the enclosures do not tell.
    """
    return tuple(_sides(proposition, algebra, environment, definitions))


def complete(proposition: ir.Derivative, sizes: Mapping[str, int]) -> bool:
    """Whether agreement along the directions tried is all there is to show."""
    return spanned(_variables(proposition), sizes)


def _sides(
    proposition: ir.Derivative,
    algebra: Algebra[S, V],
    environment: Environment[S, V],
    definitions: Mapping[str, ir.Definition],
) -> Iterator[Side[S]]:
    variables = _variables(proposition)
    lifted, dual = lift(environment), DualAlgebra(algebra)
    point = _point(variables, _points(proposition), algebra, environment, definitions)
    for direction in directions(variables, environment.sizes):
        tangents = _tangents(variables, direction, algebra)
        moved = _moved(lifted, point, tangents)
        match proposition:
            case ir.HasGradientAt(variable, body, gradient, _):
                found = _scalar_tangent(body, dual, moved, definitions)
                with algebra.context():
                    claimed = algebra.inner(
                        evaluate(gradient, algebra, environment, definitions), tangents.vectors[variable.name]
                    )
                yield Side(Relation.EQ, found, claimed, direction.place)
            case ir.HasDerivAt(name, body, derivative, _):
                found = _scalar_tangent(body, dual, moved, definitions)
                slope = evaluate(derivative, algebra, environment, definitions)
                with algebra.context():
                    claimed = algebra.multiply(slope, tangents.scalars[name])
                yield Side(Relation.EQ, found, claimed, direction.place)
            case ir.HasFDerivAt(_, term, names, claim, _):
                along = _claimed_along(variables, names, tangents, algebra, environment)
                if isinstance(term, ir.SCALARS) and isinstance(claim, ir.SCALARS):
                    found = _scalar_tangent(term, dual, moved, definitions)
                    yield Side(Relation.EQ, found, evaluate(claim, algebra, along, definitions), direction.place)
                elif isinstance(term, ir.VECTORS) and isinstance(claim, ir.VECTORS):
                    for k, (one, other) in enumerate(
                        zip(
                            _vector_tangent(term, dual, moved, definitions),
                            algebra.components(evaluate(claim, algebra, along, definitions)),
                            strict=True,
                        )
                    ):
                        yield Side(Relation.EQ, one, other, f"coordinate {k}, {direction.place}")
                else:
                    raise TypeError("a derivative of another sort")  # decode makes none
            case _:
                assert_never(proposition)


def differentiate(
    proposition: ir.HasGradientAt | ir.HasDerivAt,
    algebra: Algebra[S, V],
    environment: Environment[S, V],
    definitions: Mapping[str, ir.Definition],
) -> Sequence[S]:
    """Differentiate the function that a proposition is about, along each coordinate; what it claims is not looked at.

    Raises
    ------
    NotDifferentiable
        The function has no derivative at the point, or the enclosures do not tell.
    """
    variables = _variables(proposition)
    (variable,) = variables
    lifted, dual = lift(environment), DualAlgebra(algebra)
    point = _point(variables, _points(proposition), algebra, environment, definitions)
    found = []
    size = dimension(variable, environment.sizes)
    for k in range(size):
        along = Direction({variable.name: tuple(int(j == k) for j in range(size))}, "")
        moved = _moved(lifted, point, _tangents(variables, along, algebra))
        found.append(_scalar_tangent(proposition.body, dual, moved, definitions))
    return found


def _moved(lifted: Environment[Dual[S], Dual[V]], point: _Parts[S, V], tangents: _Parts[S, V]) -> Environment[Dual[S], Dual[V]]:
    """The environment with the variables at the point, moving by the tangents."""
    return replace(
        lifted,
        scalars={**lifted.scalars, **{n: Dual(value, tangents.scalars.get(n)) for n, value in point.scalars.items()}},
        vectors={**lifted.vectors, **{n: Dual(value, tangents.vectors.get(n)) for n, value in point.vectors.items()}},
    )


def _variables(proposition: ir.Derivative) -> tuple[ir.Variable, ...]:
    match proposition:
        case ir.HasGradientAt(variable, _, _, _):
            return (variable,)
        case ir.HasDerivAt(name, _, _, _):
            return (ir.Variable(name, ir.ScalarKind()),)
        case ir.HasFDerivAt(variables, _, _, _, _):
            return variables
        case _:
            assert_never(proposition)


def _points(proposition: ir.Derivative) -> tuple[ir.Term, ...]:
    return proposition.points if isinstance(proposition, ir.HasFDerivAt) else (proposition.point,)


def _point(
    variables: Sequence[ir.Variable],
    terms: Sequence[ir.Term],
    algebra: Algebra[S, V],
    environment: Environment[S, V],
    definitions: Mapping[str, ir.Definition],
) -> _Parts[S, V]:
    scalars: dict[str, S] = {}
    vectors: dict[str, V] = {}
    for variable, term in zip(variables, terms, strict=True):
        if isinstance(term, ir.SCALARS):
            scalars[variable.name] = evaluate(term, algebra, environment, definitions)
        else:
            vectors[variable.name] = evaluate(term, algebra, environment, definitions)
    return _Parts(scalars, vectors)


def _tangents(variables: Sequence[ir.Variable], direction: Direction, algebra: Algebra[S, V]) -> _Parts[S, V]:
    moving = [variable for variable in variables if variable.name in direction.along]
    with algebra.context():
        return _Parts(
            {v.name: algebra.scalar(direction.along[v.name][0]) for v in moving if isinstance(v.kind, ir.ScalarKind)},
            {v.name: algebra.vector(direction.along[v.name]) for v in moving if isinstance(v.kind, ir.VectorKind)},
        )


def _claimed_along(
    variables: Sequence[ir.Variable],
    names: Sequence[str],
    tangents: _Parts[S, V],
    algebra: Algebra[S, V],
    environment: Environment[S, V],
) -> Environment[S, V]:
    """The environment of the claimed derivative: the directions have the tangents' values, 0 where a variable stays."""
    scalars: dict[str, S] = {}
    vectors: dict[str, V] = {}
    with algebra.context():
        for variable, name in zip(variables, names, strict=True):
            if isinstance(variable.kind, ir.ScalarKind):
                scalars[name] = tangents.scalars.get(variable.name, algebra.scalar(0))
            else:
                zero = algebra.zero(dimension(variable, environment.sizes))
                vectors[name] = tangents.vectors.get(variable.name, zero)
    return replace(environment, scalars={**environment.scalars, **scalars}, vectors={**environment.vectors, **vectors})


def _scalar_tangent(
    body: ir.Scalar,
    dual: DualAlgebra[S, V],
    moved: Environment[Dual[S], Dual[V]],
    definitions: Mapping[str, ir.Definition],
) -> S:
    tangent = evaluate(body, dual, moved, definitions).tangent
    with dual.context():
        return dual.base.scalar(0) if tangent is None else tangent


def _vector_tangent(
    body: ir.Vector,
    dual: DualAlgebra[S, V],
    moved: Environment[Dual[S], Dual[V]],
    definitions: Mapping[str, ir.Definition],
) -> Sequence[S]:
    found = evaluate(body, dual, moved, definitions)
    with dual.context():
        tangent = dual.base.zero(dual.dimension(found)) if found.tangent is None else found.tangent
        return dual.base.components(tangent)
