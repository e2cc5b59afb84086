"""The command ``ledger``: each theorem with all that is known of it, and the weakest that it rests on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from pybridge.artifact.ledger import AGREES, FEW, LEAST, NOT_TRIED, SHARP, Again, Entry, Evidence, Mutants, Tried, ledger
from pybridge.batches.generate import family_names
from pybridge.checking.asked import by_default
from pybridge.cli.check import named
from pybridge.cli.documents import CheckDocument, MutateDocument, ProveDocument
from pybridge.cli.tables import Rows, short_name, show
from pybridge.cli.terminal import opened, say, write_json
from pybridge.errors import InputError
from pybridge.export.loading import Export, Fresh
from pybridge.export.versions import toolchain, written_by

SCHEMA = 3
_SHOWN = 3
"""So many of those tried on too few batches are named."""
_Document = TypeVar("_Document", bound=BaseModel)

_ANEW = "write it anew by `pybridge check --json FILE`"


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
    checked = None if check is None else _read(check, CheckDocument, "check --json", export)
    tried = None if mutants is None else _read(mutants, MutateDocument, "mutate --json", export)
    again = None if proofs is None else _read(proofs, ProveDocument, "prove --json", export)
    found = ledger(export, Evidence(_checked(checked, check, export), _mutants(tried), _again(again)))
    entries = [entry for entry in found if entry.theorem.name in wanted]
    code = 1 if any(_fails(entry, tried=checked is not None) for entry in entries) else 0
    if json_file is None or str(json_file) != "-":
        show(_rows(entries))
        say(["", *_footer(entries, export, checked)])
    if json_file is not None:
        write_json(json_file, _document(entries, export, checked, code=code))
    return code


def _fails(entry: Entry, *, tried: bool) -> bool:
    """Whether something is known against a theorem or what it rests on; where they were ``tried``, that one was not enough."""
    if entry.mutants is not None and entry.mutants.unexplained:
        return True
    return entry.numbers not in (AGREES, SHARP, *(() if tried else (NOT_TRIED,)))


def _read(path: Path, model: type[_Document], what: str, export: Export) -> _Document:
    written = f"it has to be what `pybridge {what} FILE` wrote"
    try:
        found = model.model_validate(_object(path, json.loads(path.read_text(encoding="utf-8")), written))
    except OSError as error:
        hint = f"write it by `pybridge {what} {path}`" if isinstance(error, FileNotFoundError) else written
        raise InputError(f"{path}: {error.strerror}", hint=hint) from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        message = f"{path}: {where}: {first['msg']}" if where else f"{path}: {first['msg']}"
        raise InputError(message, hint=written) from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not JSON: {error}", hint=written) from None
    digest = found.export.digest  # type: ignore[attr-defined]  # all of these documents have it
    if digest != export.digest:
        message = f"{path}: is about another export: its digest is {digest[:12]}…, that of {export.path} {export.digest[:12]}…"
        raise InputError(message, hint=f"run `pybridge {what} {path}` again")
    return found


def _object(path: Path, document: Any, written: str) -> dict[str, Any]:
    if not isinstance(document, dict):
        kinds = {list: "a list", str: "text", bool: "true or false", type(None): "null"}
        raise InputError(f"{path}: holds {kinds.get(type(document), 'a number')}, and no object", hint=written)
    return document


def _checked(report: CheckDocument | None, path: Path | None, export: Export) -> dict[str, Tried] | None:
    if report is None:
        return None
    found: dict[str, Tried] = {}
    for one in report.theorems:
        batches = sum(one.counted.values())
        if one.verdict == AGREES and not batches:
            message = f"{path}: {one.name} agrees, and on no batch"
            raise InputError(message, hint="that is no verdict of `pybridge check`: write it anew")
        if one.name in found:
            raise InputError(f"{path}: {one.name} stands in it twice", hint=_ANEW)
        if (theorem := export.theorems.get(one.name)) is None:
            raise InputError(f"{path}: {one.name} is no theorem of the export", hint=_ANEW)
        tried, most = batches + one.rejected, by_default(theorem, export)
        if unknown := sorted(one.counted.keys() - set(family_names())):
            raise InputError(f"{path}: {one.name}: no family of batches is called {unknown[0]!r}", hint=_ANEW)
        if tried > most:
            raise InputError(f"{path}: {one.name}: {tried} batches were tried, and there are {most}", hint=_ANEW)
        found[one.name] = Tried(one.verdict, batches, tried, most)
    return found


def _mutants(report: MutateDocument | None) -> dict[str, Mutants] | None:
    if report is None:
        return None
    counts: dict[str, Counter[str]] = {}
    for one in report.mutants:
        counts.setdefault(one.declaration, Counter())[one.fate] += 1
    return {name: Mutants(fates["refuted"], fates["explained"], fates["unexplained"]) for name, fates in counts.items()}


def _again(report: ProveDocument | None) -> dict[str, Again] | None:
    if report is None:
        return None
    outcomes = {one.name: [(size.m, size.outcome) for size in one.sizes] for one in report.theorems}
    return {
        name: Again(tuple(m for m, what in sizes if what == "proved"), tuple(m for m, what in sizes if what == "false"))
        for name, sizes in outcomes.items()
    }


def _rows(entries: Sequence[Entry]) -> Rows:
    """One row per theorem; a dash where no report says anything."""
    titles = ("eq.", "theorem", "axioms", "lemmas", "batches", "mutants", "proved again", "own", "numbers below", "effective")
    return Rows(titles, tuple(map(_cells, entries)), optional=("lemmas", "axioms", "proved again", "mutants", "batches"))


def _cells(entry: Entry) -> tuple[str, ...]:
    mutants = "-"
    if (found := entry.mutants) is not None:
        more = f", {found.unexplained} unexplained" if found.unexplained else ""
        mutants = f"{found.refuted}/{found.refuted + found.explained + found.unexplained}{more}"
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


def _footer(entries: Sequence[Entry], export: Export, checked: CheckDocument | None) -> list[str]:
    """What holds of all: who checked the proofs, which axioms, what was tried."""
    said = [f"proofs: all checked by {written_by(export)}"]
    names = sorted({name for entry in entries for name in entry.axioms.names})
    seen = all(entry.axioms.complete for entry in entries)
    more = ", all of them as the export says" if seen else "; +: in the project's own proofs, those of mathlib's were not seen"
    said.append(f"axioms: {', '.join(names) or 'none'}{more}")
    fresh = "of the sources beside it" if isinstance(export.freshness, Fresh) else export.freshness.reason
    said.append(f"export: {fresh}; lemmas: proved, not exported, with nothing to try")
    if checked is not None:
        asked = ", ".join(f"{key} {value}" for key, value in _asked(checked).items() if key not in ("theorems",))
        said.append(f"batches: {asked}")
        counts = [entry.checked.batches for entry in entries if entry.checked is not None and entry.checked.verdict == AGREES]
        if counts:
            less = _selected(checked)
            some = f"on a selection ({less})" if less else "on all families, as the report says"
            said.append(f"agrees: {some}; on {min(counts)} to {max(counts)} batches, for each theorem")
        said += _few(entries)
    return said


def _few(entries: Sequence[Entry]) -> list[str]:
    """Which theorems agree on too few batches, and why."""
    few = {
        short_name(entry.theorem.name): entry.checked.few for entry in entries if entry.checked is not None and entry.own == FEW
    }
    if not few:
        return []
    more = f"; and of {len(few) - _SHOWN} more" if len(few) > _SHOWN else ""
    named = "; ".join(f"{name}: {why}" for name, why in list(few.items())[:_SHOWN])
    wanted = f"all that `pybridge check` tries by default are asked for, and that {LEAST} of them satisfy the hypotheses"
    return [f"too few: {wanted}; not so {named}{more}"]


def _selected(checked: CheckDocument) -> str:
    """In what a check was asked for less than by default; empty where it was not."""
    asked = _asked(checked)
    families, largest, batch = asked.get("families"), asked.get("maxSize"), asked.get("batch")
    left_out = sorted({*family_names()} - {*(families if isinstance(families, list) else ())})
    said = [f"without {', '.join(left_out)}"] if left_out else []
    said += [f"up to {largest} entries"] if largest is not None else []
    return "; ".join([*said, *([f"batch {batch}"] if batch is not None else [])])


def _document(entries: Sequence[Entry], export: Export, checked: CheckDocument | None, *, code: int) -> dict[str, Any]:
    """The ledger as JSON."""
    return {
        "schema": SCHEMA,
        "export": {"path": str(export.path), "digest": export.digest},
        "fresh": isinstance(export.freshness, Fresh),
        "lean": {"sources": toolchain(export), "export": export.lean.version},
        "asked": None if checked is None else _asked(checked),
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
