"""The metadata files: made from one place and up to date; `CITATION.cff` and `formalization.yaml` are valid."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

import pybridge
from pybridge.artifact import facts
from pybridge.artifact.formalization import Formalization, formalization, is_main
from pybridge.artifact.metadata import citation, files
from pybridge.errors import DISTRIBUTION, ExportStale
from pybridge.export.loading import Export

if sys.version_info >= (3, 11):
    import tomllib
else:
    tomllib = pytest.importorskip("tomli", reason="tomllib comes with Python 3.11")

ROOT = Path(__file__).resolve().parents[2]
yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    """The table ``project`` of pyproject.toml."""
    loaded: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return loaded


def test_they_are_up_to_date(export: Export) -> None:
    """Else: python scripts/metadata.py."""
    made = files(export, ROOT)
    assert set(made) == {"CITATION.cff", ".zenodo.json", "codemeta.json", "formalization.yaml", "artifact.json"}
    for name, text in made.items():
        assert (ROOT / name).read_text(encoding="utf-8") == text, name


def test_yaml_is_what_was_meant(export: Export) -> None:
    """What a YAML reader finds in the files is what was written."""
    made = files(export, ROOT)
    assert yaml.safe_load(made["CITATION.cff"]) == citation()
    loaded = yaml.safe_load(made["formalization.yaml"])
    assert Formalization.model_validate(loaded).model_dump(exclude_none=True) == loaded


def test_formalization(export: Export) -> None:
    """v0.4: all claims of the paper are main results, with the file each stands in; nothing is claimed that is not so."""
    loaded = yaml.safe_load((ROOT / "formalization.yaml").read_text(encoding="utf-8"))
    main = {theorem.name: theorem.file for theorem in export.theorems.values() if is_main(theorem)}
    assert {"BatchNorm.norm_sq_backward", "BatchNorm.norm_sq_backward_eps_zero"} <= set(main)
    assert {one["declaration"]: one["file"] for one in loaded["status"]["main_results"]} == main
    assert {one["lean"] for one in loaded["alignment"]["statements"]} == set(main)
    assert (loaded["status"]["sorry_count"], loaded["status"]["sorry_in_definitions"]) == (0, 0)
    assert [one["method"] for one in loaded["automation"]["methods"]] == ["agent"]
    assert loaded["review"]["status"] == "agent-reviewed"
    assert ("axioms" in loaded["status"]) is all(theorem.axioms.complete for theorem in export.theorems.values())
    assert "4.34.0" in loaded["status"]["scope"]


def test_what_is_not_proved(export: Export, tmp_path: Path) -> None:
    """A `sorry` counts where it stands, and its theorem is not called proved; a theorem that is gone is no theorem."""
    shutil.copytree(ROOT / "lean", tmp_path / "lean")
    file, name = tmp_path / "lean" / "BatchNorm" / "Bound.lean", "BatchNorm.norm_sq_backward_le"
    text = file.read_text(encoding="utf-8")
    proof = "  rw [← norm_sq_backward_add γ g h, le_add_iff_nonneg_right]\n"
    assert text.count(proof) == 1
    file.write_text(text.replace(proof, "  sorry\n"), encoding="utf-8")
    made = formalization(export, tmp_path)
    assert (made["status"]["sorry_count"], made["status"]["sorry_in_definitions"]) == (1, 0)
    assert [one["declaration"] for one in made["status"]["main_results"] if one["sorry_count"]] == [name]
    assert [one["lean"] for one in made["alignment"]["statements"] if one["status"] != "proved"] == [name]
    file.write_text(text.replace("theorem norm_sq_backward_le ", "theorem another "), encoding="utf-8")
    with pytest.raises(ExportStale, match=rf"{name} is exported and not in the sources"):
        formalization(export, tmp_path)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("project", "name"), ""),
        (("project", "authors"), []),
        (("sources",), []),
        (("sources", 0, "relationship"), "copies"),
        (("automation", "methods"), []),
        (("automation", "methods", 0, "method"), "magic"),
        (("review", "status"), ""),
        (("status", "sorry_count"), -1),
        (("classification", "msc2020"), []),
        (("repository", "role"), "mirror"),
        (("version",), "v0.3"),
        (("unknown",), 1),
    ],
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_what_is_no_formalization(path: tuple[Any, ...], value: object) -> None:
    """Required fields, the words that a field takes, and no field that the format lacks."""
    loaded = yaml.safe_load((ROOT / "formalization.yaml").read_text(encoding="utf-8"))
    inner = loaded
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = value
    with pytest.raises(ValidationError):
        Formalization.model_validate(loaded)


def test_no_placeholder(export: Export) -> None:
    """What is not known is left out: no invented address of a repository, no DOI of our own, no name to be filled in."""
    for name, text in files(export, ROOT).items():
        assert not re.search(
            r"example\.(?:com|org)|TODO|XXX|your[ -]|github\.com/(?!leanprover)|repository-code", text, re.IGNORECASE
        ), name


def test_cff_is_valid() -> None:
    """By cffconvert, where it is installed: valid, with title and year."""
    program = shutil.which("cffconvert")
    if program is None:
        pytest.skip("cffconvert is not installed")
    valid = subprocess.run([program, "--validate"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert valid.returncode == 0, valid.stdout + valid.stderr
    bibtex = subprocess.run([program, "-f", "bibtex"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert f"year = {{{facts.RELEASED[:4]}}}" in bibtex
    assert f"title = {{{facts.TITLE}}}" in bibtex


def test_one_version_and_one_set_of_facts(project: dict[str, Any]) -> None:
    """What pyproject.toml, the lakefiles and the change log say is what the facts say."""
    lakefile = (ROOT / "lakefile.lean").read_text(encoding="utf-8")
    assert f'version := v!"{pybridge.__version__}"' in lakefile
    assert f'license := "{facts.LICENSE}"' in lakefile
    assert f"keywords := #[{', '.join(json.dumps(word) for word in facts.KEYWORDS)}]" in lakefile
    assert facts.SUMMARY in re.sub(r"\\\n\s*", "", lakefile)
    docbuild = tomllib.loads((ROOT / "docbuild" / "lakefile.toml").read_text(encoding="utf-8"))
    toolchain = (ROOT / "lean-toolchain").read_text(encoding="utf-8").strip().rpartition(":")[2]
    assert docbuild["version"] == pybridge.__version__
    assert [one["rev"] for one in docbuild["require"] if one["name"] == "doc-gen4"] == [toolchain]
    assert project["name"] == DISTRIBUTION
    assert project["description"] == facts.SUMMARY
    assert project["license"] == facts.LICENSE
    assert tuple(project["keywords"]) == facts.KEYWORDS
    assert "urls" not in project
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.*)$", changes, re.MULTILINE)[0] == pybridge.__version__


def test_who_installs_it_knows_its_name(project: dict[str, Any]) -> None:
    """Nothing tells people to install PyPI's pybridge, and the extras that messages name are there."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    for file in [*pages, ROOT / "pyproject.toml", *(ROOT / "pybridge").rglob("*.py")]:
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"pip install (?:\"|')?pybridge(?!-lean)\b", text), file
        assert not re.search(r"\bpybridge\[", text), file
        for extra in re.findall(r"pybridge-lean\[(\w+)\]", text):
            assert extra in project["optional-dependencies"], (file, extra)
