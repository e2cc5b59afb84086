"""Statements about derivatives: the right ones agree, and one wrong sign or coefficient is refuted with a witness."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import derivative_statements as made
import pytest
from flint import fmpq
from statements import statement

from pybridge import ir
from pybridge.algebras.ball import BallAlgebra
from pybridge.algebras.exact import ExactAlgebra
from pybridge.batches.adjust import adjusted
from pybridge.batches.determined import says
from pybridge.batches.environments import environment_of
from pybridge.batches.generate import RECORDED, Batch, slots
from pybridge.batches.parametrize import dot, orthogonal, rational_root, root_above
from pybridge.batches.plan import Plan
from pybridge.batches.recorded import records
from pybridge.checking.check import check
from pybridge.checking.hypotheses import Unmet, certify, with_values
from pybridge.checking.judge import Standing, judge
from pybridge.checking.settle import settle
from pybridge.checking.verdict import Agrees, Refuted, Undecided
from pybridge.checking.witness import determined_values, paste, plain
from pybridge.cli.refutation import explain
from pybridge.errors import InputError
from pybridge.export.loading import Export
from pybridge.semantics import losses
from pybridge.semantics.derivatives import complete
from pybridge.semantics.directions import DRAWN, FEW, directions
from pybridge.semantics.environment import bind
from pybridge.semantics.evaluate import Truth, evaluate, sides, truth
from pybridge.semantics.losses import CrossEntropy, GemanMcClure, Quadratic

EXACT = ExactAlgebra()
G, D, Y, V = made.G, made.D, made.Y, made.V["v"]
RIGHT = {
    "gradient": made.gradient(),
    "Fréchet": made.frechet_normalize(),
    "in γ": made.in_gamma(),
    "in β": made.in_beta(),
    "jointly": made.jointly(),
    "second": made.second(),
    "second of a loss": made.second(of_a_loss=True),
    "off both": made.off_both(),
    "bounded": made.bounded(),
}


def small(theorem: ir.Theorem, export: Export, *, shrink: bool = False):
    """A report on a few small batches."""
    return check(theorem, export, families=("integers", "rational-spread"), largest=4, shrink=shrink)


@pytest.mark.parametrize("theorem", RIGHT.values(), ids=RIGHT)
def test_right_statements_agree(theorem: ir.Theorem, export: Export) -> None:
    """On small batches; each counts batches on which its hypotheses are certified."""
    report = small(theorem, export)
    assert isinstance(report.verdict, Agrees), report.verdict
    assert sum(report.counted.values()) >= 4


def parts(theorem: ir.Theorem) -> tuple[ir.Scalar, ir.Scalar]:
    """The two terms of the derivative that `second` claims."""
    assert isinstance(theorem.conclusion, ir.HasDerivAt)
    assert isinstance(theorem.conclusion.derivative, ir.Sub)
    return theorem.conclusion.derivative.left, theorem.conclusion.derivative.right


def twice(term: ir.Vector) -> ir.Vector:
    """The double of a vector."""
    return ir.Smul(ir.Nat(2), term)


BEND, PULL = parts(made.second())
FRECHET = made.frechet_normalize().conclusion.derivative
JOINT = made.jointly().conclusion.derivative
WRONG = {
    "gradient: sign": made.gradient(ir.VNeg(made.backward())),
    "gradient: twice": made.gradient(twice(made.backward())),
    "gradient: γ forgotten": made.gradient(made.backward(gamma=made.ONE)),
    "gradient: ε forgotten": made.gradient(made.backward(eps=made.ZERO)),
    "gradient: g itself": made.gradient(G),
    "gradient: mean of g left out": made.gradient(ir.VAdd(made.backward(), ir.Smul(made.scalar("mean", G), made.ONES))),
    "Fréchet: sign": made.frechet_normalize(ir.VNeg(FRECHET)),
    "Fréchet: no projection": made.frechet_normalize(ir.Smul(ir.Inv(made.scalar("scale", made.A["ε"], Y)), V)),
    "Fréchet: constant": made.frechet_normalize(ir.Zero(made.SPACE)),
    "in γ: ones": made.in_gamma(ir.Inner(made.ONES, G)),
    "in γ: sign": made.in_gamma(ir.Neg(ir.Inner(G, made.normalized()))),
    "in β: normalized": made.in_beta(ir.Inner(G, made.normalized())),
    "in β: mean": made.in_beta(made.scalar("mean", G)),
    "jointly: y alone": made.jointly(JOINT.left.left),
    "jointly: β left out": made.jointly(JOINT.left),
    "jointly: minus β": made.jointly(ir.Sub(JOINT.left, JOINT.right)),
    "second: plus": made.second(ir.Add(BEND, PULL)),
    "second: bend alone": made.second(BEND),
    "second: pull alone": made.second(ir.Neg(PULL)),
    "second: twice the pull": made.second(ir.Sub(BEND, ir.Mul(ir.Nat(2), PULL))),
    "off both: twice": made.off_both(ir.Mul(ir.Nat(2), ir.Norm(G))),
    "bounded: half": made.bounded(ir.Div(made.MOST, ir.Nat(2))),
    "bounded: a little less": made.bounded(ir.Mul(ir.Div(ir.Nat(999999), ir.Nat(1000000)), made.MOST)),
}


@pytest.mark.parametrize("theorem", WRONG.values(), ids=WRONG)
def test_wrong_statements_are_refuted(theorem: ir.Theorem, export: Export) -> None:
    """Each has a witness on which all hypotheses are certified and the sides part."""
    verdict = small(theorem, export).verdict
    assert isinstance(verdict, Refuted), verdict
    assert not isinstance(certify(Plan(theorem, export.definitions), verdict.witness.batch), Unmet)
    assert verdict.witness.left != verdict.witness.right


def test_a_dropped_hypothesis_is_noticed(export: Export) -> None:
    """Without ⟪ŷ, d⟫ = 0 the second derivative has more terms."""
    assert isinstance(small(made.second(dropped=True), export).verdict, Refuted)


def test_recorded_batches_count(export: Export) -> None:
    """With a drawn loss and its gradient in place of the recorded one, and on many rows by drawn directions."""
    for theorem in (made.gradient(), made.frechet_normalize(), made.in_gamma()):
        report = check(theorem, export, families=(RECORDED,), largest=64)
        assert isinstance(report.verdict, Agrees), report.verdict
        assert report.counted[RECORDED] >= 4
    wrong = check(made.gradient(made.backward(eps=made.ZERO)), export, families=(RECORDED,), largest=64, shrink=False)
    assert isinstance(wrong.verdict, Refuted)


def test_a_witness_says_what_was_determined(export: Export) -> None:
    """The loss is in the batch and g is not; the explanation says what g was, and about how large."""
    report = small(made.gradient(ir.VNeg(made.backward())), export, shrink=True)
    assert isinstance(report.verdict, Refuted)
    witness = report.verdict.witness
    assert "g" not in witness.batch.values
    assert "L" in witness.batch.values
    assert witness.determined["g"].startswith("the gradient of L at forward(γ, β, ε, y): about [")
    assert any(line.startswith("  g is the gradient of L at forward") for line in explain(report, witness, "again"))
    assert witness.batch.sizes["ι"] <= 4
    assert next(held.decided_by for held in witness.hypotheses).startswith("closed form, differentiated in balls of")
    assert all(held.value for held in witness.hypotheses)


def test_losses_are_exact_to_paste() -> None:
    """By name and parameters, in Python source and in JSON."""
    half = fmpq(1, 2)
    values = {"L": Quadratic((half,), (fmpq(3),)), "K": CrossEntropy(3, 1), "X": ((half, fmpq(1)),)}
    batch = Batch(name="b", family="test", seed=None, sizes={}, values=values, origin="")
    read = eval(paste(batch), {"Fraction": Fraction})  # noqa: S307
    assert read["L"] == {"loss": "Quadratic", "weights": [Fraction(1, 2)], "targets": [3]}
    assert read["K"] == {"loss": "CrossEntropy", "dimension": 3, "label": 1}
    assert read["X"] == [[Fraction(1, 2), 1]]
    assert plain(values["L"]) == {"loss": "Quadratic", "weights": ["1/2"], "targets": ["3"]}


# What a hypothesis determines.


def test_what_is_determined() -> None:
    """The gradient at a point, the field of a loss, the derivative of a field; and nothing else."""
    assert [says(one) for one in Plan(made.gradient(), {}).determined] == ["the gradient of L at forward(γ, β, ε, y)"]
    assert [one.name for one in Plan(made.second(of_a_loss=True), {}).determined] == ["G", "H"]
    assert [one.name for one in Plan(made.second(), {}).determined] == ["H"]
    assert [variable.name for variable in Plan(made.second(of_a_loss=True), {}).drawn] == ["γ", "β", "y", "d", "L"]
    both = made.hypothesis("h", ir.And(made.loss_at(Y).proposition, made.positive().proposition))
    assert Plan(dataclasses.replace(made.gradient(), hypotheses=(both,)), {}).determined == ()
    assert Plan(made.off_both(), {}).determined == ()
    assert Plan(made.frechet_normalize(), {}).determined == ()


def test_a_gradient_at_a_point_made_of_itself_is_not_determined() -> None:
    """`HasGradientAt L g g` says which g are fixed points; it is no definition of g, nor is a pair that go in a circle."""
    itself = dataclasses.replace(made.gradient(), hypotheses=(made.loss_at(G),))
    assert Plan(itself, {}).determined == ()
    circle = dataclasses.replace(
        made.gradient(), hypotheses=(made.loss_at(Y), dataclasses.replace(made.loss_at(G, Y), name="h2"))
    )
    assert Plan(circle, {}).determined == ()


def test_a_gradient_without_closed_form_is_found_by_differentiating(export: Export) -> None:
    """A hypothesis on another function than the loss defines its gradient, and what is false of that is refuted."""
    shifted = ir.HasGradientAt(made.Z, ir.Apply("L", ir.VAdd(made.V["z"], Y)), G, Y)
    theorem = dataclasses.replace(made.gradient(), hypotheses=(made.hypothesis("hL", shifted), made.positive()))
    verdict = small(theorem, export).verdict
    assert isinstance(verdict, Refuted)
    assert verdict.witness.determined["g"] == "what hL says it is, found by differentiating"


@pytest.mark.parametrize("loss", [Quadratic, CrossEntropy, GemanMcClure])
@pytest.mark.parametrize("closed", ["gradient", "hessian"])
def test_a_wrong_closed_form_is_vacuous_not_true(loss, closed: str, export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    """A closed form with the wrong sign does not pass for the derivative: its batches do not count."""
    right = getattr(losses, closed)

    def wrong(of, algebra, *args):
        found = right(of, algebra, *args)
        return algebra.negate_vector(found) if isinstance(of, loss) else found

    monkeypatch.setattr(losses, closed, wrong)
    theorem = made.gradient() if closed == "gradient" else made.second()
    counted = 0
    for candidates in slots(Plan(theorem, export.definitions), ("rational-spread",), largest=4):
        for candidate in candidates:
            of = candidate.values["L" if closed == "gradient" else "G"]
            if isinstance(of, loss):
                unmet = certify(Plan(theorem, export.definitions), candidate)
                assert isinstance(unmet, Unmet)
                counted += unmet.name in ("hL", "hG")
    assert counted


def test_only_what_is_mentioned_is_determined(export: Export) -> None:
    """A hypothesis without g is decided exactly even where g is no rational."""
    theorem = made.gradient()
    values = {"γ": 1, "β": 0, "ε": 1, "y": (fmpq(1), fmpq(2)), "L": CrossEntropy(2, 0)}
    batch = Batch(name="b", family="test", seed=None, sizes={"ι": 2}, values=values, origin="")
    held = certify(Plan(theorem, export.definitions), batch)
    assert not isinstance(held, Unmet)
    assert [one.decided_by for one in held] == ["closed form, differentiated in balls of 128 bits", "exact rationals"]
    assert len(with_values(Plan(theorem, export.definitions), batch, held)) == 2
    assert determined_values(Plan(theorem, export.definitions), batch)["g"].count(",") == 4


def test_what_a_determined_variable_is_made_of_is_determined_too() -> None:
    """A gradient at a point that is itself a gradient: a statement about the second alone needs the first."""
    theorem = statement(
        *made.variables(y=made.VECTOR, g=made.VECTOR, d=made.VECTOR),
        *made.LOSS,
        hypotheses=(made.loss_at(G, D), dataclasses.replace(made.loss_at(Y), name="h2")),
    )
    assert [one.name for one in Plan(theorem, {}).determined] == ["g", "d"]
    values = {"y": (fmpq(3),), "L": Quadratic((fmpq(2),), (fmpq(1),))}
    stated = ir.VectorEq(D, D)
    environment = environment_of(Plan(theorem, {}), {"ι": 1}, values, EXACT, stated)
    assert environment.vectors["g"] == (4,)
    assert environment.vectors["d"] == (6,)
    assert "d" not in environment_of(Plan(theorem, {}), {"ι": 1}, values, EXACT, ir.VectorEq(G, G)).vectors


def test_a_kink_is_refuted() -> None:
    """The norm has no gradient at 0: its slope along a coordinate is 1, where a gradient 0 gives 0."""
    kink = statement(*made.variables(y=made.VECTOR), conclusion=ir.HasGradientAt(made.Z, ir.Norm(made.V["z"]), Y, Y))
    batch = Batch(name="b", family="test", seed=None, sizes={"ι": 2}, values={"y": (fmpq(0),) * 2}, origin="")
    judgement, _ = settle(Plan(kink, {}), batch)
    assert judgement.standing is Standing.FAILS
    assert judgement.side is not None
    assert judgement.side.place == "the slope along z by (1, 0)"


# Directions.


def test_the_basis_and_one_more_in_few_dimensions() -> None:
    """A basis of all variables together, then one direction in which all move; in many, some drawn ones."""
    two = (ir.Variable("v", made.VECTOR), ir.Variable("s", ir.ScalarKind()))
    tried = list(directions(two, {"ι": 2}))
    assert [dict(one.along) for one in tried[:3]] == [{"v": (1, 0)}, {"v": (0, 1)}, {"s": (1,)}]
    assert tried[3].along.keys() == {"v", "s"}
    assert all(entry for along in tried[3].along.values() for entry in along)
    many = list(directions(two[:1], {"ι": FEW + 1}))
    assert len(many) == DRAWN == len({one.along["v"] for one in many})
    assert next(iter(directions(two[:1], {"ι": 0}))).along == {"v": ()}
    norm = ir.HasGradientAt(made.Z, ir.Norm(made.V["z"]), Y, Y)
    assert complete(norm, {"ι": FEW})
    assert not complete(norm, {"ι": FEW + 1})


def about(y: tuple[int, ...]):
    """A batch y in rationals and in balls."""
    variables = made.variables(y=made.VECTOR)
    return [(a, bind(variables, {"ι": len(y)}, {"y": y}, a)) for a in (EXACT, BallAlgebra(128))]


HALF_SQUARE = ir.Div(ir.Inner(made.V["z"], made.V["z"]), ir.Nat(2))


def test_truth_of_a_derivative() -> None:
    """Certain where a basis was tried exactly, refuted by one direction, and unknown where some were drawn or it has a kink."""
    right, wrong = ir.HasGradientAt(made.Z, HALF_SQUARE, Y, Y), ir.HasGradientAt(made.Z, HALF_SQUARE, ir.VNeg(Y), Y)
    (exact, few), (balls, enclosed) = about((3, 4))
    assert truth(right, exact, few, {}) is Truth.HOLDS
    assert truth(wrong, exact, few, {}) is Truth.FAILS
    assert judge(right, balls, enclosed, {}).standing in (Standing.CERTAIN, Standing.NARROW)
    assert judge(wrong, balls, enclosed, {}).standing is Standing.FAILS
    (exact, many), _ = about(tuple(range(FEW + 1)))
    assert truth(right, exact, many, {}) is Truth.UNKNOWN
    assert truth(wrong, exact, many, {}) is Truth.FAILS
    (exact, zero), (balls, enclosed) = about((0, 0))
    kink = ir.HasGradientAt(made.Z, ir.Norm(made.V["z"]), Y, Y)
    assert truth(kink, exact, zero, {}) is Truth.UNKNOWN
    judgement = judge(kink, balls, enclosed, {})
    assert judgement.standing is Standing.OPEN
    assert "a norm where the vector may be 0" in judgement.why


def test_a_map_that_is_not_linear_is_no_derivative() -> None:
    """The map v ↦ Σ |vᵢ| yᵢ is right along every basis vector and wrong along another direction."""
    claimed = ir.Sum("i", "ι", ir.Mul(ir.Abs(ir.Component(V, "i")), ir.Component(Y, "i")))
    false = ir.HasFDerivAt((made.Z,), HALF_SQUARE, ("v",), claimed, (Y,))
    (exact, environment), _ = about((3, 4, 5))
    compared = sides(false, exact, environment, {})
    assert [side.left == side.right for side in compared] == [True, True, True, False]
    assert truth(false, exact, environment, {}) is Truth.FAILS


def test_a_constant_has_derivative_zero() -> None:
    """Scalar and vector functions that do not mention the variable."""
    (exact, environment), _ = about((3, 4))
    assert truth(ir.HasDerivAt("s", ir.Norm(Y), ir.Nat(0), ir.Nat(1)), exact, environment, {}) is Truth.HOLDS
    assert truth(ir.HasDerivAt("s", ir.Norm(Y), ir.Nat(1), ir.Nat(1)), exact, environment, {}) is Truth.FAILS
    still = ir.HasFDerivAt((made.Z,), Y, ("v",), ir.Zero(made.SPACE), (Y,))
    assert truth(still, exact, environment, {}) is Truth.HOLDS


# Operators.


def norms(rows: tuple[tuple[int, ...], ...], bound: int) -> tuple[Truth, Standing]:
    """How ‖X‖ ≤ bound stands."""
    variables = made.variables(X=made.OPERATOR)
    found = []
    for algebra in (EXACT, BallAlgebra(128)):
        sizes = {"ι": len(rows), "W": len(rows[0])}
        environment = bind(variables, sizes, {"X": rows}, algebra)
        stated = ir.OpNormLe("X", ir.Neg(ir.Nat(-bound)) if bound < 0 else ir.Nat(bound))
        found.append(truth(stated, algebra, environment, {}) if algebra is EXACT else judge(stated, algebra, environment, {}))
    return found[0], found[1].standing


def test_a_norm_is_bounded_by_its_entries() -> None:
    """Certain where all entries are small enough; open, and not refuted, where they are not; a negative bound is refuted."""
    assert norms(((3, 4),), 5) == (Truth.HOLDS, Standing.CERTAIN)
    assert norms(((1, 0), (0, 1)), 1) == (Truth.UNKNOWN, Standing.OPEN)
    assert norms(((0, 0),), -1) == (Truth.FAILS, Standing.FAILS)


def test_the_greatest_value_is_reached_and_not_exceeded(export: Export) -> None:
    """Agrees; a smaller value is refuted by an operator inside the bound, a larger one by the operator that reaches most."""
    assert isinstance(small(made.greatest(), export).verdict, Agrees)
    assert isinstance(small(made.greatest(ir.Div(made.MOST, ir.Nat(2))), export).verdict, Refuted)
    assert isinstance(small(made.greatest(ir.Mul(ir.Nat(2), made.MOST)), export).verdict, Refuted)


def test_a_value_not_reached_is_open_where_the_greatest_is_not_known(export: Export) -> None:
    """Of a body that is no power of ‖X† a‖ nobody knows that one of the operators tried has the greatest value."""
    theorem = made.greatest(ir.Mul(ir.Nat(2), made.MOST))
    other = dataclasses.replace(theorem.conclusion, body=ir.Add(made.SQUARE, ir.Nat(0)))
    assert isinstance(small(dataclasses.replace(theorem, conclusion=other), export).verdict, Undecided)


def test_a_negative_bound_leaves_no_operator(export: Export) -> None:
    """Then nothing is the greatest."""
    theorem = made.greatest()
    negative = dataclasses.replace(theorem.conclusion, constraint=ir.OpNormLe("X", ir.Neg(ir.Nat(1))))
    verdict = small(dataclasses.replace(theorem, conclusion=negative), export).verdict
    assert isinstance(verdict, Refuted)
    assert (verdict.witness.left, verdict.witness.relation, verdict.witness.where) == ("0", "≤", "the bound")


def test_another_form_of_greatest_is_undecided(export: Export) -> None:
    """Where there is no operator to try, nothing agrees."""
    kind = ir.Variable("X", made.OPERATOR)
    for constraint, body in (
        (ir.Le(made.A["lam"], made.A["lam"]), made.SQUARE),
        (ir.OpNormLe("X", made.A["lam"]), ir.Norm(Y)),
    ):
        theorem = dataclasses.replace(made.greatest(), conclusion=ir.IsGreatest(kind, constraint, body, ir.Norm(Y)))
        report = check(theorem, export, families=("integers",), largest=2, shrink=False)
        assert isinstance(report.verdict, Undecided)
        assert "no operator to try" in report.verdict.why


def test_operators_are_drawn_inside_their_bound(export: Export) -> None:
    """In every turn the hypothesis ‖X‖ ≤ λ is certified where 0 ≤ λ, and some X come within 1 of 2^40 of what is possible."""
    theorem = made.bounded()
    sharp = 0
    for candidates in slots(Plan(theorem, export.definitions), ("rational-spread",), largest=9):
        for candidate in candidates:
            if candidate.values["lam"] <= 0 or isinstance(certify(Plan(theorem, export.definitions), candidate), Unmet):
                continue
            balls = BallAlgebra(128)
            environment = environment_of(Plan(theorem, export.definitions), candidate.sizes, candidate.values, balls)
            most = evaluate(made.MOST, balls, environment, export.definitions).value
            if most > 0:
                sharp += bool(evaluate(made.SQUARE, balls, environment, export.definitions).value > most * (1 - 2.0**-40))
    assert sharp >= 3


def test_values_of_functions_are_checked() -> None:
    """A loss of another dimension, no loss, a matrix of another shape, a loss for a number: one line each."""
    loss = Quadratic((fmpq(1),), (fmpq(0),))
    for variable, raw, message in (
        (made.variables(L=ir.LossKind(made.SPACE))[0], loss, "L is a function of 2 values, got a loss of 1"),
        (made.variables(G=ir.FieldKind(made.SPACE))[0], (1, 2), "G is a function, got 2; give one of pybridge.losses"),
        (made.variables(X=made.OPERATOR)[0], ((1, 2),), "X is a matrix of 2 vectors, got 1"),
        (made.variables(X=made.OPERATOR)[0], ((1,), (2,)), "X[0] is a vector of 3 values, got 1"),
        (made.variables(s=ir.ScalarKind())[0], loss, "s is a scalar, got a loss"),
    ):
        with pytest.raises(InputError) as refused:
            bind((variable,), {"ι": 2, "W": 3}, {variable.name: raw}, EXACT)
        assert message in str(refused.value)


# Batches on which equalities hold.


def test_a_rational_spread() -> None:
    """In that family the standard deviation is rational, exactly, and the batch is not constant."""
    theorem = statement(*made.variables(y=made.VECTOR))
    drawn = [next(candidates) for candidates in slots(Plan(theorem, {}), ("rational-spread",))]
    assert {batch.sizes["ι"] for batch in drawn} >= {4, 9, 16, 64}
    for batch in drawn:
        y = batch.values["y"]
        mean = sum(y, fmpq(0)) / len(y)
        root = rational_root(sum(((v - mean) ** 2 for v in y), fmpq(0)) / len(y))
        assert root is not None
        assert root > 0


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4])
def test_orthogonal_vectors(count: int) -> None:
    """Orthogonal to all, exactly; of rational norm where theirs are; 0 where they span everything."""
    rational = [(1, 1, 1, 1), (3, 3, -3, -3), (1, -1, 0, 0), (5, 0, 0, 1)][:count]
    vectors = [tuple(map(fmpq, vector)) for vector in rational]
    found = orthogonal(vectors, tuple(map(fmpq, (2, -1, 3, 5))))
    assert all(dot(found, vector) == 0 for vector in vectors)
    assert any(found) == (count < 4)
    if count < 3:
        assert rational_root(dot(found, found)) == 2
    irrational = orthogonal([(fmpq(1), fmpq(2))], (fmpq(3), fmpq(1)))
    assert irrational == (2, -1)
    assert orthogonal([(fmpq(0),) * 2, *2 * [(fmpq(3), fmpq(4))]], (fmpq(1), fmpq(1)))[0] != 0


def test_roots_of_rationals() -> None:
    """Exact where they are rational; from above, and close, where they are not."""
    assert rational_root(fmpq(9, 4)) == fmpq(3, 2)
    assert rational_root(fmpq(2)) is None
    assert rational_root(fmpq(-1)) is None
    for square in (fmpq(2), fmpq(1, 10**40), fmpq(10**40), fmpq(9, 4)):
        above = root_above(square)
        assert square <= above**2 <= square * (1 + fmpq(1, 2**50))


def test_both_sides_of_an_equivalence_occur(export: Export) -> None:
    """Some batches have g orthogonal to both vectors, without being 0, and some not."""
    theorem = made.off_both()
    seen = set()
    for candidates in slots(Plan(theorem, export.definitions), ("rational-spread",), largest=9):
        for candidate in candidates:
            if isinstance(certify(Plan(theorem, export.definitions), candidate), Unmet) or not any(candidate.values["g"]):
                continue
            environment = bind(theorem.variables, candidate.sizes, candidate.values, EXACT)
            try:
                seen.add(truth(theorem.conclusion.right, EXACT, environment, export.definitions))
            except Exception as irrational:  # noqa: BLE001
                assert "not in the exact algebra" in str(irrational)  # noqa: PT017
    assert seen == {Truth.HOLDS, Truth.FAILS}


def test_what_is_recorded_is_not_changed(export: Export) -> None:
    """A vector that is fixed stays as it is, though a hypothesis would have it orthogonal."""
    theorem = statement(*made.variables(d=made.VECTOR), hypotheses=(made.ALONG_ONES,))
    values = {"d": (fmpq(1), fmpq(2), fmpq(3), fmpq(4))}
    moved = adjusted(Plan(theorem, export.definitions), {"ι": 4}, values, turn=0)
    assert sum(moved["d"], fmpq(0)) == 0
    assert adjusted(Plan(theorem, export.definitions), {"ι": 4}, values, turn=0, fixed=frozenset({"d"})) == values
    assert records()
