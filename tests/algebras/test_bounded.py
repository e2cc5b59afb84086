"""Running error bounds of arrays: they enclose what the balls compute, and not much more."""

from __future__ import annotations

import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import assume, given
from hypothesis import strategies as st
from random_terms import DEFINITIONS, IOTA, VARIABLES, E, K, scalars

from pybridge import ir
from pybridge.algebras import doubledouble as dd
from pybridge.algebras.bounded import Bounded
from pybridge.algebras.bounding import BoundedAlgebra
from pybridge.algebras.formats import BFLOAT16, FLOAT16, FLOAT32, FLOAT64
from pybridge.algebras.rounding import Rounded, RoundingAlgebra
from pybridge.semantics import streams
from pybridge.semantics.boundedarrays import NotVectorised
from pybridge.semantics.environment import Environment, Family, bind
from pybridge.semantics.evaluate import evaluate
from pybridge.semantics.lowering import Lowering
from pybridge.semantics.machine import Machine
from pybridge.semantics.scopes import TOP

FORMATS = (FLOAT64, FLOAT32, FLOAT16, BFLOAT16)
NASTY = st.sampled_from(
    [0.0, -0.0, 1e-300, 1e300, 5e-324, 1e-45, 1e8, 1e8 + 1, 0.1, 65504.0, 1e5, 3e-8, 2.0**-200, 1 + 2.0**-52]
)
NUMBERS = st.one_of(st.integers(-64, 64).map(lambda n: n / 8), NASTY, st.floats(-10, 10), st.floats(1e7, 1e9))
ROWS = 3


@st.composite
def rows(draw: st.DrawFn) -> tuple[dict[str, int], list[dict[str, object]]]:
    """Sizes, and values for the variables of random terms in each of some rows; at times all entries of a vector are alike."""
    sizes = {IOTA: draw(st.integers(1, 4)), K: draw(st.integers(1, 2)), E: draw(st.integers(1, 3))}
    position = draw(st.integers(0, sizes[IOTA] - 1))

    def vector(size: int) -> list[float]:
        if draw(st.booleans()):
            return draw(st.lists(NUMBERS, min_size=size, max_size=size))
        return [draw(NUMBERS)] * size

    return sizes, [
        {
            "a": draw(NUMBERS),
            "b": draw(NUMBERS),
            "x": vector(sizes[IOTA]),
            "y": vector(sizes[IOTA]),
            "e": vector(sizes[E]),
            "v": [vector(sizes[E]) for _ in range(sizes[K])],
            "p": position,
        }
        for _ in range(ROWS)
    ]


def environment(sizes, several, algebra):
    """The rows side by side."""

    def numbers(name, *at):
        return algebra.given(np.array([row[name][at[0]] if at else row[name] for row in several], dtype=float).T)

    return Environment(
        sizes,
        scalars={name: numbers(name) for name in "ab"},
        vectors={name: numbers(name) for name in "xye"},
        families={"v": Family(sizes[E], [numbers("v", k) for k in range(sizes[K])])},
        positions={"p": several[0]["p"]},
    )


def holds(found: Bounded, known: Rounded, at: tuple[int, ...]) -> None:
    """What the balls found is in what the floats found."""
    high, low, radius = (float(part[at]) for part in found.data[:3])
    lower, upper = (found.error[(side, *at)] for side in (0, 1))
    if known.error.is_finite():
        assert not known.error < arb(float(lower))
        assert not known.error > arb(float(upper))
        for kind, one in enumerate((known.chain, known.scale, known.spread), start=1):
            least, most = (arb(float(found.bounds[(kind, side, *at)])) for side in (0, 1))
            assert not one < least
            assert not one > most
    else:
        assert upper == np.inf
    if known.value.is_finite() and np.isfinite(radius):
        assert not abs(known.value - arb(high) - arb(low)) > arb(radius)


def agree(term: ir.Scalar, sizes, several, format_) -> Bounded:
    """Evaluate a term in arrays, and in balls row by row."""
    algebra, balls = BoundedAlgebra(format_), RoundingAlgebra(4096, format_)
    with algebra.context():
        machine = Machine(algebra, environment(sizes, several, algebra), Lowering(DEFINITIONS))
        try:
            found = machine.scalar(term)
        except NotVectorised:
            assume(False)
    found = Bounded(np.broadcast_to(found.data, (len(found.data), ROWS)))
    for number, row in enumerate(several):
        known = evaluate(term, balls, bind(VARIABLES, sizes, row, balls), DEFINITIONS)
        with balls.context():
            holds(found, known, (number,))
    return found


@given(scalars(), rows(), st.sampled_from(FORMATS))
def test_arrays_enclose_the_balls(term, given_rows, format_):
    """Value, error, chain, scale and spread of random terms, in every format, on numbers of every size."""
    agree(term, *given_rows, format_)


X, A, B = ir.VVar("x"), ir.Var("a"), ir.Var("b")
SPECIAL = {
    "by 0": ir.Div(A, ir.Sub(B, B)),
    "by an exact 0": ir.Add(ir.Div(A, ir.Nat(0)), ir.Add(A, B)),
    "by what may be 0": ir.Div(A, ir.Sub(ir.Div(B, ir.Nat(3)), ir.Div(B, ir.Nat(3)))),
    "root of a negative": ir.Sqrt(ir.Neg(ir.Abs(A))),
    "root of a difference": ir.Sqrt(ir.Sub(ir.Mul(A, A), ir.Mul(A, A))),
    "root of what cancels": ir.Sqrt(ir.Sub(ir.Div(A, ir.Nat(3)), ir.Div(A, ir.Nat(3)))),
    "cancelling sum": ir.Sub(ir.Add(A, B), A),
    "overflow": ir.Pow(A, 3),
    "zeroth power": ir.Pow(ir.Div(A, ir.Sub(B, B)), 0),
    "norm": ir.Norm(X),
    "variance": ir.Inner(ir.VSub(X, X), X),
}


@pytest.mark.parametrize("term", SPECIAL.values(), ids=SPECIAL)
@pytest.mark.parametrize("format_", FORMATS, ids=lambda one: one.name)
def test_where_something_is_special(term, format_):
    """Lean's x / 0, roots of what is or may be negative, what cancels, overflows and is tiny."""
    sizes = {IOTA: 2, K: 1, E: 1}
    for values in ((1.0, 3.0, -2.0), (1e8 + 1, 0.0, 1e-300), (0.0, 1e300, 0.1), (3e38, 1e5, 5e-324), (1 / 3, 7.0, 300.0)):
        several = [
            {"a": a, "b": b, "x": [a, b], "y": [b, b], "e": [a], "v": [[b]], "p": 0}
            for a, b in zip(values, (*values[1:], values[0]), strict=True)
        ]
        agree(term, sizes, several, format_)


@pytest.mark.parametrize("format_", FORMATS, ids=lambda one: one.name)
def test_bounds_are_near_to_each_other(format_, export):
    """On an ordinary batch: what is allowed is known to 2^-40 and better, and values to 2^-80 of their terms."""
    definition = export.definition("backward")
    rng = np.random.default_rng(1)
    values = rng.normal(size=(2, 40, 5)).astype(np.float16).astype(float)
    algebra = BoundedAlgebra(format_)
    with algebra.context():
        scalars_ = {"γ": algebra.given(np.linspace(1, 2, 5)), "ε": algebra.given(np.full(5, 2.0**-10))}
        vectors = {name: algebra.given(one) for name, one in zip("yg", values, strict=True)}
        lowering = Lowering(export.definitions)
        found = Machine(algebra, Environment({"ι": 40}, scalars_, vectors), lowering).vector(definition.body)
    lower, upper = found.error
    assert np.isfinite(upper).all()
    assert ((upper - lower) / upper).max() < 2.0**-40
    assert (found.radius / found.scale[0]).max() < 2.0**-80


@pytest.mark.parametrize("name", ["backward", "variance", "backwardGamma", "RMSNorm.backward"])
def test_pieces_are_the_whole(name, export):
    """A long vector run piece by piece is enclosed as it is in one."""
    definition = export.definition(name)
    rng = np.random.default_rng(2)
    algebra, lowering = BoundedAlgebra(FLOAT32), Lowering(export.definitions)
    scalar = isinstance(definition.body, ir.SCALARS)
    program = lowering.scalar(definition.body, TOP) if scalar else lowering.vector(definition.body, TOP)
    vectors = [p.name for p in definition.parameters if isinstance(p.kind, ir.VectorKind)]
    with algebra.context():
        drawn = {p.name: rng.normal(size=(103, 2) if p.name in vectors else 2) ** 2 for p in definition.parameters}
        values = streams.Given(["ι"], 103, {n: drawn[n] for n in drawn if n not in vectors}, {n: drawn[n] for n in vectors})
        ((_, (whole,)),) = streams.pieces([program], values, algebra, lowering, 103)
        parts = [(part, found) for part, (found,) in streams.pieces([program], values, algebra, lowering, 10)]
    assert len(parts) == (1 if scalar else 11)
    for part, found in parts:
        expected = whole.data if scalar else whole.data[:, part]
        assert np.allclose(expected[0], found.data[0], rtol=1e-14, atol=0)
        apart = np.abs((expected[0] - found.data[0]) + (expected[1] - found.data[1]))
        assert (apart <= expected[2] + found.data[2]).all()
        assert np.allclose(expected[3:], found.data[3:], rtol=1e-13, atol=0)


def test_a_sum_in_a_sum_is_not_run_in_pieces(export):
    """It is refused, and so is what takes a vector as a whole."""
    algebra, lowering = BoundedAlgebra(FLOAT32), Lowering(export.definitions)
    term = ir.Sum("i", "ι", ir.Sum("j", "ι", ir.Mul(ir.Component(ir.VVar("y"), "i"), ir.Component(ir.VVar("y"), "j"))))
    with algebra.context():
        values = streams.Given(["ι"], 8, {}, {"y": np.ones((8, 1))})
        node = lowering.scalar(term, TOP)
        ((_, (found,)),) = streams.pieces([node], values, algebra, lowering, 8)
        assert found.data[0] == 64
        with pytest.raises(NotVectorised):
            list(streams.pieces([node], values, algebra, lowering, 3))
        whole = values.environment(algebra, slice(0, 8))
        with pytest.raises(NotVectorised):
            Machine(algebra, whole, lowering).vector(ir.Project((ir.VVar("y"),), ir.VVar("y")))


PAIRS = st.tuples(st.floats(2.0**-100, 2.0**100), st.floats(-1, 1), st.sampled_from([-1, 1])).map(
    lambda three: (three[2] * three[0], three[1] * three[0] * 2.0**-54)
)


@given(PAIRS, PAIRS)
def test_double_doubles_are_as_near_as_is_said(one, other):
    """Sum, product, quotient and root are off by no more than the relative errors of their algorithms."""
    left, right = (tuple(np.array([part]) for part in pair) for pair in (one, other))

    def exact(pair):
        return sum((fmpq(*float(part[0]).as_integer_ratio()) for part in pair), fmpq(0))

    for operation, result, bound in (
        (dd.add, exact(left) + exact(right), dd.ADDING),
        (dd.multiply, exact(left) * exact(right), dd.MULTIPLYING),
        (dd.divide, exact(left) / exact(right), dd.DIVIDING),
    ):
        assert abs(exact(operation(left, right)) - result) <= abs(result) * fmpq(*bound.as_integer_ratio())
    size = tuple(part * np.sign(left[0]) for part in left)
    root = exact(dd.sqrt(size))
    assert abs(root * root - exact(size)) <= 2 * exact(size) * fmpq(*dd.ROOTING.as_integer_ratio()) * fmpq(1001, 1000)


def test_held_numbers_one_by_one():
    """As number by number, around every edge of each format."""
    edges = [2.0**k for k in (-1074, -150, -149, -134, -133, -126, -25, -24, -15, -14, 0, 15, 16, 127, 128, 1023)]
    values = [
        scale * near for scale in edges for near in (1, 1 + 2.0**-7, 1 + 2.0**-8, 1 + 2.0**-10, 1 - 2.0**-11, 1 + 2.0**-23, 1.1)
    ]
    array = np.array([*values, *(-one for one in values), 0.0, -0.0])
    array = array[np.isfinite(array)]
    for one in FORMATS:
        assert one.holds_each(array).tolist() == [one.holds(fmpq(*value.as_integer_ratio())) for value in array.tolist()]
