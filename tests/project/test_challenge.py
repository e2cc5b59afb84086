"""Challenge.lean says what is claimed, on mathlib alone; Solution.lean proves it; comparator.json names every claim."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from lean_text import code

ROOT = Path(__file__).resolve().parents[2]
CHALLENGE, SOLUTION = (ROOT / f"{name}.lean" for name in ("Challenge", "Solution"))
_HEADER = re.compile(r"\A/-\nCopyright.*?-/\n(?P<imports>(?:import \S+\n)+)\n/-!.*?-/\n", re.DOTALL)
_BLOCK = re.compile(r"(?m)^(?=/--|/-!|theorem |noncomputable def |def |section|end\b|variable|namespace|open )")
_THEOREM = re.compile(r"\Atheorem (?P<name>\w+)")
_PROOF = re.compile(r" :=(?: by)?\n")
ALLOWED = {"propext", "Quot.sound", "Classical.choice"}


def imports(file: Path) -> list[str]:
    """What a file imports."""
    header = _HEADER.match(file.read_text(encoding="utf-8"))
    assert header is not None
    return re.findall(r"import (\S+)", header["imports"])


def blocks(file: Path) -> list[str]:
    """A file's text after its own docstring, cut where a declaration, a docstring or a command begins."""
    text = file.read_text(encoding="utf-8")
    header = _HEADER.match(text)
    assert header is not None
    return _BLOCK.split(text[header.end() :])


def split(block: str) -> tuple[str, str]:
    """The statement of a theorem, and its proof."""
    first = _PROOF.search(block)
    assert first is not None
    return block[: first.start()], block[first.end() :]


def test_the_statements_are_the_same_and_only_the_proofs_differ() -> None:
    """Text by text: definitions, variables, docstrings and statements."""
    challenge, solution = blocks(CHALLENGE), blocks(SOLUTION)
    assert len(challenge) == len(solution)
    theorems = 0
    for claimed, proved in zip(challenge, solution, strict=True):
        if _THEOREM.match(claimed):
            theorems += 1
            assert split(claimed)[0] == split(proved)[0]
        else:
            assert claimed == proved
    assert theorems > 15


def test_the_challenge_rests_on_mathlib_alone_and_proves_nothing() -> None:
    """Every theorem of it is open, and no definition is."""
    assert imports(CHALLENGE)
    assert all(name.startswith("Mathlib.") for name in imports(CHALLENGE))
    for block in blocks(CHALLENGE):
        if _THEOREM.match(block):
            assert split(block)[1].strip() == "sorry"
        else:
            assert "sorry" not in code(block)


def test_the_solution_rests_on_the_library_and_leaves_nothing_open() -> None:
    """No axiom, no ``sorry``, no evaluation by the compiler."""
    assert imports(SOLUTION) == ["BatchNorm"]
    text = code(SOLUTION.read_text(encoding="utf-8"))
    assert not re.search(r"\b(sorry|axiom|native_decide|admit|unsafe|implemented_by|extern)\b", text)


def test_comparator_is_told_of_every_theorem_and_of_no_other_axiom() -> None:
    """Else a claim could be left out, or proved from one that assumes it."""
    told = json.loads((ROOT / "comparator.json").read_text(encoding="utf-8"))
    names = [f"Santurkar2018.{found['name']}" for block in blocks(CHALLENGE) if (found := _THEOREM.match(block))]
    assert told["theorem_names"] == names
    assert (told["challenge_module"], told["solution_module"]) == (CHALLENGE.stem, SOLUTION.stem)
    assert set(told["permitted_axioms"]) == ALLOWED


@pytest.mark.parametrize("file", [CHALLENGE, SOLUTION], ids=["Challenge", "Solution"])
def test_lake_builds_them_and_lines_are_short(file: Path) -> None:
    """As libraries of their own, so that comparator finds them."""
    lakefile = (ROOT / "lakefile.lean").read_text(encoding="utf-8")
    assert re.search(rf"^lean_lib {file.stem} where$", lakefile, re.MULTILINE)
    assert [line for line in file.read_text(encoding="utf-8").splitlines() if len(line) > 100] == []
