"""Errors: one line each, an exit code each, and an import that costs next to nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pybridge import errors

CODES = {
    errors.InputError: 1,
    errors.AxisNotNamedError: 1,
    errors.UnknownNameError: 2,
    errors.OptionError: 2,
    errors.MissingToolError: 3,
    errors.ExportMissing: 4,
    errors.ExportTruncated: 4,
    errors.ExportInvalid: 4,
    errors.ExportEdited: 4,
    errors.ExportStale: 4,
}


@pytest.mark.parametrize(("error", "code"), CODES.items(), ids=lambda value: getattr(value, "__name__", value))
def test_exit_codes(error, code):
    """Each class knows its own, and is caught as the root."""
    assert error.exit_code == code
    assert issubclass(error, errors.PybridgeError)


@given(st.text(max_size=2000), st.text(max_size=2000))
def test_an_error_is_one_printable_line(message, hint):
    """Whatever a hostile file put into it."""
    error = errors.PybridgeError(message, hint=hint)
    assert str(error).isprintable()
    str(error).encode("utf-8")
    assert len(str(error)) <= 1202


def test_a_hint_follows_the_message():
    """And stands by itself, too."""
    error = errors.InputError("m is 0", hint="give a batch")
    assert (str(error), error.message, error.hint) == ("m is 0; give a batch", "m is 0", "give a batch")


def test_unknown_names_offer_close_matches():
    """By the full name or its last part."""
    error = errors.UnknownNameError("theorem", "totl", ["A.total", "A.mean"])
    assert str(error) == "no theorem is called 'totl'; did you mean A.total?"
    assert error.matches == ("A.total",)


def test_a_short_name_of_several_offers_them_all():
    """BatchNorm's first, in the order of the alphabet."""
    error = errors.UnknownNameError("definition", "bakward", ["RMSNorm.backward", "BatchNorm.backward", "BatchNorm.mean"])
    assert error.matches == ("BatchNorm.backward", "RMSNorm.backward")


def test_far_names_are_not_offered():
    """What is not close is not meant, unless a name begins with it."""
    known = ["BatchNorm.ones", "BatchNorm.mean", "BatchNorm.norm_sq_backward", "BatchNorm.hasGradientAt_comp_forward"]
    for far in ("batchnorm", "gradient_bound", "loss", "mean_zero", "8"):
        error = errors.UnknownNameError("theorem", far, known)
        assert error.matches == ()
        assert str(error) == f"no theorem is called {far!r}; `pybridge list` prints the names"
    assert errors.UnknownNameError("theorem", "norm_sq", known).matches == ("BatchNorm.norm_sq_backward",)
    assert errors.UnknownNameError("theorem", "hasgrad", known).matches == ("BatchNorm.hasGradientAt_comp_forward",)


def test_a_brief_repr_is_one_short_line() -> None:
    """Whatever is said of the thing."""
    assert errors.brief(errors.InputError("x"), "a\nb") == "<InputError a\\nb>"
    assert len(errors.brief(object(), "x" * 1000)) < 180
