"""Running error bounds of long sums whose rounding errors are independent of each other and have mean 0.

The error of a sum is then a martingale: each step adds a rounding error of at most u times the partial sum, so that by the
inequality of Azuma and Hoeffding it is at most λ u √(s₁² + s₂² + …) but with probability 2 exp(-λ²/2), with the partial sums
sᵢ.  (N. J. Higham, T. Mary, *A new approach to probabilistic rounding error analysis*, SIAM J. Sci. Comput. 41, 2019, have this
model, and the bound √n for n; here the partial sums are those of the numbers at hand.)  They are taken in several orders: as
the numbers stand, the other way round, and in blocks; the largest counts.  Where the worst case is smaller, that counts.

The error of a sum that many numbers depend on, such as a variance, is one and the same for all of them, and not to be added up
as if it were another for each.  So it is not carried on here, but kept in ``errors``, in the order in which the sums are
computed: what a shift of that sum by so much makes of the result is for the caller to find out.
"""

from __future__ import annotations

import math

import numpy as np

from pybridge.algebras.bounded import CHAIN, ERROR, FIRST, HIGH, KINDS, PARTS, SCALE, SPREAD, Bounded
from pybridge.algebras.bounding import BoundedAlgebra
from pybridge.algebras.doubledouble import Doubles
from pybridge.algebras.formats import Format

BLOCKS = (32, 256)
"""So many neighbours are added up before their sums are, in kernels that work in blocks."""


class IndependentAlgebra(BoundedAlgebra):
    """Lean's operations as a format computes them, on arrays, with rounding errors that are independent in every sum.

    Parameters
    ----------
    arithmetic
        The format every operation rounds to.
    rate
        Of false alarms: how likely one of the sums may be further off than the bound says.
    sums
        How many numbers are sums, in all.
    """

    def __init__(self, arithmetic: Format, rate: float, sums: int) -> None:
        super().__init__(arithmetic)
        self.deviations = math.sqrt(2 * math.log(2 * max(sums, 1) / rate))
        self.errors: list[Doubles] = []

    def gathered(self, data: Doubles) -> Doubles:
        """The sums of the parts along the first axis, and behind them the root of the sum of the squared partial sums."""
        found = super().gathered(data)
        return np.concatenate([found, _root_of_squares(data[HIGH])[np.newaxis]])

    def total(self, sums: Doubles, count: int) -> Bounded:
        """The sum of so many parts."""
        out, root = sums[:PARTS].copy(), sums[PARTS]
        bounds = out[FIRST:].reshape(KINDS, 2, *out.shape[1:])
        step = (count - 1) * self._unit
        worst = (step / (1 - step) if step < 1 else np.inf) * (bounds[SPREAD] + bounds[ERROR])
        moved = self.deviations * self._unit
        carried = math.sqrt(count) * (bounds[ERROR] + moved * root)
        likely = moved * (root + carried)
        bounds[SCALE] = bounds[CHAIN]
        self.errors.append((bounds[ERROR] + np.minimum(worst, likely))[1])
        bounds[ERROR] = 0
        return self._made(out, (1, 1))


class StoredAlgebra(IndependentAlgebra):
    """The same where every result is rounded to a narrower format, and sums are added up in a wider one.

    That is how a framework computes that keeps what it has in half precision: a mean, 1/σ, the entries that are summed. The
    errors of these entries are independent of each other, so that by Hoeffding's inequality their sum is at most λ √(b₁² + b₂²
    + …) with the bounds bᵢ of each. Sizes are not rounded, and what overflows the narrower format is not looked after.

    Parameters
    ----------
    stored
        The narrower format.
    compute
        That of the sums.
    rate, sums
        As for ``IndependentAlgebra``.
    """

    def __init__(self, stored: Format, compute: Format, rate: float, sums: int) -> None:
        super().__init__(stored, rate, sums)
        self._step = float(compute.unit.p) / float(compute.unit.q)
        self._largest = float(int(compute.largest.p))

    def scalar(self, value: int) -> Bounded:
        """A whole number, of all batches, as it is."""
        found = super().scalar(value)
        found.bounds[ERROR] = 0
        return found

    def gathered(self, data: Doubles) -> Doubles:
        """The sums of the parts, the root of the squared partial sums, and that of the squared errors."""
        squares = (data[FIRST + 2 * ERROR + 1] ** 2).sum(axis=0)
        return np.concatenate([super().gathered(data), np.sqrt(squares)[np.newaxis] * (1 + 2.0**-20)])

    def total(self, sums: Doubles, count: int) -> Bounded:
        """The sum of so many parts, its error its own."""
        out, root, errors = sums[:PARTS].copy(), sums[PARTS], sums[PARTS + 1]
        bounds = out[FIRST:].reshape(KINDS, 2, *out.shape[1:])
        own = np.minimum(bounds[ERROR][1], self.deviations * errors)
        step, moved = (count - 1) * self._step, self.deviations * self._step
        worst = (step / (1 - step) if step < 1 else np.inf) * (bounds[SPREAD][1] + own)
        own = own + np.minimum(worst, moved * (root + math.sqrt(count) * (own + moved * root)))
        bounds[SCALE] = bounds[CHAIN]
        bounds[ERROR] = (own + self._unit * (np.abs(out[HIGH]) + own) + self._tiny[1]) * (1 + 2.0**-20)
        return self._made(out, (1, 1))


def _root_of_squares(values: Doubles) -> Doubles:
    """√(s₁² + s₂² + …) of the partial sums along the first axis, the largest of several orders."""
    found = _of_order(values)
    found = np.maximum(found, _of_order(values[::-1]))
    for size in BLOCKS:
        whole = len(values) // size * size
        if whole > size:
            blocks = values[:whole].reshape(whole // size, size, *values.shape[1:])
            inside = np.cumsum(blocks, axis=1)
            squares = (inside**2).sum(axis=(0, 1))
            sums = np.concatenate([inside[:, -1], values[whole:]])
            found = np.maximum(found, np.sqrt(squares + _of_order(sums) ** 2))
    return found


def _of_order(values: Doubles) -> Doubles:
    partial = np.cumsum(values, axis=0)
    root: Doubles = np.sqrt((partial**2).sum(axis=0)) * (1 + 2.0**-20)
    return root
