"""What a kernel computed, against the enclosed value and the error bound of its arithmetic, number by number in balls.

In: a row (a batch with what a kernel computed for it), a definition and the export.  Out: for each computed number an
``Entry``: the real value, how far from it a computation may end, and whether this one ended further away. An entry is
only said to be off, or not, where balls decide it; precision rises until they do. Whole arrays are compared by
``enclosed.py``, and what that leaves open comes here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from flint import arb

from pybridge import ir
from pybridge.algebras.ball import balls_of
from pybridge.algebras.base import Truth
from pybridge.algebras.rounding import Rounded, RoundedVector, RoundingAlgebra
from pybridge.checking.settle import PRECISIONS
from pybridge.errors import InputError, NoBoundError, brief
from pybridge.export.loading import Export
from pybridge.kernels.arithmetic import Arithmetic, default_compute
from pybridge.kernels.forms import Form
from pybridge.kernels.guesses import Definitions
from pybridge.kernels.table import Row
from pybridge.semantics.environment import Raw, bind
from pybridge.semantics.evaluate import evaluate, truth


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Entry:
    """One computed number: ``got``, the real value ``exact``, the ``allowed`` distance, and the ``scale`` of the terms."""

    place: tuple[int, ...]
    got: float
    exact: arb
    allowed: arb
    scale: arb
    off: bool

    def __repr__(self) -> str:
        exact = self.exact.mid().str(12, radius=False)
        return brief(self, f"{list(self.place)} is {self.got!r}, and should be {exact}{': off' if self.off else ''}")

    @property
    def distance(self) -> arb:
        """How far the computed number is from the real one; not finite where it is no number."""
        return abs(arb(self.got) - self.exact)

    def share(self) -> float:
        """The distance over the allowed one: at most 1 where the entry is not off."""
        if self.distance == 0:
            return 0.0
        return float((self.distance / self.allowed).abs_upper()) if math.isfinite(self.got) else math.inf


def entries(
    row: Row, ways: Sequence[Form], definition: ir.Definition, export: Export, arithmetic: Arithmetic
) -> tuple[Entry, ...]:
    """Compare every number of a row.

    Parameters
    ----------
    row, definition, export
        The batch, with values for the definition's parameters.
    ways
        The definition's own body and terms proved equal to it: the bound is the largest of theirs.
    arithmetic
        Of the kernel.

    Raises
    ------
    NoBoundError
        The batch allows no bound, or one so wide that no digit is left to compare.
    """
    for precision in PRECISIONS:
        known = _widest(row, ways, definition, export, arithmetic, precision)
        standings = [_standing(got, one, precision) for got, one in zip(row.computed, known, strict=True)]
        if Truth.UNKNOWN not in standings:
            break
    else:
        raise InputError(f"{definition.name}: not decided at {PRECISIONS[-1]} bits on {row.case}", hint="use another batch")
    return tuple(
        Entry(place=place, got=got, exact=one.value, allowed=one.error, scale=one.scale, off=standing is Truth.FAILS)
        for place, got, one, standing in zip(row.places, row.computed, known, standings, strict=True)
    )


def bounds(
    row: Row, body: ir.Term, parameters: Sequence[ir.Variable], definitions: Definitions, arithmetic: Arithmetic, precision: int
) -> tuple[Rounded, ...]:
    """The value of a term on a row and the error bound of computing it, result stored; one for each coordinate."""
    algebra = RoundingAlgebra(precision, arithmetic.compute)
    environment = bind(parameters, sizes_of(parameters, row), row.values, algebra)
    found = evaluate(body, algebra, environment, definitions)
    with algebra.context():
        return stored_each(found, arithmetic)


def stored_each(found: Rounded | RoundedVector, arithmetic: Arithmetic) -> tuple[Rounded, ...]:
    """The same with the error of storing each number, one for each coordinate."""
    several = found if isinstance(found, tuple) else (found,)
    return tuple(_stored(one, arithmetic) for one in several)


def fits(row: Row, known: Sequence[Rounded], *, silent: bool = False, precision: int = PRECISIONS[0]) -> bool:
    """Whether every number of the row is certainly within these bounds, all finite; or silent, where there is none."""
    return all(
        _standing(got, one, precision) is Truth.HOLDS if one.error.is_finite() else silent
        for got, one in zip(row.computed, known, strict=True)
    )


def _widest(
    row: Row, ways: Sequence[Form], definition: ir.Definition, export: Export, arithmetic: Arithmetic, precision: int
) -> tuple[Rounded, ...]:
    """The enclosures of the definition, each with the largest bound of the ways to compute it."""
    own, *others = ways
    best = bounds(row, own.body, definition.parameters, export.definitions, arithmetic, precision)
    for number, one in enumerate(best):
        if not one.error.is_finite():
            raise NoBoundError(
                f"{definition.name}: no error bound for {arithmetic.compute.name} at {list(row.places[number])}"
                f"{f' of {row.case}' if row.case else ''}: variance + ε may round to 0 or less, or something overflows",
                hint=_unbounded(row, arithmetic),
            )
    if all(one.error >= one.scale and one.error > 0 for one in best) and any(one.scale > 0 for one in best):
        raise NoBoundError(
            f"{definition.name}: {arithmetic.compute.name} leaves no digit to compare on this batch of {row.size} entries",
            hint=f"give fewer entries, or a smaller offset over spread{_or_wider(arithmetic)}",
        )
    for form in others:
        renamed = {variable: row.values[p.name] for p, variable in zip(definition.parameters, form.names, strict=True)}
        parameters = tuple(ir.Variable(v, p.kind) for p, v in zip(definition.parameters, form.names, strict=True))
        if _certain(form, parameters, renamed, row, export, precision):
            other = bounds(replace(row, values=renamed), form.body, parameters, export.definitions, arithmetic, precision)
            best = tuple(_wider(one, also) for one, also in zip(best, other, strict=True))
    return best


def _unbounded(row: Row, arithmetic: Arithmetic) -> str:
    """What to do where there is no bound: numbers whose squares overflow are told from a batch without a spread."""
    values: Iterable[Any] = row.values.values()
    most = max((float(np.abs(np.asarray(one, dtype=np.float64)).max(initial=0.0)) for one in values), default=0.0)
    if most * most * row.size >= float(arithmetic.compute.largest):
        return f"give smaller numbers: the squares of {most:.3g} overflow {arithmetic.compute.name}{_or_wider(arithmetic)}"
    constant = "give a batch that is not (nearly) constant: the statements assume 0 < variance + ε"
    return constant + _or_wider(arithmetic)


def _or_wider(arithmetic: Arithmetic) -> str:
    """What else there is to do where the caller has chosen to compute in half precision throughout."""
    wider = default_compute(arithmetic.storage)
    if arithmetic.compute.bits >= wider.bits:
        return ""
    return f"; or leave out compute: {wider.name} is what {arithmetic.storage.name} is taken to be computed in"


def _certain(
    form: Form, parameters: Sequence[ir.Variable], values: Mapping[str, Raw], row: Row, export: Export, precision: int
) -> bool:
    balls = balls_of(precision)
    environment = bind(parameters, sizes_of(parameters, row), values, balls)
    return all(
        truth(hypothesis.proposition, balls, environment, export.definitions) is Truth.HOLDS for hypothesis in form.hypotheses
    )


def _wider(one: Rounded, other: Rounded) -> Rounded:
    """The bound may be that of another way; a way that has none where the first has one says nothing."""
    wider = other.error.is_finite() and other.error > one.error
    return replace(one, error=other.error) if wider else one


def _stored(one: Rounded, arithmetic: Arithmetic) -> Rounded:
    if arithmetic.storage is arithmetic.compute:
        return one
    size = abs(one.value) + one.error
    error = one.error + arb(arithmetic.storage.unit) * size + arb(arithmetic.storage.smallest)
    if not size < arb(arithmetic.storage.largest):
        error = arb("inf")
    return replace(one, error=error)


def _standing(got: float, one: Rounded, precision: int) -> Truth:
    """Whether the number is certainly within the bound, certainly not, or neither."""
    if not math.isfinite(got):
        return Truth.FAILS
    with balls_of(precision).context():
        distance = abs(arb(got) - one.value)
        if distance <= one.error:
            return Truth.HOLDS
        return Truth.FAILS if distance > one.error else Truth.UNKNOWN


def sizes_of(parameters: Sequence[ir.Variable], row: Row) -> dict[str, int]:
    """The size of the row, for every index type that a parameter is a vector over."""
    if row.lengths is not None:
        return dict(row.lengths)
    kinds = [parameter.kind for parameter in parameters]
    spaces = [kind.space for kind in kinds if isinstance(kind, ir.VectorKind)]
    return {space.index: row.size for space in spaces if isinstance(space, ir.Euclidean)}
