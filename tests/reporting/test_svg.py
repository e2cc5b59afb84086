"""Plots as SVG that stands in a page, and formulas as MathML."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from importlib.resources import files

import pytest

from pybridge.errors import MissingToolError, PybridgeError, install
from pybridge.export.loading import Export
from pybridge.ir import Theorem
from pybridge.reporting import svg
from pybridge.reporting.formulas import formula, mathml
from pybridge.reporting.plot import digits

pytest.importorskip("matplotlib", reason="matplotlib (the extra pybridge-lean[report]) is not installed")
pytest.importorskip("math_core", reason="math-core (the extra pybridge-lean[report]) is not installed")


def line(figure: object) -> None:
    axes = figure.subplots()  # type: ignore[attr-defined]
    axes.plot([1, 2], [1, 3], color=svg.SERIES[0], label="a & b")
    axes.legend()


def test_a_plot_takes_the_colours_of_the_page() -> None:
    """No stand-in is left, and the page's variables are there."""
    found = svg.drawn("one", "A <title>", 'what "it" is', line)
    assert "var(--series-1)" in found
    assert "var(--ink)" in found
    assert not re.search(r"#0000[01]\d", found)
    assert "http" not in found
    assert "<style" not in found


def test_a_plot_is_well_formed_and_named() -> None:
    """It parses, has a title and a description, which its label names, and its text is text."""
    root = ET.fromstring(svg.drawn("one", "A <title>", 'what "it" is', line))  # noqa: S314
    by_id = {element.get("id"): element for element in root.iter() if element.get("id")}
    said = [by_id[name].text for name in root.get("aria-labelledby", "").split()]
    assert said == ["A <title>", 'what "it" is']
    assert "a & b" in [element.text for element in root.iter("text")]


def test_two_plots_share_no_id() -> None:
    """Both stand in one page, where an id is used once; what refers to one refers to its own."""
    first, second = (svg.drawn(name, name, name, line) for name in ("one", "two"))
    ids = [re.findall(r'\bid="([^"]+)"', found) for found in (first, second)]
    assert len({*ids[0], *ids[1]}) == len(ids[0]) + len(ids[1]) > 10
    for found, own in zip((first, second), ids, strict=True):
        referred = re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', found)
        assert referred
        assert {a or b for a, b in referred} <= set(own)


def test_a_plot_is_the_same_again() -> None:
    """Nothing in it depends on when it is drawn."""
    assert svg.drawn("one", "t", "d", line) == svg.drawn("one", "t", "d", line)


def test_a_missing_extra_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is missing, and what to install."""
    monkeypatch.setitem(__import__("sys").modules, "math_core", None)
    with pytest.raises(MissingToolError, match=re.escape(f"math-core is not installed; `{install('report')}`")):
        svg.require()


def test_every_formula_of_the_export_is_mathml(export: Export) -> None:
    """Each is well-formed, keeps its LaTeX, and has as many parts as it has sides and hypotheses, and one for ε = 0."""
    for declaration in (*export.theorems.values(), *export.definitions.values()):
        found = formula(declaration)
        assumed = len(declaration.hypotheses) if isinstance(declaration, Theorem) else 0
        assert 1 + assumed <= len(found.parts) <= 3 + assumed
        for part in found.parts:
            assert part.startswith("<math")
            assert part.count("<annotation") == 1


def test_an_equation_is_cut_before_its_sign(export: Export) -> None:
    """The left side stands by itself, the right one with the sign; then what is assumed, and that ε is 0."""
    left, right, assumed, zero = formula(export.theorem("norm_sq_normalize_eps_zero")).parts
    assert "<mo>=</mo>" not in left
    assert "<mo>=</mo>" in right
    assert "<mtext>if" in assumed
    assert "ε" in zero


def test_an_unknown_command_is_refused() -> None:
    """It is not printed in red."""
    with pytest.raises(PybridgeError, match="no MathML for"):
        mathml(r"\nosuchcommand{y}")


@pytest.mark.parametrize(
    ("number", "said"), [(1234.5, "1234"), (float("nan"), "none"), (-float("inf"), "-∞"), (2e10, "2 · 10¹⁰"), (0.5, "0.5")]
)
def test_numbers_in_tables(number: float, said: str) -> None:
    """Four digits, a power of ten where it is far from 1, and a word where it is none."""
    assert digits(number) == said


def luminance(colour: str) -> float:
    """Of WCAG 2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("mode", ["light", "dark", "print"])
def test_contrast(mode: str) -> None:
    """Text has a contrast of 4.5 at least with what is behind it, lines and points one of 3 (WCAG 2, level AA)."""
    blocks = re.findall(r":root \{(.*?)\}", (files("pybridge.reporting") / "page.css").read_text(encoding="utf-8"), re.DOTALL)
    colours = dict(re.findall(r"--([\w-]+): (#\w{6});", blocks[("light", "dark", "print").index(mode)]))
    for least, names in ((4.5, ("ink", "muted", "link", "good", "bad", "open")), (3.0, [f"series-{n}" for n in range(1, 5)])):
        for name in names:
            for behind in ("paper", "card"):
                one, other = sorted((luminance(colours[name]), luminance(colours[behind])))
                assert (other + 0.05) / (one + 0.05) >= least, (name, behind)
