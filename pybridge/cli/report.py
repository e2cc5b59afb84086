"""The command ``report``: check, measure, draw, and write a page."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from pybridge.cli import check, tables
from pybridge.cli.footer import not_done_here
from pybridge.cli.options import MANY, MUTATED, items, no_place
from pybridge.cli.terminal import bar, opened, say
from pybridge.errors import OptionError, PybridgeError
from pybridge.export.loading import Export
from pybridge.ir import Theorem
from pybridge.reporting import report as page
from pybridge.reporting.chain import of_chain
from pybridge.reporting.svg import require


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of the command, as they were given."""

    output: Path
    every: bool
    families: str | None
    seed: int
    max_size: int | None
    mutants: str
    jobs: int


def run(names: list[str], asked: Asked, path: Path | None) -> int:
    """Write the report; return the exit code, 0 where all that was tried is as it should be.

    Raises
    ------
    PybridgeError
        A name or family is unknown, the extra is missing, or the file cannot be written.
    """
    require()
    if asked.every and names:
        raise OptionError("--all checks all theorems", hint="leave out the names, or --all")
    export = opened(path)
    theorems = check.named(export, names, "checked") if names or asked.every else of_chain(export)
    if not theorems:
        raise PybridgeError("the export has no theorem of the chain: nothing was checked", hint="give names, or --all")
    families = check.chosen(asked.families)
    mutated = _mutated(asked.mutants, theorems, export)
    wanted = page.Asked(
        theorems, mutated, families, asked.seed, asked.max_size, asked.jobs if len(theorems) >= MANY or mutated else 1
    )
    not_done = not_done_here(export, theorems, families, asked.max_size, None)
    if len(mutated) < len(export.theorems):
        not_done.append(
            f"mutants of {len(export.theorems) - len(mutated)} other theorems, and of definitions: `pybridge mutate`"
        )
    with bar("report", page.count(wanted, export)) as tell:
        written = page.report(
            export, wanted, command=_again(names, asked), not_done=not_done, tell=lambda what: tell(tables.short_name(what), 1)
        )
    _write(asked.output, written.html)
    return 0 if written.passed else 1


def _mutated(chosen: str, theorems: tuple[Theorem, ...], export: Export) -> tuple[Theorem, ...]:
    """The theorems of which the mutants are tried."""
    if chosen == "none":
        return ()
    if chosen == "checked":
        return theorems
    if chosen == MUTATED:
        return tuple(theorem for theorem in export.theorems.values() if theorem.equation in MUTATED.split(","))
    return check.named(export, items(chosen, "--mutants"), "mutated")


def _again(names: list[str], asked: Asked) -> str:
    """The command that writes the same page."""
    options = {
        "--families": asked.families,
        "--seed": asked.seed or None,
        "--max-size": asked.max_size,
        "--mutants": None if asked.mutants == MUTATED else asked.mutants,
    }
    given = [f"{option} {value}" for option, value in options.items() if value is not None]
    return " ".join(["pybridge report", *names, *(["--all"] if asked.every else []), *given])


def _write(target: Path, html: str) -> None:
    if str(target) == "-":
        sys.stdout.write(html)
        return
    try:
        target.write_text(html, encoding="utf-8")
    except OSError as error:
        raise no_place(target, error, "-o") from None
    say([f"{target}: {len(html.encode()) // 1000} kB"])
