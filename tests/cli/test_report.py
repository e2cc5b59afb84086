"""`pybridge report`: where the page goes, what is checked for it, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import FAST, Run, only_line

from pybridge.errors import install

for _module in ("matplotlib", "jinja2", "math_core"):
    pytest.importorskip(_module, reason=f"{_module} (the extra pybridge-lean[report]) is not installed")


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """No plots: they are tested elsewhere."""
    monkeypatch.setattr("pybridge.reporting.report._drawings", lambda *_: [])


@pytest.mark.usefixtures("drawn")
def test_it_writes_a_page(run: Run, good: str, tmp_path: Path) -> None:
    """The theorems named are checked, and the page says which command writes it."""
    target = tmp_path / "page.html"
    code, out, err = run("report", "sum_normalize", "-o", str(target), *FAST, "--mutants", "none", "--export", good)
    assert (code, err) == (0, "")
    assert only_line(out).startswith(f"{target}: ")
    html = target.read_text(encoding="utf-8")
    assert "<strong>1 of 1</strong> theorems" in html
    assert "pybridge report sum_normalize --families integers,random --max-size 5 --mutants none" in html
    assert "families scales, offset" in html  # what was not done


@pytest.mark.usefixtures("drawn")
def test_it_writes_to_stdout(run: Run, good: str) -> None:
    """`-o -`: the page, and nothing else."""
    code, out, err = run("report", "sum_normalize", "-o", "-", *FAST, "--mutants", "checked", "--export", good)
    assert (code, err) == (0, "")
    assert out.startswith("<!doctype html>")
    assert out.rstrip().endswith("</html>")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["nosuch"], 2, "no theorem is called 'nosuch'"),
        (["--mutants", "nosuch"], 2, "no theorem is called 'nosuch'"),
        (["--families", "nosuch"], 2, "no family is called 'nosuch'"),
        (["--all", "sum_normalize"], 2, "--all checks all theorems; leave out the names, or --all"),
        (["-o", "page.pdf"], 2, "-o: page.pdf is not named as a page; the report is HTML: end the name in .html"),
        (
            ["-o", "/nosuch/page.html"],
            1,
            "cannot write /nosuch/page.html: No such file or directory; choose another place for -o",
        ),
    ],
)
def test_what_is_refused(run: Run, good: str, tmp_path: Path, arguments: list[str], code: int, said: str) -> None:
    """One line, and no page."""
    target = tmp_path / "page.html"
    place = [] if "-o" in arguments else ["-o", str(target)]
    found, out, err = run("report", *arguments, *place, "--export", good)
    assert (found, out) == (code, "")
    assert said in only_line(err)
    assert not target.exists()


def test_without_the_extra(run: Run, good: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what to install, before anything is computed."""
    monkeypatch.setitem(__import__("sys").modules, "jinja2", None)
    code, out, err = run("report", "-o", str(tmp_path / "page.html"), "--export", good)
    assert (code, out) == (3, "")
    assert only_line(err) == f"pybridge: Jinja2 is not installed; `{install('report')}`"
