"""The command ``cite``: the artifact, or a declaration in it, in a format that other programs read."""

from __future__ import annotations

from pathlib import Path

from pybridge.cli.terminal import opened, say
from pybridge.errors import OptionError

FORMATS = ("bibtex", "cff", "apa")
"""What ``artifact.cite.FORMATS`` is."""


def run(name: str | None, form: str, path: Path | None) -> None:
    """Print the citation; of an equation, one for each of its theorems.

    Raises
    ------
    PybridgeError
        The name or the format is unknown, or CFF is asked for of several theorems, which one file cannot cite.
    """
    from pybridge.artifact.cite import cite

    if form not in FORMATS:
        raise OptionError(f"--format: there is no format {form!r}", hint=f"there are {', '.join(FORMATS)}")
    export = opened(path)
    if name is None:
        say(cite(form, export).splitlines())
        return
    cited = export.declared(name)
    if form == "cff" and len(cited) > 1:
        raise OptionError(f"{name} has {len(cited)} theorems, and CFF cites one", hint=", ".join(one.name for one in cited))
    for number, one in enumerate(cited):
        say([""] * bool(number) + cite(form, export, one).splitlines())
