"""The documents that the commands write with ``--json``, as models: their JSON Schemas are published in ``pybridge/schemas``.

In: what a command is about to write.  Out: a schema for each, by name.  A test holds the published files to the models, and
the models to what the commands write.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from pybridge.cli.artifact_documents import AuditDocument, DojoDocument, GraphCompareDocument, GraphDocument, LedgerDocument
from pybridge.cli.conform_document import ConformDocument
from pybridge.cli.data_documents import DataDocument, DoctorDocument
from pybridge.cli.document_parts import Asked, Count, ExitCode, ExportChecked, ExportRead, ExportTried, Line, Model, Witness


class Listed(Model):
    """A theorem of ``list --json``."""

    name: str
    equation: str
    file: str
    line: Line
    docstring: str
    statement: str


class ListDocument(Model):
    """``pybridge list --json``."""

    schema_version: Annotated[Literal[1], Field(alias="schema")]
    export: ExportRead
    theorems: list[Listed]


class _Checked(Model):
    name: str
    equation: str
    counted: dict[str, Count]
    rejected: Count
    precision: Count
    seconds: float


class CheckedAgrees(_Checked):
    """A theorem that agrees; ``digits`` is null where all batches were decided exactly."""

    verdict: Literal["agrees"]
    digits: float | None
    worst: str


class CheckedRefuted(_Checked):
    """A theorem that is refuted, with the batch."""

    verdict: Literal["refuted"]
    witness: Witness


class CheckedUndecided(_Checked):
    """A theorem that stayed open on some batches."""

    verdict: Literal["undecided"]
    undecided: list[str]
    highest: Count
    why: str


class CheckedVacuous(_Checked):
    """A theorem whose hypotheses no batch satisfied."""

    verdict: Literal["vacuous"]
    drawn: Count
    unmet: list[str]


class CheckDocument(Model):
    """``pybridge check --json``."""

    schema_version: Annotated[Literal[1], Field(alias="schema")]
    asked: Asked
    export: ExportChecked
    theorems: list[
        Annotated[CheckedAgrees | CheckedRefuted | CheckedUndecided | CheckedVacuous, Field(discriminator="verdict")]
    ]
    not_done: list[str]
    exit_code: ExitCode


class _Mutant(Model):
    id: str
    declaration: str
    change: str


class MutantKilled(_Mutant):
    """A mutant that is refuted: by which theorem, and on which batch."""

    fate: Literal["refuted"]
    by: str
    witness: Witness


class MutantSurvived(_Mutant):
    """A mutant that is not: the verdict, how many batches were tried, for which m it was proved, and the reason on record."""

    fate: Literal["explained", "unexplained"]
    verdict: str
    tried: Count
    proved: list[Line]
    reason: str | None


class MutateDocument(Model):
    """``pybridge mutate --json``."""

    schema_version: Annotated[Literal[2], Field(alias="schema")]
    export: ExportTried
    mutants: list[Annotated[MutantKilled | MutantSurvived, Field(discriminator="fate")]]
    stale: list[str]
    exit_code: ExitCode


class SizeProved(Model):
    """Proved for all batches of m entries."""

    m: Line
    outcome: Literal["proved"]
    by: str
    cases: Count
    sizes: dict[str, Count]
    symbols: list[str]


class SizeFalse(Model):
    """False, at a rational point."""

    m: Line
    outcome: Literal["false"]
    witness: Witness


class SizeNotDecided(Model):
    """Not decided, and why."""

    m: Line
    outcome: Literal["not decided"]
    why: str


class SizeEmpty(Model):
    """The hypotheses exclude every batch of m entries."""

    m: Line
    outcome: Literal["nothing to prove"]


class Proof(Model):
    """What was found of a theorem."""

    name: str
    equation: str
    proved: bool
    sizes: list[Annotated[SizeProved | SizeFalse | SizeNotDecided | SizeEmpty, Field(discriminator="outcome")]]


class ProveDocument(Model):
    """``pybridge prove --json``."""

    schema_version: Annotated[Literal[2], Field(alias="schema")]
    export: ExportTried
    theorems: list[Proof]
    exit_code: ExitCode


DOCUMENTS: dict[str, type[BaseModel]] = {
    "list": ListDocument,
    "check": CheckDocument,
    "check-data": DataDocument,
    "mutate": MutateDocument,
    "prove": ProveDocument,
    "audit": AuditDocument,
    "graph": GraphDocument,
    "graph-compare": GraphCompareDocument,
    "ledger": LedgerDocument,
    "dojo-compare": DojoDocument,
    "conform": ConformDocument,
    "doctor": DoctorDocument,
}
"""The models by the name of their schema; the export's is in ``pybridge.export.schema``."""
