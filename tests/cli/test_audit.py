"""The command ``audit``: exit codes, one line for each section, differences with both sides."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from command import WRONG, Run, wrong

NAMES = ["provenance", "files", "build", "claims", "sources", "texts", "terms", "proofs"]


def test_all_is_as_it_has_to_be(run: Run) -> None:
    """Exit 0; a line for each section; what is not checked here names the command that does."""
    code, out, err = run("audit")
    lines = out.splitlines()
    place = lines.index("not checked here:")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in lines[:place]] == NAMES
    agreed = ["consistent with the checkout", "consistent with artifact.json", *["as it has to be"] * (len(NAMES) - 2)]
    assert all(line[len("provenance  ") :].startswith(f"{one}: ") for line, one in zip(lines, agreed, strict=False))
    assert "`pybridge extract --check`" in out
    assert " 0 not compared" in out


def test_what_is_allowed_is_in_the_json(run: Run) -> None:
    """Each use of a word that asks for a reason, with the reason."""
    results = json.loads(run("audit", "--json", "-")[1])
    sources = next(section for section in results["sections"] if section["name"] == "sources")
    assert sources["differences"] == []
    assert any(one.startswith("lean/BatchNorm/Projection.lean: notation: local notation ") for one in sources["allowed"])
    assert any(one.startswith("Challenge.lean: sorry: sorry: ") for one in sources["allowed"])


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
