"""Slips of people who write kernels: each is refuted, and called by its name, or by no wrong one."""

from __future__ import annotations

import numpy as np
import numpy_layers as right
import pytest

from pybridge.testing import KernelError, assert_layer, check_layer

SETS = ("plain", "small-spread", "outlier", "gamma")


def first(layer, forward, backward=None, **options):
    """The first line of what is said."""
    with pytest.raises(KernelError) as failed:
        assert_layer(layer, forward=forward, backward=backward, **{"eps": 1e-5, **options})
    return str(failed.value).splitlines()[0]


def layernorm(x, gamma, beta, eps):
    """As it should be."""
    return right.layernorm_forward(x, gamma, beta, {"eps": eps})


def batchnorm(x, gamma, beta, eps):
    """As it should be."""
    return right.batchnorm_forward(x, gamma, beta, {"eps": eps})


def of_features(change):
    """∂x of LayerNorm from ĝ = γ g, the normalized rows, σ and g."""

    def forward(x, gamma, beta, eps):
        sigma = np.sqrt(x.var(-1, keepdims=True) + x.dtype.type(eps))
        hat = (x - x.mean(-1, keepdims=True)) / sigma
        return gamma * hat + beta, (hat, gamma, sigma)

    def backward(dout, cache):
        hat, gamma, sigma = cache
        return change(dout * gamma, hat, sigma, dout), (dout * hat).sum(0), dout.sum(0)

    return forward, backward


def mean(array):
    """Of each row."""
    return array.mean(-1, keepdims=True)


TERMS = {
    "γ in the mean": (
        lambda own, hat, sigma, dout: (own - mean(dout) - hat * mean(own * hat)) / sigma,
        "in LayerNorm.backward, the factor `γ` is missing in the term `∑ k, g[k]` (",
    ),
    "γ in both sums": (
        lambda own, hat, sigma, dout: (own - mean(dout) - hat * mean(dout * hat)) / sigma,
        "the factor `γ` is missing in the terms `∑ k, g[k]` and `normalize(ε, x)[i] * (∑ k, g[k] * normalize(ε, x)[k])` (",
    ),
    "a sum for a mean": (
        lambda own, hat, sigma, _: (own - mean(own) - hat * (own * hat).sum(-1, keepdims=True)) / sigma,
        "is multiplied by `#ι`: does a sum stand for a mean? (",
    ),
}


@pytest.mark.parametrize(("change", "said"), TERMS.values(), ids=TERMS)
def test_terms_of_layernorm(change, said):
    """γ forgotten in some terms of ∂x, and a sum in the place of a mean."""
    line = first("LayerNorm", *of_features(change), only=(*SETS, "D=2", "D=17"))
    assert "LayerNorm: ∂x: " in line, line
    assert said in line, line


def test_eps_in_the_sum():
    """√((∑ x² + ε) / m)."""

    def forward(x, weight, eps):
        return weight * x / np.sqrt(((x * x).sum(-1, keepdims=True) + x.dtype.type(eps)) / x.dtype.type(x.shape[-1]))

    said = "ε is divided by the number m of features of a row: is it added to a sum before that is divided by m? ("
    line = first("RMSNorm", forward, only=(*SETS, "tiny-spread", "D=17"))
    assert f"RMSNorm: the output: {said}" in line, line


def test_beta_inside_gamma():
    """γ (ŷ + β)."""
    forward = lambda x, gamma, beta, eps: gamma * (batchnorm(x, np.ones_like(gamma), 0 * beta, eps)[0] + beta)  # noqa: E731
    line = first("BatchNorm", forward, only=SETS)
    assert "the output: `γ β` stands for `β`: is β added before γ is multiplied? (" in line, line


@pytest.mark.parametrize("more", [0, 1])
def test_half_a_batch(more):
    """∂γ of the first half, rounded down or up."""

    def backward(dout, cache):
        dx, _, dbeta = right.batchnorm_backward(dout, cache)
        half = dout.copy()
        half[(len(dout) + more) // 2 :] = 0
        return dx, right.batchnorm_backward(half, cache)[1], dbeta

    line = first("BatchNorm", batchnorm, backward, only=(*SETS, "N=2", "N=17"))
    assert "∂γ: only the first half of the batch is summed in BatchNorm.backwardGamma (" in line, line


def groupnorm(x, gamma, beta, G, gn_param):  # noqa: N803
    """As a course has it; G is how many groups there are."""
    rows = x.reshape(x.shape[0], G, -1)
    sigma = np.sqrt(rows.var(2, keepdims=True) + x.dtype.type(gn_param["eps"]))
    hat = ((rows - rows.mean(2, keepdims=True)) / sigma).reshape(x.shape)
    return gamma[:, None, None] * hat + beta[:, None, None]


def test_number_of_groups_called_g():
    """It is no upstream gradient, and no γ."""
    forward = lambda x, gamma, beta, G, eps: groupnorm(x, gamma, beta, G, {"eps": eps})  # noqa: E731, N803
    found = check_layer("GroupNorm", forward=forward, layout="NCHW", groups=2, eps=1e-5, only=("plain", "N=2", "C=10"))
    assert found.right


@pytest.mark.parametrize(
    ("which", "said"),
    [(lambda k, own: k // own, "γ and β are taken at the index of the group, not of the channel"),
     (lambda k, own: k % own, "γ and β are taken at the index within the group, not of the channel")],
    ids=["group", "within"],
)  # fmt: skip
def test_parameters_of_groups(which, said):
    """One for each group, or for each channel of a group."""

    def forward(x, gamma, beta, eps):
        at = which(np.arange(x.shape[1]), x.shape[1] // 2)
        return groupnorm(x, gamma[at], beta[at], 2, {"eps": eps})

    line = first("GroupNorm", forward, layout="NCHW", groups=2, only=("plain", "outlier", "C=10"))
    assert f"GroupNorm: the output: {said} (" in line, line


def test_axes_of_one_length():
    """A kernel that tells its axes apart by their lengths is wrong where these are equal, and passed on lengths that differ."""

    def forward(x, gamma, beta, eps):
        if len(x) == len(gamma):  # taken for one with the channels first
            return batchnorm(x.T, gamma, beta, eps)[0].T
        return batchnorm(x, gamma, beta, eps)[0]

    line = first("BatchNorm", forward, only=("plain", "N=17", "square"))
    assert "off only where axes are equally long: are they told apart by their lengths?" in line, line
    sized = check_layer("BatchNorm", forward=forward, eps=1e-5, sizes={"N": (8, 16), "C": (16, 32)})
    assert not sized.right
    apart = check_layer("BatchNorm", forward=forward, eps=1e-5, sizes={"N": (8, 16), "C": (5, 32)})
    assert apart.right


def test_chance_is_not_said_of_few_sets():
    """A value that counts, not a length: of few sets the channels are fewer where it is right."""

    def forward(x, gamma, beta, eps):
        out = batchnorm(x, gamma, beta, eps)[0]
        return out if len(x) < 30 else out**3 + 1

    line = first("BatchNorm", forward, sizes={"N": (2, 33, 128)})
    assert "it computes another function" in line, line
    assert "off only where" not in line, line
