"""A real number as it is shown: a ball, and as many of its digits as were asked for and are certain.

In: a ball of ``algebras.ball``.  Out: an ``Enclosure``.
"""

from __future__ import annotations

import math
from fractions import Fraction

from flint import arb

from pybridge.algebras.ball import Ball
from pybridge.algebras.decimals import bounds, decimal
from pybridge.errors import InputError, brief

BITS_PER_DIGIT = math.log2(10)
MOST_DIGITS = 10_000


class Enclosure:
    """A real number that certainly lies within ``radius`` of ``middle``, both as they are written.

    Parameters
    ----------
    ball
        The number, and the scale that its width is measured against.
    digits
        How many significant digits are written.
    """

    __slots__ = ("_ball", "_digits")

    def __init__(self, ball: Ball, digits: int) -> None:
        self._ball = ball
        self._digits = digits

    @property
    def middle(self) -> str:
        """The midpoint, rounded to the digits asked for."""
        return decimal(self._ball.value, self._digits)[0]

    @property
    def short(self) -> str:
        """The midpoint to six digits, to be read and not to be relied on."""
        return str(self._ball.value.mid().str(min(6, self._digits), radius=False))

    @property
    def radius(self) -> str:
        """How far the number may lie from ``middle`` as it is written, rounded up; ``0`` where that is the number."""
        return decimal(self._ball.value, self._digits)[1]

    @property
    def exact(self) -> bool:
        """Whether the midpoint is the number."""
        return bool(self._ball.value.rad() == 0)

    @property
    def bounds(self) -> tuple[Fraction, Fraction]:
        """A lower and an upper bound, as exact fractions.

        Raises
        ------
        InputError
            The enclosure is not finite.
        """
        if not self._ball.value.is_finite():
            raise InputError(
                "an enclosure that is not finite has no bounds", hint="see its hypotheses: was there a division by 0?"
            )
        return bounds(self._ball.value)

    def __float__(self) -> float:
        """The float nearest to the midpoint."""
        return float(self._ball.value.mid())

    def __str__(self) -> str:
        middle, radius = decimal(self._ball.value, self._digits)
        return middle if radius == "0" else f"{middle} ± {radius}"

    def __repr__(self) -> str:
        return brief(self, str(self))


def narrow(ball: Ball, digits: int) -> bool:
    """Whether so many digits of the number are certain; of one that may be 0, of the scale of its terms."""
    value = ball.value
    if not value.is_finite():
        return False
    if value.rad() == 0:
        return True
    size = abs(value).lower() if value != 0 else ball.scale.abs_lower()
    return bool(value.rad() * arb(10) ** digits <= size)


def digits_asked(digits: object) -> int:
    """The number of digits.

    Raises
    ------
    InputError
        It is no whole number, or not from 1 to ``MOST_DIGITS``.
    """
    whole = isinstance(digits, int) or hasattr(digits, "__index__")
    if not whole or isinstance(digits, bool) or not 1 <= int(digits) <= MOST_DIGITS:  # type: ignore[call-overload]
        raise InputError(f"digits is {digits!r}", hint=f"give a whole number from 1 to {MOST_DIGITS}")
    return int(digits)  # type: ignore[call-overload, no-any-return]
