"""A stale export, for commands that say what of the sources has changed since.

In: a path.  Out: the export, and that it is stale as a difference that comes before those that are found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pybridge.cli.terminal import opened
from pybridge.errors import ExportStale, InputError
from pybridge.export.loading import Export, load
from pybridge.surface.compare import Difference
from pybridge.surface.tokens import SurfaceError


def opened_anyway(path: Path | None) -> tuple[Export, tuple[Difference, ...]]:
    """The export, for a command that says what differs from the sources: of stale ones too, as a difference that comes first.

    Raises
    ------
    ExportError, InputError
        It is refused for another reason, or stdin is closed.
    """
    try:
        return opened(path), ()
    except ExportStale as stale:
        return load(path, check_sources=False), (Difference("the export", "stale", "", "", stale.message),)


@contextmanager
def besides(stale: Sequence[Difference]) -> Iterator[None]:
    """Where a source is so changed that it cannot be read, say that it has changed as well."""
    try:
        yield
    except (InputError, SurfaceError) as error:
        if not stale:
            raise
        raise type(error)(f"{error.message}; {stale[0].why}", hint=error.hint) from None
