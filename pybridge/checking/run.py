"""One check: the batches on which the hypotheses are certified, the conclusion judged on each, and what that comes to.

In: a plan and the batches wanted.  Out: a ``TheoremReport``.  The first batch that refutes ends the check, and is made small.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from pybridge.batches.generate import Batch
from pybridge.batches.plan import Plan
from pybridge.checking.hypotheses import Unmet, certify, with_values
from pybridge.checking.judge import Standing
from pybridge.checking.settle import PRECISIONS, settle
from pybridge.checking.shrink import smaller
from pybridge.checking.verdict import Agrees, Held, Refuted, TheoremReport, Undecided, Vacuous, Verdict
from pybridge.checking.witness import describe, determined_values, witness_of

_BITS_PER_DIGIT = math.log2(10)


def run(
    plan: Plan,
    wanted: Iterable[Iterable[Batch]],
    *,
    batch: str | None = None,
    shrink: bool = True,
    progress: Callable[[Batch], None] = lambda _: None,
    precisions: Sequence[int] = PRECISIONS,
) -> TheoremReport:
    """Check the theorem of a plan on batches.

    Parameters
    ----------
    plan
        Of the theorem.
    wanted
        For each batch wanted its candidates, of which the first counts that satisfies the hypotheses: what ``slots`` yields.
    batch, shrink, progress
        As in ``check``.
    precisions
        Bits to try, in order; at least one.
    """
    started = time.perf_counter()
    seen = _Seen(plan, shrink=shrink, precisions=precisions)
    for found, held in seen.satisfying(wanted, batch):
        progress(found)
        seen.take(found, held)
        if seen.refuted is not None:
            break
    return TheoremReport(
        theorem=plan.theorem,
        verdict=seen.verdict(),
        counted=dict(seen.counted),
        rejected=seen.rejected,
        precision=seen.precision,
        seconds=time.perf_counter() - started,
    )


@dataclass
class _Seen:
    """What has been seen of one theorem so far."""

    plan: Plan
    shrink: bool
    precisions: Sequence[int]
    counted: Counter[str] = field(default_factory=Counter)
    unmet: Counter[str] = field(default_factory=Counter)
    rejected: int = 0
    precision: int = 0
    bits: float = math.inf
    worst: str = ""
    open: list[str] = field(default_factory=list)
    why: str = ""
    refuted: Refuted | None = None

    def satisfying(self, wanted: Iterable[Iterable[Batch]], only: str | None) -> Iterator[tuple[Batch, tuple[Held, ...]]]:
        """Yield, for each slot, the first candidate on which every hypothesis is certified."""
        for candidates in wanted:
            tried = False
            for candidate in candidates:
                if only is not None and candidate.name != only:
                    break
                tried = True
                held = certify(self.plan, candidate)
                if not isinstance(held, Unmet):
                    yield candidate, held
                    break
                self.unmet[held.name] += 1
            else:
                self.rejected += tried

    def take(self, batch: Batch, held: tuple[Held, ...]) -> None:
        """Judge the conclusion on one batch that counts."""
        self.counted[batch.family] += 1
        judgement, precision = settle(self.plan, batch, self.precisions)
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
            if isinstance(certify(self.plan, candidate), Unmet):
                return False
            return settle(self.plan, candidate, self.precisions[:2])[0].standing is Standing.FAILS

        small, steps = smaller(self.plan, batch, refutes) if self.shrink else (batch, 0)
        judgement, precision = settle(self.plan, small, self.precisions)
        certified = certify(self.plan, small)
        hypotheses = with_values(self.plan, small, held if isinstance(certified, Unmet) else certified)
        found = witness_of(small, batch.name, steps, hypotheses, judgement, precision)
        return Refuted(witness=replace(found, determined=determined_values(self.plan, small)))

    def verdict(self) -> Verdict:
        """Sum up: one refutation refutes; one open batch leaves it open; nothing counted is vacuous."""
        if self.refuted is not None:
            return self.refuted
        if self.open:
            return Undecided(batches=tuple(self.open), precision=self.precisions[-1], why=self.why)
        if not self.counted:
            return Vacuous(drawn=self.rejected, unmet=tuple(name for name, _ in self.unmet.most_common()))
        digits = None if math.isinf(self.bits) else self.bits / _BITS_PER_DIGIT
        return Agrees(digits=digits, worst=self.worst)
