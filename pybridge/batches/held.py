"""Numbers drawn as float64, rounded to those that a format holds.

In: an array and a format.  Out: the array, each entry the nearest number of the format, ties to even; beyond its range, its
largest.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from pybridge.algebras.formats import FLOAT64, Format

Array: TypeAlias = npt.NDArray[np.float64]


def rounded(array: Array, held: Format) -> Array:
    """Round to a format that is no wider than float64; of float64 itself the array is handed back as it is.

    Examples
    --------
    >>> from pybridge.algebras.formats import BFLOAT16, FLOAT16
    >>> rounded(np.array([0.1, 1 / 3, -1e-9]), BFLOAT16).tolist()
    [0.10009765625, 0.333984375, -9.968061931431293e-10]
    >>> rounded(np.array([1e6, 3e-8]), FLOAT16).tolist()
    [65504.0, 5.960464477539063e-08]
    """
    if held is FLOAT64:
        return array
    largest = np.ldexp(2.0 - 2.0 ** (1 - held.bits), held.most)
    within = np.clip(array, -largest, largest)
    exponents = np.frexp(within)[1]  # of |x| in [2^(e - 1), 2^e)
    places = np.maximum(exponents - held.bits, held.least - held.bits + 1)
    nearest: Array = np.ldexp(np.rint(np.ldexp(within, -places)), places)
    return nearest
