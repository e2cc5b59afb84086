"""The reader on statements that Lean translated in its own tests: the same terms, found without Lean."""

from __future__ import annotations

import json
import re
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from lean_library import the_library

from pybridge import ir
from pybridge.audit.differ import difference
from pybridge.audit.known import Knowledge
from pybridge.audit.statement import Reading, read
from pybridge.audit.types import UnreadError
from pybridge.export.decode_propositions import Decoder
from pybridge.export.loading import Export
from pybridge.export.nodes import At
from pybridge.export.scope import Scope
from pybridge.surface.library import Library, library_of
from pybridge.surface.statements import printed, written
from pybridge.surface.tokens import SurfaceError

FOLDER = Path(__file__).resolve().parents[2] / "lean" / "BridgeTest"
TEST = re.compile(r"/--\s*info: ((?:(?!/--).)*?)-/\s*#guard_msgs in\s*#translate (.*?)(?=\n\n|\Z)", re.DOTALL)
SPACE = "{E : Type} [NormedAddCommGroup E] [InnerProductSpace ℝ E]"
INDEX = "{ι : Type} [Fintype ι]"


def cases() -> list[Any]:
    """Each translated statement with what Lean made of it."""
    found = []
    for file in ("Translate", "Derivative"):
        text = (FOLDER / f"{file}.lean").read_text(encoding="utf-8")
        for n, (messages, statement) in enumerate(TEST.findall(text)):
            terms = [json.loads(one.strip().removeprefix("info: ")) for one in re.split(r"\n---\n", messages.strip())]
            found.append(pytest.param(file, statement, terms, id=f"{file}-{n}"))
    return found


def signature(statement: str) -> str:
    """``∀ x : ℝ, p`` as ``T (x : ℝ) : p``, as a theorem is written."""
    text = f"T : {' '.join(statement.split())}"
    while (opened := re.match(r"T(.*?) : ∀ (.*)", text)) is not None:
        depths = accumulate((character in "([{") - (character in ")]}") for character in opened[2])
        place = next(n for n, depth in enumerate(depths) if depth == 0 and opened[2][n] == ",")
        bound = opened[2][:place].strip()
        binders = bound if bound[0] in "([{" else f"({bound})"
        text = f"T{opened[1]} {binders} : {opened[2][place + 1 :].strip()}"
    return text


def reading(text: str, definitions: dict[str, ir.Definition], library: Library) -> Reading:
    """What a statement says."""
    return read(printed(text, exact=True), Knowledge(definitions, library).elaborator())


def peeled(found: Reading) -> list[ir.Proposition]:
    """Hypotheses, those that an arrow parts from the conclusion, and the conclusion."""
    parts = list(found.hypotheses.values())
    last = found.conclusion
    while isinstance(last, ir.Imp):
        parts, last = [*parts, last.left], last.right
    assert last is not None
    return [*parts, last]


def of_tests(file: str, statement: str) -> tuple[dict[str, ir.Definition], Library]:
    """The definitions of a test file, by their own text, and a theorem T in place of the statement."""
    text = (FOLDER / f"{file}.lean").read_text(encoding="utf-8")
    text = text.replace(f"#translate {statement}", f"theorem {signature(statement)} := x")
    library = library_of({f"lean/BridgeTest/{file}.lean": text})
    found: dict[str, ir.Definition] = {}
    for name, one in library.declarations.items():
        if one.attribute("bridge") is not None and not one.is_theorem:
            statement = written(one, library, exact=True)
            said = read(statement, Knowledge(found, library).elaborator(), written=True)
            assert said.body is not None
            binders = " ".join(b.said for b in statement.binders)
            text = f"{name} {binders} : {statement.said}".replace("Type*", "Type")
            found[name] = ir.Definition(name, "", "", 1, text, tuple(said.indices), tuple(said.variables), said.body)
    return found, library


@pytest.mark.parametrize(("file", "statement", "terms"), cases())
def test_what_lean_translates(file: str, statement: str, terms: list[Any]) -> None:
    """Hypotheses and conclusion, but for the names of what they bind."""
    definitions, library = of_tests(file, statement)
    if "‖.id" in statement:  # behind a bar, a point is taken for that of a field
        with pytest.raises(SurfaceError, match="begins no term"):
            written(library.declarations["BridgeTest.T"], library, exact=True)
        return
    (theorem,) = (one for name, one in library.declarations.items() if name.rpartition(".")[2] == "T")
    said = written(theorem, library, exact=True)
    found = read(said, Knowledge(definitions, library).elaborator(), written=True)
    decoder = Decoder()
    for name, definition in definitions.items():
        space = None if isinstance(definition.body, ir.SCALARS) else definition.parameters[-1].kind
        decoder.define(definition, space.space if isinstance(space, ir.VectorKind) else None)
        assert name in library.declarations
    kinds = {one.name: one.kind for one in found.variables}
    scope = Scope(frozenset(one.name for one in found.indices), frozenset(found.spaces), kinds)
    exported = [decoder.proposition(term, scope, At("t")) for term in terms]
    mine = peeled(found)
    assert len(mine) == len(exported)
    assert [difference(one, other) for one, other in zip(mine, exported, strict=True)] == [""] * len(mine)


def test_there_are_cases() -> None:
    """The tests of the translation are found in their files."""
    assert len(cases()) > 40


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"T {INDEX} (a : ℝ) : a = ↑(Fintype.card ι / 2)", "a coercion of ℕ"),
        (f"T {INDEX} (a : ℝ) : a = Fintype.card ι", "ℝ where ℕ is expected"),
        (f"T {INDEX} (a : ℝ) : a = ∑ k, a", "does not say of which type"),
        (f"T {INDEX} (y : EuclideanSpace ℝ ι) : y = Foo.bar y", "Foo.bar is known neither here nor in the sources"),
        (f"T {INDEX} (y : EuclideanSpace ℝ ι) : 0 < ‖y‖ ∨ y = 0", "what '∨' means is not known"),
        (f"T {INDEX} (y : EuclideanSpace ℝ ι) (a : ℝ) : a = y", "where"),
        (f"T {SPACE} (y : E) (i : E) : 0 = y i", "where"),
        ("T {E : Type} [NormedAddCommGroup E] (x : E) : x = x", "neither an index type nor a real inner product space"),
        ("T {K : Type} [Field K] (a : ℝ) : a = a", "the class (Field K)"),
        (f"T {INDEX} (a : ℝ) : a ^ a = a", "is no numeral"),
        (f"T {SPACE} (f : E → ℝ) (S : Set E) (x : E) : IsMinOn f S x", "a minimum over S"),
    ],
)
def test_what_is_not_read(text: str, why: str, export: Export) -> None:
    """Refused with a reason, and never taken for something else."""
    with pytest.raises(UnreadError, match=re.escape(why)):
        reading(text, dict(export.definitions), the_library())


def test_coercions_of_what_is_printed(export: Export) -> None:
    """The number of elements, and a number that is made not negative."""
    text = (
        f"T {INDEX} (a : ℝ) (f : EuclideanSpace ℝ ι → EuclideanSpace ℝ ι) (h : 3 ≤ Fintype.card ι) : LipschitzWith a.toNNReal f"
    )
    found = reading(text, dict(export.definitions), the_library())
    assert found.hypotheses["h"] == ir.Le(ir.Nat(3), ir.Card("ι"))
    outer = found.conclusion
    assert isinstance(outer, ir.ForAll)
    assert isinstance(outer.body, ir.ForAll)
    (bound,) = [outer.body.body.right] if isinstance(outer.body.body, ir.Le) else []
    assert isinstance(bound, ir.Mul)
    assert bound.left == ir.Div(ir.Add(ir.Var("a"), ir.Abs(ir.Var("a"))), ir.Nat(2))
