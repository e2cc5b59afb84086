"""The start: help, version, completion, and what a command imports before it has something to run."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from command import Run, only_line

import pybridge
from pybridge.batches.generate import family_names
from pybridge.cli import options
from pybridge.export.loading import Export
from pybridge.proving.prove import MOST_ENTRIES

COMMANDS = ("list", "show", "doctor", "extract", "check", "sweep", "mutate", "prove", "graph", "cite", "schema", "seal", "dojo")
LIGHT = {"sympy", "flint", "numpy", "rich", "pybridge.ir", "pybridge.export", "pybridge.checking"}
"""And pydantic, which typer may import itself for the arguments of a command."""
READING = {"sympy", "flint", "numpy", "rich", "pybridge.semantics", "pybridge.batches", "pybridge.checking"}
IMPORTED = """
import sys
from pybridge.cli.app import main
sys.argv = ["pybridge", *sys.argv[1:]]
try:
    main()
finally:
    print(*sys.modules, file=sys.stderr)
"""


def imported(*arguments: str, **environment: str) -> set[str]:
    """The modules that a run of the command, piped, has imported by its end."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout
    return set(done.stderr.split())


@pytest.mark.parametrize(
    ("arguments", "without"),
    [
        (("--help",), {*LIGHT, "pydantic"}),
        (("--version",), {*LIGHT, "pydantic"}),
        *(((command, "--help"), LIGHT) for command in COMMANDS),
        (("list",), READING),
        (("list", "--json"), READING),
        (("show", "normalize"), READING),
        (("show", "variance_nonneg"), READING),
        (("cite", "normalize"), READING),
        (("graph", "7"), READING),
        (("schema", "check"), READING),
        (("show", "normalize_eps_zero_smul"), {"sympy", "rich"}),
        (("check", "mean", "--help"), LIGHT),
        (("check", "norm_sq_normalize", "--max-size", "2"), {"sympy", "rich"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_is_not_imported(arguments: tuple[str, ...], without: set[str]) -> None:
    """The start of a command is as fast as what it imports; times are for the benchmark."""
    assert imported(*arguments) & without == set()


def test_what_is_imported() -> None:
    """The test above sees what it would have to see."""
    heavy = {"flint", "numpy", "pydantic", "pybridge.checking.check", "pybridge.ir"}
    assert heavy <= imported("check", "norm_sq_normalize", "--max-size", "2")


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_both_names_of_help(run: Run, command: str) -> None:
    """`-h` and `--help`, of the command and of each of its commands, by the name that it is called by."""
    arguments = [command] if command else []
    short, long = run(*arguments, "-h"), run(*arguments, "--help")
    assert short == long
    assert (short[0], short[2]) == (0, "")
    assert short[1].startswith(f"Usage: pybridge {command}".strip())
    assert "-h, --help" in short[1]


@pytest.mark.parametrize("group", [(), ("dojo",)])
def test_no_description_is_cut(run: Run, monkeypatch: pytest.MonkeyPatch, group: tuple[str, ...]) -> None:
    """On 80 columns each command has one whole line."""
    monkeypatch.setenv("COLUMNS", "80")
    lines = run(*group, "--help")[1].partition("Commands:\n")[2].splitlines()
    assert len(lines) >= (3 if group else len(COMMANDS))
    for line in lines:
        assert line.startswith("  ")
        assert line[2] != " "  # a second line of one
        assert line.endswith(".")
        assert not line.endswith("...")


def test_the_report_says_once_what_is_checked_by_default(run: Run) -> None:
    """The chain; ``--all`` is for all."""
    said = " ".join(run("report", "--help")[1].split())
    assert "those of the chain (1) to (7ε) by default" in said
    assert "all by default" not in said


def test_version(run: Run) -> None:
    """That of the package."""
    assert run("--version") == (0, f"pybridge {pybridge.__version__}\n", "")


def test_what_the_help_knows_by_heart(run: Run) -> None:
    """What it may not import: the families, and the largest batch that is tried for a proof."""
    assert family_names() == options.FAMILIES
    assert options.LARGEST_PROOF == MOST_ENTRIES
    assert all(name in run("check", "--help")[1] for name in family_names())


def completed(words: str) -> list[str]:
    """What bash is offered for the last of the words."""
    environment = {"_PYBRIDGE_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
    done = subprocess.run(
        [sys.executable, "-m", "pybridge"], capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize("command", ["show", "check", "sweep", "mutate", "prove"])
def test_names_are_completed(command: str, export: Export) -> None:
    """Theorems and definitions without the namespace, and equations."""
    names = [name.removeprefix("BatchNorm.") for name in (*export.theorems, *export.definitions)]
    assert completed(f"pybridge {command} norm_sq_b") == [name for name in names if name.startswith("norm_sq_b")]
    assert completed(f"pybridge {command} 7") == ["7", "7ε"]
    assert completed(f"pybridge {command} Thm") == ["Thm4.1", "Thm4.2", "Thm4.4"]
    assert "RMSNorm.scale" in completed(f"pybridge {command} RMSNorm.")


def test_families_are_completed() -> None:
    """The last of the list."""
    assert completed("pybridge check --families random,sc") == ["random,scales"]


def test_names_of_no_export(tmp_path) -> None:
    """Nothing is offered, and nothing is said: the command says it."""
    broken = tmp_path / "broken.json"
    broken.write_text('{"theorems": 3}', encoding="utf-8")
    for path in (broken, tmp_path / "none.json"):
        assert completed(f"pybridge show --export {path} norm") == []


def test_completion_imports_little() -> None:
    """It runs at every press of a key."""
    words = {"_PYBRIDGE_COMPLETE": "complete_bash", "COMP_WORDS": "pybridge show norm", "COMP_CWORD": "2"}
    assert imported(**words) & {"sympy", "flint", "numpy", "rich", "pybridge.ir"} == set()


def test_unknown_command(run: Run) -> None:
    """Usage, and exit 2."""
    code, out, err = run("lst")
    assert (code, out) == (2, "")
    assert "No such command 'lst'" in err
    assert only_line(err.splitlines()[0]).startswith("Usage: pybridge ")
