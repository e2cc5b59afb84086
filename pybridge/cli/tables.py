"""Tables: aligned columns of any width for a pipe, stable and easy to grep, and what fits on a terminal, the same rows."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pybridge.cli.terminal import say
from pybridge.export.names import NAMESPACE
from pybridge.ir import Theorem

if TYPE_CHECKING:
    from rich.console import Console

_STYLES = {"agrees": "green", "refuted": "bold red", "undecided": "yellow", "vacuous": "yellow"}
_BETWEEN = 2
FOLDED = 40
"""Characters of the widest column that a terminal has to have room for before another column is left out."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A table before it is rendered.

    Parameters
    ----------
    titles, cells
        Column titles, and as many cells in each row.
    above
        What all rows have in common, as lines above the table.
    optional
        The columns that a narrow terminal leaves out, first the first.
    stacked
        Whether a narrow terminal gets a row as a few lines instead: the first column, and beside it the others.
    """

    titles: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    above: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    stacked: bool = False


def short_name(name: str) -> str:
    """A declaration's name without the namespace that a name is looked for in first."""
    return name.removeprefix(f"{NAMESPACE}.")


def listing(theorems: Sequence[Theorem], *above: str) -> Rows:
    """Return one row per theorem: equation, name, place in the sources, first sentence of the docstring."""
    rows = (
        (f"({theorem.equation})", theorem.name, f"{theorem.file}:{theorem.line}", sentence(theorem.docstring))
        for theorem in theorems
    )
    return Rows(("eq.", "theorem", "where", "says"), tuple(rows), above, stacked=True)


def sentence(docstring: str) -> str:
    """The first sentence of a docstring, on one line."""
    return re.split(r"(?<=\.)\s", " ".join(docstring.split()), maxsplit=1)[0]


def show(rows: Rows) -> None:
    """Print rows: to a terminal what fits into it, else columns two blanks apart, whatever the width."""
    if not sys.stdout.isatty() and not os.environ.get("FORCE_COLOR"):
        say([*_lines(rows), *plain(rows)])
        return
    from rich.console import Console

    _show(rows, Console(file=sys.stdout))


def plain(rows: Rows) -> list[str]:
    """Return the rows, titles first, as lines of aligned columns."""
    lines = (rows.titles, *rows.cells)
    widths = _widths(rows)
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]


def stacked(rows: Rows, width: int) -> list[str]:
    """Return each row as a few lines of at most ``width`` characters: the first cell, and beside it the others as they fit."""
    indent = _widths(rows)[0] + _BETWEEN
    lines: list[str] = []
    for first, *others in rows.cells:
        beside: list[str] = []
        for cell in others:
            if beside and len(beside[-1]) + _BETWEEN + len(cell) <= width - indent:
                beside[-1] += " " * _BETWEEN + cell
            else:
                beside += textwrap.wrap(cell, width - indent)
        for number, line in enumerate(beside):
            lines.append(("" if number else first).ljust(indent) + line)
    return lines


def fitting(rows: Rows, width: int) -> Rows:
    """Return the rows without as many of the optional columns as there is no room for, and a line that says so."""
    left_out: list[str] = []
    for title in (*rows.optional, None):
        kept = [place for place, name in enumerate(rows.titles) if name not in left_out]
        widths = [_widths(rows)[place] for place in kept]
        needed = sum(widths) + _BETWEEN * (len(widths) - 1) - max(widths) + min(max(widths), FOLDED)
        if needed <= width or title is None:
            break
        left_out.append(title)
    cells = tuple(tuple(row[place] for place in kept) for row in rows.cells)
    missing = (f"left out for want of width: {', '.join(left_out)}",) if left_out else ()
    return Rows(tuple(rows.titles[place] for place in kept), cells, (*rows.above, *missing))


def _lines(rows: Rows) -> list[str]:
    """What stands above a table, and a blank line."""
    return [*rows.above, ""] if rows.above else []


def _widths(rows: Rows) -> list[int]:
    return [max(map(len, column)) for column in zip(rows.titles, *rows.cells, strict=True)]


def _show(rows: Rows, console: Console) -> None:
    from rich.table import Table
    from rich.text import Text

    if rows.stacked and sum(_widths(rows)) + _BETWEEN * (len(rows.titles) - 1) > console.width:
        width = max(console.width, 40)
        say(line for above in _lines(rows) for line in textwrap.wrap(above, width) or [""])
        say(stacked(rows, width))
        return
    kept = fitting(rows, console.width)
    say(line for above in _lines(kept) for line in textwrap.wrap(above, console.width) or [""])
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, _BETWEEN, 0, 0))
    widths = _widths(kept)
    for title, width in zip(kept.titles, widths, strict=True):
        table.add_column(title, overflow="fold", no_wrap=width < max(widths))
    for cells in kept.cells:
        style = _STYLES.get(cells[-1].partition(" ")[0].rstrip(":"), "")
        table.add_row(*(Text(cell, style=style if place == len(cells) - 1 else "") for place, cell in enumerate(cells)))
    console.print(table)
