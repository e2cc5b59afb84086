"""Ctrl-C and SIGTERM end the command at once: its processes first, then one line, then the exit code that shells expect.

What has been printed stays, and nothing is cleaned up that the system does not clean up by itself; a command that has to leave
things in order asks for an exception instead (``unwinding``).
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

_ENDING = (signal.SIGINT, signal.SIGTERM)
_Handler = Callable[[int, FrameType | None], object]


class _Interrupted(BaseException):
    """The signal that came where ``unwinding`` is: nobody else's to catch."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__()


@contextmanager
def taken() -> Iterator[None]:
    """Take both signals, where this is the main thread; a shell that ignores them for its background jobs is obeyed."""
    with _handled_by(_stop):
        try:
            yield
        except _Interrupted as interrupted:
            _stop(interrupted.number, None)


@contextmanager
def unwinding() -> Iterator[None]:
    """Raise an exception for a signal, so that temporary files and other programs are taken care of before the end."""

    def stop(number: int, _: FrameType | None) -> NoReturn:
        raise _Interrupted(number)

    with _handled_by(stop):
        yield


@contextmanager
def _handled_by(handler: _Handler) -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in _ENDING}
    mine = threading.current_thread() is threading.main_thread()
    numbers = [number for number in _ENDING if mine and before[number] not in (signal.SIG_IGN, None)]
    try:
        for number in numbers:
            signal.signal(number, handler)
        yield
    finally:
        for number in numbers:
            signal.signal(number, before[number])


def _stop(number: int, _: FrameType | None) -> NoReturn:
    """End the processes, if any were started, say so, and end."""
    for ending in _ENDING:
        signal.signal(ending, signal.SIG_IGN)  # once is enough
    end_all = getattr(sys.modules.get("pybridge.checking.workers"), "end_all", None)
    if end_all is not None:  # it is, as soon as that module is imported to its end: before that it has started nothing
        end_all()
    with suppress(OSError):
        if sys.stderr is not None:
            bar = b"\r\x1b[2K\x1b[?25h" if os.isatty(2) else b""  # its line, and the cursor, which it had hidden
            os.write(2, bar + b"pybridge: interrupted\n")
    os._exit(128 + number)
