"""`pybridge check --data`: a batch of one's own in files, its table, card and JSON, and its exit codes."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import WRONG, Run, only_line, wrong

import pybridge
from pybridge.export.loading import dumps, seal

RNG = np.random.default_rng(2)
Y, G = RNG.normal(size=(2, 8, 3)).astype(np.float32)


@pytest.fixture
def batch(tmp_path: Path) -> str:
    """An npz with the arrays of three channels."""
    np.savez(tmp_path / "batch.npz", y=Y, g=G, gamma=np.array([1.0, -0.5, 2.0]))
    return str(tmp_path / "batch.npz")


def test_named_theorems(run: Run, good: str, batch: str) -> None:
    """A row for each and no more, with -v hypotheses, both sides, terms; exit 0."""
    given = ("check", "7eps", "--data", batch, "--set", "eps=1e-5", "--axis", "0", "--digits", "12", "--export", good)
    code, out, err = run(*given)
    assert (code, err) == (0, "")
    assert len(out.splitlines()) < 12
    code, out, err = run(*given, "-v")
    assert (code, err) == (0, "")
    rows = [line.split() for line in out.splitlines() if line.endswith("agrees")]
    assert [row[:3] for row in rows] == [["(7ε)", "norm_sq_backward", "3"], ["(7ε)", "norm_sq_backward_eq_mul_sub_sq", "3"]]
    for part in ("batches: yours", "agrees to", "h : 0 < BatchNorm.variance y + ε", "terms:", "‖g‖²", "2 of 2 theorems agree"):
        assert part in out
    assert " not asked for" in out


def test_every_theorem_whose_variables_are_there(run: Run, tmp_path: Path, document: dict[str, Any]) -> None:
    """Those of a csv with two columns; what is left out is listed with the reason."""
    few = copy.deepcopy(document)
    names = {"norm_sq_backward", "variance_nonneg", "normalize_eq_zero_of_variance_eq_zero", "hasGradientAt_comp_forward"}
    few["theorems"] = [one for one in few["theorems"] if one["name"].removeprefix("BatchNorm.") in names]
    path = tmp_path / "few.json"
    path.write_text(dumps(seal(few)), encoding="utf-8")
    (tmp_path / "b.csv").write_text("y,g\n1,0.5\n2.5,-1\n4,0.25\n", encoding="utf-8")
    given = ("check", "--data", str(tmp_path / "b.csv"), "--set", "eps=1e-5", "--set", "gamma=2", "--export", str(path))
    code, out, _ = run(*given)
    assert code == 0
    assert {line.split()[1] for line in out.splitlines() if line.endswith("agrees")} == {"norm_sq_backward", "variance_nonneg"}
    assert "1 because only batches with BatchNorm.variance y = 0 are meant: normalize_eq_zero_of_variance_eq_zero" in out
    assert "1 for want of β (--set beta=NUMBER): hasGradientAt_comp_forward" in out
    code, out, _ = run(*given, "--json", "-")
    assert json.loads(out)["incomplete"] == {"BatchNorm.hasGradientAt_comp_forward": ["β"]}
    code, out, _ = run(*given, "--set", "beta=0", "--json", "-")
    results = json.loads(out)
    assert code == results["exitCode"] == 0
    assert "BatchNorm.hasGradientAt_comp_forward" in [one["name"] for one in results["theorems"]]
    assert results["incomplete"] == {}


def test_what_is_not_checked_is_named(run: Run, batch: str) -> None:
    """Each theorem that was asked for; of all theorems a few of each reason, and with -v each once, with what it lacks."""
    given = ("--data", batch, "--set", "eps=1e-5", "--axis", "0")
    code, out, _ = run("check", "1", *given)
    assert code == 0
    assert "  2 for want of β (--set beta=NUMBER): hasGradientAt_comp_forward, eq_backward_of_hasGradientAt\n" in out
    code, out, _ = run("check", *given)
    assert code == 0
    reasons = out.partition("not checked:")[2]
    assert len(reasons.splitlines()) < 10
    assert " of β (--set beta=NUMBER): hasGradientAt_comp_forward, eq_backward_of_hasGradientAt, " in reasons
    assert " for other reasons: -v names each" in reasons
    code, out, _ = run("check", *given, "-v")
    reasons = out.partition("not checked:")[2]
    every = {name.removeprefix("BatchNorm.") for name in pybridge.load().theorems}
    tried = {line.split()[0].removeprefix("BatchNorm.") for line in out.splitlines() if "  equation (" in line}
    named = [word for line in reasons.splitlines() for word in line.rpartition(": ")[2].split(", ") if word in every]
    assert len(named) == len(set(named))
    assert not tried & set(named)
    others = int(next(line for line in reasons.splitlines() if line.endswith(" about none of the variables given")).split()[0])
    assert len(tried) + len(named) + others == len(every)
    assert "(an array x in the file)" in reasons
    assert "--set L=LOSS" in reasons


def test_json(run: Run, good: str, batch: str, tmp_path: Path) -> None:
    """Everything that was found: what was asked, each batch with hypotheses, comparisons and terms."""
    target = tmp_path / "out.json"
    code, out, _ = run(
        "check", "2", "--data", batch, "--set", "eps=0.5", "--axis", "0", "--export", good, "--json", str(target)
    )
    assert code == 0
    assert "1 of 1 theorems agree" in out
    results = json.loads(target.read_text(encoding="utf-8"))
    assert results["asked"] == {
        "theorems": ["BatchNorm.backward_eq_smul_sub_inner_smul"],
        "data": [batch],
        "set": ["eps=0.5"],
        "axis": 0,
        "digits": 30,
    }
    (theorem,) = results["theorems"]
    assert [one["place"] for one in theorem["batches"]] == [[0], [1], [2]]
    first = theorem["batches"][0]
    assert first["comparisons"]["count"] == 8
    assert first["verdict"] == "agrees"
    assert {one["standing"] for one in first["comparisons"]["first"]} <= {"holds", "agrees"}
    assert {"middle", "radius"} == set(first["comparisons"]["first"][0]["left"])
    assert any(term["term"] == "scale(ε, y)" for term in first["terms"])


def test_a_batch_that_a_theorem_says_nothing_of(run: Run, good: str, tmp_path: Path) -> None:
    """Zero variance in one channel: exit 1; the hypothesis with its value once for all theorems, and with -v for each."""
    y = Y.copy()
    y[:, 1] = 0.5
    np.savez(tmp_path / "b.npz", y=y, g=G)
    given = ("--data", str(tmp_path / "b.npz"), "--set", "gamma=1", "--axis", "0", "--export", good)
    code, out, _ = run("check", "5", *given)
    assert code == 1
    assert "vacuous: h certainly fails on 1 of 3 batches" in out
    said = "vacuous: the theorem says nothing of 1 of 3 batches of m = 8, for the hypothesis h certainly fails: 0 < 0 at [1]"
    assert said not in out
    assert "0 of 1 theorems agree" in out
    assert "remark: y is constant: all its entries are equal, and its variance is 0 (at [1])" in out
    assert len(out.splitlines()) < 20
    row = r"\n  0 < BatchNorm.variance y  certainly fails  on 1 of 3 batches, at \[1\]: 0 < 0  (\d)\n"
    assert [found[1] for found in re.finditer(row, out)] == ["1"]
    code, out, _ = run("check", "7", *given)
    assert code == 1
    assert [found[1] for found in re.finditer(row, out)] == ["2"]
    code, out, _ = run("check", "5", *given, "-v")
    assert code == 1
    assert said in out
    assert "hypothesis  " not in out


def test_the_values_stand_in_a_column(run: Run, good: str, batch: str) -> None:
    """Of the terms with -v; a term that is wider than the others has its value on the next line."""
    given = ("--data", batch, "--set", "eps=0.5", "--axis", "0", "--export", good)
    _, out, _ = run("check", "7eps", *given, "-v")
    (terms, _) = (part.split("\n\n")[0].splitlines() for part in out.split("terms:\n")[1:])
    starts = [re.match(r"  (?:\S.*?\S|\S)? {2,}(?=\S)", line) for line in terms]
    assert len(terms) > 10
    assert len({found.end() for found in starts if found}) == 1
    assert sum(not found for found in starts) == 1  # the wide one


def test_the_decimal_and_the_float_next_to_it(run: Run, good: str, batch: str) -> None:
    """What float a typed decimal came to, and how the decimal itself is given; nothing where both are the same."""
    given = ("check", "7eps", "--data", batch, "--axis", "0", "--export", good, "--set")
    _, out, _ = run(*given, "eps=1e-5")
    said = "ε is the float64 nearest to 1e-05, 1.00000000000000008180305e-5…"
    assert f"remark: {said}; --set eps=1/100000 is that decimal\n" in out
    _, out, _ = run(*given, "eps=1e-5", "-v")
    assert f'{said}; Fraction("1e-05") is that decimal\n' in out
    for exact in ("eps=1/100000", "eps=0.5"):
        code, out, _ = run(*given, exact)
        assert code == 0
        assert "nearest" not in out
    code, _, err = run(*given, "eps=1/0")
    assert code == 2
    assert "divides by 0" in only_line(err)


def test_no_numbered_equation(run: Run, good: str, tmp_path: Path) -> None:
    """What fits a file of y alone agrees, and is none of (1) to (7ε): that is said, with what one of them lacks."""
    np.savez(tmp_path / "b.npz", y=Y[:, 0])
    code, out, _ = run("check", "--data", str(tmp_path / "b.npz"), "--export", good)
    assert code == 0
    (line,) = (line for line in out.splitlines() if line.startswith("remark: "))
    assert re.fullmatch(r"remark: no numbered equation was checked: \(\d.*\), \w+, lacks γ \(gamma\), g", line)
    _, out, _ = run("check", "variance_nonneg", "--data", str(tmp_path / "b.npz"), "--export", good)
    assert "remark" not in out


def test_a_wrong_statement_is_refuted(
    run: Run, written: Callable[[dict[str, Any]], str], document: dict[str, Any], batch: str
) -> None:
    """By the batch that was given: exit 1, both sides, and whose fault it is."""
    path = written(wrong(document))
    code, out, _ = run("check", WRONG, "--data", batch, "--set", "eps=1e-5", "--axis", "0", "--export", path)
    assert code == 1
    assert "refuted on 3 of 3 batches" in out
    assert "at fault is the bridge" in out
    assert "0 of 1 theorems agree" in out


USAGE = {
    "families": ("--families", "random"),
    "seed": ("--seed", "1"),
    "axis": ("--axis", "first"),
    "digits": ("--digits", "0"),
    "set": ("--set", "eps"),
    "set twice": ("--set", "eps=1", "--set", "eps=2"),
    "no number": ("--set", "eps=abc"),
    "too large a number": ("--set", "eps=1e400"),
    "not a number": ("--set", "eps=nan"),
    "too small a number": ("--set", "eps=1e-400"),
}


@pytest.mark.parametrize("options", USAGE.values(), ids=USAGE)
def test_wrong_usage(run: Run, good: str, batch: str, options: tuple[str, ...]) -> None:
    """Exit 2, one line."""
    code, out, err = run("check", "7eps", "--data", batch, *options, "--export", good)
    assert (code, out) == (2, "")
    assert only_line(err).startswith("pybridge: ")


@pytest.mark.parametrize("names", [(), ("7eps",)], ids=["all", "named"])
def test_arrays_of_two_axes_ask_for_the_axis(run: Run, good: str, tmp_path: Path, names: tuple[str, ...]) -> None:
    """Exit 1, one line: none is guessed, also where γ is a number and would fit either way; arrays of one axis need none."""
    np.savez(tmp_path / "b.npz", y=Y, g=G, gamma=np.array(2.0))
    given = ("check", *names, "--data", str(tmp_path / "b.npz"), "--set", "eps=1e-5", "--export", good)
    code, out, err = run(*given)
    assert (code, out) == (1, "")
    assert "say which axes run over a batch, by axis or --axis: 0 for (N, C), -1 for the last" in only_line(err)
    np.savez(tmp_path / "b.npz", y=Y[:, 0], g=G[:, 0], gamma=np.array(2.0))
    assert run("check", "7eps", *given[-6:])[0] == 0


def test_what_is_typed_is_not_passed_over(run: Run, good: str, batch: str) -> None:
    """A file may hold more than a theorem takes; --set may not, as no keyword of evaluate may."""
    given = ("--data", batch, "--set", "eps=1e-5", "--axis", "0", "--export", good)
    code, out, err = run("check", "norm_sq_backward_eps_zero", *given)
    assert (code, out) == (1, "")
    assert "--set: eps is a variable of none of the theorems asked for; leave it out: theirs are" in only_line(err)
    assert run("check", "norm_sq_backward_eps_zero", "norm_sq_backward", *given)[0] == 0


@pytest.mark.parametrize("options", [("--set", "eps=1"), ("--axis", "0"), ("--digits", "20"), ("-v",)])
def test_options_of_a_batch_without_one(run: Run, good: str, options: tuple[str, ...]) -> None:
    """Exit 2: they would be ignored."""
    code, _, err = run("check", "7eps", *options, "--export", good)
    assert code == 2
    assert "give it with --data" in only_line(err)


BAD = {
    "nan": {"y": np.array([1.0, np.nan]), "g": np.ones(2)},
    "shape": {"y": np.ones(3), "g": np.ones(4)},
    "unknown": {"y": np.ones(3), "g": np.ones(3), "x_hat": np.ones(3)},
    "objects": {"y": np.array([None, 1.0], dtype=object)},
    "missing": {"w": np.ones(3)},
}


@pytest.mark.parametrize("arrays", BAD.values(), ids=BAD)
@pytest.mark.parametrize("names", [(), ("norm_sq_backward",)], ids=["all", "named"])
def test_bad_input(run: Run, good: str, tmp_path: Path, arrays, names) -> None:
    """Exit 1, one line, no table."""
    np.savez(tmp_path / "b.npz", **arrays)
    settings = ("--set", "eps=1e-5", "--set", "gamma=1")
    code, out, err = run("check", *names, "--data", str(tmp_path / "b.npz"), *settings, "--export", good)
    assert (code, out) == (1, "")
    assert only_line(err).startswith("pybridge: ")


def test_files(run: Run, good: str, tmp_path: Path) -> None:
    """Several files; one that is missing is a bad input, one of another kind wrong usage, an unknown theorem too."""
    np.save(tmp_path / "y.npy", Y[:, 0])
    np.save(tmp_path / "g.npy", G[:, 0])
    files = ("--data", str(tmp_path / "y.npy"), "--data", str(tmp_path / "g.npy"), "--set", "gamma=1", "--set", "eps=0.1")
    assert run("check", "norm_sq_backward", *files, "--export", good)[0] == 0
    assert run("check", "norm_sq_backward", "--data", str(tmp_path / "none.npz"), "--export", good)[0] == 1
    assert run("check", "norm_sq_backward", "--data", str(tmp_path / "batch.pt"), "--export", good)[0] == 2
    assert run("check", "norm_sq_backwards", *files, "--export", good)[0] == 2
    assert run("check", "norm_sq_backward", *files, "--export", str(tmp_path / "none.json"))[0] == 4


def test_a_loss_by_name(run: Run, good: str, tmp_path: Path) -> None:
    """(1) with a loss in place of a gradient."""
    np.save(tmp_path / "y.npy", Y[:, 0])
    settings = ("--set", "gamma=1", "--set", "beta=0.5", "--set", "eps=0.1", "--set", "L=cross-entropy:3")
    given = ("--data", str(tmp_path / "y.npy"), *settings, "--export", good)
    code, out, _ = run("check", "hasGradientAt_comp_forward", *given, "-v")
    assert code == 0
    assert "hL : HasGradientAt L g" in out
