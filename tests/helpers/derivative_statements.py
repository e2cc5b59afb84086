"""Theorems about derivatives made by hand over the exported definitions, each right and with things in it to change."""

from __future__ import annotations

from statements import statement

from pybridge import ir
from pybridge.checking.check import check
from pybridge.export.loading import Export

SPACE, WEIGHTS = ir.Euclidean("ι"), ir.Abstract("W")
REAL, VECTOR = ir.ScalarKind(), ir.VectorKind(SPACE)
A = {name: ir.Var(name) for name in ("γ", "β", "ε", "t", "s", "c", "lam")}
V = {name: ir.VVar(name) for name in ("y", "g", "d", "v", "z")}
Y, G, D = V["y"], V["g"], V["d"]
ZERO, ONE, TWO = ir.Nat(0), ir.Nat(1), ir.Nat(2)
M = ir.Card("ι")


def scalar(name: str, *args: ir.Term) -> ir.Call:
    """A scalar definition at the batch's index type."""
    return ir.Call(f"BatchNorm.{name}", ("ι",), args)


def vector(name: str, *args: ir.Term) -> ir.VCall:
    """A vector definition at the batch's index type."""
    return ir.VCall(f"BatchNorm.{name}", ("ι",), args)


ONES = vector("ones")


def normalized(eps: ir.Scalar = A["ε"], y: ir.Vector = Y) -> ir.Vector:
    """The normalized batch."""
    return vector("normalize", eps, y)


def forward(gamma: ir.Scalar = A["γ"], beta: ir.Scalar = A["β"], eps: ir.Scalar = A["ε"], y: ir.Vector = Y) -> ir.Vector:
    """The output of the layer."""
    return vector("forward", gamma, beta, eps, y)


def backward(gamma: ir.Scalar = A["γ"], eps: ir.Scalar = A["ε"], y: ir.Vector = Y, g: ir.Vector = G) -> ir.Vector:
    """The exported gradient formula."""
    return vector("backward", gamma, eps, y, g)


def hypothesis(name: str, proposition: ir.Proposition) -> ir.Hypothesis:
    """A hypothesis by that name."""
    return ir.Hypothesis(name, name, proposition)


def variables(**kinds: ir.Kind) -> tuple[ir.Variable, ...]:
    """Variables by name and kind."""
    return tuple(ir.Variable(name, kind) for name, kind in kinds.items())


def positive(eps: ir.Scalar = A["ε"]) -> ir.Hypothesis:
    """0 < variance y + ε, or 0 < variance y."""
    variance = scalar("variance", Y)
    return hypothesis("h", ir.Lt(ZERO, variance if eps == ZERO else ir.Add(variance, eps)))


Z = ir.Variable("z", VECTOR)


def loss_at(point: ir.Vector, gradient: ir.Vector = G) -> ir.Hypothesis:
    """HasGradientAt L g point."""
    return hypothesis("hL", ir.HasGradientAt(Z, ir.Apply("L", V["z"]), gradient, point))


LAYER = variables(γ=REAL, β=REAL, ε=REAL, y=VECTOR, g=VECTOR)
LOSS = variables(L=ir.LossKind(SPACE))


def gradient(claimed: ir.Vector | None = None) -> ir.Theorem:
    """The layer's gradient is `backward`."""
    along = ir.Variable("y", VECTOR)  # the bound name shadows the theorem's y, as in Lean
    body = ir.Apply("L", forward())
    return statement(
        *LAYER,
        *LOSS,
        hypotheses=(loss_at(forward()), positive()),
        conclusion=ir.HasGradientAt(along, body, backward() if claimed is None else claimed, Y),
    )


def frechet_normalize(claimed: ir.Vector | None = None) -> ir.Theorem:
    """The derivative of `normalize`."""
    v = V["v"]
    off = ir.VSub(v, ir.Smul(scalar("mean", v), ONES))
    right = ir.Smul(
        ir.Inv(scalar("scale", A["ε"], Y)),
        ir.VSub(off, ir.Smul(ir.Div(ir.Inner(normalized(), v), M), normalized())),
    )
    return statement(
        *variables(ε=REAL, y=VECTOR),
        hypotheses=(positive(),),
        conclusion=ir.HasFDerivAt((Z,), normalized(y=V["z"]), ("v",), right if claimed is None else claimed, (Y,)),
    )


def in_gamma(claimed: ir.Scalar | None = None) -> ir.Theorem:
    """The derivative of the loss in γ."""
    right = ir.Inner(G, normalized())
    return statement(
        *LAYER,
        *LOSS,
        hypotheses=(loss_at(forward()), positive()),
        conclusion=ir.HasDerivAt("s", ir.Apply("L", forward(gamma=A["s"])), right if claimed is None else claimed, A["γ"]),
    )


def in_beta(claimed: ir.Scalar | None = None) -> ir.Theorem:
    """The derivative of the loss in β."""
    right = ir.Inner(ONES, G)
    return statement(
        *LAYER,
        *LOSS,
        hypotheses=(loss_at(forward()), positive()),
        conclusion=ir.HasDerivAt("s", ir.Apply("L", forward(beta=A["s"])), right if claimed is None else claimed, A["β"]),
    )


def jointly(claimed: ir.Scalar | None = None) -> ir.Theorem:
    """The derivative of the loss in y, γ and β together."""
    right = ir.Add(
        ir.Add(ir.Inner(backward(), V["v"]), ir.Mul(ir.Inner(G, normalized()), A["s"])), ir.Mul(ir.Inner(ONES, G), A["c"])
    )
    moving = (Z, ir.Variable("t", REAL), ir.Variable("b", REAL))
    body = ir.Apply("L", forward(gamma=A["t"], beta=ir.Var("b"), y=V["z"]))
    return statement(
        *LAYER,
        *LOSS,
        hypotheses=(loss_at(forward()), positive()),
        conclusion=ir.HasFDerivAt(moving, body, ("v", "s", "c"), right if claimed is None else claimed, (Y, A["γ"], A["β"])),
    )


ALONG_ONES = hypothesis("h₁", ir.Eq(ir.Inner(ONES, D), ZERO))
ALONG_Y = hypothesis("h₂", ir.Eq(ir.Inner(normalized(ZERO), D), ZERO))
AT = forward(eps=ZERO)


def second(claimed: ir.Scalar | None = None, *, of_a_loss: bool = False, dropped: bool = False) -> ir.Theorem:
    """The quadratic form of the Hessian along d, off the ones and the normalized batch."""
    spread = ir.Pow(scalar("scale", ZERO, Y), 2)
    bend = ir.Mul(ir.Div(ir.Pow(A["γ"], 2), spread), ir.Inner(ir.VApply("H", D), D))
    pull = ir.Mul(
        ir.Mul(ir.Div(A["γ"], ir.Mul(M, spread)), ir.Inner(ir.VApply("G", AT), normalized(ZERO))), ir.Pow(ir.Norm(D), 2)
    )
    moved = ir.VAdd(Y, ir.Smul(A["t"], D))
    body = ir.Inner(backward(eps=ZERO, y=moved, g=ir.VApply("G", forward(eps=ZERO, y=moved))), D)
    field = ir.HasFDerivAt((Z,), ir.VApply("G", V["z"]), ("v",), ir.VApply("H", V["v"]), (AT,))
    every = ir.ForAll(
        Z, ir.HasGradientAt(ir.Variable("w", VECTOR), ir.Apply("L", ir.VVar("w")), ir.VApply("G", V["z"]), V["z"])
    )
    return statement(
        *variables(γ=REAL, β=REAL, y=VECTOR, d=VECTOR, G=ir.FieldKind(SPACE), H=ir.OperatorKind(SPACE, SPACE)),
        *(LOSS if of_a_loss else ()),
        hypotheses=(
            *((hypothesis("hL", every),) if of_a_loss else ()),
            hypothesis("hG", field),
            positive(ZERO),
            ALONG_ONES,
            *(() if dropped else (ALONG_Y,)),
        ),
        conclusion=ir.HasDerivAt("t", body, ir.Sub(bend, pull) if claimed is None else claimed, ZERO),
    )


def off_both(left: ir.Scalar | None = None) -> ir.Theorem:
    """No length is lost if and only if g is orthogonal to the ones and to the normalized batch."""
    kept = ir.Mul(ir.Div(ir.Abs(A["γ"]), scalar("scale", ZERO, Y)), ir.Norm(G))
    return statement(
        *variables(γ=REAL, y=VECTOR, g=VECTOR),
        hypotheses=(positive(ZERO), hypothesis("hγ", ir.Ne(A["γ"], ZERO))),
        conclusion=ir.Iff(
            ir.Eq(ir.Norm(backward(eps=ZERO)), kept if left is None else left),
            ir.And(ir.Eq(ir.Inner(ONES, G), ZERO), ir.Eq(ir.Inner(normalized(ZERO), G), ZERO)),
        ),
    )


OPERATOR = ir.OperatorKind(WEIGHTS, SPACE)
SQUARE = ir.Pow(ir.Norm(ir.Adjoint("X", backward(eps=ZERO))), 2)
MOST = ir.Mul(ir.Pow(A["lam"], 2), ir.Pow(ir.Norm(backward(eps=ZERO)), 2))


def bounded(bound: ir.Scalar = MOST) -> ir.Theorem:
    """The gradient in the weights, for inputs of bounded norm."""
    return statement(
        *variables(γ=REAL, lam=REAL, y=VECTOR, g=VECTOR, X=OPERATOR),
        hypotheses=(hypothesis("hX", ir.OpNormLe("X", A["lam"])), positive(ZERO)),
        conclusion=ir.Le(SQUARE, bound),
        spaces=("W",),
    )


def greatest(value: ir.Scalar = MOST) -> ir.Theorem:
    """That bound is reached."""
    return statement(
        *variables(γ=REAL, lam=REAL, y=VECTOR, g=VECTOR),
        hypotheses=(hypothesis("hlam", ir.Le(ZERO, A["lam"])), positive(ZERO)),
        conclusion=ir.IsGreatest(ir.Variable("X", OPERATOR), ir.OpNormLe("X", A["lam"]), SQUARE, value),
        spaces=("W",),
    )


def small(theorem: ir.Theorem, export: Export, *, shrink: bool = False):
    """A report on a few small batches."""
    return check(theorem, export, families=("integers", "rational-spread"), largest=4, shrink=shrink)
