"""`pybridge cite`: the artifact and a theorem in it, in three formats."""

from __future__ import annotations

import re
from typing import Any

import pytest
from command import Run, only_line

import pybridge
from pybridge.artifact import facts

NAME = "BatchNorm.norm_sq_backward"


def test_the_artifact(run: Run, document: dict[str, Any]) -> None:
    """A key, a title, a year, the version and the digest; no placeholder."""
    code, out, err = run("cite")
    assert (code, err) == (0, "")
    assert out.startswith(f"@software{{{facts.KEY},\n")
    assert "YourReferenceHere" not in out
    fields = dict(re.findall(r"^  (\w+) +\= \{(.*)\},$", out, re.MULTILINE))
    assert fields["title"] == f"{{{facts.TITLE}}}"
    assert fields["year"] == facts.RELEASED[:4]
    assert fields["version"] == pybridge.__version__
    assert document["digest"] in fields["note"]


def test_a_theorem(run: Run, document: dict[str, Any]) -> None:
    """By name, file, line and digest, in each format."""
    theorem = next(one for one in document["theorems"] if one["name"] == NAME)
    place = f"{theorem['file']}:{theorem['line']}"
    for form in ("bibtex", "cff", "apa"):
        code, out, _ = run("cite", "norm_sq_backward", "--format", form)
        assert code == 0
        for said in (NAME, place, document["digest"], document["lean"]["version"], f"({theorem['equation']})"):
            assert said in out.replace("\\_", "_"), (form, said)
    assert run("cite", "norm_sq_backward", "--format", "apa")[1].count("\n") == 1


def test_braces_balance(run: Run) -> None:
    """BibTeX of every equation's theorems: braces balance, and what TeX would read as a command is escaped."""
    code, out, _ = run("cite", "7")
    assert code == 0
    entries = out.split("\n\n")
    assert len(entries) == 3
    for entry in entries:
        assert entry.count("{") == entry.count("}")
        inside = entry.partition("\n")[2]
        assert not re.search(r"(?<!\\)[_#%&$]", inside), inside


def test_cff_is_yaml(run: Run) -> None:
    """And cites one thing."""
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    loaded = yaml.safe_load(run("cite", "--format", "cff", NAME)[1])
    assert loaded["preferred-citation"]["section"] == NAME
    code, _, err = run("cite", "--format", "cff", "7")
    assert code == 2
    assert "3 theorems, and CFF cites one" in only_line(err)


@pytest.mark.parametrize("arguments", [("cite", "nowhere"), ("cite", "--format", "ris")])
def test_refusals(run: Run, arguments: tuple[str, ...]) -> None:
    """An unknown name, an unknown format: one line, exit 2."""
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert only_line(err)
