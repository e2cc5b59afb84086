"""The records of the proofs against the sources: an edit of one is refused, or it is said that no text tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from lean_library import the_library

from pybridge.audit.records import records
from pybridge.errors import ExportError
from pybridge.export.loading import Export

Json = dict[str, Any]
Resealed = Callable[..., Export]
THEOREM, LEMMA = "BatchNorm.norm_sq_backward_le", "BatchNorm.norm_sq_backward"


def record(document: Json, name: str) -> Json:
    """The record of a declaration."""
    (found,) = (one for one in document["proofs"] if one["name"] == name)
    assert isinstance(found, dict)
    return found


def found(export: Export) -> set[tuple[str, str]]:
    """What differs."""
    return {(one.name, one.why or one.source) for one in records(export, the_library()).differences}


def test_as_they_are(export: Export) -> None:
    """Nothing differs; what only Lean knows is said, with the command."""
    section = records(export, the_library())
    assert section.differences == ()
    assert section.said.startswith(f"{len(export.proofs)} records")
    assert "`pybridge extract --check`" in section.elsewhere[0]


def test_a_kind_and_a_file(resealed: Resealed) -> None:
    """A theorem is recorded as one; a lemma stands where it is said to stand."""
    lemma = next(
        one
        for one in the_library().declarations.values()
        if one.is_theorem and one.attribute("bridge") is None and not one.private
    )
    changed = resealed(lambda document: record(document, THEOREM).update(kind="definition"))
    assert (THEOREM, "theorem") in found(changed)
    if lemma.name in changed.proofs:
        moved = resealed(lambda document: record(document, lemma.name).update(file="lean/BatchNorm/Defs2.lean"))
        assert (lemma.name, lemma.file) in found(moved)


def test_an_edge_that_the_text_names(resealed: Resealed, export: Export) -> None:
    """Taken out: the proof's text names the theorem, or the statement names the definition."""
    edges = records(export, the_library())
    assert edges.differences == ()
    uses = export.proofs[THEOREM].uses
    definition = next(name for name in uses if name in export.definitions)

    def without(name: str) -> Callable[[Json], None]:
        return lambda document: record(document, THEOREM)["uses"].remove(name)

    assert (THEOREM, f"its statement names {definition}") in found(resealed(without(definition)))
    named = [name for name in uses if name in export.theorems]
    assert named
    assert any(name == THEOREM for name, _ in found(resealed(without(named[0]))))


def test_an_edge_to_what_stands_behind(export: Export) -> None:
    """Nothing rests on what comes later, in its file or in a file that it does not import."""
    proof = export.proofs[LEMMA]
    changed = replace(export, proofs={**export.proofs, LEMMA: replace(proof, uses=(*proof.uses, THEOREM))})
    ((name, why),) = found(changed)
    assert name == LEMMA
    assert THEOREM in why
    assert "behind it" in why


def test_an_axiom(resealed: Resealed) -> None:
    """One that is not allowed, or that no record names, is refused as the export is read."""
    for axioms in (["sorryAx"], ["propext"]):
        with pytest.raises(ExportError):
            resealed(lambda document, axioms=axioms: document["theorems"][0]["axioms"].update(names=axioms, complete=False))
