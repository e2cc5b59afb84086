"""The plan of statements that the export does not hold: what a form of hypothesis or conclusion says, and what it does not."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

from statements import statement

from pybridge import ir
from pybridge.batches.plan import Plan
from pybridge.export.loading import Export

SPACE = ir.Euclidean("ι")
KINDS = {"u": ir.VectorKind(SPACE), "v": ir.VectorKind(SPACE), "X": ir.OperatorKind(SPACE, SPACE), "ε": ir.ScalarKind()}
U, V, ZERO = ir.VVar("u"), ir.VVar("v"), ir.Nat(0)
RIGHT_ANGLE = ir.Eq(ir.Inner(U, V), ZERO)
AT = ir.Variable("z", ir.VectorKind(SPACE))


def about(conclusion: ir.Proposition, *hypotheses: ir.Proposition) -> Plan:
    """The plan of a statement about vectors u and v, an operator X and a number ε, none of which is assumed to be anything."""
    assumed = tuple(ir.Hypothesis(f"h{n}", "", proposition) for n, proposition in enumerate(hypotheses))
    variables = (ir.Variable(name, kind) for name, kind in KINDS.items())
    return Plan(statement(*variables, hypotheses=assumed, conclusion=conclusion), {})


def test_a_hypothesis_makes_orthogonal_the_vector_named_last() -> None:
    """Written either way round, alone or in a conjunction; not by an inequality, nor to what is made of itself."""
    for assumed in (RIGHT_ANGLE, ir.Eq(ZERO, ir.Inner(U, V)), ir.And(ir.Le(ZERO, ZERO), RIGHT_ANGLE)):
        assert about(ir.Eq(ZERO, ZERO), assumed).orthogonal == {"v": (U,)}
    assert about(ir.Eq(ZERO, ZERO), RIGHT_ANGLE, ir.Eq(ir.Inner(ir.VNeg(U), V), ZERO)).orthogonal == {"v": (U, ir.VNeg(U))}
    assert about(ir.Eq(ZERO, ZERO), ir.Eq(ir.Inner(V, ir.VNeg(U)), ZERO)).orthogonal == {"v": (ir.VNeg(U),)}
    for assumed in (ir.Ne(ir.Inner(U, V), ZERO), ir.Eq(ir.Inner(ir.VNeg(U), U), ZERO), ir.Lt(ir.Inner(U, V), ZERO)):
        assert about(ir.Eq(ZERO, ZERO), assumed).orthogonal == {}


def test_a_conclusion_is_not_helped() -> None:
    """Only the sides of an equivalence are made to hold, equations and inequalities; else the batches would hide a failure."""
    assert about(RIGHT_ANGLE).compared == about(ir.And(RIGHT_ANGLE, RIGHT_ANGLE)).compared == {}
    for side in (RIGHT_ANGLE, ir.Ne(ir.Inner(U, V), ZERO)):
        assert about(ir.Iff(ir.Eq(ZERO, ZERO), side)).compared == {"v": (U,)}
    assert about(ir.Iff(RIGHT_ANGLE, RIGHT_ANGLE)).orthogonal == {}


def test_an_operator_is_sharp_along_what_its_adjoint_is_applied_to_first() -> None:
    """In the conclusion; not along a vector that is made of the operator."""
    first, second = (ir.Norm(ir.Adjoint("X", vector)) for vector in (U, V))
    assert about(ir.Le(first, second)).along == {"X": U}
    assert about(ir.Le(ir.Norm(ir.Adjoint("X", ir.VApply("X", U))), second)).along == {}
    assert about(ir.Eq(ZERO, ZERO), ir.Le(first, second)).along == {}


def test_roots_below_a_binder_are_left(export: Export) -> None:
    """A call is one of a root where its definition is, and where all its names are variables of the theorem."""
    calls = [ir.Call("BatchNorm.scale", ("ι",), (ir.Var(name), U)) for name in ("ε", "t")]
    derivative = ir.HasDerivAt("t", calls[1], ir.Var("ε"), ZERO)
    other = ir.Call("BatchNorm.variance", ("ι",), (U,))
    plan = dataclasses.replace(about(derivative, ir.Lt(calls[0], other), ir.Lt(ZERO, calls[0])), definitions=export.definitions)
    ((call, unrooted),) = plan.radicands
    assert call == calls[0]
    assert export.definitions["BatchNorm.scale"].body == ir.Sqrt(unrooted["BatchNorm.scale"].body)
    assert {**unrooted, "BatchNorm.scale": None} == {**export.definitions, "BatchNorm.scale": None}
    assert dataclasses.replace(plan, definitions={}).radicands == ()


def test_derivatives_keep_a_batch_small() -> None:
    """A gradient or a derivative that is a term, assumed or concluded; 64 rows, with a square matrix, otherwise."""
    gradient = ir.Eq(ir.Norm(ir.Gradient(AT, ir.Norm(ir.VVar("z")), U)), ZERO)
    derivative = ir.Eq(ir.Norm(ir.FDeriv(AT, ir.VNeg(ir.VVar("z")), U, V)), ZERO)
    for stated in (gradient, derivative):
        assert about(stated).largest == about(ir.Eq(ZERO, ZERO), stated).largest == 16
    assert about(ir.Eq(ZERO, ZERO)).largest == 64


def test_spaces_of_one_point_and_indices_of_members(export: Export) -> None:
    """A space that is said to be nontrivial has no dimension 0; members indexed like coordinates are as many as these."""
    theorem = export.theorem("isMinOn_comp_forward_smul")
    assert Plan(theorem, export.definitions).single == {"W"}
    assert Plan(dataclasses.replace(theorem, nontrivial=("W",)), export.definitions).single == frozenset()
    for index, labels in (("κ", {"κ"}), ("ι", set())):
        assert Plan(statement(ir.Variable("b", ir.FamilyKind(index, SPACE))), {}).labels == labels


def test_what_a_value_is_made_of_comes_along() -> None:
    """Of gradients of which each is taken at another, all those before the one mentioned; of other terms none."""
    names = ("y", "w", "v", "u")
    variables = (ir.Variable(name, KINDS["u"]) for name in names)
    assumed = tuple(
        ir.Hypothesis(name, "", ir.HasGradientAt(AT, ir.Apply("L", ir.VVar("z")), ir.VVar(name), ir.VVar(point)))
        for point, name in reversed(tuple(pairwise(names)))
    )
    plan = Plan(statement(*variables, ir.Variable("L", ir.LossKind(SPACE)), hypotheses=assumed), {})
    assert [one.name for one in plan.determined] == ["w", "v", "u"]
    for number, name in enumerate(names):
        assert [one.name for one in plan.determined_for(ir.Norm(ir.VVar(name)))] == list(names[1 : number + 1])
