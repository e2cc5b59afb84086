"""Vectors of balls: the values and scales of the balls one by one, however long the vector and however large they are."""

from __future__ import annotations

from operator import add, mul

import pytest
from flint import arb, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from pybridge.algebras import balls
from pybridge.algebras.ball import Ball, BallAlgebra, BallVector, balls_of
from pybridge.algebras.base import NotInAlgebra
from pybridge.algebras.dual import Dual, DualAlgebra, NotDifferentiable
from pybridge.algebras.elementwise import coordinate, exponentials, nowhere_zero, over, times, total
from pybridge.algebras.exact import ExactAlgebra

BALLS = balls_of(128)
EXACT = ExactAlgebra()
LENGTHS = (0, 1, 3, 40)
"""Of which the last has scales in floats."""
EXPONENTS = st.sampled_from([-2000, -1074, -300, -3, 0, 5, 400, 3000])


@st.composite
def vectors(draw: st.DrawFn, length: int) -> list[fmpq]:
    """Rationals of all sizes, 0 among them."""
    return [fmpq(draw(st.integers(-9, 9))) * fmpq(2) ** draw(EXPONENTS) for _ in range(length)]


def close(left: arb, right: arb) -> bool:
    """Whether two scales are the same but for what floats leave off, and the first is not the larger."""
    return bool(left <= right * (1 + arb(2) ** -50)) and bool(left >= right * (1 - arb(2) ** -30))


def the_same(found: BallVector, one_by_one: list[Ball]) -> None:
    """The values overlap, and the scales are those of balls one by one, or a little less."""
    assert len(found) == len(one_by_one)
    for mine, theirs in zip(found, one_by_one, strict=True):
        assert mine.value.overlaps(theirs.value)
        assert close(mine.scale, theirs.scale)


@pytest.mark.parametrize("length", LENGTHS)
@settings(max_examples=25)
@given(data=st.data())
def test_operations_are_those_of_the_balls(length: int, data: st.DataObject) -> None:
    """Sums, differences, multiples, products and quotients by coordinates; sums and inner products."""
    left, right = (BALLS.vector(data.draw(vectors(length))) for _ in range(2))
    factor = BALLS.scalar(data.draw(vectors(1))[0])
    with BALLS.context():
        the_same(BALLS.add_vectors(left, right), list(map(BALLS.add, left, right)))
        the_same(BALLS.subtract_vectors(left, right), list(map(BALLS.subtract, left, right)))
        the_same(BALLS.multiply_vectors(left, right), list(map(BALLS.multiply, left, right)))
        the_same(BALLS.divide_vectors(left, right), list(map(BALLS.divide, left, right)))
        the_same(BALLS.negate_vector(left), list(map(BALLS.negate, left)))
        the_same(BALLS.smul(factor, left), [BALLS.multiply(factor, part) for part in left])
        for found, parts in (
            (BALLS.inner(left, right), list(map(BALLS.multiply, left, right))),
            (BALLS.total(left), list(left)),
        ):
            one_by_one = BALLS.sum(parts)
            assert found.value.overlaps(one_by_one.value)
            assert close(found.scale, one_by_one.scale)


@pytest.mark.parametrize("length", [2, 40])
def test_a_wide_denominator_makes_no_scale_larger(length: int) -> None:
    """Over a ball from 1 to 3 a scale is taken over 3: what is called narrow has to be so for every number in it."""
    wide = balls.gathered([Ball(arb(2, 1), arb(2))] * length)
    found = BALLS.divide_vectors(BALLS.vector((6,) * length), wide)
    for ball in found:
        assert ball.scale <= arb(2) + arb(2) ** -20


@pytest.mark.parametrize("length", [2, 40])
def test_a_coordinate_over_0_is_0_and_one_that_may_be_has_no_value(length: int) -> None:
    """Lean's x / 0 = 0; over a ball around 0 nothing is known."""
    zero = BALLS.divide_vectors(BALLS.vector((1,) * length), BALLS.vector((0, *(2,) * (length - 1))))
    assert [ball.value == expected for ball, expected in zip(zero, (0, *(0.5,) * (length - 1)), strict=True)] == [True] * length
    unknown = BALLS.divide_vectors(BALLS.vector((1,) * length), balls.gathered([Ball(arb(0, 1), arb(1))] * length))
    assert not any(ball.value.is_finite() for ball in unknown)


def test_vectors_of_other_lengths_are_refused() -> None:
    """Nothing is cut off."""
    with pytest.raises(ValueError, match="2 and 3 coordinates"):
        BALLS.add_vectors(BALLS.vector((1, 2)), BALLS.vector((1, 2, 3)))


def test_a_vector_is_a_sequence_of_balls() -> None:
    """By place, by slice, by chosen places; its repr says how long it is."""
    vector = BALLS.vector(tuple(range(20)))
    assert vector[3].value == 3
    assert [ball.value == k for ball, k in zip(vector[5:8], (5, 6, 7), strict=True)] == [True] * 3
    assert [ball.value == k for ball, k in zip(vector.at((2, 2, 19)), (2, 2, 19), strict=True)] == [True] * 3
    assert repr(vector) == "<BallVector of 20>"


def test_one_algebra_for_each_precision() -> None:
    """What is known in it serves every caller."""
    assert balls_of(128) is balls_of(128)
    assert balls_of(256).precision == 256


@pytest.mark.parametrize(
    "algebra",
    [BALLS, EXACT, DualAlgebra(BALLS), DualAlgebra(DualAlgebra(EXACT))],
    ids=["balls", "exact", "duals of balls", "duals of duals"],
)
def test_operations_by_coordinates_are_those_of_the_coordinates(algebra) -> None:
    """In an algebra that offers them, and in one that does not."""
    with algebra.context():
        left, right = algebra.vector((1, -2, 3)), algebra.vector((4, 5, fmpq(1, 2)))
        for vector, expected in ((times(algebra, left, right), (4, -10, 1.5)), (over(algebra, left, right), (0.25, -0.4, 6))):
            for part, number in zip(algebra.components(vector), expected, strict=True):
                assert abs(float(innermost(part)) - number) < 1e-12
        assert float(innermost(total(algebra, right))) == 9.5
        assert float(innermost(coordinate(algebra, left, 2))) == 3
        assert nowhere_zero(algebra, left)
        assert not nowhere_zero(algebra, algebra.vector((1, 0)))


def innermost(part):
    """The number that a dual or a ball is around."""
    while isinstance(part, Dual):
        part = part.value
    return part.value.mid() if isinstance(part, Ball) else int(part.p) / int(part.q)


def test_derivatives_by_coordinates() -> None:
    """Of products, quotients and exponentials; a quotient whose denominator moves and may be 0 has none."""
    algebra = DualAlgebra(EXACT)
    left, right = Dual((fmpq(2), fmpq(3)), (fmpq(1), fmpq(5))), Dual((fmpq(4), fmpq(1)), (fmpq(1), fmpq(-1)))
    assert times(algebra, left, right).tangent == (6, 2)
    assert over(algebra, left, right).tangent == (fmpq(1, 8), 8)
    assert total(algebra, left).tangent == 6
    assert coordinate(algebra, left, 1).tangent == 5
    with pytest.raises(NotDifferentiable, match="denominator may be 0"):
        over(algebra, left, Dual((fmpq(0), fmpq(1)), (fmpq(1), fmpq(0))))
    with pytest.raises(NotInAlgebra, match="exponential"):
        exponentials(algebra, left)
    with BALLS.context():
        grown = exponentials(DualAlgebra(BALLS), Dual(BALLS.vector((0, 1)), BALLS.vector((3, 2))))
        expected = (arb(3), 2 * arb(1).exp())
        assert all(one.value.overlaps(other) for one, other in zip(grown.tangent, expected, strict=True))


def test_the_scale_of_a_long_sum_of_products_out_of_range() -> None:
    """Scales that no float holds are enclosed, and give the same sum."""
    with ctx.workprec(128):
        values = [arb(2) ** (-9000 + k) for k in range(30)]
        long = balls.exactly(values)
        assert isinstance(long.scales, list)
        assert balls.dot(long.scales, long.scales).overlaps(sum(map(mul, values, values), arb(0)))
        assert all(
            map(
                lambda one, other: one.overlaps(other),
                balls.as_arbs(balls.added(long.scales, long.scales)),
                map(add, values, values),
            )
        )


def test_precision_is_the_algebras() -> None:
    """A third to 128 bits, and to 512."""
    for precision in (128, 512):
        algebra = BallAlgebra(precision)
        with algebra.context():
            third = algebra.vector((fmpq(1, 3),))[0].value
            assert third.rel_accuracy_bits() >= precision - 4
