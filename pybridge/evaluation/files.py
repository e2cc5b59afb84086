"""A batch in files: ``npz`` and ``csv`` hold arrays by name, an ``npy`` is called as its file is.

In: paths.  Out: arrays by the names they have there.  Nothing is unpickled; what a file cannot mean is refused by its place.
"""

from __future__ import annotations

import csv
import errno
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pybridge.errors import InputError, OptionError

Array: TypeAlias = npt.NDArray[Any]

SUFFIXES = (".npz", ".npy", ".csv")
_AGAIN = "np.savez('batch.npz', y=y, g=g) writes one"
_SEPARATORS = (",", ";", "\t")
_MAGIC = {".npz": b"PK", ".npy": b"\x93NUMPY"}
_HINT = "save numbers, such as float32 or float64, and nothing that has to be unpickled"


def read(paths: Sequence[Path]) -> dict[str, Array]:
    """The arrays of all files.

    Raises
    ------
    OptionError
        A file is of another kind, by its name.
    InputError
        One is missing, cannot be read, or holds objects; a name stands in two of them.
    """
    found: dict[str, Array] = {}
    for path in paths:
        for name, array in _read(path).items():
            if name in found:
                raise InputError(f"{path}: {name} stands in another file, too", hint="give each array once")
            found[name] = array
    return found


def _read(path: Path) -> dict[str, Array]:
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise OptionError(f"--data: {path} is none of {', '.join(SUFFIXES)}", hint=_AGAIN)
    try:
        return _columns(path) if suffix == ".csv" else _arrays(path, suffix)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}", hint="check the path") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: not text in UTF-8", hint="save it as UTF-8") from None
    except csv.Error as error:
        raise InputError(f"{path}: {error}", hint="write a line of names, and numbers below it") from None


def _arrays(path: Path, suffix: str) -> dict[str, Array]:
    """The arrays of an npz, or that of an npy."""
    with path.open("rb") as stream:
        if stream.read(len(_MAGIC[suffix])) != _MAGIC[suffix]:
            raise InputError(f"{path}: not an {suffix[1:]} file", hint=_AGAIN)
        stream.seek(0)
        try:
            stored = np.load(stream, allow_pickle=False)
            if suffix == ".npy":
                return {path.stem: _loaded(path, path.stem, stored)}
            with stored:
                if not stored.files:
                    raise InputError(f"{path}: there is no array in it", hint=_AGAIN)
                return {name: _loaded(path, name, stored[name]) for name in stored.files}
        except InputError:
            raise
        except Exception as error:  # zipfile, zlib, struct, tokenize...: whatever a damaged file makes them raise
            if isinstance(error, OSError) and error.errno != errno.EINVAL:  # which a wrong place in the file is
                raise
            said = str(error).partition("\n")[0] or type(error).__name__
            if "allow_pickle" in said:
                raise InputError(f"{path}: holds pickled objects", hint=_HINT) from None
            raise InputError(f"{path}: the file is damaged or cut off: {said}", hint="write it again") from None


def _loaded(path: Path, name: str, array: object) -> Array:
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "fiu":
        kind = array.dtype if isinstance(array, np.ndarray) else type(array).__name__
        raise InputError(f"{path}: {name} has dtype {kind}", hint=_HINT)
    return array


def _columns(path: Path) -> dict[str, Array]:
    """The columns below a line of names; each number as the float64 that is nearest to it.

    What parts the names, a comma, a semicolon or a tab, parts the numbers too; the line of names may begin with ``#``.
    """
    with path.open(encoding="utf-8-sig", newline="") as stream:
        lines = stream.readlines()
    first = next((line for line in lines if line.strip()), "")
    separators = [one for one in _SEPARATORS if one in first]
    if len(separators) > 1:
        raise InputError(
            f"{path}: the first line has {' and '.join(map(repr, separators))}", hint="part the columns by one sign"
        )
    separator = separators[0] if separators else ","
    reader = csv.reader(lines, delimiter=separator)
    rows = [(number, row) for number, row in enumerate(reader, 1) if any(cell.strip() for cell in row)]
    if not rows:
        raise InputError(f"{path}: there is nothing in it", hint="write a line of names, and numbers below it")
    names = [name.strip() for name in rows[0][1]]
    names[0] = names[0].removeprefix("#").lstrip()  # as numpy.savetxt writes it
    if any(not name or _is_number(name) or any(map(str.isspace, name)) for name in names):
        raise InputError(f"{path}: the first line is no line of names: {', '.join(names)}", hint="write one, such as y,g")
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise InputError(f"{path}: two columns are called {twice}", hint="give each a name of its own")
    if len(rows) == 1:
        raise InputError(f"{path}: no number stands below the names", hint="write one row for each entry of the batch")
    for number, row in rows[1:]:
        if len(row) != len(names):
            raise InputError(f"{path}:{number}: {len(row)} cells, and {len(names)} columns", hint="give each column a number")
    return {name: _column(path, name, [(number, row[place]) for number, row in rows[1:]]) for place, name in enumerate(names)}


def _column(path: Path, name: str, cells: Sequence[tuple[int, str]]) -> Array:
    """The numbers of one column."""
    for number, cell in cells:
        if not _is_number(cell):
            raise InputError(
                f"{path}:{number}: {name} is {cell.strip()!r}, which is no number", hint=_how(name, cell, [c for _, c in cells])
            )
    return np.array([float(cell) for _, cell in cells])


def _how(name: str, cell: str, column: Sequence[str]) -> str:
    """What to write in place of a cell that is no number."""
    if _is_number(cell.replace(",", ".", 1)):
        return "write a point in place of the decimal comma"
    alone = [one.strip() for one in column if one.strip()]
    if not cell.strip() and len(alone) == 1:
        return f"one number for the whole batch is no column: leave it out, and give --set {name}={alone[0]}"
    return "give each column a number in every row"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text
