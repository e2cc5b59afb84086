"""Calls that are wrong: one line that says what and what to do, and no exception from the inside."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import pybridge
from pybridge.errors import InputError, NoBoundError, UnknownNameError
from pybridge.testing import WithinBound, assert_computes, assert_kernel, assert_satisfies, check_kernel

Y, G = np.array([1.0, 2.0, 4.0]), np.array([0.5, -1.0, 2.0])
GIVEN = {"y": Y, "g": G, "gamma": 1.5, "eps": 0.25}
DY = pybridge.oracle("backward")(**GIVEN)


def refused(call, *args, **keywords) -> str:
    """The one line of the refusal."""
    with pytest.raises(InputError) as error:
        call(*args, **keywords)
    assert str(error.value).isprintable()
    return str(error.value)


def readonly() -> np.ndarray:
    """An array that cannot be written to."""
    array = Y.copy()
    array.flags.writeable = False
    return array


TAKEN = {
    "list": [1.0, 2.0, 4.0],
    "tuple of integers": (1, 2, 4),
    "integers": np.array([1, 2, 4]),
    "unsigned": np.array([1, 2, 4], np.uint8),
    "float32": Y.astype(np.float32),
    "float16": Y.astype(np.float16),
    "big-endian": Y.astype(">f8"),
    "big-endian float32": Y.astype(">f4"),
    "read-only": readonly(),
    "strided": np.array([1.0, 0.0, 2.0, 0.0, 4.0])[::2],
    "reversed": Y[::-1].copy()[::-1],
    "memoryview": memoryview(Y),
    "mask of nothing": np.ma.array(Y),
}


@pytest.mark.parametrize("y", TAKEN.values(), ids=TAKEN)
def test_arrays_that_hold_the_same_numbers_are_taken(y):
    """By the oracle and by the assertions."""
    np.testing.assert_allclose(pybridge.oracle("backward", dtype="float64")(**{**GIVEN, "y": y}), DY, rtol=1e-15)
    assert_computes("backward", DY, **{**GIVEN, "y": y})
    assert_satisfies("norm_sq_backward", computed={"backward": DY}, **{**GIVEN, "y": y})


@pytest.mark.parametrize("zero", [0, np.int64(0), np.array(0), 0.0])
def test_integers_are_numbers(zero):
    """An ε of the integer 0, and a γ of 2, as Python and NumPy spell them."""
    given = {**GIVEN, "eps": zero, "gamma": 2}
    assert_computes("backward", pybridge.oracle("backward")(**given), **given)
    assert isinstance(check_kernel(lambda y, **_: y.mean(0), "mean", eps=0).outcome, WithinBound)


REFUSED = {
    "masked": (np.ma.array(Y, mask=[0, 1, 0]), "y is masked in part; give the numbers that count, without a mask"),
    "complex": (Y + 0j, "y has dtype complex128; give "),
    "bool": (np.array([True, False, True]), "y has dtype bool; give "),
    "objects": (np.array([1.0, 2.0, 4.0], dtype=object), "y has dtype object; give "),
    "None": (None, "y is None; give "),
    "dict": ({"a": 1.0}, "y is a dict of what NumPy has no number type for; give "),
    "fractions": ([Fraction(1, 3)] * 3, "y is a list of what NumPy has no number type for; give "),
    "text": (["a", "b", "c"], "y has dtype <U1; give "),
    "dates": (np.array(["2020-01-01"] * 3, dtype="M8[D]"), "y has dtype datetime64[D]; give "),
    "ragged": ([[1.0], [1.0, 2.0]], "y is ragged; give a NumPy array, a torch or a JAX tensor"),
    "nan": ([1.0, np.nan, 2.0], "y[1] is nan; give finite numbers"),
    "inf": (np.array([1.0, 2.0, -np.inf]), "y[2] is -inf; give finite numbers"),
    "another length": (np.ones(4), "shapes do not fit together: y (4,), g (3,)"),
}


@pytest.mark.parametrize(("y", "message"), REFUSED.values(), ids=REFUSED)
def test_values_that_are_no_real_numbers_are_refused(y, message):
    """In the same words by the oracle and by the assertions."""
    given = {**GIVEN, "y": y}
    assert refused(pybridge.oracle("backward"), **given).startswith(f"BatchNorm.backward: {message}")
    assert refused(assert_computes, "backward", DY, **given).startswith(f"BatchNorm.backward: {message}")
    said = refused(assert_satisfies, "norm_sq_backward", computed={"backward": DY}, **given)
    assert said.startswith(f"BatchNorm.norm_sq_backward: {message}")


def test_what_only_the_assertions_refuse():
    """A format without a bound, and an integer that float64 does not hold."""
    hint = "give float64, float32, float16, bfloat16, or integers up to 2^53"
    for y in (Y.astype(np.longdouble), np.array([2**60, 1, 2])):
        if y.dtype.name != "float64":  # where longdouble is no more than a double
            assert refused(assert_computes, "backward", DY, **{**GIVEN, "y": y}).endswith(f"y has dtype {y.dtype}; {hint}")


@pytest.mark.parametrize("axis", [None, "0", 1.0, 1.5, (), (0, None), [0.5], True, False, (True,), (0, False), np.True_])
def test_an_axis_is_a_number_or_several(axis):
    """Neither none, nor text, nor a float, nor True, which Python counts among the numbers."""
    message = f"BatchNorm.backward: axis is {axis!r}; give the number of the batch axis, or a tuple of several"
    assert refused(pybridge.oracle, "backward", axis=axis) == message
    assert refused(assert_computes, "backward", DY, axis=axis, **GIVEN) == message
    said = refused(assert_satisfies, "norm_sq_backward", computed={"backward": DY}, axis=axis, **GIVEN)
    assert said == message.replace("backward", "norm_sq_backward")
    assert_computes("backward", DY, axis=np.int64(0), **GIVEN)


@pytest.mark.parametrize("axis", [1, -2, (0, 0), (0, -1)])
def test_an_axis_that_is_not_there(axis):
    """Or that is named twice."""
    assert "of arrays of shape (3,); pass another axis" in refused(assert_computes, "backward", DY, axis=axis, **GIVEN)
    said = refused(assert_satisfies, "norm_sq_backward", computed={"backward": DY}, axis=axis, **GIVEN)
    assert "of arrays of shape (3,); pass another axis" in said
    assert refused(lambda: pybridge.oracle("backward", axis=axis)(**GIVEN)).endswith("; pass another axis")


def test_an_axis_named_twice_is_refused_before_there_are_arrays():
    """By the oracle, as it is made; under another number, as soon as their shape is known."""
    assert refused(pybridge.oracle, "mean", axis=(0, 0)) == "BatchNorm.mean: axis (0, 0) names one twice; pass another axis"
    pybridge.oracle("mean", axis=(0, -1))(np.ones((2, 2)))


def test_names_of_the_wrong_kind():
    """A theorem for a definition and the other way round; and what is no name at all."""
    theorem = "no definition is called 'norm_sq_backward'; BatchNorm.norm_sq_backward is a theorem"
    assert refused(pybridge.oracle, "norm_sq_backward") == theorem
    assert refused(assert_computes, "norm_sq_backward", DY) == theorem
    assert refused(assert_kernel, lambda **_: Y, "norm_sq_backward") == theorem
    definition = "no theorem is called 'backward'; BatchNorm.backward is a definition"
    assert refused(assert_satisfies, "backward", computed={}) == definition
    assert refused(pybridge.strategies.for_theorem, "backward") == definition
    assert refused(pybridge.oracle, 3) == "expected the name of a definition, got 3 (type int)"
    with pytest.raises(UnknownNameError, match=r"did you mean BatchNorm\.backward or"):
        pybridge.oracle("bakward")


@pytest.mark.parametrize("computed", [None, DY, [("backward", DY)]], ids=["None", "array", "pairs"])
def test_computed_is_a_mapping(computed):
    """The hint shows how it is written."""
    said = refused(assert_satisfies, "norm_sq_backward", computed=computed, **GIVEN)
    assert said.endswith('; give what the kernel computed by the definition it stands for: {"backward": dy}')


def test_statements_that_take_no_computed_values():
    """A definition called twice, and a conclusion that is an equivalence; each says which theorem."""
    two = refused(assert_satisfies, "inner_backward_left", computed={"backward": DY}, y=Y, g=G, v=G, gamma=1.0, eps=0.25)
    assert two == (
        "BatchNorm.inner_backward_left calls BatchNorm.backward more than once: backward(γ, ε, y, g) and backward(γ, ε, y, v);"
        " use a theorem that calls it once"
    )
    iff = refused(assert_satisfies, "norm_sq_backward_lt_iff", computed={"backward": DY}, **GIVEN)
    assert iff.startswith("BatchNorm.norm_sq_backward_lt_iff: its conclusion is neither an equation nor an inequality")


def test_dtypes_of_the_oracle():
    """One that NumPy does not have, and numbers that overflow in the one asked for."""
    assert refused(pybridge.oracle("mean", dtype="bfloat16"), Y) == (
        "BatchNorm.mean: NumPy has no dtype 'bfloat16'; use float32 or float64"
    )
    assert refused(pybridge.oracle("mean", dtype="float32"), [1.0, 1e300]) == (
        "BatchNorm.mean: an overflow, computed in float64 for a result in float32;"
        " scale the arguments down, or pass a wider dtype"
    )


def kernel(y, g, gamma, eps):  # noqa: ARG001
    """A kernel that is never right."""
    return y


NUMBER = "; give the number that is added to the variance: finite, and at least 0"
LAYOUT = '; give distinct capital letters, C for the channel: "NC", "NCHW", "N"'
KERNELS = {
    "eps is text": (kernel, {"eps": "1e-5"}, f"eps is '1e-5'{NUMBER}"),
    "eps is negative": (kernel, {"eps": -1e-5}, f"eps is -1e-05{NUMBER}"),
    "eps is nan": (kernel, {"eps": float("nan")}, f"eps is nan{NUMBER}"),
    "seed": (kernel, {"seed": -1}, "seed is -1; give a number, at least 0"),
    "layout in small letters": (kernel, {"layout": "nc"}, f"the layout 'nc' is none{LAYOUT}"),
    "layout is a number": (kernel, {"layout": 2}, f"the layout 2 is none{LAYOUT}"),
    "layout without a batch": (kernel, {"layout": "C"}, f"the layout 'C' has no axis for the batch{LAYOUT}"),
    "no function": (3, {}, "the kernel is of type int, which cannot be called; give a function"),
    "other names": (
        lambda x, dz: x * dz,
        {},
        (
            "BatchNorm.backward: the kernel does not take the keywords gamma, eps, y, g: missing a required argument: 'x';"
            " wrap it: lambda gamma, eps, y, g: my_kernel(…)"
        ),
    ),
    "returns nothing": (lambda **_: None, {}, "BatchNorm.backward: what the kernel returned is None; give "),
    "returns integers": (
        lambda y, **_: y.astype(int),
        {},
        "the kernel returned int64 for float32 arrays; cast the result, or pass the dtype it is meant for",
    ),
    "returns several": (
        lambda y, g, **_: (y, g),
        {},
        "the kernel returned tuple for float32 arrays; cast the result, or pass the dtype it is meant for",
    ),
}


@pytest.mark.parametrize(("wrong", "keywords", "message"), KERNELS.values(), ids=KERNELS)
def test_kernels_that_cannot_be_run(wrong, keywords, message):
    """The call is wrong, not the kernel."""
    assert refused(assert_kernel, wrong, **keywords).startswith(message)


def test_an_eps_that_the_format_does_not_carry():
    """The batches are pybridge's: the hint names what the caller chose."""
    with pytest.raises(NoBoundError, match=r"dtype float32, computed in float32, and eps = 1e-300; pass a larger eps"):
        check_kernel(kernel, eps=1e-300)


def test_what_a_kernel_raises_is_its_own():
    """An exception of the kernel comes through as it is."""
    with pytest.raises(ZeroDivisionError):
        check_kernel(lambda y, **_: y / (1 // 0))


def test_a_kernel_may_write_into_its_arguments():
    """It is compared with the numbers it was given."""

    def mean(y):
        found = y.mean(0)
        y *= 0
        return found

    assert isinstance(check_kernel(mean, "mean").outcome, WithinBound)


@pytest.mark.parametrize("size", [0, 2.5, "a"])
def test_sizes_of_strategies(size):
    """At least 1."""
    said = refused(pybridge.strategies.for_theorem, "norm_sq_backward", max_size=size)
    assert said == f"max_size is {size!r}; give a number of entries, at least 1"
