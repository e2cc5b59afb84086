"""The command ``sweep``: theorems on many batches, for hours, kept in a folder that a later run goes on with."""

from __future__ import annotations

import math
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pybridge.algebras.formats import FORMATS
from pybridge.batches.generate import Batch, family_names
from pybridge.checking import refutation
from pybridge.checking.settle import PRECISIONS
from pybridge.checking.verdict import Refuted, Undecided
from pybridge.cli import results, sweeps, tables
from pybridge.cli.check import named
from pybridge.cli.options import items
from pybridge.cli.signals import unwinding
from pybridge.cli.terminal import Tell, bar, opened, say
from pybridge.errors import MissingToolError, OptionError, install
from pybridge.export.loading import Export
from pybridge.sweeping.account import BY, Account, account
from pybridge.sweeping.grid import DRAWN, Grid, grid
from pybridge.sweeping.manifest import manifest
from pybridge.sweeping.store import Store
from pybridge.sweeping.sweep import Pool, sweep
from pybridge.sweeping.work import Line, Setting, report_on, versions

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_EVERY = 60.0
"""Seconds between two lines of progress, where stderr is no terminal."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The options, as they were given."""

    families: str | None
    sizes: str
    dtypes: str
    seeds: str
    precision: str | None
    output: Path | None
    jobs: int
    scheduler: str | None
    tries: int
    limit_time: str | None


def run(names: list[str], asked: Asked, path: Path | None) -> int:
    """Sweep the theorems of these names and equations, all by default; return the exit code.

    Raises
    ------
    PybridgeError
        There is nothing to sweep, an option has no meaning, or results cannot be kept.
    """
    export = opened(path)
    made = _grid(names, asked, export)
    limit = math.inf if asked.limit_time is None else _seconds(asked.limit_time)
    if asked.output is None:
        if len(made) > 1:
            raise OptionError(f"no place for the results of {len(made):,} tasks", hint="give a folder with -o")
        return _one(made, export, sweeps.rest(made, path))
    said = manifest(made, export)
    counted = Account(said)
    setting = Setting(said["sweep"], export, made.theorems, made.precisions, versions())
    with _keeping(counted, asked.output), unwinding(), Store(asked.output, said, made, counted.take) as store:
        if store.done.count < len(made):
            until = time.monotonic() + limit
            with _progress(counted) as told, _pool(asked, setting, len(made) - store.done.count) as pool:
                sweep(made, setting, store, pool, tries=asked.tries, ended=lambda: time.monotonic() >= until, progress=told)
    _print(counted, asked.output, path)
    return 0 if counted.passed else 1


def report(folder: Path, by: str, path: Path | None) -> int:
    """Print what a sweep has come to; return the exit code that its last run has had, or would have if it ended now."""
    chosen = tuple(items(by, "--by"))
    if unknown := next((name for name in chosen if name not in BY), None):
        raise OptionError(f"--by: {unknown!r} is nothing to take tasks together by", hint=f"there are {', '.join(BY)}")
    counted = account(folder, chosen)
    _print(counted, folder, path)
    return 0 if counted.passed else 1


def _print(counted: Account, folder: Path, path: Path | None) -> None:
    tables.show(sweeps.table(counted))
    say(["", *sweeps.lines(counted, folder, path)])


def _one(made: Grid, export: Export, rest: str) -> int:
    """Do the only task here, and print all that is to be seen of it."""
    setting = Setting("", export, made.theorems, made.precisions, versions())
    task = made.task(0)
    seen: list[Batch] = []
    found = report_on(task, setting, seen)
    tables.show(results.table([found], export))
    if isinstance(found.verdict, Refuted):
        say(["", *refutation.explain(found, found.verdict.witness, sweeps.command(task, rest), export)])
    elif isinstance(found.verdict, Undecided):
        say(["", f"UNDECIDED {task.theorem} at {found.verdict.precision} bits: {found.verdict.why}"])
    return 0 if found.passed else 1


def _grid(names: list[str], asked: Asked, export: Export) -> Grid:
    families = tuple(DRAWN) if asked.families is None else tuple(items(asked.families, "--families"))
    if unknown := next((name for name in families if name not in family_names()), None):
        raise OptionError(f"--families: no family is called {unknown!r}", hint=f"there are {', '.join(DRAWN)}")
    dtypes = items(asked.dtypes, "--dtypes")
    if unknown := next((name for name in dtypes if name not in FORMATS), None):
        raise OptionError(f"--dtypes: no format is called {unknown!r}", hint=f"there are {', '.join(FORMATS)}")
    return grid(
        named(export, names, "swept"),
        export,
        families=families,
        sizes=[_whole(item, "--sizes") for item in items(asked.sizes, "--sizes")],
        dtypes=dtypes,
        seeds=_seeds(asked.seeds),
        precisions=PRECISIONS
        if asked.precision is None
        else [_whole(item, "--precision") for item in items(asked.precision, "--precision")],
    )


def _whole(text: str, option: str) -> int:
    if re.fullmatch(r"[0-9]{1,12}", text) is None:
        raise OptionError(f"{option}: {text!r} is no whole number", hint="write digits, such as 1024")
    return int(text)


def _seeds(text: str) -> range:
    """``A:B`` from A to B - 1, as a slice in Python; a number is the only seed."""
    first, colon, last = text.strip().partition(":")
    start = _whole(first, "--seeds")
    stop = _whole(last, "--seeds") if colon else start + 1
    if stop <= start:
        raise OptionError(f"--seeds: {text} holds no seed", hint="write A:B for the seeds from A to B - 1, B above A")
    return range(start, stop)


def _seconds(text: str) -> float:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd])", text.strip())
    if found is None:
        raise OptionError(f"--limit-time: {text!r} is no time", hint="write a number and its unit, such as 90s, 30m, 8h or 2d")
    return float(found[1]) * _UNITS[found[2]]


@contextmanager
def _pool(asked: Asked, setting: Setting, tasks: int) -> Iterator[Pool]:
    if asked.scheduler is None:
        from pybridge.sweeping.processes import Processes

        with Processes(min(asked.jobs, tasks), setting) as processes:
            yield processes
        return
    try:
        from pybridge.sweeping.cluster import Cluster
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("distributed", "dask"):
            raise
        raise MissingToolError("Dask is not installed", hint=f"`{install('dask')}`") from None

    def waiting() -> None:
        _note(f"waiting for a worker of {asked.scheduler}")

    with Cluster(asked.scheduler, setting, waiting) as cluster:
        yield cluster


@contextmanager
def _keeping(counted: Account, folder: Path) -> Iterator[None]:
    """Say what is kept, where a sweep does not come to its end."""
    before = counted.done
    try:
        yield
    except BaseException:
        if counted.done > before:
            total = counted.manifest["tasks"]
            _note(f"{counted.done:,} of {total:,} tasks are kept in {folder}: the same command goes on")
        raise


@contextmanager
def _progress(counted: Account) -> Iterator[_Progress]:
    total = counted.manifest["tasks"]
    with bar("tasks", total, remaining=True) as tell:
        told = _Progress(counted, total, tell)
        tell("tasks", counted.done)
        yield told


@dataclass
class _Progress:
    """Counts lines, and says how it goes: in the bar, or by a line now and then."""

    counted: Account
    total: int
    tell: Tell
    bad: Counter[str] = field(default_factory=Counter)
    new: int = 0
    begun: float = field(default_factory=time.monotonic)
    last: float = field(default_factory=time.monotonic)

    def __call__(self, line: Line) -> None:
        self.counted.take(line)
        self.new += 1
        if line["verdict"] not in ("agrees", "vacuous"):
            self.bad[line["verdict"]] += 1
        bad = "".join(f", {count} {verdict}" for verdict, count in self.bad.items())
        self.tell(f"tasks{bad}", 1)
        now = time.monotonic()
        if now >= self.last + _EVERY and sys.stderr is not None and not sys.stderr.isatty():
            self.last = now
            done = self.counted.done
            left = (self.total - done) * (now - self.begun) / self.new / 3600
            _note(f"{done:,} of {self.total:,} tasks{bad}; about {left:.2f} h left")


def _note(line: str) -> None:
    if sys.stderr is not None:
        print(f"pybridge: {line}", file=sys.stderr, flush=True)  # noqa: T201
