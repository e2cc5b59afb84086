"""Try to refute a theorem: draw batches that satisfy its hypotheses, evaluate both sides in balls, give a verdict.

The precision rises from 128 to 4096 bits until the sides' enclosures part (a refutation), or overlap and are narrow
(agreement). No tolerance is chosen: what is narrow is measured against the statement's own scale.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeAlias

from pybridge import ir
from pybridge.batches.generate import Batch, family_names, slots
from pybridge.checking.hypotheses import Unmet, certify, with_values
from pybridge.checking.judge import Standing
from pybridge.checking.settle import PRECISIONS, settle
from pybridge.checking.shrink import smaller
from pybridge.checking.verdict import Agrees, Held, Refuted, TheoremReport, Undecided, Vacuous, Verdict
from pybridge.checking.witness import describe, determined_values, witness_of
from pybridge.checking.workers import Workers
from pybridge.errors import InputError
from pybridge.export.loading import Export

_BITS_PER_DIGIT = math.log2(10)


def check(
    theorem: ir.Theorem,
    export: Export,
    *,
    families: Sequence[str] | None = None,
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
        A theorem of ``export``.
    export
        Gives the definitions the theorem calls.
    families
        Names out of ``batches.family_names()``; all of them by default.
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
    InputError
        An unknown family, or none.

    Examples
    --------
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
    """
    chosen = family_names() if families is None else tuple(families)
    if unknown := [name for name in chosen if name not in family_names()]:
        raise InputError(f"no family of batches is called {unknown[0]!r}", hint=f"there are {', '.join(family_names())}")
    if not chosen:
        raise InputError("no families of batches: nothing would be checked", hint=f"there are {', '.join(family_names())}")
    wanted = slots(theorem, chosen, seed=seed, largest=largest, definitions=export.definitions)
    return check_on(theorem, export, wanted, batch=batch, shrink=shrink, progress=progress)


def check_each(
    theorems: Sequence[ir.Theorem],
    export: Export,
    *,
    jobs: int = 1,
    families: Sequence[str] | None = None,
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
    """
    if jobs <= 1:
        for theorem in theorems:
            tell = partial(progress, theorem.name)
            yield check(theorem, export, families=families, seed=seed, largest=largest, batch=batch, progress=tell)
        return
    asked = (families, seed, largest, batch)
    with Workers(min(jobs, len(theorems)), _prepare, export, asked) as workers:
        yield from workers.map(_check_by_name, [theorem.name for theorem in theorems])


_Asked: TypeAlias = tuple[Sequence[str] | None, int, int | None, str | None]
_here: dict[str, tuple[Export, _Asked]] = {}


def _prepare(export: Export, asked: _Asked) -> None:
    """Keep in a new process what all its checks have in common."""
    _here["export"] = (export, asked)


def _check_by_name(name: str) -> TheoremReport:
    export, (families, seed, largest, batch) = _here["export"]
    return check(export.theorems[name], export, families=families, seed=seed, largest=largest, batch=batch)


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
    started = time.perf_counter()
    run = _Run(theorem, export, shrink=shrink)
    for found, held in run.satisfying(wanted, batch):
        progress(found)
        run.take(found, held)
        if run.refuted is not None:
            break
    return TheoremReport(
        theorem=theorem,
        verdict=run.verdict(),
        counted=dict(run.counted),
        rejected=run.rejected,
        precision=run.precision,
        seconds=time.perf_counter() - started,
    )


@dataclass
class _Run:
    """What has been seen of one theorem so far."""

    theorem: ir.Theorem
    export: Export
    shrink: bool
    counted: Counter[str] = field(default_factory=Counter)
    unmet: Counter[str] = field(default_factory=Counter)
    rejected: int = 0
    precision: int = 0
    bits: float = math.inf
    worst: str = ""
    open: list[str] = field(default_factory=list)
    why: str = ""
    refuted: Refuted | None = None

    def satisfying(self, wanted: Iterable[Iterator[Batch]], only: str | None) -> Iterator[tuple[Batch, tuple[Held, ...]]]:
        """Yield, for each slot, the first candidate on which every hypothesis is certified."""
        for candidates in wanted:
            tried = False
            for candidate in candidates:
                if only is not None and candidate.name != only:
                    break
                tried = True
                held = certify(self.theorem, candidate, self.export.definitions)
                if not isinstance(held, Unmet):
                    yield candidate, held
                    break
                self.unmet[held.name] += 1
            else:
                self.rejected += tried

    def take(self, batch: Batch, held: tuple[Held, ...]) -> None:
        """Judge the conclusion on one batch that counts."""
        self.counted[batch.family] += 1
        judgement, precision = settle(self.theorem, batch, self.export.definitions)
        self.precision = max(self.precision, precision)
        match judgement.standing:
            case Standing.FAILS:
                self.refuted = self._refutation(batch, held)
            case Standing.OPEN:
                self.open.append(batch.name)
                self.why = self.why or describe(judgement, batch)
            case Standing.NARROW | Standing.CERTAIN:
                if judgement.bits < self.bits or not self.worst:
                    self.bits, self.worst = judgement.bits, batch.name

    def _refutation(self, batch: Batch, held: tuple[Held, ...]) -> Refuted:
        def refutes(candidate: Batch) -> bool:
            if isinstance(certify(self.theorem, candidate, self.export.definitions), Unmet):
                return False
            return settle(self.theorem, candidate, self.export.definitions, PRECISIONS[:2])[0].standing is Standing.FAILS

        small, steps = smaller(self.theorem, batch, refutes, self.export.definitions) if self.shrink else (batch, 0)
        judgement, precision = settle(self.theorem, small, self.export.definitions)
        certified = certify(self.theorem, small, self.export.definitions)
        hypotheses = with_values(
            self.theorem, small, held if isinstance(certified, Unmet) else certified, self.export.definitions
        )
        found = witness_of(small, batch.name, steps, hypotheses, judgement, precision)
        return Refuted(witness=replace(found, determined=determined_values(self.theorem, small, self.export.definitions)))

    def verdict(self) -> Verdict:
        """Sum up: one refutation refutes; one open batch leaves it open; nothing counted is vacuous."""
        if self.refuted is not None:
            return self.refuted
        if self.open:
            return Undecided(batches=tuple(self.open), precision=PRECISIONS[-1], why=self.why)
        if not self.counted:
            return Vacuous(drawn=self.rejected, unmet=tuple(name for name, _ in self.unmet.most_common()))
        digits = None if math.isinf(self.bits) else self.bits / _BITS_PER_DIGIT
        return Agrees(digits=digits, worst=self.worst)
