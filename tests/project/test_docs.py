"""docs/*.md say what is so: every name in them is a declaration of the Lean library, and no claim of the export is left out."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from lean_text import code

from pybridge.export.loading import Export
from pybridge.mutation.mutants import mutants
from pybridge.mutation.run import declarations
from pybridge.mutation.survivors import read
from pybridge.testing import assert_computes

ROOT = Path(__file__).resolve().parents[2]
DOCS = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"]
LIBRARY = sorted((ROOT / "lean" / "BatchNorm").rglob("*.lean"))
COMMENTED = [*sorted((ROOT / "lean").rglob("*.lean")), ROOT / "Challenge.lean", ROOT / "Solution.lean"]
"""The Lean files whose comments are held to the names."""
_DECLARATION = re.compile(
    r"^(?P<namespace>namespace (?P<opened>\S+))|^(?P<end>end (?P<closed>\S+))"
    r"|^(?:@\[[^\]]*\]\s*)?(?:(?:noncomputable|protected) )*(?P<kind>theorem|def|abbrev) (?P<name>\S+)",
    re.MULTILINE,
)
_SPACES = "BatchNorm|BlockNorm|GroupNorm|HasVJPAt|InstanceNorm|LayerNorm|Normalization|RMSNorm"
_NAMES = re.compile(rf"`((?:\w+\.)?[a-z]\w*(?:_\w+)+|(?:{_SPACES})\.[\w.]+)`")
_OURS = re.compile(rf"`((?:{_SPACES})\.[\w.]+)`")
_SNAKE = re.compile(r"`([A-Za-z][\w.']*_[\w.']*)`")
_WORD = re.compile(r"[\w.']+")
OTHERS_IN_COMMENTS = {
    *("Nat.cast_le", "Nat.cast_lt", "Orthonormal.sum_inner_products_le", "Real.coe_toNNReal'"),
    *("f._proof_1", "f.eq_1", "f.match_1"),
}
"""What a comment names and no code here uses: of mathlib's, and as examples of what Lean makes by itself."""


def declared(*kinds: str) -> set[str]:
    """The full names of the library's theorems and definitions, or of those of some kinds only; private ones left out."""
    names: set[str] = set()
    for file in LIBRARY:
        namespaces: list[str] = []
        for found in _DECLARATION.finditer(code(file.read_text(encoding="utf-8"))):
            if found["namespace"]:
                namespaces.append(found["opened"])
            elif found["end"]:
                if namespaces and namespaces[-1] == found["closed"]:
                    namespaces.pop()
            elif not kinds or found["kind"] in kinds:
                names.add(".".join([*namespaces, found["name"]]))
    return names


def test_scanner_knows_the_exported(export: Export) -> None:
    """The scanner finds every exported declaration, so that a name it does not find is not there."""
    assert {*export.theorems, *export.definitions} <= declared()


@pytest.mark.parametrize("file", DOCS, ids=lambda file: file.name)
def test_names_exist(file: Path) -> None:
    """Every theorem that a document names is in the Lean library."""
    named = {name for name in _NAMES.findall(file.read_text(encoding="utf-8")) if "." in name or name.count("_") > 2}
    assert named - declared() == set()


@pytest.mark.parametrize("file", COMMENTED, ids=lambda file: file.name)
def test_names_in_lean_comments_exist(file: Path) -> None:
    """Every declaration of ours, and every module, that a docstring or comment of the library names is there."""
    modules = {".".join(one.relative_to(ROOT / "lean").with_suffix("").parts) for one in LIBRARY}
    assert set(_OURS.findall(file.read_text(encoding="utf-8"))) - declared() - modules == set()


@pytest.fixture(scope="module")
def written() -> set[str]:
    """The declarations of the library and the words of its code, with and without what stands before a dot."""
    words = {word for file in COMMENTED for word in _WORD.findall(code(file.read_text(encoding="utf-8")))} | declared()
    return {".".join(parts[place:]) for parts in (word.split(".") for word in words) for place in range(len(parts))}


@pytest.mark.parametrize("file", COMMENTED, ids=lambda file: file.name)
def test_names_without_a_namespace_in_lean_comments_exist(file: Path, written: set[str]) -> None:
    """A theorem that was renamed is named by its new name in the comments, too, whatever namespace is open there."""
    assert set(_SNAKE.findall(file.read_text(encoding="utf-8"))) - written - OTHERS_IN_COMMENTS == set()


def test_lean_comments_name_theorems() -> None:
    """The test above is about something."""
    assert len(_OURS.findall((ROOT / "lean" / "BatchNorm.lean").read_text(encoding="utf-8"))) > 10


def test_there_are_names() -> None:
    """The test above is about something."""
    assert len(_NAMES.findall((ROOT / "docs" / "derivation.md").read_text(encoding="utf-8"))) > 20


@pytest.mark.parametrize("prefix", ["Thm ", "Obs ", "Lem "])
def test_fidelity_lists_the_papers_claims(export: Export, prefix: str) -> None:
    """Each theorem exported under a claim of the paper that is its main statement stands in docs/fidelity.md."""
    text = (ROOT / "docs" / "fidelity.md").read_text(encoding="utf-8")
    claims = {theorem.equation for theorem in export.theorems.values() if theorem.equation.startswith(prefix)}
    assert claims
    for claim in claims:
        names = [theorem.name for theorem in export.theorems.values() if theorem.equation == claim]
        assert any(f"`{name}`" in text for name in names), claim
        assert claim.split()[1] in text


def test_fidelity_names_every_theorem(export: Export) -> None:
    """A theorem of the library is exported, or docs/fidelity.md says that it is not tried."""
    text = (ROOT / "docs" / "fidelity.md").read_text(encoding="utf-8")
    theorems = declared("theorem")
    assert set(export.theorems) < theorems
    assert [one for one in sorted(theorems - set(export.theorems)) if f"`{one}`" not in text] == []


def test_the_figures_of_the_mutants_are_current(export: Export) -> None:
    """docs/testing.md counts the mutants and the explained ones as they are; that the others are refuted is not looked at."""
    text = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
    every = sum(len(mutants(one, export.definitions)) for one in declarations(export).values())
    explained = len(read())
    assert f"Of {len(export.theorems)} theorems and {len(export.definitions)} definitions there are {every} mutants" in text
    assert f"refutes {every - explained} of them, the other {explained} are listed" in text


def test_derivation_names_every_equation(export: Export) -> None:
    """docs/derivation.md leads through the equations: a theorem of each is named there."""
    text = (ROOT / "docs" / "derivation.md").read_text(encoding="utf-8")
    equations = {theorem.equation for theorem in export.theorems.values() if theorem.equation[0].isdigit()}
    assert {"1", "7", "7ε"} <= equations
    for equation in equations:
        assert any(f"`{t.name}`" in text for t in export.theorems.values() if t.equation == equation), equation


def _blocks_of_testing(library: str) -> list[str]:
    """The Python examples of docs/testing.md that import one of the optional libraries, or none of them."""
    text = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
    assert "```py\n" not in text, "every example is run"
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    imported = {block: next((one for one in ("torch", "jax") if f"import {one}" in block), "") for block in blocks}
    return [block for block, needed in imported.items() if needed == library]


def _run(blocks: list[str]) -> dict[str, object]:
    """Run blocks in their order, and all tests that they define."""
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "<docs/testing.md>", "exec"), names)  # noqa: S102
    for name, test in names.items():
        if name.startswith("test_"):
            assert callable(test)
            test()
    return names


def test_examples_of_testing_run() -> None:
    """The examples of docs/testing.md in NumPy: the first as it stands, by itself; the others in their order."""
    first, *others = _blocks_of_testing("")
    assert len(others) == 3
    assert [name for name in _run([first]) if name.startswith("test_")] == ["test_batchnorm", "test_layernorm"]
    names = _run(others)
    reference = names["reference"]
    assert isinstance(reference, np.ndarray)
    arrays = {name: names[name] for name in ("y", "g", "gamma")}
    assert_computes("BatchNorm.backward", reference.astype(np.float32), **arrays, eps=1e-5, axis=(0, 2, 3))


@pytest.mark.parametrize(
    "library", [pytest.param("torch", marks=pytest.mark.torch), pytest.param("jax", marks=pytest.mark.jax)]
)
def test_examples_of_testing_in_a_library_run(library: str) -> None:
    """Each as it stands, by itself."""
    pytest.importorskip(library, reason=f"{library} is not installed")
    (block,) = _blocks_of_testing(library)
    assert any(name.startswith("test_") for name in _run([block]))


def test_examples_of_compiled_run() -> None:
    """The Python examples of docs/compiled.md run in their order."""
    text = (ROOT / "docs" / "compiled.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 2
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "<docs/compiled.md>", "exec"), names)  # noqa: S102
