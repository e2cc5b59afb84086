"""Names as people type them: gamma for γ, eps for ε, w0 for w₀."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from pybridge.errors import InputError
from pybridge.kernels.arguments import ALIASES
from pybridge.layers.signatures import NAMES

T = TypeVar("T")

_ASCII = {greek: typed for typed, greek in reversed(ALIASES.items())}
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def lean_name(typed: str, names: Sequence[str]) -> str | None:
    """The name among ``names`` that was typed, in ASCII or as it is; None where there is none.

    Examples
    --------
    >>> lean_name("eps", ["ε", "y"]), lean_name("w0", ["w", "w₀"]), lean_name("x", ["y"])
    ('ε', 'w₀', None)
    """
    candidates = (typed, ALIASES.get(typed, typed), typed.translate(_SUBSCRIPTS))
    return next((one for one in candidates if one in names), None)


def spelled(names: Iterable[str]) -> str:
    """Names, each with how it may be typed.

    Examples
    --------
    >>> spelled(["γ", "ε", "y"])
    'γ (gamma), ε (eps), y'
    """
    return ", ".join(f"{name} ({_ASCII[name]})" if name in _ASCII else name for name in names)


def ascii_name(name: str) -> str:
    """A name as it may be typed.

    Examples
    --------
    >>> ascii_name("ε"), ascii_name("w₀"), ascii_name("y")
    ('eps', 'w0', 'y')
    """
    return _ASCII.get(name, name.translate(_DIGITS))


def meant(typed: str, names: Sequence[str]) -> str | None:
    """The name among ``names`` that a word is close to, or that frameworks give such an argument; None where there is none.

    Examples
    --------
    >>> meant("dout", ["γ", "ε", "y", "g"]), meant("weight", ["γ", "y"]), meant("gama", ["γ", "y"]), meant("q", ["y"])
    ('g', 'γ', 'γ', None)
    """
    word = typed.lower()
    roles = [called for called in NAMES.values() if word in called]
    for called in roles:
        if found := next((name for one in called if (name := lean_name(one, names)) is not None), None):
            return found
    close = difflib.get_close_matches(word, [*names, *(_ASCII[name] for name in names if name in _ASCII)], n=1)
    return lean_name(close[0], names) if close else None


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
            raise InputError(f"{owner} has no variable {word!r}", hint=_hint(word, names))
        if name in found:
            raise InputError(f"{owner} got two values for {name}", hint="give it once")
        found[name] = value
    return found


def _hint(typed: str, names: Sequence[str]) -> str:
    close = meant(typed, names)
    return f"{f'did you mean {close}?' if close else 'leave it out:'} its variables are {spelled(names) or 'none'}"
