"""The plugin: cheap to load, a header line, options, and a section of its own for a failed kernel."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pybridge import pytest_plugin
from pybridge.export.loading import DEFAULT, dumps, load, seal
from pybridge.export.versions import written_by

ROOT = Path(__file__).resolve().parent.parent


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Pytest with the plugin of this tree."""
    python = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", str(folder), *arguments]
    plugin = [] if _installed() else ["-p", "pybridge.pytest_plugin"]
    return subprocess.run([*python, *plugin], capture_output=True, text=True, cwd=ROOT, check=False)


def _installed() -> bool:
    from importlib.metadata import entry_points

    return any(point.value == "pybridge.pytest_plugin" for point in entry_points(group="pytest11"))


def test_importing_the_plugin_imports_nothing_else():
    """Neither numpy, flint, pydantic nor hypothesis, nor another module of pybridge."""
    code = (
        "import sys, pytest; before = set(sys.modules); import pybridge.pytest_plugin;print(sorted(set(sys.modules) - before))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True).stdout
    assert found.strip() == "['pybridge', 'pybridge.pytest_plugin']"


def test_failed_kernel_has_a_section():
    """The example suite: each wrong kernel fails with its guess in the section, the right one passes, and frames are hidden."""
    done = run(str(ROOT / "examples" / "test_kernels.py"), folder=ROOT / "examples")
    out = done.stdout
    assert done.returncode == 1
    assert "6 failed, 2 passed" in out
    assert out.count("- pybridge: what the kernel computes -") == 6
    for guess in (
        "`- ∑ k, g[k]` is missing",
        "`+ ε` is missing",
        "the size m of the batch is m - 1",
        "`γ` is multiplied in twice",
        "the size of the batch is that of N alone",
    ):
        assert out.count(guess) >= 3  # in the summary, in the first line of the section, and with its formula
    assert out.count("IT COMPUTES ANOTHER FUNCTION") == 5
    assert out.count("IT LOSES DIGITS") == 1
    assert "pybridge/testing.py:" not in out
    documented = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
    section = documented.partition("<!-- output of eps_forgotten -->\n```\n")[2].partition("```")[0]
    assert _counted(section) in _counted(out), "docs/testing.md shows another output than pytest does"
    assert section.count("\n") > 10


def _counted(said):
    """Without how many numbers are off: those at the bound itself depend on the order in which a processor adds."""
    return re.sub(r"\b\d+ of (?=\d)", "some of ", said)


def test_header_and_options(tmp_path):
    """The header names the export; a missing one, or one that is not fresh where that is asked for, stops a quiet run, too."""
    (tmp_path / "test_nothing.py").write_text(
        "def test_it(pybridge_export):\n    assert pybridge_export.theorems\n", encoding="utf-8"
    )
    done = run(str(tmp_path), folder=tmp_path)
    assert done.returncode == 0
    assert "pybridge: export " in done.stdout
    export = load()
    said = f"pybridge: export sha256:{export.digest[:12]}…, written by Lean {export.lean.version}, checked when a test loads it"
    assert said in done.stdout.splitlines()
    fresh = run(str(tmp_path), "--pybridge-fresh", folder=tmp_path)
    assert f"pybridge: export sha256:{export.digest[:12]}…, written by {written_by(export)}, fresh" in fresh.stdout.splitlines()
    missing = run(str(tmp_path), "--pybridge-export", str(tmp_path / "none.json"), "-q", folder=tmp_path)
    assert missing.returncode == pytest.ExitCode.USAGE_ERROR
    assert "there is no export" in missing.stderr
    copy = tmp_path / "export.json"
    copy.write_bytes((ROOT / "pybridge" / "data" / "export.json").read_bytes())
    stale = run(str(tmp_path), "--pybridge-fresh", "--pybridge-export", str(copy), "-q", folder=tmp_path)
    assert stale.returncode == pytest.ExitCode.USAGE_ERROR
    assert "not fresh: no sources beside the export; run in a checkout of pybridge" in stale.stderr


def test_a_refused_export_is_one_line(tmp_path):
    """A test that asks for the package's own export where that is refused shows the refusal, and no frames."""
    (tmp_path / "conftest.py").write_text(
        "from pybridge.errors import ExportStale\n"
        "import pybridge.export.loading as loading\n"
        "def refuse(*_, **__):\n"
        "    raise ExportStale('lean/A.lean is not the one that was exported', hint='run `pybridge extract`')\n"
        "loading.load = refuse\n",
        encoding="utf-8",
    )
    (tmp_path / "test_it.py").write_text("def test_it(pybridge_export):\n    assert pybridge_export\n", encoding="utf-8")
    done = run(str(tmp_path), "-q", folder=tmp_path)
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "pybridge: lean/A.lean is not the one that was exported; run `pybridge extract`" in done.stdout.splitlines()
    assert "Traceback" not in done.stdout
    assert "pytest_plugin.py" not in done.stdout


def test_wrong_calls_show_the_users_line_only(tmp_path):
    """Of a refused call, the frames of pybridge are left out, unless ``--full-trace`` asks for them; a kernel's own stay."""
    (tmp_path / "test_calls.py").write_text(
        "import pybridge\n"
        "def test_oracle():\n"
        "    pybridge.oracle('mean')([float('inf')])\n"
        "def test_kernel():\n"
        "    pybridge.testing.assert_kernel(lambda **given: given['x'])\n",
        encoding="utf-8",
    )
    short = run(str(tmp_path), folder=tmp_path)
    assert "test_calls.py:3: InputError" in short.stdout
    assert "test_calls.py:5: KeyError" in short.stdout
    assert not re.search(r"pybridge/\w+\.py:\d+", short.stdout)
    assert "2 failed" in short.stdout
    full = run(str(tmp_path), "--full-trace", "-k", "oracle", folder=tmp_path)
    assert re.search(r"pybridge/kernels/\w+\.py:\d+: InputError", full.stdout)


HEADER = """
import pytest
from pybridge import pytest_plugin
class Config:
    def getoption(self, name):
        return None if name == "--pybridge-export" else False
import sys
before = set(sys.modules)
print(pytest_plugin.pytest_report_header(Config()))
print(sorted(set(sys.modules) - before))
"""


def test_the_header_imports_nothing():
    """Not even the modules that read an export: most sessions of an environment with pybridge in it use none."""
    done = subprocess.run([sys.executable, "-c", HEADER], capture_output=True, text=True, cwd=ROOT, check=True)
    header, imported = done.stdout.splitlines()
    assert header.startswith("pybridge: export ")
    assert imported == "[]"


@pytest.mark.parametrize("content", [None, b"{}", b'{\n "digest": "0123456789ab"\n}'], ids=["none", "another", "no Lean"])
def test_a_header_where_the_export_says_nothing_of_itself(tmp_path, monkeypatch, content):
    """It is read in earnest then, and the header says why it is refused."""
    path = tmp_path / "export.json"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(pytest_plugin, "_EXPORT", path)
    assert pytest_plugin._recorded() is None
    assert pytest_plugin._described(None, fresh=False).startswith(f"export refused: {path}: ")


AS_THEY_ARE = """
import sys
from importlib.machinery import SourceFileLoader

import pybridge.testing


def test_it():
    ours = {name: module for name, module in sys.modules.items() if name.split(".")[0] == "pybridge"}
    assert len(ours) > 20
    assert [name for name, module in ours.items() if "@pytest_ar" in vars(module)] == []
    read_anew = {name for name, module in ours.items() if type(module.__loader__) is not SourceFileLoader}
    assert read_anew <= {"pybridge", "pybridge.pytest_plugin"}
"""


def test_our_asserts_are_not_rewritten(tmp_path):
    """Pytest rewrites all modules of a distribution with a plugin, in each run anew where it can write no bytecode."""
    record = tmp_path / "site" / "pybridge_as_installed-1.dist-info"
    record.mkdir(parents=True)
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: pybridge-as-installed\nVersion: 1\n", encoding="utf-8")
    (record / "entry_points.txt").write_text("[pytest11]\npybridge = pybridge.pytest_plugin\n", encoding="utf-8")
    (record / "RECORD").write_text("pybridge/__init__.py,,\n", encoding="utf-8")
    (tmp_path / "test_them.py").write_text(AS_THEY_ARE, encoding="utf-8")
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": f"{record.parent}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False, env=environment)
    assert "1 passed" in done.stdout, done.stdout
    hidden = [*command, "-p", "no:pybridge", "-W", "ignore"]
    without = subprocess.run(hidden, capture_output=True, text=True, cwd=tmp_path, check=False, env=environment)
    assert "1 failed" in without.stdout, "pytest rewrites nothing of ours: this test is about nothing"


def test_an_export_without_a_readable_lean_is_a_usage_error(tmp_path):
    """One line, and no traceback of pytest; of an export elsewhere the hint does not name the command that writes ours."""
    changed = json.loads(DEFAULT.read_text(encoding="utf-8"))
    changed["lean"] = None
    path = tmp_path / "export.json"
    path.write_text(dumps(seal(changed)), encoding="utf-8")
    for asked in (path, tmp_path / "nope.json"):
        with pytest.raises(pytest.UsageError) as refusal:
            pytest_plugin._described(asked, fresh=False)
        assert str(refusal.value).startswith(f"{asked}: ")
        assert "\n" not in str(refusal.value)
        assert "pybridge extract" not in str(refusal.value)


def test_theorems_are_tests(tmp_path):
    """One for each theorem, chosen by equation, also where there is no other test; the name says which equation."""
    listed = run(str(tmp_path), "--pybridge-check", "--collect-only", "-q", folder=tmp_path)
    assert listed.returncode == 0, listed.stdout
    names = [line.removeprefix("pybridge::") for line in listed.stdout.splitlines() if line.startswith("pybridge::")]
    export = load()
    assert names == [f"{name}[{one.equation.replace(' ', '')}]" for name, one in export.theorems.items()]
    by_equation = run(str(tmp_path), "--pybridge-check", "--collect-only", "-q", "-k", "[7]", folder=tmp_path)
    seventh = [name for name, one in export.theorems.items() if one.equation == "7"]
    assert re.findall(r"^pybridge::(.*)\[7\]$", by_equation.stdout, re.MULTILINE) == seventh
    ascii_ = run(str(tmp_path), "--pybridge-check", "--collect-only", "-q", "-k", "7eps", folder=tmp_path)
    assert len(re.findall(r"\[7ε\]$", ascii_.stdout, re.MULTILINE)) == sum(t.equation == "7ε" for t in export.theorems.values())
    none = run(str(tmp_path), folder=tmp_path)
    assert none.returncode == pytest.ExitCode.NO_TESTS_COLLECTED


def changed_export(tmp_path: Path, change) -> Path:
    """A copy of the export with three theorems, of which the second is changed."""
    document = json.loads(DEFAULT.read_text(encoding="utf-8"))
    kept = ("BatchNorm.variance_nonneg", "BatchNorm.variance_smul_ones", "BatchNorm.sum_normalize")
    document["theorems"] = [one for one in document["theorems"] if one["name"] in kept]
    change(next(one for one in document["theorems"] if one["name"] == kept[1]))
    path = tmp_path / "export.json"
    path.write_text(dumps(seal(document)), encoding="utf-8")
    return path


def test_a_vacuous_theorem_is_skipped_and_a_wrong_one_fails(tmp_path):
    """With the reason, and with the batch that refutes; the others pass."""
    zero, one = ({"nat": {"value": value}} for value in (0, 1))

    def assume_the_impossible(theorem):
        theorem["hypotheses"] = [{"name": "h", "statement": "0 < 0", "proposition": {"lt": {"left": zero, "right": zero}}}]

    path = changed_export(tmp_path, assume_the_impossible)
    given = ("--pybridge-check", "--pybridge-export", str(path), "--pybridge-max-size", "3")
    vacuous = run(str(tmp_path), *given, "-rs", folder=tmp_path)
    assert vacuous.returncode == 0
    assert "2 passed, 1 skipped" in vacuous.stdout
    assert "none satisfies the hypotheses (h)" in vacuous.stdout

    def claim_one(theorem):
        theorem["conclusion"]["eq"]["right"] = one

    path = changed_export(tmp_path, claim_one)
    wrong = run(str(tmp_path), *given, folder=tmp_path)
    assert wrong.returncode == 1
    assert "1 failed, 2 passed" in wrong.stdout
    assert "REFUTED BatchNorm.variance_smul_ones" in wrong.stdout
    assert "smallest witness found" in wrong.stdout
    assert "pybridge/checking" not in wrong.stdout


def test_theorems_that_cannot_be_run(tmp_path):
    """A refused export stops the run; a size that is none, or without the option, is a usage error."""
    broken = tmp_path / "broken.json"
    broken.write_text("{}", encoding="utf-8")
    refused = run(str(tmp_path), "--pybridge-check", "--pybridge-export", str(broken), folder=tmp_path)
    assert refused.returncode == pytest.ExitCode.USAGE_ERROR
    for options in (("--pybridge-max-size", "3"), ("--pybridge-check", "--pybridge-max-size", "-1")):
        assert run(str(tmp_path), *options, folder=tmp_path).returncode == pytest.ExitCode.USAGE_ERROR
