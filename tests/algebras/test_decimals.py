"""Decimals of a ball: what is written, and how far the number may be from it, certainly."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import arb, ctx

from pybridge.algebras.decimals import bounds, decimal


@pytest.mark.parametrize("digits", [1, 3, 10, 30, 60])
@pytest.mark.parametrize("value", ["1/3", "-22/7", "5", "1/1208925819614629174706176", "123456789123456789", "-1/8"])
def test_a_number_is_no_further_than_is_said(value: str, digits: int) -> None:
    """The rounding to decimals counts, and not the width of the ball alone; ``0`` is said of what is the number."""
    with ctx.workprec(128):
        exact = Fraction(value)
        ball = arb(exact.numerator) / exact.denominator
        middle, radius = decimal(ball, digits)
        low, high = bounds(ball)
        assert low <= exact <= high
        assert max(high - Fraction(middle), Fraction(middle) - low) <= Fraction(radius)
        assert Fraction(radius) <= Fraction(112, 100) * max(high - Fraction(middle), Fraction(middle) - low)
        assert (radius == "0") == (low == high == Fraction(middle))


def test_a_ball_around_nothing() -> None:
    """Of what may be 0 the midpoint is written, and the radius."""
    assert decimal(arb(0, 1e-30), 10) == ("0", "1.1e-30")


def test_a_number_beyond_all_formats() -> None:
    """Its decimals are written without its being written out."""
    with ctx.workprec(128):
        middle, radius = decimal(arb(10**12).exp(), 10)
    assert middle == "1.785778752e+434294481903"
    assert radius == "4.3e+434294481893"


def test_what_is_not_finite() -> None:
    """It is said as Arb says it."""
    assert decimal(arb("nan"), 5)[0] == "nan"
