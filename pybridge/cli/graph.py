"""The command ``graph``: what rests on what, as DOT, SVG or JSON; and the lines that ``show`` prints of it."""

from __future__ import annotations

import json
from pathlib import Path

from pybridge.artifact.graph import Graph, chosen, graph_of
from pybridge.cli.options import no_place
from pybridge.cli.tables import short_name
from pybridge.cli.terminal import opened, say
from pybridge.errors import InputError, OptionError
from pybridge.export.loading import Export
from pybridge.ir import Theorem

FORMATS = ("dot", "svg", "json")


def run(names: list[str], form: str, output: Path | None, path: Path | None, *, lemmas: bool, upwards: bool) -> None:
    """Write the graph of these theorems and of what they rest on, of all by default.

    Raises
    ------
    PybridgeError
        A name or the format is unknown, what rests on what is not known, or the place cannot be written.
    """
    from pybridge.artifact import drawing

    if form not in FORMATS:
        raise OptionError(f"--format: there is no format {form!r}", hint=f"there are {', '.join(FORMATS)}")
    export = opened(path)
    graph = graph_of(export) if lemmas else graph_of(export).exported()
    if names:
        graph = graph.below(chosen(graph, export, names), upwards=upwards)
    if form == "json":
        text = json.dumps(drawing.document(graph, export), ensure_ascii=False, indent=1) + "\n"
    else:
        text = drawing.dot(graph) if form == "dot" else drawing.svg(graph)
    if output is None:
        say(text.splitlines())
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise no_place(output, error) from None
    say([f"{output}: {len(graph.nodes)} theorems, {len(graph.edges())} edges, {graph.source}"])


def resting(theorem: Theorem, export: Export) -> list[str]:
    """The lines of ``show``: what a theorem rests on, what it is used by, and where this is from."""
    try:
        graph = graph_of(export)
    except InputError as error:
        return [f"rests on: {error.message.rpartition('not known: ')[2]}"]
    above = graph.exported().used_by(theorem.name)
    return [
        f"rests on: {_list(graph.rests_on[theorem.name], graph)}",
        f"used by: {_list(above, graph)}",
        f"  ({graph.source})",
    ]


def _list(names: tuple[str, ...], graph: Graph) -> str:
    said = [short_name(name) + ("" if (eq := graph.nodes[name].equation) is None else f" ({eq})") for name in names]
    return ", ".join(said) or "no theorem of the library"
