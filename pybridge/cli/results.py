"""The table that ``check`` prints: one row per theorem, and above it what is so of all of them."""

from __future__ import annotations

from collections.abc import Sequence

from pybridge.batches.generate import RECORDED
from pybridge.checking.verdict import Agrees, Refuted, TheoremReport, Undecided, Vacuous, Verdict, word
from pybridge.cli.origin import origin
from pybridge.cli.tables import Rows, short_name
from pybridge.export.loading import Export


def table(reports: Sequence[TheoremReport], export: Export) -> Rows:
    """Return the table: who proved the theorems, whether the export is fresh; for each how many batches, how well, verdict."""
    above = f"{origin(export)}; batches: drawn + recorded"
    rows = (
        (
            f"({report.theorem.equation})",
            short_name(report.theorem.name),
            counts(report),
            *agreed(report.verdict),
            remark(report),
        )
        for report in reports
    )
    titles = ("eq.", "theorem", "batches", "digits", "worst batch", "verdict")
    return Rows(titles, tuple(rows), (above,), optional=("worst batch", "batches"))


def counts(report: TheoremReport) -> str:
    """Return how many drawn and how many recorded batches counted, as ``41+32``."""
    real = report.counted.get(RECORDED, 0)
    return f"{sum(report.counted.values()) - real}+{real}"


def agreed(verdict: Verdict) -> tuple[str, str]:
    """Return the decimal digits agreed on the worst batch, and its name."""
    match verdict:
        case Agrees(digits=None):
            return "exact", "-"
        case Agrees(digits=float(digits), worst=worst):
            return f"{digits:.1f}", worst
        case _:
            return "-", "-"


def remark(report: TheoremReport) -> str:
    """Return the verdict, with how far it goes where it is not ``agrees``."""
    match report.verdict:
        case Undecided(batches=batches):
            return f"undecided ({len(batches)} of {sum(report.counted.values())})"
        case Vacuous(drawn=drawn):
            return f"vacuous (0 of {drawn})"
        case Refuted(witness=witness):
            return f"refuted @ {witness.found_on}"
        case _:
            return word(report.verdict)
