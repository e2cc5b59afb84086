"""Scalars chosen so that roots are rational, in place of drawn ones under which hardly any root is.

Where a definition is the root of v + a s, with v and a > 0 known and s a scalar that may be chosen, s = ((v - 1) / 2)² / a
makes it the root of ((v + 1) / 2)².  So the scale √(variance + ε) of a batch is rational, with an ε ≥ 0.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from flint import fmpq

from pybridge import ir
from pybridge.algebras.base import NotInAlgebra
from pybridge.algebras.exact import ExactAlgebra
from pybridge.batches.determine import drawn_variables, environment_of
from pybridge.ir.traverse import names, subterms, terms
from pybridge.semantics.environment import Raw
from pybridge.semantics.evaluate import evaluate


def rational_roots(
    theorem: ir.Theorem,
    sizes: Mapping[str, int],
    values: Mapping[str, Raw],
    definitions: Mapping[str, ir.Definition],
    fixed: Collection[str],
) -> dict[str, fmpq]:
    """Choose scalars with which the definitions that are roots, and that the theorem calls, have rational values.

    Parameters
    ----------
    theorem, sizes, values, definitions
        As for ``determine.environment_of``.
    fixed
        Names of scalars that may not be chosen.

    Returns
    -------
    dict
        New values by name; those of scalars under no such root are not in it.
    """
    scalars = [variable.name for variable in drawn_variables(theorem) if isinstance(variable.kind, ir.ScalarKind)]
    found: dict[str, fmpq] = {}
    for call, unrooted in _radicands(theorem, definitions):
        for name in scalars:
            if name in names(call) and name not in fixed and name not in found:
                chosen = _chosen(theorem, sizes, values, unrooted, call, name)
                found |= {} if chosen is None else {name: chosen}
    return found


def _radicands(
    theorem: ir.Theorem, definitions: Mapping[str, ir.Definition]
) -> Iterator[tuple[ir.Call, Mapping[str, ir.Definition]]]:
    """The calls of roots, each with definitions by which the call is what stands under its root."""
    variables = {variable.name for variable in theorem.variables}
    stated = (*(hypothesis.proposition for hypothesis in theorem.hypotheses), theorem.conclusion)
    every = (inner for proposition in stated for term in terms(proposition) for inner in subterms(term))
    for call in dict.fromkeys(inner for inner in every if isinstance(inner, ir.Call)):
        definition = definitions.get(call.name)
        if definition is not None and isinstance(definition.body, ir.Sqrt) and names(call) <= variables:
            yield call, {**definitions, call.name: replace(definition, body=definition.body.arg)}


def _chosen(
    theorem: ir.Theorem,
    sizes: Mapping[str, int],
    values: Mapping[str, Raw],
    definitions: Mapping[str, ir.Definition],
    radicand: ir.Call,
    name: str,
) -> fmpq | None:
    exact = ExactAlgebra()

    def at(value: int) -> fmpq:
        environment = environment_of(
            theorem, sizes, {**values, name: fmpq(value)}, exact, definitions, ir.Eq(radicand, radicand)
        )
        return evaluate(radicand, exact, environment, definitions)

    try:
        zeroth, first, second = at(0), at(1), at(2)
    except NotInAlgebra:
        return None
    slope = first - zeroth
    return ((zeroth - 1) / 2) ** 2 / slope if slope > 0 and second - first == slope else None
