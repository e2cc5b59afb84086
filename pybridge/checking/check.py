"""Try to refute a theorem: draw batches that satisfy its hypotheses, evaluate both sides in balls, give a verdict.

The precision rises from 128 to 4096 bits until the sides' enclosures part (a refutation), or overlap and are narrow
(agreement). No tolerance is chosen: what is narrow is measured against the statement's own scale.  How one check goes is in
``run.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from pybridge import ir
from pybridge.batches.generate import Batch
from pybridge.batches.plan import Plan
from pybridge.batches.shared import Remembered, in_order, together
from pybridge.checking.asked import Asked, asked
from pybridge.checking.run import run
from pybridge.checking.verdict import TheoremReport
from pybridge.checking.workers import Workers
from pybridge.errors import InputError
from pybridge.export.loading import Export
from pybridge.export.own import own_or


def check(
    theorem: ir.Theorem | str,
    export: Export | None = None,
    *,
    families: Sequence[str] | str | None = None,
    seed: int = 0,
    largest: int | None = None,
    batch: str | None = None,
    shrink: bool = True,
    progress: Callable[[Batch], None] = lambda _: None,
) -> TheoremReport:
    """Check one theorem on batches of the families.

    Parameters
    ----------
    theorem
        A theorem of ``export``, or the name of one.
    export
        Gives the definitions the theorem calls; the package's own by default.
    families
        Names out of ``batches.family_names()``, or one name; all of them by default.
    seed
        Of the random families.
    largest
        Leave out batches of more than this many entries.
    batch
        Only the batch of this name, as a refutation prints it.
    shrink
        Whether to look for a smaller witness after a refutation.
    progress
        Called with each batch that counts, before it is evaluated.

    Returns
    -------
    TheoremReport
        The verdict, and how many batches of each family counted.

    Raises
    ------
    UnknownNameError
        There is no theorem of this name.
    InputError
        An unknown family, or none; no batch of this name; a seed or size that is none; an argument of another type.

    Examples
    --------
    >>> check("norm_sq_backward", families="random", largest=64)
    <TheoremReport BatchNorm.norm_sq_backward: agrees on 15 batches, 37.3 digits>

    The same of a theorem of an export, batch by batch:

    >>> from pybridge.export.loading import load
    >>> export = load()
    >>> seen = []
    >>> report = check(export.theorem("norm_sq_backward"), export, families=["random"], largest=4, progress=seen.append)
    >>> type(report.verdict).__name__
    'Agrees'
    >>> all(len(batch.values["y"]) == batch.sizes["ι"] <= 4 for batch in seen)
    True
    >>> sum(report.counted.values()) == len(seen) > 0
    True

    What cannot be meant is refused:

    >>> check("norm_sq_backward", batch="nope")
    Traceback (most recent call last):
    pybridge.errors.InputError: no batch is called 'nope' for these theorems, families and seed; a refutation prints its name
    """
    wanted = asked(families, seed, largest, batch)
    if not isinstance(shrink, bool):
        raise InputError(f"shrink is {shrink!r}", hint="give True or False")
    if not callable(progress):
        raise InputError(f"progress is {progress!r}", hint="give a function of a batch")
    report = _check(_plan(theorem, export), wanted, shrink=shrink, progress=progress)
    wanted.refuse_unknown_batch([report])
    return report


def check_each(
    theorems: Sequence[ir.Theorem],
    export: Export,
    *,
    jobs: int = 1,
    families: Sequence[str] | str | None = None,
    seed: int = 0,
    largest: int | None = None,
    batch: str | None = None,
    progress: Callable[[str, Batch], None] = lambda _, __: None,
) -> Iterator[TheoremReport]:
    """Check theorems one by one, or several at a time in processes of their own; yield the reports in their order.

    Parameters
    ----------
    theorems
        Theorems of ``export``.
    jobs
        How many processes. With one, nothing is started.
    progress
        Called with a theorem's name and each batch that counts, where the checks run in this process.
    families, seed, largest, batch
        As in :func:`check`.

    Raises
    ------
    InputError
        As in :func:`check`; that no theorem has a batch of this name is known at the end only.
    """
    wanted = asked(families, seed, largest, batch)
    reports = []
    for report in _reports(theorems, export, jobs, wanted, progress):
        reports.append(report)
        yield report
    wanted.refuse_unknown_batch(reports)


def check_on(
    theorem: ir.Theorem,
    export: Export,
    wanted: Iterable[Iterator[Batch]],
    *,
    batch: str | None = None,
    shrink: bool = True,
    progress: Callable[[Batch], None] = lambda _: None,
) -> TheoremReport:
    """Check one theorem on batches that the caller draws.

    Parameters
    ----------
    wanted
        For each batch wanted its candidates, of which the first counts that satisfies the hypotheses: what ``slots`` yields.
    theorem, export, batch, shrink, progress
        As in :func:`check`.
    """
    return run(_plan(theorem, export), wanted, batch=batch, shrink=shrink, progress=progress)


def _plan(theorem: object, export: object) -> Plan:
    """The plan of a theorem that a caller gave, by an export or the package's own."""
    document = own_or(export)
    if isinstance(theorem, str):
        theorem = document.theorem(theorem)
    if not isinstance(theorem, ir.Theorem):
        raise InputError(f"expected a theorem or the name of one, got {theorem!r} (type {type(theorem).__name__})")
    return Plan(theorem, document.definitions)


def _check(
    plan: Plan, wanted: Asked, *, shrink: bool = True, progress: Callable[[Batch], None] = lambda _: None
) -> TheoremReport:
    return run(plan, wanted.slots(plan), batch=wanted.batch, shrink=shrink, progress=progress)


def _reports(
    theorems: Sequence[ir.Theorem], export: Export, jobs: int, wanted: Asked, progress: Callable[[str, Batch], None]
) -> Iterator[TheoremReport]:
    """The reports in the order of the theorems, which are checked together where they are tried on the same batches."""
    groups = together([Plan(theorem, export.definitions) for theorem in theorems])
    places = [place for group in groups for place, _ in group]
    if jobs <= 1:
        yield from in_order(places, (report for group in groups for report in _of_group(group, wanted, progress)))
        return
    with Workers(min(jobs, len(groups)), _prepare, export, wanted) as workers:
        tasks = [[plan.theorem.name for _, plan in group] for group in groups]
        yield from in_order(places, (report for found in workers.map(_check_by_names, tasks) for report in found))


def _of_group(
    group: Sequence[tuple[int, Plan]], wanted: Asked, progress: Callable[[str, Batch], None]
) -> Iterator[TheoremReport]:
    """The reports of theorems that are tried on the same batches, which are drawn once."""
    _, first = group[0]
    drawn = wanted.slots(first) if len(group) == 1 else Remembered(map(Remembered, wanted.slots(first)))
    for _, plan in group:
        yield run(plan, drawn, batch=wanted.batch, progress=partial(progress, plan.theorem.name))


_here: dict[str, tuple[Export, Asked]] = {}


def _prepare(export: Export, wanted: Asked) -> None:
    """Keep in a new process what all its checks have in common."""
    _here["export"] = (export, wanted)


def _check_by_names(names: Sequence[str]) -> list[TheoremReport]:
    export, wanted = _here["export"]
    ((*group,),) = together([Plan(export.theorems[name], export.definitions) for name in names])
    return list(_of_group(group, wanted, lambda _, __: None))
