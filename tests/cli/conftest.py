"""Exports to run the command on, and the command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command import FAST, Finished, Run
from filelock import FileLock

from pybridge.cli import app as cli
from pybridge.export.loading import DEFAULT, dumps, seal


@pytest.fixture
def document() -> dict[str, Any]:
    """The committed export as JSON, to be changed at will."""
    loaded: dict[str, Any] = json.loads(DEFAULT.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in this process; returns exit code, stdout and stderr."""

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["pybridge", *arguments])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        out, err = capsys.readouterr()
        assert isinstance(stopped.value.code, int)
        return stopped.value.code, out, err

    return call


@pytest.fixture
def written(tmp_path: Path) -> Callable[[dict[str, Any]], str]:
    """Write a document, sealed, outside of any checkout; returns its path."""

    def write(changed: dict[str, Any]) -> str:
        path = tmp_path / "export.json"
        path.write_text(dumps(seal(changed)), encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def good(document: dict[str, Any], written: Callable[[dict[str, Any]], str]) -> str:
    """A copy of the committed export, outside of any checkout."""
    return written(document)


@pytest.fixture(scope="session")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """One run of ``check`` on all theorems of a copy of the export, piped, with its JSON: run once, and read by many.

    Workers that share the tests share the run too: the first makes it, and the others wait for it.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "everything"
    folder.mkdir(exist_ok=True)
    copy, target, printed = folder / "export.json", folder / "out.json", folder / "printed.json"
    with FileLock(folder / "lock"):
        if not printed.exists():
            copy.write_bytes(DEFAULT.read_bytes())
            command = [sys.executable, "-m", "pybridge", "check", "--export", str(copy), *FAST, "--json", str(target)]
            done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")
            printed.write_text(json.dumps([done.returncode, done.stdout, done.stderr]), encoding="utf-8")
    return Finished(*json.loads(printed.read_text(encoding="utf-8")), json.loads(target.read_text(encoding="utf-8")))
