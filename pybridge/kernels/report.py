"""A kernel's failure as its author reads it.

In: a ``Finding``: judged rows and their outcome.  Out: lines of text, in this order: what is wrong, in one line, which is all
that a summary shows; the number that is furthest off; which of the outcomes it is and the guess; which entries are off; the
smallest batch, to be pasted; the Lean source; where the bound is from; how to see it again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from flint import arb
from typing_extensions import assert_never

from pybridge import ir
from pybridge.errors import brief
from pybridge.ir.shown import Shown
from pybridge.kernels.arithmetic import Arithmetic
from pybridge.kernels.calls import Fault, head, of_state, short
from pybridge.kernels.compare import Entry
from pybridge.kernels.forms import Form
from pybridge.kernels.judged import Judged, Rows
from pybridge.kernels.outcomes import NO_DIGIT, AnotherFunction, Fitting, LosesDigits, NotTold, Outcome, WithinBound
from pybridge.kernels.seen import NO_NUMBER, constant, on_sets
from pybridge.semantics.environment import Raw

_SHOWN = 16
_CASES = 8


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Finding(Shown):
    """What was found out about the numbers of a kernel.

    Parameters
    ----------
    definition
        What they were compared with.
    ways
        The terms that the bound is the largest of.
    arithmetic
        The formats.
    judged
        Every row with its entries.
    smallest
        A small row with a number that is off; None where there is none.
    outcome
        What it is.
    repeat
        What to call to see it again.
    reproduce
        Lines of a call of the kernel with the smallest arrays, of the shapes that show it.
    note
        What is to be said of the bound.
    where
        What the numbers that are off have in common, where no change explains these.
    faults
        What is wrong beside the numbers.
    """

    definition: ir.Definition
    ways: tuple[Form, ...]
    arithmetic: Arithmetic
    judged: Rows
    smallest: Judged | None
    outcome: Outcome
    repeat: str = ""
    reproduce: Sequence[str] = ()
    note: str = ""
    where: str = ""
    faults: tuple[Fault, ...] = ()

    @property
    def right(self) -> bool:
        """Whether every number is within its bound, and nothing else is wrong."""
        return isinstance(self.outcome, WithinBound) and not self.faults

    def __repr__(self) -> str:
        return brief(self, f"{self.definition.name} in {self.arithmetic}: {self.outcome}")

    @property
    def factor(self) -> float:
        """A factor of all numbers that differs from 1 by more than this would have been seen; infinite where none would."""
        return min((one.factor for one in self.judged.judgements), default=float("inf"))


def lines(finding: Finding) -> list[str]:
    """The report; one line where nothing is off."""
    match finding.outcome:
        case WithinBound(entries=entries, share=share):
            within = f"{entries} numbers within the error bound of {finding.arithmetic}, the worst at {share:.2g} of it"
            name = finding.definition.name
            if not finding.faults:
                return [f"{name}: {within}"]
            first, *more = map(head, finding.faults)
            return [f"{name}: {first}", *(f"    {one}" for one in more), within, *_repeated(finding)]
        case AnotherFunction() | LosesDigits() | NotTold():
            return _failure(finding, finding.outcome)
        case _:
            assert_never(finding.outcome)


def _failure(finding: Finding, outcome: AnotherFunction | LosesDigits | NotTold) -> list[str]:
    one, entry = finding.judged.worst()
    where = f" of {one.table.case}" if one.table.case else ""
    storage = finding.arithmetic.storage
    got = f"{list(entry.place)}{where} is {entry.got!r}, and should be {decimal(entry)}"
    distance, allowed = (_ulps(entry, length, finding) for length in (entry.distance, entry.allowed))
    return [
        f"{finding.definition.name}: {headline(finding)}{_also(finding)}",
        *(f"    {head(one)}" for one in finding.faults),
        f"{got}: off by {distance} ulps of {storage.name}, {allowed} are allowed",
        f"(an ulp at {float(entry.scale):.3g}, the sum of the absolute values of its terms)",
        *([finding.note] if finding.note else []),
        *_said(outcome, finding),
        *_where(finding.judged),
        *_batch(finding.smallest, finding.reproduce),
        f"Lean: {finding.definition.name}, {finding.definition.file}:{finding.definition.line}",
        *(f"    {line}" for line in finding.definition.statement.splitlines()),
        f"the bound: running error bounds in {finding.arithmetic}, sums in any order; the largest of:",
        *(f"    {form.source}" for form in finding.ways),
        *_repeated(finding),
    ]


def _repeated(finding: Finding) -> list[str]:
    return [f"repeat: {finding.repeat}"] if finding.repeat else []


def _also(finding: Finding) -> str:
    """What else is wrong, in a few words."""
    return "".join(f"; {said}" for said in short(finding.faults, of_state(finding.faults)))


def headline(finding: Finding) -> str:
    """What is wrong, and how many numbers are."""
    off = sum(int(np.count_nonzero(one.off)) for one in finding.judged.judgements)
    total = finding.judged.numbers
    return f"{diagnosis(finding)} ({'all' if off == total else f'{off} of'} {total} numbers are off)"


def diagnosis(finding: Finding) -> str:
    """What is wrong, in a few words."""
    if (state := of_state(finding.faults)) is not None:
        return state.said
    if finding.where:
        return finding.where
    if isinstance(finding.outcome, AnotherFunction) and (said := constant(finding.judged)):
        return said
    match outcome := finding.outcome:
        case NotTold(guesses=(first, *_), why=why) if NO_DIGIT in why:
            return f"{constant(finding.judged) or first.description}; {why}"
        case AnotherFunction(guesses=(_, *_) as guesses):
            said, *more = dict.fromkeys(one.description for one in guesses)
            others = f", or {more[0]}" if more else ""
            besides = ", and there are NaN or infinities beside" if outcome.besides else ""
            return f"{said}{others}{' (or another change explains it)' if more[1:] else ''}{besides}"
        case AnotherFunction():
            return f"it computes another function{on_sets(finding.judged)}"
        case LosesDigits(narrower=narrower):
            meant = f'as in {narrower} throughout (if that is meant, pass compute="{narrower}")'
            return f"it loses digits, {meant if narrower else 'as a one-pass variance does'}"
        case NotTold(guesses=(_, *_), why=why) if why:
            return why
        case NotTold(guesses=(first, *_), loses=loses):
            return f"{first.description}{', or it loses digits' if loses else ''}"
        case NotTold(loses=(_, *_)):
            return "it loses digits, or computes another function"
        case NotTold(why=why):
            return why or "it is wrong"
        case WithinBound():
            return "right"
        case _:
            assert_never(finding.outcome)


def _said(outcome: AnotherFunction | LosesDigits | NotTold, finding: Finding) -> list[str]:
    match outcome:
        case LosesDigits():
            first, *more = _way(outcome, finding)
            return [f"IT LOSES DIGITS: {first}", *(f"    {line}" for line in more)]
        case AnotherFunction(guesses=(), tried=0) if constant(finding.judged) == NO_NUMBER:
            return ["IT COMPUTES NO NUMBER AT ALL: is it divided by 0, or the root of a negative number?"]
        case AnotherFunction(guesses=(), tried=0):
            return ["ITS NUMBERS ARE WRONG: rounding does not explain them; no change of the definition was looked for"]
        case AnotherFunction(guesses=(), tried=tried):
            return [
                "IT COMPUTES ANOTHER FUNCTION: rounding explains neither these numbers nor those of expanded squares,",
                f"    and none of {tried} single changes of the definition does, nor another ε, one factor or two slips",
            ]
        case AnotherFunction(guesses=guesses):
            return [
                "IT COMPUTES ANOTHER FUNCTION: all its numbers are those of the definition with this change:",
                *_changes(guesses),
            ]
        case NotTold(loses=loses, guesses=guesses, why=why):
            said = ["IT IS WRONG, and these numbers do not tell whether it LOSES DIGITS or computes ANOTHER FUNCTION:"]
            if why:
                said.append(f"    {why}")
            for way in loses:
                said += [f"    {line}" for line in _way(way, finding)]
            if guesses:
                said += ["    or all its numbers are those of the definition with this change:", *_changes(guesses)]
            return said
        case _:
            assert_never(outcome)


def _changes(guesses: Sequence[Fitting]) -> list[str]:
    return [line for guess in guesses for line in (f"    {guess.description}", f"        {guess.formula}") if line.strip()]


def _way(lost: LosesDigits, finding: Finding) -> list[str]:
    """What loses digits, what to do about it, and what is not excluded."""
    compute = finding.arithmetic.compute.name
    if lost.narrower:
        said = [
            f"what is off is no further off than computing in {lost.narrower} throughout takes it:",
            f"does it keep a mean, a sum or 1/σ in {lost.narrower} on the way? Keep them in {compute};",
            f'if it is meant to compute in {lost.narrower}, pass compute="{lost.narrower}"',
        ]
    else:
        said = [
            "what is off is no further off than rounding takes it where (a - b)² is computed as",
            "a² - 2ab + b²: is the variance computed in one pass, as mean of squares less square of mean?",
            f"take the mean off before squaring, or accumulate in a format wider than {compute}",
        ]
    if lost.seen:
        return [*said, f"(a change of the function by less than {lost.share:.2g} of the scale of its terms is not excluded)"]
    return [*said, "(no digit of the variance is left here; all numbers are those of the definition with another variance)"]


def _where(judged: Rows) -> list[str]:
    """How many numbers are off, by case."""
    off: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for one in judged.judgements:
        total[one.table.case] += one.off.size
        off[one.table.case] += int(np.count_nonzero(one.off))
    if len(total) <= _CASES:
        parts = [f"{off[case]} of {count}{f' on {case}' if case else ''}" for case, count in total.items()]
        return ["numbers that are off: " + ", ".join(parts)]
    wrong = [f"{off[case]} of {count} on {case}" for case, count in total.items() if off[case]]
    more = f" and {len(wrong) - _CASES} more" if len(wrong) > _CASES else ""
    return [f"numbers that are off, on {len(wrong)} of {len(total)} sets of arrays: {', '.join(wrong[:_CASES])}{more}"]


def _batch(smallest: Judged | None, reproduce: Sequence[str]) -> list[str]:
    what = "a call that shows it" if smallest is not None else "two calls in this order, and with nothing before, show it"
    shown = [f"{what}:", *(f"    {line}" for line in reproduce)] if reproduce else []
    if smallest is None:
        return shown
    if smallest.size > _SHOWN:
        place = list(smallest.worst().place)
        return [f"smallest batch that shows it: m = {smallest.size} at {[place]}: too many to print"]
    row = smallest.row
    return [
        f"smallest batch that shows it (m = {row.size}; exact):",
        *(f"    {name} = {_paste(value)}" for name, value in row.values.items()),
        f"    computed: {list(row.computed)}",
        f"    should be: [{', '.join(decimal(one) for one in smallest.entries)}]",
        *shown,
    ]


def _paste(value: Raw) -> str:
    return repr(list(value)) if isinstance(value, Sequence) else repr(value)


def decimal(entry: Entry) -> str:
    """What a number should be, to twelve digits."""
    return str(entry.exact.mid().str(12, radius=False))


def _ulps(entry: Entry, distance: arb, finding: Finding) -> str:
    """A distance in units in the last place of the scale, rounded up to two digits."""
    if not distance.is_finite():
        return "infinitely many"
    spacing = finding.arithmetic.storage.spacing(float(entry.scale))
    count = float(distance.abs_upper()) / spacing
    return f"{count:.2g}" if count < 1e4 else f"{count:.1e}"
