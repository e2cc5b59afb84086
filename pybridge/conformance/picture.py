"""The picture: digits against the mean over the spread, a panel for each layer and output, a line for each format.

In: a ``Conformance``.  Out: a file, of the kind that its ending says.  A dashed line is what the error bound of the definition
leaves: a line below it has lost digits that the arithmetic would have kept.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pybridge.conformance.digits import Curve
from pybridge.conformance.run import Conformance
from pybridge.errors import InputError, MissingToolError, install
from pybridge.layers.known import SIGNS

_COLOURS = {"float64": "#1b6ca8", "float32": "#2e8b57", "bfloat16": "#b5482a", "float16": "#7a4fa3"}
_WIDTH, _HEIGHT = 3.2, 2.4


def require() -> None:
    """Refuse where matplotlib is not installed.

    Raises
    ------
    MissingToolError
        It is not.
    """
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError:
        raise MissingToolError("matplotlib is not installed", hint=f"`{install('report')}`") from None


def draw(found: Conformance, target: Path) -> None:
    """Draw it.

    Raises
    ------
    InputError
        There is nothing to draw, or no picture of this kind.
    MissingToolError
        matplotlib is not installed.
    """
    require()
    import matplotlib as mpl
    from matplotlib.figure import Figure

    if not found.curves:
        raise InputError(f"{found.target}: there are no digits to draw", hint="leave out --picture")
    series = list(dict.fromkeys(one.case.series for one in found.curves))
    outputs = list(dict.fromkeys(one.output for one in found.curves))
    figure = Figure(figsize=(_WIDTH * len(outputs), _HEIGHT * len(series)), layout="constrained")
    panels = figure.subplots(len(series), len(outputs), squeeze=False, sharex=True)
    for row, name in zip(panels, series, strict=True):
        for panel, output in zip(row, outputs, strict=True):
            own = [one for one in found.curves if one.case.series == name and one.output == output]
            for curve in own:
                _line(panel, curve)
            panel.set_title(f"{name}: {SIGNS[output]}", fontsize=9)
            panel.set_xscale("log", base=2)
            panel.set_ylim(bottom=0)
            panel.grid(color="#dddddd", linewidth=0.6)
            panel.tick_params(labelsize=8)
        row[0].set_ylabel("digits", fontsize=9)
    for panel in panels[-1]:
        panel.set_xlabel("mean / spread", fontsize=9)
    handles, labels = panels[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, fontsize=8, frameon=False)
    said = ", ".join(f"{name} {version}" for name, version in found.versions.items() if name not in ("python", "machine"))
    figure.suptitle(f"Digits that are right, {said}", fontsize=10)
    try:
        with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "pybridge"}):  # text stays text
            figure.savefig(target, metadata={"Date": None} if target.suffix == ".svg" else None)
    except ValueError:
        raise InputError(
            f"matplotlib draws no {target.suffix or 'file without an ending'}", hint="end it in .svg or .png"
        ) from None


def _line(panel: Any, curve: Curve) -> None:
    case = curve.case
    ratios = [one.ratio for one in curve.points]
    colour = _COLOURS[case.dtype]
    own = case.weights in ("", case.dtype)
    label = case.dtype if own else f"{case.dtype}, weights {case.weights}"
    panel.plot(
        ratios, [one.digits for one in curve.points], color=colour, marker="o" if own else "s", markersize=3, label=label
    )
    if own:
        panel.plot(ratios, [one.bound for one in curve.points], color=colour, linestyle="--", linewidth=0.8)
