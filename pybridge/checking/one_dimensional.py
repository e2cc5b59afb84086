"""A statement about all vectors of a line: at 0, and at t and -t for every t > 0 at once.

On each of the two rays t is a symbol that is known to be positive, so that what is decided there is decided for every t:
√(t² v) is t √v, and t / (t √v) does not depend on t.
"""

from __future__ import annotations

from typing import TypeGuard

from pybridge import ir
from pybridge.algebras.base import NotInAlgebra, Truth
from pybridge.algebras.effort import TooHard
from pybridge.algebras.symbolic import MOST_BY_ROOTS, on_a_ray
from pybridge.batches.generate import Batch
from pybridge.batches.plan import Plan
from pybridge.semantics.environment import dimension_of
from pybridge.semantics.evaluate import truth


def is_line(proposition: ir.Proposition, batch: Batch) -> TypeGuard[ir.ForAll]:
    """Whether the statement is about all vectors of a space that has one dimension on this batch."""
    match proposition:
        case ir.ForAll(ir.Variable(_, ir.VectorKind(space)), _):
            return dimension_of(space, batch.sizes) == 1
        case _:
            return False


def decide_on_line(plan: Plan, stated: ir.ForAll, batch: Batch) -> Truth:
    """Decide a statement for which ``is_line``, about the theorem's variables.

    Returns
    -------
    Truth
        ``HOLDS`` where it does for every vector, ``FAILS`` where it does for none on a ray or not at 0; else, and where the
        symbols do not tell, ``UNKNOWN``.
    """
    if max(batch.sizes.values()) > MOST_BY_ROOTS:
        return Truth.UNKNOWN
    found = Truth.HOLDS
    for sign in (1, 0, -1):
        algebra, t = on_a_ray()
        try:
            environment = batch.environment(plan, algebra, stated)
            on_the_ray = environment.changed("vectors", {stated.variable.name: (sign * t,)})
            found = found.both(truth(stated.body, algebra, on_the_ray, plan.definitions))
        except (NotInAlgebra, TooHard):
            found = found.both(Truth.UNKNOWN)
    return found
