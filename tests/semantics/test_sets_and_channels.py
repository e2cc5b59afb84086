"""Values of sets and of vectors with channels: drawn, written, refused and shrunk."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import later_statements as made
import pytest
from flint import fmpq
from later_statements import STATEMENTS
from statements import statement

from pybridge import ir
from pybridge.algebras.ball import BallAlgebra
from pybridge.algebras.exact import ExactAlgebra
from pybridge.batches.generate import Batch, slots
from pybridge.batches.plan import Plan
from pybridge.checking.check import check
from pybridge.checking.hypotheses import Unmet, certify, with_values
from pybridge.checking.shrink import smaller
from pybridge.checking.verdict import Refuted
from pybridge.checking.witness import paste, plain
from pybridge.errors import InputError
from pybridge.export.loading import Export
from pybridge.semantics.environment import bind
from pybridge.semantics.losses import Quadratic
from pybridge.semantics.regions import Region

EXACT, BALLS = ExactAlgebra(), BallAlgebra(128)

W_ALONE = Region(2, (fmpq(1), fmpq(2)), ())


def test_sets_are_drawn_with_and_without_the_ray(export: Export) -> None:
    """Most through w, some of these alone, so that the bound is attained; some with neither."""
    theorem = STATEMENTS["distance"]
    candidates = [c for slot in slots(Plan(theorem, export.definitions), ("integers",)) for c in slot]
    regions = [candidate.values["S"] for candidate in candidates]
    certified = [not isinstance(certify(Plan(theorem, export.definitions), c), Unmet) for c in candidates]
    assert all(isinstance(region, Region) for region in regions)
    held = {bool(region.points) for region, good in zip(regions, certified, strict=True) if good}
    assert held == {True, False}
    assert any(region.generator is None for region in regions)
    assert any(region.generator is None and not region.points for region in regions)


def test_a_set_is_exact_to_paste(export: Export) -> None:
    """By its ray and points, in Python source and in JSON; a witness is shrunk."""
    region = Region(2, (fmpq(1, 2), fmpq(3)), ((fmpq(0), fmpq(1)),))
    batch = Batch(name="b", family="test", seed=None, sizes={}, values={"S": region, "T": Region(2, None, ())}, origin="")
    read = eval(paste(batch), {"Fraction": Fraction})  # noqa: S307
    assert read == {"S": {"ray": [Fraction(1, 2), 3], "points": [[0, 1]]}, "T": {"ray": None, "points": []}}
    assert plain(region) == {"ray": ["1/2", "3"], "points": [["0", "1"]]}
    verdict = check(made.distance(dropped="h"), export, families=("integers",), largest=4).verdict
    assert isinstance(verdict, Refuted)
    assert verdict.witness.batch.sizes == {"ι": 1, "E": 1}
    shrunk = verdict.witness.batch.values["S"]
    assert isinstance(shrunk, Region)
    assert shrunk.dimension == 1
    assert shrunk.points == ()
    with_decimals = with_values(
        Plan(made.distance(dropped="h"), export.definitions), verdict.witness.batch, verdict.witness.hypotheses
    )
    assert [(held.name, held.value) for held in with_decimals] == [("hS", "no numbers to compare")]


MISFITS = {
    "a vector": ((1, 2), "S is a set, got 2"),
    "another dimension": (Region(3, None, ()), "S is a set of vectors of 2 values"),
    "a part of another dimension": (Region(2, (fmpq(1),), ()), "S is a set of vectors of 2 values"),
}


@pytest.mark.parametrize(("value", "message"), MISFITS.values(), ids=MISFITS)
def test_what_is_no_set_of_the_space_is_refused(value: object, message: str) -> None:
    """By one line; and a set is no number."""
    with pytest.raises(InputError, match=message):
        bind(made.variables(S=ir.SetKind(made.E)), {"E": 2}, {"S": value}, EXACT)
    with pytest.raises(InputError, match="c is a scalar, got a set"):
        bind(made.variables(c=ir.ScalarKind()), {}, {"c": W_ALONE}, EXACT)


def test_channels_lose_entries_one_by_one(export: Export) -> None:
    """A witness about channels is as small as can be: one channel of two entries."""
    verdict = check(made.channels(negated=True), export, families=("random",), largest=5).verdict
    assert isinstance(verdict, Refuted)
    batch = verdict.witness.batch
    assert batch.sizes == {"ι": 2, "κ": 1} or batch.sizes["ι"] * batch.sizes["κ"] <= 2
    assert len(batch.values["y"]) == batch.sizes["ι"] * batch.sizes["κ"]


def test_an_entry_goes_from_every_channel() -> None:
    """Where ι loses one, so does each channel; where κ loses one, a whole channel goes."""
    space = ir.ChannelSpace("κ", ir.Euclidean("ι"))
    theorem = dataclasses.replace(
        statement(*made.variables(y=ir.VectorKind(space), L=ir.LossKind(space))),
        indices=(ir.Index("ι", nonempty=False), ir.Index("κ", nonempty=False)),
    )
    numbers = tuple(map(fmpq, range(10, 16)))
    values = {"y": numbers, "L": Quadratic(numbers, numbers)}
    batch = Batch(name="b", family="test", seed=None, sizes={"ι": 3, "κ": 2}, values=values, origin="")
    seen = set()

    def refutes(candidate: Batch) -> bool:
        assert candidate.values["L"].weights == candidate.values["y"] == candidate.values["L"].targets
        assert len(candidate.values["y"]) == candidate.sizes["ι"] * candidate.sizes["κ"]
        seen.add(tuple(map(int, candidate.values["y"])))
        return False

    assert not any(refutes(candidate) for candidate in _fewer(theorem, batch))
    assert {(11, 12, 14, 15), (10, 12, 13, 15), (10, 11, 13, 14), (10, 11, 12), (13, 14, 15)} == seen


def _fewer(theorem: ir.Theorem, batch: Batch) -> list[Batch]:
    """The batches with less that are tried first."""
    tried: list[Batch] = []

    def never(candidate: Batch) -> bool:
        if candidate.sizes != batch.sizes and candidate.name == "b":
            tried.append(candidate)
        return False

    smaller(Plan(theorem, {}), batch, never)
    return tried
