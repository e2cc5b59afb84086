"""The package after a plain ``import pybridge``: cheap, and what the documents name is there as an attribute."""

from __future__ import annotations

import importlib.metadata
import pydoc
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import pybridge

ROOT = Path(__file__).resolve().parent.parent


def python(code: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Another interpreter, in which nothing has been imported yet."""
    return subprocess.run([sys.executable, *options, "-c", code], capture_output=True, text=True, check=False)


def test_import_is_cheap() -> None:
    """Nothing else is imported before a name is asked for.

    Without ``site``, whose hooks import more where pybridge is installed editably, and with what ``pybridge`` itself names.
    """
    home = Path(pybridge.__file__).parents[1]
    done = python(
        f"import __future__, importlib, sys, typing; sys.path.insert(0, {str(home)!r}); before = set(sys.modules)\n"
        "import pybridge; print(sorted(set(sys.modules) - before))",
        "-I",
        "-S",
    )
    assert done.stdout.strip() == "['pybridge']", done.stderr


CALLS = """
import pybridge
print(pybridge.oracle("BatchNorm.mean")([1.0, 2.0]), pybridge.oracle("mean")([1.0, 2.0]))
pybridge.testing.assert_computes("mean", 1.5, y=[1.0, 2.0])
pybridge.strategies.for_theorem("BatchNorm.norm_sq_backward")
"""
IMPORTS = """
import pybridge.strategies, pybridge.testing
from pybridge import *
from pybridge.kernels.oracle import oracle as at_home
print(oracle is pybridge.oracle is at_home, testing is pybridge.testing, strategies is pybridge.strategies)
"""


@pytest.mark.parametrize(("code", "printed"), [(CALLS, "1.5 1.5"), (IMPORTS, "True True True")], ids=["calls", "imports"])
def test_attributes(code: str, printed: str) -> None:
    """In an interpreter in which nothing was imported before, and in one in which the modules were."""
    done = python(code)
    assert done.stderr == ""
    assert done.stdout.strip() == printed


def test_names() -> None:
    """The names listed are there; another one is an AttributeError."""
    assert set(dir(pybridge)) == {*pybridge.__all__, "__version__"}
    for name in pybridge.__all__:
        assert getattr(pybridge, name).__name__.rpartition(".")[2] == name
    with pytest.raises(AttributeError, match="module 'pybridge' has no attribute 'orakel'"):
        pybridge.orakel  # noqa: B018


def test_help() -> None:
    """``help(pybridge)`` has a line for every public name, and none for what is not public."""
    shown = pydoc.plain(pydoc.render_doc(pybridge))
    for name in pybridge.__all__:
        assert re.search(rf"^    (class )?{name}\b", shown, re.MULTILINE), name
    assert "importlib" not in shown


def test_version() -> None:
    """The version stands in the package, in what is installed and in the citation: one."""
    (cited,) = re.findall(r'^version: "(.*)"$', (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE)
    assert pybridge.__version__ == importlib.metadata.version("pybridge-lean") == cited


def test_short_and_full_names_are_the_same_function() -> None:
    """With and without the namespace."""
    y = np.array([1.0, 2.0, 4.5])
    assert pybridge.oracle("backward").__doc__ == pybridge.oracle("BatchNorm.backward").__doc__
    np.testing.assert_array_equal(pybridge.oracle("normalize")(0.5, y), pybridge.oracle("BatchNorm.normalize")(0.5, y))
