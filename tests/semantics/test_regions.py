"""Sets as values, projections and channels: exact in rationals, enclosed in balls, open where an enclosure does not tell."""

from __future__ import annotations

import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from pybridge import ir
from pybridge.algebras.ball import Ball, BallAlgebra, BallVector
from pybridge.algebras.base import Truth, unit
from pybridge.algebras.dual import Dual, DualAlgebra, NotDifferentiable
from pybridge.algebras.exact import ExactAlgebra
from pybridge.algebras.floats import FloatAlgebra
from pybridge.semantics import losses
from pybridge.semantics.environment import Environment, bind
from pybridge.semantics.evaluate import evaluate
from pybridge.semantics.lifting import converted
from pybridge.semantics.peaked import Peaked
from pybridge.semantics.regions import Region, contains, distance, on_ray
from pybridge.semantics.subspaces import project

EXACT, BALLS, FLOATS = ExactAlgebra(), BallAlgebra(128), FloatAlgebra()
ENTRIES = st.integers(-3, 3).map(fmpq)
PLANE = st.tuples(ENTRIES, ENTRIES)
RAY = Region(2, (fmpq(3), fmpq(4)), ())


def exactly(*entries: int) -> tuple[fmpq, ...]:
    """A vector of rationals."""
    return tuple(map(fmpq, entries))


def wide(*pairs: tuple[float, float]) -> BallVector:
    """A vector of balls by midpoints and radii."""
    return BALLS.build([Ball(arb(mid, radius), abs(arb(mid)) + 1) for mid, radius in pairs])


# Elements.


def test_a_ray_has_no_end() -> None:
    """Positive multiples of the generator belong to it; 0, negative ones and what is beside it do not."""
    for vector, expected in {(3, 4): True, (6, 8): True, (0, 0): False, (-3, -4): False, (3, 5): False, (0, 4): False}.items():
        wanted = Truth.HOLDS if expected else Truth.FAILS
        assert contains(RAY, EXACT, exactly(*vector)) is wanted
        with BALLS.context():
            assert contains(RAY, BALLS, BALLS.vector(vector)) is wanted


def test_points_belong_whether_or_not_there_is_a_ray() -> None:
    """A point is an element and not on the ray; the empty set has none."""
    both = Region(2, RAY.generator, (exactly(0, 0), exactly(1, 0)))
    assert contains(both, EXACT, exactly(0, 0)) is Truth.HOLDS
    assert contains(both, EXACT, exactly(2, 0)) is Truth.FAILS
    assert on_ray(both, EXACT, exactly(1, 0)) is Truth.FAILS
    assert contains(Region(2, None, ()), EXACT, exactly(0, 0)) is Truth.FAILS
    assert contains(Region(0, None, ((),)), EXACT, ()) is Truth.HOLDS


def test_the_ray_of_0_is_0() -> None:
    """Its positive multiples are all 0."""
    point = Region(2, exactly(0, 0), ())
    assert contains(point, EXACT, exactly(0, 0)) is Truth.HOLDS
    assert contains(point, EXACT, exactly(1, 0)) is Truth.FAILS
    assert distance(point, EXACT, exactly(3, 4)) == 5


def test_what_may_be_an_element_is_open() -> None:
    """A ball that touches the ray decides nothing, one far from it does."""
    with BALLS.context():
        assert contains(RAY, BALLS, wide((3, 0.1), (4, 0.1))) is Truth.UNKNOWN
        assert contains(RAY, BALLS, wide((3, 0.1), (-4, 0.1))) is Truth.FAILS


# Distances.


@given(PLANE, st.none() | PLANE, st.lists(PLANE, max_size=2))
def test_the_distance_is_to_the_nearest_part(point, generator, points) -> None:
    """In balls and floats, against the least of many distances to elements of the set; 0 from the empty set."""
    region = Region(2, generator, tuple(points))
    multiples = [] if generator is None else [tuple(fmpq(k, 60) * entry for entry in generator) for k in range(800)]
    squares = [sum((a - b) ** 2 for a, b in zip(point, other, strict=True)) for other in (*points, *multiples)]
    expected = float(min(squares, default=fmpq(0))) ** 0.5
    with BALLS.context():
        ball = distance(region, BALLS, BALLS.vector(point)).value
        assert ball.is_finite()
        assert float(ball.mid()) <= expected + 1e-9
        assert float(ball.mid()) >= expected - 0.05
        assert abs(float(distance(region, FLOATS, FLOATS.vector(point))) - float(ball.mid())) < 1e-9


def test_a_distance_that_may_be_to_either_side_is_enclosed() -> None:
    """Where the sign of ⟪v, p⟫ is open the ball covers both distances."""
    axis = Region(2, exactly(1, 0), ())
    with BALLS.context():
        found = distance(axis, BALLS, wide((0, 0.5), (2, 0))).value
        assert found.contains(arb(2))
        assert found.contains(arb("4.25").sqrt())
        nearest = distance(Region(1, None, (exactly(0), exactly(2))), BALLS, wide((1, 0.25))).value
        assert nearest.contains(arb("0.75"))
        assert nearest.contains(arb(1))
        assert not nearest.contains(arb("1.6"))


def test_the_distance_is_differentiable_off_the_set() -> None:
    """Its gradient points away; at an element, and between two points, there is none."""
    dual, region = DualAlgebra(EXACT), Region(1, None, (exactly(0), exactly(4)))
    assert distance(region, dual, Dual(exactly(1), exactly(1))).tangent == 1
    assert distance(region, dual, Dual(exactly(3), exactly(1))).tangent == -1
    with pytest.raises(NotDifferentiable):
        distance(region, dual, Dual(exactly(0), exactly(1)))


# Projections.


def test_projections_onto_spans() -> None:
    """Onto a line, onto a plane by generators that are not orthogonal, and onto all of it; 0 spans nothing."""
    x = exactly(1, 2, 3)
    assert project(EXACT, [exactly(1, 0, 0)], x) == exactly(1, 0, 0)
    assert project(EXACT, [exactly(1, 1, 0), exactly(1, 0, 0)], x) == exactly(1, 2, 0)
    assert project(EXACT, [exactly(1, 1, 0), exactly(1, 0, 0), exactly(5, 6, 7)], x) == x
    assert project(EXACT, [exactly(0, 0, 0)], x) == exactly(0, 0, 0)
    assert project(EXACT, [exactly(1, 0, 0), exactly(-2, 0, 0)], x) == exactly(1, 0, 0)


@given(st.lists(st.tuples(ENTRIES, ENTRIES, ENTRIES), min_size=1, max_size=3), st.tuples(ENTRIES, ENTRIES, ENTRIES))
def test_what_a_projection_leaves_is_orthogonal_to_the_generators(generators, x) -> None:
    """And projecting again changes nothing; both exactly."""
    found = project(EXACT, generators, x)
    rest = EXACT.subtract_vectors(x, found)
    assert all(EXACT.inner(generator, rest) == 0 for generator in generators)
    assert project(EXACT, generators, found) == found


def test_a_generator_that_may_be_dependent_leaves_the_projection_open() -> None:
    """No finite enclosure is claimed; one that is certainly independent gives one."""
    with BALLS.context():
        first, x = BALLS.vector((1, 0)), BALLS.vector((2, 3))
        assert not all(entry.value.is_finite() for entry in project(BALLS, [first, wide((1, 0), (0, 0.1))], x))
        found = project(BALLS, [first, wide((1, 0), (1, 0.1))], x)
        assert all(entry.value.contains(arb(value)) for entry, value in zip(found, (2, 3), strict=True))


# Channels, unit vectors and a loss that is least at a point.


CHANNELS = ir.ChannelSpace("κ", ir.Euclidean("ι"))


def of_channels(term: ir.Vector, *flat: int, position: int = 0) -> object:
    """The value of a term about a vector f with channels of two entries each, and a position p of a channel."""
    variables = [ir.Variable("f", ir.VectorKind(CHANNELS)), ir.Variable("p", ir.PositionKind("κ"))]
    sizes = {"κ": len(flat) // 2, "ι": 2}
    given = variables if flat else variables[:1]
    return evaluate(term, EXACT, bind(given, sizes, {"f": flat, "p": position}, EXACT), {})


def test_channels_taken_apart_and_put_together() -> None:
    """One after the other, at a fixed position and at each; and the derivative of a channel is that of the direction."""
    flat, channel = (1, 2, 3, 4, 5, 6), ir.Channel(ir.VVar("f"), "p", ir.Euclidean("ι"))
    parts = [of_channels(channel, *flat, position=position) for position in range(3)]
    assert parts == [exactly(1, 2), exactly(3, 4), exactly(5, 6)]
    joined = ir.Channels("k", "κ", ir.Channel(ir.VVar("f"), "k", ir.Euclidean("ι")))
    assert of_channels(joined, *flat) == exactly(*flat)
    assert of_channels(joined) == ()
    moving = ir.Variable("x", ir.VectorKind(CHANNELS))
    moved = ir.FDeriv(moving, ir.Channel(ir.VVar("x"), "p", ir.Euclidean("ι")), ir.Zero(CHANNELS), ir.VVar("f"))
    assert of_channels(moved, *flat, position=1) == exactly(3, 4)


def test_a_unit_vector_is_bounded_where_the_vector_may_be_0() -> None:
    """The coordinates of a vector over its norm are at most 1 in size, and of 0 they are 0."""
    assert unit(EXACT, exactly(3, 4)) == (fmpq(3, 5), fmpq(4, 5))
    assert unit(EXACT, exactly(0, 0)) == exactly(0, 0)
    with BALLS.context():
        assert [entry.value for entry in unit(BALLS, BALLS.vector((0, 0)))] == [0, 0]
        open_ = unit(BALLS, wide((0, 0.1), (0, 0.1)))
        assert all(entry.value.contains(value) for entry in open_ for value in (-1, 0, 1))
        assert all(entry.value.is_finite() for entry in open_)


def test_a_centred_loss_is_least_at_its_center() -> None:
    """0 there, and above 0 elsewhere."""
    center, at = exactly(1, 2, 3, 4), exactly(2, 2, 5, 0)
    loss = losses.Centred(center, 4)
    assert losses.value(loss, EXACT, center) == losses.least(loss) == 0
    assert losses.value(loss, EXACT, at) == fmpq(1 + 3 * 4 + 16, 2)


def test_a_peaked_loss_is_greatest_at_its_peaks() -> None:
    """-1 there, and lower elsewhere: with Q = 29 and Q = 1 + 3 · 25 + 1 of two peaks, by half their product."""
    first, second, at = exactly(1, 2, 3, 4), exactly(1, 2, 0, 1), exactly(2, 2, 5, 0)
    loss = Peaked((first, second), 4)
    assert [losses.value(loss, EXACT, peak) for peak in (first, second)] == [-1, -1]
    assert losses.value(loss, EXACT, at) == -1 - fmpq(29 * 77, 2)
    assert losses.value(Peaked((first,), 4), EXACT, at) == -1 - fmpq(29, 2)
    assert losses.least(loss) is None


@pytest.mark.parametrize("kind", ["centred", "peaked at 1", "peaked at 2", "peaked at 3"])
def test_the_derivatives_of_a_loss_made_around_points(kind: str) -> None:
    """Its gradient and Hessian are derivatives of its value."""
    at, along = exactly(2, 2, 5, 0), exactly(1, -1, 2, 3)
    points = (exactly(1, 2, 3, 4), exactly(1, 2, 0, 1), exactly(2, 0, 0, 7))
    loss: losses.Placed = losses.Centred(points[0], 4) if kind == "centred" else Peaked(points[: int(kind[-1])], 4)
    dual = DualAlgebra(EXACT)
    at_rest = Environment({}, losses={"L": loss})
    moving = converted(at_rest, Dual, Dual).losses["L"]
    assert losses.value(moving, dual, Dual(at, along)).tangent == EXACT.inner(losses.gradient(loss, EXACT, at), along)
    assert losses.gradient(moving, dual, Dual(at, along)).tangent == losses.hessian(loss, EXACT, at, along)
    assert losses.dimension(loss) == 4


def test_least_values_are_claimed_of_positive_weights_only() -> None:
    """A weight below 0 has no least value; a cross-entropy is nowhere below 0."""
    assert losses.least(losses.Quadratic(exactly(1, 0), exactly(5, 5))) == 0
    assert losses.least(losses.GemanMcClure(exactly(1, -1), exactly(5, 5))) is None
    assert losses.least(losses.CrossEntropy(3, 1)) == 0
