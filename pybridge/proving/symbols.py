"""A statement on symbols: the sizes it is tried at, one symbol for each coordinate, and the environment that has them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from typing_extensions import assert_never

from pybridge import ir
from pybridge.algebras.base import NotInAlgebra
from pybridge.algebras.effort import Poly
from pybridge.algebras.extension import Inverse, Root
from pybridge.algebras.tower import Tower
from pybridge.semantics.environment import Environment, Family, dimension_of


def sizes_of(theorem: ir.Theorem, size: int) -> dict[str, int]:
    """The size of every index type and space; of an index type that only labels a family of vectors at most 2."""
    kinds = [variable.kind for variable in theorem.variables]
    spaces = [kind.space for kind in kinds if isinstance(kind, ir.VectorKind | ir.FamilyKind)]
    coordinates = {space.index for space in spaces if isinstance(space, ir.Euclidean)}
    labels = {kind.index for kind in kinds if isinstance(kind, ir.FamilyKind)} - coordinates
    labels |= {family for space in spaces for family in ir.families(space)}
    names = (*(index.name for index in theorem.indices), *theorem.spaces)
    return {name: min(size, 2) if name in labels else size for name in names}


def positions_of(theorem: ir.Theorem, sizes: dict[str, int]) -> Iterator[dict[str, int]]:
    """Every choice of the positions that the statement speaks about."""
    kinds = {v.name: v.kind for v in theorem.variables}
    ranges = {name: range(sizes[kind.index]) for name, kind in kinds.items() if isinstance(kind, ir.PositionKind)}
    for chosen in product(*ranges.values()):
        yield dict(zip(ranges, chosen, strict=True))


def symbols_of(variable: ir.Variable, sizes: dict[str, int]) -> list[str]:
    """The names of a variable's symbols.

    Raises
    ------
    NotInAlgebra
        It is a map or a set.
    """
    name = variable.name
    match variable.kind:
        case ir.ScalarKind():
            return [name]
        case ir.VectorKind(space):
            return [f"{name}_{k}" for k in range(dimension_of(space, sizes))]
        case ir.PositionKind():
            return []
        case ir.FamilyKind(index, space):
            return [f"{name}_{j}_{k}" for j in range(sizes[index]) for k in range(dimension_of(space, sizes))]
        case ir.LossKind() | ir.FieldKind() | ir.OperatorKind() | ir.SetKind():
            raise NotInAlgebra("symbolic", f"the map or set {name}")
        case _:
            assert_never(variable.kind)


def environment_on(
    theorem: ir.Theorem, sizes: dict[str, int], positions: dict[str, int], tower: Tower
) -> Environment[Poly, tuple[Poly, ...]]:
    """The environment in which every coordinate is a symbol of its own."""
    symbols = iter(tower.variables)
    scalars: dict[str, Poly] = {}
    vectors: dict[str, tuple[Poly, ...]] = {}
    families: dict[str, Family[tuple[Poly, ...]]] = {}
    for variable in theorem.variables:
        own = tuple(next(symbols) for _ in symbols_of(variable, sizes))
        match variable.kind:
            case ir.ScalarKind():
                scalars[variable.name] = own[0]
            case ir.VectorKind():
                vectors[variable.name] = own
            case ir.PositionKind():
                pass
            case ir.FamilyKind(index, space):
                dimension = dimension_of(space, sizes)
                members = [own[k * dimension : (k + 1) * dimension] for k in range(sizes[index])]
                families[variable.name] = Family(dimension, members)
            case ir.LossKind() | ir.FieldKind() | ir.OperatorKind() | ir.SetKind():
                raise NotInAlgebra("symbolic", f"the map or set {variable.name}")
            case _:
                assert_never(variable.kind)
    return Environment(sizes, scalars, vectors, positions, families)


def equations(tower: Tower) -> Iterator[str]:
    """The equations of the roots and inverses."""
    for step in tower.steps:
        match step:
            case Root(symbol, radicand):
                yield f"{tower.ring.gens[symbol]}^2 = {radicand}"
            case Inverse(symbol, denominator):
                yield f"{tower.ring.gens[symbol]} * ({denominator}) = 1"
            case _:
                assert_never(step)
