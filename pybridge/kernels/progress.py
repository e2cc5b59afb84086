"""A bar on stderr for comparisons that take long."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from time import monotonic

PATIENCE = 2.0
"""Seconds before it is shown."""


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Yield what is told how many numbers were compared since it was told last; it shows a bar, on a terminal only."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda _: None
        return
    begun = monotonic()
    with ExitStack() as shown:
        done = 0
        advance: Callable[[int], None] | None = None

        def tell(more: int) -> None:
            nonlocal done, advance
            done += more
            if advance is None and monotonic() - begun >= PATIENCE:
                advance = _bar(what, total, shown)
                advance(done)
            elif advance is not None:
                advance(more)

        yield tell


def _bar(what: str, total: int, shown: ExitStack) -> Callable[[int], None]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bar = shown.enter_context(Progress(*columns, console=Console(stderr=True), transient=True))
    task = bar.add_task(what, total=total)
    return lambda more: bar.update(task, advance=more)
