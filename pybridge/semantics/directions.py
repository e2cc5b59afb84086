"""The directions in which a function of several variables is differentiated: integer vectors, the same in every run.

In few dimensions they are the whole basis, and one more in which everything moves, which a map that is not linear would
miss; in many they are some drawn ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pybridge import ir
from pybridge.semantics.environment import dimension_of

FEW = 8
"""Up to so many dimensions in all, the whole basis is tried."""
DRAWN = 3
"""So many directions beyond it,"""
MANY = 128
"""and one in more dimensions than so many."""


@dataclass(frozen=True, slots=True)
class Direction:
    """An integer vector for each variable that moves, a scalar's of one entry; and the direction's name."""

    along: Mapping[str, tuple[int, ...]]
    place: str


def spanned(variables: Sequence[ir.Variable], sizes: Mapping[str, int]) -> bool:
    """Whether the directions tried contain a basis, so that agreement along all of them is all there is to show."""
    return sum(dimension(variable, sizes) for variable in variables) <= FEW


def directions(variables: Sequence[ir.Variable], sizes: Mapping[str, int]) -> Iterator[Direction]:
    """The basis where the dimension is small, else some of each variable; and one in which all move."""
    dimensions = {variable.name: dimension(variable, sizes) for variable in variables}
    few = spanned(variables, sizes)
    for name, size in dimensions.items():
        if few:
            basis = (tuple(int(j == k) for j in range(size)) for k in range(size))
            yield from (Direction({name: unit}, f"along {name} by {_shown(unit)}") for unit in basis)
        else:
            for number in range(DRAWN if 1 < size <= MANY else 1):
                yield Direction({name: drawn(size, number)}, f"along {name} by drawn direction {number}")
    if few or len(variables) > 1:
        together = {name: drawn(size, DRAWN) for name, size in dimensions.items()}
        shown = "; ".join(f"{name} by {_shown(along)}" for name, along in together.items())
        yield Direction(together, f"along {shown}" if few else "along a drawn direction of all")


@lru_cache(maxsize=64)
def drawn(size: int, number: int) -> tuple[int, ...]:
    """Small integers, none 0: a coordinate that does not move is not tried."""
    rng = np.random.default_rng([size, number])
    signs, lengths = rng.integers(0, 2, size) * 2 - 1, rng.integers(1, 10, size)
    return tuple(int(entry) for entry in signs * lengths)


def _shown(along: tuple[int, ...]) -> str:
    return str(along[0]) if len(along) == 1 else f"({', '.join(map(str, along))})"


def dimension(variable: ir.Variable, sizes: Mapping[str, int]) -> int:
    """How many coordinates the variable has, a scalar one."""
    match variable.kind:
        case ir.ScalarKind():
            return 1
        case ir.VectorKind(space):
            return dimension_of(space, sizes)
        case _:
            raise TypeError(f"{variable.name} is neither scalar nor vector")  # decode makes no such variable
