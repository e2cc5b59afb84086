"""The ``pybridge`` command: it runs, ends in an exit code, and says whatever goes wrong in one line on stderr.

Exit codes: 0 all is well; 1 some verdict is not ``agrees``, a mutant is unexplained, a proof is missing, source and export
differ, a task of a sweep failed or is still to be done, nothing ran, an input is bad, or the output cannot be written; 2 the
command is wrong (an unknown option, theorem or family, or a value that an option does not take); 3 a tool is missing (no
Lean); 4 the export is refused; 130 interrupted (Ctrl-C), 143 terminated.

What the commands are is for ``commands.py``; it is imported once signals are taken care of.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from types import FrameType
from typing import NoReturn

CANNOT_WRITE = (errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""What a stream says that takes no more."""


def main() -> NoReturn:
    """Run the command; every refusal is one line on stderr and an exit code."""
    early = _taken_early()
    try:
        from pybridge.cli.signals import taken

        with taken():
            _run()
    finally:
        if early:
            signal.signal(signal.SIGINT, signal.default_int_handler)
    raise SystemExit(0)


def _taken_early() -> bool:
    """Take Ctrl-C while our own modules are imported, where nobody else has and this is the main thread."""
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        return False
    try:
        signal.signal(signal.SIGINT, _interrupted)
    except ValueError:  # not the main thread
        return False
    return True


def _interrupted(number: int, _: FrameType | None) -> NoReturn:
    try:
        os.write(2, b"pybridge: interrupted\n")
    finally:  # stderr may be closed
        os._exit(128 + number)


def _run() -> None:
    from pybridge.errors import PybridgeError

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    try:
        if sys.stdout is None:
            raise PybridgeError("cannot write the output: stdout is closed", hint="choose another place for it")
        from pybridge.cli.commands import app

        try:
            app(prog_name="pybridge")
        finally:
            sys.stdout.flush()
    except PybridgeError as error:
        _say(str(error))
        raise SystemExit(error.exit_code) from None
    except OSError as error:
        if error.filename is not None or error.errno not in CANNOT_WRITE:  # not a stream
            raise
        _give_up_stdout()
        if error.errno != errno.EPIPE:
            _say(f"cannot write the output: {error.strerror}; choose another place for it")
        raise SystemExit(1) from None


def _say(line: str) -> None:
    if sys.stderr is not None:  # closed; to print to None is to print to stdout
        print(f"pybridge: {line}", file=sys.stderr)  # noqa: T201


def _give_up_stdout() -> None:
    """Let what is still to be written to stdout, which the interpreter tries again as it ends, go nowhere."""
    from contextlib import suppress

    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
