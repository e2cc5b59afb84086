"""``graph --compare``: the graph that Lean recorded against the one read in the sources, and against the recorded trace."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pybridge.artifact.graph import sources
from pybridge.artifact.two_graphs import Comparison, Edge, compare
from pybridge.cli.tables import short_name
from pybridge.cli.terminal import opened, say, write_json
from pybridge.dojo import recorded
from pybridge.dojo.premises import Premises
from pybridge.dojo.premises import compare as against
from pybridge.errors import ExportStale, InputError
from pybridge.export.loading import Export, Fresh

SCHEMA = 2


def run(json_file: Path | None, path: Path | None, *, verbose: bool = False) -> int:
    """Compare the two graphs; ``verbose`` lists the edges that are no difference, too; return the exit code.

    Raises
    ------
    PybridgeError
        There are no sources beside the export, or one of them cannot be read.
    """
    export = opened(path)
    found = compare(export)
    traced = premises_of(export)
    unread = isinstance(traced, str) and isinstance(export.freshness, Fresh) and recorded.expected(export.freshness.root)
    code = 1 if found.differences or unread or (isinstance(traced, Premises) and not traced.same) else 0
    if json_file is None or str(json_file) != "-":
        said = [verdict(found), *traced_verdict(traced), *lines(found, verbose=verbose), *traced_lines(traced, verbose=verbose)]
        say([*said, *([] if verbose else ["(-v lists them)"])])
    if json_file is not None:
        write_json(json_file, document(found, traced, export, code=code))
    return code


def premises_of(export: Export) -> Premises | str:
    """The recorded trace against the export; a line that says why, where there is no trace of the sources beside it."""
    if not isinstance(export.freshness, Fresh):  # `compare` has refused this
        return export.freshness.reason
    library = sources(export)
    try:
        trace = recorded.read(export.freshness.root)
    except (ExportStale, InputError) as error:
        return str(error)
    return against(trace, export, library)


def verdict(found: Comparison) -> str:
    """How many edges are in both graphs, and how many differences there are."""
    return f"{found.both} edges are in both graphs: {len(found.differences) or 'no'} differences"


def traced_verdict(found: Premises | str) -> list[str]:
    """The same of the trace, or why there is none to compare."""
    if isinstance(found, str):
        return [f"the recorded trace was not compared: {found}"]
    return [
        f"{len(found.differences) or 'no'} differences between the trace and what Lean recorded",
        f"{len(found.misplaced) or 'no'} places at which the trace has another name than the source",
        f"{len(found.absent)} proofs of the library are not in the trace",
        f"traced: {found.theorems} proofs; {found.both} declarations of the library that they name are among their constants",
        f"of other libraries': {found.others}, and {len(found.unused)} that are not (by definition, or unused)",
    ]


def traced_lines(found: Premises | str, *, verbose: bool) -> list[str]:
    """Where the trace parts from the records, for people."""
    if isinstance(found, str):
        return []
    differences = [
        f"DIFFERENT {name} -> {below}: in the trace of its proof, and not among the constants of the proof"
        for name, below in found.differences
    ]
    absent = [f"DIFFERENT {name}: its proof is not in the trace" for name in found.absent]
    places = [f"DIFFERENT {one}" for one in found.misplaced]
    return [*differences, *absent, *places, *_edges("in the trace, used by definition", found.by_definition, verbose=verbose)]


def lines(found: Comparison, *, verbose: bool) -> list[str]:
    """Where the two graphs part, for people: differences first, then what a text cannot tell."""
    differences = [
        f"DIFFERENT {one.theorem}{'' if one.rests_on is None else f' -> {one.rests_on}'}: {one.why}"
        for one in found.differences
    ]
    return [
        *differences,
        *_edges("found by a tactic, named in no text", found.by_tactics, verbose=verbose),
        *_edges("named in the text, used by definition", found.by_definition, verbose=verbose),
        *_edges("named behind a dot, and another library's", found.by_dots, verbose=verbose),
        *_names("lemmas on which no exported theorem rests", found.unused, verbose=verbose),
        *_names("made by Lean of what is in the sources", found.made, verbose=verbose),
    ]


def document(found: Comparison, traced: Premises | str, export: Export, *, code: int) -> dict[str, Any]:
    """The comparison as JSON; of the trace null, where there is none of these sources."""
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
        "trace": None if isinstance(traced, str) else _traced(traced),
        "exitCode": code,
    }


def _traced(found: Premises) -> dict[str, Any]:
    return {
        "theorems": found.theorems,
        "both": found.both,
        "others": found.others,
        "differences": _pairs(found.differences),
        "byDefinition": _pairs(found.by_definition),
        "unused": _pairs(found.unused),
        "absent": list(found.absent),
        "misplaced": list(found.misplaced),
    }


def _edges(what: str, edges: Sequence[Edge], *, verbose: bool) -> list[str]:
    return _listed(what, [f"{short_name(name)} -> {short_name(below)}" for name, below in edges], verbose=verbose)


def _names(what: str, names: Sequence[str], *, verbose: bool) -> list[str]:
    return _listed(what, [short_name(name) for name in names], verbose=verbose)


def _listed(what: str, items: Sequence[str], *, verbose: bool) -> list[str]:
    return [f"{what}: {len(items)}", *(f"  {item}" for item in items if verbose)] if items else []


def _pairs(edges: Sequence[Edge]) -> list[dict[str, str]]:
    return [{"theorem": name, "restsOn": below} for name, below in edges]
