"""The processes of a command end with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pybridge.checking.workers import pool

WAITING = """
import os
from pybridge.checking.workers import pool

if __name__ == "__main__":
    with pool(1, int) as workers:
        print(workers.submit(os.getpid).result(), flush=True)
        input()
"""


def test_what_each_process_runs_first_has_run(tmp_path) -> None:
    """The initializer gets its arguments, in the process that does the work."""
    before = Path.cwd()
    with pool(1, os.chdir, tmp_path) as workers:
        assert workers.submit(Path.cwd).result().samefile(tmp_path)
    assert Path.cwd() == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_command_leaves_no_process(tmp_path) -> None:
    """Killed outright, so that the parent cannot end its workers: they hold its output open until they have ended."""
    script = tmp_path / "waiting.py"
    script.write_text(WAITING)
    with subprocess.Popen([sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        try:
            parent.send_signal(signal.SIGKILL)
            parent.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            os.kill(worker, signal.SIGKILL)
            pytest.fail("a worker outlived the command")
