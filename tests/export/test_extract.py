"""`extract`: what it adds to Lean's document, what it refuses, and how it compares; Lean itself is a stand-in here."""

from __future__ import annotations

import json
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pybridge.errors import ExportEdited, ExportError, ExportInvalid, ExportStale, InputError, MissingToolError
from pybridge.export import extract
from pybridge.export.foundations import ALLOWED
from pybridge.export.loading import DEFAULT, Fresh, dumps, load, seal

LAKE = """#!{python}
import os, sys
log = open("lake.log", "a"); print(*sys.argv[1:], file=log)
if sys.argv[1:] == ["build", "BatchNorm", "Bridge"]:
    sys.exit({build})
if sys.argv[1:] == ["env", "lean", "lean/Export.lean"]:
    os.makedirs(".lake/build", exist_ok=True)
    text = open("document.json", encoding="utf-8").read()
    if text:
        open(".lake/build/bridge.json", "w", encoding="utf-8").write(text)
    exec({export!r})
    sys.exit(0)
sys.exit(99)
"""


@pytest.fixture
def document() -> dict[str, Any]:
    """What Lean writes: the committed export without what Python adds."""
    loaded: dict[str, Any] = json.loads(DEFAULT.read_text(encoding="utf-8"))
    return {key: value for key, value in loaded.items() if key not in ("sources", "mathlib", "digest")}


@pytest.fixture
def checkout(tmp_path: Path, document: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with two Lean sources, a manifest, and a `lake` that pretends."""
    root = tmp_path / "checkout"
    (root / "lean").mkdir(parents=True)
    (root / "pybridge" / "data").mkdir(parents=True)
    (root / "lakefile.lean").write_text("", encoding="utf-8")
    (root / "lean" / "Export.lean").write_text("#export\n", encoding="utf-8")
    (root / "lean" / "A.lean").write_text("theorem a : True := trivial\n", encoding="utf-8")
    (root / "lean-toolchain").write_text("leanprover/lean4:v4.27.0\n", encoding="utf-8")
    packages = [
        {"name": "batteries", "rev": "b", "inputRev": "main"},
        {"name": "mathlib", "rev": "a3a1", "inputRev": "v4.27.0"},
    ]
    (root / "lake-manifest.json").write_text(json.dumps({"packages": packages}), encoding="utf-8")
    (root / "document.json").write_text(json.dumps(document), encoding="utf-8")
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    pretend(root)
    return root


def pretend(root: Path, build: int = 0, export: str = "") -> None:
    """Put a `lake` on PATH whose build exits with `build` and whose exporter also runs `export`."""
    lake = root.parent / "bin" / "lake"
    lake.write_text(LAKE.format(python=sys.executable, build=build, export=export), encoding="utf-8")
    lake.chmod(lake.stat().st_mode | stat.S_IXUSR)


def test_builds_then_exports_and_adds_what_lean_does_not_know(checkout: Path) -> None:
    """The build comes first; hashes, mathlib's revision and the digest are added; what is written loads and is fresh."""
    fresh = extract.fresh_document(checkout)
    called = (checkout / "lake.log").read_text(encoding="utf-8").splitlines()
    assert called == ["build BatchNorm Bridge", "env lean lean/Export.lean"]
    files = [source["file"] for source in fresh["sources"]]
    assert files == ["lake-manifest.json", "lean-toolchain", "lean/A.lean", "lean/Export.lean"]
    assert fresh["mathlib"] == {"revision": "a3a1", "inputRevision": "v4.27.0"}
    target = checkout / extract.COMMITTED
    extract.write(fresh, target)
    assert isinstance(load(target).freshness, Fresh)
    first = target.read_bytes()
    extract.write(extract.fresh_document(checkout), target)
    assert target.read_bytes() == first
    assert [file.name for file in target.parent.iterdir()] == ["export.json"]


def test_an_invalid_document_does_not_replace_the_export(checkout: Path) -> None:
    """What the loader refuses is not written, and leaves no temporary file."""
    target = checkout / extract.COMMITTED
    extract.write(extract.fresh_document(checkout), target)
    before = target.read_bytes()
    with pytest.raises(ExportInvalid):
        extract.write(seal({"schema": 1, "theorems": []}), target)
    assert target.read_bytes() == before
    assert [file.name for file in target.parent.iterdir()] == ["export.json"]


def test_a_failing_build_stops_it(checkout: Path) -> None:
    """The exporter does not run after a failed build; the error says which command failed."""
    pretend(checkout, build=1)
    with pytest.raises(extract.LeanFailedError, match="`lake build BatchNorm Bridge` exited with 1"):
        extract.fresh_document(checkout)
    assert (checkout / "lake.log").read_text(encoding="utf-8").splitlines() == ["build BatchNorm Bridge"]


def test_an_old_document_is_not_taken_for_a_new_one(checkout: Path) -> None:
    """An exporter that succeeds and writes nothing is an error, although an earlier run left a file."""
    extract.fresh_document(checkout)
    (checkout / "document.json").write_text("", encoding="utf-8")
    with pytest.raises(extract.LeanFailedError, match=r"wrote no \.lake"):
        extract.fresh_document(checkout)


@pytest.mark.parametrize(("text", "said"), [("{", "not JSON"), ("[]", "expected an object")])
def test_lean_writing_something_else(checkout: Path, text: str, said: str) -> None:
    """What is no JSON object is refused as the exporter's fault."""
    (checkout / "document.json").write_text(text, encoding="utf-8")
    with pytest.raises(ExportInvalid, match=said):
        extract.fresh_document(checkout)


def test_a_source_that_changes_meanwhile(checkout: Path) -> None:
    """A source edited between build and export is caught: the hashes would not be those of what was exported."""
    pretend(checkout, export="open('lean/A.lean', 'a').write('-- more')")
    with pytest.raises(ExportStale, match="changed while it was being exported"):
        extract.fresh_document(checkout)


def test_a_manifest_without_mathlib(checkout: Path) -> None:
    """Without mathlib's revision there is nothing to record."""
    (checkout / "lake-manifest.json").write_text('{"packages": []}', encoding="utf-8")
    with pytest.raises(InputError, match="no package mathlib"):
        extract.fresh_document(checkout)


def test_no_lake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without `lake` a tool is missing, and the hint says where it comes from."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingToolError, match="elan"):
        extract.find_lake()


def test_no_checkout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Away from a checkout there are no sources to export."""
    monkeypatch.setattr(extract, "__file__", str(tmp_path / "site" / "pybridge" / "export" / "extract.py"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="no Lean sources"):
        extract.find_checkout()


Change = Callable[[dict[str, Any]], None]


def committed(checkout: Path, change: Change) -> Path:
    """Commit the fresh export with a change, sealed."""
    changed = json.loads(json.dumps(extract.fresh_document(checkout)))
    change(changed)
    target = checkout / extract.COMMITTED
    target.write_text(dumps(seal(changed)), encoding="utf-8")
    return target


def set_axioms(export: dict[str, Any]) -> None:
    """Another Lean, which prints and elaborates otherwise and sees all proofs."""
    export["lean"] = {"version": "4.28.0-pre", "githash": "f" * 40}
    theorem = next(one for one in export["theorems"] if one["hypotheses"])
    theorem["axioms"] = {"names": sorted(ALLOWED), "complete": True}
    theorem["statement"] = "printed otherwise"
    theorem["line"] += 1
    theorem["hypotheses"][0]["statement"] = "printed otherwise"
    export["outside"].append("Zorn")
    export["proofs"][-1]["outside"].append(len(export["outside"]) - 1)


def test_the_same_lean_is_compared_byte_for_byte(checkout: Path) -> None:
    """Equal files are equal; a docstring that differs is named with both texts."""
    fresh = extract.fresh_document(checkout)
    same = extract.compare(fresh, committed(checkout, lambda _: None))
    assert same == extract.Comparison(equal=True, byte_for_byte=True, difference="")
    name = fresh["theorems"][0]["name"]
    other = extract.compare(fresh, committed(checkout, lambda export: export["theorems"][0].update(docstring="Other.")))
    assert (other.equal, other.byte_for_byte) == (False, True)
    assert f'theorems[{name}].docstring: "Other." committed' in other.difference or "digest" in other.difference


def test_layout_counts_where_bytes_do(checkout: Path) -> None:
    """The same document with other white space is not the same file."""
    target = committed(checkout, lambda _: None)
    target.write_text(json.dumps(json.loads(target.read_text(encoding="utf-8"))), encoding="utf-8")
    comparison = extract.compare(extract.fresh_document(checkout), target)
    assert comparison == extract.Comparison(equal=False, byte_for_byte=True, difference="the file's layout")


def test_another_lean_may_differ_in_itself_and_in_what_it_prints_and_sees_only(checkout: Path) -> None:
    """With another Lean its version, printed text, lines, proofs and axioms may differ; anything else may not."""
    fresh = extract.fresh_document(checkout)
    same = extract.compare(fresh, committed(checkout, set_axioms))
    assert same == extract.Comparison(equal=True, byte_for_byte=False, difference="")

    def also_a_docstring(export: dict[str, Any]) -> None:
        set_axioms(export)
        export["theorems"][0]["docstring"] = "something else"

    other = extract.compare(fresh, committed(checkout, also_a_docstring))
    assert (other.equal, other.byte_for_byte) == (False, False)
    assert '.docstring: "something else" committed' in other.difference


def test_compare_refuses_an_edited_file(checkout: Path) -> None:
    """A committed file that the loader refuses is not compared."""
    target = committed(checkout, lambda _: None)
    document = json.loads(target.read_text(encoding="utf-8"))
    document["theorems"][0]["line"] += 1
    target.write_text(dumps(document), encoding="utf-8")
    with pytest.raises(ExportEdited):
        extract.compare(extract.fresh_document(checkout), target)


def test_command(checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """`pybridge extract` writes and says so; `--check` exits 0, and 4 with the first difference after a change."""
    from pybridge.cli import app as cli

    monkeypatch.setattr(extract, "find_checkout", lambda: checkout)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["pybridge", *arguments])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        code = stopped.value.code
        assert isinstance(code, int)
        return (code, *capsys.readouterr())

    code, out, _ = run("extract")
    assert (code, "theorems, digest" in out) == (0, True)
    code, out, _ = run("extract", "--check")
    assert (code, "equal to a fresh export (compared byte for byte)" in out) == (0, True)
    (checkout / "lean" / "A.lean").write_text("-- another\n", encoding="utf-8")
    code, out, err = run("extract", "--check")
    assert (code, out) == (ExportError.exit_code, "")
    assert "a fresh export differs" in err
    assert "pybridge extract" in err
