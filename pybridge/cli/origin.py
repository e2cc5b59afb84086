"""What stands above a table of theorems: where they are from, and that nothing is proved by printing them."""

from __future__ import annotations

from pybridge.export.loading import Export, Fresh
from pybridge.export.versions import written_by


def origin(export: Export) -> str:
    """Whether the export is fresh and which Lean wrote it: what all commands say that try its theorems and prove none."""
    fresh = "fresh" if isinstance(export.freshness, Fresh) else "not compared with sources"
    return f"export {fresh}, written by {written_by(export)}; proofs not re-run"
