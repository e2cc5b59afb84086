"""Reads the export, validates it and, where anything is off, refuses it: the one door to what Lean wrote.

The refusals, in the order they are found: no file; ends too early; not JSON, or a key twice (``document.py``); another
schema (``schema.py``); changed after it was written (the digest, ``document.py``); a field unknown, missing or of the wrong
type (``schema.py``); a term that does not fit together (``decode_propositions.py``); a Lean source beside it, in a
checkout, that is not the one recorded (``sources.py``).  Each is one ``ExportError``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pybridge import ir
from pybridge.errors import AGAIN, ExportInvalid, InputError, UnknownNameError
from pybridge.export import schema
from pybridge.export.decode_propositions import Decoder
from pybridge.export.document import check_digest, digest, dumps, parse, read, seal
from pybridge.export.schema import Lean, Mathlib, Source
from pybridge.export.sources import Fresh, Freshness, Unchecked, freshness, hash_sources

__all__ = [
    "DEFAULT",
    "Export",
    "Fresh",
    "Freshness",
    "Lean",
    "Mathlib",
    "Source",
    "Unchecked",
    "digest",
    "dumps",
    "hash_sources",
    "load",
    "parse",
    "seal",
]

DEFAULT = Path(__file__).parents[1] / "data" / "export.json"
NAMESPACE = "BatchNorm"
"""Where a short name is looked for first."""


@dataclass(frozen=True, slots=True)
class Export:
    """What Lean proved: definitions and theorems by full name, in the order of the export, and where they come from."""

    lean: Lean
    mathlib: Mathlib
    sources: tuple[Source, ...]
    definitions: Mapping[str, ir.Definition]
    theorems: Mapping[str, ir.Theorem]
    digest: str
    path: Path
    freshness: Freshness

    def theorem(self, name: str) -> ir.Theorem:
        """The theorem of this full name, or of this name in the namespace BatchNorm, or the only one that ends in it.

        Raises
        ------
        UnknownNameError
            There is none, or there are several.
        """
        return self.theorems[_resolve("theorem", name, self.theorems, "definition", self.definitions)]

    def definition(self, name: str) -> ir.Definition:
        """The definition of this name, found as ``theorem`` finds one."""
        return self.definitions[_resolve("definition", name, self.definitions, "theorem", self.theorems)]


def load(path: Path | None = None, *, check_sources: bool = True) -> Export:
    """Read an export.

    Parameters
    ----------
    path : Path, optional
        The file; the committed ``data/export.json`` of this package when it is not given.
    check_sources : bool
        Whether to compare the recorded hashes with the Lean sources beside the export, where it lies in a checkout.

    Raises
    ------
    ExportError
        One of its subclasses, with one line that says what is wrong, where, and what to do.

    Examples
    --------
    >>> export = load()
    >>> export.definition("normalize").name
    'BatchNorm.normalize'
    >>> [parameter.name for parameter in export.definition("normalize").parameters]
    ['ε', 'y']
    """
    path = DEFAULT if path is None else Path(path)
    data = parse(read(path), path)
    schema.check_schema(data, path)
    check_digest(data, path)
    document = schema.validate(data, path)
    decoder = Decoder()
    definitions = schema.definitions(document, decoder)
    theorems = schema.theorems(document, decoder)
    if both := sorted(set(definitions) & set(theorems)):
        raise ExportInvalid(f"{path}: {both[0]} is a definition and a theorem", hint=AGAIN)
    files = [source.file for source in document.sources]
    if sorted(set(files)) != files:
        raise ExportInvalid(f"{path}: sources: not sorted, or a file twice", hint=AGAIN)
    recorded = {source.file: source.sha256 for source in document.sources}
    found = freshness(path, recorded) if check_sources else Unchecked("not asked for")
    return Export(
        document.lean,
        document.mathlib,
        tuple(document.sources),
        definitions,
        theorems,
        document.digest,
        path,
        found,
    )


def _resolve(what: str, name: str, known: Mapping[str, object], other: str, others: Mapping[str, object]) -> str:
    if not isinstance(name, str):
        raise InputError(f"expected the name of a {what}, got {name!r} (type {type(name).__name__})")
    ends = _named(name, known)
    if len(ends) == 1:
        return ends[0]
    if not ends and (elsewhere := _named(name, others)):
        raise UnknownNameError(what, name, known, hint=f"{elsewhere[0]} is a {other}")
    raise UnknownNameError(what, name, ends or known)


def _named(name: str, known: Mapping[str, object]) -> list[str]:
    """The full names that ``name`` may stand for: one, if it is one itself or one in the namespace BatchNorm."""
    for full in (name, f"{NAMESPACE}.{name}"):
        if full in known:
            return [full]
    return [full for full in known if full.endswith(f".{name}")]
