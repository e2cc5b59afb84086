"""Programs on long vectors, run piece by piece, so that what lies along them need not be in memory as a whole.

In: the values of an environment in ``BoundedAlgebra``.  Out: the values of scalars, and those of vectors in pieces.  A sum
along a vector is gathered from its pieces; what does not lie along it is computed once.  Where that is not enough, as for a
sum in a sum, ``NotVectorised`` is raised.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from pybridge.algebras.bounded import Bounded
from pybridge.algebras.bounding import BoundedAlgebra
from pybridge.algebras.doubledouble import Doubles
from pybridge.semantics.boundedarrays import NotVectorised
from pybridge.semantics.environment import Environment
from pybridge.semantics.lowering import Lowering
from pybridge.semantics.machine import Machine
from pybridge.semantics.program import Coordinates, Node

_REDUCING = ("sum", "inner", "norm")


def pieces(
    wanted: Sequence[Node | Coordinates],
    algebra: BoundedAlgebra,
    environment: Environment[Bounded, Bounded],
    lowering: Lowering,
    size: int,
    longest: int,
) -> Iterator[tuple[slice, list[Bounded]]]:
    """Yield the values of nodes, and of the coordinates of vectors in a slice of their axis; a scalar has them all alike.

    Parameters
    ----------
    wanted
        Of one declaration.
    environment
        Values of its variables; vectors of ``size`` coordinates.
    longest
        How many coordinates may be in memory at once.

    Raises
    ------
    NotVectorised
        What is wanted is not computed in arrays, or not in pieces.
    """
    if size <= longest:
        whole: Any = Machine(_any(algebra), environment, lowering)
        yield slice(0, size), [_value(whole, one) for one in wanted]
        return
    long = _Long(algebra, environment, lowering, size, longest)
    if not any(isinstance(one, Coordinates) for one in wanted):
        yield slice(0, size), [_value(long, one) for one in wanted]
        return
    for start in range(0, size, longest):
        piece = _Piece(long, slice(start, min(start + longest, size)))
        yield piece.part, [_value(piece, one) for one in wanted]


def _any(algebra: BoundedAlgebra) -> Any:
    return algebra


def _value(machine: Any, wanted: Node | Coordinates) -> Bounded:
    found: Bounded = machine.coordinates(wanted) if isinstance(wanted, Coordinates) else machine.number(wanted)
    return found


class _Long(Machine[Bounded, Bounded]):
    """What has no axis, of vectors that are looked at in pieces."""

    def __init__(
        self, algebra: BoundedAlgebra, environment: Environment[Bounded, Bounded], lowering: Lowering, size: int, longest: int
    ) -> None:
        super().__init__(_any(algebra), environment, lowering)
        self.size, self.longest = size, longest

    def _run(self, node: Node) -> Any:
        if node.order:
            raise NotVectorised("an array as long as the vectors")
        if node.op not in _REDUCING:
            return super()._run(node)
        if self._size(node.own[0]) != self.size:
            raise NotVectorised("a sum along something else")
        sums: Doubles | None = None
        for start in range(0, self.size, self.longest):
            part = _Piece(self, slice(start, min(start + self.longest, self.size))).gathered(node)
            both = part if sums is None else np.stack([sums, part], axis=1)
            sums = part if sums is None else self._arrays.algebra.gathered(both)
        return self._arrays.finished(node.op, sums, self.size)


class _Piece(Machine[Bounded, Bounded]):
    """What lies along a piece of the vectors."""

    def __init__(self, long: _Long, part: slice) -> None:
        whole = long.environment
        vectors = {name: value.taken(value.data[:, part]) for name, value in whole.vectors.items()}
        sizes = {name: part.stop - part.start if size == long.size else size for name, size in whole.sizes.items()}
        super().__init__(long.algebra, replace(whole, vectors=vectors, sizes=sizes), long.lowering)
        self.long, self.part = long, part

    def gathered(self, node: Node) -> Doubles:
        """The piece's share in a sum, inner product or norm."""
        found: Doubles = self._arrays.gathered(node.op, (), node.own[0], *self._given(node))
        return found

    def _value(self, node: Node) -> Any:
        return super()._value(node) if node.order else self.long._value(node)

    def _run(self, node: Node) -> Any:
        if node.op in (*_REDUCING, "at", "delta", "member"):
            raise NotVectorised("a sum in a sum")
        return super()._run(node)
