"""A statement about a derivative, where the dual algebra has none to give: the function on rays from the point.

In: a ``HasGradientAt``, ``HasDerivAt`` or ``HasFDerivAt`` and an environment.  Out: a comparison that fails on a ray, if one
certainly does.  With a derivative D at p, f(p + t d) = f(p) + t D(d) + o(t): f neither jumps nor grows beyond all bounds as t
tends to 0 from above, and its slope is D(d).  Where t itself is under a root, the series is in √t.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from pybridge import ir
from pybridge.algebras.base import Algebra, NotInAlgebra, Relation, S, Truth, V
from pybridge.algebras.germs import Germ, GermAlgebra, GermVector
from pybridge.semantics.derivatives import Parts, claimed, place_of, point_of, tangents, variables_of
from pybridge.semantics.directions import Direction, directions
from pybridge.semantics.environment import Environment
from pybridge.semantics.lifting import converted
from pybridge.semantics.values import Side, evaluate


def refuting_ray(
    proposition: ir.Derivative,
    algebra: Algebra[S, V],
    environment: Environment[S, V],
    definitions: Mapping[str, ir.Definition],
) -> Side[S] | None:
    """A comparison that certainly fails on a ray; None where none was found, which says nothing.

    Parameters
    ----------
    proposition, environment, definitions
        As for ``derivatives.derivative_sides``.
    algebra
        Of the coefficients of the series: which of them are 0 has to be certain in it.
    """
    for direction in directions(variables_of(proposition), environment.sizes):
        for sign, word in ((1, ""), (-1, " backwards")):
            turned = Direction({name: tuple(sign * step for step in steps) for name, steps in direction.along.items()}, "")
            for order in (1, 2):
                try:
                    found = next(_failing(proposition, turned, order, algebra, environment, definitions), None)
                except NotInAlgebra:
                    continue
                if found is not None:
                    number, side = found
                    return replace(side, place=f"{side.place} {place_of(proposition, number, direction)}{word}")
                break
    return None


def _failing(
    proposition: ir.Derivative,
    direction: Direction,
    order: int,
    algebra: Algebra[S, V],
    environment: Environment[S, V],
    definitions: Mapping[str, ir.Definition],
) -> Iterator[tuple[int, Side[S]]]:
    """The coordinates that fail along the direction, each with its comparison; the germs are in the ``order``-th root of t."""
    germs = GermAlgebra(algebra)
    moving = tangents(variables_of(proposition), direction, algebra)
    point = point_of(proposition, algebra, environment, definitions)
    lifted = lift(environment, germs)
    there = _values(proposition.body, germs, _moved(lifted, point, moving, order, germs), definitions)
    here = _values(proposition.body, germs, _moved(lifted, point, Parts({}, {}), order, germs), definitions)
    slopes = claimed(proposition, moving, algebra, environment, definitions)
    with germs.context():
        for number, (after, before, slope) in enumerate(zip(there, here, slopes, strict=True)):
            growth = germs.subtract(after, before)
            rest = germs.subtract(growth, germs.line(algebra.scalar(0), slope, order))
            side = _first_order(growth, rest, slope, order, algebra)
            if side is not None and algebra.compare(Relation.NE, side.left, side.right) is Truth.HOLDS:
                yield number, side


def _first_order(growth: Germ[S], rest: Germ[S], slope: S, order: int, algebra: Algebra[S, V]) -> Side[S] | None:
    """Compare what has to be 0 where a derivative is ``slope``: the terms of the growth up to t, less ``slope`` t."""
    if not rest.terms or rest.start > order:
        return None
    if rest.start < order:
        where = "the jump" if rest.start == 0 else f"the coefficient of t^{Fraction(rest.start, order)}"
        return Side(Relation.EQ, rest.terms[0], algebra.scalar(0), where)
    first = growth.terms[0] if growth.start == order and growth.terms else algebra.scalar(0)
    return Side(Relation.EQ, first, slope, "the slope")


def _values(
    body: ir.Term,
    germs: GermAlgebra[S, V],
    environment: Environment[Germ[S], GermVector[S]],
    definitions: Mapping[str, ir.Definition],
) -> GermVector[S]:
    if isinstance(body, ir.SCALARS):
        return (evaluate(body, germs, environment, definitions),)
    return evaluate(body, germs, environment, definitions)


def _moved(
    lifted: Environment[Germ[S], GermVector[S]], point: Parts[S, V], moving: Parts[S, V], order: int, germs: GermAlgebra[S, V]
) -> Environment[Germ[S], GermVector[S]]:
    """The environment with the variables on the ray from the point."""
    base = germs.base
    with germs.context():
        zero = base.scalar(0)
        scalars = {name: germs.line(value, moving.scalars.get(name, zero), order) for name, value in point.scalars.items()}
        vectors = {}
        for name, value in point.vectors.items():
            steps = base.components(moving.vectors[name]) if name in moving.vectors else [zero] * base.dimension(value)
            pairs = zip(base.components(value), steps, strict=True)
            vectors[name] = tuple(germs.line(start, step, order) for start, step in pairs)
    return replace(lifted, scalars={**lifted.scalars, **scalars}, vectors={**lifted.vectors, **vectors})


def lift(environment: Environment[S, V], germs: GermAlgebra[S, V]) -> Environment[Germ[S], GermVector[S]]:
    """The environment in the algebra of germs, every value a constant."""

    def vector(value: V) -> GermVector[S]:
        return tuple(map(germs.constant, germs.base.components(value)))

    with germs.context():
        return converted(environment, germs.constant, vector)
