"""The command ``doctor``: what is on this machine, what is not, and what brings it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pybridge.cli import tables
from pybridge.cli.here import Item, everything
from pybridge.cli.terminal import say, write_json

SCHEMA = 1


def run(*, as_json: bool) -> int:
    """Print what is here, as a table or as JSON; return the exit code: 0 unless something that pybridge needs is broken."""
    found = tuple(everything())
    code = next((item.exit_code for item in found if item.state == "broken"), 0)
    if as_json:
        write_json(Path("-"), document(found, code))
        return code
    rows = tuple((item.name, item.state, item.purpose or "-", item.said) for item in found)
    tables.show(tables.Rows(("what", "state", "for", "which"), rows, stacked=True))
    say(["", *remedies(found)])
    return code


def remedies(found: tuple[Item, ...]) -> list[str]:
    """What brings what is missing, and mends what is broken."""
    wanted = [item for item in found if item.state != "here" and item.command]
    broken = [item.name for item in found if item.state == "broken"]
    last = f"broken: {', '.join(broken)}" if broken else "nothing is broken"
    if not wanted:
        return [last]
    width = max(len(item.name) for item in wanted)
    return ["to have what is not here:", *(f"  {item.name.ljust(width)}  {item.command}" for item in wanted), last]


def document(found: tuple[Item, ...], code: int) -> dict[str, Any]:
    """The same for programs."""
    return {
        "schema": SCHEMA,
        "items": [
            {"name": one.name, "state": one.state, "said": one.said, "purpose": one.purpose, "command": one.command}
            for one in found
        ],
        "exitCode": code,
    }
