"""Names and equations: which declarations they stand for, and what is said where they stand for none or for several."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pybridge import errors
from pybridge.export import loading
from pybridge.export.loading import DEFAULT, Export, dumps, load, loads, seal
from pybridge.export.names import of_equation


@pytest.mark.parametrize(
    "written",
    ["7ε", "(7ε)", "7eps", "(7EPS)", " ( 7 ε ) ", "7ϵ"],
    ids=["bare", "shown", "ascii", "capitals", "blanks", "lunate"],
)
def test_an_equation_however_it_is_written(export: Export, written: str) -> None:
    """All theorems of the equation, and no other's: (7) is another one."""
    found = export.stated(written)
    assert [theorem.equation for theorem in found] == ["7ε"] * len(found)
    assert [theorem.name for theorem in found] == [t.name for t in export.theorems.values() if t.equation == "7ε"]


@pytest.mark.parametrize("written", ["Thm 4.1", "thm4.1", "Theorem 4.1", "(Thm. 4.1)"])
def test_a_claim_of_the_paper(export: Export, written: str) -> None:
    """With or without blanks, dots and capitals; the dot of a number stays."""
    assert {theorem.equation for theorem in export.stated(written)} == {"Thm 4.1"}
    assert of_equation("Thm 41", {"a": "Thm 4.1"}) == []


def test_one_theorem_of_an_equation_is_meant_by_it(export: Export) -> None:
    """Where only one has it, the equation is a name of the theorem."""
    assert export.theorem("(Obs 4.3)") is export.theorems["BatchNorm.forward_scale_mean"]


def test_several_theorems_of_an_equation_are_listed(export: Export) -> None:
    """All of them, in the hint and in ``matches``."""
    with pytest.raises(errors.UnknownNameError) as several:
        export.theorem("7")
    names = [theorem.name for theorem in export.stated("7")]
    assert len(names) == 3
    assert list(several.value.matches) == names
    assert str(several.value) == f"3 theorems are called '7'; say which: {', '.join(names)}"


def test_a_name_comes_before_an_equation(export: Export) -> None:
    """`normalize` is a definition, and a group of theorems only in parentheses."""
    (definition,) = export.declared("normalize")
    assert definition is export.definition("normalize")
    with pytest.raises(errors.UnknownNameError, match=r"BatchNorm\.normalize is a definition"):
        export.theorem("normalize")
    assert {theorem.equation for theorem in export.stated("(normalize)")} == {"normalize"}
    assert export.declared("(normalize)") == export.stated("(normalize)")


@pytest.mark.parametrize("written", ["(8)", "()", "", "(", "7εε"])
def test_an_equation_that_nothing_has(export: Export, written: str) -> None:
    """Is a name that is not there."""
    for find in (export.stated, export.declared, export.theorem):
        with pytest.raises(errors.UnknownNameError, match="is called"):
            find(written)


def test_a_name_that_several_declarations_end_in(export: Export) -> None:
    """LayerNorm and RMSNorm have one, BatchNorm has none: all are listed."""
    both = [name for name in export.theorems if name.endswith(".twice")]
    assert not both
    changed = {f"{space}.twice": theorem for space, theorem in zip(("A", "B"), export.theorems.values(), strict=False)}
    ambiguous = replace(export, definitions={}, theorems=changed)
    with pytest.raises(errors.UnknownNameError, match="2 declarations are called 'twice'"):
        ambiguous.declared("twice")
    with pytest.raises(errors.UnknownNameError, match="2 theorems are called 'twice'"):
        ambiguous.stated("twice")


def test_repr_is_one_line(export: Export) -> None:
    """Where it is from, how much it holds, and whether it was compared with the sources."""
    assert repr(export) == (
        f"<Export {DEFAULT}: {len(export.theorems)} theorems, {len(export.definitions)} definitions, "
        f"Lean {export.lean.version}, not asked for>"
    )


def test_an_export_that_is_no_file(export: Export) -> None:
    """Read from bytes: the same declarations; it is never compared with sources, wherever the process stands."""
    read = loads(DEFAULT.read_bytes(), "<stdin>")
    assert (read.theorems, read.definitions) == (export.theorems, export.definitions)
    assert str(read.path) == "<stdin>"
    assert isinstance(read.freshness, loading.Unchecked)
    with pytest.raises(
        errors.ExportTruncated, match=r"^<stdin>: ends after 1 characters, .*; write it again where it comes from"
    ):
        loads(b"{", "<stdin>")
    with pytest.raises(errors.ExportInvalid, match="byte 0 is not UTF-8"):
        loads(b"\xff", "<stdin>")


def test_the_hint_fits_the_export_that_is_refused(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`pybridge extract` writes the package's own export, and is no advice for another."""
    path = tmp_path / "export.json"
    edited = dumps(seal({"schema": 3, "lean": 1})).replace('"lean": 1', '"lean": 1.0')
    for content, said in (
        (None, "check the path"),
        ("{", loading.ELSEWHERE),
        (edited, f"restore the file, or {loading.ELSEWHERE}"),
    ):
        path.unlink(missing_ok=True)
        if content is not None:
            path.write_text(content, encoding="utf-8")
        with pytest.raises(errors.ExportError) as other:
            load(path)
        assert other.value.hint == said
        with monkeypatch.context() as patched:
            patched.setattr(loading, "DEFAULT", path)
            with pytest.raises(errors.ExportError) as own:
                load()
        assert own.value.hint.endswith("`pybridge extract` writes a fresh one")
        assert own.value.message == other.value.message
