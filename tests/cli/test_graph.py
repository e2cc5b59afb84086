"""What rests on what: recorded by Lean, or read in the sources; as DOT, SVG and JSON; and the two compared."""

from __future__ import annotations

import json
import shutil
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from command import Run, only_line
from documents import document, write

from pybridge.artifact import drawing
from pybridge.artifact.graph import READ, RECORDED, Node, graph_of, read_graph, sources
from pybridge.errors import InputError, MissingToolError
from pybridge.export.loading import Export, Unchecked, hash_sources, load

SEVEN = "BatchNorm.norm_sq_backward_eps_zero"
SIX = "BatchNorm.norm_sq_backward_eps_zero_eq_mul_sub_inner_sq"
FIVE = "BatchNorm.norm_sq_backward_eps_zero_eq_mul_norm_sq"
MAXIMUM = "BatchNorm.isGreatest_norm_sq_adjoint_backward"


@pytest.fixture(scope="module")
def export() -> Export:
    """The committed export, compared with the sources beside it, which the second graph is read from."""
    return load()


def test_the_chain(export: Export) -> None:
    """(7) rests on (6), (6) on (5) and the projection lemma; Theorem 4.4 on (7): for both readers."""
    for graph in (graph_of(export), read_graph(export, sources(export))):
        assert SIX in graph.rests_on[SEVEN]
        assert {FIVE, "norm_sub_inner_smul_sq_of_norm_eq_one"} <= set(graph.rests_on[SIX])
        assert MAXIMUM in graph.used_by(SEVEN)
        assert SEVEN not in graph.rests_on[SIX]


def test_every_theorem_is_there_and_rests_on_others(export: Export) -> None:
    """All exported theorems, no circle, nothing that is not there; definitions are no theorems."""
    for graph in (graph_of(export), read_graph(export, sources(export))):
        assert set(export.theorems) < set(graph.nodes)
        assert not set(export.definitions) & set(graph.nodes)
        for name in graph.nodes:
            assert name not in graph.below(graph.rests_on[name]).nodes, name


def test_lemmas_are_passed_through(export: Export) -> None:
    """Among exported theorems one rests on another also by way of lemmas that are not exported."""
    whole, exported = graph_of(export), graph_of(export).exported()
    assert all(node.equation is not None for node in exported.nodes.values())
    lemmas = [name for name, node in whole.nodes.items() if node.equation is None]
    assert lemmas
    passed = 0
    for name in exported.nodes:
        for lemma in set(whole.rests_on[name]) & set(lemmas):
            below = {one for one in whole.rests_on[lemma] if one in exported.nodes and one != name}
            assert below <= set(exported.rests_on[name])
            passed += len(below)
    assert passed
    assert "BatchNorm.norm_sq_normalize" in exported.rests_on["BatchNorm.norm_sq_normalize_eps_zero"]


def small(path: Path, **uses: list[str]) -> Export:
    """A small export, with what some declarations use by the last part of their names."""
    changed = document()
    for proof in changed["proofs"]:
        proof["uses"] = uses.get(proof["name"].removeprefix("Test."), proof["uses"])
    return load(write(path / "export.json", changed))


def test_what_lean_recorded(tmp_path: Path) -> None:
    """Theorems and lemmas; what a definition rests on counts for those that use it; without any sources."""
    graph = graph_of(small(tmp_path))
    assert graph.source == RECORDED
    assert graph.rests_on == {"Test.total_stretch": ("Test.linear",), "Test.linear": ()}
    assert graph.nodes["Test.linear"] == Node("Test.linear", None, "lean/Test.lean", None)
    assert graph.exported().rests_on == {"Test.total_stretch": ()}
    by_way = small(tmp_path, total_stretch=["Test.stretch"], stretch=["Test.linear"])
    assert graph_of(by_way).rests_on["Test.total_stretch"] == ("Test.linear",)


def test_definitions_are_nodes(tmp_path: Path) -> None:
    """Where they are asked for: with their kind and their line."""
    graph = graph_of(small(tmp_path), definitions=True)
    assert graph.rests_on["Test.total_stretch"] == ("Test.linear", "Test.stretch", "Test.total")
    assert graph.nodes["Test.total"] == Node("Test.total", None, "lean/Test.lean", 3, "definition")
    shown = graph.exported(definitions=True)
    assert shown.rests_on["Test.total_stretch"] == ("Test.stretch", "Test.total")
    assert '"Test.total" [label="Test.total", style=rounded];' in drawing.dot(shown)


def test_no_sources(export: Export) -> None:
    """Without sources there is Lean's graph and no other, and none is made up."""
    elsewhere = replace(export, freshness=Unchecked("no sources beside the export"))
    assert graph_of(elsewhere) == graph_of(export)
    with pytest.raises(InputError, match="what the text of the proofs names is not known: no sources beside the export"):
        sources(elsewhere)


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
    assert f"edges {RECORDED}" in out
    assert f'"{SIX}" -> "{SEVEN}";' in out
    assert f"edges {READ}" in run("graph", "7", "--from", "sources")[1]
    target = tmp_path / "graph.json"
    code, out, _ = run("graph", SEVEN, "--format", "json", "-o", str(target), "--lemmas")
    written = json.loads(target.read_text(encoding="utf-8"))
    assert code == 0
    assert f"{len(written['nodes'])} theorems, {len(written['edges'])} edges, {RECORDED}" in out
    assert {"theorem": SEVEN, "restsOn": SIX} in written["edges"]
    lemmas = [node for node in written["nodes"] if node["equation"] is None]
    assert lemmas
    assert all(node["kind"] == "theorem" and node["line"] >= 1 for node in written["nodes"])  # found in the sources
    code, out, _ = run("graph", SEVEN, "--used-by", "--format", "json")
    assert MAXIMUM in [node["name"] for node in json.loads(out)["nodes"]]
    code, out, _ = run("graph", SEVEN, "--definitions", "--format", "json")
    assert {"theorem": SEVEN, "restsOn": "BatchNorm.backward"} in json.loads(out)["edges"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--from", "memory"),
        ("--from", "sources", "--definitions"),
        ("--compare", "7"),
        ("--compare", "--lemmas"),
        ("--json", "-"),
        ("-v",),
    ],
)
def test_options_that_do_not_fit(run: Run, arguments: tuple[str, ...]) -> None:
    """Exit code 2, and one line."""
    code, out, err = run("graph", *arguments)
    assert (code, out) == (2, "")
    assert "; " in only_line(err)


def test_a_folder_is_no_place_for_it(run: Run, tmp_path: Path) -> None:
    """Exit code 1, one line, which names the option that was given."""
    code, out, err = run("graph", "7", "-o", str(tmp_path))
    assert (code, out) == (1, "")
    assert only_line(err).endswith(f"cannot write {tmp_path}: Is a directory; choose another place for -o")


SMALL = """
namespace Test
theorem linear : 1 = 1 := rfl
theorem apart : 1 = 1 := by simp
def total := 1
def stretch := 1
@[bridge "1"] theorem total_stretch : 1 = 1 := by rw [linear, apart]
end Test
"""


def test_the_two_graphs_compared(run: Run, tmp_path: Path) -> None:
    """A lemma that the text names and Lean does not know: exit code 1, and the line says which."""
    (tmp_path / "lean").mkdir()
    (tmp_path / "lean" / "BatchNorm.lean").write_text(SMALL, encoding="utf-8")
    home = tmp_path / "pybridge" / "data"
    home.mkdir(parents=True)
    text = json.dumps(document()).replace("lean/Test.lean", "lean/BatchNorm.lean")
    sealed = {**json.loads(text), "sources": [{"file": f, "sha256": s} for f, s in hash_sources(tmp_path).items()]}
    path = str(write(home / "export.json", sealed))
    code, out, _ = run("graph", "--compare", "--export", path)
    assert code == 1
    head, _, first, *_ = out.splitlines()
    why = "named in the proof's text, and not among the constants of the proof"
    assert first == f"DIFFERENT Test.total_stretch -> Test.apart: {why}"
    assert head == "1 edges are in both graphs: 1 differences"
    code, out, _ = run("graph", "--compare", "--export", path, "--json", "-")
    written = json.loads(out)
    assert (code, written["exitCode"]) == (1, 1)
    assert written["differences"] == [{"theorem": "Test.total_stretch", "restsOn": "Test.apart", "why": why}]
    assert written["unused"] == ["Test.apart"]


def test_a_trace_that_is_not_compared_is_no_pass(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the checkout has one: exit code 1, and why."""
    monkeypatch.setattr("pybridge.dojo.recorded.ARCHIVE", Path("docs") / "recorded" / "gone.tar.xz")
    code, out, _ = run("graph", "--compare")
    assert code == 1
    assert "the recorded trace was not compared: " in out


def test_the_two_graphs_of_the_library(run: Run, good: str) -> None:
    """They agree; where there are no sources there is nothing to compare, and it is said so."""
    code, out, _ = run("graph", "--compare")
    assert code == 0
    assert out.splitlines()[0].endswith("edges are in both graphs: no differences")
    assert "DIFFERENT" not in out
    assert not [line for line in out.splitlines() if line.startswith(" ")], "what is no difference is counted only"
    assert out.splitlines()[-1] == "(-v lists them)"
    listed = run("graph", "--compare", "-v")[1].splitlines()
    counts = [line for line in listed if not line.startswith(" ")]
    assert counts == out.splitlines()[:-1]
    place = next(n for n, line in enumerate(listed) if line.startswith("found by a tactic, named in no text: "))
    number = int(listed[place].rpartition(" ")[2])
    assert number > 0
    assert all(" -> " in line for line in listed[place + 1 : place + 1 + number])
    code, _, err = run("graph", "--compare", "--export", good)
    assert code == 1
    assert "no sources beside the export" in only_line(err)


def test_a_lemma_has_a_graph(run: Run) -> None:
    """By its full name, where lemmas are shown; a name that is none is said to be none."""
    graph = graph_of(load())
    lemma = next(one for one, node in graph.nodes.items() if node.equation is None and graph.used_by(one))
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
    """`show` says what a theorem rests on and what it is used by, and where that is from."""
    for arguments in ((), ("--export", good)):
        _, out, _ = run("show", "norm_sq_normalize_eps_zero", *arguments)
        assert "norm_sq_normalize (normalize)" in out.partition("rests on: ")[2].splitlines()[0]
        assert "norm_sq_backward_eps_zero (7)" in out.partition("used by: ")[2].splitlines()[0]
        assert f"({RECORDED})" in out
