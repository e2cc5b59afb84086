"""The counts that docs/testing.md gives: a sample of torch's layers, all right, and of pairs of slips, none called wrongly."""

from __future__ import annotations

import importlib.util
import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pybridge.kernels.guesses import guesses
from pybridge.mutation.mutants import of_definition

ROOT = Path(__file__).resolve().parents[2]


def script(name):
    """A script as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.torch
def test_no_false_alarm_on_a_few_seeds(known, tmp_path):
    """Every format; what is kept is read again, and a line that was cut short is not."""
    pytest.importorskip("torch", reason="torch is not installed")
    alarms = script("false_alarms")
    every = list(alarms.tasks(1000, 1))
    assert len({task.key for task in every}) == len(every) > 3000
    assert {task.case.dtype for task in every} == {"float32", "bfloat16", "float16"}
    few = [task for task in every if task.case.weights == "float32"][:5]
    few += [next(task for task in every if not task.only)]
    lines = [alarms.run(task, known) for task in few]
    assert [one["alarms"] for one in lines] == [[]] * len(few)
    assert all(one["numbers"] > 0 for one in lines)
    kept = tmp_path / "kept.jsonl"
    kept.write_text("".join(f"{json.dumps(one)}\n" for one in lines) + '{"key": "cut', encoding="utf-8")
    assert list(alarms.done(kept)) == [task.key for task in few]
    found = alarms.summary(alarms.done(kept), "command")
    assert (found["runs"], found["alarms"]) == (len(few), [])
    assert found["code"] == {alarms.code_of(known): len(few)}
    del lines[0]["code"]
    assert alarms.summary({one["key"]: one for one in lines}, "")["code"] == {
        alarms.code_of(known): len(few) - 1,
        "not recorded": 1,
    }


@pytest.mark.torch
def test_an_alarm_is_counted(known):
    """A layer that is wrong: the script has to see it."""
    torch = pytest.importorskip("torch", reason="torch is not installed")
    alarms = script("false_alarms")

    class Wrong(torch.nn.LayerNorm):
        __module__ = "torch.nn.modules.wrong"

        def forward(self, x):
            return 1.01 * super().forward(x)

    Wrong.__name__ = "LayerNorm"
    task = next(task for task in alarms.tasks(200, 1) if task.case.name == "LayerNorm(7) float32" and task.only)
    wrong = replace(task, case=replace(task.case, made=lambda: (Wrong(7), {})))
    assert alarms.run(wrong, known)["alarms"]


def changed(definitions, name, side):
    """With a definition of which one side of a product or a sum is missing."""
    found = (one for one in of_definition(definitions[name], definitions) if one.slip.label == f"without-{side}")
    return {**definitions, name: next(found).definition}


def test_a_sample_of_pairs_is_named_or_not_and_never_wrongly(export):
    """Two slips at once: no name is wrong; a kernel that is named is told from one with another slip."""
    named = script("named")
    drawn = list(named.pairs(6, 3, export))
    assert [pair.definition for pair in drawn[:3]] == list(named.DEFINITIONS)
    assert all(one != other for one, other in (pair.slips for pair in drawn))
    base = export.definitions
    assert named.agree("BatchNorm.forward", base, base, base)
    unbiased = next(one for one in guesses(base["BatchNorm.forward"], base) if "m - 1" in one.description)
    assert not named.agree("BatchNorm.forward", base, unbiased.apply({}), base)
    nothing, rest = (changed(base, "BatchNorm.backwardGamma", label) for label in ("left", "right"))
    assert named.agree("BatchNorm.backwardGamma", nothing, changed(nothing, "BatchNorm.scale", "left"), base), "both are 0"
    assert not named.agree("BatchNorm.backwardGamma", rest, nothing, base)
    results = [named.judged(pair, export) for pair in drawn[:2]]
    assert all(one["verdict"] != named.WRONG for one in results), results
    assert named.share(results)["pairs"] == 2
