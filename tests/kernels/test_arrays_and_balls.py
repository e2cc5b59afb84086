"""Whole arrays are compared as number by number in balls: the same verdict, the same words."""

from __future__ import annotations

import re

import numpy as np
import pytest

import pybridge
from pybridge.algebras.bounding import BoundedAlgebra
from pybridge.algebras.formats import FLOAT64, needed_format
from pybridge.errors import InputError, NoBoundError
from pybridge.export.loading import load
from pybridge.kernels import enclosed as enclosed_module
from pybridge.kernels import judge as judge_module
from pybridge.kernels import looks as looks_module
from pybridge.kernels.arithmetic import Arithmetic
from pybridge.kernels.judge import comparison, judge
from pybridge.kernels.judged import Rows
from pybridge.kernels.rows import layout_and_values, table_of
from pybridge.semantics.boundedarrays import NotVectorised
from pybridge.testing import KernelError, WithinBound, assert_computes, assert_kernel, check_kernel

AXES = (0, 2)


@pytest.fixture(autouse=True)
def _in_arrays(monkeypatch):
    """However few numbers there are."""
    monkeypatch.setattr(judge_module, "HANDFUL", 0)
    monkeypatch.setattr(looks_module, "HANDFUL", 0)


@pytest.fixture
def in_balls(monkeypatch):
    """A function that has everything compared in balls from here on."""

    def refuse(*_: object) -> None:
        raise NotVectorised("not in this test")

    return lambda: monkeypatch.setattr(BoundedAlgebra, "given", refuse)


def backward(y, g, gamma, eps, *, one_pass=False, count=None, mean_of_g=True, spread=0.0):
    """The gradient in the format of y, right or wrong."""
    mean = y.mean(AXES, keepdims=True)
    variance = (y * y).mean(AXES, keepdims=True) - mean * mean if one_pass else ((y - mean) ** 2).mean(AXES, keepdims=True)
    if count:
        variance = variance * y.dtype.type(y[:, 0].size / count(y))
    inverse = 1 / np.sqrt(variance + y.dtype.type(eps))
    hat = (y - mean) * inverse
    passed = g - g.mean(AXES, keepdims=True) if mean_of_g else g
    found = np.reshape(gamma, (1, -1, 1)) * inverse * (passed - hat * (g * hat).mean(AXES, keepdims=True))
    return (found + spread * np.cos(y)).astype(y.dtype)


def arrays(dtype, *, offset=0.0, size=1.0, seed=0):
    """Two channels of six numbers."""
    rng = np.random.default_rng(seed)
    y, g = (rng.normal(size=(3, 2, 2)) for _ in range(2))
    return {"y": (offset + size * y).astype(dtype), "g": g.astype(dtype), "gamma": np.array([1.5, -2.0], dtype), "eps": 1e-5}


KERNELS = {
    "right": ({}, {}),
    "far from 0": ({}, {"offset": 300.0}),
    "tiny": ({}, {"size": 1e-4}),
    "mean of g forgotten": ({"mean_of_g": False}, {}),
    "unbiased": ({"count": lambda y: y[:, 0].size - 1}, {}),
    "in one pass": ({"one_pass": True}, {"offset": 40.0}),
    "no change of the definition": ({"spread": 0.3}, {}),
}


def said(dy, given_):
    """What is said of values: the message, or that they are within the bound, and the outcome, a share in it to ten digits."""
    try:
        assert_computes("backward", dy, axis=AXES, **given_)
    except KernelError as failed:
        share = re.sub(r"share=([^,)]+)", lambda found: f"share={float(found[1]):.10g}", repr(failed.outcome))
        return str(failed), share
    except InputError as refused:
        return str(refused), type(refused).__name__
    return "within", ""


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
@pytest.mark.parametrize(("changed", "batch"), KERNELS.values(), ids=KERNELS)
def test_the_same_is_said(changed, batch, dtype, in_balls):
    """Of right kernels and of wrong ones, to the last word."""
    given_ = arrays(dtype, **batch)
    with np.errstate(all="ignore"):
        dy = backward(**given_, **changed)
    quickly = said(dy, given_)
    in_balls()
    assert said(dy, given_) == quickly


def test_the_same_is_said_of_a_kernel_that_is_run(in_balls, kernels):
    """The smallest batch, the worst number and the guess, too."""

    def message():
        with pytest.raises(KernelError) as failed:
            assert_kernel(kernels.eps_forgotten, layout="NCHW", sizes={"N": (2, 3), "C": (2,), "H": (2,), "W": (1,)})
        return str(failed.value)

    quickly = message()
    in_balls()
    assert message() == quickly


def judged(got, dtype):
    """Numbers in float64, compared with what the definition allows where it is computed in a format; and the rows."""
    export = load(check_sources=False)
    definition = export.definition("backward")
    given_ = arrays(dtype)
    values = {"y": given_["y"], "g": given_["g"], "γ": given_["gamma"], "ε": given_["eps"]}
    layout, values = layout_and_values("backward", definition.parameters, values, AXES)
    against = comparison(definition, Arithmetic(compute=needed_format(dtype), storage=FLOAT64), export)
    (found,) = judge([table_of(definition, layout, values, got, "", {})], against)
    return found


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_what_is_just_within_and_just_outside(dtype, monkeypatch):
    """A millionth of the bound within it or outside, on either side: decided, by the arrays alone."""
    got = np.zeros((3, 2, 2))
    entries = [entry for one in Rows([judged(got, dtype)]) for entry in one.entries]
    assert len(entries) == got.size
    monkeypatch.setattr(judge_module, "entries", None)  # no ball is asked
    for share, off in ((1 - 1e-6, False), (1 + 1e-6, True), (1.5, True), (-1.5, True), (-(1 - 1e-6), False), (0.0, False)):
        for entry in entries:
            got[entry.place] = float(entry.exact) + share * float(entry.allowed)
        found = judged(got, dtype)
        assert found.off.all() == found.off.any() == off
        assert np.allclose(found.share, abs(share), rtol=1e-7, atol=1e-9)


def test_what_is_exactly_at_the_bound_is_within():
    """The mean of zeros may be the smallest float32, and not twice that: the arrays leave it to the balls."""
    zeros, least = np.zeros(4, np.float32), np.float32(2.0**-149)
    assert_computes("mean", least, y=zeros)
    assert_computes("mean", -least, y=zeros)
    with pytest.raises(KernelError):
        assert_computes("mean", 2 * least, y=zeros)


def test_rows_that_are_open_are_compared_in_balls():
    """A row out of the range of double-doubles between two that are not: it alone is compared in balls, and as strictly."""
    y = np.array([[1.0, 2.0, 4.5], [1e-200, 2e-200, 3e-200], [3.0, 3.5, 7.0]])
    right = y.mean(axis=-1)
    assert_computes("mean", right, y=y)
    for row in range(3):
        wrong = right.copy()
        wrong[row] *= 1 + 1e-14
        with pytest.raises(KernelError, match=rf"\[{row}\] is .* off by"):
            assert_computes("mean", wrong, y=y)


def test_the_first_row_without_a_bound_is_named():
    """Also where the rows before and after it have one."""
    y = np.array([[1.0, 2.0], [3.0, 3.0], [0.5, 7.0], [4.0, 4.0]])
    hat = (y - y.mean(-1, keepdims=True)) / np.maximum(y.std(-1, keepdims=True), 1e-9)
    with pytest.raises(NoBoundError, match=r"no error bound for float64 at \[1, 0\]: variance"):
        assert_computes("normalize", hat, y=y, eps=0.0)


def test_a_long_row_is_compared_in_pieces(monkeypatch):
    """As it is in one."""
    y = np.random.default_rng(5).normal(size=200).astype(np.float32)
    hat = ((y - y.mean()) / np.sqrt(y.var() + np.float32(1e-5))).astype(np.float32)
    monkeypatch.setattr(enclosed_module, "LONGEST", 64)
    monkeypatch.setattr(judge_module, "entries", None)
    assert_computes("normalize", hat, y=y, eps=1e-5)
    hat[150] *= 1.001
    with pytest.raises(KernelError, match=r"\[150\] is .*\n(?s:.*)numbers that are off: 1 of 200"):
        assert_computes("normalize", hat, y=y, eps=1e-5)


def test_rows_are_made_where_they_are_looked_at(kernels):
    """A finding is a sequence of rows, from both ends."""
    found = check_kernel(kernels.backward, layout="NCHW", sizes={"N": (2,), "C": (3,), "H": (2,), "W": (1,)})
    assert isinstance(found.outcome, WithinBound)
    assert len(found.judged) == len(list(found.judged)) > 10
    assert found.judged[-1].row.case == "channels-last"
    assert [one.row.case for one in found.judged[:2]] == ["plain", "plain"]
    assert found.outcome.entries == sum(len(one.entries) for one in found.judged)
    with pytest.raises(IndexError):
        found.judged[len(found.judged)]


@pytest.mark.slow
def test_a_million_numbers():
    """Right ones are within the bound; one that is off among them is found and named."""
    rng = np.random.default_rng(0)
    y, g = rng.normal(size=(2, 32, 16, 64, 32)).astype(np.float32)
    given_ = {"y": y, "g": g, "gamma": np.linspace(1, 2, 16, dtype=np.float32), "eps": 1e-5}
    dy = pybridge.oracle("backward", axis=(0, 2, 3))(**given_)
    assert_computes("backward", dy, axis=(0, 2, 3), **given_)
    dy[3, 5, 7, 11] += 1
    with pytest.raises(KernelError, match=r"\[3, 5, 7, 11\] is .*\n(?s:.*)numbers that are off: 1 of 1048576"):
        assert_computes("backward", dy, axis=(0, 2, 3), **given_)


def test_values_in_balls_are_kept_within_a_limit(monkeypatch, in_balls):
    """Rows beyond it are computed anew: the same answer, however many rows."""
    in_balls()
    given_ = arrays("float64")
    dy = backward(**given_, mean_of_g=False)
    kept = set()
    whole = looks_module.Look.in_balls

    def watched(look, *rest):
        found = whole(look, *rest)
        kept.add(len(look._in_balls) * look.table.size)
        return found

    monkeypatch.setattr(looks_module.Look, "in_balls", watched)
    free = said(dy, given_)
    assert max(kept) > 6
    kept.clear()
    monkeypatch.setattr(looks_module, "ENTRIES", 6)
    assert said(dy, given_) == free
    assert max(kept) == 6
