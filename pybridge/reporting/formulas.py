r"""Formulas as MathML, which browsers lay out themselves: no script, no font and no network is needed.

In: what ``notation`` writes in LaTeX. Out: MathML Core, with the LaTeX in it as an annotation. It is made from the LaTeX and
not from the terms, so that there is one way to write a term; by math-core, which refuses a command that it does not know
where others print it in red.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pybridge import ir
from pybridge.errors import PybridgeError
from pybridge.notation.render import latex

_TOKEN = re.compile(
    r"(?P<opens>\\left(?![a-z])|\{)|(?P<closes>\\right(?![a-z])|\})|(?P<relation> (?:=|<|\\le|\\neq|\\in|\\iff) )|\\."
)


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
    return Formula(tuple(mathml(part, block=True) for part in sides(whole)), whole)


def sides(written: str) -> tuple[str, ...]:
    r"""LaTeX, cut before its first relation that stands within nothing else; whole where it has none.

    Examples
    --------
    >>> sides(r"\left(a = b\right) \le \frac{c < d}{2}")
    ('\\left(a = b\\right)', '{}\\le \\frac{c < d}{2}')
    >>> sides("a + b")
    ('a + b',)
    """
    depth = 0
    for token in _TOKEN.finditer(written):
        if token["opens"]:
            depth += 1
        elif token["closes"]:
            depth -= 1
        elif token["relation"] and depth == 0:
            return written[: token.start()].strip(), "{}" + written[
                token.start() :
            ].strip()  # {}: so that the sign has its spaces
    return (written,)
