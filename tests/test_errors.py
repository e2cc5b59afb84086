"""Errors: one line each, an exit code each, and an import that costs next to nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pybridge
from pybridge import errors

CODES = {
    errors.InputError: 1,
    errors.UnknownNameError: 2,
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


def test_the_public_names_are_all_there():
    """``__all__`` is what the package gives, and nothing else is."""
    assert all(getattr(pybridge, name).__name__ == name for name in pybridge.__all__)
    assert set(pybridge.__all__) <= set(dir(pybridge))
    with pytest.raises(AttributeError, match="module 'pybridge' has no attribute 'nothing'"):
        _ = pybridge.nothing


def test_importing_the_package_imports_nothing_else():
    """NumPy, flint and pydantic come when they are needed."""
    code = "import sys, pybridge; print([m for m in ('numpy', 'flint', 'pydantic', 'sympy') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
