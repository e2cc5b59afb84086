"""The layers of torch, JAX and Flax, a few of them."""

from __future__ import annotations

import pytest
from pasted import pasted

from pybridge.conformance.cases import cases_of
from pybridge.conformance.run import RIGHT, chosen, conform
from pybridge.layers.known import comparable
from pybridge.testing import check_layer


@pytest.mark.torch
def test_torch(export):
    """The call that is printed repeats what it is printed for; names are different, and the picture has lines."""
    torch = pytest.importorskip("torch", reason="torch is not installed")
    cases = chosen("torch", ("float32",), ("RMSNorm",))[:1]
    found = conform("torch", cases, seed=0, export=export)
    assert found.right
    assert found.versions["torch"] == torch.__version__
    (result,) = found.results
    assert result.verdict == RIGHT
    again = pasted(result.repeat)
    assert again.outputs[0].finding.judged.share() == pytest.approx(result.outputs[0].share)
    assert len(found.curves) == 2
    names = [one.name for one in cases_of("torch")]
    assert len(set(names)) == len(names) > 50


@pytest.mark.jax
@pytest.mark.parametrize("target", ["jax", "flax"])
def test_jax_and_flax(target, known):
    """Every case is a layer that is found out to be what it is, and is right on plain arrays; JAX computes without float64."""
    pytest.importorskip("jax", reason="jax is not installed")
    if target == "flax":
        pytest.importorskip("flax", reason="flax is not installed")
    cases = cases_of(target)
    assert "float64" not in {one.dtype for one in cases}
    series = {one.series: one for one in reversed(cases) if one.dtype == "float32"}
    assert len(series) >= 4
    for case in list(series.values())[:6]:
        outputs = [one for one in comparable(case.layer, known) if case.weights or one in ("forward", "dx")]
        found = check_layer(**case.arguments(), outputs=outputs, only="plain", export=known)
        assert found.right, case.name
        assert pasted(case.call(outputs=outputs, only="plain")).outputs[0].name == outputs[0]
