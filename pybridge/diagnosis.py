"""What a kernel computes: the definition, another function, or the definition with digits lost.

In: judged rows (``compare.py``). Out: one of three outcomes. A guess at the other function has to fit *all* numbers of
all rows within the error bound of the changed definition, and at one of them to be certainly told from the definition.
Where none fits, and every number that is off is within the bound of the definition with its squares expanded, or computed
throughout in the narrower format in which the result is stored, the kernel loses digits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from flint import arb

from pybridge import ir
from pybridge.algebras.rounding import Rounded
from pybridge.compare import Arithmetic, Entry, Row, bounds, fits
from pybridge.export import Export
from pybridge.forms import expanded
from pybridge.guesses import Definitions, Guess, guesses
from pybridge.render import text
from pybridge.settle import PRECISIONS

MOST_GUESSES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A row and its entries."""

    row: Row
    entries: tuple[Entry, ...]

    @property
    def off(self) -> bool:
        """Whether a number of the row is certainly further off than the bound allows."""
        return any(entry.off for entry in self.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithinBound:
    """Every number is as near to the definition's value as computing it in the kernel's formats may come.

    Parameters
    ----------
    entries
        How many numbers were compared.
    share
        The largest distance over the allowed one, at most 1.
    """

    entries: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitting:
    """A change of the definitions that explains all numbers: in words, and the changed definition as a formula."""

    description: str
    formula: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnotherFunction:
    """Some number is further off than any rounding explains; ``guesses`` are the changes that explain all of them, if any."""

    guesses: tuple[Fitting, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LosesDigits:
    """What is off is no further off than a worse way to compute the definition takes it, and no guess fits.

    Parameters
    ----------
    seen
        Whether on some batch that way leaves a digit: where it leaves none, another function is not excluded.
    narrower
        Empty where that way is to expand the squares; else the format to which everything is rounded on the way.
    """

    seen: bool
    narrower: str = ""


Outcome: TypeAlias = WithinBound | AnotherFunction | LosesDigits


def diagnose(judged: Sequence[Judged], definition: ir.Definition, export: Export, arithmetic: Arithmetic) -> Outcome:
    """Say which of the three it is."""
    wrong = sorted((one for one in judged if one.off), key=lambda one: one.row.size)
    if not wrong:
        every = [entry for one in judged for entry in one.entries]
        return WithinBound(entries=len(every), share=max((entry.share() for entry in every), default=0.0))
    ordered = [*wrong, *(one for one in judged if not one.off)]
    axes = tuple(name for name in wrong[0].row.counts if all(name in one.row.counts for one in judged))
    found: list[Fitting] = []
    for guess in guesses(definition, export.definitions, axes):
        if _explains(guess, ordered, definition, arithmetic):
            found.append(Fitting(description=guess.description, formula=_formula(guess, ordered[0].row)))
            if len(found) == MOST_GUESSES:
                break
    if found:
        return AnotherFunction(guesses=tuple(found))
    if (seen := _within(wrong, definition, expanded(export.definitions), arithmetic)) is not None:
        return LosesDigits(seen=seen)
    narrow = Arithmetic(compute=arithmetic.storage, storage=arithmetic.storage)
    if narrow != arithmetic and (seen := _within(wrong, definition, export.definitions, narrow)) is not None:
        return LosesDigits(seen=seen, narrower=narrow.compute.name)
    return AnotherFunction(guesses=())


def _explains(guess: Guess, judged: Sequence[Judged], definition: ir.Definition, arithmetic: Arithmetic) -> bool:
    told = False
    for one in judged:
        known = _changed(guess, one.row, definition, arithmetic)
        if not fits(one.row, known):
            return False
        told = told or any(_told(entry, other) for entry, other in zip(one.entries, known, strict=True))
    return told


def _changed(guess: Guess, row: Row, definition: ir.Definition, arithmetic: Arithmetic) -> tuple[Rounded, ...]:
    definitions = guess.apply(row.counts)
    return bounds(row, definitions[definition.name].body, definition.parameters, definitions, arithmetic, PRECISIONS[0])


def _told(entry: Entry, other: Rounded) -> bool:
    """Whether no number is within the bounds of both."""
    apart: bool = abs(entry.exact - other.value) > entry.allowed + other.error
    return entry.off and apart


def _formula(guess: Guess, row: Row) -> str:
    return text(guess.apply(row.counts)[guess.changed])


def _within(
    wrong: Sequence[Judged], definition: ir.Definition, definitions: Definitions, arithmetic: Arithmetic
) -> bool | None:
    """Whether a bound leaves a digit of a number that is off; None where one is a NaN, or outside the bound."""
    seen, body = False, definitions[definition.name].body
    for one in wrong:
        known = bounds(one.row, body, definition.parameters, definitions, arithmetic, PRECISIONS[0])
        for entry, lost in zip(one.entries, known, strict=True):
            if not entry.off:
                continue
            if not arb(entry.got).is_finite() or (lost.error.is_finite() and not entry.distance <= lost.error):
                return None
            seen = seen or bool(lost.error < entry.scale)
    return seen
