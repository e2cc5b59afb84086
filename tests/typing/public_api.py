"""The public API as a caller writes it: mypy reads this file, nothing runs it.

An ``ignore[...]`` is a wrong call that mypy must refuse; where it does not, the ignore is unused, and that is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from typing_extensions import assert_never, assert_type

import pybridge
from pybridge import ir
from pybridge.algebras.ball import Ball, BallAlgebra, BallVector
from pybridge.algebras.base import Algebra, Truth
from pybridge.algebras.exact import ExactAlgebra
from pybridge.algebras.floats import FloatAlgebra, Floats
from pybridge.batches.generate import Batch, family_names
from pybridge.checking.check import check
from pybridge.checking.verdict import Agrees, Refuted, TheoremReport, Undecided, Vacuous, Verdict, Witness
from pybridge.export.loading import Fresh, Unchecked, dumps, parse, seal
from pybridge.ir import Axioms
from pybridge.kernels.generated import Compiled
from pybridge.kernels.oracle import oracle
from pybridge.notation.render import latex, text
from pybridge.semantics.environment import Environment, bind
from pybridge.semantics.evaluate import Side, evaluate, sides, truth
from pybridge.testing import (
    AnotherFunction,
    Finding,
    LosesDigits,
    NotTold,
    Outcome,
    WithinBound,
    assert_computes,
    assert_kernel,
    assert_satisfies,
    check_kernel,
)


def read_an_export() -> pybridge.Export:
    """The package's own, or another; what it holds; where it comes from."""
    export = pybridge.load()
    assert_type(pybridge.load(Path("export.json"), check_sources=False), pybridge.Export)
    assert_type(export.theorem("norm_sq_backward"), ir.Theorem)
    assert_type(export.definition("normalize"), ir.Definition)
    assert_type(export.theorems, Mapping[str, ir.Theorem])
    assert_type(export.lean.version, str)
    assert_type(export.theorem("norm_sq_backward").axioms, Axioms)
    match export.freshness:
        case Fresh(root=root):
            assert_type(root, Path)
        case Unchecked(reason=reason):
            assert_type(reason, str)
        case _:
            assert_never(export.freshness)
    pybridge.load(3)  # type: ignore[arg-type]
    export.digest = ""  # type: ignore[misc]
    return export


def write_an_export(path: Path) -> str:
    """Read the text, change it, seal it again."""
    changed: dict[str, Any] = parse(path.read_text(encoding="utf-8"), path)
    return dumps(seal(changed))


def refuse() -> str:
    """What is refused has an exit code, a line and a hint."""
    try:
        pybridge.load()
    except pybridge.ExportError as error:
        assert_type(error.exit_code, int)
        return error.hint
    except pybridge.PybridgeError as error:
        return error.message
    return ""


def compute(y: npt.NDArray[np.float32], g: npt.NDArray[np.float32]) -> npt.NDArray[np.floating[Any]]:
    """A definition as a function of arrays, lists and numbers."""
    backward = oracle("backward", axis=(0, 2, 3), dtype=np.float64)
    assert_type(backward, Callable[..., npt.NDArray[np.floating[Any]]])
    assert_type(pybridge.oracle("BatchNorm.backward"), Callable[..., npt.NDArray[np.floating[Any]]])
    pybridge.testing.assert_computes("mean", y.mean(), y=y)
    pybridge.strategies.for_theorem("norm_sq_backward", dtype="float32")
    oracle("mean", axis=1.0)  # type: ignore[arg-type]
    oracle("mean", axes=-1)  # type: ignore[call-arg]
    oracle("mean")([1.0, 2.0, 3.0])
    compiled = pybridge.compile("BatchNorm.backward", target="numba", axis=(0, 2, 3), dtype=np.float32, checked=False)
    assert_type(compiled, Compiled)
    assert_type(compiled.source, str)
    assert_type(compiled(1.0, 1e-5, y, g), npt.NDArray[np.floating[Any]])
    assert_type(compiled.bound(1.0, 1e-5, y, g), npt.NDArray[np.float64])
    pybridge.compile("mean", target=None)  # type: ignore[arg-type]
    pybridge.compile("mean", "c")  # type: ignore[call-arg]
    return backward(gamma=np.ones(16), eps=1e-5, y=y, g=g)


def check_a_theorem(export: pybridge.Export) -> str:
    """Every verdict is one of four."""
    seen: list[Batch] = []
    theorem = export.theorem("norm_sq_backward")
    report = check(theorem, export, families=family_names(), seed=1, largest=64, shrink=False, progress=seen.append)
    assert_type(report, TheoremReport)
    assert_type(report.passed, bool)
    assert_type(report.counted, Mapping[str, int])
    assert_type(check("norm_sq_backward", families="random"), TheoremReport)
    assert_type(pybridge.check("norm_sq_backward", export), TheoremReport)
    check(7, export)  # type: ignore[arg-type]
    check(theorem, export, largest=2.5)  # type: ignore[arg-type]
    check(theorem, export, family="random")  # type: ignore[call-arg]
    return said(report.verdict)


def evaluate_a_batch(y: npt.NDArray[np.float32]) -> str:
    """A theorem on arrays; both sides, hypotheses and terms are values."""
    found = pybridge.evaluate("7ε", y=y, g=y, gamma=2.0, eps=1e-5, axis=(0, 2), digits=40)
    assert_type(found, pybridge.Evaluation)
    assert_type(found.passed, bool)
    assert_type(found.left.bounds, tuple[Fraction, Fraction])
    assert_type(found.digits, float | None)
    assert_type(found.worst.unmet[0].value, str)
    pybridge.evaluate(7, y=y)  # type: ignore[arg-type]
    pybridge.evaluate("7ε", digits="40", y=y)  # type: ignore[arg-type]
    return found.verdict


def write_in_sympy() -> str:
    """A formula, and an expression held against a definition."""
    formula = pybridge.to_sympy("backward", m=3)
    assert_type(formula, pybridge.Formula)
    assert_type(formula.name, str)
    pybridge.to_sympy("backward", 3, None)  # type: ignore[call-arg]
    match pybridge.compare_sympy("mean", formula.expression, m=2):
        case pybridge.Equal(cases=cases):
            return f"{cases}"
        case pybridge.Different(place=place):
            return place
        case pybridge.NotDecided(why=why):
            return why


def said(verdict: Verdict) -> str:
    """One line for each verdict."""
    match verdict:
        case Agrees(digits=digits):
            assert_type(digits, float | None)
            return "certain" if digits is None else f"{digits:.1f} digits"
        case Refuted(witness=witness):
            assert_type(witness, Witness)
            return f"{witness.left} {witness.relation} {witness.right} at {witness.batch.name}"
        case Undecided(batches=batches):
            return ", ".join(batches)
        case Vacuous(unmet=unmet):
            return ", ".join(unmet)
        case _:
            assert_never(verdict)


def evaluate_terms(export: pybridge.Export, theorem: ir.Theorem, batch: Batch) -> Truth:
    """A value has the type of its algebra and its sort."""
    balls = BallAlgebra(128)
    algebra: Algebra[Ball, BallVector] = balls
    environment: Environment[Ball, BallVector] = bind(theorem.variables, batch.sizes, batch.values, balls)
    scalar, vector = ir.Nat(2), ir.VVar("y")
    assert_type(evaluate(scalar, balls, environment, export.definitions), Ball)
    assert_type(evaluate(vector, balls, environment, export.definitions), BallVector)
    assert_type(sides(theorem.conclusion, balls, environment, export.definitions), tuple[Side[Ball], ...])
    evaluate(scalar, FloatAlgebra(np.float32), environment, export.definitions)  # type: ignore[misc]
    floats: Algebra[Floats, Floats] = FloatAlgebra(np.float32)
    wrong: Algebra[Ball, BallVector] = ExactAlgebra()  # type: ignore[assignment]
    del floats, wrong
    return truth(theorem.conclusion, algebra, environment, export.definitions)


def write_terms(export: pybridge.Export) -> str:
    """Terms, propositions, theorems and definitions are written."""
    theorem = export.theorem("norm_sq_backward")
    latex("norm_sq_backward")  # type: ignore[arg-type]
    return latex(theorem) + latex(theorem.conclusion) + text(export.definition("mean"))


def build_terms() -> ir.Scalar:
    """A node holds terms of the sorts its place asks for."""
    g = ir.VVar("g")
    ir.Norm(ir.Var("g"))  # type: ignore[arg-type]
    ir.Inner(g, ir.Nat(1))  # type: ignore[arg-type]
    return ir.Mul(ir.Nat(2), ir.Norm(g))


def test_a_kernel(y: npt.NDArray[np.float32], dy: npt.NDArray[np.float32]) -> str:
    """A kernel's values and a kernel are put to the test, and every outcome is one of three."""
    assert_computes("BatchNorm.backward", dy, y=y, g=y, gamma=1.0, eps=1e-5, axis=(0, 2, 3))
    assert_satisfies("norm_sq_backward", computed={"backward": dy}, y=y, g=y, gamma=1.0, eps=1e-5, axis=0)
    assert_satisfies("norm_sq_backward", y=y)  # type: ignore[call-arg]
    assert_kernel(lambda y, **_: y, layout="NCHW", compute="float32")
    assert_kernel(lambda y, **_: y, dtype=np.float32, compute=np.dtype("float32"))
    found = check_kernel(lambda y, **_: y, tolerance=1e-3)  # type: ignore[call-arg]
    assert_type(found, Finding)
    return told(found.outcome)


def told(outcome: Outcome) -> str:
    """One line for each outcome."""
    match outcome:
        case WithinBound(share=share):
            return f"{share:.2f}"
        case AnotherFunction(guesses=guesses):
            return ", ".join(guess.description for guess in guesses)
        case LosesDigits(share=share, seen=seen):
            return f"{share} {seen}"
        case NotTold(loses=loses, guesses=guesses, why=why):
            return f"{len(loses)} {len(guesses)} {why}"
        case _:
            assert_never(outcome)
