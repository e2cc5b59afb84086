"""Layers of a framework: right, at a limit, at fault, not taken; here they are NumPy's, made as cases."""

from __future__ import annotations

import json

import numpy as np
import numpy_layers as right
import pytest
from pasted import pasted

from pybridge.cli import conform as command
from pybridge.cli.conform_document import ConformDocument
from pybridge.conformance import run as running
from pybridge.conformance.cases import Case, cases_of
from pybridge.conformance.digits import curves
from pybridge.errors import InputError, MissingToolError, OptionError
from pybridge.kernels.outcomes import AnotherFunction, NotTold
from pybridge.kernels.patterns import OFF_AT_OFFSETS


def one_pass(x, gamma, beta, eps):
    """BatchNorm with the mean of squares less the square of the mean."""
    mean = x.mean(0)
    return gamma * (x - mean) / np.sqrt(np.maximum((x * x).mean(0) - mean * mean, 0) + x.dtype.type(eps)) + beta


def two_pass(x, gamma, beta, eps):
    """As it should be."""
    return right.BATCH.forward(x, gamma, beta, eps)[0]


def unbiased(x, gamma, beta, eps):
    """Over m - 1."""
    return gamma * (x - x.mean(0)) / np.sqrt(x.var(0, ddof=len(x) > 1) + x.dtype.type(eps)) + beta


def refused(x, gamma, beta, eps):
    """Takes no arrays."""
    raise RuntimeError(f"no kernel for {x.dtype} {gamma} {beta} {eps}")


def case(function, dtype="float32"):
    """A case of (N, C)."""
    name = function.__name__
    return Case(
        code=f"'BatchNorm', forward={name}",
        layer="BatchNorm",
        made=lambda: ("BatchNorm", {"forward": function}),
        dtype=dtype,
        weights=dtype,
        series=name,
        options={"eps": 1e-3, "dtype": dtype, "sizes": {"C": (3,), "N": (5, 33)}},
    )


@pytest.fixture
def found(monkeypatch, export):
    """Four cases, one of each kind; only the forward pass is there to be compared."""
    monkeypatch.setattr(running, "versions", lambda target: {target: "0"})
    monkeypatch.setattr(running, "comparable", lambda *_: ("forward",))
    monkeypatch.setattr("pybridge.conformance.digits.comparable", lambda *_: ("forward",))
    cases = [case(one) for one in (two_pass, one_pass, unbiased, refused)]
    return running.conform("numpy", cases, seed=0, export=export)


def test_each_is_told_from_the_others(found, export, capsys):
    """The verdict, the sentence, the call that repeats it; the document is as its schema says."""
    assert [one.verdict for one in found.results] == ["right", "limit", "fault", "not taken"]
    assert not found.right
    fine, limit, fault, refusal = found.results
    assert fine.outputs[0].share <= 1
    assert "offset" in limit.outputs[0].worst
    assert "in BatchNorm.variance, the size m of the batch is m - 1" in fault.outputs[0].said
    assert refusal.refused.startswith("RuntimeError: no kernel for float32")
    document = command.document(found, export, code=1)
    ConformDocument.model_validate(json.loads(json.dumps(document)))
    command.show(found)
    said = capsys.readouterr().out
    assert "1 of 4 at fault: something else is computed" in said
    assert f"\nrepeat:\n{limit.repeat}\n" in said
    with pytest.raises(AssertionError, match="BatchNorm"):
        pasted(limit.repeat, one_pass=one_pass)
    assert pasted(fine.repeat, two_pass=two_pass).right


def test_what_is_not_told_is_neither_a_limit_nor_a_fault():
    """Digits that are lost may be all that is wrong where a format leaves none, and where only offsets are off."""
    assert running.verdict_of(NotTold(why="no digit is left")) == "not told"
    assert running.verdict_of(AnotherFunction(guesses=()), OFF_AT_OFFSETS) == "not told"
    assert running.verdict_of(AnotherFunction(guesses=()), "off only where one entry is far off") == "fault"
    assert running.verdict_of(AnotherFunction(guesses=())) == "fault"


def test_only_offsets_are_off(monkeypatch, export):
    """As a variance in one pass that is held above 0: the sentence is the one that is looked for."""
    monkeypatch.setattr(running, "versions", lambda target: {target: "0"})
    monkeypatch.setattr(running, "comparable", lambda *_: ("forward",))
    monkeypatch.setattr(running, "curves", lambda *_: [])

    def off_at_offsets(x, gamma, beta, eps):
        """Right where the mean is small, and where all entries are equal."""
        far = (abs(x.mean(0)) > 200 * x.std(0)) & (x.std(0) > 1e-6 * abs(x.mean(0)))
        return two_pass(x, gamma, beta, eps) + np.where(far, x.dtype.type(0.7), x.dtype.type(0))

    result = running.conform("numpy", [case(off_at_offsets)], seed=0, export=export).results[0]
    assert result.outputs[0].verdict == "not told", result.outputs[0].said


def test_digits_against_the_offset(found):
    """One pass over the squares loses twice as many as two, and more than the bound of the definition."""
    two, one = ({round(np.log2(point.ratio)): point for point in curve.points} for curve in found.curves[:2])
    far = max(set(two) & set(one) & set(range(8, 13)))
    assert two[far].digits >= two[far].bound
    assert one[far].digits < two[far].digits - 1
    assert found.curves[0].points[0].digits > 6


def test_a_format_that_is_wider(export):
    """float64 has sixteen digits."""
    assert 15 < max(point.digits for curve in curves(case(two_pass, "float64"), 0, export) for point in curve.points) < 17


def test_the_picture(found, tmp_path):
    """Drawn where matplotlib is; of a kind that there is not, refused."""
    pytest.importorskip("matplotlib", reason="matplotlib (the extra pybridge-lean[report]) is not installed")
    from pybridge.conformance.picture import draw

    draw(found, tmp_path / "digits.svg")
    text = (tmp_path / "digits.svg").read_text(encoding="utf-8")
    assert "two_pass: the output" in text
    with pytest.raises(InputError, match=r"draws no \.nothing"):
        draw(found, tmp_path / "digits.nothing")


@pytest.mark.parametrize("target", ["torch", "jax", "flax"])
def test_a_framework_that_is_missing(target, monkeypatch):
    """One line that says what to install."""
    for module in ("torch", "jax", "flax"):
        monkeypatch.setitem(__import__("sys").modules, module, None)
    with pytest.raises(MissingToolError, match=r"is not installed; `pip install (torch|jax)`"):
        cases_of(target)


def test_other_targets():
    """Are refused with those that there are."""
    with pytest.raises(OptionError, match="no target 'tensorflow'; there are torch, jax, flax"):
        cases_of("tensorflow")
