"""Rendering: whole texts, minimal parentheses, and different terms never written alike."""

from __future__ import annotations

import pytest
from random_terms import DEFINITIONS

from pybridge import ir
from pybridge.notation.render import latex, text

A, B, C = ir.Var("a"), ir.Var("b"), ir.Var("γ")
X, Y = ir.VVar("x"), ir.VVar("y")
Z = ir.VVar("z")
SPACE = ir.Abstract("E")
E = ir.VectorKind(SPACE)
PART = ir.Component(Y, "k")

WRITTEN = {
    "left sum": (ir.Add(ir.Add(A, B), C), "a + b + γ", r"a + b + \gamma"),
    "right sum": (ir.Add(A, ir.Add(B, C)), "a + (b + γ)", r"a + \left(b + \gamma\right)"),
    "difference": (ir.Sub(A, ir.Sub(B, C)), "a - (b - γ)", r"a - \left(b - \gamma\right)"),
    "product of sums": (ir.Mul(ir.Add(A, B), C), "(a + b) * γ", r"\left(a + b\right) \, \gamma"),
    "sum of products": (ir.Add(A, ir.Mul(B, C)), "a + b * γ", r"a + b \, \gamma"),
    "digits": (ir.Mul(A, ir.Nat(2)), "a * 2", r"a \cdot 2"),
    "quotient": (ir.Div(A, ir.Mul(B, C)), "a / (b * γ)", r"\frac{a}{b \, \gamma}"),
    "left quotient": (ir.Mul(ir.Div(A, B), C), "a / b * γ", r"\frac{a}{b} \, \gamma"),
    "square of a quotient": (ir.Pow(ir.Div(A, B), 2), "(a / b)²", r"\left(\frac{a}{b}\right)^{2}"),
    "quotient of squares": (ir.Div(ir.Pow(A, 2), B), "a² / b", r"\frac{a^{2}}{b}"),
    "square of a sum": (ir.Pow(ir.Add(A, B), 12), "(a + b)¹²", r"\left(a + b\right)^{12}"),
    "square of a square": (ir.Pow(ir.Pow(A, 2), 3), "(a²)³", r"\left(a^{2}\right)^{3}"),
    "minus": (ir.Add(ir.Neg(A), ir.Neg(ir.Mul(B, C))), "-a + (-b * γ)", r"-a + \left(-b \, \gamma\right)"),
    "inverse": (ir.Inv(ir.Norm(X)), "‖x‖⁻¹", r"\lVert x \rVert^{-1}"),
    "root": (ir.Pow(ir.Sqrt(ir.Add(A, B)), 2), "√(a + b)²", r"\sqrt{a + b}^{2}"),
    "absolute": (ir.Abs(ir.Sub(A, B)), "|a - b|", r"\lvert a - b \rvert"),
    "card": (ir.Card("ι"), "#ι", r"\lvert \iota \rvert"),
    "inner": (ir.Inner(ir.VSub(X, Y), Y), "⟪x - y, y⟫", r"\langle x - y, y \rangle"),
    "multiple": (ir.VAdd(X, ir.Smul(ir.Mul(A, B), Y)), "x + a * b • y", r"x + a \, b \, y"),
    "multiple of a sum": (ir.Smul(A, ir.VAdd(X, Y)), "a • (x + y)", r"a \, \left(x + y\right)"),
    "component of a sum": (ir.Component(ir.VAdd(X, Y), "i"), "(x + y)[i]", r"\left(x + y\right)_{i}"),
    "member": (ir.Component(ir.Member("v", "k"), "i"), "v[k][i]", r"\left(v_{k}\right)_{i}"),
    "big sum": (ir.Sum("k", "ι", ir.Mul(A, PART)), "∑ k, a * y[k]", r"\sum_{k \in \iota} a \, y_{k}"),
    "big sum of a sum": (ir.Sum("k", "ι", ir.Add(A, PART)), "∑ k, (a + y[k])", r"\sum_{k \in \iota} \left(a + y_{k}\right)"),
    "big sum in a sum": (ir.Add(ir.Sum("k", "ι", PART), A), "∑ k, y[k] + a", r"\sum_{k \in \iota} y_{k} + a"),
    "big sum in a product": (
        ir.Mul(ir.Sum("k", "ι", PART), A),
        "(∑ k, y[k]) * a",
        r"\left(\sum_{k \in \iota} y_{k}\right) \, a",
    ),
    "build": (ir.Build("k", "ι", ir.Mul(A, PART)), "(k ↦ a * y[k])", r"\left(a \, y_{k}\right)_{k \in \iota}"),
    "zero": (ir.VNeg(ir.Zero(ir.Abstract("E"))), "-0", "-0"),
    "call": (ir.Call("N.total_of", ("ι",), (X,)), "total_of(x)", r"\operatorname{total\_of}\left(x\right)"),
    "constant": (ir.VCall("N.unit", ("ι",), ()), "unit", r"\operatorname{unit}"),
    "names": (
        ir.Add(ir.Add(ir.Var("μ_g"), ir.Var("y₁")), ir.Add(ir.Var("w'"), ir.Var("loss"))),
        "μ_g + y₁ + (w' + loss)",
        r"\mu_{g} + y_{1} + \left(w' + \mathrm{loss}\right)",
    ),
    "eq": (ir.Eq(A, B), "a = b", "a = b"),
    "ne": (ir.VectorNe(X, Y), "x ≠ y", r"x \neq y"),
    "le": (ir.Le(A, ir.Add(B, C)), "a ≤ b + γ", r"a \le b + \gamma"),
    "and": (ir.And(ir.Lt(A, B), ir.Orthonormal("v")), "a < b ∧ v is orthonormal", r"a < b \land v \text{ orthonormal}"),
    "iff": (
        ir.Iff(ir.VectorEq(X, Y), ir.And(ir.Ne(A, B), ir.Eq(A, C))),
        "x = y ↔ a ≠ b ∧ a = γ",
        r"x = y \iff a \neq b \land a = \gamma",
    ),
    "right and": (
        ir.And(ir.Eq(A, B), ir.And(ir.Eq(A, B), ir.Eq(A, C))),
        "a = b ∧ (a = b ∧ a = γ)",
        r"a = b \land \left(a = b \land a = \gamma\right)",
    ),
    "gradient": (
        ir.HasGradientAt(ir.Variable("z", E), ir.Apply("L", ir.VAdd(Z, X)), ir.VApply("G", X), X),
        "∇(z ↦ L(z + x))(x) = G(x)",
        r"\nabla\left(z \mapsto L\left(z + x\right)\right)\left(x\right) = G\left(x\right)",
    ),
    "derivative": (
        ir.HasDerivAt("t", ir.Mul(ir.Var("t"), A), A, ir.Add(A, B)),
        "(t ↦ t * a)'(a + b) = a",
        r"\left(t \mapsto t \, a\right)'\left(a + b\right) = a",
    ),
    "Fréchet derivative": (
        ir.HasFDerivAt(
            (ir.Variable("z", E), ir.Variable("b", ir.ScalarKind())), ir.Smul(B, Z), ("v", "s"), ir.Smul(ir.Var("s"), X), (X, A)
        ),
        "D((z, b) ↦ b • z)(x, a) = ((v, s) ↦ s • x)",
        (
            r"D\left(\left(z, b\right) \mapsto b \, z\right)\left(x, a\right) = "
            r"\left(\left(v, s\right) \mapsto s \, x\right)"
        ),
    ),
    "every": (ir.ForAll(ir.Variable("z", E), ir.VectorEq(Z, Z)), "∀ z, z = z", r"\forall z,\ z = z"),
    "implication": (
        ir.Imp(ir.Lt(A, B), ir.ForAll(ir.Variable("z", E), ir.Mem(ir.VAdd(Z, X), "S"))),
        "a < b → (∀ z, z + x ∈ S)",
        r"a < b \implies \left(\forall z,\ z + x \in S\right)",
    ),
    "near a point": (
        ir.Eventually(ir.Variable("z", E), ir.VNeg(X), ir.VectorEq(Z, Y)),
        "∀ᶠ z near -x, z = y",
        r"\forall z \text{ near } -x,\ z = y",
    ),
    "distance": (
        ir.Pow(ir.InfDist(ir.VSub(X, Y), "S"), 2),
        "dist(x - y, S)²",
        r"\operatorname{dist}\left(x - y, S\right)^{2}",
    ),
    "norm of an operator": (
        ir.Mul(A, ir.OpNorm(ir.Variable("z", E), ir.VSub(Z, ir.Smul(A, Z)))),
        "a * ‖(z ↦ z - a • z)‖",
        r"a \, \lVert \left(z \mapsto z - a \, z\right) \rVert",
    ),
    "projection": (
        ir.VSub(X, ir.Project((Y, ir.VNeg(Z)), X)),
        "x - proj[y, -z](x)",
        r"x - \operatorname{proj}_{\operatorname{span}\left\{y, -z\right\}}\left(x\right)",
    ),
    "channel": (
        ir.Channels("c", "κ", ir.Smul(ir.Component(X, "c"), ir.Channel(Y, "c", ir.Euclidean("ι")))),
        "(c ↦ x[c] • y[c])",
        r"\left(x_{c} \, y_{c}\right)_{c \in \kappa}",
    ),
    "entry of a channel": (ir.Component(ir.Channel(Y, "c", ir.Euclidean("ι")), "i"), "y[c][i]", r"\left(y_{c}\right)_{i}"),
    "gradient as a vector": (
        ir.Gradient(ir.Variable("z", E), ir.Norm(Z), ir.VAdd(X, Y)),
        "∇(z ↦ ‖z‖)(x + y)",
        r"\nabla\left(z \mapsto \lVert z \rVert\right)\left(x + y\right)",
    ),
    "derivative along": (
        ir.FDeriv(ir.Variable("z", E), ir.Smul(A, Z), X, Y),
        "D(z ↦ a • z)(x)(y)",
        r"D\left(z \mapsto a \, z\right)\left(x\right)\left(y\right)",
    ),
    "greatest": (
        ir.IsGreatest(
            ir.Variable("X", ir.OperatorKind(SPACE, SPACE)), ir.OpNormLe("X", A), ir.Norm(ir.Adjoint("X", Y)), ir.Mul(A, B)
        ),
        "max {‖X†(y)‖ : X, ‖X‖ ≤ a} = a * b",
        r"\max \left\{ \lVert X^{\dagger}\left(y\right) \rVert : X,\ \lVert X \rVert \le a \right\} = a \, b",
    ),
    "definition": (
        DEFINITIONS["Test.total"],
        "total(y) = ∑ i, y[i]",
        r"\operatorname{total}\left(y\right) = \sum_{i \in \alpha} y_{i}",
    ),
    "built definition": (
        DEFINITIONS["Test.stretch"],
        "stretch(c, y)[i] = c * (y[i] + total(y))",
        r"\operatorname{stretch}\left(c, y\right)_{i} = c \, \left(y_{i} + \operatorname{total}\left(y\right)\right)",
    ),
}


@pytest.mark.parametrize(("thing", "as_text", "as_latex"), WRITTEN.values(), ids=WRITTEN)
def test_the_whole_text(thing, as_text, as_latex):
    """Every construct in both notations."""
    assert text(thing) == as_text
    assert latex(thing) == as_latex


def test_every_construct_is_written():
    """The list above leaves none out."""
    seen = {type(below).__name__ for thing, _, _ in WRITTEN.values() for below in _walk(thing)}
    expected = {cls.__name__ for cls in (*ir.SCALARS, *ir.VECTORS, *ir.PROPOSITIONS)}
    assert expected <= seen | {"VSum"}  # written by the same line as Sum


def _walk(thing):
    """Everything below, by fields."""
    yield thing
    for name in getattr(thing, "__slots__", ()):
        value = getattr(thing, name)
        for inner in value if isinstance(value, tuple) else (value,):
            if hasattr(inner, "__slots__") and not isinstance(inner, str):
                yield from _walk(inner)


def _grown(scalars, vectors):
    """One more construct on top of each term, in every way."""
    binary = (ir.Add, ir.Sub, ir.Mul, ir.Div)
    yield from scalars
    yield from (make(one, other) for make in binary for one in scalars for other in scalars)
    yield from (make(arg) for make in (ir.Neg, ir.Inv, ir.Sqrt, ir.Abs) for arg in scalars)
    yield from (ir.Pow(arg, 2) for arg in scalars)
    yield from (ir.Sum("k", "ι", arg) for arg in scalars)
    yield from (ir.Inner(one, other) for one in vectors for other in vectors)
    yield from (ir.Component(vector, "i") for vector in vectors)


def test_different_terms_are_written_differently():
    """Among all terms of two levels, none is read back as another: the parentheses are enough."""
    vectors = [X, ir.VAdd(X, Y), ir.VSub(X, Y), ir.VNeg(X), ir.Smul(A, X), ir.Smul(A, ir.VAdd(X, Y)), ir.Member("v", "k")]
    every = set(_grown(list(_grown([A, ir.Nat(2)], [])), vectors))
    assert len(every) > 3000
    for write in (text, latex):
        assert len({write(term) for term in every}) == len(every)


def test_every_declaration_of_the_export_is_one_line(export):
    """And LaTeX's braces and delimiters are balanced."""
    things = [*export.definitions.values(), *export.theorems.values()]
    assert things
    for thing in things:
        assert "\n" not in text(thing) + latex(thing)
        assert latex(thing).count("{") == latex(thing).count("}")
        assert latex(thing).count(r"\left") == latex(thing).count(r"\right")
        assert latex(thing).isascii()
