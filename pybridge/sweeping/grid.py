"""What a sweep goes over: every theorem with every format, size and family, and each of these cells with every seed.

In: an export and the values asked for.  Out: a ``Grid``: its tasks by number, what is left out and why, and the identity that a
run has to have which goes on with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any, NamedTuple

from pybridge import ir
from pybridge.algebras.formats import needed_format
from pybridge.batches.families import FAMILIES, Family
from pybridge.batches.generate import RECORDED
from pybridge.batches.plan import Plan
from pybridge.checking.judge import WIDTH_BITS
from pybridge.checking.settle import PRECISIONS
from pybridge.errors import InputError
from pybridge.export.loading import Export
from pybridge.ir.traverse import subterms, terms

MOST_SIZE = 2**24
MOST_SEED = 2**32
MOST_BITS = 2**16
DRAWN = {family.name: family for family in FAMILIES if not family.rational}
"""The families that a sweep draws, by name."""
DIGITS = 12
"""Hexadecimal digits of a digest, where it stands for what it is the digest of."""


class Cell(NamedTuple):
    """What a task is, its seed apart: a theorem by its full name, a format, a size and a family."""

    theorem: str
    dtype: str
    size: int
    family: str


class Task(NamedTuple):
    """The unit of work: one batch for one theorem.  Whoever runs it, and whenever, draws the same batch."""

    theorem: str
    dtype: str
    size: int
    family: str
    seed: int

    @property
    def batch(self) -> str:
        """The id of its batch."""
        return f"{self.family}-m{self.size}-{self.dtype}-s{self.seed}"


class Skipped(NamedTuple):
    """What is left out: a size of a theorem, or a family of all, and why."""

    theorem: str | None
    size: int | None
    family: str | None
    why: str


@dataclass(frozen=True)
class Grid:
    """The tasks of a sweep, in an order in which each seed is done with everything before the next one begins.

    Parameters
    ----------
    theorems
        Digests of their statements, by full name.
    dtypes, sizes, families
        What each is tried with.
    seeds
        From the first to the last.
    precisions
        Bits to try, in order.
    skipped
        What is left out of it.
    """

    theorems: Mapping[str, str]
    dtypes: tuple[str, ...]
    sizes: tuple[int, ...]
    families: tuple[str, ...]
    seeds: range
    precisions: tuple[int, ...]
    skipped: tuple[Skipped, ...]

    def __len__(self) -> int:
        return len(self.cells) * len(self.seeds)

    def task(self, number: int) -> Task:
        """The task of a number from 0 on."""
        seed, cell = divmod(number, len(self.cells))
        return Task(*self.cells[cell], self.seeds[seed])

    def number(self, task: Task) -> int:
        """The number of a task.

        Raises
        ------
        KeyError
            It is none of this sweep's.
        """
        if task.seed not in self.seeds:
            raise KeyError(task.seed)
        return self.seeds.index(task.seed) * len(self.cells) + self._places[Cell(*task[:-1])]

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Theorem, format, size and family: each is tried with every seed."""
        sizes = {(one.theorem, one.size) for one in self.skipped if one.size is not None}
        families = {one.family for one in self.skipped if one.family is not None}
        return tuple(
            Cell(*values)
            for values in product(self.theorems, self.dtypes, self.sizes, self.families)
            if (values[0], values[2]) not in sizes and values[3] not in families
        )

    @cached_property
    def _places(self) -> dict[Cell, int]:
        return {cell: place for place, cell in enumerate(self.cells)}

    def options(self) -> dict[str, Any]:
        """What it goes over, as JSON."""
        return {
            "theorems": dict(self.theorems),
            "dtypes": list(self.dtypes),
            "sizes": list(self.sizes),
            "families": list(self.families),
            "seeds": [self.seeds.start, self.seeds.stop],
            "precision": list(self.precisions),
        }


def grid_of(options: Mapping[str, Any], skipped: Sequence[Mapping[str, Any]]) -> Grid:
    """The grid that has these options, and leaves these things out."""
    return Grid(
        theorems=options["theorems"],
        dtypes=tuple(options["dtypes"]),
        sizes=tuple(options["sizes"]),
        families=tuple(options["families"]),
        seeds=range(*options["seeds"]),
        precisions=tuple(options["precision"]),
        skipped=tuple(Skipped(**one) for one in skipped),
    )


def grid(
    theorems: Sequence[ir.Theorem],
    export: Export,
    *,
    families: Sequence[str] = tuple(DRAWN),
    sizes: Sequence[int],
    dtypes: Sequence[str] = ("float64",),
    seeds: range,
    precisions: Sequence[int] = PRECISIONS,
) -> Grid:
    """The grid of theorems of an export and what they are to be tried with.

    Raises
    ------
    InputError
        A value that nothing can be tried with, or nothing to try at all.
    """
    formats = tuple(dict.fromkeys(needed_format(dtype).name for dtype in dtypes))
    _refuse(tuple(families), tuple(sizes), seeds, tuple(precisions))
    skipped = [Skipped(None, None, name, _WHY_NOT[name]) for name in dict.fromkeys(families) if name not in DRAWN]
    for theorem in theorems:
        plan = Plan(theorem, export.definitions)
        wrong = {size: why for size in sizes if (why := _too_small_or_large(plan, size))}
        skipped += [Skipped(theorem.name, size, None, why) for size, why in wrong.items()]
    made = Grid(
        theorems={theorem.name: statement_digest(theorem, export.definitions) for theorem in theorems},
        dtypes=formats,
        sizes=tuple(dict.fromkeys(sizes)),
        families=tuple(dict.fromkeys(families)),
        seeds=seeds,
        precisions=tuple(precisions),
        skipped=tuple(skipped),
    )
    if not len(made):
        why = f": {skipped[0].why}" if skipped else ""
        raise InputError(f"nothing to sweep{why}", hint="give other sizes, families or seeds")
    return made


def statement_digest(theorem: ir.Theorem, definitions: Mapping[str, ir.Definition]) -> str:
    """The digest of what a theorem says, with all the definitions it is made of; not of what is written about it."""
    said: list[object] = [theorem.indices, theorem.spaces, theorem.nontrivial, theorem.variables, theorem.conclusion]
    said += [(hypothesis.name, hypothesis.proposition) for hypothesis in theorem.hypotheses]
    stated = [theorem.conclusion, *(hypothesis.proposition for hypothesis in theorem.hypotheses)]
    waiting = [term for proposition in stated for term in terms(proposition)]
    called: dict[str, ir.Definition] = {}
    while waiting:
        for part in subterms(waiting.pop()):
            if isinstance(part, ir.Call | ir.VCall) and part.name not in called:
                called[part.name] = definitions[part.name]
                waiting.append(called[part.name].body)
    said += [(name, called[name].indices, called[name].parameters, called[name].body) for name in sorted(called)]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:DIGITS]


def family_of(task: Task) -> Family:
    """The family that draws its batch."""
    return DRAWN[task.family]


_WHY_NOT = {family.name: "it draws rationals, which no format holds; `pybridge check` draws it" for family in FAMILIES} | {
    RECORDED: "its batches are what they are, whatever the seed; `pybridge check` takes them"
}


def _too_small_or_large(plan: Plan, size: int) -> str:
    """Why a theorem cannot take batches of a size; empty where it can."""
    if size < plan.smallest:
        return f"it speaks of batches of at least {plan.smallest}"
    if plan.largest is not None and size > plan.largest:
        return f"it is checked on batches of at most {plan.largest}: its work grows with a power of the size"
    return ""


def _refuse(families: tuple[str, ...], sizes: tuple[int, ...], seeds: range, precisions: tuple[int, ...]) -> None:
    if unknown := [name for name in families if name not in _WHY_NOT]:
        raise InputError(f"no family of batches is called {unknown[0]!r}", hint=f"there are {', '.join(DRAWN)}")
    if bad := [size for size in sizes if not 0 <= size <= MOST_SIZE]:
        raise InputError(f"a batch of size {bad[0]}", hint=f"give sizes from 0 to {MOST_SIZE}")
    if seeds.step != 1 or seeds.start < 0 or seeds.stop > MOST_SEED:
        raise InputError(f"seeds {seeds.start}:{seeds.stop}", hint=f"give seeds from 0 to {MOST_SEED}")
    if not precisions or list(precisions) != sorted(set(precisions)):
        raise InputError(f"precisions {list(precisions)}", hint="give them rising, each once")
    if bad := [bits for bits in precisions if not WIDTH_BITS < bits <= MOST_BITS]:
        hint = f"give bits from {WIDTH_BITS + 1}, below which nothing can agree, to {MOST_BITS}"
        raise InputError(f"a precision of {bad[0]} bits", hint=hint)
