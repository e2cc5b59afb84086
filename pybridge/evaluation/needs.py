"""Which variables of a theorem a caller has to give, and what stands for those that need not be given.

Variables that a hypothesis determines have no array.  A loss of which nothing but a gradient g is known is not asked for where
g is given: ``⟪g, ·⟫`` is a loss with that gradient.  A position that is not given stands for all of them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from pybridge import ir
from pybridge.batches.determined import GradientAt, GradientField
from pybridge.batches.plan import Plan
from pybridge.ir.traverse import mentioned


@dataclass(frozen=True, slots=True)
class Needs:
    """What is missing, and what stands for what.

    Parameters
    ----------
    missing
        The variables that an array, a number or a loss is to be given for, and is not.
    linear
        By loss, the vector g that is given and whose ``⟪g, ·⟫`` stands for it.
    determined
        By variable that is given though a hypothesis determines it, the name of that hypothesis.
    """

    missing: tuple[str, ...]
    linear: dict[str, str]
    determined: dict[str, str]


def needs(plan: Plan, given: Collection[str]) -> Needs:
    """What a theorem asks of a caller who gives the variables of these names."""
    fields = {one.loss for one in plan.determined if isinstance(one, GradientField)}
    linear: dict[str, str] = {}
    for one in plan.determined:
        if isinstance(one, GradientAt) and one.name in given and one.loss not in (*given, *fields):
            linear.setdefault(one.loss, one.name)
    asked = (variable.name for variable in plan.drawn if not isinstance(variable.kind, ir.PositionKind))
    return Needs(
        missing=tuple(name for name in asked if name not in given and name not in linear),
        linear=linear,
        determined={
            one.name: one.hypothesis for one in plan.determined if one.name in given and one.name not in linear.values()
        },
    )


def for_all_positions(theorem: ir.Theorem, given: Collection[str]) -> ir.Theorem:
    """The theorem with a ``forall`` in its conclusion for each position that is neither given nor in a hypothesis."""
    assumed = frozenset[str]().union(*(mentioned(hypothesis.proposition) for hypothesis in theorem.hypotheses))
    for variable in reversed(theorem.variables):
        if isinstance(variable.kind, ir.PositionKind) and variable.name not in (*given, *assumed):
            theorem = replace(
                theorem,
                variables=tuple(other for other in theorem.variables if other != variable),
                conclusion=ir.ForAll(variable, theorem.conclusion),
            )
    return theorem
