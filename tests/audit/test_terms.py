"""The exported terms are those of their texts; an edited one is found, however it was edited."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import decoding
import edits
import pytest
from lean_library import the_library

from pybridge import ir
from pybridge.audit.differ import difference
from pybridge.audit.known import Knowledge
from pybridge.audit.terms import compare, differing
from pybridge.export.document import DEFAULT
from pybridge.export.loading import Export

Json = dict[str, Any]
Resealed = Callable[[Callable[[Json], object]], Export]


def declared(document: Json) -> Iterator[tuple[list[Json], int, Json]]:
    """The declarations of a document, each with the list that it stands in, and its place there."""
    for field in ("definitions", "theorems"):
        for place, one in enumerate(document[field]):
            yield document[field], place, one


def test_every_term_is_that_of_its_text(export: Export) -> None:
    """All theorems and definitions are compared, and none differs."""
    found = compare(export, the_library())
    assert (found.differences, found.unread) == ((), ())
    assert (found.theorems, found.definitions) == (len(export.theorems), len(export.definitions))
    assert found.theorems > 100
    assert found.definitions > 40


@pytest.mark.parametrize("one_in", [6, pytest.param(1, marks=pytest.mark.slow)])
def test_mutants_are_found(one_in: int, export: Export, resealed: Resealed) -> None:
    """One of the project's own mutants for each declaration, beside the text as it was, sealed again: each is refused."""
    chosen: list[str] = []

    def change(document: Json) -> None:
        draw = random.Random(one_in)
        for parts, place, one in list(declared(document))[::one_in]:
            declaration = export.definitions.get(one["name"]) or export.theorems[one["name"]]
            changed = list(edits.slipped(declaration, one, export))
            if changed:
                chosen.append(one["name"])
                parts[place] = draw.choice(changed)[1]
                assert parts[place] != one

    found = compare(resealed(change), the_library())
    assert len(chosen) > 150 // one_in
    assert set(chosen) - {one.name for one in found.differences} == set()
    assert found.unread == ()


@pytest.mark.parametrize("one_in", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_edits_are_found(one_in: int, export: Export) -> None:
    """An edit of each declaration that is a term at all: names, numbers, operators, arguments, hypotheses, kinds."""
    document = json.loads(DEFAULT.read_text(encoding="utf-8"))
    decoder, definitions, knowledge = decoding.decoder(export), list(export.definitions), knowledge_of(export)
    count = 0
    for _, _, one in list(declared(document))[::one_in]:
        draw, tried = random.Random(one["name"]), list(edits.edits(one, definitions))
        draw.shuffle(tried)
        read = ((what, edits.decoded(changed, decoder)) for what, changed in tried)
        what, declaration = next((what, found) for what, found in read if found is not None)
        assert differing(declaration, knowledge), f"{one['name']}: {what}"
        count += 1
    assert count >= (len(export.theorems) + len(export.definitions)) // one_in


def knowledge_of(export: Export) -> Knowledge:
    """What the texts are read with."""
    return Knowledge(export.definitions, the_library())


def why(declaration: ir.Theorem | ir.Definition, export: Export) -> str:
    """The one difference, in words."""
    (found,) = differing(declaration, knowledge_of(export))
    return f"{found.name}: {found.what}: {found.why or f'{found.source} / {found.export}'}"


def test_what_is_said(export: Export) -> None:
    """Which declaration, which part, and both sides of the place where they part."""
    theorem = export.theorem("norm_backward_le")
    conclusion = theorem.conclusion
    assert isinstance(conclusion, ir.Le)
    turned = replace(theorem, conclusion=ir.Lt(conclusion.left, conclusion.right))
    assert why(turned, export).startswith("BatchNorm.norm_backward_le: conclusion: ‖")
    assert why(turned, export).count(" in the term") == 1
    dropped = replace(theorem, hypotheses=theorem.hypotheses[1:])
    assert why(dropped, export) == "BatchNorm.norm_backward_le: hypotheses: hε, h / h"
    variables = (replace(theorem.variables[0], kind=ir.VectorKind(ir.Euclidean("ι"))), *theorem.variables[1:])
    assert why(replace(theorem, variables=variables), export).startswith("BatchNorm.norm_backward_le: variables: γ : Scalar")
    nonempty = replace(theorem, indices=(ir.Index("ι", nonempty=True),))
    assert why(nonempty, export) == "BatchNorm.norm_backward_le: index types: ι / ι (not empty)"


def test_names_of_bound_variables_are_free() -> None:
    """``∑ k, g k`` is ``∑ i, g i``; what is bound where, and what is free, counts."""
    g, h = ir.VVar("g"), ir.VVar("h")

    def total(bound: str, mentioned: str, vector: ir.Vector = g) -> ir.Scalar:
        return ir.Sum(bound, "ι", ir.Component(vector, mentioned))

    assert difference(total("k", "k"), total("i", "i")) == ""
    assert difference(total("k", "k"), total("i", "k")) != ""
    assert difference(total("k", "i"), total("i", "i")) != ""
    assert difference(total("k", "k"), total("k", "k", h)) != ""
    nested = ir.Sum("k", "ι", total("i", "k")), ir.Sum("i", "ι", total("k", "i")), ir.Sum("i", "ι", total("k", "k"))
    assert difference(nested[0], nested[1]) == ""
    assert difference(nested[0], nested[2]) != ""
