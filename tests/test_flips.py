"""The checker must be able to fail: change one sign anywhere in the export, and `check` has to refute something."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from flips import Flip, apply, flips

from pybridge import ir
from pybridge.check import check
from pybridge.export import DEFAULT, Export, dumps, load, seal
from pybridge.traverse import subterms, terms
from pybridge.verdict import Agrees, Refuted

# Sign changes that leave every exported statement true, by a pattern over the flip's id, each with its reason.
EQUIVALENT: dict[str, str] = {
    r".*:conclusion/.*/inner/left:sub to add": "⟪g ∓ μ_g 1, ŷ⟫ = ⟪g, ŷ⟫, because ⟪1, ŷ⟫ = 0",
    r".*:conclusion/.*/inner/left/sub/right:negate smul": "⟪g ∓ μ_g 1, ŷ⟫ = ⟪g, ŷ⟫, because ⟪1, ŷ⟫ = 0",
    r".*:conclusion/.*/pow/base/inner/right:negate smul": "the sign of a factor inside a square",
    r"BatchNorm\.norm_sq_backward(_eps)?:hypotheses/.*:add to sub": "where variance + ε ≤ 0, σ = 0, and both sides are 0",
    r"BatchNorm\.(variance|normalize)_add_smul_ones:conclusion/.*(add to sub|negate smul)": "a shift by any c is one by any -c",
    r"BatchNorm\.variance_smul(_ones)?:conclusion/.*/vector/term:negate smul": "a and -a have the same square",
}


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """The committed export as JSON."""
    loaded: dict[str, Any] = json.loads(DEFAULT.read_text(encoding="utf-8"))
    return loaded


FLIPS = tuple(flips(document()))


def reason(flip: Flip) -> str | None:
    """Why the flip changes nothing, where it is listed."""
    return next((why for pattern, why in EQUIVALENT.items() if re.fullmatch(pattern, str(flip))), None)


def concerned(export: Export, owner: str) -> list[ir.Theorem]:
    """The theorem itself, or all theorems that call the definition, directly or through another."""
    if owner in export.theorems:
        return [export.theorems[owner]]
    calling = {owner}
    for definition in export.definitions.values():
        if calls(definition.body) & calling:
            calling.add(definition.name)
    return [t for t in export.theorems.values() if any(calls(term) & calling for term in stated(t))]


def stated(theorem: ir.Theorem) -> list[ir.Term]:
    """All terms of the hypotheses and the conclusion."""
    propositions = (*(hypothesis.proposition for hypothesis in theorem.hypotheses), theorem.conclusion)
    return [term for proposition in propositions for term in terms(proposition)]


def calls(term: ir.Term) -> set[str]:
    """The names of the definitions called in a term."""
    return {found.name for found in subterms(term) if isinstance(found, ir.Call | ir.VCall)}


def test_there_are_flips() -> None:
    """There are many signs to change, in definitions, hypotheses and conclusions, and no id stands twice."""
    assert len(FLIPS) >= 60
    assert {flip.path[0] for flip in FLIPS} == {"definitions", "theorems"}
    assert {flip.path[2] for flip in FLIPS} == {"body", "hypotheses", "conclusion"}
    assert len({str(flip) for flip in FLIPS}) == len(FLIPS)


@pytest.mark.parametrize("flip", FLIPS, ids=str)
def test_one_changed_sign_is_refuted(flip: Flip, tmp_path: Path) -> None:
    """The changed statement, or one that calls the changed definition, is refuted with a witness, unless it says the same."""
    path = tmp_path / "export.json"
    path.write_text(dumps(seal(apply(document(), flip))), encoding="utf-8")
    export = load(path, check_sources=False)
    theorems = concerned(export, flip.owner)
    reports = (check(theorem, export, families=("integers", "random"), largest=5, shrink=False) for theorem in theorems)
    why = reason(flip)
    if why is not None:
        assert all(isinstance(report.verdict, Agrees) for report in reports), f"refuted after all, although: {why}"
        return
    assert theorems, f"no exported theorem depends on {flip.owner}: a change in it cannot be seen"
    refuted = next((report.verdict for report in reports if isinstance(report.verdict, Refuted)), None)
    assert refuted is not None, "a hole: the change is not seen, and no reason is listed why it says the same"
    assert refuted.witness.batch.values


def test_listed_equivalences_exist() -> None:
    """A pattern that matches no flip is out of date."""
    for pattern in EQUIVALENT:
        assert any(re.fullmatch(pattern, str(flip)) for flip in FLIPS), pattern
