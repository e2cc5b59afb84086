"""`pybridge seal`: an export of another project's theorems, made of what its `#bridge_export` wrote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command import Run, only_line

from pybridge.export.loading import Unchecked, load

MANIFEST = {"packages": [{"name": "mathlib", "rev": "a3a1", "inputRev": "v4.27.0"}]}


@pytest.fixture
def project(tmp_path: Path, document: dict[str, Any]) -> Path:
    """Another project: a source, a manifest, and what Lean wrote of it."""
    root = tmp_path / "gate"
    (root / "lean").mkdir(parents=True)
    (root / "lean" / "Gate.lean").write_text("theorem a : True := trivial\n", encoding="utf-8")
    (root / "lake-manifest.json").write_text(json.dumps(MANIFEST), encoding="utf-8")
    lean = {key: value for key, value in document.items() if key not in ("sources", "mathlib", "digest")}
    (root / "bridge.json").write_text(json.dumps(lean), encoding="utf-8")
    return root


def test_seal(run: Run, project: Path) -> None:
    """Sources, mathlib's revision and the digest are added, and every command takes the result."""
    target = project / "export.json"
    code, out, err = run("seal", str(project / "bridge.json"), "--root", str(project), "-o", str(target))
    assert (code, err) == (0, "")
    export = load(target)
    assert export.digest in out
    assert [source.file for source in export.sources] == ["lake-manifest.json", "lean/Gate.lean"]
    assert export.mathlib.input_revision == "v4.27.0"
    assert isinstance(export.freshness, Unchecked)
    assert run("list", "--export", str(target))[0] == 0


@pytest.mark.parametrize(
    ("spoil", "code", "said"),
    [
        (lambda root: (root / "bridge.json").unlink(), 1, "No such file"),
        (lambda root: (root / "bridge.json").write_text("{", encoding="utf-8"), 4, "not JSON"),
        (lambda root: (root / "bridge.json").write_text("[]", encoding="utf-8"), 4, "expected an object"),
        (lambda root: (root / "bridge.json").write_text('{"schema": 3}', encoding="utf-8"), 4, "Field required"),
        (lambda root: (root / "lake-manifest.json").unlink(), 1, "there is none"),
        (lambda root: (root / "lake-manifest.json").write_text('{"packages": []}', encoding="utf-8"), 1, "no package mathlib"),
        (lambda root: (root / "lean" / "Gate.lean").unlink(), 1, "no Lean sources"),
    ],
    ids=["no file", "no JSON", "no object", "no export", "no manifest", "no mathlib", "no sources"],
)
def test_refusals(run: Run, project: Path, spoil: Any, code: int, said: str) -> None:
    """One line each, and nothing is written."""
    spoil(project)
    target = project / "export.json"
    got, out, err = run("seal", str(project / "bridge.json"), "--root", str(project), "-o", str(target))
    assert (got, out) == (code, "")
    assert said in only_line(err)
    assert not target.exists()
    assert not list(project.glob("*.tmp"))


def test_a_place_that_cannot_be_written(run: Run, project: Path) -> None:
    """A folder that is not there."""
    target = project / "nowhere" / "export.json"
    code, _, err = run("seal", str(project / "bridge.json"), "--root", str(project), "-o", str(target))
    assert code == 1
    assert "cannot write" in only_line(err)
