"""The oracle: an exported definition as a NumPy function, with its arguments checked."""

from __future__ import annotations

import numpy as np
import pytest
from documents import document, pair, recorded, var, write

from pybridge.algebras.ball import Ball, BallAlgebra
from pybridge.algebras.formats import FLOAT16
from pybridge.errors import InputError, UnknownNameError
from pybridge.export.loading import load
from pybridge.kernels.layers import has_channels
from pybridge.kernels.oracle import oracle
from pybridge.semantics.evaluate import bind, evaluate


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """An export with a total, a stretch by ε, a quotient by the spread, and a constant."""
    content = document()
    first = content["definitions"][0]
    vector = first["parameters"]
    call = {"call": {"name": "Test.total", "indices": ["ι"], "args": [{"vector": {"term": var("y")}}]}}
    content["definitions"][1]["parameters"][0]["name"] = "ε"
    content["definitions"][1]["body"]["vector"]["term"]["build"]["body"]["mul"]["left"] = var("ε")
    distance = pair("sub", {"component": {"vector": var("y"), "position": "i"}}, pair("div", call, {"card": {"index": "ι"}}))
    spread = {"sum": {"variable": "i", "index": "ι", "body": {"abs": {"arg": distance}}}}
    body = {"scalar": {"term": pair("div", {"nat": {"value": 1}}, spread)}}
    content["definitions"].append({**first, "name": "Test.tightness", "parameters": vector, "body": body})
    constant = {"scalar": {"term": {"card": {"index": "ι"}}}}
    content["definitions"].append({**first, "name": "Test.size", "parameters": [], "body": constant})
    content["theorems"] = []
    return load(write(tmp_path_factory.mktemp("small") / "export.json", recorded(content)))


def test_axes_and_shapes(small):
    """Scalars drop the batch axes, vectors keep the shape; scalar arguments broadcast over the other axes."""
    y = np.arange(24.0).reshape(2, 3, 4)
    np.testing.assert_array_equal(oracle("total", export=small)(y), y.sum(-1))
    np.testing.assert_array_equal(oracle("total", axis=(0, 2), export=small)(y), y.sum((0, 2)))
    stretch = oracle("Test.stretch", axis=(0, -1), export=small)
    factors = np.array([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(stretch(factors, y), y * factors[None, :, None])
    np.testing.assert_array_equal(stretch(y=y, eps=2), 2 * y)
    assert stretch.__name__ == "stretch"
    assert stretch.__doc__ == "A docstring."


class Named:
    """A dtype that is known by its text alone, as torch's are."""

    def __init__(self, name):
        self.written = name

    def __repr__(self):
        return self.written


DTYPES = {
    "float32": (np.float32, None, np.float32),
    "ints": (np.int64, None, np.float64),
    "asked": (np.float64, np.float32, np.float32),
    "by name": (np.float64, "float32", np.float32),
    "a dtype": (np.float64, np.dtype(np.float16), np.float16),
    "Python's": (np.float32, float, np.float64),
    "another library's": (np.float64, Named("torch.float32"), np.float32),
    "a format": (np.float64, FLOAT16, np.float16),
}


@pytest.mark.parametrize(("given", "asked", "expected"), DTYPES.values(), ids=DTYPES)
def test_dtypes(small, given, asked, expected):
    """The arguments' own, float64 for integers, or the one asked for; a Python number does not widen."""
    assert oracle("stretch", dtype=asked, export=small)(0.5, np.ones(3, given)).dtype == expected


REFUSALS = {
    "missing": ("stretch", {"y": [1.0]}, "Test.stretch needs a value for ε; it takes ε, y"),
    "unknown": ("total", {"x": [1.0]}, "Test.total has no argument 'x'; it takes y"),
    "twice": ("stretch", {"ε": 1, "eps": 2, "y": [1.0]}, "Test.stretch got two values for ε"),
    "nan": ("total", {"y": [[1.0, 2.0], [np.nan, 0.0]]}, "Test.total: y[1, 0] is nan; give finite numbers"),
    "inf": ("stretch", {"eps": np.inf, "y": [1.0]}, "Test.stretch: ε is inf; give finite numbers"),
    "complex": ("total", {"y": [1j]}, "Test.total: y has dtype complex128; give real numbers"),
    "ragged": ("total", {"y": [[1.0], [1.0, 2.0]]}, "Test.total: y is ragged; give a NumPy array, a torch or a JAX tensor"),
    "empty": ("total", {"y": np.ones((2, 0))}, "Test.total: m = 0: the batch axes of shape (0,) are empty; give a batch"),
    "number": ("total", {"y": 1.0}, "Test.total: axis (-1,) of arrays of shape (); pass another axis"),
    "scalar": (
        "stretch",
        {"eps": np.ones(5), "y": np.ones((2, 3))},
        "Test.stretch: ε is a scalar of shape (5,), and the batches have shape (2,); give a number, or one for each batch",
    ),
    "no vector": ("size", {}, "Test.size has no vector argument, so its size is not known; see `pybridge show`"),
    "division": (
        "tightness",
        {"y": [[0.1, 0.2, 0.3], [0.1, 0.1, 0.1]]},
        ("Test.tightness: a division by 0 at (1,): a batch with variance + ε ≤ 0?; the statements assume 0 < variance + ε"),
    ),
}


@pytest.mark.parametrize(("name", "given", "message"), REFUSALS.values(), ids=REFUSALS)
def test_arguments_that_do_not_fit_are_refused(small, name, given, message):
    """One line each; the constant batch also where floating point would hide it."""
    with pytest.raises(InputError) as refusal:
        oracle(name, export=small)(**given)
    assert str(refusal.value) == message


def test_a_scalar_for_each_entry_of_a_batch_asks_for_the_axis(small):
    """Where γ has a number for each column and a batch is read along the rows."""
    with pytest.raises(InputError, match=r"a batch lies along another axis, name it \(axis, --axis\)$"):
        oracle("Test.stretch", export=small)(np.ones(3), np.ones((2, 3)))


def test_more_refusals(small):
    """Too many arguments, a dtype, shapes and names."""
    with pytest.raises(InputError, match=r"Test.total takes 1 arguments \(y\), got 2"):
        oracle("total", export=small)([1.0], [2.0])
    with pytest.raises(InputError, match=r"Test\.total: dtype int64 is not a floating type; use float32 or float64"):
        oracle("total", dtype=np.int64, export=small)([1.0])
    for dtype in (Named("torch.bfloat16"), Named("torch.int8"), "float8", 3):
        with pytest.raises(InputError, match=r"Test\.total: NumPy has no dtype .*; use float32 or float64"):
            oracle("total", dtype=dtype, export=small)([1.0])
    with pytest.raises(UnknownNameError, match=r"no definition is called 'totals'; did you mean Test.total\?"):
        oracle("totals", export=small)


def test_every_definition_agrees_with_its_balls(export):
    """On random batches the float64 oracle of each exported definition lies within 1e-9 of the enclosed value."""
    rng = np.random.default_rng(1)
    algebra = BallAlgebra(128)
    seen = 0
    for definition in export.definitions.values():
        if has_channels(definition):  # tests/kernels/test_layers.py
            continue
        kinds = {p.name: hasattr(p.kind, "space") for p in definition.parameters}
        if not any(kinds.values()):
            continue
        values = {name: rng.normal(size=(2, 9)) if vector else 0.75 for name, vector in kinds.items()}
        got = oracle(definition.name, export=export)(**values)
        for row in range(2):
            raw = {name: value[row].tolist() if kinds[name] else value for name, value in values.items()}
            environment = bind(definition.parameters, {index.name: 9 for index in definition.indices}, raw, algebra)
            balls = evaluate(definition.body, algebra, environment, export.definitions)
            expected = [float(ball.value.mid()) for ball in ((balls,) if isinstance(balls, Ball) else balls)]
            np.testing.assert_allclose(np.atleast_1d(got[row]), expected, rtol=1e-9, atol=1e-9)
        seen += 1
    assert seen


def test_it_is_computed_in_float64_and_rounded_once():
    """Arguments in float16, of which the squares overflow or cancel there."""
    y = (50 + np.random.default_rng(0).normal(size=4096)).astype(np.float16)
    expected = y.astype(np.float64).var().astype(np.float16)
    found = oracle("variance")(y)
    assert found.dtype == np.float16
    assert found == expected
    assert np.isfinite(oracle("backward")(1.0, 1e-5, y, y[::-1])).all()


def test_an_overflow_on_the_way_is_no_zero():
    """The squares of 1e200 are infinite, and a quotient by that would be 0."""
    huge = np.array([1e200, -1e200, 3e200])
    with pytest.raises(InputError, match=r"BatchNorm\.backward: an overflow, computed in float64"):
        oracle("backward")(1.0, 1e-5, huge, np.array([1.0, 2.0, 4.0]))


def test_scalars_may_keep_the_axes_of_the_batch():
    """As a framework keeps γ: (1, 3, 1, 1) for (N, 3, H, W)."""
    y, g = np.random.default_rng(0).normal(size=(2, 4, 3, 2, 2))
    gamma = np.array([0.5, 1.5, -2.0])
    backward = oracle("backward", axis=(0, 2, 3))
    assert np.array_equal(backward(gamma, 1e-5, y, g), backward(gamma[None, :, None, None], 1e-5, y, g))
    with pytest.raises(InputError, match=r"γ is a scalar of shape \(3, 1, 1\), and the batches have shape \(3,\)"):
        backward(gamma[:, None, None], 1e-5, y, g)


def test_the_function_says_what_it_is(small):
    """In one line: the definition and the axes."""
    assert repr(oracle("stretch", axis=(0, 2), export=small)).startswith("<function oracle('Test.stretch', axis=(0, 2)) at ")
    assert repr(oracle("total", axis=0, export=small)).startswith("<function oracle('Test.total', axis=0) at ")
