"""Fixtures that every test may use."""

from __future__ import annotations

import importlib
import os
from types import ModuleType

import pytest
from hypothesis import settings

from pybridge.export.loading import Export, load

collect_ignore = ["typing"]  # read by mypy, never run

settings.register_profile("default", deadline=None, max_examples=40)
settings.register_profile("ci", deadline=None, max_examples=40, derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="session")
def export() -> Export:
    """The committed export; that it is fresh is a test by itself, so a stale one fails once and not everywhere."""
    return load(check_sources=False)


@pytest.fixture(scope="module")
def kernels() -> ModuleType:
    """The kernels of the example."""
    return importlib.import_module("kernels")
