"""Arrays of JAX: kernels under jit, in every dtype, and a wrong one told what it computes."""

from __future__ import annotations

import numpy as np
import pytest

import pybridge
from pybridge.errors import InputError, MissingToolError
from pybridge.testing import AnotherFunction, KernelError, assert_computes, assert_kernel, assert_satisfies, check_kernel

jax = pytest.importorskip("jax", reason="jax is not installed")
pytestmark = pytest.mark.jax

DTYPES = ["float64", "float32", "float16", "bfloat16"]
AXES = (0, 2, 3)


@pytest.fixture(autouse=True)
def float64():
    """JAX with float64, for the time of a test."""
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    yield
    jax.config.update("jax_enable_x64", before)


def forward(y, gamma, eps):
    """The layer without β; statistics of half precision in float32."""
    wide = y if y.dtype in ("float32", "float64") else y.astype("float32")
    centred = wide - wide.mean(AXES, keepdims=True)
    sigma = jax.numpy.sqrt((centred**2).mean(AXES, keepdims=True) + eps)
    return (gamma.astype(wide.dtype)[None, :, None, None] * centred / sigma).astype(y.dtype)


@jax.jit
def backward(y, g, gamma, eps):
    """The gradient that JAX takes of it."""
    return jax.vjp(lambda batch: forward(batch, gamma, eps), y)[1](g)[0]


@jax.jit
def eps_forgotten(y, g, gamma, eps):  # noqa: ARG001
    """The forward pass adds ε to the variance, this one does not."""
    return backward(y, g, gamma, 0.0)


@pytest.fixture(params=DTYPES)
def batch(request):
    """Arrays of shape (4, 3, 2, 2) of each dtype, and their gradient by JAX."""
    keys = jax.random.split(jax.random.key(3), 2)
    y, g = (jax.random.normal(key, (4, 3, 2, 2), "float32").astype(request.param) for key in keys)
    gamma = jax.numpy.asarray([0.5, 1.5, -2.0], request.param)
    given = {"y": y, "g": g + jax.numpy.asarray(0.5, request.param), "gamma": gamma, "eps": 1e-3}
    return given, backward(**given)


@pytest.mark.parametrize("dtype", DTYPES)
def test_backward_by_vjp(dtype):
    """It is formula (1), on every probe."""
    assert_kernel(backward, dtype=dtype, layout="NCHW", library="jax")


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_a_wrong_kernel_is_told_what_it_computes(dtype):
    """The one that forgets ε."""
    found = check_kernel(eps_forgotten, dtype=dtype, layout="NCHW", library="jax").outcome
    assert isinstance(found, AnotherFunction)
    assert found.guesses[0].description == "in BatchNorm.scale, `+ ε` is missing"


def test_arrays_of_ones_own(batch):
    """Every number, and the norm; a number that is off is found, and so is twice the gradient."""
    given, dy = batch
    assert_computes("BatchNorm.backward", dy, axis=AXES, **given)
    assert_satisfies("norm_sq_backward", computed={"BatchNorm.backward": dy}, axis=AXES, **given)
    with pytest.raises(KernelError, match=rf"\[2, 1, 0, 1\] is .* ulps of {dy.dtype}"):
        assert_computes("BatchNorm.backward", dy.at[2, 1, 0, 1].add(0.25), axis=AXES, **given)
    with pytest.raises(KernelError, match=r"with the computed values, left .* fails"):
        assert_satisfies("norm_sq_backward", computed={"backward": 2 * dy}, axis=AXES, **given)


def test_oracle(batch):
    """The oracle takes JAX's arrays, bfloat16 as float32."""
    given, _ = batch
    got = pybridge.oracle("backward", axis=AXES)(**given)
    dtype = "float32" if given["y"].dtype == "bfloat16" else given["y"].dtype
    arrays = {name: value if name == "eps" else np.asarray(value).astype(dtype) for name, value in given.items()}
    np.testing.assert_array_equal(got, pybridge.oracle("backward", axis=AXES)(**arrays))
    assert got.dtype == dtype


def test_float64_has_to_be_switched_on():
    """Without its flag JAX would round to float32 and say nothing."""
    jax.config.update("jax_enable_x64", False)
    with pytest.raises(MissingToolError, match=r"JAX computes without float64; set `jax\.config\.update"):
        check_kernel(backward, dtype="float64", layout="NCHW", library="jax")


def test_traced_arrays_are_refused():
    """Within jit an array has no value, and one line says so."""
    for call in (lambda y: pybridge.oracle("mean")(y), lambda y: assert_computes("mean", y.mean(), y=y)):
        with pytest.raises(InputError, match="is traced by JAX and has no value yet; call this outside of jit"):
            jax.jit(call)(jax.numpy.ones(3))


REFUSED = {
    "float8": (lambda: jax.numpy.ones(3).astype("float8_e4m3fn"), "y has dtype float8_e4m3fn"),
    "key": (lambda: jax.random.key(0), "y cannot be read (JAX array with PRNGKey dtype"),
    "nan": (lambda: jax.numpy.asarray([1.0, float("nan")]), "y[1] is nan"),
}


@pytest.mark.parametrize(("make", "message"), REFUSED.values(), ids=REFUSED)
def test_arrays_that_are_refused(make, message):
    """One line each, by the oracle and by the assertions."""
    for call in (pybridge.oracle("mean"), lambda y: assert_computes("mean", 1.0, y=y)):
        with pytest.raises(InputError) as refused:
            call(make())
        assert message in str(refused.value)


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_a_dtype_of_jax_is_a_format(dtype):
    """As ``jnp.float32`` and as the dtype of an array."""
    for given in (getattr(jax.numpy, dtype), jax.numpy.zeros(1, dtype).dtype):
        found = check_kernel(backward, dtype=given, compute=jax.numpy.float32, layout="NCHW", library="jax")
        assert found.arithmetic.storage.name == dtype
        assert found.arithmetic.compute.name == "float32"
