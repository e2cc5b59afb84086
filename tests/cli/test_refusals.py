"""Whatever goes wrong is one line on stderr and an exit code: names, options, exports, tools."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command import FAST, Run, only_line

from pybridge.export.loading import dumps, hash_sources, load, seal


def test_no_theorems_is_not_a_pass(run: Run, written: Callable[[dict[str, Any]], str], document: dict[str, Any]) -> None:
    """An export without theorems checks nothing: exit 1, for `list` too."""
    path = written({**document, "theorems": []})
    for command in (("check", *FAST), ("list",)):
        code, out, err = run(*command, "--export", path)
        assert (code, out) == (1, "")
        assert "holds no theorem" in only_line(err)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("check", "norm_sq_bakward"), 2, "no theorem is called 'norm_sq_bakward'"),
        (("show", "nothing_like_it_at_all"), 2, "no theorem or definition is called"),
        (("check", "--families", "nonsense"), 2, "no family is called 'nonsense'"),
        (("check", "--families", ","), 2, "--families: ',' has an empty item"),
        (("check", "--families", "random,,scales"), 2, "--families: 'random,,scales' has an empty item"),
        (("check", "--families", "integers", "--batch", "integers-m999"), 1, "no batch is called 'integers-m999'"),
        (("check", "--seed", "-1"), 2, "seed"),
        (("check", "--nonsense"), 2, "nonsense"),
        (("nonsense",), 2, "nonsense"),
    ],
)
def test_wrong_commands(run: Run, good: str, arguments: tuple[str, ...], code: int, said: str) -> None:
    """Unknown theorems, families, batches and options: a message on stderr, nothing on stdout, no traceback."""
    with_export = arguments if arguments == ("nonsense",) else (*arguments, "--export", good)
    found, out, err = run(*with_export)
    assert (found, out) == (code, "")
    assert said in err
    assert "Traceback" not in err


def test_unknown_name_suggests(run: Run, good: str) -> None:
    """A misspelt name lists the close ones."""
    name = next(iter(load(Path(good)).theorems))
    code, _, err = run("check", f"{name}x", "--export", good)
    assert code == 2
    assert f"did you mean {name}" in only_line(err)


def test_refused_exports(run: Run, good: str, tmp_path: Path) -> None:
    """Missing, truncated, edited: exit 4 and one line that says which, for every command that reads the export."""
    text = Path(good).read_text(encoding="utf-8")
    broken = tmp_path / "broken.json"
    for content, said in (
        (None, "there is no export"),
        (text[: len(text) // 2], "ends after"),
        (text.replace("add", "sub", 1), "edited"),
    ):
        broken.unlink(missing_ok=True)
        if content is not None:
            broken.write_text(content, encoding="utf-8")
        for command in (("check",), ("list",), ("show", "x")):
            code, out, err = run(*command, "--export", str(broken))
            assert (code, out) == (4, ""), command
            assert said in only_line(err)
            assert "pybridge extract" not in err, "it writes another file than this one"


def test_stale_export(run: Run, document: dict[str, Any], tmp_path: Path) -> None:
    """One byte changed in a Lean source beside the export: exit 4, naming the file and the command; fresh before that."""
    lean = tmp_path / "lean"
    lean.mkdir()
    source = lean / "A.lean"
    source.write_text("theorem a : True := trivial\n", encoding="utf-8")
    document["sources"] = [{"file": file, "sha256": digest} for file, digest in hash_sources(tmp_path).items()]
    data = tmp_path / "pybridge" / "data"
    data.mkdir(parents=True)
    (data / "export.json").write_text(dumps(seal(document)), encoding="utf-8")
    name = document["theorems"][0]["name"]
    code, out, _ = run("check", name, "--export", str(data / "export.json"), *FAST)
    assert code == 0
    assert "fresh" in out
    assert "export not compared" not in out
    source.write_text("theorem a : True := trivial \n", encoding="utf-8")
    code, out, err = run("check", name, "--export", str(data / "export.json"), *FAST)
    assert (code, out) == (4, "")
    assert "stale: lean/A.lean has changed" in only_line(err)
    assert "write it again where it comes from" in err


def test_extract_without_lean(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without `lake`: one line, exit 3."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for arguments in (("extract",), ("extract", "--check")):
        code, out, err = run(*arguments)
        assert (code, out) == (3, "")
        assert "no `lake` on PATH" in only_line(err)
