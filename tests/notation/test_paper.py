"""Formulas in the signs of the paper: the signs, what they may leave out, and that a sign never stands for something else."""

from __future__ import annotations

import pytest

from pybridge import ir
from pybridge.export.loading import Export
from pybridge.notation.legend import legend
from pybridge.notation.render import latex, paper

DEFINITIONS = {
    "mean": r"\mu = \frac{\sum_{i=1}^{m} y_{i}}{m}",
    "scale": r"\sigma = \sqrt{\operatorname{Var}\left(y\right) + \varepsilon}",
    "normalize": r"\hat{y}_{i} = \frac{y_{i} - \mu}{\sigma}",
    "forward": r"z_{i} = \gamma \, \hat{y}_{i} + \beta",
    "backward": (
        r"\frac{\partial L}{\partial y_{i}} = \frac{\gamma}{m \, \sigma} \, \left(m \, \frac{\partial L}{\partial z_{i}} - "
        r"\sum_{k=1}^{m} \frac{\partial L}{\partial z_{k}} - \hat{y}_{i} \, \left(\sum_{k=1}^{m} "
        r"\frac{\partial L}{\partial z_{k}} \, \hat{y}_{k}\right)\right)"
    ),
    "backwardBeta": r"\frac{\partial L}{\partial \beta} = \sum_{k=1}^{m} \frac{\partial L}{\partial z_{k}}",
}


@pytest.mark.parametrize(("name", "written"), DEFINITIONS.items(), ids=DEFINITIONS)
def test_definitions(export: Export, name: str, written: str) -> None:
    """As the paper has them."""
    assert paper(export.definition(name)) == written


THEOREMS = {
    "norm_sq_backward_eps_zero": (
        r"\left\lVert \frac{\partial L}{\partial y} \right\rVert^{2} = \frac{\gamma^{2}}{\sigma^{2}} \, \left(\left\lVert "
        r"\frac{\partial L}{\partial z} \right\rVert^{2} - \frac{\left\langle \mathbf{1}, \frac{\partial L}{\partial z} "
        r"\right\rangle^{2}}{m} - \frac{\left\langle \frac{\partial L}{\partial z}, \hat{y} \right\rangle^{2}}{m}\right) "
        r"\qquad \text{if } 0 < \operatorname{Var}\left(y\right)\qquad (\varepsilon = 0)"
    ),
    "normalize_smul": r"\widehat{a \, y}^{(a^{2} \, \varepsilon)} = \hat{y}^{(\varepsilon)} \qquad \text{if } 0 < a",
    "normalize_add_smul_ones": r"\widehat{y + c \, \mathbf{1}} = \hat{y}",
    "norm_sq_adjoint_le": (
        r"\left\lVert X^{\dagger}\left(v\right) \right\rVert^{2} \le \lambda^{2} \, \left\lVert v \right\rVert^{2} "
        r"\qquad \text{if } \left\lVert X \right\rVert \le \lambda"
    ),
}


@pytest.mark.parametrize(("name", "written"), THEOREMS.items(), ids=THEOREMS)
def test_theorems(export: Export, name: str, written: str) -> None:
    """ε is left out where it is the same everywhere, and said where it is 0 or differs."""
    assert paper(export.theorem(name)) == written


def test_two_gradients_are_not_one_sign(export: Export) -> None:
    """Where two vectors stand for upstream gradients, neither is ∂L/∂z; of a made-up one the formula keeps its name."""
    two = paper(export.theorem("inner_backward_left"))
    assert r"\partial" not in two
    left = r"\left\langle J_{\gamma}\left(y\right)^{\top} \, g, v \right\rangle"
    assert two == left + r" = \left\langle g, J_{\gamma}\left(y\right)^{\top} \, v \right\rangle"
    layer = paper(export.definition("LayerNorm.backward"))
    right = r"J_{1}\left(x\right)^{\top} \, \left(\gamma \odot \frac{\partial L}{\partial z}\right)"
    assert layer == rf"\frac{{\partial L}}{{\partial x}} = {right}"


LAYERS = {
    "BatchNorm.Layer.forward": r"z_{n, c, s} = \gamma_{c} \, \widehat{x_{\cdot, c}}_{n, s} + \beta_{c}",
    "BatchNorm.Layer.backward": (
        r"\frac{\partial L}{\partial x_{n, c}} = \left(J_{\gamma_{c}}\left(x_{\cdot, c}\right)^{\top} \, "
        r"\frac{\partial L}{\partial z_{\cdot, c}}\right)_{n}"
    ),
    "LayerNorm.Layer.backwardGamma": (
        r"\frac{\partial L}{\partial \gamma_{j}} = \sum_{r=1}^{\lvert \rho \rvert} "
        r"\frac{\partial L}{\partial z_{r, j}} \, \widehat{x_{r}}_{j}"
    ),
    "BatchNorm.Eval.backward": (
        r"\frac{\partial L}{\partial x_{n, c, s}} = \frac{\gamma_{c}}{\sqrt{v_{c} + \varepsilon}} \, "
        r"\frac{\partial L}{\partial z_{n, c, s}}"
    ),
    "runningVariance": (
        r"\operatorname{EMA}_{q}\left(v, \operatorname{Var}_{m - 1}\left(y\right)\right) = "
        r"\left(1 - q\right) \, v + q \, \operatorname{Var}_{m - 1}\left(y\right)"
    ),
    "RMSNorm.meanSquare": r"\operatorname{RMS}\left(y\right)^{2} = \frac{\sum_{i=1}^{m} y_{i}^{2}}{m}",
}


@pytest.mark.parametrize(("name", "written"), LAYERS.items(), ids=LAYERS)
def test_layers(export: Export, name: str, written: str) -> None:
    """Entries by all their positions below one name, a slice by a dot, a backward pass by the Jacobian."""
    assert paper(export.definition(name)) == written


def test_a_backward_pass_of_another_epsilon_and_of_a_parameter() -> None:
    """What differs stands below J, and the parameter above it; where J is a variable it is no sign."""
    y, g, w = ir.VVar("y"), ir.VVar("g"), ir.VVar("w")
    near = ir.VCall("BatchNorm.backward", ("ι",), (ir.Var("γ"), ir.Var("ε"), y, g))
    far = ir.VCall("BatchNorm.backward", ("ι",), (ir.Var("γ"), ir.Nat(1), y, w))
    assert paper(ir.VectorEq(near, far)) == (
        r"J_{\gamma, \varepsilon}\left(y\right)^{\top} \, g = J_{\gamma, 1}\left(y\right)^{\top} \, w"
    )
    gamma = ir.Call("BatchNorm.backwardGamma", ("ι",), (ir.Var("ε"), y, ir.VAdd(g, w)))
    assert paper(gamma) == r"J^{\gamma}\left(y\right)^{\top} \, \left(g + w\right)"
    beta = ir.Call("BatchNorm.backwardBeta", ("ι",), (ir.VAdd(g, w),))
    assert paper(beta) == r"{J^{\beta}}^{\top} \, \left(g + w\right)"
    taken = ir.VCall("BatchNorm.backward", ("ι",), (ir.Var("γ"), ir.Var("ε"), y, ir.VAdd(g, ir.VVar("J"))))
    assert r"\operatorname{backward}" in paper(taken)


def test_a_slice_is_one_only_where_each_entry_is_at_its_own_place() -> None:
    """Not where the position stands twice, or within what the entries are of."""
    space = ir.Euclidean("ι")
    x = ir.VVar("x")
    assert paper(ir.Channels("n", "ν", ir.Channel(ir.Channel(x, "n", space), "c", space))) == r"x_{\cdot, c}"
    assert paper(ir.Build("i", "ι", ir.Component(x, "i"))) == r"x_{\cdot}"
    twice = ir.Channels("n", "ν", ir.Channel(ir.Channel(x, "n", space), "n", space))
    assert paper(twice) == r"\left(x_{n, n}\right)_{n=1}^{\lvert \nu \rvert}"
    within = ir.Build("i", "ι", ir.Component(ir.Smul(ir.Component(x, "i"), x), "i"))
    assert r"\cdot" not in paper(within)


def test_the_legend_has_the_signs_that_are_there(export: Export) -> None:
    """A few words for each, and none for a sign that is not there."""
    said = legend(paper(export.definition("BatchNorm.Layer.backward")))
    assert said.startswith("g = ∂L/∂z the gradient of the loss at the output z; J(y)ᵀ g what the backward pass makes of g")
    assert said.endswith("· all positions")
    assert legend(paper(export.theorem("norm_sq_backward_eps_zero"))) == (
        "m is the size of the batch; σ what the batch is divided by; ŷ the batch normalized; "
        "g = ∂L/∂z the gradient of the loss at the output z; 1 the vector of ones"
    )
    assert "σ" not in legend(paper(export.definition("GroupNorm.Layer.backwardBeta")))


def test_a_bound_z_is_not_the_output(export: Export) -> None:
    """The output is written out where z is the name of a bound vector."""
    written = paper(export.theorem("inner_fderiv_gradient_comp_forward_gradient"))
    near = r"\forall z \text{ near } z\left(\gamma, \beta, y\right),\ \nabla{L}\left(z\right) = G\left(z\right)"
    assert near in written
    assert r"D{G}\left(z\left(\gamma, \beta, y\right)\right) = {H}" in written


def test_definitions_without_a_sign_keep_their_names() -> None:
    """And so does one of such a name with other arguments."""
    call = ir.Call("Other.spread", ("ι",), (ir.VVar("y"),))
    assert paper(call) == r"\operatorname{spread}\left(y\right)" == latex(call)
    odd = ir.Call("Other.scale", ("ι",), (ir.VVar("y"),))
    assert paper(odd) == r"\operatorname{scale}\left(y\right)"


NAMED = (
    *("mean", "variance", "scale", "normalize", "ones", "forward", "backward", "backwardGamma", "backwardBeta"),
    *("rescale", "meanSquare", "unbiasedVariance", "runningMean", "runningVariance"),
)


def test_every_declaration_is_balanced_and_without_operatornames_of_ours(export: Export) -> None:
    """Braces and delimiters in pairs, ASCII, one line; what has a sign never by name."""
    for thing in (*export.definitions.values(), *export.theorems.values()):
        written = paper(thing)
        assert written.isascii()
        assert "\n" not in written
        assert written.count("{") == written.count("}")
        assert written.count(r"\left") - written.count(r"\leftarrow") == written.count(r"\right")
        for name in NAMED:
            assert f"{{{name}}}" not in written
