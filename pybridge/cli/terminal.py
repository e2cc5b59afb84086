"""What the commands share: the option for another export, lines and tables to stdout, a bar on stderr, results to a file."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pybridge.errors import OptionError, PybridgeError


def _writable(target: Path | None) -> Path | None:
    """Try the place for the results before the run; what is there stays, and where nothing is, nothing is left."""
    if target is None or str(target) == "-":
        return target
    place = Path(os.path.realpath(target))
    try:
        if not place.exists():
            place.open("xb").close()
            place.unlink()
        elif place.is_dir() or place.is_file():  # a pipe is not opened twice
            place.open("ab").close()
    except OSError as error:
        raise _no_place(target, error) from None
    return target


def _no_place(target: Path, error: OSError) -> PybridgeError:
    return PybridgeError(f"cannot write {target}: {error.strerror}", hint="choose another place for --json")


ExportOption = Annotated[
    Path | None, typer.Option("--export", help="Another export file than the package's.", show_default=False)
]
JsonOption = Annotated[
    Path | None,
    typer.Option(
        "--json", metavar="FILE", callback=_writable, help="Also write the results, `-` for stdout instead of the table."
    ),
]


def stdout() -> Console:
    """The console that tables and lines go to."""
    return Console(file=sys.stdout)


def say(console: Console, lines: Iterable[str]) -> None:
    """Print lines as they are."""
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def bar() -> Progress:
    """A bar on stderr, where that is a terminal."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )


def write_json(target: Path, results: Any) -> None:
    """Write results to a file, or to stdout for ``-``."""
    text = json.dumps(results, ensure_ascii=False, indent=1) + "\n"
    if str(target) == "-":
        sys.stdout.write(text)
        return
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise _no_place(target, error) from None


def items(text: str, option: str) -> list[str]:
    """The items of a list with commas, each once.

    Raises
    ------
    OptionError
        One of them is empty.
    """
    found = [part.strip() for part in text.split(",")]
    if not all(found):
        raise OptionError(f"{option}: {text!r} has an empty item", hint="write the items with one comma between two of them")
    return list(dict.fromkeys(found))
