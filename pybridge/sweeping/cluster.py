"""Tasks done by the workers of a Dask cluster, which may come and go.

The scheduler gives the tasks of a worker that is lost to others, as often as its ``allowed-failures`` says; after that they
count as lost here.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from distributed import CancelledError, Client, Future, KilledWorker, WorkerPlugin, wait
from distributed import TimeoutError as NotYet
from typing_extensions import Self

from pybridge.errors import InputError, PybridgeError
from pybridge.sweeping.sweep import Ended, Lost, NextGroup, Outcome
from pybridge.sweeping.work import Group, Line, Raised, Setting, perform, prepare

CONNECT = 10.0
"""Seconds after which nobody answers at an address."""
_LOOK = 1.0
"""Seconds after which one looks again whether workers, or the scheduler, are there."""
_AHEAD = 2
"""Groups that a thread of a worker has: one at work, and one that it need not wait for."""


class Cluster:
    """The workers of a scheduler; what they have not begun is taken back as the ``with`` block ends.

    Parameters
    ----------
    address
        Of the scheduler, such as ``tcp://10.0.0.1:8786``.
    setting
        What all tasks have in common; sent to each worker once, also to those that come later.
    waiting
        Called where there is no worker, the first time.

    Raises
    ------
    PybridgeError
        Nobody answers there, or a worker cannot be given the setting: it has no pybridge, or another one.
    """

    def __init__(self, address: str, setting: Setting, waiting: Callable[[], None] = lambda: None) -> None:
        self.address = address
        self._waiting = waiting
        self._looked = 0.0
        self.width = 0
        logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what it would log is said here, in one line
        try:
            self._client = Client(address, timeout=CONNECT)
        except (OSError, NotYet, ValueError) as error:
            raise InputError(
                f"--scheduler {address}: no Dask scheduler answers there: {error}",
                hint="give the address that `dask scheduler` prints, such as tcp://10.0.0.1:8786",
            ) from None
        try:
            self._client.register_plugin(_Prepared(setting), name=f"pybridge-{setting.sweep}")
        except Exception as error:  # noqa: BLE001 - whatever a worker raised comes here
            self._close()
            hint = "install the same pybridge on every worker"
            raise PybridgeError(f"--scheduler {address}: a worker cannot begin: {error!r}", hint=hint) from None
        self._look()

    def results(self, next_group: NextGroup, ended: Ended) -> Iterator[tuple[Group, Outcome]]:
        """Yield what became of each group, as it comes; where there is no worker, wait for one until the end.

        Raises
        ------
        PybridgeError
            The scheduler is gone, or a worker has not the versions of the sweep.
        """
        at_work: dict[Future, Group] = {}
        while True:
            self._look()
            while len(at_work) < _AHEAD * max(1, self.width) and (group := next_group()) is not None:
                at_work[self._client.submit(perform, group, pure=False)] = group
            if not at_work or (not self.width and ended()):
                return
            try:
                done = wait(list(at_work), timeout=_LOOK, return_when="FIRST_COMPLETED").done
            except NotYet:
                continue
            except CancelledError:
                raise self._gone() from None
            for future in done:
                yield at_work.pop(future), self._outcome(future)

    def _outcome(self, future: Future) -> Outcome:
        try:
            found: list[Line | Raised] = future.result()
            return found
        except KilledWorker as killed:
            return Lost(f"its worker was lost, again and again: {killed}")
        except CancelledError:
            raise self._gone() from None
        except PybridgeError:
            raise
        except Exception as error:  # noqa: BLE001 - of none of the tasks: they could not be sent, or brought back
            return Lost(repr(error))

    def _look(self) -> None:
        """See how many threads there are, not oftener than it changes."""
        if time.monotonic() < self._looked + _LOOK:
            return
        if self._client.status != "running":
            raise self._gone()
        try:
            threads = self._client.nthreads()
        except (OSError, CancelledError):
            raise self._gone() from None
        if not threads and not self._looked:
            self._waiting()
        self.width = sum(threads.values())
        self._looked = time.monotonic()

    def _gone(self) -> PybridgeError:
        return PybridgeError(
            f"the Dask scheduler at {self.address} is gone", hint="what is done is kept: go on by the same command"
        )

    def _close(self) -> None:
        with suppress(Exception):
            self._client.close(timeout=_LOOK)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()


class _Prepared(WorkerPlugin):  # type: ignore[misc]
    """Brings the setting to every worker, also to one that comes later."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting

    def setup(self, worker: Any) -> None:
        del worker
        prepare(self.setting)
