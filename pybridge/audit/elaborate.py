"""From a tree to what it means: types are found, names are looked up, functions are applied.

In: trees of ``surface``, the names in scope, the exported definitions by their signatures, and the sources where those are
here.  Out: values, or an ``UnreadError``: what is in no table here is not read, and never taken for the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pybridge.audit.arithmetic import changed, combined, norm, related, scaled, taking, variable
from pybridge.audit.maps import ascribed, coerced, complement, coprod, inner, projection
from pybridge.audit.types import (
    NATURAL,
    NONNEGATIVE,
    PROPOSITION,
    REAL,
    Known,
    Type,
    Unknown,
    UnreadError,
    is_a,
    unify,
)
from pybridge.audit.values import Function, Map, Node, Pair, Span, Value, component, entry, function, linear, node, number
from pybridge.surface.terms import Apply, Binding, Bound, Literal, Local, Name, Operation, Tree, show


@dataclass(frozen=True, slots=True)
class Scope:
    """What names mean: variables, types, and the names that binders bind, the outermost first.

    In a text of the sources, where a person leaves the coercions to Lean, the number of elements may be real by itself.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    types: Mapping[str, Type] = field(default_factory=dict)
    bound: tuple[Value, ...] = ()
    written: bool = False

    def under(self, value: Value) -> Scope:
        """Below a binder."""
        return replace(self, bound=(*self.bound, value))


_COMBINED = {"+": "add", "-": "sub", "*": "mul", "/": "div"}
_RELATED = {"=": "eq", "≠": "ne", "<": "lt", "≤": "le"}
_TURNED = {">": "lt", "≥": "le"}
_JOINED = {"∧": "and", "↔": "iff", "→": "imp"}


class Elaborator:
    """Reads terms, propositions and types; ``call`` applies a constant to trees, and says how many it took."""

    def __init__(self, call: Callable[[Elaborator, Name, Sequence[Tree], Scope], tuple[Value, int]], abbreviation: Abbreviated):
        self.call = call
        self.abbreviation = abbreviation

    # Types.

    def type(self, tree: Tree, scope: Scope) -> Type:
        """The type that a tree is."""
        match tree:
            case Local(name=name) if name in scope.types:
                return scope.types[name]
            case Name(text="_"):
                return Unknown()
            case Name():
                plain = {"ℝ": REAL, "ℕ": NATURAL, "NNReal": NONNEGATIVE, "Prop": PROPOSITION}.get(tree.text)
                return plain if plain is not None else self.abbreviation(self, tree, (), scope)
            case Apply(function=Name() as head, arguments=arguments):
                return self._applied_type(head, arguments, scope)
            case Operation(symbol="→", parts=(domain, codomain)):
                return Known("→", (self.type(domain, scope), self.type(codomain, scope)))
            case Operation(symbol="→L[", parts=(field_, domain, codomain)):
                unify(self.type(field_, scope), REAL)
                return Known("→L", (self.type(domain, scope), self.type(codomain, scope)))
            case Operation(symbol="×", parts=(left, right)):
                return Known("×", (self.type(left, scope), self.type(right, scope)))
            case _:
                raise UnreadError(f"no type is read of {show(tree)}")

    def _applied_type(self, head: Name, arguments: Sequence[Tree], scope: Scope) -> Type:
        match ends(head), arguments:
            case "EuclideanSpace", (field_, index):
                unify(self.type(field_, scope), REAL)
                return Known("PiLp", (self.type(index, scope), REAL))
            case "PiLp", (Literal(text="2"), Binding(symbol="fun") as family):
                over = Unknown() if family.type is None else self.type(family.type, scope)
                return Known("PiLp", (over, self.type(family.body, scope.under(variable(over)))))
            case "Set", (element,):
                return Known("Set", (self.type(element, scope),))
            case _:
                return self.abbreviation(self, head, arguments, scope)

    # Propositions.

    def proposition(self, tree: Tree, scope: Scope) -> Node:
        """A proposition."""
        found = node(self.value(tree, scope), "a proposition")
        if found.op not in PROPOSITIONS:
            raise UnreadError(f"no proposition is read of {show(tree)}")
        return found

    # Terms.

    def value(self, tree: Tree, scope: Scope) -> Value:
        """What a tree means."""
        match tree:
            case Literal(text=text):
                if not text.isdecimal():
                    raise UnreadError(f"the literal {text}")
                return Node("nat", Unknown(), number=int(text))
            case Local(name=name):
                if name not in scope.values:
                    raise UnreadError(f"{name} is no variable")
                return scope.values[name]
            case Bound(level=level):
                return scope.bound[level]
            case Name():
                return self._applied(tree, (), scope)
            case Apply(function=head, arguments=arguments):
                return self._applied(head, arguments, scope)
            case Operation():
                return self._operation(tree, scope)
            case Binding():
                return self._binding(tree, scope)

    def _applied(self, head: Tree, arguments: Sequence[Tree], scope: Scope) -> Value:
        if isinstance(head, Name):
            found, taken = self.call(self, head, arguments, scope)
        else:
            found, taken = self.value(head, scope), 0
        for argument in arguments[taken:]:
            found = applied(found, self.value(argument, scope))
        return found

    def _operation(self, tree: Operation, scope: Scope) -> Value:
        parts = tree.parts
        match tree.symbol, len(parts):
            case ("+" | "-" | "*" | "/") as symbol, 2:
                return combined(_COMBINED[symbol], *self._both(parts, scope))
            case "-", 1:
                return changed("neg", self.value(parts[0], scope))
            case "⁻¹", 1:
                return changed("inv", number(self.value(parts[0], scope)))
            case "√", 1:
                return Node("sqrt", REAL, (number(self.value(parts[0], scope)),))
            case "||", 1:
                return Node("abs", REAL, (number(self.value(parts[0], scope)),))
            case "‖‖", 1:
                return norm(self.value(parts[0], scope))
            case "^", 2:
                return self._power(parts, scope)
            case "•", 2:
                return scaled(*self._both(parts, scope))
            case "⟪⟫", 2:
                return inner(*self._both(parts, scope))
            case ("=" | "≠" | "<" | "≤") as symbol, 2:
                return related(_RELATED[symbol], *self._both(parts, scope))
            case (">" | "≥") as symbol, 2:
                left, right = self._both(parts, scope)
                return related(_TURNED[symbol], right, left)
            case ("∧" | "↔" | "→") as symbol, 2:
                sides = (self.proposition(parts[0], scope), self.proposition(parts[1], scope))
                return Node(_JOINED[symbol], PROPOSITION, sides)
            case "∈", 2:
                vector, region = (node(one, "a term") for one in self._both(parts, scope))
                unify(region.type, Known("Set", (vector.type,)))
                return Node("mem", PROPOSITION, (vector, region))
            case "(,)", 2:
                return Pair(*self._both(parts, scope))
            case (".1" | ".2") as symbol, 1:
                return entry(self.value(parts[0], scope), int(symbol[1]))
            case "↑", 1:
                return coerced(self.value(parts[0], scope))
            case "⇑", 1:
                return self.value(parts[0], scope)
            case "(:)", 2:
                return ascribed(self.value(parts[0], scope), self.type(parts[1], scope))
            case ".toNNReal", 1:
                return Node("toNNReal", NONNEGATIVE, (number(self.value(parts[0], scope)),))
            case ".coprod", 1:
                return coprod(linear(self.value(parts[0], scope)))
            case "∙", 2:
                unify(self.type(parts[0], scope), REAL)
                return Span((node(self.value(parts[1], scope), "a vector"),))
            case "ᗮ", 1:
                return complement(self.value(parts[0], scope))
            case ".starProjection", 1:
                return projection(self.value(parts[0], scope))
            case _:
                raise UnreadError(f"what {tree.symbol!r} means is not known: {show(tree)}")

    def _both(self, parts: Sequence[Tree], scope: Scope) -> tuple[Value, Value]:
        return self.value(parts[0], scope), self.value(parts[1], scope)

    def _power(self, parts: Sequence[Tree], scope: Scope) -> Node:
        base = number(self.value(parts[0], scope))
        if not isinstance(parts[1], Literal) or not parts[1].text.isdecimal():
            raise UnreadError(f"the exponent {show(parts[1])} is no numeral")
        return Node("pow", REAL, (base,), number=int(parts[1].text))

    def _binding(self, tree: Binding, scope: Scope) -> Value:
        domain = Unknown() if tree.type is None else self.type(tree.type, scope)
        if tree.symbol == "∀ᶠ" and tree.over is not None:
            return self._eventually(tree, domain, scope)
        if tree.over is not None:
            raise UnreadError(f"a binder that runs over a part: {show(tree)}")
        if tree.symbol == "fun":
            return taking(domain, lambda argument: self.value(tree.body, scope.under(argument)))
        fresh = variable(domain)
        if tree.symbol == "∑":
            body = node(self.value(tree.body, scope.under(fresh)), "a term")
            return Node("sum", body.type, (body,), binds=(fresh,))
        if tree.symbol == "∀":
            return Node("forall", PROPOSITION, (self.proposition(tree.body, scope.under(fresh)),), binds=(fresh,))
        raise UnreadError(f"what {tree.symbol!r} means here is not known: {show(tree)}")

    def _eventually(self, tree: Binding, domain: Type, scope: Scope) -> Node:
        match tree.over:
            case Apply(function=Name() as head, arguments=(place,)) if ends(head) == "nhds":
                point = node(self.value(place, scope), "a point")
            case _:
                raise UnreadError(f"the only filters read are the neighbourhoods of a vector: {show(tree)}")
        unify(point.type, domain)
        fresh = variable(domain)
        return Node("eventually", PROPOSITION, (point, self.proposition(tree.body, scope.under(fresh))), binds=(fresh,))


Abbreviated = Callable[[Elaborator, Name, Sequence[Tree], Scope], Type]
"""The type that a constant is, applied to these."""
PROPOSITIONS = {
    *("eq", "ne", "lt", "le", "and", "iff", "imp", "mem", "forall", "eventually", "orthonormal", "isGreatest"),
    *("hasGradientAt", "hasDerivAt", "hasFDerivAt"),
}


def ends(head: Name) -> str:
    """A constant of mathlib by its own name, or that of the only one it may be."""
    found = head.candidates & _TYPES if head.candidates else frozenset[str]()
    return next(iter(found)) if len(found) == 1 else head.text


_TYPES = frozenset({"EuclideanSpace", "PiLp", "Set", "nhds"})


def applied(head: Value, argument: Value) -> Value:
    """A value applied to another one: a function, a map, or a vector to a position."""
    if isinstance(head, Function):
        return head.apply(argument)
    if isinstance(head, Map):
        return head.apply(argument)
    if isinstance(head, Node) and is_a(head.type, "→"):
        return function(head).apply(argument)
    if isinstance(head, Node) and is_a(head.type, "→L"):
        return linear(head).apply(argument)
    return component(node(head, "a function"), argument)
