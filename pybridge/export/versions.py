"""Which Lean wrote an export, by its own word, and which one its sources pin: said in the same words everywhere.

In: an export.  Out: a phrase.
"""

from __future__ import annotations

import re

from pybridge.export.loading import Export, Fresh

_TAG = re.compile(r"v(\d+\.\d+\.\d+\S*)")


def toolchain(export: Export) -> str | None:
    """The tag that ``lean-toolchain`` asks for, such as ``v4.27.0``, where that is beside the export."""
    if not isinstance(export.freshness, Fresh):
        return None
    file = export.freshness.root / "lean-toolchain"
    return file.read_text(encoding="utf-8").strip().rpartition(":")[2] if file.is_file() else None


def pinned(export: Export) -> str | None:
    """The version that is pinned: by ``lean-toolchain``, else by mathlib's tag, which has the name of the Lean it asks for."""
    found = _TAG.fullmatch(toolchain(export) or export.mathlib.input_revision or "")
    return found[1] if found else None


def written_by(export: Export) -> str:
    """``Lean 4.27.0 (by the export's word)``, and the pinned one where that is another, which then has not written it."""
    wanted = pinned(export)
    other = "" if wanted in (None, export.lean.version) else f", not the pinned {wanted}"
    return f"Lean {export.lean.version} (by the export's word{other})"
