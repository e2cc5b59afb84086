"""Which theorems a file is about, and what of it is refused."""

from __future__ import annotations

import numpy as np
import pytest

from pybridge.errors import AxisNotNamedError, InputError
from pybridge.evaluation.select import by_arrays, by_names, unused
from pybridge.export.loading import Export

Y, G = np.random.default_rng(1).normal(size=(2, 8, 3))
DATA = {"y": Y, "g": G, "gamma": np.array([1.0, -0.5, 2.0]), "eps": 1e-5}


def test_every_theorem_whose_variables_are_there(export: Export) -> None:
    """All whose variables are numbers and vectors of these names, but for those about special batches or other shapes."""
    found = by_arrays(export, DATA, 0)
    chosen = {theorem.name for theorem, _ in found.chosen}
    assert {"BatchNorm.norm_sq_backward", "BatchNorm.backward_apply", "BatchNorm.variance_nonneg"} <= chosen
    assert found.left_out["BatchNorm.backward_eps_zero_eq_zero_of_variance_eq_zero"].startswith("only batches with ")
    assert found.left_out["BatchNorm.backward_eps_zero_of_card_le_two"] == "only batches with Fintype.card ι ≤ 2 are meant"
    assert found.incomplete["BatchNorm.hasGradientAt_comp_forward"] == ("β",)
    assert found.incomplete["BatchNorm.forward_eps_zero_smul"] == ("β", "a")
    assert not chosen & {*found.left_out, *found.incomplete}
    of_layers = {found.left_out[f"B{rest}"] for rest in ("atchNorm.sum_norm_sq_backward", "lockNorm.mean_eq_mean")}
    assert of_layers == {
        "an axis is chosen of arrays that hold batches side by side, and these have an axis for each index type"
    }
    with_beta = by_arrays(export, {**DATA, "beta": 0.0}, 0)
    assert "BatchNorm.hasGradientAt_comp_forward" in {theorem.name for theorem, _ in with_beta.chosen}


def test_a_special_batch_is_what_such_theorems_are_about(export: Export) -> None:
    """Where an equation that they assume holds, they are chosen."""
    found = by_arrays(export, {"y": np.ones(4), "g": np.arange(4.0), "gamma": 1.0}, -1)
    assert "BatchNorm.backward_eps_zero_eq_zero_of_variance_eq_zero" in {theorem.name for theorem, _ in found.chosen}
    found = by_arrays(export, {"y": np.arange(2.0), "g": np.ones(2), "gamma": 1.0, "eps": 1.0}, -1)
    assert "BatchNorm.backward_eps_zero_of_card_le_two" in {theorem.name for theorem, _ in found.chosen}
    assert found.left_out["BatchNorm.norm_jacobian"] == "only batches with 3 ≤ Fintype.card ι are meant"


REFUSED = {
    "no variable": ({**DATA, "labels": Y}, "no theorem has a variable 'labels'"),
    "nan": ({**DATA, "y": np.where(Y > 0, Y, np.nan)}, "is nan"),
    "another length": ({**DATA, "g": G[:4]}, "shapes do not fit together"),
    "another shape": ({"y": Y[:, 0], "g": G[:5, 0]}, r"shapes do not fit together: .*y \(8,\).*g \(5,\)|.*g \(5,\).*y \(8,\)"),
    "of no theorem": ({"y": Y, "q": 1.0}, "q is a variable of no theorem that is checked"),
    "nothing": ({"q": 1.0}, "nothing is checked"),
    "a framework's name": ({"y": Y, "dout": G}, r"no theorem has a variable 'dout'; did you mean g\? the usual ones"),
    "twice": ({**DATA, "ε": 0.1}, "two arrays are for ε"),
}


@pytest.mark.parametrize(("data", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(export: Export, data, message) -> None:
    """What no theorem takes is not passed over in silence."""
    with pytest.raises(InputError, match=message):
        by_arrays(export, data, 0)


def test_arrays_of_several_axes_ask_for_the_axis(export: Export) -> None:
    """Also where a theorem about whole arrays would take them: what it makes of (N, C) is not what was meant."""
    with pytest.raises(
        AxisNotNamedError, match=r"has the shape \(8, 3\), .*by axis or --axis: 0 for \(N, C\), -1 for the last"
    ):
        by_arrays(export, {**DATA, "gamma": 2.0}, None)
    images = {name: np.ones((2, 3, 4, 4)) for name in ("y", "g")}
    with pytest.raises(AxisNotNamedError, match=r"0,2,3 for \(N, C, …\)"):
        by_arrays(export, {**images, "gamma": 2.0}, None)
    flat = by_arrays(export, {"y": Y[:, 0], "g": G[:, 0], "gamma": 2.0, "eps": 1e-5}, None)
    assert "BatchNorm.norm_sq_backward" in {theorem.name for theorem, _ in flat.chosen}


REASONS = {
    "of what is not used": (
        {"y": Y[:, 0], "eps": "quadratic"},
        None,
        "eps is .* that is checked; ε is 'quadratic', which is no",
    ),
    "of what lacks another": ({"y": Y[:, 0], "q": 1.0}, None, r"q is .* that is checked; BatchNorm\.running\w+ lacks (μ|v)"),
    "of a run of nothing": (
        {"y": Y[:, 0], "g": G[:, 0], "eps": 1.0},
        1,
        r"nothing is checked: there is no axis 1: y has the sha",
    ),
}


@pytest.mark.parametrize(("data", "axis", "message"), REASONS.values(), ids=REASONS)
def test_one_reason_is_said(export: Export, data, axis, message) -> None:
    """That of the most theorems which it is about; not those of all that are left out."""
    with pytest.raises(InputError, match=message) as caught:
        by_arrays(export, data, axis)
    assert len(str(caught.value)) < 150


def test_a_number_given_once_for_each_entry(export: Export) -> None:
    """As a column of a csv has it: said, with the number where all are the same; other theorems take it as a vector."""
    column = {"y": Y[:, 0], "g": G[:, 0], "eps": 1e-5, "gamma": np.full(8, 2.0)}
    found = by_arrays(export, column, None)
    why = "γ is one number for a batch, and 8 are given, all 2.0 (gamma=2.0, or --set gamma=2.0)"
    assert found.left_out["BatchNorm.norm_sq_backward"] == why
    assert "RMSNorm.norm_sq_backward" in {theorem.name for theorem, _ in found.chosen}
    column["gamma"] = np.arange(8.0)
    assert by_arrays(export, column, 0).left_out["BatchNorm.norm_sq_backward"] == why.partition(", all")[0]


def test_an_unknown_name_is_answered_by_the_variables_of_what_is_asked_for(export: Export) -> None:
    """Not by those of all theorems."""
    with pytest.raises(InputError) as caught:
        by_names([export.stated("norm_sq_backward")], {"y": Y, "dout": G}, export)
    assert caught.value.hint == "did you mean g? the variables of what is asked for are γ (gamma), ε (eps), y, g"


def test_named_theorems(export: Export) -> None:
    """By its name a theorem has to have all; of an equation those count that have. What is not used is said."""
    (equation,) = [export.stated("1")]
    found = by_names([equation], DATA, export)
    assert [theorem.name for theorem, _ in found.chosen] == ["BatchNorm.backward_apply"]
    lacking = ("BatchNorm.hasGradientAt_comp_forward", "BatchNorm.eq_backward_of_hasGradientAt")
    assert found.incomplete == dict.fromkeys(lacking, ("β",))
    with pytest.raises(InputError, match="needs a value for β"):
        by_names([export.stated("hasGradientAt_comp_forward")], DATA, export)
    (seventh, *_) = export.stated("7")
    assert unused(seventh, tuple(DATA)) == ("eps",)
    with pytest.raises(InputError, match=r"--set: eps is a variable of none .*; leave it out: theirs are γ \(gamma\), y, g$"):
        by_names([(seventh,)], DATA, export, typed=("eps",))
    with pytest.raises(InputError, match="no theorem has a variable 'labels'"):
        by_names([equation], {**DATA, "labels": Y}, export)
