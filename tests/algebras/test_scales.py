"""No scale in floats is above the one that it stands for, however much was rounded on the way to it."""

from __future__ import annotations

import numpy as np
import pytest
from flint import arb, fmpq

from pybridge.algebras import balls
from pybridge.algebras.ball import Ball, BallAlgebra, balls_of

BALLS = balls_of(128)
COUNT = 16
"""As many as have scales in floats."""
HALF_ULP = 2.0**-53
QUARTER = arb(1, 0.75)
"""Somewhere from 1/4 to 7/4."""


def test_sums_that_are_all_rounded_up() -> None:
    """To 1 something is added 2^15 times that float64 takes for a third more."""
    scales, step, times = np.ones(COUNT), np.full(COUNT, 1.5 * HALF_ULP), 1 << 15
    assert 1 + step[0] == 1 + 2 * HALF_ULP
    for _ in range(times):
        scales = balls.added(scales, step)
    with BALLS.context():
        assert all(scale <= 1 + times * arb(1.5 * HALF_ULP) for scale in balls.as_arbs(scales))
        assert all(scale > 1 - arb(2) ** -30 for scale in balls.as_arbs(scales)), "and not far below"


def test_products_and_quotients_that_are_all_rounded_up() -> None:
    """A power of many factors, and what it is divided by again, against the same in balls of 4,096 bits."""
    times = 3000
    up, down = (np.full(COUNT, number) for number in (1 + 5 * HALF_ULP * 2, 1 - 3 * HALF_ULP))
    power, quotient = np.ones(COUNT), np.ones(COUNT)
    for _ in range(times):
        power, quotient = balls.multiplied(power, up), balls.divided(quotient, down)
    with BallAlgebra(4096).context():
        assert all(scale <= arb(up[0]) ** times for scale in balls.as_arbs(power))
        assert all(scale <= arb(down[0]) ** -times for scale in balls.as_arbs(quotient))


@pytest.mark.parametrize("count", [COUNT, 1 << 12, 1 << 20, 1 << 22])
def test_a_sum_leaves_off_what_its_roundings_may_come_to(count: int) -> None:
    """In whatever order they are added: of m floats by m - 1 roundings, of m products by as many more."""
    ones = np.ones(count)
    with BALLS.context():
        assert balls.total(ones) <= count * (1 - (count - 1) * arb(HALF_ULP))
        assert balls.dot(ones, ones) <= count * (1 - count * arb(HALF_ULP))
        assert balls.total(ones) > count * (1 - arb(2) ** -28), "and not far below"


def test_a_scale_that_is_known_roughly_is_taken_at_its_least() -> None:
    """A ball from 1/4 to 7/4, and one that may be 0."""
    with BALLS.context():
        wide = Ball(arb(0, 1), QUARTER)
        ones = balls.exactly([arb(1)] * COUNT)
        for vector in (balls.gathered([wide] * COUNT), balls.repeated(wide, COUNT), balls.exactly([QUARTER] * COUNT)):
            assert all(scale <= arb(0.25) for scale in balls.as_arbs(vector.scales))
        for scales in (balls.multiplied(QUARTER, ones.scales), balls.multiplied(ones.scales, QUARTER)):
            assert all(scale <= arb(0.25) for scale in balls.as_arbs(scales))
        assert all(scale <= arb(1.25) for scale in balls.as_arbs(balls.added(ones.scales, QUARTER)))
        assert all(scale == 0 for scale in balls.as_arbs(balls.exactly([arb(1, 2)] * COUNT).scales))


def test_of_the_exponential_of_a_wide_ball_the_least_is_its_scale() -> None:
    """From e^-2 to e^4."""
    with BALLS.context():
        found = BALLS.exp_vector(balls.gathered([Ball(arb(1, 3), arb(1))] * COUNT))
        assert all(scale <= arb(-2).exp() for scale in balls.as_arbs(found.scales))


@pytest.mark.parametrize("precision", [8, 53, 128])
def test_numbers_are_read_at_the_precision_they_have(precision: int) -> None:
    """Sevenths, of which floats round some up: no scale is above the number."""
    algebra, count = BallAlgebra(precision), range(1, 7 * COUNT)
    with algebra.context():
        sevenths = algebra.vector([fmpq(k, 7) for k in count])
    with BALLS.context():
        assert all(7 * scale <= k for k, scale in zip(count, balls.as_arbs(sevenths.scales), strict=True))
