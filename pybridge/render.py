"""How a term is written: LaTeX and one-line Unicode text, with the parentheses it takes to read it back and no others.

The fold gives each subterm's text and how tightly it holds together (``_Level``); a place asks for a level, and what holds
less tightly is put into parentheses.  The two notations differ in their signs (``_Notation``) and in nothing else, save
that LaTeX writes a quotient as a fraction.  A big sum takes in the products to its right and ends at the next + or -.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

from typing_extensions import assert_never

from pybridge import ir


class _Level(IntEnum):
    """How tightly a text holds together."""

    IFF = 0
    AND = 1
    RELATION = 2
    ADD = 3
    SUM = 4
    MULTIPLY = 5
    POWER = 6
    ATOM = 7


_Written: TypeAlias = tuple[str, _Level]


@dataclass(frozen=True, slots=True)
class _Notation:
    """The signs of one way to write."""

    name: Callable[[str], str]
    constant: Callable[[str], str]
    parentheses: str
    product: Callable[[str, str], str]
    multiple: Callable[[str, str], str]
    quotient: str
    quotient_level: _Level
    root: str
    absolute: str
    power: Callable[[str, str], str]
    inner: str
    norm: str
    component: str
    total: str
    build: str
    card: str
    call: str
    orthonormal: str
    not_equal: str
    at_most: str
    conjunction: str
    equivalence: str
    implies: str


def text(thing: ir.Term | ir.Proposition | ir.Theorem | ir.Definition) -> str:
    """One line of Unicode text, such as ``norm(g)``'s ‖g‖."""
    return _write(thing, _TEXT)


def latex(thing: ir.Term | ir.Proposition | ir.Theorem | ir.Definition) -> str:
    r"""One line of LaTeX for math mode; needs amsmath (``\operatorname``, ``\lVert``).

    Examples
    --------
    >>> from pybridge.export import load
    >>> left, equals, right = latex(load().definition("mean")).partition(" = ")
    >>> print(left)
    \operatorname{mean}\left(y\right)
    """
    return _write(thing, _LATEX)


def _write(thing: ir.Term | ir.Proposition | ir.Theorem | ir.Definition, n: _Notation) -> str:
    if isinstance(thing, ir.Theorem):
        assumed = ", ".join(_at(hypothesis.proposition, _Level.AND, n) for hypothesis in thing.hypotheses)
        conclusion = _proposition(thing.conclusion, n)[0]
        return n.implies.format(assumed, conclusion) if assumed else conclusion
    if isinstance(thing, ir.Definition):
        applied = _call(thing.name, [n.name(parameter.name) for parameter in thing.parameters], n)
        if isinstance(thing.body, ir.Build):
            applied = n.component.format(applied, n.name(thing.body.variable))
            return f"{applied} = {_term(thing.body.body, n)[0]}"
        return f"{applied} = {_term(thing.body, n)[0]}"
    return _term(thing, n)[0] if isinstance(thing, ir.SCALARS + ir.VECTORS) else _proposition(thing, n)[0]


def _at(thing: ir.Term | ir.Proposition, level: _Level, n: _Notation) -> str:
    """``thing`` for a place that asks for ``level``."""
    written, own = _term(thing, n) if isinstance(thing, ir.SCALARS + ir.VECTORS) else _proposition(thing, n)
    return written if own >= level else n.parentheses.format(written)


def _proposition(proposition: ir.Proposition, n: _Notation) -> _Written:
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
            return n.orthonormal.format(n.name(family)), _Level.RELATION
        case ir.And(before, after):
            written = f"{_at(before, _Level.AND, n)} {n.conjunction} {_at(after, _Level.RELATION, n)}"
            return written, _Level.AND
        case ir.Iff(before, after):
            written = f"{_at(before, _Level.AND, n)} {n.equivalence} {_at(after, _Level.AND, n)}"
            return written, _Level.IFF
        case _:
            assert_never(proposition)


def _relation(sign: str, left: ir.Term, right: ir.Term, n: _Notation) -> _Written:
    return f"{_at(left, _Level.ADD, n)} {sign} {_at(right, _Level.ADD, n)}", _Level.RELATION


def _term(term: ir.Term, n: _Notation) -> _Written:
    match term:
        case ir.Nat(value):
            return str(value), _Level.ATOM
        case ir.Var(name) | ir.VVar(name):
            return n.name(name), _Level.ATOM
        case ir.Card(index):
            return n.card.format(n.name(index)), _Level.ATOM
        case ir.Zero():
            return "0", _Level.ATOM
        case ir.Add(left, right) | ir.VAdd(left, right):
            return f"{_at(left, _Level.ADD, n)} + {_at(right, _Level.SUM, n)}", _Level.ADD
        case ir.Sub(left, right) | ir.VSub(left, right):
            return f"{_at(left, _Level.ADD, n)} - {_at(right, _Level.SUM, n)}", _Level.ADD
        case ir.Neg(arg) | ir.VNeg(arg):
            return f"-{_at(arg, _Level.SUM, n)}", _Level.ADD
        case ir.Mul(left, right):
            return n.product(_at(left, _Level.MULTIPLY, n), _at(right, _Level.POWER, n)), _Level.MULTIPLY
        case ir.Smul(scalar, vector):
            return n.multiple(_at(scalar, _Level.MULTIPLY, n), _at(vector, _Level.POWER, n)), _Level.MULTIPLY
        case ir.Div(left, right):
            if n.quotient_level is _Level.MULTIPLY:
                return n.quotient.format(_at(left, _Level.MULTIPLY, n), _at(right, _Level.POWER, n)), n.quotient_level
            return n.quotient.format(_term(left, n)[0], _term(right, n)[0]), n.quotient_level
        case ir.Inv(arg):
            return n.power(_at(arg, _Level.ATOM, n), "-1"), _Level.POWER
        case ir.Pow(base, exponent):
            return n.power(_at(base, _Level.ATOM, n), str(exponent)), _Level.POWER
        case ir.Sqrt(arg):
            return n.root.format(_term(arg, n)[0]), _Level.ATOM
        case ir.Abs(arg):
            return n.absolute.format(_term(arg, n)[0]), _Level.ATOM
        case ir.Inner(left, right):
            return n.inner.format(_term(left, n)[0], _term(right, n)[0]), _Level.ATOM
        case ir.Norm(arg):
            return n.norm.format(_term(arg, n)[0]), _Level.ATOM
        case ir.Component(vector, position):
            base_text = _at(vector, _Level.ATOM, n)
            if isinstance(vector, ir.Member | ir.Build) and n is _LATEX:
                base_text = n.parentheses.format(base_text)
            return n.component.format(base_text, n.name(position)), _Level.ATOM
        case ir.Member(family, position):
            return n.component.format(n.name(family), n.name(position)), _Level.ATOM
        case ir.Sum(variable, index, body) | ir.VSum(variable, index, body):
            return n.total.format(n.name(variable), n.name(index), _at(body, _Level.SUM, n)), _Level.SUM
        case ir.Build(variable, index, body):
            return n.build.format(n.name(variable), n.name(index), _term(body, n)[0]), _Level.ATOM
        case ir.Call(name, _, args) | ir.VCall(name, _, args):
            return _call(name, [_term(arg, n)[0] for arg in args], n), _Level.ATOM
        case _:
            assert_never(term)


def _call(name: str, args: list[str], n: _Notation) -> str:
    constant = n.constant(name.rpartition(".")[2])
    return n.call.format(constant, ", ".join(args)) if args else constant


_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_LETTERS = (
    "α:alpha β:beta γ:gamma δ:delta ε:varepsilon ζ:zeta η:eta θ:theta ι:iota κ:kappa λ:lambda μ:mu ν:nu ξ:xi π:pi"
    " ρ:rho σ:sigma τ:tau υ:upsilon φ:varphi χ:chi ψ:psi ω:omega Γ:Gamma Δ:Delta Θ:Theta Λ:Lambda Ξ:Xi Π:Pi Σ:Sigma"
    " Φ:Phi Ψ:Psi Ω:Omega"
)
_GREEK = {pair[0]: "\\" + pair[2:] for pair in _LETTERS.split()}
_SUBSCRIPTED = re.compile(r"([^_₀-₉]+)_?([₀-₉]+|(?<=_).+)")


def _latex_name(name: str) -> str:
    if (found := _SUBSCRIPTED.fullmatch(name)) is not None:
        return f"{_latex_name(found[1])}_{{{_latex_name(found[2].translate(_SUBSCRIPTS))}}}"
    stem = name.rstrip("'")
    primes = name[len(stem) :]
    if stem in _GREEK:
        return _GREEK[stem] + primes
    if len(stem) == 1 or stem.isdigit():
        return stem + primes
    return f"\\mathrm{{{_escaped(stem)}}}{primes}"


def _escaped(name: str) -> str:
    return re.sub(r"([_#$%&{}])", r"\\\1", name.replace("\\", "")).replace("^", r"\^{}")


def _juxtaposed(left: str, right: str) -> str:
    return f"{left} \\cdot {right}" if right[0].isdigit() else f"{left} \\, {right}"


_TEXT = _Notation(
    name=str,
    constant=str,
    parentheses="({})",
    product=lambda left, right: f"{left} * {right}",
    multiple=lambda left, right: f"{left} • {right}",
    quotient="{} / {}",
    quotient_level=_Level.MULTIPLY,
    root="√({})",
    absolute="|{}|",
    power=lambda base, exponent: base + exponent.translate(_SUPERSCRIPTS),
    inner="⟪{}, {}⟫",
    norm="‖{}‖",
    component="{}[{}]",
    total="∑ {0}, {2}",
    build="({0} ↦ {2})",
    card="#{}",
    call="{}({})",
    orthonormal="{} is orthonormal",
    not_equal="≠",
    at_most="≤",
    conjunction="∧",
    equivalence="↔",
    implies="{} → {}",
)
_LATEX = _Notation(
    name=_latex_name,
    constant=lambda name: f"\\operatorname{{{_escaped(name)}}}",
    parentheses=r"\left({}\right)",
    product=_juxtaposed,
    multiple=_juxtaposed,
    quotient=r"\frac{{{}}}{{{}}}",
    quotient_level=_Level.POWER,
    root=r"\sqrt{{{}}}",
    absolute=r"\lvert {} \rvert",
    power=lambda base, exponent: f"{base}^{{{exponent}}}",
    inner=r"\langle {}, {} \rangle",
    norm=r"\lVert {} \rVert",
    component="{}_{{{}}}",
    total=r"\sum_{{{0} \in {1}}} {2}",
    build=r"\left({2}\right)_{{{0} \in {1}}}",
    card=r"\lvert {} \rvert",
    call=r"{}\left({}\right)",
    orthonormal=r"{} \text{{ orthonormal}}",
    not_equal=r"\neq",
    at_most=r"\le",
    conjunction=r"\land",
    equivalence=r"\iff",
    implies=r"{} \implies {}",
)
