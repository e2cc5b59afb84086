"""`pybridge check`: its table, its JSON, and what it says of a theorem that does not agree."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command import FAST, WRONG, Finished, Run, wrong

from pybridge.cli.options import MANY
from pybridge.export.loading import Export, dumps, load, seal


def test_check_agrees(everything: Finished, document: dict[str, Any]) -> None:
    """Everything agrees: exit 0, a row per theorem, a footer of what was not done, nothing on stderr when it is no terminal."""
    code, out, err, _ = everything
    assert (code, err) == (0, "")
    rows = [line for line in out.splitlines() if line.endswith("agrees")]
    assert len(rows) == len(document["theorems"]) + 0
    first = f"export not compared with sources, written by Lean {document['lean']['version']} (by the export's word"
    assert out.splitlines()[0].startswith(first)
    assert f"{len(rows)} of {len(rows)} theorems agree" in out
    assert "proof not re-checked" in out
    assert "export not compared with its sources" in out
    assert "families scales" in out
    assert "REFUTED" not in out
    assert "\x1b" not in out


def test_plain_output_is_stable(run: Run, good: str) -> None:
    """Two runs print the same, so that output can be compared and grepped."""
    some = ("check", "(1)", "7ε", "--export", good, *FAST)
    assert run(*some) == run(*some)


def test_footer_names_missing_lean(run: Run, good: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without Lean on PATH the footer says so and how to get it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    code, out, _ = run("check", "variance_nonneg", "--export", good, *FAST)
    assert code == 0
    assert "proof not re-checked: no Lean on PATH" in out


def test_check_refuted(run: Run, written: Callable[[dict[str, Any]], str], document: dict[str, Any]) -> None:
    """A changed sign: exit 1, the witness to paste, whose fault it is, and a command that repeats it, and does."""
    path = written(wrong(document))
    code, out, _ = run("check", WRONG, "--export", path)
    assert code == 1
    assert f"REFUTED {WRONG}" in out
    assert "disjoint: a proof that this statement is false for this batch" in out
    assert "at fault is the bridge" in out
    assert f"the export of {WRONG} is NOT what its Lean text says: conclusion: " in out
    assert "the export was edited, or the exporter is wrong; `pybridge audit` compares all" in out
    assert "0 of 1 theorems agree" in out
    assert not re.search(r"\bagrees$", out, re.MULTILINE)
    again = next(line for line in out.splitlines() if line.startswith("repeat: ")).split()[2:]
    code, out, _ = run(*again)
    assert code == 1
    assert f"REFUTED {WRONG}" in out


def test_check_json(run: Run, good: str, everything: Finished, document: dict[str, Any]) -> None:
    """--json writes every theorem's verdict beside the table, and to stdout instead of it for `-`."""
    code, out, _, written_results = everything
    assert (code, written_results["exitCode"]) == (0, 0)
    assert "theorems agree" in out
    assert [t["name"] for t in written_results["theorems"]] == [t["name"] for t in document["theorems"]]
    assert {t["verdict"] for t in written_results["theorems"]} == {"agrees"}
    assert written_results["notDone"]
    code, out, _ = run("check", "variance_nonneg", "--export", good, *FAST, "--json", "-")
    assert json.loads(out)["exitCode"] == code == 0


def test_json_holds_the_witness(
    run: Run, written: Callable[[dict[str, Any]], str], document: dict[str, Any], tmp_path: Path
) -> None:
    """A refutation's witness is in the JSON, exact."""
    target = tmp_path / "out.json"
    run("check", WRONG, "--export", written(wrong(document)), "--json", str(target))
    (theorem,) = json.loads(target.read_text(encoding="utf-8"))["theorems"]
    assert theorem["verdict"] == "refuted"
    assert theorem["witness"]["values"]
    assert theorem["witness"]["left"] != theorem["witness"]["right"]


def test_check_one_by_its_short_name(run: Run, good: str) -> None:
    """A theorem may be named without its namespace; the footer says that others were left out."""
    name = next(iter(load(Path(good)).theorems))
    code, out, _ = run("check", name.rpartition(".")[2], "--export", good, *FAST)
    assert code == 0
    assert "1 of 1 theorems agree" in out
    assert "other theorems" in out


def test_vacuous_is_not_a_pass(run: Run, written: Callable[[dict[str, Any]], str], document: dict[str, Any]) -> None:
    """A theorem whose hypotheses nothing satisfies exits 1 and says vacuous."""
    theorem = document["theorems"][0]
    zero = {"nat": {"value": 0}}
    theorem["hypotheses"] = [{"name": "h", "statement": "0 < 0", "proposition": {"lt": {"left": zero, "right": zero}}}]
    code, out, _ = run("check", theorem["name"], "--export", written(document), *FAST)
    assert code == 1
    assert "vacuous (0 of " in out
    assert "0 of 1 theorems agree" in out


def test_undecided_says_what_stayed_open(run: Run, written: Callable[[dict[str, Any]], str], document: dict[str, Any]) -> None:
    """A strict inequality between equal roots is undecided: exit 1, with the batch and the highest precision."""
    theorem = document["theorems"][0]
    root = {"sqrt": {"arg": {"nat": {"value": 2}}}}
    theorem["conclusion"] = {"lt": {"left": {"mul": {"left": root, "right": root}}, "right": {"nat": {"value": 2}}}}
    theorem["hypotheses"] = []
    code, out, _ = run("check", theorem["name"], "--export", written(document), "--families", "integers", "--max-size", "1")
    assert code == 1
    assert "undecided (1 of 1)" in out
    assert "at 4096 bits on integers-m1-s0.0" in out
    assert "repeat: pybridge check" in out


def test_check_equations(run: Run, good: str, export: Export) -> None:
    """All theorems of each, in the order in which they are asked for, each once."""
    code, out, _ = run("check", "7eps", "norm_sq_backward", "(5)", "--export", good, *FAST)
    assert code == 0
    rows = [line.split()[:2] for line in out.splitlines() if line.endswith("agrees")]
    expected = [theorem for equation in ("7ε", "5") for theorem in export.theorems.values() if theorem.equation == equation]
    assert rows == [[f"({theorem.equation})", theorem.name.removeprefix("BatchNorm.")] for theorem in expected]


def test_check_of_stdin_in_several_processes(everything: Finished, document: dict[str, Any]) -> None:
    """They check what was read, and it is said where that was."""
    command = [sys.executable, "-m", "pybridge", "check", "--export", "-", "--jobs", "2", *FAST, "--json", "-"]
    some = dumps(seal({**document, "theorems": document["theorems"][:MANY]}))
    done = subprocess.run(command, input=some, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    results = json.loads(done.stdout)
    assert results["export"]["path"] == "<stdin>"
    agreed = [(one["name"], one["counted"], one["digits"]) for one in everything.results["theorems"][:MANY]]
    assert [(one["name"], one["counted"], one["digits"]) for one in results["theorems"]] == agreed
