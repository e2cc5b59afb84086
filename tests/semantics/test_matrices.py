"""The norm of an operator that is written out, in each algebra: its matrix is that of the body at unit vectors."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from flint import fmpq
from random_terms import DEFINITIONS

from pybridge import ir
from pybridge.algebras.ball import BallAlgebra
from pybridge.algebras.base import NotInAlgebra
from pybridge.algebras.exact import ExactAlgebra
from pybridge.algebras.floats import FloatAlgebra
from pybridge.semantics.environment import bind
from pybridge.semantics.evaluate import evaluate
from pybridge.semantics.matrices import NotLinear

BALLS, EXACT = BallAlgebra(128), ExactAlgebra()
SPACE, ROWS = ir.Euclidean("ι"), ir.Euclidean("κ")
X, Y, A = ir.VVar("x"), ir.VVar("y"), ir.Var("a")
MOVED = ir.Variable("x", ir.VectorKind(SPACE))
VARIABLES = (
    ir.Variable("a", ir.ScalarKind()),
    ir.Variable("y", ir.VectorKind(SPACE)),
    ir.Variable("M", ir.OperatorKind(SPACE, ROWS)),
    ir.Variable("w", ir.VectorKind(ir.ChannelSpace("κ", SPACE))),
)
ALONG = ir.VSub(X, ir.Smul(ir.Mul(A, ir.Inner(Y, X)), Y))
"""x - a ⟪y, x⟫ y."""


def values(size: int, rows: int, seed: int = 0) -> dict[str, object]:
    """Small numbers with two binary places."""
    drawn = np.random.default_rng([size, rows, seed]).integers(-20, 21, 1 + 2 * size * rows + size).tolist()
    numbers = [fmpq(int(number), 4) for number in drawn]
    matrix = tuple(tuple(numbers[1 + size * (k + 1) : 1 + size * (k + 2)]) for k in range(rows))
    return {"a": numbers[0], "y": numbers[1 : 1 + size], "M": matrix, "w": numbers[1 : 1 + size * rows]}


def norm_in_balls(body: ir.Vector, size: int, rows: int = 2, moved: ir.Variable = MOVED) -> float:
    """Its middle, with an enclosure that is narrow."""
    environment = bind(VARIABLES, {"ι": size, "κ": rows}, values(size, rows), BALLS)
    found = evaluate(ir.OpNorm(moved, body), BALLS, environment, DEFINITIONS)
    assert found.value.rad() < 1e-30
    return float(found.value)


def floats(size: int, rows: int) -> tuple[float, np.ndarray, np.ndarray]:
    """a, y and M."""
    raw = values(size, rows)
    return float(raw["a"]), *(np.array([[float(e) for e in row] for row in r]) for r in ([raw["y"]], raw["M"]))


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_norms_are_those_of_numpy(size: int) -> None:
    """Of a symmetric matrix, of a variable and its adjoint, of compositions, and of a definition that is called."""
    a, y, m = floats(size, 2)
    along = np.eye(size) - a * y.T @ y
    assert norm_in_balls(ALONG, size) == pytest.approx(np.linalg.norm(along, 2), rel=1e-12)
    assert norm_in_balls(ir.VApply("M", X), size) == pytest.approx(np.linalg.norm(m, 2), rel=1e-12)
    assert norm_in_balls(ir.VApply("M", ALONG), size) == pytest.approx(np.linalg.norm(m @ along, 2), rel=1e-12)
    back = ir.Variable("x", ir.VectorKind(ROWS))
    assert norm_in_balls(ir.Adjoint("M", X), size, moved=back) == pytest.approx(np.linalg.norm(m, 2), rel=1e-12)
    called = ir.VCall("Test.stretch", ("ι",), (A, X))
    assert norm_in_balls(called, size) == pytest.approx(np.linalg.norm(a * (np.eye(size) + 1), 2), rel=1e-12)
    assert norm_in_balls(ir.Build("i", "ι", ir.Component(ALONG, "i")), size) == pytest.approx(norm_in_balls(ALONG, size))


def test_channels_are_one_vector() -> None:
    """From a space with channels into one, and into the sum of its channels."""
    channels = ir.Variable("x", ir.VectorKind(ir.ChannelSpace("κ", SPACE)))
    assert norm_in_balls(ir.Smul(ir.Nat(3), X), 2, 3, channels) == pytest.approx(3)
    total = ir.VSum("c", "κ", ir.Channel(X, "c", SPACE))
    assert norm_in_balls(total, 2, 3, channels) == pytest.approx(3**0.5)
    copies = ir.Channels("c", "κ", X)
    assert norm_in_balls(copies, 2, 3) == pytest.approx(3**0.5)


def test_no_dimensions_and_one() -> None:
    """The norm of the only operator is 0; of a single column or row every algebra knows it that has norms."""
    for algebra in (BALLS, EXACT, FloatAlgebra()):
        none = bind(VARIABLES, {"ι": 0, "κ": 2}, values(0, 2), algebra)
        found = [evaluate(ir.OpNorm(MOVED, body), algebra, none, {}) for body in (ALONG, ir.VApply("M", X), X)]
        assert [float(getattr(one, "value", one)) for one in found] == [0, 0, 0]
    one = bind(VARIABLES, {"ι": 1, "κ": 2}, {**values(1, 2), "M": ((3,), (4,))}, EXACT)
    assert evaluate(ir.OpNorm(MOVED, ir.VApply("M", X)), EXACT, one, {}) == 5


def test_zero_and_a_norm_among_positions() -> None:
    """Certainly 0; and within a sum there is one norm for each position."""
    environment = bind(VARIABLES, {"ι": 3, "κ": 2}, {**values(3, 2), "y": [1, -2, 3]}, BALLS)
    assert evaluate(ir.OpNorm(MOVED, ir.Zero(SPACE)), BALLS, environment, {}).value == 0
    assert evaluate(ir.OpNorm(MOVED, ir.Smul(ir.Sub(A, A), X)), BALLS, environment, {}).value == 0
    each = ir.Sum("i", "ι", ir.OpNorm(MOVED, ir.Smul(ir.Component(Y, "i"), X)))
    assert float(evaluate(each, BALLS, environment, {}).value) == pytest.approx(6)
    factor = ir.OpNorm(ir.Variable("z", MOVED.kind), ir.Smul(A, ir.VVar("z")))
    within = ir.OpNorm(MOVED, ir.Smul(factor, X))
    assert float(evaluate(within, BALLS, environment, {}).value) == pytest.approx(abs(float(values(3, 2)["a"])))


def test_floats_take_many_batches_at_once() -> None:
    """Along leading axes, with NaN where an entry is not finite; a type that LAPACK lacks is refused."""
    y = np.array([[1.0, 2.0, 2.0], [0.0, 0.0, 3.0], [np.inf, 0.0, 0.0]])
    for dtype in (np.float64, np.float32):
        algebra = FloatAlgebra(dtype, leading=1)
        environment = dataclasses.replace(
            bind((), {"ι": 3, "κ": 2}, {}, algebra), scalars={"a": np.ones(3, dtype)}, vectors={"y": y.astype(dtype)}
        )
        with algebra.context():
            found = evaluate(ir.OpNorm(MOVED, ALONG), algebra, environment, {})
        assert found.dtype == dtype
        np.testing.assert_allclose(found, [8, 8, np.nan], rtol=1e-5)
    half = FloatAlgebra(np.float16)
    environment = bind(VARIABLES, {"ι": 3, "κ": 2}, values(3, 2), half)
    with pytest.raises(NotInAlgebra, match="the norm of an operator is not in the float16 algebra"):
        evaluate(ir.OpNorm(MOVED, ALONG), half, environment, {})


def test_other_algebras_have_none() -> None:
    """A largest singular value is no rational number."""
    environment = bind(VARIABLES, {"ι": 2, "κ": 2}, values(2, 2), EXACT)
    with pytest.raises(NotInAlgebra, match="the norm of an operator is not in the exact algebra"):
        evaluate(ir.OpNorm(MOVED, ALONG), EXACT, environment, {})


def test_a_map_that_is_not_linear_has_none() -> None:
    """Neither where the term is not, nor where a definition was changed."""
    environment = bind(VARIABLES, {"ι": 2, "κ": 2}, values(2, 2), BALLS)
    with pytest.raises(NotLinear, match="the map of x is not in the linear algebra"):
        evaluate(ir.OpNorm(MOVED, ir.VAdd(X, Y)), BALLS, environment, {})
    stretch = DEFINITIONS["Test.stretch"]
    squared = dataclasses.replace(stretch, body=ir.Build("i", "α", ir.Pow(ir.Component(Y, "i"), 2)))
    with pytest.raises(NotLinear):
        evaluate(ir.OpNorm(MOVED, ir.VCall("Test.stretch", ("ι",), (A, X))), BALLS, environment, {"Test.stretch": squared})


def test_nobody_differentiates_it() -> None:
    """The norm of an operator that moves has no derivative here; one that does not move is a factor like any."""
    z = ir.Variable("z", ir.VectorKind(SPACE))
    environment = bind(VARIABLES, {"ι": 2, "κ": 2}, values(2, 2), BALLS)
    moves = ir.OpNorm(MOVED, ir.Smul(ir.Inner(ir.VVar("z"), X), ir.VVar("z")))
    with pytest.raises(NotInAlgebra, match="the derivative of the norm of an operator"):
        evaluate(ir.Norm(ir.Gradient(z, moves, Y)), BALLS, environment, {})
    still = ir.Mul(ir.OpNorm(MOVED, ir.Smul(ir.Nat(5), X)), ir.Inner(ir.VVar("z"), Y))
    found = evaluate(ir.Gradient(z, still, Y), BALLS, environment, {})
    assert [float(ball.value) for ball in found] == pytest.approx([5 * float(entry) for entry in values(2, 2)["y"]])
