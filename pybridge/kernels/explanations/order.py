"""Right numbers at wrong places, or of arguments taken in another order: rolled, reversed, of the first index, reshaped.

In: judged tables of one output, and the letters of its axes.  Out: the sentence that explains all their numbers, if one does:
every number is within the bound of what the definition gives there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations

import numpy as np

from pybridge import ir
from pybridge.algebras.doubledouble import Doubles
from pybridge.kernels.arguments import ALIASES
from pybridge.kernels.judge import Judgement
from pybridge.kernels.outcomes import AnotherFunction, Fitting
from pybridge.kernels.probes import CHANNEL, Axes
from pybridge.kernels.report import Finding
from pybridge.kernels.rows import unexplained
from pybridge.kernels.table import Table
from pybridge.semantics.boundedarrays import NotVectorised

_PARAMETERS = (ALIASES["gamma"], ALIASES["beta"])
_MOST = 1 << 13
"""Larger arrays are left out, since others of their kind are there."""
_ENOUGH = 8
"""So many numbers that are off have to be right in another order: it is one of some twenty orders."""
Put = Callable[[Doubles], Doubles]


@dataclass(frozen=True, slots=True)
class _Order:
    """Another order of an array: what is said of it, of numbers that stand so and of an argument that is taken so."""

    stand: str
    taken: str
    put: Put
    undo: Put | None = None


def in_order(finding: Finding, axes: Axes, called: Mapping[str, str]) -> Finding:
    """The finding; where no change explains the numbers, with the order that does, if one does."""
    if not finding.judged.off or not unexplained(finding.outcome):
        return finding
    said = next(reordered(finding.judged.judgements, axes, called), "")
    guesses = (Fitting(description=said, formula=""),)
    return replace(finding, outcome=AnotherFunction(guesses=guesses), where="") if said else finding


def reordered(judgements: Sequence[Judgement], axes: Axes, called: Mapping[str, str]) -> Iterator[str]:
    """Yield what explains every number.

    Parameters
    ----------
    judgements
        Of one output; those of part of the batches, and of large arrays, are left out.
    axes
        What the axes are.
    called
        What an argument is called, where it is not as the definition has it.
    """
    few = [one for one in judgements if one.table.chosen is None and one.table.computed.size <= _MOST]
    few.sort(key=lambda one: (not one.off.any(), one.table.computed.size))
    if not few or int(sum(np.count_nonzero(one.off) for one in few)) < _ENOUGH:
        return
    shapes = {len(_shape(one.table)) for one in few}
    letters = next((one for one in (axes.layout, axes.parameter) if shapes == {len(one)}), "")
    try:
        known = [_Known(one) for one in few] if letters else []
        for order in (*_along(letters), *_of_axes(letters)):
            if known and all(one.stands(order.put) for one in known):
                yield f"the numbers {order.stand}"
        if any(one.table.lengths is not None or len(_whole(one.table)) != len(axes.layout) for one in few):
            return
        names = _arguments(few[0])
        several = [name for name in names if name not in _PARAMETERS]
        both = [name for name in names if name in _PARAMETERS]
        for chosen in (*([name] for name in names), *([both] if both[1:] else [])):
            for order in (*_along(axes.layout), *(_of_groups(axes) if chosen[0] in _PARAMETERS else ())):
                if all(_fits(one, dict.fromkeys(chosen, order.put)) for one in few):
                    yield _taken(chosen, order, called)
        for order in _of_axes(axes.layout):
            if order.undo is not None and all(_fits(one, dict.fromkeys(several, order.undo), order.put) for one in few):
                yield _taken(several, order, called)
    except NotVectorised:
        return


def _taken(names: Sequence[str], order: _Order, called: Mapping[str, str]) -> str:
    return f"{' and '.join(called.get(name, name) for name in names)} {'are' if names[1:] else 'is'} taken {order.taken}"


def _along(letters: str) -> Iterator[_Order]:
    """Yield other orders along one axis, the same for all lengths."""
    for axis, letter in enumerate(letters):
        yield _Order(f"stand in reversed order along {letter}", f"in reversed order along {letter}", _flipped(axis))
        for by, where in ((1, "further"), (-1, "back")):
            said = f"one index {where} along {letter}"
            yield _Order(
                f"stand {said}, those of the {'last' if by > 0 else 'first'} at the other end", said, _rolled(axis, by)
            )
        said = f"along {letter}, each second index with the one before"
        yield _Order(f"are exchanged {said}", f"with numbers exchanged {said}", _pairwise(axis))
        for at, which in ((0, "first"), (-1, "last")):
            alone = f"the {which} index along {letter}"
            yield _Order(f"of {alone} stand at all others, too", f"at {alone} for all", _repeated(axis, at))


def _of_groups(axes: Axes) -> Iterator[_Order]:
    """Yield a parameter that has one number for each group, or for each channel of a group, in place of each channel."""
    if axes.groups < 2 or CHANNEL not in axes.layout:
        return
    axis, groups = axes.layout.index(CHANNEL), axes.groups

    def of_group(array: Doubles) -> Doubles:
        length = array.shape[axis]
        return np.asarray(array.take(np.arange(length) // (length // groups), axis=axis))

    def in_group(array: Doubles) -> Doubles:
        length = array.shape[axis]
        return np.asarray(array.take(np.arange(length) % (length // groups), axis=axis))

    yield _Order("", "at the index of the group, not of the channel", of_group)
    yield _Order("", "at the index within the group, not of the channel", in_group)


def _of_axes(letters: str) -> Iterator[_Order]:
    """Yield the orders that come of a reshape in the place of an exchange of axes."""
    for order in permutations(range(len(letters))):
        if list(order) == sorted(order):
            continue
        other = ", ".join(letters[k] for k in order)
        said, own = "is it reshaped where axes are to be exchanged?", ", ".join(letters)
        stand = f"stand as those of an array ({other}) that is read as ({own}): {said}"
        yield _Order(stand, f"as an array ({other}): {said}", _reshaped(order), _shaped(order))


def _flipped(axis: int) -> Put:
    return lambda array: np.flip(array, axis)


def _rolled(axis: int, by: int) -> Put:
    return lambda array: np.roll(array, by, axis)


def _repeated(axis: int, at: int) -> Put:
    return lambda array: np.broadcast_to(np.take(array, [at % array.shape[axis]], axis=axis), array.shape)


def _pairwise(axis: int) -> Put:
    def put(array: Doubles) -> Doubles:
        length = array.shape[axis]
        order = [k ^ 1 if k ^ 1 < length else k for k in range(length)]
        return np.asarray(array.take(order, axis=axis))

    return put


def _reshaped(order: Sequence[int]) -> Put:
    return lambda array: array.transpose(order).reshape(array.shape)


def _shaped(order: Sequence[int]) -> Put:
    back = np.argsort(order)
    return lambda array: array.reshape([array.shape[k] for k in order]).transpose(back)


def _shape(table: Table) -> tuple[int, ...]:
    if table.shape is not None:
        return table.shape
    return table.layout.leading if table.scalar else table.layout.shape


def _whole(table: Table) -> tuple[int, ...]:
    """The shape of the arguments, where groups of channels are no axis of their own."""
    return table.layout.shape if table.scalar or table.shape is None else table.shape


def _arguments(one: Judgement) -> list[str]:
    """The arguments with numbers for some axis."""
    vectors = [p.name for p in one.comparison.definition.parameters if isinstance(p.kind, ir.VectorKind)]
    return [*vectors, *(name for name in _PARAMETERS if name in one.table.values and name not in vectors)]


class _Known:
    """What the numbers of a table should be, and how far off they may be, in the shape of the kernel's array."""

    def __init__(self, one: Judgement) -> None:
        value, allowed = _bounds(one, one.table)
        self.got, self.value, self.allowed = (_array(one.table, rows) for rows in (one.table.computed, value, allowed))

    def stands(self, put: Put) -> bool:
        """Whether all numbers are right in another order."""
        with np.errstate(all="ignore"):
            return bool((np.abs(self.got - put(self.value)) <= put(self.allowed)).all())


def _bounds(one: Judgement, table: Table) -> tuple[Doubles, Doubles]:
    """What numbers should be, and by how much they may be off, in rows."""
    ((_, found),) = one.comparison.in_floats(table, slice(None), whole=True)
    high, low = found.value.value
    return np.asarray(high).T, np.asarray(found.allowed[1] + np.abs(low) + found.value.radius).T


def _array(table: Table, rows: Doubles) -> Doubles:
    """Numbers in rows as the kernel's array."""
    if table.scalar:
        return rows.reshape(_shape(table))
    return np.asarray(table.layout.back(rows.reshape(*table.layout.leading, table.layout.size))).reshape(_shape(table))


def _fits(one: Judgement, taken: Mapping[str, Put], stand: Put | None = None) -> bool:
    """Whether all numbers are right with arguments in another order, and standing in one."""
    table, values = one.table, dict(one.table.values)
    for name, put in taken.items():
        layout, value = table.layout, values[name]
        array = np.zeros((*layout.leading, layout.size)) + value.reshape(*layout.leading, layout.size if value.ndim == 2 else 1)
        found = put(np.asarray(layout.back(array)).reshape(_whole(table)))
        rows = np.asarray(layout.rows(found.reshape(layout.shape))).reshape(len(table), -1)
        if value.ndim == 2:
            values[name] = rows
        else:
            if (rows != rows[:, :1]).any():  # along an axis that it has no numbers for
                return False
            values[name] = rows[:, 0]
    value, allowed = _bounds(one, replace(table, values=values))
    if stand is not None and not table.scalar:
        value, allowed = (
            np.asarray(table.layout.rows(stand(_array(table, each)).reshape(table.layout.shape))).reshape(table.computed.shape)
            for each in (value, allowed)
        )
    with np.errstate(all="ignore"):
        return bool((np.abs(table.computed - value) <= allowed).all())
