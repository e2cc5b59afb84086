"""Theorems made by hand, for tests that need one about chosen variables."""

from __future__ import annotations

from flint import fmpq

from pybridge import ir
from pybridge.batches.generate import Batch
from pybridge.batches.plan import Plan
from pybridge.checking.hypotheses import Unmet, certify
from pybridge.checking.verdict import Refuted, TheoremReport, Witness
from pybridge.export.loading import Export

NOTHING: ir.Proposition = ir.Eq(ir.Nat(0), ir.Nat(0))


def statement(
    *variables: ir.Variable,
    hypotheses: tuple[ir.Hypothesis, ...] = (),
    conclusion: ir.Proposition = NOTHING,
    nonempty: bool = True,
    spaces: tuple[str, ...] = (),
) -> ir.Theorem:
    """A theorem about these variables; its conclusion says nothing unless one is given."""
    return ir.Theorem(
        name="Test.theorem",
        equation="0",
        comment="",
        docstring="",
        file="lean/Test.lean",
        line=1,
        statement="s",
        indices=(ir.Index("ι", nonempty),),
        spaces=spaces,
        variables=variables,
        hypotheses=hypotheses,
        conclusion=conclusion,
        axioms=ir.Axioms((), False),
    )


X, Y = ir.Var("x"), ir.Var("y")
ROOT = ir.Sqrt(X)
SQUARE = ir.Mul(ROOT, ROOT)
"""x where it is not negative, and no rational root says so."""


def about(conclusion: ir.Proposition, *hypotheses: ir.Proposition) -> ir.Theorem:
    """A statement about two scalars x, y, a vector v of EuclideanSpace ℝ ι and a position i."""
    vector = ir.VectorKind(ir.Euclidean("ι"))
    kinds = (("x", ir.ScalarKind()), ("y", ir.ScalarKind()), ("v", vector), ("i", ir.PositionKind("ι")))
    return statement(
        *(ir.Variable(name, kind) for name, kind in kinds),
        hypotheses=tuple(ir.Hypothesis(f"h{n}", "", proposition) for n, proposition in enumerate(hypotheses)),
        conclusion=conclusion,
    )


def batch(x: object = 1, y: object = 1, v: tuple[object, ...] = (1,), i: int = 0) -> Batch:
    """A batch for `about`."""
    values = {"x": fmpq(x), "y": fmpq(y), "v": tuple(map(fmpq, v)), "i": i}
    return Batch(name="b", family="test", seed=None, sizes={"ι": len(v)}, values=values, origin="a test")


def refutation(report: TheoremReport, export: Export) -> Witness:
    """The witness of a statement that is refuted, on which all its hypotheses are certified."""
    assert isinstance(report.verdict, Refuted), report.verdict
    witness = report.verdict.witness
    assert not isinstance(certify(Plan(report.theorem, export.definitions), witness.batch), Unmet)
    return witness
