"""Processes that share the work of a command and end with it, also where it is killed."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from typing import Any


def pool(jobs: int, initializer: Callable[..., None], *args: Any) -> ProcessPoolExecutor:
    """A pool of new processes.

    Parameters
    ----------
    jobs
        How many.
    initializer, args
        What each of them runs first.
    """
    return ProcessPoolExecutor(jobs, get_context("spawn"), _start, (initializer, args))


def _start(initializer: Callable[..., None], args: tuple[Any, ...]) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    initializer(*args)


def _end_with_parent() -> None:
    """Without this, a process whose parent was killed waits for work that never comes."""
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)
