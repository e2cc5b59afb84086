"""Losses: every closed form is the derivative of what stands above it, and a wrong sign is noticed."""

from __future__ import annotations

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from pybridge.algebras.ball import BallAlgebra
from pybridge.algebras.base import NotInAlgebra
from pybridge.algebras.dual import Dual, DualAlgebra
from pybridge.algebras.exact import ExactAlgebra
from pybridge.semantics import losses
from pybridge.semantics.called import Called
from pybridge.semantics.losses import CrossEntropy, GemanMcClure, Linear, Loss, Quadratic
from pybridge.semantics.operators import Hessian, Matrix, adjoint, apply, codomain, domain, frobenius_squared

BALLS, EXACT = BallAlgebra(200), ExactAlgebra()
RATIONALS = st.fractions(-5, 5, max_denominator=9).map(lambda f: fmpq(f.numerator, f.denominator))


@st.composite
def cases(draw: st.DrawFn, kinds=losses.LOSSES) -> tuple[Loss, tuple[fmpq, ...], tuple[fmpq, ...]]:
    """A loss, a point and a direction."""
    size = draw(st.integers(1, 4))
    vector = st.lists(RATIONALS, min_size=size, max_size=size).map(tuple)
    kind = draw(st.sampled_from(kinds))
    if kind is CrossEntropy:
        loss: Loss = CrossEntropy(size, draw(st.integers(0, size - 1)))
    elif kind is Linear:
        loss = Linear(draw(vector))
    elif kind is Called:
        weights = draw(vector)
        loss = Called(lambda z: sum(w * x**3 for w, x in zip(weights, z, strict=True)) / (1 + z[0] ** 2), size)
    else:
        loss = kind(draw(vector), draw(vector))
    return loss, draw(vector), draw(vector)


def overlap(one, other) -> bool:
    """Whether two balls may be the same number, and both are narrow."""
    return one.value.overlaps(other.value) and one.value.rad() < 2.0**-100 and other.value.rad() < 2.0**-100


@given(cases())
def test_the_gradient_is_the_derivative_of_the_value(case) -> None:
    """Along any direction, in balls: the dual of the value against the inner product with the closed form."""
    loss, point, direction = case
    with BALLS.context():
        at, along = BALLS.vector(point), BALLS.vector(direction)
        tangent = losses.value(loss, DualAlgebra(BALLS), Dual(at, along)).tangent
        assert overlap(tangent, BALLS.inner(losses.gradient(loss, BALLS, at), along))


@given(cases())
def test_the_hessian_is_the_derivative_of_the_gradient(case) -> None:
    """The same one derivative further, coordinate by coordinate."""
    loss, point, direction = case
    with BALLS.context():
        at, along = BALLS.vector(point), BALLS.vector(direction)
        tangent = losses.gradient(loss, DualAlgebra(BALLS), Dual(at, along)).tangent
        product = losses.hessian(loss, BALLS, at, along)
        zeros = BALLS.zero(len(point))
        assert all(overlap(*pair) for pair in zip(zeros if tangent is None else tangent, product, strict=True))


@given(cases(kinds=(Quadratic, GemanMcClure)))
def test_rational_losses_are_exact(case) -> None:
    """Without an exponential, value, gradient and Hessian are rationals, and their derivatives agree exactly."""
    loss, point, direction = case
    dual = DualAlgebra(EXACT)
    assert losses.value(loss, dual, Dual(point, direction)).tangent == EXACT.inner(
        losses.gradient(loss, EXACT, point), direction
    )
    tangent = losses.gradient(loss, dual, Dual(point, direction)).tangent
    assert losses.hessian(loss, EXACT, point, direction) == (EXACT.zero(len(point)) if tangent is None else tangent)


@given(cases(), st.data())
def test_a_hessian_is_its_own_adjoint(case, data) -> None:
    """⟪H v, w⟫ = ⟪v, H w⟫, so that `adjoint` may answer with `apply`."""
    loss, point, direction = case
    with BALLS.context():
        hessian = Hessian(loss, BALLS.vector(point))
        v = BALLS.vector(direction)
        w = BALLS.vector([data.draw(RATIONALS) for _ in point])
        one = BALLS.inner(apply(hessian, BALLS, v), w)
        assert overlap(one, BALLS.inner(v, adjoint(hessian, BALLS, w)))
    assert domain(hessian) == codomain(hessian) == len(point)


def test_some_loss_is_not_convex_and_some_hessian_not_diagonal() -> None:
    """The three differ in kind: one bends down somewhere, one mixes the coordinates, one is a constant Hessian."""
    loss = GemanMcClure((fmpq(1),), (fmpq(0),))
    assert losses.hessian(loss, EXACT, (fmpq(2),), (fmpq(1),))[0] < 0 < losses.hessian(loss, EXACT, (fmpq(0),), (fmpq(1),))[0]
    with BALLS.context():
        product = losses.hessian(CrossEntropy(2, 0), BALLS, BALLS.vector((1, 2)), BALLS.vector((1, 0)))
        assert product[1].value < 0
    quadratic = Quadratic((fmpq(2), fmpq(3)), (fmpq(0), fmpq(7)))
    assert losses.hessian(quadratic, EXACT, (fmpq(9), fmpq(9)), (fmpq(1), fmpq(1))) == (2, 3)


def test_cross_entropy_needs_an_exponential() -> None:
    """In rationals it is refused, by value, gradient and Hessian alike."""
    point = (fmpq(1), fmpq(2))
    loss = CrossEntropy(2, 1)
    for refused in (
        lambda: losses.value(loss, EXACT, point),
        lambda: losses.gradient(loss, EXACT, point),
        lambda: losses.hessian(loss, EXACT, point, point),
    ):
        with pytest.raises(NotInAlgebra, match="exponential"):
            refused()


def test_fewer_coordinates() -> None:
    """Coordinates are left out with their weights and targets; the label moves along, and does not go."""
    a, b, c = map(fmpq, (1, 2, 3))
    assert losses.without(Quadratic((a, b, c), (c, b, a)), 1, 2) == Quadratic((a, c), (c, a))
    assert losses.without(GemanMcClure((a, b, c), (c, b, a)), 0, 2) == GemanMcClure((c,), (a,))
    assert losses.without(CrossEntropy(5, 3), 0, 2) == CrossEntropy(3, 1)
    assert losses.without(CrossEntropy(5, 1), 2, 5) == CrossEntropy(2, 1)
    assert losses.without(CrossEntropy(5, 3), 3, 4) is None
    assert [losses.dimension(loss) for loss in (Quadratic((a,), (b,)), CrossEntropy(5, 3))] == [1, 5]


def test_a_matrix_and_its_adjoint() -> None:
    """By rows: 2 by 3 applied, transposed, and the sum of the squares of its entries; no rows map to nothing."""
    rows = tuple(tuple(map(fmpq, row)) for row in ((1, 2, 3), (0, -1, 5)))
    matrix = Matrix(rows, 3)
    assert (domain(matrix), codomain(matrix)) == (3, 2)
    assert apply(matrix, EXACT, (fmpq(1), fmpq(1), fmpq(1))) == (6, 4)
    assert adjoint(matrix, EXACT, (fmpq(1), fmpq(2))) == (1, 0, 13)
    assert frobenius_squared(matrix, EXACT) == 40
    assert adjoint(Matrix((), 2), EXACT, ()) == (0, 0)
    with pytest.raises(NotInAlgebra, match="Hessian"):
        frobenius_squared(Hessian(Quadratic((), ()), ()), EXACT)
