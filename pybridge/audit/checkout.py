"""The files of a checkout, as texts.

In: a file.  Out: its text, or one line that says why there is none.
"""

from __future__ import annotations

from pathlib import Path

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
