"""The worked example of docs/bridge.md, another project's export: its files, its export and what the page prints."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from pybridge.artifact.graph import graph_of
from pybridge.artifact.two_graphs import compare
from pybridge.cli import app
from pybridge.export.loading import Fresh, load

ROOT = Path(__file__).resolve().parents[2]
GATE = ROOT / "examples" / "gate"
EXPORT = GATE / "python" / "gate" / "export.json"
PAGE = (ROOT / "docs" / "bridge.md").read_text(encoding="utf-8")
OUTPUTS = re.findall(r"<!-- output: (\w+) -->\n```console\n\$ pybridge (.*?)\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("file", ["lakefile.lean", "lean/Gate.lean", "lean/Export.lean"])
def test_the_page_prints_the_files(file: str) -> None:
    """Word for word, but for the licence above them and what a docstring of the file says of it."""
    (text,) = re.findall(rf"<!-- example: {file} -->\n```lean\n(.*?)```", PAGE, re.DOTALL)
    written = (GATE / file).read_text(encoding="utf-8")
    assert text.strip() == re.sub(r"\A/-\nCopyright.*?-/\n", "", written, flags=re.DOTALL).strip()


def test_its_export_is_of_its_sources() -> None:
    """Fresh, by the hashes of the Lean files beside it, with what Lean recorded of the proofs."""
    export = load(EXPORT)
    assert export.freshness == Fresh(GATE)
    assert list(export.theorems) == ["Gate.forward_apply", "Gate.forward_comm"]
    assert graph_of(export).rests_on["Gate.forward_comm"] == ("Gate.forward_apply",)
    assert compare(export).differences == ()


@pytest.mark.parametrize(("name", "command", "printed"), OUTPUTS, ids=[one[0] for one in OUTPUTS])
def test_the_page_prints_what_the_commands_do(
    name: str, command: str, printed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As they are run in the folder of the example; in the checkout, since what was not done depends on it."""
    monkeypatch.chdir(GATE)
    monkeypatch.setattr(sys, "argv", ["pybridge", *command.split(), *(["--jobs", "1"] if name != "show" else [])])
    with pytest.raises(SystemExit) as stopped:
        app.main()
    out, err = capsys.readouterr()
    assert err == ""
    assert stopped.value.code == (1 if name == "mutate" else 0)
    assert out.partition("not done here:")[0].strip() == printed.strip()


def test_there_are_outputs() -> None:
    """The three that the page announces."""
    assert [one[0] for one in OUTPUTS] == ["check", "show", "mutate"]


def test_the_python_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """The example runs as it stands."""
    (block,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    monkeypatch.chdir(GATE)
    exec(compile(block, "bridge.md", "exec"), {})  # noqa: S102
