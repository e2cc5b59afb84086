"""The report as a whole: what is checked and measured, and the page that it stands in.

In: an export, and what to check.  Out: a ``Report``, with the text of the page and whether all is well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.resources import files

from pybridge import ir
from pybridge.checking.check import check_each
from pybridge.checking.verdict import TheoremReport
from pybridge.export.loading import Export
from pybridge.export.versions import written_by
from pybridge.reporting import chain, digits, measure, mistakes, pictures, plots, resting
from pybridge.reporting.measure import NotDrawn
from pybridge.reporting.mistakes import Mistakes
from pybridge.reporting.plot import Plot
from pybridge.reporting.provenance import provenance
from pybridge.reporting.svg import require

Tell = Callable[[str], None]
BESIDE = {"6": "triangles", measure.ZERO: "projection"}
"""The pictures that stand at an equation."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is about.

    Parameters
    ----------
    theorems
        Those that are checked, with their hypotheses; the chain is shown in any case.
    mutated
        Those of which all mutants are tried; none by default.
    families, seed, largest, jobs
        As in ``check_each``.
    """

    theorems: tuple[ir.Theorem, ...]
    mutated: tuple[ir.Theorem, ...] = ()
    families: tuple[str, ...] | None = None
    seed: int = 0
    largest: int | None = None
    jobs: int = 1


@dataclass(frozen=True, slots=True)
class Report:
    """A page, and whether all that was tried is as it should be."""

    html: str
    passed: bool


def report(export: Export, asked: Asked, *, command: str, not_done: Sequence[str] = (), tell: Tell = lambda _: None) -> Report:
    """Check, measure, draw and write the page.

    Parameters
    ----------
    export
        What the page is about.
    asked
        What is checked.
    command
        The command that writes the same page.
    not_done
        What was not done, a line each, beside what is found out here.
    tell
        Called with what has just been done, once for each theorem, mutant and plot.

    Raises
    ------
    MissingToolError
        The extra is not installed.
    """
    require()
    reports = []
    for one in check_each(
        asked.theorems, export, jobs=asked.jobs, families=asked.families, seed=asked.seed, largest=asked.largest
    ):
        reports.append(one)
        tell(chain.short(one.theorem.name))
    needs = {theorem.name: mistakes.needs(theorem, export) for theorem in asked.theorems}
    tried = mistakes.mistakes(asked.mutated, export, jobs=asked.jobs, done=tell) if asked.mutated else None
    drawn, left_out = _plots(export, asked, tried, tell)
    html = _page(export, asked, reports, needs, tried, drawn, [*left_out, *not_done], command)
    passed = all(one.passed for one in reports) and bool(reports) and (tried is None or not (tried.unexplained or tried.stale))
    return Report(html, passed)


def count(asked: Asked, export: Export) -> int:
    """How often a report will tell that something is done."""
    drawings = len(_drawings(export, asked, None)) + bool(asked.mutated)
    return len(asked.theorems) + mistakes.count(asked.mutated, export) + drawings


def _drawings(export: Export, asked: Asked, tried: Mistakes | None) -> list[tuple[str, Callable[[], Plot]]]:
    """What is drawn, and by what; nothing is computed yet."""
    seed = asked.seed

    def gap() -> Plot:
        found = measure.gaps(export)
        return plots.gap(found, measure.own_epsilon(export, found), measure.bound(export))

    cards = {theorem.name for theorem in (*chain.of_chain(export), *asked.theorems)}
    drawings: list[tuple[str, Callable[[], Plot]]] = [
        ("what rests on what", lambda: resting.resting(export, cards)),
        ("the projection", lambda: pictures.projection(measure.parts(export))),
        ("the triangles", lambda: pictures.triangles(measure.parts(export))),
        (f"both sides of ({measure.ZERO})", lambda: plots.both_sides(measure.two_sides(export, measure.ZERO), measure.ZERO)),
        (f"both sides of ({measure.ALL})", lambda: plots.both_sides(measure.two_sides(export, measure.ALL), measure.ALL)),
        ("the gap", gap),
        ("gradient norms", lambda: plots.gradient_norms(measure.norms(export))),
        ("digits against offset", lambda: plots.right_digits(digits.by_offset(export, seed), "offset")),
        ("digits against size", lambda: plots.right_digits(digits.by_size(export, seed), "size")),
    ]
    if tried is not None:
        drawings.append(("mutants by kind", partial(plots.by_kind, tried, len(asked.mutated))))
    return drawings


def _plots(export: Export, asked: Asked, tried: Mistakes | None, tell: Tell) -> tuple[dict[str, Plot], list[str]]:
    """The plots by their ids, and a line for each that the export has nothing for."""
    found, left_out = {}, []
    for what, make in _drawings(export, asked, tried):
        try:
            plot = make()
            found[plot.name] = plot
        except NotDrawn as missing:
            left_out.append(f"no plot of {what}: {missing.message}")
        tell(what)
    return found, left_out


def _page(
    export: Export,
    asked: Asked,
    reports: Sequence[TheoremReport],
    needs: dict[str, chain.Needs],
    tried: Mistakes | None,
    drawn: dict[str, Plot],
    not_done: Iterable[str],
    command: str,
) -> str:
    from jinja2 import BaseLoader, Environment, StrictUndefined

    by_name = {one.theorem.name: one for one in reports}
    walked = chain.of_chain(export)
    others = tuple(theorem for theorem in asked.theorems if theorem not in walked)
    folder = files("pybridge.reporting")
    environment = Environment(
        loader=BaseLoader(), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["short"] = chain.short
    environment.filters["anchor"] = chain.anchor
    template = environment.from_string((folder / "page.html.j2").read_text(encoding="utf-8"))
    steps = chain.steps(walked, export, by_name, needs)
    rest = chain.steps(others, export, by_name, needs)
    identities = [(step, step.cards[0]) for step in steps if step.equation in (measure.ZERO, measure.ALL)]
    html: str = template.render(
        style=(folder / "page.css").read_text(encoding="utf-8"),
        export=export,
        written_by=written_by(export),
        agree=sum(one.passed for one in reports),
        checked=len(reports),
        identities=identities,
        steps=steps,
        others=rest,
        shown={card.name for step in steps + rest for card in step.cards},
        beside={step.equation: BESIDE[step.equation] for step in steps if BESIDE.get(step.equation) in drawn},
        measured=[name for name in drawn if name not in (*BESIDE.values(), resting.NAME, "mutants")],
        definitions=chain.definitions(walked, export),
        plots=drawn,
        mistakes=tried,
        not_done=list(not_done),
        provenance=provenance(export, command),
    )
    return html
