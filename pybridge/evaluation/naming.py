"""Names as people type them: gamma for γ, eps for ε, w0 for w₀."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from pybridge.errors import InputError
from pybridge.kernels.arguments import ALIASES

T = TypeVar("T")

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def lean_name(typed: str, names: Sequence[str]) -> str | None:
    """The name among ``names`` that was typed, in ASCII or as it is; None where there is none.

    Examples
    --------
    >>> lean_name("eps", ["ε", "y"]), lean_name("w0", ["w", "w₀"]), lean_name("x", ["y"])
    ('ε', 'w₀', None)
    """
    candidates = (typed, ALIASES.get(typed, typed), typed.translate(_SUBSCRIPTS))
    return next((one for one in candidates if one in names), None)


def by_variable(owner: str, names: Sequence[str], typed: Mapping[str, T]) -> dict[str, T]:
    """What was given, by the names of variables.

    Raises
    ------
    InputError
        A name is unknown, or given twice.
    """
    found: dict[str, T] = {}
    for word, value in typed.items():
        name = lean_name(word, names)
        if name is None:
            raise InputError(f"{owner} has no variable {word!r}", hint=f"its variables are {', '.join(names) or 'none'}")
        if name in found:
            raise InputError(f"{owner} got two values for {name}", hint="give it once")
        found[name] = value
    return found
