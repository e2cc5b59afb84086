"""An evaluation as people read it: a summary of one line, and a card with the hypotheses, both sides and the terms.

In: an ``Evaluation``.  Out: lines, or pairs of cells for whoever makes a table of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np

from pybridge.evaluation.results import STANDS, Comparison, Condition, Evaluation, OnBatch, Valued
from pybridge.notation.render import text

SHOWN = 8
"""Comparisons, and coordinates of a vector, that are written."""
_TYPED, _EXPANDED = 8, 24
"""Digits of a decimal that a person has typed, at most; and of the float that it came to."""
_WIDE = 60
"""Characters of the left of two columns; what is longer stands on a line of its own."""


def summary(evaluation: Evaluation) -> str:
    """The verdict in one line: how well the sides agree, on how many batches, or what stands in the way."""
    worst, count = evaluation.worst, len(evaluation.batches)
    on = f"a batch of {_sizes(worst)}" if count == 1 else f"{count} batches of {_sizes(worst)}"
    at = f" at {list(worst.place)}" if count > 1 else ""
    match worst.verdict:
        case "agrees":
            how = "agrees, certainly," if worst.digits is None else f"agrees to {worst.digits:.1f} digits"
            return f"{how} on {on}{f', the worst{at}' if at else ''}"
        case "vacuous":
            unmet = ", ".join(f"{one.name} {STANDS[one.truth]}: {one.value}" for one in worst.unmet)
            what = "the hypothesis" if len(worst.unmet) == 1 else "the hypotheses"
            if count == 1:
                return f"vacuous: the theorem says nothing of {on}, for {what} {unmet}"
            bad = sum(batch.verdict == "vacuous" for batch in evaluation.batches)
            there = f"{bad} of {count} batches of {_sizes(worst)}"
            return f"vacuous: the theorem says nothing of {there}, for {what} {unmet}{at}"
        case "refuted":
            return f"refuted on {on}{at}"
        case _:
            return f"undecided on {on}{at}{f': {worst.why}' if worst.why else ''}"


def card(evaluation: Evaluation) -> list[str]:
    """The theorem and the verdict; of the batch on which it stands worst the hypotheses, both sides and the terms."""
    theorem, worst = evaluation.theorem, evaluation.worst
    lines = [f"{theorem.name}  equation ({theorem.equation})", f"  {text(theorem.conclusion)}", f"  {summary(evaluation)}"]
    lines += [f"  also ({theorem.equation}): {', '.join(evaluation.also)}"] if evaluation.also else []
    lines += [f"  not used: {', '.join(evaluation.unused)}"] if evaluation.unused else []
    lines += [f"  {worst.why}"] if worst.why else []
    lines += [f"  {line}" for line in remarks(worst)]
    if len(evaluation.batches) > 1:
        lines.append(f"the worst batch, {list(worst.place)}:")
    lines += ["hypotheses:" if worst.hypotheses else "hypotheses: none", *_columns(list(conditions(worst)))]
    said = "both sides, of which the theorem says nothing here:" if worst.verdict == "vacuous" else "both sides:"
    lines += [said] if worst.comparisons else []
    for row in sides_of(worst, SHOWN):
        lines += _two_sides(*row)
    rows = list(terms_of(worst))
    return [*lines, *(["terms:", *_columns(rows)] if rows else [])]


def remarks(one: OnBatch) -> list[str]:
    """What is to be known of the values that were given: which double a decimal came to, and which vectors are constant."""
    near = ((name, nearest(value)) for name, value in one.numbers.items())
    doubles = [f'{name} {said}; Fraction("{decimal}") is that decimal' for name, (said, decimal) in near if said]
    return [*doubles, *map(constant, one.constant)]


def constant(name: str) -> str:
    """What is said of a vector whose entries are all equal."""
    return f"{name} is constant: all its entries are equal, and its variance is 0"


def nearest(value: Fraction) -> tuple[str, str]:
    """What is said of a float next to a decimal that somebody may have meant, and the decimal; both empty of other numbers."""
    for kind in (np.float32, np.float64):
        try:
            with np.errstate(over="ignore"):
                rounded = kind(float(value))
        except OverflowError:
            break
        if not np.isfinite(rounded) or Fraction(float(rounded)) != value:
            continue
        decimal = str(rounded)
        if Fraction(decimal) == value or sum(map(str.isdigit, decimal.partition("e")[0])) > _TYPED:
            break
        return f"is the {kind.__name__} nearest to {decimal}, {_digits(value)}", decimal
    return "", ""


def _digits(value: Fraction) -> str:
    """The first digits of a number, as many as show that it is no short decimal."""
    with localcontext() as context:
        context.prec = _EXPANDED
        return f"{Decimal(value.numerator) / Decimal(value.denominator):e}…"


def conditions(one: OnBatch) -> Iterator[tuple[str, str]]:
    """Each hypothesis, and how it stands."""
    for condition in one.hypotheses:
        yield f"{condition.name} : {condition.statement}", _stands(condition)


def _stands(condition: Condition) -> str:
    return f"{STANDS[condition.truth]} ({condition.decided_by}): {condition.value}"


def sides_of(one: OnBatch, most: int) -> Iterator[tuple[str, str, str, str]]:
    """Place, left side, relation and right side of the comparisons, of many the one that stands worst and the first ones."""
    chosen: list[Comparison] = list(one.comparisons)
    left_out = max(0, len(chosen) - most)
    if left_out:
        chosen = [*([one.worst] if one.worst is not None else []), *chosen[:most]][:most]
    for comparison in chosen:
        yield comparison.place, str(comparison.left), comparison.relation, str(comparison.right)
    if left_out:
        yield f"and {left_out} more", "", "", ""


def terms_of(one: OnBatch) -> Iterator[tuple[str, str]]:
    """Each term, and its value."""
    for term in one.terms:
        yield term.text, _value(term)


def _value(term: Valued) -> str:
    if not term.vector:
        return str(term.value)
    shown = ", ".join(value.short for value in term.values[:SHOWN])
    return f"[{shown}{', …' if len(term.values) > SHOWN else ''}]"


def _two_sides(place: str, left: str, relation: str, right: str) -> list[str]:
    if not relation:
        return [f"  {place}"]
    head = [f"  {place}"] if place else []
    return [*head, f"    left   {left}", f"    right  {right}"]


def _sizes(one: OnBatch) -> str:
    if len(one.sizes) == 1:
        return f"m = {next(iter(one.sizes.values()))}"
    return ", ".join(f"{name} = {size}" for name, size in one.sizes.items())


def _columns(rows: Sequence[tuple[str, str]]) -> list[str]:
    width = max((len(left) for left, _ in rows if len(left) <= _WIDE), default=0)
    lines: list[str] = []
    for left, right in rows:
        beside, first = (left, []) if len(left) <= width else ("", [f"  {left}"])
        lines += [*first, f"  {beside.ljust(width)}  {right}"]
    return lines
