"""What all plots have in common: a plot with its words and its numbers, axes with logarithms, and how a number is written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pybridge.batches.recorded import Record
from pybridge.reporting.svg import SERIES

if TYPE_CHECKING:
    from matplotlib.axis import Axis

MARKERS = ("o", "s", "^", "D")
LINES = ("-", "--", ":", "-.")
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot for the page.

    Parameters
    ----------
    name
        Its id.
    title, says
        A headline, and what is to be seen in it.
    svg
        The picture.
    titles, rows
        The numbers that it shows, as a table.
    """

    name: str
    title: str
    says: str
    svg: str
    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def digits(number: float, places: int = 4) -> str:
    """A number as a table shows it: so many digits, with a power of ten where it is far from 1.

    Examples
    --------
    >>> digits(0.0125), digits(3.2e-7), digits(1e-5), digits(0.0), digits(float("inf"))
    ('0.0125', '3.2 · 10⁻⁷', '10⁻⁵', '0', '∞')
    """
    if not math.isfinite(number):
        return "∞" if number > 0 else "-∞" if number < 0 else "none"
    mantissa, _, exponent = f"{number:.{places}g}".partition("e")
    if not exponent:
        return mantissa
    return power(int(exponent)) if mantissa == "1" else f"{mantissa} · {power(int(exponent))}"


def power(exponent: int) -> str:
    """A power of ten."""
    return "10" + str(exponent).translate(_SUPERSCRIPTS)


def logarithmic(axis: Axis, most: int = 8) -> None:
    """Label an axis with powers of ten, at most so many, which are text and no formulas."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    def label(number: float, _: int | None = None) -> str:
        exponent = round(math.log10(number)) if number > 0 else 0
        return str(int(10**exponent)) if 0 <= exponent <= 3 else power(exponent)

    axis.set_major_locator(LogLocator(10, numticks=most))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(label))


def layers(found: Sequence[Record]) -> dict[str, int]:
    """The layers of some records, numbered in the order in which they come, one colour each."""
    names = list(dict.fromkeys(record.layer for record in found))
    return {name: number % len(SERIES) for number, name in enumerate(names)}


def where(record: Record) -> str:
    """A record in a few words."""
    return f"{record.layer}, channel {record.channel}, step {record.step}"
