"""How a check ends: one of four verdicts, each a frozen dataclass that carries what a person needs to see.

Only :class:`Agrees` passes. The classes hold results and decide nothing; ``check.py`` makes them, ``tables.py`` and
``app.py`` of ``cli`` render them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from typing_extensions import assert_never

from pybridge.batches.generate import Batch
from pybridge.ir import Theorem
from pybridge.ir.shown import Shown


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Held:
    """A hypothesis on a batch, and how it was certified there.

    Parameters
    ----------
    name, statement
        As Lean prints them.
    decided_by
        ``"exact rationals"``, or ``"balls of N bits"`` where a root stands in the way.
    value
        The hypothesis with values in place of its sides, such as ``0 < 0.25``; empty until somebody asks for it.
    """

    name: str
    statement: str
    decided_by: str
    value: str = ""

    def __repr__(self) -> str:
        return f"<Held {self.name}: {self.decided_by}>"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Witness:
    """A batch on which a statement is certainly false.

    Parameters
    ----------
    batch
        The smallest such batch found; exact rationals.
    found_on
        Id of the batch that refuted first; differs from ``batch`` where shrinking helped.
    steps
        How many shrinking steps were accepted.
    hypotheses
        Every hypothesis of the theorem, certified on ``batch``.
    relation, left, right
        The part of the conclusion that fails (``=``, ``≤``, ...), and its two sides as decimals with radii.
    where
        The component for a vector equality (``"component 3"``), else empty.
    precision
        Bits at which the two sides part.
    determined
        By name, each variable that is no part of the batch since a hypothesis determines it: what it is, and its values.
    """

    batch: Batch
    found_on: str
    steps: int
    hypotheses: tuple[Held, ...]
    relation: str
    left: str
    right: str
    where: str
    precision: int
    determined: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Witness {self.batch.name}: found on {self.found_on}, {_counted(self.steps, 'step')} of shrinking>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agrees(Shown):
    """On every batch that counts, both sides' enclosures overlap and are narrow, or a strict inequality certainly holds.

    Parameters
    ----------
    digits
        Decimal digits, of the statement's scale, to which the sides agree on the worst batch; None where the conclusion
        was certain on every batch (an inequality that holds strictly, or two exact sides).
    worst
        Id of that batch.
    """

    digits: float | None
    worst: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuted(Shown):
    """The statement is false: on ``witness`` the hypotheses certainly hold and the conclusion certainly fails."""

    witness: Witness


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Undecided(Shown):
    """On ``batches`` the enclosures overlap but are too wide, even at the highest precision tried.

    Parameters
    ----------
    batches
        Ids of the undecided batches; never empty.
    precision
        The highest precision tried, in bits.
    why
        What stayed open on the first of them.
    """

    batches: tuple[str, ...]
    precision: int
    why: str

    def __repr__(self) -> str:
        return f"<Undecided at {self.precision} bits on {_counted(len(self.batches), 'batch')}, first on {self.batches[0]}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vacuous(Shown):
    """No batch drawn satisfies the hypotheses.

    Parameters
    ----------
    drawn
        How many were drawn.
    unmet
        Names of the hypotheses that failed or could not be certified, most frequent first.
    """

    drawn: int
    unmet: tuple[str, ...]


Verdict: TypeAlias = Agrees | Refuted | Undecided | Vacuous


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TheoremReport(Shown):
    """What was found out about one theorem.

    Parameters
    ----------
    theorem
        The theorem as exported.
    verdict
        The verdict over all families.
    counted
        Batches that satisfied the hypotheses, by family.
    rejected
        Batches drawn that did not, over all families.
    precision
        The highest precision needed to decide, in bits.
    seconds
        Wall-clock time.
    """

    theorem: Theorem
    verdict: Verdict
    counted: Mapping[str, int]
    rejected: int
    precision: int
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether the verdict is ``agrees``."""
        return isinstance(self.verdict, Agrees)

    def __repr__(self) -> str:
        return f"<TheoremReport {self.theorem.name}: {_summary(self.verdict, sum(self.counted.values()))}>"


def word(verdict: Verdict) -> str:
    """Return the verdict in one lower-case word, as tables and JSON print it."""
    return type(verdict).__name__.lower()


def _summary(verdict: Verdict, counted: int) -> str:
    match verdict:
        case Agrees(digits=digits):
            return f"agrees on {_counted(counted, 'batch')}, {'certainly' if digits is None else f'{digits:.1f} digits'}"
        case Refuted(witness=witness):
            return f"refuted by {witness.batch.name}"
        case Undecided(batches=batches):
            return f"undecided on {len(batches)} of {_counted(counted, 'batch')}"
        case Vacuous(drawn=drawn):
            return f"vacuous, of {_counted(drawn, 'batch')} none satisfies the hypotheses"
        case _:
            assert_never(verdict)


def _counted(number: int, noun: str) -> str:
    ending = "" if number == 1 else "es" if noun.endswith("ch") else "s"
    return f"{number} {noun}{ending}"
