"""Batches that violate one hypothesis of a theorem and satisfy the others: what shows whether it is needed.

Most are drawn as for the theorem without the hypothesis, and kept where it certainly fails. A comparison whose sides differ by
an affine function of a scalar variable is solved for it, so that the boundary itself is met (variance + ε = 0), both its sides,
and the middle of what the other hypotheses leave (-variance / 2 < 0).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from flint import fmpq

from pybridge import ir
from pybridge.algebras.base import Truth
from pybridge.batches.draws import Value
from pybridge.batches.generate import Batch, slots
from pybridge.batches.plan import Plan
from pybridge.batches.roots import affine
from pybridge.checking.hypotheses import decide
from pybridge.ir.traverse import names
from pybridge.semantics.regions import Region


def violating(
    plan: Plan,
    hypothesis: ir.Hypothesis,
    families: Sequence[str],
    *,
    largest: int,
    seed: int = 0,
) -> Iterator[Iterator[Batch]]:
    """Yield, for each batch wanted, candidates on which ``hypothesis`` certainly fails.

    Parameters
    ----------
    plan
        Of the theorem with the hypothesis dropped or weakened; the caller certifies what hypotheses it still has.
    hypothesis
        The one to violate.
    families, largest, seed
        Which batches to start from, as in ``batches.slots``.
    """

    def fails(batch: Batch) -> bool:
        return decide(plan, hypothesis.proposition, batch)[0] is Truth.FAILS

    for number, candidates in enumerate(slots(plan, families, seed=seed, largest=largest)):
        yield (
            variant
            for candidate in candidates
            for variant in _variants(plan, hypothesis.proposition, candidate, number)
            if fails(variant)
        )


def _variants(plan: Plan, proposition: ir.Proposition, batch: Batch, number: int) -> list[Batch]:
    """The batch, and those with a scalar at the boundary, below and above it, and halfway to another hypothesis's boundary.

    Each of them is the first in turn.
    """
    found = [batch]
    for name in plan.scalars:
        for boundary in _boundaries(plan, proposition, batch, name) if name in batch.values else ():
            steps = (0, -1, 1) if _exact_in_balls(boundary, batch) else (-1, 1)
            every = (_boundaries(plan, other.proposition, batch, name) for other in plan.theorem.hypotheses)
            halfway = ((boundary + other) / 2 for others in every for other in others if other != boundary)
            origin = f"{batch.origin}; {name} chosen to violate a hypothesis"
            moved = (*(boundary + step for step in steps), *halfway)
            found += [batch.moved(plan, name, value, origin) for value in moved]
    turn = number % len(found)
    return found[turn:] + found[:turn]


def _exact_in_balls(boundary: fmpq, batch: Batch) -> bool:
    """Whether balls may see that a comparison is an equality: all is dyadic, since nothing is divided by other sizes."""
    sizes = all(number & (number - 1) == 0 for number in batch.sizes.values())
    return sizes and _dyadic(boundary) and all(map(_dyadic, batch.values.values()))


def _dyadic(value: Value) -> bool:
    """Whether all the numbers in a value have a power of 2 for a denominator."""
    match value:
        case fmpq():
            denominator = int(value.q)
            return denominator & (denominator - 1) == 0
        case tuple():
            return all(map(_dyadic, value))
        case Region():
            return _dyadic(value.generator or ()) and _dyadic(value.points)
        case _:
            return True


def _boundaries(plan: Plan, proposition: ir.Proposition, batch: Batch, name: str) -> tuple[fmpq, ...]:
    """The values of the scalar at which both sides of a comparison are equal, where they differ by an affine function of it.

    Of a comparison for every position there is one for each, the greatest first: above it all differ with one sign.
    """
    if isinstance(proposition, ir.ForAll) and isinstance(kind := proposition.variable.kind, ir.PositionKind):
        variable, body = proposition.variable, proposition.body
        theorem = replace(plan.theorem, variables=(*plan.theorem.variables, variable))
        inside = replace(plan, theorem=theorem, origin=None, alike=None)
        places = (replace(batch, values={**batch.values, variable.name: k}) for k in range(batch.sizes[kind.index]))
        every = {boundary for place in places for boundary in _boundaries(inside, body, place, name)}
        return tuple(sorted(every, reverse=True))
    difference, about = _difference(proposition)
    if difference is None or name not in about:
        return ()
    key = ("boundary", id(plan.valued), id(difference), name)
    if key not in batch.kept:
        line = affine(plan, batch.sizes, batch.values, difference, name, drawn=batch.drawn_exactly(plan))
        batch.kept[key] = difference, () if line is None or line[1] == 0 else (-line[0] / line[1],)
    found: tuple[fmpq, ...] = batch.kept[key][1]
    return found


@lru_cache(maxsize=64)
def _difference(proposition: ir.Proposition) -> tuple[ir.Scalar | None, frozenset[str]]:
    """What is 0 where both sides of a comparison are equal, as one term, lowered once, and the names in it; or None."""
    match proposition:
        case ir.Eq(left, right) | ir.Ne(left, right) | ir.Lt(left, right) | ir.Le(left, right):
            return _same(difference := ir.Sub(left, right)), names(difference)
        case _:
            return None, frozenset()


@lru_cache(maxsize=64)
def _same(term: ir.Scalar) -> ir.Scalar:
    """The first of equal terms."""
    return term
