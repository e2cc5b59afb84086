"""The Lean version and mathlib's are pinned in three files, which agree: by their text, without Lean."""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TAG = "v4.27.0"
REVISION = "a3a10db0e9d66acbebf76c5e6a135066525ac900"
"""The commit of mathlib's tag: whoever moves the tag writes both."""


def test_lean_and_mathlib_have_one_tag() -> None:
    """``lean-toolchain``, ``lakefile.lean`` and ``lake-manifest.json`` ask for the same tag."""
    toolchain = (ROOT / "lean-toolchain").read_text(encoding="utf-8").strip()
    required = re.findall(
        r'require mathlib from git\s+"[^"]*/mathlib4" @ "([^"]*)"', (ROOT / "lakefile.lean").read_text(encoding="utf-8")
    )
    assert toolchain == f"leanprover/lean4:{TAG}"
    assert required == [TAG]


def test_the_manifest_pins_the_commit_of_the_tag() -> None:
    """A manifest whose commit is not that of the tag would be followed by ``lake`` without a word."""
    packages = json.loads((ROOT / "lake-manifest.json").read_text(encoding="utf-8"))["packages"]
    (mathlib,) = [package for package in packages if package["name"] == "mathlib"]
    assert (mathlib["inputRev"], mathlib["rev"]) == (TAG, REVISION)
    assert all(re.fullmatch(r"[0-9a-f]{40}", package["rev"]) for package in packages)
