"""Formulas in the signs of the paper: the signs, what they may leave out, and that a sign never stands for something else."""

from __future__ import annotations

import pytest

from pybridge import ir
from pybridge.export.loading import Export
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
    assert r"\operatorname{backward}\left(\gamma, \varepsilon, y, g\right)" in two
    layer = paper(export.definition("LayerNorm.backward"))
    left, _, right = layer.partition(" = ")
    assert left == r"\frac{\partial L}{\partial x}"
    assert right != left


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


def test_every_declaration_is_balanced_and_without_operatornames_of_ours(export: Export) -> None:
    """Braces and delimiters in pairs, ASCII, one line; mean, scale, normalize, ones and forward never by name."""
    for thing in (*export.definitions.values(), *export.theorems.values()):
        written = paper(thing)
        assert written.isascii()
        assert "\n" not in written
        assert written.count("{") == written.count("}")
        assert written.count(r"\left") - written.count(r"\leftarrow") == written.count(r"\right")
        for name in ("mean", "scale", "normalize", "ones", "forward", "variance"):
            assert f"{{{name}}}" not in written
