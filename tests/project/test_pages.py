"""The pages for reviewers and contributors: tables are made, commands exist, links lead somewhere, the example is read."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from typer.main import get_command

from pybridge.cli.commands import app
from pybridge.surface.declarations import declarations

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ROOT / "docs" / "trust.md",
    ROOT / "docs" / "bridge.md",
    ROOT / "docs" / "commands.md",
    ROOT / "docs" / "equations.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
]
LINKING = sorted({*PAGES, *(ROOT / "docs").glob("*.md"), ROOT / "examples" / "README.md"})
COMMANDS = get_command(app).commands  # type: ignore[attr-defined]
BRIDGE = (ROOT / "docs" / "bridge.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """The script that writes the tables."""
    spec = importlib.util.spec_from_file_location("bridge_tables", ROOT / "scripts" / "bridge_tables.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_tables_are_the_tests(script: ModuleType) -> None:
    """Every statement that lean/BridgeTest translates or refuses has a row; else: python scripts/bridge_tables.py."""
    assert script.written(BRIDGE) == BRIDGE
    tests = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "lean" / "BridgeTest").glob("*.lean"))
    rows = len(re.findall(r"^\| (?!about \| statement )[^|]", BRIDGE, re.MULTILINE))
    assert rows == len(re.findall(r"^#translate ", tests, re.MULTILINE))
    with pytest.raises(ValueError, match="markers"):
        script.written("no markers")


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_commands_exist(file: Path) -> None:
    """Each `pybridge …` in code, with the options it is given."""
    text = file.read_text(encoding="utf-8")
    found = re.findall(r"(?:`|^ {4}|\$ )pybridge ([a-z][^`\n#]*)", text, re.MULTILINE)
    for line in found:
        words = line.split()
        assert words[0] in COMMANDS, line
        command = COMMANDS[words[0]]
        if words[0] == "dojo" and len(words) > 1:
            command = command.commands[words[1]]
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known | {"--help"}, line
    assert found


def test_every_command_is_on_its_page() -> None:
    """docs/commands.md says of each what it is for."""
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    for name in COMMANDS:
        assert re.search(rf"^\| `pybridge {name}\b", text, re.MULTILINE), name


@pytest.mark.parametrize("file", LINKING, ids=lambda file: str(file.relative_to(ROOT)))
def test_links_lead_somewhere(file: Path) -> None:
    """Files that a page links to are there, in the repository and not only on the site that is made of it."""
    for target in re.findall(r"\]\((?!https?://|#)([^)#\s]+)", file.read_text(encoding="utf-8")):
        assert (file.parent / target).exists(), target


def test_the_example_is_lean_that_can_be_read() -> None:
    """The library of the worked example: a definition and a theorem, both marked, with docstrings."""
    (text,) = re.findall(r"<!-- example: lean/Gate.lean -->\n```lean\n(.*?)```", BRIDGE, re.DOTALL)
    definition, *theorems = declarations(text, "lean/Gate.lean")
    assert definition.name == "Gate.forward"
    assert [one.name for one in theorems] == ["Gate.forward_apply", "Gate.forward_comm"]
    for one in (definition, *theorems):
        assert one.docstring
        assert one.attribute("bridge") is not None
    label = theorems[0].attribute("bridge")
    assert label is not None
    labels = (ROOT / "lean" / "Bridge" / "Attr.lean").read_text(encoding="utf-8")
    assert f'"{label.strings[0]}"' in labels


def test_trust_says_what_was_not_run() -> None:
    """The pinned toolchain, kernels before 4.34.0, and the command for each."""
    text = (ROOT / "docs" / "trust.md").read_text(encoding="utf-8")
    pinned = (ROOT / "lean-toolchain").read_text(encoding="utf-8").strip().rpartition(":")[2]
    assert pinned in text
    assert "All kernels before 4.34.0 have known soundness bugs" in text
    for named in (
        "make proof",
        "lake build BridgeTest",
        "lean4export",
        "nanoda",
        "pybridge extract --check",
        "pybridge dojo compare",
        "pybridge audit",
    ):
        assert named in text
    rows = [line.split("|") for line in text.splitlines() if line.startswith("| ")]
    assert all(len(row) == 5 and all(cell.strip() for cell in row[1:4]) for row in rows)
    claims = text.partition("## Claim by claim\n")[2].partition("\n## ")[0].split("\n### ")[1:]
    assert len(claims) > 10
    for claim in claims:
        said = [line for line in claim.splitlines() if line.startswith("- ")]
        parts = ("- **Rests on** ", "- **If that is wrong:** ", "- **What settles it:**")
        assert all(line.startswith(part) for line, part in zip(said, parts, strict=True)), claim
        assert claim.partition(parts[2])[2].strip().startswith("- "), claim
