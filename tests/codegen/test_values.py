"""What the generated code computes: the definitions, within the bound that is derived for it, on every layout."""

from __future__ import annotations

import numpy as np
import pytest
from code_targets import NUMBA, NUMPY, TARGETS, C
from flint import arb

import pybridge
from pybridge import ir
from pybridge.algebras.ball import Ball, BallAlgebra
from pybridge.codegen.values import NotCompiled
from pybridge.errors import InputError
from pybridge.export.loading import load
from pybridge.semantics.environment import bind
from pybridge.semantics.evaluate import evaluate
from pybridge.testing import assert_computes

EXPORT = load(check_sources=False)
VECTORS = {
    d.name: [p.kind.space for p in d.parameters if isinstance(p.kind, ir.VectorKind)] for d in EXPORT.definitions.values()
}
WHOLE = [name for name, spaces in VECTORS.items() if any(isinstance(space, ir.ChannelSpace) for space in spaces)]
COMPILED = [name for name, spaces in VECTORS.items() if spaces and name not in WHOLE]
FEW = ["BatchNorm.backward", "BatchNorm.variance", "LayerNorm.backward"]
CASES = [
    *((name, target, dtype) for name in COMPILED for target in ("numpy", "c") for dtype in ("float32",)),
    *((name, target, "float64") for name in FEW for target in ("numpy", "c")),
    *((name, "numba", "float32") for name in FEW[:2]),
]
MARKS = {param.values[0]: param.marks for param in (NUMPY, C, NUMBA)}


def arguments(name: str, batch: np.ndarray, seed: int = 0) -> dict[str, object]:
    """Arguments of a definition: the batch for y or x, others drawn."""
    rng = np.random.default_rng(seed)
    given: dict[str, object] = {}
    for parameter in EXPORT.definition(name).parameters:
        if not isinstance(parameter.kind, ir.VectorKind):
            given[parameter.name] = 1e-5 if parameter.name == "ε" else 0.75
        elif parameter.name in "xy":
            given[parameter.name] = batch
        else:
            given[parameter.name] = rng.normal(size=batch.shape).astype(batch.dtype)
    return given


def exact(name: str, given: dict[str, object], row: int) -> list[arb]:
    """The enclosures of a definition's value for one row."""
    definition = EXPORT.definition(name)
    algebra = BallAlgebra(256)
    values = {key: value[row].tolist() if isinstance(value, np.ndarray) else value for key, value in given.items()}
    size = next(len(value) for value in values.values() if isinstance(value, list))
    environment = bind(definition.parameters, {index.name: size for index in definition.indices}, values, algebra)
    found = evaluate(definition.body, algebra, environment, EXPORT.definitions)
    return [one.value for one in ((found,) if isinstance(found, Ball) else found)]


@pytest.mark.parametrize("name", WHOLE)
def test_whole_layers_are_refused(name: str) -> None:
    """Code is written for one batch, over the axes that are left; a whole array is for the oracle."""
    with pytest.raises(NotCompiled, match=r"has channels, which is not compiled; `pybridge\.oracle` evaluates"):
        pybridge.compile(name, target="numpy")


@pytest.mark.parametrize(
    ("name", "target", "dtype"), [pytest.param(*case, id="-".join(case), marks=MARKS[case[1]]) for case in CASES]
)
def test_every_definition(name: str, target: str, dtype: str) -> None:
    """Within the bound of its own operations and that of the definition, in the precision computed in."""
    given = arguments(name, np.random.default_rng(1).normal(size=(2, 7)).astype(dtype))
    function = pybridge.compile(name, target=target, dtype=dtype)
    found = function(**given)
    bound = function.bound(**given)
    assert found.dtype == dtype
    assert found.shape == bound.shape
    for row in range(2):
        for got, allowed, real in zip(
            np.atleast_1d(found[row]), np.atleast_1d(bound[row]), exact(name, given, row), strict=True
        ):
            assert 0 < allowed < 1e-5
            assert abs(arb(float(got)) - real) <= arb(float(allowed))
    assert_computes(name, found, compute="float64", **given)


def nasty() -> dict[str, np.ndarray]:
    """Batches that tell algorithms apart: of each two rows."""
    rng = np.random.default_rng(2)
    normal = rng.normal(size=(2, 33))
    outlier = normal.copy()
    outlier[:, 5] = 1e6
    return {
        "offset": 1e6 + normal,
        "tiny spread": 1 + 1e-6 * normal,
        "tiny": 1e-30 * normal,
        "huge": 1e15 * normal,
        "outlier": outlier,
        "two values": np.sign(normal) * 3,
        "one entry": normal[:, :1],
        "large m": 100 + rng.normal(size=(1, 2048)),
    }


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("case", nasty())
def test_nasty_batches(case: str, target: str) -> None:
    """The variance is the centred one: digits that E[y²] - μ² would lose are there."""
    batch = nasty()[case]
    for dtype in ("float32", "float64") if target != "numba" and case != "large m" else ("float32",):
        given = arguments("BatchNorm.backward", batch.astype(dtype))
        assert_computes(
            "BatchNorm.backward",
            pybridge.compile("BatchNorm.backward", target=target)(**given),
            compute="float64",
            **given,
        )


LAYOUTS = {
    "NC": ((9, 70), (0,)),
    "rows": ((5, 33), (1,)),
    "NCHW": ((3, 5, 4, 6), (0, 2, 3)),
    "NHWC": ((3, 4, 6, 5), (0, 1, 2)),
    "instance": ((3, 5, 4, 6), (2, 3)),
    "N": ((21,), (0,)),
    "NCL, one axis": ((4, 6, 5), (1,)),
    "alternating": ((2, 3, 4, 5, 2), (0, 2, 4)),
    "alternating, rows first": ((2, 3, 4, 5, 2), (1, 3)),
    "batch of one": ((1, 6), (0,)),
    "one batch": ((6, 1), (0,)),
    "negative axis": ((3, 5, 4), (0, -1)),
}


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(layout: str, target: str) -> None:
    """Any axes: as on rows of a copy; arrays of any steps in memory, which are not written to."""
    shape, axis = LAYOUTS[layout]
    rng = np.random.default_rng(3)
    batch = tuple(k % len(shape) for k in axis)
    rest = tuple(k for k in range(len(shape)) if k not in batch)
    leading = tuple(shape[k] for k in rest)
    gamma = rng.normal(size=leading)
    function = pybridge.compile("BatchNorm.backward", target=target, axis=axis)
    y, g = rng.normal(size=(2, *shape))
    rows = [array.transpose(*rest, *batch).reshape(*leading, -1) for array in (y, g)]
    expected = pybridge.oracle("BatchNorm.backward")(gamma, 1e-5, *rows)
    for one, other in (steps(y, g), (y, g), (np.asfortranarray(y), g), (np.asfortranarray(y), np.asfortranarray(g))):
        before = one.copy(), other.copy()
        one.flags.writeable = other.flags.writeable = False
        found = function(gamma, 1e-5, one, other)
        assert found.shape == shape
        assert found.flags.writeable
        np.testing.assert_allclose(found.transpose(*rest, *batch).reshape(*leading, -1), expected, rtol=1e-11, atol=1e-12)
        assert np.array_equal(one, before[0])
        assert np.array_equal(other, before[1])


def steps(y: np.ndarray, g: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same numbers with gaps between them, and backwards in memory."""
    wide = np.zeros([2 * length for length in y.shape])
    apart = wide[tuple(slice(None, None, 2) for _ in y.shape)]
    apart[...] = y
    turned = tuple(slice(None, None, -1) for _ in g.shape)
    return apart, np.ascontiguousarray(g[turned])[turned]


@pytest.mark.parametrize("target", TARGETS)
def test_a_scalar_definition_on_layouts(target: str) -> None:
    """One number for each batch, in the order of the axes that are left."""
    y = np.random.default_rng(4).normal(size=(4, 3, 5, 2)).astype(np.float32)
    for axis in ((0, 2), (1, 3), (0, 1, 2), (3,), (0,), (1, 2, 3)):
        found = pybridge.compile("variance", target=target, axis=axis)(y)
        np.testing.assert_allclose(found, y.astype(float).var(axis), rtol=1e-6)
        other = pybridge.compile("variance", target=target, axis=axis)(np.asfortranarray(y))
        np.testing.assert_allclose(other, found, rtol=1e-6)


@pytest.mark.parametrize("target", [NUMPY, C])
def test_vectors_that_broadcast(target: str) -> None:
    """LayerNorm's γ is one vector for all rows; and a vector of length 1 along the batch."""
    rng = np.random.default_rng(5)
    gamma, x, g = rng.normal(size=8), *rng.normal(size=(2, 3, 8))
    expected = pybridge.oracle("LayerNorm.backward")(np.broadcast_to(gamma, (3, 8)).copy(), 1e-5, x, g)
    function = pybridge.compile("LayerNorm.backward", target=target)
    np.testing.assert_allclose(function(gamma, 1e-5, x, g), expected, rtol=1e-12)
    ones = function(gamma[:1], 1e-5, x, g)
    np.testing.assert_allclose(ones, pybridge.oracle("LayerNorm.backward")(np.full((3, 8), gamma[0]), 1e-5, x, g), rtol=1e-12)


@pytest.mark.parametrize("target", TARGETS)
def test_types(target: str) -> None:
    """float32 arrays of any order of bytes, integers and float16 are taken; the result is of the dtype asked for."""
    rng = np.random.default_rng(6)
    y, g = rng.normal(size=(2, 6, 5)).astype(np.float32)
    function = pybridge.compile("backward", target=target, axis=0)
    expected = function(1, 1e-5, y, g)
    assert expected.dtype == np.float32
    assert function(1, 1e-5, y.astype(">f4"), g).tobytes() == expected.tobytes()
    mixed = function(1, 1e-5, y.astype(float), g)
    assert mixed.dtype == np.float64
    np.testing.assert_allclose(mixed, expected, rtol=1e-5, atol=1e-6)
    narrow = pybridge.compile("backward", target=target, axis=0, dtype="float32")
    assert narrow(1, 1e-5, y.astype(float), g).tobytes() == expected.tobytes()
    half = narrow(1, 1e-5, y.astype(np.float16), g)
    assert half.dtype == np.float32
    whole = np.arange(12).reshape(4, 3)
    np.testing.assert_allclose(pybridge.compile("mean", target=target, axis=0)(whole), whole.mean(0))


@pytest.mark.parametrize("target", TARGETS)
def test_many_numbers(target: str) -> None:
    """So many that several chunks and threads share the work: the same numbers as from one row at a time."""
    rng = np.random.default_rng(7)
    for shape, axis in (((2, 3, 1 << 15), (0, 2)), ((1 << 12, 70), (0,)), ((1 << 12, 40), (1,))):
        y, g = rng.normal(size=(2, *shape)).astype(np.float32)
        found = pybridge.compile("backward", target=target, axis=axis)(0.5, 1e-5, y, g)
        channel = next(k for k in range(len(shape)) if k not in axis)
        one = pybridge.oracle("backward")
        for k in (0, shape[channel] - 1):
            expected = one(0.5, 1e-5, y.take(k, channel).ravel(), g.take(k, channel).ravel())
            np.testing.assert_allclose(found.take(k, channel).ravel(), expected, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("place", [0, 2047, 2048, 4098])
@pytest.mark.parametrize("target", TARGETS)
def test_an_overflow_anywhere_in_a_long_batch(target: str, place: int) -> None:
    """One number of the result is beyond float32, wherever the pieces end in which it is looked at."""
    y = np.zeros(4099, np.float32)
    y[place] = 1.0
    forward = pybridge.compile("forward", target=target)
    arguments = {"gamma": 1e37, "beta": 0.0, "eps": 0.0, "y": y}
    with pytest.raises(InputError, match="overflow"):
        forward(**arguments)
    assert np.isfinite(forward(**{**arguments, "gamma": 1e36})).all()
