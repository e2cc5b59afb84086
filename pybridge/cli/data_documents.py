"""The documents that ``check --data --json`` and ``doctor --json`` write, as models.

In: what ``data.py`` and ``doctor.py`` are about to write.  Out: their schemas, which ``documents.py`` has among the others.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pybridge.cli.document_parts import Count, ExitCode, ExportChecked, Line, Model
from pybridge.cli.here import State
from pybridge.evaluation.results import Compared, Word

Truth = Literal["holds", "fails", "unknown"]


class DataAsked(Model):
    """What was asked for: the theorems that were evaluated, the files, ``--set``, ``--axis`` and ``--digits``."""

    theorems: list[str]
    data: list[str]
    set: list[str]
    axis: int | list[int] | None
    digits: Line


class Enclosed(Model):
    """A real number within ``radius`` of ``middle``; both are written in decimals, the radius rounded up."""

    middle: str
    radius: str


class DataHypothesis(Model):
    """A hypothesis on a batch, with values in place of its sides; if it does not certainly hold the verdict is ``vacuous``."""

    name: str
    statement: str
    truth: Truth
    decided_by: str
    value: str


class DataComparison(Model):
    """One comparison that the conclusion makes; ``digits`` is null where both sides are the same exact number.

    ``standing`` is of this comparison: ``holds`` and ``fails`` are certain; it ``agrees`` where both enclosures overlap and are
    narrow, so that no difference is left in ``digits`` digits, which is the most that enclosures can show of an equation; it is
    ``undecided`` where they overlap and are wide. The batch's ``verdict`` is of the whole conclusion: of an equivalence
    comparisons may fail, or stay undecided, on both of its sides.
    """

    place: str
    relation: str
    left: Enclosed
    right: Enclosed
    standing: Compared
    digits: float | None


class DataComparisons(Model):
    """How many comparisons there are, the worst of them, and the first ones."""

    count: Count
    worst: DataComparison | None
    first: list[DataComparison]


class DataNumber(Model):
    """A part of the statement that is one number."""

    term: str
    value: Enclosed


class DataVector(Model):
    """A part of the statement that is a vector: how many coordinates it has, and the first ones."""

    term: str
    count: Count
    values: list[Enclosed]


class DataBatch(Model):
    """A theorem on one batch; ``place`` has a number for each axis that does not run over a batch.

    ``constant`` names the vectors whose entries are all equal.
    """

    place: list[Count]
    sizes: dict[str, Count]
    verdict: Word
    digits: float | None
    precision: Count
    why: str
    constant: list[str]
    hypotheses: list[DataHypothesis]
    comparisons: DataComparisons
    terms: list[DataNumber | DataVector]


class DataTheorem(Model):
    """A theorem on the batches of the files: the worst verdict of all, and what was given and is none of its variables."""

    name: str
    equation: str
    verdict: Word
    digits: float | None
    unused: list[str]
    batches: Annotated[list[DataBatch], Field(min_length=1)]


class DataDocument(Model):
    """``pybridge check --data FILE --json``: the theorems that were tried, and those that were not.

    ``leftOut`` has, by theorem, the reason; ``incomplete``, by theorem, the variables of which nothing is given.
    """

    schema_version: Annotated[Literal[1], Field(alias="schema")]
    asked: DataAsked
    export: ExportChecked
    theorems: list[DataTheorem]
    left_out: dict[str, str]
    incomplete: dict[str, Annotated[list[str], Field(min_length=1)]]
    exit_code: ExitCode


class DoctorItem(Model):
    """Something that may be here; ``other`` is something else than what is asked for, such as another version."""

    name: str
    state: State
    said: str
    purpose: str
    command: str


class DoctorDocument(Model):
    """``pybridge doctor --json``; the exit code is that of the first item which is broken."""

    schema_version: Annotated[Literal[1], Field(alias="schema")]
    items: list[DoctorItem]
    exit_code: Annotated[int, Field(ge=0, le=4)]
