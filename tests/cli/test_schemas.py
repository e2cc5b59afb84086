"""The published JSON Schemas: made of the models, valid themselves, and what the commands write fits them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import WRONG, Finished, Run, only_line, wrong

from pybridge.cli import schemas
from pybridge.cli.documents import DOCUMENTS
from pybridge.cli.here import Item

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")


def fits(name: str, document: Any) -> None:
    """Fail where a document is not as the published schema says."""
    schema = json.loads(schemas.published()[name].read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(document)


def broken(name: str, document: Any) -> bool:
    """Whether the published schema refuses a document."""
    schema = json.loads(schemas.published()[name].read_text(encoding="utf-8"))
    return not jsonschema.Draft202012Validator(schema).is_valid(document)


def test_published() -> None:
    """One for the export and one for each model, up to date (else: python scripts/metadata.py), each a schema."""
    made = schemas.made()
    assert set(schemas.published()) == set(made) == {"export", *DOCUMENTS}
    for name, schema in made.items():
        assert schemas.published()[name].read_text(encoding="utf-8") == schemas.text(schema), name
        jsonschema.Draft202012Validator.check_schema(schema)


def test_export(document: dict[str, Any]) -> None:
    """The committed export fits; one with a field missing, more, or of the wrong type does not."""
    fits("export", document)
    for change in ({"digest": "0"}, {"schema": 1}, {"more": 1}, {"theorems": {}}):
        assert broken("export", {**document, **change}), change
    del document["lean"]
    assert broken("export", document)


def test_list_graph_and_audit(run: Run) -> None:
    """`list --json`, `graph --format json` and `audit --json`."""
    fits("list", json.loads(run("list", "--json")[1]))
    for options in ((), ("--definitions",), ("--from", "sources")):
        fits("graph", json.loads(run("graph", "--lemmas", "--format", "json", *options)[1]))
    fits("audit", json.loads(run("audit", "--json", "-")[1]))
    fits("graph-compare", json.loads(run("graph", "--compare", "--json", "-")[1]))


def test_check(everything: Finished) -> None:
    """A check of all theorems."""
    fits("check", everything.results)
    assert broken("check", {**everything.results, "exitCode": 7})


def test_check_of_a_false_statement(run: Run, document: dict[str, Any], written: Callable[[dict[str, Any]], str]) -> None:
    """A refuted and a vacuous theorem have their own fields."""
    theorem = next(one for one in document["theorems"] if one["name"] == "BatchNorm.variance_nonneg")
    zero, one = {"nat": {"value": 0}}, {"nat": {"value": 1}}
    refuted = {**theorem, "name": "BatchNorm.no", "conclusion": {"eq": {"left": zero, "right": one}}}
    never = {"name": "h", "statement": "0 = 1", "proposition": {"eq": {"left": zero, "right": one}}}
    vacuous = {**theorem, "name": "BatchNorm.never", "hypotheses": [never]}
    (record,) = (one for one in document["proofs"] if one["name"] == theorem["name"])
    proofs = [*document["proofs"], *({**record, "name": one["name"]} for one in (refuted, vacuous))]
    path = written({**document, "theorems": [refuted, vacuous], "proofs": proofs})
    code, out, _ = run("check", "--export", path, "--families", "integers", "--max-size", "2", "--json", "-")
    results = json.loads(out)
    assert code == 1
    assert [one["verdict"] for one in results["theorems"]] == ["refuted", "vacuous"]
    fits("check", results)


@pytest.mark.parametrize(
    ("name", "options", "verdict"),
    [
        ("backward_eq_smul_sub_inner_smul", ("--axis", "0"), "agrees"),
        ("7eps", ("--axis", "0,1"), "agrees"),
        ("normalize_eq_zero_of_variance_eq_zero", ("--axis", "0"), "vacuous"),
    ],
)
def test_check_of_data(run: Run, good: str, tmp_path: Path, name: str, options: tuple[str, ...], verdict: str) -> None:
    """Vectors and numbers among the terms, one batch or several, one axis or two, and a hypothesis that does not hold."""
    file = tmp_path / "b.npz"
    np.savez(file, y=np.arange(12.0).reshape(4, 3) ** 2, g=np.ones((4, 3)), eps=0.5, gamma=2.0)
    code, out, _ = run("check", name, "--data", str(file), *options, "--export", good, "--json", "-")
    results = json.loads(out)
    assert code == results["exitCode"] == (0 if verdict == "agrees" else 1)
    assert {one["verdict"] for one in results["theorems"]} == {verdict}
    fits("check-data", results)
    first = results["theorems"][0]
    for change in ({"exitCode": 2}, {"theorems": [{**first, "verdict": "proved"}]}, {"theorems": [{**first, "batches": []}]}):
        assert broken("check-data", {**results, **change}), change
    assert broken("check", results)  # the two commands write two documents


def test_check_of_data_that_leaves_out(run: Run, good: str, tmp_path: Path) -> None:
    """What is not evaluated: of a file with one variable, hypotheses that fail, and variables that are missing."""
    file = tmp_path / "b.csv"
    file.write_text("y\n1\n2\n4\n", encoding="utf-8")
    results = json.loads(run("check", "--data", str(file), "--export", good, "--json", "-")[1])
    assert results["leftOut"]
    assert results["incomplete"]
    fits("check-data", results)


def test_check_of_data_that_refutes(
    run: Run, document: dict[str, Any], written: Callable[[dict[str, Any]], str], tmp_path: Path
) -> None:
    """A false statement on a batch of one's own."""
    file = tmp_path / "b.npz"
    np.savez(file, y=np.arange(4.0), g=np.array([1.0, -2.0, 0.5, 3.0]), gamma=2.0, eps=0.5)
    code, out, _ = run("check", WRONG, "--data", str(file), "--export", written(wrong(document)), "--json", "-")
    results = json.loads(out)
    assert (code, results["theorems"][0]["verdict"]) == (1, "refuted")
    fits("check-data", results)


def test_doctor(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is here; and an export that is broken, of which the exit code is the export's."""
    results = json.loads(run("doctor", "--json")[1])
    fits("doctor", results)
    assert broken("doctor", {**results, "items": [{**results["items"][0], "state": "lost"}]})
    item = Item(name="export", state="broken", said="no file", purpose="the statements", exit_code=4)
    monkeypatch.setattr("pybridge.cli.doctor.everything", lambda: [item])
    code, out, _ = run("doctor", "--json")
    assert code == json.loads(out)["exitCode"] == 4
    fits("doctor", json.loads(out))


def test_mutate_and_prove(run: Run, good: str) -> None:
    """Refuted, explained and proved ones, and a theorem that is not decided."""
    mutants = json.loads(run("mutate", "variance_smul", "--jobs", "1", "--export", good, "--json", "-")[1])
    assert {one["fate"] for one in mutants["mutants"]} >= {"refuted", "explained"}
    fits("mutate", mutants)
    names = ("variance_smul", "hasGradientAt_comp_forward", "norm_sq_normalize_eps_zero")
    proofs = json.loads(run("prove", *names, "--sizes", "1,2", "--export", good, "--json", "-")[1])
    assert {size["outcome"] for one in proofs["theorems"] for size in one["sizes"]} >= {"proved", "not decided"}
    fits("prove", proofs)


def test_dojo_compare() -> None:
    """What `dojo compare --json` writes, for one difference and for none."""
    from pybridge.audit.terms import Readings, Unread
    from pybridge.cli.dojo import document, lines
    from pybridge.dojo.compare import Comparison
    from pybridge.export.loading import load
    from pybridge.surface.compare import Difference

    export = load()
    one = Difference("BatchNorm.mean", "body", "a", "b\nc", "why")
    for differences in ((), (one,)):
        read = Readings(len(export.theorems), len(export.definitions), differences, (Unread("mean", "why"),) * len(differences))
        result = Comparison("v4.27.0", len(export.theorems), len(export.definitions), differences, read)
        fits("dojo-compare", document(result, export, code=len(differences)))
    assert lines(one) == ["DIFFERENT BatchNorm.mean: body: why", "  source  a", "  export  b", "          c", ""]


def test_command(run: Run) -> None:
    """Names, one of them, and a name that is none."""
    code, out, _ = run("schema")
    assert code == 0
    assert out.split() == sorted(schemas.published())
    _, out, _ = run("schema", "check")
    assert out == schemas.published()["check"].read_text(encoding="utf-8")
    code, _, err = run("schema", "chekc")
    assert code == 2
    assert only_line(err).startswith("pybridge: there is no schema 'chekc'; there are ")


def test_stryker(run: Run, tmp_path: Path) -> None:
    """A mutation testing report, version 2: each mutant with its fate, its reason, and the place of the statement."""
    target = tmp_path / "mutation.json"
    code, _, _ = run("mutate", "variance_smul", "backwardBeta", "--jobs", "1", "--stryker", str(target))
    report = json.loads(target.read_text(encoding="utf-8"))
    assert code == 0
    assert report["schemaVersion"] == "2"
    assert 0 <= report["thresholds"]["low"] <= report["thresholds"]["high"] <= 100
    assert set(report["files"]) == {"lean/BatchNorm/Defs.lean", "lean/BatchNorm/Normalize.lean"}
    states = set()
    for file in report["files"].values():
        lines = file["source"].splitlines()
        assert file["language"] == "lean"
        for mutant in file["mutants"]:
            states.add(mutant["status"])
            start, end = mutant["location"]["start"], mutant["location"]["end"]
            first = lines[start["line"] - 1][start["column"] - 1 :]
            assert first.startswith(("theorem variance_smul", "def backwardBeta"))
            assert (start["line"], start["column"]) < (end["line"], end["column"])
            assert end["column"] - 1 <= len(lines[end["line"] - 1])
            assert mutant["mutatorName"]
            assert mutant["replacement"]
            assert mutant["statusReason"]
            assert set(mutant) == {"id", "mutatorName", "replacement", "status", "statusReason", "location"}
    assert states == {"Killed", "Ignored"}


def test_stryker_survivor(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mutant that is neither refuted nor explained survives in the report too."""
    monkeypatch.setattr("pybridge.mutation.survivors.read", dict)
    target = tmp_path / "mutation.json"
    assert run("mutate", "variance_smul", "--jobs", "1", "--stryker", str(target))[0] == 1
    (file,) = json.loads(target.read_text(encoding="utf-8"))["files"].values()
    assert "Survived" in {mutant["status"] for mutant in file["mutants"]}


def test_stryker_needs_sources(run: Run, good: str, tmp_path: Path) -> None:
    """The report shows the sources: without them it is refused before anything is run."""
    code, out, err = run("mutate", "mean", "--stryker", str(tmp_path / "m.json"), "--export", good)
    assert (code, out) == (1, "")
    assert "no sources beside the export" in only_line(err)
