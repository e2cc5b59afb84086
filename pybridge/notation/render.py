"""How a term is written: LaTeX and one-line Unicode text, with the parentheses it takes to read it back and no others.

The fold gives each subterm's text and how tightly it holds together (``Level``); a place asks for a level, and what holds
less tightly is put into parentheses.  The two notations differ in their signs (``Notation``) and in nothing else, save
that LaTeX writes a quotient as a fraction.  A big sum takes in the products to its right and ends at the next + or -.
"""

from __future__ import annotations

from functools import partial

from typing_extensions import assert_never

from pybridge import ir
from pybridge.notation.paper import head, paper_notation
from pybridge.notation.positions import at, unfolded
from pybridge.notation.signs import LATEX, TEXT, Level, Notation, Written


def text(thing: ir.Term | ir.Proposition | ir.Theorem | ir.Definition) -> str:
    """One line of Unicode text, such as ``norm(g)``'s ‖g‖."""
    return _write(thing, TEXT)


def latex(thing: ir.Term | ir.Proposition | ir.Theorem | ir.Definition) -> str:
    r"""One line of LaTeX for math mode; needs amsmath (``\operatorname``, ``\lVert``).

    Examples
    --------
    >>> from pybridge.export.loading import load
    >>> left, equals, right = latex(load().definition("mean")).partition(" = ")
    >>> print(left)
    \operatorname{mean}\left(y\right)
    """
    return _write(thing, LATEX)


def paper(thing: ir.Term | ir.Proposition | ir.Theorem | ir.Definition) -> str:
    r"""One line of LaTeX for math mode, with the signs of the paper: m, μ, σ, ŷ, **1**, ∂L/∂z; for reading.

    A sign leaves out what the context says, such as ε in ŷ; ``latex`` writes out everything.  Needs amsmath.

    Examples
    --------
    >>> from pybridge.export.loading import load
    >>> print(paper(load().definition("normalize")))
    \hat{y}_{i} = \frac{y_{i} - \mu}{\sigma}
    """
    return _write(thing, paper_notation(thing))


def _write(thing: ir.Term | ir.Proposition | ir.Theorem | ir.Definition, n: Notation) -> str:
    if isinstance(thing, ir.Theorem):
        assumed = ", ".join(_at(hypothesis.proposition, Level.AND, n) for hypothesis in thing.hypotheses)
        conclusion = _proposition(thing.conclusion, n)[0]
        return n.implies.format(assumed, conclusion) if assumed else conclusion
    if isinstance(thing, ir.Definition):
        positions, right = unfolded(thing.body)
        return f"{_term(at(head(thing), positions), n)[0]} = {_term(right, n)[0]}"
    return _term(thing, n)[0] if isinstance(thing, ir.SCALARS + ir.VECTORS) else _proposition(thing, n)[0]


def _at(thing: ir.Term | ir.Proposition, level: Level, n: Notation) -> str:
    """``thing`` for a place that asks for ``level``."""
    written, own = _term(thing, n) if isinstance(thing, ir.SCALARS + ir.VECTORS) else _proposition(thing, n)
    return written if own >= level else n.parentheses.format(written)


def _proposition(proposition: ir.Proposition, n: Notation) -> Written:
    match proposition:
        case ir.Eq(left, right):
            return _relation("=", left, right, n)
        case ir.Ne(left, right):
            return _relation(n.not_equal, left, right, n)
        case ir.Lt(left, right):
            return _relation("<", left, right, n)
        case ir.Le(left, right):
            return _relation(n.at_most, left, right, n)
        case ir.VectorEq(first, second):
            return _relation("=", first, second, n)
        case ir.VectorNe(first, second):
            return _relation(n.not_equal, first, second, n)
        case ir.Orthonormal(family):
            return n.orthonormal.format(n.name(family)), Level.RELATION
        case ir.And(before, after):
            written = f"{_at(before, Level.AND, n)} {n.conjunction} {_at(after, Level.RELATION, n)}"
            return written, Level.AND
        case ir.Iff(before, after):
            written = f"{_at(before, Level.AND, n)} {n.equivalence} {_at(after, Level.AND, n)}"
            return written, Level.IFF
        case ir.Imp(before, after):
            return f"{_at(before, Level.AND, n)} {n.condition} {_at(after, Level.AND, n)}", Level.IFF
        case ir.Mem(vector, region):
            return f"{_at(vector, Level.ADD, n)} {n.member} {n.name(region)}", Level.RELATION
        case ir.HasGradientAt(variable, body, gradient, point):
            function = _maps((variable.name,), body, n)
            return _equal(n.gradient.format(function, _term(point, n)[0]), _at(gradient, Level.ADD, n)), Level.RELATION
        case ir.HasDerivAt(name, body, derivative, point):
            function = _maps((name,), body, n)
            return _equal(n.derivative.format(function, _term(point, n)[0]), _at(derivative, Level.ADD, n)), Level.RELATION
        case ir.HasFDerivAt(variables, body, directions, derivative, points):
            function = _maps(tuple(variable.name for variable in variables), body, n)
            where = ", ".join(_term(point, n)[0] for point in points)
            return _equal(n.frechet.format(function, where), _maps(directions, derivative, n)), Level.RELATION
        case ir.ForAll(variable, inner):
            return n.every.format(n.name(variable.name), _proposition(inner, n)[0]), Level.IFF
        case ir.Eventually(variable, point, inner):
            return n.near.format(n.name(variable.name), _term(point, n)[0], _proposition(inner, n)[0]), Level.IFF
        case ir.OpNormLe(operator, bound):
            return f"{n.norm.format(n.name(operator))} {n.at_most} {_at(bound, Level.ADD, n)}", Level.RELATION
        case ir.IsGreatest(variable, constraint, body, value):
            over = n.name(variable.name), _term(body, n)[0], _proposition(constraint, n)[0]
            return _equal(n.greatest.format(*over), _at(value, Level.ADD, n)), Level.RELATION
        case _:
            assert_never(proposition)


def _equal(left: str, right: str) -> str:
    return f"{left} = {right}"


def _maps(names: tuple[str, ...], body: ir.Term, n: Notation) -> str:
    """The function that sends ``names`` to ``body``."""
    if n.functions and isinstance(body, ir.Apply | ir.VApply) and (ir.VVar(names[0]),) == (body.arg,) and len(names) == 1:
        return f"{{{n.name(body.function)}}}"
    written = ", ".join(map(n.name, names))
    return n.maps.format(written if len(names) == 1 else n.parentheses.format(written), _term(body, n)[0])


def _relation(sign: str, left: ir.Term, right: ir.Term, n: Notation) -> Written:
    return f"{_at(left, Level.ADD, n)} {sign} {_at(right, Level.ADD, n)}", Level.RELATION


def _term(term: ir.Term, n: Notation) -> Written:
    if (own := n.own(term, partial(_term, n=n))) is not None:
        return own
    match term:
        case ir.Nat(value):
            return str(value), Level.ATOM
        case ir.Var(name) | ir.VVar(name):
            return n.name(name), Level.ATOM
        case ir.Card(index):
            return n.card.format(n.index(index)), Level.ATOM
        case ir.Zero():
            return "0", Level.ATOM
        case ir.Add(left, right) | ir.VAdd(left, right):
            return f"{_at(left, Level.ADD, n)} + {_at(right, Level.SUM, n)}", Level.ADD
        case ir.Sub(left, right) | ir.VSub(left, right):
            return f"{_at(left, Level.ADD, n)} - {_at(right, Level.SUM, n)}", Level.ADD
        case ir.Neg(arg) | ir.VNeg(arg):
            return f"-{_at(arg, Level.SUM, n)}", Level.ADD
        case ir.Mul(left, right):
            return n.product(_at(left, Level.MULTIPLY, n), _at(right, Level.POWER, n)), Level.MULTIPLY
        case ir.Smul(scalar, vector):
            return n.multiple(_at(scalar, Level.MULTIPLY, n), _at(vector, Level.POWER, n)), Level.MULTIPLY
        case ir.Div(left, right):
            if n.quotient_level is Level.MULTIPLY:
                return n.quotient.format(_at(left, Level.MULTIPLY, n), _at(right, Level.POWER, n)), n.quotient_level
            return n.quotient.format(_term(left, n)[0], _term(right, n)[0]), n.quotient_level
        case ir.Inv(arg):
            return n.power(_at(arg, Level.ATOM, n), "-1"), Level.POWER
        case ir.Pow(base, exponent):
            return n.power(_at(base, Level.ATOM, n), str(exponent)), Level.POWER
        case ir.Sqrt(arg):
            return n.root.format(_term(arg, n)[0]), Level.ATOM
        case ir.Abs(arg):
            return n.absolute.format(_term(arg, n)[0]), Level.ATOM
        case ir.Inner(left, right):
            return n.inner.format(_term(left, n)[0], _term(right, n)[0]), Level.ATOM
        case ir.Norm(arg):
            return n.norm.format(_term(arg, n)[0]), Level.ATOM
        case ir.Component(vector, position) | ir.Channel(vector, position, _):
            base_text = _at(vector, Level.ATOM, n)
            if isinstance(vector, ir.Member | ir.Build | ir.Channel | ir.Channels) and n is not TEXT:
                base_text = n.parentheses.format(base_text)
            return n.component.format(base_text, n.name(position)), Level.ATOM
        case ir.Member(family, position):
            return n.component.format(n.name(family), n.name(position)), Level.ATOM
        case ir.Sum(variable, index, body) | ir.VSum(variable, index, body):
            return n.total.format(n.name(variable), n.index(index), _at(body, Level.SUM, n)), Level.SUM
        case ir.Build(variable, index, body) | ir.Channels(variable, index, body):
            return n.build.format(n.name(variable), n.index(index), _term(body, n)[0]), Level.ATOM
        case ir.Call(name, _, args) | ir.VCall(name, _, args):
            return _call(name, [_term(arg, n)[0] for arg in args], n), Level.ATOM
        case ir.Apply(function, arg) | ir.VApply(function, arg):
            return n.applied.format(n.name(function), _term(arg, n)[0]), Level.ATOM
        case ir.Adjoint(operator, arg):
            return n.adjoint.format(n.name(operator), _term(arg, n)[0]), Level.ATOM
        case ir.InfDist(point, region):
            return n.distance.format(_term(point, n)[0], n.name(region)), Level.ATOM
        case ir.OpNorm(variable, body):
            return n.norm.format(_maps((variable.name,), body, n)), Level.ATOM
        case ir.Project(generators, arg):
            return n.projection.format(", ".join(_term(one, n)[0] for one in generators), _term(arg, n)[0]), Level.ATOM
        case ir.Gradient(variable, body, point):
            return n.gradient.format(_maps((variable.name,), body, n), _term(point, n)[0]), Level.ATOM
        case ir.FDeriv(variable, body, point, direction):
            function = _maps((variable.name,), body, n)
            return n.along.format(function, _term(point, n)[0], _term(direction, n)[0]), Level.ATOM
        case _:
            assert_never(term)


def _call(name: str, args: list[str], n: Notation) -> str:
    constant = n.constant(name.rpartition(".")[2])
    return n.call.format(constant, ", ".join(args)) if args else constant
