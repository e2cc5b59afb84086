"""Processes that share the work of a command and end with it, also where it is interrupted or killed.

Each has a pipe to this process and nothing else: no queue, lock or semaphore is shared, so that all of them can be ended at any
moment and nothing is left behind.  They do not take the signals by which a terminal or a supervisor ends the command: the
command does, and ends them.
"""

from __future__ import annotations

import atexit
import os
import pickle
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar, cast

from typing_extensions import Self

from pybridge.errors import PybridgeError

Task = TypeVar("Task")
Result = TypeVar("Result")

_ENDING = (signal.SIGINT, signal.SIGTERM)
_running: set[BaseProcess] = set()


class WorkerDied(PybridgeError):
    """A process ended before its work was done: somebody killed it, or no memory was left."""


class WorkerFailed(Exception):
    """What went wrong in another process, as its traceback there: the cause of the error that is raised here."""


class Workers:
    """New processes, each of which runs ``initializer(*args)`` first; they end with the ``with`` block.

    Parameters
    ----------
    jobs
        How many.
    initializer, args
        What each of them runs first.
    """

    def __init__(self, jobs: int, initializer: Callable[..., object], *args: object) -> None:
        self._processes: dict[Connection, BaseProcess] = {}
        self._first = (initializer, args)
        try:
            started = [self._start() for _ in range(jobs)]
            for connection in started:
                _send(connection, self._first)
        except BaseException:
            self.__exit__()
            raise

    def _start(self) -> Connection:
        here, there = get_context("spawn").Pipe()
        self._processes[here] = _started(there)
        there.close()
        return here

    def map(self, function: Callable[[Task], Result], tasks: Iterable[Task], *, chunk: int = 1) -> Iterator[Result]:
        """Yield the results in the order of the tasks, of which ``chunk`` at a time go to a process that has none.

        Raises
        ------
        WorkerDied
            A process ended before its work was done.
        """
        every = list(tasks)
        waiting = deque(range(0, len(every), chunk))
        at_work: dict[Connection, int] = {}
        done: dict[int, list[tuple[bool, Any]]] = {}
        idle = list(self._processes)
        for first in tuple(waiting):
            while first not in done:
                while idle and waiting:
                    at_work[connection := idle.pop()] = waiting.popleft()
                    _send(connection, (function, every[at_work[connection] :][:chunk]))
                for ready in cast(list[Connection], wait(list(at_work))):
                    done[at_work.pop(ready)] = self._received(ready)
                    idle.append(ready)
            for succeeded, found in done.pop(first):
                if not succeeded:
                    error, trace = found
                    raise error from WorkerFailed(trace)
                yield found

    def as_they_come(
        self, function: Callable[[Task], Result], next_task: Callable[[], Task | None]
    ) -> Iterator[tuple[Task, Result | Exception]]:
        """Yield each task with its result, or with what went wrong, in the order in which they are done.

        Parameters
        ----------
        function
            What to do with a task.
        next_task
            Asked for a task whenever a process has none, also after one has ended badly; None means none now, and the end
            once no process is at work.

        A process that ends before its work was done, for which there is a ``WorkerDied``, is replaced by a new one.
        """
        at_work: dict[Connection, Task] = {}
        idle = list(self._processes)
        while True:
            while idle and (task := next_task()) is not None:
                at_work[connection := idle.pop()] = task
                _send(connection, (function, [task]))
            if not at_work:
                return
            for ready in cast(list[Connection], wait(list(at_work))):
                task = at_work.pop(ready)
                try:
                    ((succeeded, found),) = self._received(ready)
                    idle.append(ready)
                except WorkerDied as died:
                    succeeded, found = False, (died, "")
                    idle.append(self._replaced(ready))
                yield task, found if succeeded else found[0]

    def _replaced(self, connection: Connection) -> Connection:
        """A new process in place of one that has ended."""
        _end([self._processes.pop(connection)])
        connection.close()
        _send(new := self._start(), self._first)
        return new

    def _received(self, connection: Connection) -> list[tuple[bool, Any]]:
        try:
            return cast(list[tuple[bool, Any]], connection.recv())
        except (EOFError, OSError):
            process = self._processes[connection]
            process.join()
            hint = "were they too many for the memory? with one job none is started"
            raise WorkerDied(f"a process ended with exit code {process.exitcode} before its work was done", hint=hint) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        _end(self._processes.values())
        for connection in self._processes:
            connection.close()


@atexit.register
def end_all() -> None:
    """End every process at once, whatever it is doing; a signal handler may call it."""
    _end(tuple(_running))


def _end(processes: Iterable[BaseProcess]) -> None:
    for process in processes:
        process.kill()
    for process in processes:
        process.join()
        _running.discard(process)


def _started(there: Connection) -> BaseProcess:
    process = get_context("spawn").Process(target=_serve, args=(there,), daemon=True)
    try:
        with _held_up():
            process.start()
            _running.add(process)
    except BaseException:
        _end({process} & _running)
        raise
    return process


@contextmanager
def _held_up() -> Iterator[None]:
    """Hold up the signals that end a command until a process is there whole; one that is started meanwhile never takes them.

    Blocking them, which the new process inherits, is not enough here: they come to another thread, and Python handles them in
    this one.
    """
    came: list[int] = []
    mine = threading.current_thread() is threading.main_thread()
    before = {number: signal.getsignal(number) for number in _ENDING if mine and signal.getsignal(number) is not None}
    for number in before:
        signal.signal(number, lambda come, _: came.append(come))
    try:
        with _blocked():
            yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for come in came:
            signal.raise_signal(come)


@contextmanager
def _blocked() -> Iterator[None]:
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # which the first start does, and lets the signals through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _send(connection: Connection, message: object) -> None:
    with suppress(BrokenPipeError, ConnectionResetError):  # its process has died: who waits for the answer is told
        connection.send(message)


def _serve(connection: Connection) -> None:
    """In the new process: run what comes, until nothing can come any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError):
        initializer, args = connection.recv()
        initializer(*args)
        while True:
            function, tasks = connection.recv()
            connection.send([_tried(function, task) for task in tasks])


def _tried(function: Callable[[Any], object], task: object) -> tuple[bool, Any]:
    try:
        return True, function(task)
    except Exception as error:  # noqa: BLE001 - raised again by whoever waits for it
        trace = traceback.format_exc()
        try:
            pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
        except Exception:  # noqa: BLE001
            error = RuntimeError(repr(error))
        return False, (error, trace)


def _end_with_parent() -> None:
    """Without this, a process whose parent was killed goes on until its work is done."""
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)
