"""A short run of the fuzzer: damaged exports are refused in one line, or are the recorded one, or carry another digest."""

from __future__ import annotations

import importlib.util
import random
import sys
from pathlib import Path

import pytest

from pybridge.export.loading import DEFAULT, load

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "fuzz.py"


@pytest.fixture(scope="module")
def fuzz():
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("fuzz", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules["fuzz"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["fuzz"]


@pytest.mark.parametrize("count", [30, pytest.param(600, marks=pytest.mark.slow)])
@pytest.mark.parametrize("target", ["load", "check"])
def test_damaged_exports(fuzz, target, count):
    """None is a finding; some are refused, and each kind of mutator is at work."""
    findings = []
    seen = fuzz.run(
        range(count), 1, target, 30.0, lambda number, outcome: outcome.finding and findings.append((number, outcome))
    )
    assert findings == []
    assert sum(seen.values()) == count
    assert {"refused: ExportInvalid", "refused: ExportEdited"} <= set(seen)


def test_the_fuzzer_can_find(fuzz, tmp_path, monkeypatch):
    """An accepted change under the recorded digest, and an exception that is none of pybridge's, are findings."""
    recorded = load(check_sources=False)
    path = tmp_path / "export.json"
    path.write_bytes(DEFAULT.read_bytes())
    other = type(recorded)(**{name: getattr(recorded, name) for name in recorded.__slots__} | {"theorems": {}})
    assert "says something else" in fuzz.attempt(path, other, "load").finding
    monkeypatch.setattr(fuzz, "attempt", lambda *_: 1 / 0)
    assert fuzz.run(range(2), 0, "load", 30.0)["uncaught"] == 2


def test_inputs_depend_on_their_number_alone(fuzz):
    """The same seed and number give the same bytes."""
    original = DEFAULT.read_bytes()
    first, again, other = (fuzz.written(random.Random(name), original) for name in ("0/7", "0/7", "0/8"))
    assert first == again != other


@pytest.mark.parametrize(
    "arguments", ["--count 0", "--count -3", "--count x", "--first -1", "--only -2", "--limit 0", "--limit nan"]
)
def test_a_run_of_nothing_is_refused(fuzz, arguments, monkeypatch, capsys):
    """No inputs have no findings: one line, exit 2."""
    monkeypatch.setattr(sys, "argv", ["fuzz.py", *arguments.split()])
    with pytest.raises(SystemExit) as stopped:
        fuzz.main()
    out, err = capsys.readouterr()
    assert (stopped.value.code, out) == (2, "")
    (line,) = err.splitlines()
    assert f"argument {arguments.split()[0]}: " in line
