"""What hypotheses say of sizes and of inner products, by their form.

In: propositions.  Out: a size that is the least or the most, and the vectors that one is orthogonal to, or not.
"""

from __future__ import annotations

from collections.abc import Iterable

from pybridge import ir
from pybridge.ir.traverse import names


def least(proposition: ir.Proposition) -> int:
    """How many elements a proposition says that an index type has at least; 0 where it says nothing of the kind."""
    match proposition:
        case ir.Le(ir.Nat(count), ir.Card()):
            return count
        case ir.Lt(ir.Nat(count), ir.Card()):
            return count + 1
        case _:
            return 0


def most(proposition: ir.Proposition) -> int | None:
    """How many elements a proposition says that an index type has at most; None where it says nothing of the kind."""
    match proposition:
        case ir.Le(ir.Card(), ir.Nat(count)):
            return count
        case ir.Lt(ir.Card(), ir.Nat(count)):
            return max(count - 1, 0)
        case _:
            return None


def inner_products(propositions: Iterable[ir.Proposition]) -> dict[str, tuple[ir.Vector, ...]]:
    """By vector variable, what its inner product with is said to be 0, or not to be."""
    found: dict[str, tuple[ir.Vector, ...]] = {}
    for part in propositions:
        match part:
            case (
                ir.Eq(ir.Inner(left, right), ir.Nat(0))
                | ir.Eq(ir.Nat(0), ir.Inner(left, right))
                | ir.Ne(ir.Inner(left, right), ir.Nat(0))
                | ir.Ne(ir.Nat(0), ir.Inner(left, right))
            ):
                for moved, other in ((right, left), (left, right)):
                    if isinstance(moved, ir.VVar) and moved.name not in names(other):
                        found[moved.name] = (*found.get(moved.name, ()), other)
                        break
            case _:
                pass
    return found
