"""What a name stands for: a declaration with or without its namespace, or the theorems of an equation.

In: what somebody typed, and the declarations there are.  Out: full names, in the order of the export; none where it is no
name of theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

NAMESPACE = "BatchNorm"
"""Where a short name is looked for first."""

_WORDS = {"eps": "ε", "theorem": "thm", "lemma": "lem", "observation": "obs"}


def named(name: str, known: Iterable[str]) -> list[str]:
    """The full names that ``name`` may stand for: one, if it is one itself or one in the namespace BatchNorm.

    Examples
    --------
    >>> named("mean", ["LayerNorm.mean", "BatchNorm.mean"]), named("scale", ["LayerNorm.scale", "RMSNorm.scale"])
    (['BatchNorm.mean'], ['LayerNorm.scale', 'RMSNorm.scale'])
    """
    names = list(known)
    for full in (name, f"{NAMESPACE}.{name}"):
        if full in names:
            return [full]
    return [full for full in names if full.endswith(f".{name}")]


def of_equation(equation: str, equations: Mapping[str, str]) -> list[str]:
    """The names whose equation is ``equation``, with or without parentheses, blanks and capitals, ``eps`` for ε.

    Examples
    --------
    >>> of_equation("(7EPS)", {"a": "7", "b": "7ε"}), of_equation("theorem 4.1", {"c": "Thm 4.1", "d": "Thm 4.2"})
    (['b'], ['c'])
    """
    wanted = _key(equation)
    return [name for name, written in equations.items() if wanted and _key(written) == wanted]


def is_equation(text: str) -> bool:
    """Whether ``text`` can only be an equation, which no name is written like: it stands in parentheses."""
    return text.strip().startswith("(")


def _key(equation: str) -> str:
    """What is alike of all ways to write an equation."""
    bare = re.sub(r"[\s()]", "", equation).casefold()
    for long, short in _WORDS.items():
        bare = bare.replace(long, short)
    return re.sub(r"\.(?!\d)|(?<!\d)\.", "", bare)
