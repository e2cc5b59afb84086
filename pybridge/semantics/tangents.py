"""Forward-mode derivatives of programs: the program of the derivative along a direction, with its common subterms.

What does not depend on the variable has no tangent (None).  An operation that is not differentiable everywhere has a node that
looks at its argument when it runs: where that is not certainly off the places where Lean's function has no derivative,
``NotDifferentiable`` is raised and no number is made up.
"""

from __future__ import annotations

from collections.abc import Mapping

from pybridge.algebras.dual import NotDifferentiable
from pybridge.semantics.program import JET, Builder, Coordinates, Node, binds, makes

_WHOLE = ("loss", "distance", "field", "apply", "adjoint", "project")

_LOOKED_AT = {"apart": 1, "slope of absolute": 2, "slope of norm": 3}
"""How many of the arguments of an operation its value depends on; the others are looked at only."""


class Tangents:
    """The tangents of nodes, given those of some of them.

    Parameters
    ----------
    builder
        Makes the nodes.
    given
        The tangents of leaves, by their numbers.  Free axes of a tangent, but for the coordinates', must not be bound in the
        nodes asked for.
    """

    def __init__(self, builder: Builder, given: Mapping[int, Node | Coordinates]) -> None:
        self._builder = builder
        self._given = given
        self._done: dict[Node, Node | None] = {}

    def of(self, node: Node) -> Node | None:
        """The tangent of a node; None where it certainly does not move."""
        if node not in self._done:
            self._done[node] = self._found(node)
        return self._done[node]

    def _found(self, node: Node) -> Node | None:
        if node.op == "leaf" and (given := self._given.get(number_of(node))) is not None:
            return given if isinstance(given, Node) else self._builder.along(given, node.own[0])
        tangents = tuple(map(self.of, node.args))
        if all(tangent is None for tangent in tangents):
            return None
        build = self._builder
        match node.op, node.args, tangents:
            case "add", _, (left, right):
                return self._total(left, right)
            case "subtract", _, (left, right):
                return self._difference(left, right)
            case "negate", _, (tangent,):
                return self._with("negate", tangent)
            case "multiply", (one, other), (left, right):
                return self._total(self._with("multiply", left, other), self._with("multiply", one, right))
            case "divide", (_, below), (above, None):
                return self._with("divide", above, below)
            case "divide", (_, below), (above, right):
                apart = build.node("apart", (below, *self._constant(below)), ("a quotient where the denominator may be 0",))
                less = self._with("multiply", node, right)
                return self._with("divide", self._difference(above, less), apart)
            case "sqrt", (arg,), (tangent,):
                return self._with("slope of sqrt", arg, node, tangent, *self._constant(arg))
            case "absolute", (arg,), (tangent,):
                return self._with("slope of absolute", arg, tangent, *self._constant(arg))
            case "power", (base,), (tangent,):
                (exponent,) = node.data
                assert isinstance(exponent, int)  # noqa: S101
                if exponent == 0:
                    return None
                slope = build.node("multiply", (build.number(exponent), build.node("power", (base,), (exponent - 1,))))
                return self._with("multiply", slope, tangent)
            case "inner", (one, other), (left, right):
                return self._total(self._reduced(node, left, other), self._reduced(node, one, right))
            case "norm", (arg,), (tangent,):
                square = build.node("inner", (arg, arg), node.data, less=node.own[:1])
                step = self._reduced(node, arg, tangent, op="inner")
                return self._with("slope of norm", square, node, step, *self._constant(square))
            case "leaf", _, _:
                return None
            case "sum" | "at" | "split" | "join", _, (tangent,):
                return self._again(node, tangent)
            case "apart", _, (tangent, *_):
                return tangent
            case "slope of sqrt", (_, root, *_), (_, bends, further, *_):
                less = self._with("multiply", node, self._with("multiply", build.number(2), bends))
                twice = build.node("multiply", (build.number(2), root))
                return self._with("divide", self._difference(further, less), twice)
            case "slope of absolute", (arg, _, *constant), (_, further, *_):
                return self._with("slope of absolute", arg, further, *constant)
            case "slope of norm", (_, norm, *_), (_, grows, further, *_):
                return self._with("divide", self._difference(further, self._with("multiply", node, grows)), norm)
            case "spectral", _, _:
                raise NotDifferentiable("the norm of an operator")
            case op, args, _ if op.removeprefix(JET) in _WHOLE:
                return self._jet(node, args, tangents)
        raise TypeError(f"no derivative of {node.op}")  # each operation has its case

    def _constant(self, node: Node) -> tuple[Node, ...]:
        """Numbers of which it is enough that all are certainly negative for the node not to move; none where that is not so.

        The root of a negative number is constantly 0.
        """
        found = self._roots(node)
        return () if found is None or any(not root.axes <= node.axes for root in found) else tuple(found)

    def _roots(self, node: Node) -> dict[Node, None] | None:
        """The first roots on every way by which a node moves; None where one has none."""
        if self.of(node) is None:
            return {}
        if node.op in ("sqrt", "slope of sqrt"):
            return {node.args[0]: None}
        found: dict[Node, None] = {}
        for arg in node.args[: _LOOKED_AT.get(node.op)]:
            roots = self._roots(arg)
            if roots is None:
                return None
            found |= roots
        return found if node.args and node.op != "leaf" else None

    def _jet(self, node: Node, args: tuple[Node, ...], tangents: tuple[Node | None, ...]) -> Node:
        """The derivative of an operation on whole vectors: the same, with the tangents that there are behind its arguments."""
        first = not node.op.startswith(JET)
        places = tuple(range(len(args))) if first else present(node)
        count = own(node)
        while count <= places[-1]:
            count *= 2
        steps = [(count + place, tangent) for place, tangent in zip(places, tangents, strict=True) if tangent is not None]
        data = (*(node.data if first else node.data[:-1]), (*places, *(place for place, _ in steps)))
        return self._made(JET + node.op if first else node.op, (*args, *(tangent for _, tangent in steps)), node, data)

    def _again(self, node: Node, tangent: Node | None) -> Node | None:
        return None if tangent is None else self._made(node.op, (tangent,), node)

    def _reduced(self, node: Node, left: Node | None, right: Node | None, op: str = "inner") -> Node | None:
        return None if left is None or right is None else self._made(op, (left, right), node)

    def _made(self, op: str, args: tuple[Node, ...], like: Node, data: tuple[object, ...] | None = None) -> Node:
        """A node that binds and makes the axes that another one does."""
        axes = like.own
        count = binds(like.op)
        inputs = like.inputs.difference(*(arg.inputs for arg in like.args))
        made = axes[count : count + makes(like.op)]
        said = like.data if data is None else data
        return self._builder.node(op, args, said, less=axes[:count], more=made, inputs=inputs)

    def _with(self, op: str, *args: Node | None) -> Node | None:
        """An operation that is linear in each tangent among its arguments: None where one is missing."""
        found = tuple(arg for arg in args if arg is not None)
        return self._builder.node(op, found) if len(found) == len(args) else None

    def _total(self, left: Node | None, right: Node | None) -> Node | None:
        if left is None or right is None:
            return right if left is None else left
        return self._builder.node("add", (left, right))

    def _difference(self, left: Node | None, right: Node | None) -> Node | None:
        if left is None:
            return self._with("negate", right)
        return left if right is None else self._builder.node("subtract", (left, right))


def moving(builder: Builder, value: Node | Coordinates, number: int) -> Node | Coordinates:
    """What stands for a variable of this value while something is differentiated in it."""
    if isinstance(value, Node):
        return builder.node("leaf", (value,), (number,))
    return Coordinates(builder.node("leaf", (value.node,), (number, value.axis), more=(value.axis,)), value.axis)


def own(node: Node) -> int:
    """How many vectors an operation on whole vectors takes, without tangents."""
    return next((part for part in node.data if isinstance(part, int)), 1)


def present(jet: Node) -> tuple[int, ...]:
    """The places of a derivative's arguments: first the vectors, then their tangents, then those of all these, and so on."""
    places = jet.data[-1]
    assert isinstance(places, tuple)  # noqa: S101
    return places


def number_of(leaf: Node) -> int:
    """Which variable a leaf stands for."""
    number = leaf.data[0]
    assert isinstance(number, int)  # noqa: S101
    return number


def settled(builder: Builder, node: Node, number: int) -> Node:
    """The node with the leaves of a number replaced by their values."""
    return builder.rewritten(node, lambda one: one.args[0] if one.op == "leaf" and number_of(one) == number else None)
