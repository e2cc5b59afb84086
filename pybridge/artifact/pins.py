"""The hashes of the files beside the export that it does not hold itself, in one place: ``artifact.json``.

In: an export, a checkout.  Out: the manifest as JSON, or where a checkout is not what its manifest says.  The sources in
``lean`` are hashed in the export; its own digest is in the manifest.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from pybridge.errors import InputError
from pybridge.export.sources import hash_text

Json: TypeAlias = dict[str, Any]
MANIFEST = "artifact.json"
FILES = (
    *("Challenge.lean", "Solution.lean", "comparator.json", "lake-manifest.json", "lakefile.lean", "lean-toolchain"),
    "lean/allowed.json",
)
"""What is hashed, with LF line ends."""
WRITTEN_BY = "python scripts/metadata.py"


def pins(digest: str, root: Path) -> Json:
    """The manifest of the checkout ``root``, whose export has this digest."""
    return {"schema": 1, "export": digest, "files": [{"file": name, "sha256": sha256(root / name)} for name in FILES]}


class Recorded(NamedTuple):
    """What a manifest says: the digest of the export, and the hashes by file; and its own hash, with LF line ends."""

    digest: str
    hashes: dict[str, str]
    sha256: str


def recorded(root: Path) -> Recorded:
    """What the manifest of the checkout ``root`` says.

    Raises
    ------
    InputError
        There is none, or it is none.
    """
    place = root / MANIFEST
    try:
        content = place.read_bytes().replace(b"\r\n", b"\n")
        document = json.loads(content.decode("utf-8"))
        hashes = {str(one["file"]): str(one["sha256"]) for one in document["files"]}
        return Recorded(str(document["export"]), hashes, hashlib.sha256(content).hexdigest())
    except OSError as error:
        raise InputError(f"{place}: {error.strerror}", hint=f"`{WRITTEN_BY}` writes it") from None
    except (ValueError, KeyError, TypeError):
        raise InputError(f"{place}: no manifest", hint=f"`{WRITTEN_BY}` writes it") from None


def sha256(place: Path) -> str:
    """The sha256 of a file with LF line ends; ``missing`` where there is none."""
    return hash_text(place) if place.is_file() else "missing"
