"""The document that ``pybridge conform --json`` writes, as models.

In: what ``conform.py`` is about to write.  Out: its schema, which ``documents.py`` has among the others.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pybridge.cli.document_parts import Count, ExitCode, ExportRead, Model


class ConformedOutput(Model):
    """An output of a layer: how near to its bound its errors come, and where; a factor is null where none would be seen."""

    name: Literal["forward", "dx", "dgamma", "dbeta"]
    verdict: Literal["right", "limit", "not told", "fault"]
    said: str
    numbers: Count
    share: float | None
    worst: str
    factor: float | None


class ConformedLayer(Model):
    """A layer in one layout and format; ``repeat`` is a call in Python."""

    name: str
    layer: str
    code: str
    reading: str
    dtype: str
    weights: str
    verdict: Literal["right", "limit", "not told", "fault", "not taken"]
    outputs: list[ConformedOutput]
    faults: list[str]
    refused: str
    repeat: str


class DigitsPoint(Model):
    """Digits that are right, and those that the bound leaves, where the mean is so many times the spread."""

    ratio: float
    digits: float
    bound: float


class DigitsCurve(Model):
    """How many digits an output of a layer has."""

    name: str
    series: str
    output: Literal["forward", "dx"]
    points: list[DigitsPoint]


class ConformDocument(Model):
    """``pybridge conform --json``."""

    schema_version: Annotated[Literal[1], Field(alias="schema")]
    export: ExportRead
    target: str
    versions: dict[str, str]
    seed: Count
    layers: list[ConformedLayer]
    digits: list[DigitsCurve]
    not_compared: list[str]
    exit_code: ExitCode
