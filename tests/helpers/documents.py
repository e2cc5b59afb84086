"""A small export about sums, with one declaration of each sort: what the tests of reading and refusing start from."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from pybridge.export.loading import dumps, seal

IOTA, E, K = "ι", "E", "κ"
REAL = {"euclidean": {"index": IOTA}}
VECTOR = {"vector": {"space": REAL}}


def var(name: str) -> dict[str, Any]:
    """A variable of either sort."""
    return {"var": {"name": name}}


def pair(constructor: str, left: Any, right: Any) -> dict[str, Any]:
    """A node with a left and a right."""
    return {constructor: {"left": left, "right": right}}


def total(vector: Any) -> dict[str, Any]:
    """A call of ``Test.total``."""
    return {"call": {"name": "Test.total", "indices": [IOTA], "args": [{"vector": {"term": vector}}]}}


def stretch(scalar: Any, vector: Any) -> dict[str, Any]:
    """A call of ``Test.stretch``."""
    args = [{"scalar": {"term": scalar}}, {"vector": {"term": vector}}]
    return {"call": {"name": "Test.stretch", "indices": [IOTA], "args": args}}


_PLACE = {"docstring": "A docstring.", "file": "lean/Test.lean", "line": 3, "statement": "as Lean prints it"}
PROOFS = [
    {"name": "Test.total", "kind": "definition", "file": "lean/Test.lean", "uses": [], "outside": [0, 1]},
    {"name": "Test.stretch", "kind": "definition", "file": "lean/Test.lean", "uses": [], "outside": [1]},
    {"name": "Test.linear", "kind": "theorem", "file": "lean/Test.lean", "uses": ["Test.total"], "outside": [1, 2]},
    {
        "name": "Test.total_stretch",
        "kind": "theorem",
        "file": "lean/Test.lean",
        "uses": ["Test.linear", "Test.stretch", "Test.total"],
        "outside": [1],
    },
]
_COORDINATE = {"component": {"vector": var("y"), "position": "i"}}

DOCUMENT: dict[str, Any] = {
    "schema": 3,
    "lean": {"version": "4.27.0", "githash": "0" * 40},
    "mathlib": {"revision": "a" * 40, "inputRevision": "v4.27.0"},
    "sources": [],
    "definitions": [
        {
            "name": "Test.total",
            **_PLACE,
            "indices": [{"name": IOTA, "nonempty": False}],
            "parameters": [{"name": "y", "kind": VECTOR}],
            "body": {"scalar": {"term": {"sum": {"variable": "i", "index": IOTA, "body": _COORDINATE}}}},
        },
        {
            "name": "Test.stretch",
            **_PLACE,
            "indices": [{"name": IOTA, "nonempty": False}],
            "parameters": [{"name": "c", "kind": "scalar"}, {"name": "y", "kind": VECTOR}],
            "body": {
                "vector": {"term": {"build": {"variable": "i", "index": IOTA, "body": pair("mul", var("c"), _COORDINATE)}}}
            },
        },
    ],
    "theorems": [
        {
            "name": "Test.total_stretch",
            **_PLACE,
            "equation": "1",
            "comment": "",
            "indices": [{"name": IOTA, "nonempty": True}, {"name": K, "nonempty": False}],
            "spaces": [{"name": E, "nontrivial": False}],
            "variables": [
                {"name": "c", "kind": "scalar"},
                {"name": "y", "kind": VECTOR},
                {"name": "v", "kind": {"family": {"index": K, "space": {"abstract": {"name": E}}}}},
                {"name": "j", "kind": {"position": {"index": IOTA}}},
            ],
            "hypotheses": [{"name": "h", "statement": "0 < c", "proposition": pair("lt", {"nat": {"value": 0}}, var("c"))}],
            "conclusion": pair("eq", total(stretch(var("c"), var("y"))), pair("mul", var("c"), total(var("y")))),
            "axioms": {"names": ["propext"], "complete": False},
        }
    ],
    "proofs": PROOFS,
    "outside": ["Nat", "Real", "propext"],
}


def document() -> dict[str, Any]:
    """A fresh copy, without a digest."""
    return copy.deepcopy(DOCUMENT)


def with_conclusion(conclusion: Any) -> dict[str, Any]:
    """The document with another conclusion."""
    changed = document()
    changed["theorems"][0]["conclusion"] = conclusion
    return changed


def recorded(content: dict[str, Any]) -> dict[str, Any]:
    """The document with a record of what each declaration rests on that has none: nothing."""
    named = {proof["name"] for proof in content["proofs"]}
    for kind in ("definition", "theorem"):
        for one in content[f"{kind}s"]:
            if one["name"] not in named:
                record = {"name": one["name"], "kind": kind, "file": one["file"], "uses": [], "outside": []}
                content["proofs"].append(record)
    return content


def write(path: Path, content: dict[str, Any]) -> Path:
    """Seal ``content`` and write it to ``path``."""
    path.write_text(dumps(seal(content)), encoding="utf-8")
    return path


def raw(content: dict[str, Any]) -> str:
    """The text of the sealed document."""
    return json.dumps(seal(content), ensure_ascii=False)
