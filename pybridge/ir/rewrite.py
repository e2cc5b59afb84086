"""Terms changed in all places at once, and the definitions that a change reaches; for one place there is ``occurrences.py``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

from pybridge import ir
from pybridge.ir.traverse import children, subterms

_TERMS = ir.SCALARS + ir.VECTORS


def with_children(term: ir.Term, parts: tuple[ir.Term, ...]) -> ir.Term:
    """The term with other direct subterms, of the same number and sorts."""
    remaining = iter(parts)
    changed: dict[str, Any] = {}
    for field in fields(term):
        value = getattr(term, field.name)
        if isinstance(value, _TERMS):
            changed[field.name] = next(remaining)
        elif isinstance(value, tuple) and any(isinstance(part, _TERMS) for part in value):
            changed[field.name] = tuple(next(remaining) for _ in value)
    return replace(term, **changed)


def everywhere(term: ir.Term, change: Callable[[ir.Term], ir.Term]) -> ir.Term:
    """The term with ``change`` applied to every subterm, the innermost first."""
    below = children(term)
    return change(with_children(term, tuple(everywhere(child, change) for child in below)) if below else term)


def reachable(definition: ir.Definition, definitions: Mapping[str, ir.Definition]) -> tuple[ir.Definition, ...]:
    """The definition and those it calls, directly or through others, the nearest first."""
    found = {definition.name: definition}
    waiting = [definition]
    while waiting:
        for inner in subterms(waiting.pop(0).body):
            if isinstance(inner, ir.Call | ir.VCall) and inner.name not in found:
                found[inner.name] = definitions[inner.name]
                waiting.append(definitions[inner.name])
    return tuple(found.values())
