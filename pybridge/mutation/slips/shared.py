"""Slips that scalars and vectors have alike: in sums, at positions, and where one name is taken for another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from pybridge import ir
from pybridge.ir.spaces import renamed, result_of
from pybridge.mutation.slips.slip import Definitions, Slip
from pybridge.notation.render import text

T = TypeVar("T", bound=ir.Term)


def of_sum(left: T, right: T, *, minus: T) -> Iterator[Slip[T]]:
    """Yield the slips at ``left + right``; ``minus`` is the difference."""
    yield Slip("without-right", f"`+ {text(right)}` is missing", left, likely=True)
    yield Slip("without-left", f"`{text(left)} +` is missing", right, likely=True)
    yield Slip("to-minus", f"the sign of `{text(right)}` is -", minus, likely=True)


def of_difference(left: T, right: T, *, plus: T, opposite: T) -> Iterator[Slip[T]]:
    """Yield the slips at ``left - right``; ``plus`` is the sum, and ``opposite`` is -right."""
    yield Slip("without-right", f"`- {text(right)}` is missing", left, likely=True)
    yield Slip("without-left", f"`{text(left)}` is missing before `- {text(right)}`", opposite, likely=True)
    yield Slip("to-plus", f"the sign of `{text(right)}` is +", plus, likely=True)


def negated(opposite: T) -> Slip[T]:
    """The other sign; what had it is said by what became of what."""
    return Slip("negated", "the sign is the opposite", opposite)


def averaged(term: ir.Term, mean: T) -> Slip[T]:
    """A big sum divided by the number of its terms."""
    return Slip("averaged", f"`{text(term)}` is divided by the number of its terms", mean, likely=True)


def elsewhere(term: ir.Term, position: str, moved: T) -> Slip[T]:
    """A component taken at another position."""
    return Slip(f"at-{position}", f"`{text(term)}` is taken at {position}", moved)


def instead(other: str, name: str, term: T) -> Slip[T]:
    """One variable in place of another."""
    return Slip(f"to-{other}", f"`{other}` stands in place of `{name}`", term)


def called(other: str, name: str, call: T) -> Slip[T]:
    """One definition called in place of another; namespaces tell apart those of one short name."""
    return Slip(f"to-{other.rpartition('.')[2]}", f"`{other}` is called in place of `{name}`", call)


def others(name: str, scope: Mapping[str, ir.Kind]) -> list[str]:
    """The other variables in scope of the kind that ``name`` has."""
    return [other for other, kind in scope.items() if other != name and kind == scope[name]]


def swapped(call: ir.Call | ir.VCall, definitions: Definitions) -> Iterator[tuple[str, str, tuple[ir.Term, ...]]]:
    """Yield a label, a sentence and the arguments with two of one kind exchanged."""
    args = call.args
    kinds = [parameter.kind for parameter in definitions[call.name].parameters]
    for first in range(len(args)):
        for second in range(first + 1, len(args)):
            one, other = args[first], args[second]
            if kinds[first] == kinds[second] and one != other:
                arguments = list(args)
                arguments[first], arguments[second] = other, one
                said = f"`{text(one)}` and `{text(other)}` are exchanged in `{text(call)}`"
                yield f"swapped-{first}-{second}", said, tuple(arguments)


def namesakes(name: str, definitions: Definitions) -> Iterator[str]:
    """Yield the other definitions that take and give what this one does."""
    wanted = _signature(definitions[name], definitions)
    others = (other for other in definitions if other != name)
    return (other for other in others if _signature(definitions[other], definitions) == wanted)


def _signature(definition: ir.Definition, definitions: Definitions) -> tuple[object, ...]:
    names = {index.name: str(number) for number, index in enumerate(definition.indices)}
    kinds = (*(parameter.kind for parameter in definition.parameters), result_of(definition, definitions))
    numbered = (ir.VectorKind(renamed(kind.space, names)) if isinstance(kind, ir.VectorKind) else kind for kind in kinds)
    return (len(names), *numbered)
