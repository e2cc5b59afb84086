"""The picture of the chain: every theorem below all that it rests on, and an arc for each step that no longer way takes."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from pybridge.artifact.graph import Graph, Node, graph_of
from pybridge.export.loading import Export
from pybridge.reporting.chain import of_chain, short
from pybridge.reporting.measure import NotDrawn
from pybridge.reporting.resting import direct, order, resting


def test_direct() -> None:
    """What is reached by way of another is left out."""
    nodes = {name: Node(name, None, "A.lean", 1) for name in "abcd"}
    graph = Graph(nodes, {"a": ("b", "c", "d"), "b": ("c",), "c": ("d",), "d": ()}, "")
    assert [direct(name, graph) for name in "abcd"] == [("b",), ("c",), ("d",), ()]


def test_the_order(export: Export) -> None:
    """Nothing stands above what it rests on, and every theorem of the chain is there."""
    graph = graph_of(export).exported().below(theorem.name for theorem in of_chain(export))
    found = order(graph, export)
    assert sorted(found) == sorted(graph.nodes)
    assert all(found.index(below) < found.index(name) for name, below in graph.edges())


def test_arcs_keep_what_can_be_reached(export: Export) -> None:
    """Leaving out arcs takes nothing away: each theorem still leads to all that it rests on."""
    graph = graph_of(export).exported().below(theorem.name for theorem in of_chain(export))
    fewer = Graph(graph.nodes, {name: direct(name, graph) for name in graph.nodes}, "")
    for name in graph.nodes:
        assert set(fewer.below([name]).nodes) == set(graph.below([name]).nodes)


def test_the_picture(export: Export) -> None:
    """A line and a row of numbers for each theorem, an arc for each step; links to cards alone; (7) rests on (6)."""
    linked = {theorem.name for theorem in of_chain(export)}
    plot = resting(export, linked)
    assert plot.svg.count("<circle") == len(plot.rows) > len(linked)
    links = re.findall(r'href="#([^"]+)"', plot.svg)
    assert len(links) == len(linked)
    graph = graph_of(export).exported().below(linked)
    assert plot.svg.count('fill="none"') == sum(len(direct(name, graph)) for name in graph.nodes)
    rows = {name: below for _, name, below in plot.rows}
    seven, six = (short(export.stated(number)[0].name) for number in ("7", "6"))
    assert six in rows[seven].split(", ")


def test_no_chain(export: Export) -> None:
    """Another library's export may have no numbered equation: no picture, and it is said."""
    with pytest.raises(NotDrawn, match="number of an equation"):
        resting(replace(export, theorems={}), ())


def test_a_long_name(export: Export) -> None:
    """It is cut in the picture, and whole in the numbers beside it."""
    theorem = of_chain(export)[0]
    name = "x" * 60
    theorems = {name: replace(theorem, name=name)}
    proofs = {**export.proofs, name: replace(export.proofs[theorem.name], name=name, uses=())}
    plot = resting(replace(export, theorems=theorems, proofs=proofs), ())
    assert f">{'x' * 45}…<" in plot.svg
    assert plot.rows == (("(1)", name, "none of these"),)
