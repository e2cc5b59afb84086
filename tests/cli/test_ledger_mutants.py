"""`pybridge ledger`, handed mutants and proofs: each is counted once, and held to those that there are."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command import FAST, Run, only_line
from ledgers import NAME, report, row

from pybridge.artifact.ledger import LEAST
from pybridge.checking.asked import by_default
from pybridge.export.loading import load
from pybridge.mutation.mutants import mutants


def digest(path: str) -> str:
    """The digest of an export."""
    return str(json.loads(Path(path).read_text(encoding="utf-8"))["digest"])


def survivor(**fields: Any) -> dict[str, Any]:
    """A mutant of NAME that there is, as it stands in a report of ``mutate``, not refuted; changed by these fields."""
    export = load()
    first = mutants(export.theorems[NAME], export.definitions)[0]
    fate = {"fate": "unexplained", "verdict": "agrees", "tried": 3, "proved": [], "reason": None}
    return {"id": first.id, "declaration": NAME, "change": first.change, **fate, **fields}


def test_an_unexplained_mutant(run: Run, good: str, tmp_path: Path) -> None:
    """Exit code 1, although nothing was tried else; that it was called explained, with no reason on record, is none."""
    for fields in ({}, {"fate": "explained", "reason": "so it is"}):
        found = report(tmp_path / "mutants.json", digest(good), mutants=[survivor(**fields)], stale=[], exitCode=1)
        code, out, _ = run("ledger", NAME, "--mutants", found, "--export", good)
        assert code == 1
        assert re.search(r" 0/\d+, 1 unexplained, \d+ not tried ", row(out, "variance_smul"))
        assert out.splitlines()[-1] == "not enough (exit code 1): of 1 theorems 1 with a mutant unexplained"


def test_a_part_of_the_mutants(run: Run, good: str, tmp_path: Path) -> None:
    """One that was refuted is no evidence for all: no level is raised, and it is said how many there are."""
    check, found, target = str(tmp_path / "check.json"), tmp_path / "mutants.json", tmp_path / "ledger.json"
    default = by_default(load(Path(good)).theorems[NAME], load(Path(good)))
    run("check", NAME, *FAST, "--export", good, "--json", check)
    checked = json.loads(Path(check).read_text(encoding="utf-8"))
    checked["theorems"][0] |= {"counted": {"integers": LEAST}, "rejected": default - LEAST}
    Path(check).write_text(json.dumps(checked), encoding="utf-8")
    run("mutate", survivor()["id"], "--export", good, "--json", str(found))
    code, out, _ = run("ledger", NAME, "--check", check, "--mutants", str(found), "--export", good, "--json", str(target))
    entry = next(one for one in json.loads(target.read_text(encoding="utf-8"))["theorems"] if one["name"] == NAME)
    total = len(mutants(load().theorems[NAME], load().definitions))
    assert code == 1 or entry["numbers"] == "agrees"
    assert entry["own"] == "agrees"
    assert entry["mutants"] == {"refuted": 1, "explained": 0, "unexplained": 0, "total": total}
    assert f"1/{total}, {total - 1} not tried" in row(out, "variance_smul")
    assert f"counted only where all were tried; not so variance_smul 1 of {total}: `pybridge mutate --json FILE`" in out


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda one: [one, one], " stands in it twice"),
        (lambda one: [{**one, "id": "variance_smul:conclusion:none"}], " is no mutant of BatchNorm.variance_smul"),
        (lambda one: [{**one, "change": "a becomes b"}], ": a becomes b: is no mutant of BatchNorm.variance_smul"),
        (lambda one: [{**one, "declaration": "BatchNorm.variance_nonneg"}], " is no mutant of BatchNorm.variance_nonneg"),
        (lambda one: [{**one, "declaration": "BatchNorm.none"}], "BatchNorm.none is no declaration of the export"),
        (lambda one: [{**one, "fate": "refuted"}], "mutants.0"),
    ],
)
def test_edited_mutants(
    run: Run, good: str, tmp_path: Path, change: Callable[[dict[str, Any]], list[dict[str, Any]]], said: str
) -> None:
    """One that is counted twice, or of which there is none, or refuted without a batch: exit code 1, and one line."""
    found = report(tmp_path / "mutants.json", digest(good), mutants=change(survivor()), stale=[], exitCode=0)
    code, out, err = run("ledger", NAME, "--mutants", found, "--export", good)
    assert (code, out) == (1, "")
    assert said in only_line(err)


def test_refuted_by_another(run: Run, good: str, tmp_path: Path) -> None:
    """A changed statement is refuted itself."""
    found = tmp_path / "mutants.json"
    run("mutate", survivor()["id"], "--export", good, "--json", str(found))
    changed = json.loads(found.read_text(encoding="utf-8"))
    changed["mutants"][0]["by"] = "BatchNorm.variance_nonneg"
    found.write_text(json.dumps(changed), encoding="utf-8")
    code, _, err = run("ledger", NAME, "--mutants", str(found), "--export", good)
    assert code == 1
    assert "BatchNorm.variance_nonneg cannot have refuted it" in only_line(err)


def test_proofs_twice(run: Run, good: str, tmp_path: Path) -> None:
    """The second would hide what the first found."""
    one = {"name": NAME, "equation": "normalize", "proved": False, "sizes": []}
    found = report(tmp_path / "proofs.json", digest(good), theorems=[one, one], exitCode=1)
    code, _, err = run("ledger", NAME, "--proofs", found, "--export", good)
    assert code == 1
    assert f"{NAME} stands in it twice" in only_line(err)


PROVED = {"m": 2, "outcome": "proved", "by": "symbols", "cases": 1, "sizes": {"ι": 2}, "symbols": []}
OPEN = {"m": 2, "outcome": "not decided", "why": "many"}


@pytest.mark.parametrize(
    ("fields", "code", "said"),
    [
        ({"proved": True, "sizes": []}, 0, "'proved' is true, and what its sizes say is not so"),
        ({"proved": False, "sizes": [PROVED]}, 1, "'proved' is false, and what its sizes say is not so"),
        ({"proved": True, "sizes": [PROVED, {**OPEN, "m": 3}]}, 0, "'proved' is true, and what its sizes say is not so"),
        (
            {"proved": True, "sizes": [PROVED, PROVED]},
            0,
            "a size stands in it twice, or is above 16",
        ),
        (
            {"proved": True, "sizes": [{**PROVED, "m": 99}]},
            0,
            "a size stands in it twice, or is above 16",
        ),
        ({"proved": True, "sizes": [PROVED], "equation": "7"}, 0, "is called equation (7), and it is (normalize)"),
        ({"proved": True, "sizes": [PROVED]}, 1, "its exit code is 1, and all of it passed"),
        ({"proved": False, "sizes": [OPEN]}, 0, "its exit code is 0, and not all of it passed"),
    ],
)
def test_proofs_that_contradict_themselves(
    run: Run, good: str, tmp_path: Path, fields: dict[str, Any], code: int, said: str
) -> None:
    """What a run says of itself has to fit what it found."""
    one = {"name": NAME, "equation": "normalize", **fields}
    found = report(tmp_path / "proofs.json", digest(good), theorems=[one], exitCode=code)
    done, out, err = run("ledger", NAME, "--proofs", found, "--export", good)
    assert (done, out) == (1, "")
    assert said in only_line(err)
