"""Programs on long vectors, run piece by piece, so that what lies along them need not be in memory as a whole.

In: numbers for ``BoundedAlgebra``.  Out: the values of scalars, and those of vectors in pieces.  A sum along a vector is
gathered from its pieces; what does not lie along it is computed once.  Where that is not enough, as for a sum in a sum,
``NotVectorised`` is raised.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pybridge.algebras.bounded import PARTS, Bounded
from pybridge.algebras.bounding import BoundedAlgebra
from pybridge.algebras.doubledouble import Doubles
from pybridge.semantics.boundedarrays import NotVectorised
from pybridge.semantics.environment import Environment
from pybridge.semantics.lowering import Lowering
from pybridge.semantics.machine import Machine
from pybridge.semantics.program import Coordinates, Node
from pybridge.semantics.values import of_program

_REDUCING = ("sum", "inner", "norm")


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """Numbers for the variables of a declaration.

    Parameters
    ----------
    indices
        The index types of the vectors, all of one size.
    size
        How many entries the vectors have.
    scalars
        Of shape (batches,).
    vectors
        Of shape (entries, batches).
    lengths
        Of each index type, where they are not all of one size: then nothing is run in pieces, and ``size`` is at least that of
        the longest vector.
    """

    indices: Sequence[str]
    size: int
    scalars: Mapping[str, Doubles]
    vectors: Mapping[str, Doubles]
    lengths: Mapping[str, int] | None = None

    def environment(self, algebra: BoundedAlgebra, part: slice) -> Environment[Bounded, Bounded]:
        """The values in the algebra, of vectors a part."""
        return self._environment(algebra, part.stop - part.start, {n: algebra.given(v[part]) for n, v in self.vectors.items()})

    def hollow(self, algebra: BoundedAlgebra) -> Environment[Bounded, Bounded]:
        """The same with vectors that are as long as they are, and nothing else."""
        nothing = Bounded(np.broadcast_to(0.0, (PARTS, self.size, 1)))
        return self._environment(algebra, self.size, dict.fromkeys(self.vectors, nothing))

    def _environment(self, algebra: BoundedAlgebra, size: int, vectors: Mapping[str, Bounded]) -> Environment[Bounded, Bounded]:
        scalars = {name: algebra.given(value) for name, value in self.scalars.items()}
        sizes = dict.fromkeys(self.indices, size) if self.lengths is None else self.lengths
        return Environment(sizes, scalars=scalars, vectors=vectors)


def pieces(
    wanted: Sequence[Node | Coordinates],
    given: Given,
    algebra: BoundedAlgebra,
    lowering: Lowering,
    longest: int,
) -> Iterator[tuple[slice, list[Bounded]]]:
    """Yield the values of nodes, and of the coordinates of vectors in a slice of their axis; a scalar has them all alike.

    Parameters
    ----------
    wanted
        Of one declaration.
    given
        Values for its variables.
    longest
        How many coordinates may be in memory at once.

    Raises
    ------
    NotVectorised
        What is wanted is not computed in arrays, or not in pieces.
    """
    size = given.size
    if size <= longest:
        whole: Any = Machine(_any(algebra), given.environment(algebra, slice(0, size)), lowering)
        found = [of_program(whole, one) for one in wanted]
        whole.forget()
        yield slice(0, size), found
        return
    long = _Long(given, algebra, lowering, longest)
    if not any(isinstance(one, Coordinates) for one in wanted):
        found = [of_program(long, one) for one in wanted]
        long.forget()
        yield slice(0, size), found
        return
    for start in range(0, size, longest):
        piece = _Piece(long, slice(start, min(start + longest, size)))
        found = [of_program(piece, one) for one in wanted]
        piece.forget()
        yield piece.part, found
    long.forget()


def _any(algebra: BoundedAlgebra) -> Any:
    return algebra


class _Long(Machine[Bounded, Bounded]):
    """What has no axis, of vectors that are looked at in pieces."""

    def __init__(self, given: Given, algebra: BoundedAlgebra, lowering: Lowering, longest: int) -> None:
        super().__init__(_any(algebra), given.hollow(algebra), lowering)
        self.given, self.size, self.longest = given, given.size, longest

    def _run(self, node: Node) -> Any:
        if node.order:
            raise NotVectorised("an array as long as the vectors")
        if node.op not in _REDUCING:
            return super()._run(node)
        if self._size(node.own[0]) != self.size:
            raise NotVectorised("a sum along something else")
        sums: Doubles | None = None
        for start in range(0, self.size, self.longest):
            piece = _Piece(self, slice(start, min(start + self.longest, self.size)))
            part = piece.gathered(node)
            piece.forget()
            both = part if sums is None else np.stack([sums, part], axis=1)
            sums = part if sums is None else self._arrays.algebra.gathered(both)
        return self._arrays.finished(node.op, sums, self.size)


class _Piece(Machine[Bounded, Bounded]):
    """What lies along a piece of the vectors."""

    def __init__(self, long: _Long, part: slice) -> None:
        algebra: Any = long.algebra
        super().__init__(algebra, long.given.environment(algebra, part), long.lowering)
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
