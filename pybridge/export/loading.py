"""Reads the export, validates it and, where anything is off, refuses it: the one door to what Lean wrote.

The refusals, in the order they are found: no file; ends too early; not JSON, or a key twice (``document.py``); another
schema (``schema.py``); changed after it was written (the digest, ``document.py``); a field unknown, missing or of the wrong
type (``schema.py``); a term that does not fit together (``decode_propositions.py``); a Lean source beside it, in a
checkout, that is not the one recorded (``sources.py``).  Each is one ``ExportError``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TypeVar

from pybridge import ir
from pybridge.errors import AGAIN, ExportError, ExportInvalid, ExportMissing, InputError, UnknownNameError
from pybridge.export import schema
from pybridge.export.decode_propositions import Decoder
from pybridge.export.document import DEFAULT, check_digest, decoded, digest, dumps, parse, read, seal
from pybridge.export.foundations import foundations
from pybridge.export.names import NAMESPACE, is_equation, named, of_equation
from pybridge.export.schema import Lean, Mathlib, Source
from pybridge.export.sources import Fresh, Freshness, Unchecked, freshness, hash_sources
from pybridge.ir.shown import Shown

__all__ = [
    "DEFAULT",
    "NAMESPACE",
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
    "loads",
    "parse",
    "remedy",
    "seal",
]

ELSEWHERE = "write it again where it comes from, or use the package's own"
"""The hint where another export than the package's own is refused, which `pybridge extract` does not write."""


@dataclass(frozen=True, slots=True, repr=False)
class Export(Shown):
    """What Lean proved: definitions and theorems by full name, in the order of the export, and where they come from.

    ``proofs`` holds what each of them rests on, declarations among them that are not exported themselves.
    """

    lean: Lean
    mathlib: Mathlib
    sources: tuple[Source, ...]
    definitions: Mapping[str, ir.Definition]
    theorems: Mapping[str, ir.Theorem]
    proofs: Mapping[str, ir.Proof]
    digest: str
    path: Path
    freshness: Freshness

    def __repr__(self) -> str:
        fresh = "fresh" if isinstance(self.freshness, Fresh) else self.freshness.reason
        counts = f"{len(self.theorems)} theorems, {len(self.definitions)} definitions"
        return f"<Export {self.path}: {counts}, Lean {self.lean.version}, {fresh}>"

    def theorem(self, name: str) -> ir.Theorem:
        """The theorem of this full name, or of this name in the namespace BatchNorm, or the only one that ends in it.

        An equation that only one theorem has is a name too: ``7ε``, ``7eps`` or ``(Thm 4.1)``.

        Raises
        ------
        UnknownNameError
            There is none, or there are several; it lists them.
        """
        return _only("theorem", name, self.stated(name))

    def definition(self, name: str) -> ir.Definition:
        """The definition of this name, found as ``theorem`` finds one."""
        names = named(_text("definition", name), self.definitions)
        if not names and (elsewhere := named(name, self.theorems)):
            raise UnknownNameError("definition", name, self.definitions, hint=f"{elsewhere[0]} is a theorem")
        return _only("definition", name, [self.definitions[full] for full in names], self.definitions)

    def stated(self, name: str) -> list[ir.Theorem]:
        """The theorem of this name, found as ``theorem`` finds it, or all theorems of this equation.

        Raises
        ------
        UnknownNameError
            There is none, or several end in this name.
        """
        if not is_equation(_text("theorem", name)):
            if names := named(name, self.theorems):
                return [_only("theorem", name, [self.theorems[full] for full in names])]
            if elsewhere := named(name, self.definitions):
                raise UnknownNameError("theorem", name, self.theorems, hint=f"{elsewhere[0]} is a definition")
        return self._of_equation("theorem", name, self.theorems)

    def declared(self, name: str) -> list[ir.Theorem | ir.Definition]:
        """The theorem or definition of this name, or all theorems of this equation.

        Raises
        ------
        UnknownNameError
            There is none, or several end in this name.
        """
        what, known = "theorem or definition", dict[str, ir.Theorem | ir.Definition]({**self.theorems, **self.definitions})
        if not is_equation(_text(what, name)) and (names := named(name, known)):
            return [_only(what, name, [known[full] for full in names])]
        return [*self._of_equation(what, name, known)]

    def _of_equation(self, what: str, name: str, known: Iterable[str]) -> list[ir.Theorem]:
        found = of_equation(name, {theorem.name: theorem.equation for theorem in self.theorems.values()})
        if not found:
            raise UnknownNameError(what, name, known)
        return [self.theorems[full] for full in found]


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
    if path is not None and not isinstance(path, str | PathLike):
        raise InputError(f"expected the path of an export, got {path!r} (type {type(path).__name__})")
    path = DEFAULT if path is None else Path(path)
    try:
        return _load(read(path), path, check_sources=check_sources)
    except ExportError as error:
        raise _fitting(error, path) from None


def loads(content: bytes, name: str) -> Export:
    """Read an export that stands in no file of its own: ``name`` says where it is from, such as ``<stdin>``.

    Raises
    ------
    ExportError
        As :func:`load` does.
    """
    path = Path(name)
    try:
        return _load(decoded(content, path), path, check_sources=False, unchecked="it was not read from a checkout")
    except ExportError as error:
        raise _fitting(error, path) from None


def remedy(path: Path) -> str:
    """What to do about the export at ``path``: `pybridge extract` writes the package's own, and no other."""
    try:
        return AGAIN if path.resolve() == DEFAULT.resolve() else ELSEWHERE
    except ValueError:  # a name that no file can have
        return ELSEWHERE


def _fitting(error: ExportError, path: Path) -> ExportError:
    if (fits := remedy(path)) == AGAIN:
        return error
    hint = "check the path" if isinstance(error, ExportMissing) else error.hint.replace(AGAIN, fits)
    return type(error)(error.message, hint=hint)


def _load(text: str, path: Path, *, check_sources: bool, unchecked: str = "not asked for") -> Export:
    data = parse(text, path)
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
    found = freshness(path, recorded) if check_sources else Unchecked(unchecked)
    return Export(
        document.lean,
        document.mathlib,
        tuple(document.sources),
        definitions,
        theorems,
        foundations(document),
        document.digest,
        path,
        found,
    )


_Declared = TypeVar("_Declared", ir.Theorem, ir.Definition, ir.Theorem | ir.Definition)


def _only(what: str, name: str, found: Sequence[_Declared], known: Iterable[str] = ()) -> _Declared:
    if not found:
        raise UnknownNameError(what, name, known)
    if len(found) > 1:
        raise UnknownNameError(what, name, known, several=[one.name for one in found])
    return found[0]


def _text(what: str, name: object) -> str:
    if not isinstance(name, str):
        raise InputError(f"expected the name of a {what}, got {name!r} (type {type(name).__name__})")
    return name
