"""`pybridge list` and `pybridge show`: what there is, and all about one declaration."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from command import Run

from pybridge.export.loading import DEFAULT


def test_list_and_show(run: Run, good: str, document: dict[str, Any]) -> None:
    """`list` has a row per theorem; `show` has docstring, Lean statement, LaTeX and place, for definitions too."""
    code, out, _ = run("list", "--export", good)
    assert code == 0
    assert len(out.splitlines()) == len(document["theorems"]) + 1
    theorem = document["theorems"][0]
    code, out, _ = run("show", theorem["name"], "--export", good)
    assert code == 0
    assert f"{theorem['file']}:{theorem['line']}" in out
    assert theorem["docstring"].strip().splitlines()[0] in out
    assert "Lean:" in out
    assert "LaTeX:" in out
    definition = document["definitions"][-1]
    code, out, _ = run("show", definition["name"].removeprefix("BatchNorm."), "--export", good)
    assert code == 0
    assert f"{definition['name']}  definition" in out


def test_installed_command(good: str) -> None:
    """As a program, piped: exit code, UTF-8 whatever the locale, no escape codes."""
    result = subprocess.run(
        [sys.executable, "-c", "from pybridge.cli.app import main; main()", "list", "--export", good],
        capture_output=True,
        check=False,
        env={"PATH": "", "LC_ALL": "C", "PYTHONPATH": str(DEFAULT.parents[2])},
    )
    assert result.returncode == 0, result.stderr
    assert "theorem" in result.stdout.decode("utf-8")
    assert b"\x1b" not in result.stdout
