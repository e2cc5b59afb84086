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
from pybridge.notation.render import paper

_RELATION = re.compile(r"(?:=|<|\\le|\\neq|\\in|\\iff)(?= )")
_TOKEN = re.compile(
    rf"(?P<opens>\\left(?![a-z])|{{)|(?P<closes>\\right(?![a-z])|}})|(?P<relation> {_RELATION.pattern})"
    r"|(?P<wide>\\qquad)|(?P<comma>, )|\\."
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


def formula(thing: ir.Theorem | ir.Definition) -> Formula:
    """A theorem, with what it assumes, or a definition, with the signs of the paper."""
    whole = paper(thing)
    return Formula(tuple(mathml(part, block=True) for part in cut(whole)), whole)


def cut(written: str) -> tuple[str, ...]:
    r"""LaTeX, cut before its first relation, at wide spaces and between what it assumes, unless these are within something.

    Examples
    --------
    >>> cut(r"\left(a = b\right) \le \frac{c < d}{2} \qquad \text{if } 0 < c")
    ('\\left(a = b\\right)', '{}\\le \\frac{c < d}{2}', '\\text{if } 0 < c')
    >>> cut(r"a < b \qquad \text{if } 0 < c, f\left(a, b\right) = 0")[2:]
    ('\\text{if } 0 < c,', 'f\\left(a, b\\right) = 0')
    >>> cut("a + b")
    ('a + b',)
    """
    depth, begin, assumed = 0, 0, False
    found: list[str] = []
    for token in _TOKEN.finditer(written):
        if token["opens"]:
            depth += 1
        elif token["closes"]:
            depth -= 1
        elif depth == 0 and token["comma"] and assumed:
            found.append(written[begin : token.end()])
            begin = token.end()
        elif depth == 0 and (token["wide"] or (token["relation"] and not found)):
            found.append(written[begin : token.start()])
            begin = token.end() if token["wide"] else token.start()
            assumed = assumed or bool(token["wide"])
    parts = (part.strip() for part in (*found, written[begin:]))
    return tuple(f"{{}}{part}" if _RELATION.match(part) else part for part in parts)  # {}: so that the sign has its spaces
