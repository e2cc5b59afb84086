"""Tables on terminals of any width, and in a pipe."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace

import pytest
from command import Finished

from pybridge.cli import tables
from pybridge.cli.origin import origin
from pybridge.cli.tables import Rows, fitting, plain, stacked
from pybridge.export.loading import Export, Unchecked, load
from pybridge.export.versions import written_by

pty = pytest.importorskip("pty")
LONG = "a_name_of_more_than_forty_characters_in_all_of_it"
ROWS = Rows(
    ("eq.", "theorem", "batches", "worst", "verdict"),
    (("(1)", LONG, "1+2", "random-m3-s0.4", "agrees"), ("(Thm 4.1)", "short", "10+2", "-", "vacuous (0 of 3)")),
    optional=("worst", "batches"),
)


def on_terminal(width: int, *arguments: str) -> list[str]:
    """The lines that the command writes to a terminal of this width, without what the bar and the colours are made of."""
    here, there = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(width), "TERM": "xterm", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "pybridge", *arguments]
    with subprocess.Popen(command, stdout=there, stderr=subprocess.PIPE, env=environment) as process:
        os.close(there)
        written = b""
        try:
            while block := os.read(here, 65536):
                written += block
        except OSError:  # how Linux says that a terminal has no other end any more
            pass
        assert process.stderr is not None
        assert process.stderr.read() == b""
    os.close(here)
    assert process.returncode == 0
    return re.sub(r"\x1b\[[\d;]*m|\r", "", written.decode("utf-8")).splitlines()


def test_what_all_rows_say_is_said_once(everything: Finished, export: Export) -> None:
    """Who proved the theorems, and whether the export is fresh: above the table, and in no row."""
    moved = replace(export, freshness=Unchecked("a copy elsewhere"))
    first, blank, titles, *rows = everything.out.splitlines()
    said = f"export not compared with sources, written by {written_by(moved)}; proofs not re-run; batches: drawn + recorded"
    assert first == said
    assert blank == ""
    assert titles.split() == ["eq.", "theorem", "batches", "digits", "worst", "batch", "verdict"]
    assert "Lean" not in "".join(rows[: len(export.theorems)])


@pytest.mark.parametrize(
    ("width", "left_out"), [(80, "worst batch"), (60, "worst batch, batches")], ids=["80 columns", "60 columns"]
)
def test_check_on_a_terminal(width: int, left_out: str, export: Export) -> None:
    """A row fits: what there is no room for is named, a verdict stands in each row, and a long name is folded, not cut."""
    chosen = ("Thm4.2", "variance_nonneg", "--max-size", "3", "--families", "random")
    lines = on_terminal(width, "check", *chosen)
    table = lines[: next(number for number, line in enumerate(lines) if "theorems agree" in line)]
    assert all(len(line) <= width for line in table)
    assert f"left out for want of width: {left_out}" in table
    theorems = [*export.stated("Thm 4.2"), export.theorem("variance_nonneg")]
    rows = [line for line in table if line.rstrip().endswith("agrees")]
    assert len(rows) == len(theorems)
    titles = next(line for line in table if line.startswith("eq."))
    column = slice(titles.index("theorem"), titles.index("digits" if "batches" in left_out else "batches"))
    names = "".join(line[column].strip() for line in table[table.index(titles) + 1 :])
    assert names == "".join(theorem.name.removeprefix("BatchNorm.") for theorem in theorems)


@pytest.mark.parametrize("width", [80, 60])
def test_list_on_a_terminal(width: int, export: Export) -> None:
    """Where they are from, and a few lines for each theorem, none wider than the terminal, nothing of them lost."""
    lines = on_terminal(width, "list")
    assert all(len(line) <= width for line in lines)
    expected = [cell for row in tables.listing(tuple(export.theorems.values())).cells for cell in row]
    assert "".join("".join(lines).split()) == "".join("".join([origin(load()), *expected]).split())


def test_a_wide_table_is_whole() -> None:
    """Nothing is left out where there is room, and nothing is said of it."""
    assert fitting(ROWS, 200) == Rows(ROWS.titles, ROWS.cells)


def test_columns_are_left_out_in_their_order() -> None:
    """The first that may be, then the second; those that may not stay, however narrow it is."""
    least = ("eq.", "theorem", "verdict")
    for width, kept in ((86, ("eq.", "theorem", "batches", "verdict")), (70, least), (10, least)):
        found = fitting(ROWS, width)
        assert found.titles == kept
        missing = ", ".join(title for title in ("worst", "batches") if title not in kept)
        assert found.above == (f"left out for want of width: {missing}",)
        assert [len(row) for row in found.cells] == [len(kept)] * 2


def test_a_pipe_gets_all() -> None:
    """Aligned, two blanks apart."""
    titles, first, second = plain(ROWS)
    assert first == f"(1)        {LONG}  1+2      random-m3-s0.4  agrees"
    assert titles.index("verdict") == first.index("agrees") == second.index("vacuous")


def test_stacked_rows() -> None:
    """Cells beside each other as they fit, and one that does not is wrapped between words."""
    rows = Rows(("eq.", "name", "where", "says"), (("(1)", "name", "file:1", "one two three four"), ("(2)", "x", "y", "z")))
    assert stacked(rows, 18) == ["(1)  name  file:1", "     one two three", "     four", "(2)  x  y  z"]
