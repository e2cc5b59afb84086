"""The reports of a run as one JSON document, exact where the batches are: what ``check --json`` writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from typing_extensions import assert_never

from pybridge.checking.verdict import Agrees, Refuted, TheoremReport, Undecided, Vacuous, Verdict, word
from pybridge.checking.witness import witness_json
from pybridge.export.loading import Export, Fresh

Json: TypeAlias = dict[str, Any]

SCHEMA = 1


def document(reports: Sequence[TheoremReport], export: Export, *, asked: Json, not_done: Sequence[str], code: int) -> Json:
    """Return the whole run: what was asked, which export, every theorem's result, what was not done, the exit code."""
    return {
        "schema": SCHEMA,
        "asked": asked,
        "export": exported(export),
        "theorems": [_theorem(report) for report in reports],
        "notDone": list(not_done),
        "exitCode": code,
    }


def exported(export: Export) -> Json:
    """Which export was read: where it lies, whether it is fresh, by which Lean and mathlib it was written."""
    return {
        **tried(export),
        "lean": {"version": export.lean.version, "githash": export.lean.githash},
        "mathlib": {"revision": export.mathlib.revision, "inputRevision": export.mathlib.input_revision},
    }


def tried(export: Export) -> Json:
    """Which export was read, by its digest, and whether it was compared with its sources."""
    return {"path": str(export.path), "digest": export.digest, "fresh": isinstance(export.freshness, Fresh)}


def _theorem(report: TheoremReport) -> Json:
    return {
        "name": report.theorem.name,
        "equation": report.theorem.equation,
        "verdict": word(report.verdict),
        "counted": dict(report.counted),
        "rejected": report.rejected,
        "precision": report.precision,
        "seconds": round(report.seconds, 3),
        **_details(report.verdict),
    }


def _details(verdict: Verdict) -> Json:
    match verdict:
        case Agrees(digits=digits, worst=worst):
            return {"digits": digits, "worst": worst}
        case Refuted(witness=witness):
            return {"witness": witness_json(witness)}
        case Undecided(batches=batches, precision=precision, why=why):
            return {"undecided": list(batches), "highest": precision, "why": why}
        case Vacuous(drawn=drawn, unmet=unmet):
            return {"drawn": drawn, "unmet": list(unmet)}
        case _:
            assert_never(verdict)
