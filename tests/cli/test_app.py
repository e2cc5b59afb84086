"""The command: exit codes, what is printed and what is not, and one line for everything that goes wrong."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from encoding import proposition

from pybridge import ir
from pybridge.cli import app as cli
from pybridge.cli.proofs import SHOWN, how, lines
from pybridge.export.loading import DEFAULT, Export, dumps, load, seal
from pybridge.mutation.mutants import ConclusionMutant, mutants
from pybridge.mutation.survivors import Explanation, read
from pybridge.proving.prove import Proved

Run = Callable[..., tuple[int, str, str]]
WRONG = "BatchNorm.norm_sq_backward"
FAST = ("--families", "integers,random", "--max-size", "5")


@pytest.fixture
def document() -> dict[str, Any]:
    """The committed export as JSON, to be changed at will."""
    loaded: dict[str, Any] = json.loads(DEFAULT.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in this process; returns exit code, stdout and stderr."""

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["pybridge", *arguments])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        out, err = capsys.readouterr()
        assert isinstance(stopped.value.code, int)
        return stopped.value.code, out, err

    return call


@pytest.fixture
def written(tmp_path: Path) -> Callable[[dict[str, Any]], str]:
    """Write a document, sealed, outside of any checkout; returns its path."""

    def write(changed: dict[str, Any]) -> str:
        path = tmp_path / "export.json"
        path.write_text(dumps(seal(changed)), encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def good(document: dict[str, Any], written: Callable[[dict[str, Any]], str]) -> str:
    """A copy of the committed export, outside of any checkout."""
    return written(document)


def wrong(document: dict[str, Any]) -> dict[str, Any]:
    """The document with a mutant of (7ε) in place of it."""
    export = load(check_sources=False)
    mutant = next(m for m in mutants(export.theorem(WRONG), export.definitions) if m.id.endswith("right.right:to-plus"))
    assert isinstance(mutant, ConclusionMutant)
    changed = copy.deepcopy(document)
    (theorem,) = (theorem for theorem in changed["theorems"] if theorem["name"] == WRONG)
    theorem["conclusion"] = proposition(mutant.theorem.conclusion)
    return changed


def only_line(text: str) -> str:
    """The text's only line."""
    (line,) = text.splitlines()
    return line


def test_check_agrees(run: Run, good: str, document: dict[str, Any]) -> None:
    """Everything agrees: exit 0, a row per theorem, a footer of what was not done, nothing on stderr when it is no terminal."""
    code, out, err = run("check", "--export", good, *FAST)
    assert (code, err) == (0, "")
    rows = [line for line in out.splitlines() if line.endswith("agrees")]
    assert len(rows) == len(document["theorems"]) + 0
    assert all(f"Lean {document['lean']['version']} (not re-run)" in row for row in rows)
    assert f"{len(rows)} of {len(rows)} theorems agree" in out
    assert "proof not re-checked" in out
    assert "export not compared with its sources" in out
    assert "families scales" in out
    assert "REFUTED" not in out
    assert "\x1b" not in out


def test_plain_output_is_stable(run: Run, good: str) -> None:
    """Two runs print the same, so that output can be compared and grepped."""
    assert run("check", "--export", good, *FAST) == run("check", "--export", good, *FAST)


def test_footer_names_missing_lean(run: Run, good: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without Lean on PATH the footer says so and how to get it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    code, out, _ = run("check", "--export", good, *FAST)
    assert code == 0
    assert "proof not re-checked: no Lean on PATH" in out


def test_check_refuted(run: Run, written: Callable[[dict[str, Any]], str], document: dict[str, Any]) -> None:
    """A changed sign: exit 1, the witness to paste, whose fault it is, and a command that repeats it, and does."""
    path = written(wrong(document))
    code, out, _ = run("check", WRONG, "--export", path)
    assert code == 1
    assert f"REFUTED {WRONG}" in out
    assert "disjoint: a proof that this statement is false for this batch" in out
    assert "at fault is the bridge" in out
    assert "0 of 1 theorems agree" in out
    assert not re.search(r"\bagrees$", out, re.MULTILINE)
    again = next(line for line in out.splitlines() if line.startswith("repeat: ")).split()[2:]
    code, out, _ = run(*again)
    assert code == 1
    assert f"REFUTED {WRONG}" in out


def test_check_json(run: Run, good: str, tmp_path: Path, document: dict[str, Any]) -> None:
    """--json writes every theorem's verdict beside the table, and to stdout instead of it for `-`."""
    target = tmp_path / "out.json"
    code, out, _ = run("check", "--export", good, *FAST, "--json", str(target))
    written_results = json.loads(target.read_text(encoding="utf-8"))
    assert (code, written_results["exitCode"]) == (0, 0)
    assert "theorems agree" in out
    assert [t["name"] for t in written_results["theorems"]] == [t["name"] for t in document["theorems"]]
    assert {t["verdict"] for t in written_results["theorems"]} == {"agrees"}
    assert written_results["notDone"]
    code, out, _ = run("check", "--export", good, *FAST, "--json", "-")
    assert json.loads(out)["exitCode"] == code == 0


def test_json_holds_the_witness(
    run: Run, written: Callable[[dict[str, Any]], str], document: dict[str, Any], tmp_path: Path
) -> None:
    """A refutation's witness is in the JSON, exact."""
    target = tmp_path / "out.json"
    run("check", WRONG, "--export", written(wrong(document)), "--json", str(target))
    (theorem,) = json.loads(target.read_text(encoding="utf-8"))["theorems"]
    assert theorem["verdict"] == "refuted"
    assert theorem["witness"]["values"]
    assert theorem["witness"]["left"] != theorem["witness"]["right"]


@pytest.mark.parametrize("command", ["check", "mutate", "prove"])
def test_json_that_cannot_be_written(run: Run, good: str, tmp_path: Path, command: str) -> None:
    """A --json file in no folder, or that is one: one line and exit 1, before anything is run."""
    for target in (tmp_path / "no" / "out.json", tmp_path):
        code, out, err = run(command, "--export", good, "--json", str(target))
        assert (code, out) == (1, "")
        assert "cannot write" in only_line(err)


def test_json_is_tried_and_nothing_lost(run: Run, good: str, tmp_path: Path) -> None:
    """Where the run itself is refused, an earlier file stays as it was, and where there was none there is none."""
    old, new, link = tmp_path / "old.json", tmp_path / "new.json", tmp_path / "link.json"
    old.write_text("results", encoding="utf-8")
    link.symlink_to(new)
    for target in (old, new, link):
        assert run("check", "no_such_theorem", "--export", good, "--json", str(target))[0] == 2
    assert old.read_text(encoding="utf-8") == "results"
    assert not new.exists()
    assert run("prove", "variance_nonneg", "--export", good, "--json", str(link))[0] == 0
    assert new.exists()


def test_check_one_by_its_short_name(run: Run, good: str) -> None:
    """A theorem may be named without its namespace; the footer says that others were left out."""
    name = next(iter(load(Path(good)).theorems))
    code, out, _ = run("check", name.rpartition(".")[2], "--export", good, *FAST)
    assert code == 0
    assert "1 of 1 theorems agree" in out
    assert "other theorems" in out


def test_vacuous_is_not_a_pass(run: Run, written: Callable[[dict[str, Any]], str], document: dict[str, Any]) -> None:
    """A theorem whose hypotheses nothing satisfies exits 1 and says vacuous."""
    theorem = document["theorems"][0]
    zero = {"nat": {"value": 0}}
    theorem["hypotheses"] = [{"name": "h", "statement": "0 < 0", "proposition": {"lt": {"left": zero, "right": zero}}}]
    code, out, _ = run("check", theorem["name"], "--export", written(document), *FAST)
    assert code == 1
    assert "vacuous (0 of " in out
    assert "0 of 1 theorems agree" in out


def test_undecided_says_what_stayed_open(run: Run, written: Callable[[dict[str, Any]], str], document: dict[str, Any]) -> None:
    """A strict inequality between equal roots is undecided: exit 1, with the batch and the highest precision."""
    theorem = document["theorems"][0]
    root = {"sqrt": {"arg": {"nat": {"value": 2}}}}
    theorem["conclusion"] = {"lt": {"left": {"mul": {"left": root, "right": root}}, "right": {"nat": {"value": 2}}}}
    theorem["hypotheses"] = []
    code, out, _ = run("check", theorem["name"], "--export", written(document), "--families", "integers", "--max-size", "1")
    assert code == 1
    assert "undecided (1 of 1)" in out
    assert "at 4096 bits on integers-m1-s0.0" in out
    assert "repeat: pybridge check" in out


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
            assert "pybridge extract" in err


def test_stale_export(run: Run, document: dict[str, Any], tmp_path: Path) -> None:
    """One byte changed in a Lean source beside the export: exit 4, naming the file and the command; fresh before that."""
    lean = tmp_path / "lean"
    lean.mkdir()
    source = lean / "A.lean"
    source.write_text("theorem a : True := trivial\n", encoding="utf-8")
    from pybridge.export.loading import hash_sources

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
    assert "pybridge extract" in err


def test_list_and_show(run: Run, good: str, document: dict[str, Any]) -> None:
    """`list` has a row per theorem; `show` has docstring, Lean statement, LaTeX and place, for definitions too."""
    code, out, _ = run("list", "--export", good)
    assert code == 0
    assert len(out.splitlines()) == len(document["theorems"]) + 1
    theorem = document["theorems"][0]
    code, out, _ = run("show", theorem["name"], "--export", good)
    assert code == 0
    assert f"{theorem['file']}:{theorem['line']}" in out
    assert theorem["docstring"].strip().splitlines()[0] in out
    assert "Lean:" in out
    assert "LaTeX:" in out
    definition = document["definitions"][-1]
    code, out, _ = run("show", definition["name"].removeprefix("BatchNorm."), "--export", good)
    assert code == 0
    assert f"{definition['name']}  definition" in out


def test_extract_without_lean(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without `lake`: one line, exit 3."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for arguments in (("extract",), ("extract", "--check")):
        code, out, err = run(*arguments)
        assert (code, out) == (3, "")
        assert "no `lake` on PATH" in only_line(err)


def test_installed_command(good: str) -> None:
    """As a program, piped: exit code, UTF-8 whatever the locale, no escape codes."""
    result = subprocess.run(
        [sys.executable, "-c", "from pybridge.cli.app import main; main()", "list", "--export", good],
        capture_output=True,
        check=False,
        env={"PATH": "", "LC_ALL": "C", "PYTHONPATH": str(DEFAULT.parents[2])},
    )
    assert result.returncode == 0, result.stderr
    assert "theorem" in result.stdout.decode("utf-8")
    assert b"\x1b" not in result.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("command", [("list",), ("check", "variance_nonneg", "--json", "-"), ("show", "mean"), ("--help",)])
def test_output_that_cannot_be_written(command: tuple[str, ...]) -> None:
    """A full disk: one line, exit 1, and nothing more as the interpreter ends."""
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            [sys.executable, "-m", "pybridge", *command], stdout=full, stderr=subprocess.PIPE, check=False, text=True
        )
    assert result.returncode == 1
    assert only_line(result.stderr).startswith("pybridge: cannot write the output: No space left on device")


def test_mutate_one_definition(run: Run, good: str, tmp_path: Path) -> None:
    """A row, everything refuted or explained, exit 0; the JSON has each mutant with its witness or reason."""
    target = tmp_path / "out.json"
    code, out, err = run("mutate", "scale", "--jobs", "1", "--export", good, "--json", str(target))
    assert (code, err) == (0, "")
    row = next(line.split() for line in out.splitlines() if line.startswith("definition"))
    results = json.loads(target.read_text(encoding="utf-8"))
    assert row[:3] == ["definition", "scale", str(len(results["mutants"]))]
    assert results["exitCode"] == 0
    assert all(mutant.get("witness") or mutant["reason"] for mutant in results["mutants"])


def test_mutate_one_mutant_shows_the_witness(run: Run, good: str) -> None:
    """By its id, with the batch to paste."""
    code, out, _ = run("mutate", "norm_sq_backward:conclusion.right.right:to-plus", "--export", good)
    assert code == 0
    assert "refuted: BatchNorm.norm_sq_backward is false on the batch" in out
    assert "'g': [" in out


def test_mutate_unexplained_survivor(run: Run, good: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the list of reasons a true mutant is unexplained: exit 1, and it is named with its change."""
    monkeypatch.setattr("pybridge.mutation.survivors.read", dict)
    code, out, _ = run("mutate", "variance_smul", "--jobs", "1", "--export", good)
    assert code == 1
    assert "variance_smul:conclusion.left.args.0:negated" in out
    assert "a • y becomes (-a) • y" in out


def test_mutate_stale_list(run: Run, good: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that names no mutant is an error."""
    entry = Explanation(reason="because", proved=[], vacuous=False, mutants=["scale:body:gone"])
    monkeypatch.setattr("pybridge.mutation.survivors.read", lambda: {"scale:body:gone": entry})
    code, out, _ = run("mutate", "scale", "--jobs", "1", "--export", good)
    assert code == 1
    assert "scale:body:gone: explained, but there is no such mutant" in out


@pytest.mark.parametrize("arguments", [("mean",), ("scale:body:without",), ("mean", "scale:body:without")])
def test_mutate_stale_list_whatever_is_run(
    run: Run, good: str, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    """An entry that names no mutant of any declaration is an error in every run; one that others answer for is none."""
    entry = Explanation(reason="because", proved=[], vacuous=False, mutants=["-"])
    gone = "nrm_sq_backward:h:dropped"
    for name, passes in (("norm_sq_backward:h:dropped", True), (gone, False)):
        monkeypatch.setattr("pybridge.mutation.survivors.read", lambda name=name: {name: entry})
        code, out, _ = run("mutate", *arguments, "--jobs", "1", "--export", good)
        assert (code == 0) is passes
        assert (f"{gone}: explained, but there is no such mutant" in out) is not passes


def test_mutants_are_named_with_or_without_namespace(run: Run, good: str) -> None:
    """As their declarations are; the id that is printed is the same, and one asked for twice is run once."""
    outputs = [
        run("mutate", *names, "--export", good) for names in (("scale:body:without",), ("BatchNorm.scale:body:without",))
    ]
    both = run("mutate", "scale:body:without", "BatchNorm.scale:body:without", "--export", good)
    assert outputs[0] == outputs[1] == both
    assert outputs[0][0] == 0
    assert "\nscale:body:without\n" in outputs[0][1]


def test_explanations_of_a_declaration_named_without_its_namespace(run: Run, good: str) -> None:
    """An entry applies to its mutant however the declaration is named, in other namespaces than BatchNorm, too."""
    name = next(name for name in read() if name.startswith("LayerNorm."))
    code, out, _ = run("mutate", name.removeprefix("LayerNorm."), "--export", good)
    assert code == 0
    assert "explained: " in out


@pytest.mark.parametrize("name", ["nonsense", "scale:body:nonsense", "nonsense:body:without", "scale:"])
def test_mutate_unknown_name(run: Run, good: str, name: str) -> None:
    """A theorem, definition or mutant that does not exist: exit 2 and one line."""
    code, out, err = run("mutate", name, "--export", good)
    assert (code, out) == (2, "")
    assert "is called" in only_line(err)


def test_prove_says_what_was_proved_for_which_m(run: Run, good: str) -> None:
    """LaTeX, then a line for each size; exit 0."""
    code, out, _ = run("prove", "norm_sq_normalize_eps_zero", "--sizes", "1,2", "--export", good)
    assert code == 0
    assert "\\lVert" in out
    assert "m = 1: nothing to prove: the hypotheses exclude every batch of this size" in out
    assert "m = 2: proved: the residual reduces to 0 in " in out


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("norm_sq_backward", "the residual reduces to 0"),
        ("backward_eq_smul_sub_inner_smul", "the residual of each coordinate reduces to 0"),
        ("norm_sq_backward_le", "the difference of the sides is certainly ≥ 0"),
        ("variance_nonneg", "the difference of the sides is certainly ≥ 0"),
    ],
)
def test_prove_says_how(run: Run, good: str, tmp_path: Path, name: str, said: str) -> None:
    """An inequality has sides that differ: no residual of theirs is 0."""
    target = tmp_path / "out.json"
    code, out, _ = run("prove", name, "--sizes", "2", "--export", good, "--json", str(target))
    assert code == 0
    assert f"  m = 2: proved: {said} in " in out
    (theorem,) = json.loads(target.read_text(encoding="utf-8"))["theorems"]
    assert theorem["sizes"][0]["by"] == said


def test_how_other_statements_are_decided() -> None:
    """A strict inequality by its sign; an equivalence or a conjunction, which has no two sides, part by part."""
    zero, one = ir.Nat(0), ir.Nat(1)
    assert how(ir.Lt(zero, one)) == "the difference of the sides is certainly > 0"
    assert how(ir.Ne(zero, one)) == "the difference of the sides is certainly ≠ 0"
    for both in (ir.And, ir.Iff):
        assert how(both(ir.Eq(one, one), ir.Le(zero, one))) == "decided"


def test_prove_prints_short_lines_and_writes_everything(run: Run, good: str, tmp_path: Path) -> None:
    """The verdict comes first, then a few equations cut short; the JSON has them whole."""
    target = tmp_path / "out.json"
    code, out, _ = run("prove", "norm_sq_backward_lt_iff", WRONG, "--sizes", "3", "--export", good, "--json", str(target))
    assert code == 1
    assert "1 of 2 theorems proved" in out.splitlines()
    _, printed = out.split("  m = 3: proved: ")
    assert all(len(line) < 110 for line in printed.splitlines())
    results = json.loads(target.read_text(encoding="utf-8"))
    assert results["exitCode"] == 1
    undecided, proved = results["theorems"]
    assert (undecided["proved"], undecided["sizes"][0]["outcome"]) == (False, "not decided")
    assert (proved["proved"], proved["sizes"][0]["outcome"], proved["sizes"][0]["m"]) == (True, "proved", 3)
    assert max(map(len, proved["sizes"][0]["symbols"])) > 1000
    code, out, _ = run("prove", WRONG, "--export", good, "--json", "-")
    assert json.loads(out)["exitCode"] == code == 0


def test_prove_cuts_a_long_list(export: Export) -> None:
    """Of more symbols than are shown it is said how many there are."""
    printed = lines(export.theorem(WRONG), 2, Proved({}, 1, tuple(f"_{k}^2 = x" for k in range(SHOWN + 3))))
    assert printed[-1].strip() == "… and 3 more, see --json"
    assert len(printed) == SHOWN + 3


def test_prove_nothing_is_not_a_pass(run: Run, good: str, tmp_path: Path) -> None:
    """Where no size asked for has a batch, nothing is proved: exit 1."""
    target = tmp_path / "out.json"
    name = "norm_sq_normalize_eps_zero"
    code, out, _ = run("prove", name, "--sizes", "1", "--export", good, "--json", str(target))
    assert code == 1
    assert f"nothing proved of BatchNorm.{name}: its hypotheses exclude every batch of the sizes asked for" in out
    assert "0 of 1 theorems proved" in out
    (theorem,) = json.loads(target.read_text(encoding="utf-8"))["theorems"]
    assert theorem["sizes"] == [{"m": 1, "outcome": "nothing to prove"}]
    assert not theorem["proved"]


def test_prove_without_theorems(run: Run, written: Callable[[dict[str, Any]], str], document: dict[str, Any]) -> None:
    """An export without theorems proves nothing: one line, exit 1."""
    code, out, err = run("prove", "--export", written({**document, "theorems": []}))
    assert (code, out) == (1, "")
    assert "holds no theorem" in only_line(err)


def test_prove_does_not_prove_what_is_false(
    run: Run, written: Callable[[dict[str, Any]], str], document: dict[str, Any]
) -> None:
    """A mutant: a rational point at which it is false, exit 1."""
    code, out, _ = run("prove", WRONG, "--sizes", "2", "--export", written(wrong(document)))
    assert code == 1
    assert "m = 2: false, at the rational point {" in out


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ("", "empty item"),
        ("2,,3", "empty item"),
        ("0", "list of positive numbers"),
        ("two", "list of positive numbers"),
        ("2;3", "list of positive numbers"),
        ("17", "m = 17 is too large; the largest that is tried is 16"),
        ("2,1000000000000", "m = 1000000000000 is too large"),
        ("9" * 5000, "the largest that is tried is 16"),
    ],
)
def test_prove_bad_sizes(run: Run, good: str, sizes: str, said: str) -> None:
    """Sizes that are none, or that no memory is enough for: a wrong command, in one line."""
    code, out, err = run("prove", "--sizes", sizes, "--export", good)
    assert (code, out) == (2, "")
    assert said in only_line(err)


def test_prove_a_size_once(run: Run, good: str) -> None:
    """However often it is written."""
    assert run("prove", WRONG, WRONG, "--sizes", "2, 02,2", "--export", good) == run(
        "prove", WRONG, "--sizes", "2", "--export", good
    )
