"""Where the output goes, and what is said where it cannot."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from command import Run, only_line


@pytest.mark.parametrize("command", ["check", "mutate", "prove"])
def test_json_that_cannot_be_written(run: Run, good: str, tmp_path: Path, command: str) -> None:
    """A --json file in no folder, or that is one: one line and exit 1, before anything is run."""
    for target in (tmp_path / "no" / "out.json", tmp_path):
        code, out, err = run(command, "--export", good, "--json", str(target))
        assert (code, out) == (1, "")
        assert "cannot write" in only_line(err)


def test_json_is_tried_and_nothing_lost(run: Run, good: str, tmp_path: Path) -> None:
    """Where the run itself is refused, an earlier file stays as it was, and where there was none there is none."""
    old, new, link = tmp_path / "old.json", tmp_path / "new.json", tmp_path / "link.json"
    old.write_text("results", encoding="utf-8")
    link.symlink_to(new)
    for target in (old, new, link):
        assert run("check", "no_such_theorem", "--export", good, "--json", str(target))[0] == 2
    assert old.read_text(encoding="utf-8") == "results"
    assert not new.exists()
    assert run("prove", "variance_nonneg", "--export", good, "--json", str(link))[0] == 0
    assert new.exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("command", [("list",), ("check", "variance_nonneg", "--json", "-"), ("show", "mean"), ("--help",)])
def test_output_that_cannot_be_written(command: tuple[str, ...]) -> None:
    """A full disk: one line, exit 1, and nothing more as the interpreter ends."""
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            [sys.executable, "-m", "pybridge", *command], stdout=full, stderr=subprocess.PIPE, check=False, text=True
        )
    assert result.returncode == 1
    assert only_line(result.stderr).startswith("pybridge: cannot write the output: No space left on device")


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell closes it")
@pytest.mark.parametrize("command", ["list", "--help", "--version"])
def test_closed_stdout(command: str) -> None:
    """One line and exit 1: what was asked for is nowhere."""
    shell = ["/bin/sh", "-c", f'"$0" -m pybridge {command} >&-', sys.executable]
    done = subprocess.run(shell, stderr=subprocess.PIPE, check=False, text=True)
    assert done.returncode == 1
    assert only_line(done.stderr) == "pybridge: cannot write the output: stdout is closed; choose another place for it"


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell closes it")
def test_closed_stderr() -> None:
    """A refusal is not printed among the results: its exit code is all that is left."""
    shell = ["/bin/sh", "-c", '"$0" -m pybridge show no_such_name 2>&-', sys.executable]
    done = subprocess.run(shell, stdout=subprocess.PIPE, check=False, text=True)
    assert (done.returncode, done.stdout) == (2, "")
