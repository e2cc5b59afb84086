"""The workflows: what they use is pinned, what they may do is said, and the commands they run are there."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from pybridge.cli.commands import app

yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
COMMANDS = get_command(app).commands  # type: ignore[attr-defined]
PINNED = re.compile(r"^[\w.-]+/[\w.-]+@(?:[0-9a-f]{40}|v\d+\.\d+\.\d+)$")


def loaded(file: Path) -> dict[str, Any]:
    """A workflow, with ``on`` as text, which YAML 1.1 takes for a truth value."""
    found: dict[str, Any] = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return found


def steps(file: Path) -> Iterator[dict[str, Any]]:
    """The steps of all jobs."""
    for job in loaded(file)["jobs"].values():
        yield from job["steps"]


def test_they_are_there() -> None:
    """One each for Lean, Python, the pages, the nights and releases."""
    assert [file.stem for file in WORKFLOWS] == ["docs", "lean", "nightly", "python", "release"]


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_actions_are_pinned(file: Path) -> None:
    """To a commit, or to a full version; and nothing may be written that a job does not say."""
    used = [step["uses"] for step in steps(file) if "uses" in step]
    assert used
    for action in used:
        assert PINNED.match(action), action
    assert loaded(file)["permissions"] == {"contents": "read"}
    for step in steps(file):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] == "false"


def test_axioms_are_audited() -> None:
    """The three, and no other; an unknown proof is an error in the independent kernel too."""
    text = (ROOT / ".github" / "workflows" / "lean.yml").read_text(encoding="utf-8")
    assert "axiom-audit-allow: propext,Classical.choice,Quot.sound" in text
    night = (ROOT / ".github" / "workflows" / "nightly.yml").read_text(encoding="utf-8")
    assert '"permitted_axioms": ["propext", "Classical.choice", "Quot.sound"]' in night
    assert '"unpermitted_axiom_hard_error": true' in night


def test_python_versions_are_those_of_the_package() -> None:
    """From the oldest that it asks for on, on three systems."""
    matrix = loaded(ROOT / ".github" / "workflows" / "python.yml")["jobs"]["test"]["strategy"]["matrix"]
    assert matrix["python-version"] == ["3.10", "3.11", "3.12", "3.13"]
    systems = {*matrix["os"], *(one["os"] for one in matrix["include"])}
    assert {system.partition("-")[0] for system in systems} == {"ubuntu", "macos", "windows"}
    assert 'requires-python = ">=3.10"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_commands_exist(file: Path) -> None:
    """Commands of pybridge with their options, scripts, and extras."""
    for step in steps(file):
        run = step.get("run", "")
        for line in re.findall(r"(?:^|/|: )pybridge ([^\n]*)", run, re.MULTILINE):
            words = line.split()
            if words[0].startswith("-") or words[0].startswith("$"):
                continue
            command = COMMANDS[words[0]]
            if words[0] == "dojo":
                command = command.commands[words[1]]
            known = {option for parameter in command.params for option in parameter.opts}
            assert {word.partition("=")[0] for word in words if word.startswith("--")} <= known, line
        for script in re.findall(r"python (scripts/\w+\.py)", run):
            assert (ROOT / script).is_file(), script
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    if file.stem == "python":
        for extra in loaded(file)["jobs"]["extras"]["strategy"]["matrix"]["extra"]:
            assert re.search(rf"^{extra} = \[", project, re.MULTILINE)
            assert f'"{extra}: needs' in project


@pytest.mark.parametrize("program", ["actionlint", "yamllint"])
def test_linters(program: str) -> None:
    """By the linters, where they are installed."""
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed")
    line = re.search(rf"^ *({program}\b.*)$", (ROOT / ".github/workflows/python.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert line is not None
    arguments = line[1].split()[1:]
    done = subprocess.run([found, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
