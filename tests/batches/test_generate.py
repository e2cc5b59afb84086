"""Batches: exact, varied, repeatable, made from kinds and hypotheses and never from a theorem's name."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st
from statements import statement

from pybridge import ir
from pybridge.batches import recorded
from pybridge.batches.families import FAMILIES
from pybridge.batches.generate import RECORDED, family_names, slots
from pybridge.batches.parametrize import dot, orthonormal_family, unit_vector
from pybridge.batches.plan import Plan
from pybridge.errors import InputError

VECTOR = ir.VectorKind(ir.Euclidean("ι"))
RATIONALS = st.fractions(min_value=-100, max_value=100, max_denominator=50).map(lambda f: fmpq(f.numerator, f.denominator))


LAYER = statement(
    ir.Variable("γ", ir.ScalarKind()), ir.Variable("ε", ir.ScalarKind()), ir.Variable("y", VECTOR), ir.Variable("g", VECTOR)
)


@given(st.lists(RATIONALS, min_size=1, max_size=6))
def test_stereographic_projection_is_exactly_unit(parameters: list[fmpq]) -> None:
    """Whatever the parameters, the squares sum to 1 exactly."""
    unit = unit_vector(parameters)
    assert len(unit) == len(parameters)
    assert dot(unit, unit) == 1


@st.composite
def reflections(draw: st.DrawFn) -> tuple[int, list[list[fmpq]], int]:
    """How many vectors, the normals of some reflections, and the dimension."""
    dimension = draw(st.integers(1, 5))
    normal = st.lists(RATIONALS, min_size=dimension, max_size=dimension)
    return draw(st.integers(0, dimension)), draw(st.lists(normal, max_size=3)), dimension


@given(reflections())
def test_householder_families_are_exactly_orthonormal(drawn: tuple[int, list[list[fmpq]], int]) -> None:
    """Products of rational reflections give exactly orthonormal families, zero normals included."""
    count, normals, dimension = drawn
    family = orthonormal_family(normals, count, dimension)
    assert [[dot(u, v) for v in family] for u in family] == [[fmpq(int(i == j)) for j in range(count)] for i in range(count)]


def test_every_family_offers_batches_of_its_sizes() -> None:
    """No family is empty, sizes go from 1 to thousands, and each batch fills every variable at its size."""
    seen = {}
    for candidates in slots(Plan(LAYER, {}), family_names()):
        batch = next(candidates)
        seen.setdefault(batch.family, []).append(batch.sizes["ι"])
        assert set(batch.values) == {"γ", "ε", "y", "g"}
        assert len(batch.values["y"]) == len(batch.values["g"]) == batch.sizes["ι"]
    assert set(seen) == set(family_names())
    assert {1, 2, 3} <= set(seen["random"])
    assert max(seen["random"]) >= 1000
    assert 0 not in seen["zeros"]


def test_names_are_unique() -> None:
    """A name points at one batch of a run, so that `--batch` repeats that one."""
    names = [next(candidates).name for candidates in slots(Plan(LAYER, {}), family_names())]
    assert len(names) == len(set(names))


def test_empty_batch_only_where_the_statement_allows_it() -> None:
    """M = 0 is drawn for a statement without `Nonempty`, and for no other."""
    free = statement(ir.Variable("y", VECTOR), nonempty=False)
    bound = statement(ir.Variable("y", VECTOR))
    assert 0 in [next(c).sizes["ι"] for c in slots(Plan(free, {}), ("zeros",))]
    assert 0 not in [next(c).sizes["ι"] for c in slots(Plan(bound, {}), ("zeros",))]


def test_same_seed_same_batches_other_seed_others() -> None:
    """Batches are repeatable, and the seed matters."""

    def values(seed: int) -> list[object]:
        return [next(candidates).values for candidates in slots(Plan(LAYER, {}), ("random",), seed=seed, largest=16)]

    assert values(3) == values(3)
    assert values(3) != values(4)


def test_the_name_of_a_theorem_plays_no_part() -> None:
    """Two statements that differ in their names get equal batches."""
    other = dataclasses.replace(LAYER, name="Other.name", equation="7")
    first = [next(c).values for c in slots(Plan(LAYER, {}), family_names(), largest=16)]
    assert first == [next(c).values for c in slots(Plan(other, {}), family_names(), largest=16)]


def test_scalars_meet_zero_both_signs_and_the_usual_epsilons() -> None:
    """Over a run each scalar variable takes 0, 1e-5, 1e-3, a large value, and both signs."""
    for name in ("γ", "ε"):
        values = {next(c).values[name] for c in slots(Plan(LAYER, {}), [family.name for family in FAMILIES])}
        assert {fmpq(0), recorded.rational(1e-5), recorded.rational(1e-3), recorded.rational(1e6)} <= values
        assert any(value < 0 for value in values)
        assert any(value > 0 for value in values)


def test_unit_hypothesis_is_met_by_construction() -> None:
    """Where a hypothesis says ‖u‖ = 1, every u drawn has norm exactly 1; the other vector has not."""
    one = ir.Hypothesis("h", "‖u‖ = 1", ir.Eq(ir.Norm(ir.VVar("u")), ir.Nat(1)))
    theorem = statement(ir.Variable("u", VECTOR), ir.Variable("w", VECTOR), hypotheses=(one,))
    batches = [next(candidates) for candidates in slots(Plan(theorem, {}), ("random", "offset"), largest=16)]
    assert batches
    assert all(dot(batch.values["u"], batch.values["u"]) == 1 for batch in batches)
    assert any(dot(batch.values["w"], batch.values["w"]) != 1 for batch in batches)


def test_orthonormal_hypothesis_is_met_by_construction() -> None:
    """Where a hypothesis says Orthonormal, every family drawn is, and is no longer than the space is wide."""
    on = ir.Hypothesis("h", "Orthonormal ℝ v", ir.Orthonormal("v"))
    theorem = dataclasses.replace(
        statement(ir.Variable("v", ir.FamilyKind("κ", ir.Abstract("E"))), hypotheses=(on,)),
        indices=(ir.Index("κ", False),),
        spaces=("E",),
    )
    batches = [next(candidates) for candidates in slots(Plan(theorem, {}), ("random", "integers", "zeros"), largest=16)]
    assert {0, 1, 2, 3} >= {batch.sizes["κ"] for batch in batches} >= {1, 2}
    for batch in batches:
        family = batch.values["v"]
        assert len(family) == batch.sizes["κ"] <= batch.sizes["E"]
        assert all(dot(u, v) == int(i == j) for i, u in enumerate(family) for j, v in enumerate(family))


def test_recorded_batches_fill_by_name_exactly() -> None:
    """Recorded y, g, γ and ε arrive as the float32 numbers in the file, bit for bit."""
    found = [next(candidates) for candidates in slots(Plan(LAYER, {}), (RECORDED,))]
    batches = {batch.name: batch for batch in found}
    document = json.loads((recorded.FOLDER / "digits.json").read_text(encoding="utf-8"))
    assert len(batches) == len(document["records"]) >= 24
    with np.load(recorded.FOLDER / document["file"]) as arrays:
        for entry in document["records"]:
            values = batches[entry["id"]].values
            for name in ("y", "g"):
                assert arrays[entry[name]].dtype == np.float32
                assert [fmpq(*float(x).as_integer_ratio()) for x in arrays[entry[name]]] == list(values[name])
            assert values["γ"] == fmpq(*entry["γ"].as_integer_ratio())
            assert values["ε"] == fmpq(*entry["ε"].as_integer_ratio())


def test_recorded_batches_need_a_vector_they_fill() -> None:
    """A statement about other names, or about another kind under the same name, gets no recorded batch."""
    others = statement(ir.Variable("u", VECTOR), ir.Variable("ε", ir.ScalarKind()))
    abstract = dataclasses.replace(statement(ir.Variable("y", ir.VectorKind(ir.Abstract("E")))), spaces=("E",))
    assert list(slots(Plan(others, {}), (RECORDED,))) == []
    assert list(slots(Plan(abstract, {}), (RECORDED,))) == []


def test_recorded_batches_cover_layers_steps_and_sizes() -> None:
    """The data set has 1d and 2d layers, several steps and channels, a partial batch and one of thousands."""
    records = json.loads((recorded.FOLDER / "digits.json").read_text(encoding="utf-8"))["records"]
    assert {entry["kind"] for entry in records} == {"BatchNorm1d", "BatchNorm2d"}
    assert len({entry["step"] for entry in records}) >= 3
    assert len({(entry["layer"], entry["channel"]) for entry in records}) >= 6
    assert min(entry["m"] for entry in records) == 5
    assert max(entry["m"] for entry in records) > 2000


def test_provenance_says_where_the_arrays_come_from() -> None:
    """Versions, seed, data set with citation, hash and command stand beside the arrays."""
    document = json.loads((recorded.FOLDER / "digits.json").read_text(encoding="utf-8"))
    assert hashlib.sha256((recorded.FOLDER / document["file"]).read_bytes()).hexdigest() == document["sha256"]
    assert {"python", "torch", "scikit-learn"} <= set(document["versions"])
    assert isinstance(document["training"]["seed"], int)
    assert "UCI" in document["data"]["citation"]
    assert document["command"] == "python scripts/capture_batches.py"


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the recorded data that may be spoiled."""
    for file in recorded.FOLDER.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr(recorded, "FOLDER", tmp_path)
    recorded.records.cache_clear()
    yield tmp_path
    recorded.records.cache_clear()


def test_changed_arrays_are_refused(copied: Path) -> None:
    """One byte changed in the arrays is an error that names the file."""
    data = bytearray((copied / "digits.npz").read_bytes())
    data[-1] ^= 1
    (copied / "digits.npz").write_bytes(data)
    with pytest.raises(InputError, match=r"digits\.npz: sha256 differs"):
        recorded.records()


def test_missing_arrays_are_refused(copied: Path) -> None:
    """A description without its arrays, and no description at all, are errors, not an empty list."""
    (copied / "digits.npz").unlink()
    with pytest.raises(InputError, match=r"digits\.npz: missing"):
        recorded.records()
    (copied / "digits.json").unlink()
    with pytest.raises(InputError, match="no recorded batches"):
        recorded.records()


def test_parts_of_a_batch_are_of_different_sizes() -> None:
    """Else two sizes could be exchanged in a statement about two parts, and nobody would see it."""
    parts = dataclasses.replace(
        statement(ir.Variable("y", VECTOR), ir.Variable("z", ir.VectorKind(ir.Euclidean("κ")))),
        indices=(ir.Index("ι", False), ir.Index("κ", False)),
    )
    batches = [next(candidates) for candidates in slots(Plan(parts, {}), ("random", "integers", "zeros"))]
    assert {batch.sizes["κ"] - batch.sizes["ι"] for batch in batches} == {0, 1, 2, 3}
    assert all(len(batch.values["z"]) == batch.sizes["κ"] for batch in batches)
