"""The documents of ``audit``, ``graph``, ``ledger`` and ``dojo compare``, as models: see ``documents.py``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pybridge.artifact.ledger import Level
from pybridge.cli.document_parts import Asked, Count, ExitCode, ExportRead, Line, Model


class GraphNode(Model):
    """A theorem, or with ``--definitions`` another declaration; what is not exported has no equation, and perhaps no line."""

    name: str
    kind: Literal["theorem", "definition", "opaque", "inductive", "private"]
    equation: str | None
    file: str
    line: Line | None


class GraphEdge(Model):
    """A theorem and one that it rests on."""

    theorem: str
    rests_on: str


class GraphDocument(Model):
    """``pybridge graph --format json``."""

    schema_version: Annotated[Literal[1], Field(alias="schema")]
    export: ExportRead
    source: str
    nodes: list[GraphNode]
    edges: list[GraphEdge]


class GraphDifference(Model):
    """Where the two graphs part; ``restsOn`` is null where it is about the theorem itself."""

    theorem: str
    rests_on: str | None
    why: str


class TracedPremises(Model):
    """The recorded trace against what Lean recorded: ``restsOn`` may be a definition, or another library's constant."""

    theorems: Count
    both: Count
    others: Count
    differences: list[GraphEdge]
    by_definition: list[GraphEdge]
    unused: list[GraphEdge]
    absent: list[str]
    misplaced: list[str]


class GraphCompareDocument(Model):
    """``pybridge graph --compare --json``."""

    schema_version: Annotated[Literal[2], Field(alias="schema")]
    export: ExportRead
    both: Count
    differences: list[GraphDifference]
    by_tactics: list[GraphEdge]
    by_definition: list[GraphEdge]
    by_dots: list[GraphEdge]
    unused: list[str]
    made: list[str]
    trace: TracedPremises | None
    exit_code: ExitCode


class DojoDifference(Model):
    """Where source and export part, with both texts."""

    name: str
    what: str
    source: str
    export: str
    why: str


class AllowedUse(Model):
    """What would be a difference, and is none for a reason that is given: in ``lines`` of the file each time it stands."""

    file: str
    lines: Annotated[list[Line], Field(min_length=1)]
    word: str
    text: str
    why: str


class AuditDifference(DojoDifference):
    """The same in an audit; ``sides`` says what ``source`` and ``export`` are: ``known`` and ``file``, for example."""

    sides: Annotated[list[str], Field(min_length=2, max_length=2)]


class AuditSection(Model):
    """A part of an audit: what was compared, where it parts and what to do then, what is allowed, what is checked elsewhere."""

    name: Literal["provenance", "files", "build", "claims", "sources", "texts", "terms", "proofs"]
    said: str
    differences: list[AuditDifference]
    remedy: str
    allowed: list[AllowedUse]
    elsewhere: list[str]


class AuditDocument(Model):
    """``pybridge audit --json``."""

    schema_version: Annotated[Literal[2], Field(alias="schema")]
    export: ExportRead
    sections: list[AuditSection]
    exit_code: ExitCode


class LeanVersions(Model):
    """The Lean that the sources ask for, and the one that exported."""

    sources: str
    export: str


class NotCompared(Model):
    """A declaration whose text could not be read again, and why."""

    name: str
    why: str


class DojoDocument(Model):
    """``pybridge dojo compare --json``."""

    schema_version: Annotated[Literal[1], Field(alias="schema")]
    export: ExportRead
    lean: LeanVersions
    theorems: Count
    definitions: Count
    differences: list[DojoDifference]
    not_compared: list[NotCompared]
    exit_code: ExitCode


class LedgerAxioms(Model):
    """The axioms of a proof; where ``complete`` is false, those that the project's own proofs use."""

    names: list[str]
    complete: bool


class LedgerMutants(Model):
    """How the mutants of a theorem fared, and how many of them there are: ``total`` may be more than were tried."""

    refuted: Count
    explained: Count
    unexplained: Count
    total: Count


class LedgerAgain(Model):
    """The sizes for which it was proved again, and those for which it is false."""

    proved: list[Line]
    false: list[Line]


class LedgerEntry(Model):
    """A theorem; null where no report says anything of it; ``tooFew`` says why it agrees on too few batches, where it does."""

    name: str
    equation: str
    axioms: LedgerAxioms
    lemmas: Count
    verdict: str | None
    batches: Count | None
    tried: Count | None
    by_default: Count | None
    too_few: str | None
    mutants: LedgerMutants | None
    again: LedgerAgain | None
    own: Level
    numbers: Level
    weakest: str
    effective: Level


class LedgerLean(Model):
    """The Lean that checked the proofs, and the one that the sources ask for, where they are there."""

    sources: str | None
    export: str


class LedgerDocument(Model):
    """``pybridge ledger --json``; ``runsFresh`` is null where no run was handed in, and false where one was not compared."""

    schema_version: Annotated[Literal[4], Field(alias="schema")]
    export: ExportRead
    fresh: bool
    runs_fresh: bool | None
    lean: LedgerLean
    asked: Asked | None
    theorems: list[LedgerEntry]
    exit_code: ExitCode
