"""Which lengths of an axis are off, where that is no chance.

In: the lengths at which numbers are off, and at which all are right.  Out: a few words, or none.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from itertools import chain

from pybridge.kernels.listing import listed

BLOCKS = (4, 8, 16, 32, 64, 128, 256)
"""So many entries are taken at once where a loop is in blocks, or in the lanes of a vector."""
ENOUGH = 40
"""Of so many sets of as many of the lengths, one or two at most would be said to follow a rule."""
SEVERAL = 8
"""A single length is said beside so many, itself among them."""


def of_length(name: str, bad: Collection[int], good: Collection[int], *, blocks: bool = False) -> str:
    """Say which lengths are off.

    A rule (from a length on, up to one, odd ones, multiples of a block) follows from many lengths only: of n of them, b of
    which are off, there are n! / (b! (n - b)!) ways to draw b, and one or two of these follow a rule of one kind.

    Parameters
    ----------
    name
        What is as long.
    bad, good
        The lengths, at which numbers are off and at which none are.
    blocks
        Whether to say whole blocks alone.
    """
    wrong, right = sorted(set(bad)), sorted(set(good))
    if not wrong or not right or set(wrong) & set(right):
        return ""
    if math.comb(len(wrong) + len(right), len(wrong)) >= ENOUGH:
        return next(chain(() if blocks else _rules(name, wrong, right), _whole(name, wrong, right)), "")
    if len(wrong) == 1 and len(wrong) + len(right) >= SEVERAL:
        alone = "" if blocks else f"off only where {name} is {wrong[0]}"
        return next(_whole(name, wrong, right), alone)
    return ""


def _rules(name: str, wrong: Sequence[int], right: Sequence[int]) -> Iterator[str]:
    """Yield what those that are off have in common, and none of the others: the plainest first."""
    several = listed(list(map(str, wrong)))
    if wrong[0] > right[-1]:
        yield f"off only where {name} is {wrong[0]} or more (right up to {right[-1]})"
    if wrong[-1] < right[0]:
        yield f"off only where {name} is {wrong[-1]} or less (within the bound from {right[0]} on)"
    if all(map(_is_power, right)) and not any(map(_is_power, wrong)):
        yield f"off only where {name} is no power of two ({several})"
    for said, rest in (("odd", 1), ("even", 0)):
        if all(one % 2 == rest for one in wrong) and all(one % 2 != rest for one in right):
            yield f"off only where {name} is {said} ({several})"


def _whole(name: str, wrong: Sequence[int], right: Sequence[int]) -> Iterator[str]:
    """Yield that those that are off are the multiples of a block, or that those that are right are."""
    for block in BLOCKS:
        if _only_multiples(block, wrong, right):
            few = listed(list(map(str, wrong)))
            yield f"off only where {name} is {few}: of the lengths that were tried these alone are multiples of {block}"
    for block in reversed(BLOCKS):
        if len(right) > 1 and _only_multiples(block, right, wrong):
            few = listed(list(map(str, right)))
            yield f"off only where {name} is no multiple of {block} (right where it is {few})"


def _only_multiples(block: int, some: Sequence[int], others: Sequence[int]) -> bool:
    return all(one % block == 0 for one in some) and all(one % block for one in others)


def _is_power(number: int) -> bool:
    return number & (number - 1) == 0
