"""The files of a checkout, as texts.

In: a file.  Out: its text, or one line that says why there is none; the packages of Lake's manifest.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pybridge.errors import InputError


def read_text(file: Path) -> str:
    """The text of a file of the checkout, with LF line ends.

    Raises
    ------
    InputError
        It cannot be read.
    """
    try:
        return file.read_text(encoding="utf-8").replace("\r\n", "\n")
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}", hint="run it in a checkout of the repository") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: byte {error.start} is not UTF-8") from None


def packages(root: Path) -> list[dict[str, Any]]:
    """What Lake's manifest of the checkout ``root`` says of each package.

    Raises
    ------
    InputError
        There is no manifest that can be read, or none with one package mathlib.
    """
    place = root / "lake-manifest.json"
    try:
        found = [dict(one) for one in json.loads(read_text(place))["packages"]]
    except (ValueError, KeyError, TypeError):
        raise InputError(f"{place}: no manifest of packages", hint="`lake update` writes it") from None
    if sum(one.get("name") == "mathlib" for one in found) != 1:
        raise InputError(f"{place}: no manifest with one package mathlib", hint="`lake update` writes it")
    return found
