"""`pybridge list` and `pybridge show`: what there is, and all about one declaration."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from command import Run, only_line

from pybridge.cli.tables import sentence
from pybridge.export.loading import DEFAULT, Export, Fresh, load
from pybridge.notation.render import text


def test_list_and_show(run: Run, good: str, document: dict[str, Any]) -> None:
    """`list` has a row per theorem below where they are from; `show` has docstring, Lean statement, LaTeX and place."""
    code, out, _ = run("list", "--export", good)
    assert code == 0
    above, blank, _, *rows = out.splitlines()
    assert above.startswith(f"export not compared with sources, written by Lean {document['lean']['version']} (")
    assert above.endswith("; proofs not re-run")
    assert blank == ""
    assert len(rows) == len(document["theorems"])
    theorem = document["theorems"][0]
    code, out, _ = run("show", theorem["name"], "--export", good)
    assert code == 0
    assert f"{theorem['file']}:{theorem['line']}" in out
    assert theorem["docstring"].strip().splitlines()[0] in out
    assert "Lean:" in out
    assert "LaTeX:" in out
    definition = document["definitions"][-1]
    code, out, _ = run("show", definition["name"].removeprefix("BatchNorm."), "--export", good)
    assert code == 0
    assert f"{definition['name']}  definition" in out


def test_the_formula_has_the_signs_of_the_paper(run: Run, good: str) -> None:
    """∂L/∂y and σ, not the names of our definitions, and a line says what the signs are."""
    _, out, _ = run("show", "norm_sq_backward", "--export", good)
    lines = out.splitlines()
    formula, signs = lines[lines.index("LaTeX:") + 1 :][:2]
    assert formula.startswith(r"  \left\lVert \frac{\partial L}{\partial y} \right\rVert^{2} = ")
    assert r"\operatorname{backward}" not in out
    assert signs.startswith("  signs: m is the size of the batch; σ what the batch is divided by; ŷ ")


def test_a_step_is_explained(run: Run, good: str) -> None:
    """(6) with its formula as text, and the lemma that carries (5) to it, as the export states it."""
    _, out, _ = run("show", "norm_sq_backward_eps_zero_eq_mul_sub_inner_sq", "--export", good)
    export = load(check_sources=False)
    lines = out.splitlines()
    shown = lines[lines.index("as text:") + 1]
    assert shown == "  " + text(export.theorem("norm_sq_backward_eps_zero_eq_mul_sub_inner_sq"))
    lemma = "norm_sub_inner_smul_sq_of_norm_eq_one"
    assert f"  {lemma} (projection): {text(export.theorem(lemma))}" in lines
    assert "  norm_sq_backward_eps_zero_eq_mul_norm_sq (5): " in out
    code, out, _ = run("show", "mean", "--export", good)
    assert code == 0
    assert f"as text:\n  {text(export.definition('mean'))}\n" in out


def test_a_place_in_sources_that_are_not_here_is_said_to_be_elsewhere(run: Run, good: str) -> None:
    """Of an export without its sources; of the package's own, in a checkout, the file is there."""
    assert ", in the Lean sources, which are not beside this export" in run("show", "mean", "--export", good)[1]
    said = run("show", "mean")[1]
    assert ("which are not beside" in said) != isinstance(load().freshness, Fresh)


def test_installed_command(good: str) -> None:
    """As a program, piped: exit code, UTF-8 whatever the locale, no escape codes."""
    result = subprocess.run(
        [sys.executable, "-c", "from pybridge.cli.app import main; main()", "list", "--export", good],
        capture_output=True,
        check=False,
        env={"PATH": "", "LC_ALL": "C", "PYTHONPATH": str(DEFAULT.parents[2])},
    )
    assert result.returncode == 0, result.stderr
    assert "theorem" in result.stdout.decode("utf-8")
    assert b"\x1b" not in result.stdout


def test_list_cuts_no_sentence(run: Run, good: str, export: Export) -> None:
    """The first sentence of each docstring stands whole on the theorem's line, wherever the docstring breaks it."""
    _, out, _ = run("list", "--export", good)
    broken = 0
    for theorem, line in zip(export.theorems.values(), out.splitlines()[3:], strict=True):
        said = sentence(theorem.docstring)
        assert line.endswith(f"  {said}")
        assert said == theorem.docstring.split(".")[0].replace("\n", " ") + "." or "." in said[:-1]
        broken += said not in theorem.docstring
    assert broken, "no docstring breaks its first sentence: this test is about nothing"


@pytest.mark.parametrize(
    ("docstring", "said"),
    [
        ("One\ntwo. Three.\n", "One two."),
        ("By (4.1) it is.\nSo", "By (4.1) it is."),
        ("No stop", "No stop"),
        ("", ""),
    ],
)
def test_a_sentence(docstring: str, said: str) -> None:
    """Up to the first full stop with a blank behind it, on one line."""
    assert sentence(docstring) == said


def test_list_as_json(run: Run, good: str, document: dict[str, Any]) -> None:
    """All of each theorem that the table has, and its statement."""
    code, out, err = run("list", "--json", "--export", good)
    assert (code, err) == (0, "")
    listed = json.loads(out)
    assert listed["export"] == {"path": good, "digest": load(Path(good)).digest}
    fields = ("name", "equation", "file", "line", "docstring", "statement")
    assert listed["theorems"] == [{field: theorem[field] for field in fields} for theorem in document["theorems"]]


@pytest.mark.parametrize("equation", ["7", "(7)"])
def test_show_an_equation(run: Run, good: str, equation: str) -> None:
    """All its theorems, one after the other, in the order of the export."""
    code, out, _ = run("show", equation, "--export", good)
    assert code == 0
    heads = [line for line in out.splitlines() if "  equation (" in line]
    assert [head.split()[0] for head in heads] == [theorem.name for theorem in load(Path(good)).stated("7")]
    assert len(heads) == 3
    single = run("show", heads[2].split()[0], "--export", good)[1]
    assert out.endswith(f"\n\n{single}")


def test_an_export_from_stdin(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    """Of a command in one process; a refused one is said to be from there."""
    for content, code in ((DEFAULT.read_bytes(), 0), (b"{}", 4)):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        found, out, err = run("list", "--export", "-")
        assert found == code
        assert (out == "") == (code == 4)
    assert only_line(err).startswith("pybridge: <stdin>: no field 'schema'")
    monkeypatch.setattr(sys, "stdin", None)
    code, out, err = run("list", "--export", "-")
    assert (code, out) == (1, "")
    assert "stdin is closed" in only_line(err)


def test_show_the_source(run: Run, good: str) -> None:
    """The code of a definition for a target, whether what compiles it is there or not; a theorem has none."""
    for target, head in (("numpy", '"""BatchNorm.mean, '), ("numba", '"""BatchNorm.mean, '), ("c", "/* BatchNorm.mean, ")):
        code, out, err = run("show", "mean", "--source", target)
        assert (code, err) == (0, "")
        assert out.startswith(head)
        assert "mean = sum_y / m" in out
    code, out, err = run("show", "mean", "--source", "fortran", "--export", good)
    assert (code, out) == (2, "")
    assert only_line(err) == "pybridge: --source: there is no target 'fortran'; there are numpy, numba, c"
    code, out, err = run("show", "mean", "--source", "c", "--program")
    assert (code, out) == (2, "")
    assert "exclude each other" in only_line(err)
    code, out, err = run("show", "norm_sq_backward", "--source", "c")
    assert (code, out) == (2, "")
    assert "no definition is called 'norm_sq_backward'" in only_line(err)
