"""What a run of proofs comes to, for people and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from typing_extensions import assert_never

from pybridge import ir
from pybridge.checking.witness import paste, witness_json
from pybridge.cli.tojson import tried
from pybridge.export.loading import Export
from pybridge.proving.prove import Disproved, Excluded, Finding, NotDecided, Proved

SCHEMA = 2
SHOWN = 6
"""Equations of new symbols that are printed; the JSON has all."""
WIDTH = 100
"""Characters that are printed of one of them."""

Findings: TypeAlias = Mapping[int, Finding]
"""By m, what was found of one theorem."""


def how(conclusion: ir.Proposition) -> str:
    """How a conclusion was decided where it is proved, in words."""
    match conclusion:
        case ir.Eq():
            return "the residual reduces to 0"
        case ir.VectorEq():
            return "the residual of each coordinate reduces to 0"
        case ir.Le():
            return "the difference of the sides is certainly ≥ 0"
        case ir.Lt():
            return "the difference of the sides is certainly > 0"
        case ir.Ne():
            return "the difference of the sides is certainly ≠ 0"
        case _:
            return "decided"


def proved(findings: Findings) -> bool:
    """Whether a theorem is proved: for each size that has a batch at all, and there is one that has."""
    return all(isinstance(found, Proved | Excluded) for found in findings.values()) and any(
        isinstance(found, Proved) for found in findings.values()
    )


def lines(theorem: ir.Theorem, size: int, found: Finding) -> list[str]:
    """What was found for one size: the verdict in one line, and below it what symbols stand for."""
    match found:
        case Proved(sizes=_, cases=cases, symbols=symbols):
            said = f"proved: {how(theorem.conclusion)} in {cases} case{'s' if cases != 1 else ''}"
            return [f"  m = {size}: {said}", *(f"    {line}" for line in _equations(symbols))]
        case Disproved(witness=witness):
            said = f"false, at the rational point {' '.join(paste(witness.batch).split())}"
        case NotDecided(why=why):
            said = f"not decided: {why}"
        case Excluded():
            said = "nothing to prove: the hypotheses exclude every batch of this size"
        case _:
            assert_never(found)
    return [f"  m = {size}: {said}"]


def _equations(symbols: Sequence[str]) -> list[str]:
    if not symbols:
        return []
    cut = [symbol if len(symbol) <= WIDTH else f"{symbol[: WIDTH - 2]} …" for symbol in symbols[:SHOWN]]
    more = len(symbols) - SHOWN
    return ["with", *(f"  {line}" for line in cut), *([f"  … and {more} more, see --json"] if more > 0 else [])]


def summary(found: Mapping[str, Findings]) -> list[str]:
    """The theorems of which nothing is proved since no size has a batch, and how many are proved."""
    empty = [name for name, one in found.items() if all(isinstance(finding, Excluded) for finding in one.values())]
    return [
        "",
        *(f"nothing proved of {name}: its hypotheses exclude every batch of the sizes asked for" for name in empty),
        f"{sum(map(proved, found.values()))} of {len(found)} theorems proved",
    ]


def document(found: Mapping[str, Findings], export: Export, *, code: int) -> dict[str, Any]:
    """The whole run: every theorem with what was found for each size, and the exit code."""
    return {
        "schema": SCHEMA,
        "export": tried(export),
        "theorems": [
            {
                "name": name,
                "equation": export.theorems[name].equation,
                "proved": proved(one),
                "sizes": [{"m": m, **_finding(export.theorems[name], finding)} for m, finding in one.items()],
            }
            for name, one in found.items()
        ],
        "exitCode": code,
    }


def _finding(theorem: ir.Theorem, found: Finding) -> dict[str, Any]:
    match found:
        case Proved(sizes=sizes, cases=cases, symbols=symbols):
            by = how(theorem.conclusion)
            return {"outcome": "proved", "by": by, "cases": cases, "sizes": dict(sizes), "symbols": list(symbols)}
        case Disproved(witness=witness):
            return {"outcome": "false", "witness": witness_json(witness)}
        case NotDecided(why=why):
            return {"outcome": "not decided", "why": why}
        case Excluded():
            return {"outcome": "nothing to prove"}
        case _:
            assert_never(found)
