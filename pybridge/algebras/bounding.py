"""The operations on arrays of running error bounds.

Every formula is one of ``RoundingAlgebra``, where it is explained.  All of them grow with their arguments, so that lower bounds
give lower and upper give upper bounds, after ``sides`` has taken the rounding of the operations themselves on it.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

import numpy as np

from pybridge.algebras import doubledouble as dd
from pybridge.algebras.bounded import (
    CHAIN,
    ERROR,
    FIRST,
    HIGH,
    KINDS,
    LOW,
    PARTS,
    RADIUS,
    SCALE,
    SPREAD,
    Bounded,
    Terms,
    empty,
    outward,
    sides,
)
from pybridge.algebras.doubledouble import UNIT, Doubles
from pybridge.algebras.formats import FLOAT64, Format

_LEAST_RADIUS = 2.0**-500
"""A radius is 0 or at least this, so that no product with it underflows."""
_LEAST_BOUND = 2.0**-1000
"""A lower bound is 0 or at least this, for the same reason."""
_UNDERFLOW = 2.0**-900
"""What is taken for the smallest float64 from above, so that upper bounds don't underflow; from below it is taken for 0."""


class BoundedAlgebra:
    """Lean's operations as a format computes them, on arrays.

    The last axis of every array runs over the batches; methods are called inside ``context()``.

    Parameters
    ----------
    arithmetic
        The format every operation rounds to.
    """

    def __init__(self, arithmetic: Format) -> None:
        self.arithmetic = arithmetic
        self._unit = float(arithmetic.unit.p) / float(arithmetic.unit.q)
        self._largest = float(int(arithmetic.largest.p))
        least = arithmetic.spacing(0.0)
        self._tiny = np.array([0.0, _UNDERFLOW] if arithmetic is FLOAT64 else [least, least])

    def context(self) -> AbstractContextManager[object]:
        """No warnings: infinities and NaN are looked after."""
        return np.errstate(all="ignore")

    def scalar(self, value: int) -> Bounded:
        """A whole number, of all batches."""
        found = self.given(np.array([float(value)]))
        if int(float(value)) == value:
            return found
        unknown = found.data.copy()
        unknown[RADIUS:], unknown[FIRST::2] = np.inf, 0
        return found.taken(unknown)

    def given(self, values: Doubles) -> Bounded:
        """Numbers, with the error of rounding them where the format does not hold them."""
        turned = values.ndim == 2 and values.strides[0] < values.strides[1]
        out = np.zeros((PARTS, *values.shape[::-1])).transpose(0, 2, 1) if turned else np.zeros((PARTS, *values.shape))
        size = np.abs(values)
        out[HIGH] = values
        bounds = out[FIRST:].reshape(KINDS, 2, *values.shape)
        bounds[:] = size
        bounds[ERROR] = np.where(self.arithmetic.holds_each(values), 0, self._unit * size + self._smallest(values.ndim))
        bounds[ERROR] *= sides(2, values.ndim)
        return self._made(out, (1, 1))

    def dimension(self, vector: Bounded) -> int:
        """The length of the first axis."""
        return int(vector.data.shape[1])

    def components(self, vector: Bounded) -> list[Bounded]:
        """The slices along the first axis."""
        return [vector.taken(vector.data[:, k]) for k in range(self.dimension(vector))]

    def add(self, left: Bounded, right: Bounded) -> Bounded:
        """The sum, a chain."""
        return self._chain(left, right, right.value)

    def subtract(self, left: Bounded, right: Bounded) -> Bounded:
        """The difference, a chain."""
        return self._chain(left, right, (-right.data[HIGH], -right.data[LOW]))

    def multiply(self, left: Bounded, right: Bounded) -> Bounded:
        """The product."""
        out, bounds = empty(left, right)
        one, other = left.size, right.size
        size = one * other
        carried = one * right.error + other * left.error + left.error * right.error
        bounds[ERROR] = carried + self._unit * (size + carried) + self._smallest(size.ndim - 1)
        bounds[CHAIN] = size
        np.maximum(one * right.bounds[CHAIN], left.bounds[CHAIN] * other, out=bounds[SCALE])
        np.maximum(one * right.bounds[SPREAD], left.bounds[SPREAD] * other, out=bounds[SPREAD])
        bounds *= sides(10, size.ndim - 1)
        out[HIGH], out[LOW] = dd.multiply(left.value, right.value)
        radius = one[1] * right.radius + other[1] * left.radius + left.radius * right.radius
        out[RADIUS] = (radius + dd.MULTIPLYING * size[1]) * (1 + 8 * UNIT)
        return self._made(out, (max(left.terms[0], right.terms[0]), max(left.terms[1], right.terms[1])))

    def divide(self, left: Bounded, right: Bounded) -> Bounded:
        """The quotient: 0 where ``right`` is exactly 0, and without a bound where its computed value may be."""
        out, bounds = empty(left, right)
        dimensions = out.ndim - 1
        divisor = right.size[::-1]  # what is divided by is small where the quotient is large
        below = (right.size - right.error[::-1]) * sides(4, right.data.ndim - 1)
        size = left.size / divisor
        carried = (left.error + size * right.error) / below[::-1]
        rounded = 2 * self._unit + self._unit * self._unit
        bounds[ERROR] = carried + rounded * (size + carried) + self._smallest(dimensions) * (1 + left.size)
        bounds[CHAIN] = size
        bounds[SCALE] = left.bounds[CHAIN] / divisor
        bounds[SPREAD] = left.bounds[SPREAD] / divisor
        bounds *= sides(14, dimensions)
        out[HIGH], out[LOW] = dd.divide(left.value, right.value)
        radius = (left.radius + size[1] * right.radius) / right.size[0]
        out[RADIUS] = (radius + dd.DIVIDING * size[1]) * (1 + 8 * UNIT)
        terms = left.terms
        if not np.all(below[0] > 0):
            terms = self._by_what_may_be_0(out, bounds, right, below, terms)
        return self._made(out, terms)

    def _by_what_may_be_0(self, out: Doubles, bounds: Doubles, right: Bounded, below: Doubles, terms: Terms) -> Terms:
        """Put right what a quotient is where the computed divisor is not certainly off 0."""
        still = right.error[1] == 0
        zero = np.broadcast_to((right.size[1] == 0) & still, out.shape[1:])
        may_be_zero = np.broadcast_to(
            (right.size[0] == 0) & (right.error[0] == 0) & ~((right.size[1] == 0) & still), zero.shape
        )
        error = bounds[ERROR]
        np.copyto(error[1], np.inf, where=~(below[0] > 0))
        np.copyto(error[0], np.inf, where=(below[1] <= 0) & (right.error[0] > 0))
        for part in out[:FIRST]:
            np.copyto(part, 0, where=zero | may_be_zero)
        np.copyto(out[RADIUS], np.inf, where=may_be_zero)
        np.copyto(bounds[:, 0], 0, where=zero | may_be_zero)
        np.copyto(bounds[:, 1], 0, where=zero)
        np.copyto(bounds[:, 1], np.inf, where=may_be_zero)
        return (1, terms[1]) if zero.any() or may_be_zero.any() else terms

    def negate(self, arg: Bounded) -> Bounded:
        """The opposite, without rounding."""
        data = arg.data.copy()
        np.negative(data[:RADIUS], out=data[:RADIUS])
        return arg.taken(data)

    def sqrt(self, arg: Bounded) -> Bounded:
        """The root; of a number whose computed value may be negative, the computed root may be 0."""
        out, bounds = empty(arg)
        high, size, error = arg.data[HIGH], arg.size, arg.error
        above, none = (high > 0) & (size[0] > 0), (size[1] == 0) | ((high < 0) & (size[0] > 0))
        least = np.where(above, size[0], -size[1])
        most = np.where(above, size[1], np.where(none, -size[0], size[1]))
        radicand = np.where(above, high, 1.0), np.where(above, arg.data[LOW], 0.0)
        root = dd.sqrt(radicand)
        near = (arg.radius / root[0] + dd.ROOTING * root[0]) * (1 + 8 * UNIT)
        out[HIGH], out[LOW] = np.where(above, root[0], 0), np.where(above, root[1], 0)
        out[RADIUS] = np.where(above, near, np.where(none, 0, np.sqrt(size[1]) * (1 + 4 * UNIT)))
        value = Bounded(out).size
        below = np.stack([least - error[1], most - error[0]]) * outward(2, least - error[1], most - error[0])
        falling = error / (value[::-1] + np.sqrt(np.maximum(below, 0))[::-1])
        falling = np.where(error == 0, 0, falling)
        certain, off = below[0] > 0, below[1] <= 0
        if certain.all():
            carried = falling
        else:
            rising = np.where(error == 0, 0, np.maximum(np.sqrt(size + error), value))
            carried = np.stack([np.where(off, rising[0], falling[0]), np.where(certain, falling[1], rising[1])])
        bounds[ERROR] = carried + self._unit * (value + carried)
        bounds[CHAIN:] = value
        bounds *= sides(12, value.ndim - 1)
        return self._made(out, (1, 1))

    def absolute(self, arg: Bounded) -> Bounded:
        """The absolute value, without rounding."""
        out, bounds = empty(arg)
        negative = np.where(arg.data[HIGH] < 0, -1.0, 1.0)
        out[:RADIUS] = arg.data[:RADIUS] * negative
        out[RADIUS] = arg.radius
        bounds[ERROR] = arg.error
        bounds[CHAIN:] = arg.size
        return Bounded(out)

    def power(self, base: Bounded, exponent: int) -> Bounded:
        """The power by products; the zeroth is 1."""
        if exponent == 0:
            return self.scalar(1)
        result = base
        for _ in range(exponent - 1):
            result = self.multiply(result, base)
        return result

    def gathered(self, data: Doubles) -> Doubles:
        """The sums of the parts along the first axis: of the values with their radii, and of the bounds, one by one."""
        count = data.shape[1]
        found: Doubles = data.sum(axis=1)
        size = np.abs(data[HIGH]).sum(axis=0) * (1 + (count + 2) * UNIT)
        (found[HIGH], found[LOW]), off = dd.total((data[HIGH], data[LOW]), size)
        radius = (found[RADIUS] + off) * (1 + (count + 4) * UNIT)
        found[RADIUS] = np.where(radius > 0, np.maximum(radius, _LEAST_RADIUS), 0)
        found[FIRST:] *= np.tile(sides(count + 2, found.ndim - 1), (KINDS, *(1,) * (found.ndim - 1)))
        return found

    def total(self, sums: Doubles, count: int) -> Bounded:
        """The sum of so many parts, in any order, from the sums of their parts."""
        bounds = sums[FIRST:].reshape(KINDS, 2, *sums.shape[1:])
        return self._made(self._added(sums, bounds, (count, count)), (1, 1))

    def _chain(self, left: Bounded, right: Bounded, other: dd.Pair) -> Bounded:
        out, bounds = empty(left, right)
        np.add(left.bounds, right.bounds, out=bounds)
        out[HIGH], out[LOW] = dd.add(left.value, other)
        out[RADIUS] = (left.radius + right.radius + dd.ADDING * np.abs(out[HIGH])) * (1 + 8 * UNIT)
        terms = left.terms[0] + right.terms[0], left.terms[1] + right.terms[1]
        return self._made(self._added(out, bounds, terms), terms)

    def _added(self, out: Doubles, bounds: Doubles, terms: Terms) -> Doubles:
        """Put in the error of adding so many terms in any order, to the errors that they have already."""
        steps = [(count - 1) * self._unit for count in terms]
        factor = np.array([step / (1 - step) if step < 1 else np.inf for step in steps])
        bounds[SCALE] = bounds[CHAIN]
        bounds[ERROR] += factor.reshape(2, *(1,) * (out.ndim - 1)) * (bounds[SPREAD] + bounds[ERROR])
        bounds *= sides(8, out.ndim - 1)
        return out

    def _smallest(self, dimensions: int) -> Doubles:
        return self._tiny.reshape(2, *(1,) * dimensions)

    def _made(self, out: Doubles, terms: Terms) -> Bounded:
        """The result of an operation; without a bound where it may overflow, and without a value where that is out of range."""
        high, radius, lower = np.abs(out[HIGH]), out[RADIUS], out[FIRST::2]
        if not high.min(initial=dd.MOST) >= dd.LEAST or not high.max(initial=0) <= dd.MOST:
            np.fmin(radius, np.inf, out=radius)
            beyond = ((high < dd.LEAST) & (high > 0)) | ~(high <= dd.MOST)
            np.copyto(out[:RADIUS], 0, where=beyond)
            np.copyto(radius, np.inf, where=beyond)
            np.maximum(radius, _LEAST_RADIUS, out=radius, where=radius > 0)
        if not np.isfinite(out[RADIUS:].max()):
            np.copyto(out[RADIUS:], np.inf, where=np.isnan(out[RADIUS:]))  # only 0 times infinity, which is no bound
        if not lower.min() >= _LEAST_BOUND:
            np.copyto(lower, 0, where=lower < _LEAST_BOUND)
        bounds = out[FIRST:].reshape(KINDS, 2, *out.shape[1:])
        found = Bounded(out, terms)
        size, error = found.size, bounds[ERROR]
        most = (size[1] + error[1]) * (1 + 4 * UNIT)
        if not np.all(most < self._largest):
            np.copyto(error[0], np.inf, where=(size[0] + error[0]) * (1 - 4 * UNIT) >= self._largest)
            np.copyto(error[1], np.inf, where=~(most < self._largest))
        return found
