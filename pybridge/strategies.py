"""Hypothesis strategies that draw values for a theorem's variables on which its hypotheses certainly hold."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
from flint import fmpq
from typing_extensions import assert_never

from pybridge import ir
from pybridge.algebras.formats import dtype_name, format_of
from pybridge.batches.draws import Value
from pybridge.batches.generate import Batch
from pybridge.batches.parametrize import Vector, orthonormal_family, unit_vector
from pybridge.batches.plan import Plan
from pybridge.checking.hypotheses import Unmet, certify
from pybridge.errors import InputError, MissingToolError, install
from pybridge.export.loading import Export
from pybridge.export.own import own_or
from pybridge.semantics.environment import dimension_of

try:
    from hypothesis import strategies as st
except ImportError:
    _INSTALLED = False
else:
    _INSTALLED = True

__all__ = ["for_theorem"]

Numbers: TypeAlias = "st.SearchStrategy[fmpq]"

_WIDTHS = {"float64": 64, "float32": 32, "float16": 16}
_LARGEST = 1000


def for_theorem(
    name: str, *, dtype: object = "float64", max_size: int = 8, export: Export | None = None
) -> st.SearchStrategy[dict[str, Any]]:
    """A strategy of keyword arguments: a value for each variable of the theorem, satisfying its hypotheses.

    Every example is certified: root-free hypotheses in exact rationals, others in balls.

    Parameters
    ----------
    name : str
        A theorem of the export.
    dtype : str, dtype or None
        float64, float32 or float16, by its name or as NumPy's: vectors are arrays of it, scalars Python floats that it holds.
        None: exact ``Fraction`` values and tuples of them, which a hypothesis that hardly any float meets (‖u‖ = 1) needs.
    max_size : int
        The most entries of a vector, at least 1.
    export : Export, optional
        Where the theorem is looked up; the package's own by default.

    Raises
    ------
    UnknownNameError
        There is no such theorem.
    InputError
        The dtype is unknown, a hypothesis asks for exact rationals, or a variable is a map (a loss) or a set.
    MissingToolError
        Hypothesis is not installed.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(for_theorem("norm_sq_backward", dtype="float32"))
    ... def test(values):
    ...     assert values["y"].shape == values["g"].shape
    ...     assert values["y"].dtype == "float32"
    >>> test()
    """
    if not _INSTALLED:
        raise MissingToolError("hypothesis is not installed", hint=f"`{install('strategies')}`")
    if not isinstance(max_size, int) or max_size < 1:
        raise InputError(f"max_size is {max_size!r}", hint="give a number of entries, at least 1")
    drawn = None if dtype is None else _drawn(dtype)
    document = own_or(export)
    theorem = document.theorem(name)
    plan = Plan(theorem, document.definitions)
    for variable in theorem.variables:
        if isinstance(variable.kind, ir.LossKind | ir.FieldKind | ir.OperatorKind | ir.SetKind):
            raise _no_strategy(theorem, variable)
    for one in plan.determined:
        raise InputError(
            f"{theorem.name}: {one.hypothesis} determines {one.name}, and no strategy draws it", hint="`pybridge check` does"
        )
    constrained = sorted(plan.unit | plan.orthonormal)
    if drawn is not None and constrained:
        raise InputError(f"{theorem.name}: hardly any {drawn} meets the hypothesis on {constrained[0]}", hint="pass dtype=None")

    def certain(batch: Batch) -> bool:
        return not isinstance(certify(plan, batch), Unmet)

    return (
        _batches(plan, _numbers(drawn), max_size)
        .filter(certain)
        .map(lambda batch: {variable: _out(value, drawn) for variable, value in batch.values.items()})
    )


def _drawn(dtype: object) -> str:
    """The name of the format that values are drawn in."""
    known = format_of(dtype)
    if known is None or known.name not in _WIDTHS:
        hint = f"there are {', '.join(_WIDTHS)}, and None"
        raise InputError(f"no values of dtype {dtype_name(dtype)!r} are drawn", hint=hint)
    return known.name


def _numbers(dtype: str | None) -> Numbers:
    """Small integers first, for they are what an example shrinks to."""
    small = st.integers(-3, 3).map(fmpq)
    if dtype is None:
        return small | st.fractions(-4, 4, max_denominator=7).map(lambda value: fmpq(value.numerator, value.denominator))
    floats = st.floats(-_LARGEST, _LARGEST, width=_WIDTHS[dtype])  # type: ignore[arg-type]
    return small | floats.map(lambda value: fmpq(*value.as_integer_ratio()))


def _batches(plan: Plan, numbers: Numbers, largest: int) -> st.SearchStrategy[Batch]:
    """Values of the kinds of the variables, in which the equality hypotheses that have a parametrization hold."""

    @st.composite
    def batches(draw: st.DrawFn) -> Batch:
        theorem = plan.theorem
        sizes = {name: draw(st.integers(1, largest)) for name in (*(index.name for index in theorem.indices), *theorem.spaces)}
        for variable in theorem.variables:  # no more orthonormal vectors than dimensions
            if isinstance(kind := variable.kind, ir.FamilyKind) and variable.name in plan.orthonormal:
                sizes[kind.index] = min(sizes[kind.index], dimension_of(kind.space, sizes))
        values = {variable.name: draw(_value(variable, plan, numbers, sizes)) for variable in theorem.variables}
        return Batch(name="", family="", seed=None, sizes=sizes, values=values, origin="drawn by hypothesis")

    return batches()


def _value(variable: ir.Variable, plan: Plan, numbers: Numbers, sizes: dict[str, int]) -> st.SearchStrategy[Value]:
    match variable.kind:
        case ir.ScalarKind():
            return numbers
        case ir.VectorKind(space):
            drawn = _vector(numbers, dimension_of(space, sizes))
            return drawn.map(unit_vector) if variable.name in plan.unit else drawn
        case ir.PositionKind(index):
            return st.integers(0, sizes[index] - 1)
        case ir.FamilyKind(index, space):
            count, dimension = sizes[index], dimension_of(space, sizes)
            if variable.name in plan.orthonormal:
                normals = st.lists(_vector(st.integers(-9, 9).map(fmpq), dimension), max_size=3)
                return normals.map(lambda found: orthonormal_family(found, count, dimension))
            return st.tuples(*(_vector(numbers, dimension) for _ in range(count)))
        case ir.LossKind() | ir.FieldKind() | ir.OperatorKind() | ir.SetKind():
            raise _no_strategy(plan.theorem, variable)
        case _:
            assert_never(variable.kind)


def _no_strategy(theorem: ir.Theorem, variable: ir.Variable) -> InputError:
    what = "set" if isinstance(variable.kind, ir.SetKind) else "map"
    return InputError(
        f"{theorem.name}: {variable.name} is a {what}, and no strategy draws {what}s", hint="`pybridge check` does"
    )


def _vector(numbers: Numbers, size: int) -> st.SearchStrategy[Vector]:
    """Any vector, or a constant one, which a hypothesis may ask for."""
    return st.tuples(*(numbers for _ in range(size))) | numbers.map(lambda value: (value,) * size)


def _out(value: Value, dtype: str | None) -> Any:
    """A value as the caller gets it."""
    if isinstance(value, tuple):
        parts = [_out(part, dtype) for part in value]
        return tuple(parts) if dtype is None else np.array(parts, dtype=dtype)
    if isinstance(value, int):
        return value
    if not isinstance(value, fmpq):
        raise TypeError(f"{value!r} is no number")  # for_theorem refuses theorems about maps
    exact = Fraction(int(value.p), int(value.q))
    return exact if dtype is None else float(exact)
