"""The command ``audit``: the export and its checkout, without Lean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from pybridge.audit.allowances import ALLOWED
from pybridge.audit.sections import Section, Use
from pybridge.cli.stale import besides, opened_anyway
from pybridge.cli.terminal import say, write_json
from pybridge.export.extract import find_checkout
from pybridge.export.loading import Export
from pybridge.surface.compare import Difference

SCHEMA = 2


def run(json_file: Path | None, path: Path | None) -> int:
    """Audit the export, a stale one too, so that it is seen what has changed; return the exit code.

    Raises
    ------
    PybridgeError
        There is no checkout, or a file of it cannot be read.
    """
    from pybridge.audit.run import audit

    export, stale = opened_anyway(path)
    with besides(stale):
        first, *others = audit(export, find_checkout())
    found = (replace(first, differences=(*stale, *first.differences)), *others)
    code = 1 if any(section.differences for section in found) else 0
    if json_file is None or str(json_file) != "-":
        say(lines(found))
    if json_file is not None:
        write_json(json_file, document(found, export, code=code))
    return code


def lines(found: Sequence[Section]) -> list[str]:
    """The audit for people: differences first, then section by section, then each exception, then what is not checked here."""
    said = [line for section in found for line in differing(section)]
    width = max(len(section.name) for section in found)
    for section in found:
        state = f"{len(section.differences)} DIFFERENT" if section.differences else section.agreed
        said.append(f"{section.name.ljust(width)}  {state}: {section.said}")
    said += [f"allowed, each with its reason ({ALLOWED}):"] if any(section.allowed for section in found) else []
    said += [line for section in found for one in section.allowed for line in exception(one)]
    said.append("not checked here:")
    return [*said, *(f"  {section.name.ljust(width)}  {line}" for section in found for line in section.elsewhere)]


def differing(section: Section) -> list[str]:
    """The differences of a section, and what to do about them."""
    lines = [line for one in section.differences for line in different(section.name, one)]
    return [*lines, f"to mend {section.name}: {section.remedy}"] if lines and section.remedy else lines


def different(section: str, one: Difference) -> list[str]:
    """One difference in one line, and both sides below it where there are two."""
    head = f"DIFFERENT {section}: {one.name}: {one.what}" + (f": {one.why}" if one.why else "")
    width = max(map(len, one.sides))
    texts = [(side, text) for side, text in zip(one.sides, (one.source, one.export), strict=True) if text]
    return [head, *(f"  {side.ljust(width)}  {' '.join(text.split())}" for side, text in texts)]


def exception(one: Use) -> list[str]:
    """What is allowed, where it stands, and below it why."""
    places = f"{one.file}:{', '.join(map(str, one.lines))}"
    return [f"  {places}: {one.word}" + (f": {one.text}" if one.text != one.word else ""), f"    {one.why}"]


def document(found: Sequence[Section], export: Export, *, code: int) -> dict[str, Any]:
    """The audit as JSON."""
    return {
        "schema": SCHEMA,
        "export": {"path": str(export.path), "digest": export.digest},
        "sections": [
            {
                "name": section.name,
                "said": section.said,
                "differences": [
                    {
                        "name": one.name,
                        "what": one.what,
                        "source": one.source,
                        "export": one.export,
                        "why": one.why,
                        "sides": list(one.sides),
                    }
                    for one in section.differences
                ],
                "remedy": section.remedy,
                "elsewhere": list(section.elsewhere),
                "allowed": [asdict(one) for one in section.allowed],
            }
            for section in found
        ],
        "exitCode": code,
    }
