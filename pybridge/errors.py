"""What can go wrong, one class per thing a caller can act on.

Every error is one line: what, where, which value, what to do.  The class carries the exit code of the command line
(1 a bad input, 2 a wrong name, 3 a tool is missing, 4 the export is refused); ``hint`` is the last part of the line.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import ClassVar

_LONGEST, _BRIEF = 600, 160

DISTRIBUTION = "pybridge-lean"
"""The name to install by; PyPI's ``pybridge`` is another project."""
AGAIN = "`pybridge extract` writes a fresh one"
"""The hint of most refusals of an export."""


def one_line(text: str, longest: int = _LONGEST) -> str:
    """``text`` on one printable line: control characters and lone surrogates escaped, at most so many characters."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def install(extra: str) -> str:
    """The command that brings what an extra asks for, to the installed package, or to a checkout that is not installed."""
    from importlib import metadata  # slow, and wanted where something is missing alone

    try:
        metadata.distribution(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return f'pip install -e ".[{extra}]"'
    return f'pip install "{DISTRIBUTION}[{extra}]"'


def brief(thing: object, said: str) -> str:
    """A ``repr`` of one short line: what kind of thing it is, and what is said of it."""
    return f"<{type(thing).__name__} {one_line(said, _BRIEF)}>"


class PybridgeError(Exception):
    """The root: whatever pybridge refuses to do, it says by one of these."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        self.message = one_line(message)
        self.hint = one_line(hint)
        super().__init__(f"{self.message}; {self.hint}" if hint else self.message)


class InputError(PybridgeError):
    """A batch or an argument that no statement speaks about: NaN, a wrong shape, m = 0, zero variance at ε = 0."""


class AxisNotNamedError(InputError):
    """Arrays have more than one axis, and nobody said which of them run over one batch."""


class NoBoundError(InputError):
    """A batch on which no error bound holds in this format, so that nothing could be said of a kernel."""


_CLOSE = 0.7
"""How close a name has to be, by difflib's ratio, for it to be meant: ``batchnorm`` is no misspelt ``BatchNorm.ones``."""


class UnknownNameError(InputError):
    """No theorem or definition has this name, or several have; the close matches are in the hint and in ``matches``."""

    exit_code = 2

    def __init__(self, what: str, name: str, known: Iterable[str], *, hint: str = "", several: Sequence[str] = ()) -> None:
        self.name = name
        if several:
            self.matches = tuple(several)
            noun = what if what in ("theorem", "definition") else "declaration"
            super().__init__(f"{len(several)} {noun}s are called {name!r}", hint=f"say which: {', '.join(several)}")
            return
        names = sorted(known, key=lambda known_as: (known_as.count("."), known_as))
        ends: dict[str, list[str]] = {}
        for candidate in names:
            ends.setdefault(candidate.rpartition(".")[2], []).append(candidate)
        close = difflib.get_close_matches(name, [*names, *ends], n=3, cutoff=_CLOSE)
        if not close and len(name) > 2:
            close = [end for end in ends if end.lower().startswith(name.lower())]
        self.matches = tuple(dict.fromkeys(full for match in close for full in ends.get(match, [match])))[:3]
        hint = hint or (f"did you mean {' or '.join(self.matches)}?" if self.matches else "`pybridge list` prints the names")
        super().__init__(f"no {what} is called {name!r}", hint=hint)


class OptionError(PybridgeError):
    """An option of the command line has a value that it does not take."""

    exit_code = 2


class MissingToolError(PybridgeError):
    """Something outside Python, or an extra, is not on this machine (no Lean, no torch)."""

    exit_code = 3


class ExportError(PybridgeError):
    """The export is refused; nothing was computed from it."""

    exit_code = 4


class ExportMissing(ExportError):
    """There is no export where it was looked for."""


class ExportTruncated(ExportError):
    """The file ends before its JSON does."""


class ExportInvalid(ExportError):
    """The file is JSON, or is not, but certainly is no export of this schema."""


class ExportEdited(ExportError):
    """The digest does not fit: somebody changed the document after it was written."""


class ExportStale(ExportError):
    """A Lean source beside the export is not the one that was exported."""


class BlindWarning(UserWarning):
    """A comparison that would not have seen all numbers off by 1 %."""
