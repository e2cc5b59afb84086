"""Places in a statement: where each subterm stands, which variables are in scope there, and the statement with it replaced.

A place is a path of field names from the root, such as ``right.args.1``.  The walk reads the fields of the nodes, so that it
goes through every kind of node there is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, TypeAlias

from pybridge import ir

Node: TypeAlias = ir.Term | ir.Proposition
NODES = (*ir.SCALARS, *ir.VECTORS, *ir.PROPOSITIONS)


@dataclass(frozen=True, slots=True)
class Place:
    """A node, the path to it, the kinds of the variables in scope there, and the node right above; None at the root."""

    path: tuple[str, ...]
    node: Node
    scope: Mapping[str, ir.Kind]
    parent: Node | None

    def __str__(self) -> str:
        return ".".join(self.path)


def places(root: Node, scope: Mapping[str, ir.Kind]) -> Iterator[Place]:
    """Yield every place in ``root``, in reading order; ``scope`` holds the kinds of the variables of the declaration."""
    yield from _below(root, (), scope, None)


def put(root: Any, path: tuple[str, ...], node: Node) -> Any:
    """``root`` with ``node`` at the end of ``path``; what is not on the path stays the same object."""
    if not path:
        return node
    step, *rest = path
    if not step.isdigit() and isinstance(below := getattr(root, step), tuple):
        place, *deeper = rest
        number = int(place)
        changed: Any = (*below[:number], put(below[number], tuple(deeper), node), *below[number + 1 :])
    else:
        changed = put(getattr(root, step), tuple(rest), node)
    parent: Any = root  # mypy knows no field that all nodes have
    return replace(parent, **{step: changed})


def _below(node: Node, path: tuple[str, ...], scope: Mapping[str, ir.Kind], parent: Node | None) -> Iterator[Place]:
    yield Place(path, node, scope, parent)
    for field in fields(node):
        value = getattr(node, field.name)
        inside = {**scope, **_bound(node, field.name)}
        if isinstance(value, NODES):
            yield from _below(value, (*path, field.name), inside, node)
        elif isinstance(value, tuple):
            for number, part in enumerate(value):
                if isinstance(part, NODES):
                    yield from _below(part, (*path, field.name, str(number)), inside, node)


def _bound(node: Node, field: str) -> dict[str, ir.Kind]:
    """The variables that a binder adds in one of its fields."""
    match node:
        case ir.Sum(variable, index, _) | ir.VSum(variable, index, _) | ir.Build(variable, index, _):
            return {variable: ir.PositionKind(index)}
        case ir.Channels(variable, index, _):
            return {variable: ir.PositionKind(index)}
        case ir.HasDerivAt(variable, _, _, _) if field == "body":
            return {variable: ir.ScalarKind()}
        case ir.HasGradientAt(bound, _, _, _) | ir.ForAll(bound, _) if field == "body":
            return {bound.name: bound.kind}
        case ir.Gradient(bound, _, _) | ir.FDeriv(bound, _, _, _) | ir.Eventually(bound, _, _) if field == "body":
            return {bound.name: bound.kind}
        case ir.OpNorm(bound, _):
            return {bound.name: bound.kind}
        case ir.IsGreatest(bound, _, _, _) if field in ("constraint", "body"):
            return {bound.name: bound.kind}
        case ir.HasFDerivAt(variables, _, _, _, _) if field == "body":
            return {one.name: one.kind for one in variables}
        case ir.HasFDerivAt(variables, _, directions, _, _) if field == "derivative":
            return {name: one.kind for name, one in zip(directions, variables, strict=True)}
        case _:
            return {}
