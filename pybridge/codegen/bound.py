"""How far from the real number the generated code may end: its own operations, in its own order, in running error bounds.

Every operation is one of float64, with a relative error of at most 2^-53, or none where two are fused; the numbers of float32
arrays are numbers of float64, so reading them costs nothing.  The sums of a batch may be made in any order, as vector units,
chunks and compilers make them.  The result is rounded once more where it is stored as float32.  The bound is that of
``algebras/rounding.py`` for the values of ``values.py``: not for the definition's term, but for what was made of it, where
common factors are taken out of sums and entries are multiplied with an inverse.  That the two are one real number makes it a
bound of the definition: the rewriting is exact where nothing is divided by 0, and there the code refuses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flint import arb

from pybridge.algebras.base import Exact
from pybridge.algebras.formats import FLOAT64, Format
from pybridge.algebras.rounding import INFINITE, Rounded, RoundingAlgebra
from pybridge.codegen.lower import Lowered
from pybridge.codegen.schedule import in_order
from pybridge.codegen.values import Value

_PRECISION = 192


def bounds(
    lowered: Lowered, scalars: Mapping[str, Exact], vectors: Mapping[str, Sequence[Exact]], size: int, stored: Format
) -> list[float]:
    """For each number of the result on one batch, how far the computed one is at most from the real one.

    Parameters
    ----------
    lowered
        The definition as values.
    scalars, vectors
        The arguments by name, exact; the vectors of ``size`` numbers.
    stored
        The format of the result.
    """
    algebra = RoundingAlgebra(_PRECISION, FLOAT64)
    with algebra.context():
        made: dict[Value, list[Rounded]] = {}
        for value in in_order([lowered.result]):
            made[value] = _value(value, made, algebra, scalars, vectors, size)
        return [_stored(one, stored) for one in made[lowered.result]]


def _value(
    value: Value,
    made: Mapping[Value, list[Rounded]],
    algebra: RoundingAlgebra,
    scalars: Mapping[str, Exact],
    vectors: Mapping[str, Sequence[Exact]],
    size: int,
) -> list[Rounded]:
    """One number for each entry, or one for the batch."""
    count = size if value.spread else 1
    args = [made[arg] if arg.spread == value.spread else made[arg] * count for arg in value.args]
    match value.op, args:
        case "input", _:
            name = str(value.data)
            return [algebra.scalar(one) for one in (vectors[name] if value.spread else [scalars[name]])]
        case "number", _:
            return [algebra.scalar(int(str(value.data)))]
        case "size", _:
            return [algebra.scalar(size)]
        case "sum", _:
            return [algebra.sum(made[value.args[0]])]
        case "add", [left, right]:
            return [algebra.add(one, other) for one, other in zip(left, right, strict=True)]
        case "subtract", [left, right]:
            return [algebra.subtract(one, other) for one, other in zip(left, right, strict=True)]
        case "multiply", [left, right]:
            return [algebra.multiply(one, other) for one, other in zip(left, right, strict=True)]
        case "divide", [left, right]:
            return [algebra.divide(one, other) for one, other in zip(left, right, strict=True)]
        case "negate", [arg]:
            return [algebra.negate(one) for one in arg]
        case "sqrt", [arg]:
            return [algebra.sqrt(one) for one in arg]
        case "absolute", [arg]:
            return [algebra.absolute(one) for one in arg]
        case op, _:
            raise AssertionError(op)


def _stored(one: Rounded, stored: Format) -> float:
    error = one.error
    if stored is not FLOAT64:
        size = abs(one.value) + error
        error += arb(stored.unit) * size + arb(stored.smallest)
        if not size < arb(stored.largest):
            error = INFINITE
    return float(error.abs_upper() * (1 + arb(2) ** -50)) if error.is_finite() else float("inf")
