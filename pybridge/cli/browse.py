"""The commands ``list`` and ``show``: what there is, and one declaration, or the theorems of one equation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pybridge.cli import tables
from pybridge.cli.declaration import card, code, operations
from pybridge.cli.options import TARGETS
from pybridge.cli.origin import origin
from pybridge.cli.terminal import opened, say, write_json
from pybridge.errors import OptionError, PybridgeError
from pybridge.export.loading import Export, remedy

SCHEMA = 1


def list_theorems(path: Path | None, *, as_json: bool) -> None:
    """Print the theorems, as a table or as JSON.

    Raises
    ------
    PybridgeError
        There are none.
    """
    export = opened(path)
    theorems = tuple(export.theorems.values())
    if not theorems:
        raise PybridgeError("the export holds no theorem: nothing to list", hint=remedy(export.path))
    if as_json:
        write_json(Path("-"), document(export))
    else:
        tables.show(tables.listing(theorems, origin(export)))


def document(export: Export) -> dict[str, Any]:
    """The theorems: name, equation, place, docstring and Lean statement."""
    return {
        "schema": SCHEMA,
        "export": {"path": str(export.path), "digest": export.digest},
        "theorems": [
            {
                "name": theorem.name,
                "equation": theorem.equation,
                "file": theorem.file,
                "line": theorem.line,
                "docstring": theorem.docstring,
                "statement": theorem.statement,
            }
            for theorem in export.theorems.values()
        ],
    }


def show_declarations(name: str, path: Path | None, *, program: bool = False, target: str | None = None) -> None:
    """Print the declaration of a name, or those of an equation one after the other; or what computes them.

    Raises
    ------
    OptionError
        There is no such target, or both kinds of what computes them are asked for.
    """
    if target is not None and target not in TARGETS:
        raise OptionError(f"--source: there is no target {target!r}", hint=f"there are {', '.join(TARGETS)}")
    if target is not None and program:
        raise OptionError("--source and --program exclude each other", hint="give one of them")
    export = opened(path)
    if target is not None:
        say(code(name, target, export))
        return
    for number, declaration in enumerate(export.declared(name)):
        lines = operations(declaration, export) if program else card(declaration, export)
        say([""] * bool(number) + lines)
