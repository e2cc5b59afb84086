"""The page: one file that asks for nothing, and says of each theorem what was found out."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from browser import looked_at
from command import wrong

from pybridge.export.loading import DEFAULT, Export, dumps, load, parse, read, seal
from pybridge.export.sources import Unchecked
from pybridge.reporting.chain import of_chain
from pybridge.reporting.measure import ALL, ZERO
from pybridge.reporting.provenance import axioms
from pybridge.reporting.report import Asked, Report, count, report
from pybridge.reporting.rests import rests

for _module in ("matplotlib", "jinja2", "math_core"):
    pytest.importorskip(_module, reason=f"{_module} (the extra pybridge-lean[report]) is not installed")

QUICK = ("integers", "random")


@pytest.fixture(scope="module")
def fresh() -> Export:
    """The export, compared with the sources beside it."""
    return load()


@pytest.fixture(scope="module")
def told() -> list[str]:
    """What the report said it had done."""
    return []


@pytest.fixture(scope="module")
def page(fresh: Export, told: list[str]) -> Report:
    """A report of the chain, on small batches, with the mutants of one theorem."""
    few = (fresh.theorem("sum_normalize"),)
    asked = Asked((*of_chain(fresh), *few), few, QUICK, largest=5)
    return report(fresh, asked, command="pybridge report", not_done=["one & two", "others: `pybridge check`"], tell=told.append)


def test_all_is_well(page: Report) -> None:
    """Every theorem agrees, and no mutant is unexplained."""
    assert page.passed


def test_it_asks_for_nothing(page: Report) -> None:
    """No script, and no address of anything outside the page."""
    assert "<script" not in page.html
    assert not re.search(r"(?:src|srcset)=|<link|@import|url\((?!#)", page.html)
    assert not [target for target in re.findall(r'href="([^"]+)"', page.html) if not target.startswith("#")]


def test_ids_are_used_once_and_links_end_somewhere(page: Report) -> None:
    """Every link within the page has its target."""
    ids = re.findall(r'\sid="([^"]+)"', page.html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page.html)) <= set(ids)


def test_the_chain_is_there(page: Report, fresh: Export) -> None:
    """Of every theorem of the chain the words, the statement, the place, and the verdict."""
    shown = unescape(page.html)
    chain = of_chain(fresh)
    assert {ZERO, ALL} <= {theorem.equation for theorem in chain}
    for theorem in chain:
        assert theorem.statement in shown
        assert f"{theorem.file}:{theorem.line}" in shown
    assert page.html.count("✓ agrees") == len(chain) + 1
    assert f"<strong>{len(chain) + 1} of {len(chain) + 1}</strong> theorems checked here agree" in page.html


def test_plots_have_numbers_and_words(page: Report) -> None:
    """Each picture has a title, a description and a table."""
    pictures = page.html.count("<svg ")
    assert pictures == page.html.count('role="img"') == page.html.count("<desc ") == 10
    assert page.html.count("The numbers of this picture") == pictures
    for picture in re.findall(r"<svg .*?</svg>", page.html, re.DOTALL):
        assert not re.search(r"#[0-9a-f]{6}\b", picture)  # every colour is one of the page's
    assert "it was not recorded: a network that was trained without BatchNorm" in page.html


def test_provenance(page: Report, fresh: Export) -> None:
    """Digests, versions, and what was not done."""
    assert fresh.digest in page.html
    assert fresh.mathlib.revision in page.html
    for source in fresh.sources:
        assert source.sha256 in page.html
    assert "<li>one &amp; two</li>" in page.html
    assert "<li>others: <code>pybridge check</code></li>" in page.html
    assert "lake build BridgeTest does" in page.html or "not listed" not in page.html
    away = replace(fresh, freshness=Unchecked("installed"))
    assert "lake" not in axioms(away)  # there are no Lean sources to build


@pytest.mark.usefixtures("page")
def test_progress_is_told(told: list[str], fresh: Export) -> None:
    """As often as was said before."""
    few = (fresh.theorem("sum_normalize"),)
    assert len(told) == count(Asked((*of_chain(fresh), *few), few), fresh)


def test_the_same_page_again(fresh: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for the date, which SOURCE_DATE_EPOCH sets, nothing depends on when it is written."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    asked = Asked((fresh.stated(f"({ZERO})")[0],), (), QUICK, largest=3)
    first, second = (report(fresh, asked, command="pybridge report").html for _ in range(2))
    assert first == second
    assert "<dd>1970-01-01</dd>" in first
    assert "No mutants were tried" in first
    assert "does it</p>" in first  # the other theorems of the chain are not checked


def test_a_refutation_is_shown(tmp_path: Path) -> None:
    """A wrong statement is refuted on the page, the report does not pass, and its sides are seen apart."""
    path = tmp_path / "export.json"
    path.write_text(dumps(seal(wrong(parse(read(DEFAULT), DEFAULT)))), encoding="utf-8")
    export = load(path)
    found = report(export, Asked((export.theorem("norm_sq_backward"),), (), QUICK, largest=3), command="pybridge report")
    assert not found.passed
    assert "✗ refuted" in found.html
    assert "false on " in found.html
    assert "<strong>0 of 1</strong>" in found.html
    below = rests(export.theorem("norm_sq_backward"), export).theorems
    assert below  # recorded in the export: no sources are needed
    assert all(name.rpartition(".")[2] in found.html for name in below)


def test_a_plot_that_the_export_has_nothing_for(fresh: Export) -> None:
    """It is left out, and the page says which and why."""
    without = replace(fresh, theorems={name: one for name, one in fresh.theorems.items() if one.equation != ZERO})
    asked = Asked((without.theorem("sum_normalize"),), (), QUICK, largest=3)
    found = report(without, asked, command="pybridge report")
    assert "no plot of the projection: the export has no theorem of equation (7)" in found.html
    assert 'id="plot-projection"' not in found.html
    assert 'id="plot-norms"' in found.html


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_in_a_browser(page: Report, tmp_path: Path, width: int, dark: bool) -> None:
    """It is not wider than the screen, loads nothing, is silent, and every picture has its words; text can be read."""
    file = tmp_path / "report.html"
    file.write_text(page.html, encoding="utf-8")
    seen = looked_at(file, width, tmp_path, dark=dark)
    assert seen.found["scrolls"] <= seen.found["width"] <= width
    assert seen.found["resources"] == []
    assert seen.console == []
    assert all(alt for _, alt in seen.found["images"])
    assert len(seen.found["pictures"]) == 10
    assert all(len(said) > 80 for said in seen.found["pictures"])
    assert seen.found["unnamed"] == 0
    assert len(seen.found["formulas"]) > 20
    assert min(seen.found["formulas"]) > 5
    assert seen.found["smallest"] > 8
    light = [sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in seen.found["colours"]]
    assert light[0] > 500 > 250 > light[1] if dark else light[0] < 250 < 500 < light[1]
