"""Which Lean wrote an export and which is pinned: the same words, whatever of the two is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pybridge.export.loading import Export, Fresh, Unchecked
from pybridge.export.versions import pinned, toolchain, written_by


def of(export: Export, lean: str, tag: str | None, root: Path | None) -> Export:
    """The export as another Lean, with another mathlib, would have written it."""
    return replace(
        export,
        lean=export.lean.model_copy(update={"version": lean}),
        mathlib=export.mathlib.model_copy(update={"input_revision": tag}),
        freshness=Unchecked("none here") if root is None else Fresh(root),
    )


@pytest.mark.parametrize(
    ("lean", "tag", "asked", "said"),
    [
        ("4.27.0", "v4.27.0", "leanprover/lean4:v4.27.0\n", ""),
        ("4.28.0-pre", "v4.27.0", "leanprover/lean4:v4.27.0\n", ", not the pinned 4.27.0"),
        ("4.28.0-pre", "v4.28.0", "leanprover/lean4:v4.27.0\n", ", not the pinned 4.27.0"),
        ("4.28.0-pre", "v4.27.0", None, ", not the pinned 4.27.0"),
        ("4.27.0", "v4.27.0", None, ""),
        ("4.27.0", "master", None, ""),
        ("4.27.0", None, None, ""),
        ("4.28.0", None, "leanprover/lean4:nightly-2026-01-01", ""),
        ("4.28.0", "v4.28.0-rc1", None, ", not the pinned 4.28.0-rc1"),
    ],
)
def test_written_by(export: Export, tmp_path: Path, lean: str, tag: str | None, asked: str | None, said: str) -> None:
    """The toolchain's file counts, mathlib's tag where there is none; what names no version is no other version."""
    if asked is not None:
        (tmp_path / "lean-toolchain").write_text(asked, encoding="utf-8")
    found = of(export, lean, tag, None if asked is None else tmp_path)
    assert written_by(found) == f"Lean {lean} (by the export's word{said})"
    assert (pinned(found) in (None, lean)) is (said == "")
    assert toolchain(found) == (None if asked is None else asked.strip().rpartition(":")[2])


def test_a_checkout_without_toolchain(export: Export, tmp_path: Path) -> None:
    """Nothing is known of it from there."""
    assert toolchain(of(export, "4.27.0", None, tmp_path)) is None


def test_the_committed_one(export: Export) -> None:
    """What the package says of its own export."""
    asked = (Path(__file__).resolve().parents[2] / "lean-toolchain").read_text(encoding="utf-8").strip()
    assert asked.endswith(f":v{pinned(export)}")
    assert ("not the pinned" in written_by(export)) == (export.lean.version != pinned(export))
