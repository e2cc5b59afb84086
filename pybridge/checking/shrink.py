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

from pybridge import ir
from pybridge.batches.draws import Value
from pybridge.batches.generate import Batch, slots
from pybridge.batches.parametrize import Vector
from pybridge.batches.plan import Plan
from pybridge.semantics import losses
from pybridge.semantics.environment import dimension_of
from pybridge.semantics.losses import CrossEntropy, GemanMcClure, Linear, Loss, Quadratic
from pybridge.semantics.regions import Region

T = TypeVar("T")

EFFORT = 400
"""How many batches may be tried."""
_SMALL = tuple(map(fmpq, (0, 1, -1, 2, -2, 3)))


def smaller(plan: Plan, batch: Batch, refutes: Callable[[Batch], bool]) -> tuple[Batch, int]:
    """Return the smallest refuting batch found, and how many steps led to it.

    Parameters
    ----------
    plan
        Of the theorem whose variables the batch fills.
    batch
        A batch that refutes.
    refutes
        Whether a batch satisfies the hypotheses and certainly contradicts the conclusion.
    """
    search = _Search(plan, refutes)
    best = search.fresh(batch)
    while (better := search.improve(best)) is not None:
        best = better
    return best, search.steps


class _Search:
    def __init__(self, plan: Plan, refutes: Callable[[Batch], bool]) -> None:
        self.plan = plan
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
        few = slots(self.plan, ("integers",), largest=3)
        more = slots(self.plan, ("rational-spread",), largest=4)
        for candidates in (*few, *more):
            for candidate in candidates:
                if _complexity(candidate) < _complexity(batch) and self.accepts(candidate):
                    return candidate
        return batch

    def improve(self, batch: Batch) -> Batch | None:
        """Return the first simpler batch that still refutes, or None."""
        simpler = (*_with_less(self.plan, batch), *_with_smaller_numbers(batch))
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
    elif isinstance(value, Region):
        yield from (number for part in _vectors(value) for number in part)
    elif isinstance(value, CrossEntropy):
        yield from (fmpq(1),) * value.dimension
    elif isinstance(value, Linear):
        yield from value.coefficients
    elif isinstance(value, fmpq):
        yield value


def _bits(number: fmpq) -> int:
    return int(abs(number.p).bit_length()) + int(number.q.bit_length()) + int(number < 0)


def _with_less(plan: Plan, batch: Batch) -> Iterator[Batch]:
    """Yield the batch without a run of entries of one index type, or of coordinates of one abstract space: halves first."""
    for name, size in batch.sizes.items():
        run = size // 2
        while run >= 1:
            for start in range(0, size - run + 1, run):
                if (found := _without(plan, batch, name, start, start + run)) is not None:
                    yield found
            run //= 2


def _without(plan: Plan, batch: Batch, name: str, start: int, stop: int) -> Batch | None:
    values: dict[str, Value] = {}

    def cut(space: ir.Space, vector: Vector) -> Vector:
        for run in _runs(space, name, start, stop, batch.sizes):
            vector = _cut(vector, *run)
        return vector

    for variable in plan.drawn:
        value = batch.values[variable.name]
        match variable.kind:
            case ir.ScalarKind():
                values[variable.name] = value
            case ir.VectorKind(space):
                values[variable.name] = cut(space, cast("Vector", value))
            case ir.PositionKind(index):
                position = cast("int", value)
                if index == name and start <= position < stop:
                    return None
                values[variable.name] = position - (stop - start) if index == name and position >= stop else position
            case ir.FamilyKind(index, space):
                members = cast("tuple[Vector, ...]", value)
                kept = _cut(members, start, stop) if index == name else members
                values[variable.name] = tuple(cut(space, member) for member in kept)
            case ir.LossKind(space) | ir.FieldKind(space):
                fewer: Loss | None = cast("Loss", value)
                for run in _runs(space, name, start, stop, batch.sizes):
                    fewer = None if fewer is None else losses.without(fewer, *run)
                if fewer is None:
                    return None
                values[variable.name] = fewer
            case ir.OperatorKind(domain, codomain):
                rows = cast("tuple[Vector, ...]", value)
                for run in _runs(codomain, name, start, stop, batch.sizes):
                    rows = _cut(rows, *run)
                values[variable.name] = tuple(cut(domain, row) for row in rows)
            case ir.SetKind(space):
                region = cast("Region", value)
                lost = sum(last - first for first, last in _runs(space, name, start, stop, batch.sizes))
                ray = None if region.generator is None else cut(space, region.generator)
                points = tuple(cut(space, point) for point in region.points)
                values[variable.name] = Region(region.dimension - lost, ray, points)
            case _:
                assert_never(variable.kind)
    return replace(batch, sizes={**batch.sizes, name: batch.sizes[name] - (stop - start)}, values=values)


def _runs(space: ir.Space, name: str, start: int, stop: int, sizes: Mapping[str, int]) -> list[tuple[int, int]]:
    """The runs of coordinates that go where an index type or abstract space loses one, the last first."""
    match space:
        case ir.Euclidean(own) | ir.Abstract(own):
            return [(start, stop)] if own == name else []
        case ir.ChannelSpace(family, inner):
            width = dimension_of(inner, sizes)
            within = _runs(inner, name, start, stop, sizes)
            found = [(k * width + first, k * width + last) for k in reversed(range(sizes[family])) for first, last in within]
            left = width - sum(last - first for first, last in within)
            return [*found, (start * left, stop * left)] if family == name else found
        case _:
            assert_never(space)


def _vectors(region: Region) -> tuple[Vector, ...]:
    """The generator, where there is one, and the points."""
    return region.points if region.generator is None else (region.generator, *region.points)


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
    elif isinstance(value, Region):
        if value.generator is not None:
            yield replace(value, generator=None)
            for generator in _simpler(value.generator):
                yield replace(value, generator=cast("Vector", generator))
        for place in range(len(value.points)):
            yield replace(value, points=_cut(value.points, place, place + 1))
        for points in _simpler(value.points):
            yield replace(value, points=cast("tuple[Vector, ...]", points))
    elif isinstance(value, tuple):
        parts = cast("tuple[Value, ...]", value)
        for place, part in enumerate(parts):
            for simpler in _simpler(part):
                yield cast("Value", (*parts[:place], simpler, *parts[place + 1 :]))
