"""The source of generated code: what a person reads, the same each time; and who runs it at the same time, and at what cost."""

from __future__ import annotations

import ast
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest
from code_targets import NUMPY, TARGETS, C

import pybridge
from pybridge.codegen.lower import lowered
from pybridge.codegen.native_runner import CRunner
from pybridge.codegen.numba_source import numba_source
from pybridge.codegen.schedule import scheduled
from pybridge.codegen.text import identifier
from pybridge.codegen.values import Values
from pybridge.export.loading import Export

NUMPY_BACKWARD = '''\
"""BatchNorm.backward, 3 times over the entries of a block of batches."""

from numpy import absolute, add, maximum, multiply, negative, sqrt, subtract


def block(chunks, total, dot, m, gamma, eps):
    sum_y = sum_g = None
    for y, g in chunks("y", "g", work=0):
        sum_y = total(sum_y, y)
        sum_g = total(sum_g, g)
    mean = sum_y / m
    sum_1 = sum_2 = None
    for y, g, work_1 in chunks("y", "g", work=1):
        y_minus_mean = subtract(y, mean, out=work_1)
        sum_1 = dot(sum_1, y_minus_mean, y_minus_mean)
        sum_2 = dot(sum_2, g, y_minus_mean)
    variance = sum_1 / m
    scale = sqrt(maximum(variance + eps, 0.0))
    row_2 = m * scale
    row_3 = gamma / row_2
    row_5 = 1.0 / scale * (sum_2 / scale)
    for y, g, work_1, work_2, out in chunks("y", "g", work=2, out=True):
        entry_2 = multiply(m, g, out=work_1)
        entry_3 = subtract(entry_2, sum_g, out=work_1)
        y_minus_mean = subtract(y, mean, out=work_2)
        entry_5 = multiply(y_minus_mean, row_5, out=work_2)
        entry_6 = subtract(entry_3, entry_5, out=work_2)
        backward = multiply(row_3, entry_6, out=work_2)
        out[...] = backward
    return None, (sum_y, sum_g, sum_1, sum_2), (row_2, scale)
'''


def test_the_source_for_numpy() -> None:
    """The whole of it: sums of one sweep together, the centred variance, nothing of the size of the batch but the result."""
    assert pybridge.compile("BatchNorm.backward").source == NUMPY_BACKWARD


@pytest.mark.parametrize("target", TARGETS)
def test_the_source_is_the_same_each_time(target: str) -> None:
    """And short lines, of ASCII letters, with the names of the library."""
    first = pybridge.compile("BatchNorm.backward", target=target, axis=0).source
    assert pybridge.compile("backward", target=target, axis=(1, 2), export=pybridge.load(check_sources=False)).source == first
    assert first.isascii()
    for name in ("mean", "variance", "scale", "gamma", "eps"):
        assert name in first
    assert "isfinite" not in pybridge.compile("backward", target=target, checked=False).source.partition("def ")[2]
    if target != "c":
        ast.parse(first)


def test_the_source_for_numba_needs_no_numba(export: Export) -> None:
    """It is Python, and says how often it goes over the entries."""
    schedule = scheduled(lowered(export.definition("RMSNorm.backward"), export.definitions))
    source = numba_source(schedule, "float64", checked=True)
    ast.parse(source)
    assert source.startswith('"""RMSNorm.backward, 2 times over the entries of a batch."""')
    assert "float64 as stored" in source


SWEEPS = {
    "BatchNorm.backward": 3,
    "BatchNorm.backwardBeta": 1,
    "BatchNorm.mean": 1,
    "BatchNorm.variance": 2,
    "LayerNorm.rescale": 1,
    "RMSNorm.backward": 2,
    "RMSNorm.forward": 2,
}


@pytest.mark.parametrize("name", SWEEPS)
def test_sweeps(name: str) -> None:
    """As many as the longest chain of sums that need one another, and one that writes a vector."""
    assert pybridge.compile(name).sweeps == SWEEPS[name]


def test_what_a_function_says_it_is() -> None:
    """Its name, its documentation, and one line."""
    function = pybridge.compile("backward", target="numpy", axis=(0, 2))
    assert repr(function) == "<Compiled compile('BatchNorm.backward', target='numpy', axis=(0, 2))>"
    assert function.__name__ == "backward"
    assert function.__doc__ == pybridge.oracle("backward").__doc__
    assert function.definition.name == "BatchNorm.backward"


def test_names_are_identifiers() -> None:
    """Whatever an export calls its arguments, the code has letters, digits and underscores."""
    for name in ("γ", "y'", 'y"""', "a b", "x;import os", "λ", "1", "ℝ", "class", "\n"):
        assert identifier(name).isidentifier()
        assert identifier(name).isascii()


def test_common_factors_leave_a_sum() -> None:
    """Σ a b / c is (Σ a b) / c; a sum of a constant is m times it; a difference is not multiplied out."""
    values = Values()
    a, b = (values.input(name, spread=True) for name in "ab")
    c = values.input("c", spread=False)
    found = values.total(values.multiply(a, values.divide(b, c)))
    assert found.op == "divide"
    assert found.args[0].op == "sum"
    assert found.args[1] is c
    assert values.total(c).op == "multiply"
    difference = values.multiply(values.simple("subtract", a, c), c)
    assert difference.args[0].op == "subtract"
    assert values.total(difference).args[0].args[0].op == "subtract"
    assert values.total(values.simple("negate", a)).op == "negate"
    assert values.power(a, 0) is values.number(1)


@pytest.mark.parametrize("target", [NUMPY, C])
def test_threads_may_compile_and_run_at_once(target: str) -> None:
    """Eight at a time, from the first call on: all get the same numbers."""
    y, g = np.random.default_rng(0).normal(size=(2, 64, 9)).astype(np.float32)
    expected = pybridge.oracle("LayerNorm.backward")(np.ones(9), 1e-5, y, g)
    start, fresh = Barrier(8), pybridge.load(check_sources=False)

    def call(_: int) -> np.ndarray:
        start.wait()
        return pybridge.compile("LayerNorm.backward", target=target, export=fresh)(np.ones(9), 1e-5, y, g)

    with ThreadPoolExecutor(8) as threads:
        for found in threads.map(call, range(8)):
            np.testing.assert_allclose(found, expected, rtol=1e-6)


@pytest.mark.parametrize("target", [C])
def test_a_runner_compiles_once(export: Export, monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    """For the types of one call, however many threads wait for it."""
    assert target == "c"
    runner = CRunner(scheduled(lowered(export.definition("mean"), export.definitions)), checked=True)
    made = []
    monkeypatch.setattr(runner, "compiled", lambda stored, reads: made.append((stored, *reads)) or len(made))
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(lambda _: runner.kernels("float32", ["float32"]), range(32))) == {1}
    assert made == [("float32", "float32")]


@pytest.mark.parametrize("shape", [(1 << 19,), (16, 32, 32, 32), (1 << 15, 16)])
def test_memory(shape: tuple[int, ...]) -> None:
    """Of the size of the arguments there is only the result; the rest is chunks of a few hundred kilobytes."""
    y, g = np.random.default_rng(0).normal(size=(2, *shape)).astype(np.float32)
    axis = tuple(k for k in range(len(shape)) if len(shape) == 1 or k != 1)
    backward = pybridge.oracle("backward", axis=axis)
    backward(1, 1e-5, y, g)
    tracemalloc.start()
    backward(1, 1e-5, y, g)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < y.nbytes + 2.5e6
