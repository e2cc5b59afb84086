"""The notations that statements are read with: Lean's and mathlib's precedences, and what is taken for the same.

Lean's printer and a person write the same term in different ways.  What is taken for the same is this list, and nothing else:

=====================================  ==========================================================================
a person writes                        Lean prints
=====================================  ==========================================================================
``fun y ↦ t``, ``fun _ : κ ↦ t``       ``fun y => t``, ``fun x => t``: bound names and their types are not compared
``∃ X : T, p``, ``∀ z, p``             ``∃ X, p``, ``∀ (z : T), p``: a bound type is compared where both have it
``(a)``, ``f a b``                     parentheses as precedence needs them; ``(f a) b``
``(t : T)``, ``Fintype.card ι``        ``t``, ``↑(Fintype.card ι)``: ascriptions and coercions are not shown alike
``y i``, ``normalize ε y i``           ``y.ofLp i``, ``(normalize ε y).ofLp i``: the coercion of a vector to its coordinates
``∇``, ``𝓝``, ``X†``, ``∘L``           ``gradient``, ``nhds``, ``ContinuousLinearMap.adjoint X``, ``.comp``
``backward``                           ``BatchNorm.backward``: a name, in the namespaces that are open there
``Type*``                              ``Type u_1``: universes are not compared
``x > y``, ``x ≥ y``                   as they are: not taken for ``y < x``
=====================================  ==========================================================================
"""

from __future__ import annotations

from dataclasses import dataclass

MAX = 1024
"""The precedence of an argument."""


@dataclass(frozen=True, slots=True)
class Infix:
    """An infix operator: how tightly it binds, and what its operands have to bind at least."""

    level: int
    left: int
    right: int


def _left(level: int) -> Infix:
    return Infix(level, level, level + 1)


def _right(level: int) -> Infix:
    return Infix(level, level + 1, level)


def _none(level: int) -> Infix:
    return Infix(level, level + 1, level + 1)


INFIX = {
    "<|": Infix(10, 11, 10),
    "|>": Infix(10, 10, 11),
    "↔": _none(20),
    "→": _right(25),
    "->": _right(25),
    "→L[": _right(25),
    "→ₗ[": _right(25),
    "≃ₗᵢ[": _right(25),
    "∨": _right(30),
    "∧": _right(35),
    "×": _right(35),
    "=": _none(50),
    "≠": _none(50),
    "<": _none(50),
    "≤": _none(50),
    ">": _none(50),
    "≥": _none(50),
    "∈": _none(50),
    "∉": _none(50),
    "⊆": _none(50),
    "∣": _none(50),
    "=ᶠ[": _none(50),
    "⟂": _none(50),
    "+": _left(65),
    "-": _left(65),
    "∪": _left(65),
    "∩": _left(70),
    "*": _left(70),
    "/": _left(70),
    "%": _left(70),
    "•": _right(73),
    "∘L": _right(80),
    "^": _right(75),
    "∘": _right(90),
    "∙": Infix(1000, 1000, 0),
}
"""Infix operators, from Lean's ``Init/Prelude`` and mathlib's notations at v4.27.0."""
PREFIX = {"-": 75, "¬": 40, "√": 100, "↑": MAX, "⇑": MAX, "@": MAX}
"""Prefix operators, and what their operand has to bind at least."""
POSTFIX = ("⁻¹", "†", "ᗮ")
"""Postfix operators, which bind as tightly as an argument."""
BINDERS = {"fun": 0, "λ": 0, "∀": 0, "∃": 0, "∃!": 0, "∀ᶠ": 0, "Π": 0, "∑": 67, "∏": 67}
"""What binds names, and what its body has to bind at least."""
SAME = {"∇": "gradient", "𝓝": "nhds", "λ": "fun", "->": "→"}
"""Names and symbols that stand for another one."""
APPLIED = {"†": "ContinuousLinearMap.adjoint", "∘L": "ContinuousLinearMap.comp"}
"""Operators that are written as an application where Lean prints the constant."""
DROPPED = ("ofLp",)
"""Fields that Lean prints where a person applies the vector."""
SILENT = ("↑", "⇑")
"""Coercions that Lean prints."""
