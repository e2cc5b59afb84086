"""What a run of mutants comes to, for people and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from typing_extensions import assert_never

from pybridge.checking.refutation import sizes
from pybridge.checking.witness import paste, witness_json
from pybridge.cli.tables import Rows, short_name
from pybridge.cli.tojson import tried
from pybridge.export.loading import Export
from pybridge.mutation.run import Killed, Survived, Trial, declarations
from pybridge.mutation.survivors import Account, Explanation

SCHEMA = 2


def rows(account: Account, export: Export) -> Rows:
    """One row per declaration, with how many mutants it has and how they fare, and one for all of them."""
    groups = (account.refuted, account.explained, account.unexplained)
    cells = []
    for name in declarations(export):
        counts = [sum(trial.owner == name for trial in group) for group in groups]
        if sum(counts):
            what = f"({export.theorems[name].equation})" if name in export.theorems else "definition"
            cells.append((what, short_name(name), str(sum(counts)), *map(str, counts)))
    total = [len(group) for group in groups]
    cells.append(("", "all", str(sum(total)), *map(str, total)))
    titles = ("eq.", "declaration", "mutants", "refuted", "explained", "unexplained")
    return Rows(titles, tuple(cells), optional=("refuted", "mutants"))


def lines(account: Account, explanations: Mapping[str, Explanation], *, single: bool) -> list[str]:
    """What does not fit into the table: unexplained survivors and stale explanations; the witness of a single mutant."""
    found: list[str] = []
    if single:
        for trial in (*account.refuted, *account.explained, *account.unexplained):
            found += ["", f"{trial.id}", f"  {trial.change}", *(f"  {line}" for line in _fate(trial, explanations))]
    elif account.unexplained:
        found += ["", "unexplained: a defect of the check, or true, and then its reason belongs into data/survivors.json"]
        for trial in account.unexplained:
            found += [f"  {trial.id}", f"    {trial.change}   {_fate(trial, explanations)[0]}"]
    if account.stale:
        found += ["", "out of date in data/survivors.json:", *(f"  {line}" for line in account.stale)]
    return found


def _fate(trial: Trial, explanations: Mapping[str, Explanation]) -> list[str]:
    match trial.fate:
        case Killed(theorem=theorem, witness=witness):
            place = f", {witness.where}" if witness.where else ""
            return [
                f"refuted: {theorem} is false on the batch ({sizes(witness)}; exact)",
                *(f"  {line}" for line in paste(witness.batch).splitlines()),
                f"the two sides of `{witness.relation}`{place}: {witness.left} and {witness.right}",
            ]
        case Survived(verdict=verdict, tried=tried, proved=proved):
            said = [f"not refuted: {verdict} on {tried} batches"]
            if trial.id in explanations:
                said.append(f"explained: {explanations[trial.id].reason}")
            if proved:
                said.append(f"proved for all batches of m = {', '.join(map(str, proved))}")
            return said
        case _:
            assert_never(trial.fate)


def document(account: Account, explanations: Mapping[str, Explanation], export: Export, *, code: int) -> dict[str, Any]:
    """The whole run: every mutant with its fate, what is stale, the exit code."""
    groups = {"refuted": account.refuted, "explained": account.explained, "unexplained": account.unexplained}
    return {
        "schema": SCHEMA,
        "export": tried(export),
        "mutants": [_mutant(trial, word, explanations) for word, group in groups.items() for trial in group],
        "stale": list(account.stale),
        "exitCode": code,
    }


def _mutant(trial: Trial, word: str, explanations: Mapping[str, Explanation]) -> dict[str, Any]:
    common = {"id": trial.id, "declaration": trial.owner, "change": trial.change, "fate": word}
    match trial.fate:
        case Killed(theorem=theorem, witness=witness):
            return {**common, "by": theorem, "witness": witness_json(witness)}
        case Survived(verdict=verdict, tried=tried, proved=proved):
            reason = explanations[trial.id].reason if trial.id in explanations else None
            return {**common, "verdict": verdict, "tried": tried, "proved": list(proved), "reason": reason}
        case _:
            assert_never(trial.fate)
