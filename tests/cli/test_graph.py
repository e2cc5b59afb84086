"""What rests on what: read in the sources, or recorded by Lean; as DOT, SVG and JSON."""

from __future__ import annotations

import json
import shutil
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from command import Run, only_line

from pybridge.artifact import drawing
from pybridge.artifact.graph import MIXED, READ, RECORDED, graph_of
from pybridge.errors import InputError, MissingToolError
from pybridge.export.loading import Export, Unchecked, load

SEVEN = "BatchNorm.norm_sq_backward_eps_zero"
SIX = "BatchNorm.norm_sq_backward_eps_zero_eq_mul_sub_inner_sq"
FIVE = "BatchNorm.norm_sq_backward_eps_zero_eq_mul_norm_sq"
MAXIMUM = "BatchNorm.isGreatest_norm_sq_adjoint_backward"


@pytest.fixture(scope="module")
def export() -> Export:
    """The committed export, compared with the sources beside it, which the graph is read from."""
    return load()


def test_the_chain(export: Export) -> None:
    """(7) rests on (6), (6) on (5) and the projection lemma; Theorem 4.4 on (7)."""
    graph = graph_of(export)
    assert graph.source == READ
    assert SIX in graph.rests_on[SEVEN]
    assert {FIVE, "norm_sub_inner_smul_sq_of_norm_eq_one"} <= set(graph.rests_on[SIX])
    assert MAXIMUM in graph.used_by(SEVEN)
    assert SEVEN not in graph.rests_on[SIX]


def test_every_theorem_is_there_and_rests_on_others(export: Export) -> None:
    """All exported theorems, no circle, nothing that is not there; definitions are no theorems."""
    graph = graph_of(export)
    assert set(export.theorems) < set(graph.nodes)
    assert not set(export.definitions) & set(graph.nodes)
    for name in graph.nodes:
        assert name not in graph.below(graph.rests_on[name]).nodes, name


def test_lemmas_are_passed_through(export: Export) -> None:
    """Among exported theorems one rests on another also by way of lemmas that are not exported."""
    name = "Orthonormal.norm_sub_fintype_sum_inner_smul_sq"
    whole, exported = graph_of(export), graph_of(export).exported()
    (lemma,) = whole.rests_on[name]
    assert whole.nodes[lemma].equation is None
    assert lemma not in exported.nodes
    assert exported.rests_on["LayerNorm.hasGradientAt_comp_forward_gamma"] == ()
    assert all(node.equation is not None for node in exported.nodes.values())
    assert "BatchNorm.norm_sq_normalize" in exported.rests_on["BatchNorm.norm_sq_normalize_eps_zero"]


def test_what_lean_recorded(export: Export) -> None:
    """Where the export has the constants of each proof they are taken, private names as their own; and it is said so."""
    private = "_private.BatchNorm.NormIdentity.0." + FIVE
    uses = {SEVEN: (private, "Real.sqrt", SEVEN)}
    theorems = {name: replace(theorem, uses=uses.get(name, ())) for name, theorem in export.theorems.items()}
    graph = graph_of(replace(export, theorems=theorems))
    assert graph.source == MIXED
    assert graph.rests_on[SEVEN] == (FIVE,)
    alone = graph_of(replace(export, theorems=theorems, freshness=Unchecked("elsewhere")))
    assert alone.source == RECORDED
    assert alone.rests_on[SEVEN] == (FIVE,)


def test_not_known(export: Export) -> None:
    """Without sources and without a record there is no graph, and none is made up."""
    with pytest.raises(InputError, match="what rests on what is not known: no sources beside the export"):
        graph_of(replace(export, freshness=Unchecked("elsewhere")))


def test_below_and_above(export: Export) -> None:
    """What one rests on in any number of steps, and what rests on it."""
    graph = graph_of(export).exported()
    below, above = graph.below([SEVEN]), graph.below([SEVEN], upwards=True)
    assert {SEVEN, SIX, FIVE} <= set(below.nodes)
    assert MAXIMUM not in below.nodes
    assert {SEVEN, MAXIMUM} <= set(above.nodes)
    assert set(below.nodes) & set(above.nodes) == {SEVEN}


def test_command(run: Run, tmp_path: Path) -> None:
    """DOT to stdout by default, JSON to a file, each with where the edges are from."""
    code, out, err = run("graph", "7")
    assert (code, err) == (0, "")
    assert out.startswith("digraph theorems {\n")
    assert f"edges {READ}" in out
    assert f'"{SIX}" -> "{SEVEN}";' in out
    target = tmp_path / "graph.json"
    code, out, _ = run("graph", SEVEN, "--format", "json", "-o", str(target), "--lemmas")
    written = json.loads(target.read_text(encoding="utf-8"))
    assert code == 0
    assert f"{len(written['nodes'])} theorems, {len(written['edges'])} edges, {READ}" in out
    assert {"theorem": SEVEN, "restsOn": SIX} in written["edges"]
    assert any(node["equation"] is None for node in written["nodes"])
    code, out, _ = run("graph", SEVEN, "--used-by", "--format", "json")
    assert MAXIMUM in [node["name"] for node in json.loads(out)["nodes"]]


def test_a_lemma_has_a_graph(run: Run) -> None:
    """By its full name, where lemmas are shown; a name that is none is said to be none."""
    lemma = "Orthonormal.norm_sub_sum_inner_smul_sq"
    code, out, _ = run("graph", lemma, "--lemmas", "--used-by")
    assert code == 0
    assert f'"{lemma}" -> ' in out
    code, _, err = run("graph", lemma)
    assert code == 2
    assert only_line(err).startswith(f"pybridge: no theorem is called {lemma!r}")
    assert run("graph", "--format", "png")[0] == 2


def test_svg(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    """Laid out by NetworkX where graphviz is not there: a box for each theorem, a line for each edge, well-formed."""
    pytest.importorskip("networkx", reason="NetworkX is not installed")
    monkeypatch.setattr(drawing.shutil, "which", lambda _: None)
    graph = graph_of(export).exported().below([SEVEN])
    root = ET.fromstring(drawing.svg(graph))  # noqa: S314  # our own text
    space = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f"{space}rect")) == len(graph.nodes)
    assert len(root.findall(f"{space}path")) == len(graph.edges())
    tops = {}
    texts = [text.text for text in root.findall(f"{space}text")]
    for box in root.findall(f"{space}rect"):
        tops[len(tops)] = float(box.attrib["y"])
    assert len(set(tops.values())) > 3
    assert "(7)" in texts


def test_svg_needs_a_tool(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither graphviz nor NetworkX: exit code 3, and what to install."""

    def missing(name: str) -> None:
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr(drawing.shutil, "which", lambda _: None)
    monkeypatch.setattr(drawing.importlib, "import_module", missing)
    with pytest.raises(MissingToolError, match="install graphviz, or `pip install networkx`"):
        drawing.svg(graph_of(export).exported())


@pytest.mark.skipif(shutil.which("dot") is None, reason="there is no graphviz")
def test_svg_by_graphviz(export: Export) -> None:
    """Where graphviz is there, it draws."""
    assert "<svg" in drawing.svg(graph_of(export).exported().below([SEVEN]))


def test_show_says_it(run: Run, good: str) -> None:
    """`show` says what a theorem rests on and what it is used by, and where that is from; or why it does not know."""
    _, out, _ = run("show", "norm_sq_normalize_eps_zero")
    assert "rests on: norm_sq_normalize (normalize)" in out
    assert "norm_sq_backward_eps_zero (7)" in out.partition("used by: ")[2].splitlines()[0]
    assert f"({READ})" in out
    _, out, _ = run("show", "norm_sq_normalize_eps_zero", "--export", good)
    assert "rests on: no sources beside the export, which records no constants of its proofs" in out
