"""The command ``check``: try to refute theorems, and print what was found."""

from __future__ import annotations

from pathlib import Path

from pybridge.batches.generate import Batch, family_names
from pybridge.checking import refutation
from pybridge.checking.check import check_each
from pybridge.checking.verdict import Refuted, TheoremReport, Undecided
from pybridge.cli import results, tables, tojson
from pybridge.cli.footer import not_done_here
from pybridge.cli.options import MANY, items
from pybridge.cli.terminal import bar, opened, say, write_json
from pybridge.errors import OptionError, PybridgeError
from pybridge.export.loading import Export, remedy
from pybridge.ir import Theorem


def run(
    names: list[str],
    families: str | None,
    seed: int,
    max_size: int | None,
    batch: str | None,
    jobs: int,
    json_file: Path | None,
    path: Path | None,
) -> int:
    """Check the theorems of these names and equations, all by default; return the exit code.

    Raises
    ------
    PybridgeError
        Nothing would be checked, or a name is unknown.
    """
    export = opened(path)
    theorems = named(export, names, "checked")
    tried = chosen(families)
    reports = _run(theorems, export, tried, seed, max_size, batch, jobs if len(theorems) >= MANY else 1)
    not_done = not_done_here(export, theorems, tried, max_size, batch)
    code = 0 if reports and all(report.passed for report in reports) else 1
    if json_file is None or str(json_file) != "-":
        _print_results(reports, export, not_done, seed, path)
    if json_file is not None:
        asked = {
            "theorems": [theorem.name for theorem in theorems],
            "families": list(tried),
            "seed": seed,
            "maxSize": max_size,
            "batch": batch,
        }
        write_json(json_file, tojson.document(reports, export, asked=asked, not_done=not_done, code=code))
    return code


def chosen(families: str | None) -> tuple[str, ...]:
    """The families that ``--families`` asks for, all by default.

    Raises
    ------
    OptionError
        One is unknown.
    """
    found = family_names() if families is None else tuple(items(families, "--families"))
    if unknown := next((name for name in found if name not in family_names()), None):
        raise OptionError(f"--families: no family is called {unknown!r}", hint=f"there are {', '.join(family_names())}")
    return found


def named(export: Export, names: list[str], done: str) -> tuple[Theorem, ...]:
    """The theorems of these names and equations, each once; all by default.

    Raises
    ------
    PybridgeError
        A name is unknown, or the export holds no theorem: nothing would be ``done``.
    """
    theorems = [theorem for name in names for theorem in export.stated(name)] if names else list(export.theorems.values())
    if not theorems:
        raise PybridgeError(f"the export holds no theorem: nothing was {done}", hint=remedy(export.path))
    return tuple({theorem.name: theorem for theorem in theorems}.values())


def _run(
    theorems: tuple[Theorem, ...],
    export: Export,
    families: tuple[str, ...],
    seed: int,
    largest: int | None,
    only: str | None,
    jobs: int,
) -> list[TheoremReport]:
    """Check the theorems, with a bar on stderr where that is a terminal."""
    reports = []
    with bar("theorems", len(theorems)) as tell:

        def on(name: str, batch: Batch) -> None:
            tell(f"{tables.short_name(name)} on {batch.name}", 0)

        found = check_each(theorems, export, jobs=jobs, families=families, seed=seed, largest=largest, batch=only, progress=on)
        for report in found:
            reports.append(report)
            tell(tables.short_name(report.theorem.name), 1)
    return reports


def _print_results(reports: list[TheoremReport], export: Export, not_done: list[str], seed: int, path: Path | None) -> None:
    tables.show(results.table(reports, export))
    for report in reports:
        match report.verdict:
            case Refuted(witness=witness):
                say(["", *refutation.explain(report, witness, _again(report, witness.found_on, seed, path), export)])
            case Undecided(batches=batches, precision=precision, why=why):
                again = _again(report, batches[0], seed, path)
                undecided = f"UNDECIDED {report.theorem.name} at {precision} bits on {', '.join(batches)}"
                say(["", undecided, f"  {why}", f"repeat: {again}"])
            case _:
                pass
    passed = sum(report.passed for report in reports)
    say(["", f"{passed} of {len(reports)} theorems agree", "not done here:", *(f"  {line}" for line in not_done)])


def _again(report: TheoremReport, batch: str, seed: int, path: Path | None) -> str:
    other = f" --export {path}" if path is not None else ""
    return f"pybridge check {report.theorem.name} --batch {batch} --seed {seed}{other}"
