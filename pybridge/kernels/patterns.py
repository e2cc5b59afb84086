"""What the batches with numbers that are off have in common, and where in the arrays these stand.

In: judged rows by probe.  Out: a sentence, or nothing.  It is said where no change of the definition explains the numbers: a
kernel that reads a view as if it were contiguous, that divides by γ, that stops after a block or leaves the last row out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pybridge.kernels.enclosed import Flags
from pybridge.kernels.judge import Judgement
from pybridge.kernels.lengths import BLOCKS, of_length
from pybridge.kernels.listing import listed
from pybridge.kernels.probes import SQUARE, VIEWS, Axes, Probe

_PLAIN = "plain"
"""What a set of arrays of other values, or views, differs from in this alone."""
_BITS = 10.0
"""Of as many indices of these arrays, drawn at random, fewer than one in a thousand choices are at one place."""
_EQUAL = "all entries of a batch are equal"
_OFFSET = "the mean is large against the spread"
OFF_AT_OFFSETS = f"off only where {_OFFSET}"
"""Where squares expanded in one pass lose digits, and may lose all of them."""
_ONLY = {
    "gamma": "γ has entries that are 0, tiny or large: is anything divided by γ, or γ clamped?",
    "nan": "another batch has a NaN, which must not touch the others",
    "outlier": "one entry is far off",
    "offset": _OFFSET,
    "far-offset": _OFFSET,
    "small-spread": "the variance is near ε or below: what is added to it, or is it clamped?",
    "tiny-spread": "the variance is near ε or below: what is added to it, or is it clamped?",
    SQUARE: "axes are equally long: are they told apart by their lengths?",
    "large": "squares overflow the format of the arrays",
}


def pattern(
    off: Mapping[str, bool],
    probes: Sequence[Probe],
    axes: Axes,
    judgements: Sequence[Judgement],
    misread: Callable[[str], Sequence[str]],
) -> str:
    """Say where numbers are off, if that is telling.

    Parameters
    ----------
    off
        For each probe that was compared, by name, whether a number is off.
    probes
        Those that were tried.
    axes, judgements
        What the axes are, and what was compared.
    misread
        The arguments of which one alone, seen through a view, makes numbers be off; all that are views where none does.
    """
    wrong = [one for one in probes if off.get(one.name)]
    right = [one for one in probes if one.name in off and not off[one.name]]
    if not wrong:
        return ""
    names = {one.name for one in wrong}
    if any(one.name == _PLAIN for one in right):
        if names <= set(VIEWS):
            concerned = list(dict.fromkeys(one for view in sorted(names) for one in misread(view)))
            they = "are read as if they were" if len(concerned) > 1 else "is read as if it were"
            return f"{listed(concerned)} {they} contiguous (off only in {listed(sorted(names))} views)"
        reasons = {_ONLY.get(name) for name in names}
        if None not in reasons and len(reasons) == 1:
            return f"off only where {reasons.pop()}"
    if right and names & {"constant", "equal"} and all(_equal(one, axes) for one in wrong):
        return f"off only where {_EQUAL}"
    several = [one for one in right if not _equal(one, axes)]  # of equal entries there is little to be wrong
    place = _by_place(axes, judgements)
    lengths = _by_length(wrong, several, axes, blocks=bool(place))
    return f"{place}; {lengths}" if place and lengths else place or lengths


def _by_length(wrong: Sequence[Probe], right: Sequence[Probe], axes: Axes, *, blocks: bool) -> str:
    """Which lengths are off, or which multiples of a block alone; of two axes both, since either may be what counts."""
    measured: list[tuple[str, Callable[[Probe], int]]] = [
        (letter, lambda one, letter=letter: one.lengths[letter])  # type: ignore[misc]
        for letter in wrong[0].lengths
    ]
    if len(axes.normalized) > 1:
        measured.append(("the size of a batch", lambda one: _size(one, axes)))
    each = (
        of_length(name, {length(one) for one in wrong}, {length(one) for one in right}, blocks=blocks)
        for name, length in measured
    )
    return ", or ".join(list(filter(None, each))[:2])


def _equal(probe: Probe, axes: Axes) -> bool:
    """Whether the entries of a batch are all equal."""
    return probe.values in ("constant", "equal") or _size(probe, axes) == 1 or probe.view == "expanded"


def _size(probe: Probe, axes: Axes) -> int:
    return math.prod(probe.lengths[letter] for letter in axes.normalized) // max(axes.groups, 1)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where numbers of one array are off: along each axis at which indices; its shape, and whether all of these are 0."""

    at: tuple[tuple[int, ...], ...]
    shape: tuple[int, ...]
    zero: bool


def _places(judgements: Sequence[Judgement]) -> Iterator[_Places]:
    for one in judgements:
        if not one.off.any() or one.table.chosen is not None:
            continue
        off = _array(one, one.off)
        others = (tuple(k for k in range(off.ndim) if k != axis) for axis in range(off.ndim))
        at = tuple(tuple(np.flatnonzero(off.any(axis=rest)).tolist()) for rest in others)
        yield _Places(at, off.shape, bool((one.table.computed[one.off] == 0).all()))


def _array(judgement: Judgement, flags: Flags) -> Flags:
    """Flags of rows, in the shape of the kernel's array."""
    table = judgement.table
    if table.scalar:
        shaped = flags.reshape(table.shape or table.layout.leading or (1,))
    else:
        back = table.layout.back(flags.reshape(*table.layout.leading, table.layout.size))
        shaped = back if table.shape is None else back.reshape(table.shape)
    return shaped


def _by_place(axes: Axes, judgements: Sequence[Judgement]) -> str:
    """That numbers are off at the last index of an axis alone, at the first, or from one on."""
    found = list(_places(judgements))
    if len(found) < 2 or len({len(one.shape) for one in found}) != 1:
        return ""
    ndim = len(found[0].shape)
    letters = axes.layout if ndim == len(axes.layout) else axes.parameter if ndim == len(axes.parameter) else ""
    if not letters:
        return ""
    zero = ": it is 0 there, is it written?" if all(one.zero for one in found) else ""
    telling = [(k, letter) for k, letter in enumerate(letters) if _bits(found, k) >= _BITS]
    last = [letter for k, letter in telling if _only(found, k, -1)]
    if last:
        return f"off only at the last index along {listed(last)}{zero}"
    first = [letter for k, letter in telling if _only(found, k, 0)]
    if first:
        return f"off only at the first index along {listed(first)}{zero}"
    for k, letter in telling:
        if said := along(letter, [one.at[k] for one in found], [one.shape[k] for one in found]):
            return f"{said}{zero}"
    return ""


def _bits(found: Sequence[_Places], axis: int) -> float:
    """How many choices of as many indices along an axis there would be, as a power of two."""
    pairs = ((one.shape[axis], len(one.at[axis])) for one in found)
    return sum(math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) for n, k in pairs) / math.log(2)


def along(letter: str, at: Sequence[tuple[int, ...]], lengths: Sequence[int]) -> str:
    """Which indices along an axis they are, in arrays of several lengths: one, every so many, what blocks leave, a part."""
    if len(set(lengths)) < 2:
        return ""
    if len(set(at)) == 1 and len(at[0]) == 1 and min(lengths) > 1:
        return f"off only at index {at[0][0]} along {letter}"
    for step in range(2, 9):
        first = at[0][0] % step
        if _are(at, [range(first, length, step) for length in lengths]):
            said = {(2, 0): "even indices", (2, 1): "odd indices"}.get((step, first), f"one index in {step}, from {first} on,")
            return f"off only at {said} along {letter}"
    for block in BLOCKS:
        if _are(at, [range(length - length % block, length) for length in lengths], more_than=block):
            return f"off only in the entries along {letter} that blocks of {block} leave over"
    if len(least := {one[0] for one in at}) == 1 and (begun := least.pop()) > 0:
        return f"off only from index {begun} on along {letter}"
    if len(most := {one[-1] for one in at}) == 1 and (ended := most.pop()) + 1 < min(lengths):
        return f"off only up to index {ended} along {letter}"
    return ""


def _are(at: Sequence[tuple[int, ...]], meant: Sequence[range], more_than: int = 0) -> bool:
    """Whether the indices are among those that are meant, and all of these in two long arrays of different lengths."""
    whole = {len(one) for one, these in zip(at, meant, strict=True) if one == tuple(these) and these.stop > 2 * more_than}
    several = {these.stop for one, these in zip(at, meant, strict=True) if one == tuple(these) and these.stop > more_than}
    within = all(set(one) <= set(these) for one, these in zip(at, meant, strict=True))
    return within and len(several) > 1 and max(whole, default=0) > 1


def _only(found: Sequence[_Places], axis: int, index: int) -> bool:
    """Whether numbers are off at one index of an axis alone, in arrays of several lengths beyond 1."""
    long = {one.shape[axis] for one in found if one.shape[axis] > 1}
    return len(long) > 1 and all(one.at[axis] == (index % one.shape[axis],) for one in found)
