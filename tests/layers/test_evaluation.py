"""BatchNorm in evaluation mode, where mean and variance are given, and the statistics that a module keeps for it."""

from __future__ import annotations

import numpy as np
import pytest

from pybridge.errors import InputError
from pybridge.layers.report import lines
from pybridge.testing import KernelError, assert_layer, check_layer

FEW = ("plain", "tiny-spread", "gamma", "N=17")


def forward(x, gamma, beta, eps, running_mean, running_var):
    """The output of (N, C)."""
    std = np.sqrt(running_var + eps)
    return gamma * (x - running_mean) / std + beta, (x, gamma, running_mean, std)


def backward(dout, cache):
    """Its gradients."""
    x, gamma, mean, std = cache
    return dout * gamma / std, (dout * (x - mean) / std).sum(0), dout.sum(0)


def test_functions_in_evaluation_mode(known):
    """All four outputs; the report says which mode it is."""
    found = assert_layer(
        "BatchNorm", forward=forward, backward=backward, training=False, eps=1e-3, dtype="float64", only=FEW, export=known
    )
    assert [one.name for one in found.outputs] == ["forward", "dx", "dgamma", "dbeta"]
    said = "\n".join(lines(found))
    assert "layout NC: mean and variance given, one of each for each C" in said
    assert "mean and variance are given, drawn anew for each set of arrays" in said


def test_a_slip_in_evaluation_mode(known):
    """The backward pass of training mode is no backward pass here; a root forgotten is named."""

    def of_training(dout, cache):
        dx, dgamma, dbeta = backward(dout, cache)
        return dx - dx.mean(0), dgamma, dbeta

    options = {"training": False, "eps": 1e-3, "only": FEW[:2], "export": known}
    found = check_layer("BatchNorm", forward=forward, backward=of_training, outputs=("forward", "dx"), **options)
    assert found.by_name["forward"].right
    assert not found.by_name["dx"].right
    rootless = lambda x, gamma, beta, eps, mean, var: gamma * (x - mean) / (var + eps) + beta  # noqa: E731
    with pytest.raises(KernelError, match=r"the output: in BatchNorm\.Eval\.forward, "):
        assert_layer("BatchNorm", forward=rootless, **options)


def test_without_the_definitions(export):
    """An export that has none of evaluation mode is not compared with another mode in silence."""
    if "BatchNorm.Eval.forward" in export.definitions:
        pytest.skip("this export has them")
    with pytest.raises(InputError, match=r"in evaluation mode cannot be compared.*; pass training=True"):
        check_layer("BatchNorm", forward=forward, outputs=("forward",), training=False, export=export)
    with pytest.raises(InputError, match="LayerNorm has no evaluation mode"):
        check_layer("LayerNorm", forward=forward, training=False, export=export)


@pytest.mark.torch
def test_a_module_of_torch_in_evaluation_mode(known):
    """Is tested in the mode that it is in, and stays as it was; the other mode is asked for."""
    torch = pytest.importorskip("torch", reason="torch is not installed")
    for module in (torch.nn.BatchNorm1d(3), torch.nn.BatchNorm2d(3)):
        module.eval()
        found = assert_layer(module, only=FEW[:3], export=known)
        assert found.notes[0].startswith("the module is in evaluation mode: mean and variance are given")
        assert [one.name for one in found.outputs] == ["forward", "dx", "dgamma", "dbeta"]
        assert not module.training
        assert bool((module.running_mean == 0).all())
    trained = assert_layer(module, training=True, only="plain", export=known)
    assert trained.notes == ("the module is in evaluation mode, and is tested in training mode",)
    alone = torch.nn.BatchNorm1d(3, track_running_stats=False).eval()
    assert "keeps no statistics" in assert_layer(alone, only="plain", export=known).notes[0]


@pytest.mark.torch
@pytest.mark.parametrize("momentum", [0.1, 0.25, None])
def test_running_statistics_of_torch(momentum, known):
    """Momentum, and the variance over m - 1; a module that takes the biased one is found out."""
    torch = pytest.importorskip("torch", reason="torch is not installed")
    found = assert_layer(torch.nn.BatchNorm1d(3, momentum=momentum), only=FEW[:3], export=known)
    assert [one.name for one in found.outputs][-2:] == ["running_mean", "running_var"]

    class Biased(torch.nn.BatchNorm1d):
        def forward(self, x):
            before = self.running_var.clone()
            out = super().forward(x)
            fresh = x.detach().var(0, unbiased=False)
            share = 1.0 if self.momentum is None else self.momentum
            self.running_var.data.copy_((1 - share) * before + share * fresh)
            return out

    with pytest.raises(KernelError, match=r"the running variance: in BatchNorm\.unbiasedVariance"):
        assert_layer("BatchNorm", forward=Biased(3, momentum=momentum), only=FEW[:3], export=known)
