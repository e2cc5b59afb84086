"""Losses that are functions: linear ones, and Python functions of a vector of numbers."""

from __future__ import annotations

import numpy as np
import pytest
from flint import fmpq

from pybridge.algebras.ball import balls_of
from pybridge.algebras.dual import Dual, DualAlgebra
from pybridge.algebras.exact import EXACT
from pybridge.errors import InputError
from pybridge.semantics import losses
from pybridge.semantics.called import Called
from pybridge.semantics.losses import GemanMcClure, Linear, Quadratic

AT = (fmpq(1, 2), fmpq(-3), fmpq(2))
ALONG = (fmpq(1), fmpq(2), fmpq(-1))
ONES, ZEROS = (fmpq(1),) * 3, (fmpq(0),) * 3


@pytest.mark.parametrize(
    ("known", "function"),
    [
        (Quadratic(ONES, ZEROS), lambda z: 0.5 * (z**2).sum()),
        (GemanMcClure(ONES, ZEROS), lambda z: sum(x**2 / (1 + x * x) for x in z) / 2),
        (Linear(ALONG), lambda z: np.dot(z, np.array([1, 2, -1]))),
    ],
    ids=["quadratic", "geman-mcclure", "linear"],
)
def test_the_same_as_in_closed_form(known, function) -> None:
    """Value, gradient and Hessian, exactly."""
    called = Called(function, 3)
    assert losses.dimension(known) == losses.dimension(called) == 3
    assert losses.value(called, EXACT, AT) == losses.value(known, EXACT, AT)
    assert losses.gradient(called, EXACT, AT) == losses.gradient(known, EXACT, AT)
    assert losses.hessian(called, EXACT, AT, ALONG) == losses.hessian(known, EXACT, AT, ALONG)


def test_numpy_functions_of_numbers() -> None:
    """exp, log, sqrt, abs, negative and half powers: enclosures that hold NumPy's values."""
    balls = balls_of(128)
    point = [0.5, 1.5, 2.0]
    for function in (
        lambda z: np.log(np.exp(z).sum()) - z[1],
        lambda z: np.sqrt(z).sum() + abs(-z[0]) + z[1] ** -2 + z[2] ** 0.5 + 2.0**1 / z[0] - (1 - z[0]),
        lambda z: np.float64(3) * z[0] + z.mean() + 7,
        lambda _: 4,
    ):
        with balls.context():
            found = losses.value(Called(function, 3), balls, balls.vector(point))
        assert float(found.value.mid()) == pytest.approx(float(function(np.array(point))), rel=1e-14)


def test_in_dual_numbers() -> None:
    """The derivative along a direction is the gradient's inner product with it."""
    called = Called(lambda z: (z**3).sum() / (1 + z[0] ** 2), 3)
    dual = DualAlgebra(EXACT)
    slope = losses.value(called, dual, Dual(AT, ALONG)).tangent
    assert slope == EXACT.inner(losses.gradient(called, EXACT, AT), ALONG)


def test_what_is_known_of_them() -> None:
    """A linear loss has no least value but where it is 0; with fewer coordinates it is linear, a function is none."""
    assert losses.least(Linear(ALONG)) is None
    assert losses.least(Linear(ZEROS)) == 0
    assert losses.least(Called(lambda _: 0, 3)) is None
    assert losses.without(Linear(ALONG), 0, 1) == Linear(ALONG[1:])
    assert losses.without(Called(sum, 3), 0, 1) is None
    assert Called(sum, 3).name == "sum"


@pytest.mark.parametrize("use", [bool, float, int, lambda n: n == n, lambda n: n < 1, lambda n: sorted([n, n])])
def test_numbers_do_not_become_floats(use) -> None:
    """Whatever would take a decision on them is refused, so that no branch is taken for all numbers in an enclosure."""
    with pytest.raises(InputError, match="it is no formula"):
        losses.value(Called(lambda z: use(z[0]) and z[1], 3), EXACT, AT)
