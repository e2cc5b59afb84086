"""What one name may be mistaken for: another variable, two arguments for each other, one definition for another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pybridge import ir
from pybridge.mutation.slips.slip import Definitions
from pybridge.notation.render import text


def others(name: str, scope: Mapping[str, ir.Kind]) -> list[str]:
    """The other variables in scope of the kind that ``name`` has."""
    return [other for other, kind in scope.items() if other != name and kind == scope[name]]


def swapped(call: ir.Call | ir.VCall) -> Iterator[tuple[str, str, tuple[ir.Term, ...]]]:
    """Yield a label, a sentence and the arguments with two of one sort exchanged; vectors only where all are of one space."""
    args = call.args
    for first in range(len(args)):
        for second in range(first + 1, len(args)):
            one, other = args[first], args[second]
            scalars = isinstance(one, ir.SCALARS) and isinstance(other, ir.SCALARS)
            vectors = isinstance(one, ir.VECTORS) and isinstance(other, ir.VECTORS) and len(call.indices) == 1
            if (scalars or vectors) and one != other:
                arguments = list(args)
                arguments[first], arguments[second] = other, one
                said = f"`{text(one)}` and `{text(other)}` are exchanged in `{text(call)}`"
                yield f"swapped-{first}-{second}", said, tuple(arguments)


def namesakes(name: str, definitions: Definitions) -> Iterator[str]:
    """Yield the other definitions that take and give what this one does."""
    wanted = _signature(definitions[name])
    return (other for other, definition in definitions.items() if other != name and _signature(definition) == wanted)


def _signature(definition: ir.Definition) -> tuple[object, ...]:
    names = {index.name: str(number) for number, index in enumerate(definition.indices)}
    kinds = tuple(
        (names[p.kind.space.index],) if isinstance(p.kind, ir.VectorKind) and isinstance(p.kind.space, ir.Euclidean) else p.kind
        for p in definition.parameters
    )
    return (len(names), kinds, isinstance(definition.body, ir.SCALARS))


def short(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition(".")[2]
