"""Whether an export is of the Lean sources beside it: their hashes, compared with those it records."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from pybridge.errors import AGAIN, ExportStale


@dataclass(frozen=True, slots=True)
class Fresh:
    """Every Lean source beside the export is the one that was exported."""

    root: Path


@dataclass(frozen=True, slots=True)
class Unchecked:
    """The sources were not compared, and why."""

    reason: str


Freshness: TypeAlias = Fresh | Unchecked


def hash_text(file: Path) -> str:
    """The sha256 of a text file, taken with LF line ends."""
    return hashlib.sha256(file.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def kept_hash(file: Path) -> str:
    """``hash_text``, once for the same file, size and times: for calls by the hundred, no verdict about the file.

    An edit through a shared memory map may leave the times as they were, and goes unnoticed until they change. A file that was
    written within the last seconds is read again each time, since a clock's next tick may not tell another edit apart.
    """
    name, state = os.fspath(file.absolute()), _state(file.stat())
    if (known := _hashed.get(name)) is not None and known[0] == state:
        return known[1]
    found = hash_text(file)
    if time.time_ns() - max(state[2:]) > _SETTLED and _state(file.stat()) == state:
        _hashed[name] = state, found
    return found


def _state(status: os.stat_result) -> tuple[int, int, int, int]:
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


_SETTLED = 5 * 10**9
_hashed: dict[str, tuple[tuple[int, int, int, int], str]] = {}


def hash_sources(root: Path, hashed: Callable[[Path], str] = hash_text) -> dict[str, str]:
    """The sha256 of every Lean source of the checkout ``root``, by its path from there, sorted.

    These are the .lean files below ``lean``, ``lean-toolchain`` and ``lake-manifest.json``, each taken with LF line ends: a
    clone that was given CRLF holds the same sources.
    """
    files = [*(root / "lean").rglob("*.lean"), root / "lean-toolchain", root / "lake-manifest.json"]
    found = {file.relative_to(root).as_posix(): file for file in files if file.is_file()}
    return {name: hashed(found[name]) for name in sorted(found)}


def freshness(path: Path, recorded: Mapping[str, str], hashed: Callable[[Path], str] = hash_text) -> Freshness:
    """Compare the hashes that the export at ``path`` records with its checkout, where it lies in one.

    The sources are read for it each time, unless ``hashed`` is ``kept_hash``.

    Raises
    ------
    ExportStale
        A source has changed, is missing or is new.
    """
    root = path.resolve().parent.parent.parent
    if not (root / "lean").is_dir():
        return Unchecked("no sources beside the export")
    actual = hash_sources(root, hashed)
    for file in sorted({*recorded, *actual}):
        if recorded.get(file) != actual.get(file):
            change = "is new" if file not in recorded else "is missing" if file not in actual else "has changed"
            raise ExportStale(f"{path}: stale: {file} {change} since the export was written", hint=AGAIN)
    return Fresh(root)
