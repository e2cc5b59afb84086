"""The command ``ledger``: each theorem with all that is known of it, and the weakest that it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pybridge.artifact.ledger import AGREES, FEW, LEAST, NOT_TRIED, SHARP, Entry, ledger
from pybridge.batches.generate import family_names
from pybridge.cli.check import named
from pybridge.cli.documents import CheckDocument
from pybridge.cli.evidence import Reports, families_asked, reports
from pybridge.cli.tables import Rows, short_name, show
from pybridge.cli.terminal import opened, say, write_json
from pybridge.export.loading import Export, Fresh
from pybridge.export.versions import toolchain, written_by

SCHEMA = 4
_SHOWN = 3
"""So many of those tried on too few batches, or on a part of their mutants, are named."""


def run(
    names: list[str],
    check: Path | None,
    mutants: Path | None,
    proofs: Path | None,
    json_file: Path | None,
    path: Path | None,
) -> int:
    """Print the ledger of these theorems, of all by default; return the exit code.

    Raises
    ------
    PybridgeError
        A name is unknown, a report cannot be read, is none, or is about another export.
    """
    export = opened(path)
    wanted = {theorem.name for theorem in named(export, names, "listed")}
    handed = reports(export, check, mutants, proofs)
    found = ledger(export, handed.evidence)
    entries = [entry for entry in found if entry.theorem.name in wanted]
    against = {entry.theorem.name: why for entry in entries if (why := _against(entry, tried=check is not None))}
    code = 1 if against else 0
    if json_file is None or str(json_file) != "-":
        show(_rows(entries))
        say(["", *_footer(entries, export, handed), *_failed(against, entries)])
    if json_file is not None:
        write_json(json_file, _document(entries, export, handed, code=code))
    return code


def _against(entry: Entry, *, tried: bool) -> str:
    """What is known against a theorem or what it rests on, if anything; where they were ``tried``, that one was not enough."""
    if entry.mutants is not None and entry.mutants.unexplained:
        return "with a mutant unexplained"
    return "" if entry.numbers in (AGREES, SHARP, *(() if tried else (NOT_TRIED,))) else entry.numbers


def _failed(against: Mapping[str, str], entries: Sequence[Entry]) -> list[str]:
    """Why the exit code is 1, in one line."""
    if not against:
        return []
    counts = Counter(against.values())
    said = f"not enough (exit code 1): of {len(entries)} theorems {', '.join(f'{n} {why}' for why, n in counts.items())}"
    if NOT_TRIED not in counts:
        return [said]
    return [f"{said}; what each rests on counts; `pybridge check --json FILE` tries all"]


def _rows(entries: Sequence[Entry]) -> Rows:
    """One row per theorem; a dash where no report says anything."""
    titles = ("eq.", "theorem", "axioms", "lemmas", "batches", "mutants", "proved again", "own", "numbers below", "effective")
    return Rows(titles, tuple(map(_cells, entries)), optional=("lemmas", "axioms", "proved again", "mutants", "batches"))


def _cells(entry: Entry) -> tuple[str, ...]:
    mutants = "-"
    if (found := entry.mutants) is not None:
        counts = {"unexplained": found.unexplained, "not tried": found.total - found.tried}
        mutants = ", ".join([f"{found.refuted}/{found.total}", *(f"{n} {what}" for what, n in counts.items() if n)])
    again = "-"
    if entry.again is not None:
        again = (
            ", ".join([*(f"m = {m}" for m in entry.again.proved), *(f"false for m = {m}" for m in entry.again.false)]) or "no"
        )
    by = "" if entry.weakest == entry.theorem.name else f", by {short_name(entry.weakest)}"
    return (
        f"({entry.theorem.equation})",
        short_name(entry.theorem.name),
        f"{len(entry.axioms.names)}{'' if entry.axioms.complete else '+'}",
        str(entry.lemmas),
        "-" if entry.checked is None else str(entry.checked.batches),
        mutants,
        again,
        entry.own,
        f"{entry.numbers}{by}",
        entry.effective,
    )


def _footer(entries: Sequence[Entry], export: Export, handed: Reports) -> list[str]:
    """What holds of all: who checked the proofs, which axioms, what was tried."""
    said = [f"proofs: all checked by {written_by(export)}"]
    names = sorted({name for entry in entries for name in entry.axioms.names})
    seen = all(entry.axioms.complete for entry in entries)
    more = ", all of them as the export says" if seen else "; +: in the project's own proofs, those of mathlib's were not seen"
    said.append(f"axioms: {', '.join(names) or 'none'}{more}")
    fresh = "of the sources beside it" if isinstance(export.freshness, Fresh) else export.freshness.reason
    said.append(f"export: {fresh}; lemmas: proved, not exported, with nothing to try")
    said += [f"runs on an export that was not compared with its sources: {', '.join(handed.uncompared)}"] * bool(
        handed.uncompared
    )
    if (checked := handed.check) is not None:
        asked = ", ".join(f"{key} {value}" for key, value in _asked(checked).items() if key not in ("theorems",))
        said.append(f"batches: {asked}")
        counts = [entry.checked.batches for entry in entries if entry.checked is not None and entry.checked.verdict == AGREES]
        if counts:
            less = _selected(checked)
            some = f"on a selection ({less})" if less else "on all families, as the report says"
            said.append(f"agrees: {some}; on {min(counts)} to {max(counts)} batches, for each theorem")
        said += _few(entries)
    return [*said, *_part(handed)]


def _part(handed: Reports) -> list[str]:
    """Of which declarations only a part of the mutants was tried, or none, though mutants were handed in."""
    found = handed.evidence.mutants
    if found is None:
        return []
    part = [f"{short_name(name)} {one.tried} of {one.total}" for name, one in found.items() if one.tried < one.total]
    if not part:
        return []
    return [f"mutants: counted only where all were tried; not so {_first(part)}: `pybridge mutate --json FILE`"]


def _few(entries: Sequence[Entry]) -> list[str]:
    """Which theorems agree on too few batches, and why."""
    few = [
        f"{short_name(entry.theorem.name)}: {entry.checked.few}"
        for entry in entries
        if entry.checked is not None and entry.own == FEW
    ]
    if not few:
        return []
    wanted = f"all that `pybridge check` tries by default are asked for, and that {LEAST} of them satisfy the hypotheses"
    return [f"too few: {wanted}; not so {_first(few)}"]


def _first(items: Sequence[str]) -> str:
    """The first of them, and how many more there are."""
    more = f"; and of {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
    return f"{'; '.join(items[:_SHOWN])}{more}"


def _selected(checked: CheckDocument) -> str:
    """In what a check was asked for less than by default; empty where it was not."""
    asked = _asked(checked)
    largest, batch = asked.get("maxSize"), asked.get("batch")
    left_out = sorted({*family_names()} - families_asked(checked))
    said = [f"without {', '.join(left_out)}"] if left_out else []
    said += [f"up to {largest} entries"] if largest is not None else []
    return "; ".join([*said, *([f"batch {batch}"] if batch is not None else [])])


def _document(entries: Sequence[Entry], export: Export, handed: Reports, *, code: int) -> dict[str, Any]:
    """The ledger as JSON."""
    return {
        "schema": SCHEMA,
        "export": {"path": str(export.path), "digest": export.digest},
        "fresh": isinstance(export.freshness, Fresh),
        "lean": {"sources": toolchain(export), "export": export.lean.version},
        "runsFresh": not handed.uncompared if handed.given else None,
        "asked": None if handed.check is None else _asked(handed.check),
        "theorems": [
            {
                "name": one.theorem.name,
                "equation": one.theorem.equation,
                "axioms": {"names": list(one.axioms.names), "complete": one.axioms.complete},
                "lemmas": one.lemmas,
                "verdict": None if one.checked is None else one.checked.verdict,
                "batches": None if one.checked is None else one.checked.batches,
                "tried": None if one.checked is None else one.checked.tried,
                "byDefault": None if one.checked is None else one.checked.by_default,
                "tooFew": one.checked.few if one.checked is not None and one.own == FEW else None,
                "mutants": None if one.mutants is None else asdict(one.mutants),
                "again": None if one.again is None else asdict(one.again),
                "own": one.own,
                "numbers": one.numbers,
                "weakest": one.weakest,
                "effective": one.effective,
            }
            for one in entries
        ],
        "exitCode": code,
    }


def _asked(checked: CheckDocument) -> dict[str, Any]:
    return checked.asked.model_dump()
