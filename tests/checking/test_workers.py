"""The processes of a command end with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pybridge.checking import workers as module
from pybridge.checking.workers import WorkerDied, WorkerFailed, Workers
from pybridge.errors import InputError

PID = "__import__('os').getpid()"
WAITING = f"""
from pybridge.checking.workers import Workers

if __name__ == "__main__":
    with Workers(1, int) as workers:
        print(*workers.map(eval, [{PID!r}]), flush=True)
        input()
"""
ABANDONED = f"""
from pybridge.checking.workers import Workers

if __name__ == "__main__":
    workers = Workers(2, int)
    print(*workers.map(eval, [{PID!r}] * 2), flush=True)
"""


def refuse(number: int) -> int:
    """A task that goes wrong."""
    raise InputError(f"not {number}")


def refuse_by_what_cannot_be_sent(number: int) -> int:
    """A task that goes wrong in a way that another process cannot be told."""

    class Local(Exception):
        pass

    raise Local(number)


def test_results_come_in_the_order_of_the_tasks() -> None:
    """However many go to a process at a time, and however many processes there are."""
    tasks = list(range(-20, 3))
    with Workers(3, int) as workers:
        for chunk in (1, 4, 50):
            assert list(workers.map(abs, tasks, chunk=chunk)) == [abs(task) for task in tasks]
        assert list(workers.map(abs, [])) == []


def test_an_error_of_a_task_is_raised_here() -> None:
    """As it is, with its traceback there for a cause; the results before it have come."""
    with Workers(1, int) as workers:
        found = workers.map(refuse, [7])
        with pytest.raises(InputError, match="not 7") as raised:
            next(found)
        assert isinstance(raised.value.__cause__, WorkerFailed)
        assert "in refuse" in str(raised.value.__cause__)
        with pytest.raises(RuntimeError, match=r"Local\(3\)"):
            next(workers.map(refuse_by_what_cannot_be_sent, [3]))


def test_a_process_that_dies_is_told() -> None:
    """No result is left out, and nobody waits for it."""
    with Workers(2, int) as workers, pytest.raises(WorkerDied, match="exit code 3 before its work was done"):
        list(workers.map(os._exit, [3]))


def end(code: int) -> int:
    """A task that ends its process, if it is told to."""
    if code:
        os._exit(code)
    return os.getpid()


def test_a_process_that_dies_is_replaced() -> None:
    """Where results come as they are done: each task has its result or its error, and what is given again is done."""
    tasks = [0, 3, 0]
    found: list[tuple[int, int | Exception]] = []
    with Workers(1, int) as workers:
        for task, result in workers.as_they_come(end, lambda: tasks.pop(0) if tasks else None):
            found.append((task, result))
            if task == 3 and len(found) < 4:
                tasks.append(3)
        ((last, error),) = workers.as_they_come(refuse, iter([7, None, None]).__next__)
    assert [task for task, _ in found] == [0, 3, 0, 3]
    pids = [result for task, result in found if task == 0]
    assert pids[0] != pids[1]
    assert all(isinstance(result, WorkerDied) for task, result in found if task == 3)
    assert (last, type(error)) == (7, InputError)


def test_processes_end_with_the_block() -> None:
    """Also where it is left by an exception, in the middle of their work."""
    with pytest.raises(KeyboardInterrupt), Workers(2, int) as workers:  # noqa: PT012
        pids = list(workers.map(eval, [PID] * 2))
        raise KeyboardInterrupt
    assert not module._running
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_processes_end_where_their_start_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that are there already, too."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "_send", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Workers(2, int)
    assert not module._running


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="Windows holds up no signals")
def test_processes_do_not_take_the_signals_that_end_a_command() -> None:
    """The terminal sends them to all of its processes: the command ends its own. Here they are let through as before."""
    blocked = "__import__('signal').pthread_sigmask(0, ())"
    with Workers(2, int) as workers:
        for found in workers.map(eval, [blocked] * 2):
            assert {signal.SIGINT, signal.SIGTERM} <= set(found)
    assert not {signal.SIGINT, signal.SIGTERM} & set(signal.pthread_sigmask(signal.SIG_BLOCK, ()))


@pytest.mark.parametrize("blocked", [False, True], ids=["this thread", "another thread"])
def test_a_signal_waits_until_a_process_is_there_whole(monkeypatch: pytest.MonkeyPatch, blocked: bool) -> None:
    """Whichever thread it comes to; then it is handled, and the process is among those that are ended."""
    started = module.BaseProcess.start

    def start(process: module.BaseProcess) -> None:
        started(process)
        if blocked:  # as if the system had chosen another thread: Python handles it in this one
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        signal.raise_signal(signal.SIGINT)
        seen.append(len(module._running))

    seen: list[int] = []
    monkeypatch.setattr(module.BaseProcess, "start", start)
    with pytest.raises(KeyboardInterrupt):
        Workers(2, int)
    assert seen == [0]
    assert not module._running
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_processes_that_nobody_ends_end_with_the_interpreter(tmp_path) -> None:
    """It does not wait for them."""
    script = tmp_path / "abandoned.py"
    script.write_text(ABANDONED)
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr == ""
    assert len(done.stdout.split()) == 2


def test_what_each_process_runs_first_has_run(tmp_path) -> None:
    """The initializer gets its arguments, in the process that does the work."""
    before = Path.cwd()
    with Workers(1, os.chdir, tmp_path) as workers:
        (there,) = workers.map(os.path.realpath, ["."])
        assert Path(there).samefile(tmp_path)
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
