"""How the coordinates of two vectors stand together is how the worst of them stands alone."""

from __future__ import annotations

import math

import pytest
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from pybridge.algebras import balls
from pybridge.algebras.ball import Ball, BallVector, balls_of
from pybridge.algebras.base import Relation
from pybridge.checking.standing import Standing, compare, compare_all, worst
from pybridge.semantics.evaluate import Coordinatewise, Side

BALLS = balls_of(128)


def one_by_one(left: BallVector, right: BallVector):
    """The judgement of all coordinates, each compared."""
    sides = (Side(Relation.EQ, one, other, f"coordinate {k}") for k, (one, other) in enumerate(zip(left, right, strict=True)))
    return worst(*(compare(side, BALLS) for side in sides))


def together(left: BallVector, right: BallVector):
    """The judgement of the vectors."""
    return compare_all(Coordinatewise(Relation.EQ, left, right), BALLS)


def near(numbers: list[int], widths: list[int]) -> BallVector:
    """Balls around numbers, of radii that are powers of 2."""
    with BALLS.context():
        return balls.gathered(
            Ball(arb(number) + arb(0, 1) * arb(2) ** width, abs(arb(number)) + 1)
            for number, width in zip(numbers, widths, strict=True)
        )


@pytest.mark.parametrize("length", [0, 1, 5, 30])
@settings(max_examples=30)
@given(data=st.data())
def test_the_worst_coordinate_is_shown(length: int, data: st.DataObject) -> None:
    """The same standing, bits and place, of short and of long vectors; some fail, some are wide, some are exact."""
    numbers = data.draw(st.lists(st.integers(-3, 3), min_size=length, max_size=length))
    widths = [data.draw(st.lists(st.sampled_from([-130, -110, -90, -20]), min_size=length, max_size=length)) for _ in range(2)]
    moved = [number + data.draw(st.sampled_from([0, 0, 0, 0, 0, 0, 1])) for number in numbers]
    left, right = near(numbers, widths[0]), near(moved, widths[1])
    found, expected = together(left, right), one_by_one(left, right)
    assert found.standing is expected.standing
    assert found.bits == expected.bits or math.isclose(found.bits, expected.bits, rel_tol=1e-12)
    assert (found.side is None) == (expected.side is None)
    if found.side is not None and expected.side is not None:
        assert found.side.place == expected.side.place


def test_equal_numbers_are_certain_and_one_that_is_not_finite_leaves_all_open() -> None:
    """Exact coordinates prove the equation; where one has no value, nothing is agreed."""
    exact = BALLS.vector(tuple(fmpq(k) for k in range(30)))
    assert together(exact, exact).standing is Standing.CERTAIN
    unknown = balls.gathered([*exact[:29], Ball(arb("nan"), arb(1))])
    assert together(unknown, exact).standing is Standing.OPEN
    assert together(unknown, exact).bits == -math.inf


def test_a_scale_of_0_is_no_measure() -> None:
    """A wide ball whose scale is 0 is open, in a long vector too."""
    wide = balls.gathered([Ball(arb(0, 1), arb(0))] * 30)
    assert together(wide, BALLS.vector((0,) * 30)).standing is Standing.OPEN


def test_vectors_of_other_lengths_are_refused() -> None:
    """Nothing is left out of a comparison."""
    with pytest.raises(ValueError, match="2 and 3 coordinates"):
        together(BALLS.vector((1, 2)), BALLS.vector((1, 2, 3)))


def test_the_place_names_coordinate_and_direction() -> None:
    """What is said of all coordinates stands behind the one that is shown."""
    sides = Coordinatewise(Relation.EQ, BALLS.vector((1, 2)), BALLS.vector((1, 3)), "along y")
    shown = compare_all(sides, BALLS)
    assert shown.standing is Standing.FAILS
    assert shown.side is not None
    assert shown.side.place == "coordinate 1, along y"
