"""Whether a row is what the definition gives with another variance: one that was lost to cancellation.

In: a row (``compare.py``) and the definition it was meant to be.  Out: True or False.  Where the variance computed as mean of
squares less square of mean has no digit left, its error bound holds anything.  What a kernel then computes is still the
definition, with some number in place of the variance: that number is looked for, within what cancellation may make of it,
and all numbers of the row have to agree with it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from pybridge import ir
from pybridge.algebras.exact import rational
from pybridge.algebras.floats import FloatAlgebra
from pybridge.algebras.rounding import Rounded
from pybridge.checking.settle import PRECISIONS
from pybridge.ir.rewrite import reachable
from pybridge.kernels.arithmetic import Arithmetic
from pybridge.kernels.compare import bounds, fits, sizes_of
from pybridge.kernels.enclosed import own_program
from pybridge.kernels.forms import expanded, normalized
from pybridge.kernels.guesses import Definitions
from pybridge.kernels.table import Row
from pybridge.semantics.environment import bind
from pybridge.semantics.lowering import Lowering
from pybridge.semantics.machine import Machine
from pybridge.semantics.values import of_program

_STANDING = "what stands for the variance"
"""A name that no parameter has: the definition is lowered once, whatever number is tried."""
_STEPS = 64
_GOLDEN = (math.sqrt(5) - 1) / 2


def cancelled(row: Row, definition: ir.Definition, definitions: Definitions, arithmetic: Arithmetic) -> bool:
    """Whether some value of the variance, within what expanding its squares may make of it, explains the whole row.

    Parameters
    ----------
    row
        The batch and what was computed for it; infinities and NaN alone are explained where the variance may be computed
        as negative, or a divisor as 0.
    definition, definitions
        What it was meant to compute.
    arithmetic
        Of the kernel.
    """
    if row.lengths is not None:  # of a whole layer there is more than one variance
        return False
    way = expanded(definitions)
    for name in _lossy(definition, definitions, way):
        lossy = definitions[name]
        (parameter,) = lossy.parameters
        alone = replace(row, values={parameter.name: row.values[normalized(definition, definitions)]})
        (lost,) = bounds(alone, way[name].body, lossy.parameters, way, arithmetic, PRECISIONS[0])
        if not lost.error.is_finite():
            return False
        if not any(map(math.isfinite, row.computed)):
            own = bounds(row, way[definition.name].body, definition.parameters, way, arithmetic, PRECISIONS[0])
            return not any(one.error.is_finite() for one in own)
        return any(
            fits(row, bounds(row, definition.body, definition.parameters, changed, arithmetic, PRECISIONS[0]))
            for value in _nearest(row, definition, definitions, name, lost)
            for changed in (_with(definitions, name, value),)
        )
    return False


def _lossy(definition: ir.Definition, definitions: Definitions, way: Definitions) -> Iterator[str]:
    """The scalar definitions of one vector that are computed otherwise that way, of those that are called."""
    for found in reachable(definition, definitions):
        alone = len(found.parameters) == 1 and isinstance(found.body, ir.SCALARS)
        if found is not definition and alone and way[found.name] != found:
            yield found.name


def _with(definitions: Definitions, name: str, value: float) -> Definitions:
    """The definitions with a number in place of one of them."""
    number = rational(value)
    literal: ir.Scalar = ir.Div(ir.Nat(abs(int(number.p))), ir.Nat(int(number.q)))
    return {**definitions, name: replace(definitions[name], body=literal if value >= 0 else ir.Neg(literal))}


def _nearest(row: Row, definition: ir.Definition, definitions: Definitions, name: str, lost: Rounded) -> list[float]:
    """The values with which the definition, in float64, comes nearest to what was computed; the nearest first."""
    algebra = FloatAlgebra()
    environment = bind(definition.parameters, sizes_of(definition.parameters, row), row.values, algebra)
    computed = np.asarray(row.computed)

    lowering = Lowering({**definitions, name: replace(definitions[name], body=ir.Var(_STANDING))})
    program = own_program(definition, lowering)
    machine = Machine(algebra, environment, lowering)

    def distance(value: float) -> float:
        with algebra.context():
            other = machine.with_values({_STANDING: algebra.scalar(rational(value))}, {})
            found = of_program(other, program)
            other.forget()
        return float(np.max(np.abs(np.atleast_1d(found) - computed)))

    middle, room = float(lost.value), float(lost.error.abs_upper())
    low, high = middle - room, middle + room
    grid = {0.0, middle, low, high, *np.linspace(low, high, _STEPS).tolist()}
    grid |= {value for value in (middle * 2.0**k for k in range(-_STEPS, _STEPS)) if low <= value <= high}
    places = sorted(grid)
    near = [distance(value) for value in places]
    best = sorted(range(len(places)), key=near.__getitem__)[:3]
    refined = [_least(distance, places[max(k - 1, 0)], places[min(k + 1, len(places) - 1)]) for k in best]
    return sorted({0.0, *(places[k] for k in best), *refined}, key=distance)[:3]


def _least(function: Callable[[float], float], low: float, high: float) -> float:
    """A minimum between two places, by the golden section."""
    inner, outer = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_inner, at_outer = function(inner), function(outer)
    for _ in range(_STEPS):
        if at_inner <= at_outer:
            high, outer, at_outer = outer, inner, at_inner
            inner = high - _GOLDEN * (high - low)
            at_inner = function(inner)
        else:
            low, inner, at_inner = inner, outer, at_outer
            outer = low + _GOLDEN * (high - low)
            at_outer = function(outer)
    return (low + high) / 2
