"""Definitions about whole layers on arrays, as a NumPy function."""

from __future__ import annotations

from typing import Any

import layer_statements as layers
import numpy as np
import pytest

from pybridge import ir
from pybridge.algebras.ball import Ball, BallAlgebra
from pybridge.errors import InputError
from pybridge.export.loading import Export
from pybridge.ir.spaces import result_of
from pybridge.kernels.layers import has_channels
from pybridge.kernels.oracle import oracle
from pybridge.semantics.environment import bind
from pybridge.semantics.evaluate import evaluate
from pybridge.testing import assert_computes, check_kernel

LENGTHS = {"ρ": 3, "φ": 5, "ν": 2, "κ": 3, "σ": 4, "α": 2}
X = np.random.default_rng(0).normal(size=(3, 5))


def shape(kind: ir.Kind) -> tuple[int, ...]:
    """Of an array of this kind."""
    if not isinstance(kind, ir.VectorKind):
        return ()
    space = kind.space
    outer = ir.families(space)
    for _ in outer:
        space = space.inner
    return tuple(LENGTHS[index] for index in (*outer, space.index))


@pytest.mark.parametrize("name", layers.DEFINITIONS)
def test_every_definition_agrees_with_its_balls(name: str, export: Export) -> None:
    """Within 1e-9 of the enclosed value; arrays have an axis for each index type."""
    known = layers.added_to(export)
    definition = known.definitions[name]
    assert has_channels(definition)
    rng = np.random.default_rng(1)
    values = {p.name: rng.normal(size=of) if (of := shape(p.kind)) else 0.75 for p in definition.parameters}
    got = oracle(name, export=known)(**values)
    assert got.shape == shape(result_of(definition, known.definitions))
    raw = {name: np.ravel(value).tolist() if np.ndim(value) else value for name, value in values.items()}
    algebra = BallAlgebra(128)
    balls = evaluate(definition.body, algebra, bind(definition.parameters, LENGTHS, raw, algebra), known.definitions)
    expected = [float(ball.value.mid()) for ball in ((balls,) if isinstance(balls, Ball) else algebra.components(balls))]
    np.testing.assert_allclose(np.ravel(got), expected, rtol=1e-9, atol=1e-9)


def test_layer_normalization_is_that_of_numpy(export: Export) -> None:
    """The gradient in γ of rows: positional, in the arguments' type, under ASCII names."""
    known = layers.added_to(export)
    hat = (X - X.mean(axis=1, keepdims=True)) / np.sqrt(X.var(axis=1, keepdims=True) + 1e-5)
    gamma_grad = oracle("Test.LayerNorm.backwardGamma", export=known)
    np.testing.assert_allclose(gamma_grad(1e-5, X, X[::-1]), (X[::-1] * hat).sum(axis=0), rtol=1e-12)
    narrow = gamma_grad(eps=1e-5, x=X.astype(np.float32), g=X.astype(np.float32))
    assert (narrow.dtype, narrow.shape) == (np.float32, (5,))
    assert repr(gamma_grad).startswith("<function oracle('Test.LayerNorm.backwardGamma') at")


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "another number of axes": ({"x": X[0]}, "x has the axes ρ, φ, got shape (5,); see `pybridge show`"),
    "an array for a number": ({"eps": [1.0, 2.0]}, "ε is a number, got shape (2,); see `pybridge show`"),
    "another length": ({"g": X[:, :4]}, "g has length 4 along φ, and another array 5"),
    "no row": ({"x": X[:0], "g": X[:0]}, "the axis ρ is empty; give a batch"),
    "no ε": ({"eps": 0.0}, "ε is 0.0; give an ε above 0: in floats a variance of 0 can look positive"),
    "NaN": ({"x": X * np.nan}, "x[0, 0] is nan; give finite numbers"),
    "an overflow": ({"x": X * 1e200}, "an overflow, computed in float64 for a result in float64; scale the arguments down"),
}


@pytest.mark.parametrize(("changed", "message"), REFUSED.values(), ids=REFUSED)
def test_arrays_that_do_not_fit_are_refused(changed: dict[str, Any], message: str, export: Export) -> None:
    """By one line."""
    with pytest.raises(InputError) as refused:
        oracle("Test.LayerNorm.backwardGamma", export=layers.added_to(export))(**{"eps": 1e-5, "x": X, "g": X, **changed})
    assert str(refused.value).startswith(f"Test.LayerNorm.backwardGamma: {message}")


def test_a_layer_is_no_batch(export: Export) -> None:
    """It has no batch axis, and kernels are compared with definitions about one batch."""
    known = layers.added_to(export)
    with pytest.raises(InputError, match=r"Test.LayerNorm.backwardBeta is about a whole layer, and axis is 0; leave axis out"):
        oracle("Test.LayerNorm.backwardBeta", axis=0, export=known)
    message = r"Test.LayerNorm.backwardBeta: g has channels; use the definition or theorem about one batch, and pass axis"
    with pytest.raises(InputError, match=message):
        assert_computes("Test.LayerNorm.backwardBeta", X.sum(axis=0), g=X, export=known)
    with pytest.raises(InputError, match=message):
        check_kernel(lambda g: g.sum(axis=0), "Test.LayerNorm.backwardBeta", export=known)
