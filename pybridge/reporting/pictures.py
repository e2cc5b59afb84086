"""Two pictures of (7) on a recorded batch: the projection in space, and the two right triangles that it is made of.

In: the parts of (7), as lengths. Out: a ``Plot`` each, to scale: every length drawn is the root of a part of the exported
formula.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pybridge.reporting.measure import ZERO, NotDrawn, Parts
from pybridge.reporting.plot import Plot, digits, where
from pybridge.reporting.svg import GRID, HEIGHT, INK, MUTED, SERIES, drawn

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Point = tuple[float, float]
_ONES, _ALONG = (-0.62, -0.42), (1.0, -0.12)
"""Where the directions of 1 and ŷ point on the page; the third one points up."""


def projection(parts: Parts) -> Plot:
    """The vector g over the plane of 1 and ŷ, its shadow there, and what is left of it."""
    along_ones, along_batch = _two(parts)

    def place(one: float, other: float, up: float) -> Point:
        return one * _ONES[0] + other * _ALONG[0], one * _ONES[1] + other * _ALONG[1] + up

    def draw(figure: Figure) -> None:
        axes = _empty(figure)
        far_one, far_other = 1.35 * along_ones, 1.3 * along_batch
        plane = [place(0, 0, 0), place(far_one, 0, 0), place(far_one, far_other, 0), place(0, far_other, 0)]
        axes.fill(*zip(*plane, strict=True), color=GRID, alpha=0.55, linewidth=0)
        origin, tip, foot = place(0, 0, 0), place(along_ones, along_batch, parts.left), place(along_ones, along_batch, 0)
        _arrow(axes, origin, place(far_one, 0, 0), MUTED, 1.0)
        _arrow(axes, origin, place(0, far_other, 0), MUTED, 1.0)
        for corner in (place(along_ones, 0, 0), place(0, along_batch, 0)):
            _line(axes, corner, foot, MUTED, ":")
        _arrow(axes, origin, place(along_ones, 0, 0), SERIES[1], 2.2)
        _arrow(axes, origin, place(0, along_batch, 0), SERIES[2], 2.2)
        _arrow(axes, origin, foot, MUTED, 1.4, "--")
        _arrow(axes, origin, tip, INK, 2.2)
        _arrow(axes, foot, tip, SERIES[0], 2.6)
        _right_angle(axes, foot, tip, origin)
        _note(axes, "g", _between(origin, tip, 0.62), (-9, 5), INK)
        _note(axes, "what is left:\nthe gradient, up to γ/σ", _between(foot, tip, 0.55), (7, 0), SERIES[0])
        _note(axes, "1", place(far_one, 0, 0), (-9, -9), INK)
        _note(axes, "ŷ", place(0, far_other, 0), (6, 0), INK)
        _note(axes, "taken off", foot, (0, -9), MUTED, centred=True)

    title = f"({ZERO}) as a projection"
    (_, whole), ((_, one), (_, other)) = parts.whole, parts.removed
    says = (
        f"To scale, on the batch {where(parts.record)} (m = {parts.record.size}), at ε = 0: g has the length {digits(whole)}. "
        f"What it casts on the plane of 1 and ŷ is taken off, {digits(one)} along 1 and {digits(other)} along ŷ; what is left "
        f"stands upright on the plane, has the length {digits(parts.left)}, and times γ/σ is the gradient."
    )
    picture = drawn("projection", title, says, draw, height=HEIGHT + 0.3)
    return Plot("projection", title, says, picture, ("part of the bracket", "its root, a length"), _rows(parts))


def triangles(parts: Parts) -> Plot:
    """The Pythagorean lemma used twice: along 1, and along ŷ."""
    along_ones, along_batch = _two(parts)
    whole = parts.whole[1]
    middle = (whole**2 - along_ones**2) ** 0.5

    def draw(figure: Figure) -> None:
        axes = _empty(figure)
        first = _triangle(axes, (0.0, 0.0), along_ones, middle, SERIES[1], MUTED)
        second = _triangle(axes, (along_ones + 0.45 * whole, 0.0), along_batch, parts.left, SERIES[2], SERIES[0])
        _note(axes, "g", _between(first[0], first[2], 0.5), (-12, 4), INK)
        _note(axes, "along 1", _between(first[0], first[1], 0.5), (0, -14), SERIES[1], centred=True)
        _note(axes, "g - μ_g 1", _between(first[1], first[2], 0.5), (6, 0), INK)
        _note(axes, "g - μ_g 1", _between(second[0], second[2], 0.72), (-58, 6), INK)
        _note(axes, "along ŷ", _between(second[0], second[1], 0.5), (0, -14), SERIES[2], centred=True)
        _note(axes, "what is left", _between(second[1], second[2], 0.5), (6, 0), SERIES[0])

    title = "From (5) to (6) and (7): two right triangles"
    says = (
        f"The Pythagorean lemma twice, to scale, on the batch {where(parts.record)} (m = {parts.record.size}), at "
        f"ε = 0. Left, from (6) to (7): g is the sum of its part along 1 and of g - μ_g 1, which are orthogonal, so, "
        f"rounded, {digits(whole)}² = {digits(along_ones)}² + {digits(middle)}². Right, from (5) to (6): g - μ_g 1 is the sum "
        f"of its part along ŷ and of what is left, so {digits(middle)}² = {digits(along_batch)}² + {digits(parts.left)}²."
    )
    picture = drawn("triangles", title, says, draw)
    return Plot("triangles", title, says, picture, ("part of the bracket", "its root, a length"), _rows(parts))


def _two(parts: Parts) -> tuple[float, float]:
    if len(parts.removed) != 2:
        raise NotDrawn(f"({ZERO}) takes {len(parts.removed)} parts off, and the picture has room for two")
    (_, one), (_, other) = parts.removed
    return one, other


def _rows(parts: Parts) -> tuple[tuple[str, str], ...]:
    left = " - ".join((parts.whole[0], *(name for name, _ in parts.removed)))
    shown = (parts.whole, *parts.removed, (left, parts.left))
    return (*((name, digits(length)) for name, length in shown), (f"factor: {parts.factor[0]}", digits(parts.factor[1])))


def _empty(figure: Figure) -> Axes:
    axes = figure.subplots()
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.margins(0.16, 0.1)
    return axes


def _triangle(axes: Axes, corner: Point, across: float, up: float, below: str, beside: str) -> tuple[Point, Point, Point]:
    """A right triangle: two legs in their colours, and the arrow of the sum."""
    foot, tip = (corner[0] + across, corner[1]), (corner[0] + across, corner[1] + up)
    _arrow(axes, corner, foot, below, 2.4)
    _arrow(axes, foot, tip, beside, 2.4)
    _arrow(axes, corner, tip, INK, 1.8)
    _right_angle(axes, foot, tip, corner)
    return corner, foot, tip


def _arrow(axes: Axes, start: Point, end: Point, colour: str, width: float, line: str = "-") -> None:
    style = {"arrowstyle": "-|>", "color": colour, "linewidth": width, "linestyle": line, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", end, start, arrowprops=style)
    axes.plot(*zip(start, end, strict=True), linewidth=0, color="none")  # so that it is within the limits


def _line(axes: Axes, start: Point, end: Point, colour: str, line: str) -> None:
    axes.plot(*zip(start, end, strict=True), line, color=colour, linewidth=1)


def _right_angle(axes: Axes, corner: Point, one: Point, other: Point) -> None:
    """A small square at a corner."""
    lengths = [((end[0] - corner[0]) ** 2 + (end[1] - corner[1]) ** 2) ** 0.5 for end in (one, other)]
    size = 0.09 * min(lengths)
    towards = [
        ((end[0] - corner[0]) / length * size, (end[1] - corner[1]) / length * size)
        for end, length in zip((one, other), lengths, strict=True)
    ]
    (ax, ay), (bx, by) = towards
    path = [(corner[0] + ax, corner[1] + ay), (corner[0] + ax + bx, corner[1] + ay + by), (corner[0] + bx, corner[1] + by)]
    axes.plot(*zip(*path, strict=True), color=MUTED, linewidth=1)


def _note(axes: Axes, words: str, at: Point, off: Point, colour: str, *, centred: bool = False) -> None:
    align = "center" if centred else "left"
    axes.annotate(words, at, off, textcoords="offset points", color=colour, ha=align, va="center")


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])
