"""The export as a JSON document: its text, and the digest that seals it.

In: a file, or a plain JSON object.  Out: the object or the text, or an ``ExportError``: no file, ends too early, not JSON, a
key twice, changed after it was written.  What the fields mean is for ``schema.py``.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from pybridge.errors import AGAIN, ExportEdited, ExportInvalid, ExportMissing, ExportTruncated

DEFAULT = Path(__file__).parents[1] / "data" / "export.json"
"""The package's own export."""
MAX_DIGITS = 1000
MAX_BYTES = 64 * 2**20
_SHOWN = 12
"""So many digits of a digest are printed, where it stands for what it is the digest of."""


def read(path: Path) -> str:
    """The text of the file ``path``."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)  # of a device or a pipe, whose size is not known before, no more either
    except FileNotFoundError:
        raise ExportMissing(f"{path}: there is no export", hint=AGAIN) from None
    except OSError as error:
        raise ExportMissing(f"{path}: cannot be read: {error.strerror}", hint=AGAIN) from None
    except ValueError as error:  # a name that no file can have
        raise ExportMissing(f"{str(path)!r}: cannot be read: {error}", hint=AGAIN) from None
    return decoded(content, path)


def decoded(content: bytes, path: Path) -> str:
    """The text that ``content`` is; ``path`` is for the message only."""
    if len(content) > MAX_BYTES:
        raise ExportInvalid(f"{path}: larger than {MAX_BYTES} bytes", hint=AGAIN)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ExportInvalid(f"{path}: byte {error.start} is not UTF-8", hint=AGAIN) from None


def parse(text: str, path: Path) -> dict[str, Any]:
    """The JSON object in ``text``, every key once; ``path`` is for the message only."""
    try:
        data = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant, parse_int=_short)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            after = f"text after the JSON, from line {error.lineno} column {error.colno} on"
            raise ExportInvalid(f"{path}: {after}", hint=AGAIN) from None
        rest = text[error.pos :].strip()
        if not text.rstrip().endswith("}") or not rest:
            raise ExportTruncated(f"{path}: ends after {len(text)} characters, within the JSON", hint=AGAIN) from None
        where = f"line {error.lineno} column {error.colno}"
        raise ExportInvalid(f"{path}: {where}: not JSON: {error.msg}", hint=AGAIN) from None
    except RecursionError:
        raise ExportInvalid(f"{path}: JSON nested too deeply to be read", hint=AGAIN) from None
    except ValueError as error:  # a duplicate key, NaN, or a long integer
        raise ExportInvalid(f"{path}: {error}", hint=AGAIN) from None
    if not isinstance(data, dict):
        raise ExportInvalid(f"{path}: expected a JSON object, got {type(data).__name__}", hint=AGAIN)
    return data


def digest(document: Mapping[str, Any]) -> str:
    """The sha256 of a document without its field ``digest``, in canonical JSON (UTF-8, sorted keys, no blanks)."""
    content = {key: value for key, value in document.items() if key != "digest"}
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def quoted(sha256: str, *, whole: bool = False) -> str:
    """A sha256 for people to read: ``sha256:`` and as much of it as tells two apart, or the whole, to be cited and compared.

    Examples
    --------
    >>> quoted("a6003d04a53a" + 52 * "0")
    'sha256:a6003d04a53a…'
    """
    return f"sha256:{sha256}" if whole else f"sha256:{sha256[:_SHOWN]}…"


def seal(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with its digest."""
    return {**document, "digest": digest(document)}


def dumps(document: Mapping[str, Any]) -> str:
    """The text of the file: byte for byte the same for the same document."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def check_digest(data: Mapping[str, Any], path: Path) -> None:
    """Refuse a document that is not as it was sealed; ``path`` is for the message only."""
    recorded = data.get("digest")
    if not isinstance(recorded, str):
        raise ExportInvalid(f"{path}: digest: expected a string, got {recorded!r}", hint=AGAIN)
    try:
        actual = digest(data)
    except (UnicodeEncodeError, RecursionError):
        raise ExportInvalid(f"{path}: text that is not Unicode, or nested too deeply", hint=AGAIN) from None
    if actual != recorded:
        message = f"{path}: edited after it was written: its digest is {quoted(actual)}, it records {quoted(recorded)}"
        raise ExportEdited(message, hint=f"restore the file, or {AGAIN}")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"the key {twice!r} occurs twice in an object")
    return found


def _short(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError(f"an integer of {len(digits)} digits")
    return int(digits)


def _no_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
