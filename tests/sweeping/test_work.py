"""One task: its line depends on nothing but what the task is, and what goes wrong is said."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import replace
from typing import Any

import pytest
from command import WRONG
from sweeps import THEOREM, setting_of, small, wrong_export

from pybridge import ir
from pybridge.export.loading import Export
from pybridge.sweeping import work
from pybridge.sweeping.grid import Grid
from pybridge.sweeping.work import Group, Line, Raised, Setting, VersionsDiffer, failed, perform, prepare


def lines_of(made: Grid, setting: Setting, *numbers: int) -> list[Line]:
    """What the tasks of these numbers come to, all of them by default; ``seconds`` is left out."""
    prepare(setting)
    found = perform(Group(setting.sweep, tuple(made.task(number) for number in numbers or range(len(made)))))
    assert not any(isinstance(one, Raised) for one in found)
    return [{key: value for key, value in one.items() if key != "seconds"} for one in found if isinstance(one, dict)]


def test_a_line(export: Export) -> None:
    """It says which task it is, and what was found; nothing in it is nested where the theorem agrees."""
    made = small(export, families=("random",), sizes=(3,), seeds=range(7, 8), dtypes=("float32",))
    (line,) = lines_of(made, setting_of(made, export))
    assert line == {
        "theorem": THEOREM,
        "statement": made.theorems[THEOREM],
        "family": "random",
        "size": 3,
        "dtype": "float32",
        "seed": 7,
        "verdict": "agrees",
        "digits": line["digits"],
        "precision": 128,
        "numbers": 4,  # y and ε
    }
    assert 30 < line["digits"] < 40


def test_it_depends_on_the_task_only(export: Export) -> None:
    """Not on the tasks before it, nor on which others there are."""
    made, one = small(export), small(export, families=("integers",), sizes=(3,), seeds=range(2, 3))
    together = lines_of(made, setting_of(made, export))
    assert lines_of(made, setting_of(made, export), *reversed(range(len(made)))) == together[::-1]
    assert lines_of(one, setting_of(one, export))[0] in together
    assert json.loads(json.dumps(together)) == together


def test_seeds_meet_every_scalar(export: Export) -> None:
    """Eleven in a row give a scalar as many values, and both signs where it may have them."""
    made = small(export, "norm_sq_backward", families=("integers",), sizes=(2,), seeds=range(11))
    setting = setting_of(made, export)
    found: list[Any] = []
    for number in range(len(made)):
        work.report_on(made.task(number), setting, found)
    for name in ("γ", "ε"):
        values = {batch.values[name] for batch in found}
        assert len(values) >= 5, name
    assert min(batch.values["γ"] for batch in found) < 0 < max(batch.values["γ"] for batch in found)


def test_a_refutation_is_kept_with_its_batch(export: Export) -> None:
    """Made small, and exact."""
    wrong = wrong_export(export)
    made = small(wrong, WRONG, families=("random",), sizes=(5,), seeds=range(3, 4))
    (line,) = lines_of(made, setting_of(made, wrong))
    assert (line["verdict"], line["digits"]) == ("refuted", None)
    witness = line["witness"]
    assert witness["foundOn"] == "random-m5-float64-s3"
    assert witness["sizes"]["ι"] < 5
    assert len(witness["values"]["y"]) == witness["sizes"]["ι"]
    assert json.loads(json.dumps(line)) == line


def test_a_witness_of_many_numbers_is_not_written_down(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its command draws it again; the line stays short."""
    monkeypatch.setattr(work, "MOST_KEPT", 3)
    wrong = wrong_export(export)
    made = small(wrong, WRONG, families=("random",), sizes=(2,), seeds=range(3, 4))
    (line,) = lines_of(made, setting_of(made, wrong))
    assert line["witness"]["values"] is None


def test_vacuous_and_undecided_say_why(export: Export) -> None:
    """A hypothesis that nothing meets, and a comparison that no precision decides."""
    theorem = export.theorem("norm_sq_normalize")
    never = ir.Hypothesis("never", "1 = 0", ir.Eq(ir.Nat(1), ir.Nat(0)))
    changed = replace(export, theorems={THEOREM: replace(theorem, hypotheses=(*theorem.hypotheses, never))})
    made = small(changed, families=("random",), sizes=(2,), seeds=range(1))
    (line,) = lines_of(made, setting_of(made, changed))
    assert (line["verdict"], line["numbers"]) == ("vacuous", 0)
    assert line["why"].startswith("no batch satisfies never")
    narrow = small(export, families=("random",), sizes=(3,), seeds=range(1, 2), precisions=(101,))
    (line,) = lines_of(narrow, setting_of(narrow, export))
    assert (line["verdict"], line["precision"]) == ("undecided", 101)
    assert line["why"].startswith("random-m3-float64-s1: ")


def test_what_a_task_raises_is_told(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the others of its group are done."""
    made = small(export)
    setting = setting_of(made, export)
    whole = work.report_on

    def report_on(task: Any, *rest: Any) -> Any:
        if task == made.task(1):
            raise ZeroDivisionError("a\nb")
        return whole(task, *rest)

    monkeypatch.setattr(work, "report_on", report_on)
    prepare(setting)
    first, second, third = perform(Group(setting.sweep, tuple(map(made.task, range(3)))))
    assert isinstance(second, Raised)
    assert second.why.startswith(r"ZeroDivisionError: a\nb (in report_on, ")
    assert isinstance(first, dict)
    assert isinstance(third, dict)
    line = failed(made.task(1), setting, second.why, 3)
    assert (line["verdict"], line["tries"], line["seed"]) == ("failed", 3, 0)


def test_other_versions_do_nothing(export: Export) -> None:
    """A worker with another NumPy might draw other batches."""
    made = small(export)
    setting = setting_of(made, export)
    prepare(replace(setting, versions={**setting.versions, "numpy": "1.2.3"}))
    with pytest.raises(VersionsDiffer, match=r"a worker has numpy .*, and the sweep was begun with 1\.2\.3"):
        perform(Group(setting.sweep, (made.task(0),)))


def test_one_group_at_a_time(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads of a process share the precision of balls, so that only one of them may compute."""
    made = small(export)
    setting = setting_of(made, export)
    prepare(setting)
    at_work: list[int] = []

    def report_on(*_: object) -> None:
        at_work.append(1)
        time.sleep(0.01)
        assert len(at_work) == 1
        at_work.pop()
        raise ValueError("enough")

    monkeypatch.setattr(work, "report_on", report_on)
    found: list[list[Line | Raised]] = []
    group = Group(setting.sweep, tuple(map(made.task, range(3))))
    threads = [threading.Thread(target=lambda: found.append(perform(group))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(isinstance(one, Raised) and "enough" in one.why for every in found for one in every)
