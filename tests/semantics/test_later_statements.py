"""Statements with projections, gradients as vectors, greatest values, sets, minimizers and channels: right and wrong ones."""

from __future__ import annotations

import contextlib
import dataclasses

import later_statements as made
import pytest
from derivative_statements import ONE, ONES, ZERO, A, G, scalar
from flint import fmpq
from later_statements import STATEMENTS, small
from statements import refutation

from pybridge import ir
from pybridge.algebras.ball import BallAlgebra
from pybridge.algebras.dual import NotDifferentiable
from pybridge.algebras.exact import ExactAlgebra
from pybridge.batches.environments import environment_of
from pybridge.batches.generate import RECORDED, Batch, slots
from pybridge.batches.plan import LARGEST, Plan
from pybridge.checking.check import check
from pybridge.checking.hypotheses import Unmet, certify
from pybridge.checking.judge import judge
from pybridge.checking.verdict import Agrees
from pybridge.checking.violate import violating
from pybridge.errors import InputError
from pybridge.export.loading import Export
from pybridge.kernels.satisfies import unsatisfied
from pybridge.mutation.mutants import mutants
from pybridge.notation.render import latex, text
from pybridge.proving.prove import NotDecided, Proved, prove
from pybridge.semantics.environment import bind
from pybridge.semantics.evaluate import Truth, evaluate, truth
from pybridge.semantics.losses import Quadratic
from pybridge.strategies import for_theorem

EXACT, BALLS = ExactAlgebra(), BallAlgebra(128)


@pytest.mark.parametrize("theorem", STATEMENTS.values(), ids=STATEMENTS)
def test_right_statements_agree(theorem: ir.Theorem, export: Export) -> None:
    """On batches of several families, on which the hypotheses are certified."""
    report = small(theorem, export)
    assert isinstance(report.verdict, Agrees), report.verdict
    assert len(report.counted) >= 3
    assert sum(report.counted.values()) >= 10


def test_recorded_batches_count(export: Export) -> None:
    """Of a network's layer, where a statement is about one channel."""
    for theorem in (STATEMENTS["projection"], STATEMENTS["greatest values"]):
        report = check(theorem, export, families=(RECORDED,), largest=64)
        assert isinstance(report.verdict, Agrees), report.verdict
        assert report.counted[RECORDED] >= 4


SPREAD = ir.Pow(scalar("scale", A["ε"], made.Y), 2)
WRONG = {
    "projection: ones left out": made.projection((made.normalized(ZERO),)),
    "projection: y left out": made.projection((ONES,)),
    "projection: sign": made.projection(factor=ir.Neg(A["γ"])),
    "projection: onto g": made.projection((ONES, G)),
    "RMS: onto the ones": made.rms_projection(ONES),
    "RMS: of g": made.rms_projection(of=G),
    "unit: of any length": made.along_unit(dropped=True),
    "unit: onto v": made.along_unit(made.X),
    "any: norm for its square": made.along_any(1),
    "Hessian: plus": made.hessian(sign=ir.Add),
    "Hessian: γ for γ²": made.hessian(bend=ir.Div(A["γ"], SPREAD)),
    "Hessian: not orthogonal to the ones": made.hessian(dropped="hd"),
    "Hessian: not orthogonal to y": made.hessian(dropped="hd'"),
    "Hessian: H is any operator": made.hessian(dropped="hG"),
    "Hessian: G is any field": made.hessian(dropped="hL"),
    "Hessian: at d": made.hessian(point=made.D),
    "greatest: mean left out": made.greatest_values(mean=False),
    "greatest: ŷ left out": made.greatest_values(along=False),
    "greatest: factor 1": made.greatest_values(factor=ONE),
    "greatest: G any number": made.greatest_values(dropped="hG"),
    "greatest: G' any number": made.greatest_values(dropped="hG'"),
    "distance: norm for its square": made.distance(over=1),
    "distance: from any set": made.distance(dropped="hS"),
    "distance: w on the other side": made.distance(dropped="h"),
    "distance: nearer": made.distance(strict=True),
    "minimizer: ε = 1": made.minimizer(eps=ONE),
    "minimizer: k ≠ 0": made.minimizer(sign="nonzero"),
    "minimizer: k < 0": made.minimizer(sign="negative"),
    "minimizer: 0 ≤ k": made.minimizer(sign="nonnegative"),
    "minimizer: -w": made.minimizer(scaled=False),
    "minimizer: β for γ among all": made.minimizer(among_gamma=ir.Var("β")),
    "minimizer: k for γ among all": made.minimizer(among_gamma=ir.Var("k")),
    "minimizer: ε = 1 among all": made.minimizer(among_eps=ONE),
    "channels: ε forgotten": made.channels(eps=ZERO),
    "channels: γ forgotten": made.channels(gamma=ONE),
    "channels: sign": made.channels(negated=True),
}


@pytest.mark.parametrize("theorem", WRONG.values(), ids=WRONG)
def test_wrong_statements_are_refuted(theorem: ir.Theorem, export: Export) -> None:
    """Each has a witness on which all hypotheses are certified and the sides part."""
    assert refutation(small(theorem, export), export).relation


@pytest.mark.parametrize("theorem", STATEMENTS.values(), ids=STATEMENTS)
def test_mutants_have_values_and_are_written(theorem: ir.Theorem, export: Export) -> None:
    """Every mutant of a conclusion is judged on a batch without an error, and differs from it in the text too."""
    candidates = (c for slot in slots(Plan(theorem, export.definitions), ("rational-spread",), largest=4) for c in slot)
    batch = next(c for c in candidates if not isinstance(certify(Plan(theorem, export.definitions), c), Unmet))
    written = set()
    found = mutants(theorem, export.definitions)
    assert len({mutant.id for mutant in found}) == len(found) > 15
    for mutant in found[:: 1 + len(found) // 30]:
        conclusion = mutant.theorem.conclusion
        environment = environment_of(
            Plan(mutant.theorem, export.definitions), batch.sizes, _filled(mutant.theorem, batch), BALLS
        )
        with contextlib.suppress(NotDifferentiable):  # at another point, where the function may have no gradient
            judge(conclusion, BALLS, environment, export.definitions)
        written.add(latex(mutant.theorem) + text(mutant.theorem))
    assert len(written) > 10


def _filled(theorem: ir.Theorem, batch: Batch) -> dict[str, object]:
    """The values, and some for variables that are drawn once their hypothesis is gone."""
    size = batch.sizes.get("ι", 0)
    flat = Quadratic((fmpq(1),) * size, (fmpq(0),) * size)
    ones = {"G": flat, "H": ((fmpq(1),) * size,) * size, "L": flat, "G'": fmpq(1)}
    missing = {v.name: v.kind for v in Plan(theorem, {}).drawn if v.name not in batch.values}
    filled: dict[str, object] = dict(batch.values)
    for name, kind in missing.items():
        wide = isinstance(kind, ir.LossKind | ir.VectorKind) and isinstance(kind.space, ir.ChannelSpace)
        width = size * batch.sizes.get("κ", 1) if wide else size
        filled[name] = fmpq(1) if isinstance(kind, ir.ScalarKind) else ones.get(name, flat)
        if isinstance(kind, ir.VectorKind):
            filled[name] = (fmpq(1),) * width
        elif wide:
            filled[name] = Quadratic((fmpq(1),) * width, (fmpq(0),) * width)
    return filled


# What other parts say.


def test_a_gradient_as_a_term_is_that_of_the_derivative() -> None:
    """∇ ‖z‖² at y is 2 y; along d its derivative is 2 d: exactly, and with another variable's values inside."""
    z = made.V["z"]
    variables = made.variables(y=made.VECTOR, d=made.VECTOR, γ=made.REAL)
    values = {"y": (1, 2, 3), "d": (5, -1, 0), "γ": 7}
    environment = bind(variables, {"ι": 3}, values, EXACT)
    weighted = ir.Mul(A["γ"], ir.Inner(z, z))
    gradient = ir.Gradient(made.Z, weighted, made.Y)
    assert evaluate(gradient, EXACT, environment, {}) == (14, 28, 42)
    inner = ir.Gradient(ir.Variable("x", made.VECTOR), ir.Mul(A["γ"], ir.Inner(ir.VVar("x"), ir.VVar("x"))), z)
    assert evaluate(ir.FDeriv(made.Z, inner, made.Y, made.D), EXACT, environment, {}) == (70, -14, 0)
    constant = ir.FDeriv(made.Z, made.D, made.Y, made.D)
    assert evaluate(constant, EXACT, environment, {}) == (0, 0, 0)
    at_each = ir.Sum("i", "ι", ir.Mul(ir.Component(made.D, "i"), ir.Component(gradient, "i")))
    assert evaluate(at_each, EXACT, environment, {}) == 14 * 5 - 28
    moved = ir.Sum("i", "ι", ir.Component(ir.Gradient(made.Z, ir.Mul(ir.Component(made.D, "i"), weighted), made.Y), "i"))
    assert evaluate(moved, EXACT, environment, {}) == 14 * 5 - 28
    channels = ir.Channels("c", "ι", ir.Smul(ir.Component(made.D, "c"), gradient))
    assert evaluate(channels, EXACT, environment, {})[:3] == (70, 140, 210)
    assert evaluate(ir.Norm(ir.Zero(ir.ChannelSpace("ι", ir.Euclidean("ι")))), EXACT, environment, {}) == 0
    total = ir.VSum("c", "ι", ir.Channel(ir.VAdd(channels, channels), "c", ir.Euclidean("ι")))
    assert evaluate(total, EXACT, environment, {}) == (112, 224, 336)


def test_gradients_limit_the_size_of_batches(export: Export) -> None:
    """One coordinate after the other: batches of more entries are not drawn."""
    sizes = {next(candidates).sizes["ι"] for candidates in slots(Plan(STATEMENTS["Hessian"], export.definitions), ("random",))}
    assert max(sizes) <= LARGEST


def test_second_proofs(export: Export) -> None:
    """Equations with projections are proved for m = 2; statements about maps, sets and derivatives are not decided."""
    for name in ("along a unit vector", "along any vector"):
        assert isinstance(prove(STATEMENTS[name], export, 2), Proved), name
    for name in ("Hessian", "greatest values", "distance", "minimizer", "channels"):
        assert isinstance(prove(STATEMENTS[name], export, 2), NotDecided), name


def test_no_strategy_draws_sets(export: Export) -> None:
    """One line says so."""
    theorem = dataclasses.replace(STATEMENTS["distance"], name="Test.distance")
    extended = dataclasses.replace(export, theorems={**export.theorems, theorem.name: theorem})
    with pytest.raises(InputError, match="S is a set, and no strategy draws sets"):
        for_theorem("Test.distance", export=extended)


def test_what_a_hypothesis_determines_is_not_drawn_nor_taken(export: Export) -> None:
    """A greatest value is no free number: neither a strategy nor a kernel's author may choose it."""
    theorem = dataclasses.replace(STATEMENTS["greatest values"], name="Test.greatest")
    extended = dataclasses.replace(export, theorems={**export.theorems, theorem.name: theorem})
    with pytest.raises(InputError, match="hG determines G, and no strategy draws it"):
        for_theorem("Test.greatest", export=extended)
    values = {"γ": 1.0, "lam": 1.0, "y": [0.0, 1.0], "g": [0.0, 1.0], "G": 5.0, "G'": 7.0}
    with pytest.raises(InputError, match="hG determines G, which is no argument"):
        unsatisfied(theorem, {"BatchNorm.mean": 0.5}, values, 0, None, extended)


def test_batches_that_violate_a_hypothesis_about_a_set(export: Export) -> None:
    """Sets without the ray are found, and on them the hypothesis certainly fails."""
    theorem = made.distance()
    without = dataclasses.replace(theorem, hypotheses=theorem.hypotheses[1:])
    wanted = violating(Plan(without, export.definitions), theorem.hypotheses[0], ("integers",), largest=3)
    found = [batch for candidates in wanted for batch in candidates]
    assert found
    for batch in found:
        environment = environment_of(Plan(theorem, export.definitions), batch.sizes, batch.values, EXACT)
        assert truth(theorem.hypotheses[0].proposition, EXACT, environment, export.definitions) is Truth.FAILS
