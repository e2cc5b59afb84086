"""What a check is asked for: a theorem by its name, one family as a string; and one line where it cannot be meant."""

from __future__ import annotations

import math

import numpy as np
import pytest

import pybridge
from pybridge.batches.generate import Batch, family_names, slots
from pybridge.batches.plan import Plan
from pybridge.checking.asked import Asked, asked, by_default
from pybridge.checking.check import check, check_each, check_on
from pybridge.errors import InputError, UnknownNameError
from pybridge.export.loading import Export

WHOLE = "give a whole number, at least 0"
REFUSED = {
    "no family": ({"families": "nope"}, "no family of batches is called 'nope'; there are integers, "),
    "one letter": ({"families": ["r"]}, "no family of batches is called 'r'; there are integers, "),
    "a number among the families": ({"families": ["random", 7]}, "no family of batches is called 7; there are "),
    "an array among the families": ({"families": [np.zeros(2)]}, "no family of batches is called array([0., 0.]); there are "),
    "families no sequence": ({"families": 7}, "families is 7, which is no name of one and no sequence of names; there are "),
    "no families": ({"families": ()}, "no families of batches: nothing would be checked; there are "),
    "a negative size": ({"largest": -1}, f"largest is -1; {WHOLE}"),
    "a fraction": ({"largest": 2.5}, f"largest is 2.5; {WHOLE}"),
    "no number": ({"largest": math.nan}, f"largest is nan; {WHOLE}"),
    "infinite": ({"largest": math.inf}, f"largest is inf; {WHOLE}"),
    "a truth value": ({"largest": True}, f"largest is True; {WHOLE}"),
    "a size in words": ({"largest": "8"}, f"largest is '8'; {WHOLE}"),
    "a negative seed": ({"seed": -1}, f"seed is -1; {WHOLE}"),
    "a seed that is none": ({"seed": None}, f"seed is None; {WHOLE}"),
    "a fractional seed": ({"seed": 0.5}, f"seed is 0.5; {WHOLE}"),
    "a batch that is no name": ({"batch": 3}, "batch is 3; give the name of a batch, as a refutation prints it"),
    "no such batch": (
        {"batch": "nope", "families": "integers"},
        "no batch is called 'nope' for these theorems, families and seed; a refutation prints its name",
    ),
    "a batch that is too large": (
        {"batch": "integers-m8-s0.11", "families": "integers", "largest": 4},
        "no batch is called 'integers-m8-s0.11' for these theorems, families and seed; a refutation prints its name",
    ),
}


@pytest.mark.parametrize(("arguments", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_meant_is_refused(arguments: dict[str, object], message: str, export: Export) -> None:
    """By one theorem's check and by that of many."""
    with pytest.raises(InputError) as one:
        check("norm_sq_backward", export, **arguments)
    with pytest.raises(InputError) as many:
        list(check_each([export.theorem("norm_sq_backward")], export, **arguments))
    assert str(one.value) == str(many.value)
    assert str(one.value).startswith(message)
    assert str(one.value).isprintable()


@pytest.mark.parametrize(
    ("theorem", "export", "message"),
    [
        (7, None, "expected a theorem or the name of one, got 7 (type int)"),
        (None, None, "expected a theorem or the name of one, got None (type NoneType)"),
        ("norm_sq_backward", "export.json", "export is of type str; pass what pybridge.load returns"),
        ("norm_sq_backward", {}, "export is of type dict; pass what pybridge.load returns"),
    ],
)
def test_another_type_is_refused(theorem: object, export: object, message: str) -> None:
    """In one line that says which."""
    for call in (check, lambda theorem, export: check_on(theorem, export, ())):
        with pytest.raises(InputError) as refused:
            call(theorem, export)
        assert str(refused.value) == message


def test_a_name_is_looked_up(export: Export) -> None:
    """In the export given, or else in the package's own; a definition or a misspelling is no theorem."""
    theorem = export.theorem("norm_sq_backward")
    expected = check(theorem, export, families=("integers",), largest=4)
    for given in (("norm_sq_backward", export), ("BatchNorm.norm_sq_backward", export), ("norm_sq_backward",)):
        report = check(*given, families="integers", largest=4)
        assert (report.theorem, report.verdict, report.counted) == (theorem, expected.verdict, expected.counted)
    assert check_on("norm_sq_backward", export, ()).theorem is theorem
    for name, hint in (("normalize", "BatchNorm.normalize is a definition"), ("norm_sq_backwards", "did you mean")):
        with pytest.raises(UnknownNameError, match=hint):
            check(name, export)
    assert pybridge.check is check


def test_one_family_is_no_sequence_of_letters(export: Export) -> None:
    """A string is one name; an iterator of names is taken too, and a NumPy integer for a number."""
    assert asked("random", 0, None, None) == Asked(("random",), 0, None, None)
    assert asked(iter(("zeros", "random")), np.int64(3), np.uint8(5), "b") == Asked(("zeros", "random"), 3, 5, "b")
    assert asked(None, 0, 0, None) == Asked(family_names(), 0, 0, None)
    assert check("norm_sq_backward", export, families="random", largest=2).counted.keys() == {"random"}


def test_nothing_left_is_vacuous(export: Export) -> None:
    """As on the command line, 0 is a size; a theorem that needs an element has no batch of it, which is not passed."""
    report = check("backward_apply", export, largest=0)
    assert not report.passed
    assert repr(report) == "<TheoremReport BatchNorm.backward_apply: vacuous, of 0 batches none satisfies the hypotheses>"


def test_a_batch_of_one_theorem_is_enough(export: Export) -> None:
    """Of several theorems checked on one batch, some may have none of its size."""
    names = ("backward_apply", "variance_nonneg")
    one, other = check_each([export.theorem(name) for name in names], export, families="zeros", batch="zeros-m0-s0.0")
    assert (dict(one.counted), dict(other.counted)) == ({}, {"zeros": 1})


def test_a_batch_that_does_not_satisfy_the_hypotheses_is_one(export: Export) -> None:
    """It is there, though it says nothing: vacuous, and no refusal."""
    report = check("norm_sq_backward_eps_zero", export, families="constant", batch="constant-m1-s0.0")
    assert (dict(report.counted), report.rejected) == ({}, 1)


def test_batches_of_ones_own(export: Export) -> None:
    """The first candidate that satisfies the hypotheses counts: of one entry, none has a variance."""
    theorem = export.theorem("norm_sq_backward_eps_zero")
    sizes = slots(Plan(theorem, export.definitions), ("random",), largest=2)
    seen: list[Batch] = []
    report = check_on(theorem, export, [(batch for candidates in sizes for batch in candidates)], progress=seen.append)
    assert [batch.sizes["ι"] for batch in seen] == [2]
    assert report.counted == {"random": 1}
    assert report.passed


def test_by_default(export: Export) -> None:
    """So many batches a check tries that is asked for no selection: those that count, and those that meet no hypothesis."""
    for name in ("variance_nonneg", "normalize_eq_zero_of_variance_eq_zero"):
        theorem = export.theorem(name)
        report = check(theorem, export)
        assert sum(report.counted.values()) + report.rejected == by_default(theorem, export)
