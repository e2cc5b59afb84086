"""The chain as a picture: which of its theorems rests on which, as Lean recorded their proofs.

In: an export.  Out: a ``Plot``, whose theorems stand one below the other, each below all that it rests on, with an arc to every
one of them that no other arc leads to already.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from html import escape

from pybridge.artifact.graph import Graph, graph_of
from pybridge.export.loading import Export
from pybridge.reporting import chain
from pybridge.reporting.measure import NotDrawn
from pybridge.reporting.plot import Plot

NAME = "resting"
_WIDTH, _ROW, _TOP, _LEFT, _LABEL = 320, 17, 12, 56, 26
_SIZE, _LONGEST = 8.6, 46
"""Drawn for a telephone, as all plots are: a longer name is cut."""


def resting(export: Export, linked: Collection[str]) -> Plot:
    """What rests on what among the equations of the chain, and the other exported theorems that these rest on.

    Parameters
    ----------
    export
        What Lean recorded of the proofs.
    linked
        The full names of theorems that have a card in the page.

    Raises
    ------
    NotDrawn
        No theorem of the export has the number of an equation.
    """
    walked = [theorem.name for theorem in chain.of_chain(export)]
    if not walked:
        raise NotDrawn("no theorem of the export has the number of an equation")
    graph = graph_of(export).exported().below(walked)
    ordered = order(graph, export)
    arcs = {name: direct(name, graph) for name in ordered}
    title = "What rests on what"
    says = (
        f"The {len(walked)} theorems of the chain and the {len(ordered) - len(walked)} others that they rest on, each below "
        "all that it rests on. An arc leads up to a theorem that the proof uses, itself or by way of lemmas, as Lean recorded "
        "it; where a longer way of arcs leads there, none is drawn. Within the chain the arcs are in colour."
    )
    rows = tuple(
        (
            f"({graph.nodes[name].equation})",
            chain.short(name),
            ", ".join(map(chain.short, graph.rests_on[name])) or "none of these",
        )
        for name in ordered
    )
    svg = _picture(ordered, arcs, graph, linked, (title, says))
    return Plot(NAME, title, says, svg, ("equation", "theorem", "rests on"), rows)


def order(graph: Graph, export: Export) -> list[str]:
    """The theorems, each behind all that it rests on; among those that may come next, the first in the export."""
    left = [name for name in export.theorems if name in graph.nodes]
    found: list[str] = []
    while left:
        following = next(name for name in left if all(below in found for below in graph.rests_on[name]))
        left.remove(following)
        found.append(following)
    return found


def direct(name: str, graph: Graph) -> tuple[str, ...]:
    """What a theorem rests on and nothing else that it rests on does."""
    below = graph.rests_on[name]
    farther = {one for other in below for one in graph.below(graph.rests_on[other]).nodes}
    return tuple(one for one in below if one not in farther)


def _picture(
    ordered: list[str], arcs: Mapping[str, tuple[str, ...]], graph: Graph, linked: Collection[str], said: tuple[str, str]
) -> str:
    place = {name: _TOP + _ROW * n for n, name in enumerate(ordered)}
    height = _TOP + _ROW * len(ordered)
    most = max(1, *(place[name] - place[one] for name in ordered for one in arcs[name]), 1)
    pairs = sorted(((name, one) for name in ordered for one in arcs[name]), key=lambda pair: _in_chain(graph, *pair))
    lines = [_arc(place[one], place[name], most, main=_in_chain(graph, name, one)) for name, one in pairs]
    labels = [_label(name, place[name], graph, name in linked) for name in ordered]
    title, says = said
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-labelledby="{NAME}-title {NAME}-text" font-size="{_SIZE}" '
        f'font-family="sans-serif"><title id="{NAME}-title">{escape(title)}</title><desc id="{NAME}-text">{escape(says)}</desc>'
        f"{''.join(lines)}{''.join(labels)}</svg>"
    )


def _in_chain(graph: Graph, *names: str) -> bool:
    """Whether all of these have the number of an equation."""
    return all(chain.is_numbered(graph.nodes[name].equation) for name in names)


def _arc(above: int, below: int, most: int, *, main: bool) -> str:
    """From the theorem below to the one above, with a tip; within the chain, in its colour."""
    colour, thick = ("var(--series-1)", 1.3) if main else ("var(--muted)", 0.6)
    reach = _LEFT - 8 - (_LEFT + 4) * (below - above) / most
    curve = f"M{_LEFT - 5} {below} C{reach:.1f} {below} {reach:.1f} {above} {_LEFT - 7} {above}"
    tip = f"M{_LEFT - 9} {above - 3} L{_LEFT - 4} {above} L{_LEFT - 9} {above + 3} Z"
    return f'<path d="{curve}" fill="none" stroke="{colour}" stroke-width="{thick}"/><path d="{tip}" fill="{colour}"/>'


def _label(name: str, at: int, graph: Graph, is_linked: bool) -> str:
    dot = f'<circle cx="{_LEFT}" cy="{at}" r="2.6" fill="var(--ink)"/>'
    equation = graph.nodes[name].equation
    number = f"({equation})" if chain.is_numbered(equation) else ""
    shown = f'<text x="{_LEFT + 7}" y="{at + 3}" fill="var(--muted)">{escape(number)}</text>'
    colour = "var(--link)" if is_linked else "var(--ink)"
    text = f'<text x="{_LEFT + _LABEL}" y="{at + 3}" fill="{colour}">{escape(_cut(chain.short(name)))}</text>'
    return dot + shown + (f'<a href="#{escape(chain.anchor(name))}">{text}</a>' if is_linked else text)


def _cut(name: str) -> str:
    """A name that fits; the table has it whole."""
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
