"""Theorems that ask the same of a batch are checked on the same ones, drawn and certified once; each report is as alone."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from pybridge.batches.generate import Batch
from pybridge.batches.plan import Plan
from pybridge.batches.shared import together
from pybridge.checking import hypotheses
from pybridge.checking.check import check, check_each
from pybridge.checking.verdict import TheoremReport
from pybridge.export.loading import Export

ALIKE = ("norm_sq_backward", "inner_normalize_backward")
OTHER = "norm_sub_inner_smul_sq_of_norm_eq_one"
FEW = {"families": ("integers", "two-values", "constant"), "largest": 4}


def untimed(report: TheoremReport) -> TheoremReport:
    """The report but for how long it took."""
    return replace(report, seconds=0.0)


def test_reports_are_those_of_each_theorem_alone_in_the_order_asked_for(export: Export) -> None:
    """Also where another theorem stands between those that are checked together, or one is asked for twice."""
    asked = [export.theorem(name) for name in (ALIKE[0], OTHER, ALIKE[1], OTHER)]
    alone = [untimed(check(theorem, export, **FEW)) for theorem in asked]  # type: ignore[arg-type]
    found = [untimed(report) for report in check_each(asked, export, **FEW)]  # type: ignore[arg-type]
    assert found == alone


def test_batches_are_drawn_once(export: Export) -> None:
    """The second theorem is tried on the objects that were drawn for the first."""
    seen: list[tuple[str, Batch]] = []
    asked = [export.theorem(name) for name in ALIKE]
    list(check_each(asked, export, progress=lambda name, batch: seen.append((name, batch)), **FEW))  # type: ignore[arg-type]
    first, second = ([batch for name, batch in seen if name == theorem.name] for theorem in asked)
    assert len(first) > 5
    assert len(first) == len(second)
    assert all(one is other for one, other in zip(first, second, strict=True))


def test_hypotheses_are_decided_once(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    """For the second theorem it is known which hold."""
    decided = []
    plain = hypotheses.decide_hypothesis
    monkeypatch.setattr(hypotheses, "decide_hypothesis", lambda *args: decided.append(args) or plain(*args))
    run = partial(check_each, export=export, **FEW)  # type: ignore[arg-type]
    list(run([export.theorem(ALIKE[0])]))
    once = len(decided)
    list(run([export.theorem(name) for name in ALIKE]))
    assert 0 < len(decided) - once == once


def test_each_theorem_is_in_one_group_of_those_that_ask_the_same(export: Export) -> None:
    """And what is not asked alike is not together, whatever the theorems share otherwise."""
    plans = [Plan(theorem, export.definitions) for theorem in export.theorems.values()]
    groups = together(plans)
    assert sorted(place for group in groups for place, _ in group) == list(range(len(plans)))
    assert [group[0][0] for group in groups] == sorted(group[0][0] for group in groups)
    assert any(len(group) > 2 for group in groups)
    for group in groups:
        (_, first), *others = group
        for place, plan in others:
            assert plan.theorem is plans[place].theorem
            assert plan.valued is first
            assert plan.asked == first.asked
            assert plan.certified == plans[place].certified
    firsts = [group[0][1].asked for group in groups]
    assert all(one != other for place, one in enumerate(firsts) for other in firsts[:place])
