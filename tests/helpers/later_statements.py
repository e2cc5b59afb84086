"""Theorems about projections, gradients as vectors, greatest values, sets, minimizers and channels, made by hand.

Each is right, and takes what may be changed in it.
"""

from __future__ import annotations

import dataclasses

from derivative_statements import (
    LOSS,
    ONE,
    ONES,
    OPERATOR,
    REAL,
    SPACE,
    VECTOR,
    WEIGHTS,
    ZERO,
    A,
    D,
    G,
    M,
    V,
    Y,
    Z,
    backward,
    forward,
    hypothesis,
    normalized,
    positive,
    scalar,
    variables,
)
from statements import statement

from pybridge import ir
from pybridge.checking.check import check
from pybridge.checking.verdict import TheoremReport
from pybridge.export.loading import Export

E = ir.Abstract("E")
ABSTRACT = ir.VectorKind(E)


def square(term: ir.Scalar) -> ir.Scalar:
    """A square."""
    return ir.Pow(term, 2)


def norm_sq(term: ir.Vector) -> ir.Scalar:
    """The square of a norm."""
    return square(ir.Norm(term))


# Projections.


def projection(generators: tuple[ir.Vector, ...] = (ONES, normalized(ZERO)), factor: ir.Scalar = A["γ"]) -> ir.Theorem:
    """The gradient is what a projection leaves of g, scaled."""
    right = ir.Smul(ir.Div(factor, scalar("scale", ZERO, Y)), ir.VSub(G, ir.Project(generators, G)))
    return statement(
        *variables(γ=REAL, y=VECTOR, g=VECTOR),
        hypotheses=(positive(ZERO),),
        conclusion=ir.VectorEq(backward(eps=ZERO), right),
    )


def rms(name: str, *args: ir.Term) -> ir.VCall:
    """A vector definition of RMSNorm."""
    return ir.VCall(f"RMSNorm.{name}", ("ι",), args)


RESCALED = ir.VCall("LayerNorm.rescale", ("ι",), (V["z"], G))
ROOT_MEAN = ir.Call("RMSNorm.scale", ("ι",), (ZERO, Y))


RMS_NORMALIZED = rms("normalize", ZERO, Y)


def rms_projection(onto: ir.Vector = RMS_NORMALIZED, of: ir.Vector = RESCALED) -> ir.Theorem:
    """The same of RMSNorm, whose γ (here z) is a vector."""
    right = ir.Smul(ir.Div(ONE, ROOT_MEAN), ir.VSub(RESCALED, ir.Project((onto,), of)))
    positive_square = hypothesis("h", ir.Lt(ZERO, ir.Call("RMSNorm.meanSquare", ("ι",), (Y,))))
    return statement(
        *variables(z=VECTOR, y=VECTOR, g=VECTOR),
        hypotheses=(positive_square,),
        conclusion=ir.VectorEq(rms("backward", V["z"], ZERO, Y, G), right),
    )


U, X = ir.VVar("u"), ir.VVar("v")


def along_unit(onto: ir.Vector = U, *, dropped: bool = False) -> ir.Theorem:
    """Taking off the part along a unit vector is taking off a projection."""
    return statement(
        *variables(u=ABSTRACT, v=ABSTRACT),
        hypotheses=() if dropped else (hypothesis("hu", ir.Eq(ir.Norm(U), ONE)),),
        conclusion=ir.VectorEq(ir.VSub(X, ir.Smul(ir.Inner(U, X), U)), ir.VSub(X, ir.Project((onto,), X))),
        spaces=("E",),
    )


def along_any(power: int = 2) -> ir.Theorem:
    """The same for any vector, 0 among them."""
    part = ir.Smul(ir.Div(ir.Inner(U, X), ir.Pow(ir.Norm(U), power)), U)
    return statement(
        *variables(u=ABSTRACT, v=ABSTRACT),
        conclusion=ir.VectorEq(ir.VSub(X, part), ir.VSub(X, ir.Project((U,), X))),
        spaces=("E",),
    )


# The second derivative as the derivative of a gradient.


def hessian(
    *,
    bend: ir.Scalar | None = None,
    sign: type[ir.Sub | ir.Add] = ir.Sub,
    dropped: str = "",
    point: ir.Vector = Y,
) -> ir.Theorem:
    """The quadratic form of the Hessian of the loss along d, off the ones and the normalized batch."""
    spread = square(scalar("scale", A["ε"], Y))
    bend = ir.Div(square(A["γ"]), spread) if bend is None else bend
    bending = ir.Mul(bend, ir.Inner(ir.VApply("H", D), D))
    strength = ir.Mul(ir.Div(A["γ"], ir.Mul(M, spread)), ir.Inner(ir.VApply("G", forward()), normalized()))
    inner, outer = ir.Variable("y₂", VECTOR), ir.Variable("y₁", VECTOR)
    gradient = ir.Gradient(inner, ir.Apply("L", forward(y=ir.VVar("y₂"))), ir.VVar("y₁"))
    everywhere = ir.Eventually(
        Z,
        forward(),
        ir.HasGradientAt(ir.Variable("w", VECTOR), ir.Apply("L", ir.VVar("w")), ir.VApply("G", V["z"]), V["z"]),
    )
    hypotheses = (
        hypothesis("hL", everywhere),
        hypothesis("hG", ir.HasFDerivAt((Z,), ir.VApply("G", V["z"]), ("v",), ir.VApply("H", V["v"]), (forward(),))),
        positive(),
        hypothesis("hd", ir.Eq(ir.Inner(ONES, D), ZERO)),
        hypothesis("hd'", ir.Eq(ir.Inner(normalized(), D), ZERO)),
    )
    return statement(
        *variables(γ=REAL, β=REAL, ε=REAL, y=VECTOR, d=VECTOR, G=ir.FieldKind(SPACE), H=ir.OperatorKind(SPACE, SPACE)),
        *LOSS,
        hypotheses=tuple(one for one in hypotheses if one.name != dropped),
        conclusion=ir.Eq(ir.Inner(ir.FDeriv(outer, gradient, point, D), D), sign(bending, ir.Mul(strength, norm_sq(D)))),
    )


# Greatest values.


def greatest_values(*, mean: bool = True, along: bool = True, factor: ir.Scalar | None = None, dropped: str = "") -> ir.Theorem:
    """The greatest squares of gradients in the weights, before the layer and after it."""
    lam = square(A["lam"])

    def is_greatest(name: str, at: ir.Vector) -> ir.Hypothesis:
        body = norm_sq(ir.Adjoint("X", at))
        stated = ir.IsGreatest(ir.Variable("X", OPERATOR), ir.OpNormLe("X", A["lam"]), body, ir.Var(name))
        return hypothesis(f"h{name}", stated)

    loss = ir.Mul(lam, ir.Mul(M, square(scalar("mean", G))))
    more = ir.Mul(lam, ir.Div(square(ir.Inner(G, normalized(ZERO))), M))
    left = ir.Var("G")
    left = ir.Sub(left, loss) if mean else left
    left = ir.Sub(left, more) if along else left
    factor = ir.Div(square(A["γ"]), square(scalar("scale", ZERO, Y))) if factor is None else factor
    hypotheses = (
        hypothesis("hlam", ir.Le(ZERO, A["lam"])),
        is_greatest("G", G),
        is_greatest("G'", backward(eps=ZERO)),
        positive(ZERO),
    )
    found = statement(
        *variables(γ=REAL, lam=REAL, y=VECTOR, g=VECTOR, **{"G": REAL, "G'": REAL}),
        hypotheses=tuple(one for one in hypotheses if one.name != dropped),
        conclusion=ir.Eq(ir.Var("G'"), ir.Mul(factor, left)),
        spaces=("W",),
    )
    return dataclasses.replace(found, nontrivial=("W",))


# Sets.

W, W0 = ir.VVar("w"), ir.VVar("w₀")
K = ir.Var("k")
RAY_IN_S = ir.ForAll(ir.Variable("k", REAL), ir.Imp(ir.Lt(ZERO, K), ir.Mem(ir.Smul(K, W), "S")))


def distance(*, over: int = 2, sign: type[ir.Sub | ir.Add] = ir.Sub, dropped: str = "", strict: bool = False) -> ir.Theorem:
    """A set that contains the ray through w comes as near to w₀ as that ray does."""
    bound = sign(norm_sq(ir.VSub(W0, W)), ir.Div(square(ir.Sub(norm_sq(W), ir.Inner(W, W0))), ir.Pow(ir.Norm(W), over)))
    hypotheses = (hypothesis("hS", RAY_IN_S), hypothesis("h", ir.Lt(ZERO, ir.Inner(W, W0))))
    return statement(
        *variables(S=ir.SetKind(E), w=ABSTRACT, **{"w₀": ABSTRACT}),
        hypotheses=tuple(one for one in hypotheses if one.name != dropped),
        conclusion=(ir.Lt if strict else ir.Le)(square(ir.InfDist(W0, "S")), bound),
        spaces=("E",),
    )


# Minimizers.


def minimizer(
    *,
    eps: ir.Scalar = ZERO,
    sign: str = "positive",
    scaled: bool = True,
    among_gamma: ir.Scalar = A["γ"],
    among_eps: ir.Scalar | None = None,
) -> ir.Theorem:
    """Positive multiples of the weights that minimize a loss of the normalized output minimize it too.

    ``among_gamma`` and ``among_eps`` change the layer on the right-hand side of the conclusion only.
    """

    def at(weights: ir.Vector, gamma: ir.Scalar = A["γ"], inner_eps: ir.Scalar = eps) -> ir.Scalar:
        return ir.Apply("L", forward(gamma, eps=inner_eps, y=ir.VApply("X", weights)))

    over = ir.Variable("v", ir.VectorKind(WEIGHTS))
    signs = {"positive": ir.Lt(ZERO, K), "nonzero": ir.Ne(K, ZERO), "negative": ir.Lt(K, ZERO), "nonnegative": ir.Le(ZERO, K)}
    multiple = ir.Smul(K, W) if scaled else ir.VNeg(W)
    return statement(
        *variables(γ=REAL, β=REAL, k=REAL, w=ir.VectorKind(WEIGHTS), X=OPERATOR),
        *LOSS,
        hypotheses=(hypothesis("hw", ir.ForAll(over, ir.Le(at(W), at(V["v"])))), hypothesis("hk", signs[sign])),
        conclusion=ir.ForAll(over, ir.Le(at(multiple), at(V["v"], among_gamma, eps if among_eps is None else among_eps))),
        spaces=("W",),
    )


# Channels.

CHANNELS = ir.ChannelSpace("κ", ir.Euclidean("ι"))
SCALES = ir.VectorKind(ir.Euclidean("κ"))


def of_channel(vector: ir.Vector, position: str = "c") -> ir.Vector:
    """One channel."""
    return ir.Channel(vector, position, ir.Euclidean("ι"))


def _scale_of(name: str) -> ir.Scalar:
    return ir.Component(ir.VVar(name), "c")


def channels(
    *, eps: ir.Scalar = A["ε"], gamma: ir.Scalar | None = None, negated: bool = False, hypothesized: bool = True
) -> ir.Theorem:
    """The layer's gradient, channel by channel."""
    space = ir.VectorKind(CHANNELS)

    def output(batch: ir.Vector) -> ir.Vector:
        return ir.Channels("c", "κ", forward(_scale_of("γ"), _scale_of("β"), A["ε"], of_channel(batch)))

    along = ir.Variable("z", space)
    gamma = _scale_of("γ") if gamma is None else gamma
    claimed = ir.Channels("c", "κ", backward(gamma, eps, of_channel(Y), of_channel(G)))
    hypotheses = (
        hypothesis("hL", ir.HasGradientAt(along, ir.Apply("L", V["z"]), G, output(Y))),
        *((hypothesis("hε", ir.Lt(ZERO, A["ε"])),) if hypothesized else ()),
    )
    found = statement(
        *variables(γ=SCALES, β=SCALES, ε=REAL, y=space, g=space, L=ir.LossKind(CHANNELS)),
        hypotheses=hypotheses,
        conclusion=ir.HasGradientAt(
            ir.Variable("y", space), ir.Apply("L", output(Y)), ir.VNeg(claimed) if negated else claimed, Y
        ),
    )
    return dataclasses.replace(found, indices=(ir.Index("ι", nonempty=True), ir.Index("κ", nonempty=False)))


STATEMENTS = {
    "projection": projection(),
    "RMS": rms_projection(),
    "along a unit vector": along_unit(),
    "along any vector": along_any(),
    "Hessian": hessian(),
    "greatest values": greatest_values(),
    "distance": distance(),
    "minimizer": minimizer(),
    "channels": channels(),
}
"""The right ones, by a short name."""

FAMILIES = ("integers", "outlier", "rational-spread", "constant")


def small(theorem: ir.Theorem, export: Export) -> TheoremReport:
    """A report on a few small batches."""
    return check(theorem, export, families=FAMILIES, largest=4, shrink=False)
