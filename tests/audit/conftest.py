"""A checkout small enough to be changed, and its export sealed again after a change."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pybridge.artifact.pins import FILES, MANIFEST
from pybridge.export.loading import Export, dumps, hash_sources, load, seal

ROOT = Path(__file__).resolve().parents[2]
Json = dict[str, Any]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of this checkout's Lean side, to be changed at will."""
    target = tmp_path / "checkout"
    shutil.copytree(ROOT / "lean", target / "lean")
    for name in (*FILES, MANIFEST):
        shutil.copy(ROOT / name, target / name)
    return target


@pytest.fixture
def resealed(tmp_path: Path) -> Callable[[Callable[[Json], object]], Export]:
    """Change the committed export, seal it again, and read it as any other."""

    def write(change: Callable[[Json], object], root: Path = ROOT) -> Export:
        document = json.loads((ROOT / "pybridge" / "data" / "export.json").read_text(encoding="utf-8"))
        change(document)
        if root != ROOT:
            document["sources"] = [{"file": file, "sha256": sha} for file, sha in hash_sources(root).items()]
        path = tmp_path / "export.json"
        path.write_text(dumps(seal(document)), encoding="utf-8")
        return load(path)

    return write
