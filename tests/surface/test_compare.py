"""The sources against the export: equal as they are, and every change of one of them is found, with both texts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lean_library import changed, restated, the_library

from pybridge.export.loading import Export
from pybridge.surface.compare import Difference, compare, differences

NORM = "BatchNorm.norm_sq_backward"
FILE = "lean/BatchNorm/NormIdentity.lean"


def of(export: Export, name: str) -> list[Difference]:
    """The differences of one theorem, as it stands in the export, from the sources of this checkout."""
    return differences(the_library(), export.theorems[name])


def test_all_that_is_exported_is_what_is_written(export: Export) -> None:
    """Names, places, docstrings, binders, hypotheses and statements, of theorems and definitions."""
    exported = {**export.theorems, **export.definitions}
    assert len(exported) > 50
    assert compare(the_library(), exported) == []


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("(2 - variance y / (variance y + ε)) * ⟪g, normalize ε y⟫ ^ 2 / Fintype.card ι) := by\n  rw [backward_eq", None, None),
        (
            "theorem norm_sq_backward (h : 0 < variance y + ε) :",
            "theorem norm_sq_backward (h : 0 ≤ variance y + ε) :",
            "type of h",
        ),
        (
            "theorem norm_sq_backward (h : 0 < variance y + ε) :",
            "theorem norm_sq_backward (h' : 0 < variance y + ε) :",
            "binders",
        ),
        (
            "theorem norm_sq_backward (h : 0 < variance y + ε) :",
            "theorem norm_sq_backward {h : 0 < variance y + ε} :",
            "binders",
        ),
        ("variable {ι : Type*} [Fintype ι] (γ : ℝ) {ε : ℝ}", "variable {ι : Type*} [Fintype ι] (γ : ℝ) (ε : ℝ)", "binders"),
        ("variable {ι : Type*} [Fintype ι] (γ", "variable {ι : Type*} [Fintype ι] [Nonempty ι] (γ", "binders"),
        ("term has the coefficient `2 - ρ`, which", "term has the coefficient `2 + ρ`, which", "docstring"),
        ('@[bridge "7ε"]\n', '@[bridge "7"]\n', "equation"),
        ('@[bridge "7ε"]\n', '\n@[bridge "7ε"]\n', "line"),
        ('@[bridge "7ε"]\n', '@[bridge "7ε" "a remark"]\n', "comment"),
        ("theorem norm_sq_backward (h", "theorem norm_sq_of_backward (h", "declaration"),
    ],
)
def test_a_source_that_was_changed(export: Export, old: str, new: str | None, what: str | None) -> None:
    """One place of the source changed: what is found is that place."""
    if new is None:
        new, what = old.replace("(2 - variance", "(2 + variance"), "statement"
    found = differences(changed(the_library(), FILE, old, new), export.theorems[NORM])
    assert what in [one.what for one in found]
    assert {one.name for one in found} == {NORM}


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("γ ^ 2 /", "γ ^ 3 /", "statement"),
        ("‖g‖ ^ 2 -", "‖g‖ ^ 2 +", "statement"),
        ("BatchNorm.normalize ε y⟫", "BatchNorm.normalize 0 y⟫", "statement"),
        ("⟪BatchNorm.ones, g⟫ ^ 2", "⟪g, BatchNorm.ones⟫ ^ 2", "statement"),
        ("⟪BatchNorm.ones, g⟫", "⟪LayerNorm.ones, g⟫", "statement"),
        ("y / (BatchNorm.variance y + ε))", "y / BatchNorm.variance y + ε)", "statement"),
        ("(h : 0 < BatchNorm.variance y + ε)", "(h : 0 < BatchNorm.variance y)", "type of h"),
        ("{ε : ℝ}", "(ε : ℝ)", "binders"),
        ("(γ : ℝ) {ε : ℝ}", "{ε : ℝ} (γ : ℝ)", "binders"),
        ("[Fintype ι] ", "", "binders"),
        ("BatchNorm.norm_sq_backward.{u_1}", "BatchNorm.norm_sq_backwards.{u_1}", "name in the statement"),
    ],
)  # fmt: skip
def test_an_export_that_was_changed(export: Export, old: str, new: str, what: str) -> None:
    """One place of the printed statement changed: what is found is that place, with its text."""
    found = differences(the_library(), restated(export.theorems[NORM], old, new))
    assert [one.what for one in found] == [what]
    assert found[0].why or found[0].source != found[0].export


def test_both_texts_are_said(export: Export) -> None:
    """What stands in the source and what stands in the export, to the smallest part that differs."""
    (one,) = differences(the_library(), restated(export.theorems[NORM], "γ ^ 2 /", "γ ^ 3 /"))
    assert one.why == "2 in the source, 3 in the export"


def test_fields_of_the_export(export: Export) -> None:
    """Place, docstring, label and hypotheses are compared by themselves."""
    theorem = export.theorems[NORM]
    (h,) = theorem.hypotheses
    for other, what in (
        (replace(theorem, file="lean/BatchNorm/Bound.lean"), "file"),
        (replace(theorem, line=theorem.line + 1), "line"),
        (replace(theorem, docstring="Another one."), "docstring"),
        (replace(theorem, equation="7"), "equation"),
        (replace(theorem, comment="a remark"), "comment"),
        (replace(theorem, hypotheses=(replace(h, statement="0 < BatchNorm.variance y"),)), "hypothesis h"),
        (replace(theorem, hypotheses=(replace(h, name="k"),)), "hypothesis k"),
        (replace(theorem, hypotheses=()), "names"),
        (replace(theorem, variables=theorem.variables[1:]), "names"),
        (replace(theorem, indices=tuple(replace(i, nonempty=True) for i in theorem.indices)), "index ι"),
    ):
        assert what in [one.what for one in differences(the_library(), other)], what


def test_what_is_on_one_side_only(export: Export) -> None:
    """A theorem that is exported and not in the sources, and one that is marked and not exported."""
    theorem = replace(export.theorems[NORM], name="BatchNorm.nowhere")
    (one,) = differences(the_library(), theorem)
    assert (one.what, one.why) == ("declaration", "exported, and not in the sources")
    rest = {name: theorem for name, theorem in {**export.theorems, **export.definitions}.items() if name != NORM}
    (one,) = compare(the_library(), rest)
    assert (one.name, one.why) == (NORM, "marked, and not exported")


def test_a_definition_that_was_changed(export: Export) -> None:
    """Its body counts: the biased variance is not the unbiased one."""
    old = "(∑ i, (y i - mean y) ^ 2) / Fintype.card ι"
    library = changed(the_library(), "lean/BatchNorm/Defs.lean", old, "(∑ i, (y i - mean y) ^ 2) / (Fintype.card ι - 1)")
    (one,) = differences(library, export.definitions["BatchNorm.variance"])
    assert one.what == "body"
    assert one.why == "((Fintype.card ι) - 1) in the source, (Fintype.card ι) in the export"


def test_what_lean_prints_alike(export: Export) -> None:
    """The notations of the table: each is in use somewhere, so that the first test is about them."""
    assert of(export, NORM) == []
    source = "\n".join(the_library().sources.values())
    for written in (
        "↦",
        "∇",
        "𝓝",
        "(X†)",
        "(ones : EuclideanSpace ℝ ι)",
        "Type*",
        "∃ X : W →L[ℝ] E",
        "open BlockNorm (normalize)",
    ):
        assert written in source, written
    statements = "\n".join(theorem.statement for theorem in export.theorems.values())
    for printed in ("=>", "gradient", "nhds", "ContinuousLinearMap.adjoint", "↑(", ".ofLp", "Type u_1", "∃ X, ", "∀ (c : κ)"):
        assert printed in statements, printed


def test_an_instance_that_a_definition_brings(export: Export) -> None:
    """Left out of the export is what the definition does not need, and of known classes of its variables only."""
    old = "noncomputable def mean (y :"
    mean = export.definitions["BatchNorm.mean"]
    for bad in ("[HDiv ℝ ℕ ℝ]", "[NormedAddCommGroup ℝ]", "[InnerProductSpace ℝ ℝ]", "[Norm (EuclideanSpace ℝ ι)]"):
        library = changed(the_library(), "lean/BatchNorm/Defs.lean", old, f"noncomputable def mean {bad} (y :")
        assert "binders" in [one.what for one in differences(library, mean)], bad
    for harmless in ("[DecidableEq ι]", "[Nonempty ι]"):
        library = changed(the_library(), "lean/BatchNorm/Defs.lean", old, f"noncomputable def mean {harmless} (y :")
        assert "binders" not in [one.what for one in differences(library, mean)], harmless
