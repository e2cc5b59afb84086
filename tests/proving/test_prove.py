"""The symbolic proof: three outcomes that are never mixed up, and nothing false is proved."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from statements import statement

from pybridge import ir
from pybridge.algebras.base import NotInAlgebra
from pybridge.algebras.cases import Cases, all_cases
from pybridge.algebras.symbolic import SymbolicAlgebra, at_a_point
from pybridge.algebras.tower import Contradiction, Tower
from pybridge.errors import InputError
from pybridge.export.loading import Export, load
from pybridge.mutation.mutants import ConclusionMutant, mutants
from pybridge.proving.prove import MOST_ENTRIES, Disproved, Excluded, NotDecided, Proved, prove

NAMES = [theorem.name for theorem in load(check_sources=False).theorems.values()]
A, B, Y = ir.Var("a"), ir.Var("b"), ir.VVar("y")
ZERO, ONE = ir.Nat(0), ir.Nat(1)
SCALARS = (ir.Variable("a", ir.ScalarKind()), ir.Variable("b", ir.ScalarKind()))
VECTOR = ir.Variable("y", ir.VectorKind(ir.Euclidean("ι")))


def assuming(*propositions: ir.Proposition) -> tuple[ir.Hypothesis, ...]:
    """Hypotheses of the names h0, h1 and so on."""
    return tuple(ir.Hypothesis(f"h{n}", "", proposition) for n, proposition in enumerate(propositions))


NOT_DECIDED = {
    "BatchNorm.Eval.hasGradientAt_comp_forward",
    "BatchNorm.Eval.hasGradientAt_comp_forward_beta",
    "BatchNorm.Eval.hasGradientAt_comp_forward_gamma",
    "BatchNorm.Layer.hasGradientAt_comp_forward",
    "BatchNorm.Layer.hasGradientAt_comp_forward_beta",
    "BatchNorm.Layer.hasGradientAt_comp_forward_gamma",
    "BatchNorm.eq_backward_of_hasGradientAt",
    "BatchNorm.eq_of_isGreatest_norm_sq_adjoint",
    "BatchNorm.eq_smul_sub_inner_smul_of_hasGradientAt",
    "BatchNorm.eq_smul_sub_inner_unit_smul_of_hasGradientAt",
    "BatchNorm.eq_smul_sub_mean_smul_of_hasGradientAt",
    "BatchNorm.forall_backward_eq_smul_sub_starProjection_iff",
    "BatchNorm.hasDerivAt_comp_forward_beta",
    "BatchNorm.hasDerivAt_comp_forward_gamma",
    "BatchNorm.hasDerivAt_inner_backward_add_smul",
    "BatchNorm.hasFDerivAt_comp_forward",
    "BatchNorm.hasGradientAt_comp_forward",
    "BatchNorm.hasGradientAt_comp_forward_channels",
    "BatchNorm.hasGradientAt_comp_forward_comp",
    "BatchNorm.inner_fderiv_gradient_comp_forward",
    "BatchNorm.inner_fderiv_gradient_comp_forward_gradient",
    "BatchNorm.inner_fderiv_gradient_comp_forward_gradient_le",
    "BatchNorm.inner_fderiv_gradient_comp_forward_left",
    "BatchNorm.isGreatest_norm_sq_adjoint_backward",
    "BatchNorm.isMinOn_comp_forward_smul",
    "BatchNorm.norm_backward_eq_iff",
    "BatchNorm.norm_backward_le",
    "BatchNorm.norm_forward_sub_forward_le",
    "BatchNorm.norm_jacobian_le",
    "BatchNorm.norm_sq_backward_lt_iff",
    "BatchNorm.norm_sq_eq_mul_norm_sq_of_hasGradientAt",
    "BatchNorm.eq_zero_of_hasGradientAt",
    "BatchNorm.norm_sq_eq_mul_sub_inner_sq_of_hasGradientAt",
    "BatchNorm.norm_sq_eq_of_hasGradientAt",
    "BatchNorm.norm_sq_eq_sub_sq_of_hasDerivAt",
    "BatchNorm.norm_sq_eq_two_sub_of_hasGradientAt",
    "BatchNorm.norm_sq_le_of_hasGradientAt",
    "ContinuousLinearMap.isGreatest_norm_sq_adjoint",
    "ContinuousLinearMap.norm_sq_adjoint_le",
    "GroupNorm.Layer.hasGradientAt_comp_forward",
    "GroupNorm.Layer.hasGradientAt_comp_forward_beta",
    "GroupNorm.Layer.hasGradientAt_comp_forward_gamma",
    "InstanceNorm.Layer.hasGradientAt_comp_forward",
    "InstanceNorm.Layer.hasGradientAt_comp_forward_beta",
    "InstanceNorm.Layer.hasGradientAt_comp_forward_gamma",
    "LayerNorm.Layer.hasGradientAt_comp_forward",
    "LayerNorm.Layer.hasGradientAt_comp_forward_beta",
    "LayerNorm.Layer.hasGradientAt_comp_forward_gamma",
    "LayerNorm.hasGradientAt_comp_forward",
    "LayerNorm.hasGradientAt_comp_forward_beta",
    "LayerNorm.hasGradientAt_comp_forward_gamma",
    "RMSNorm.Layer.hasGradientAt_comp_forward",
    "RMSNorm.Layer.hasGradientAt_comp_forward_gamma",
    "RMSNorm.hasGradientAt_comp_forward",
    "infDist_sq_le_of_forall_smul_mem",
}
"""Statements about maps, sets or derivatives, and inequalities that no reduction decides."""
LARGER = {"BatchNorm.norm_jacobian"}
"""Statements about batches of more entries."""


@pytest.mark.parametrize("name", NAMES)
def test_every_theorem_is_proved_for_two_entries(name: str, export: Export) -> None:
    """What Lean proved for all m, the symbolic algebra proves for m = 2, or does not decide, or no batch is so small."""
    expected = NotDecided if name in NOT_DECIDED else Excluded if name in LARGER else Proved
    assert isinstance(prove(export.theorem(name), export, 2), expected)


@pytest.mark.parametrize("name", ["norm_sq_backward_eps_zero", "norm_sq_backward", "normalize_smul"])
def test_theorems_are_proved_for_three_entries(name: str, export: Export) -> None:
    """(7), (7ε) and one with a square in a radicand, for m = 3."""
    assert isinstance(prove(export.theorem(name), export, 3), Proved)


@pytest.mark.parametrize("name", ["norm_sq_backward", "norm_sq_normalize", "norm_sub_inner_smul_sq_of_norm_eq_one"])
def test_nothing_false_is_proved(name: str, export: Export) -> None:
    """Of the mutants of a theorem none is proved that a batch of that size refutes; some are disproved, with a point."""
    outcomes = []
    for mutant in mutants(export.theorem(name), export.definitions)[::3]:
        if isinstance(mutant, ConclusionMutant) and isinstance(mutant.theorem.conclusion, ir.Eq):
            found = prove(mutant.theorem, export, 3)
            assert not isinstance(found, Proved), mutant.id
            outcomes.append(found)
    assert any(isinstance(found, Disproved) for found in outcomes)


TRUE: dict[str, tuple[tuple[ir.Proposition, ...], ir.Proposition]] = {
    "a / a = 1 where a ≠ 0": ((ir.Ne(A, ZERO),), ir.Eq(ir.Div(A, A), ONE)),
    "0 / 0 = 0": ((), ir.Eq(ir.Mul(ir.Div(A, A), A), A)),
    "√a² = a where 0 ≤ a": ((ir.Le(ZERO, A),), ir.Eq(ir.Sqrt(ir.Pow(A, 2)), A)),
    "√a² = |a|": ((), ir.Eq(ir.Sqrt(ir.Pow(A, 2)), ir.Abs(A))),
    "(√a)² = a where 0 < a": ((ir.Lt(ZERO, A),), ir.Eq(ir.Pow(ir.Sqrt(A), 2), A)),
    "(√a)² = 0 where a < 0": ((ir.Lt(A, ZERO),), ir.Eq(ir.Pow(ir.Sqrt(A), 2), ZERO)),
    "√4 = 2": ((), ir.Eq(ir.Sqrt(ir.Nat(4)), ir.Nat(2))),
    "‖y‖² = ⟪y, y⟫": ((), ir.Eq(ir.Pow(ir.Norm(Y), 2), ir.Inner(Y, Y))),
    "y = 0 where ⟪y, y⟫ = 0": ((ir.Eq(ir.Inner(Y, Y), ZERO),), ir.VectorEq(Y, ir.Zero(ir.Euclidean("ι")))),
    "0 ≤ ⟪y, y⟫": ((), ir.Le(ZERO, ir.Inner(Y, Y))),
    "a⁰ = 1": ((), ir.Eq(ir.Pow(A, 0), ONE)),
}
FALSE: dict[str, tuple[tuple[ir.Proposition, ...], ir.Proposition]] = {
    "a / a = 1": ((), ir.Eq(ir.Div(A, A), ONE)),
    "√a² = a": ((), ir.Eq(ir.Sqrt(ir.Pow(A, 2)), A)),
    "(√a)² = a": ((), ir.Eq(ir.Pow(ir.Sqrt(A), 2), A)),
    "√(a + b) = √a + √b": ((), ir.Eq(ir.Sqrt(ir.Add(A, B)), ir.Add(ir.Sqrt(A), ir.Sqrt(B)))),
    "0 < ⟪y, y⟫": ((), ir.Lt(ZERO, ir.Inner(Y, Y))),
    "a = b where a² = b²": ((ir.Eq(ir.Pow(A, 2), ir.Pow(B, 2)),), ir.Eq(A, B)),
    "⟪y, y⟫ ≠ 0": ((), ir.Ne(ir.Inner(Y, Y), ZERO)),
}


@pytest.mark.parametrize("name", TRUE)
def test_true_statements_are_proved(name: str, export: Export) -> None:
    """Lean's junk values, roots and norms mean here what they mean in Lean."""
    hypotheses, conclusion = TRUE[name]
    theorem = statement(*SCALARS, VECTOR, hypotheses=assuming(*hypotheses), conclusion=conclusion)
    assert isinstance(prove(theorem, export, 2), Proved)


@pytest.mark.parametrize("name", FALSE)
def test_false_statements_are_not_proved(name: str, export: Export) -> None:
    """A statement that is false at one point only is not proved."""
    hypotheses, conclusion = FALSE[name]
    theorem = statement(*SCALARS, VECTOR, hypotheses=assuming(*hypotheses), conclusion=conclusion)
    assert not isinstance(prove(theorem, export, 2), Proved | Excluded)


def test_a_false_statement_is_disproved_by_a_point(export: Export) -> None:
    """The point is given, and is rational."""
    theorem = statement(*SCALARS, conclusion=ir.Eq(ir.Mul(A, B), ir.Add(A, B)))
    found = prove(theorem, export, 2)
    assert isinstance(found, Disproved)
    assert set(found.witness.batch.values) == {"a", "b"}


def test_contradictory_hypotheses_prove_nothing(export: Export) -> None:
    """Where no batch satisfies the hypotheses, that is said, and nothing is called proved."""
    theorem = statement(*SCALARS, hypotheses=assuming(ir.Lt(ZERO, A), ir.Lt(A, ZERO)), conclusion=ir.Eq(ONE, ZERO))
    assert prove(theorem, export, 2) == Excluded()


def test_what_the_procedure_cannot_see_stays_open(export: Export) -> None:
    """a⁴ + 1 is never 0, but the signs of such a factor are not known: not decided, and the case in which it ended is said."""
    never = ir.Add(ir.Pow(A, 4), ONE)
    found = prove(statement(*SCALARS, conclusion=ir.Eq(ir.Div(never, never), ONE)), export, 2)
    assert isinstance(found, NotDecided)
    assert "a**4 + 1 = 0" in found.why


@pytest.mark.parametrize("hidden", [lambda p: p, lambda p: ir.And(ir.Eq(A, A), p)])
def test_a_hypothesis_that_is_no_conjunction_is_not_assumed(
    hidden: Callable[[ir.Proposition], ir.Proposition], export: Export
) -> None:
    """To assume both sides of an equivalence would prove too much."""
    equivalence = ir.Iff(ir.Eq(A, ZERO), ir.Eq(B, ZERO))
    theorem = statement(*SCALARS, hypotheses=assuming(hidden(equivalence)), conclusion=ir.Eq(A, B))
    found = prove(theorem, export, 2)
    assert isinstance(found, NotDecided | Disproved)


def test_the_symbols_are_said(export: Export) -> None:
    """A proof names the roots it introduced with their squares."""
    found = prove(export.theorem("norm_sq_backward"), export, 2)
    assert isinstance(found, Proved)
    assert any("^2 = " in symbol for symbol in found.symbols)


def test_every_case_is_run_once() -> None:
    """Two questions, the second only after one answer to the first: three runs."""

    def run(cases: Cases) -> str:
        first = cases.ask([("x", "x"), ("y", "y")])
        return first + (cases.ask([("1", "1"), ("2", "2")]) if first == "x" else "")

    assert sorted(all_cases(run)) == ["x1", "x2", "y"]


def test_zero_with_a_root_is_found() -> None:
    """(1 / √a)² · a = 1 in the case 0 < a, though no rule of thumb has touched it."""
    tower = Tower(["a"], Cases())
    (a,) = tower.variables
    algebra = SymbolicAlgebra(tower)
    inverse = algebra.divide(tower.ring.one, algebra.sqrt(a))
    assert tower.is_zero(inverse**2 * a - 1)
    assert not tower.is_zero(inverse * a - 1)


def test_roots_of_rationals_that_depend_on_each_other_are_not_new_symbols() -> None:
    """√8 = 2 √2 and √6 = √2 √3; √5 is a new one."""
    algebra = at_a_point()
    root = {number: algebra.sqrt(algebra.scalar(number)) for number in (2, 8, 3, 6, 5)}
    assert algebra.tower.is_zero(root[8] - 2 * root[2])
    assert algebra.tower.is_zero(root[6] - root[2] * root[3])
    assert len(algebra.tower.steps) == 3
    assert not algebra.tower.is_zero(root[5] - root[2])


def test_at_a_point_nothing_is_assumed() -> None:
    """Whether √2 - 1 is 0 is asked of no case: it is left open."""
    algebra = at_a_point()
    with pytest.raises(NotInAlgebra, match="≠ 0 or "):
        algebra.divide(algebra.scalar(1), algebra.sqrt(algebra.scalar(2)) - 1)


def test_a_case_that_contradicts_itself_is_none() -> None:
    """What is known not to be 0 is not 0 by an equation that is assumed later: a² + b² = 0, where a ≠ b."""
    tower = Tower(["a", "b"], Cases())
    a, b = tower.variables
    assert tower.sign(a - b, only_zero=True) == 1
    with pytest.raises(Contradiction):
        tower.vanish(a**2 + b**2)


def test_a_positive_part_excludes_that_the_whole_is_zero(export: Export) -> None:
    """With 0 < (a - b)², a² + b² is not 0, so that dividing by it is no case of its own: (a² + b²) / (a² + b²) = 1."""
    a, b = (ir.Pow(scalar, 2) for scalar in (A, B))
    whole = ir.Add(a, b)
    conclusion = ir.Eq(ir.Div(whole, whole), ONE)
    apart = assuming(ir.Lt(ZERO, ir.Pow(ir.Sub(A, B), 2)))
    assert isinstance(prove(statement(*SCALARS, hypotheses=apart, conclusion=conclusion), export, 1), Proved)
    assert not isinstance(prove(statement(*SCALARS, conclusion=conclusion), export, 1), Proved)


@pytest.mark.parametrize("size", [0, -1, MOST_ENTRIES + 1, 10**12])
def test_a_size_that_is_not_tried_is_refused(size: int, export: Export) -> None:
    """Before anything of that size is made."""
    with pytest.raises(InputError, match=f"no proof is tried for m = {size}; give a size from 1 to {MOST_ENTRIES}"):
        prove(export.theorem("variance_nonneg"), export, size)


@pytest.mark.parametrize("name", ["norm_sq_backward", "norm_sub_inner_div_norm_sq_smul_le"])
def test_the_largest_size_ends(name: str, export: Export) -> None:
    """Proved or not decided, in seconds: one is given up for its terms, the other has factors in 32 variables."""
    expected = NotDecided if name == "norm_sq_backward" else Proved
    assert isinstance(prove(export.theorem(name), export, MOST_ENTRIES), expected)


def test_what_stays_open_is_said_of_an_inequality_as_such(export: Export) -> None:
    """Its sides need not reduce to one another."""
    found = prove(statement(*SCALARS, conclusion=ir.Lt(ZERO, ir.Add(ir.Pow(A, 4), ONE))), export, 2)
    assert isinstance(found, NotDecided)
    assert found.why.startswith("the sign of the difference of the two sides stays open")
