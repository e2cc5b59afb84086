"""``graph --compare``: the graph that Lean recorded against the one read in the sources."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pybridge.artifact.two_graphs import Comparison, Edge, compare
from pybridge.cli.tables import short_name
from pybridge.cli.terminal import opened, say, write_json
from pybridge.export.loading import Export

SCHEMA = 1


def run(json_file: Path | None, path: Path | None) -> int:
    """Compare the two graphs; return the exit code.

    Raises
    ------
    PybridgeError
        There are no sources beside the export, or one of them cannot be read.
    """
    export = opened(path)
    found = compare(export)
    code = 1 if found.differences else 0
    if json_file is None or str(json_file) != "-":
        say(lines(found))
    if json_file is not None:
        write_json(json_file, document(found, export, code=code))
    return code


def lines(found: Comparison) -> list[str]:
    """The comparison for people: differences first, then what a text cannot tell, then the counts."""
    differences = [
        f"DIFFERENT {one.theorem}{'' if one.rests_on is None else f' -> {one.rests_on}'}: {one.why}"
        for one in found.differences
    ]
    return [
        *differences,
        *_edges("found by a tactic, named in no text", found.by_tactics),
        *_edges("named in the text, used by definition", found.by_definition),
        *_edges("named behind a dot, and another library's", found.by_dots),
        *_names("lemmas on which no exported theorem rests", found.unused),
        *_names("made by Lean of what is in the sources", found.made),
        f"{found.both} edges are in both graphs: {len(found.differences) or 'no'} differences",
    ]


def document(found: Comparison, export: Export, *, code: int) -> dict[str, Any]:
    """The comparison as JSON."""
    return {
        "schema": SCHEMA,
        "export": {"path": str(export.path), "digest": export.digest},
        "both": found.both,
        "differences": [{"theorem": one.theorem, "restsOn": one.rests_on, "why": one.why} for one in found.differences],
        "byTactics": _pairs(found.by_tactics),
        "byDefinition": _pairs(found.by_definition),
        "byDots": _pairs(found.by_dots),
        "unused": list(found.unused),
        "made": list(found.made),
        "exitCode": code,
    }


def _edges(what: str, edges: Sequence[Edge]) -> list[str]:
    return (
        [f"{what}: {len(edges)}", *(f"  {short_name(name)} -> {short_name(below)}" for name, below in edges)] if edges else []
    )


def _names(what: str, names: Sequence[str]) -> list[str]:
    return [f"{what}: {len(names)}", *(f"  {short_name(name)}" for name in names)] if names else []


def _pairs(edges: Sequence[Edge]) -> list[dict[str, str]]:
    return [{"theorem": name, "restsOn": below} for name, below in edges]
