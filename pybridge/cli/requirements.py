"""What an extra asks for: a distribution, its versions, the Python it needs.

In: a requirement as ``pyproject.toml`` or an installed package's metadata writes it.  Out: a ``Requirement``.  Only what those
of this project say is read: versions of numbers, a limit of Python's, an extra.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_WRITTEN = re.compile(r"\s*([A-Za-z0-9._-]+)\s*(\[[^\]]*\])?\s*([^;]*?)\s*(?:;(.*))?")
_CLAUSE = re.compile(r"\s*(==|>=|<)\s*([0-9.]+)\s*")


@dataclass(frozen=True, slots=True)
class Requirement:
    """What has to be installed.

    Parameters
    ----------
    name
        The distribution.
    versions
        Which, such as ``>=1.6,<2``; may be empty.
    below
        The first Python that it is not for, or nothing.
    options
        The extras of it that are asked for, in brackets, or nothing.
    """

    name: str
    versions: str
    below: str = ""
    options: str = ""

    @property
    def typed(self) -> str:
        """As an argument of pip in a shell."""
        asked = f"{self.name}{self.options}{self.versions}"
        return f'"{asked}"' if asked != self.name else self.name

    def met_by(self, version: str) -> bool:
        """Whether a version is one of those asked for."""
        return all(_meets(version, *clause) for clause in _CLAUSE.findall(self.versions))


def required(written: str) -> tuple[Requirement, str]:
    """The requirement, and the extra that asks for it, if one does."""
    parsed = _WRITTEN.fullmatch(written)
    if parsed is None:
        return Requirement(written, ""), ""
    marker = parsed[4] or ""
    below = re.search(r"python_version\s*<\s*['\"]([\d.]+)['\"]", marker)
    extra = re.search(r"extra\s*==\s*['\"](\w+)['\"]", marker)
    found = Requirement(parsed[1], parsed[3].replace(" ", ""), below[1] if below else "", parsed[2] or "")
    return found, extra[1] if extra else ""


def at_least(version: str, least: str) -> bool:
    """Whether a version is this one or a later one, by the numbers in front.

    Examples
    --------
    >>> at_least("2.10.0+cpu", "2.2"), at_least("1.3.9", "1.4"), at_least("3", "")
    (True, False, True)
    """
    have, wanted = ([int(part) for part in re.findall(r"\d+", re.split(r"[^\d.]", text)[0])] for text in (version, least))
    return have >= wanted


def _meets(version: str, sign: str, other: str) -> bool:
    if sign == "<":
        return not at_least(version, other)
    return at_least(version, other) and (sign == ">=" or at_least(other, version))
