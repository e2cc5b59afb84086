"""The fields of the document, and the declarations they hold.

In: a JSON object.  Out: pydantic models one to one with it, then definitions and theorems (``ir.py``) whose terms
``decode_propositions.py`` made; or an ``ExportInvalid`` that says which field, or which declaration, is not as it should be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pybridge import ir
from pybridge.errors import AGAIN, ExportInvalid
from pybridge.export.decode_propositions import Decoder
from pybridge.export.nodes import At
from pybridge.export.scope import Scope, decode_kind
from pybridge.ir.traverse import subterms

SCHEMA = 3

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


class _AbstractSpace(_Model):
    name: Name
    nontrivial: bool


class _Definition(_Declaration):
    parameters: list[_Variable]
    body: object


class _Axioms(_Model):
    names: list[Name]
    complete: bool


class _Proof(_Model):
    name: Name
    kind: Literal["theorem", "definition", "opaque", "inductive", "private"]
    file: Name
    uses: list[Name]
    outside: list[Annotated[int, Field(ge=0)]]


class _Theorem(_Declaration):
    equation: str
    comment: str
    spaces: list[_AbstractSpace]
    variables: list[_Variable]
    hypotheses: list[_Hypothesis]
    conclusion: object
    axioms: _Axioms


class Document(_Model):
    """The whole export; its terms are JSON nodes still."""

    schema_version: Annotated[Literal[3], Field(alias="schema")]
    lean: Lean
    mathlib: Mathlib
    sources: list[Source]
    definitions: list[_Definition]
    theorems: list[_Theorem]
    proofs: list[_Proof]
    outside: list[Name]
    digest: Sha256


def check_schema(data: Mapping[str, Any], path: Path) -> None:
    """Refuse a document of another schema; ``path`` is for the message only."""
    if "schema" not in data:
        raise ExportInvalid(f"{path}: no field 'schema': this is no export", hint=AGAIN)
    if type(schema := data["schema"]) is not int or schema != SCHEMA:  # 2.0 and true are no schema
        hint = f"use the pybridge that wrote it, or {AGAIN}"
        raise ExportInvalid(f"{path}: schema {schema!r}, and this pybridge reads {SCHEMA}", hint=hint)


def validate(data: Mapping[str, Any], path: Path) -> Document:
    """The document with every field there, known and of its type; ``path`` is for the message only."""
    try:
        return Document.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ExportInvalid(f"{path}: {where}: {first['msg']}", hint=AGAIN) from None


def definitions(document: Document, decoder: Decoder) -> dict[str, ir.Definition]:
    """The definitions by name, in the order of the document; ``decoder`` knows them afterwards."""
    found: dict[str, ir.Definition] = {}
    for n, model in enumerate(document.definitions):
        at = At(f"definitions[{n}] {model.name}")
        if model.name in found:
            at.refuse("a second definition of this name")
        scope, parameters = _scope(model.indices, [], model.parameters, at)
        for parameter in parameters:
            if not isinstance(parameter.kind, ir.ScalarKind | ir.VectorKind):
                at.refuse(f"the parameter {parameter.name!r} is neither a scalar nor a vector")
        body, space = decoder.body(model.body, scope, At(f"{at.where}: body"))
        _check_runs(body, at)
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


def _check_runs(body: ir.Term, at: At) -> None:
    """Refuse a definition that cannot be run on arrays: kernels are compared with definitions."""
    if any(isinstance(part, _NOT_RUN) for part in subterms(body)):
        at.refuse(
            "a definition with a derivative, a distance or an operator's norm in it, which no kernel can be compared with"
        )


_NOT_RUN = (ir.Gradient, ir.FDeriv, ir.InfDist, ir.OpNorm)


def theorems(document: Document, decoder: Decoder) -> dict[str, ir.Theorem]:
    """The theorems by name, in the order of the document."""
    found: dict[str, ir.Theorem] = {}
    for theorem in [_theorem(n, model, decoder) for n, model in enumerate(document.theorems)]:
        if theorem.name in found:
            raise ExportInvalid(f"a second theorem of the name {theorem.name}", hint=AGAIN)
        found[theorem.name] = theorem
    return found


def _theorem(n: int, model: _Theorem, decoder: Decoder) -> ir.Theorem:
    at = At(f"theorems[{n}] {model.name}")
    spaces = tuple(space.name for space in model.spaces)
    scope, variables = _scope(model.indices, spaces, model.variables, at)
    names = [hypothesis.name for hypothesis in model.hypotheses]
    if twice := [name for name in names if names.count(name) > 1]:
        at.refuse(f"two hypotheses are called {twice[0]}")
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
        spaces,
        variables,
        hypotheses,
        decoder.proposition(model.conclusion, scope, At(f"{at.where}: conclusion")),
        ir.Axioms(tuple(model.axioms.names), model.axioms.complete),
        tuple(space.name for space in model.spaces if space.nontrivial),
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
