"""The largest singular value of a matrix of balls: enclosed, narrowly, however often it occurs and whatever its size."""

from __future__ import annotations

import numpy as np
import pytest
from flint import arb, ctx, fmpq

from pybridge.algebras import spectral
from pybridge.algebras.ball import BallAlgebra
from pybridge.algebras.spectral import largest_singular_value

RNG = np.random.default_rng(0)
U = [fmpq(k) for k in (3, -1, 4, 1, -5)]
NORMS = {
    "rotation": ([[fmpq(3, 5), fmpq(-4, 5)], [fmpq(4, 5), fmpq(3, 5)]], lambda: arb(1)),
    "shear": ([[1, 1], [0, 1]], lambda: (1 + arb(5).sqrt()) / 2),
    "projection off a vector": ([[(j == k) - U[j] * U[k] / 52 for k in range(5)] for j in range(5)], lambda: arb(1)),
    "identity": ([[int(j == k) for k in range(16)] for j in range(16)], lambda: arb(1)),
    "rank one": ([[2, 4, 4], [1, 2, 2]], lambda: arb(45).sqrt()),
    "one column": ([[3], [4]], lambda: arb(5)),
    "one row": ([[3, 4]], lambda: arb(5)),
    "two that are near": ([[1, 0], [0, 1 - fmpq(1, 2**200)]], lambda: arb(1)),
    "far apart": ([[10**300, 0], [0, fmpq(1, 10**300)]], lambda: arb(10) ** 300),
    "below all floats": ([[fmpq(1, 10**700), fmpq(1, 10**700)], [0, 0]], lambda: arb(2).sqrt() / arb(10) ** 700),
}


@pytest.mark.parametrize("precision", [128, 512])
@pytest.mark.parametrize("name", NORMS)
def test_known_norms_are_enclosed(name: str, precision: int) -> None:
    """And all but the last ten bits are there."""
    rows, known = NORMS[name]
    with ctx.workprec(precision):
        found = largest_singular_value([arb(fmpq(entry)) for row in rows for entry in row], len(rows[0]))
        exact = known()
        assert found.overlaps(exact)
        assert found.rad() < exact.mid() * arb(2) ** (10 - precision)
    with ctx.workprec(4 * precision):
        assert found.contains(known().mid())


@pytest.mark.parametrize("shape", [(2, 2), (3, 5), (5, 3), (16, 16)])
def test_random_matrices_are_as_numpy_says(shape: tuple[int, int]) -> None:
    """To its fifteen digits, and narrower than that."""
    matrix = RNG.standard_normal(shape)
    with ctx.workprec(128):
        found = largest_singular_value([arb(entry) for entry in matrix.ravel().tolist()], shape[1])
        assert float(found) == pytest.approx(np.linalg.norm(matrix, 2), rel=1e-13)
        assert found.rad() < found * arb(2) ** -118


def test_zero_is_exact_and_balls_around_it_are_not() -> None:
    """The norm of what may be 0 reaches down to 0, and up to the Frobenius norm of the radii at least."""
    assert largest_singular_value([arb(0)] * 6, 3) == 0
    with ctx.workprec(128):
        around = largest_singular_value([arb(0, 1)] * 4, 2)
        assert around.contains(0)
        assert around.contains(2)
        assert around.upper() < 2.001


def test_every_matrix_in_the_balls_has_its_norm_in_the_ball() -> None:
    """Corners and points within, and the ball is not much wider than the radii make it."""
    middles = RNG.standard_normal((4, 3))
    radius = 1e-3
    with ctx.workprec(128):
        found = largest_singular_value([arb(entry, radius) for entry in middles.ravel().tolist()], 3)
        assert found.rad() < 1.01 * radius * 12**0.5
        for _ in range(50):
            moved = middles + radius * np.sign(RNG.standard_normal((4, 3))) * RNG.choice([0.5, 0.999], (4, 3))
            assert found.contains(arb(float(np.linalg.norm(moved, 2))))


def test_what_is_not_finite_has_no_finite_norm() -> None:
    """An infinity, NaN, and a ball of all numbers."""
    for entry in (arb("inf"), arb("nan"), arb(0, arb("inf"))):
        assert not largest_singular_value([arb(1), entry, arb(0), arb(1)], 2).is_finite()


def test_a_bad_approximation_costs_digits_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no bound is proved near it, the diagonal and the trace of the Gram matrix hold the norm still."""
    entries = [arb(1), arb(1), arb(0), arb(1)]
    monkeypatch.setattr(spectral, "_TRIES", ())
    with ctx.workprec(128):
        found = largest_singular_value(entries, 2)
        assert found.contains((1 + arb(5).sqrt()) / 2)
        assert 0.1 < float(found.rad()) < 1


def test_the_scale_is_that_of_all_entries() -> None:
    """The root of the sum of their squared scales, which is at least the norm."""
    algebra = BallAlgebra(128)
    with algebra.context():
        found = algebra.spectral_norm(algebra.vector([1, 0, 0, 1]), 2)
        assert found.value.overlaps(arb(1))
        assert found.scale.overlaps(arb(2).sqrt())
