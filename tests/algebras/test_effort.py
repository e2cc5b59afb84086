"""What a symbolic attempt may cost, and that its operations are those of SymPy."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sympy.polys.domains import QQ
from sympy.polys.groebnertools import groebner
from sympy.polys.orderings import grevlex
from sympy.polys.rings import PolyRing

from pybridge.algebras.effort import AT_ONCE, LARGEST, MOST_PRODUCTS, Effort, Poly, TooHard
from pybridge.algebras.factoring import factor_list

RING = PolyRing(["a", "b", "c"], QQ, grevlex)
A, B, C = RING.gens
MONOMIALS = st.tuples(*[st.integers(0, 3)] * 3)
RATIONALS = st.fractions(-5, 5, max_denominator=4).map(lambda value: QQ(value.numerator, value.denominator))
POLYS = st.dictionaries(MONOMIALS, RATIONALS, max_size=5).map(RING.from_dict)
SMALL = st.dictionaries(st.tuples(*[st.integers(0, 1)] * 3), RATIONALS, min_size=1, max_size=3).map(RING.from_dict)


def many(terms: int) -> Poly:
    """A polynomial of so many terms."""
    return RING.from_dict({(k, 0, 0): QQ(1) for k in range(terms)})


def alike(factors: list[tuple[Poly, int]]) -> list[tuple[str, int]]:
    """The factors up to constants and order."""
    monic = ((factor.monic(), power) for factor, power in factors)
    return sorted((str(factor), power) for factor, power in monic)


@given(POLYS, POLYS, st.integers(0, 3))
def test_products_and_powers(left: Poly, right: Poly, exponent: int) -> None:
    """As SymPy has them; the zeroth power of 0 is 1."""
    effort = Effort()
    assert effort.product(left, right) == left * right
    assert effort.power(left, exponent) == (left**exponent if exponent else RING.one)


@settings(deadline=None)
@given(POLYS, st.lists(SMALL, min_size=1, max_size=2))
def test_remainders(poly: Poly, equations: list[Poly]) -> None:
    """As SymPy has them."""
    relations = groebner([equation for equation in equations if equation], RING)
    assume(relations)
    assert Effort().remainder(poly, relations) == poly.rem(relations)


@settings(deadline=None)
@given(SMALL, SMALL, POLYS, st.integers(1, 3))
def test_factors(one: Poly, other: Poly, third: Poly, power: int) -> None:
    """They multiply to the polynomial, and are those of SymPy."""
    poly = one**power * other * third
    assume(not poly.is_ground)
    constant, factors = factor_list(poly)
    whole = RING.ground_new(constant)
    for factor, exponent in factors:
        whole *= factor**exponent
    assert whole == poly
    assert alike(factors) == alike(poly.factor_list()[1])


def test_too_many_terms() -> None:
    """A polynomial may be as large as the limit, and no larger."""
    assert Effort().bounded(many(LARGEST)) == many(LARGEST)
    with pytest.raises(TooHard, match=f"a polynomial of more than {LARGEST} terms"):
        Effort().bounded(many(LARGEST + 1))


def test_too_much_at_once() -> None:
    """A product is refused before it is computed."""
    with pytest.raises(TooHard, match=f"a multiplication of more than {AT_ONCE}"):
        Effort().product(many(1001), many(1001) * B)


def test_too_much_in_all() -> None:
    """What is taken is counted by every operation."""
    effort = Effort(MOST_PRODUCTS - 9)
    effort.product(A + B, A - B)
    effort.remainder(A**2, [A - B])
    assert effort.products > MOST_PRODUCTS - 9 + 4
    with pytest.raises(TooHard, match=f"more than {MOST_PRODUCTS} products of terms"):
        effort.power(A + B + C, 2)
