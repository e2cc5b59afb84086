"""One task: its batch is drawn, the theorem is checked on it, and what was found is one flat line of JSON values.

In: a ``Group`` of tasks, in a process that has been told by ``prepare`` what all tasks of the sweep have in common.  Out: for
each task a line, or what went wrong.  Nothing of a line but its ``seconds`` depends on where or when it was made.
"""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NamedTuple, TypeAlias

from flint import fmpq
from typing_extensions import assert_never

from pybridge.algebras.formats import FORMATS
from pybridge.batches.draws import Value
from pybridge.batches.generate import Batch, drawn
from pybridge.batches.plan import Plan
from pybridge.checking.run import run
from pybridge.checking.verdict import Agrees, Refuted, TheoremReport, Undecided, Vacuous, word
from pybridge.checking.witness import witness_json
from pybridge.errors import PybridgeError, one_line
from pybridge.export.loading import Export
from pybridge.semantics.losses import LOSSES, dimension
from pybridge.semantics.regions import Region
from pybridge.sweeping.grid import Task, family_of

Line: TypeAlias = dict[str, Any]

MOST_KEPT = 1000
"""Numbers of a witness that are written down; a larger one is drawn again by its command."""
FAILED = "failed"
"""The verdict of a task that was tried as often as allowed, and never came to an end."""
_AS_DRAWN = ("pybridge", "numpy", "python-flint")
"""Other versions of these might draw other batches, or find other digits."""


class VersionsDiffer(PybridgeError):
    """A process has not the versions with which the sweep was begun: its lines would not fit to the others."""


class Raised(NamedTuple):
    """What a task raised instead of a result."""

    why: str


@dataclass(frozen=True)
class Setting:
    """What all tasks of a sweep have in common.

    Parameters
    ----------
    sweep
        The identity of the sweep.
    export
        Of its theorems.
    digests
        Of their statements, by full name.
    precisions
        Bits to try, in order.
    versions
        Those it was begun with.
    """

    sweep: str
    export: Export
    digests: Mapping[str, str]
    precisions: tuple[int, ...]
    versions: Mapping[str, str]
    plans: dict[str, Plan] = field(default_factory=dict, repr=False, compare=False)

    def plan(self, theorem: str) -> Plan:
        """The plan of a theorem, made once in a process."""
        if theorem not in self.plans:
            self.plans[theorem] = Plan(self.export.theorems[theorem], self.export.definitions)
        return self.plans[theorem]


@dataclass(frozen=True)
class Group:
    """Tasks that go to a process together, and the sweep they are of."""

    sweep: str
    tasks: tuple[Task, ...]


_settings: dict[str, Setting] = {}
_one_at_a_time = threading.Lock()
"""The precision of balls belongs to the process, and not to a thread of it."""


def prepare(setting: Setting) -> None:
    """Keep what the tasks of a sweep have in common, in a process that will be given some."""
    _settings[setting.sweep] = setting


def perform(group: Group) -> list[Line | Raised]:
    """Do some tasks.

    Raises
    ------
    VersionsDiffer
        Nothing was done.
    """
    setting = _settings[group.sweep]
    for name, begun in setting.versions.items():
        if (here := versions()[name]) != begun:
            message = f"a worker has {name} {here}, and the sweep was begun with {begun}"
            raise VersionsDiffer(message, hint="install the same versions wherever tasks are run")
    with _one_at_a_time:
        return [_tried(task, setting) for task in group.tasks]


def report_on(task: Task, setting: Setting, seen: list[Batch]) -> TheoremReport:
    """Check the theorem of a task on its batch, which is put into ``seen`` where it counts."""
    plan = setting.plan(task.theorem)
    held = FORMATS[task.dtype]
    # The number chooses which scalars come together, so that eleven seeds in a row meet all of them.
    candidates = drawn(plan, family_of(task), task.size, task.seed, task.seed, held=held, name=task.batch)
    return run(plan, [candidates], progress=seen.append, precisions=setting.precisions)


@cache
def versions() -> dict[str, str]:
    """The versions here of all that a line depends on."""
    found = {"pybridge": str(sys.modules["pybridge"].__version__)}  # the package is imported, and knows it
    for name in _AS_DRAWN[1:]:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # put on the path by hand
            found[name] = "unknown"
    return found


def failed(task: Task, setting: Setting, why: str, tries: int) -> Line:
    """The line of a task that never came to an end."""
    return {**_identity(task, setting), "verdict": FAILED, "why": one_line(why), "tries": tries}


def _tried(task: Task, setting: Setting) -> Line | Raised:
    started = time.thread_time()
    seen: list[Batch] = []
    try:
        report = report_on(task, setting, seen)
    except Exception as error:  # noqa: BLE001 - what it was is written down
        last = traceback.extract_tb(error.__traceback__)[-1]
        return Raised(one_line(f"{type(error).__name__}: {error} (in {last.name}, {last.filename}:{last.lineno})"))
    return {
        **_identity(task, setting),
        "verdict": word(report.verdict),
        "digits": None,
        "precision": report.precision,
        "numbers": sum(_count(value) for batch in seen for value in batch.values.values()),
        "seconds": round(time.thread_time() - started, 6),
        **_details(report),
    }


def _identity(task: Task, setting: Setting) -> Line:
    return {
        "theorem": task.theorem,
        "statement": setting.digests[task.theorem],
        "family": task.family,
        "size": task.size,
        "dtype": task.dtype,
        "seed": task.seed,
    }


def _details(report: TheoremReport) -> Line:
    match report.verdict:
        case Agrees(digits=digits):
            return {"digits": None if digits is None else round(digits, 2)}
        case Refuted(witness=witness):
            found = witness_json(witness)
            if sum(map(_count, witness.batch.values.values())) > MOST_KEPT:
                found["values"] = None
            return {"witness": found}
        case Undecided(why=why):
            return {"why": one_line(why)}
        case Vacuous(unmet=unmet):
            return {"why": f"no batch satisfies {', '.join(unmet)}"}
        case _:
            assert_never(report.verdict)


def _count(value: Value) -> int:
    """How many numbers a value is made of; a position is none."""
    if isinstance(value, tuple):
        flat = not value or isinstance(value[0], fmpq)
        return len(value) if flat else sum(map(_count, value))
    if isinstance(value, Region):
        return sum(map(len, value.points)) + len(value.generator or ())
    if isinstance(value, LOSSES):
        return dimension(value)
    return int(isinstance(value, fmpq))
