"""Statements with projections, gradients as vectors, greatest values, sets, minimizers and channels: right and wrong ones."""

from __future__ import annotations

import contextlib
import dataclasses
from fractions import Fraction

import later_statements as made
import pytest
from derivative_statements import ONE, ONES, ZERO, A, G, scalar
from flint import fmpq
from statements import statement

from pybridge import determine, ir
from pybridge.algebras.ball import BallAlgebra
from pybridge.algebras.dual import NotDifferentiable
from pybridge.algebras.exact import ExactAlgebra
from pybridge.batches import RECORDED, Batch, slots
from pybridge.check import check
from pybridge.determine import LARGEST, determined, drawn_variables, environment_of, says
from pybridge.environment import Environment, bind
from pybridge.errors import InputError
from pybridge.evaluate import Truth, evaluate, sides, truth
from pybridge.export import Export
from pybridge.hypotheses import Unmet, certify, with_values
from pybridge.judge import Standing, judge
from pybridge.losses import Centred, Quadratic
from pybridge.mutants import mutants
from pybridge.prove import NotDecided, Proved, prove
from pybridge.quantified import NUMBERS, cone
from pybridge.regions import Region
from pybridge.render import latex, text
from pybridge.satisfies import unsatisfied
from pybridge.shrink import smaller
from pybridge.strategies import for_theorem
from pybridge.verdict import Agrees, Refuted, TheoremReport
from pybridge.violate import violating
from pybridge.witness import paste, plain

EXACT, BALLS = ExactAlgebra(), BallAlgebra(128)
RIGHT = {
    "projection": made.projection(),
    "RMS": made.rms_projection(),
    "along a unit vector": made.along_unit(),
    "along any vector": made.along_any(),
    "Hessian": made.hessian(),
    "greatest values": made.greatest_values(),
    "distance": made.distance(),
    "minimizer": made.minimizer(),
    "channels": made.channels(),
}
FAMILIES = ("integers", "outlier", "rational-spread", "constant")


def small(theorem: ir.Theorem, export: Export, families: tuple[str, ...] = FAMILIES) -> TheoremReport:
    """A report on a few small batches."""
    return check(theorem, export, families=families, largest=4, shrink=False)


@pytest.mark.parametrize("theorem", RIGHT.values(), ids=RIGHT)
def test_right_statements_agree(theorem: ir.Theorem, export: Export) -> None:
    """On batches of several families, on which the hypotheses are certified."""
    report = small(theorem, export)
    assert isinstance(report.verdict, Agrees), report.verdict
    assert len(report.counted) >= 3
    assert sum(report.counted.values()) >= 10


def test_recorded_batches_count(export: Export) -> None:
    """Of a network's layer, where a statement is about one channel."""
    for theorem in (RIGHT["projection"], RIGHT["greatest values"]):
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
    "channels: ε forgotten": made.channels(eps=ZERO),
    "channels: γ forgotten": made.channels(gamma=ONE),
    "channels: sign": made.channels(negated=True),
}


@pytest.mark.parametrize("theorem", WRONG.values(), ids=WRONG)
def test_wrong_statements_are_refuted(theorem: ir.Theorem, export: Export) -> None:
    """Each has a witness on which all hypotheses are certified and the sides part."""
    verdict = small(theorem, export).verdict
    assert isinstance(verdict, Refuted), verdict
    assert not isinstance(certify(theorem, verdict.witness.batch, export.definitions), Unmet)
    assert verdict.witness.relation


@pytest.mark.parametrize("theorem", RIGHT.values(), ids=RIGHT)
def test_mutants_have_values_and_are_written(theorem: ir.Theorem, export: Export) -> None:
    """Every mutant of a conclusion is judged on a batch without an error, and differs from it in the text too."""
    candidates = (c for slot in slots(theorem, ("rational-spread",), largest=4, definitions=export.definitions) for c in slot)
    batch = next(c for c in candidates if not isinstance(certify(theorem, c, export.definitions), Unmet))
    written = set()
    found = mutants(theorem, export.definitions)
    assert len({mutant.id for mutant in found}) == len(found) > 15
    for mutant in found[:: 1 + len(found) // 30]:
        conclusion = mutant.theorem.conclusion
        environment = environment_of(mutant.theorem, batch.sizes, _filled(mutant.theorem, batch), BALLS, export.definitions)
        with contextlib.suppress(NotDifferentiable):  # at another point, where the function may have no gradient
            judge(conclusion, BALLS, environment, export.definitions)
        written.add(latex(mutant.theorem) + text(mutant.theorem))
    assert len(written) > 10


def _filled(theorem: ir.Theorem, batch: Batch) -> dict[str, object]:
    """The values, and some for variables that are drawn once their hypothesis is gone."""
    size = batch.sizes.get("ι", 0)
    flat = Quadratic((fmpq(1),) * size, (fmpq(0),) * size)
    ones = {"G": flat, "H": ((fmpq(1),) * size,) * size, "L": flat, "G'": fmpq(1)}
    missing = {v.name: v.kind for v in drawn_variables(theorem) if v.name not in batch.values}
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


# What is made for a hypothesis.


def test_what_is_determined() -> None:
    """A field of gradients near a point, both greatest values, and a loss that is least at a point."""
    assert [type(one).__name__ for one in determined(RIGHT["Hessian"])] == ["GradientField", "DerivativeAt"]
    assert [one.name for one in determined(RIGHT["greatest values"])] == ["G", "G'"]
    (least,) = determined(RIGHT["minimizer"])
    assert says(least).startswith("½ Σ (1 + i mod 3) (zᵢ - cᵢ)² around c = forward(γ, β, 0, X(w))")
    assert says(determined(RIGHT["greatest values"])[0]) == "what hG says it is, as an operator attains it"
    assert "G" not in {variable.name for variable in drawn_variables(RIGHT["greatest values"])}
    itself = made.greatest_values()
    stated = itself.hypotheses[1].proposition
    assert isinstance(stated, ir.IsGreatest)
    circular = dataclasses.replace(stated, body=ir.Mul(ir.Var("G"), stated.body))
    hypotheses = (dataclasses.replace(itself.hypotheses[1], proposition=circular),)
    assert determined(dataclasses.replace(itself, hypotheses=hypotheses)) == ()


def test_a_greatest_value_is_the_body_at_an_operator(export: Export) -> None:
    """‖X† g‖² ≤ 4 · 25 for ‖X‖ ≤ 2 and g = (3, 4), reached; another value is not certified."""
    theorem = made.greatest_values()
    values = {"γ": fmpq(1), "lam": fmpq(2), "y": (fmpq(0), fmpq(1)), "g": (fmpq(3), fmpq(4))}
    batch = Batch(name="b", family="test", seed=None, sizes={"ι": 2, "W": 1}, values=values, origin="")
    environment = environment_of(theorem, batch.sizes, values, EXACT, export.definitions, ir.Eq(ir.Var("G"), ZERO))
    assert environment.scalars["G"] == 100
    held = certify(theorem, batch, export.definitions)
    assert not isinstance(held, Unmet)
    assert held[1].decided_by == "attained at an operator, compared in balls of 128 bits"
    stated = theorem.hypotheses[1].proposition
    balls = environment_of(theorem, batch.sizes, values, BALLS, export.definitions, stated)
    for value in (99, 101):
        wrong = dataclasses.replace(balls, scalars={**balls.scalars, "G": BALLS.scalar(value)})
        assert judge(stated, BALLS, wrong, export.definitions).standing in (Standing.FAILS, Standing.OPEN)


def test_a_greatest_value_over_a_ball_that_may_be_0_is_enclosed(export: Export) -> None:
    """For g constant backward is 0, which balls only enclose: its greatest value is an enclosure of 0, and narrow."""
    theorem = made.greatest_values()
    values = {"γ": fmpq(1), "lam": fmpq(2), "y": (fmpq(0), fmpq(1), fmpq(5)), "g": (fmpq(1, 3),) * 3}
    environment = environment_of(theorem, {"ι": 3, "W": 1}, values, BALLS, export.definitions)
    found = environment.scalars["G'"].value
    assert found.contains(0)
    assert found.is_finite()
    assert found < 2.0**-200


def test_a_negative_bound_has_no_greatest_value(export: Export) -> None:
    """No operator is within it, so that the hypothesis is not certified whatever the value."""
    theorem = made.greatest_values(dropped="hlam")
    values = {"γ": fmpq(1), "lam": fmpq(-2), "y": (fmpq(0), fmpq(1)), "g": (fmpq(3), fmpq(4))}
    batch = Batch(name="b", family="test", seed=None, sizes={"ι": 2, "W": 1}, values=values, origin="")
    assert isinstance(certify(theorem, batch, export.definitions), Unmet)


def test_a_wrong_operator_is_vacuous_not_true(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the operator found does not attain the greatest value, its hypothesis is not certified."""
    right = determine.attained

    def wrong(stated, algebra, environment, definitions):
        return algebra.multiply(algebra.scalar(Fraction(1, 2)), right(stated, algebra, environment, definitions))

    monkeypatch.setattr(determine, "attained", wrong)
    unmet = [
        certify(made.greatest_values(), candidate, export.definitions)
        for candidates in slots(made.greatest_values(), ("rational-spread",), largest=4, definitions=export.definitions)
        for candidate in candidates
        if candidate.values["lam"] > 0
    ]
    assert unmet
    assert all(isinstance(one, Unmet) for one in unmet)


def minimizing(weights: int, **values: object) -> Batch:
    """A batch for `minimizer` with weights of this dimension, of two entries."""
    given = {
        "γ": fmpq(1),
        "β": fmpq(0),
        "k": fmpq(2),
        "w": (fmpq(1),) * weights,
        "X": ((fmpq(1),) * weights, (fmpq(3),) * weights),
    }
    return Batch(name="b", family="test", seed=None, sizes={"ι": 2, "W": weights}, values={**given, **values}, origin="")


def test_the_loss_is_least_where_the_hypothesis_says(export: Export) -> None:
    """Around the output at w; where there is one output only, the other way round, and certified exactly."""
    theorem = RIGHT["minimizer"]
    for weights, inverted, how in ((1, False, "exact rationals"), (0, True, "exact rationals")):
        batch = minimizing(weights)
        environment = environment_of(theorem, batch.sizes, batch.values, EXACT, export.definitions)
        loss = environment.losses["L"]
        assert isinstance(loss, Centred)
        assert loss.inverted is inverted
        assert loss.center == ((fmpq(-1), fmpq(1)) if weights else (fmpq(0), fmpq(0)))
        held = certify(theorem, batch, export.definitions)
        assert not isinstance(held, Unmet)
        assert held[0].decided_by == how
    irrational = minimizing(1, X=((fmpq(1),), (fmpq(2),)), γ=fmpq(1, 3), β=fmpq(1, 7))
    three = dataclasses.replace(irrational, sizes={"ι": 3, "W": 1}, values={**irrational.values, "X": ((1,), (2,), (4,))})
    held = certify(theorem, three, export.definitions)
    assert not isinstance(held, Unmet)
    assert held[0].decided_by == "least by construction, compared in balls of 128 bits"


def test_a_loss_lower_elsewhere_does_not_satisfy_the_hypothesis(export: Export) -> None:
    """The same loss around another point is not least at w, and is refuted at some v."""
    theorem = RIGHT["minimizer"]
    batch = minimizing(1)
    environment = environment_of(theorem, batch.sizes, batch.values, EXACT, export.definitions)
    elsewhere = dataclasses.replace(environment, losses={"L": Centred((fmpq(0), fmpq(0)), 2)})
    assert truth(theorem.hypotheses[0].proposition, EXACT, elsewhere, export.definitions) is Truth.FAILS


def test_the_value_that_refutes_is_named(export: Export) -> None:
    """A statement about all v fails at one, which the witness gives."""
    verdict = small(made.minimizer(sign="negative"), export).verdict
    assert isinstance(verdict, Refuted)
    assert verdict.witness.where in ("v = 0", "v = w")
    assert verdict.witness.determined["L"].startswith("½ Σ")


# Statements about all numbers, sets and implications.

S = made.RAY_IN_S
W_ALONE = Region(2, (fmpq(1), fmpq(2)), ())


def in_set(region: Region, w: tuple[int, int]) -> Environment[fmpq, tuple[fmpq, ...]]:
    """An environment with a set and a vector, exactly."""
    variables = made.variables(S=ir.SetKind(made.E), w=made.ABSTRACT)
    return bind(variables, {"E": 2}, {"S": region, "w": w}, EXACT)


@pytest.mark.parametrize(
    ("region", "w", "expected"),
    [
        (W_ALONE, (2, 4), Truth.HOLDS),
        (Region(2, (fmpq(1), fmpq(2)), ((fmpq(0), fmpq(7)),)), (1, 2), Truth.HOLDS),
        (W_ALONE, (-1, -2), Truth.FAILS),
        (W_ALONE, (1, 3), Truth.FAILS),
        (W_ALONE, (0, 0), Truth.FAILS),
        (Region(2, None, ((fmpq(0), fmpq(0)),)), (0, 0), Truth.HOLDS),
        (Region(2, None, ((fmpq(1), fmpq(2)), (fmpq(2), fmpq(4)))), (1, 2), Truth.FAILS),
        (Region(2, None, ()), (1, 2), Truth.FAILS),
    ],
)
def test_all_positive_multiples_are_in_a_set(region: Region, w: tuple[int, int], expected: Truth) -> None:
    """Certified by the ray, refuted by some multiple; finitely many points never contain a ray."""
    assert truth(S, EXACT, in_set(region, w), {}) is expected


def test_only_that_form_is_certified() -> None:
    """K < 0, 0 ≤ k, and a vector that k occurs in are no such statement."""
    assert cone(S) == ("S", made.W)
    assert isinstance(S, ir.ForAll)
    assert isinstance(S.body, ir.Imp)
    for condition in (ir.Lt(made.K, ZERO), ir.Le(ZERO, made.K), ir.Lt(ZERO, ir.Var("c"))):
        assert cone(ir.ForAll(S.variable, ir.Imp(condition, S.body.right))) is None
    inside = ir.Mem(ir.Smul(made.K, ir.Smul(made.K, made.W)), "S")
    assert cone(ir.ForAll(S.variable, ir.Imp(S.body.left, inside))) is None
    negative = ir.ForAll(S.variable, ir.Imp(ir.Lt(made.K, ZERO), S.body.right))
    assert truth(negative, EXACT, in_set(W_ALONE, (1, 2)), {}) is Truth.FAILS
    assert truth(negative, EXACT, in_set(W_ALONE, (-1, -2)), {}) is Truth.UNKNOWN


def test_numbers_of_both_signs_are_tried() -> None:
    """A statement about all numbers that fails for one sign only is refuted, and the number is named."""
    assert min(NUMBERS) < 0 < max(NUMBERS)
    for stated, place in ((ir.Le(ZERO, made.K), "k = -1"), (ir.Le(made.K, ZERO), "k = 1"), (ir.Ne(made.K, ZERO), "k = 0")):
        every = ir.ForAll(ir.Variable("k", ir.ScalarKind()), stated)
        assert truth(every, EXACT, Environment({}), {}) is Truth.FAILS
        judgement = judge(every, BALLS, Environment({}), {})
        assert judgement.standing is Standing.FAILS
        assert judgement.side is not None
        assert judgement.side.place == place
    same = ir.ForAll(ir.Variable("k", ir.ScalarKind()), ir.Eq(made.K, made.K))
    assert truth(same, EXACT, Environment({}), {}) is Truth.UNKNOWN
    assert judge(same, BALLS, Environment({}), {}).standing is Standing.NARROW  # 1/3 is no exact ball


TRUE, FALSE = ir.Eq(ZERO, ZERO), ir.Eq(ZERO, ONE)
OPEN = ir.Eq(ir.Sqrt(ir.Nat(2)), ir.Sqrt(ir.Nat(2)))
IMPLICATIONS = [
    (TRUE, TRUE, Truth.HOLDS, Standing.CERTAIN),
    (TRUE, FALSE, Truth.FAILS, Standing.FAILS),
    (FALSE, FALSE, Truth.HOLDS, Standing.CERTAIN),
    (FALSE, OPEN, Truth.HOLDS, Standing.CERTAIN),
    (OPEN, TRUE, Truth.HOLDS, Standing.CERTAIN),
    (OPEN, FALSE, Truth.UNKNOWN, Standing.OPEN),
    (TRUE, OPEN, Truth.UNKNOWN, Standing.NARROW),
    (OPEN, OPEN, Truth.UNKNOWN, Standing.NARROW),
]


@pytest.mark.parametrize(("left", "right", "expected", "standing"), IMPLICATIONS)
def test_implications(left: ir.Proposition, right: ir.Proposition, expected: Truth, standing: Standing) -> None:
    """Refuted only where the left side certainly holds and the right side certainly fails."""
    stated = ir.Imp(left, right)
    assert truth(stated, BALLS, Environment({}), {}) is expected
    assert judge(stated, BALLS, Environment({}), {}).standing is standing
    assert len(sides(stated, BALLS, Environment({}), {})) == int(left is not FALSE)


def test_a_statement_near_a_point_fails_at_the_point_only() -> None:
    """That it fails at a vector near it refutes nothing; nor does that it holds at those tried prove it."""
    point = {"y": (1, 2)}
    variables = made.variables(y=made.VECTOR)
    norm = ir.Norm(ir.VSub(made.V["z"], made.Y))
    cases = {ir.Lt(ZERO, norm): Truth.FAILS, ir.Eq(norm, ZERO): Truth.UNKNOWN, ir.Le(ZERO, norm): Truth.UNKNOWN}
    standings = (Standing.FAILS, Standing.OPEN, Standing.CERTAIN)
    for (body, expected), standing in zip(cases.items(), standings, strict=True):
        stated = ir.Eventually(made.Z, made.Y, body)
        balls = bind(variables, {"ι": 2}, point, BALLS)
        assert truth(stated, BALLS, balls, {}) is expected
        assert judge(stated, BALLS, balls, {}).standing is standing
    assert len(sides(ir.Eventually(made.Z, made.Y, TRUE), BALLS, balls, {})) == 4


def test_membership_is_judged() -> None:
    """Certain, refuted, or open where a ball touches the set."""
    theorem = statement(*made.variables(S=ir.SetKind(made.E), w=made.ABSTRACT), conclusion=ir.Mem(made.W, "S"), spaces=("E",))
    for w, standing in {(1, 2): Standing.CERTAIN, (2, 1): Standing.FAILS}.items():
        environment = bind(theorem.variables, {"E": 2}, {"S": W_ALONE, "w": w}, BALLS)
        assert judge(theorem.conclusion, BALLS, environment, {}).standing is standing
    thirds = bind(theorem.variables, {"E": 2}, {"S": W_ALONE, "w": (fmpq(1, 3), fmpq(2, 3))}, BALLS)
    assert judge(theorem.conclusion, BALLS, thirds, {}).standing is Standing.OPEN


# Values of sets and of channels.


def test_sets_are_drawn_with_and_without_the_ray(export: Export) -> None:
    """Most through w, some of these alone, so that the bound is attained; some with neither."""
    theorem = RIGHT["distance"]
    candidates = [c for slot in slots(theorem, ("integers",), definitions=export.definitions) for c in slot]
    regions = [candidate.values["S"] for candidate in candidates]
    certified = [not isinstance(certify(theorem, c, export.definitions), Unmet) for c in candidates]
    assert all(isinstance(region, Region) for region in regions)
    held = {bool(region.points) for region, good in zip(regions, certified, strict=True) if good}
    assert held == {True, False}
    assert any(region.generator is None for region in regions)
    assert any(region.generator is None and not region.points for region in regions)


def test_a_set_is_exact_to_paste(export: Export) -> None:
    """By its ray and points, in Python source and in JSON; a witness is shrunk."""
    region = Region(2, (fmpq(1, 2), fmpq(3)), ((fmpq(0), fmpq(1)),))
    batch = Batch(name="b", family="test", seed=None, sizes={}, values={"S": region, "T": Region(2, None, ())}, origin="")
    read = eval(paste(batch), {"Fraction": Fraction})  # noqa: S307
    assert read == {"S": {"ray": [Fraction(1, 2), 3], "points": [[0, 1]]}, "T": {"ray": None, "points": []}}
    assert plain(region) == {"ray": ["1/2", "3"], "points": [["0", "1"]]}
    verdict = check(made.distance(dropped="h"), export, families=("integers",), largest=4).verdict
    assert isinstance(verdict, Refuted)
    assert verdict.witness.batch.sizes == {"ι": 1, "E": 1}
    shrunk = verdict.witness.batch.values["S"]
    assert isinstance(shrunk, Region)
    assert shrunk.dimension == 1
    assert shrunk.points == ()
    with_decimals = with_values(
        made.distance(dropped="h"), verdict.witness.batch, verdict.witness.hypotheses, export.definitions
    )
    assert [held.name for held in with_decimals] == ["hS"]


MISFITS = {
    "a vector": ((1, 2), "S is a set, got 2"),
    "another dimension": (Region(3, None, ()), "S is a set of vectors of 2 values"),
    "a part of another dimension": (Region(2, (fmpq(1),), ()), "S is a set of vectors of 2 values"),
}


@pytest.mark.parametrize(("value", "message"), MISFITS.values(), ids=MISFITS)
def test_what_is_no_set_of_the_space_is_refused(value: object, message: str) -> None:
    """By one line; and a set is no number."""
    with pytest.raises(InputError, match=message):
        bind(made.variables(S=ir.SetKind(made.E)), {"E": 2}, {"S": value}, EXACT)
    with pytest.raises(InputError, match="c is a scalar, got a set"):
        bind(made.variables(c=ir.ScalarKind()), {}, {"c": W_ALONE}, EXACT)


def test_channels_lose_entries_one_by_one(export: Export) -> None:
    """A witness about channels is as small as can be: one channel of two entries."""
    verdict = check(made.channels(negated=True), export, families=("random",), largest=5).verdict
    assert isinstance(verdict, Refuted)
    batch = verdict.witness.batch
    assert batch.sizes == {"ι": 2, "κ": 1} or batch.sizes["ι"] * batch.sizes["κ"] <= 2
    assert len(batch.values["y"]) == batch.sizes["ι"] * batch.sizes["κ"]


def test_an_entry_goes_from_every_channel() -> None:
    """Where ι loses one, so does each channel; where κ loses one, a whole channel goes."""
    space = ir.ChannelSpace("κ", "ι")
    theorem = dataclasses.replace(
        statement(*made.variables(y=ir.VectorKind(space), L=ir.LossKind(space))),
        indices=(ir.Index("ι", nonempty=False), ir.Index("κ", nonempty=False)),
    )
    numbers = tuple(map(fmpq, range(10, 16)))
    values = {"y": numbers, "L": Quadratic(numbers, numbers)}
    batch = Batch(name="b", family="test", seed=None, sizes={"ι": 3, "κ": 2}, values=values, origin="")
    seen = set()

    def refutes(candidate: Batch) -> bool:
        assert candidate.values["L"].weights == candidate.values["y"] == candidate.values["L"].targets
        assert len(candidate.values["y"]) == candidate.sizes["ι"] * candidate.sizes["κ"]
        seen.add(tuple(map(int, candidate.values["y"])))
        return False

    assert not any(refutes(candidate) for candidate in _fewer(theorem, batch))
    assert {(11, 12, 14, 15), (10, 12, 13, 15), (10, 11, 13, 14), (10, 11, 12), (13, 14, 15)} == seen


def _fewer(theorem: ir.Theorem, batch: Batch) -> list[Batch]:
    """The batches with less that are tried first."""
    tried: list[Batch] = []

    def never(candidate: Batch) -> bool:
        if candidate.sizes != batch.sizes and candidate.name == "b":
            tried.append(candidate)
        return False

    smaller(theorem, batch, never)
    return tried


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
    assert evaluate(ir.Norm(ir.Zero(ir.ChannelSpace("ι", "ι"))), EXACT, environment, {}) == 0
    total = ir.VSum("c", "ι", ir.Channel(ir.VAdd(channels, channels), "c", "ι"))
    assert evaluate(total, EXACT, environment, {}) == (112, 224, 336)


def test_gradients_limit_the_size_of_batches(export: Export) -> None:
    """One coordinate after the other: batches of more entries are not drawn."""
    sizes = {next(candidates).sizes["ι"] for candidates in slots(RIGHT["Hessian"], ("random",), definitions=export.definitions)}
    assert max(sizes) <= LARGEST


def test_second_proofs(export: Export) -> None:
    """Equations with projections are proved for m = 2; statements about maps, sets and derivatives are not decided."""
    for name in ("along a unit vector", "along any vector"):
        assert isinstance(prove(RIGHT[name], export, 2), Proved), name
    for name in ("Hessian", "greatest values", "distance", "minimizer", "channels"):
        assert isinstance(prove(RIGHT[name], export, 2), NotDecided), name


def test_no_strategy_draws_sets(export: Export) -> None:
    """One line says so."""
    theorem = dataclasses.replace(RIGHT["distance"], name="Test.distance")
    extended = dataclasses.replace(export, theorems={**export.theorems, theorem.name: theorem})
    with pytest.raises(InputError, match="S is a set, and no strategy draws sets"):
        for_theorem("Test.distance", export=extended)


def test_what_a_hypothesis_determines_is_not_drawn_nor_taken(export: Export) -> None:
    """A greatest value is no free number: neither a strategy nor a kernel's author may choose it."""
    theorem = dataclasses.replace(RIGHT["greatest values"], name="Test.greatest")
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
    wanted = violating(without, theorem.hypotheses[0], export.definitions, ("integers",), largest=3)
    found = [batch for candidates in wanted for batch in candidates]
    assert found
    for batch in found:
        environment = environment_of(theorem, batch.sizes, batch.values, EXACT, export.definitions)
        assert truth(theorem.hypotheses[0].proposition, EXACT, environment, export.definitions) is Truth.FAILS
