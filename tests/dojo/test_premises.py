"""Which declaration a premise is of, and what a file's trace depends on."""

from __future__ import annotations

from pathlib import Path

from lean_library import the_library

from pybridge.dojo import recorded
from pybridge.dojo.adapt import module_of
from pybridge.dojo.premises import premises
from pybridge.dojo.recording import key
from pybridge.export.loading import hash_sources
from pybridge.surface.library import library_of

ROOT = Path(__file__).resolve().parents[2]


def test_whose_premise_it_is() -> None:
    """By its place in a body; a definition's own name and what is outside of bodies are left out; private names are plain."""
    text = "theorem ε : 1 = 1 := base\n\ntheorem two : 1 = 1 := by\n  exact base.other\n"
    at = [("_private.A.0.base", 1, 22), ("Eq", 1, 12), ("base.other", 4, 8), ("two", 4, 8)]
    ast = {"premises": [{"fullName": name, "pos": {"line": line, "column": column}} for name, line, column in at]}
    ast["premises"].append({"fullName": "nowhere", "pos": None})
    found = premises(recorded.Trace("4", {"lean/A.lean": ast}, {}), library_of({"lean/A.lean": text}))
    assert found == {"ε": ("base",), "two": ("base.other",)}


def test_what_a_trace_depends_on() -> None:
    """A file's own text, what it imports, and the pins; nothing else."""
    texts, hashes = dict(the_library().sources), hash_sources(ROOT)
    file = "lean/BatchNorm/Normalize.lean"
    now = key(file, hashes, texts)
    for other, same in (
        ("lean/BatchNorm/Defs.lean", False),
        ("lean-toolchain", False),
        (file, False),
        ("lean/BatchNorm/Layer/Evaluation.lean", True),
    ):
        assert (key(file, {**hashes, other: "0"}, texts) == now) is same, other
    assert module_of("BatchNorm/Layer/LayerNorm.lean") == "BatchNorm.Layer.LayerNorm"
