"""The signs of the two notations: what LaTeX and Unicode text write for each construct, and how names look in LaTeX."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from pybridge import ir


class Level(IntEnum):
    """How tightly a text holds together."""

    IFF = 0
    AND = 1
    RELATION = 2
    ADD = 3
    SUM = 4
    MULTIPLY = 5
    POWER = 6
    ATOM = 7


Written: TypeAlias = tuple[str, Level]
"""A text, and how tightly it holds together."""
Write: TypeAlias = "Callable[[ir.Term], Written]"


def _nothing(*_: object) -> None:
    """Nothing is written in a way of its own."""


@dataclass(frozen=True, slots=True)
class Notation:
    """The signs of one way to write.

    ``own`` may write a term in a way of its own; ``functions`` says whether ``z ↦ L(z)`` is written L.
    """

    name: Callable[[str], str]
    index: Callable[[str], str]
    constant: Callable[[str], str]
    parentheses: str
    product: Callable[[str, str], str]
    multiple: Callable[[str, str], str]
    quotient: str
    quotient_level: Level
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
    maps: str
    gradient: str
    derivative: str
    frechet: str
    every: str
    applied: str
    adjoint: str
    greatest: str
    distance: str
    projection: str
    along: str
    member: str
    condition: str
    near: str
    own: Callable[[ir.Term, Write], Written | None] = _nothing
    functions: bool = False


_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_LETTERS = (
    "α:alpha β:beta γ:gamma δ:delta ε:varepsilon ζ:zeta η:eta θ:theta ι:iota κ:kappa λ:lambda μ:mu ν:nu ξ:xi π:pi"
    " ρ:rho σ:sigma τ:tau υ:upsilon φ:varphi χ:chi ψ:psi ω:omega Γ:Gamma Δ:Delta Θ:Theta Λ:Lambda Ξ:Xi Π:Pi Σ:Sigma"
    " Φ:Phi Ψ:Psi Ω:Omega"
)
_GREEK = {pair[0]: "\\" + pair[2:] for pair in _LETTERS.split()}
_SUBSCRIPTED = re.compile(r"([^_₀-₉]+)_?([₀-₉]+|(?<=_).+)")


def latex_name(name: str) -> str:
    """A name of Lean's in LaTeX."""
    if (found := _SUBSCRIPTED.fullmatch(name)) is not None:
        return f"{latex_name(found[1])}_{{{latex_name(found[2].translate(_SUBSCRIPTS))}}}"
    stem = name.rstrip("'")
    primes = name[len(stem) :]
    if stem in _GREEK:
        return _GREEK[stem] + primes
    if len(stem) == 2 and stem[0] == "d" and stem[1] in _GREEK:  # a direction in which γ moves
        return f"\\mathrm{{d}}{_GREEK[stem[1]]}{primes}"
    if len(stem) == 2 and stem[0] == "D" and stem[1] in _GREEK:  # a derivative in γ
        return f"D_{{{_GREEK[stem[1]]}}}{primes}"
    if len(stem) == 1 or stem.isdigit():
        return stem + primes
    return f"\\mathrm{{{_escaped(stem)}}}{primes}"


def _escaped(name: str) -> str:
    return re.sub(r"([_#$%&{}])", r"\\\1", name.replace("\\", "")).replace("^", r"\^{}")


def _juxtaposed(left: str, right: str) -> str:
    return f"{left} \\cdot {right}" if right[0].isdigit() else f"{left} \\, {right}"


TEXT = Notation(
    name=str,
    index=str,
    constant=str,
    parentheses="({})",
    product=lambda left, right: f"{left} * {right}",
    multiple=lambda left, right: f"{left} • {right}",
    quotient="{} / {}",
    quotient_level=Level.MULTIPLY,
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
    maps="({} ↦ {})",
    gradient="∇{}({})",
    derivative="{}'({})",
    frechet="D{}({})",
    every="∀ {}, {}",
    applied="{}({})",
    adjoint="{}†({})",
    greatest="max {{{1} : {0}, {2}}}",
    distance="dist({}, {})",
    projection="proj[{}]({})",
    along="D{}({})({})",
    member="∈",
    condition="→",
    near="∀ᶠ {} near {}, {}",
)
LATEX = Notation(
    name=latex_name,
    index=latex_name,
    constant=lambda name: f"\\operatorname{{{_escaped(name)}}}",
    parentheses=r"\left({}\right)",
    product=_juxtaposed,
    multiple=_juxtaposed,
    quotient=r"\frac{{{}}}{{{}}}",
    quotient_level=Level.POWER,
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
    maps=r"\left({} \mapsto {}\right)",
    gradient=r"\nabla{}\left({}\right)",
    derivative=r"{}'\left({}\right)",
    frechet=r"D{}\left({}\right)",
    every=r"\forall {},\ {}",
    applied=r"{}\left({}\right)",
    adjoint=r"{}^{{\dagger}}\left({}\right)",
    greatest=r"\max \left\{{ {1} : {0},\ {2} \right\}}",
    distance=r"\operatorname{{dist}}\left({}, {}\right)",
    projection=r"\operatorname{{proj}}_{{\operatorname{{span}}\left\{{{}\right\}}}}\left({}\right)",
    along=r"D{}\left({}\right)\left({}\right)",
    member=r"\in",
    condition=r"\implies",
    near=r"\forall {} \text{{ near }} {},\ {}",
)
