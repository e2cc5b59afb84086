"""Scalars chosen so that roots are rational, in place of drawn ones under which hardly any root is.

Where a definition is the root of v + a s, with v and a > 0 known and s a scalar that may be chosen, s = ((v - 1) / 2)² / a
makes it the root of ((v + 1) / 2)².  So the scale √(variance + ε) of a batch is rational, with an ε ≥ 0.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flint import fmpq

from pybridge import ir
from pybridge.algebras.base import NotInAlgebra
from pybridge.algebras.exact import EXACT, ExactVector
from pybridge.batches.environments import Definitions, environment_of
from pybridge.batches.plan import Plan
from pybridge.ir.traverse import names
from pybridge.semantics.environment import Environment, Raw, bind
from pybridge.semantics.evaluate import evaluate
from pybridge.semantics.machine import lowering_of
from pybridge.semantics.program import Node
from pybridge.semantics.scopes import TOP


def rational_roots(plan: Plan, sizes: Mapping[str, int], values: Mapping[str, Raw], fixed: Collection[str]) -> dict[str, fmpq]:
    """Choose scalars with which the definitions that are roots, and that the theorem calls, have rational values.

    Parameters
    ----------
    plan, sizes, values
        As for ``environments.environment_of``.
    fixed
        Names of scalars that may not be chosen.

    Returns
    -------
    dict
        New values by name; those of scalars under no such root are not in it.
    """
    found: dict[str, fmpq] = {}
    for call, unrooted in plan.radicands:
        for name in plan.scalars:
            if name in names(call) and name not in fixed and name not in found:
                line = affine(plan, sizes, values, call, name, unrooted)
                if line is not None and line[1] > 0:
                    found[name] = ((line[0] - 1) / 2) ** 2 / line[1]
    return found


def affine(
    plan: Plan,
    sizes: Mapping[str, int],
    values: Mapping[str, Raw],
    term: ir.Scalar,
    name: str,
    definitions: Definitions | None = None,
    *,
    drawn: Environment[fmpq, ExactVector] | None = None,
) -> tuple[fmpq, fmpq] | None:
    """The value at 0 and the slope of a term as a function of the scalar variable ``name``.

    None where it is not affine or not rational. Where its program does not tell it is affine at 0, 1 and 2, which is no proof:
    what is chosen by it is certified like anything drawn. The other parameters are those of ``environments.exact_value``, and
    ``drawn`` the drawn values in rationals, where they are there already.
    """
    read_by = plan.definitions if definitions is None else definitions
    try:
        if plan.determined_for(term):  # their values may change with the scalar's
            straight = False
            each = (environment_of(plan, sizes, {**values, name: fmpq(number)}, EXACT, term) for number in range(3))
        else:
            straight = _is_affine(lowering_of(read_by).scalar(term, TOP), name)
            fixed = bind(plan.drawn, sizes, values, EXACT) if drawn is None else drawn
            each = (fixed.changed("scalars", {name: fmpq(number)}) for number in range(2 if straight else 3))
        zeroth, first, *second = (evaluate(term, EXACT, environment, read_by) for environment in each)
    except NotInAlgebra:
        return None
    return (zeroth, first - zeroth) if straight or second[0] - first == first - zeroth else None


def _is_affine(node: Node, name: str) -> bool:
    """Whether a program can be seen to be an affine function of a scalar, whatever the other values are."""
    if name not in node.inputs:
        return True
    match node.op:
        case "scalar":
            return True
        case "add" | "subtract" | "negate" | "sum":
            return all(_is_affine(arg, name) for arg in node.args)
        case "multiply" | "divide":
            moving = [arg for arg in node.args if name in arg.inputs]
            return moving == [node.args[0]] and _is_affine(node.args[0], name)
        case _:
            return False
