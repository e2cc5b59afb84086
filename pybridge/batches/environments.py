"""A batch as an algebra sees it: the drawn values put there, and what hypotheses determine worked out there.

In: a plan, sizes and exact values.  Out: an environment in which every variable of the theorem has a value; or, where a term is
all that is wanted, its exact rational value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias, overload

from flint import fmpq
from typing_extensions import assert_never

from pybridge import ir
from pybridge.algebras.base import Algebra, NotInAlgebra, S, V
from pybridge.algebras.exact import EXACT
from pybridge.batches.determined import (
    Attained,
    DerivativeAt,
    Determined,
    Differentiated,
    GradientAt,
    GradientField,
    Minimized,
)
from pybridge.batches.parametrize import Vector
from pybridge.batches.plan import Plan
from pybridge.semantics import losses
from pybridge.semantics.derivatives import differentiate
from pybridge.semantics.environment import Environment, Raw, bind, dimension_of
from pybridge.semantics.evaluate import evaluate
from pybridge.semantics.greatest import attained
from pybridge.semantics.operators import Hessian
from pybridge.semantics.peaked import Peaked

Definitions: TypeAlias = Mapping[str, ir.Definition]


def environment_of(
    plan: Plan,
    sizes: Mapping[str, int],
    values: Mapping[str, Raw],
    algebra: Algebra[S, V],
    about: ir.Proposition | ir.Term | None = None,
    *,
    kept: dict[tuple[object, ...], Any] | None = None,
) -> Environment[S, V]:
    """Put the values of the drawn variables into an algebra, and determine the others there.

    Parameters
    ----------
    plan
        Of the theorem whose variables are to have values.
    sizes, values
        As ``environment.bind`` takes them, for the drawn variables.
    algebra
        Where the values are wanted.
    about
        Determine only what this mentions, directly or through another determined variable; all by default.
    kept
        What earlier calls with the same plan, sizes and values made, and where this one puts what it makes.

    Raises
    ------
    InputError
        A value is missing or does not fit the sizes.
    NotInAlgebra
        A determined value, or the point it belongs to, is not in this algebra.
    """
    kept = {} if kept is None else kept
    environment = drawn_in(plan, sizes, values, algebra, kept)
    key: tuple[object, ...] = (id(plan.valued), algebra)
    for one in plan.determined if about is None else plan.determined_for(about):
        key = (*key, one.name)
        if key not in kept:
            kept[key] = _with(one, algebra, environment, plan.definitions)
        environment = kept[key]
    return environment


def drawn_in(
    plan: Plan, sizes: Mapping[str, int], values: Mapping[str, Raw], algebra: Algebra[S, V], kept: dict[tuple[object, ...], Any]
) -> Environment[S, V]:
    """The drawn values alone, by the parameters of :func:`environment_of`."""
    key = (id(plan.valued), algebra)
    found: Environment[S, V] | None = kept.get(key)
    if found is None:
        found = put_in(plan, algebra, bind(plan.drawn, sizes, values, algebra), kept)
    return found


def put_in(
    plan: Plan, algebra: Algebra[S, V], drawn: Environment[S, V], kept: dict[tuple[object, ...], Any]
) -> Environment[S, V]:
    """Keep the drawn values of a batch as an algebra sees them."""
    kept[id(plan.valued),] = plan.valued  # alive as long as what is kept by its id
    kept[id(plan.valued), algebra] = drawn
    return drawn


@overload
def exact_value(
    plan: Plan, sizes: Mapping[str, int], values: Mapping[str, Raw], term: ir.Scalar, definitions: Definitions | None = None
) -> fmpq | None: ...


@overload
def exact_value(
    plan: Plan, sizes: Mapping[str, int], values: Mapping[str, Raw], term: ir.Vector, definitions: Definitions | None = None
) -> Vector | None: ...


def exact_value(
    plan: Plan, sizes: Mapping[str, int], values: Mapping[str, Raw], term: ir.Term, definitions: Definitions | None = None
) -> fmpq | Vector | None:
    """The value of a term on a batch; None where it is not rational.

    Parameters
    ----------
    plan, sizes, values
        As :func:`environment_of` takes them.
    term
        A term about the theorem's variables.
    definitions
        To read the term by, in place of the theorem's.
    """
    exact = EXACT
    try:
        environment = environment_of(plan, sizes, values, exact, term)
        return evaluate(term, exact, environment, plan.definitions if definitions is None else definitions)
    except NotInAlgebra:
        return None


def _with(
    one: Determined, algebra: Algebra[S, V], environment: Environment[S, V], definitions: Mapping[str, ir.Definition]
) -> Environment[S, V]:
    match one:
        case GradientAt(name, _, loss, point):
            at = evaluate(point, algebra, environment, definitions)
            with algebra.context():
                gradient = losses.gradient(environment.losses[loss], algebra, at)
            return environment.changed("vectors", {name: gradient})
        case GradientField(name, _, loss):
            return environment.changed("fields", {name: environment.losses[loss]})
        case DerivativeAt(name, _, field, point):
            hessian = Hessian(environment.fields[field], evaluate(point, algebra, environment, definitions))
            return environment.changed("operators", {name: hessian})
        case Differentiated(name, _, stated):
            partials = differentiate(stated, algebra, environment, definitions)
            if isinstance(stated, ir.HasDerivAt):
                return environment.changed("scalars", {name: partials[0]})
            with algebra.context():
                vector = algebra.build(partials)
            return environment.changed("vectors", {name: vector})
        case Attained(name, _, stated):
            greatest = attained(stated, algebra, environment, definitions)
            return environment.changed("scalars", {name: greatest})
        case Minimized(name):
            return environment.changed("losses", {name: _least_at(one, algebra, environment, definitions)})
        case _:
            assert_never(one)


def _least_at(
    one: Minimized, algebra: Algebra[S, V], environment: Environment[S, V], definitions: Mapping[str, ir.Definition]
) -> losses.Placed[V]:
    point = evaluate(one.point, algebra, environment, definitions)
    size = algebra.dimension(point)
    dimension = dimension_of(one.over, environment.sizes)
    if dimension > 1:
        return losses.Centred(point, size)
    peaks = []
    for entries in ((0,), (1,), (-1,)) if dimension else ((),):
        with algebra.context():
            there = environment.changed("vectors", {one.variable: algebra.vector(entries)})
        peaks.append(evaluate(one.value, algebra, there, definitions))
    return Peaked(tuple(peaks), size)
