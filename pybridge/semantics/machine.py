"""Runs programs: the values of terms in an algebra, for the values that an environment gives their names.

Every node is run at most once.  Where an axis is empty, what lies along it is empty, and nothing is run for it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Generic

from pybridge import ir
from pybridge.algebras.ball import BallAlgebra
from pybridge.algebras.balls import LONG, settled
from pybridge.algebras.base import Algebra, S, V
from pybridge.algebras.bounding import BoundedAlgebra
from pybridge.algebras.dual import DualAlgebra
from pybridge.algebras.floats import FloatAlgebra
from pybridge.semantics import matrices
from pybridge.semantics.axes import Axis, Length
from pybridge.semantics.balllists import BallLists
from pybridge.semantics.boundedarrays import BoundedArrays
from pybridge.semantics.environment import Environment
from pybridge.semantics.floatarrays import FloatArrays
from pybridge.semantics.lengths import factor
from pybridge.semantics.lists import Lists
from pybridge.semantics.lowering import Lowering
from pybridge.semantics.program import JET, Coordinates, Node, binds, makes
from pybridge.semantics.scopes import TOP
from pybridge.semantics.tangents import own, present
from pybridge.semantics.wholes import nested, slope, whole

_KEPT = 8
_MOST_NODES = 40_000
_lowerings: dict[int, Lowering] = {}


def arrays_for(algebra: Any, size: Callable[[Axis], int]) -> Any:
    """What arrays are in an algebra."""
    if isinstance(algebra, FloatAlgebra):
        return FloatArrays(algebra, size)
    if isinstance(algebra, BoundedAlgebra):
        return BoundedArrays(algebra, size)
    return BallLists(algebra, size) if type(algebra) is BallAlgebra else Lists(algebra, size)


def lowering_of(definitions: Mapping[str, ir.Definition]) -> Lowering:
    """The programs over some definitions, kept for the next call."""
    found = _lowerings.get(id(definitions))
    if found is None or len(found.builder) > _MOST_NODES:
        while len(_lowerings) >= _KEPT:
            del _lowerings[next(iter(_lowerings))]
        found = _lowerings[id(definitions)] = Lowering(definitions)
    return found


def machine_of(
    algebra: Algebra[S, V], environment: Environment[S, V], definitions: Mapping[str, ir.Definition]
) -> Machine[S, V]:
    """What runs terms on the values of an environment; the same for every caller, so that nothing is run twice."""
    found: Machine[S, V] | None = environment.machines.get((id(algebra), id(definitions)))
    if found is None or found.algebra is not algebra or found.lowering.definitions is not definitions:
        return Machine(algebra, environment, lowering_of(definitions))
    return found


class Machine(Generic[S, V]):
    """Terms of one declaration, run in an algebra on the values of an environment."""

    def __init__(self, algebra: Algebra[S, V], environment: Environment[S, V], lowering: Lowering) -> None:
        self.algebra = algebra
        self.environment = environment
        self.lowering = lowering
        environment.machines[id(algebra), id(lowering.definitions)] = self
        self._origin, self._changed = self._made_from()
        self._done: dict[Node, Any] = {}
        self._sizes: dict[Length, int] = {}
        self._axes: dict[Axis, int] = {}
        self._empty: dict[tuple[Axis, ...], bool] = {}
        self._arrays: Any = arrays_for(algebra, self._size)
        self._long = max(environment.sizes.values(), default=0) >= LONG

    def scalar(self, term: ir.Scalar) -> S:
        """The value of a scalar term."""
        return self.number(self.lowering.scalar(term, TOP))

    def vector(self, term: ir.Vector) -> V:
        """The value of a vector term."""
        return self.coordinates(self.lowering.vector(term, TOP))

    def number(self, node: Node) -> S:
        """The value of a scalar that is lowered already."""
        found: S = self._arrays.single(self._value(node))
        return found

    def with_values(self, scalars: Mapping[str, S], vectors: Mapping[str, V]) -> Machine[S, V]:
        """The same with other or more values of some names; what does not depend on them is not run again."""
        environment = self.environment
        if scalars:
            environment = environment.changed("scalars", scalars)
        if vectors:
            environment = environment.changed("vectors", vectors)
        return Machine(self.algebra, environment, self.lowering)

    def _made_from(self) -> tuple[Machine[S, V] | None, frozenset[str]]:
        """What runs terms on the values that the environment was made from, and the names whose values differ."""
        if self.environment.origin is None:
            return None, frozenset()
        before, changed = self.environment.origin
        machine = before.machines.get((id(self.algebra), id(self.lowering.definitions)))
        if machine is None or machine.algebra is not self.algebra or machine.lowering is not self.lowering:
            machine = Machine(self.algebra, before, self.lowering)
        return machine, changed

    def over(self, lowering: Lowering) -> Machine[S, V]:
        """The same values, for programs of other definitions that are made by the same builder; nothing is run again."""
        machine = Machine(self.algebra, self.environment, lowering)
        machine._origin, machine._changed = self, frozenset()
        return machine

    def forget(self) -> None:
        """End it: a machine and its arrays know each other, and would hold what was run until they are collected."""
        self._done.clear()
        self._arrays = None

    def coordinates(self, vector: Coordinates) -> V:
        """The value of a vector that is lowered already."""
        node = vector.node
        found: V = self._arrays.whole(self._value(node), node.order, vector.axis)
        settled(found)
        return found

    def _value(self, node: Node) -> Any:
        found = self._done.get(node, self)
        if found is not self:
            return found
        if self._origin is not None and self._changed.isdisjoint(node.inputs):
            found = self._origin._value(node)
            settled(found)
        elif node.order and self._is_empty(node.order):
            found = self._arrays.empty(node.order)
        else:
            found = self._run(node)
            if self._long:
                self._let_go(node)
                if self.lowering.builder.users[node] != 1:
                    settled(found)
        self._done[node] = found
        return found

    def _let_go(self, node: Node) -> None:
        """Drop the arrays that a node was made of, where it is all that is made of them: another term makes them anew."""
        users = self.lowering.builder.users
        for arg in node.args:
            if arg.order and users[arg] == 1:
                self._done.pop(arg, None)

    def _run(self, node: Node) -> Any:
        return _HOW.get(node.op, Machine._through)(self, node)

    def _constant(self, value: S, node: Node) -> Any:
        return self._arrays.ordered(self._arrays.number(value), (), node.order) if node.order else self._arrays.number(value)

    def _given(self, node: Node) -> list[tuple[Any, tuple[Axis, ...]]]:
        value = self._value
        return [(value(arg), arg.order) for arg in node.args]

    def _number(self, node: Node) -> Any:
        return self._arrays.number(self.algebra.scalar(node.said[0]))  # type: ignore[arg-type]

    def _measure(self, node: Node) -> Any:
        return self._arrays.number(self.algebra.scalar(self._length(node.said[0])))  # type: ignore[arg-type]

    def _scalar(self, node: Node) -> Any:
        return self._arrays.number(self.environment.scalars[node.said[0]])  # type: ignore[index]

    def _vector(self, node: Node) -> Any:
        return self._arrays.vector(self.environment.vectors[node.said[0]])  # type: ignore[index]

    def _delta(self, node: Node) -> Any:
        return self._arrays.ordered(self._arrays.delta(self._size(node.own[0])), node.own, node.order)

    def _each(self, node: Node) -> Any:
        return self._arrays.each(node.op, node.order, *self._given(node))

    def _power(self, node: Node) -> Any:
        ((array, order),) = self._given(node)
        return self._arrays.power(node.order, node.said[0], array, order)

    def _reduced(self, node: Node) -> Any:
        axis = node.own[0]
        if node.op == "sum" and not self._size(axis):
            return self._constant(self.algebra.scalar(0), node)
        return self._arrays.reduced(node.op, node.order, axis, *self._given(node))

    def _at(self, node: Node) -> Any:
        ((array, order),) = self._given(node)
        position = self.environment.positions[node.said[0]]  # type: ignore[index]
        return self._arrays.at(array, order, node.order, node.own[0], position)

    def _spectral(self, node: Node) -> Any:
        stretch = partial(matrices.largest_stretch, self.algebra, self._length(node.said[0]))  # type: ignore[arg-type]
        return self._arrays.through(lambda r: stretch(self._arrays.built(r)), node.order, node.own[0], None, *self._given(node))

    def _leaf(self, node: Node) -> Any:
        return self._value(node.args[0])

    def _slope(self, node: Node) -> Any:
        return self._arrays.each(slope(node, self.algebra), node.order, *self._given(node))

    def _member(self, node: Node) -> Any:
        axes, names = node.own, node.said
        family = self.environment.families[names[0]]  # type: ignore[index]
        if len(axes) == 2:
            return self._arrays.family(family.members, axes, node.order)
        return self._arrays.vector(family.members[self.environment.positions[names[1]]])  # type: ignore[index]

    def _reread(self, node: Node) -> Any:
        axes, names = node.own, node.said
        ((array, order),) = self._given(node)
        count = binds(node.op)
        bound, made = axes[:count], axes[count:]
        rest = tuple(axis for axis in node.order if axis not in made)
        wide = self._arrays.ordered(array, order, (*rest, *bound))
        if node.op == "split" and names:  # at a fixed position
            (inner,) = made
            position = self.environment.positions[names[0]]  # type: ignore[index]
            cut = self._arrays.cut(wide, (*rest, *bound), bound[0], self._size(inner), position)
            return self._arrays.ordered(cut, (*rest, inner), node.order)
        return self._arrays.reread(wide, (*rest, *bound), (*rest, *made), node.order)

    def _through(self, node: Node) -> Any:
        """An operation on whole vectors, or its derivative."""
        axes = node.own
        op = node.op.removeprefix(JET)
        out = axes[binds(node.op)] if makes(node.op) else None
        level, count = 0, own(node)
        places = present(node) if node.op.startswith(JET) else tuple(range(count))
        algebra: Any = self.algebra
        while count << level <= places[-1]:
            level += 1
            algebra = DualAlgebra(algebra)
        operation = whole(op, node, algebra, self.environment, level)
        build = self._arrays.built

        def run(*parts: Any) -> Any:
            vectors = dict(zip(places, map(build, parts), strict=True))
            zero = self.algebra.zero(self._size(axes[0]))
            rows = [[vectors.get(k + count * j) for j in range(1 << level)] for k in range(count)]
            dual = [nested(row, level, zero) for row in rows]
            found = operation(*dual)
            for _ in range(level):
                found = found.tangent
                if found is None:
                    break
            if out is None:
                return self.algebra.scalar(0) if found is None else found
            return self._arrays.parts(self.algebra.zero(self._size(out)) if found is None else found)

        return self._arrays.through(run, node.order, axes[0], out, *self._given(node))

    def _is_empty(self, order: tuple[Axis, ...]) -> bool:
        """Whether one of the axes has no position."""
        if (found := self._empty.get(order)) is None:
            found = self._empty[order] = not all(map(self._size, order))
        return found

    def _size(self, axis: Axis) -> int:
        if (found := self._axes.get(axis)) is None:
            found = self._axes[axis] = self._length(axis.length)
        return found

    def _length(self, length: Length) -> int:
        if (found := self._sizes.get(length)) is None:
            found = self._sizes[length] = self._measured(length)
        return found

    def _measured(self, length: Length) -> int:
        return math.prod(factor(named, self.environment, self.algebra) for named in length)


_HOW: dict[str, Callable[[Machine[Any, Any], Node], Any]] = {
    "number": Machine._number,
    "size": Machine._measure,
    "scalar": Machine._scalar,
    "vector": Machine._vector,
    "member": Machine._member,
    "delta": Machine._delta,
    **dict.fromkeys(("add", "subtract", "multiply", "divide", "negate", "sqrt", "absolute"), Machine._each),
    "power": Machine._power,
    **dict.fromkeys(("sum", "inner", "norm"), Machine._reduced),
    "at": Machine._at,
    "spectral": Machine._spectral,
    "leaf": Machine._leaf,
    **dict.fromkeys(("split", "join"), Machine._reread),
    **dict.fromkeys(("apart", "slope of sqrt", "slope of absolute", "slope of norm"), Machine._slope),
}
"""By the name of an operation, what runs it; the others are those on whole vectors."""
