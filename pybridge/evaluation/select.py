"""Which theorems are about the arrays that a file holds.

In: theorems, and arrays by the names they have in a file.  Out: the theorems whose variables are all there, with what each of
them is given; and why others, whose variables are there too, are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from pybridge import ir
from pybridge.algebras.base import Truth
from pybridge.checking.hypotheses import decide_hypothesis
from pybridge.errors import AxisNotNamedError, InputError
from pybridge.evaluation.arrays import batches_of, missing
from pybridge.evaluation.evaluate import plan_of
from pybridge.evaluation.naming import lean_name, meant, spelled
from pybridge.evaluation.needs import needs
from pybridge.export.loading import Export
from pybridge.ir.traverse import mentioned
from pybridge.kernels.rows import numbers

_USUAL = 6
"""So many variables of the most theorems are named to who gives an unknown one."""


@dataclass
class Selection:
    """What is to be evaluated.

    Parameters
    ----------
    chosen
        Theorems, each with what is given for its variables by Lean name.
    left_out
        By the name of a theorem, why it is not evaluated though nothing is missing.
    incomplete
        By the name of a theorem, its variables that nothing is given for.
    """

    chosen: list[tuple[ir.Theorem, dict[str, Any]]] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    incomplete: dict[str, tuple[str, ...]] = field(default_factory=dict)


def by_names(
    theorems: Sequence[Sequence[ir.Theorem]], data: Mapping[str, Any], export: Export, typed: Collection[str] = ()
) -> Selection:
    """The theorems that were asked for: one by its name, or several by their equation, of which those count that can.

    A file may hold more than they take; what was ``typed`` by hand may not be more, as ``evaluate`` takes no other keyword.

    Raises
    ------
    InputError
        An array is a variable of no theorem of the export; what was typed is one of none that was asked for; a variable is
        missing of a theorem asked for by its name, or of all theorems of an equation.
    """
    asked_for = [theorem for group in theorems for theorem in group]
    _refuse_unknown(export, data, asked_for)
    own = tuple(dict.fromkeys(variable.name for theorem in asked_for for variable in theorem.variables))
    if unasked := next((name for name in typed if lean_name(name, own) is None), None):
        raise InputError(
            f"--set: {unasked} is a variable of none of the theorems asked for", hint=f"leave it out: theirs are {spelled(own)}"
        )
    found = Selection()
    for group in theorems:
        errors = []
        for theorem in group:
            given = _given(theorem, data)
            plan = plan_of(theorem, given, export)
            asked = needs(plan, given)
            if asked.missing:
                errors.append(missing(plan, asked.missing))
                found.incomplete[theorem.name] = asked.missing
            else:
                found.chosen.append((theorem, given))
        if len(errors) == len(group):
            raise errors[0]
    return found


def by_arrays(export: Export, data: Mapping[str, Any], axis: int | Sequence[int] | None) -> Selection:
    """Every theorem whose variables are in the file, and whose arrays have the shape it asks for.

    One that a hypothesis restricts to special batches, by an equation such as ``variance y = 0`` or to sizes such as at most 2,
    is left out where that fails.

    Raises
    ------
    AxisNotNamedError
        The arrays have more than one axis, a theorem is about one batch, and ``axis`` is None.
    InputError
        No theorem is chosen; an array is a variable of none of those that are.
    """
    _refuse_unknown(export, data)
    found = Selection()
    hints: dict[str, str] = {}
    for theorem in export.theorems.values():
        given = _given(theorem, data)
        if not given:
            continue
        plan = plan_of(theorem, given, export)
        asked = needs(plan, given)
        if asked.missing:
            found.incomplete[theorem.name] = asked.missing
            continue
        try:
            placed = batches_of(plan, given, axis)
        except AxisNotNamedError:  # what others make of such arrays, they may make by accident
            raise
        except InputError as error:
            for name in given:  # what is wrong with an array is wrong with the file
                if not isinstance(given[name], str | Fraction):
                    numbers(theorem.name, name, given[name])
            why = found.left_out[theorem.name] = error.message.removeprefix(f"{theorem.name}: ")
            hints.setdefault(why, error.hint)
            continue
        special = [h for h in theorem.hypotheses if _is_special(h.proposition, theorem)]
        fails = [h for h in special if any(decide_hypothesis(plan, h, one.batch)[0] is not Truth.HOLDS for one in placed)]
        if fails:
            found.left_out[theorem.name] = f"only batches with {' '.join(fails[0].statement.split())} are meant"
        else:
            found.chosen.append((theorem, given))
    _refuse_unfitting(found)
    _refuse_nothing(found, hints)
    _refuse_unused(export, found, data)
    return found


def _is_special(proposition: ir.Proposition, theorem: ir.Theorem) -> bool:
    """Whether it is an equation, or about nothing but how large a batch is."""
    if isinstance(proposition, ir.Eq | ir.VectorEq | ir.Orthonormal):
        return True
    return not mentioned(proposition) & {variable.name for variable in theorem.variables}


def unused(theorem: ir.Theorem, names: Sequence[str]) -> tuple[str, ...]:
    """Those of the names in a file that are no variable of the theorem."""
    own = [variable.name for variable in theorem.variables]
    return tuple(name for name in names if lean_name(name, own) is None)


def _given(theorem: ir.Theorem, data: Mapping[str, Any]) -> dict[str, Any]:
    """What the file holds for the variables of the theorem.

    Raises
    ------
    InputError
        Two arrays are for the same variable.
    """
    names = [variable.name for variable in theorem.variables]
    found: dict[str, Any] = {}
    for typed, value in data.items():
        name = lean_name(typed, names)
        if name in found:
            raise InputError(f"two arrays are for {name}: {typed} is one of them", hint="leave one out")
        if name is not None:
            found[name] = value
    return found


def _refuse_unknown(export: Export, data: Mapping[str, Any], asked: Sequence[ir.Theorem] = ()) -> None:
    """What is a variable of no theorem at all; the hint is about the theorems ``asked`` for, or about the most."""
    used = Counter(variable.name for theorem in export.theorems.values() for variable in theorem.variables)
    own = tuple(dict.fromkeys(variable.name for theorem in asked for variable in theorem.variables))
    usual = tuple(name for name, _ in used.most_common(_USUAL))
    said = f"the variables of what is asked for are {spelled(own)}" if own else f"the usual ones are {spelled(usual)}"
    for typed in data:
        if lean_name(typed, tuple(used)) is None:
            close = meant(typed, own or usual)
            raise InputError(f"no theorem has a variable {typed!r}", hint=f"{f'did you mean {close}? ' if close else ''}{said}")


def _refuse_unfitting(found: Selection) -> None:
    """Arrays that one theorem takes for vectors have to fit those of the others: else one was saved in another shape."""
    shapes: dict[str, tuple[int, ...]] = {}
    for theorem, given in found.chosen:
        kinds = {variable.name: variable.kind for variable in theorem.variables}
        if not any(isinstance(kinds[name], ir.FamilyKind | ir.OperatorKind) for name in given):
            shapes |= {name: np.shape(value) for name, value in given.items() if isinstance(kinds[name], ir.VectorKind)}
    try:
        np.broadcast_shapes(*shapes.values())
    except ValueError:
        listed = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise InputError(f"shapes do not fit together: {listed}", hint="give arrays of one shape, or name theorems") from None


def _refuse_nothing(found: Selection, hints: Mapping[str, str]) -> None:
    """A run that checks nothing; of the reasons that of the most theorems is said."""
    if found.chosen:
        return
    if not found.left_out:
        said = "no theorem has all its variables in what is given"
        raise InputError(f"nothing is checked: {said}", hint=_least(found) or "see `pybridge show`")
    (why, _), *_ = Counter(found.left_out.values()).most_common()
    raise InputError(f"nothing is checked: {why}", hint=hints.get(why, "see `pybridge show`"))


def _refuse_unused(export: Export, found: Selection, data: Mapping[str, Any]) -> None:
    """An array that nothing takes; of the reasons that of the most theorems is said which have the variable."""
    used = {name for _, given in found.chosen for name in given}
    for typed in data:
        if lean_name(typed, tuple(used)) is None:
            having = {name for name, one in export.theorems.items() if lean_name(typed, [v.name for v in one.variables])}
            reasons = Counter(why for name, why in found.left_out.items() if name in having).most_common(1)
            why = reasons[0][0] if reasons else _least(found, having)
            raise InputError(f"{typed} is a variable of no theorem that is checked", hint=why or "leave it out")


def _least(found: Selection, among: Collection[str] | None = None) -> str:
    """Which variables the theorem lacks that lacks the fewest."""
    lacking = {name: names for name, names in found.incomplete.items() if among is None or name in among}
    if not lacking:
        return ""
    name = min(lacking, key=lambda one: len(lacking[one]))
    return f"{name} lacks {spelled(lacking[name])}"
