"""From a JSON node to a proposition: total, or an ``ExportInvalid`` that names the declaration and the path.

In: plain JSON values and the scope they stand in.  Out: propositions of ``ir`` whose bound variables are declared where they
are used, and whose points, directions and values have the kinds that their functions ask for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pybridge import ir
from pybridge.export.decode_terms import MAX_EXPONENT, MAX_LITERAL, MAX_UNFOLDED, TermDecoder
from pybridge.export.nodes import At, list_of, open_node, take_fields, text_of
from pybridge.export.scope import Scope, decode_moving, decode_variable, kind_space, noun, sort_name
from pybridge.ir.traverse import terms

__all__ = ["MAX_EXPONENT", "MAX_LITERAL", "MAX_UNFOLDED", "Decoder"]


class Decoder(TermDecoder):
    """Decodes the terms and propositions of one export; ``define`` makes a definition known to what comes after it."""

    __slots__ = ()

    def proposition(self, node: object, scope: Scope, at: At) -> ir.Proposition:
        """A proposition, whose terms stay below the depth the evaluator can recurse through."""
        found = self._proposition(node, scope, at)
        for term in terms(found):
            self.check_height(term, at)
        return found

    def _proposition(self, node: object, scope: Scope, at: At) -> ir.Proposition:
        name, fields = open_node(node, at)
        match name:
            case "eq" | "ne" | "lt" | "le":
                return _RELATIONS[name](*self.scalars(name, fields, scope, at))
            case "vectorEq":
                return ir.VectorEq(*self.same_space(name, fields, scope, at)[:2])
            case "vectorNe":
                return ir.VectorNe(*self.same_space(name, fields, scope, at)[:2])
            case "orthonormal":
                (family,) = take_fields(name, fields, ("family",), at)
                scope.family(family, at.step("orthonormal.family"))
                return ir.Orthonormal(text_of(family, at))
            case "and" | "iff" | "imp":
                left, right = take_fields(name, fields, ("left", "right"), at)
                parts = (
                    self._proposition(left, scope, at.step(f"{name}.left")),
                    self._proposition(right, scope, at.step(f"{name}.right")),
                )
                return _CONNECTIVES[name](*parts)
            case "mem":
                vector, region = take_fields(name, fields, ("vector", "set"), at)
                kind = scope.region(region, at.step("mem.set"))
                return ir.Mem(self.of_space(kind.space, vector, scope, at.step("mem.vector")), text_of(region, at))
            case "hasGradientAt":
                return self._gradient(fields, scope, at)
            case "hasDerivAt":
                return self._derivative(fields, scope, at)
            case "hasFDerivAt":
                return self._frechet(fields, scope, at)
            case "forall":
                return self._for_all(fields, scope, at)
            case "eventually":
                return self._eventually(fields, scope, at)
            case "opNormLe":
                operator, bound = take_fields(name, fields, ("operator", "bound"), at)
                scope.operator(operator, at.step("opNormLe.operator"))
                return ir.OpNormLe(text_of(operator, at), self.scalar(bound, scope, at.step("opNormLe.bound")))
            case "isGreatest":
                return self._greatest(fields, scope, at)
            case _:
                at.refuse(f"no proposition is made by {name!r}")

    def _gradient(self, fields: Mapping[str, object], scope: Scope, at: At) -> ir.HasGradientAt:
        bound, body_node, gradient_node, point_node = take_fields(
            "hasGradientAt", fields, ("variable", "body", "gradient", "point"), at
        )
        variable, space = decode_moving(bound, scope, at.step("hasGradientAt.variable"))
        body = self.scalar(body_node, scope.declare(variable), at.step("hasGradientAt.body"))
        gradient = self.of_space(space, gradient_node, scope, at.step("hasGradientAt.gradient"))
        return ir.HasGradientAt(
            variable, body, gradient, self.of_space(space, point_node, scope, at.step("hasGradientAt.point"))
        )

    def _derivative(self, fields: Mapping[str, object], scope: Scope, at: At) -> ir.HasDerivAt:
        bound, body, derivative, point = take_fields("hasDerivAt", fields, ("variable", "body", "derivative", "point"), at)
        variable = ir.Variable(text_of(bound, at.step("hasDerivAt.variable")), ir.ScalarKind())
        return ir.HasDerivAt(
            variable.name,
            self.scalar(body, scope.declare(variable), at.step("hasDerivAt.body")),
            self.scalar(derivative, scope, at.step("hasDerivAt.derivative")),
            self.scalar(point, scope, at.step("hasDerivAt.point")),
        )

    def _frechet(self, fields: Mapping[str, object], scope: Scope, at: At) -> ir.HasFDerivAt:
        expected = ("variables", "body", "directions", "derivative", "points")
        bound_nodes, body_node, direction_nodes, derivative_node, point_nodes = take_fields("hasFDerivAt", fields, expected, at)
        here = {name: at.step(f"hasFDerivAt.{name}") for name in expected}
        variables = tuple(decode_variable(node, scope, here["variables"]) for node in list_of(bound_nodes, here["variables"]))
        spaces = [kind_space(variable.kind, here["variables"]) for variable in variables]
        directions = tuple(text_of(node, here["directions"]) for node in list_of(direction_nodes, here["directions"]))
        if not variables or len({variable.name for variable in variables}) != len(variables):
            here["variables"].refuse("expected one or more variables, each by a name of its own")
        if len(set(directions)) != len(directions) or len(directions) != len(variables):
            here["directions"].refuse(f"expected {len(variables)} names, one for each variable, got {len(set(directions))}")
        points = [self.argument(node, scope, here["points"]) for node in list_of(point_nodes, here["points"])]
        if [space for _, space in points] != spaces:
            got = ", ".join(sort_name(space) for _, space in points)
            here["points"].refuse(f"expected {', '.join(map(sort_name, spaces))}, got {got or 'nothing'}")
        body, space = self.argument(body_node, scope.declare(*variables), here["body"])
        along = [ir.Variable(name, variable.kind) for name, variable in zip(directions, variables, strict=True)]
        derivative, derived = self.argument(derivative_node, scope.declare(*along), here["derivative"])
        if derived != space:
            here["derivative"].refuse(f"the derivative of {sort_name(space)} is no {sort_name(derived).removeprefix('a ')}")
        return ir.HasFDerivAt(variables, body, directions, derivative, tuple(term for term, _ in points))

    def _for_all(self, fields: Mapping[str, object], scope: Scope, at: At) -> ir.ForAll:
        bound, body = take_fields("forall", fields, ("variable", "body"), at)
        variable = decode_variable(bound, scope, at.step("forall.variable"))
        if not isinstance(variable.kind, ir.VectorKind | ir.ScalarKind | ir.PositionKind):
            at.refuse(f"{variable.name!r} is a {noun(variable.kind)}, and 'forall' is over vectors, scalars or positions")
        return ir.ForAll(variable, self._proposition(body, scope.declare(variable), at.step("forall.body")))

    def _eventually(self, fields: Mapping[str, object], scope: Scope, at: At) -> ir.Eventually:
        bound, point, body = take_fields("eventually", fields, ("variable", "point", "body"), at)
        variable, space = decode_moving(bound, scope, at.step("eventually.variable"))
        return ir.Eventually(
            variable,
            self.of_space(space, point, scope, at.step("eventually.point")),
            self._proposition(body, scope.declare(variable), at.step("eventually.body")),
        )

    def _greatest(self, fields: Mapping[str, object], scope: Scope, at: At) -> ir.IsGreatest:
        bound, constraint, body, value = take_fields("isGreatest", fields, ("variable", "constraint", "body", "value"), at)
        variable = decode_variable(bound, scope, at.step("isGreatest.variable"))
        if not isinstance(variable.kind, ir.OperatorKind):
            at.refuse(f"{variable.name!r} is a {noun(variable.kind)}, and 'isGreatest' is over operators")
        inside = scope.declare(variable)
        return ir.IsGreatest(
            variable,
            self._proposition(constraint, inside, at.step("isGreatest.constraint")),
            self.scalar(body, inside, at.step("isGreatest.body")),
            self.scalar(value, scope, at.step("isGreatest.value")),
        )


_RELATIONS: dict[str, Callable[[ir.Scalar, ir.Scalar], ir.Proposition]] = {"eq": ir.Eq, "ne": ir.Ne, "lt": ir.Lt, "le": ir.Le}
_CONNECTIVES: dict[str, Callable[[ir.Proposition, ir.Proposition], ir.Proposition]] = {
    "and": ir.And,
    "iff": ir.Iff,
    "imp": ir.Imp,
}
