"""Rows of a table at once: what a definition is on them, and what bound it has, in arrays of floats.

In: rows of a ``Table``, and programs of a definition and of the terms proved equal to it.  Out: an ``Enclosed`` for some rows
and columns: where each real value is, and a lower and an upper bound of what is allowed.  All comparisons with these are
three-valued; what is open is left to the balls of ``compare.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pybridge import ir
from pybridge.algebras import doubledouble as dd
from pybridge.algebras.base import Relation
from pybridge.algebras.bounded import Bounded
from pybridge.algebras.bounding import BoundedAlgebra
from pybridge.algebras.doubledouble import UNIT, Doubles
from pybridge.kernels.arithmetic import Arithmetic
from pybridge.kernels.forms import Form
from pybridge.kernels.guesses import Definitions
from pybridge.kernels.table import Table
from pybridge.semantics.lowering import Lowering
from pybridge.semantics.program import Coordinates, Node
from pybridge.semantics.scopes import TOP, Scope
from pybridge.semantics.streams import Given, pieces

Flags = npt.NDArray[np.bool_]
LONGEST = 1 << 13
"""Vectors with more entries are looked at in pieces."""
_COMPARED = {ir.Eq: Relation.EQ, ir.Ne: Relation.NE, ir.Lt: Relation.LT, ir.Le: Relation.LE}


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """The program of a term proved equal to the definition, and those of the hypotheses' sides."""

    program: Node | Coordinates
    hypotheses: tuple[tuple[Relation, Node, Node], ...] | None
    """None where one is no comparison of numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class Programs:
    """The programs of a definition, and of the other ways to compute it."""

    lowering: Lowering
    own: Node | Coordinates
    others: tuple[Way, ...] = ()

    def all(self) -> list[Node | Coordinates]:
        """Every program, in a fixed order."""
        sides = [side for way in self.others for _, *two in way.hypotheses or () for side in two]
        return [self.own, *(way.program for way in self.others), *sides]


def programs(definition: ir.Definition, ways: Sequence[Form], definitions: Definitions) -> Programs:
    """The programs of a definition and of terms that are equal to it, over the parameters of the definition.

    Parameters
    ----------
    ways
        The definition's own form, then the others.
    """
    lowering = Lowering(definitions)
    return Programs(lowering, own_program(definition, lowering), tuple(_way(form, definition, lowering) for form in ways[1:]))


def own_program(definition: ir.Definition, lowering: Lowering) -> Node | Coordinates:
    """The program of a definition's body, by the definitions of the lowering."""
    return _lowered(lowering.definitions[definition.name].body, lowering, TOP)


def _way(form: Form, definition: ir.Definition, lowering: Lowering) -> Way:
    scalars: dict[str, Node] = {}
    vectors: dict[str, Coordinates] = {}
    for parameter, name in zip(definition.parameters, form.names, strict=True):
        if isinstance(parameter.kind, ir.VectorKind):
            vectors[name] = lowering.vector(ir.VVar(parameter.name), TOP)
        else:
            scalars[name] = lowering.scalar(ir.Var(parameter.name), TOP)
    scope = Scope(scalars=scalars, vectors=vectors)
    compared: list[tuple[Relation, Node, Node]] | None = []
    for hypothesis in form.hypotheses:
        match hypothesis.proposition:
            case (ir.Eq(left, right) | ir.Ne(left, right) | ir.Lt(left, right) | ir.Le(left, right)) as proposition if (
                compared is not None
            ):
                relation = _COMPARED[type(proposition)]
                compared.append((relation, lowering.scalar(left, scope), lowering.scalar(right, scope)))
            case _:
                compared = None
    return Way(_lowered(form.body, lowering, scope), None if compared is None else tuple(compared))


def _lowered(term: ir.Term, lowering: Lowering, scope: Scope) -> Node | Coordinates:
    return lowering.scalar(term, scope) if isinstance(term, ir.SCALARS) else lowering.vector(term, scope)


@dataclass(frozen=True, slots=True, eq=False)
class Enclosed:
    """What is known of some numbers; every array has their columns along the first axis and their rows along the last.

    Parameters
    ----------
    value
        Encloses the real values, and the scale of their terms.
    own
        A lower and an upper bound of the error bound of the definition itself, shape (2, …).
    allowed
        The same of the largest of all ways.
    """

    value: Bounded
    own: Doubles
    allowed: Doubles

    def distance(self, got: Doubles) -> Doubles:
        """At least and at most how far numbers are from the real values, shape (2, …)."""
        high, low = self.value.value
        with np.errstate(all="ignore"):  # of what is no number
            near, rest = dd.two_sum(got, -high)
            fine = rest - low
            between = np.abs(near + fine)
            off = self.value.radius + 2 * UNIT * np.abs(fine)
            return np.stack([np.maximum(between * (1 - 4 * UNIT) - off, 0), (between + off) * (1 + 8 * UNIT)])

    def standing(self, got: Doubles) -> tuple[Flags, Flags]:
        """Which numbers are certainly within the bound, and which certainly not."""
        distance = self.distance(got)
        finite = np.isfinite(got)
        return finite & (distance[1] <= self.allowed[0]), ~finite | (distance[0] > self.allowed[1])

    def bounded(self) -> Flags:
        """Which rows certainly have a bound at all numbers that leaves a digit of one of them, or are 0 throughout."""
        finite, scale = self.own[1] < np.inf, self.value.scale
        return np.stack([finite.all(axis=0), (self.own[1] < scale[0]).any(axis=0), (scale[1] == 0).all(axis=0)])


def given(parameters: Sequence[ir.Variable], table: Table, rows: slice | Sequence[int]) -> Given:
    """The values of the parameters in some rows."""
    spaces = {p.name: p.kind.space for p in parameters if isinstance(p.kind, ir.VectorKind)}
    indices = [space.index for space in spaces.values() if isinstance(space, ir.Euclidean)]
    values = table.given(rows)
    vectors = {name: values.pop(name) for name in spaces}
    return Given(indices, table.size, values, vectors, table.lengths)


def enclosed(
    found: Programs,
    table: Table,
    rows: slice | Sequence[int],
    parameters: Sequence[ir.Variable],
    arithmetic: Arithmetic,
    *,
    whole: bool = False,
    algebra: BoundedAlgebra | None = None,
) -> Iterator[tuple[slice, Enclosed]]:
    """Yield what is known of some rows, some columns at a time, or all of them.

    Parameters
    ----------
    whole
        Whether to look at all columns at once.
    algebra
        In which; by default that of the worst case, in any order of summation.

    Raises
    ------
    NotVectorised
        The programs have operations that are not done in arrays.
    """
    algebra = BoundedAlgebra(arithmetic.compute) if algebra is None else algebra
    longest = table.size if whole or table.lengths is not None else LONGEST
    with algebra.context():
        for part, values in pieces(found.all(), given(parameters, table, rows), algebra, found.lowering, longest):
            columns = slice(0, table.width) if table.scalar or table.lengths is not None else part
            yield columns, _largest(found, values, table.scalar, len(table.computed[rows]), arithmetic)


def _largest(found: Programs, values: list[Bounded], scalar: bool, rows: int, arithmetic: Arithmetic) -> Enclosed:
    """The bounds of all ways, and the largest of those whose hypotheses hold."""
    count = 1 + len(found.others)
    own, *others = (wide(value, scalar, rows) for value in values[:count])
    sides = iter(values[count:])
    bound = stored(own, arithmetic)
    allowed = bound
    for way, other in zip(found.others, others, strict=True):
        holds, fails = _hypotheses(way, sides, rows)
        also = stored(other, arithmetic)
        most = np.where(also[0] == np.inf, allowed[1], np.maximum(allowed[1], also[1]))  # without a bound it says nothing
        least = np.where(also[1] < np.inf, np.maximum(allowed[0], also[0]), allowed[0])
        allowed = np.stack([np.where(holds, least, allowed[0]), np.where(fails, allowed[1], most)])
    return Enclosed(own, bound, allowed)


def wide(value: Bounded, scalar: bool, rows: int) -> Bounded:
    """With an axis for the column of a scalar, and all rows."""
    data = value.data[:, np.newaxis] if scalar else value.data
    return value.taken(np.broadcast_to(data, (*data.shape[:2], rows)))


def _hypotheses(way: Way, sides: Iterator[Bounded], rows: int) -> tuple[Flags, Flags]:
    """In which rows all of them certainly hold, and in which one certainly does not."""
    holds, fails = np.ones(rows, dtype=bool), np.zeros(rows, dtype=bool)
    if way.hypotheses is None:
        return ~holds, fails
    for relation, _, _ in way.hypotheses:
        truth = _compared(relation, next(sides), next(sides))
        holds, fails = holds & truth[0], fails | truth[1]
    return holds, fails


def _compared(relation: Relation, left: Bounded, right: Bounded) -> tuple[Flags, Flags]:
    """Where a relation of the real values certainly holds, and where it certainly fails."""
    (one_high, one_low), (other_high, other_low) = left.value, right.value
    high, _ = dd.add((one_high, one_low), (-other_high, -other_low))
    room = (left.radius + right.radius + 2 * UNIT * np.abs(high)) * (1 + 8 * UNIT)  # the low part is within a unit
    below, above = high < -room, high > room
    equal = (high == 0) & (room == 0)
    match relation:
        case Relation.EQ:
            return equal, below | above
        case Relation.NE:
            return below | above, equal
        case Relation.LT:
            return below, above | equal
        case _:
            return below | equal, above


def stored(value: Bounded, arithmetic: Arithmetic) -> Doubles:
    """The bounds of the error, with that of storing the result, shape (2, …)."""
    if arithmetic.storage is arithmetic.compute:
        return value.error
    storage = arithmetic.storage
    unit, least, largest = float(storage.unit.p) / float(storage.unit.q), storage.spacing(0.0), float(storage.largest.p)
    size = value.size + value.error
    error = value.error + (unit * size + least)
    lower, upper = error[0] * (1 - 8 * UNIT), error[1] * (1 + 8 * UNIT)
    lower = np.where(size[0] * (1 - 4 * UNIT) >= largest, np.inf, lower)
    return np.stack([lower, np.where(size[1] * (1 + 4 * UNIT) < largest, upper, np.inf)])
