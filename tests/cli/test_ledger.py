"""`pybridge ledger`: reports of other commands, read and put together; a report of another export is none."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command import FAST, WRONG, Run, only_line, wrong
from ledgers import NAME, report, row

from pybridge.artifact.ledger import LEAST
from pybridge.batches.families import FAMILIES
from pybridge.checking.asked import by_default
from pybridge.export.loading import load
from pybridge.export.versions import written_by


def test_without_reports(run: Run) -> None:
    """Everything is proved, and nothing was tried: exit code 0, and it is said what checked the proofs."""
    code, out, err = run("ledger")
    assert (code, err) == (0, "")
    assert row(out, "norm_sq_backward_eps_zero").endswith("not tried")
    assert f"proofs: all checked by {written_by(load())}" in out.splitlines()
    assert "axioms: " in out


def test_reports(run: Run, document: dict[str, Any], written: Callable[[dict[str, Any]], str], tmp_path: Path) -> None:
    """A real check of one theorem, its real mutants, and its proofs for two sizes."""
    path = written(document)
    files = {name: str(tmp_path / f"{name}.json") for name in ("check", "mutate", "prove")}
    run("check", NAME, "--export", path, "--json", files["check"])
    run("mutate", NAME, "--jobs", "1", "--export", path, "--json", files["mutate"])
    run("prove", NAME, "--sizes", "1,2", "--export", path, "--json", files["prove"])
    reports = ("--check", files["check"], "--mutants", files["mutate"], "--proofs", files["prove"])
    target = tmp_path / "ledger.json"
    code, out, _ = run("ledger", NAME, *reports, "--export", path, "--json", str(target))
    (entry,) = json.loads(target.read_text(encoding="utf-8"))["theorems"]
    assert (entry["verdict"], entry["own"]) == ("agrees", "agrees, mutants refuted")
    assert entry["again"] == {"proved": [1, 2], "false": []}
    assert entry["mutants"]["refuted"] > 0
    assert entry["mutants"]["unexplained"] == 0
    assert entry["mutants"]["total"] == sum(entry["mutants"][fate] for fate in ("refuted", "explained"))
    assert entry["tooFew"] is None
    assert LEAST <= entry["batches"] <= entry["tried"] == entry["byDefault"]
    assert "m = 1, m = 2" in row(out, "variance_smul")
    assert "agrees: on all families, as the report says; on " in out
    assert "too few" not in out
    assert code == (0 if entry["numbers"].startswith("agrees") else 1)
    assert entry["effective"] == (entry["numbers"] if code else "sources not compared")
    assert row(out, "variance_smul").endswith(entry["effective"])


def test_too_few_batches(run: Run, good: str, tmp_path: Path) -> None:
    """A selection is no check by default, however it agrees: exit code 1, a lower level, and why."""
    check, target = str(tmp_path / "check.json"), tmp_path / "ledger.json"
    assert run("check", NAME, *FAST, "--export", good, "--json", check)[0] == 0
    code, out, _ = run("ledger", NAME, "--check", check, "--export", good, "--json", str(target))
    (entry,) = json.loads(target.read_text(encoding="utf-8"))["theorems"]
    assert code == 1
    assert entry["own"] == "agrees on too few batches"
    assert 0 < entry["batches"] <= entry["tried"] < entry["byDefault"]
    assert entry["tooFew"] == f"{entry['tried']} of the {entry['byDefault']} batches were tried that a check tries by default"
    assert f"not so variance_smul: {entry['tooFew']}" in out
    assert "batches: families ['integers', 'random']" in out
    assert "agrees: on a selection (without " in out
    assert "; up to 5 entries); on " in out


def test_hardly_a_batch(run: Run, good: str, tmp_path: Path) -> None:
    """All were tried, and almost none satisfied the hypotheses: too few as well; of many theorems some are named."""
    names = (NAME, "BatchNorm.variance_nonneg", "BatchNorm.variance_smul_ones", "BatchNorm.variance_add_smul_ones")
    file = tmp_path / "check.json"
    run("check", *names, *FAST, "--export", good, "--json", str(file))
    found = json.loads(file.read_text(encoding="utf-8"))
    export = load(Path(good))
    default = {name: by_default(theorem, export) for name, theorem in export.theorems.items()}
    for one in found["theorems"]:
        one["counted"], one["rejected"] = {"integers": LEAST - 1}, default[one["name"]] - LEAST + 1
    file.write_text(json.dumps(found), encoding="utf-8")
    code, out, _ = run("ledger", *names, "--check", str(file), "--export", good)
    assert code == 1
    (last,) = (line for line in out.splitlines() if line.startswith("too few: "))
    assert last.count(f" batches satisfied the hypotheses, and {LEAST} have to") == 3
    assert f"{LEAST - 1} of " in last
    assert last.endswith("; and of 1 more")


@pytest.mark.parametrize(
    ("counted", "rejected", "said"),
    [
        ({"nonsense": 20}, 0, "no family of batches is called 'nonsense'"),
        ({"random": LEAST}, 10**9, f"{LEAST + 10**9} batches were tried, and there are "),
    ],
)
def test_no_check_says_so(counted: dict[str, int], rejected: int, said: str, run: Run, good: str, tmp_path: Path) -> None:
    """Batches of a family that there is not, or more of them than a check has."""
    file = tmp_path / "check.json"
    run("check", NAME, *FAST, "--export", good, "--json", str(file))
    found = json.loads(file.read_text(encoding="utf-8"))
    found["theorems"][0] |= {"counted": counted, "rejected": rejected}
    file.write_text(json.dumps(found), encoding="utf-8")
    code, _, error = run("ledger", "--check", str(file), "--export", good)
    assert code != 0
    assert said in only_line(error)


def test_the_least() -> None:
    """As many as a check draws of one family at most."""
    assert max(len(family.sizes) for family in FAMILIES) == LEAST


def test_a_refuted_one(run: Run, document: dict[str, Any], written: Callable[[dict[str, Any]], str], tmp_path: Path) -> None:
    """A false statement: exit code 1 for it, and for what rests on it, which names it."""
    path, target = written(wrong(document)), str(tmp_path / "check.json")
    run("check", WRONG, *FAST, "--export", path, "--json", target)
    found = tmp_path / "ledger.json"
    code, _, _ = run("ledger", "--check", target, "--export", path, "--json", str(found))
    entries = {entry["name"]: entry for entry in json.loads(found.read_text(encoding="utf-8"))["theorems"]}
    assert code == 1
    assert entries[WRONG]["own"] == entries[WRONG]["effective"] == "refuted"
    above = [entry for entry in entries.values() if entry["weakest"] == WRONG != entry["name"]]
    assert above
    assert {(entry["own"], entry["numbers"], entry["effective"]) for entry in above} == {("not tried", "refuted", "refuted")}


def test_what_was_left_out(run: Run, good: str, tmp_path: Path) -> None:
    """With verdicts at hand, a theorem without one is no success."""
    asked = {"asked": {}, "theorems": [], "notDone": [], "exitCode": 1}
    lean = {"version": "4", "githash": ""}
    export = {"path": "e", "digest": digest(good), "fresh": False, "lean": lean}
    file = tmp_path / "check.json"
    mathlib = {"revision": "a", "inputRevision": None}
    file.write_text(json.dumps({"schema": 1, "export": {**export, "mathlib": mathlib}, **asked}), encoding="utf-8")
    assert run("ledger", NAME, "--check", str(file), "--export", good)[0] == 1
    assert run("ledger", NAME, "--export", good)[0] == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda one: [{**one, "counted": {}}], f"{NAME} agrees, and on no batch"),
        (lambda one: [{**one, "counted": {"integers": 0}}], f"{NAME} agrees, and on no batch"),
        (lambda one: [one, one], f"{NAME} stands in it twice"),
        (lambda one: [{**one, "name": "BatchNorm.none"}], "BatchNorm.none is no theorem of the export"),
        (
            lambda one: [{**one, "verdict": "CheckedAgrees"}],
            "theorems.0.verdict: 'CheckedAgrees' is none of 'agrees', 'refuted', 'undecided', 'vacuous'; it has to be what",
        ),
        (lambda one: [{**one, "equation": "7"}], f"{NAME} is called equation (7), and it is (normalize)"),
        (lambda one: [{**one, "digits": "many"}], "theorems.0.agrees.digits: Input should be a valid number"),
    ],
)
def test_an_edited_report(
    run: Run, good: str, tmp_path: Path, change: Callable[[dict[str, Any]], list[dict[str, Any]]], said: str
) -> None:
    """An agreement on no batch, two verdicts of one theorem, or one of none: exit code 1, and one line."""
    file = tmp_path / "check.json"
    assert run("check", NAME, *FAST, "--export", good, "--json", str(file))[0] == 0
    found = json.loads(file.read_text(encoding="utf-8"))
    found["theorems"] = change(found["theorems"][0])
    file.write_text(json.dumps(found), encoding="utf-8")
    code, out, err = run("ledger", NAME, "--check", str(file), "--export", good)
    assert (code, out) == (1, "")
    assert said in only_line(err)


def _lean(found: dict[str, Any]) -> None:
    found["export"]["lean"]["version"] = "4.0.0"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda found: found.update(exitCode=1), "its exit code is 1, and all of it passed"),
        (lambda found: found["asked"].update(families=["zeros"]), "batches of integers are counted, which were not asked for"),
        (_lean, "it names Lean 4.0.0, and the export "),
    ],
)
def test_a_run_that_contradicts_itself(
    run: Run, good: str, tmp_path: Path, change: Callable[[dict[str, Any]], None], said: str
) -> None:
    """An exit code, families or a Lean that what was found does not fit: exit code 1, and one line."""
    file = tmp_path / "check.json"
    assert run("check", NAME, *FAST, "--export", good, "--json", str(file))[0] == 0
    found = json.loads(file.read_text(encoding="utf-8"))
    change(found)
    file.write_text(json.dumps(found), encoding="utf-8")
    code, out, err = run("ledger", NAME, "--check", str(file), "--export", good)
    assert (code, out) == (1, "")
    assert said in only_line(err)


def digest(path: str) -> str:
    """The digest of an export."""
    return str(json.loads(Path(path).read_text(encoding="utf-8"))["digest"])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file or directory"),
        ("{", "not JSON"),
        ("[]", "holds a list, and no object; it has to be what `pybridge "),
        ("null", "holds null, and no object"),
        ("[" * 100_000, "not JSON"),
        ("{}", "Field required"),
    ],
)
def test_what_is_no_report(run: Run, good: str, tmp_path: Path, content: str | None, said: str) -> None:
    """Exit code 1, and one line."""
    file = tmp_path / "report.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    for option in ("--check", "--mutants", "--proofs"):
        code, out, err = run("ledger", option, str(file), "--export", good)
        assert (code, out) == (1, "")
        assert said in only_line(err)


def test_a_folder_is_no_report(run: Run, good: str, tmp_path: Path) -> None:
    """It is not taken for the place where a report is to be written."""
    code, out, err = run("ledger", "--check", str(tmp_path), "--export", good)
    assert (code, out) == (1, "")
    assert only_line(err).endswith(f"{tmp_path}: Is a directory; it has to be what `pybridge check --json FILE` wrote")


def test_a_report_of_another_export(run: Run, good: str, tmp_path: Path) -> None:
    """It says nothing of this one."""
    found = report(tmp_path / "mutants.json", "0" * 64, mutants=[], stale=[], exitCode=0)
    code, _, err = run("ledger", "--mutants", found, "--export", good)
    assert code == 1
    assert "is about another export: its digest is sha256:000000000000…" in only_line(err)


@pytest.mark.parametrize("fresh", [True, False])
@pytest.mark.parametrize("option", ["--check", "--mutants", "--proofs"])
def test_a_run_without_the_sources(run: Run, tmp_path: Path, option: str, *, fresh: bool) -> None:
    """What was found where the sources were not compared raises no level, and it is said which file that is."""
    export = load()
    proved = {"theorems": [], "exitCode": 0}
    fields = {"--mutants": {"mutants": [], "stale": [], "exitCode": 0}, "--proofs": proved}.get(option)
    file = tmp_path / "run.json"
    if fields is None:
        run("check", NAME, *FAST, "--json", str(file))
    else:
        report(file, export.digest, **fields)
    found = json.loads(file.read_text(encoding="utf-8"))
    found["export"]["fresh"] = fresh
    file.write_text(json.dumps(found), encoding="utf-8")
    target = tmp_path / "ledger.json"
    _, out, _ = run("ledger", option, str(file), "--json", str(target))
    assert json.loads(target.read_text(encoding="utf-8"))["runsFresh"] is fresh
    assert (f"runs on an export that was not compared with its sources: {file}" in out) is not fresh


def test_why_it_fails(run: Run, tmp_path: Path) -> None:
    """A check of one theorem, put into the ledger: the last line says why that is not enough, with the exit code."""
    file = str(tmp_path / "check.json")
    assert run("check", NAME, *FAST, "--json", file)[0] == 0
    code, out, _ = run("ledger", "--check", file)
    assert code == 1
    last = out.splitlines()[-1]
    assert last.startswith(f"not enough (exit code 1): of {len(load().theorems)} theorems ")
    assert last.endswith("; what each rests on counts; `pybridge check --json FILE` tries all")
    assert " not tried, 1 agrees on too few batches;" in last
    code, out, _ = run("ledger")
    assert code == 0
    assert "exit code" not in out
