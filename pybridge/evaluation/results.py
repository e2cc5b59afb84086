"""What an evaluation found: for each batch a verdict, the hypotheses, the sides and the terms, as values that print themselves.

The classes hold results and decide nothing; ``on_batch.py`` makes them, ``text.py`` writes them for people, ``tojson.py`` for
programs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, TypeAlias

from pybridge.algebras.base import Truth
from pybridge.errors import InputError
from pybridge.evaluation.enclosures import Enclosure
from pybridge.ir import Term, Theorem
from pybridge.ir.shown import Shown

Word: TypeAlias = Literal["agrees", "refuted", "undecided", "vacuous"]
WORST: tuple[Word, ...] = ("refuted", "vacuous", "undecided", "agrees")
"""The worst first: what a batch of several comes to."""
STANDS = {Truth.HOLDS: "certainly holds", Truth.FAILS: "certainly fails", Truth.UNKNOWN: "is not certain"}
Compared: TypeAlias = Literal["holds", "agrees", "undecided", "fails"]
"""How one comparison stands; an equation of two roots is never more than ``agrees``, since no enclosure is a point."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Condition:
    """A hypothesis on a batch.

    Parameters
    ----------
    name, statement
        As Lean prints them.
    truth
        Whether it certainly holds, certainly fails, or neither.
    decided_by
        ``"exact rationals"``, or ``"balls of N bits"`` and the like.
    value
        The hypothesis with values in place of its sides, such as ``0 < 0.25``.
    """

    name: str
    statement: str
    truth: Truth
    decided_by: str
    value: str

    @property
    def holds(self) -> bool:
        """Whether it certainly holds."""
        return self.truth is Truth.HOLDS

    def __repr__(self) -> str:
        return f"<Condition {self.name} {STANDS[self.truth]}: {self.value}>"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Comparison:
    """One comparison that the conclusion makes: ``left`` ``relation`` ``right``.

    Parameters
    ----------
    relation
        ``=``, ``≠``, ``<`` or ``≤``.
    left, right
        Both sides, enclosed.
    place
        The coordinate, direction or case it is about; empty where there is one only.
    standing
        ``holds`` and ``fails`` are certain; it ``agrees`` where the enclosures of both sides overlap and are as narrow as
        ``pybridge check`` asks for, and is ``undecided`` where they overlap and are wider.
    digits
        Decimal digits, of the scale of the statement's terms, to which the sides agree; None where both are the same exact
        number.
    """

    relation: str
    left: Enclosure
    right: Enclosure
    place: str
    standing: Compared
    digits: float | None

    def __repr__(self) -> str:
        return f"<Comparison {f'{self.place}: ' if self.place else ''}{self.left} {self.relation} {self.right}>"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Valued:
    """A part of the statement and what it is on the batch: one number, or the coordinates of a vector."""

    term: Term
    text: str
    values: tuple[Enclosure, ...]
    vector: bool

    @property
    def value(self) -> Enclosure:
        """That of a number.

        Raises
        ------
        InputError
            It is a vector.
        """
        if self.vector:
            raise InputError(f"{self.text} is a vector of {len(self.values)} coordinates", hint="see its values")
        return self.values[0]

    def __repr__(self) -> str:
        said = f"vector of {len(self.values)}" if self.vector else str(self.value)
        return f"<Valued {self.text}: {said}>"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OnBatch:
    """The theorem on one batch.

    Parameters
    ----------
    place
        Where the batch stands in the arrays: a number for each axis that does not run over a batch.
    sizes
        Of the index types and spaces, by name.
    verdict
        ``agrees``, ``refuted``, ``undecided``, or ``vacuous`` where a hypothesis does not certainly hold.
    digits
        Decimal digits, of the statement's scale, to which the sides agree where they agree worst; None where the conclusion is
        certain, or nothing could be compared.
    hypotheses, comparisons, terms
        What was found of each.
    worst
        The comparison that stands worst; None where there is none.
    precision
        Bits at which the sides are enclosed.
    why
        What stands in the way of a comparison, or is said of a value that was not given.
    numbers
        The exact values of the scalars that were given, by name.
    constant
        The vectors that were given whose entries are all equal.
    """

    place: tuple[int, ...]
    sizes: Mapping[str, int]
    verdict: Word
    digits: float | None
    hypotheses: tuple[Condition, ...]
    comparisons: tuple[Comparison, ...]
    terms: tuple[Valued, ...]
    worst: Comparison | None
    precision: int
    why: str = ""
    numbers: Mapping[str, Fraction] = field(default_factory=dict)
    constant: tuple[str, ...] = ()

    @property
    def unmet(self) -> tuple[Condition, ...]:
        """The hypotheses that do not certainly hold."""
        return tuple(one for one in self.hypotheses if not one.holds)

    def __repr__(self) -> str:
        return f"<OnBatch {f'{list(self.place)} ' if self.place else ''}{self.verdict}>"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Evaluation(Shown):
    """A theorem on somebody's own batch, or on each of several in one array.

    Parameters
    ----------
    theorem
        As exported.
    batches
        What was found on each batch, in the order of the axes that do not run over a batch.
    also
        The names of other theorems of the same equation, which were not evaluated.
    unused
        The names of what was given and is no variable of the theorem.
    """

    theorem: Theorem
    batches: tuple[OnBatch, ...]
    also: tuple[str, ...] = ()
    unused: tuple[str, ...] = field(default=())

    @property
    def verdict(self) -> Word:
        """The worst of all batches: a refutation, then a hypothesis that does not hold, then one that stays open."""
        found = {one.verdict for one in self.batches}
        return next(word for word in WORST if word in found)

    @property
    def passed(self) -> bool:
        """Whether the two sides agree on every batch, and every hypothesis certainly holds."""
        return self.verdict == "agrees"

    @property
    def worst(self) -> OnBatch:
        """The batch that stands worst: of those with the worst verdict the one with the fewest digits."""
        candidates = [one for one in self.batches if one.verdict == self.verdict]
        return min(candidates, key=lambda one: float("inf") if one.digits is None else one.digits)

    @property
    def digits(self) -> float | None:
        """The digits to which the sides agree on the worst batch."""
        return self.worst.digits

    @property
    def left(self) -> Enclosure:
        """The left side, of a statement that compares two numbers on one batch.

        Raises
        ------
        InputError
            There are several; ``batches`` has them.
        """
        return self._only.left

    @property
    def right(self) -> Enclosure:
        """The right side; as for ``left``."""
        return self._only.right

    @property
    def hypotheses(self) -> tuple[Condition, ...]:
        """The hypotheses on the worst batch."""
        return self.worst.hypotheses

    @property
    def terms(self) -> tuple[Valued, ...]:
        """The terms on the worst batch."""
        return self.worst.terms

    @property
    def _only(self) -> Comparison:
        compared = [one for batch in self.batches for one in batch.comparisons]
        if len(compared) != 1:
            raise InputError(
                f"{self.theorem.name} makes {len(compared)} comparisons on {len(self.batches)} batches", hint="see its batches"
            )
        return compared[0]

    def __str__(self) -> str:
        from pybridge.evaluation.text import card

        return "\n".join(card(self))

    def __repr__(self) -> str:
        from pybridge.evaluation.text import summary

        return f"<Evaluation {self.theorem.name}: {summary(self)}>"
