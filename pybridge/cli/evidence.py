"""What ``ledger`` is handed: the JSON that ``check``, ``mutate`` and ``prove`` wrote, read and held to the export.

In: files, an export.  Out: evidence for the ledger.  A file about another export, one that counts something twice, or names
what the export does not have, is refused; one that has less than there is counts for less.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from pybridge import ir
from pybridge.artifact.ledger import AGREES, Again, Evidence, Mutants, Tried
from pybridge.batches.generate import family_names
from pybridge.checking.asked import by_default
from pybridge.cli.documents import CheckDocument, MutantKilled, MutateDocument, ProveDocument
from pybridge.errors import InputError
from pybridge.export.document import quoted
from pybridge.export.loading import Export
from pybridge.mutation import survivors
from pybridge.mutation.mutants import mutants
from pybridge.mutation.run import Survived, declarations
from pybridge.proving.prove import MOST_ENTRIES

_CHECK, _MUTATE, _PROVE = "check --json", "mutate --json", "prove --json"
_Document = TypeVar("_Document", CheckDocument, MutateDocument, ProveDocument)


@dataclass(frozen=True, slots=True)
class Reports:
    """The runs that were handed in.

    Parameters
    ----------
    check
        That of ``check``, for what it was asked for.
    evidence
        What all of them say, by declaration.
    given
        How many there are.
    uncompared
        Those on an export that was not compared with its sources.
    """

    check: CheckDocument | None
    evidence: Evidence
    given: int
    uncompared: tuple[str, ...]


def reports(export: Export, check: Path | None, mutated: Path | None, proofs: Path | None) -> Reports:
    """Read what was handed in.

    Raises
    ------
    InputError
        A file cannot be read, is no such report, or is about another export.
    """
    checked = None if check is None else _read(check, CheckDocument, _CHECK, export)
    tried = None if mutated is None else _read(mutated, MutateDocument, _MUTATE, export)
    again = None if proofs is None else _read(proofs, ProveDocument, _PROVE, export)
    given = [(path, one) for path, one in ((check, checked), (mutated, tried), (proofs, again)) if one is not None]
    uncompared = tuple(str(path) for path, one in given if not one.export.fresh)
    evidence = Evidence(
        None if checked is None or check is None else _checked(checked, check, export),
        None if tried is None or mutated is None else _mutants(tried, mutated, export),
        None if again is None or proofs is None else _again(again, proofs, export),
        compared=not uncompared,
    )
    return Reports(checked, evidence, len(given), uncompared)


def _read(path: Path, model: type[_Document], what: str, export: Export) -> _Document:
    written = f"it has to be what `pybridge {what} FILE` wrote"
    try:
        found = model.model_validate(_object(path, json.loads(path.read_text(encoding="utf-8")), written))
    except OSError as error:
        hint = f"write it by `pybridge {what} {path}`" if isinstance(error, FileNotFoundError) else written
        raise InputError(f"{path}: {error.strerror}", hint=hint) from None
    except ValidationError as error:
        raise InputError(f"{path}: {_wrong(error)}", hint=written) from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not JSON: {error}", hint=written) from None
    if (digest := found.export.digest) != export.digest:
        message = (
            f"{path}: is about another export: its digest is {quoted(digest)}, that of {export.path} {quoted(export.digest)}"
        )
        raise InputError(message, hint=f"run `pybridge {what} {path}` again")
    return found


def _wrong(error: ValidationError) -> str:
    """What is wrong with a document first, and where; of a word for which only some are known, these."""
    first = error.errors(include_url=False)[0]
    context, parts = first.get("ctx", {}), [str(part) for part in first["loc"]]
    if first["type"] == "union_tag_invalid":
        field = str(context["discriminator"]).strip("'")
        return f"{'.'.join([*parts, field])}: {context['tag']!r} is none of {context['expected_tags']}"
    return f"{'.'.join(parts)}: {first['msg']}" if parts else str(first["msg"])


def _object(path: Path, document: Any, written: str) -> dict[str, Any]:
    if not isinstance(document, dict):
        kinds = {list: "a list", str: "text", bool: "true or false", type(None): "null"}
        raise InputError(f"{path}: holds {kinds.get(type(document), 'a number')}, and no object", hint=written)
    return document


def _refused(path: Path, said: str, what: str) -> InputError:
    return InputError(f"{path}: {said}", hint=f"write it anew by `pybridge {what} FILE`")


def _theorem(name: str, before: Iterable[str], path: Path, what: str, export: Export) -> ir.Theorem:
    """The theorem of a report's entry, which has to be the only one about it."""
    if name in before:
        raise _refused(path, f"{name} stands in it twice", what)
    if (theorem := export.theorems.get(name)) is None:
        raise _refused(path, f"{name} is no theorem of the export", what)
    return theorem


def families_asked(report: CheckDocument) -> set[str]:
    """The families of batches that a check was asked for."""
    families = report.asked.model_dump().get("families")
    return set(families) if isinstance(families, list) else set()


def _exit_code(said: int, passed: bool, path: Path, what: str) -> None:
    """The exit code of a run is 0 where all passed, and not elsewhere."""
    if (said == 0) is not passed:
        found = "all of it passed" if passed else "not all of it passed"
        raise _refused(path, f"its exit code is {said}, and {found}", what)


def _equation(name: str, said: str, theorem: ir.Theorem, path: Path, what: str) -> None:
    if said != theorem.equation:
        raise _refused(path, f"{name} is called equation ({said}), and it is ({theorem.equation})", what)


def _checked(report: CheckDocument, path: Path, export: Export) -> dict[str, Tried]:
    if report.export.lean.version != export.lean.version:
        said = f"it names Lean {report.export.lean.version}, and the export {export.lean.version}"
        raise _refused(path, said, _CHECK)
    agreed = bool(report.theorems) and all(one.verdict == AGREES for one in report.theorems)
    _exit_code(report.exit_code, agreed, path, _CHECK)
    asked = families_asked(report)
    found: dict[str, Tried] = {}
    for one in report.theorems:
        batches = sum(one.counted.values())
        if one.verdict == AGREES and not batches:
            message = f"{path}: {one.name} agrees, and on no batch"
            raise InputError(message, hint="that is no verdict of `pybridge check`: write it anew")
        theorem = _theorem(one.name, found, path, _CHECK, export)
        _equation(one.name, one.equation, theorem, path, _CHECK)
        tried, most = batches + one.rejected, by_default(theorem, export)
        if unknown := sorted(one.counted.keys() - set(family_names())):
            raise _refused(path, f"{one.name}: no family of batches is called {unknown[0]!r}", _CHECK)
        if unasked := sorted(one.counted.keys() - asked):
            raise _refused(path, f"{one.name}: batches of {unasked[0]} are counted, which were not asked for", _CHECK)
        if tried > most:
            raise _refused(path, f"{one.name}: {tried} batches were tried, and there are {most}", _CHECK)
        found[one.name] = Tried(one.verdict, batches, tried, most)
    return found


def _mutants(report: MutateDocument, path: Path, export: Export) -> dict[str, Mutants]:
    """How those of each declaration fared, held to the mutants that there are: of each declaration of the report, each once."""
    known, reasons = declarations(export), survivors.of(export)
    every = {name: {one.id: one.change for one in mutants(found, export.definitions)} for name, found in known.items()}
    counts: dict[str, Counter[str]] = {name: Counter() for name, found in every.items() if not found}
    seen = set[str]()
    for one in report.mutants:
        if (changes := every.get(one.declaration)) is None:
            raise _refused(path, f"{one.declaration} is no declaration of the export", _MUTATE)
        if changes.get(one.id) != one.change:
            raise _refused(path, f"{one.id}: {one.change}: is no mutant of {one.declaration}", _MUTATE)
        if one.id in seen:
            raise _refused(path, f"{one.id} stands in it twice", _MUTATE)
        seen.add(one.id)
        if isinstance(one, MutantKilled):
            fate = "refuted"
            if one.by not in ({one.declaration} & export.theorems.keys() or export.theorems):
                raise _refused(path, f"{one.id}: {one.by} cannot have refuted it", _MUTATE)
        else:
            why = reasons.get(one.id)
            stands = why is not None and not list(
                survivors.doubts(one.id, Survived(one.verdict, one.tried, tuple(one.proved)), why)
            )
            fate = one.fate if stands else "unexplained"
        counts.setdefault(one.declaration, Counter())[fate] += 1
    return {
        name: Mutants(fates["refuted"], fates["explained"], fates["unexplained"], len(every[name]))
        for name, fates in counts.items()
    }


def _again(report: ProveDocument, path: Path, export: Export) -> dict[str, Again]:
    found: dict[str, Again] = {}
    _exit_code(report.exit_code, all(one.proved for one in report.theorems), path, _PROVE)
    for one in report.theorems:
        _equation(one.name, one.equation, _theorem(one.name, found, path, _PROVE, export), path, _PROVE)
        sizes = [(size.m, size.outcome) for size in one.sizes]
        outcomes = {outcome for _, outcome in sizes}
        if one.proved is not ("proved" in outcomes and outcomes <= {"proved", "nothing to prove"}):
            raise _refused(path, f"{one.name}: 'proved' is {str(one.proved).lower()}, and what its sizes say is not so", _PROVE)
        if len({m for m, _ in sizes}) < len(sizes) or any(m > MOST_ENTRIES for m, _ in sizes):
            said = f"{one.name}: a size stands in it twice, or is above {MOST_ENTRIES}, the largest that is tried"
            raise _refused(path, said, _PROVE)
        found[one.name] = Again(
            tuple(m for m, what in sizes if what == "proved"), tuple(m for m, what in sizes if what == "false")
        )
    return found
