"""What is installed: every module and data file, the command and the pytest plugin."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "pybridge"


def test_the_wheel_has_everything(tmp_path):
    """A wheel, built of a copy of the sources, holds all files of the package and both entry points."""
    pytest.importorskip("setuptools", minversion="77", reason="setuptools 77, which builds the wheel, is not installed")
    source = tmp_path / "source"
    shutil.copytree(PACKAGE, source / "pybridge", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    build = "import setuptools.build_meta as build; print(build.build_wheel('wheel'))"
    done = subprocess.run([sys.executable, "-c", build], cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = (source / "wheel").glob("*.whl")
    with zipfile.ZipFile(wheel) as content:
        packed = set(content.namelist())
        entry_points = next(content.read(name).decode() for name in packed if name.endswith("entry_points.txt"))
    files = {
        path.relative_to(ROOT).as_posix() for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    }
    assert {"pybridge/data/export.json", "pybridge/data/survivors.json", "pybridge/data/batches/digits.npz"} <= files
    assert files <= packed
    assert "pybridge = pybridge.cli.app:main" in entry_points
    assert "pybridge = pybridge.pytest_plugin" in entry_points
