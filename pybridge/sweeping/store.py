"""The folder of a sweep: what it goes over in ``sweep.json``, and one line for each task that is done in ``results.jsonl``.

A run that goes on with it has to be the same sweep, and the only one at work there.  Lines are written whole, each with a
digest of it: what a killed run has left of its last one is taken off, and its task is done again.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from typing_extensions import Self

from pybridge.errors import InputError, PybridgeError
from pybridge.sweeping.grid import Grid
from pybridge.sweeping.lines import Reader, written
from pybridge.sweeping.locking import Locked, lock
from pybridge.sweeping.manifest import MANIFEST, check_same, read_manifest
from pybridge.sweeping.work import Line

RESULTS = "results.jsonl"
LOCK = "lock"
_NEW = f"{MANIFEST}.new"
_BINARY = getattr(os, "O_BINARY", 0)
"""On Windows: the end of a line is written as it is."""
_SYNCED = 8 * 2**20
"""Bytes after which the system is told to bring them to the disk."""


class Store:
    """The folder of a sweep, opened to go on with it; locked until it is closed.

    Parameters
    ----------
    folder
        Where; made if it is not there.
    manifest
        What ``manifest.manifest`` says of the sweep that is to be run.
    grid
        Its tasks.
    seen
        Told of each line that is there already.

    Raises
    ------
    PybridgeError
        Another run is at work there; it holds another sweep, or other files; a line in it is no result of this sweep; it cannot
        be written.
    """

    def __init__(
        self, folder: Path, manifest: Mapping[str, Any], grid: Grid, seen: Callable[[Line], None] = lambda _: None
    ) -> None:
        self.folder = folder
        self.sweep: str = manifest["sweep"]
        self._unsynced = 0
        self._file = -1
        self._lock: int | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = lock(folder / LOCK, f"process {os.getpid()} on {socket.gethostname()}")
            self._begin_or_compare(manifest)
            self._file = os.open(folder / RESULTS, os.O_RDWR | os.O_CREAT | os.O_APPEND | _BINARY, 0o666)
            reader = Reader(folder / RESULTS, self.sweep, grid)
            for line in reader:
                seen(line)
            self.done, self._end = reader.done, reader.end
            os.ftruncate(self._file, self._end)  # what a killed run has left of a line
        except Locked as locked:
            self.close()
            message = f"{folder}: another run is at work there{locked}"
            raise InputError(message, hint="wait for its end, or give another folder") from None
        except OSError as error:
            self.close()
            raise _no_place(folder, error) from None
        except BaseException:
            self.close()
            raise

    def add(self, lines: Iterable[Line], numbers: Iterable[int]) -> None:
        """Write lines, and count the tasks of these numbers as done.

        Raises
        ------
        PybridgeError
            There is no room for them: none of them is there, and all before are.
        """
        content = "".join(written(line, self.sweep) for line in lines).encode()
        try:
            _write(self._file, content)
        except OSError as error:
            with suppress(OSError):  # what is left of a line is taken off by the next run
                os.ftruncate(self._file, self._end)
            raise _no_place(self.folder / RESULTS, error) from None
        self._end += len(content)
        self._unsynced += len(content)
        if self._unsynced > _SYNCED:
            self._sync()
        for number in numbers:
            self.done.add(number)

    def _begin_or_compare(self, manifest: Mapping[str, Any]) -> None:
        place = self.folder / MANIFEST
        if place.exists():
            check_same(read_manifest(self.folder), manifest, self.folder)
            return
        if others := sorted(file.name for file in self.folder.iterdir() if file.name not in (LOCK, _NEW)):
            message = f"{self.folder}: holds {others[0]} and no {MANIFEST}: it is not the folder of a sweep"
            raise InputError(message, hint="give a new folder")
        new = self.folder / _NEW
        with new.open("w", encoding="utf-8") as stream:
            stream.write(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        new.replace(place)

    def _sync(self) -> None:
        os.fsync(self._file)
        self._unsynced = 0

    def close(self) -> None:
        """Close it, so that another run may go on."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._sync()
        except OSError as error:
            raise _no_place(self.folder / RESULTS, error) from None
        finally:
            self.close()


def _write(file: int, content: bytes) -> None:
    while content:
        content = content[os.write(file, content) :]


def _no_place(place: Path, error: OSError) -> PybridgeError:
    return PybridgeError(
        f"cannot write {place}: {error.strerror or error}",
        hint="make room there and go on by the same command, or give another folder with -o",
    )
