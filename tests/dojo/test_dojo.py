"""LeanDojo as a second reader: it agrees today, and finds what was changed in the sources or in the export."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from lean_library import the_library

from pybridge.audit.terms import Readings, Unread
from pybridge.cli.dojo import verdict
from pybridge.dojo import tracing
from pybridge.dojo.compare import Comparison, run
from pybridge.dojo.flat import copied, flat
from pybridge.dojo.reading import put_outlines, read
from pybridge.dojo.skeleton import outline
from pybridge.errors import InputError, MissingToolError
from pybridge.export.loading import Export, dumps, hash_sources, load, seal
from pybridge.surface.compare import Difference

ROOT = Path(__file__).resolve().parents[2]
EXPORT = Path("pybridge") / "data" / "export.json"


def resealed(checkout: Path, change: Any = None) -> Export:
    """The export of the checkout with the hashes of its sources as they are now, and sealed again."""
    document = json.loads((checkout / EXPORT).read_text(encoding="utf-8"))
    document["sources"] = [{"file": file, "sha256": sha} for file, sha in hash_sources(checkout).items()]
    if change is not None:
        change({one["name"]: one for one in document["theorems"]})
    (checkout / EXPORT).write_text(dumps(seal(document)), encoding="utf-8")
    return load(checkout / EXPORT)


def test_the_last_line_is_the_verdict() -> None:
    """One difference, of whatever kind, and the last line is none that could be taken for a pass."""
    off, open_ = Difference("BatchNorm.mean", "statement", "a", "b"), Unread("BatchNorm.mean", "no type")
    for differences, found in (
        ((off,), Readings(1, 0, (), ())),
        ((), Readings(1, 0, (off,), ())),
        ((), Readings(1, 0, (), (open_,))),
    ):
        said = verdict(Comparison("v4", 1, 0, differences, found))
        assert said.startswith("NOT the same, in 1 point said above; ")
        assert "`pybridge extract`" in said
    assert verdict(Comparison("v4", 1, 0, (), Readings(1, 0, (), ()))).startswith("the same: ")


@pytest.mark.dojo
@pytest.mark.usefixtures("dojo")
def test_all_agree(export: Export) -> None:
    """Every exported theorem and definition of this checkout, and the Lean that the sources pin."""
    result = run(ROOT, export)
    assert result.differences == ()
    assert result.same
    assert (result.terms.theorems, result.terms.definitions) == (result.theorems, result.definitions)
    assert (result.theorems, result.definitions) == (len(export.theorems), len(export.definitions))
    assert f"leanprover/lean4:{result.lean}" == (ROOT / "lean-toolchain").read_text(encoding="utf-8").strip()


@pytest.mark.dojo
@pytest.mark.usefixtures("dojo")
def test_a_statement_changed_in_the_source(checkout: Path) -> None:
    """With the hashes and the digest refreshed, so that nothing else refuses it."""
    file = checkout / "lean" / "BatchNorm" / "Bound.lean"
    text = file.read_text(encoding="utf-8")
    old = "‖backward γ ε y g‖ ≤ |γ| / scale ε y * ‖g‖ := by"
    assert text.count(old) == 1
    file.write_text(text.replace(old, old.replace("|γ|", "γ")), encoding="utf-8")
    (found,) = run(checkout, resealed(checkout)).differences
    assert (found.name, found.what) == ("BatchNorm.norm_backward_le", "statement")
    assert found.why == "γ in the source, (|| γ) in the export"


@pytest.mark.dojo
@pytest.mark.usefixtures("dojo")
def test_a_statement_changed_in_the_export(checkout: Path) -> None:
    """Sealed again: the digest is right, and the statement is not the source's."""
    name = "BatchNorm.norm_sq_backward_eps_zero"

    def change(theorems: dict[str, Any]) -> None:
        theorems[name]["statement"] = theorems[name]["statement"].replace("‖g‖ ^ 2 -", "‖g‖ ^ 2 +")

    (found,) = run(checkout, resealed(checkout, change)).differences
    assert (found.name, found.what) == (name, "statement")


@pytest.mark.dojo
@pytest.mark.usefixtures("dojo")
def test_what_leandojo_reads(tmp_path: Path) -> None:
    """Full names by its own count of namespaces, the statement without proof and comments, the docstring, the span."""
    text = (
        "namespace A.B\n\nnamespace C\n\n/-- What it says: ε. -/\n"
        "theorem one (h : 0 < ε) : -- why\n    0 ≤ ε := by\n  exact h.le\n\n"
        "private theorem _root_.two : 1 = 1 := rfl\n\nend C\n\n/-- A number. -/\ndef three : ℕ := 3\n\nend A.B\n"
    )
    root = tmp_path / "root"
    root.mkdir()
    library = type(the_library())({"lean/X.lean": text}, {})
    copied(ROOT, library.sources, root)
    put_outlines(library, root)
    one, two, three = read(root, library.sources)
    assert (one.name, two.name, three.name) == ("A.B.C.one", "two", "A.B.three")
    assert " ".join(one.statement.split()) == "theorem one (h : 0 < ε) : 0 ≤ ε :="
    assert (one.docstring, two.docstring, three.docstring) == ("What it says: ε.", None, "A number.")
    assert (one.start, one.end) == ((5, 1), (8, 13))
    assert (one.is_theorem, three.is_theorem) == (True, False)


@pytest.mark.dojo
@pytest.mark.usefixtures("dojo")
def test_a_term_changed_in_the_export(checkout: Path) -> None:
    """Beside the text as it was, and sealed again."""

    def change(theorems: dict[str, Any]) -> None:
        le = theorems["BatchNorm.norm_backward_le"]["conclusion"].pop("le")
        theorems["BatchNorm.norm_backward_le"]["conclusion"]["lt"] = le

    result = run(checkout, resealed(checkout, change))
    assert result.differences == ()
    (found,) = result.terms.differences
    assert (found.name, found.what) == ("BatchNorm.norm_backward_le", "conclusion")
    assert not result.same


@pytest.mark.dojo
@pytest.mark.usefixtures("dojo")
def test_traced_files(tmp_path: Path, export: Export) -> None:
    """A folder of traced files is read instead of outlines; one that lacks a file is refused."""
    folder = tmp_path / "traced"
    for file, text in the_library().sources.items():
        place = folder / flat(file)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.with_suffix(".ast.json").write_text(json.dumps(outline(text, file)), encoding="utf-8")
        place.with_suffix(".dep_paths").write_text("", encoding="utf-8")
    assert run(ROOT, export, trace=folder).differences == ()
    (folder / "BatchNorm" / "Defs.dep_paths").unlink()
    with pytest.raises(InputError, match=r"Defs\.dep_paths: there is no trace of lean/BatchNorm/Defs\.lean"):
        run(ROOT, export, trace=folder)


def test_the_outline_counts_bytes() -> None:
    """Places are bytes of UTF-8, as Lean counts them."""
    (_, declaration) = outline("/-- ε -/\ntheorem ŷ : 1 = 1 := rfl\n", "X.lean")["commandASTs"]
    name = declaration["node"]["args"][1]["node"]["args"][1]["node"]["args"][0]["ident"]
    assert name["val"] == "ŷ"
    assert name["info"]["original"]["pos"] == len("/-- ε -/\ntheorem ".encode())
    assert name["info"]["original"]["endPos"] == len("/-- ε -/\ntheorem ŷ".encode())


def test_the_flat_copy(tmp_path: Path) -> None:
    """The library at the top, a lakefile without ``srcDir``, and one commit."""
    copied(ROOT, the_library().sources, tmp_path)
    assert (tmp_path / "BatchNorm" / "Defs.lean").read_text(encoding="utf-8") == the_library().sources[
        "lean/BatchNorm/Defs.lean"
    ]
    assert "srcDir" not in (tmp_path / "lakefile.lean").read_text(encoding="utf-8")
    assert "srcDir" in (ROOT / "lakefile.lean").read_text(encoding="utf-8")
    assert (tmp_path / ".git" / "HEAD").is_file()


def test_without_lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tracing needs Lean: exit code 3, one line."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingToolError, match="no `lake` on PATH"):
        tracing.run(ROOT, tmp_path / "traced")


@pytest.mark.dojo
@pytest.mark.usefixtures("dojo")
def test_a_lean_that_leandojo_cannot_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where its extractor does not elaborate, tracing is refused in one line, with the version and the first error."""
    tools = tmp_path / "tools"
    tools.mkdir()
    script = (
        '#!/bin/sh\n[ "$1" = --version ] && echo "Lean (version 4.27.0, x)" && exit 0\n'
        'echo "E.lean:3:4: error: Unknown constant"\nexit 1\n'
    )
    for name in ("lake", "lean"):
        (tools / name).write_text(script, encoding="utf-8")
        (tools / name).chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", str(tools), prepend=os.pathsep)
    with pytest.raises(
        tracing.TraceRefused, match=r"Lean 4\.27\.0: its extractor does not elaborate: Unknown constant"
    ) as refused:
        tracing.run(ROOT, tmp_path / "traced")
    assert refused.value.exit_code == 3
    assert not (tmp_path / "traced").exists()
