"""Lakefile, manifest and comparator's configuration by what they say; claims against proofs by their text."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pybridge.audit.build import build
from pybridge.audit.claims import claims
from pybridge.errors import InputError

ROOT = Path(__file__).resolve().parents[2]
Json = dict[str, Any]


def edited(checkout: Path, file: str, old: str, new: str) -> Path:
    """The checkout with one place of a file changed."""
    text = (checkout / file).read_text(encoding="utf-8")
    assert old in text
    (checkout / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return checkout


def rewritten(checkout: Path, file: str, change: Callable[[Json], object]) -> Path:
    """The checkout with one JSON file changed."""
    document = json.loads((checkout / file).read_text(encoding="utf-8"))
    change(document)
    (checkout / file).write_text(json.dumps(document), encoding="utf-8")
    return checkout


def built(checkout: Path) -> list[str]:
    """What differs in what is built."""
    return [one.what for one in build(checkout).differences]


def claimed(checkout: Path) -> set[tuple[str, str]]:
    """What differs between what is claimed and what is proved."""
    return {(one.name.rpartition(".")[2], one.what) for one in claims(checkout).differences}


def test_as_it_is() -> None:
    assert built(ROOT) == []
    assert claimed(ROOT) == set()


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('srcDir := "lean"', 'srcDir := "evil"', ["library BatchNorm"]),
        ("`autoImplicit, false", "`autoImplicit, true", ["option autoImplicit"]),
        ("⟨`autoImplicit, false⟩", "⟨`debug.skipKernelTC, true⟩", ["option debug.skipKernelTC"]),
        ("⟨`autoImplicit, false⟩", "(evil)", ["options"]),
        ("https://github.com/leanprover-community/mathlib4", "https://example.org/mathlib4", ["mathlib"]),
        (
            "lean_lib Solution where",
            "lean_lib Batteries where\n  leanOptions := projectOptions\n\nlean_lib Solution where",
            None,
        ),
        ("lean_lib Solution where", 'lean_lib Solution where\n  moreLeanArgs := #["-D"]', ["command", "library Solution"]),
        ("open Lake DSL", "open Lake DSL\n#eval 1", None),
    ],
)
def test_the_lakefile(old: str, new: str, what: list[str] | None, checkout: Path) -> None:
    """Another folder, option, place of mathlib, library or command: each a difference, whatever the hashes say."""
    found = built(edited(checkout, "lakefile.lean", old, new))
    assert found[: len(what)] == what if what else found


def test_what_is_not_known_ends_what_is_read(checkout: Path) -> None:
    """Arguments for Lean are none of what a library may have: what is known is said, and that the rest was not looked at."""
    edited(checkout, "lakefile.lean", "lean_lib Challenge where", 'lean_lib Challenge where\n  moreLeanArgs := #["-D"]')
    command, *libraries = build(checkout).differences
    assert command.export.startswith("lean_lib Challenge where moreLeanArgs")
    assert "lean_lib with srcDir and projectOptions alone" in command.source
    assert {one.what for one in libraries} == {"library Challenge", "library Solution"}
    assert all(one.why.startswith("not read: ") for one in libraries)


@pytest.mark.parametrize(
    ("package", "change", "what"),
    [
        ("mathlib", {"type": "path"}, {"type of mathlib"}),
        ("mathlib", {"url": "https://github.com/leanprover-community/evil"}, {"url of mathlib"}),
        ("mathlib", {"rev": "b" * 39 + "c"}, {"commit of mathlib v4.27.0"}),
        ("mathlib", {"inputRev": "v4.1.0"}, {"commit of mathlib v4.1.0"}),
        ("aesop", {"rev": "0" * 40}, {"rev of aesop"}),
        ("aesop", {"rev": "main"}, {"rev of aesop"}),
        ("aesop", {"rev": "a3a10db0e9d66acbebf76c5e6a135066525ac900"}, {"rev"}),
        ("batteries", {"url": "https://example.org/batteries"}, {"url of batteries"}),
        ("batteries", {"subDir": "evil"}, {"subDir of batteries"}),
    ],
)
def test_the_manifest(package: str, change: Json, what: set[str], checkout: Path) -> None:
    """Each package is a commit of a repository of Lean's or mathlib's; mathlib the commit of its tag."""

    def changed(document: Json) -> None:
        next(one for one in document["packages"] if one["name"] == package).update(change)

    assert set(built(rewritten(checkout, "lake-manifest.json", changed))) == what


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda one: one["permitted_axioms"].append("sorryAx"), ["permitted_axioms"]),
        (lambda one: one.update(solution_module="Challenge"), ["solution_module"]),
        (lambda one: one.update(enable_nanoda=False), ["enable_nanoda"]),
        (lambda one: one.update(definition_names=["Santurkar2018.mean"]), ["definition_names"]),
        (lambda one: one.update(more=1), ["more"]),
    ],
)
def test_comparator(change: Callable[[Json], object], what: list[str], checkout: Path) -> None:
    assert [one.what for one in build(rewritten(checkout, "comparator.json", change)).differences] == what


def test_theorems_that_are_not_compared(checkout: Path) -> None:
    """All theorems of Challenge.lean, and no others."""

    def first(document: Json) -> None:
        del document["theorem_names"][1:]

    found = build(rewritten(checkout, "comparator.json", first)).differences
    text = (ROOT / "Challenge.lean").read_text(encoding="utf-8")
    assert len(found) == text.count("\ntheorem ") - 1
    assert {one.export for one in found} == {"not compared"}


def test_no_files(checkout: Path) -> None:
    """One line."""
    (checkout / "comparator.json").write_text("[]", encoding="utf-8")
    with pytest.raises(InputError, match=r"comparator\.json: no configuration"):
        build(checkout)
    (checkout / "lakefile.lean").unlink()
    with pytest.raises(InputError, match=r"lakefile\.lean: No such file"):
        build(checkout)
    (checkout / "Solution.lean").unlink()
    with pytest.raises(InputError, match=r"Solution\.lean: No such file"):
        claims(checkout)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("    ∃ d, HasGradientAt (fun y ↦ L (forward γ β ε y)) d y :=", "    True ∨ False :=", {("exists_gradient", "type")}),
        ("    forward (scale ε y) (mean y) ε y = y :=", "    forward (scale ε y) (mean y) ε y = y ∨ True :=", None),
        ("(∑ i, y i) / Fintype.card ι", "(∑ i, y i)", {("mean", "body")}),
        ("theorem exists_gradient (hL", "theorem exists_gradient (h0 : False) (hL", {("exists_gradient", "binders")}),
        ("open scoped Gradient", "open scoped Evil", {("lean", "command")}),
    ],
)
def test_a_solution_of_something_else(old: str, new: str, what: set[tuple[str, str]] | None, checkout: Path) -> None:
    """Statements, binders, definitions and what is open are those of Challenge.lean."""
    found = claimed(edited(checkout, "Solution.lean", old, new))
    assert found == (what or {("observation_four_three", "type")})


def test_a_name_of_mathlib(checkout: Path) -> None:
    """In both files alike: it would be taken for mathlib's."""
    for file in ("Challenge.lean", "Solution.lean"):
        more = "\n\nnoncomputable def Real.sqrt (_ : ℝ) : ℝ := 0\n\ndef HasGradientAt := 1\n"
        edited(checkout, file, "namespace Santurkar2018", f"namespace Santurkar2018{more}")
    assert claimed(checkout) == {("sqrt", "name"), ("HasGradientAt", "name")}


def test_one_that_is_proved_and_not_claimed(checkout: Path) -> None:
    edited(checkout, "Solution.lean", "/-! ### The layer -/", "theorem more : True := trivial")
    assert claimed(checkout) == {("more", "declaration")}
