"""A ball in decimals: a number that is written, and how far the ball's is from it at most.

In: a ball of Arb, and how many digits are wanted.  Out: two texts.
"""

from __future__ import annotations

from decimal import ROUND_UP, Context, Decimal
from fractions import Fraction

from flint import arb

_UP = Context(prec=2, rounding=ROUND_UP, Emin=-(10**9), Emax=10**9)


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
    low, high = bounds(value)
    written = Fraction(middle)
    furthest = max(high - written, written - low)
    return middle, _above(furthest)


def bounds(value: arb) -> tuple[Fraction, Fraction]:
    """The ends of a ball that is finite."""
    middle, radius = _fraction(value.mid()), _fraction(value.rad())
    return middle - radius, middle + radius


def _above(number: Fraction) -> str:
    """The number, not negative, to two digits, rounded up."""
    if number == 0:
        return "0"
    found = _UP.divide(Decimal(number.numerator), Decimal(number.denominator))
    return f"{found:.1e}".replace("e-0", "e-").replace("e+0", "e+") if not -4 <= found.adjusted() < 6 else f"{found:f}"


def _fraction(point: arb) -> Fraction:
    mantissa, exponent = point.man_exp()
    power = int(exponent)
    return Fraction(int(mantissa)) * (Fraction(2**power) if power >= 0 else Fraction(1, 2**-power))
