"""The targets of ``pybridge.compile`` as parameters of a test, marked, and skipped where what they need is missing."""

from __future__ import annotations

import os
import shlex
import shutil
from importlib.util import find_spec

import pytest

HAVE_CC = shutil.which((shlex.split(os.environ.get("CC", "")) or ["cc"])[0]) is not None
HAVE_NUMBA = find_spec("numba") is not None
NUMPY = pytest.param("numpy", id="numpy")
C = pytest.param("c", id="c", marks=[pytest.mark.cc, pytest.mark.skipif(not HAVE_CC, reason="no C compiler")])
NUMBA = pytest.param(
    "numba", id="numba", marks=[pytest.mark.numba, pytest.mark.skipif(not HAVE_NUMBA, reason="numba is not installed")]
)
TARGETS = (NUMPY, C, NUMBA)
