"""`pybridge prove`: what was proved for which m, how, and what was not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command import WRONG, Run, only_line, wrong

from pybridge import ir
from pybridge.cli.proofs import SHOWN, how, lines
from pybridge.export.loading import Export
from pybridge.proving.prove import Proved


def test_prove_says_what_was_proved_for_which_m(run: Run, good: str) -> None:
    """The statement, then a line for each size; exit 0."""
    code, out, _ = run("prove", "norm_sq_normalize_eps_zero", "--sizes", "1,2", "--export", good)
    assert code == 0
    assert "‖" in out
    assert "m = 1: nothing to prove: the hypotheses exclude every batch of this size" in out
    assert "m = 2: proved: the residual reduces to 0 in " in out


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("norm_sq_backward", "the residual reduces to 0"),
        ("backward_eq_smul_sub_inner_smul", "the residual of each coordinate reduces to 0"),
        ("norm_sq_backward_le", "the difference of the sides is certainly ≥ 0"),
        ("variance_nonneg", "the difference of the sides is certainly ≥ 0"),
    ],
)
def test_prove_says_how(run: Run, good: str, tmp_path: Path, name: str, said: str) -> None:
    """An inequality has sides that differ: no residual of theirs is 0."""
    target = tmp_path / "out.json"
    code, out, _ = run("prove", name, "--sizes", "2", "--export", good, "--json", str(target))
    assert code == 0
    assert f"  m = 2: proved: {said} in " in out
    (theorem,) = json.loads(target.read_text(encoding="utf-8"))["theorems"]
    assert theorem["sizes"][0]["by"] == said


def test_how_other_statements_are_decided() -> None:
    """A strict inequality by its sign; an equivalence or a conjunction, which has no two sides, part by part."""
    zero, one = ir.Nat(0), ir.Nat(1)
    assert how(ir.Lt(zero, one)) == "the difference of the sides is certainly > 0"
    assert how(ir.Ne(zero, one)) == "the difference of the sides is certainly ≠ 0"
    for both in (ir.And, ir.Iff):
        assert how(both(ir.Eq(one, one), ir.Le(zero, one))) == "decided"


def test_prove_prints_short_lines_and_writes_everything(run: Run, good: str, tmp_path: Path) -> None:
    """The verdict comes first, then a few equations cut short; the JSON has them whole."""
    target = tmp_path / "out.json"
    code, out, _ = run("prove", "norm_sq_backward_lt_iff", WRONG, "--sizes", "3", "--export", good, "--json", str(target))
    assert code == 1
    assert "1 of 2 theorems proved" in out.splitlines()
    _, printed = out.split("  m = 3: proved: ")
    assert all(len(line) < 110 for line in printed.splitlines())
    results = json.loads(target.read_text(encoding="utf-8"))
    assert results["exitCode"] == 1
    undecided, proved = results["theorems"]
    assert (undecided["proved"], undecided["sizes"][0]["outcome"]) == (False, "not decided")
    assert (proved["proved"], proved["sizes"][0]["outcome"], proved["sizes"][0]["m"]) == (True, "proved", 3)
    assert max(map(len, proved["sizes"][0]["symbols"])) > 1000
    code, out, _ = run("prove", WRONG, "--export", good, "--json", "-")
    assert json.loads(out)["exitCode"] == code == 0


def test_prove_cuts_a_long_list(export: Export) -> None:
    """Of more symbols than are shown it is said how many there are."""
    printed = lines(export.theorem(WRONG), 2, Proved({}, 1, tuple(f"_{k}^2 = x" for k in range(SHOWN + 3))))
    assert printed[-1].strip() == "… and 3 more, see --json"
    assert len(printed) == SHOWN + 3


def test_prove_nothing_is_not_a_pass(run: Run, good: str, tmp_path: Path) -> None:
    """Where no size asked for has a batch, nothing is proved: exit 1."""
    target = tmp_path / "out.json"
    name = "norm_sq_normalize_eps_zero"
    code, out, _ = run("prove", name, "--sizes", "1", "--export", good, "--json", str(target))
    assert code == 1
    assert f"nothing proved of BatchNorm.{name}: its hypotheses exclude every batch of the sizes asked for" in out
    assert "0 of 1 theorems proved" in out
    (theorem,) = json.loads(target.read_text(encoding="utf-8"))["theorems"]
    assert theorem["sizes"] == [{"m": 1, "outcome": "nothing to prove"}]
    assert not theorem["proved"]


def test_prove_without_theorems(run: Run, written: Callable[[dict[str, Any]], str], document: dict[str, Any]) -> None:
    """An export without theorems proves nothing: one line, exit 1."""
    code, out, err = run("prove", "--export", written({**document, "theorems": []}))
    assert (code, out) == (1, "")
    assert "holds no theorem" in only_line(err)


def test_prove_does_not_prove_what_is_false(
    run: Run, written: Callable[[dict[str, Any]], str], document: dict[str, Any]
) -> None:
    """A mutant: a rational point at which it is false, exit 1."""
    code, out, _ = run("prove", WRONG, "--sizes", "2", "--export", written(wrong(document)))
    assert code == 1
    assert "m = 2: false, at the rational point {" in out


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ("", "empty item"),
        ("2,,3", "empty item"),
        ("0", "list of positive numbers"),
        ("two", "list of positive numbers"),
        ("2;3", "list of positive numbers"),
        ("17", "m = 17 is too large; the largest that is tried is 16"),
        ("2,1000000000000", "m = 1000000000000 is too large"),
        ("9" * 5000, "the largest that is tried is 16"),
    ],
)
def test_prove_bad_sizes(run: Run, good: str, sizes: str, said: str) -> None:
    """Sizes that are none, or that no memory is enough for: a wrong command, in one line."""
    code, out, err = run("prove", "--sizes", sizes, "--export", good)
    assert (code, out) == (2, "")
    assert said in only_line(err)


def test_prove_a_size_once(run: Run, good: str) -> None:
    """However often it is written."""
    assert run("prove", WRONG, WRONG, "--sizes", "2, 02,2", "--export", good) == run(
        "prove", WRONG, "--sizes", "2", "--export", good
    )


def test_prove_an_equation(run: Run, good: str) -> None:
    """All its theorems; of one about a loss the symbols say nothing, and then it is said so."""
    code, out, _ = run("prove", "7", "--sizes", "2", "--export", good)
    assert code == 1
    assert "2 of 3 theorems proved" in out
    assert run("prove", "Obs 4.3", "--sizes", "2", "--export", good)[0] == 0
