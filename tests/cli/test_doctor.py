"""`pybridge doctor`: what is here, what each thing is for, and that no line names what is not there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command import Run

import pybridge
from pybridge.cli import here
from pybridge.cli.here import Item, everything, extras
from pybridge.cli.requirements import Requirement, at_least, required
from pybridge.dojo.reading import INSTALL
from pybridge.errors import ExportStale, install

ROOT = Path(__file__).resolve().parents[2]


def by_name() -> dict[str, Item]:
    """All items."""
    return {item.name: item for item in everything()}


def test_in_a_checkout(run: Run) -> None:
    """The export is fresh; Lean, mathlib, the proofs and each extra have a line, with what they are for."""
    code, out, err = run("doctor")
    assert (code, err) == (0, "")
    assert f"{pybridge.__version__}, a checkout, {ROOT}" in out
    for name in ("export", "recorded batches", "Lean", "mathlib", "proofs", "C compiler", "extra torch", "extra numba"):
        assert re.search(rf"^{name} ", out, re.MULTILINE), name
    assert "fresh: the Lean sources beside it are those exported" in out
    assert "nothing is broken" in out


def test_json(run: Run) -> None:
    """The same for programs."""
    code, out, _ = run("doctor", "--json")
    document = json.loads(out)
    assert (code, document["exitCode"]) == (0, 0)
    assert [one["name"] for one in document["items"]] == list(by_name())
    assert {one["state"] for one in document["items"]} <= {"here", "missing", "other", "broken"}
    for one in document["items"]:
        assert one["state"] != "missing" or one["command"], one


def test_every_extra_says_what_it_is_for() -> None:
    """Those of pyproject.toml, all of them."""
    found = extras(ROOT)
    assert {"torch", "jax", "numba", "dask", "test"} <= found.keys()
    assert found["torch"][0] == Requirement("torch", ">=2.2")
    assert found["dojo"] == [Requirement("lean-dojo", "==4.20.0", "3.13")]
    assert install("dojo") in INSTALL
    assert Requirement("mkdocs", ">=1.6,<2") in found["docs"]  # of which an earlier requirement has brackets of its own
    assert found.keys() <= here.PURPOSES.keys()


def test_without_lean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It says where Lean comes from."""
    monkeypatch.setenv("PATH", str(tmp_path))
    item = by_name()["Lean"]
    assert item.state == "missing"
    assert "install elan" in item.command


@pytest.mark.parametrize(
    ("printed", "state"),
    [("Lean (version 4.27.0, x86_64, commit 0, Release)", "here"), ("Lean (version 4.9.1, x86_64)", "other"), ("", "other")],
)
def test_the_pinned_lean(monkeypatch: pytest.MonkeyPatch, printed: str, state: str) -> None:
    """Another version than the pinned one is said to be another one."""
    monkeypatch.setattr(here, "_output", lambda *_: printed)
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "elan" else f"/bin/{name}")
    assert here._toolchain("leanprover/lean4:v4.27.0", "").state == state


def test_elan_is_asked_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing is fetched by asking Lean."""
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")
    asked = []

    def output(*command: str) -> str:
        asked.append(command)
        return "leanprover/lean4:v4.9.0\n"

    monkeypatch.setattr(here, "_output", output)
    assert here._toolchain("leanprover/lean4:v4.9.0", "").state == "here"
    lacking = here._toolchain("leanprover/lean4:v4.27.0", "")
    assert (lacking.state, lacking.command) == ("missing", "elan toolchain install leanprover/lean4:v4.27.0")
    assert asked == [("elan", "toolchain", "list")] * 2


def test_a_stale_export_is_broken(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its exit code is that of a refused export."""

    def refused() -> None:
        raise ExportStale("lean/BatchNorm/Defs.lean has changed", hint="`pybridge extract` writes a fresh one")

    monkeypatch.setattr(here, "load", refused)
    code, out, _ = run("doctor")
    assert code == 4
    assert "broken: export" in out
    assert "`pybridge extract` writes a fresh one" in out


INSTALLED = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
sys.argv = ["pybridge", *sys.argv[2:]]
from pybridge.cli.app import main
main()
"""


def test_installed_it_names_nothing_that_is_not_there(tmp_path: Path) -> None:
    """A copy of the package in an empty folder: no make target, no file of the checkout, neither here nor below a check."""
    shutil.copytree(ROOT / "pybridge", tmp_path / "site" / "pybridge", ignore=shutil.ignore_patterns("__pycache__"))

    def output(*arguments: str) -> str:
        command = [
            sys.executable,
            "-P" if sys.version_info >= (3, 11) else "-I",
            "-c",
            INSTALLED,
            str(tmp_path / "site"),
            *arguments,
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        return done.stdout

    said = output("doctor")
    assert f"an installed package, {tmp_path / 'site' / 'pybridge'}" in said
    assert "not compared: no sources beside the export" in said
    checked = output("check", "variance_nonneg", "--max-size", "2")
    for text in (said, checked):
        assert "make " not in text
        assert "lake " not in text
        assert "BridgeTest" not in text
        assert "pyproject" not in text
        for path in re.findall(r"\b(?:lean|docs|tests|scripts|examples)/[\w./]+", text):
            pytest.fail(f"{path} is named and is not there")
    assert "a checkout of the repository does" in said


def test_what_is_pinned_is_installed_as_it_is_pinned(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the extra, which says the versions; a Python too new for it is said."""
    monkeypatch.setattr(here, "_version", lambda _: None)
    commands = {name: item.command for name, item in by_name().items() if name.startswith("extra ")}
    assert commands["extra docs"] == install("docs")
    assert commands["extra dojo"].endswith(install("dojo"))
    assert ("with a Python below 3.13: " in commands["extra dojo"]) == (sys.version_info >= (3, 13))
    monkeypatch.setattr(here.platform, "python_version", lambda: "3.13.1")
    assert by_name()["extra dojo"].command == f"with a Python below 3.13: {install('dojo')}"
    monkeypatch.setattr(here, "_version", lambda name: "4.21.0" if name == "lean-dojo" else "99")
    found = by_name()
    assert found["extra dojo"].state == "missing"
    assert found["extra torch"].state == "here"
    assert found["extra docs"].state == "missing"


def test_an_extra_is_installed_in_one_way(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the doctor says is what the command says that needs it, and the README; of a checkout that is not installed too."""
    monkeypatch.setattr(here, "_version", lambda _: None)
    monkeypatch.setitem(sys.modules, "jinja2", None)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    for there in (True, False):
        if not there:
            monkeypatch.setattr("pybridge.errors.DISTRIBUTION", "no-such-distribution")
        said = by_name()["extra report"].command
        assert said == ('pip install "pybridge-lean[report]"' if there else 'pip install -e ".[report]"')
        code, out, err = run("report")
        assert (code, out) == (3, "")
        assert err.endswith(f" is not installed; `{said}`\n")
    for page in ("README.md", "docs/commands.md"):
        assert '`pip install "pybridge-lean[report]"`' in (ROOT / page).read_text(encoding="utf-8")


def test_requirements_as_metadata_write_them() -> None:
    """With the extra behind the rest, in either quotes."""
    written = "lean-dojo==4.20.0; python_version < \"3.13\" and extra == 'dojo'"
    assert required(written) == (Requirement("lean-dojo", "==4.20.0", "3.13"), "dojo")
    assert required("numpy>=1.26") == (Requirement("numpy", ">=1.26"), "")
    assert required('pybridge-lean[report]; extra == "docs"') == (
        Requirement("pybridge-lean", "", options="[report]"),
        "docs",
    )
    assert required("mkdocstrings[python]>=0.27")[0].typed == '"mkdocstrings[python]>=0.27"'
    assert Requirement("a", "").typed == "a"


def test_versions_are_compared_by_number() -> None:
    """Part by part; what stands behind the numbers does not count."""
    assert at_least("2.10", "2.9")
    assert at_least("2.2.0rc1", "2.2")
    assert not at_least("0.59.1", "0.60")
    assert at_least("1", "")
