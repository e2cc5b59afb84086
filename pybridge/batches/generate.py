"""Concrete batches for a theorem: values for its variables, made from its kinds and hypotheses, never from its name.

A *slot* is one batch wanted; it is an iterator of candidates, and the first one that satisfies the hypotheses counts.
Candidates of a slot differ in their scalars and in which vector takes the family's shape (constant, far off zero, ...) while
the others are normal: a constant batch may contradict a hypothesis, a constant gradient does not.
Everything is exact: floats are taken as the dyadic rationals they are.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pybridge import ir
from pybridge.batches.adjust import adjusted
from pybridge.batches.determine import LARGEST, Differentiated, determined, drawn_variables
from pybridge.batches.draws import Draw, Value, unit_vectors
from pybridge.batches.families import FAMILIES, Family
from pybridge.batches.recorded import Record, records
from pybridge.ir.traverse import subterms, terms

RECORDED = "recorded"
LARGEST_MATRIX = 64
ATTEMPTS = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Exact values for the variables of a theorem.

    Parameters
    ----------
    name
        Id, unique within a run; what ``--batch`` takes.
    family
        Name of the family, or ``"recorded"``.
    seed
        Seed of the run that drew it; None for a recorded batch.
    sizes
        Number of elements of every index type, dimension of every abstract space.
    values
        By variable name: a rational, a tuple of rationals (vector), an int (position), a tuple of vectors (family, or the
        rows of an operator's matrix), a loss (for a field: the one whose gradient it is), a set. Variables that a hypothesis
        determines (``determine.py``) have none.
    origin
        One line: where it comes from.
    """

    name: str
    family: str
    seed: int | None
    sizes: Mapping[str, int]
    values: Mapping[str, Value]
    origin: str


def family_names() -> tuple[str, ...]:
    """Return the names that ``--families`` takes, in the order in which they are tried."""
    return (*(family.name for family in FAMILIES), RECORDED)


def slots(
    theorem: ir.Theorem,
    families: Sequence[str],
    *,
    seed: int = 0,
    largest: int | None = None,
    definitions: Mapping[str, ir.Definition] | None = None,
) -> Iterator[Iterator[Batch]]:
    """Yield one iterator of candidates for each batch wanted.

    Parameters
    ----------
    theorem
        Whose variables are to be filled.
    families
        Names out of :func:`family_names`.
    seed
        Of the random families.
    largest
        Leave out batches of more than this many entries.
    definitions
        ``Export.definitions``. Without them, a vector that has to be orthogonal to the value of a definition is not made so.
    """
    known = {} if definitions is None else definitions
    for family in FAMILIES:
        if family.name not in families:
            continue
        for number, size in enumerate(family.sizes):
            if (largest is None or size <= largest) and _possible(theorem, size):
                yield _drawn(theorem, family, size, number, seed, known)
    if RECORDED in families:
        for record in records():
            if (largest is None or record.size <= largest) and _possible(theorem, record.size) and _fits(theorem, record):
                yield _replayed(theorem, record, seed, known)


def _possible(theorem: ir.Theorem, size: int) -> bool:
    """Tell whether a batch of this size can be drawn: not an empty one of something, nor a matrix that is huge."""
    square = any(
        isinstance(variable.kind, ir.OperatorKind) and isinstance(variable.kind.domain, ir.Euclidean)
        for variable in drawn_variables(theorem)
    )
    differentiated = any(isinstance(one, Differentiated) for one in determined(theorem)) or _differentiates(theorem)
    if (square and size > LARGEST_MATRIX) or (differentiated and size > LARGEST):
        return False
    return not (size == 0 and _needs_elements(theorem))


def _differentiates(theorem: ir.Theorem) -> bool:
    """Whether a gradient is a term of the statement, found one coordinate after the other."""
    stated = (*(hypothesis.proposition for hypothesis in theorem.hypotheses), theorem.conclusion)
    every = (part for proposition in stated for term in terms(proposition) for part in subterms(term))
    return any(isinstance(part, ir.Gradient | ir.FDeriv) for part in every)


def _needs_elements(theorem: ir.Theorem) -> bool:
    positions = any(isinstance(variable.kind, ir.PositionKind) for variable in theorem.variables)
    return positions or bool(theorem.nontrivial) or any(index.nonempty for index in theorem.indices)


def _drawn(
    theorem: ir.Theorem, family: Family, size: int, number: int, seed: int, definitions: Mapping[str, ir.Definition]
) -> Iterator[Batch]:
    name = f"{family.name}-m{size}-s{seed}.{number}"
    for attempt in range(ATTEMPTS):
        draw = Draw(theorem, family, size, number, seed, attempt)
        values = {variable.name: draw.value(variable) for variable in drawn_variables(theorem)}
        yield Batch(
            name=name,
            family=family.name,
            seed=seed,
            sizes=draw.sizes,
            values=adjusted(theorem, draw.sizes, values, definitions, turn=draw.turn),
            origin=f"{family.description}; family {family.name}, seed {seed}, draw {number}, attempt {attempt}",
        )


def _replayed(theorem: ir.Theorem, record: Record, seed: int, definitions: Mapping[str, ir.Definition]) -> Iterator[Batch]:
    given: dict[str, Value] = {**record.scalars, **record.vectors}
    variables = drawn_variables(theorem)
    missing = [variable for variable in variables if variable.name not in given]
    family = next(family for family in FAMILIES if family.name == "random")
    for attempt in range(ATTEMPTS if missing else 1):
        draw = Draw(theorem, family, record.size, zlib.crc32(record.name.encode()), seed, attempt)
        filled = {
            variable.name: draw.value(variable) if variable in missing else given[variable.name] for variable in variables
        }
        filled = adjusted(theorem, draw.sizes, filled, definitions, turn=draw.turn, fixed=frozenset(given))
        also = f"; drawn for it with seed {seed}: {', '.join(variable.name for variable in missing)}" if missing else ""
        yield Batch(
            name=record.name,
            family=RECORDED,
            seed=seed if missing else None,
            sizes=draw.sizes,
            values=filled,
            origin=record.origin + also,
        )


def _fits(theorem: ir.Theorem, record: Record) -> bool:
    """Tell whether the record fills a coordinate vector of the theorem, and nothing of another kind."""
    kinds = {variable.name: variable.kind for variable in theorem.variables}
    vectors = [kind for name, kind in kinds.items() if name in record.vectors]
    return (
        bool(vectors)
        and all(isinstance(kind, ir.VectorKind) and isinstance(kind.space, ir.Euclidean) for kind in vectors)
        and all(isinstance(kinds[name], ir.ScalarKind) for name in record.scalars if name in kinds)
        and not any(name in unit_vectors(theorem) for name in record.vectors)
    )
