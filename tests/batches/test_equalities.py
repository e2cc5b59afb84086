"""Batches on which equalities hold: rational roots, orthogonal vectors, and both sides of an equivalence."""

from __future__ import annotations

import derivative_statements as made
import pytest
from flint import fmpq
from statements import statement

from pybridge.algebras.exact import ExactAlgebra
from pybridge.batches.adjust import adjusted
from pybridge.batches.generate import slots
from pybridge.batches.parametrize import dot, orthogonal, rational_root, root_above
from pybridge.batches.plan import Plan
from pybridge.batches.recorded import records
from pybridge.checking.hypotheses import Unmet, certify
from pybridge.export.loading import Export
from pybridge.semantics.environment import bind
from pybridge.semantics.evaluate import Truth, truth

EXACT = ExactAlgebra()


def test_a_rational_spread() -> None:
    """In that family the standard deviation is rational, exactly, and the batch is not constant."""
    theorem = statement(*made.variables(y=made.VECTOR))
    drawn = [next(candidates) for candidates in slots(Plan(theorem, {}), ("rational-spread",))]
    assert {batch.sizes["ι"] for batch in drawn} >= {4, 9, 16, 64}
    for batch in drawn:
        y = batch.values["y"]
        mean = sum(y, fmpq(0)) / len(y)
        root = rational_root(sum(((v - mean) ** 2 for v in y), fmpq(0)) / len(y))
        assert root is not None
        assert root > 0


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4])
def test_orthogonal_vectors(count: int) -> None:
    """Orthogonal to all, exactly; of rational norm where theirs are; 0 where they span everything."""
    rational = [(1, 1, 1, 1), (3, 3, -3, -3), (1, -1, 0, 0), (5, 0, 0, 1)][:count]
    vectors = [tuple(map(fmpq, vector)) for vector in rational]
    found = orthogonal(vectors, tuple(map(fmpq, (2, -1, 3, 5))))
    assert all(dot(found, vector) == 0 for vector in vectors)
    assert any(found) == (count < 4)
    if count < 3:
        assert rational_root(dot(found, found)) == 2
    irrational = orthogonal([(fmpq(1), fmpq(2))], (fmpq(3), fmpq(1)))
    assert irrational == (2, -1)
    assert orthogonal([(fmpq(0),) * 2, *2 * [(fmpq(3), fmpq(4))]], (fmpq(1), fmpq(1)))[0] != 0


def test_roots_of_rationals() -> None:
    """Exact where they are rational; from above, and close, where they are not."""
    assert rational_root(fmpq(9, 4)) == fmpq(3, 2)
    assert rational_root(fmpq(2)) is None
    assert rational_root(fmpq(-1)) is None
    for square in (fmpq(2), fmpq(1, 10**40), fmpq(10**40), fmpq(9, 4)):
        above = root_above(square)
        assert square <= above**2 <= square * (1 + fmpq(1, 2**50))


def test_both_sides_of_an_equivalence_occur(export: Export) -> None:
    """Some batches have g orthogonal to both vectors, without being 0, and some not."""
    theorem = made.off_both()
    seen = set()
    for candidates in slots(Plan(theorem, export.definitions), ("rational-spread",), largest=9):
        for candidate in candidates:
            if isinstance(certify(Plan(theorem, export.definitions), candidate), Unmet) or not any(candidate.values["g"]):
                continue
            environment = bind(theorem.variables, candidate.sizes, candidate.values, EXACT)
            try:
                seen.add(truth(theorem.conclusion.right, EXACT, environment, export.definitions))
            except Exception as irrational:  # noqa: BLE001
                assert "not in the exact algebra" in str(irrational)  # noqa: PT017
    assert seen == {Truth.HOLDS, Truth.FAILS}


def test_what_is_recorded_is_not_changed(export: Export) -> None:
    """A vector that is fixed stays as it is, though a hypothesis would have it orthogonal."""
    theorem = statement(*made.variables(d=made.VECTOR), hypotheses=(made.ALONG_ONES,))
    values = {"d": (fmpq(1), fmpq(2), fmpq(3), fmpq(4))}
    moved = adjusted(Plan(theorem, export.definitions), {"ι": 4}, values, turn=0)
    assert sum(moved["d"], fmpq(0)) == 0
    assert adjusted(Plan(theorem, export.definitions), {"ι": 4}, values, turn=0, fixed=frozenset({"d"})) == values
    assert records()
