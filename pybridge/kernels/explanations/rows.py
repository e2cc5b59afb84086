"""Rows that are looked at, with other values for the parameters of a definition, or other definitions.

In: a ``Look``.  Out: what is known of its numbers then, and whether what was computed is that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pybridge import ir
from pybridge.algebras.doubledouble import Doubles
from pybridge.ir.rewrite import reachable
from pybridge.kernels.arithmetic import Arithmetic
from pybridge.kernels.enclosed import Enclosed, Programs, enclosed, own_program
from pybridge.kernels.forms import normalized
from pybridge.kernels.guesses import Definitions
from pybridge.kernels.looks import Look, apart
from pybridge.kernels.table import Table
from pybridge.semantics.boundedarrays import NotVectorised
from pybridge.semantics.lowering import Lowering


def chosen(look: Look, values: Mapping[str, Doubles] | None = None) -> Table:
    """The rows as a table of their own, with other or more values."""
    table, numbers = look.table, look.numbers
    own = {name: value[numbers] for name, value in table.values.items()}
    known = {name: value[numbers] for name, value in table.known.items()}
    places = numbers if table.chosen is None else [table.chosen[number] for number in numbers]
    return replace(table, values={**own, **(values or {})}, computed=table.computed[numbers], chosen=tuple(places), known=known)


def run(
    look: Look,
    values: Mapping[str, Doubles],
    arithmetic: Arithmetic,
    programs: Programs | None = None,
    parameters: Sequence[ir.Variable] | None = None,
) -> Enclosed:
    """What is known of the numbers with other values of the parameters.

    Raises
    ------
    NotVectorised
        It is not computed in arrays.
    """
    own = Programs(look.comparison.programs.lowering, look.comparison.programs.own)
    table = chosen(look, values)
    wanted = look.comparison.definition.parameters if parameters is None else parameters
    names = {parameter.name for parameter in wanted}
    table = replace(table, values={name: value for name, value in table.values.items() if name in names})
    ((_, found),) = enclosed(programs or own, table, slice(None), wanted, arithmetic, whole=True)
    return found


def holds(look: Look, found: Enclosed) -> bool:
    """Whether every number that was computed is within these bounds."""
    within = found.distance(look.got)[0] <= found.allowed[1]
    return bool((np.isfinite(look.got) & within & (found.own[1] < np.inf)).all())


def told(look: Look, found: Enclosed) -> bool:
    """Whether a number that is off is certainly not the definition's, if it is one of these."""
    if not look.off.any():
        return False
    own = look.judged_by()
    certain, _ = apart(own.value, found.value, np.maximum(own.own, own.allowed) + found.own)
    return bool((certain & look.off).any())


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A definition with parameters that the exported one has not: how it is lowered, and what they are."""

    programs: Programs
    parameters: tuple[ir.Variable, ...]


def rewritten(definition: ir.Definition, definitions: Definitions) -> Rewritten:
    """The programs of a definition among others that take more parameters."""
    found = definitions[definition.name]
    lowering = Lowering(definitions)
    return Rewritten(Programs(lowering, own_program(found, lowering)), found.parameters)


def statistic_of(look: Look, *, squared: bool = False) -> Doubles | None:
    """What the rows are divided by, one number for each: σ; None where the definition does not say.

    Parameters
    ----------
    squared
        Whether what ε is added to is wanted in its place: the variance, or the mean of the squares.
    """
    comparison = look.comparison
    definitions = comparison.export.definitions
    scales = [one for one in reachable(comparison.definition, definitions) if one.name.rpartition(".")[2] == "scale"]
    if not scales or look.table.lengths is not None:
        return None
    scale = scales[0]
    if squared:
        called = [one for one in reachable(scale, definitions)[1:] if len(one.parameters) == 1]
        if not called:
            return None
        scale = called[0]
    table = chosen(look)
    shaped = normalized(comparison.definition, definitions)
    values = {}
    for parameter in scale.parameters:
        name = shaped if isinstance(parameter.kind, ir.VectorKind) else parameter.name
        values[parameter.name] = table.values[name]
    made = rewritten(scale, definitions)
    single = replace(table, values=values, computed=table.computed[:, :1], scalar=True)
    try:
        ((_, found),) = enclosed(made.programs, single, slice(None), made.parameters, comparison.arithmetic, whole=True)
    except NotVectorised:
        return None
    return np.asarray(found.value.value[0]).reshape(-1)
