"""The command ``prove``: prove theorems again, without Lean, and print what was found as it is found."""

from __future__ import annotations

from pathlib import Path

from pybridge.cli import proofs
from pybridge.cli.check import named
from pybridge.cli.options import items
from pybridge.cli.terminal import opened, say, write_json
from pybridge.errors import OptionError
from pybridge.notation.render import text
from pybridge.proving.prove import MOST_ENTRIES, Finding, prove


def run(names: list[str], sizes: str, json_file: Path | None, path: Path | None) -> int:
    """Prove the theorems of these names and equations, all by default; return the exit code.

    Raises
    ------
    PybridgeError
        Nothing would be proved, a name is unknown, or the sizes are none.
    """
    export = opened(path)
    theorems = named(export, names, "proved")
    wanted = _sizes(sizes)
    printed = json_file is None or str(json_file) != "-"
    found: dict[str, dict[int, Finding]] = {}
    for theorem in theorems:
        if printed:
            say([f"{theorem.name}  equation ({theorem.equation})", f"  {text(theorem)}"])
        findings = found[theorem.name] = {}
        for size in wanted:
            findings[size] = prove(theorem, export, size)
            if printed:
                say(proofs.lines(theorem, size, findings[size]))
    code = 0 if all(map(proofs.proved, found.values())) else 1
    if printed:
        say(proofs.summary(found))
    if json_file is not None:
        write_json(json_file, proofs.document(found, export, code=code))
    return code


def _sizes(text: str) -> list[int]:
    parts = items(text, "--sizes")
    if not all(part.isdecimal() and part.strip("0") for part in parts):
        raise OptionError(f"--sizes: {text!r} is no list of positive numbers", hint="write, say, --sizes 2,3")
    if large := next((part for part in parts if len(part.lstrip("0")) > 9 or int(part) > MOST_ENTRIES), None):
        raise OptionError(f"--sizes: m = {large} is too large", hint=f"the largest that is tried is {MOST_ENTRIES}")
    return list(dict.fromkeys(map(int, parts)))
