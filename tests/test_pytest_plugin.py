"""The plugin: cheap to load, a header line, options, and a section of its own for a failed kernel."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Pytest with the plugin of this tree."""
    python = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", str(folder), *arguments]
    plugin = [] if _installed() else ["-p", "pybridge.pytest_plugin"]
    return subprocess.run([*python, *plugin], capture_output=True, text=True, cwd=ROOT, check=False)


def _installed() -> bool:
    from importlib.metadata import entry_points

    return any(point.value == "pybridge.pytest_plugin" for point in entry_points(group="pytest11"))


def test_importing_the_plugin_imports_nothing_else():
    """Neither numpy, flint, pydantic nor hypothesis, nor another module of pybridge."""
    code = (
        "import sys, pytest; before = set(sys.modules); import pybridge.pytest_plugin;print(sorted(set(sys.modules) - before))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True).stdout
    assert found.strip() == "['pybridge', 'pybridge.pytest_plugin']"


def test_failed_kernel_has_a_section():
    """The example suite: each wrong kernel fails with its guess in the section, the right one passes, and frames are hidden."""
    done = run(str(ROOT / "examples" / "test_kernels.py"), folder=ROOT / "examples")
    out = done.stdout
    assert done.returncode == 1
    assert "6 failed, 2 passed" in out
    assert out.count("- pybridge: what the kernel computes -") == 6
    for guess in (
        "`- ∑ k, g[k]` is missing",
        "`+ ε` is missing",
        "the size m of the batch is m - 1",
        "`γ` is multiplied in twice",
        "the size of the batch is that of N alone",
    ):
        assert out.count(guess) == 1
    assert out.count("IT COMPUTES ANOTHER FUNCTION") == 5
    assert out.count("IT LOSES DIGITS") == 1
    assert "pybridge/testing.py:" not in out
    documented = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
    section = documented.partition("<!-- output of eps_forgotten -->\n```\n")[2].partition("```")[0]
    assert section in out, "docs/testing.md shows another output than pytest does"
    assert section.count("\n") > 10


def test_header_and_options(tmp_path):
    """The header names the export; a missing one, or one that is not fresh where that is asked for, stops a quiet run, too."""
    (tmp_path / "test_nothing.py").write_text(
        "def test_it(pybridge_export):\n    assert pybridge_export.theorems\n", encoding="utf-8"
    )
    done = run(str(tmp_path), folder=tmp_path)
    assert done.returncode == 0
    assert "pybridge: export " in done.stdout
    missing = run(str(tmp_path), "--pybridge-export", str(tmp_path / "none.json"), "-q", folder=tmp_path)
    assert missing.returncode == pytest.ExitCode.USAGE_ERROR
    assert "there is no export" in missing.stderr
    copy = tmp_path / "export.json"
    copy.write_bytes((ROOT / "pybridge" / "data" / "export.json").read_bytes())
    stale = run(str(tmp_path), "--pybridge-fresh", "--pybridge-export", str(copy), "-q", folder=tmp_path)
    assert stale.returncode == pytest.ExitCode.USAGE_ERROR
    assert "not fresh: no sources beside the export; run in a checkout of pybridge" in stale.stderr


def test_wrong_calls_show_the_users_line_only(tmp_path):
    """Of a refused call, the frames of pybridge are left out, unless ``--full-trace`` asks for them; a kernel's own stay."""
    (tmp_path / "test_calls.py").write_text(
        "import pybridge\n"
        "def test_oracle():\n"
        "    pybridge.oracle('mean')([float('inf')])\n"
        "def test_kernel():\n"
        "    pybridge.testing.assert_kernel(lambda **given: given['x'])\n",
        encoding="utf-8",
    )
    short = run(str(tmp_path), folder=tmp_path)
    assert "test_calls.py:3: InputError" in short.stdout
    assert "test_calls.py:5: KeyError" in short.stdout
    assert not re.search(r"pybridge/\w+\.py:\d+", short.stdout)
    assert "2 failed" in short.stdout
    full = run(str(tmp_path), "--full-trace", "-k", "oracle", folder=tmp_path)
    assert re.search(r"pybridge/kernels/oracle\.py:\d+: InputError", full.stdout)
