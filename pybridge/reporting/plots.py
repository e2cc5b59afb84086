"""The plots of what was measured: both sides, the gap, digits, norms, mutants.

In: the numbers of ``measure.py``, ``digits.py`` and ``mistakes.py``. Out: a ``Plot`` each. Lines and points differ in colour
and in form.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING

from pybridge import ir
from pybridge.reporting.digits import BALLS, DRAWS, OFFSET, SIZE, Digits
from pybridge.reporting.measure import ALL, EPSILONS, ZERO, Gap, Norms, NotDrawn, TwoSides
from pybridge.reporting.mistakes import FATES, Mistakes
from pybridge.reporting.plot import LINES, MARKERS, Plot, digits, layers, logarithmic, where
from pybridge.reporting.svg import GRID, HEIGHT, INK, MUTED, PAPER, SERIES, drawn

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def both_sides(found: Sequence[TwoSides], number: str) -> Plot:
    """Both sides of an equation on every recorded batch: a ring and a dot that have to be at one place."""
    ordered = sorted(found, key=lambda one: (one.record.layer, one.record.step, one.record.channel))
    colours = layers([one.record for one in ordered])
    fewest = min(ordered, key=lambda one: one.digits)

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        axes.set_yscale("log")
        for name, colour in colours.items():
            places = [n for n, one in enumerate(ordered) if one.record.layer == name]
            left, right = ([getattr(ordered[n], side) for n in places] for side in ("left", "right"))
            axes.plot(places, left, "o", markersize=8, markerfacecolor="none", markeredgecolor=SERIES[colour], zorder=3)
            axes.plot(places, right, ".", markersize=5, color=INK, zorder=4)
            if places[0]:
                axes.axvline(places[0] - 0.5, color=GRID, linewidth=1)
        centres = [[n for n, one in enumerate(ordered) if one.record.layer == name] for name in colours]
        axes.set_xticks([sum(places) / len(places) for places in centres], list(colours))
        axes.tick_params(axis="x", length=0)
        axes.grid(axis="x", visible=False)
        logarithmic(axes.yaxis)
        axes.set_xlabel("recorded batches, by layer and training step")
        axes.set_ylabel("squared length of the gradient")
        ring = axes.plot([], [], "o", markersize=8, markerfacecolor="none", markeredgecolor=MUTED)[0]
        dot = axes.plot([], [], ".", markersize=5, color=INK)[0]
        figure.legend([ring, dot], ["left side", "right side"], loc="outside upper right", ncols=2)

    title = f"Both sides of ({number})"
    says = (
        f"On all {len(ordered)} recorded batches the dot of the right side lies in the ring of the left. "
        f"They agree to {fewest.digits:.1f} digits or more, the fewest at {where(fewest.record)}."
    )
    rows = [
        (where(one.record), str(one.record.size), *map(digits, (one.left, one.right)), f"{one.digits:.1f}") for one in ordered
    ]
    name = f"sides-{'all' if number == ALL else 'zero' if number == ZERO else number}"
    picture = drawn(name, title, says, draw)
    return Plot(name, title, says, picture, ("batch", "m", "left side", "right side", "digits agreed"), tuple(rows))


def gap(found: Sequence[Gap], own: float, bound: ir.Theorem | None) -> Plot:
    """How far (7), taken at ε > 0, is off; ``own`` is the ε of the layers."""
    colours = layers([one.record for one in found])

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        axes.set_xscale("log")
        axes.set_yscale("log")
        named = set()
        for one in found:
            colour = colours[one.record.layer]
            label = None if one.record.layer in named else one.record.layer
            named.add(one.record.layer)
            points = [(eps, share) for eps, share in zip(EPSILONS, one.shares, strict=True) if share > 0]
            axes.plot(*zip(*points, strict=True), LINES[colour], color=SERIES[colour], label=label)
        axes.axvline(own, color=MUTED, linewidth=1)
        axes.annotate("ε of the layers", (own, 0), (4, 4), ("data", "axes fraction"), "offset points")
        logarithmic(axes.xaxis)
        logarithmic(axes.yaxis)
        axes.set_xlabel("ε")
        axes.set_ylabel("right side over left side, less 1")
        figure.legend(loc="outside upper right", ncols=len(named))

    at_own = EPSILONS.index(min(EPSILONS, key=lambda eps: abs(eps - own)))
    most = max(one.shares[at_own] for one in found)
    peak, place = max((share, n) for one in found for n, share in enumerate(one.shares) if share > 0)
    never = f" That it is never too small is a theorem, {bound.name}." if bound else ""
    title = f"({ZERO}) is off where ε > 0"
    says = (
        f"With a layer's ε in place of 0 the right side of ({ZERO}) is too large: on these batches by a share of "
        f"{digits(most, 2)} at most where ε is {digits(EPSILONS[at_own])}, the layers' own, and of {digits(peak, 2)} where it "
        f"is {digits(EPSILONS[place], 2)}. It is most where ε is about as large as the variance; beyond that ŷ goes to 0, "
        f"and with it the term that differs.{never}"
    )
    chosen = range(0, len(EPSILONS), 4)
    rows = [(where(one.record), *(digits(one.shares[n], 3) for n in chosen)) for one in found]
    titles = ("batch", *(f"ε = {digits(EPSILONS[n])}" for n in chosen))
    return Plot("gap", title, says, drawn("gap", title, says, draw), titles, tuple(rows))


def right_digits(found: Sequence[Digits], moved: str) -> Plot:
    """Digits that are right in each arithmetic, as m or the offset grows."""
    offset = moved == "offset"
    name, what = ("digits-offset", "offset over spread") if offset else ("digits-size", "m, the entries of a batch")

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        axes.set_xscale("log", base=10 if offset else 2)
        for number, arithmetic in enumerate(found[0].right):
            points = [(one.by, one.right[arithmetic]) for one in found if arithmetic in one.right]
            style = {"color": SERIES[number], "linestyle": LINES[number], "marker": MARKERS[number]}
            axes.plot(*zip(*points, strict=True), label=arithmetic, **style)
        axes.set_ylim(bottom=0)
        if offset:
            logarithmic(axes.xaxis)
        else:
            axes.set_xticks([one.by for one in found], [f"{one.by:g}" for one in found])
            axes.minorticks_off()
        axes.set_xlabel(what)
        axes.set_ylabel("decimal digits that are right")
        figure.legend(loc="outside upper left", ncols=3)

    fixed = f"m = {SIZE}" if offset else f"the offset is {OFFSET:g} times the spread"
    first = found[0]
    last = {name: next(one for one in reversed(found) if name in one.right) for name in first.right}
    ends = ", ".join(f"{name} from {first.right[name]:.1f} to {one.right[name]:.1f}" for name, one in last.items())
    title = f"Digits against {'offset' if offset else 'size'}"
    says = (
        f"The fewest digits of the squared length that are right, over {DRAWS} normal batches for each point, where the "
        f"definition is evaluated operation by operation ({fixed}): {ends}. "
        f"{BALLS.capitalize()} say themselves how many they are."
    )
    rows = [
        (digits(one.by), *(f"{one.right[name]:.1f}" if name in one.right else "-" for name in first.right)) for one in found
    ]
    return Plot(name, title, says, drawn(name, title, says, draw), (what, *first.right), tuple(rows))


def gradient_norms(found: Sequence[Norms]) -> Plot:
    """The length of the gradient over the training steps, as it comes to a layer and as the layer passes it on."""
    steps = sorted({one.record.step for one in found})
    colours = layers([one.record for one in found])

    def draw(figure: Figure) -> None:
        panels = figure.subplots(1, len(colours), sharey=True, squeeze=False)[0]
        for axes, (name, colour) in zip(panels, colours.items(), strict=True):
            axes.set_yscale("log")
            for channel in sorted({one.record.channel for one in found if one.record.layer == name}):
                mine = sorted(
                    (o for o in found if (o.record.layer, o.record.channel) == (name, channel)), key=lambda o: o.record.step
                )
                places = [steps.index(one.record.step) for one in mine]
                axes.plot(places, [one.upstream for one in mine], "--", color=MUTED, linewidth=1.1, marker=".", markersize=4)
                axes.plot(places, [one.passed for one in mine], "-", color=SERIES[colour], marker=MARKERS[colour], markersize=4)
            axes.set_title(name)
            axes.set_xticks(range(len(steps)), list(map(str, steps)))
            axes.set_xlim(-0.3, len(steps) - 0.7)
            axes.grid(axis="x", visible=False)
            logarithmic(axes.yaxis)
        figure.supxlabel("training step", fontsize=9)
        panels[0].set_ylabel("length of the gradient")
        line = panels[0].plot([], [], "-", color=INK)[0]
        dashes = panels[0].plot([], [], "--", color=MUTED)[0]
        figure.legend([line, dashes], ["with BatchNorm", "without: what comes to it"], loc="outside upper left", ncols=2)

    ratios = sorted(one.passed / one.upstream for one in found)
    title = "Gradient norms over the training steps"
    says = (
        "One line for each recorded channel: the gradient that the layer passes on to its input, and the one that comes to its "
        f"output, which a layer that does nothing would pass on. The first is between {digits(ratios[0], 3)} and "
        f"{digits(ratios[-1], 3)} times as long as the second. Not shown, since it was not recorded: a network that was "
        "trained without BatchNorm."
    )
    rows = [
        (where(one.record), digits(one.upstream), digits(one.passed), digits(one.passed / one.upstream, 3))
        for one in sorted(found, key=lambda o: (o.record.layer, o.record.channel, o.record.step))
    ]
    titles = ("batch", "without", "with BatchNorm", "ratio")
    return Plot("norms", title, says, drawn("norms", title, says, draw), titles, tuple(rows))


def by_kind(found: Mistakes, theorems: int) -> Plot:
    """How many mutants of each kind are refuted."""
    kinds = tuple(reversed(found.kinds))
    if not kinds:
        raise NotDrawn("the theorems have no mutants")

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        start = [0] * len(kinds)
        looks = {"refuted": (SERIES[0], ""), "explained": (PAPER, "////"), "unexplained": (SERIES[1], "xx")}
        for fate in FATES:
            colour, hatch = looks[fate]
            counts = [kind.counts[fate] for kind in kinds]
            axes.barh(range(len(kinds)), counts, 0.7, start, color=colour, hatch=hatch, edgecolor=SERIES[0], label=fate)
            start = [before + count for before, count in zip(start, counts, strict=True)]
        for place, kind in enumerate(kinds):
            axes.annotate(str(kind.total), (kind.total, place), (3, 0), textcoords="offset points", va="center")
        axes.set_yticks(range(len(kinds)), [fill(kind.name, 26) for kind in kinds])
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="y", visible=False)
        axes.set_xlim(0, max(kind.total for kind in kinds) * 1.12)
        axes.xaxis.get_major_locator().set_params(integer=True, nbins=5)
        axes.set_xlabel("mutants")
        figure.legend(loc="outside upper right", ncols=3)

    total = sum(kind.total for kind in found.kinds)
    title = "Mutants by kind of mistake"
    says = (
        f"{total} small changes of {theorems} theorem{'s' * (theorems != 1)}, each of which should be refuted: "
        f"{found.count('refuted')} are, each with a batch on which it is false; {found.count('explained')} are true, for a "
        "reason on record; "
        f"{found.count('unexplained')} are neither."
    )
    rows = [(kind.name, str(kind.total), *(str(kind.counts[fate]) for fate in FATES)) for kind in found.kinds]
    height = max(HEIGHT, 0.9 + 0.33 * len(kinds))
    picture = drawn("mutants", title, says, draw, height=height)
    return Plot("mutants", title, says, picture, ("kind", "mutants", *FATES), tuple(rows))
