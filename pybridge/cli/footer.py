"""What a run did not do, and the command that would: the last lines that ``check`` prints."""

from __future__ import annotations

import shutil

from pybridge.batches.generate import family_names
from pybridge.cli.here import checkout
from pybridge.export.loading import Export, Fresh
from pybridge.ir import Theorem


def not_done_here(
    document: Export, theorems: tuple[Theorem, ...], families: tuple[str, ...], largest: int | None, only: str | None
) -> list[str]:
    """Say what this run did not do, and the command that would."""
    here = checkout()
    if here is None:
        lean = "an installed package holds no Lean sources; a checkout of the repository does"
    else:
        lean = "no Lean on PATH; install elan, then `make proof`" if shutil.which("lake") is None else "`make proof` does it"
    notes = [f"proof not re-checked: {lean}"]
    if not isinstance(document.freshness, Fresh):
        notes.append(f"export not compared with its sources: {document.freshness.reason}")
    if not all(theorem.axioms.complete for theorem in theorems):
        also = "" if here is None else "; `lake build BridgeTest` sees all"
        notes.append(f"axioms of mathlib's proofs: the Lean that exported saw only the project's own{also}")
    left_out = [name for name in family_names() if name not in families]
    if only is not None:
        notes.append(f"every batch but {only}: leave out `--batch`")
    elif left_out:
        notes.append(f"families {', '.join(left_out)}: leave out `--families`")
    if largest is not None:
        notes.append(f"batches of more than {largest} entries: leave out `--max-size`")
    if len(theorems) < len(document.theorems):
        notes.append(f"{len(document.theorems) - len(theorems)} other theorems: `pybridge check`")
    return notes
