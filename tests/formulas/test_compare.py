"""A SymPy expression held against a definition: equal, different on a batch that shows it, or not decided."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp

import pybridge
from pybridge.errors import InputError, UnknownNameError
from pybridge.export.loading import Export
from pybridge.formulas.compare import Different, Equal, NotDecided, compare_sympy
from pybridge.formulas.to_sympy import to_sympy

EPS, GAMMA = sp.Symbol("epsilon"), sp.Symbol("gamma")
Y0, Y1, Y2 = sp.symbols("y_0 y_1 y_2")


def test_equal_in_another_form(export: Export) -> None:
    """Expanded, by another formula, and as a sum of a symbolic m; the assumptions of symbols do not matter."""
    variance = to_sympy("variance", m=3, export=export)
    assert compare_sympy("variance", variance.expression.expand(), export=export) == Equal(m=3, cases=1)
    mean = (Y0 + Y1 + Y2) / 3
    assert compare_sympy("variance", (Y0**2 + Y1**2 + Y2**2) / 3 - mean**2, export=export) == Equal(m=3, cases=1)
    sums = to_sympy("variance", export=export).expression
    assert isinstance(compare_sympy("variance", sums, m=4, export=export), Equal)


def test_roots_and_quotients(export: Export) -> None:
    """In all cases in which the expression has a value."""
    formula = to_sympy("normalize", m=2, export=export)
    assert isinstance(compare_sympy("normalize", formula.expression, m=2, export=export), Equal)
    spread = (Y0 - Y1) / 2
    root = sp.sqrt(spread**2 + EPS)
    assert isinstance(compare_sympy("normalize", [spread / root, -spread / root], m=2, export=export), Equal)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("variance", lambda e: e * sp.Rational(3, 2)),
        ("scale", lambda e: e.subs(sp.Symbol("epsilon", real=True), 0)),
        ("mean", lambda e: e + sp.Rational(1, 10**30)),
    ],
    ids=["unbiased", "ε forgotten", "a little more"],
)
def test_different_with_a_batch(export: Export, name: str, change) -> None:
    """The batch is exact, and on it both are what is said, by fractions."""
    expression = change(to_sympy(name, m=3, export=export).expression)
    found = compare_sympy(name, expression, export=export)
    assert isinstance(found, Different)
    assert found.definition != found.expression
    values = found.batch.values
    numbers = {f"y_{k}": sp.Rational(str(value)) for k, value in enumerate(values["y"])}
    numbers |= {"epsilon": sp.Rational(str(values.get("ε", 0)))}
    put = expression.subs({symbol: numbers[symbol.name] for symbol in expression.free_symbols})
    true = to_sympy(name, m=3, export=export).expression
    other = true.subs({symbol: numbers[symbol.name] for symbol in true.free_symbols})
    assert sp.simplify(put - other) != 0
    assert repr(found).isprintable()


def test_a_vector_says_which_entry(export: Export) -> None:
    """The first that differs."""
    formula = to_sympy("normalize", m=2, export=export)
    swapped = [formula.expression[0], formula.expression[1] * 2]
    found = compare_sympy("normalize", swapped, m=2, export=export)
    assert isinstance(found, Different)
    assert found.place == "entry 1"


def test_what_has_no_value_is_not_decided(export: Export) -> None:
    """An expression that is nowhere real."""
    found = compare_sympy("mean", sp.sqrt(-1 - Y0**2), m=2, export=export)
    assert isinstance(found, NotDecided)
    assert found.tried == 0


REFUSED = {
    "another symbol": ("mean", sp.Symbol("x_0"), "the expression has the symbol x_0; its symbols are y_0, y_1, y_2"),
    "an entry too far": ("mean", sp.Symbol("y_3"), "has the symbol y_3"),
    "a function": ("mean", sp.sin(Y0), r"an expression with sin \(sin\(y_0\)\) cannot be compared"),
    "a third root": ("mean", sp.cbrt(Y0), "a power to 1/3 cannot be compared"),
    "too few": ("normalize", [Y0], "gives 3 numbers for m = 3, got 1 expressions"),
    "a relation": ("mean", sp.Eq(Y0, Y1), "an expression is to be compared"),
    "nothing": ("mean", object(), "is no SymPy expression"),
}


@pytest.mark.parametrize(("name", "expression", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(export: Export, name, expression, message) -> None:
    """By what stands in the way."""
    with pytest.raises(InputError, match=message):
        compare_sympy(name, expression, export=export)


def test_names_and_sizes(export: Export) -> None:
    """A theorem is no definition; m is a number; floats are the numbers they are."""
    with pytest.raises(UnknownNameError, match="is a theorem"):
        compare_sympy("norm_sq_backward", Y0, export=export)
    with pytest.raises(InputError, match="give a number from 1 to 16"):
        compare_sympy("mean", Y0, m=0, export=export)
    assert isinstance(compare_sympy("mean", sp.Float(0.5) * (Y0 + Y1), m=2, export=export), Equal)
    third = Fraction(1, 3)
    assert isinstance(compare_sympy("mean", float(third) * (Y0 + Y1 + Y2), export=export), Different)
    assert pybridge.compare_sympy is compare_sympy
