"""The command ``graph``: what rests on what, as DOT, SVG or JSON; and the lines that ``show`` prints of it."""

from __future__ import annotations

import json
from pathlib import Path

from pybridge.artifact.graph import Graph, chosen, graph_of, read_graph, sources
from pybridge.cli.options import no_place
from pybridge.cli.tables import short_name
from pybridge.cli.terminal import opened, say
from pybridge.errors import OptionError
from pybridge.export.loading import Export, Fresh
from pybridge.ir import Theorem
from pybridge.notation.render import text

FORMATS = ("dot", "svg", "json")
READERS = ("lean", "sources")


def run(
    names: list[str],
    form: str,
    output: Path | None,
    path: Path | None,
    *,
    reader: str = "lean",
    lemmas: bool,
    definitions: bool = False,
    upwards: bool,
) -> None:
    """Write the graph of these theorems and of what they rest on, of all by default.

    Raises
    ------
    PybridgeError
        A name, the format or the reader is unknown, there are no sources to read, or the place cannot be written.
    """
    from pybridge.artifact import drawing

    if form not in FORMATS:
        raise OptionError(f"--format: there is no format {form!r}", hint=f"there are {', '.join(FORMATS)}")
    if reader not in READERS:
        raise OptionError(f"--from: there is no reader {reader!r}", hint=f"there are {', '.join(READERS)}")
    if definitions and reader == "sources":
        raise OptionError("--definitions: the text of a proof does not tell them", hint="leave out `--from sources`")
    export = opened(path)
    graph = read_graph(export, sources(export)) if reader == "sources" else graph_of(export, definitions=definitions)
    if not lemmas:
        graph = graph.exported(definitions=definitions)
    if names:
        graph = graph.below(chosen(graph, export, names), upwards=upwards)
    if form == "json":
        placed = graph.placed(sources(export)) if isinstance(export.freshness, Fresh) else graph
        text = json.dumps(drawing.document(placed, export), ensure_ascii=False, indent=1) + "\n"
    else:
        text = drawing.dot(graph) if form == "dot" else drawing.svg(graph)
    if output is None:
        say(text.splitlines())
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise no_place(output, error, "-o") from None
    what = "theorems and definitions" if definitions else "theorems"
    say([f"{output}: {len(graph.nodes)} {what}, {len(graph.edges())} edges, {graph.source}"])


def resting(theorem: Theorem, export: Export) -> list[str]:
    """The lines of ``show``: what a theorem rests on, each with what it says, what it is used by, and where this is from."""
    graph = graph_of(export)
    above = graph.exported().used_by(theorem.name)
    below = graph.rests_on[theorem.name]
    stated = {one: export.theorems[one] for one in below if one in export.theorems}
    return [
        f"rests on: {_list(below, graph)}",
        *(f"  {_list((one,), graph)}: {text(of)}" for one, of in stated.items()),
        f"used by: {_list(above, graph)}",
        f"  ({graph.source})",
    ]


def _list(names: tuple[str, ...], graph: Graph) -> str:
    said = [short_name(name) + ("" if (eq := graph.nodes[name].equation) is None else f" ({eq})") for name in names]
    return ", ".join(said) or "no theorem of the library"
