"""Operators: bounds of their norms, the greatest value over those within a bound, and how they are drawn."""

from __future__ import annotations

import dataclasses

import derivative_statements as made
import pytest
from derivative_statements import small
from flint import fmpq

from pybridge import ir
from pybridge.algebras.ball import BallAlgebra
from pybridge.algebras.exact import ExactAlgebra
from pybridge.batches.environments import environment_of
from pybridge.batches.generate import slots
from pybridge.batches.plan import Plan
from pybridge.checking.check import check
from pybridge.checking.hypotheses import Unmet, certify
from pybridge.checking.judge import Standing, judge
from pybridge.checking.verdict import Agrees, Refuted, Undecided
from pybridge.errors import InputError
from pybridge.export.loading import Export
from pybridge.semantics.environment import bind
from pybridge.semantics.evaluate import Truth, evaluate, truth
from pybridge.semantics.losses import Quadratic

EXACT = ExactAlgebra()
G, Y = made.G, made.Y


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
        (
            made.variables(G=ir.FieldKind(made.SPACE))[0],
            (1, 2),
            "G is a function, got 2; give one of pybridge.semantics.losses",
        ),
        (made.variables(X=made.OPERATOR)[0], ((1, 2),), "X is a matrix of 2 vectors, got 1"),
        (made.variables(X=made.OPERATOR)[0], ((1,), (2,)), "X[0] is a vector of 3 values, got 1"),
        (made.variables(s=ir.ScalarKind())[0], loss, "s is a scalar, got a loss"),
    ):
        with pytest.raises(InputError) as refused:
            bind((variable,), {"ι": 2, "W": 3}, {variable.name: raw}, EXACT)
        assert message in str(refused.value)
