"""A theorem that was refuted: whether its term, and those of what it calls, are what the Lean text says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pybridge import ir
from pybridge.audit.one_theorem import term_against_text
from pybridge.errors import InputError
from pybridge.export.loading import Export, Unchecked

NAME = "BatchNorm.norm_sq_backward"
SAME = "the exported term is what its Lean text says, read again; `pybridge audit` compares all"
Resealed = Callable[..., Export]


def said(export: Export) -> list[str]:
    """What is said of (7ε)."""
    return term_against_text(export.theorem(NAME), export)


def test_as_it_is(export: Export) -> None:
    """Then it is the engine that is at fault."""
    assert said(export) == [SAME]


def test_without_sources(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    """The text is in the export; what only the sources tell is not found out, and that is said."""

    def nowhere() -> None:
        raise InputError("no Lean sources")

    monkeypatch.setattr("pybridge.audit.one_theorem.find_checkout", nowhere)
    assert said(replace(export, freshness=Unchecked("no sources"))) == [SAME]


def test_an_edited_term(export: Export) -> None:
    """Of the theorem itself; both sides, and what to run."""
    theorem = export.theorem(NAME)
    assert isinstance(theorem.conclusion, ir.Eq)
    changed = replace(theorem, conclusion=ir.Eq(theorem.conclusion.right, theorem.conclusion.left))
    first, text, here, last = term_against_text(changed, export)
    assert first.startswith(f"the export of {NAME} is NOT what its Lean text says: conclusion: ")
    assert text.startswith("  text  ")
    assert here.startswith("  here  ")
    assert last == "  the export was edited, or the exporter is wrong; `pybridge audit` compares all"


def test_an_edited_definition(export: Export) -> None:
    """That the theorem calls by way of another one."""
    scale = export.definition("scale")
    changed = replace(scale, body=ir.Neg(scale.body))
    found = said(replace(export, definitions={**export.definitions, scale.name: changed}))
    assert found[0].startswith(f"the export of {scale.name} is NOT what its Lean text says: body: ")


def test_an_edited_text(resealed: Resealed) -> None:
    """Text and term alike, against the source."""

    def change(document: dict[str, Any]) -> None:
        theorem = next(one for one in document["theorems"] if one["name"] == NAME)
        theorem["statement"] = theorem["statement"].replace("‖g‖ ^ 2 -", "‖g‖ ^ 2 +")

    found = said(resealed(change))
    assert f"the export of {NAME} is NOT what its Lean text says: statement" in "\n".join(found)


def test_a_text_that_cannot_be_read(export: Export) -> None:
    """Not found out is not the same."""
    theorem = export.theorem(NAME)
    changed = replace(theorem, statement=theorem.statement.replace("‖g‖ ^ 2", "‖foo.bar g‖ ^ 2"))
    bare = replace(export, theorems={})
    (line,) = term_against_text(changed, bare)
    assert line.startswith(f"whether the exported term is what its Lean text says was not found out: {NAME}: foo.bar")
