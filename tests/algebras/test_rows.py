"""Long vectors as rows of Arb: what comes out is what the same numbers in lists give, at the same precision."""

from __future__ import annotations

from collections.abc import Callable
from operator import add, mul, sub

import pytest
from flint import arb, ctx, fmpq

from pybridge.algebras import balls, rows
from pybridge.algebras.ball import Ball, BallVector, balls_of
from pybridge.algebras.balls import LONG
from pybridge.algebras.rows import Row
from pybridge.semantics.axes import Axis
from pybridge.semantics.balllists import BallLists

BALLS = balls_of(128)
THIRD = fmpq(1, 3)


def drawn(shift: int = 0) -> tuple[fmpq, ...]:
    """Numbers of both signs, none of them 0 and few of them dyadic."""
    return tuple(fmpq(1 + (k + shift) % 11, 3 + k % 4) * (-1) ** k for k in range(LONG))


def listed(vector: BallVector) -> BallVector:
    """The same balls, not as a row."""
    return BallVector(list(vector.values), vector.scales)


def parts(value: arb) -> tuple[arb, arb]:
    """The middle and the radius: a ball that is not exact is not equal to itself."""
    return value.mid(), value.rad()


def same(one: BallVector, other: BallVector) -> None:
    """Both enclose the same numbers, to nearly all digits, with the same scales."""
    assert len(one) == len(other)
    for left, right in zip(one.values, other.values, strict=True):
        assert left.overlaps(right)
        assert left.rel_accuracy_bits() > 100 or left == 0
    assert (one.scales == other.scales).all()  # type: ignore[union-attr]


def test_a_long_vector_is_a_row_and_a_short_one_is_a_list() -> None:
    """Of the same numbers."""
    with BALLS.context():
        long, short = BALLS.vector(drawn()), BALLS.vector(drawn()[:-1])
        assert isinstance(long, Row)
        assert not isinstance(short, Row)
        assert list(map(parts, long.values[:-1])) == list(map(parts, short.values))


@pytest.mark.parametrize("operation", ["add_vectors", "subtract_vectors", "multiply_vectors", "divide_vectors"])
@pytest.mark.parametrize("which", ["both", "left", "right"])
def test_two_vectors(operation: str, which: str) -> None:
    """Whichever of them is a row."""
    with BALLS.context():
        one, other = BALLS.vector(drawn()), BALLS.vector(drawn(3))
        by_hand: BallVector = getattr(BALLS, operation)(listed(one), listed(other))
        left = one if which != "right" else listed(one)
        right = other if which != "left" else listed(other)
        same(getattr(BALLS, operation)(left, right), by_hand)


def test_one_vector() -> None:
    """The opposite, a multiple, the sum, the inner products, the norm, and what is read number by number."""
    with BALLS.context():
        one, other, third = BALLS.vector(drawn()), BALLS.vector(drawn(3)), BALLS.scalar(THIRD)
        plain, flat = listed(one), listed(other)
        same(BALLS.negate_vector(one), BALLS.negate_vector(plain))
        same(BALLS.smul(third, one), BALLS.smul(third, plain))
        pairs = [
            (BALLS.total(one), BALLS.total(plain), sum(drawn())),
            (BALLS.inner(one, other), BALLS.inner(plain, flat), sum(map(mul, drawn(), drawn(3)))),
            (BALLS.inner(one, flat), BALLS.inner(plain, other), sum(map(mul, drawn(), drawn(3)))),
            (BALLS.inner(one, one), BALLS.inner(plain, plain), sum(map(mul, drawn(), drawn()))),
        ]
        for found, by_list, exact in pairs:
            assert found.value.overlaps(arb(exact))
            assert by_list.value.overlaps(found.value)
            assert found.value.rel_accuracy_bits() > 90
            assert found.scale == by_list.scale
        assert BALLS.norm(one).value.overlaps(BALLS.norm(plain).value)
        for place in (0, 7, LONG - 1, -1):
            assert parts(one[place].value) == parts(plain[place].value)
            assert one[place].scale == plain[place].scale
        with pytest.raises(IndexError):
            one[LONG]
        assert [parts(ball.value) for ball in one[3:9]] == list(map(parts, plain.values[3:9]))
        assert list(map(parts, one.at([5, 1]).values)) == [parts(plain.values[5]), parts(plain.values[1])]


def test_a_width_is_carried_along() -> None:
    """A row of numbers known to 40 bits only: no operation knows them better."""
    with ctx.workprec(40):
        rough = BALLS.vector(drawn())
    with BALLS.context():
        for found in (BALLS.inner(rough, rough), BALLS.total(BALLS.smul(BALLS.scalar(7), rough))):
            assert found.value.rad() > arb(2) ** -40
        assert all(value.rad() > 0 for value in BALLS.negate_vector(rough).values if value.rel_accuracy_bits() < 100)


@pytest.mark.parametrize(("name", "operation"), [("add", add), ("subtract", sub), ("multiply", mul)])
@pytest.mark.parametrize("first", [True, False])
def test_a_number_and_a_row(name: str, operation: Callable[[fmpq, fmpq], fmpq], first: bool) -> None:
    """On whichever side the number stands, it meets every entry, and not the first alone."""
    along = Axis(("ι",), 0)
    lists = BallLists(BALLS, lambda _: LONG)
    with BALLS.context():
        row, third = BALLS.vector(drawn()), BALLS.scalar(THIRD)
        number, vector = (third, ()), (row, (along,))
        found = lists.each(name, (along,), number, vector) if first else lists.each(name, (along,), vector, number)
        assert isinstance(found, Row)
        for value, entry in zip(found.values, drawn(), strict=True):
            exact = operation(THIRD, entry) if first else operation(entry, THIRD)
            assert value.overlaps(arb(exact))
            assert value.rel_accuracy_bits() > 100 or exact == 0
        quotient = lists.each("divide", (along,), (row, (along,)), (third, ()))
        assert isinstance(quotient, Row)
        assert all(value.overlaps(arb(3 * entry)) for value, entry in zip(quotient.values, drawn(), strict=True))


def test_a_sum_of_products_is_an_inner_product() -> None:
    """Of what is pending, as long as nobody took the list."""
    along = Axis(("ι",), 0)
    lists = BallLists(BALLS, lambda _: LONG)
    with BALLS.context():
        row, other = BALLS.vector(drawn()), BALLS.vector(drawn(3))
        product = lists.each("multiply", (along,), (row, (along,)), (other, (along,)))
        assert isinstance(product, balls.Pending)
        assert product.factors() == (row, other)
        before = BALLS.total(product)
        product.values  # noqa: B018 - makes them
        product.summed = None
        assert product.factors() is None
        assert before.value.overlaps(BALLS.total(product).value)
        assert before.value.rel_accuracy_bits() > 90


def test_vectors_of_unlike_lengths_are_refused() -> None:
    """As lists are."""
    with BALLS.context():
        one, short = BALLS.vector(drawn()), BALLS.vector(drawn()[:-1])
        for refused in (BALLS.add_vectors, BALLS.subtract_vectors, BALLS.multiply_vectors, BALLS.inner):
            with pytest.raises(ValueError, match="coordinates"):
                refused(one, short)


def test_what_is_not_finite_stays_so() -> None:
    """A division by what may be 0."""
    with BALLS.context():
        row = BALLS.vector(drawn())
        nowhere = rows.combined(mul, balls.multiplied, Ball(arb(1) / arb(0, 1), arb(1)), row)
        assert nowhere is not None
        assert not BALLS.total(nowhere).value.is_finite()
        assert not BALLS.inner(nowhere, row).value.is_finite()
