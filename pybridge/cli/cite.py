"""The command ``cite``: the artifact, or a declaration in it, in a format that other programs read."""

from __future__ import annotations

from pathlib import Path

from pybridge.cli.terminal import note, opened, say
from pybridge.errors import OptionError

FORMATS = ("bibtex", "cff", "apa")
"""What ``artifact.cite.FORMATS`` is."""


NO_ADDRESS = "no address of this project is known to it: add a url of where you have it from"


def run(name: str | None, form: str, path: Path | None) -> None:
    """Print the citation; of an equation that of its main theorem, and on stderr which others there are.

    Raises
    ------
    PybridgeError
        The name or the format is unknown.
    """
    from pybridge.artifact.cite import cite, main_of

    if form not in FORMATS:
        raise OptionError(f"--format: there is no format {form!r}", hint=f"there are {', '.join(FORMATS)}")
    export = opened(path)
    cited, *others = [None] if name is None else main_of(export.declared(name))
    say(cite(form, export, cited).splitlines())
    if others:
        names = ", ".join(one.name for one in others if one is not None)
        note(f"{name} has {len(others)} more theorems, which are cited by name: {names}")
    note(NO_ADDRESS)
