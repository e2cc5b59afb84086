"""The evaluations of ``check --data`` as one JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from pybridge.cli.tojson import exported
from pybridge.evaluation.enclosures import Enclosure
from pybridge.evaluation.results import Comparison, Evaluation, OnBatch, Valued
from pybridge.evaluation.select import Selection
from pybridge.export.loading import Export

Json: TypeAlias = dict[str, Any]

SCHEMA = 1
SHOWN = 64
"""Comparisons and coordinates of each kind that are written; ``count`` says how many there are."""


def document(found: Sequence[Evaluation], chosen: Selection, export: Export, *, asked: Json, code: int) -> Json:
    """The whole run: what was asked, which export, every theorem with its batches, what was left out, the exit code."""
    return {
        "schema": SCHEMA,
        "asked": asked,
        "export": exported(export),
        "theorems": [_theorem(one) for one in found],
        "leftOut": dict(chosen.left_out),
        "incomplete": {name: list(lacking) for name, lacking in chosen.incomplete.items()},
        "exitCode": code,
    }


def _theorem(one: Evaluation) -> Json:
    return {
        "name": one.theorem.name,
        "equation": one.theorem.equation,
        "verdict": one.verdict,
        "digits": one.digits,
        "unused": list(one.unused),
        "batches": [_batch(batch) for batch in one.batches],
    }


def _batch(one: OnBatch) -> Json:
    return {
        "place": list(one.place),
        "sizes": dict(one.sizes),
        "verdict": one.verdict,
        "digits": one.digits,
        "precision": one.precision,
        "why": one.why,
        "constant": list(one.constant),
        "hypotheses": [
            {
                "name": h.name,
                "statement": h.statement,
                "truth": h.truth.value,
                "decidedBy": h.decided_by,
                "value": h.value,
            }
            for h in one.hypotheses
        ],
        "comparisons": {
            "count": len(one.comparisons),
            "worst": None if one.worst is None else _comparison(one.worst),
            "first": [_comparison(side) for side in one.comparisons[:SHOWN]],
        },
        "terms": [_term(term) for term in one.terms],
    }


def _comparison(one: Comparison) -> Json:
    return {
        "place": one.place,
        "relation": one.relation,
        "left": _number(one.left),
        "right": _number(one.right),
        "standing": one.standing,
        "digits": one.digits,
    }


def _term(one: Valued) -> Json:
    values = [_number(value) for value in one.values[:SHOWN]]
    return {"term": one.text, **({"count": len(one.values), "values": values} if one.vector else {"value": values[0]})}


def _number(one: Enclosure) -> Json:
    return {"middle": one.middle, "radius": one.radius}
