"""Reads the export, validates it and, where anything is off, refuses it: the only module that knows the JSON.

The refusals, in the order they are found: no file; ends too early; not JSON, or a key twice; another schema; changed after
it was written (the digest); a field unknown, missing or of the wrong type; a term that does not fit together
(``decode.py``); a Lean source beside it, in a checkout, that is not the one recorded.  Each is one ``ExportError``.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pybridge import ir
from pybridge.decode import Decoder
from pybridge.errors import (
    ExportEdited,
    ExportInvalid,
    ExportMissing,
    ExportStale,
    ExportTruncated,
    UnknownNameError,
)
from pybridge.nodes import At
from pybridge.scope import Scope, decode_kind

DEFAULT = Path(__file__).parent / "data" / "export.json"
SCHEMA = 1
MAX_BYTES = 64 * 2**20

_AGAIN = "`pybridge extract` writes a fresh one"

Name: TypeAlias = Annotated[str, Field(min_length=1)]
Sha256: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Line: TypeAlias = Annotated[int, Field(ge=1)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Lean(_Model):
    """The Lean that exported."""

    version: Name
    githash: str


class Mathlib(_Model):
    """The mathlib the proofs were checked against."""

    revision: Name
    input_revision: Annotated[str | None, Field(alias="inputRevision")]


class Source(_Model):
    """A source file of the Lean library as it was exported."""

    file: Name
    sha256: Sha256


class _Index(_Model):
    name: Name
    nonempty: bool


class _Variable(_Model):
    name: Name
    kind: object


class _Hypothesis(_Model):
    name: Name
    statement: str
    proposition: object


class _Declaration(_Model):
    name: Name
    docstring: str
    file: Name
    line: Line
    statement: str
    indices: list[_Index]


class _Definition(_Declaration):
    parameters: list[_Variable]
    body: object


class _Theorem(_Declaration):
    equation: str
    comment: str
    spaces: list[Name]
    variables: list[_Variable]
    hypotheses: list[_Hypothesis]
    conclusion: object
    axioms: list[Name] | None


class _Document(_Model):
    schema_version: Annotated[Literal[1], Field(alias="schema")]
    lean: Lean
    mathlib: Mathlib
    sources: list[Source]
    definitions: list[_Definition]
    theorems: list[_Theorem]
    digest: Sha256


@dataclass(frozen=True, slots=True)
class Fresh:
    """Every Lean source beside the export is the one that was exported."""

    root: Path


@dataclass(frozen=True, slots=True)
class Unchecked:
    """The sources were not compared, and why."""

    reason: str


Freshness: TypeAlias = Fresh | Unchecked


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
        """The theorem of this full name, or of this last part of it where only one theorem has it.

        Raises
        ------
        UnknownNameError
            There is none, or there are several.
        """
        return self.theorems[_resolve("theorem", name, self.theorems)]

    def definition(self, name: str) -> ir.Definition:
        """The definition of this name, found as ``theorem`` finds one."""
        return self.definitions[_resolve("definition", name, self.definitions)]


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
    """
    path = DEFAULT if path is None else Path(path)
    data = parse(_read(path), path)
    _check_schema(data, path)
    _check_digest(data, path)
    document = _validate(data, path)
    decoder = Decoder()
    definitions = _definitions(document.definitions, decoder)
    theorems = _unique("theorem", [_theorem(n, theorem, decoder) for n, theorem in enumerate(document.theorems)])
    if both := sorted(set(definitions) & set(theorems)):
        raise ExportInvalid(f"{path}: {both[0]} is a definition and a theorem", hint=_AGAIN)
    files = [source.file for source in document.sources]
    if sorted(set(files)) != files:
        raise ExportInvalid(f"{path}: sources: not sorted, or a file twice", hint=_AGAIN)
    freshness = _freshness(path, document.sources) if check_sources else Unchecked("not asked for")
    return Export(
        document.lean,
        document.mathlib,
        tuple(document.sources),
        definitions,
        theorems,
        document.digest,
        path,
        freshness,
    )


def parse(text: str, path: Path) -> dict[str, Any]:
    """The JSON object in ``text``, every key once; ``path`` is for the message only."""
    try:
        data = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        rest = text[error.pos :].strip()
        if not text.rstrip().endswith("}") or not rest:
            raise ExportTruncated(f"{path}: ends after {len(text)} characters, within the JSON", hint=_AGAIN) from None
        where = f"line {error.lineno} column {error.colno}"
        raise ExportInvalid(f"{path}: {where}: not JSON: {error.msg}", hint=_AGAIN) from None
    except RecursionError:
        raise ExportInvalid(f"{path}: JSON nested too deeply to be read", hint=_AGAIN) from None
    except ValueError as error:  # a duplicate key, NaN, or an integer of thousands of digits
        raise ExportInvalid(f"{path}: {str(error).partition(';')[0]}", hint=_AGAIN) from None
    if not isinstance(data, dict):
        raise ExportInvalid(f"{path}: expected a JSON object, got {type(data).__name__}", hint=_AGAIN)
    return data


def digest(document: Mapping[str, Any]) -> str:
    """The sha256 of a document without its field ``digest``, in canonical JSON (UTF-8, sorted keys, no blanks)."""
    content = {key: value for key, value in document.items() if key != "digest"}
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def seal(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with its digest."""
    return {**document, "digest": digest(document)}


def dumps(document: Mapping[str, Any]) -> str:
    """The text of the file: byte for byte the same for the same document."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def hash_sources(root: Path) -> dict[str, str]:
    """The sha256 of every Lean source of the checkout ``root``, by its path from there, sorted.

    These are the .lean files below ``lean``, ``lean-toolchain`` and ``lake-manifest.json``.
    """
    files = [*(root / "lean").rglob("*.lean"), root / "lean-toolchain", root / "lake-manifest.json"]
    found = {file.relative_to(root).as_posix(): file for file in files if file.is_file()}
    return {name: hashlib.sha256(found[name].read_bytes()).hexdigest() for name in sorted(found)}


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ExportInvalid(f"{path}: larger than {MAX_BYTES} bytes", hint=_AGAIN)
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise ExportMissing(f"{path}: there is no export", hint=_AGAIN) from None
    except OSError as error:
        raise ExportMissing(f"{path}: cannot be read: {error.strerror}", hint=_AGAIN) from None
    except UnicodeDecodeError as error:
        raise ExportInvalid(f"{path}: byte {error.start} is not UTF-8", hint=_AGAIN) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"the key {twice!r} occurs twice in an object")
    return found


def _no_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _check_schema(data: Mapping[str, Any], path: Path) -> None:
    if "schema" not in data:
        raise ExportInvalid(f"{path}: no field 'schema': this is no export", hint=_AGAIN)
    if (schema := data["schema"]) != SCHEMA or isinstance(schema, bool):
        hint = "use the pybridge that wrote it, or `pybridge extract` again"
        raise ExportInvalid(f"{path}: schema {schema!r}, and this pybridge reads {SCHEMA}", hint=hint)


def _check_digest(data: Mapping[str, Any], path: Path) -> None:
    recorded = data.get("digest")
    if not isinstance(recorded, str):
        raise ExportInvalid(f"{path}: digest: expected a string, got {recorded!r}", hint=_AGAIN)
    try:
        actual = digest(data)
    except (UnicodeEncodeError, RecursionError):
        raise ExportInvalid(f"{path}: text that is not Unicode, or nested too deeply", hint=_AGAIN) from None
    if actual != recorded:
        message = f"{path}: edited after it was written: its digest is {actual[:12]}…, it records {recorded[:12]!r}…"
        raise ExportEdited(message, hint=f"restore the file, or {_AGAIN}")


def _validate(data: Mapping[str, Any], path: Path) -> _Document:
    try:
        return _Document.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ExportInvalid(f"{path}: {where}: {first['msg']}", hint=_AGAIN) from None


def _definitions(models: Iterable[_Definition], decoder: Decoder) -> dict[str, ir.Definition]:
    found: dict[str, ir.Definition] = {}
    for n, model in enumerate(models):
        at = At(f"definitions[{n}] {model.name}")
        if model.name in found:
            at.refuse("a second definition of this name")
        scope, parameters = _scope(model.indices, [], model.parameters, at)
        for parameter in parameters:
            if not isinstance(parameter.kind, ir.ScalarKind | ir.VectorKind):
                at.refuse(f"the parameter {parameter.name!r} is neither a scalar nor a vector")
        body, space = decoder.body(model.body, scope, At(f"{at.where}: body"))
        definition = ir.Definition(
            model.name,
            model.docstring,
            model.file,
            model.line,
            model.statement,
            _indices(model.indices),
            parameters,
            body,
        )
        decoder.define(definition, space)
        found[model.name] = definition
    return found


def _theorem(n: int, model: _Theorem, decoder: Decoder) -> ir.Theorem:
    at = At(f"theorems[{n}] {model.name}")
    if model.axioms == []:
        at.refuse("axioms is the empty list, which no exporter writes (null: they could not be seen)")
    scope, variables = _scope(model.indices, model.spaces, model.variables, at)
    hypotheses = tuple(
        ir.Hypothesis(
            hypothesis.name,
            hypothesis.statement,
            decoder.proposition(hypothesis.proposition, scope, At(f"{at.where}: hypothesis {hypothesis.name}")),
        )
        for hypothesis in model.hypotheses
    )
    return ir.Theorem(
        model.name,
        model.equation,
        model.comment,
        model.docstring,
        model.file,
        model.line,
        model.statement,
        _indices(model.indices),
        tuple(model.spaces),
        variables,
        hypotheses,
        decoder.proposition(model.conclusion, scope, At(f"{at.where}: conclusion")),
        None if model.axioms is None else tuple(model.axioms),
    )


def _scope(
    indices: Sequence[_Index], spaces: Sequence[str], variables: Sequence[_Variable], at: At
) -> tuple[Scope, tuple[ir.Variable, ...]]:
    names = [*(index.name for index in indices), *spaces]
    if len(set(names)) != len(names):
        at.refuse("an index type or space is declared twice")
    declared = Scope(frozenset(index.name for index in indices), frozenset(spaces), {})
    found: dict[str, ir.Kind] = {}
    for variable in variables:
        if variable.name in found:
            at.refuse(f"the variable {variable.name!r} is declared twice")
        found[variable.name] = decode_kind(variable.kind, declared, At(f"{at.where}: {variable.name}"))
    scope = Scope(declared.indices, declared.spaces, found)
    return scope, tuple(ir.Variable(name, kind) for name, kind in found.items())


def _indices(models: Iterable[_Index]) -> tuple[ir.Index, ...]:
    return tuple(ir.Index(model.name, model.nonempty) for model in models)


def _unique(what: str, theorems: Iterable[ir.Theorem]) -> dict[str, ir.Theorem]:
    found: dict[str, ir.Theorem] = {}
    for theorem in theorems:
        if theorem.name in found:
            raise ExportInvalid(f"a second {what} of the name {theorem.name}", hint=_AGAIN)
        found[theorem.name] = theorem
    return found


def _resolve(what: str, name: str, known: Mapping[str, object]) -> str:
    if name in known:
        return name
    ends = [full for full in known if full.endswith(f".{name}")]
    if len(ends) == 1:
        return ends[0]
    raise UnknownNameError(what, name, ends or known)


def _freshness(path: Path, sources: Sequence[Source]) -> Freshness:
    root = path.resolve().parent.parent.parent
    if not (root / "lean").is_dir():
        return Unchecked("no sources beside the export")
    recorded = {source.file: source.sha256 for source in sources}
    actual = hash_sources(root)
    for file in sorted({*recorded, *actual}):
        if recorded.get(file) != actual.get(file):
            change = "is new" if file not in recorded else "is missing" if file not in actual else "has changed"
            raise ExportStale(f"{path}: stale: {file} {change} since the export was written", hint=_AGAIN)
    return Fresh(root)
