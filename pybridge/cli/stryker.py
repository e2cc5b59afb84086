"""A run of mutants as a mutation testing report of the Stryker schema, version 2, which existing viewers read.

In: an account, and the sources beside the export.  Out: a plain JSON object.  A mutant that is refuted is ``Killed``; one that
is not refuted and has a reason on record is ``Ignored``, with that reason; any other one is ``Survived``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pybridge.artifact import facts
from pybridge.errors import InputError
from pybridge.export.loading import Export, Fresh
from pybridge.mutation.run import Killed, Trial
from pybridge.mutation.survivors import Account, Explanation
from pybridge.surface.declarations import Declaration
from pybridge.surface.library import Library, read_library

VERSION = "2"
_HIGH, _LOW = 100, 99
"""A run passes only where every mutant is refuted or explained."""


def sources(export: Export) -> Library:
    """The sources that the report shows, asked for before the run.

    Raises
    ------
    InputError
        There are none beside the export.
    """
    if not isinstance(export.freshness, Fresh):
        hint = "run it in a checkout, on the package's own export"
        raise InputError(f"--stryker: {export.path}: {export.freshness.reason}, and the report shows them", hint=hint)
    return read_library(export.freshness.root)


def report(account: Account, explanations: Mapping[str, Explanation], library: Library) -> dict[str, Any]:
    """The report: each source with the mutants of its declarations, whose place is the statement, or the definition."""
    files: dict[str, dict[str, Any]] = {}
    for trial in (*account.refuted, *account.explained, *account.unexplained):
        declaration = library.declarations[trial.owner]
        text = library.sources[declaration.file]
        entry = files.setdefault(declaration.file, {"language": "lean", "source": text, "mutants": []})
        entry["mutants"].append(_mutant(trial, declaration, text, explanations))
    return {
        "schemaVersion": VERSION,
        "thresholds": {"high": _HIGH, "low": _LOW},
        "files": files,
        "framework": {"name": "pybridge", "version": facts.version()},
    }


def _mutant(trial: Trial, declaration: Declaration, text: str, explanations: Mapping[str, Explanation]) -> dict[str, Any]:
    if isinstance(trial.fate, Killed):
        status, why = "Killed", f"{trial.fate.theorem} is false on a batch of {_sizes(trial.fate)}"
    elif trial.id in explanations:
        status, why = "Ignored", explanations[trial.id].reason
    else:
        status, why = "Survived", f"{trial.fate.verdict} on {trial.fate.tried} batches"
    end = declaration.proof if declaration.is_theorem else declaration.end
    stretch = text[declaration.keyword : end].rstrip().removesuffix(":=").rstrip()
    return {
        "id": trial.id,
        "mutatorName": trial.id.rpartition(":")[2],
        "replacement": trial.change,
        "status": status,
        "statusReason": why,
        "location": {
            "start": _place(text, declaration.keyword),
            "end": _place(text, declaration.keyword + len(stretch)),
        },
    }


def _sizes(fate: Killed) -> str:
    return ", ".join(f"{name} = {size}" for name, size in fate.witness.batch.sizes.items()) or "no entries"


def _place(text: str, at: int) -> dict[str, int]:
    return {"line": text.count("\n", 0, at) + 1, "column": at - text.rfind("\n", 0, at)}
