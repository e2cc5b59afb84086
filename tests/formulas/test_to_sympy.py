"""Declarations in SymPy: held against the engine on random batches, entry by entry and as sums."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp

import pybridge
from pybridge.errors import InputError, UnknownNameError
from pybridge.evaluation.evaluate import evaluate
from pybridge.export.loading import Export
from pybridge.formulas.to_sympy import to_sympy

RNG = np.random.default_rng(5)
M = 3


def numbers(symbols, given) -> dict:
    """Rationals for all symbols of a formula, those that are given for its variables."""
    found = {}
    for name, value in given.items():
        own = symbols[name]
        pairs = [(own, value)] if isinstance(own, sp.Symbol) else zip(own, value, strict=True)
        found |= {symbol: sp.Rational(float(number)) for symbol, number in pairs}
    return found


def drawn(declaration) -> dict:
    """A value for each number and vector of a declaration."""
    parameters = getattr(declaration, "variables", None) or declaration.parameters
    return {
        one.name: np.round(RNG.normal(size=M), 3)
        if "Vector" in type(one.kind).__name__
        else round(float(RNG.uniform(0.5, 2)), 3)
        for one in parameters
    }


def test_every_definition_is_what_the_oracle_computes(export: Export) -> None:
    """Through ``lambdify`` by the method and by SymPy itself, for numbers and vectors of each kind."""
    seen = 0
    for definition in export.definitions.values():
        given = drawn(definition)
        formula = to_sympy(definition.name, m=M, export=export)
        if not all(
            isinstance(own, sp.Symbol) or (len(own) == M and isinstance(own[0], sp.Symbol)) for own in formula.arguments
        ):
            continue  # a layer: arrays of several axes
        if not any(np.ndim(value) for value in given.values()):
            continue  # the ones, which take no batch
        expected = pybridge.oracle(definition.name, export=export)(*given.values())
        for function in (formula.lambdify(), sp.lambdify(formula.arguments, formula.expression)):
            found = np.array(function(*given.values()), dtype=float).reshape(np.shape(expected))
            np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-13)
        seen += 1
    assert seen > 10


SIDES = (
    "norm_sq_backward",
    "norm_sq_backward_eps_zero_eq_mul_sub_inner_sq",
    "norm_sq_normalize",
    "backward_eq_smul_sub_mean_smul",
    "backward_eps_zero_eq_smul_sub_starProjection",
    "norm_sq_backward_le",
    "RMSNorm.norm_sq_backward",
    "inner_backward_left",
    "backward_apply",
)


@pytest.mark.parametrize("name", SIDES)
def test_sides_are_those_of_the_engine(export: Export, name: str) -> None:
    """Both sides of each relation lie in the enclosures that ``evaluate`` gives, on a random batch."""
    theorem = export.theorem(name)
    given = {key: value for key, value in drawn(theorem).items() if key != "i"}
    formula = to_sympy(name, m=M, export=export)
    values = numbers(formula.symbols, given)
    enclosed = evaluate(name, **given, export=export).batches[0].comparisons
    assert len(enclosed) == len(formula.relations)
    for relation, comparison in zip(formula.relations, enclosed, strict=True):
        for side, ball in ((relation.lhs, comparison.left), (relation.rhs, comparison.right)):
            assert float(side.xreplace(values).evalf(30)) == pytest.approx(float(ball), rel=1e-13, abs=1e-25)
    held = [bool(hypothesis.subs(values)) for hypothesis in formula.hypotheses.values()]
    assert all(held)
    assert len(held) == len(theorem.hypotheses)


@pytest.mark.parametrize("name", ["mean", "variance", "scale", "backwardGamma", "RMSNorm.meanSquare"])
def test_sums_of_a_symbolic_m(export: Export, name: str) -> None:
    """With a number put for m they are the entries written out."""
    entries, sums = to_sympy(name, m=M, export=export), to_sympy(name, export=export)
    assert sums.expression.has(sp.Sum)
    m = sums.sizes["ι"]
    given = drawn(export.definition(name))
    values = numbers(entries.symbols, given)
    put = sums.expression.subs(m, M).doit()
    bases = {key: own for key, own in sums.symbols.items() if isinstance(own, sp.IndexedBase)}
    put = put.subs({base[k]: sp.Rational(float(given[key][k])) for key, base in bases.items() for k in range(M)})
    put = put.subs({own: sp.Rational(given[key]) for key, own in sums.symbols.items() if isinstance(own, sp.Symbol)})
    assert sp.simplify(put - entries.expression.xreplace(values)) == 0


def test_a_vector_of_a_symbolic_m_is_its_entry(export: Export) -> None:
    """At any position; a statement about vectors is one about their entries."""
    formula = to_sympy("normalize", export=export)
    assert {str(symbol) for symbol in formula.expression.free_symbols} >= {"any_m", "m", "epsilon"}
    (relation,) = to_sympy("backward_eq_smul_sub_inner_smul", export=export).relations
    assert relation.has(sp.Symbol("any_m", integer=True, nonnegative=True))
    n = sp.Symbol("n", integer=True, positive=True)
    assert to_sympy("mean", n, export=export).expression.has(n)


def test_hypotheses_are_assumptions(export: Export) -> None:
    """Of symbols where they are about the sign of a number, and relations that are not decided."""
    formula = to_sympy("norm_backward_eq_iff", m=2, export=export)
    gamma, eps = formula.symbols["γ"], formula.symbols["ε"]
    assert gamma.is_nonzero
    assert eps.is_nonnegative
    assert str(gamma), str(eps) == ("gamma", "epsilon")
    assert set(formula.hypotheses) == {"hγ", "hε", "h"}
    assert all(isinstance(one, sp.core.relational.Relational) for one in formula.hypotheses.values())
    assert to_sympy("normalize_eps_zero_smul", m=2, export=export).symbols["a"].is_positive


def test_derivatives(export: Export) -> None:
    """(1) with a loss that is known: the derivative that SymPy finds is the formula, where the hypothesis holds."""
    formula = to_sympy("hasGradientAt_comp_forward", m=2, export=export, L=lambda z: z[0] ** 2 + 3 * z[0] * z[1])
    given = {"γ": 2.0, "β": 0.5, "ε": 0.25, "y": [1.0, 2.5]}
    values = numbers(formula.symbols, given)
    stated = formula.hypotheses["hL"].args
    gradient = {one.rhs: one.lhs.doit().xreplace(values) for one in stated}
    for relation in formula.relations:
        left = relation.lhs.doit().xreplace(values)
        right = relation.rhs.xreplace(gradient).xreplace(values)
        assert float((left - right).evalf(40)) == pytest.approx(0, abs=1e-25)
    unknown = to_sympy("hasGradientAt_comp_forward", m=2, export=export)
    assert unknown.relations[0].has(sp.Derivative)


def test_every_theorem_has_a_form_or_is_refused_by_one_line(export: Export) -> None:
    """Most have one; what SymPy cannot say is said."""
    refused = []
    for theorem in export.theorems.values():
        try:
            formula = to_sympy(theorem.name, m=2, export=export)
        except InputError as error:
            refused.append(str(error))
            continue
        assert formula.relations
        assert len(formula.hypotheses) == len(theorem.hypotheses)
    assert len(refused) < len(export.theorems) / 6
    assert all(line.isprintable() for line in refused)


def test_formulas_as_values(export: Export) -> None:
    """A repr of one line, SymPy's text and LaTeX, ``sympify``; and what a theorem or definition does not have."""
    definition, theorem = to_sympy("variance", m=2, export=export), to_sympy("norm_sq_normalize", m=2, export=export)
    assert repr(definition).startswith("<Formula BatchNorm.variance: ")
    assert str(theorem).startswith("Eq(")
    assert theorem._repr_latex_().startswith("$\\displaystyle ")
    assert sp.sympify(definition) == definition.expression
    with pytest.raises(InputError, match="is a definition; see its expression"):
        definition.statement  # noqa: B018
    with pytest.raises(InputError, match="is a theorem; lambdify the sides of its relations"):
        theorem.lambdify()
    with pytest.raises(InputError, match="m is a symbol; pass m"):
        to_sympy("variance", export=export).lambdify()


@pytest.mark.parametrize("m", [0, -1, 65, 2.0, True, "3"])
def test_sizes_that_are_none(export: Export, m) -> None:
    """A number from 1 on, not too large, or a symbol."""
    with pytest.raises(InputError, match="give a number from 1 to 64, or a SymPy symbol"):
        to_sympy("mean", m=m, export=export)


def test_names_and_functions_that_are_none(export: Export) -> None:
    """The name of nothing; a function for what is none; a derivative for any m."""
    with pytest.raises(UnknownNameError):
        to_sympy("varianz", export=export)
    with pytest.raises(InputError, match="has no function 'K'; its functions are L"):
        to_sympy("hasGradientAt_comp_forward", m=2, export=export, K=sum)
    with pytest.raises(InputError, match="a int is no function"):
        to_sympy("hasGradientAt_comp_forward", m=2, export=export, L=3)
    with pytest.raises(InputError, match="for a given m only; pass m, such as m=3"):
        to_sympy("hasGradientAt_comp_forward", export=export)
