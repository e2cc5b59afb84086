"""The command ``audit``: exit codes, one line for each section, differences with both sides."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command import WRONG, Run, only_line, wrong

from pybridge.artifact.pins import FILES, MANIFEST
from pybridge.audit.sections import Section

ROOT = Path(__file__).resolve().parents[2]
NAMES = ["provenance", "files", "build", "claims", "sources", "texts", "terms", "proofs"]


def copied(target: Path) -> Path:
    """A checkout to be changed at will: the Lean side, and the export."""
    for folder in ("lean", "pybridge/data"):
        shutil.copytree(ROOT / folder, target / folder)
    for name in (*FILES, MANIFEST):
        shutil.copy(ROOT / name, target / name)
    return target


def test_all_is_as_it_has_to_be(run: Run) -> None:
    """Exit 0; a line for each section; what is not checked here names the command that does."""
    code, out, err = run("audit")
    lines = out.splitlines()
    place = lines.index("allowed, each with its reason (lean/allowed.json):")
    assert (code, err) == (0, "")
    assert place < lines.index("not checked here:")
    assert [line.split()[0] for line in lines[:place]] == NAMES
    agreed = ["consistent with the checkout", "consistent with artifact.json", *["as it has to be"] * (len(NAMES) - 2)]
    assert all(line[len("provenance  ") :].startswith(f"{one}: ") for line, one in zip(lines, agreed, strict=False))
    assert "`pybridge extract --check`" in out
    assert " 0 not compared" in out


def test_what_is_allowed(run: Run, tmp_path: Path) -> None:
    """Each use of a word that asks for a reason, with the reason: for people and in the JSON, and none left out."""
    target = tmp_path / "audit.json"
    lines = run("audit", "--json", str(target))[1].splitlines()
    sections = json.loads(target.read_text(encoding="utf-8"))["sections"]
    sources = next(section for section in sections if section["name"] == "sources")
    assert sources["differences"] == []
    uses = {(one["file"], one["word"]): one for one in sources["allowed"]}
    assert uses["lean/BatchNorm/Projection.lean", "notation"]["text"].startswith("local notation ")
    assert len(uses["Challenge.lean", "sorry"]["lines"]) > 1
    begin = lines.index("allowed, each with its reason (lean/allowed.json):") + 1
    said = lines[begin : lines.index("not checked here:")]
    assert len(said) == 2 * len(sources["allowed"])
    for one, head, why in zip(sources["allowed"], said[::2], said[1::2], strict=True):
        text = "" if one["text"] == one["word"] else f": {one['text']}"
        assert head == f"  {one['file']}:{', '.join(map(str, one['lines']))}: {one['word']}{text}"
        assert why == f"    {one['why']}"


def test_nothing_is_allowed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no exception is made, no heading is left alone."""
    monkeypatch.setattr("pybridge.audit.run.audit", lambda *_: (Section("sources", "nothing"),))
    assert run("audit") == (0, "sources  as it has to be: nothing\nnot checked here:\n", "")


def test_an_edited_term(run: Run, document: dict[str, Any], written: Callable[[dict[str, Any]], str]) -> None:
    """Beside the text as it was, and sealed again: exit 1, with the theorem and where the two part."""
    path = written(wrong(document))
    code, out, _ = run("audit", "--export", path)
    assert code == 1
    (line,) = (line for line in out.splitlines() if line.startswith("DIFFERENT terms"))
    assert line.startswith(f"DIFFERENT terms: {WRONG}: conclusion: ")
    assert " by the text, " in line
    assert " in the term" in line
    assert "terms       1 DIFFERENT" in out
    code, out, _ = run("audit", "--export", path, "--json", "-")
    results = json.loads(out)
    terms = next(section for section in results["sections"] if section["name"] == "terms")
    assert (code, results["exitCode"], len(terms["differences"])) == (1, 1, 1)


def test_a_text_that_cannot_be_read(run: Run, document: dict[str, Any], written: Callable[[dict[str, Any]], str]) -> None:
    """Not compared is not the same: it fails, and says why."""
    theorem = next(one for one in document["theorems"] if one["name"] == WRONG)
    theorem["statement"] = theorem["statement"].replace("‖g‖ ^ 2", "‖foo.bar g‖ ^ 2")
    code, out, _ = run("audit", "--export", written(document))
    assert code == 1
    assert f"DIFFERENT terms: {WRONG}: not compared: foo.bar is known neither here nor in the sources" in out
    assert "1 not compared" in out


def test_no_checkout(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line."""
    from pybridge.cli import audit
    from pybridge.errors import InputError

    def nowhere() -> None:
        raise InputError("no Lean sources", hint="run it in a checkout of the repository")

    monkeypatch.setattr(audit, "find_checkout", nowhere)
    assert run("audit") == (1, "", "pybridge: no Lean sources; run it in a checkout of the repository\n")


def test_a_changed_source(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is stale, and which theorem was changed is said, with both texts; where a source cannot be read, both in one line."""
    checkout = copied(tmp_path)
    file = checkout / "lean" / "BatchNorm" / "Bound.lean"
    text = file.read_text(encoding="utf-8")
    old = "‖backward γ ε y g‖ ≤ |γ| / scale ε y * ‖g‖ := by"
    assert text.count(old) == 1
    monkeypatch.setattr("pybridge.cli.audit.find_checkout", lambda: checkout)
    export = str(checkout / "pybridge" / "data" / "export.json")
    for change, said in (
        (text.replace(old, old.replace("|γ|", "γ")), "DIFFERENT texts: BatchNorm.norm_backward_le: statement: γ in the source"),
        (text + "\n-- more\n", "DIFFERENT provenance: lean/BatchNorm/Bound.lean: sha256"),
    ):
        file.write_text(change, encoding="utf-8")
        code, out, err = run("audit", "--export", export)
        assert (code, err) == (1, "")
        assert re.match(r"DIFFERENT provenance: the export: stale: .*lean/BatchNorm/Bound\.lean has changed", out)
        assert said in out
    file.write_text(text + "/-", encoding="utf-8")
    code, out, err = run("audit", "--export", export)
    assert (code, out) == (1, "")
    assert "Bound.lean has changed since the export was written" in only_line(err)
    assert "lean/BatchNorm/Bound.lean: " in err


def test_sides_are_what_they_are_called_and_there_is_a_remedy(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a file no side is the export: what is known and what the file says, what is here and what is recorded or allowed."""
    root = copied(tmp_path)
    monkeypatch.setattr("pybridge.cli.audit.find_checkout", lambda: root)
    for file, old, new in (
        ("lakefile.lean", "⟨`autoImplicit, false⟩", "⟨`autoImplicit, true⟩"),
        ("comparator.json", '"enable_nanoda": true', '"enable_nanoda": false'),
        ("lean/allowed.json", '"word": "notation"', '"word": "infix"'),
        ("Solution.lean", "namespace ", "open Foo\nnamespace "),
    ):
        place = root / file
        text = place.read_text(encoding="utf-8")
        assert old in text
        place.write_text(text.replace(old, new, 1), encoding="utf-8")
    code, out, _ = run("audit", "--json", str(tmp_path / "audit.json"))
    assert code == 1
    assert "DIFFERENT build: lakefile.lean: option autoImplicit\n  known  false\n  file   true\n" in out
    assert "DIFFERENT build: comparator.json: enable_nanoda\n  known  true\n  file   false\n" in out
    sections = json.loads((tmp_path / "audit.json").read_text(encoding="utf-8"))["sections"]
    sides = {section["name"]: {tuple(one["sides"]) for one in section["differences"]} for section in sections}
    assert sides["files"] == {("here", "hashes")}
    assert sides["build"] == {("known", "file")}
    assert sides["claims"] == {("claim", "proof")}
    assert ("here", "allowed") in sides["sources"]
    for section in sections:
        assert section["remedy"]
        assert (f"to mend {section['name']}: {section['remedy']}\n" in out) == bool(section["differences"])
