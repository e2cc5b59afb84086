"""What the batches with numbers that are off have in common, and where in the arrays these stand.

In: judged rows by probe.  Out: a sentence, or nothing.  It is said where no change of the definition explains the numbers: a
kernel that reads a view as if it were contiguous, that divides by γ, that stops after a block.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pybridge.layers.batches import VIEWS, Probe

_ONLY = {
    "gamma": "γ has entries that are 0, tiny or large: is anything divided by γ, or γ clamped?",
    "nan": "another batch has a NaN, which must not touch the others",
    "constant": "all entries of a batch are equal",
    "equal": "all entries are equal",
    "outlier": "one entry is far off",
    "offset": "the mean is large against the spread",
    "far-offset": "the mean is large against the spread",
    "small-spread": "the variance is near ε or below: what is added to it, or is it clamped?",
    "tiny-spread": "the variance is near ε or below: what is added to it, or is it clamped?",
    "large": "squares overflow the format of the arrays",
}


def pattern(off: Mapping[str, bool], probes: Sequence[Probe]) -> str:
    """Say where numbers are off, if that is telling.

    Parameters
    ----------
    off
        For each probe that was compared, by name, whether a number is off.
    probes
        Those that were tried.
    """
    wrong = [one for one in probes if off.get(one.name)]
    right = [one for one in probes if one.name in off and not off[one.name]]
    if not wrong or not right:
        return ""
    names = {one.name for one in wrong}
    if names <= set(VIEWS):
        return f"x and g are read as if they were contiguous (off only where they are {_listed(sorted(names))} views)"
    reasons = {_ONLY.get(name) for name in names}
    if None not in reasons and len(reasons) == 1:
        return f"off only where {reasons.pop()}"
    return _by_length(wrong, right)


def _by_length(wrong: Sequence[Probe], right: Sequence[Probe]) -> str:
    """A length from which on, or up to which, numbers are off; or the lengths that are no powers of two."""
    for letter in wrong[0].lengths:
        bad = [one.lengths[letter] for one in wrong]
        good = [one.lengths[letter] for one in right]
        if min(bad) > max(good):
            return f"off only where {letter} is {min(bad)} or more (right up to {max(good)})"
        if max(bad) < min(good):
            return f"off only where {letter} is {max(bad)} or less (right from {min(good)} on)"
        if all(_is_power(one) for one in good) and not any(_is_power(one) for one in bad):
            return f"off only where {letter} is no power of two ({_listed(sorted(set(map(str, bad)), key=int))})"
    return ""


def _is_power(number: int) -> bool:
    return number & (number - 1) == 0


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
