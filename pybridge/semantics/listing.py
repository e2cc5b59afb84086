"""A program for people: one line for each operation, in an order in which they can be run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from typing_extensions import assert_never

from pybridge import ir
from pybridge.semantics.axes import Axis
from pybridge.semantics.derivatives import variables_of
from pybridge.semantics.lowering import Lowering
from pybridge.semantics.program import JET, Node
from pybridge.semantics.scopes import TOP

_SIGNS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/"}


def program_of(declaration: ir.Theorem | ir.Definition, definitions: Mapping[str, ir.Definition]) -> dict[str, Node]:
    """What a definition's body, or the terms of a theorem's conclusion, are run as, by what they are called.

    An equation and an inequality have a left and a right side, and a statement about a derivative has the derivative of its
    function; a conclusion of other parts has those of its parts, numbered.
    """
    lowering = Lowering(definitions)
    if isinstance(declaration, ir.Definition):
        return {declaration.name.rpartition(".")[2]: _node(declaration.body, lowering)}
    found = [results for part in _parts(declaration.conclusion) if (results := _results(part, lowering))]
    if len(found) == 1:
        return found[0]
    return {f"{name} {number}": node for number, results in enumerate(found, 1) for name, node in results.items()}


def _parts(proposition: ir.Proposition) -> Iterator[ir.Proposition]:
    match proposition:
        case ir.And(left, right) | ir.Iff(left, right) | ir.Imp(left, right):
            yield from _parts(left)
            yield from _parts(right)
        case ir.ForAll(_, body) | ir.Eventually(_, _, body):
            yield from _parts(body)
        case _:
            yield proposition


def _results(proposition: ir.Proposition, lowering: Lowering) -> dict[str, Node]:
    match proposition:
        case ir.Eq(left, right) | ir.Ne(left, right) | ir.Lt(left, right) | ir.Le(left, right):
            return {"left": _node(left, lowering), "right": _node(right, lowering)}
        case ir.VectorEq(first, second) | ir.VectorNe(first, second):
            return {"left": _node(first, lowering), "right": _node(second, lowering)}
        case ir.HasGradientAt() | ir.HasDerivAt() | ir.HasFDerivAt():
            variables = variables_of(proposition)
            scalars = frozenset(v.name for v in variables if isinstance(v.kind, ir.ScalarKind))
            vectors = frozenset(v.name for v in variables) - scalars
            return {"derivative": lowering.derivative(proposition.body, scalars, vectors).node}
        case ir.IsGreatest(_, _, body, value):
            return {"greatest of": _node(body, lowering), "value": _node(value, lowering)}
        case ir.OpNormLe(_, bound):
            return {"bound": _node(bound, lowering)}
        case ir.Mem(vector, _):
            return {"element": _node(vector, lowering)}
        case ir.Orthonormal() | ir.And() | ir.Iff() | ir.Imp() | ir.ForAll() | ir.Eventually():
            return {}
        case _:
            assert_never(proposition)


def _node(term: ir.Term, lowering: Lowering) -> Node:
    return lowering.scalar(term, TOP) if isinstance(term, ir.SCALARS) else lowering.vector(term, TOP).node


def listing(results: Mapping[str, Node]) -> list[str]:
    """The operations that the results need, numbered, each with the axes its value lies along.

    Parameters
    ----------
    results
        What is asked for, by what it is called.
    """
    numbers: dict[Node, str] = {}
    lines = []
    for node in in_order(results.values()):
        numbers[node] = f"%{len(numbers) + 1}"
        along = f"  along {', '.join(map(str, node.order))}" if node.order else ""
        lines.append(f"{numbers[node]:>5} = {_said(node, [numbers[arg] for arg in node.args])}{along}")
    return [*lines, *(f"{name} = {numbers[node]}" for name, node in results.items())]


def in_order(results: Iterable[Node]) -> Iterator[Node]:
    """Every node that the results are made of, once, after its arguments."""
    seen: set[Node] = set()
    waiting = [(node, False) for node in reversed(list(results))]
    while waiting:
        node, ready = waiting.pop()
        if node in seen:
            continue
        if ready:
            seen.add(node)
            yield node
        else:
            waiting.append((node, True))
            waiting.extend((arg, False) for arg in reversed(node.args))


def _said(node: Node, args: list[str]) -> str:
    axes = [str(part) for part in node.data if isinstance(part, Axis)]
    others = [part for part in node.data if not isinstance(part, Axis)]
    match node.op, args:
        case "number" | "scalar" | "vector", _:
            return str(others[0])
        case "size", _:
            (length,) = others
            return f"size of {'×'.join(length) if isinstance(length, tuple) else length}"
        case op, [left, right] if op in _SIGNS:
            return f"{left} {_SIGNS[op]} {right}"
        case "negate", [arg]:
            return f"-{arg}"
        case "absolute", [arg]:
            return f"|{arg}|"
        case "power", [arg]:
            return f"{arg} ^ {others[0]}"
        case "sum", [arg]:
            return f"sum of {arg} over {axes[0]}"
        case "inner", [left, right]:
            return f"inner product of {left} and {right} over {axes[0]}"
        case "norm", [arg]:
            return f"norm of {arg} over {axes[0]}"
        case "spectral", [arg]:
            return f"norm of the matrix {arg} over {axes[0]}"
        case _:
            name = f"derivative of {node.op.removeprefix(JET)}" if node.op.startswith(JET) else node.op
            return " ".join([name, *map(str, others), *([f"[{', '.join(axes)}]"] if axes else []), *args])
