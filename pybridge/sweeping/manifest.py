"""What a sweep is, written down before its first task: the export, the versions, what it goes over, and what is left out.

Its identity is a digest of all that a line depends on.  A run goes on with a folder where the identity is the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pybridge.errors import InputError
from pybridge.export.document import quoted
from pybridge.export.loading import Export
from pybridge.export.versions import written_by
from pybridge.sweeping.grid import DIGITS, Grid
from pybridge.sweeping.work import versions

MANIFEST = "sweep.json"
SCHEMA = 1
_MEANING = ("schema", "export", "versions", "options", "skipped")
"""The fields that the identity is made of."""
_OTHER = "give another folder with -o"


def manifest(grid: Grid, export: Export) -> dict[str, Any]:
    """Say what a sweep is."""
    said: dict[str, Any] = {
        "schema": SCHEMA,
        "export": {"digest": export.digest, "lean": export.lean.version, "mathlib": export.mathlib.revision},
        "versions": versions(),
        "options": grid.options(),
        "skipped": [one._asdict() for one in grid.skipped],
    }
    equations = {name: export.theorems[name].equation for name in grid.theorems}
    more = {"written": written_by(export), "tasks": len(grid), "equations": equations}
    return {"sweep": _identity(said), **said, **more}


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest in a folder.

    Raises
    ------
    InputError
        There is none, or it is none.
    """
    place = folder / MANIFEST
    try:
        found = json.loads(place.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"{place}: cannot be read: {error.strerror}"
        raise InputError(message, hint="give the folder that a sweep was kept in with -o") from None
    except ValueError as error:
        raise InputError(f"{place}: not JSON: {error}", hint="restore the file") from None
    _check_whole(found, place)
    return dict(found)


def _check_whole(found: object, place: Path) -> None:
    """Refuse a manifest that is not as it was written."""
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        raise InputError(f"{place}: not the manifest of a sweep, schema {SCHEMA}", hint="restore the file")
    if found.get("sweep") != _identity(found):
        raise InputError(f"{place}: edited after it was written", hint="restore the file")


def check_same(begun: Mapping[str, Any], asked: Mapping[str, Any], folder: Path) -> None:
    """Refuse to go on with a sweep that is another one.

    Raises
    ------
    InputError
        It was begun with another export, other versions or other options.
    """
    if begun["sweep"] == asked["sweep"]:
        return
    if (old := begun["export"]["digest"]) != (new := asked["export"]["digest"]):
        message = f"{folder}: begun with another export: its digest is {quoted(old)}, the one here has {quoted(new)}"
        raise InputError(message, hint=f"give that one with --export, or {_OTHER}")
    for name, version in begun["versions"].items():
        if (here := asked["versions"].get(name)) != version:
            message = f"{folder}: begun with {name} {version}, and here is {here}, which may draw other batches"
            raise InputError(message, hint=f"install that version, or {_OTHER}")
    for name, value in begun["options"].items():
        if (here := asked["options"].get(name)) != value:
            message = f"{folder}: begun with other {name}: {_shown(value)}, not {_shown(here)}"
            raise InputError(message, hint=f"give the same options, or {_OTHER}")
    raise InputError(f"{folder}: begun as another sweep", hint=_OTHER)


def _shown(value: object) -> str:
    items = [str(item).removeprefix("BatchNorm.") for item in value] if isinstance(value, list | dict) else [str(value)]
    return ", ".join(items[:6]) + (f" and {len(items) - 6} more" if len(items) > 6 else "")


def _identity(said: Mapping[str, Any]) -> str:
    meaning = {name: said.get(name) for name in _MEANING}
    canonical = json.dumps(meaning, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[: 2 * DIGITS]
