"""Which batches a check is asked to try; what cannot be meant is refused in one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from numbers import Integral

from pybridge import ir
from pybridge.batches.generate import Batch, family_names, slots
from pybridge.batches.plan import Plan
from pybridge.checking.verdict import TheoremReport
from pybridge.errors import InputError
from pybridge.export.loading import Export


@dataclass(frozen=True, slots=True)
class Asked:
    """Families of batches, the seed of the random ones, the most entries of a batch, and the name of the only one to try."""

    families: tuple[str, ...]
    seed: int
    largest: int | None
    batch: str | None

    def slots(self, plan: Plan) -> Iterator[Iterator[Batch]]:
        """The batches for a theorem."""
        return slots(plan, self.families, seed=self.seed, largest=self.largest)

    def refuse_unknown_batch(self, reports: Sequence[TheoremReport]) -> None:
        """Raise an ``InputError`` where one batch was asked for, and none of the checks met it."""
        if self.batch is not None and not any(report.counted or report.rejected for report in reports):
            raise InputError(
                f"no batch is called {self.batch!r} for these theorems, families and seed", hint="a refutation prints its name"
            )


def by_default(theorem: ir.Theorem, export: Export) -> int:
    """How many batches a check tries of a theorem if it is asked for no selection."""
    return sum(1 for _ in asked(None, 0, None, None).slots(Plan(theorem, export.definitions)))


def asked(families: object, seed: object, largest: object, batch: object) -> Asked:
    """What is asked for by the arguments of ``check``.

    Raises
    ------
    InputError
        An unknown family, or none; a seed or size that is no whole number, or is negative; a batch that is no name.
    """
    if batch is not None and not isinstance(batch, str):
        raise InputError(f"batch is {batch!r}", hint="give the name of a batch, as a refutation prints it")
    return Asked(_families(families), _whole("seed", seed), None if largest is None else _whole("largest", largest), batch)


def _families(families: object) -> tuple[str, ...]:
    known = family_names()
    hint = f"there are {', '.join(known)}"
    if families is None:
        return known
    if not isinstance(families, Iterable):
        raise InputError(f"families is {families!r}, which is no name of one and no sequence of names", hint=hint)
    try:
        chosen = (families,) if isinstance(families, str) else tuple(families)
    except TypeError as error:
        raise InputError(f"families is {families!r}: {error}", hint=hint) from None
    for name in chosen:
        if not isinstance(name, str) or name not in known:
            raise InputError(f"no family of batches is called {name!r}", hint=hint)
    if not chosen:
        raise InputError("no families of batches: nothing would be checked", hint=hint)
    return chosen


def _whole(name: str, value: object) -> int:
    if not isinstance(value, Integral) or isinstance(value, bool) or value < 0:
        raise InputError(f"{name} is {value!r}", hint="give a whole number, at least 0")
    return int(value)
