"""Which hypotheses certainly hold on a batch.

A hypothesis without roots is decided in exact rational arithmetic; one with a root by balls of rising precision. One that is
not certainly true, whether it fails or stays open, means that the batch says nothing about the theorem.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pybridge import ir
from pybridge.algebras.ball import Ball, BallAlgebra
from pybridge.algebras.base import NotInAlgebra, Truth
from pybridge.algebras.exact import ExactAlgebra
from pybridge.batches import Batch
from pybridge.environment import bind
from pybridge.evaluate import sides, truth
from pybridge.verdict import Held

PRECISIONS = (128, 512, 2048)
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Unmet:
    """The first hypothesis, by name, that does not certainly hold; ``truth`` says whether it fails or stays open."""

    name: str
    truth: Truth


def certify(theorem: ir.Theorem, batch: Batch, definitions: Mapping[str, ir.Definition]) -> tuple[Held, ...] | Unmet:
    """Certify every hypothesis of the theorem on the batch, or return the first that is not certain."""
    held = []
    for hypothesis in theorem.hypotheses:
        certain, decided_by = decide(theorem, hypothesis.proposition, batch, definitions)
        if certain is not Truth.HOLDS:
            return Unmet(hypothesis.name, certain)
        held.append(Held(name=hypothesis.name, statement=hypothesis.statement, decided_by=decided_by))
    return tuple(held)


def decide(
    theorem: ir.Theorem, proposition: ir.Proposition, batch: Batch, definitions: Mapping[str, ir.Definition]
) -> tuple[Truth, str]:
    """Say whether a proposition about the theorem's variables holds on the batch, and what decided it."""
    exact = ExactAlgebra()
    try:
        environment = bind(theorem.variables, batch.sizes, batch.values, exact)
        return truth(proposition, exact, environment, definitions), "exact rationals"
    except NotInAlgebra:
        pass
    for precision in PRECISIONS:
        balls = BallAlgebra(precision)
        enclosed = bind(theorem.variables, batch.sizes, batch.values, balls)
        certain = truth(proposition, balls, enclosed, definitions)
        if certain is not Truth.UNKNOWN:
            return certain, f"balls of {precision} bits"
    return Truth.UNKNOWN, f"balls of {PRECISIONS[-1]} bits"


def with_values(
    theorem: ir.Theorem, batch: Batch, held: tuple[Held, ...], definitions: Mapping[str, ir.Definition]
) -> tuple[Held, ...]:
    """Add to every certified hypothesis the decimal values of its sides on the batch, for people to read."""
    algebra = BallAlgebra(PRECISIONS[0])
    environment = bind(theorem.variables, batch.sizes, batch.values, algebra)
    valued = []
    for hypothesis, certified in zip(theorem.hypotheses, held, strict=True):
        compared = sides(hypothesis.proposition, algebra, environment, definitions)
        texts = [f"{_decimal(s.left)} {s.relation.value} {_decimal(s.right)}" for s in compared[:_SHOWN]]
        more = ["…"] if len(compared) > _SHOWN else []
        valued.append(replace(certified, value=", ".join(texts + more)))
    return tuple(valued)


def _decimal(ball: Ball) -> str:
    return str(ball.value.mid().str(6, radius=False))
