"""A proved theorem, with what a kernel computed in place of the definitions it calls.

In: a theorem, values for its variables, and what a kernel computed, by the names of definitions.  Out: ``Broken``, with what
to print, or None.  The two sides may be apart by what the error bounds of the computed values allow, carried through the
statement without further rounding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from flint import arb

from pybridge import ir
from pybridge.algebras.exact import rational
from pybridge.algebras.formats import Format
from pybridge.algebras.rounding import Rounded, RoundedVector, RoundingAlgebra
from pybridge.batches.generate import Batch
from pybridge.batches.plan import Plan
from pybridge.checking.hypotheses import Unmet, certify
from pybridge.checking.settle import PRECISIONS
from pybridge.errors import InputError, brief
from pybridge.export.loading import Export
from pybridge.kernels.arguments import by_name
from pybridge.kernels.frameworks import Doubles
from pybridge.kernels.judge import comparison
from pybridge.kernels.judged import Judged
from pybridge.kernels.layout import Layout
from pybridge.kernels.outcomes import Outcome, WithinBound
from pybridge.kernels.report import Finding, lines
from pybridge.kernels.rows import finding_of, layout_and_values, table_of
from pybridge.kernels.substitute import ComputedCall, called_by, computed_call, substituted
from pybridge.semantics.environment import Environment, bind
from pybridge.semantics.evaluate import sides

_PRECISION = PRECISIONS[1]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Broken:
    """A theorem that does not hold of computed values: what to print, and the outcome of the diagnosis of those values."""

    report: tuple[str, ...]
    outcome: Outcome | None

    def __repr__(self) -> str:
        return brief(self, self.report[0])


def unsatisfied(
    theorem: ir.Theorem,
    computed: Mapping[str, Any],
    variables: Mapping[str, Any],
    axis: int | Sequence[int],
    compute: Format | None,
    export: Export,
) -> Broken | None:
    """Return what is wrong, None where nothing is; the parameters are those of ``testing.assert_satisfies``."""
    plan = Plan(theorem, export.definitions)
    for one in plan.determined:
        raise InputError(
            f"{theorem.name}: {one.hypothesis} determines {one.name}, which is no argument", hint="use another theorem"
        )
    if not isinstance(computed, Mapping):
        raise InputError(
            f"{theorem.name}: computed is of type {type(computed).__name__}",
            hint='give what the kernel computed by the definition it stands for: {"backward": dy}',
        )
    calls = [computed_call(theorem, name, value, compute, export) for name, value in computed.items()]
    if not calls:
        raise InputError(
            f"{theorem.name}: computed is empty: nothing of a kernel's would be tested", hint=f"it calls {called_by(theorem)}"
        )
    given = by_name(theorem.name, [variable.name for variable in theorem.variables], variables)
    layout, values = layout_and_values(theorem.name, theorem.variables, given, axis)
    for batch in np.ndindex(layout.leading):
        _certify(plan, layout, values, batch)
    statement = substituted(theorem, calls)
    found = [_found(one, layout, values, export) for one in calls]
    for number, batch in enumerate(np.ndindex(layout.leading)):
        rows = [one.judged[number] for one in found]
        where = f" at {list(batch)}" if batch else ""
        if (apart := _apart(theorem, statement, layout, values, batch, calls, rows, export)) is not None:
            return Broken(report=(*_headed(theorem, apart + where), *_values(found)), outcome=_outcome(found))
    if (outcome := _outcome(found)) is not None:
        return Broken(
            report=(*_headed(theorem, "the two sides agree, but a value in them is wrong"), *_values(found)), outcome=outcome
        )
    return None


def _certify(plan: Plan, layout: Layout, values: Mapping[str, Doubles], batch: tuple[int, ...]) -> None:
    theorem = plan.theorem
    exactly = {
        name: tuple(map(rational, value[batch].tolist())) if value[batch].ndim else rational(float(value[batch]))
        for name, value in values.items()
    }
    sizes = {index.name: layout.size for index in theorem.indices}
    held = certify(plan, Batch(name="", family="", seed=None, sizes=sizes, values=exactly, origin=""))
    if isinstance(held, Unmet):
        hypothesis = next(h for h in theorem.hypotheses if h.name == held.name)
        where = f" at {list(batch)}" if batch else ""
        raise InputError(
            f"{theorem.name}: the hypothesis {hypothesis.statement} does not hold{where}", hint="the theorem says nothing here"
        )


def _found(computed: ComputedCall, layout: Layout, values: Mapping[str, Doubles], export: Export) -> Finding:
    """Compare the kernel's values with the definition they stand for."""
    definition = computed.definition
    given: dict[str, Doubles] = {}
    for parameter, arg in zip(definition.parameters, computed.call.args, strict=True):
        if isinstance(arg, ir.Nat):
            given[parameter.name] = np.full(layout.leading, float(arg.value))
        elif isinstance(arg, ir.Var | ir.VVar):
            given[parameter.name] = values[arg.name]
    table = table_of(definition, layout, given, computed.got, "", {})
    return finding_of([table], comparison(definition, computed.arithmetic, export))


def _apart(
    theorem: ir.Theorem,
    statement: ir.Proposition,
    layout: Layout,
    values: Mapping[str, Doubles],
    batch: tuple[int, ...],
    calls: Sequence[ComputedCall],
    rows: Sequence[Judged],
    export: Export,
) -> str | None:
    """Say how far the sides are apart, where that is further than the bounds of the computed values allow."""
    algebra = RoundingAlgebra(_PRECISION, None)
    sizes = {index.name: layout.size for index in theorem.indices}
    base = bind(theorem.variables, sizes, {name: value[batch].tolist() for name, value in values.items()}, algebra)
    allowed, computed = (
        sides(statement, algebra, _with(base, calls, rows, algebra, exact=exact), export.definitions) for exact in (True, False)
    )
    for bound, side in zip(allowed, computed, strict=True):
        room = bound.left.error + bound.right.error
        with algebra.context():
            distance = abs(side.left.value - side.right.value)
            if not distance.is_finite():
                place = f", {side.place}" if side.place else ""
                return f"with the computed values, a side of {side.relation.value} is infinite or no number{place}"
            if distance <= room or (side.relation.value in "<≤" and side.left.value - side.right.value <= room):
                continue
            storage = calls[0].arithmetic.storage
            spacing = storage.spacing(float(side.left.scale.max(side.right.scale)))
            place = f", {side.place}" if side.place else ""
            return (
                f"with the computed values, left {_decimal(side.left)} {side.relation.value} {_decimal(side.right)} right fails"
                f"{place}: apart by {_ratio(distance, spacing)} ulps of {storage.name}, {_ratio(room, spacing)} are allowed"
            )
    return None


def _with(
    base: Environment[Rounded, RoundedVector],
    calls: Sequence[ComputedCall],
    rows: Sequence[Judged],
    algebra: RoundingAlgebra,
    *,
    exact: bool,
) -> Environment[Rounded, RoundedVector]:
    """The environment with the definitions' values and bounds, or with what was computed."""
    scalars, vectors = dict(base.scalars), dict(base.vectors)
    for one, row in zip(calls, rows, strict=True):
        given = tuple(
            algebra.given(entry.exact, entry.allowed) if exact else algebra.given(arb(entry.got), arb(0))
            for entry in row.entries
        )
        if isinstance(one.call, ir.VCall):
            vectors[one.name] = given
        else:
            (scalars[one.name],) = given
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
