"""Ctrl-C and SIGTERM: one line, the exit code of shells, and nothing left behind, whenever they come."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pybridge.cli import app, signals

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups")

# Said once the signals are taken: before that the interpreter itself is still starting.
STARTED = """
import sys
from pybridge.cli.signals import taken
with taken():
    print("started", flush=True)
    from pybridge.cli.app import main
    main()
"""
AT_WORK = -1.0
MOMENTS = (0.0, 0.15, 0.6, 1.3, AT_WORK)
"""Seconds after the start: while modules are imported, while processes start, and once they are at work."""


def start(*arguments: str) -> subprocess.Popen[str]:
    """The command in a process group of its own, as a terminal starts it."""
    process = subprocess.Popen(
        [sys.executable, "-c", STARTED, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    return process


def wait_for(process: subprocess.Popen[str], moment: float) -> None:
    """Wait so many seconds, or until two processes are at work."""
    if moment != AT_WORK:
        time.sleep(moment)
        return
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    until = time.monotonic() + 30
    while (
        children.exists() and len(children.read_text().split()) < 3 and time.monotonic() < until
    ):  # two, and multiprocessing's
        time.sleep(0.02)
    time.sleep(1.5)


def interrupted(process: subprocess.Popen[str], number: signal.Signals, *, group: bool) -> tuple[int, str]:
    """The exit code and stderr after a signal to all of the group, or to the command alone.

    They are read to their end, which does not come while a process that the command has started is alive.
    """
    if group:
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    try:
        _, err = process.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        pytest.fail("a process outlived the signal")
    return process.returncode, err


@pytest.mark.parametrize("group", [True, False], ids=["group", "parent"])
@pytest.mark.parametrize("command", ["check", "mutate"])
def test_ctrl_c(command: str, group: bool) -> None:
    """Five times in a row, at five moments."""
    for moment in MOMENTS:
        process = start(command, "--jobs", "2")
        wait_for(process, moment)
        assert interrupted(process, signal.SIGINT, group=group) == (130, "pybridge: interrupted\n"), moment


@pytest.mark.parametrize("group", [True, False], ids=["group", "parent"])
def test_sigterm(group: bool) -> None:
    """As a supervisor ends a command: the same, with its own exit code."""
    for moment in (0.0, AT_WORK):
        process = start("check", "--jobs", "2")
        wait_for(process, moment)
        assert interrupted(process, signal.SIGTERM, group=group) == (143, "pybridge: interrupted\n"), moment


def test_ctrl_c_twice() -> None:
    """An impatient user gets no second line, and no traceback."""
    process = start("check", "--jobs", "2")
    wait_for(process, AT_WORK)
    os.killpg(process.pid, signal.SIGINT)
    assert interrupted(process, signal.SIGINT, group=False) == (130, "pybridge: interrupted\n")


def test_while_the_module_of_the_workers_is_imported() -> None:
    """At that moment it is among the modules, and has nothing in it yet."""
    script = """
import os, signal, sys, types
sys.modules["pybridge.checking.workers"] = types.ModuleType("pybridge.checking.workers")
from pybridge.cli.signals import taken
with taken():
    os.kill(os.getpid(), signal.SIGINT)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (130, "pybridge: interrupted\n")


def test_in_one_process() -> None:
    """Nothing is started, and the end is the same."""
    process = start("mutate", "scale", "--jobs", "1")
    wait_for(process, 1.3)
    assert interrupted(process, signal.SIGINT, group=True) == (130, "pybridge: interrupted\n")


def test_a_job_in_the_background_is_not_interrupted() -> None:
    """A shell that ignores Ctrl-C for it is obeyed, and what it prints is complete."""
    code = f"import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n{STARTED}"
    process = subprocess.Popen([sys.executable, "-c", code, "list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert "norm_sq_backward" in out


UNWINDING = """
import sys, time
from pybridge.cli.signals import taken, unwinding
with taken(), unwinding():
    try:
        print("started", flush=True)
        time.sleep(60)
    finally:
        print("in order", flush=True)
"""


def test_what_must_leave_things_in_order_does() -> None:
    """`extract` has files and programs to take care of: they are, and the end is the same."""
    process = subprocess.Popen([sys.executable, "-c", UNWINDING], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=20) == ("in order\n", "pybridge: interrupted\n")
    assert process.returncode == 130


def test_the_handlers_of_others_come_back() -> None:
    """Where the command runs inside of another program, such as these tests."""
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with signals.taken():
        assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] != before
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_ctrl_c_while_our_modules_are_imported() -> None:
    """It comes with the first import that the command makes: one line, and no traceback."""
    code = (
        "import os, signal, sys\n"
        "from pybridge.cli.app import main\n"
        "class Early:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'pybridge.cli.signals':\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Early())\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code, "list"], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "pybridge: interrupted\n")


def test_ctrl_c_is_python_s_again_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    """The handler that was there comes back when the command has ended."""
    monkeypatch.setattr(sys, "argv", ["pybridge", "--version"])
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(SystemExit):
        app.main()
    assert signal.getsignal(signal.SIGINT) is before
