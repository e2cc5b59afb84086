"""LeanDojo, where it is installed; and a checkout small enough to be changed."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest

from pybridge.dojo import recorded

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def dojo() -> None:
    """Skip where LeanDojo or git is not there, or Python is one that it does not run on."""
    if importlib.util.find_spec("lean_dojo") is None:
        pytest.skip("lean-dojo is not installed: pip install lean-dojo==4.20.0 (Python 3.10 to 3.12)")
    if shutil.which("git") is None:
        pytest.skip("there is no git, which LeanDojo needs")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of this checkout's Lean side and of its export, to be changed at will."""
    target = tmp_path / "checkout"
    for folder in ("lean", "pybridge/data"):
        shutil.copytree(ROOT / folder, target / folder)
    for name in ("lakefile.lean", "lean-toolchain", "lake-manifest.json"):
        shutil.copy(ROOT / name, target / name)
    return target


@pytest.fixture
def recording(checkout: Path) -> Path:
    """A copy of the checkout with its recorded trace."""
    (checkout / recorded.ABOUT).parent.mkdir(parents=True)
    for name in (recorded.ABOUT, recorded.ARCHIVE):
        shutil.copy(ROOT / name, checkout / name)
    return checkout
