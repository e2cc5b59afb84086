"""The chain of equations as cards: words, formula, Lean statement with its place, what it rests on, verdict.

In: an export, and what was found out of the theorems that were checked. Out: steps, one for each equation, and in each a card
for every theorem of it; and a card for each definition that the chain speaks of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pybridge import ir
from pybridge.batches.generate import RECORDED
from pybridge.checking.verdict import Agrees, Refuted, TheoremReport, Undecided, Vacuous, word
from pybridge.export.loading import NAMESPACE, Export
from pybridge.mutation.needed import Need, remark
from pybridge.reporting.formulas import Formula, formula
from pybridge.reporting.rests import Rests, rests
from pybridge.reporting.words import html

Needs = tuple[tuple[ir.Hypothesis, Need], ...]
NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Assumption:
    """A hypothesis as Lean prints it, and what was found out of its being needed; empty where that was not asked."""

    name: str
    statement: str
    needed: str


@dataclass(frozen=True, slots=True)
class Card:
    """A theorem or definition for the page.

    Parameters
    ----------
    anchor
        Its id in the page.
    verdict, details
        One word, and what it is about; ``not checked`` and the command that would.
    """

    anchor: str
    name: str
    comment: str
    words: str
    formula: Formula
    assumptions: tuple[Assumption, ...]
    statement: str
    place: str
    rests: Rests | None
    verdict: str
    details: str


@dataclass(frozen=True, slots=True)
class Step:
    """An equation, and the cards of its theorems."""

    equation: str
    anchor: str
    cards: tuple[Card, ...]


def of_chain(export: Export) -> tuple[ir.Theorem, ...]:
    """The theorems of the chain: those whose equation is a number, such as 5 or 7ε, in the order of the export."""
    return tuple(theorem for theorem in export.theorems.values() if is_numbered(theorem.equation))


def is_numbered(equation: str | None) -> bool:
    """Whether an equation is a number, such as 5 or 7ε, and no word."""
    return equation is not None and equation[:1].isdigit()


def steps(
    theorems: Sequence[ir.Theorem], export: Export, reports: Mapping[str, TheoremReport], needs: Mapping[str, Needs]
) -> tuple[Step, ...]:
    """The steps of some theorems, in their order; reports and needs by the full name of the theorem."""
    equations = list(dict.fromkeys(theorem.equation for theorem in theorems))
    return tuple(
        Step(
            equation,
            f"eq-{'-'.join(equation.split())}",
            tuple(
                _card(one, export, reports.get(one.name), needs.get(one.name, ()))
                for one in theorems
                if one.equation == equation
            ),
        )
        for equation in equations
    )


def definitions(theorems: Sequence[ir.Theorem], export: Export) -> tuple[Card, ...]:
    """The definitions that some theorems speak of."""
    wanted = {name for theorem in theorems for name in rests(theorem, export).definitions}
    return tuple(
        Card(
            anchor=anchor(one.name),
            name=one.name,
            comment="",
            words=html(one.docstring),
            formula=formula(one),
            assumptions=(),
            statement=one.statement,
            place=f"{one.file}:{one.line}",
            rests=None,
            verdict="",
            details="",
        )
        for one in export.definitions.values()
        if one.name in wanted
    )


def anchor(name: str) -> str:
    """The id of a declaration's card."""
    return name.replace(".", "-")


def short(name: str) -> str:
    """A name without the namespace that all of the chain is in."""
    return name.removeprefix(f"{NAMESPACE}.")


def _card(theorem: ir.Theorem, export: Export, report: TheoremReport | None, needs: Needs) -> Card:
    found = {hypothesis.name: need for hypothesis, need in needs}
    return Card(
        anchor=anchor(theorem.name),
        name=theorem.name,
        comment=theorem.comment,
        words=html(theorem.docstring),
        formula=formula(theorem),
        assumptions=tuple(_assumption(one, found.get(one.name)) for one in theorem.hypotheses),
        statement=theorem.statement,
        place=f"{theorem.file}:{theorem.line}",
        rests=rests(theorem, export),
        verdict=NOT_CHECKED if report is None else word(report.verdict),
        details=f"pybridge check {short(theorem.name)} does it" if report is None else detail(report),
    )


def _assumption(hypothesis: ir.Hypothesis, need: Need | None) -> Assumption:
    return Assumption(
        hypothesis.name,
        hypothesis.statement,
        "" if need is None else remark(need),
    )


def detail(report: TheoremReport) -> str:
    """What a verdict is about, in a sentence."""
    total = sum(report.counted.values())
    real = report.counted.get(RECORDED, 0)
    batches = f"{total} batches, {real} of them recorded"
    match report.verdict:
        case Agrees(digits=None):
            return f"on {batches}, exactly"
        case Agrees(digits=float(digits), worst=worst):
            return f"on {batches}, to {digits:.1f} digits at least (worst: {worst})"
        case Refuted(witness=witness):
            return f"false on {witness.batch.name}: {witness.left} {witness.relation} {witness.right} fails"
        case Undecided(batches=names, why=why):
            return f"open on {len(names)} of {batches}: {why}"
        case Vacuous(drawn=drawn):
            return f"none of {drawn} batches satisfies the hypotheses"
        case _:
            return batches
