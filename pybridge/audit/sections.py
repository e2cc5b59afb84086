"""What an audit says: section by section what was compared, where it parts, and what is not checked here.

In: nothing.  Out: the records that the other modules fill.
"""

from __future__ import annotations

from dataclasses import dataclass

from pybridge.surface.compare import Difference


@dataclass(frozen=True, slots=True)
class Use:
    """What would be a difference, and is none for a reason that is given: the word, the whole line, and where that stands."""

    file: str
    lines: tuple[int, ...]
    word: str
    text: str
    why: str


EXTRACT = (
    "where the sources are as they should be, `pybridge extract` writes the export anew from them (it needs Lean); else put "
    "them back. What differs still is a fault of the exporter or of these readers: report it"
)
"""What to do where sources and export part."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an audit.

    Parameters
    ----------
    name
        One word.
    said
        What was compared, in one line.
    differences
        Where it parts; the audit fails on any.
    elsewhere
        What is not checked here, each with the command that does it; and what is known to be so.
    allowed
        What would be a difference, and is none for a reason that is given.
    agreed
        What is said where nothing parts: less, where only what lies beside it was compared.
    remedy
        What to do about a difference.
    """

    name: str
    said: str
    differences: tuple[Difference, ...] = ()
    elsewhere: tuple[str, ...] = ()
    allowed: tuple[Use, ...] = ()
    agreed: str = "as it has to be"
    remedy: str = ""


__all__ = ["EXTRACT", "Difference", "Section", "Use"]
