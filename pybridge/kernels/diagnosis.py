"""What a kernel computes: the definition, another function, or the definition with digits lost.

In: judged rows (``judged.py``).  Out: an outcome. A guess at the other function has to fit *all* numbers of the rows looked
at within the error bound of the changed definition, and at one of them to be certainly told from the definition; where no
single change does, ``explanations`` has other ones. Digits are lost where every number that is off is within the bound of the
definition with its squares expanded, or computed throughout in a narrower format. Where that leaves no digit, it has to be the
variance alone that is off (``cancellation.py``). What fits in both ways, or is only not excluded, is not told.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pybridge import ir
from pybridge.algebras.formats import FLOAT32, Format
from pybridge.export.loading import Export
from pybridge.kernels.arithmetic import Arithmetic
from pybridge.kernels.cancellation import cancelled
from pybridge.kernels.evidence import MOST_EVALUATED, MOST_NUMBERS, bits, first, held, is_finite, narrower, reaches, tight
from pybridge.kernels.explanations.find import explanations, two_slips
from pybridge.kernels.forms import expanded
from pybridge.kernels.garbage import seldom_collected
from pybridge.kernels.guesses import Definitions, Guess, guesses, rarer_guesses
from pybridge.kernels.judge import Comparison
from pybridge.kernels.judged import Judged, Rows
from pybridge.kernels.looks import Changes, Look, looks
from pybridge.kernels.outcomes import NO_DIGIT, AnotherFunction, Fitting, LosesDigits, NotTold, Outcome, WithinBound
from pybridge.notation.render import text

MOST_GUESSES = 3
FOR_ONE, FOR_PAIRS = 16, 21
"""So many bits the numbers have to say for a name to be no chance hit: of some hundred changes, and of some thousand pairs."""
TOO_LONG = "no row that is off has at most"
"""Said where no change is tried."""


def diagnose(judged: Rows, against: Comparison) -> Outcome:
    """Say which it is."""
    if not judged.off:
        return WithinBound(entries=judged.numbers, share=judged.share())
    with seldom_collected():
        return _diagnose(judged, against)


def _diagnose(judged: Rows, against: Comparison) -> Outcome:
    if all(bool(np.isnan(one.table.computed).all()) for one in judged.judgements):
        return AnotherFunction(guesses=())
    every = sorted(judged.wrong(), key=lambda one: one.size)
    finite = [one for one in every if is_finite(one)]
    wrong = list(first(finite or every))
    spoilt = list(first(one for one in every if not is_finite(one))) if finite else []
    if not wrong:
        why = f"{TOO_LONG} {MOST_NUMBERS} numbers: give fewer"
        return lost_in_arrays(judged, against) or NotTold(why=why)
    right = list(first(judged.right()))
    changes = Changes(against)
    return _Diagnosis(
        against.definition,
        against.export,
        against.arithmetic,
        wrong,
        right,
        looks(wrong, changes),
        looks(right, changes),
        looks(spoilt, changes),
        expanded(against.export.definitions),
    ).said()


def lost_in_arrays(judged: Rows, against: Comparison) -> Outcome | None:
    """Digits lost by computing throughout in the format of the arrays, a narrower one; None where that explains nothing.

    It takes one evaluation, so that rows may be long.
    """
    given = against.arithmetic.given
    if given.bits >= against.arithmetic.compute.bits:
        return None
    wrong = list(first(sorted(judged.wrong(), key=lambda one: one.size), MOST_EVALUATED))
    if not wrong:
        return None
    every = against.export.definitions
    own = looks(wrong, Changes(against))
    found = _Diagnosis(against.definition, against.export, against.arithmetic, wrong, (), own, (), (), expanded(every))
    return found.lost_in(given) or (found.not_excluded() if found.hidden() else None)


@dataclass(frozen=True, slots=True)
class _Diagnosis:
    definition: ir.Definition
    export: Export
    arithmetic: Arithmetic
    wrong: Sequence[Judged]
    right: Sequence[Judged]
    wrong_looks: Sequence[Look]
    right_looks: Sequence[Look]
    spoilt: Sequence[Look]
    """Rows with a NaN or an infinity, where there are others that are off."""
    expanded: Definitions
    """The definitions with squares of differences expanded."""

    @property
    def looked_at(self) -> tuple[Look, ...]:
        """All rows, first those with numbers that are off."""
        return (*self.wrong_looks, *self.right_looks)

    def said(self) -> Outcome:
        """What it is, and that some of it is no number."""
        found = self.outcome()
        if not self.spoilt or not isinstance(found, LosesDigits) or (not found.narrower and self._no_number_in_one_pass()):
            return found
        return NotTold(loses=(found,), why=f"what is finite loses digits, and what is not: {self._spoilt()}")

    def _no_number_in_one_pass(self) -> bool:
        """Whether squares expanded in one pass may come out as 0 or less wherever there is a NaN or an infinity."""
        return all(one.lost(self.expanded, self.arithmetic, bounded=False, finite=False) is not None for one in self.spoilt)

    def outcome(self) -> Outcome:
        """The likeliest explanation first: a change, digits lost in the squares, digits lost in a narrower format."""
        if (rounded := self._rounded()) is not None:
            return rounded
        evidence = bits(self.wrong_looks)
        changes, tried = self._changes(self.arithmetic) if evidence >= FOR_ONE else ((), 0)
        if not changes and evidence >= FOR_ONE:
            changes = explanations(self.looked_at, self.arithmetic, self._explained, MOST_GUESSES)
        lost = self._lost(self.expanded, self.arithmetic)
        blind = lost is not None and not lost.seen
        if blind and not self._cancelled():
            lost = None
        if changes and self._overflows():
            if not reaches(self.wrong, self.arithmetic.given):
                return replace(self.not_excluded(), guesses=changes)
            return NotTold(loses=() if lost is None else (lost,), guesses=changes, why=self._spoilt())
        if changes and lost is not None:
            return NotTold(loses=(lost,), guesses=changes)
        if changes:
            return self._another(changes, tried)
        if lost is not None:
            return lost
        if (narrow := self._narrower()) is not None:
            return narrow
        if (not_finite := self._not_finite()) is not None:
            return not_finite
        if evidence >= FOR_PAIRS and (both := two_slips(self.looked_at, self._explained, MOST_GUESSES)):
            return self._another(both, tried)
        if blind:
            why = "squares expanded in one pass would leave no digit here: give a smaller offset over spread"
            return NotTold(why=why)
        if self.hidden():
            return self.not_excluded()
        return AnotherFunction(guesses=(), tried=tried)

    def _rounded(self) -> Outcome | None:
        """Digits lost by computing in the format of the arrays, where what is off is off by a few units of it, and no more."""
        given = self.arithmetic.given
        if given.bits >= self.arithmetic.compute.bits or self.arithmetic.storage is not given or self.spoilt:
            return None
        if not tight(self.wrong_looks, given):
            return None
        return self.lost_in(given) or (self.not_excluded() if self.hidden() else None)

    def _another(self, guesses: Sequence[Fitting], tried: int) -> AnotherFunction:
        """Another function; first the changes that make what is no number, too."""
        whole = [one for one in guesses if self._spoils(one)]
        rest = [one for one in guesses if one not in whole]
        return AnotherFunction(guesses=(*whole, *rest), tried=tried, besides=not whole)

    def _spoils(self, guess: Fitting) -> bool:
        if guess.definitions is None:
            return all(look.table.size == 1 for look in self.spoilt)
        return all(look.spoils(guess.definitions, self.arithmetic) for look in self.spoilt)

    def _changes(self, arithmetic: Arithmetic) -> tuple[tuple[Fitting, ...], int]:
        """The changes that explain all numbers, and how many were tried."""
        counts = self.looked_at[0].counts
        axes = tuple(name for name in counts if all(name in one.counts for one in self.looked_at))
        found: list[Fitting] = []
        tried = 0
        definitions = self.export.definitions
        for tier in (guesses(self.definition, definitions, axes), rarer_guesses(self.definition, definitions)):
            for guess in tier:
                tried += 1
                if self._explains(guess, arithmetic):
                    changed = guess.apply(counts)
                    formula = text(changed[guess.changed])
                    found.append(Fitting(description=guess.description, formula=formula, definitions=changed))
                    if len(found) == MOST_GUESSES:
                        break
            if found:
                break
        return tuple(found), tried

    def _explained(self, guess: Guess) -> bool:
        return self._explains(guess, self.arithmetic)

    def _explains(self, guess: Guess, arithmetic: Arithmetic) -> bool:
        changed = []
        for one in self.looked_at:
            changed.append((one, guess.apply(one.counts)))
            if not one.fits(changed[-1][1], arithmetic):
                return False
        return any(one.told(definitions, arithmetic) for one, definitions in changed)

    def _lost(
        self, definitions: Definitions, arithmetic: Arithmetic, *, bounded: bool = False, finite: bool = False
    ) -> LosesDigits | None:
        """Whether the bounds of a worse way hold what is off; None where they do not.

        Parameters
        ----------
        definitions, arithmetic
            That way.
        bounded
            Whether to refuse a way that has no bound somewhere.
        finite
            Whether to look at finite numbers only.
        """
        share = math.inf
        for one in self.wrong_looks:
            lost = one.lost(definitions, arithmetic, bounded=bounded, finite=finite)
            if lost is None:
                return None
            share = min(share, lost)
        return LosesDigits(share=share)

    def _cancelled(self) -> bool:
        return all(cancelled(one.row, self.definition, self.export.definitions, self.arithmetic) for one in self.wrong)

    def _narrower(self) -> Outcome | None:
        """Digits lost by rounding to a narrower format on the way, or a change computed in the format of the result."""
        given = self.arithmetic.given
        doubtful: list[LosesDigits] = []
        for compute in narrower(self.arithmetic):
            made_there = compute is given or held(self.looked_at, compute)
            if (found := self.lost_in(compute, bounded=not made_there)) is not None:
                if made_there:
                    return found
                if compute is FLOAT32 and tight(self.wrong_looks, compute):
                    doubtful.append(found)
            elif compute is given:
                changes, number = self._changes(self.arithmetic.computed_in(compute))
                if changes:
                    return self._another(changes, number)
                if (found := self.lost_in(compute, finite=True)) is not None:
                    return NotTold(loses=(found,), why=f"what is finite loses digits, and what is not: {self._spoilt()}")
        return NotTold(loses=tuple(doubtful[:1])) if doubtful else None

    def lost_in(self, compute: Format, *, bounded: bool = False, finite: bool = False) -> LosesDigits | None:
        """Digits lost by rounding everything to a format, squares expanded or not, where that leaves some."""
        arithmetic = self.arithmetic.computed_in(compute)
        for way in (self.export.definitions, self.expanded):
            lost = self._lost(way, arithmetic, bounded=bounded, finite=finite)
            if lost is not None and lost.seen:
                return LosesDigits(share=lost.share, narrower=compute.name)
        return None

    def _not_finite(self) -> NotTold | None:
        """Where every finite number is right and some row is finite throughout, what is off was spoilt on the way."""
        spoilt = not any((one.off & np.isfinite(one.got)).any() for one in self.wrong_looks)
        if not spoilt or not self.right:
            return None
        return NotTold(why=f"all that is finite is right, and what is not: {self._spoilt()}")

    def not_excluded(self) -> NotTold:
        """That the format of the arrays may be what is wrong."""
        return NotTold(why=f"computed in {self.arithmetic.given.name} throughout, {NO_DIGIT} of what is off")

    def hidden(self) -> bool:
        """Whether computing in the format of the result throughout leaves no digit of the numbers that are off."""
        given = self.arithmetic.given
        if given.bits >= self.arithmetic.compute.bits:
            return False
        arithmetic = self.arithmetic.computed_in(given)
        return any(self._lost(way, arithmetic) is not None for way in (self.export.definitions, self.expanded))

    def _overflows(self) -> bool:
        """Whether nothing can be said of any number that is off, if it was computed in the format of the result throughout."""
        given = self.arithmetic.given
        if given.bits >= self.arithmetic.compute.bits:
            return False
        lost = self._lost(self.export.definitions, self.arithmetic.computed_in(given))
        return lost is not None and math.isinf(lost.share)

    def _spoilt(self) -> str:
        given = self.arithmetic.given
        overflow = f"does something on the way overflow {given.name} (above {float(given.largest):.6g})"
        return f"{overflow}, is it divided by 0, or the root of a negative number?"
