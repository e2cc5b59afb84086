"""A smaller witness: fewer entries, then smaller numbers, for as long as the batch still refutes.

The caller's predicate re-certifies the hypotheses at every step. The effort is bounded: a large witness that will not shrink
is shown as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar, cast

from flint import fmpq
from typing_extensions import assert_never

from pybridge import ir, losses
from pybridge.batches import Batch, Value, Vector, slots
from pybridge.determine import drawn_variables
from pybridge.environment import size_name
from pybridge.losses import CrossEntropy, GemanMcClure, Loss, Quadratic

T = TypeVar("T")

EFFORT = 400
"""How many batches may be tried."""
_SMALL = tuple(map(fmpq, (0, 1, -1, 2, -2, 3)))


def smaller(
    theorem: ir.Theorem,
    batch: Batch,
    refutes: Callable[[Batch], bool],
    definitions: Mapping[str, ir.Definition] | None = None,
) -> tuple[Batch, int]:
    """Return the smallest refuting batch found, and how many steps led to it.

    Parameters
    ----------
    theorem
        Whose variables the batch fills.
    batch
        A batch that refutes.
    refutes
        Whether a batch satisfies the hypotheses and certainly contradicts the conclusion.
    definitions
        As ``batches.slots`` takes them.
    """
    search = _Search(theorem, refutes, definitions)
    best = search.fresh(batch)
    while (better := search.improve(best)) is not None:
        best = better
    return best, search.steps


class _Search:
    def __init__(
        self, theorem: ir.Theorem, refutes: Callable[[Batch], bool], definitions: Mapping[str, ir.Definition] | None
    ) -> None:
        self.theorem = theorem
        self.definitions = definitions
        self.refutes = refutes
        self.effort = EFFORT
        self.steps = 0

    def accepts(self, candidate: Batch) -> bool:
        """Spend one unit of effort on the candidate; False when all is spent."""
        if self.effort <= 0:
            return False
        self.effort -= 1
        if not self.refutes(candidate):
            return False
        self.steps += 1
        return True

    def fresh(self, batch: Batch) -> Batch:
        """Look for a refutation among small rationals first: where one exists, no shrinking gets to it sooner."""
        few = slots(self.theorem, ("integers",), largest=3, definitions=self.definitions)
        more = slots(self.theorem, ("rational-spread",), largest=4, definitions=self.definitions)
        for candidates in (*few, *more):
            for candidate in candidates:
                if _complexity(candidate) < _complexity(batch) and self.accepts(candidate):
                    return candidate
        return batch

    def improve(self, batch: Batch) -> Batch | None:
        """Return the first simpler batch that still refutes, or None."""
        simpler = (*_with_less(self.theorem, batch), *_with_smaller_numbers(batch))
        return next((candidate for candidate in simpler if self.accepts(candidate)), None)


def _complexity(batch: Batch) -> tuple[int, int]:
    """Entries in all, then bits in all."""
    numbers = [number for value in batch.values.values() for number in _numbers(value)]
    return len(numbers), sum(map(_bits, numbers))


def _numbers(value: Value) -> Iterator[fmpq]:
    if isinstance(value, tuple):
        for part in value:
            yield from _numbers(part)
    elif isinstance(value, Quadratic | GemanMcClure):
        yield from (*value.weights, *value.targets)
    elif isinstance(value, CrossEntropy):
        yield from (fmpq(1),) * value.dimension
    elif isinstance(value, fmpq):
        yield value


def _bits(number: fmpq) -> int:
    return int(abs(number.p).bit_length()) + int(number.q.bit_length()) + int(number < 0)


def _with_less(theorem: ir.Theorem, batch: Batch) -> Iterator[Batch]:
    """Yield the batch without a run of entries of one index type, or of coordinates of one abstract space: halves first."""
    for name, size in batch.sizes.items():
        run = size // 2
        while run >= 1:
            for start in range(0, size - run + 1, run):
                if (found := _without(theorem, batch, name, start, start + run)) is not None:
                    yield found
            run //= 2


def _without(theorem: ir.Theorem, batch: Batch, name: str, start: int, stop: int) -> Batch | None:
    values: dict[str, Value] = {}
    for variable in drawn_variables(theorem):
        value = batch.values[variable.name]
        match variable.kind:
            case ir.ScalarKind():
                values[variable.name] = value
            case ir.VectorKind(space):
                vector = cast("Vector", value)
                values[variable.name] = _cut(vector, start, stop) if size_name(space) == name else vector
            case ir.PositionKind(index):
                position = cast("int", value)
                if index == name and start <= position < stop:
                    return None
                values[variable.name] = position - (stop - start) if index == name and position >= stop else position
            case ir.FamilyKind(index, space):
                members = cast("tuple[Vector, ...]", value)
                kept = _cut(members, start, stop) if index == name else members
                values[variable.name] = tuple(_cut(v, start, stop) for v in kept) if size_name(space) == name else kept
            case ir.LossKind(space) | ir.FieldKind(space):
                loss = cast("Loss", value)
                fewer = losses.without(loss, start, stop) if size_name(space) == name else loss
                if fewer is None:
                    return None
                values[variable.name] = fewer
            case ir.OperatorKind(domain, codomain):
                rows = cast("tuple[Vector, ...]", value)
                kept = _cut(rows, start, stop) if size_name(codomain) == name else rows
                values[variable.name] = tuple(_cut(v, start, stop) for v in kept) if size_name(domain) == name else kept
            case _:
                assert_never(variable.kind)
    return replace(batch, sizes={**batch.sizes, name: batch.sizes[name] - (stop - start)}, values=values)


def _cut(sequence: tuple[T, ...], start: int, stop: int) -> tuple[T, ...]:
    return sequence[:start] + sequence[stop:]


def _with_smaller_numbers(batch: Batch) -> Iterator[Batch]:
    """Yield the batch with one number replaced by one of fewer bits."""
    for name, value in batch.values.items():
        for replaced in _simpler(value):
            yield replace(batch, values={**batch.values, name: replaced})


def _simpler(value: Value) -> Iterator[Value]:
    if isinstance(value, fmpq):
        for candidate in (*_SMALL, fmpq(value.floor())):
            if _bits(candidate) < _bits(value):
                yield candidate
    elif isinstance(value, Quadratic | GemanMcClure):
        for weights in _simpler(value.weights):
            yield replace(value, weights=cast("Vector", weights))
        for targets in _simpler(value.targets):
            yield replace(value, targets=cast("Vector", targets))
    elif isinstance(value, tuple):
        parts = cast("tuple[Value, ...]", value)
        for place, part in enumerate(parts):
            for simpler in _simpler(part):
                yield cast("Value", (*parts[:place], simpler, *parts[place + 1 :]))
