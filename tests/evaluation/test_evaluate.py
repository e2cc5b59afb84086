"""A theorem on somebody's own batch: both sides, the digits, the hypotheses, the terms; and what is refused."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import pybridge
from pybridge.algebras.base import Truth
from pybridge.checking.check import check
from pybridge.errors import AxisNotNamedError, InputError, UnknownNameError
from pybridge.evaluation.evaluate import evaluate
from pybridge.export.loading import Export
from pybridge.semantics.losses import Quadratic

RNG = np.random.default_rng(3)
Y, G = RNG.normal(size=(2, 6))
GIVEN = {"y": Y, "g": G, "gamma": 2.0, "eps": 1e-5}


def exact(values) -> list[Fraction]:
    """The rational numbers that floats are."""
    return [Fraction(float(value)) for value in np.ravel(values)]


def test_both_sides_are_enclosed(export: Export) -> None:
    """The enclosure of ‖g - μ 1‖² holds the number, computed in exact fractions, on both sides, with the digits asked."""
    g = exact(G)
    mean = sum(g) / len(g)
    true = sum((one - mean) ** 2 for one in g)
    for digits in (3, 30, 200):
        found = evaluate("norm_sq_sub_mean_smul_ones", g=G, digits=digits, export=export)
        assert found.passed
        for side in (found.left, found.right):
            low, high = side.bounds
            assert low <= true <= high
            assert high - low <= true / 10**digits
        assert found.left.middle == found.right.middle
        assert len(found.left.middle.replace(".", "").lstrip("-0")) == digits


def test_an_equation_names_the_first_theorem_that_fits(export: Export) -> None:
    """And the result says which others there are."""
    found = evaluate("7eps", **GIVEN, export=export)
    names = [theorem.name for theorem in export.theorems.values() if theorem.equation == "7ε"]
    assert [found.theorem.name, *found.also] == names
    gradient = evaluate("(1)", **GIVEN, beta=0.5, export=export)
    assert gradient.theorem.name == "BatchNorm.hasGradientAt_comp_forward"
    with pytest.raises(InputError, match=r"no theorem of '1' takes what is given: .* has no variable 'zeta'"):
        evaluate("1", **GIVEN, zeta=1.0, export=export)


def test_every_spelling_of_a_name(export: Export) -> None:
    """Lean's, and in ASCII; a subscript as a digit."""
    spelt = evaluate("norm_sq_backward", y=Y, g=G, γ=2.0, ε=1e-5, export=export)
    assert spelt.left.middle == evaluate("norm_sq_backward", **GIVEN, export=export).left.middle
    assert evaluate("norm_sub_inner_div_norm_sq_smul_sq_eq_sub", w=Y, w0=G, export=export).passed
    with pytest.raises(InputError, match="got two values for ε; give it once"):
        evaluate("norm_sq_backward", **GIVEN, ε=0.1, export=export)


def test_hypotheses_are_decided_one_by_one(export: Export) -> None:
    """Each with its value; one that fails makes the batch vacuous, which does not pass, and says which."""
    found = evaluate("norm_backward_eq_iff", y=Y, g=G, gamma=0.0, eps=-1e9, export=export)
    assert [(one.name, one.truth) for one in found.hypotheses] == [
        ("hγ", Truth.FAILS),
        ("hε", Truth.FAILS),
        ("h", Truth.FAILS),
    ]
    assert (found.verdict, found.passed) == ("vacuous", False)
    held = evaluate("norm_backward_eq_iff", **GIVEN, export=export)
    assert all(one.holds for one in held.hypotheses)
    assert held.hypotheses[0].value == "2.00000 ≠ 0"
    assert held.passed


def test_zero_variance(export: Export) -> None:
    """A constant batch: (7) says nothing of it, (7ε) with ε > 0 does."""
    constant = np.full(5, 0.1)
    found = evaluate("7", y=constant, g=G[:5], gamma=2.0, export=export)
    assert found.verdict == "vacuous"
    assert [(one.name, one.value) for one in found.worst.unmet] == [("h", "0 < 0")]
    assert evaluate("7ε", y=constant, g=G[:5], gamma=2.0, eps=1e-5, export=export).passed


def test_a_hypothesis_that_no_float_meets(export: Export) -> None:
    """‖u‖ = 1 to the last bit: that of a rounded unit vector is another number, and is seen to be."""
    u = Y / np.linalg.norm(Y)
    found = evaluate("norm_sub_inner_smul_sq_of_norm_eq_one", u=u, v=G, export=export)
    assert found.verdict in ("vacuous", "agrees")
    assert (found.verdict == "agrees") == (sum(one**2 for one in exact(u)) == 1)
    unit = evaluate("norm_sub_inner_smul_sq_of_norm_eq_one", u=[0.0, -1.0], v=[3.0, 0.5], export=export)
    assert unit.passed


def test_terms_are_values_of_the_statement(export: Export) -> None:
    """Among them the summands, exact where they are rational; a vector has its coordinates."""
    found = evaluate("norm_sq_backward", **GIVEN, export=export)
    terms = {term.text: term for term in found.terms}
    low, high = terms["‖g‖²"].value.bounds
    assert low <= sum(one**2 for one in exact(G)) <= high
    low, high = terms["variance(y)"].value.bounds
    y = exact(Y)
    assert low <= sum((one - sum(y) / 6) ** 2 for one in y) / 6 <= high
    assert terms["normalize(ε, y)"].vector
    assert len(terms["normalize(ε, y)"].values) == 6
    with pytest.raises(InputError, match="is a vector of 6 coordinates"):
        terms["normalize(ε, y)"].value  # noqa: B018
    reference = pybridge.oracle("normalize")(1e-5, Y)
    np.testing.assert_allclose([float(one) for one in terms["normalize(ε, y)"].values], reference, rtol=1e-12)


def test_batches_by_axis(export: Export) -> None:
    """Each place of the other axes is a batch; a scalar is one number or one for each."""
    y, g = RNG.normal(size=(2, 4, 3, 2))
    found = evaluate("norm_sq_backward", y=y, g=g, gamma=[1.0, 2.0, -1.0], eps=1e-3, axis=(0, 2), export=export)
    assert [one.place for one in found.batches] == [(0,), (1,), (2,)]
    alone = evaluate("norm_sq_backward", y=y[:, 1].ravel(), g=g[:, 1].ravel(), gamma=2.0, eps=1e-3, export=export)
    assert str(found.batches[1].comparisons[0].left) == str(alone.left)
    with pytest.raises(InputError, match="makes 3 comparisons on 3 batches; see its batches"):
        found.left  # noqa: B018


def test_one_bad_batch_among_many_is_not_a_pass(export: Export) -> None:
    """The verdict is that of the worst batch."""
    y = Y.reshape(3, 2).copy()
    y[1] = 4.0
    found = evaluate("norm_sq_backward_eps_zero", y=y, g=G.reshape(3, 2), gamma=1.0, axis=1, export=export)
    assert (found.verdict, found.worst.place, found.passed) == ("vacuous", (1,), False)
    assert [one.verdict for one in found.batches] == ["agrees", "vacuous", "agrees"]


def test_arrays_of_several_axes_ask_for_the_axis(export: Export) -> None:
    """None is guessed; any may be named, and of one axis there is nothing to ask."""
    y, g = RNG.normal(size=(2, 4, 3))
    given = {"gamma": 2.0, "eps": 1e-3, "export": export}
    with pytest.raises(AxisNotNamedError, match=r"y has the shape \(4, 3\), .* say which axes run over a batch, by axis"):
        evaluate("norm_sq_backward", y=y, g=g, **given)
    with pytest.raises(AxisNotNamedError, match=r"g has the shape \(4, 3\)"):
        evaluate("norm_sq_backward", y=y[0], g=g, **given)
    assert len(evaluate("norm_sq_backward", y=y, g=g, axis=-1, **given).batches) == 4
    assert len(evaluate("norm_sq_backward", y=y[0], g=g[0], **given).batches) == 1


def test_positions_that_are_not_given_are_all_tried(export: Export) -> None:
    """Or the one that is."""
    every = evaluate("backward_apply", **GIVEN, export=export)
    assert [one.place for one in every.batches[0].comparisons] == [f"i = {k}" for k in range(6)]
    one = evaluate("backward_apply", **GIVEN, i=4, export=export)
    assert str(one.left) == str(every.batches[0].comparisons[4].left)
    with pytest.raises(InputError, match="i is 6; give a position from 0 to 5"):
        evaluate("backward_apply", **GIVEN, i=6, export=export)


def test_agrees_with_check(export: Export) -> None:
    """The verdict, digits and all, is that of ``check`` on a batch with the same numbers."""
    seen = []
    report = check("norm_sq_backward", export, families="recorded", largest=32, progress=seen.append)
    assert report.passed
    batch = seen[0]
    given = {name: [int(one.p) / int(one.q) for one in batch.values[name]] for name in ("y", "g")}
    scalars = {name: int(batch.values[name].p) / int(batch.values[name].q) for name in ("γ", "ε")}
    single = check("norm_sq_backward", export, families="recorded", batch=batch.name)
    assert evaluate("norm_sq_backward", **given, **scalars, export=export).digits == pytest.approx(single.verdict.digits)


LOSSES = {
    "gradient": {"g": G},
    "quadratic": {"L": "quadratic"},
    "cross-entropy": {"L": "cross-entropy:2"},
    "geman-mcclure": {"L": "geman-mcclure"},
    "data": {"L": Quadratic((1,) * 6, (2,) * 6)},
    "function": {"L": lambda z: (z**2).sum() / 2 + np.exp(-z[0]) * z[1]},
}


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_losses(export: Export, loss) -> None:
    """A gradient alone, a loss by name, as data or as a Python function: (1) holds of each, and its gradient is certified."""
    given = {"y": Y, "gamma": 2.0, "beta": -0.5, "eps": 1e-3, **loss}
    found = evaluate("hasGradientAt_comp_forward", **given, export=export)
    assert found.passed
    assert [one.name for one in found.hypotheses if one.holds] == ["hL", "h"]
    assert ("⟪g, ·⟫" in found.worst.why) == ("g" in loss)
    assert evaluate("hasDerivAt_comp_forward_gamma", **given, export=export).passed


def test_a_determined_gradient_is_found(export: Export) -> None:
    """What the hypothesis says d is; given, it is refused."""
    given = {"y": Y, "gamma": 2.0, "beta": -0.5, "g": G}
    assert evaluate("norm_sq_eq_of_hasGradientAt", **given, export=export).passed
    with pytest.raises(InputError, match="hd determines d, which is no argument; leave d out"):
        evaluate("norm_sq_eq_of_hasGradientAt", **given, d=G, export=export)
    with pytest.raises(InputError, match="hL determines g, which is no argument"):
        evaluate("norm_sq_eq_of_hasGradientAt", **given, L="quadratic", export=export)
    long = np.arange(200.0)
    with pytest.raises(InputError, match="a batch of 200 entries, and a gradient or a matrix is found entry by entry"):
        evaluate("norm_sq_eq_of_hasGradientAt", y=long, g=long, gamma=1.0, beta=0.0, export=export)


def test_families_matrices_and_channels(export: Export) -> None:
    """Such arrays have an axis for each index type, and no axis to choose."""
    y, g = RNG.normal(size=(2, 3, 4))
    given = {"y": y, "g": g, "gamma": [1.0, 0.5, -1.0], "eps": 1e-3}
    assert evaluate("sum_norm_sq_backward", **given, export=export).passed
    with pytest.raises(InputError, match=r"an axis is chosen of arrays .*; leave axis out: its arrays are γ \(κ\), y \(κ, ι\)"):
        evaluate("sum_norm_sq_backward", **given, axis=0, export=export)
    with pytest.raises(InputError, match="g has length 5 along ι, and another array 4"):
        evaluate("sum_norm_sq_backward", **{**given, "g": RNG.normal(size=(3, 5))}, export=export)
    weights = {"X": RNG.normal(size=(5, 2)), "w": [1.0, -2.0], "g": RNG.normal(size=5), "gamma": 1.5, "beta": 0.0, "eps": 0.5}
    found = evaluate("hasGradientAt_comp_forward_comp", **weights, export=export)
    assert found.passed
    assert found.worst.sizes == {"ι": 5, "W": 2}


REFUSED = {
    "nan": ({"y": [1.0, np.nan]}, r"y\[1\] is nan; give finite numbers"),
    "shape": ({"g": G[:5]}, r"shapes do not fit together: y \(6,\), g \(5,\)"),
    "objects": ({"y": np.array([1.0] * 6, dtype=object)}, "y has dtype object"),
    "empty": ({"y": [], "g": []}, "m = 0"),
    "one γ too many": ({"gamma": [1.0, 2.0]}, r"γ is a scalar of shape \(2,\)"),
    "a γ for each entry": ({"gamma": [2.0] * 6}, r"γ is one number .*, and 6 are given, all 2\.0 \(gamma=2\.0, or --set"),
    "a number for a batch": ({"y": 5.0}, r"y is one number, which is no batch of the shape \(6,\); give all m = 6 entries"),
    "one entry for a batch": ({"g": [1.0]}, r"g is of the shape \(1,\), which is no batch of the shape \(6,\)"),
    "axis": ({"axis": 1}, r"there is no axis 1: y has the shape \(6,\); leave axis out, for there is axis 0 only"),
    "axis of two": ({"y": [Y], "g": [G], "axis": -3}, r"no axis -3: y has the shape \(1, 6\); give one from 0 to 1"),
    "no keyword of it": ({"beta": 0.0}, r"has no variable 'beta'; leave it out: its variables are γ \(gamma\)"),
    "digits": ({"digits": 0}, "digits is 0; give a whole number from 1 to 10000"),
    "text for a number": ({"eps": "small"}, "ε is 'small', which is no number; give numbers"),
}


@pytest.mark.parametrize(("changed", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(export: Export, changed, message) -> None:
    """In one line, which says what."""
    with pytest.raises(InputError, match=message) as error:
        evaluate("norm_sq_backward", **{**GIVEN, **changed}, export=export)
    assert str(error.value).isprintable()


def test_missing_and_unknown(export: Export) -> None:
    """A variable without a value, one that there is not, a theorem that there is not; an export that is none."""
    with pytest.raises(
        InputError, match=r"norm_sq_backward needs a value for ε; its variables are γ \(gamma\), ε \(eps\), y, g"
    ):
        evaluate("norm_sq_backward", y=Y, g=G, gamma=1.0, export=export)
    with pytest.raises(InputError, match=r"needs a value for L; for L the array g, or a loss by name"):
        evaluate("hasGradientAt_comp_forward", y=Y, gamma=1.0, beta=0.0, eps=1.0, export=export)
    with pytest.raises(
        InputError, match=r"has no variable 'x'; did you mean y\? its variables are γ \(gamma\), ε \(eps\), y, g"
    ):
        evaluate("norm_sq_backward", **GIVEN, x=1.0, export=export)
    with pytest.raises(InputError, match="no array says how large ι is"):
        evaluate("variance_smul_ones", c=1.0, export=export)
    with pytest.raises(UnknownNameError):
        evaluate("norm_sq_backwards", **GIVEN, export=export)
    with pytest.raises(InputError, match=r"pass what pybridge\.load returns"):
        evaluate("norm_sq_backward", **GIVEN, export="export.json")  # type: ignore[arg-type]


WRONG_LOSSES = {
    "unknown": ("squares", "none is called 'squares'; give 'quadratic'"),
    "label": ("cross-entropy:6", "'6' is no label from 0 to 5"),
    "label of another loss": ("quadratic:1", "none is called 'quadratic:1'"),
    "size": (Quadratic((1,), (0,)), "L is a loss of 1 values, and the batch has 6"),
    "number": (3.0, "L is a loss, got float"),
    "branches": (lambda z: z[0] if z[0] > 0 else z[1], "compares its numbers, or makes floats of them"),
    "vector": (lambda z: z * 2, r"returned an array of shape \(6,\); return one number"),
    "not run": (lambda z: z.nothing, "does not run on enclosures"),
    "power": (lambda z: (z**0.3).sum(), "a power of a number to 0.3"),
}


@pytest.mark.parametrize(("loss", "message"), WRONG_LOSSES.values(), ids=WRONG_LOSSES)
def test_losses_that_are_none(export: Export, loss, message) -> None:
    """Each is refused with what to give instead."""
    with pytest.raises(InputError, match=message):
        evaluate("hasGradientAt_comp_forward", y=Y, gamma=1.0, beta=0.0, eps=1.0, L=loss, export=export)


def test_text_and_reprs(export: Export) -> None:
    """A card with all there is; reprs of one line."""
    found = evaluate("7ε", **GIVEN, export=export)
    card = str(found)
    for part in (
        "equation (7ε)",
        "agrees to ",
        "h : 0 < BatchNorm.variance y + ε",
        "certainly holds (exact rationals)",
        "‖g‖²",
    ):
        assert part in card
    assert repr(found).startswith("<Evaluation BatchNorm.norm_sq_backward: agrees to ")
    for thing in (found, found.left, found.worst, found.hypotheses[0], found.terms[0], found.worst.comparisons[0]):
        assert repr(thing).isprintable()
    vacuous = str(evaluate("7", y=np.ones(6), g=G, gamma=1.0, export=export))
    assert "of which the theorem says nothing here" in vacuous
    assert "h certainly fails: 0 < 0" in vacuous
