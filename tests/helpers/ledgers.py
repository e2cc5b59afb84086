"""What tests of ``pybridge ledger`` hand in, and read of what it prints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

NAME = "BatchNorm.variance_smul"


def report(path: Path, digest: str, **fields: Any) -> str:
    """Write a report about the export of this digest."""
    export = {"path": "e", "digest": digest, "fresh": True}
    path.write_text(json.dumps({"schema": 2, "export": export, **fields}), encoding="utf-8")
    return str(path)


def row(out: str, name: str) -> str:
    """The line of a theorem."""
    return next(line for line in out.splitlines() if f" {name} " in line)
