"""What a kernel computes: within the bound, another function, or digits lost; and calls that are wrong."""

from __future__ import annotations

import numpy as np
import pytest

from pybridge.errors import InputError, UnknownNameError
from pybridge.kernels.outcomes import Fitting
from pybridge.kernels.report import lines
from pybridge.testing import (
    AnotherFunction,
    KernelError,
    LosesDigits,
    NotTold,
    WithinBound,
    assert_computes,
    assert_kernel,
    assert_satisfies,
    check_kernel,
)

WRONG = {
    "mean_of_g_forgotten": "in BatchNorm.backward, `- ∑ k, g[k]` is missing",
    "eps_forgotten": "in BatchNorm.scale, `+ ε` is missing",
    "unbiased_variance": "in BatchNorm.variance, the size m of the batch is m - 1",
    "gamma_twice": "in BatchNorm.backward, `γ` is multiplied in twice",
    "wrong_count": "in BatchNorm.backward, the size of the batch is that of N alone",
}
AXES = (0, 2, 3)


@pytest.fixture
def batch():
    """Arrays of shape (4, 3, 2, 2) in float32, and the right kernel's arguments."""
    rng = np.random.default_rng(3)
    y, g = rng.normal(size=(2, 4, 3, 2, 2)).astype(np.float32)
    return {"y": y, "g": 0.5 + g, "gamma": np.array([0.5, 1.5, -2.0], np.float32), "eps": 1e-3}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_right_kernel_is_within_the_bound(kernels, dtype):
    """On every probe, no number is off, and the bound is not so wide that it could not be met."""
    outcome = check_kernel(kernels.backward, dtype=dtype, layout="NCHW").outcome
    assert isinstance(outcome, WithinBound)
    assert outcome.entries > 300
    assert 0 < outcome.share < 1


@pytest.mark.parametrize(("name", "guess"), WRONG.items(), ids=WRONG)
def test_wrong_kernel_is_told_what_it_computes(kernels, name, guess):
    """The first guess is the mistake that was made, and the message has what its author needs."""
    with pytest.raises(KernelError) as failed:
        assert_kernel(getattr(kernels, name), layout="NCHW")
    assert isinstance(failed.value.outcome, AnotherFunction)
    assert failed.value.outcome.guesses[0].description == guess
    text = str(failed.value)
    for part in (guess, "IT COMPUTES ANOTHER FUNCTION", "ulps of float32", "smallest batch", "lean/BatchNorm/Defs.lean"):
        assert part in text
    assert "repeat: assert_kernel(" in text
    assert "LOSES DIGITS" not in text


def test_one_pass_variance_loses_digits(kernels):
    """Right on batches around 0, off where the mean is large against the spread, and no other function is guessed."""
    found = check_kernel(kernels.one_pass_variance, layout="NCHW")
    assert found.outcome == LosesDigits(share=found.outcome.share)
    off = {one.row.case for one in found.judged if one.off}
    assert off == {"constant", "offset", "far-offset"}
    with pytest.raises(KernelError, match="IT LOSES DIGITS"):
        assert_kernel(kernels.one_pass_variance, layout="NCHW")


def test_another_function_without_a_guess():
    """What no single change explains is not called a loss of digits."""
    found = check_kernel(lambda y, g, **_: np.cos(y) * g, layout="NC")
    assert isinstance(found.outcome, AnotherFunction)
    assert found.outcome.guesses == ()
    assert found.outcome.tried > 100
    assert f"none of {found.outcome.tried} single changes" in "\n".join(lines(found))


def test_nan_is_off():
    """A kernel that returns NaN computes another function."""
    found = check_kernel(lambda y, **_: np.full_like(y, np.nan), layout="NC")
    assert isinstance(found.outcome, AnotherFunction)
    assert found.outcome.guesses == ()


def test_values_of_one_batch(kernels, batch):
    """The right values pass; one changed by more than the bound does not, and is named."""
    dy = kernels.backward(**batch)
    assert_computes("BatchNorm.backward", dy, axis=AXES, **batch)
    dy[2, 1, 0, 1] *= 1 + 2**-12
    with pytest.raises(KernelError) as failed:
        assert_computes("BatchNorm.backward", dy, axis=AXES, **batch)
    said = str(failed.value).splitlines()
    assert said[0].startswith("BatchNorm.backward: ")
    assert said[0].endswith("(1 of 48 numbers are off)")
    assert said[1].startswith("[2, 1, 0, 1] is ")
    assert "numbers that are off: 1 of 48" in str(failed.value)


def test_norm_identity_of_computed_values(kernels, batch):
    """Equation (7ε) holds of the right gradient; of one with γ twice it fails, with both sides and the guess."""
    given = {name: batch[name] for name in ("y", "g", "gamma", "eps")}
    assert_satisfies("norm_sq_backward", computed={"backward": kernels.backward(**batch)}, axis=AXES, **given)
    with pytest.raises(KernelError) as failed:
        assert_satisfies("norm_sq_backward", computed={"backward": kernels.gamma_twice(**batch)}, axis=AXES, **given)
    text = str(failed.value)
    assert text.startswith("BatchNorm.norm_sq_backward: with the computed values, left ")
    assert "apart by" in text
    assert "`γ` is multiplied in twice" in text
    assert "certainly holds" in text


def test_a_wrong_value_that_the_theorem_does_not_see(kernels, batch):
    """The opposite of the gradient has the same norm: the statement holds of it, and it is refused all the same."""
    with pytest.raises(KernelError, match="the two sides agree, but a value in them is wrong"):
        assert_satisfies("norm_sq_backward", computed={"backward": -kernels.backward(**batch)}, axis=AXES, **batch)


def test_half_precision_storage(kernels, batch):
    """Results in float16 of float32 arithmetic are within both bounds; two ulps further they are not."""
    half = {name: value.astype(np.float16) if name in "yg" else value for name, value in batch.items()}
    exact = {name: value.astype(np.float32) if name in "yg" else value for name, value in half.items()}
    dy = kernels.backward(**exact).astype(np.float16)
    assert_computes("backward", dy, axis=AXES, **half)
    with pytest.raises(KernelError):
        assert_computes("backward", np.nextafter(np.nextafter(dy, np.float16(9)), np.float16(9)), axis=AXES, **half)


CALLS = {
    "nothing computed": ({}, {}, "computed is empty: nothing of a kernel's would be tested; it calls BatchNorm.backward"),
    "another export": ({"mean": np.ones(3)}, {"export": "x"}, "export is of type str; pass what pybridge.load returns"),
    "not called": ({"mean": np.ones(3)}, {}, "BatchNorm.norm_sq_backward does not call BatchNorm.mean"),
    "shape": ({"backward": np.ones(4)}, {}, r"the computed array has shape \(4,\), and the arguments ask for \(3,\)"),
    "hypothesis": ({"backward": np.ones(3)}, {"y": np.ones(3), "eps": 0.0}, "the hypothesis 0 < .* does not hold"),
    "nan": ({"backward": np.ones(3)}, {"y": np.array([1.0, np.nan, 0.0])}, r"y\[1\] is nan; give finite numbers"),
    "unknown": ({"backward": np.ones(3)}, {"x": 1.0}, "has no argument 'x'"),
    "dtype": ({"backward": np.ones(3, complex)}, {}, "has dtype complex128"),
}


@pytest.mark.parametrize(("computed", "changed", "message"), CALLS.values(), ids=CALLS)
def test_wrong_calls_are_refused(computed, changed, message):
    """A call that is wrong is an error of the call, one line, and not a failure of the kernel."""
    given = {"y": np.array([1.0, 2.0, 4.0]), "g": np.ones(3), "gamma": 1.0, "eps": 0.1, **changed}
    with pytest.raises(InputError, match=message):
        assert_satisfies("norm_sq_backward", computed=computed, **given)


def test_batches_without_a_bound_are_refused():
    """Where the variance may round to 0, or no digit is left, nothing passes."""
    with pytest.raises(InputError, match="no error bound for float32"):
        assert_computes("normalize", np.zeros(3, np.float32), y=np.full(3, 0.1, np.float32), eps=0.0)
    with pytest.raises(InputError, match="leaves no digit to compare"):
        assert_computes("mean", np.float16(0), y=np.tile([1.0, -1.0], 700).astype(np.float16), compute="float16")


def test_names_and_formats_are_checked(kernels):
    """Unknown definitions, formats, layouts, libraries and results of another dtype."""
    with pytest.raises(UnknownNameError):
        assert_computes("bakward", np.ones(3), y=np.ones(3))
    for dtype in ("float8", np.int64, np.dtype("complex64"), None, 3):
        with pytest.raises(InputError, match=r"no format is called .*; there are float64, float32, float16, bfloat16"):
            assert_kernel(kernels.backward, dtype=dtype)
    with pytest.raises(InputError, match="no format is called 'float8'"):
        assert_kernel(kernels.backward, dtype="float8")
    with pytest.raises(InputError, match="no format is called 'int64'"):
        assert_computes("mean", 1.0, compute=np.int64, y=np.ones(3))
    with pytest.raises(InputError, match="no format is called 'int64'"):
        assert_satisfies("variance_nonneg", computed={"variance": 0.0}, compute=np.int64, y=np.ones(3))
    with pytest.raises(InputError, match="the layout 'NN' is none"):
        assert_kernel(kernels.backward, layout="NN")
    with pytest.raises(InputError, match="no library is called 'cupy'"):
        assert_kernel(kernels.backward, library="cupy")
    with pytest.raises(InputError, match="the kernel returned float64 for float32 arrays"):
        assert_kernel(lambda y, **_: y.astype(float), layout="NC")


@pytest.mark.filterwarnings("ignore::pybridge.errors.BlindWarning")
def test_a_dtype_is_a_format(kernels, batch):
    """As NumPy writes it, wherever a format is asked for."""
    found = check_kernel(kernels.backward, dtype=np.float64, compute=np.dtype("float64"), layout="NCHW")
    assert isinstance(found.outcome, WithinBound)
    assert found.arithmetic.storage.name == found.arithmetic.compute.name == "float64"
    half = kernels.backward(**batch).astype(np.float16)
    with pytest.raises(KernelError) as failed:
        assert_computes("backward", kernels.gamma_twice(**batch), axis=AXES, compute=np.float32, **batch)
    assert "running error bounds in float32," in str(failed.value)
    assert_computes("backward", half, axis=AXES, compute=np.float16, **batch)
    assert_satisfies("norm_sq_backward", computed={"backward": half}, axis=AXES, compute=np.float16, **batch)


def test_what_is_found_is_one_short_line(kernels):
    """In a notebook or a debugger: not thousands of numbers, but what they come to."""
    found = check_kernel(kernels.eps_forgotten, layout="NCHW")
    first = "in BatchNorm.scale, `+ ε` is missing"
    assert repr(found.outcome) == f"<AnotherFunction {first}>"
    assert repr(found) == f"<Finding BatchNorm.backward in float32: <AnotherFunction {first}>>"
    assert repr(found.outcome.guesses[0]) == f"<Fitting {first}>"
    assert repr(found.arithmetic) == "<Arithmetic float32>"
    judged = found.judged[0]
    assert repr(judged) == "<Judged plain m = 30: 1 of 30 numbers off>"
    assert repr(judged.row) == "<Row plain m = 30>"
    assert repr(judged.entries[0]).startswith("<Entry [0, 0, 0, 0] is 1.10337")
    assert repr(found.ways[0]) == "<Form BatchNorm.backward(γ, ε, y, g)>"
    with pytest.raises(KernelError) as failed:
        assert_kernel(kernels.eps_forgotten, layout="NCHW")
    assert repr(failed.value) == f"<KernelError {str(failed.value).splitlines()[0]}>"


def test_outcomes_are_one_short_line():
    """Also where there are several guesses, or none, and where a guess is long."""
    guess = Fitting(description="`a` is missing", formula="f(x) = " + "x" * 1000)
    assert repr(AnotherFunction(guesses=(guess, guess))) == "<AnotherFunction `a` is missing (or 1 other change)>"
    assert repr(AnotherFunction(guesses=(guess,) * 3)) == "<AnotherFunction `a` is missing (or 2 other changes)>"
    assert repr(AnotherFunction(guesses=(), tried=7)) == "<AnotherFunction none of 7 single changes explains it>"
    lost = (LosesDigits(share=0.5), LosesDigits(share=0.5, narrower="float16"))
    assert repr(NotTold(loses=lost, guesses=(guess,), why="too many")) == (
        "<NotTold too many; digits lost in expanded squares; digits lost in float16; `a` is missing>"
    )
    assert len(repr(NotTold(why="why\n" * 1000))) < 200
