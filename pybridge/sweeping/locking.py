"""One run at a time in a folder: a lock that ends with the process that has it, however that ends."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path


class Locked(Exception):
    """Somebody has the lock; the text says who, where that is known."""


def lock(place: Path, who: str) -> int:
    """Lock a file, made if it is not there; return its descriptor, with which the lock is closed.

    Raises
    ------
    Locked
        Another process has it.
    OSError
        It cannot be made, or its file system knows no locks.
    """
    file = os.open(place, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _take(file)
        os.ftruncate(file, 0)
        os.write(file, f"{who}\n".encode())
    except BlockingIOError:
        has = ""
        with suppress(OSError, UnicodeDecodeError):
            has = os.read(file, 200).decode().strip()
        os.close(file)
        raise Locked(f": {has}" if has else "") from None
    except BaseException:
        os.close(file)
        raise
    return file


def _take(file: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        try:
            os.lseek(file, 1000, os.SEEK_SET)  # a byte that nobody reads or writes
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
            os.lseek(file, 0, os.SEEK_SET)
        except PermissionError:
            raise BlockingIOError from None
        return
    import fcntl

    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
