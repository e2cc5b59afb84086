"""`pybridge cite`: the artifact and a theorem in it, in three formats."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from command import Run, only_line

import pybridge
from pybridge.artifact import facts
from pybridge.artifact.cite import _tex
from pybridge.cli.cite import NO_ADDRESS

ROOT = Path(__file__).resolve().parents[2]
NAME = "BatchNorm.norm_sq_backward"


def test_the_artifact(run: Run, document: dict[str, Any]) -> None:
    """A key, a title, a year, the version and the digest; no placeholder."""
    code, out, err = run("cite")
    assert (code, only_line(err)) == (0, f"pybridge: {NO_ADDRESS}")
    assert out.startswith(f"@software{{{facts.KEY},\n")
    out = out.partition("\n\n")[0]
    assert "url" not in out
    assert "doi" not in out
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
            assert said in out.replace("\\_", "_").replace(r"{\ensuremath{\varepsilon}}", "ε"), (form, said)


@pytest.mark.parametrize("name", [(), ("7",)])
def test_the_paper_is_cited_beside_it(run: Run, name: tuple[str, ...]) -> None:
    """In every format: its people, title, year and number; in BibTeX by the key that the pages cite it by."""
    (paper,) = [source for source in facts.SOURCES if source.relationship == "formalizes"]
    entries = run("cite", *name)[1].split("\n\n")
    assert len(entries) == 2
    assert entries[1].startswith("@inproceedings{santurkar2018,\n")
    assert "@inproceedings{santurkar2018," in (ROOT / "docs" / "references.bib").read_text(encoding="utf-8")
    apa = run("cite", *name, "--format", "apa")[1].splitlines()
    assert len(apa) == 2
    assert apa[1].startswith("Santurkar, S., Tsipras, D., Ilyas, A., & Mądry, A. (2018). How Does Batch")
    for said in (entries[1], apa[1], run("cite", *name, "--format", "cff")[1]):
        family = r"M{\k{a}}dry" if said is entries[1] else paper.people[-1].family
        for part in (paper.title, paper.arxiv, paper.address, str(paper.year), family):
            assert part in said


@pytest.mark.parametrize("form", ["bibtex", "cff", "apa"])
def test_an_equation_is_its_main_theorem(run: Run, document: dict[str, Any], form: str) -> None:
    """One entry, that of the theorem that says the equation and nothing else; the others are named, on stderr."""
    code, out, err = run("cite", "7", "--format", form)
    assert code == 0
    named = [one["name"] for one in document["theorems"] if one["equation"] == "7"]
    assert len(named) > 1
    assert f"{NAME}_eps_zero" in out.replace("\\_", "_")
    assert not any(name in out.replace("\\_", "_") for name in named if name != f"{NAME}_eps_zero")
    others, address = err.splitlines()
    assert address == f"pybridge: {NO_ADDRESS}"
    assert others == (
        f"pybridge: 7 has {len(named) - 1} more theorems, which are cited by name: "
        + ", ".join(name for name in named if name != f"{NAME}_eps_zero")
    )


def test_the_main_theorem_is_the_one_without_a_comment(run: Run, document: dict[str, Any]) -> None:
    """Also where it is not the first; where all have one, the first."""
    of = [(one["name"], one["comment"]) for one in document["theorems"] if one["equation"] == "Thm 4.2"]
    main = next(name for name, comment in of if not comment)
    assert main != of[0][0]
    assert run("cite", "Thm4.2")[1].startswith(f"@software{{{facts.KEY}:{main},")
    first = next(one for one in document["theorems"] if one["equation"] == "1")
    assert run("cite", "1")[1].startswith(f"@software{{{facts.KEY}:{first['name']},")


def test_braces_balance(run: Run, document: dict[str, Any]) -> None:
    """BibTeX of a theorem of every equation: braces balance, and what TeX would read as a command is escaped."""
    for name in {one["equation"]: one["name"] for one in document["theorems"]}.values():
        code, entry, _ = run("cite", name)
        assert code == 0
        assert entry.count("{") == entry.count("}")
        assert entry.isascii()  # no BibTeX, however old, reads it as something else
        assert re.match(r"@software\{[\w:.]+,\n", entry)
        inside = entry.partition("\n")[2]
        assert not re.search(r"(?<!\\)[_#%&$]", inside), inside


def test_letters_are_those_of_tex(run: Run) -> None:
    """Accents as commands, Greek in math mode; as in the file of references beside the pages."""
    assert "equation (7{\\ensuremath{\\varepsilon}})" in run("cite", "7eps")[1]
    author = next(line for line in run("cite")[1].splitlines() if "Santurkar" in line)
    assert author.split("=")[1].strip() in (ROOT / "docs" / "references.bib").read_text(encoding="utf-8")
    assert _tex("é ö ß ą ş 中") == r"{\'{e}} {\"{o}} ß {\k{a}} {\c{s}} 中"


def test_cff_is_yaml(run: Run) -> None:
    """And cites one thing."""
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    loaded = yaml.safe_load(run("cite", "--format", "cff", NAME)[1])
    assert loaded["preferred-citation"]["section"] == NAME
    seventh = yaml.safe_load(run("cite", "--format", "cff", "7")[1])
    assert seventh["preferred-citation"]["section"] == f"{NAME}_eps_zero"


@pytest.mark.parametrize("arguments", [("cite", "nowhere"), ("cite", "--format", "ris")])
def test_refusals(run: Run, arguments: tuple[str, ...]) -> None:
    """An unknown name, an unknown format: one line, exit 2."""
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert only_line(err)
