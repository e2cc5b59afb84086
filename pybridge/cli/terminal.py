"""What the commands share: the export they read, lines to stdout, a bar on stderr, results to a file."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pybridge.cli.options import no_place
from pybridge.errors import InputError
from pybridge.export.document import MAX_BYTES
from pybridge.export.loading import Export, load, loads

Tell = Callable[[str, int], None]
"""Tells the bar what is at work, and how many are done since it was told last."""


def opened(path: Path | None) -> Export:
    """The export that ``--export`` asks for: a file, ``-`` for stdin, or the package's own.

    Raises
    ------
    ExportError, InputError
        It is refused, or stdin is closed.
    """
    if path is None or str(path) != "-":
        return load(path)
    if sys.stdin is None:
        raise InputError("--export -: stdin is closed", hint="write the export into a pipe, or name its file")
    return loads(sys.stdin.buffer.read(MAX_BYTES + 1), "<stdin>")


def say(lines: Iterable[str]) -> None:
    """Print lines as they are, at once."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def note(line: str) -> None:
    """Say something that is no part of the output, on stderr."""
    if sys.stderr is not None:
        sys.stderr.write(f"pybridge: {line}\n")


@contextmanager
def bar(what: str, total: int, *, remaining: bool = False) -> Iterator[Tell]:
    """A bar on stderr, where that is a terminal; with the time that is left, if that is asked for."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda _, __: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()]
    columns += [TextColumn("left"), TimeRemainingColumn()] if remaining else []
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=total)
        yield lambda now, done: progress.update(task, description=now, advance=done)


def write_json(target: Path, results: Any) -> None:
    """Write results to a file, or to stdout for ``-``."""
    text = json.dumps(results, ensure_ascii=False, indent=1) + "\n"
    if str(target) == "-":
        sys.stdout.write(text)
        return
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise no_place(target, error) from None
