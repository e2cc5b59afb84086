"""A ball in decimals: a number that is written, and how far the ball's is from it at most.

In: a ball of Arb, and how many digits are wanted.  Out: two texts.
"""

from __future__ import annotations

from fractions import Fraction

from flint import arb, ctx

_MORE = 64
_ABOVE = arb(106) / 100
"""Two digits are off by a twentieth at most: of so much more they are no less than it."""


def decimal(value: arb, digits: int) -> tuple[str, str]:
    """The midpoint to so many digits, and how far any number of the ball is at most from what is written.

    Returns
    -------
    tuple of str
        The second is rounded up, and ``0`` where the first is the number; ``nan`` or ``inf`` for a ball that is not finite.
    """
    middle = str(value.mid().str(digits, radius=False))
    if not value.is_finite():
        return middle, str(value.rad().str(2, radius=False))
    with ctx.workprec(max(ctx.prec, 4 * digits + _MORE)):
        furthest = abs(value - arb(middle)).upper()
        return middle, "0" if furthest == 0 else str((furthest * _ABOVE).str(2, radius=False))


def bounds(value: arb) -> tuple[Fraction, Fraction]:
    """The ends of a ball that is finite."""
    middle, radius = _fraction(value.mid()), _fraction(value.rad())
    return middle - radius, middle + radius


def _fraction(point: arb) -> Fraction:
    mantissa, exponent = point.man_exp()
    power = int(exponent)
    return Fraction(int(mantissa)) * (Fraction(2**power) if power >= 0 else Fraction(1, 2**-power))
