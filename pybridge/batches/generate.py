"""Concrete batches for a theorem: values for its variables, made from its kinds and hypotheses, never from its name.

A *slot* is one batch wanted; it is an iterator of candidates, and the first one that satisfies the hypotheses counts.
Candidates of a slot differ in their scalars and in which vector takes the family's shape (constant, far off zero, ...) while
the others are normal: a constant batch may contradict a hypothesis, a constant gradient does not.
Everything is exact: floats are taken as the dyadic rationals they are.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import partial
from typing import Any

from flint import fmpq

from pybridge import ir
from pybridge.algebras.base import Algebra, S, V
from pybridge.algebras.exact import EXACT, ExactVector
from pybridge.algebras.formats import FLOAT64, Format
from pybridge.batches.adjust import adjusted
from pybridge.batches.draws import Draw, Value
from pybridge.batches.environments import drawn_in, environment_of, put_in
from pybridge.batches.families import FAMILIES, Family
from pybridge.batches.plan import Plan
from pybridge.batches.recorded import Record, records
from pybridge.semantics.environment import Environment

RECORDED = "recorded"
ATTEMPTS = 11


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
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
        determines (``determined.py``) have none.
    origin
        One line: where it comes from.
    """

    name: str
    family: str
    seed: int | None
    sizes: Mapping[str, int]
    values: Mapping[str, Value]
    origin: str
    kept: dict[tuple[object, ...], Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What ``environment`` has made of it."""

    def environment(
        self, plan: Plan, algebra: Algebra[S, V], about: ir.Proposition | ir.Term | None = None
    ) -> Environment[S, V]:
        """The batch as an algebra sees it, made once: ``environments.environment_of``."""
        return environment_of(plan, self.sizes, self.values, algebra, about, kept=self.kept)

    def moved(self, plan: Plan, name: str, value: fmpq, origin: str) -> Batch:
        """The batch with another value of a drawn scalar; what does not depend on it is not worked out again in rationals."""
        other = replace(self, values={**self.values, name: value}, origin=origin)
        put_in(plan, EXACT, self.drawn_exactly(plan).changed("scalars", {name: value}), other.kept)
        return other

    def drawn_exactly(self, plan: Plan) -> Environment[fmpq, ExactVector]:
        """The drawn values in rationals."""
        return drawn_in(plan, self.sizes, self.values, EXACT, self.kept)

    def __reduce__(self) -> tuple[object, ...]:
        """Without what has been made of it."""
        given = {one.name: getattr(self, one.name) for one in fields(self) if one.init}
        return partial(Batch, **given), ()

    def __repr__(self) -> str:
        return f"<Batch {self.name}: {', '.join(f'{name} = {size}' for name, size in self.sizes.items())}>"


def family_names() -> tuple[str, ...]:
    """Return the names that ``--families`` takes, in the order in which they are tried."""
    return (*(family.name for family in FAMILIES), RECORDED)


def slots(plan: Plan, families: Sequence[str], *, seed: int = 0, largest: int | None = None) -> Iterator[Iterator[Batch]]:
    """Yield one iterator of candidates for each batch wanted.

    Parameters
    ----------
    plan
        Of the theorem whose variables are to be filled.
    families
        Names out of :func:`family_names`.
    seed
        Of the random families.
    largest
        Leave out batches of more than this many entries.
    """

    def possible(size: int) -> bool:
        return size >= plan.smallest and all(most is None or size <= most for most in (largest, plan.largest))

    for family in FAMILIES:
        if family.name in families:
            for number, wanted in enumerate(family.sizes):
                size = wanted if plan.most is None else min(wanted, plan.most)
                if possible(size):
                    yield drawn(plan, family, size, number, seed)
    if RECORDED in families:
        for record in records():
            if possible(record.size) and _fits(plan, record):
                yield _replayed(plan, record, seed)


def drawn(
    plan: Plan, family: Family, size: int, number: int, seed: int, *, held: Format = FLOAT64, name: str = ""
) -> Iterator[Batch]:
    """Yield the candidates for one batch of a family.

    Parameters
    ----------
    plan
        Of the theorem whose variables are to be filled.
    family, size, number, seed
        Together they say which batch; ``number`` also chooses which scalars come together, and which vectors take the
        family's shape.
    held
        The format of the numbers drawn.
    name
        The id of the batch; made of the family, the size, the seed and the number where it is not given.
    """
    name = name or f"{family.name}-m{size}-s{seed}.{number}"
    for attempt in range(ATTEMPTS):
        draw = Draw(plan, family, size, number, seed, attempt, held)
        values = {variable.name: draw.value(variable) for variable in plan.drawn}
        yield Batch(
            name=name,
            family=family.name,
            seed=seed,
            sizes=draw.sizes,
            values=adjusted(plan, draw.sizes, values, turn=draw.turn),
            origin=f"{family.description}; family {family.name}, {held.name}, seed {seed}, draw {number}, attempt {attempt}",
        )


def _replayed(plan: Plan, record: Record, seed: int) -> Iterator[Batch]:
    given: dict[str, Value] = {**record.scalars, **record.vectors}
    missing = [variable for variable in plan.drawn if variable.name not in given]
    family = next(family for family in FAMILIES if family.name == "random")
    for attempt in range(ATTEMPTS if missing else 1):
        draw = Draw(plan, family, record.size, zlib.crc32(record.name.encode()), seed, attempt)
        filled = {
            variable.name: draw.value(variable) if variable in missing else given[variable.name] for variable in plan.drawn
        }
        filled = adjusted(plan, draw.sizes, filled, turn=draw.turn, fixed=frozenset(given))
        also = f"; drawn for it with seed {seed}: {', '.join(variable.name for variable in missing)}" if missing else ""
        yield Batch(
            name=record.name,
            family=RECORDED,
            seed=seed if missing else None,
            sizes=draw.sizes,
            values=filled,
            origin=record.origin + also,
        )


def _fits(plan: Plan, record: Record) -> bool:
    """Tell whether the record fills a coordinate vector of the theorem, and nothing of another kind."""
    vectors = [kind for name, kind in plan.kinds.items() if name in record.vectors]
    return (
        bool(vectors)
        and all(isinstance(kind, ir.VectorKind) and isinstance(kind.space, ir.Euclidean) for kind in vectors)
        and all(isinstance(plan.kinds[name], ir.ScalarKind) for name in record.scalars if name in plan.kinds)
        and not plan.unit & record.vectors.keys()
    )
