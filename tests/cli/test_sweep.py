"""The command ``sweep``: what it prints, keeps and refuses, its exit codes, and how it ends."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from command import Run, only_line, wrong
from sweeps import THEOREM, Here, but_progress, kept

from pybridge.cli import sweep as module
from pybridge.errors import PybridgeError, install
from pybridge.export.loading import load
from pybridge.export.versions import written_by
from pybridge.sweeping import sweep as engine
from pybridge.sweeping import work
from pybridge.sweeping.store import RESULTS

FEW = ("--families", "random,constant", "--sizes", "2,3", "--seeds", "0:2", "--jobs", "1")


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tasks are done in this process; that others do them is tested elsewhere."""
    monkeypatch.setattr(module, "_pool", lambda _, setting, __: nullcontext(Here(setting)))


@pytest.mark.usefixtures("here")
def test_a_sweep(run: Run, tmp_path: Path) -> None:
    """A table, what it came to, and exit 0; run again, it says the same, and so does its report."""
    folder = tmp_path / "night"
    first = run("sweep", "norm_sq_normalize", "variance_nonneg", *FEW, "-o", str(folder))
    code, out, err = first
    assert (code, err) == (0, "")
    lines = out.splitlines()
    said = re.escape(written_by(load()))
    assert re.fullmatch(rf"export sha256:[0-9a-f]{{12}}…, written by {said}; proofs not re-run; numbers of float64", lines[0])
    assert lines[2].split() == ["eq.", "theorem", "tasks", "vacuous", "digits", "worst", "batch", "verdict"]
    assert lines[3].split()[:3] == ["(normalize)", "norm_sq_normalize", "8"]
    assert lines[4].split() == ["(degenerate)", "variance_nonneg", "8", "0", "exact", "-", "agrees"]
    assert re.fullmatch(rf"16 of 16 tasks, \d+ numbers, \d\.\d+ h of processor time, in {folder}", lines[-2])
    assert lines[-1] == "2 of 2 theorems agree"
    content = (folder / RESULTS).read_bytes()
    assert run("sweep", "norm_sq_normalize", "variance_nonneg", *FEW, "-o", str(folder)) == first
    assert run("sweep", "--report", str(folder)) == first
    assert (folder / RESULTS).read_bytes() == content


@pytest.mark.usefixtures("here")
def test_a_report_by_other_things(run: Run, tmp_path: Path) -> None:
    """Rows by any of them; the last lines are the same."""
    folder = str(tmp_path / "night")
    run("sweep", THEOREM, *FEW, "-o", folder)
    code, out, _ = run("sweep", "--report", folder, "--by", "theorem,family,size")
    assert code == 0
    rows = [line.split()[:5] for line in out.splitlines() if line.endswith("  agrees")]
    assert rows == [
        ["(normalize)", "norm_sq_normalize", family, size, "2"] for size in "23" for family in ("random", "constant")
    ]
    _, by_dtype, _ = run("sweep", "--report", folder, "--by", "dtype")
    assert "float64" in by_dtype
    assert by_dtype.splitlines()[-2:] == out.splitlines()[-2:]


@pytest.mark.usefixtures("here")
def test_a_refutation(run: Run, tmp_path: Path, document: dict[str, Any], written) -> None:
    """Exit 1, both sides, and a command that shows it again in full, without a folder."""
    export = written(wrong(document))
    options = ("--families", "random", "--sizes", "2,3", "--seeds", "0:2", "--export", export)
    code, out, err = run("sweep", "norm_sq_backward", "variance_nonneg", *options, "-o", str(tmp_path / "night"))
    assert (code, err) == (1, "")
    assert re.search(r"norm_sq_backward +4 .* refuted \(\d of 4\)", out)
    assert "REFUTED BatchNorm.norm_sq_backward on random-m2-float64-s" in out
    assert out.endswith("1 of 2 theorems agree\n")
    repeat = next(line for line in out.splitlines() if line.startswith("repeat: "))
    before = sorted(tmp_path.rglob("*"))
    code, again, err = run(*shlex.split(repeat)[2:])
    assert (code, err) == (1, "")
    assert "disjoint: a proof that this statement is false" in again
    assert repeat in again
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.usefixtures("here")
def test_what_is_left_out_is_said(run: Run, tmp_path: Path) -> None:
    """With the reason; a theorem that is left out altogether does not agree."""
    options = ("--families", "random,recorded", "--sizes", "17", "--seeds", "0")
    names = ("norm_sq_normalize", "inner_fderiv_gradient_comp_forward")
    code, out, _ = run("sweep", *names, *options, "-o", str(tmp_path / "night"))
    assert code == 1
    assert "left out: size 17 of inner_fderiv_gradient_comp_forward: it is checked on batches of at most 16" in out
    assert "left out: family recorded: its batches are what they are" in out
    assert re.search(r"inner_fderiv_gradient_comp_forward +0 +0 +- +- +skipped", out)
    assert out.endswith("1 of 2 theorems agree\n")


@pytest.mark.usefixtures("here")
def test_failed_undecided_and_vacuous_do_not_pass(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in `check`; each is said with its first task."""
    whole = work.report_on

    def report_on(task: Any, *rest: Any) -> Any:
        if task.family == "zeros":
            raise MemoryError("none left")
        return whole(task, *rest)

    monkeypatch.setattr(work, "report_on", report_on)
    folder = str(tmp_path / "failed")
    code, out, _ = run("sweep", THEOREM, *FEW, "--families", "random,zeros", "-o", folder)
    assert code == 1
    assert "failed (4 of 8)" in out
    assert f"FAILED {THEOREM} on zeros-m2-float64-s0, tried 3 times: MemoryError: none left" in out
    code, out, _ = run("sweep", THEOREM, *FEW, "--families", "random", "--precision", "101", "-o", str(tmp_path / "b"))
    assert code == 1
    assert f"UNDECIDED {THEOREM}: random-m" in out
    assert "--precision 101\n" in out
    constant = ("--families", "constant", "--sizes", "1", "--seeds", "1:3")
    code, out, _ = run("sweep", "norm_sq_normalize_eps_zero", *constant, "-o", str(tmp_path / "c"))
    assert (code, "vacuous\n" in out) == (1, True)


@pytest.mark.usefixtures("here")
def test_a_limit_of_time(run: Run, tmp_path: Path) -> None:
    """Nothing is begun after it, which is no success; without it the same command comes to the end."""
    folder = str(tmp_path / "night")
    code, out, _ = run("sweep", THEOREM, *FEW, "-o", folder, "--limit-time", "0s")
    assert code == 1
    assert "0/8" in out
    assert "unfinished" in out
    assert "8 tasks are to be done: the command that began it goes on" in out
    assert run("sweep", THEOREM, *FEW, "-o", folder, "--limit-time", "1.5h")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "no place for the results of 8 tasks; give a folder with -o"),
        (("--sizes", "2,x"), 2, "--sizes: 'x' is no whole number"),
        (("--sizes", "2,"), 2, "--sizes: '2,' has an empty item"),
        (("--seeds", "3:3"), 2, "--seeds: 3:3 holds no seed"),
        (("--seeds", "1-3"), 2, "--seeds: '1-3' is no whole number"),
        (("--families", "randon"), 2, "--families: no family is called 'randon'"),
        (("--dtypes", "int8"), 2, "--dtypes: no format is called 'int8'"),
        (("--precision", "64"), 1, "a precision of 64 bits"),
        (("--limit-time", "8"), 2, "--limit-time: '8' is no time"),
        (("--report", "nowhere"), 2, "--report runs nothing"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_meant(run: Run, arguments: tuple[str, ...], code: int, said: str) -> None:
    """One line, and nothing is done."""
    found = run("sweep", THEOREM, *FEW, *arguments)
    assert found[:2] == (code, "")
    assert only_line(found[2]).startswith(f"pybridge: {said}")


def test_a_report_of_nothing(run: Run, tmp_path: Path) -> None:
    """A folder that is none, and rows by what is none."""
    code, out, err = run("sweep", "--report", str(tmp_path))
    assert (code, out) == (1, "")
    assert only_line(err).startswith(f"pybridge: {tmp_path / 'sweep.json'}: cannot be read: No such file")
    assert run("sweep", "--report", str(tmp_path), "--by", "seed")[0] == 2


@pytest.mark.usefixtures("here")
def test_another_run_in_its_folder(run: Run, tmp_path: Path) -> None:
    """Other options and another export are refused in one line; what is there stays."""
    folder = tmp_path / "night"
    run("sweep", THEOREM, *FEW, "-o", str(folder))
    content = (folder / RESULTS).read_bytes()
    code, out, err = run("sweep", THEOREM, *FEW, "--seeds", "0:3", "-o", str(folder))
    assert (code, out) == (1, "")
    assert only_line(err).startswith(f"pybridge: {folder}: begun with other seeds: 0, 2, not 0, 3; give the same options")
    assert (folder / RESULTS).read_bytes() == content


def test_what_ends_a_sweep_is_said_with_what_is_kept(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as a scheduler that is gone."""

    class Gone(Here):
        def results(self, next_group: engine.NextGroup, ended: engine.Ended) -> Any:
            yield next(super().results(next_group, ended))
            raise PybridgeError("the scheduler is gone")

    monkeypatch.setattr(module, "_pool", lambda _, setting, __: nullcontext(Gone(setting)))
    code, out, err = run("sweep", THEOREM, *FEW, "-o", str(tmp_path / "night"))
    assert (code, out) == (1, "")
    kept_line, error = err.splitlines()
    assert kept_line == f"pybridge: 2 of 8 tasks are kept in {tmp_path / 'night'}: the same command goes on"
    assert error == "pybridge: the scheduler is gone"
    assert len(kept(tmp_path / "night")) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups")
def test_ctrl_c(tmp_path: Path) -> None:
    """Two lines, the exit code of shells, no process is left, and the folder is as it has to be."""
    folder = tmp_path / "night"
    command = [sys.executable, "-m", "pybridge", "sweep", THEOREM, "--seeds", "0:1000", "--jobs", "1", "-o", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    results = folder / RESULTS
    until = time.monotonic() + 120
    while not (results.exists() and results.stat().st_size) and time.monotonic() < until and process.poll() is None:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    try:
        out, err = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        pytest.fail("it goes on")
    assert (process.returncode, out) == (130, "")
    count = len(kept(folder))
    assert (
        but_progress(err)
        == f"pybridge: {count:,} of 60,000 tasks are kept in {folder}: the same command goes on\npybridge: interrupted\n"
    )


def test_dask_is_missing(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 3, and how to get it."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "pybridge.sweeping.cluster", raising=False)
    code, out, err = run("sweep", THEOREM, *FEW, "-o", str(tmp_path / "a"), "--scheduler", "tcp://127.0.0.1:1")
    assert (code, out) == (3, "")
    assert only_line(err) == f"pybridge: Dask is not installed; `{install('dask')}`"
