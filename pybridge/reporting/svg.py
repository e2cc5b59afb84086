"""A matplotlib figure as SVG that stands in a page: with the page's colours and ids of its own, and nothing from outside.

In: a figure drawn in the colours below.  Out: an ``svg`` element with a title and a description, whose colours are the page's
variables, so that a dark page has a dark plot.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pybridge.errors import MissingToolError, install

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK, MUTED, GRID, PAPER = "#000001", "#000002", "#000003", "#000004"
SERIES = ("#000011", "#000012", "#000013", "#000014")
"""Stand-ins: no colour of the plots is one of the page's; each is replaced by a variable of the page's style."""
VARIABLES = {
    INK: "--ink",
    MUTED: "--muted",
    GRID: "--grid",
    PAPER: "--paper",
    **{stand_in: f"--series-{n}" for n, stand_in in enumerate(SERIES, 1)},
}
WIDTH, HEIGHT = 4.4, 3.3
"""Inches; a plot is drawn for a telephone, 317 points wide, and a wider page shows it larger."""
_STYLE = {
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "pybridge",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "sans-serif"],
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.labelsize": 9,
    "xtick.labelsize": 8.6,
    "ytick.labelsize": 8.6,
    "legend.fontsize": 8.6,
    "legend.frameon": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.unicode_minus": True,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.formatter.useoffset": False,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.4,
    "lines.markersize": 4.5,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "mathtext.default": "regular",
    "figure.constrained_layout.use": True,
}


def require() -> None:
    """Refuse where the extra is not installed.

    Raises
    ------
    MissingToolError
        It is not.
    """
    for module, name in (("matplotlib", "matplotlib"), ("jinja2", "Jinja2"), ("math_core", "math-core")):
        try:
            __import__(module)
        except ImportError:
            raise MissingToolError(f"{name} is not installed", hint=f"`{install('report')}`") from None


def drawn(name: str, title: str, description: str, draw: Callable[[Figure], None], *, height: float = HEIGHT) -> str:
    """A figure as an ``svg`` element.

    Parameters
    ----------
    name
        What its ids begin with: unique in the page.
    title, description
        What somebody is told who does not see it.
    draw
        Draws on an empty figure, in the colours of this module.
    height
        In inches.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    written = io.StringIO()
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        figure = Figure(figsize=(WIDTH, height))
        FigureCanvasSVG(figure)
        draw(figure)
        nothing: dict[str, Any] = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(written, format="svg", metadata=nothing)
    return _embedded(written.getvalue(), name, title, description)


def standalone(svg: str, *, dark: bool | None = None) -> str:
    """An ``svg`` element as a file of its own, in the colours of a light or dark page, by default as the reader has it."""
    page = (files("pybridge.reporting") / "page.css").read_text(encoding="utf-8")
    by_day, by_night, *_ = map(_colours, re.findall(r":root \{(.*?)\}", page, re.DOTALL))
    style = f"svg {{{by_night if dark else by_day}}}"
    if dark is None:
        style += f" @media (prefers-color-scheme: dark) {{ svg {{{by_night}}} }}"
    named = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return named.replace("<title", f"<style>{style}</style><title", 1) + "\n"


def _colours(declarations: str) -> str:
    found = dict(re.findall(r"(--[\w-]+): (#\w+);", declarations))
    return " ".join(f"{name}: {found[name]};" for name in VARIABLES.values())


def _embedded(svg: str, name: str, title: str, description: str) -> str:
    body = svg[svg.index("<svg") :]
    box = re.search(r'viewBox="([^"]+)"', body)
    if box is None:
        raise ValueError(f"the plot {name} has no viewBox")
    inside = body[body.index(">") + 1 : body.rindex("</svg>")]
    inside = re.sub(r"<metadata>.*?</metadata>|<style[^>]*>.*?</style>|<!--.*?-->", "", inside, flags=re.DOTALL)
    inside = re.sub(r'\bid="', f'id="{name}-', inside)
    inside = inside.replace("url(#", f"url(#{name}-").replace('xlink:href="#', f'href="#{name}-')
    for stand_in, variable in VARIABLES.items():
        inside = inside.replace(stand_in, f"var({variable})")
    packed = re.sub(r">\s+<", "><", inside.strip())
    return (
        f'<svg viewBox="{box[1]}" role="img" aria-labelledby="{name}-title {name}-text">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-text">{escape(description)}</desc>'
        f"{packed}</svg>"
    )
