"""The scan of the sources: each word that changes what a text means, or proves without a proof, asks for a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lean_library import the_library

from pybridge.audit.scan import ALLOWED, MEANING, UNSOUND, read_allowed, scan, words
from pybridge.errors import InputError
from pybridge.surface.library import read_library

ROOT = Path(__file__).resolve().parents[2]
DEFS = Path("lean") / "BatchNorm" / "Defs.lean"


def test_as_they_are() -> None:
    """Every use is allowed, with a reason; Challenge.lean and Solution.lean are among the files."""
    section = scan(the_library(), ROOT)
    assert section.differences == ()
    bridge = {file for file in (one.file for one in read_allowed(ROOT)) if file.startswith("lean/Bridge/")}
    assert section.said.startswith(f"{len(the_library().sources) + 2 + len(bridge)} files scanned")
    assert bridge == {"lean/Bridge/Attr.lean", "lean/Bridge/Proofs.lean"}
    assert {one.file for one in read_allowed(ROOT) if one.word == "sorry"} == {"Challenge.lean"}


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("axiom magic : False", "axiom"),
        ("theorem t : False := by sorry", "sorry"),
        ("theorem t : False := by exact sorryAx _ false", "sorryAx"),
        ("theorem t : 1 = 1 := by native_decide", "native_decide"),
        ("theorem t : 1 = 1 := by decide +native", "native_decide"),
        ("theorem t : 1 = 1 := Lean.ofReduceBool _ _ rfl", "ofReduceBool"),
        ("@[implemented_by g] def f : Nat := 1", "implemented_by"),
        ('@[extern "f"] def f : Nat := 1', "extern"),
        ("unsafe def f : Nat := 1", "unsafe"),
        ("opaque f : Nat", "opaque"),
        ("partial def f : Nat := f", "partial"),
        ('local notation "√" x => x', "notation"),
        ('scoped infixl:65 " + " => f', "infixl"),
        ('macro "x" : term => `(1)', "macro"),
        ('syntax "x" : term', "syntax"),
        ('elab "x" : term => pure 1', "elab"),
        ("local instance : Add Real := ⟨fun x _ => x⟩", "instance"),
        ("attribute [local instance] f", "instance"),
        ("attribute [-instance] f", "instance"),
        ("set_option debug.skipKernelTC true", "set_option"),
        ("set_option pp.all true in", "set_option"),
        ("open Real renaming sqrt → abs", "renaming"),
        ("run_cmd pure ()", "run_cmd"),
        ("theorem t : a\u202e = b := x", "U+202E"),
    ],
)
def test_what_asks_for_a_reason(line: str, word: str) -> None:
    """Each word, and the whole line."""
    found = list(words(f"def x := 1\n\n{line}\n", "A.lean"))
    assert found
    assert {(one.line, one.text) for one in found} == {(3, line)}
    assert word in {one.word for one in found}


@pytest.mark.parametrize(
    "line",
    [
        "-- no axiom, no sorry",
        "/-! macro, notation -/",
        "/-- An instance of `sorry`. -/\ndef x := 1",
        'def x := "axiom"',
        "set_option maxHeartbeats 400000 in",
        "set_option linter.unusedVariables false in",
        "theorem instance_of : x.partial_sum = y := instances",
        "theorem t : prefix_of a b := x.notation",
    ],
)
def test_what_asks_for_none(line: str) -> None:
    """Comments, docstrings, strings, names that hold such a word, options that change no meaning."""
    assert list(words(line, "A.lean")) == []


def test_the_words_are_words() -> None:
    """No word is in both lists, and there are those that an allow-list is about."""
    assert not UNSOUND & MEANING
    assert {one.word for one in read_allowed(ROOT)} <= UNSOUND | MEANING


def test_an_axiom_in_a_source(checkout: Path) -> None:
    """Named with file and line; the one allowed in another file allows nothing here."""
    file = checkout / DEFS
    text = file.read_text(encoding="utf-8")
    file.write_text(f"{text}\naxiom magic : False\n", encoding="utf-8")
    (found,) = scan(read_library(checkout), checkout).differences
    assert (found.name, found.what) == (f"{DEFS.as_posix()}:{text.count(chr(10)) + 2}", "axiom")
    assert found.source == "axiom magic : False"


def test_a_sorry_in_the_solution(checkout: Path) -> None:
    """Challenge.lean has them by design, Solution.lean has none."""
    file = checkout / "Solution.lean"
    file.write_text(file.read_text(encoding="utf-8") + "\ntheorem t : False := by\n  sorry\n", encoding="utf-8")
    (found,) = scan(read_library(checkout), checkout).differences
    assert (found.name.partition(":")[0], found.what) == ("Solution.lean", "sorry")


def test_an_import_from_elsewhere(checkout: Path) -> None:
    """A library that is none of those known; a file of the project that is imported is scanned as well."""
    file = checkout / DEFS
    text = file.read_text(encoding="utf-8")
    added = text.replace(
        "\npublic import", "\npublic import Elsewhere.Notation\npublic import BridgeTest.More\npublic import", 1
    )
    assert added != text
    file.write_text(added, encoding="utf-8")
    (checkout / "lean" / "BridgeTest" / "More.lean").write_text("axiom more : False\n", encoding="utf-8")
    found = scan(read_library(checkout), checkout).differences
    assert [(one.name.partition(":")[0], one.what, one.source) for one in found] == [
        (DEFS.as_posix(), "import", "import Elsewhere.Notation"),
        ("lean/BridgeTest/More.lean", "axiom", "axiom more : False"),
    ]


def test_an_entry_that_allows_nothing(checkout: Path) -> None:
    """An allowed line that is not there, or not as it was, is a difference."""
    place = checkout / ALLOWED
    entries = json.loads(place.read_text(encoding="utf-8"))
    extra = {"file": "Solution.lean", "word": "axiom", "text": "axiom x : False", "why": "none"}
    place.write_text(json.dumps([*entries, extra]), encoding="utf-8")
    (found,) = scan(the_library(), checkout).differences
    assert (found.source, found.export) == ("no such line", "axiom x : False")


@pytest.mark.parametrize("entries", ["[", '[{"file": "a"}]', '[{"file": "a", "word": "b", "text": "c", "why": 1}]'])
def test_a_list_that_is_none(entries: str, checkout: Path) -> None:
    """One line that names the file."""
    (checkout / ALLOWED).write_text(entries, encoding="utf-8")
    with pytest.raises(InputError, match=r"allowed\.json: not a list of file, word, text and why"):
        scan(the_library(), checkout)


def test_an_entry_without_a_reason(checkout: Path) -> None:
    """A reason is asked for."""
    (checkout / ALLOWED).write_text('[{"file": "a", "word": "b", "text": "c", "why": " "}]', encoding="utf-8")
    with pytest.raises(InputError, match="no reason is given"):
        scan(the_library(), checkout)
