"""What a constant means that is not mathlib's: an exported definition, an abbreviation of a type, a linear map of the sources.

In: the exported definitions as they are printed, and the sources.  Out: calls, types and maps.  A definition of the sources
that is not exported is unfolded where it is a linear map, as the exporter unfolds it, or a type; another one is not read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pybridge import ir
from pybridge.audit.arithmetic import taking
from pybridge.audit.constants import CONSTANTS
from pybridge.audit.elaborate import Elaborator, Scope, ends
from pybridge.audit.statement import instances, is_sort
from pybridge.audit.types import Known, Type, Unknown, UnreadError, unify
from pybridge.audit.values import Map, Node, Value, linear, node
from pybridge.surface.library import Library
from pybridge.surface.statements import Bind, Statement, printed, written
from pybridge.surface.terms import Name, Tree


@dataclass(slots=True)
class Knowledge:
    """The exported definitions, and the sources where they are here."""

    definitions: Mapping[str, ir.Definition]
    library: Library
    _printed: dict[str, Statement] = field(default_factory=dict)
    _written: dict[str, Statement] = field(default_factory=dict)

    def elaborator(self) -> Elaborator:
        """A reader that looks names up here."""
        return Elaborator(self.call, self.type)

    def call(self, elaborator: Elaborator, head: Name, arguments: Sequence[Tree], scope: Scope) -> tuple[Value, int]:
        """A constant applied to as many of these as it takes; what is made of them, and how many it took."""
        name = self._named(head, [*CONSTANTS, *self.definitions, *self.library.declarations])
        if name in CONSTANTS:
            count, apply = CONSTANTS[name]
            if len(arguments) < count:
                raise UnreadError(f"{name} lacks an argument")
            return apply(elaborator, arguments[:count], scope), count
        if name in self.definitions:
            return self._exported(elaborator, name, arguments, scope)
        return self._unfolded(elaborator, name, arguments, scope)

    def type(self, elaborator: Elaborator, head: Name, arguments: Sequence[Tree], scope: Scope) -> Type:
        """An abbreviation of the sources, applied."""
        if ends(head) in ("EuclideanSpace", "PiLp", "Set"):
            raise UnreadError(f"no type is read of {head.text} and {len(arguments)} arguments")
        name = self._named(head, list(self.library.declarations))
        if self.library.declarations[name].word not in ("abbrev", "def"):
            raise UnreadError(f"{name} is no definition")
        statement = self._source(name)
        instances(statement.binders)
        binders = [one for one in statement.binders if one.bracket != "["]
        if len(binders) != len(arguments) or statement.value is None or not all(is_sort(one.type) for one in binders):
            raise UnreadError(f"{name} is no abbreviation of a type with {len(arguments)} arguments")
        given = {one.name or "": elaborator.type(tree, scope) for one, tree in zip(binders, arguments, strict=True)}
        return elaborator.type(statement.value, Scope({}, given, written=True))

    def _named(self, head: Name, known: Sequence[str]) -> str:
        """The one constant that a name means."""
        if head.text in CONSTANTS and head.text.startswith("."):
            return head.text
        found = head.candidates & set(known)
        if len(found) != 1:
            said = "is known neither here nor in the sources" if not found else "may be several constants"
            raise UnreadError(f"{head.text} {said}")
        return next(iter(found))

    def _source(self, name: str) -> Statement:
        if name not in self._written:
            self._written[name] = written(self.library.declarations[name], self.library, exact=True)
        return self._written[name]

    def _exported(self, elaborator: Elaborator, name: str, arguments: Sequence[Tree], scope: Scope) -> tuple[Value, int]:
        if name not in self._printed:
            self._printed[name] = printed(self.definitions[name].statement, exact=True)
        statement = self._printed[name]
        explicit, types = _parameters(statement.binders, name)
        inside = Scope({}, types)
        wanted = [elaborator.type(one.type, inside) for one in explicit]
        result = elaborator.type(statement.conclusion, inside)

        def apply(values: Sequence[Value]) -> Node:
            given = [node(one, "an argument") for one in values]
            for one, type_ in zip(given, wanted, strict=True):
                unify(one.type, type_)
            return Node("call", result, tuple(given), name=name, types=tuple(types.values()))

        taken = min(len(arguments), len(explicit))
        return _curried(apply, [elaborator.value(one, scope) for one in arguments[:taken]], wanted), taken

    def _unfolded(self, elaborator: Elaborator, name: str, arguments: Sequence[Tree], scope: Scope) -> tuple[Value, int]:
        declaration = self.library.declarations[name]
        if declaration.is_theorem:
            raise UnreadError(f"{name} is a theorem")
        statement = self._source(name)
        explicit, types = _parameters(statement.binders, name)
        if len(arguments) < len(explicit) or statement.value is None:
            raise UnreadError(f"{name} lacks an argument")
        values: dict[str, Value] = {}
        inside = Scope(values, types, written=True)
        for one, tree in zip(explicit, arguments, strict=False):
            values[one.name or ""] = given = node(elaborator.value(tree, scope), "an argument")
            unify(given.type, elaborator.type(one.type, inside))
        result = elaborator.type(statement.conclusion, inside)
        found = elaborator.value(statement.value, inside)
        if not isinstance(found, Map):
            raise UnreadError(f"{name} is a definition that is not exported, and no linear map that is written out")
        map_ = linear(found)
        unify(result, _map_type(map_))
        return map_, len(explicit)


def _map_type(map_: Map) -> Type:
    return Known("→L", (map_.domain, map_.codomain))


def _parameters(binders: Sequence[Bind], name: str) -> tuple[list[Bind], dict[str, Type]]:
    """The explicit parameters, and new unknowns for the types that are implicit."""
    explicit, types = [], dict[str, Type]()
    instances(binders)
    for one in _without_instances(binders):
        if is_sort(one.type) and one.bracket == "{":
            types[one.name or ""] = Unknown()
        elif one.bracket == "(" and not is_sort(one.type):
            explicit.append(one)
        else:
            raise UnreadError(f"{name} has the parameter {one.said}, which no text of a call shows")
    return explicit, types


def _without_instances(binders: Sequence[Bind]) -> Iterator[Bind]:
    return (one for one in binders if one.bracket != "[")


def _curried(apply: Callable[[Sequence[Value]], Value], given: list[Value], wanted: list[Type]) -> Value:
    """What is made of all arguments; a function of those that are left."""
    if len(given) == len(wanted):
        return apply(given)
    return taking(wanted[len(given)], lambda argument: _curried(apply, [*given, argument], wanted))
