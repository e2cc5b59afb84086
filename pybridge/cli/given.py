"""What ``check --data`` says of somebody's batch once, for all theorems: the hypotheses that do not hold on it, and remarks.

In: the evaluations.  Out: lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from pybridge import ir
from pybridge.cli.tables import Rows, plain, short_name
from pybridge.evaluation.naming import ascii_name, spelled
from pybridge.evaluation.results import STANDS, Evaluation
from pybridge.evaluation.select import Selection
from pybridge.evaluation.text import constant, nearest
from pybridge.export.loading import Export

_SHORT = 40
"""Characters of a quotient that somebody may want to type."""


def unmet(found: Sequence[Evaluation]) -> list[str]:
    """Each hypothesis that does not hold on a batch, with its value, and in how many theorems it stands."""
    rows: dict[tuple[str, ...], int] = {}
    for one in found:
        if one.verdict == "vacuous":
            bad = sum(batch.verdict == "vacuous" for batch in one.batches)
            where = f"on {bad} of {len(one.batches)} batches, at {list(one.worst.place)}: " if len(one.batches) > 1 else ""
            for condition in one.worst.unmet:
                row = (condition.statement, STANDS[condition.truth], f"{where}{condition.value}")
                rows[row] = rows.get(row, 0) + 1
    if not rows:
        return []
    cells = tuple((*row, str(count)) for row, count in rows.items())
    table = plain(Rows(("hypothesis", "", "value", "theorems"), cells))
    said = "vacuous: a theorem says nothing of a batch on which a hypothesis of it does not certainly hold"
    return ["", said, *(f"  {line}" for line in table)]


def remarks(found: Sequence[Evaluation], export: Export) -> list[str]:
    """What a reader of the table may not think of: numbers that are no decimals, arrays that are constant."""
    batches = [batch for one in found for batch in one.batches]
    numbers = dict.fromkeys((name, value) for batch in batches for name, value in batch.numbers.items())
    lines = []
    for name, value in numbers:
        said, decimal = nearest(value)
        quotient = str(Fraction(decimal)) if said else ""
        other = f"; --set {ascii_name(name)}={quotient} is that decimal" if len(quotient) <= _SHORT else ""
        lines += [f"{name} {said}{other}"] if said else []
    parameters = {one.name for theorem in export.theorems.values() for one in theorem.variables if _is_number(one)}
    places: dict[str, set[tuple[int, ...]]] = {}
    for batch in batches:
        for name in batch.constant:
            if name not in parameters:  # such as γ of another layer, which is a vector of ones to begin with
                places.setdefault(name, set()).add(batch.place)
    several = any(len(one.batches) > 1 for one in found)
    lines += [constant(name) + (f" (at {list(min(of))})" if several else "") for name, of in places.items()]
    return [f"remark: {line}" for line in lines]


def _is_number(variable: ir.Variable) -> bool:
    return isinstance(variable.kind, ir.ScalarKind)


def no_equation(found: Sequence[Evaluation], chosen: Selection, export: Export) -> list[str]:
    """That no numbered equation was tried, and what is missing for one, where all that fit were asked for."""
    if any(_is_numbered(one.theorem) for one in found):
        return []
    lacking = {name: of for name, of in chosen.incomplete.items() if _is_numbered(export.theorem(name))}
    if not lacking:
        return []
    name = min(lacking, key=lambda one: len(lacking[one]))
    equation = export.theorem(name).equation
    return [f"remark: no numbered equation was checked: ({equation}), {short_name(name)}, lacks {spelled(lacking[name])}"]


def _is_numbered(theorem: ir.Theorem) -> bool:
    return theorem.equation[:1].isdigit()
