"""A proved theorem, with what a kernel computed in place of the definitions it calls.

The two sides may be apart by what the error bounds of the computed values allow, carried through the statement without
further rounding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from flint import arb

from pybridge import ir
from pybridge.algebras.exact import rational
from pybridge.algebras.rounding import Rounded, RoundedVector, RoundingAlgebra
from pybridge.batches import Batch
from pybridge.compare import Arithmetic, Entry, Row, entries
from pybridge.determine import determined
from pybridge.diagnosis import Judged, Outcome, WithinBound, diagnose
from pybridge.environment import Environment, bind
from pybridge.errors import InputError
from pybridge.evaluate import sides
from pybridge.export import Export
from pybridge.formats import FLOAT64, Format
from pybridge.forms import forms
from pybridge.frameworks import Doubles
from pybridge.hypotheses import Unmet, certify
from pybridge.kernelreport import Finding, lines
from pybridge.kernelvalues import arranged, default_compute, numbers, rows_of
from pybridge.layout import Layout
from pybridge.oracles import by_name
from pybridge.render import text
from pybridge.rewrite import everywhere
from pybridge.settle import PRECISIONS
from pybridge.traverse import subterms, terms

_CALL = ir.Call | ir.VCall
_PRECISION = PRECISIONS[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A theorem that does not hold of computed values: what to print, and the outcome of the diagnosis of those values."""

    report: tuple[str, ...]
    outcome: Outcome | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A call in a statement that the kernel's values stand for."""

    call: ir.Call | ir.VCall
    definition: ir.Definition
    got: Doubles
    arithmetic: Arithmetic

    @property
    def name(self) -> str:
        """A variable that no statement has."""
        return f"computed {self.definition.name}"


def unsatisfied(
    theorem: ir.Theorem,
    computed: Mapping[str, Any],
    variables: Mapping[str, Any],
    axis: int | Sequence[int],
    compute: Format | None,
    export: Export,
) -> Broken | None:
    """Return what is wrong, None where nothing is; the parameters are those of ``testing.assert_satisfies``."""
    for one in determined(theorem):
        raise InputError(
            f"{theorem.name}: {one.hypothesis} determines {one.name}, which is no argument", hint="use another theorem"
        )
    if not isinstance(computed, Mapping):
        raise InputError(
            f"{theorem.name}: computed is of type {type(computed).__name__}",
            hint='give what the kernel computed by the definition it stands for: {"backward": dy}',
        )
    places = [_place(theorem, name, value, compute, export) for name, value in computed.items()]
    if not places:
        raise InputError(
            f"{theorem.name}: computed is empty: nothing of a kernel's would be tested", hint=f"it calls {_listed(theorem)}"
        )
    given = by_name(theorem.name, [variable.name for variable in theorem.variables], variables)
    layout, values = arranged(theorem.name, theorem.variables, given, axis)
    for batch in np.ndindex(layout.leading):
        _certify(theorem, layout, values, batch, export)
    statement = _substituted(theorem, places)
    found = [_found(place, layout, values, export) for place in places]
    for number, batch in enumerate(np.ndindex(layout.leading)):
        rows = [one.judged[number] for one in found]
        where = f" at {list(batch)}" if batch else ""
        if (apart := _apart(theorem, statement, layout, values, batch, places, rows, export)) is not None:
            return Broken(report=(*_headed(theorem, apart + where), *_values(found)), outcome=_outcome(found))
    if (outcome := _outcome(found)) is not None:
        return Broken(
            report=(*_headed(theorem, "the two sides agree, but a value in them is wrong"), *_values(found)), outcome=outcome
        )
    return None


def _calls(theorem: ir.Theorem) -> tuple[ir.Call | ir.VCall, ...]:
    every = (inner for term in terms(theorem.conclusion) for inner in subterms(term))
    return tuple(dict.fromkeys(inner for inner in every if isinstance(inner, _CALL)))


def _listed(theorem: ir.Theorem) -> str:
    return ", ".join(dict.fromkeys(call.name for call in _calls(theorem))) or "no definition"


def _place(theorem: ir.Theorem, name: str, value: Any, compute: Format | None, export: Export) -> _Place:
    definition = export.definition(name)
    calls = [call for call in _calls(theorem) if call.name == definition.name]
    if len(calls) != 1:
        if calls:
            listed = " and ".join(text(call) for call in calls)
            raise InputError(
                f"{theorem.name} calls {definition.name} more than once: {listed}", hint="use a theorem that calls it once"
            )
        raise InputError(f"{theorem.name} does not call {definition.name}", hint=f"it calls {_listed(theorem)}")
    if not all(isinstance(arg, ir.Var | ir.VVar | ir.Nat) for arg in calls[0].args):
        raise InputError(f"{theorem.name} calls {text(calls[0])}, whose arguments are no variables", hint="use another theorem")
    got, known = numbers(theorem.name, f"computed {name}", value, finite=False)
    storage = known or FLOAT64
    return _Place(
        call=calls[0],
        definition=definition,
        got=got,
        arithmetic=Arithmetic(compute=compute or default_compute(storage), storage=storage),
    )


def _certify(
    theorem: ir.Theorem, layout: Layout, values: Mapping[str, Doubles], batch: tuple[int, ...], export: Export
) -> None:
    exactly = {
        name: tuple(map(rational, value[batch].tolist())) if value[batch].ndim else rational(float(value[batch]))
        for name, value in values.items()
    }
    sizes = {index.name: layout.size for index in theorem.indices}
    held = certify(theorem, Batch(name="", family="", seed=None, sizes=sizes, values=exactly, origin=""), export.definitions)
    if isinstance(held, Unmet):
        hypothesis = next(h for h in theorem.hypotheses if h.name == held.name)
        where = f" at {list(batch)}" if batch else ""
        raise InputError(
            f"{theorem.name}: the hypothesis {hypothesis.statement} does not hold{where}", hint="the theorem says nothing here"
        )


def _substituted(theorem: ir.Theorem, places: Sequence[_Place]) -> ir.Proposition:
    names: dict[ir.Term, ir.Term] = {
        place.call: ir.VVar(place.name) if isinstance(place.call, ir.VCall) else ir.Var(place.name) for place in places
    }

    def other(term: ir.Term) -> ir.Term:
        return names.get(term, term)

    match proposition := theorem.conclusion:
        case ir.Eq() | ir.Ne() | ir.Lt() | ir.Le() | ir.VectorEq() | ir.VectorNe():
            changed: dict[str, Any] = {
                "left": everywhere(proposition.left, other),
                "right": everywhere(proposition.right, other),
            }
            return replace(proposition, **changed)
        case _:
            raise InputError(
                f"{theorem.name}: its conclusion is neither an equation nor an inequality", hint="use another theorem"
            )


def _found(place: _Place, layout: Layout, values: Mapping[str, Doubles], export: Export) -> Finding:
    """Compare the kernel's values with the definition they stand for."""
    definition = place.definition
    given: dict[str, Doubles] = {}
    for parameter, arg in zip(definition.parameters, place.call.args, strict=True):
        if isinstance(arg, ir.Nat):
            given[parameter.name] = np.full(layout.leading, float(arg.value))
        elif isinstance(arg, ir.Var | ir.VVar):
            given[parameter.name] = values[arg.name]
    ways = forms(definition, export)
    judged = tuple(
        Judged(row=row, entries=_entries(row, place, export)) for row in rows_of(definition, layout, given, place.got, "", {})
    )
    wrong = [one for one in judged if one.off]
    return Finding(
        definition=definition,
        ways=ways,
        arithmetic=place.arithmetic,
        judged=judged,
        smallest=min(wrong, key=lambda one: one.row.size) if wrong else None,
        outcome=diagnose(judged, definition, export, place.arithmetic),
    )


def _entries(row: Row, place: _Place, export: Export) -> tuple[Entry, ...]:
    return entries(row, forms(place.definition, export), place.definition, export, place.arithmetic)


def _apart(
    theorem: ir.Theorem,
    statement: ir.Proposition,
    layout: Layout,
    values: Mapping[str, Doubles],
    batch: tuple[int, ...],
    places: Sequence[_Place],
    rows: Sequence[Judged],
    export: Export,
) -> str | None:
    """Say how far the sides are apart, where that is further than the bounds of the computed values allow."""
    algebra = RoundingAlgebra(_PRECISION, None)
    sizes = {index.name: layout.size for index in theorem.indices}
    base = bind(theorem.variables, sizes, {name: value[batch].tolist() for name, value in values.items()}, algebra)
    allowed, computed = (
        sides(statement, algebra, _with(base, places, rows, algebra, exact=exact), export.definitions)
        for exact in (True, False)
    )
    for bound, side in zip(allowed, computed, strict=True):
        room = bound.left.error + bound.right.error
        with algebra.context():
            distance = abs(side.left.value - side.right.value)
            if distance <= room or (side.relation.value in "<≤" and side.left.value - side.right.value <= room):
                continue
            storage = places[0].arithmetic.storage
            spacing = storage.spacing(float(side.left.scale.max(side.right.scale)))
            place = f", {side.place}" if side.place else ""
            return (
                f"with the computed values, left {_decimal(side.left)} {side.relation.value} {_decimal(side.right)} right fails"
                f"{place}: apart by {_ratio(distance, spacing)} ulps of {storage.name}, {_ratio(room, spacing)} are allowed"
            )
    return None


def _with(
    base: Environment[Rounded, RoundedVector],
    places: Sequence[_Place],
    rows: Sequence[Judged],
    algebra: RoundingAlgebra,
    *,
    exact: bool,
) -> Environment[Rounded, RoundedVector]:
    """The environment with the definitions' values and bounds, or with what was computed."""
    scalars, vectors = dict(base.scalars), dict(base.vectors)
    for place, row in zip(places, rows, strict=True):
        given = tuple(
            algebra.given(entry.exact, entry.allowed) if exact else algebra.given(arb(entry.got), arb(0))
            for entry in row.entries
        )
        if isinstance(place.call, ir.VCall):
            vectors[place.name] = given
        else:
            (scalars[place.name],) = given
    return replace(base, scalars=scalars, vectors=vectors)


def _headed(theorem: ir.Theorem, said: str) -> Iterator[str]:
    yield f"{theorem.name}: {said}"
    yield f"Lean: equation ({theorem.equation}), {theorem.file}:{theorem.line}"
    yield from (f"    {line}" for line in theorem.statement.splitlines())
    yield from (f"    {h.name} : {h.statement}   certainly holds" for h in theorem.hypotheses)


def _values(found: Sequence[Finding]) -> Iterator[str]:
    for one in found:
        yield from lines(one)


def _outcome(found: Sequence[Finding]) -> Outcome | None:
    return next((one.outcome for one in found if not isinstance(one.outcome, WithinBound)), None)


def _decimal(side: Rounded) -> str:
    return str(side.value.mid().str(12, radius=False))


def _ratio(distance: arb, spacing: float) -> str:
    return f"{float(distance.abs_upper()) / spacing:.2g}"
