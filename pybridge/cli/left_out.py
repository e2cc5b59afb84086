"""What ``check --data`` did not check: by reason, and by what the data lack and how to give it.

In: a ``Selection``.  Out: lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from typing_extensions import assert_never

from pybridge import ir
from pybridge.cli.tables import short_name
from pybridge.evaluation.naming import ascii_name
from pybridge.evaluation.select import Selection
from pybridge.export.loading import Export

_NAMES, _REASONS = 3, 6
"""Theorems of one reason that are named, and reasons that are said, where nobody asked for all."""


def left_out(chosen: Selection, export: Export, *, named: bool, verbose: bool) -> list[str]:
    """Lines about the theorems that were not checked.

    Parameters
    ----------
    chosen, export
        What was selected, and out of what.
    named
        Whether the theorems were asked for, by name or equation; else all were that the data are about.
    verbose
        Whether each theorem is named; else a few of each reason are.
    """
    groups = _grouped(chosen, export)
    every = named or verbose
    shown = groups if every else groups[:_REASONS]
    lines = [f"  {len(of)} {why}: {_listed(of, len(of) if every else _NAMES)}" for why, of in shown]
    if rest := sum(len(names) for _, names in groups[len(shown) :]):
        lines.append(f"  {rest} for other reasons: -v names each")
    others = len(export.theorems) - len(chosen.chosen) - len(chosen.left_out) - len(chosen.incomplete)
    if others:
        lines.append(f"  {others} {'not asked for' if named else 'about none of the variables given'}")
    return ["not checked:", *lines] if lines else []


def _grouped(chosen: Selection, export: Export) -> list[tuple[str, list[str]]]:
    """The reasons with their theorems: first those that name nothing missing, then by how much is, and of how many theorems."""
    reasons: dict[str, list[str]] = {}
    for name, why in chosen.left_out.items():
        reasons.setdefault(why, []).append(name)
    lacking: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for name, names in chosen.incomplete.items():
        kinds = {variable.name: variable.kind for variable in export.theorem(name).variables}
        lacking.setdefault(tuple(sorted((one, _given_by(one, kinds[one])) for one in names)), []).append(name)
    by_size = sorted(lacking.items(), key=lambda item: (len(item[0]), -len(item[1])))
    kept = sorted(reasons.items(), key=lambda item: -len(item[1]))
    return [*((f"because {why}", of) for why, of in kept), *((_lack(names), of) for names, of in by_size)]


def _lack(variables: Sequence[tuple[str, str]]) -> str:
    return f"for want of {', '.join(f'{name} ({how})' for name, how in variables)}"


def _given_by(name: str, kind: ir.Kind) -> str:
    """How a variable of this kind is given on the command line."""
    typed = ascii_name(name)
    match kind:
        case ir.ScalarKind():
            return f"--set {typed}=NUMBER"
        case ir.VectorKind() | ir.FamilyKind() | ir.OperatorKind():
            return f"an array {typed} in the file"
        case ir.LossKind() | ir.FieldKind():
            return f"--set {typed}=LOSS"
        case ir.SetKind() | ir.PositionKind():
            return "from Python only"
        case _:
            assert_never(kind)


def _listed(names: Iterable[str], most: int) -> str:
    """The first names, and how many more there are."""
    every = [short_name(name) for name in names]
    most += len(every) == most + 1
    more = len(every) - most
    return ", ".join(every[:most]) + (f" and {more} more" if more > 0 else "")
