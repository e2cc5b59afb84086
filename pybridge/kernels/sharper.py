"""A second look at long sums: whether what is within the worst case is further off than rounding takes it in all likelihood.

In: judged rows that are all within their bounds.  Out: ``Sharper``: which numbers are off, and a factor that they have in
common.  The bound is that of independent rounding errors (``algebras/independent.py``) at a rate of false alarms of ``RATE``
for all numbers together: what a number's own operations and its sum may be off by, and what an error of each sum that it
depends on makes of it, found out by shifting that sum.  The larger bound of the definition's and that of its squares expanded
counts. Rounding errors of some numbers are not independent, such as those of a sum of equal ones: a row counts only if the
definition itself, computed on it in the format with its sums one after the other, keeps within the bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pybridge.algebras.doubledouble import Doubles
from pybridge.algebras.floats import FloatAlgebra, Floats
from pybridge.algebras.formats import FLOAT16, FLOAT32, Format
from pybridge.algebras.independent import IndependentAlgebra
from pybridge.kernels.enclosed import Enclosed, Programs, enclosed, own_program
from pybridge.kernels.explanations.factors import shown, simplest
from pybridge.kernels.forms import expanded
from pybridge.kernels.guesses import Definitions
from pybridge.kernels.judge import Judgement, factors_seen
from pybridge.kernels.table import Table
from pybridge.semantics.boundedarrays import NotVectorised
from pybridge.semantics.environment import Environment
from pybridge.semantics.evaluate import evaluate
from pybridge.semantics.lowering import Lowering
from pybridge.semantics.machine import Machine
from pybridge.semantics.values import of_program

RATE = 1e-12
"""How likely a right kernel with independent rounding errors is called wrong."""
SAID = f"(allowed by the worst case of all orders; independent rounding errors come so far once in {1 / RATE:.0e} cases)"
SHORTEST, LONGEST = 256, 1 << 20
"""Sums of fewer numbers have a worst case that is near; those of more are left at that."""
SUMS = 8
"""A number depends on no more sums than this."""
_SHORT = 3
"""The digits of a factor that one number alone is evidence of."""
_NARROW, _LARGEST = 2.0**-4, 4
"""How narrowly numbers have to determine a factor that is simple, and the largest of these."""
_SEVERAL = 2
"""So many numbers with one factor are evidence of any."""
_SECOND_ORDER = 1.01
"""What the errors of two sums together, at most a thousandth each, may add to what each of them makes of a number."""
_DTYPES = {FLOAT32.name: np.float32, FLOAT16.name: np.float16}


@dataclass(frozen=True, slots=True)
class Sharper:
    """Numbers that are further off than rounding takes them in all likelihood.

    Parameters
    ----------
    judgements
        All of them, with what is off.
    factor
        What they all are of what they should be; "" where that is nothing in common.
    """

    judgements: tuple[Judgement, ...]
    factor: str

    @property
    def sentence(self) -> str:
        """What is wrong."""
        if self.factor:
            return f"every number is {self.factor} times what it should be"
        return "it is further off than rounding takes sums"


def sharper(judgements: Sequence[Judgement], shortest: int = SHORTEST) -> Sharper:
    """Look again at what is within the worst case, of rows that have at least so many entries."""
    again: list[Judgement] = []
    each: list[tuple[float, float]] = []
    others: list[Judgement] = []
    for judgement in judgements:
        table, off, factor = judgement.table, judgement.off.copy(), judgement.factor
        seen = len(each)
        for rows, found in _looked(judgement, shortest):
            got = table.computed[rows].T
            wrong = (found.distance(got)[0] > found.allowed[1]) & np.isfinite(got)
            suspects = np.flatnonzero(wrong.any(axis=0))
            trusted = [k for k in suspects.tolist() if _keeps(judgement, rows.start + k, found, k)]
            off[[rows.start + k for k in trusted]] |= wrong[:, trusted].T
            each += _factors(found, got, [k for k in range(got.shape[1]) if k in trusted or k not in suspects])
            factor = _smaller(judgement, rows, found, got, factor)
        if len(each) == seen:
            others.append(judgement)
        again.append(replace(judgement, off=off, factor=factor))
    if not any(one.off.any() for one in again):
        return Sharper(tuple(again), "")
    for judgement in others if _common(each) else ():
        each += _of_worst_case(judgement)
    return Sharper(tuple(again), _common(each))


def _looked(judgement: Judgement, shortest: int) -> Iterator[tuple[slice, Enclosed]]:
    """Yield a few rows at a time with the bounds of independent errors."""
    table, comparison = judgement.table, judgement.comparison
    if comparison.arithmetic.compute.name not in _DTYPES or table.lengths is not None:
        return
    if not shortest <= table.size <= LONGEST:
        return
    base = comparison.export.definitions
    ways = [programs_of(comparison.definition.name, definitions) for definitions in (base, expanded(base))]
    step = max(1, LONGEST // 8 // table.size)
    for start in range(0, len(table), step):
        rows = slice(start, min(start + step, len(table)))
        try:
            own, lossy = (_likely(judgement, rows, way) for way in ways)
        except NotVectorised:
            return
        yield rows, replace(own, allowed=np.maximum(own.allowed, np.where(lossy.allowed < np.inf, lossy.allowed, 0)))


def programs_of(name: str, definitions: Definitions) -> Programs:
    """The program of a definition, among these."""
    lowering = Lowering(definitions)
    return Programs(lowering, own_program(definitions[name], lowering))


def _likely(judgement: Judgement, rows: slice, way: Programs) -> Enclosed:
    """The bounds of some rows: that of a number as if its sums were exact, and what the errors of the sums make of it."""
    table, comparison = judgement.table, judgement.comparison
    algebra = IndependentAlgebra(comparison.arithmetic.compute, RATE, table.computed.size * table.size * SUMS)
    parameters = comparison.definition.parameters
    ((_, found),) = enclosed(way, table, rows, parameters, comparison.arithmetic, whole=True, algebra=algebra)
    errors = [np.broadcast_to(one, (rows.stop - rows.start,)) for one in algebra.errors]
    allowed = found.own.copy()
    value = _moved(table, rows, way, None, None)
    for number, error in enumerate(errors):
        both = (np.abs(_moved(table, rows, way, number, sign * error) - value) for sign in (1.0, -1.0))
        allowed += np.maximum(*both).reshape(rows.stop - rows.start, -1).T * _SECOND_ORDER
    return replace(found, allowed=allowed)


def _moved(table: Table, rows: slice, way: Programs, number: int | None, by: Doubles | None) -> Doubles:
    """The value in float64, one of its sums shifted."""
    values = {name: value[rows] for name, value in table.values.items()}
    machine: Machine[Floats, Floats] = Machine(_Shifted(number, by), of_rows(values, table.size), way.lowering)
    with np.errstate(all="ignore"):
        found = of_program(machine, way.own)
    machine.forget()
    return np.broadcast_to(np.asarray(found), (rows.stop - rows.start, *np.shape(found)[1:]))


class _Shifted(FloatAlgebra):
    """Floats, one of whose sums is shifted."""

    def __init__(self, number: int | None, by: Doubles | None) -> None:
        super().__init__(np.float64, leading=1)
        self.number, self.by, self.done = number, by, 0

    def along(self, parts: Floats) -> Floats:
        """The sum along the first axis."""
        total = super().along(parts)
        self.done += 1
        return total + self.by if self.by is not None and self.done - 1 == self.number else total


def _smaller(judgement: Judgement, rows: slice, found: Enclosed, got: np.ndarray, factor: float) -> float:
    """The factor that takes a number of a row out of its bound, of the rows of which a number out of it is believed."""
    each = factors_seen(found, got).min(axis=0, initial=np.inf)
    for column in np.argsort(each).tolist():
        if each[column] >= factor:
            break
        if _keeps(judgement, rows.start + column, found, column):
            return float(each[column])
    return factor


def _keeps(judgement: Judgement, number: int, found: Enclosed, column: int) -> bool:
    """Whether the definition, computed on a row with its sums one after the other, is within the bounds."""
    table, comparison = judgement.table, judgement.comparison
    one = _of_one(table, number, comparison.arithmetic.compute)
    algebra = _InTurn(_DTYPES[comparison.arithmetic.compute.name])
    with np.errstate(all="ignore"):
        value = evaluate(comparison.definition.body, algebra, one, comparison.export.definitions)
    computed = np.atleast_1d(np.asarray(value, dtype=np.float64)).reshape(-1, 1)
    alone = Enclosed(
        found.value.taken(found.value.data[..., column : column + 1]),
        found.own[..., column : column + 1],
        found.allowed[..., column : column + 1],
    )
    return bool((alone.distance(computed)[0] <= alone.allowed[1]).all())


def _of_one(table: Table, number: int, compute: Format) -> Environment[Floats, Floats]:
    dtype = _DTYPES[compute.name]
    values = {name: np.asarray(value[number], dtype=dtype) for name, value in table.values.items()}
    scalars = {name: value for name, value in values.items() if not value.shape}
    vectors = {name: value for name, value in values.items() if value.shape}
    sizes = dict(table.lengths) if table.lengths is not None else Everywhere(table.size)
    return Environment(sizes, scalars, vectors)


class Everywhere(dict[str, int]):
    """The same size for every index type."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size

    def __missing__(self, key: str) -> int:
        return self.size


class _InTurn(FloatAlgebra):
    """Floats whose sums are taken one number after the other."""

    def along(self, parts: Floats) -> Floats:
        """The sum along the first axis."""
        return np.asarray(np.cumsum(parts, axis=0, dtype=self.dtype)[-1])


def of_rows(values: Mapping[str, Doubles], size: int) -> Environment[Floats, Floats]:
    """Rows of vectors, and a scalar for each, all index types of one size."""
    scalars = {name: value for name, value in values.items() if value.ndim == 1}
    vectors = {name: value for name, value in values.items() if value.ndim == 2}
    return Environment(Everywhere(size), scalars, vectors)


def _factors(found: Enclosed, got: np.ndarray, rows: Sequence[int]) -> list[tuple[float, float]]:
    """An interval for the factor that each number of some rows is of what it should be; one of 0 is any factor, or none."""
    exact, room, computed = found.value.value[0][:, rows], found.allowed[1][:, rows], got[:, rows]
    with np.errstate(all="ignore"):
        middle, width = computed / exact, room / np.abs(exact)
    good = np.isfinite(middle) & np.isfinite(width)
    if not (good | (np.abs(computed) <= room)).all():
        return [(np.inf, -np.inf)]
    return list(zip((middle - width)[good].tolist(), (middle + width)[good].tolist(), strict=True))


def _of_worst_case(judgement: Judgement) -> Iterator[tuple[float, float]]:
    """What the numbers of rows that are not looked at again leave for the factor."""
    table = judgement.table
    try:
        for columns, found in judgement.comparison.in_floats(table, slice(None)):
            yield from _factors(found, table.computed[:, columns].T, range(len(table)))
    except NotVectorised:
        yield np.inf, -np.inf


def factor_of_all(judgements: Sequence[Judgement], shortest: int = SHORTEST, *, plain: bool) -> str:
    """What every number is of what it should be; empty where that is nothing in common.

    Parameters
    ----------
    plain
        Whether it has to be a factor that somebody writes down, as where one number alone is evidence of it: a half, 1.5, a
        small whole number.  The rounding of a mean may be one factor of a few numbers, near 1.
    """
    if all((one.table.computed == 0).all() for one in judgements):
        return "every number is 0"
    each: list[tuple[float, float]] = []
    for judgement in judgements:
        seen = len(each)
        for rows, found in _looked(judgement, shortest):
            got = judgement.table.computed[rows].T
            each += _factors(found, got, range(got.shape[1]))
        if len(each) == seen:
            each += _of_worst_case(judgement)
    low, high = max((one for one, _ in each), default=np.inf), min((other for _, other in each), default=-np.inf)
    if not low <= high or low <= 0 <= high or low <= 1 <= high or high - low > _NARROW * abs(low):
        return ""
    factor = simplest(low, high)
    if factor.denominator <= 2 and abs(factor) <= _LARGEST:
        return f"every number is {float(factor):g} times what it should be"
    several = not plain and sum(other - one <= _NARROW * abs(low) for one, other in each) >= _SEVERAL
    return f"every number is {shown(low, high)} times what it should be" if several else ""


def _common(each: Sequence[tuple[float, float]]) -> str:
    """The simplest factor that all intervals hold; "" where there is none, and for one number alone where it is long."""
    if not each:
        return ""
    low, high = max(one for one, _ in each), min(other for _, other in each)
    found = "" if not low <= high or low <= 1 <= high or low <= 0 <= high else shown(low, high)
    return found if len(each) > 1 or sum(map(str.isdigit, found.lstrip("-0."))) <= _SHORT else ""
