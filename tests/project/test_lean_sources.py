"""The Lean sources as text: nothing is assumed, every file is built, every file has its header. Needs no Lean."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lean_text import code

LEAN = Path(__file__).resolve().parents[2] / "lean"
FILES = sorted(LEAN.rglob("*.lean"))
FOLDERS = sorted({file.relative_to(LEAN).parts[0] for file in FILES if file.parent != LEAN})
TESTS = "BridgeTest"
"""The folder of the Lean tests: that ``sorry`` is refused is tested there, and the files have no ``module`` header."""
NOT_BUILT = {"BridgeTest.Command"}
"""Imported by the tests that use it only."""

FORBIDDEN = {
    "sorry": r"(?<![\w.'!?])sorry(?![\w'!?])",
    "admit": r"(?<![\w.'!?])admit(?![\w'!?])",
    "axiom": r"(?<![\w.'!?])axiom(?![\w'!?])",  # a keyword: where it stands by itself, it declares one
    "native_decide": r"(?<![\w.'!?])native_decide(?![\w'!?])|\+native\b",  # `decide +native` is the same
}
HEADER = re.compile(
    r"""/-
Copyright \(c\) \d{4} [^\n]+\. All rights reserved\.
Released under Apache 2\.0 license as described in the file LICENSE\.
Authors: [^\n]+
-/
"""
)
_IMPORT = re.compile(r"^(?:public )?(?:meta )?import (?:all )?(\S+)\s*$", re.MULTILINE)


def assumed(text: str) -> set[str]:
    """The forbidden words that Lean would read in ``text``."""
    plain = code(text)
    return {word for word, pattern in FORBIDDEN.items() if re.search(pattern, plain)}


def forgotten(root: str, modules: set[str]) -> set[str]:
    """The ``modules`` that the file with the text ``root`` does not import."""
    return modules - set(_IMPORT.findall(code(root)))


def module(file: Path) -> str:
    """The name of the module in ``file``."""
    return ".".join(file.relative_to(LEAN).with_suffix("").parts)


def named(file: Path) -> str:
    """What the test of ``file`` is called."""
    return file.relative_to(LEAN).as_posix()


def test_there_are_files() -> None:
    """The tests below are about something."""
    assert {"BatchNorm", "Bridge", TESTS} <= set(FOLDERS)
    assert len(FILES) > len(FOLDERS)


@pytest.mark.parametrize("file", [file for file in FILES if TESTS not in file.relative_to(LEAN).parts], ids=named)
def test_nothing_is_assumed(file: Path) -> None:
    """No proof is left out, and none rests on the compiler."""
    assert assumed(file.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize("file", FILES, ids=named)
def test_header(file: Path) -> None:
    """Every file begins with the copyright header."""
    assert HEADER.match(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", [one for one in FILES if "BridgeTest" not in one.parts], ids=named)
def test_lines_are_short(file: Path) -> None:
    """As mathlib has them, counted in characters; what BridgeTest expects of a message is one line, however long."""
    assert [line for line in file.read_text(encoding="utf-8").splitlines() if len(line) > 100] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_root_imports_every_module(folder: str) -> None:
    """What the root file does not import, ``lake build`` does not check."""
    modules = {module(file) for file in (LEAN / folder).rglob("*.lean")} - NOT_BUILT
    assert len(modules) > 0
    assert forgotten((LEAN / f"{folder}.lean").read_text(encoding="utf-8"), modules) == set()


@pytest.mark.parametrize("file", [file for file in FILES if file.relative_to(LEAN).parts[0] in {*FOLDERS} - {TESTS}], ids=named)
def test_module_header(file: Path) -> None:
    """Every file of a library is a module."""
    assert code(file.read_text(encoding="utf-8")).split()[0] == "module"


# The tests' own tests.


@pytest.mark.parametrize(
    ("word", "sample"),
    [
        ("sorry", "theorem t : 1 = 2 := by sorry"),
        ("sorry", "theorem t : 1 = 2 := (sorry)"),
        ("sorry", 'def s := s!"{(sorry : Nat)}"'),
        ("sorry", "/- a /- nested -/ comment -/ theorem t : 1 = 2 := sorry"),
        ("sorry", 'def s := "a \\" quote" ++ sorry'),
        ("sorry", "def c := '\"' theorem t : 1 = 2 := sorry -- \""),
        ("sorry", "theorem t' : 1 = 2 := sorry' <|> sorry"),
        ("sorry", 'def s := r"a \\" ++ sorry'),
        ("admit", "theorem t : 1 = 2 := by\n  admit"),
        ("axiom", "axiom a : 1 = 2"),
        ("axiom", "@[simp] private axiom a : 1 = 2"),
        ("native_decide", "theorem t : 1 = 2 := by native_decide"),
        ("native_decide", "theorem t : 1 = 2 := by decide +native"),
    ],
)
def test_a_word_is_found(word: str, sample: str) -> None:
    """Each forbidden word is found in code."""
    assert assumed(sample) == {word}


@pytest.mark.parametrize("word", FORBIDDEN)
@pytest.mark.parametrize(
    "sample",
    [
        "-- {}\ndef one := 1",
        "/- a /- nested {} -/ comment {} -/ def one := 1",
        "/-- a docstring with `{}` -/ def one := 1",
        "/-! -- {} -/",
        'def s := "{}"',
        'def s := "a \\" quote {}"',
        'def s := "-- /-" ++ "{}"',
        'def s := r#"a " quote {}"#',
        "def x{} := 1",
        "def {}s := 1",
        "def x.{} := 1",
        "def {}' := 1",
        "def «{}» := 1",
    ],
)
def test_a_word_is_not_found(word: str, sample: str) -> None:
    """No forbidden word is found in a comment, a string or another name."""
    assert assumed(sample.replace("{}", word)) == set()


@pytest.mark.parametrize("sample", ["/- no end", "/- a /- b -/", 'def s := "no end', 'def s := r#"no end"'])
def test_no_end(sample: str) -> None:
    """What follows a comment or string without an end is not passed over."""
    with pytest.raises(ValueError, match="without its end"):
        code(sample)


def test_a_module_is_forgotten() -> None:
    """A module that is not imported is found, also where a comment names it."""
    root = "module\n\npublic import A.B\nimport A.C\n-- import A.D\n"
    assert forgotten(root, {"A.B", "A.C", "A.D"}) == {"A.D"}


@pytest.mark.parametrize("text", ["", "/- Copyright -/\nmodule\n", "module\n"])
def test_no_header(text: str) -> None:
    """A file without the header is found."""
    assert not HEADER.match(text)
