"""Variables that a hypothesis determines: a gradient, a gradient field, a second derivative, a greatest value, a least loss.

A hypothesis such as ``HasGradientAt L g p`` holds for no drawn g.  Once L is one of ``losses.py`` it has one solution, the
loss's gradient at p, which g is given in whatever algebra the statement is evaluated in (``environments.py``).  That the
hypothesis holds is not assumed from this: ``hypotheses.py`` differentiates the loss and compares.  Where a loss has to be least
at some point, it has many solutions, of which it is given one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from typing_extensions import assert_never

from pybridge import ir
from pybridge.export.scope import space_name
from pybridge.ir.traverse import mentioned, names
from pybridge.notation.render import text


@dataclass(frozen=True, slots=True)
class GradientAt:
    """The vector ``name`` is the gradient of ``loss`` at ``point``."""

    name: str
    hypothesis: str
    loss: str
    point: ir.Vector


@dataclass(frozen=True, slots=True)
class GradientField:
    """The field ``name`` is the gradient of ``loss`` everywhere."""

    name: str
    hypothesis: str
    loss: str


@dataclass(frozen=True, slots=True)
class DerivativeAt:
    """The operator ``name`` is the derivative of ``field`` at ``point``."""

    name: str
    hypothesis: str
    field: str
    point: ir.Vector


@dataclass(frozen=True, slots=True)
class Differentiated:
    """The vector or number ``name`` is the gradient or derivative that ``stated`` says, found by differentiating."""

    name: str
    hypothesis: str
    stated: ir.HasGradientAt | ir.HasDerivAt


@dataclass(frozen=True, slots=True)
class Attained:
    """The number ``name`` is the greatest value that ``stated`` says, as an operator attains it."""

    name: str
    hypothesis: str
    stated: ir.IsGreatest


@dataclass(frozen=True, slots=True)
class Minimized:
    """The loss ``name`` is nowhere lower at a ``value`` of a function of ``variable`` than at ``point``.

    Quadratic around the point: least there of all.  Where the variable is of dimension 0 or 1, the loss is -1 at the values of
    the function at 0 and 1 and -1, and lower everywhere else.  If it has others, the hypothesis does not hold.
    """

    name: str
    hypothesis: str
    point: ir.Vector
    variable: str
    over: ir.Space
    value: ir.Vector


Determined: TypeAlias = GradientAt | GradientField | DerivativeAt | Differentiated | Attained | Minimized


def determined(theorem: ir.Theorem) -> tuple[Determined, ...]:
    """The variables that hypotheses determine, each once, in an order in which their points can be evaluated."""
    kinds = {variable.name: variable.kind for variable in theorem.variables}
    waiting: dict[str, Determined] = {}
    for hypothesis in theorem.hypotheses:
        found = _solved(hypothesis.proposition, hypothesis.name, kinds)
        if found is not None:
            waiting.setdefault(found.name, found)
    ready: dict[str, Determined] = {}
    while True:
        free = {name: one for name, one in waiting.items() if name not in ready and not needs(one) & (waiting.keys() - ready)}
        if not free:
            return tuple(ready.values())
        ready |= free


def needs(one: Determined) -> frozenset[str]:
    """The variables whose values the determined one is made of."""
    match one:
        case GradientAt(_, _, loss, point):
            return names(point) | {loss}
        case GradientField(_, _, loss):
            return frozenset((loss,))
        case DerivativeAt(_, _, field, point):
            return names(point) | {field}
        case Differentiated(_, _, stated):
            bound = stated.variable.name if isinstance(stated, ir.HasGradientAt) else stated.variable
            return (names(stated.body) - {bound}) | names(stated.point)
        case Attained(name, _, stated):
            return mentioned(stated) - {stated.variable.name, name}
        case Minimized(_, _, point, variable, _, value):
            return names(point) | (names(value) - {variable})
        case _:
            assert_never(one)


def says(one: Determined) -> str:
    """What the determined variable is, in words."""
    match one:
        case GradientAt(_, _, loss, point):
            return f"the gradient of {loss} at {text(point)}"
        case GradientField(_, _, loss):
            return f"the gradient of {loss}"
        case DerivativeAt(_, _, field, point):
            return f"the derivative of {field} at {text(point)}"
        case Differentiated(_, hypothesis, _):
            return f"what {hypothesis} says it is, found by differentiating"
        case Attained(_, hypothesis, _):
            return f"what {hypothesis} says it is, as an operator attains it"
        case Minimized(_, _, point, variable, over, value):
            around = f"½ Σ (1 + i mod 3) (zᵢ - cᵢ)² around c = {text(point)}"
            peaked = f"-1 - ½ Π_p Σ (1 + i mod 3) (zᵢ - pᵢ)² over the values p of {text(value)} at {variable} = 0, 1, -1"
            return f"{around}; if {space_name(over)} is of dimension 0 or 1, {peaked}"
        case _:
            assert_never(one)


def _solved(stated: ir.Proposition, hypothesis: str, kinds: Mapping[str, ir.Kind]) -> Determined | None:
    """What a hypothesis determines, if it is of one of these forms, about variables of the theorem."""
    match stated:
        case ir.HasGradientAt(ir.Variable(z), ir.Apply(loss, ir.VVar(w)), ir.VVar(name), point) if w == z:
            return (
                GradientAt(name, hypothesis, loss, point) if {loss, name} <= kinds.keys() and name not in names(point) else None
            )
        case ir.ForAll(
            ir.Variable(at),
            ir.HasGradientAt(ir.Variable(z), ir.Apply(loss, ir.VVar(w)), ir.VApply(name, ir.VVar(u)), ir.VVar(v)),
        ) | ir.Eventually(
            ir.Variable(at),
            _,
            ir.HasGradientAt(ir.Variable(z), ir.Apply(loss, ir.VVar(w)), ir.VApply(name, ir.VVar(u)), ir.VVar(v)),
        ) if w == z and u == v == at:
            return GradientField(name, hypothesis, loss) if {loss, name} <= kinds.keys() else None
        case ir.HasFDerivAt((ir.Variable(z),), ir.VApply(field, ir.VVar(w)), (v,), ir.VApply(name, ir.VVar(u)), (point,)) if (
            w == z and u == v and name != field and isinstance(point, ir.VECTORS)
        ):
            if isinstance(kinds.get(name), ir.OperatorKind) and isinstance(kinds.get(field), ir.FieldKind):
                return DerivativeAt(name, hypothesis, field, point) if name not in names(point) else None
            return None
        case ir.IsGreatest(ir.Variable(bound), constraint, body, ir.Var(name)) if name in kinds and bound != name:
            return Attained(name, hypothesis, stated) if name not in mentioned(constraint) | names(body) else None
        case ir.ForAll(
            ir.Variable(bound, ir.VectorKind(over)), ir.Le(ir.Apply(name, point), ir.Apply(other, value))
        ) | ir.Eventually(ir.Variable(bound, ir.VectorKind(over)), _, ir.Le(ir.Apply(name, point), ir.Apply(other, value))) if (
            name == other and name in kinds
        ):
            free = name not in names(point) | names(value) and bound not in names(point)
            return Minimized(name, hypothesis, point, bound, over, value) if free else None
        case ir.HasGradientAt(ir.Variable(bound), body, ir.VVar(name), at) if name in kinds and bound != name:
            return Differentiated(name, hypothesis, stated) if name not in names(body) | names(at) else None
        case ir.HasDerivAt(bound, body, ir.Var(name), where) if name in kinds and bound != name:
            return Differentiated(name, hypothesis, stated) if name not in names(body) | names(where) else None
        case _:
            return None
