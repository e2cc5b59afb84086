"""Tables, for a terminal with rich, and as plain aligned columns for a pipe: the same rows, stable and easy to grep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pybridge.batches.generate import RECORDED
from pybridge.checking.verdict import Agrees, Refuted, TheoremReport, Undecided, Vacuous, Verdict, word
from pybridge.export.loading import NAMESPACE, Export, Fresh
from pybridge.ir import Theorem

_STYLES = {"agrees": "green", "refuted": "bold red", "undecided": "yellow", "vacuous": "yellow"}


@dataclass(frozen=True, slots=True)
class Rows:
    """A table before it is rendered: column titles, and as many cells in each row."""

    titles: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]


def short_name(theorem: Theorem) -> str:
    """Return the theorem's name, without the namespace that a name is looked for in first."""
    return theorem.name.removeprefix(f"{NAMESPACE}.")


def listing(theorems: Sequence[Theorem]) -> Rows:
    """Return one row per theorem: equation, name, place in the sources, first line of the docstring."""
    rows = (
        (f"({theorem.equation})", theorem.name, f"{theorem.file}:{theorem.line}", theorem.docstring.strip().partition("\n")[0])
        for theorem in theorems
    )
    return Rows(("eq.", "theorem", "where", "says"), tuple(rows))


def results(reports: Sequence[TheoremReport], export: Export) -> Rows:
    """Return one row per checked theorem, as STYLE asks: proved by whom, fresh or not, how many batches, how well, verdict."""
    proved = f"Lean {export.lean.version} (not re-run)"
    fresh = "fresh" if isinstance(export.freshness, Fresh) else "not checked"
    rows = (
        (
            f"({report.theorem.equation})",
            short_name(report.theorem),
            proved,
            fresh,
            counts(report),
            agreed(report.verdict),
            remark(report),
        )
        for report in reports
    )
    return Rows(("eq.", "theorem", "proved by", "export", "drawn+real", "digits @ worst batch", "verdict"), tuple(rows))


def counts(report: TheoremReport) -> str:
    """Return how many drawn and how many recorded batches counted, as ``41+32``."""
    real = report.counted.get(RECORDED, 0)
    return f"{sum(report.counted.values()) - real}+{real}"


def agreed(verdict: Verdict) -> str:
    """Return the decimal digits agreed on the worst batch, and its name."""
    match verdict:
        case Agrees(digits=None):
            return "exact"
        case Agrees(digits=float(digits), worst=worst):
            return f"{digits:.1f} @ {worst}"
        case _:
            return "-"


def remark(report: TheoremReport) -> str:
    """Return the verdict, with how far it goes where it is not ``agrees``."""
    match report.verdict:
        case Undecided(batches=batches):
            return f"undecided ({len(batches)} of {sum(report.counted.values())})"
        case Vacuous(drawn=drawn):
            return f"vacuous (0 of {drawn})"
        case Refuted(witness=witness):
            return f"refuted @ {witness.found_on}"
        case _:
            return word(report.verdict)


def show(rows: Rows, console: Console) -> None:
    """Print rows: a rich table on a terminal, else columns two blanks apart, whatever the width."""
    if not console.is_terminal:
        for line in plain(rows):
            console.print(line, markup=False, highlight=False, soft_wrap=True)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in rows.titles:
        table.add_column(title, overflow="fold")
    for cells in rows.cells:
        style = _STYLES.get(cells[-1].partition(" ")[0], "")
        table.add_row(*(Text(cell, style=style if place == len(cells) - 1 else "") for place, cell in enumerate(cells)))
    console.print(table)


def plain(rows: Rows) -> list[str]:
    """Return the rows, titles first, as lines of aligned columns."""
    lines = (rows.titles, *rows.cells)
    widths = [max(len(line[column]) for line in lines) for column in range(len(rows.titles))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
