"""Programs: a term as operations on whole arrays with named axes, common subterms once.

A node is an operation, its arguments and its free axes.  The positions of a binder are an axis, and so are the coordinates of a
vector; a sum takes an axis away.  ``Builder`` makes every node once: equal operations on equal arguments are one object, and a
bound axis is numbered by a rule, so that subterms that differ in the names of bound positions only are one node too.  What does
not depend on an axis does not have it, and so is computed outside every loop over it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pybridge.semantics.axes import Axis, Length, unused

NONE: frozenset[Axis] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """An operation.

    Parameters
    ----------
    op
        What it does: one of the names that ``machine.py`` knows.
    args
        What it does it to.
    data
        What else it has to know: a number, a name, the axes it binds and makes.
    axes
        Its free axes: the value is an array along these.
    inputs
        The names of the values of the environment that it, or the length of an axis in it, is made of.
    """

    op: str
    args: tuple[Node, ...]
    data: tuple[object, ...]
    axes: frozenset[Axis]
    inputs: frozenset[str]
    order: tuple[Axis, ...]
    """The free axes in the order in which arrays have them."""
    own: tuple[Axis, ...]
    """The axes in its data: first those that it binds, then those that it makes."""
    said: tuple[object, ...]
    """The rest of its data."""

    def __repr__(self) -> str:
        return f"<Node {self.op} {' '.join(map(str, self.data))}>"


@dataclass(frozen=True, slots=True)
class Coordinates:
    """A vector: its coordinates lie along ``axis``; a node that does not have it has the same coordinate everywhere."""

    node: Node
    axis: Axis


class Builder:
    """Makes nodes, each of them once."""

    def __init__(self) -> None:
        self._nodes: dict[tuple[object, ...], Node] = {}
        self.users: Counter[Node] = Counter()
        """How many of its nodes have one as an argument."""
        self._moved: dict[tuple[Node, frozenset[tuple[Axis, Axis]]], Node] = {}
        """Nodes with other free axes: programs of definitions that differ a little ask for the same again and again."""

    def __len__(self) -> int:
        return len(self._nodes)

    def node(
        self,
        op: str,
        args: tuple[Node, ...] = (),
        data: tuple[object, ...] = (),
        *,
        less: Iterable[Axis] = (),
        more: Iterable[Axis] = (),
        inputs: Iterable[str] = (),
    ) -> Node:
        """The node of an operation that binds the axes ``less`` of its arguments, and makes the axes ``more``."""
        key = (op, data, *map(id, args))
        if (found := self._nodes.get(key)) is None:
            axes = NONE.union(*(arg.axes for arg in args)).difference(less).union(more)
            names = frozenset(inputs).union(_measured(op, data), *(arg.inputs for arg in args))
            said = tuple(part for part in data if not isinstance(part, Axis))
            found = self._nodes[key] = Node(op, args, data, axes, names, tuple(sorted(axes)), _axes(data), said)
            for arg in args:
                self.users[arg] += 1
        return found

    def number(self, value: int) -> Node:
        return self.node("number", (), (value,))

    def size(self, length: Length) -> Node:
        return self.node("size", (), (length,))

    def total(self, body: Node, axis: Axis) -> Node:
        """The sum along an axis; of products, the inner product of what is multiplied."""
        if body.op == "multiply" and all(axis in arg.axes for arg in body.args):
            left, right = (Coordinates(arg, axis) for arg in body.args)
            return self.inner(left, right)
        bound = unused(axis.length, body.axes - {axis})
        return self.node("sum", (self.renamed(body, {axis: bound}),), (bound,), less=(bound,))

    def inner(self, left: Coordinates, right: Coordinates) -> Node:
        """The inner product."""
        axis = left.axis
        free = (left.node.axes - {left.axis}) | (right.node.axes - {right.axis})
        bound = unused(axis.length, free)
        args = (self.along(left, bound), self.along(right, bound))
        return self.node("inner", args, (bound,), less=(bound,))

    def norm(self, vector: Coordinates) -> Node:
        """The norm."""
        return self.bound("norm", vector)

    def bound(self, op: str, vector: Coordinates, *data: object, inputs: Iterable[str] = ()) -> Node:
        """A number made of a vector as a whole."""
        axis = unused(vector.axis.length, vector.node.axes - {vector.axis})
        return self.node(op, (self.along(vector, axis),), (axis, *data), less=(axis,), inputs=inputs)

    def binding(
        self, op: str, args: tuple[Node, ...], bound: tuple[Axis, ...], more: tuple[object, ...], inputs: tuple[str, ...]
    ) -> Node:
        """The node of an operation that binds axes; ``more`` is the rest of its data, the axes that it makes first."""
        made = [part for part in more if isinstance(part, Axis)]
        taken = NONE.union(*(arg.axes for arg in args)).difference(bound).union(made)
        names: dict[Axis, Axis] = {}
        for axis in bound:
            names[axis] = unused(axis.length, taken)
            taken |= {names[axis]}
        args = tuple(self.renamed(arg, names) for arg in args)
        return self.node(op, args, (*names.values(), *more), less=names.values(), more=made, inputs=inputs)

    def along(self, vector: Coordinates, axis: Axis) -> Node:
        """The coordinates along another axis."""
        return self.renamed(vector.node, {vector.axis: axis})

    def renamed(self, node: Node, names: Mapping[Axis, Axis]) -> Node:
        """The node with other free axes; two may become one, which is the diagonal."""
        moved = {axis: other for axis, other in names.items() if axis != other}
        return self._renamed(node, moved) if moved else node

    def rewritten(self, node: Node, change: Callable[[Node], Node | None]) -> Node:
        """The node with ``change`` applied to every node in it, the innermost first; None leaves one as it is."""
        done: dict[Node, Node] = {}

        def rewrite(one: Node) -> Node:
            if (found := done.get(one)) is None:
                args = tuple(map(rewrite, one.args))
                kept = one if args == one.args else self._again(one, args, one.data)
                other = change(kept)
                found = done[one] = kept if other is None else other
            return found

        return rewrite(node)

    def _again(self, node: Node, args: tuple[Node, ...], data: tuple[object, ...]) -> Node:
        """The operation on other arguments; which axes it binds and makes is read off its data."""
        bound, made = binds(node.op), makes(node.op)
        own = _axes(data)
        less = own[:bound]
        free = node.inputs.difference(*(arg.inputs for arg in node.args))
        return self.node(node.op, args, data, less=less, more=own[bound : bound + made], inputs=free)

    def _renamed(self, node: Node, names: Mapping[Axis, Axis]) -> Node:
        if names.keys().isdisjoint(node.axes):
            return node
        here = {axis: other for axis, other in names.items() if axis in node.axes}
        key = (node, frozenset(here.items()))
        if (found := self._moved.get(key)) is not None:
            return found
        count = binds(node.op)
        own = node.own
        inside = dict(here)
        if count:
            taken = {here.get(axis, axis) for axis in node.axes}
            for axis in own[:count]:
                inside[axis] = unused(axis.length, taken)
                taken = taken | {inside[axis]}
            args = tuple(self.renamed(arg, inside) for arg in node.args)
        else:
            args = tuple(self._renamed(arg, here) for arg in node.args)
        data = tuple(inside.get(part, part) if isinstance(part, Axis) else part for part in node.data)
        if node.op == "delta" and data[0] == data[1]:
            return self.number(1)
        found = self._moved[key] = self._again(node, args, data)
        return found


def _measured(op: str, data: tuple[object, ...]) -> Iterable[str]:
    """The names of the values that say how long the axes in the data are, or how large a size is."""
    lengths = [part.length for part in data if isinstance(part, Axis)]
    if op == "size":
        lengths += [part for part in data if isinstance(part, tuple)]
    return (factor.rpartition(" ")[2] for length in lengths for factor in length if " " in factor)


def _axes(data: tuple[object, ...]) -> tuple[Axis, ...]:
    return tuple(part for part in data if isinstance(part, Axis))


_BINDS = {
    "sum": 1,
    "inner": 1,
    "norm": 1,
    "at": 1,
    "loss": 1,
    "distance": 1,
    "spectral": 1,
    "field": 1,
    "apply": 1,
    "adjoint": 1,
    "project": 1,
    "split": 1,
    "join": 2,
}
_MAKES = {
    "vector": 1,
    "member": 2,
    "field": 1,
    "apply": 1,
    "adjoint": 1,
    "project": 1,
    "split": 2,
    "join": 1,
    "delta": 2,
    "leaf": 1,
}
JET = "jet "
"""Before the name of an operation on whole vectors: its derivative."""


def binds(op: str) -> int:
    """How many of the axes in a node's data it binds, the first ones."""
    return _BINDS.get(op.removeprefix(JET), 0)


def makes(op: str) -> int:
    """How many of the axes after those it makes."""
    return _MAKES.get(op.removeprefix(JET), 0)
