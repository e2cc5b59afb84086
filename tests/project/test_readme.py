"""README.md and the pages that it leads to say what is so: formulas, facts, output, examples, commands; and it is short."""

from __future__ import annotations

import importlib.util
import re
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import pybridge
from pybridge import ir
from pybridge.cli.app import main
from pybridge.export.loading import Export
from pybridge.export.versions import written_by
from pybridge.notation.render import text

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "equations.md").read_text(encoding="utf-8")
START = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```", README + COMMANDS, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """The script that writes formulas, facts, map and output."""
    spec = importlib.util.spec_from_file_location("readme_map", ROOT / "scripts" / "readme_map.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_is_short() -> None:
    """A landing page: fewer than 120 lines, of ordinary length but for formulas and the words of pictures."""
    lines = README.splitlines()
    assert len(lines) < 120
    assert [line for line in lines if len(line) > 128 and not line.startswith(("\\left", "<!-- as text: ", "<img "))] == []


def test_every_sign_is_defined() -> None:
    """Those of the formulas, and what stands for them in text; and Lean's three axioms by name."""
    before = README.partition("## I want to see it proved")[0]
    for said in (
        "Var(y) the\nmean of",
        "‖·‖ is length",
        "⟨·,·⟩ inner product",
        "Var(y) is `variance(y)`",
        "σ `scale`",
        "m `#ι`",
    ):
        assert said in before
    assert "besides Lean's three (below)" in README
    assert "of Lean's three (`propext`, `Classical.choice`, `Quot.sound`)" in " ".join(README.split())


def test_what_is_made_is_the_exports(script: ModuleType, export: Export) -> None:
    """Formulas, facts, and every theorem in the map with its file and line; else: python scripts/readme_map.py."""
    assert script.made(export, README, PAGE, START) == (README, PAGE, START)
    assert len(export.theorems) > 0
    assert PAGE.count("#L") == len(export.theorems)


def test_formulas_are_the_identities(script: ModuleType, export: Export) -> None:
    """(7) and (7ε), in what GitHub knows, each with its text for a reader who sees no formula."""
    shown = re.findall(r"```math\n(.+)\n```\n<!-- as text: (.+) -->", README)
    assert len(shown) == len(script.STATED) == 2
    for equation, (latex, words) in zip(script.STATED, shown, strict=True):
        theorem = export.stated(f"({equation})")[0]
        assert latex.count(r"\frac{\partial L}{\partial z}") >= 3
        assert words == text(theorem)


@pytest.mark.parametrize("file", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))], ids=lambda file: file.name)
def test_formulas_are_what_github_shows(file: Path) -> None:
    r"""GitHub refuses \operatorname, \mbox and \phantom, and shows an error in place of the formula."""
    written = re.findall(r"^```math\n.*?^```|\$`?[^$\n]+\$", file.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert not [formula for formula in written if re.search(r"\\(operatorname|mbox|phantom|newcommand|def)\b", formula)]


def test_facts_say_what_was_not_run(script: ModuleType, export: Export) -> None:
    """Which Lean exported, whether that is the pinned one, and whether it listed the axioms."""
    facts = " ".join(README.partition(script.FACTS)[2].partition(script.END)[0].split())
    assert f"exported by Lean {export.lean.version} with mathlib" in facts
    pinned = (ROOT / "lean-toolchain").read_text(encoding="utf-8").strip().rpartition(":v")[2]
    assert ("Not run: the pinned Lean" in facts) == (pinned != export.lean.version)
    assert ("not listed: mathlib's" in facts) != all(t.axioms.complete for t in export.theorems.values())
    named = replace(next(iter(export.theorems.values())), axioms=ir.Axioms(("Quot.sound", "propext"), complete=True))
    seen = script.facts(replace(export, theorems={"a": named}, lean=export.lean.model_copy(update={"version": pinned})))
    assert " ".join(seen.split()).endswith("That is the pinned Lean. Their axioms: `Quot.sound`, `propext`.")


def test_map_points_at_sources(export: Export) -> None:
    """The files the map links to exist, and the theorem's name stands at the line, or just below an attribute."""
    for theorem in export.theorems.values():
        lines = (ROOT / theorem.file).read_text(encoding="utf-8").splitlines()
        assert theorem.name.rpartition(".")[2] in "\n".join(lines[theorem.line - 1 : theorem.line + 2]), theorem.name


def test_output_has_a_row_for_every_theorem(script: ModuleType, export: Export) -> None:
    """The output shown is of these theorems and this Lean; else: python scripts/readme_map.py --run."""
    shown = PAGE.partition(script.output_marker(()))[2].partition(script.END)[0]
    rows = [re.split(r"\s{2,}", line)[:2] for line in shown.splitlines() if line.endswith("  agrees")]
    expected = [[f"({t.equation})", t.name.removeprefix("BatchNorm.")] for t in export.theorems.values()]
    assert rows == expected
    assert f"export fresh, written by {written_by(export)}; proofs not re-run; batches: drawn + recorded" in shown
    assert "proof not re-checked" in shown


def test_rows_are_what_the_command_prints(script: ModuleType) -> None:
    """The five rows of README.md: the same theorems, batches, worst batch and verdict, to as many digits."""
    shown = README.partition(script.output_marker(script.SHOWN))[2].partition(script.END)[0].strip().splitlines()[1:-1]
    assert f"pybridge check {' '.join(script.SHOWN)}" in README
    rows = script.output(script.SHOWN).splitlines()[1:-1]
    assert len(rows) == len(shown) >= 6
    for row, kept in zip(rows[1:], shown[1:], strict=True):
        (*now, digits, worst, verdict), (*then, before, where, what) = (re.split(r"\s{2,}", line) for line in (row, kept))
        assert (now, worst, verdict) == (then, where, what)
        assert abs(float(digits) - float(before)) < 1


def test_missing_marker(script: ModuleType) -> None:
    """Without its markers the README is not silently left as it is."""
    with pytest.raises(ValueError, match="markers"):
        script.between("no markers", script.MAP, "body")


def test_examples_exist() -> None:
    """There are Python examples to run."""
    assert len(re.findall("^```python", README, re.MULTILINE)) == 2
    assert len(EXAMPLES) == 4


@pytest.mark.slow
@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_run(example: str) -> None:
    """Each Python example of README.md and docs/commands.md runs as it stands."""
    exec(compile(example, "README.md", "exec"), {})  # noqa: S102


def test_the_kernel_of_the_readme() -> None:
    """It passes; without ε it fails, with the line that the README quotes."""
    (example,) = (one for one in EXAMPLES if "assert_kernel" in one)
    names: dict[str, Any] = {}
    exec(compile(example, "README.md", "exec"), names)  # noqa: S102
    names["test_backward"]()
    assert example.count(" + eps") == 1
    exec(compile(example.replace(" + eps", ""), "README.md", "exec"), names)  # noqa: S102
    with pytest.raises(AssertionError) as failed:
        names["test_backward"]()
    said = str(failed.value).splitlines()[0]
    assert f"```\n{_counted(said)}\n```" in _counted(README)


def _counted(said: str) -> str:
    """Without how many numbers are off: those at the bound itself depend on the order in which a processor adds."""
    return re.sub(r"\b\d+ of (?=\d)", "some of ", said)


def test_the_batch_of_the_readme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The example prints both sides, and the command takes the file that it writes."""
    monkeypatch.chdir(tmp_path)
    (example,) = (one for one in EXAMPLES if "savez" in one)
    exec(compile(example, "README.md", "exec"), {})  # noqa: S102
    assert "both sides:" in capsys.readouterr().out
    (line,) = re.findall(r"^    pybridge (check .*--data[^#]*)", README, re.MULTILINE)
    monkeypatch.setattr(sys, "argv", ["pybridge", *line.split()])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 0
    assert "agrees" in capsys.readouterr().out


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_run_on_few_theorems(example: str, export: Export, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """They run where ``load`` finds one theorem in ten: that all agree is tested elsewhere."""
    monkeypatch.chdir(tmp_path)
    few = dict(list(export.theorems.items())[::10])
    assert len(few) > 3
    monkeypatch.setattr(pybridge, "load", lambda: replace(export, theorems=few), raising=False)
    exec(compile(example, "README.md", "exec"), {})  # noqa: S102


def test_commands_exist() -> None:
    """The make targets that the documents and CI name are in the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    workflows = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
    assert workflows
    pages = (ROOT / "README.md", ROOT / "docs" / "testing.md", ROOT / "docs" / "commands.md")
    for file in (*pages, ROOT / ".ci" / "run", *workflows):
        before = "`|^ {4}" if file.suffix == ".md" else "^|run: "
        named = re.findall(rf"(?:{before})make ([a-z-]+)", file.read_text(encoding="utf-8"), re.MULTILINE)
        assert named or file.suffix == ".yml", file
        for target in named:
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
