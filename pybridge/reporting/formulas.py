r"""Formulas as MathML, which browsers lay out themselves: no script, no font and no network is needed.

In: what ``notation`` writes in LaTeX. Out: MathML Core, with the LaTeX in it as an annotation. It is made from the LaTeX and
not from the terms, so that there is one way to write a term; by math-core, which refuses a command that it does not know
where others print it in red.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pybridge import ir
from pybridge.errors import PybridgeError
from pybridge.notation.render import latex


@lru_cache(maxsize=1)
def _converter() -> Any:
    from math_core import LatexToMathML

    return LatexToMathML(annotation=True, fancy_error=False)


@lru_cache(maxsize=1024)
def mathml(written: str, *, block: bool = False) -> str:
    r"""LaTeX for math mode as a ``math`` element.

    Parameters
    ----------
    written
        Such as ``\lVert g \rVert^{2}``.
    block
        Whether it stands in a line of its own.

    Raises
    ------
    PybridgeError
        A command in it is not known: the notation writes something that this cannot show.
    """
    from math_core import LatexError

    try:
        found: str = _converter().convert_with_local_state(written, displaystyle=block)
    except LatexError as error:
        raise PybridgeError(f"no MathML for {written}: {error}", hint="this is a defect of pybridge's notation") from None
    return found


@dataclass(frozen=True, slots=True)
class Formula:
    """A statement or definition in MathML, in parts between which a narrow page may break the line; and in LaTeX."""

    parts: tuple[str, ...]
    latex: str


def formula(thing: ir.Term | ir.Proposition | ir.Definition) -> Formula:
    """The formula of a term, proposition or definition; one with two sides has a part for each."""
    whole = latex(thing)
    return Formula(tuple(mathml(part, block=True) for part in _parts(thing, whole)), whole)


def _parts(thing: ir.Term | ir.Proposition | ir.Definition, whole: str) -> tuple[str, ...]:
    """The left side, and the sign with the right side; or the whole, where it is not made of two sides."""
    match thing:
        case (
            ir.Eq(left, right)
            | ir.Ne(left, right)
            | ir.Lt(left, right)
            | ir.Le(left, right)
            | ir.VectorEq(left, right)
            | ir.VectorNe(left, right)
        ):
            first, last = latex(left), latex(right)
        case ir.HasGradientAt(_, _, gradient, _):
            first, last = whole.rpartition(" = ")[0], latex(gradient)
        case _:
            return (whole,)
    if not whole.startswith(first) or not whole.endswith(last) or len(first) + len(last) >= len(whole):
        return (whole,)
    return first, "{}" + whole[len(first) :]  # something before the sign, so that it has its spaces
