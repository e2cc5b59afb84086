"""What the documents of ``documents.py`` have in common: the export that was read, a batch that refutes."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Line = Annotated[int, Field(ge=1)]
Count = Annotated[int, Field(ge=0)]
ExitCode = Annotated[int, Field(ge=0, le=1)]


class Model(BaseModel):
    """What all documents have in common: no field that is not named, names in camel case."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, populate_by_name=True)


class ExportRead(Model):
    """The export that was read."""

    path: str
    digest: Digest


class ExportTried(ExportRead):
    """The export that was read, and whether the sources beside it are those that were exported."""

    fresh: bool


class Lean(Model):
    """A Lean."""

    version: str
    githash: str


class Mathlib(Model):
    """A mathlib."""

    revision: str
    input_revision: str | None


class ExportChecked(ExportTried):
    """The export that was checked, and whether the sources beside it are those that were exported."""

    lean: Lean
    mathlib: Mathlib


class Held(Model):
    """A hypothesis that certainly holds, and how that was decided."""

    name: str
    statement: str
    decided_by: str
    value: str


class Witness(Model):
    """A batch on which a statement is false; its numbers are exact, rationals as text."""

    found_on: str
    steps: Count
    sizes: dict[str, Count]
    values: dict[str, Any]
    determined: dict[str, str]
    origin: Any
    hypotheses: list[Held]
    relation: str
    left: str
    right: str
    where: str
    precision: Count


class Asked(BaseModel):
    """What a check was asked for."""

    model_config = ConfigDict(extra="allow")
