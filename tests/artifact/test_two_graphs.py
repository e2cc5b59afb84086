"""What Lean recorded against what the sources name: which differences count, and which are only said."""

from __future__ import annotations

from pybridge.artifact.graph import Graph, Node, graph_of, read_graph, sources
from pybridge.artifact.two_graphs import Comparison, Difference, compare, compared
from pybridge.export.loading import load
from pybridge.surface.library import library_of

FILE = "lean/A.lean"
TEXT = """
theorem base : 1 = 1 := by norm_num
theorem unfold_it : 2 = 2 := rfl
@[simp] theorem quick : 3 = 3 := by norm_num
theorem nobody : 4 = 4 := base
@[simps] def thing : Nat := 1
theorem top : 5 = 5 := by
  rw [unfold_it]
  simp [base]
"""


def found(rests_on: dict[str, tuple[str, ...]], *, file: str = FILE) -> Comparison:
    """The comparison of recorded edges with the text above."""
    library = library_of({FILE: TEXT})
    names = {name: Node(name, None, FILE, None) for name in rests_on}
    written = {name: Node(name, None, one.file, one.line) for name, one in library.declarations.items() if one.is_theorem}
    named = {"base": (), "unfold_it": (), "quick": (), "nobody": ("base",), "top": ("unfold_it", "base")}
    recorded = Graph({**names, "top": Node("top", "1", file, 8)}, rests_on, "Lean")
    return compared(recorded, Graph(written, named, "sources"), library)


def test_what_is_no_difference() -> None:
    """A lemma that a tactic found, a rewriting by definition, lemmas that nothing exported uses, what Lean made."""
    result = found({"top": ("base", "quick", "thing_val"), "base": (), "quick": (), "thing_val": ()})
    assert result == Comparison(
        both=1,
        differences=(),
        by_tactics=(("top", "quick"), ("top", "thing_val")),
        by_definition=(("top", "unfold_it"),),
        by_dots=(),
        unused=("unfold_it", "nobody"),
        made=("thing_val",),
    )


def test_a_name_behind_a_dot() -> None:
    """Whose it is, the text does not say: where Lean does not know the edge, it was another library's."""
    text = TEXT + "theorem Mine.comp : 6 = 6 := base\ntheorem last : 7 = 7 := by\n  exact h.comp\n"
    library = library_of({FILE: text})
    last, mine = Node("last", "1", FILE, 1), Node("Mine.comp", None, FILE, 1)
    read = Graph({"last": last, "Mine.comp": mine}, {"last": ("Mine.comp",), "Mine.comp": ()}, "sources")
    other = compared(Graph({"last": last}, {"last": ()}, "Lean"), read, library)
    assert (other.differences, other.by_dots) == ((), (("last", "Mine.comp"),))
    ours = compared(Graph(read.nodes, read.rests_on, "Lean"), read, library)
    assert (ours.differences, ours.by_dots, ours.both) == ((), (), 1)


def test_what_lean_does_not_know() -> None:
    """A theorem that the proof's text names, and Lean recorded no use of."""
    (one,) = found({"top": ("quick",), "quick": ()}).differences
    assert one == Difference("top", "base", "named in the proof's text, and not among the constants of the proof")


def test_what_the_sources_do_not_have() -> None:
    """A theorem that is recorded and stands nowhere, or elsewhere."""
    (one,) = found({"top": ("base", "ghost"), "base": (), "ghost": ()}).differences
    assert one == Difference("ghost", None, "recorded by Lean, and no theorem of the sources")
    (one,) = found({"top": ("base",), "base": ()}, file="lean/B.lean").differences
    assert one.why == f"recorded in lean/B.lean, and it stands in {FILE}"


def test_the_library() -> None:
    """Nothing that the committed sources name is unknown to Lean."""
    export = load()
    result = compare(export)
    assert result.differences == ()
    assert result.both > len(export.theorems) / 2
    named = set(read_graph(export, sources(export)).edges())
    assert not named & set(result.by_tactics)
    assert set(graph_of(export).edges()) == (named & set(graph_of(export).edges())) | set(result.by_tactics)


def test_an_edge_less() -> None:
    """Were one edge of Lean's record missing, it would be found."""
    name = "BatchNorm.norm_sq_backward_eps_zero"
    export = load()
    library = sources(export)
    graph, read = graph_of(export), read_graph(export, library)
    below = next(one for one in read.rests_on[name] if one in graph.rests_on[name])
    less = {**graph.rests_on, name: tuple(one for one in graph.rests_on[name] if one != below)}
    result = compared(Graph(graph.nodes, less, graph.source), read, library)
    assert [(one.theorem, one.rests_on) for one in result.differences] == [(name, below)]
