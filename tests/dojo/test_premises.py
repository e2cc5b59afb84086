"""Which declaration a premise is of, and what a file's trace depends on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lean_library import the_library

from pybridge.dojo import recorded
from pybridge.dojo.adapt import module_of
from pybridge.dojo.premises import compare, premises
from pybridge.dojo.recording import key
from pybridge.export.loading import Export, hash_sources
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


@pytest.mark.parametrize("change", ["another", "another library's", "gone"])
def test_an_edited_premise(export: Export, change: str) -> None:
    """One premise of the library renamed or taken out, at a place at which the source says otherwise: found, with the line."""
    library, trace = the_library(), recorded.read(ROOT)
    assert compare(trace, export, library).misplaced == ()
    file = "lean/BatchNorm/Bound.lean"
    edited = json.loads(json.dumps(trace.asts[file]))
    theorems = {name for name, one in library.declarations.items() if one.is_theorem}
    one = next(one for one in edited["premises"] if one["pos"] is not None and one["fullName"] in theorems)
    name, line = one["fullName"], one["pos"]["line"]
    if change == "gone":
        edited["premises"].remove(one)
    else:
        one["fullName"] = "BatchNorm.variance_nonneg" if change == "another" else "Real.sqrt_nonneg"
    found = compare(recorded.Trace(trace.lean, {**trace.asts, file: edited}, trace.paths), export, library).misplaced
    assert f"{file}:{line}: the source names {name}, and the trace does not" in found
    assert any("and the trace BatchNorm.variance_nonneg" in line for line in found) == (change == "another")
