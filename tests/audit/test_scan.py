"""The scan of the sources: each word that changes what a text means, or proves without a proof, asks for a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lean_library import the_library

from pybridge.audit.allowances import ALLOWED, read_allowed
from pybridge.audit.scan import irregular, scan, words
from pybridge.audit.vocabulary import ATTRIBUTES, COMMANDS, MEANING, UNSOUND, can_be_allowed
from pybridge.surface.library import read_library
from pybridge.surface.tokens import SurfaceError

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
        ("theorem t : False := by stop trivial", "stop"),
        ("proof_wanted t : False", "proof_wanted"),
        ("theorem t : False := by admit", "admit"),
        ("theorem t : True := by decide (native := true)", "native"),
        ("theorem t : True := by bv_decide", "bv_decide"),
        ("theorem t : False := by run_tac f", "run_tac"),
        ("run_elab f", "run_elab"),
        ("run_meta f", "run_meta"),
        ("#eval f", "#eval"),
        ("#exit", "#exit"),
        ("def f := e.addDeclWithoutChecking d", "addDeclWithoutChecking"),
        ("def f := e.addDeclCore 0 d none", "addDeclCore"),
        ("def f := addDecl d", "addDecl"),
        ("def f := Lean.addAndCompile d", "addAndCompile"),
        ("def f := Lean.modifyEnv g", "modifyEnv"),
        ("@[term_elab Lean.Parser.Term.app] def f := 1", "term_elab"),
        ("@[simp, command_elab x] def f := 1", "command_elab"),
        ("@[tactic x] def f := 1", "tactic"),
        ("@[term_parser] def f := 1", "term_parser"),
        ("@[init] def f := 1", "init"),
        ("@[unification_hint] def f := 1", "unification_hint"),
        ("@[csimp] theorem f : a = b := c", "csimp"),
        ("@[local simp] theorem f : a = b := c", "local"),
        ("attribute [-simp] f", "attribute"),
        ("simproc_decl f (x) := g", "simproc_decl"),
        ("builtin_simproc f (x) := g", "builtin_simproc"),
        ("dsimproc f (x) := g", "dsimproc"),
        ("class F extends Norm E", "class"),
        ("alias f := g", "alias"),
        ("export F (g)", "export"),
        ("unseal f", "unseal"),
        ("irreducible_def f : Nat := 1", "irreducible_def"),
        ("declare_simp_like_tactic f", "declare_simp_like_tactic"),
        ("structure F where", "structure"),
        ("some_command f", "some_command"),
        ("end F some_command f", "some_command"),
        ("open F in some_command f", "in"),
        ("theorem t : False := «sorry»", "«»"),
        ("theorem t : «a b» := c", "«»"),
        ('theorem t : s!"{(sorry : String)}" = "" := f', "sorry"),
        ("import Mathlib", "import"),
    ],
)
def test_what_asks_for_a_reason(line: str, word: str) -> None:
    """Each word, and the whole line."""
    text = f"def x := 1\n\n{line}\n"
    found = [*words(text, "A.lean"), *irregular(text, "A.lean")]
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
    assert not (UNSOUND | MEANING - {"set_option"}) & (COMMANDS | ATTRIBUTES)


@pytest.mark.parametrize(
    "hiding",
    [
        "def c : Char := '\"'\naxiom e : False\ndef d : Char := '\"'",
        "def c : Char := '\\''\naxiom e : False\ndef d : Char := '\\''",
        "def x : Float := 1.\naxiom e : False",
        "def f' := \"a\"\naxiom e : False\ndef g'' := f '' s",
        "/- /- -/ -/ axiom e : False",
    ],
)
def test_what_may_hide_an_axiom(hiding: str) -> None:
    """A quote in a character is no string's, and the axiom between two of them is code."""
    assert "axiom" in {one.word for one in words(hiding, "A.lean")}


def test_an_instance_behind_a_number() -> None:
    """`1.` is a number, and its dot makes no name of the next word."""
    assert "instance" in {one.word for one in words("def x : Float := 1.\ninstance : F := f", "A.lean")}
    assert "instance" in {one.word for one in words("def x : Float := 1.instance", "A.lean")}
    assert [one.word for one in words("def x : F := .instance", "A.lean")] == []


@pytest.mark.parametrize(
    "text", ['def s := r"\\"', 'def s := r#"""#', "/--/ axiom e : False -/", "/-/- -/ x -/", "def c := 'ab'"]
)
def test_what_is_read_in_two_ways(text: str) -> None:
    """Raw strings, comments that begin with a slash, and a quote that begins no character are refused, with the file."""
    with pytest.raises(SurfaceError, match=r"^A\.lean: "):
        list(words(text, "A.lean"))


@pytest.mark.parametrize(
    "line",
    [
        "public import «Evil»",
        "  public import Evil",
        "public import Mathlib.X public import Evil",
        "/- -/ public import Evil",
        "public import\n  Evil",
        "open F\npublic import Evil",
    ],
)
def test_an_import_that_is_not_plain(line: str, checkout: Path) -> None:
    """It is refused, so that no file is imported that is not scanned."""
    change(checkout / DEFS, "\npublic import", f"\n{line}\npublic import")
    assert "import" in [one.what for one in scan(read_library(checkout), checkout).differences]


def change(file: Path, old: str, new: str) -> None:
    """Replace the first of ``old`` in a file."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("place", "added", "name", "why"),
    [
        (
            *("lean/Bridge/Attr.lean", "namespace BatchNorm\npublic def Fintype.card (α : Type) : Nat := 1\nend BatchNorm"),
            *("BatchNorm.Fintype.card", "may be meant where Fintype.card of mathlib is read"),
        ),
        (
            *("lean/Bridge/Attr.lean", "def EuclideanSpace := 1"),
            *("EuclideanSpace", "may be meant where EuclideanSpace of mathlib is read"),
        ),
        (
            *("lean/Bridge/Attr.lean", "namespace LayerNorm\ndef mean := 1\nend LayerNorm"),
            *("LayerNorm.mean", "outside of the library, and not in the namespace Bridge"),
        ),
        (
            *("lean/BatchNorm/Defs.lean", "def BatchNorm.gradient := 1"),
            *("BatchNorm.gradient", "may be meant where gradient of mathlib is read"),
        ),
        (
            *("lean/BatchNorm/Defs.lean", "open InnerProductSpace\ndef rankOne := 1"),
            *("rankOne", "may be meant where InnerProductSpace.rankOne of mathlib is read"),
        ),
        ("lean/BatchNorm/Defs.lean", "open Bridge\ndef one := 1", "one", "stands where Bridge is open"),
    ],
)
def test_a_name_of_mathlib(place: str, added: str, name: str, why: str, checkout: Path) -> None:
    """A plain definition, in the library or in what it imports, that texts would mean in mathlib's place."""
    file = checkout / place
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{added}\n", encoding="utf-8")
    found = scan(read_library(checkout), checkout).differences
    assert (name, why) in [(one.source, one.why) for one in found]


@pytest.mark.parametrize("word", ["axiom", "sorry", "native_decide", "stop", "implemented_by", "extern", "unsafe", "run_tac"])
def test_no_reason_allows_it(word: str, checkout: Path) -> None:
    """Neither in the library nor in the solution is there a reason for what proves without a proof."""
    assert not can_be_allowed("Solution.lean", word)
    assert not can_be_allowed("lean/Bridge/Attr.lean", "import")
    file = checkout / DEFS
    line = f"theorem t : False := by {word}"
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    place = checkout / ALLOWED
    entry = {"file": DEFS.as_posix(), "word": word, "text": line, "why": "a good one"}
    place.write_text(json.dumps([*json.loads(place.read_text(encoding="utf-8")), entry]), encoding="utf-8")
    (found,) = scan(read_library(checkout), checkout).differences
    assert (found.what, found.why) == (word, "no reason allows it here")


def test_what_is_allowed_is_said() -> None:
    """Each entry of the list, with its reason and with every place where the line stands."""
    section = scan(the_library(), ROOT)
    listed = [(one.file, one.word, one.text, one.why) for one in section.allowed]
    assert listed == [(one.file, one.word, one.text, one.why) for one in read_allowed(ROOT)]
    assert f": {sum(len(one.lines) for one in section.allowed)} uses, each allowed" in section.said
    for one in section.allowed:
        lines = (ROOT / one.file).read_text(encoding="utf-8").split("\n")
        assert one.lines
        assert list(one.lines) == sorted(one.lines)
        assert {" ".join(lines[line - 1].split()) for line in one.lines} == {one.text}


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
        ("lean/BridgeTest/More.lean", "name", "more"),
    ]


def test_an_entry_that_allows_nothing(checkout: Path) -> None:
    """An allowed line that is not there, or not as it was, is a difference."""
    place = checkout / ALLOWED
    entries = json.loads(place.read_text(encoding="utf-8"))
    extra = {"file": "Solution.lean", "word": "axiom", "text": "axiom x : False", "why": "none"}
    place.write_text(json.dumps([*entries, extra]), encoding="utf-8")
    (found,) = scan(the_library(), checkout).differences
    assert (found.source, found.export) == ("no such line", "axiom x : False")
