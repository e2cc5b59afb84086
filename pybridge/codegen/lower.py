"""From a definition to values: its program over arrays with named axes, where it has one axis, that of the batch.

What is no number of an entry or of a batch is refused by name: losses, families, derivatives, sums within sums.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pybridge import ir
from pybridge.codegen.values import NotCompiled, Value, Values
from pybridge.semantics.lowering import Lowering
from pybridge.semantics.program import Coordinates, Node
from pybridge.semantics.scopes import TOP, Scope

_KINDS = {
    ir.PositionKind: "a position",
    ir.FamilyKind: "a family of vectors",
    ir.LossKind: "a loss",
    ir.FieldKind: "a field",
    ir.OperatorKind: "an operator",
    ir.SetKind: "a set",
}
_OPERATIONS = {
    "at": "one entry of a vector",
    "delta": "a gradient",
    "leaf": "a derivative",
    "spectral": "the norm of an operator",
    "split": "a channel of a vector",
}


@dataclass(frozen=True, slots=True)
class Lowered:
    """A definition as values: its parameters in their order, the result, and what values are called in the library."""

    name: str
    scalars: tuple[str, ...]
    vectors: tuple[str, ...]
    result: Value
    called: Mapping[Value, str]


class _Naming(Lowering):
    """Remembers which node is the value of which definition."""

    def __init__(self, definitions: Mapping[str, ir.Definition]) -> None:
        super().__init__(definitions)
        self.called: dict[Node, str] = {}

    def _call(self, name: str, indices: tuple[str, ...], args: tuple[ir.Term, ...], scope: Scope) -> Node | Coordinates:
        found = super()._call(name, indices, args, scope)
        self.called.setdefault(found.node if isinstance(found, Coordinates) else found, name.rpartition(".")[2])
        return found


def lowered(definition: ir.Definition, definitions: Mapping[str, ir.Definition]) -> Lowered:
    """The values that a definition computes.

    Raises
    ------
    NotCompiled
        A parameter is neither a number nor a vector over the one index type, or the body has an operation for which no code is
        written.
    """
    try:
        scalars, vectors = _parameters(definition)
        lowering = _Naming(definitions)
        body = definition.body
        node = lowering.scalar(body, TOP) if isinstance(body, ir.SCALARS) else lowering.vector(body, TOP).node
        made: dict[Node, Value] = {}
        values = Values()
        result = _value(node, values, made)
    except NotCompiled as error:
        hint = error.hint or "`pybridge.oracle` evaluates what no code is written for"
        raise NotCompiled(f"{definition.name}: {error.message}", hint=hint) from None
    if result.spread == isinstance(body, ir.SCALARS):
        raise NotCompiled(f"{definition.name}: the result does not depend on the entries", hint="use `pybridge.oracle`")
    called: dict[Value, str] = {}
    for one, name in lowering.called.items():
        if one in made and not made[one].leaf:
            called.setdefault(made[one], name)
    return Lowered(definition.name, scalars, vectors, result, called)


def _parameters(definition: ir.Definition) -> tuple[tuple[str, ...], tuple[str, ...]]:
    scalars, vectors, spaces = [], [], set()
    for parameter in definition.parameters:
        match parameter.kind:
            case ir.ScalarKind():
                scalars.append(parameter.name)
            case ir.VectorKind(ir.Euclidean() as space):
                vectors.append(parameter.name)
                spaces.add(space)
            case ir.VectorKind():
                raise NotCompiled(f"{parameter.name} has channels, which is not compiled")
            case kind:
                raise NotCompiled(f"{parameter.name} is {_KINDS[type(kind)]}, which is not compiled")
    if not vectors:
        raise NotCompiled("there is no vector argument, so the size is not known", hint="see `pybridge show`")
    if len(spaces) > 1:
        raise NotCompiled("vectors over several index types are not compiled")
    return tuple(scalars), tuple(vectors)


def _value(node: Node, values: Values, made: dict[Node, Value]) -> Value:
    if (found := made.get(node)) is None:
        if len(node.axes) > 1:
            raise NotCompiled("numbers for each pair of entries (a sum within a sum) are not compiled")
        args = [_value(arg, values, made) for arg in node.args]
        found = made[node] = _operation(node, args, values)
    return found


def _operation(node: Node, args: list[Value], values: Values) -> Value:
    match node.op, args:
        case "number", _:
            return values.number(int(str(node.data[0])))
        case "size", _:
            return values.size()
        case "scalar", _:
            return values.input(str(node.data[0]), spread=False)
        case "vector", _:
            return values.input(str(node.data[0]), spread=True)
        case "add" | "subtract" | "negate" | "sqrt" | "absolute", _:
            return values.simple(node.op, *args)
        case "multiply", [left, right]:
            return values.multiply(left, right)
        case "divide", [left, right]:
            return values.divide(left, right)
        case "power", [base]:
            return values.power(base, int(str(node.data[0])))
        case "sum", [body]:
            return values.total(body)
        case "inner", [left, right]:
            return values.total(values.multiply(left, right))
        case "norm", [vector]:
            return values.simple("sqrt", values.total(values.power(vector, 2)))
        case op, _:
            raise NotCompiled(f"{_OPERATIONS.get(op, f'the operation {op!r}')} is not compiled")
