"""README.md says what is so: its map is the export's, its examples run, its commands exist."""

from __future__ import annotations

import importlib.util
import re
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

import pybridge
from pybridge.export.loading import Export

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """The script that writes the map."""
    spec = importlib.util.spec_from_file_location("readme_map", ROOT / "scripts" / "readme_map.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_map_is_the_exports(script: ModuleType, export: Export) -> None:
    """Every theorem stands in the map with its file and line; else: python scripts/readme_map.py."""
    assert script.between(README, script.MAP, script.table(export)) == README
    assert len(export.theorems) > 0


def test_map_points_at_sources(export: Export) -> None:
    """The files the map links to exist, and the theorem's name stands at the line, or just below an attribute."""
    for theorem in export.theorems.values():
        lines = (ROOT / theorem.file).read_text(encoding="utf-8").splitlines()
        assert theorem.name.rpartition(".")[2] in "\n".join(lines[theorem.line - 1 : theorem.line + 2]), theorem.name


def test_output_has_a_row_for_every_theorem(script: ModuleType, export: Export) -> None:
    """The output shown is of these theorems and this Lean; else: python scripts/readme_map.py --run."""
    shown = README.partition(script.OUTPUT[0])[2].partition(script.OUTPUT[1])[0]
    rows = [re.split(r"\s{2,}", line)[:2] for line in shown.splitlines() if line.endswith("  agrees")]
    expected = [[f"({t.equation})", t.name.removeprefix("BatchNorm.")] for t in export.theorems.values()]
    assert rows == expected
    assert f"proved by Lean {export.lean.version} (not re-run), export fresh" in shown
    assert "proof not re-checked" in shown


def test_missing_marker(script: ModuleType) -> None:
    """Without its markers the README is not silently left as it is."""
    with pytest.raises(ValueError, match="markers"):
        script.between("no markers", script.MAP, "body")


def test_examples_exist() -> None:
    """There are Python examples to run."""
    assert len(EXAMPLES) >= 2


@pytest.mark.slow
@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_run(example: str) -> None:
    """Each Python example of the README runs as it stands."""
    exec(compile(example, "README.md", "exec"), {})  # noqa: S102


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_run_on_few_theorems(example: str, export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    """They run where ``load`` finds one theorem in ten: that all agree is tested elsewhere."""
    few = dict(list(export.theorems.items())[::10])
    assert len(few) > 3
    monkeypatch.setattr(pybridge, "load", lambda: replace(export, theorems=few), raising=False)
    exec(compile(example, "README.md", "exec"), {})  # noqa: S102


def test_commands_exist() -> None:
    """The make targets that the documents and CI name are in the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    workflows = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
    assert workflows
    for file in (ROOT / "README.md", ROOT / "docs" / "testing.md", ROOT / ".ci" / "run", *workflows):
        before = "`|^ {4}" if file.suffix == ".md" else "^|run: "
        named = re.findall(rf"(?:{before})make ([a-z-]+)", file.read_text(encoding="utf-8"), re.MULTILINE)
        assert named or file.suffix == ".yml", file
        for target in named:
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
