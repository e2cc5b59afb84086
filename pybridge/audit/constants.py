"""Mathlib's constants: how many arguments each takes, and what it makes of them.

In: the trees of the arguments.  Out: values.  This table is the whole of what is known of mathlib here; of a constant that is
not in it nothing is read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pybridge.audit.arithmetic import leaves, mapped, norm, opened, related, scaled, taking, variable, variables_like
from pybridge.audit.elaborate import Elaborator, Scope
from pybridge.audit.maps import coerced, inner
from pybridge.audit.types import NATURAL, NONNEGATIVE, PROPOSITION, REAL, Known, Unknown, UnreadError, unify
from pybridge.audit.values import Function, Node, Span, Value, function, linear, node, number, typed
from pybridge.surface.terms import Apply, Binding, Bound, Name, Operation, Tree, show

Constant = Callable[[Elaborator, Sequence[Tree], Scope], Value]


def _real(elaborator: Elaborator, tree: Tree, scope: Scope) -> None:
    unify(elaborator.type(tree, scope), REAL)


def _card(elaborator: Elaborator, trees: Sequence[Tree], scope: Scope) -> Value:
    return Node("card", Unknown() if scope.written else NATURAL, types=(elaborator.type(trees[0], scope),))


def _inner(elaborator: Elaborator, trees: Sequence[Tree], scope: Scope) -> Value:
    _real(elaborator, trees[0], scope)
    return inner(elaborator.value(trees[1], scope), elaborator.value(trees[2], scope))


def _sqrt(elaborator: Elaborator, trees: Sequence[Tree], scope: Scope) -> Value:
    return Node("sqrt", REAL, (number(elaborator.value(trees[0], scope)),))


def _to_nnreal(elaborator: Elaborator, trees: Sequence[Tree], scope: Scope) -> Value:
    return Node("toNNReal", NONNEGATIVE, (number(elaborator.value(trees[0], scope)),))


def _to_lp(elaborator: Elaborator, trees: Sequence[Tree], scope: Scope) -> Value:
    if show(trees[0]) != "2":
        raise UnreadError(f"a vector of L^{show(trees[0])}")
    index = Unknown()
    fresh, body = opened(elaborator.value(trees[1], scope), index)
    found = node(body, "a coordinate")
    return Node("build", Known("PiLp", (index, found.type)), (found,), binds=(fresh,))


def _sum(elaborator: Elaborator, trees: Sequence[Tree], scope: Scope) -> Value:
    if show(trees[0]) != "Finset.univ":
        raise UnreadError(f"a sum over {show(trees[0])}")
    index = Unknown()
    fresh, body = opened(elaborator.value(trees[1], scope), index)
    found = node(body, "a term")
    return Node("sum", found.type, (found,), binds=(fresh,))


def _inf_dist(elaborator: Elaborator, trees: Sequence[Tree], scope: Scope) -> Value:
    point, region = (node(elaborator.value(one, scope), "a term") for one in trees)
    unify(region.type, Known("Set", (point.type,)))
    return Node("infDist", REAL, (point, region))


def _gradient(elaborator: Elaborator, trees: Sequence[Tree], scope: Scope) -> Value:
    found = function(elaborator.value(trees[0], scope))
    type_ = found.domain

    def at(point: Value) -> Value:
        unify(typed(point), type_)
        fresh, body = opened(found, type_)
        return Node("gradient", type_, (number(body), node(point, "a point")), binds=(fresh,))

    return taking(type_, at)


def _fderiv(elaborator: Elaborator, trees: Sequence[Tree], scope: Scope) -> Value:
    _real(elaborator, trees[0], scope)
    point = node(elaborator.value(trees[2], scope), "a point")
    fresh, body = opened(elaborator.value(trees[1], scope), point.type)
    image = node(body, "a vector")

    def along(direction: Node) -> Node:
        return Node("fderiv", image.type, (image, point, direction), binds=(fresh,))

    return mapped(point.type, image.type, along)


def _adjoint(elaborator: Elaborator, trees: Sequence[Tree], scope: Scope) -> Value:
    found = linear(elaborator.value(trees[0], scope))
    operator = found.variable
    if operator is None:
        raise UnreadError(f"the adjoint of something that is no variable: {show(trees[0])}")
    return mapped(found.codomain, found.domain, lambda vector: Node("adjoint", found.domain, (operator, vector)))


def _identity(elaborator: Elaborator, trees: Sequence[Tree], scope: Scope) -> Value:
    _real(elaborator, trees[0], scope)
    type_ = elaborator.type(trees[1], scope)
    return mapped(type_, type_, lambda vector: vector)


def _inner_map(elaborator: Elaborator, trees: Sequence[Tree], scope: Scope) -> Value:
    _real(elaborator, trees[0], scope)

    def of(left: Value) -> Value:
        vector = node(left, "a vector")
        return mapped(vector.type, REAL, lambda right: inner(vector, right))

    return Function(Unknown(), of)


def _rank_one(elaborator: Elaborator, trees: Sequence[Tree], scope: Scope) -> Value:
    _real(elaborator, trees[0], scope)

    def first(left: Value) -> Value:
        image = node(left, "a vector")

        def second(right: Value) -> Value:
            normal = node(right, "a vector")
            return mapped(normal.type, image.type, lambda vector: node(scaled(inner(normal, vector), image), "a vector"))

        return Function(Unknown(), second)

    return Function(Unknown(), first)


def _to_span(elaborator: Elaborator, trees: Sequence[Tree], scope: Scope) -> Value:
    _real(elaborator, trees[0], scope)
    image = node(elaborator.value(trees[1], scope), "a vector")
    return mapped(REAL, image.type, lambda factor: node(scaled(factor, image), "a vector"))


def _span(elaborator: Elaborator, trees: Sequence[Tree], scope: Scope) -> Value:
    _real(elaborator, trees[0], scope)
    match trees[1]:
        case Operation(symbol="{}", parts=vectors) if vectors:
            return Span(tuple(node(elaborator.value(one, scope), "a vector") for one in vectors))
        case _:
            raise UnreadError(f"the span of vectors that are not written out: {show(trees[1])}")


def _orthonormal(elaborator: Elaborator, trees: Sequence[Tree], scope: Scope) -> Value:
    _real(elaborator, trees[0], scope)
    return Node("orthonormal", PROPOSITION, (node(elaborator.value(trees[1], scope), "a family"),))


def _has_gradient(elaborator: Elaborator, trees: Sequence[Tree], scope: Scope) -> Value:
    point = node(elaborator.value(trees[2], scope), "a point")
    gradient = node(elaborator.value(trees[1], scope), "a gradient")
    unify(gradient.type, point.type)
    fresh, body = opened(elaborator.value(trees[0], scope), point.type)
    return Node("hasGradientAt", PROPOSITION, (number(body), gradient, point), binds=(fresh,))


def _has_derivative(elaborator: Elaborator, trees: Sequence[Tree], scope: Scope) -> Value:
    point, derivative = number(elaborator.value(trees[2], scope)), number(elaborator.value(trees[1], scope))
    fresh, body = opened(elaborator.value(trees[0], scope), REAL)
    return Node("hasDerivAt", PROPOSITION, (number(body), derivative, point), binds=(fresh,))


def _has_frechet(elaborator: Elaborator, trees: Sequence[Tree], scope: Scope) -> Value:
    point = elaborator.value(trees[2], scope)
    moving, variables = variables_like(point)
    along, directions = variables_like(point)
    found = function(elaborator.value(trees[0], scope))
    unify(found.domain, typed(point))
    body = node(found.apply(moving), "a value")
    map_ = linear(elaborator.value(trees[1], scope))
    unify(map_.domain, typed(point))
    unify(map_.codomain, body.type)
    inside = (body, map_.apply(along), *leaves(point))
    return Node("hasFDerivAt", PROPOSITION, inside, binds=(*variables, *directions))


def _greatest(elaborator: Elaborator, trees: Sequence[Tree], scope: Scope) -> Value:
    value = number(elaborator.value(trees[1], scope))
    match trees[0]:
        case Binding(
            symbol="{|}",
            type=outer,
            over=None,
            body=Binding(
                symbol="∃",
                type=operator,
                over=None,
                body=Operation(symbol="∧", parts=(constraint, Operation(symbol="=", parts=(body, real)))),
            ),
        ) if real == Bound(len(scope.bound)):
            below = scope.under(variable(REAL))
        case _:
            raise UnreadError(f"the greatest of a set that is not {{r | ∃ A, … ∧ … = r}}: {show(trees[0])}")
    if outer is not None:
        _real(elaborator, outer, scope)
    fresh = variable(Unknown() if operator is None else elaborator.type(operator, below))
    inside = below.under(fresh)
    condition, term = elaborator.proposition(constraint, inside), number(elaborator.value(body, inside))
    return Node("isGreatest", PROPOSITION, (condition, term, value), binds=(fresh,))


def _at_most(found: Function, left: Node, right: Node) -> Node:
    return related("le", number(found.apply(left)), number(found.apply(right)))


def _minimum(elaborator: Elaborator, trees: Sequence[Tree], scope: Scope) -> Value:
    """``isMinOn_univ_iff``: the value is at most that of every vector."""
    if show(trees[1]) != "Set.univ":
        raise UnreadError(f"a minimum over {show(trees[1])}")
    point = node(elaborator.value(trees[2], scope), "a point")
    found = function(elaborator.value(trees[0], scope))
    unify(found.domain, point.type)
    fresh = variable(point.type)
    return Node("forall", PROPOSITION, (_at_most(found, point, fresh),), binds=(fresh,))


def _local_minimum(elaborator: Elaborator, trees: Sequence[Tree], scope: Scope) -> Value:
    """The value is at most that of every vector near."""
    point = node(elaborator.value(trees[1], scope), "a point")
    found = function(elaborator.value(trees[0], scope))
    unify(found.domain, point.type)
    fresh = variable(point.type)
    return Node("eventually", PROPOSITION, (point, _at_most(found, point, fresh)), binds=(fresh,))


def _lipschitz(elaborator: Elaborator, trees: Sequence[Tree], scope: Scope) -> Value:
    """``lipschitzWith_iff_norm_sub_le``."""
    constant = node(elaborator.value(trees[0], scope), "a number")
    found = function(elaborator.value(trees[1], scope))
    one, other = variable(found.domain), variable(found.domain)
    left, right = node(found.apply(one), "a vector"), node(found.apply(other), "a vector")
    distance = norm(Node("sub", left.type, (left, right)))
    moved = norm(Node("sub", found.domain, (one, other)))
    bound = Node("mul", REAL, (number(coerced(constant)), moved))
    inside = Node("forall", PROPOSITION, (related("le", distance, bound),), binds=(other,))
    return Node("forall", PROPOSITION, (inside,), binds=(one,))


CONSTANTS: dict[str, tuple[int, Constant]] = {
    "Fintype.card": (1, _card),
    "inner": (3, _inner),
    "Real.sqrt": (1, _sqrt),
    "Real.toNNReal": (1, _to_nnreal),
    "WithLp.toLp": (2, _to_lp),
    "Finset.sum": (2, _sum),
    "Metric.infDist": (2, _inf_dist),
    "gradient": (1, _gradient),
    "fderiv": (3, _fderiv),
    "ContinuousLinearMap.adjoint": (1, _adjoint),
    "ContinuousLinearMap.id": (2, _identity),
    ".id": (2, _identity),
    "innerSL": (1, _inner_map),
    "InnerProductSpace.rankOne": (1, _rank_one),
    "ContinuousLinearMap.toSpanSingleton": (2, _to_span),
    "Submodule.span": (2, _span),
    "Orthonormal": (2, _orthonormal),
    "HasGradientAt": (3, _has_gradient),
    "HasDerivAt": (3, _has_derivative),
    "HasFDerivAt": (3, _has_frechet),
    "IsGreatest": (2, _greatest),
    "IsMinOn": (3, _minimum),
    "IsLocalMin": (2, _local_minimum),
    "LipschitzWith": (2, _lipschitz),
}
"""By full name; ``.id`` is the identity where a map is expected."""
PREDICATES = {
    "Orthonormal",
    "HasGradientAt",
    "HasDerivAt",
    "HasFDerivAt",
    "IsGreatest",
    "IsMinOn",
    "IsLocalMin",
    "LipschitzWith",
}


def is_proposition(tree: Tree) -> bool:
    """Whether what a tree says is a proposition, by its form."""
    match tree:
        case Operation(symbol="→", parts=(_, right)):
            return is_proposition(right)
        case Operation(symbol=symbol):
            return symbol in {"=", "≠", "<", "≤", ">", "≥", "∧", "∨", "¬", "↔", "∈", "∉", "⊆", "∣", "⟂"}
        case Binding(symbol=symbol):
            return symbol in {"∀", "∃", "∃!", "∀ᶠ"}
        case Apply(function=Name(text=text)):
            return text in PREDICATES
        case _:
            return False
