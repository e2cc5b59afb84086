"""The documentation site: it is built without a warning, no link leads nowhere, and no page asks a network for anything."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from browser import looked_at

import pybridge
from pybridge.export.loading import load

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
EXAMPLES = {"docs/index.md": 1, "CONTRIBUTING.md": 1}
"""Pages whose Python examples run here; the others' do in ``test_docs.py``, ``test_readme.py``, ``test_docs_of_batches.py``."""


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """The part of the site that is ours."""
    pytest.importorskip("math_core", reason="math-core (the extra pybridge-lean[docs]) is not installed")
    spec = importlib.util.spec_from_file_location("docs_site", ROOT / "scripts" / "docs_site.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built strictly."""
    for module in ("mkdocs", "material", "mkdocstrings", "math_core"):
        pytest.importorskip(module, reason=f"{module} (the extra pybridge-lean[docs]) is not installed")
    target = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(target)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=_quiet())
    assert done.returncode == 0, done.stderr[-4000:]
    return target


def _quiet() -> dict[str, str]:
    return {**__import__("os").environ, "NO_MKDOCS_2_WARNING": "1"}


def test_every_page_has_its_place() -> None:
    """All of docs/*.md stand in the navigation, and what stands there is a page or is made."""
    named = set(re.findall(r": ([\w-]+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE))
    assert {file.name for file in DOCS.glob("*.md")} == named - {"theorems.md", "api.md", "contributing.md"}


@pytest.mark.parametrize("page", EXAMPLES)
def test_examples_run(page: str) -> None:
    """The Python examples of a page, in their order."""
    blocks = re.findall(r"^```python\n(.*?)^```", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert len(blocks) == EXAMPLES[page]
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, page, "exec"), names)  # noqa: S102


def test_no_page_is_left_without_its_examples_run() -> None:
    """A page with Python examples is tested here or in the files named above."""
    elsewhere = {"testing.md", "compiled.md", "batch.md", "sympy.md", "bridge.md", "commands.md"}
    with_examples = {file.name for file in DOCS.glob("*.md") if "```python" in file.read_text(encoding="utf-8")}
    assert with_examples == {"index.md", *elsewhere}


def test_pages_made_of_the_export(script: ModuleType) -> None:
    """Every theorem and definition has its formula, statement and place; every public name its docstring."""
    pages = script.made()
    export = load()
    for one in (*export.theorems.values(), *export.definitions.values()):
        assert f"### `{one.name}` {{ #{one.name} }}" in pages["theorems.md"]
        assert f"({one.file.removesuffix('.lean')}.md#L-0-{one.line})" in pages["theorems.md"]
    assert pages["theorems.md"].count('class="formula"') >= len(export.theorems) + len(export.definitions)
    for name in pybridge.__all__:
        assert re.search(rf"^(::: [\w.]+\.{name}|## pybridge\.{name})$", pages["api.md"], re.MULTILINE), name


def test_formulas_become_mathml(script: ModuleType) -> None:
    """Blocks and inline ones, each of several, but not what stands in code."""
    page = SimpleNamespace(file=SimpleNamespace(src_uri="a.md"))
    text = "a $`\\hat{y}`$ b\n\n```math\nx^2\n```\n\n```python\nx = '$`y`$'\n```\n\n```math\nz\n```\n\n"
    text += "<!-- formula of (7): a -->\n```math\nx\n```\n<!-- as text: y -->\n<!-- end -->\n"
    found = script.on_page_markdown(text, page)
    assert found.count('<div class="formula">') == 3
    assert found.count("<math") >= 5
    assert "```math" not in found
    assert "as text" not in found
    assert "```python\nx = '$`y`$'\n```" in found


def test_bars_in_the_code_of_a_table(script: ModuleType) -> None:
    """They are bars, and one outside of code stays escaped."""
    page = SimpleNamespace(file=SimpleNamespace(src_uri="a.md"))
    assert script.on_page_markdown("| `\\|x\\|` | a \\| b |\n`\\|`\n", page) == "| `|x|` | a \\| b |\n`\\|`\n"


def test_files_of_the_repository_become_pages(script: ModuleType) -> None:
    """A Lean file with its line, and what CONTRIBUTING.md is there; the map gives way to the page that has it with formulas."""
    page = SimpleNamespace(file=SimpleNamespace(src_uri="a.md"))
    text = "[a](../lean/BatchNorm/Defs.lean#L7) [b](../lean/BatchNorm.lean) [c](../CONTRIBUTING.md)\n"
    text += "<!-- map: x -->\n|a|\n<!-- end -->\n"
    found = script.on_page_markdown(text, page)
    assert found.startswith("[a](lean/BatchNorm/Defs.md#L-0-7) [b](lean/BatchNorm.md) [c](contributing.md)\n")
    assert "|a|" not in found
    assert "](theorems.md)" in found
    assert "](docs/" not in script.made()["contributing.md"]


def test_long_names_break_at_their_joints(script: ModuleType) -> None:
    """In running text and in tables, and never in a block of code or where a short one stands."""
    found = script.breakable(
        "<td><code>BatchNorm.norm_sq_backward</code></td><pre><code>norm_sq_backward</code></pre><code>y_i</code>"
    )
    assert found.startswith("<td><code>BatchNorm.<wbr>norm_<wbr>sq_<wbr>backward</code></td>")
    assert found.endswith("<pre><code>norm_sq_backward</code></pre><code>y_i</code>")
    assert script.breakable("<code>AnotherFunction</code>") == "<code>Another<wbr>Function</code>"
    issue = script.breakable("<td>an-owner/a.name#17</td><p>an-owner/a.name#17</p>")
    assert issue == "<td>an-owner/<wbr>a.name<wbr>#17</td><p>an-owner/a.name#17</p>"


def test_options_do_not_break(script: ModuleType) -> None:
    """At no hyphen of theirs; the name of a file may, and a block of code is as it was."""
    found = script.breakable("<code>check --limit-time 8h -o a-b</code><pre><code>--json</code></pre>")
    options = '<span class="whole">--limit-time</span> 8h <span class="whole">-o</span>'
    assert found == f"<code>check {options} a-b</code><pre><code>--json</code></pre>"


def test_formulas_break_before_their_relation(script: ModuleType) -> None:
    """Those that a page has written itself, too; what is assumed stands apart."""
    page = SimpleNamespace(file=SimpleNamespace(src_uri="a.md"))
    found = script.on_page_markdown("```math\na = b \\qquad c\n```\n", page)
    assert found.count("<span>") == 2
    assert found.count('<span class="apart">') == 1


def test_links_that_lead_nowhere_are_found(script: ModuleType, tmp_path: Path) -> None:
    """A missing page, a missing place in a page, a missing image, and one from a network."""
    (tmp_path / "a.html").write_text(
        '<p id="here"><a href="#here">1</a><a href="#gone">2</a><a href="b.html">3</a><a href="https://example.org">4</a>'
        '<img src="c.png"><script src="https://example.org/x.js"></script></p>',
        encoding="utf-8",
    )
    assert sorted(script.problems(tmp_path)) == [
        "a.html links to #gone: there is no such place in that page",
        "a.html links to b.html, which is not there",
        "a.html loads c.png, which is not there",
        "a.html loads https://example.org/x.js, from a network",
    ]


def test_the_pictures_are_those_of_the_report() -> None:
    """docs/pictures are made by scripts/pictures.py; their words have the numbers of today's export."""
    for module in ("matplotlib", "jinja2", "math_core"):
        pytest.importorskip(module, reason=f"{module} (the extra pybridge-lean[report]) is not installed")
    spec = importlib.util.spec_from_file_location("pictures", ROOT / "scripts" / "pictures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = module.pictures()
    shots = {"report-light.png", "report-dark.png"}  # by Chromium, so that they are not made here
    assert {file.name for file in (DOCS / "pictures").iterdir()} == {*made, *shots}
    for name, text in made.items():
        kept = (DOCS / "pictures" / name).read_text(encoding="utf-8")
        assert _said(kept) == _said(text), "python scripts/pictures.py"
        assert ("prefers-color-scheme" in kept) != name.endswith(("-light.svg", "-dark.svg"))
        assert 'xmlns="http://www.w3.org/2000/svg"' in kept
    light, dark = ((DOCS / "pictures" / f"projection-{name}.svg").read_text(encoding="utf-8") for name in ("light", "dark"))
    assert light != dark
    for name in shots:
        shot = (DOCS / "pictures" / name).read_bytes()
        assert shot.startswith(b"\x89PNG")
        assert tuple(int.from_bytes(shot[at : at + 4], "big") for at in (16, 20)) == (module.WIDTH, module.HEIGHT)
        assert len(shot) < 100_000


def _said(svg: str) -> str:
    (words,) = re.findall(r"<desc[^>]*>(.*?)</desc>", svg, re.DOTALL)
    return words


@pytest.mark.docs
def test_the_site_is_whole(site: Path, script: ModuleType) -> None:
    """It was built without a warning; its links are followed here once more, and its formulas are MathML."""
    assert list(script.problems(site)) == []
    derivation = (site / "derivation.html").read_text(encoding="utf-8")
    assert derivation.count("<math") >= 10
    assert 'href="theorems.html#BatchNorm.norm_sq_backward"' in derivation
    assert "<code>" in (site / "api.html").read_text(encoding="utf-8")
    assert (site / "lean" / "BatchNorm" / "Defs.html").exists()
    assert (site / "changelog.html").exists() == (ROOT / "CHANGELOG.md").exists()


@pytest.mark.docs
@pytest.mark.browser
@pytest.mark.parametrize("page", ["index", "derivation", "theorems", "api", "fidelity"])
def test_the_site_in_a_browser(site: Path, page: str, tmp_path: Path) -> None:
    """On a telephone no page is wider than the screen, nothing comes from a network, and images have their words."""
    seen = looked_at(site / f"{page}.html", 390, tmp_path)
    assert seen.found["scrolls"] <= seen.found["width"]
    assert [name for name in seen.found["resources"] if not name.startswith("file:")] == []
    assert all(alt for _, alt in seen.found["images"])
    shutil.rmtree(tmp_path, ignore_errors=True)
