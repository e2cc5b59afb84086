"""When lengths are said to be what numbers are off at: a rule, one length alone, or nothing."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from pybridge.kernels.lengths import of_length
from pybridge.kernels.seen import on_sets

SHORT = {1, 2, 3, 5, 7, 11}
RULES = {
    "from": (({127, 129, 257}, {*SHORT, 33}), "off only where C is 127 or more (right up to 33)"),
    "up to": (({1, 2, 3}, {5, 7, 17, 31, 33}), "off only where C is 3 or less (within the bound from 5 on)"),
    "odd": (({3, 5, 7, 17}, {2, 64, 256, 1000}), "off only where C is odd (3, 5, 7 and 17)"),
    "no powers": (({3, 6, 7, 17, 1000}, {2, 64, 256}), "off only where C is no power of two (3, 6, 7, 17 and 1000)"),
    "blocks": (({64, 256}, {*SHORT, 17, 33, 257}), "tried these alone are multiples of 4"),
    "all but blocks": (
        ({3, 5, 17, 65, 100}, {64, 128, 192}),
        "off only where C is no multiple of 64 (right where it is 64, 128",
    ),
    "one": (({17}, {*SHORT, 33}), "off only where C is 17"),
    "one that is a block": (({256}, {*SHORT, 64}), "off only where C is 256: of the lengths that were tried these alone"),
}
RULES["a tail"] = (
    ({2, 5, 17, 127, 129}, {64, 256, 1000}),
    "off only where C is no multiple of 8 (right where it is 64, 256 and",
)
NONE = {
    "two sets": ({11}, {5}),
    "a chance split of a few": ({11, 7}, {2, 3, 5}),
    "a chance split of six": ({7, 11, 17}, {2, 3, 5}),
    "one of a few": ({33}, {2, 3, 5, 7}),
    "a length on both sides": ({7, 11, 17, 33}, {*SHORT, 7}),
    "nothing right": ({7, 11, 17, 33}, set()),
    "nothing in common": ({2, 7, 17}, {3, 5, 31, 64, 127}),
}


@pytest.mark.parametrize(("lengths", "said"), RULES.values(), ids=RULES)
def test_rules(lengths, said):
    """What many lengths have in common."""
    assert said in of_length("C", *lengths)


@pytest.mark.parametrize("lengths", NONE.values(), ids=NONE)
def test_chance(lengths):
    """What a few lengths have in common by chance, or what is nothing, is not said."""
    assert of_length("C", *lengths) == ""


def test_blocks_alone():
    """Beside places, whole blocks are said, and nothing that follows from the places."""
    assert "multiples of" in of_length("N", {64, 256}, {*SHORT, 17, 33}, blocks=True)
    assert of_length("N", {33, 65, 257}, {*SHORT, 17}, blocks=True) == ""


SETS = {
    "all": ({"plain": 1, "outlier": 1, "N=17": 1}, ", on all 3 sets of arrays"),
    "a few": ({"plain": 0, "along": 0, "outlier": 0, "gamma": 1, "tiny-spread": 1}, ", on gamma and tiny-spread alone"),
    "most": ({"plain": 0, "gamma": 1, "tiny-spread": 1}, ", and is right on plain"),
    "many": (
        {**dict.fromkeys("abcde", 1), **dict.fromkeys("fghijk", 0)},
        ", on a, b, c and 2 more alone",
    ),
    "a single set": ({"plain": 1}, ""),
}


@pytest.mark.parametrize(("off", "said"), SETS.values(), ids=SETS)
def test_sets_of_arrays(off, said):
    """All of them, those that are off, or those that are right: the fewer, by name."""
    each = [SimpleNamespace(table=SimpleNamespace(case=case), off=np.array([0, is_off])) for case, is_off in off.items()]
    assert on_sets(SimpleNamespace(judgements=each)) == said
