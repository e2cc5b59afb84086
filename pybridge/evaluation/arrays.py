"""The arrays of a caller as exact batches of a theorem, one for each place of the axes that do not run over a batch.

In: a plan, and arrays, numbers, losses and sets under the names of its variables.  Out: batches, whose numbers are the dyadic
rationals that the floats are.  Where all arrays hold vectors of one space, ``axis`` says which axes run over a batch, and the
others are batches of their own, as for ``testing.assert_computes``.  A theorem with matrices, families of vectors, channels or
two spaces is about one batch: its arrays have an axis for each index type.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from numbers import Integral
from typing import Any

import numpy as np
from typing_extensions import assert_never

from pybridge import ir
from pybridge.algebras.exact import rational
from pybridge.batches.draws import Value
from pybridge.batches.generate import Batch
from pybridge.batches.plan import Plan
from pybridge.errors import AxisNotNamedError, InputError
from pybridge.evaluation.functions import loss_of
from pybridge.evaluation.naming import ascii_name, spelled
from pybridge.evaluation.needs import needs
from pybridge.ir.spaces import axes_of_space
from pybridge.kernels.frameworks import Doubles
from pybridge.kernels.layout import Layout, axes_of, layout_of
from pybridge.kernels.rows import numbers
from pybridge.semantics.environment import dimension_of
from pybridge.semantics.losses import Linear
from pybridge.semantics.regions import Region

GIVEN = "given"
FREE = 2
"""The dimension of a space of which only operators are chosen, none given."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A batch, and where in the arrays it stands: a number for each axis that does not run over a batch."""

    place: tuple[int, ...]
    batch: Batch


def batches_of(plan: Plan, given: Mapping[str, Any], axis: int | Sequence[int] | None) -> tuple[Placed, ...]:
    """The batches that the arrays hold.

    Parameters
    ----------
    plan
        Of the theorem.
    given
        By Lean name, what ``evaluate`` was called with.
    axis
        The axis, or axes, that run over one batch; None where nobody said, which is enough for arrays of one axis.

    Raises
    ------
    AxisNotNamedError
        The arrays have more than one axis, and ``axis`` is None.
    InputError
        A variable is missing, or determined by a hypothesis; an array is not finite, or of no fitting shape; a loss is none.
    """
    owner = plan.theorem.name
    asked = needs(plan, given)
    for name, hypothesis in asked.determined.items():
        raise InputError(f"{owner}: {hypothesis} determines {name}, which is no argument", hint=f"leave {name} out")
    if asked.missing:
        raise missing(plan, asked.missing)
    kinds = {name: kind for name, kind in plan.kinds.items() if name in given}
    for name, kind in kinds.items():
        if _is_array(kind) and isinstance(given[name], str):
            raise InputError(f"{owner}: {name} is {given[name]!r}, which is no {_noun(kind)}", hint="give numbers")
    arrays = {name: _numbers(owner, name, given[name]) for name in kinds if not _is_apart(kinds[name], given[name])}
    if _one_space(kinds):
        return tuple(_by_axis(plan, kinds, given, arrays, axis, asked.linear))
    if axis is not None:
        shapes = ", ".join(f"{name} ({', '.join(_axes(kind))})" for name, kind in kinds.items() if _axes(kind))
        raise InputError(
            f"{owner}: an axis is chosen of arrays that hold batches side by side, and these have an axis for each index type",
            hint=f"leave axis out: its arrays are {shapes}",
        )
    return (_whole(plan, kinds, given, arrays, asked.linear),)


def missing(plan: Plan, names: Sequence[str]) -> InputError:
    """The error where nothing is given for these variables."""
    gradients = {loss: one for one in plan.determined for loss in names if getattr(one, "loss", None) == loss}
    also = [f"for {loss} the array {one.name}, or a loss by name" for loss, one in gradients.items()]
    asked = spelled(variable.name for variable in plan.drawn)
    return InputError(
        f"{plan.theorem.name} needs a value for {', '.join(names)}", hint="; ".join([*also, f"its variables are {asked}"])
    )


def _by_axis(
    plan: Plan,
    kinds: Mapping[str, ir.Kind],
    given: Mapping[str, Any],
    arrays: Mapping[str, Doubles],
    axis: int | Sequence[int] | None,
    linear: Mapping[str, str],
) -> Iterator[Placed]:
    owner = plan.theorem.name
    vectors = {name: kind.space for name, kind in kinds.items() if isinstance(kind, ir.VectorKind)}
    shapes = {name: arrays[name].shape for name in vectors}
    if axis is not None:
        _refuse_no_axis(owner, shapes, axis)
    layout = layout_of(owner, shapes, -1 if axis is None else axis)
    if axis is None and len(layout.shape) > 1:
        raise _axis_not_named(owner, shapes)
    for name in vectors:
        _refuse_stretched(owner, name, shapes[name], layout)
    (space,) = set(vectors.values())
    sizes = _sizes(plan, {axes_of_space(space)[0]: layout.size})
    shared = {name: _apart(owner, name, kind, given[name], sizes) for name, kind in kinds.items() if name not in arrays}
    spread = {name: _spread(owner, name, kinds[name], array, layout) for name, array in arrays.items()}
    for place in np.ndindex(layout.leading):
        values = {name: _exact(rows[place].tolist()) for name, rows in spread.items()}
        yield _placed(place, sizes, {**values, **shared}, linear)


def _refuse_stretched(owner: str, name: str, shape: tuple[int, ...], layout: Layout) -> None:
    """A number, or one entry, where the others have a batch: it would be repeated, and be a constant batch."""
    every = (1,) * (len(layout.shape) - len(shape)) + shape
    if not shape or any(every[k] != layout.shape[k] for k in layout.order):
        got = "one number" if not shape else f"of the shape {shape}"
        hint = f"give all m = {layout.size} entries of a batch" if layout.size > 1 or shape else "give an array of m numbers"
        raise InputError(f"{owner}: {name} is {got}, which is no batch of the shape {layout.batch}", hint=hint)


def _refuse_no_axis(owner: str, shapes: Mapping[str, tuple[int, ...]], axis: int | Sequence[int]) -> None:
    """An axis that none of the arrays has; what else is wrong with it is for the layout."""
    name, shape = max(shapes.items(), key=lambda item: len(item[1]))
    for one in axes_of(owner, axis):
        if not -len(shape) <= one < len(shape):
            last = len(shape) - 1
            hint = f"give one from 0 to {last}" if last > 0 else "leave axis out, for there is axis 0 only"
            raise InputError(f"{owner}: there is no axis {one}: {name} has the shape {shape}", hint=hint)


def _axis_not_named(owner: str, shapes: Mapping[str, tuple[int, ...]]) -> AxisNotNamedError:
    name, shape = max(shapes.items(), key=lambda item: len(item[1]))
    channels = ",".join(str(k) for k in range(len(shape)) if k != 1)
    named = f"(N, C{', …' * (len(shape) > len('NC'))})"
    return AxisNotNamedError(
        f"{owner}: {name} has the shape {shape}, and the statement is about one batch",
        hint=f"say which axes run over a batch, by axis or --axis: {channels} for {named}, -1 for the last",
    )


def _spread(owner: str, name: str, kind: ir.Kind, array: Doubles, layout: Layout) -> Doubles:
    """The array of a vector as rows, that of a number with one for each batch."""
    if isinstance(kind, ir.ScalarKind) and not layout.leading and array.shape == layout.batch and array.size > 1:
        typed, first = ascii_name(name), array.flat[0]
        same = f", all {first} ({typed}={first}, or --set {typed}={first})" if (array == first).all() else ""
        raise InputError(f"{owner}: {name} is one number for a batch, and {array.size} are given{same}", hint="give one number")
    return layout.rows(array) if isinstance(kind, ir.VectorKind) else layout.scalars(owner, name, array)


def _whole(
    plan: Plan,
    kinds: Mapping[str, ir.Kind],
    given: Mapping[str, Any],
    arrays: Mapping[str, Doubles],
    linear: Mapping[str, str],
) -> Placed:
    owner = plan.theorem.name
    found: dict[str, int] = {}
    for name, array in arrays.items():
        axes = _axes(kinds[name])
        if len(array.shape) != len(axes):
            said = f"has the axes {', '.join(axes)}" if axes else "is a number"
            raise InputError(f"{owner}: {name} {said}, got shape {array.shape}", hint="see `pybridge show`")
        for index, length in zip(axes, array.shape, strict=True):
            if found.setdefault(index, length) != length:
                raise InputError(f"{owner}: {name} has length {length} along {index}, and another array {found[index]}")
    if empty := [index for index, length in found.items() if not length]:
        raise InputError(f"{owner}: the axis {empty[0]} is empty", hint="give a batch")
    sizes = _sizes(plan, found)
    values: dict[str, Value] = {}
    for name, kind in kinds.items():
        if name in arrays:
            values[name] = _exact(_flat(kind, arrays[name]).tolist())
        else:
            values[name] = _apart(owner, name, kind, given[name], sizes)
    return _placed((), sizes, values, linear)


def _flat(kind: ir.Kind, array: Doubles) -> Doubles:
    """The array of a vector with one axis, that of a family or matrix with two."""
    match kind:
        case ir.VectorKind():
            return array.reshape(-1)
        case ir.FamilyKind():
            return array.reshape(len(array), -1)
        case ir.OperatorKind(_, codomain):
            return array.reshape(math.prod(array.shape[: len(axes_of_space(codomain))]), -1)
        case _:
            return array


def _placed(place: tuple[int, ...], sizes: Mapping[str, int], values: Mapping[str, Value], linear: Mapping[str, str]) -> Placed:
    stand_ins: dict[str, Value] = {}
    for loss, name in linear.items():
        gradient: Any = values[name]
        stand_ins[loss] = Linear(gradient)
    origin = "; ".join(f"{loss} is ⟪{name}, ·⟫, a loss with the gradient {name}" for loss, name in linear.items())
    kept = {name: value for name, value in values.items() if name not in linear.values()}
    called = f"{GIVEN}{list(place) if place else ''}"
    batch = Batch(name=called, family=GIVEN, seed=None, sizes=sizes, values={**kept, **stand_ins}, origin=origin)
    return Placed(place, batch)


def _sizes(plan: Plan, known: Mapping[str, int]) -> dict[str, int]:
    """The size of every index type and space."""
    sizes = dict(known)
    for name in (*(index.name for index in plan.theorem.indices), *plan.theorem.spaces):
        if name not in sizes and name not in plan.narrow:
            raise InputError(f"{plan.theorem.name}: no array says how large {name} is", hint="use another theorem")
        sizes.setdefault(name, FREE)
    return sizes


def _exact(value: Any) -> Any:
    """Floats as rationals, nested lists as tuples."""
    return tuple(map(_exact, value)) if isinstance(value, list) else rational(value)


def _apart(owner: str, name: str, kind: ir.Kind, given: Any, sizes: Mapping[str, int]) -> Value:
    """What was given for a variable that is no array: a fraction, a loss, a set or a position."""
    match kind:
        case ir.ScalarKind():
            return rational(given)
        case ir.LossKind(space) | ir.FieldKind(space):
            return loss_of(owner, name, given, dimension_of(space, sizes))
        case ir.SetKind():
            if not isinstance(given, Region):
                raise InputError(f"{owner}: {name} is a set", hint="give a pybridge.semantics.regions.Region")
            return given
        case ir.PositionKind(index):
            if not isinstance(given, Integral) or isinstance(given, bool) or not 0 <= int(given) < sizes[index]:
                raise InputError(f"{owner}: {name} is {given!r}", hint=f"give a position from 0 to {sizes[index] - 1}")
            return int(given)
        case _:
            raise TypeError(f"{name} is an array")  # which is no function


def _numbers(owner: str, name: str, given: Any) -> Doubles:
    """The array of a caller."""
    if isinstance(given, Fraction):
        raise InputError(f"{owner}: {name} is one number, which is no batch", hint="give an array of m numbers")
    return numbers(owner, name, given)[0]


def _is_apart(kind: ir.Kind, given: Any) -> bool:
    """Whether it is no array of doubles: a function, or a number that is given as an exact fraction."""
    return not _is_array(kind) or (isinstance(kind, ir.ScalarKind) and isinstance(given, Fraction))


def _is_array(kind: ir.Kind) -> bool:
    return isinstance(kind, ir.ScalarKind | ir.VectorKind | ir.FamilyKind | ir.OperatorKind)


def _noun(kind: ir.Kind) -> str:
    return "number" if isinstance(kind, ir.ScalarKind) else "array of numbers"


def _one_space(kinds: Mapping[str, ir.Kind]) -> bool:
    """Whether the arrays hold numbers, and vectors of one space without channels."""
    if any(isinstance(kind, ir.FamilyKind | ir.OperatorKind) for kind in kinds.values()):
        return False
    spaces = {kind.space for kind in kinds.values() if isinstance(kind, ir.VectorKind)}
    return len(spaces) == 1 and not any(isinstance(space, ir.ChannelSpace) for space in spaces)


def _axes(kind: ir.Kind) -> tuple[str, ...]:
    """The index types and spaces that an array has axes for."""
    match kind:
        case ir.VectorKind(space):
            return axes_of_space(space)
        case ir.FamilyKind(index, space):
            return (index, *axes_of_space(space))
        case ir.OperatorKind(domain, codomain):
            return (*axes_of_space(codomain), *axes_of_space(domain))
        case ir.ScalarKind() | ir.PositionKind() | ir.LossKind() | ir.FieldKind() | ir.SetKind():
            return ()
        case _:
            assert_never(kind)
