"""What is installed and published: every module and data file, the command, the plugin, the proofs, no dead link."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "pybridge"
NEEDED = ("pyproject.toml", "setup.py", "README.md", "LICENSE", "MANIFEST.in")
RELATIVE = re.compile(r"\]\((?!https?://|#)[^)]*\)")


def build(source: Path, what: str) -> Path:
    """The one file that setuptools builds of these sources: a wheel, or a source distribution."""
    pytest.importorskip("setuptools", minversion="77", reason="setuptools 77, which builds, is not installed")
    code = f"import setuptools.build_meta as build; print(build.build_{what}('built'))"
    done = subprocess.run([sys.executable, "-c", code], cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = (source / "built").iterdir()
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """A wheel, built of a copy of the sources."""
    source = tmp_path_factory.mktemp("wheel")
    shutil.copytree(PACKAGE, source / "pybridge", ignore=shutil.ignore_patterns("__pycache__"))
    for name in NEEDED:
        shutil.copy(ROOT / name, source / name)
    return zipfile.ZipFile(build(source, "wheel"))


def test_the_wheel_has_everything(wheel: zipfile.ZipFile) -> None:
    """All files of the package and both entry points."""
    packed = set(wheel.namelist())
    entry_points = next(wheel.read(name).decode() for name in packed if name.endswith("entry_points.txt"))
    files = {
        path.relative_to(ROOT).as_posix() for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    }
    assert {"pybridge/data/export.json", "pybridge/data/batches/digits.npz", "pybridge/schemas/export.json"} <= files
    assert files <= packed
    assert "pybridge = pybridge.cli.app:main" in entry_points
    assert "pybridge = pybridge.pytest_plugin" in entry_points


def test_the_wheels_readme_has_no_dead_link(wheel: zipfile.ZipFile) -> None:
    """Its description is README.md, without the links that lead nowhere outside of a checkout, and with the files they name."""
    assert Path(wheel.filename or "").name.startswith("pybridge_lean-")
    (metadata,) = (wheel.read(name).decode("utf-8") for name in wheel.namelist() if name.endswith("METADATA"))
    head, _, description = metadata.partition("\n\n")
    assert "Name: pybridge-lean" in head
    assert "Description-Content-Type: text/markdown" in head
    assert RELATIVE.findall(description) == []
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(RELATIVE.findall(readme)) > 20
    assert description.startswith(readme.partition("\n")[0])
    assert not re.search(r"```math|<picture|<img|!\[", description)
    for words in re.findall(r"<!-- as text: (.+) -->", readme):
        assert f"\n\n    {words}\n\n" in description
    for name in ("docs/trust.md", "docs/testing.md", "lean/BatchNorm/NormIdentity.lean"):
        assert name in readme
        assert name in description
    assert "the source distribution" in description


def test_the_source_distribution_has_proofs_pages_and_tests(tmp_path: Path) -> None:
    """What a reviewer needs, byte for byte: the proofs and their pins, the pages, the examples, the tests, the metadata."""
    source = tmp_path / "source"
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info", ".*_cache", ".git", ".lake", ".venv", "build", "dist")
    shutil.copytree(ROOT, source, ignore=ignored)
    built = build(source, "sdist")
    with tarfile.open(built) as content:
        packed = {
            name.partition("/")[2]: member for name, member in ((m.name, m) for m in content.getmembers()) if member.isfile()
        }
        wanted = [
            path.relative_to(ROOT).as_posix()
            for folder in ("lean", "docs", "docbuild", "examples", "tests", "scripts", "pybridge", ".ci", ".github")
            for path in (ROOT / folder).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        ]
        wanted += [
            "lakefile.lean",
            "lean-toolchain",
            "lake-manifest.json",
            "CITATION.cff",
            "formalization.yaml",
            "LICENSE",
            "mkdocs.yml",
            "setup.py",
        ]
        assert sorted(set(wanted) - set(packed)) == []
        for name in ("lean/BatchNorm/Defs.lean", "lean-toolchain", "pybridge/data/export.json"):
            stream = content.extractfile(packed[name])
            assert stream is not None
            assert stream.read() == (ROOT / name).read_bytes(), name
