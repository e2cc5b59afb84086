"""A graph of theorems as DOT, SVG and JSON.

In: a ``Graph``.  Out: text.  The SVG is laid out by graphviz where its ``dot`` is on PATH, and else in the layers that
NetworkX finds (the extra ``graph``): what rests on nothing stands below.
"""

from __future__ import annotations

import importlib
import shutil
import subprocess
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from pybridge.artifact.graph import THEOREM, Graph, Node
from pybridge.errors import MissingToolError
from pybridge.export.loading import Export
from pybridge.export.names import NAMESPACE

SCHEMA = 1
_CHARACTER, _HEIGHT, _GAP, _LAYER = 7, 40, 16, 90


def dot(graph: Graph) -> str:
    """The graph in graphviz's language, an arrow from each theorem to those that rest on it, which stand above it."""
    lines = ["digraph theorems {", f"  // edges {graph.source}", "  rankdir=BT;", '  node [shape=box, fontname="Helvetica"];']
    for node in graph.nodes.values():
        label = "\\n".join(one.replace('"', '\\"') for one in _label(node))
        lines.append(f'  "{node.name}" [label="{label}"{_style(node)}];')
    lines += [f'  "{below}" -> "{name}";' for name, below in graph.edges()]
    return "\n".join([*lines, "}", ""])


def document(graph: Graph, export: Export) -> dict[str, Any]:
    """The graph as JSON: nodes, edges, and where the edges are from."""
    return {
        "schema": SCHEMA,
        "export": {"path": str(export.path), "digest": export.digest},
        "source": graph.source,
        "nodes": [
            {"name": node.name, "kind": node.kind, "equation": node.equation, "file": node.file, "line": node.line}
            for node in graph.nodes.values()
        ],
        "edges": [{"theorem": name, "restsOn": below} for name, below in graph.edges()],
    }


def _style(node: Node) -> str:
    """Lemmas are dashed, and what is no theorem is round."""
    if node.kind != THEOREM:
        return ", style=rounded"
    return ", style=dashed" if node.equation is None else ""


def svg(graph: Graph) -> str:
    """The graph as a picture.

    Raises
    ------
    MissingToolError
        Neither graphviz nor NetworkX is there.
    """
    program = shutil.which("dot")
    if program is not None:
        done = subprocess.run([program, "-Tsvg"], input=dot(graph), capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode == 0:
            return done.stdout
        raise MissingToolError(f"graphviz's dot failed: {done.stderr.strip()}", hint="`--format dot` writes its input")
    return _picture(graph, _layers(graph))


def _layers(graph: Graph) -> list[list[str]]:
    """The theorems in layers, the one below first, each ordered so that lines are short."""
    try:
        networkx = importlib.import_module("networkx")
    except ModuleNotFoundError:
        hint = "install graphviz, or `pip install networkx`; `--format dot` and `json` need neither"
        raise MissingToolError("an SVG needs graphviz's `dot`, which is not on PATH, or NetworkX", hint=hint) from None
    directed = networkx.DiGraph()
    directed.add_nodes_from(graph.nodes)
    directed.add_edges_from((below, name) for name, below in graph.edges())
    layers: list[list[str]] = [list(layer) for layer in networkx.topological_generations(directed)]
    place = {name: float(n) for layer in layers for n, name in enumerate(layer)}
    for layer in layers[1:]:
        layer.sort(key=lambda name: sum(place[one] for one in graph.rests_on[name]) / max(1, len(graph.rests_on[name])))
        place.update({name: float(n) for n, name in enumerate(layer)})
    return layers


def _picture(graph: Graph, layers: Sequence[Sequence[str]]) -> str:
    widths = {name: _CHARACTER * max(map(len, _label(node))) + _GAP for name, node in graph.nodes.items()}
    rows = [sum(widths[name] + _GAP for name in layer) for layer in layers]
    width, height = max([*rows, 100]) + _GAP, _LAYER * max(1, len(layers)) + _GAP
    middle: dict[str, tuple[float, float]] = {}
    boxes: list[str] = []
    for n, layer in enumerate(layers):
        left, top = (width - rows[n]) / 2, height - _LAYER * n - _HEIGHT - _GAP
        for name in layer:
            middle[name] = left + widths[name] / 2, top
            boxes += _box(graph.nodes[name], left, top, widths[name])
            left += widths[name] + _GAP
    lines = [_line(middle[below], middle[name]) for name, below in graph.edges()]
    size = f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="Helvetica, sans-serif" font-size="12">'
    return "\n".join([head, f"<title>What rests on what; {escape(graph.source)}</title>", *lines, *boxes, "</svg>", ""])


def _box(node: Node, left: float, top: float, width: float) -> list[str]:
    look = ' stroke-dasharray="4"' if node.equation is None else ""
    if node.kind != THEOREM:
        look = ' rx="12"'
    place = f'x="{left:.0f}" y="{top:.0f}" width="{width:.0f}" height="{_HEIGHT}"'
    texts = [
        f'<text x="{left + width / 2:.0f}" y="{top + 16 + 16 * n:.0f}" text-anchor="middle">{escape(line)}</text>'
        for n, line in enumerate(_label(node))
    ]
    return [f'<rect {place} fill="white" stroke="black"{look}/>', *texts]


def _line(below: tuple[float, float], above: tuple[float, float]) -> str:
    (x, y), (to_x, to_y) = below, (above[0], above[1] + _HEIGHT)
    bend = (y + to_y) / 2
    curve = f"M{x:.0f} {y:.0f} C{x:.0f} {bend:.0f} {to_x:.0f} {bend:.0f} {to_x:.0f} {to_y:.0f}"
    return f'<path d="{curve}" fill="none" stroke="gray"/>'


def _label(node: Node) -> list[str]:
    name = node.name.removeprefix(f"{NAMESPACE}.")
    return [name] if node.equation is None else [f"({node.equation})", name]
