"""The command ``dojo compare``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from pybridge.audit.sections import EXTRACT
from pybridge.cli.stale import besides, opened_anyway
from pybridge.cli.terminal import say, write_json
from pybridge.dojo.compare import Comparison
from pybridge.export.extract import find_checkout
from pybridge.export.loading import Export
from pybridge.export.versions import written_by
from pybridge.surface.compare import Difference

SCHEMA = 1


def compare(trace: Path | None, json_file: Path | None, path: Path | None) -> int:
    """Compare the export with the sources as LeanDojo reads them, a stale one too; return the exit code.

    Raises
    ------
    PybridgeError
        There is no checkout, no lean-dojo, or something cannot be read.
    """
    from pybridge.dojo.compare import run

    export, stale = opened_anyway(path)
    with besides(stale):
        result = run(find_checkout(), export, trace=trace)
    result = replace(result, differences=(*stale, *result.differences))
    code = 0 if result.same else 1
    if json_file is None or str(json_file) != "-":
        say([line for one in (*result.differences, *result.terms.differences) for line in lines(one)])
        say([f"NOT COMPARED {one.name}: {one.why}" for one in result.terms.unread])
        count = f"{result.theorems} theorems and {result.definitions} definitions: {_counted(len(result.differences))}"
        said = f"the export was written by {written_by(export)}; as LeanDojo reads them, the sources ask for Lean {result.lean}"
        said += "" if trace is None else "; of the trace its syntax is read, and neither premises nor tactics are compared"
        say([said, f"{count} between the export and what LeanDojo reads in the sources", terms_said(result), verdict(result)])
    if json_file is not None:
        write_json(json_file, document(result, export, code=code))
    return code


def terms_said(result: Comparison) -> str:
    """What reading the texts again came to, in one line."""
    found = result.terms
    return (
        f"{found.theorems} theorems and {found.definitions} definitions read again from their text: "
        f"{_counted(len(found.differences))} from the terms that are run, {len(found.unread)} not compared"
    )


def _counted(number: int) -> str:
    return f"{number or 'no'} difference{'' if number == 1 else 's'}"


def verdict(result: Comparison) -> str:
    """The last line: whether all is the same, and if not, what to do."""
    if result.same:
        return "the same: export and sources agree in all that was compared"
    count = len(result.differences) + len(result.terms.differences) + len(result.terms.unread)
    return f"NOT the same, in {count} point{'' if count == 1 else 's'} said above; {EXTRACT}"


def lines(one: Difference) -> list[str]:
    """One difference: what differs, and both texts."""
    found = [f"DIFFERENT {one.name}: {one.what}" + (f": {one.why}" if one.why else "")]
    for side, text in (("source", one.source), ("export", one.export)):
        first, *rest = text.splitlines() or ["-"]
        found += [f"  {side}  {first}", *(f"          {line}" for line in rest)]
    return [*found, ""]


def document(result: Comparison, export: Export, *, code: int) -> dict[str, Any]:
    """The comparison: what was compared, every difference, the exit code."""
    return {
        "schema": SCHEMA,
        "export": {"path": str(export.path), "digest": export.digest},
        "lean": {"sources": result.lean, "export": export.lean.version},
        "theorems": result.theorems,
        "definitions": result.definitions,
        "differences": [
            {"name": one.name, "what": one.what, "source": one.source, "export": one.export, "why": one.why}
            for one in (*result.differences, *result.terms.differences)
        ],
        "notCompared": [{"name": one.name, "why": one.why} for one in result.terms.unread],
        "exitCode": code,
    }
