"""`pybridge mutate`: mutants by their names, those that survive, and the list of reasons."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import Run, only_line

from pybridge.mutation.survivors import Explanation, read


def test_mutate_one_definition(run: Run, good: str, tmp_path: Path) -> None:
    """A row, everything refuted or explained, exit 0; the JSON has each mutant with its witness or reason."""
    target = tmp_path / "out.json"
    code, out, err = run("mutate", "backwardGamma", "--jobs", "1", "--export", good, "--json", str(target))
    assert (code, err) == (0, "")
    row = next(line.split() for line in out.splitlines() if line.startswith("definition"))
    results = json.loads(target.read_text(encoding="utf-8"))
    assert row[:3] == ["definition", "backwardGamma", str(len(results["mutants"]))]
    assert results["exitCode"] == 0
    assert all(mutant.get("witness") or mutant["reason"] for mutant in results["mutants"])


def test_mutate_one_mutant_shows_the_witness(run: Run, good: str) -> None:
    """By its id, with the batch to paste."""
    code, out, _ = run("mutate", "norm_sq_backward:conclusion.right.right:to-plus", "--export", good)
    assert code == 0
    assert "refuted: BatchNorm.norm_sq_backward is false on the batch" in out
    assert "'g': [" in out


def test_mutate_unexplained_survivor(run: Run, good: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the list of reasons a true mutant is unexplained: exit 1, and it is named with its change."""
    monkeypatch.setattr("pybridge.mutation.survivors.read", dict)
    code, out, _ = run("mutate", "variance_smul", "--jobs", "1", "--export", good)
    assert code == 1
    assert "variance_smul:conclusion.left.args.0:negated" in out
    assert "a • y becomes (-a) • y" in out


def test_mutate_stale_list(run: Run, good: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that names no mutant is an error."""
    entry = Explanation(reason="because", proved=[], vacuous=False, mutants=["scale:body:gone"])
    monkeypatch.setattr("pybridge.mutation.survivors.read", lambda: {"scale:body:gone": entry})
    code, out, _ = run("mutate", "mean", "--jobs", "1", "--export", good)
    assert code == 1
    assert "scale:body:gone: explained, but there is no such mutant" in out


@pytest.mark.parametrize("arguments", [("mean",), ("scale:body:without",), ("mean", "scale:body:without")])
def test_mutate_stale_list_whatever_is_run(
    run: Run, good: str, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    """An entry that names no mutant of any declaration is an error in every run; one that others answer for is none."""
    entry = Explanation(reason="because", proved=[], vacuous=False, mutants=["-"])
    gone = "nrm_sq_backward:h:dropped"
    for name, passes in (("norm_sq_backward:h:dropped", True), (gone, False)):
        monkeypatch.setattr("pybridge.mutation.survivors.read", lambda name=name: {name: entry})
        code, out, _ = run("mutate", *arguments, "--jobs", "1", "--export", good)
        assert (code == 0) is passes
        assert (f"{gone}: explained, but there is no such mutant" in out) is not passes


def test_mutants_are_named_with_or_without_namespace(run: Run, good: str) -> None:
    """As their declarations are; the id that is printed is the same, and one asked for twice is run once."""
    outputs = [
        run("mutate", *names, "--export", good) for names in (("scale:body:without",), ("BatchNorm.scale:body:without",))
    ]
    both = run("mutate", "scale:body:without", "BatchNorm.scale:body:without", "--export", good)
    assert outputs[0] == outputs[1] == both
    assert outputs[0][0] == 0
    assert "\nscale:body:without\n" in outputs[0][1]


def test_explanations_of_a_declaration_named_without_its_namespace(run: Run, good: str) -> None:
    """An entry applies to its mutant however the declaration is named, in other namespaces than BatchNorm, too."""
    name = next(name for name in read() if name.startswith("LayerNorm."))
    code, out, _ = run("mutate", name.removeprefix("LayerNorm."), "--export", good)
    assert code == 0
    assert "explained: " in out


@pytest.mark.parametrize("name", ["nonsense", "scale:body:nonsense", "nonsense:body:without", "scale:"])
def test_mutate_unknown_name(run: Run, good: str, name: str) -> None:
    """A theorem, definition or mutant that does not exist: exit 2 and one line."""
    code, out, err = run("mutate", name, "--export", good)
    assert (code, out) == (2, "")
    assert "is called" in only_line(err)


def test_mutants_of_an_equation(run: Run, good: str) -> None:
    """Those of all its theorems, which are printed as if each had been named."""
    assert run("mutate", "(Obs 4.3)", "--jobs", "1", "--export", good) == run(
        "mutate", "forward_scale_mean", "--jobs", "1", "--export", good
    )
    code, out, _ = run("mutate", "7:conclusion.right.right:to-plus", "--jobs", "1", "--export", good)
    assert code == 0
    rows = [line.split()[:3] for line in out.splitlines() if line.startswith("(7)")]
    assert rows
    assert all(row[2] == "1" for row in rows)
