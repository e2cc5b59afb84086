"""The command ``conform``: the layers of a framework as it is installed, in a table, as JSON, as a picture."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pybridge.algebras.formats import FORMATS
from pybridge.cli import tables
from pybridge.cli.options import items, no_place
from pybridge.cli.terminal import bar, opened, say, write_json
from pybridge.conformance import picture as pictures
from pybridge.conformance.cases import DTYPES
from pybridge.conformance.run import (
    FAULT,
    LIMIT,
    NOT_TAKEN,
    NOT_TOLD,
    ORDER,
    RIGHT,
    Conformance,
    Output,
    Result,
    chosen,
    conform,
)
from pybridge.errors import OptionError
from pybridge.export.loading import Export
from pybridge.layers.known import SIGNS

SCHEMA = 1


def run(
    target: str,
    layers: str | None,
    dtypes: str | None,
    seed: int,
    json_file: Path | None,
    picture: Path | None,
    path: Path | None,
) -> int:
    """Compare; return the exit code, 0 where all is right.

    Raises
    ------
    PybridgeError
        The framework is not installed, a name is unknown, or a file cannot be written.
    """
    if picture is not None:
        pictures.require()
    formats = DTYPES if dtypes is None else tuple(items(dtypes, "--dtypes"))
    if unknown := next((one for one in formats if one not in FORMATS), None):
        raise OptionError(f"--dtypes: no format is called {unknown!r}", hint=f"there are {', '.join(FORMATS)}")
    cases = chosen(target, formats, () if layers is None else items(layers, "--layers"))
    export = opened(path)
    with bar("conform", len(cases)) as tell:
        found = conform(target, cases, seed=seed, export=export, tell=tell)
    code = 0 if found.right else 1
    if json_file is None or str(json_file) != "-":
        show(found)
    if json_file is not None:
        write_json(json_file, document(found, export, code=code))
    if picture is not None:
        try:
            pictures.draw(found, picture)
        except OSError as error:
            raise no_place(picture, error, "--picture") from None
    return code


def show(found: Conformance) -> None:
    """Print the table, and what is to be said of layers that are not right."""
    said = ", ".join(f"{name} {version}" for name, version in found.versions.items())
    titles = ("layer", "numbers", "would be seen", "share", "worst set", "verdict")
    rows = tables.Rows(titles, tuple(map(_row, found.results)), (said,), optional=("would be seen", "numbers", "worst set"))
    tables.show(rows)
    for one in found.results:
        if one.verdict in (FAULT, NOT_TOLD, LIMIT):
            say(["", *_explained(one)])
    say(["", *_summary(found)])


def _row(one: Result) -> tuple[str, ...]:
    worst = one.worst
    if worst is None:
        return one.case.name, "-", "-", "-", "-", one.verdict
    numbers = sum(output.numbers for output in one.outputs)
    factor = max(output.factor for output in one.outputs)
    seen = f"1 + {factor:.1g}" if math.isfinite(factor) else "any"
    return one.case.name, f"{numbers:,}", seen, f"{worst.share:.2f}", f"{SIGNS[worst.name]} of {worst.worst}", one.verdict


def _explained(one: Result) -> Iterator[str]:
    yield f"{one.verdict.upper()} {one.case.name}"
    for output in one.outputs:
        if output.verdict != RIGHT:
            yield f"  {output.said}, on {output.worst} {output.share:.3g} times the bound"
    yield from (f"  {fault}" for fault in one.faults)
    yield from ("repeat:", one.repeat)


def _summary(found: Conformance) -> Iterator[str]:
    for verdict, said in (
        (RIGHT, "right: every number is within the error bound"),
        (LIMIT, "at a limit: digits are lost"),
        (NOT_TOLD, "not told: it may be digits that are lost, and may be more"),
        (FAULT, "at fault: something else is computed"),
        (NOT_TAKEN, "not taken: the framework refuses these arrays"),
    ):
        several = [one for one in found.results if one.verdict == verdict]
        if several:
            yield f"{len(several)} of {len(found.results)} {said}"
    right = [one for one in found.results if one.worst is not None]
    if right:
        worst = max(right, key=_badness)
        output = worst.worst
        yield f"worst: {worst.case.name}, {SIGNS[output.name] if output else ''} of {output.worst if output else ''}"
        yield from ("repeat:", worst.repeat)
    if found.not_compared:
        yield f"not compared, since this export has no definition: {', '.join(found.not_compared)}"


def _badness(one: Result) -> tuple[int, float]:
    assert one.worst is not None  # noqa: S101
    return ORDER.index(one.verdict), one.worst.share


def document(found: Conformance, export: Export, *, code: int) -> dict[str, Any]:
    """The whole run."""
    return {
        "schema": SCHEMA,
        "export": {"path": str(export.path), "digest": export.digest},
        "target": found.target,
        "versions": found.versions,
        "seed": found.seed,
        "layers": [_layer(one) for one in found.results],
        "digits": [
            {
                "name": one.case.name,
                "series": one.case.series,
                "output": one.output,
                "points": [{"ratio": point.ratio, "digits": point.digits, "bound": point.bound} for point in one.points],
            }
            for one in found.curves
        ],
        "notCompared": list(found.not_compared),
        "exitCode": code,
    }


def _layer(one: Result) -> dict[str, Any]:
    return {
        "name": one.case.name,
        "layer": one.case.layer,
        "code": one.case.code,
        "reading": one.reading,
        "dtype": one.case.dtype,
        "weights": one.case.weights,
        "verdict": one.verdict,
        "outputs": [_output(output) for output in one.outputs],
        "faults": list(one.faults),
        "refused": one.refused,
        "repeat": one.repeat,
    }


def _output(one: Output) -> dict[str, Any]:
    return {
        "name": one.name,
        "verdict": one.verdict,
        "said": one.said,
        "numbers": one.numbers,
        "share": _finite(one.share),
        "worst": one.worst,
        "factor": _finite(one.factor),
    }


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
