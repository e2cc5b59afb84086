"""Double-double arithmetic on NumPy arrays: a number as the unevaluated sum of two float64, some 106 bits.

In: pairs (high, low) with |low| ≤ u |high|, u = 2^-53.  Out: such a pair.  The algorithms and their relative error bounds are
those of M. Joldes, J.-M. Muller, V. Popescu, *Tight and rigorous error bounds for basic building blocks of double-word
arithmetic*, ACM Trans. Math. Softw. 44 (2017), and for the root of V. Lefèvre, N. Louvet, J.-M. Muller, J. Picot, L. Rideau,
*Accurate calculation of Euclidean norms using double-word arithmetic*, ibid. 49 (2023); what stands here is rounded up. They
hold where nothing overflows or underflows on the way: for operands that are 0 or of a size between 2^-400 and 2^400.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Doubles: TypeAlias = npt.NDArray[np.float64]
Pair: TypeAlias = tuple[Doubles, Doubles]

UNIT = 2.0**-53
LEAST, MOST = 2.0**-400, 2.0**400
ADDING = 4 * UNIT**2
"""Algorithm 6, AccurateDWPlusDW: 3u² / (1 - 4u)."""
MULTIPLYING = 8 * UNIT**2
"""Algorithm 10, DWTimesDW1: 7u²."""
DIVIDING = 16 * UNIT**2
"""Algorithm 17, DWDivDW2: 15u² + 56u³."""
ROOTING = 4 * UNIT**2
"""SQRTDWtoDW: 25/8 u²."""
_SPLITTER = 2.0**27 + 1


def two_sum(left: Doubles, right: Doubles) -> Pair:
    """The sum exactly (Knuth)."""
    total = left + right
    other = total - left
    return total, (left - (total - other)) + (right - other)


def add(left: Pair, right: Pair) -> Pair:
    """The sum; ``ADDING`` times it off at most."""
    high, rest = two_sum(left[0], right[0])
    low, last = two_sum(left[1], right[1])
    high, rest = _normal(high, rest + low)
    return _normal(high, last + rest)


def multiply(left: Pair, right: Pair) -> Pair:
    """The product; ``MULTIPLYING`` times it off at most."""
    high, rest = _product(left[0], right[0])
    return _normal(high, rest + (left[0] * right[1] + left[1] * right[0]))


def divide(left: Pair, right: Pair) -> Pair:
    """The quotient, of something other than 0; ``DIVIDING`` times it off at most."""
    first = left[0] / right[0]
    high, rest = _product(right[0], first)
    whole, low = _normal(high, right[1] * first)
    whole, low = _normal(whole, low + rest)
    return _normal(first, ((left[0] - whole) + (left[1] - low)) / right[0])


def sqrt(arg: Pair) -> Pair:
    """The root of something above 0; ``ROOTING`` times it off at most."""
    root = np.sqrt(arg[0])
    high, rest = _product(root, root)
    return _normal(root, (arg[1] + ((arg[0] - high) - rest)) / (2 * root))


def total(parts: Pair, size: Doubles) -> tuple[Pair, Doubles]:
    """The sum along the first axis, and how far it is off at most.

    Twice the leading bits of all parts are cut off where they add up without rounding; what is left of them is added as it is
    (S. M. Rump, T. Ogita, S. Oishi, *Accurate floating-point summation part I*, SIAM J. Sci. Comput. 31 (2008), Lemma 3.3).

    Parameters
    ----------
    parts
        At most 2^20 along the first axis.
    size
        At least the sum of the absolute values of their high parts.
    """
    count = len(parts[0])
    bits = (count + 2).bit_length()
    above = np.ldexp(1.0, np.frexp(np.abs(parts[0]).max(axis=0))[1] + bits)
    first = (above + parts[0]) - above
    rest = parts[0] - first
    above = above * (UNIT * 2.0**bits)
    second = (above + rest) - above
    rest = rest - second
    least = rest.sum(axis=0) + parts[1].sum(axis=0)
    high, low = two_sum(first.sum(axis=0), second.sum(axis=0))
    found = add((high, low), (least, np.zeros_like(least)))
    cut = 2 * count * UNIT * above  # what is left of each is at most UNIT times the last cut
    return found, ((count + 3) * UNIT * (cut + UNIT * size) + ADDING * np.abs(found[0])) * (1 + 8 * UNIT)


def _normal(high: Doubles, low: Doubles) -> Pair:
    """The sum exactly, where ``high`` is 0 or of no smaller exponent (Dekker)."""
    total = high + low
    return total, low - (total - high)


def _product(left: Doubles, right: Doubles) -> Pair:
    """The product exactly (Dekker, Veltkamp)."""
    product = left * right
    one, rest = _split(left)
    other, remainder = (one, rest) if right is left else _split(right)
    return product, ((one * other - product) + one * remainder + rest * other) + rest * remainder


def _split(arg: Doubles) -> Pair:
    """Two halves of 26 bits."""
    wide = _SPLITTER * arg
    high = wide - (wide - arg)
    return high, arg - high
