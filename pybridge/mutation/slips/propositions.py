"""Slips where a proposition stands: a conclusion that says something else, a hypothesis that assumes less."""

from __future__ import annotations

from collections.abc import Iterator

from typing_extensions import assert_never

from pybridge import ir
from pybridge.mutation.slips.slip import Slip
from pybridge.notation.render import text


def of_proposition(proposition: ir.Proposition) -> Iterator[Slip[ir.Proposition]]:
    """Yield propositions that the given one does not imply."""
    match proposition:
        case ir.Eq(left, right):
            yield Slip("to-unequal", "`=` is ≠", ir.Ne(left, right))
            yield Slip("to-less", "`=` is <", ir.Lt(left, right))
            yield Slip("to-greater", "`=` is >", ir.Lt(right, left))
        case ir.Ne(left, right):
            yield Slip("to-equal", "`≠` is =", ir.Eq(left, right))
        case ir.Lt(left, right):
            yield Slip("to-equal", "`<` is =", ir.Eq(left, right))
            yield Slip("reversed", "the sides of `<` are exchanged", ir.Lt(right, left))
        case ir.Le(left, right):
            yield Slip("to-equal", "`≤` is =", ir.Eq(left, right))
            yield Slip("to-less", "`≤` is <", ir.Lt(left, right))
            yield Slip("reversed", "the sides of `≤` are exchanged", ir.Le(right, left))
        case ir.VectorEq(first, second):
            yield Slip("to-unequal", "`=` is ≠", ir.VectorNe(first, second))
        case ir.VectorNe(first, second):
            yield Slip("to-equal", "`≠` is =", ir.VectorEq(first, second))
        case ir.Orthonormal():
            pass
        case ir.And() | ir.HasGradientAt() | ir.HasDerivAt() | ir.HasFDerivAt():
            pass
        case ir.ForAll() | ir.Eventually() | ir.OpNormLe() | ir.IsGreatest() | ir.Mem():
            pass
        case ir.Imp(before, after):
            yield Slip("unconditional", f"the condition `{text(before)}` is missing", after)
        case ir.Iff(before, after):
            yield Slip("only-left", "only the left side of ↔ is stated", before)
            yield Slip("only-right", "only the right side of ↔ is stated", after)
        case _:
            assert_never(proposition)


def weaker(proposition: ir.Proposition) -> Iterator[Slip[ir.Proposition]]:
    """Yield what of a hypothesis is left when it is not dropped altogether."""
    match proposition:
        case ir.Eq(left, right):
            yield Slip("at-most", "`=` is weakened to ≤", ir.Le(left, right))
            yield Slip("at-least", "`=` is weakened to ≥", ir.Le(right, left))
        case ir.Lt(left, right):
            yield Slip("or-equal", "`<` is weakened to ≤", ir.Le(left, right))
            yield Slip("unequal", "`<` is weakened to ≠", ir.Ne(left, right))
        case ir.And(before, after):
            yield Slip("only-left", "only the left side of ∧ is assumed", before)
            yield Slip("only-right", "only the right side of ∧ is assumed", after)
        case ir.Iff() | ir.Ne() | ir.Le() | ir.VectorEq() | ir.VectorNe() | ir.Orthonormal():
            pass
        case ir.Imp() | ir.Mem() | ir.Eventually():
            pass
        case ir.ForAll(variable, body) if isinstance(variable.kind, ir.PositionKind):
            for slip in weaker(body):
                yield Slip(slip.label, slip.sentence, ir.ForAll(variable, slip.node))
        case ir.HasGradientAt() | ir.HasDerivAt() | ir.HasFDerivAt() | ir.ForAll() | ir.OpNormLe() | ir.IsGreatest():
            pass
        case _:
            assert_never(proposition)
