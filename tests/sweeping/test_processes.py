"""Tasks done by processes: one that ends is replaced, and a run that is killed is gone on with, whenever it was killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sweeps import THEOREM, Here, but_progress, kept, setting_of, small, store_of

from pybridge.export.loading import Export
from pybridge.sweeping.processes import Processes
from pybridge.sweeping.store import RESULTS
from pybridge.sweeping.sweep import sweep
from pybridge.sweeping.work import Group, Line, Raised, VersionsDiffer, perform

OPTIONS = (THEOREM, "--families", "random,integers", "--sizes", "2,3", "--seeds", "0:8")


def dies(group: Group, *, once: Path | None, seed: int) -> list[Line | Raised]:
    """Does the tasks, but ends its process where one is of this seed: always, or only once."""
    if any(task.seed == seed for task in group.tasks) and (once is None or not once.exists()):
        if once is not None:
            once.touch()
        os._exit(9)
    return perform(group)


@pytest.fixture
def uninterrupted(export: Export, tmp_path: Path) -> list[Line]:
    """What a run comes to that nothing happens to."""
    made = small(export, seeds=range(8))
    pool = Here(setting_of(made, export))
    with store_of(tmp_path / "uninterrupted", made, export) as store:
        sweep(made, pool.setting, store, pool)
    lines = kept(tmp_path / "uninterrupted")
    assert len(lines) == len(made) == 32
    return lines


@pytest.mark.parametrize("always", [False, True], ids=["once", "always"])
def test_a_process_that_ends_is_replaced(export: Export, tmp_path: Path, uninterrupted: list[Line], always: bool) -> None:
    """Nothing is lost; a task that ends every process it is in is written down as failed, and no other is."""
    made = small(export, seeds=range(8))
    setting = setting_of(made, export)
    function = partial(dies, once=None if always else tmp_path / "once", seed=5)
    with store_of(tmp_path / "a", made, export) as store, Processes(2, setting, function) as pool:
        sweep(made, setting, store, pool, tries=1 if always else 2)
    lines = kept(tmp_path / "a")
    failed = [line for line in lines if line["verdict"] == "failed"]
    if not always:
        assert lines == uninterrupted
        return
    assert {(line["seed"], line["why"]) for line in failed} == {
        (5, "a process ended with exit code 9 before its work was done")
    }
    assert len(failed) == 4
    assert [line for line in lines if line not in failed] == [line for line in uninterrupted if line["seed"] != 5]


def test_a_process_of_other_versions_ends_the_sweep(export: Export, tmp_path: Path) -> None:
    """No task is written down as failed for it."""
    made = small(export)
    setting = setting_of(made, export)
    wrong = replace(setting, versions={**setting.versions, "python-flint": "0"})
    with store_of(tmp_path / "a", made, export) as store, Processes(1, wrong) as pool, pytest.raises(VersionsDiffer):
        sweep(made, setting, store, pool)
    assert kept(tmp_path / "a") == []


def command(folder: Path, *, before: str = "", jobs: int = 1) -> subprocess.Popen[str]:
    """The command, in a process of its own; before it begins, it runs some code."""
    code = f"{before}\nfrom pybridge.cli.app import main\nif __name__ == '__main__':\n    main()\n"
    script = folder.with_suffix(".py")
    script.write_text(code)
    arguments = [sys.executable, str(script), "sweep", *OPTIONS, "-o", str(folder), "--jobs", str(jobs)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


WRITES_HALF = """
import os, signal
from pybridge.sweeping import store

whole = store._write

def half(file, content):
    if os.fstat(file).st_size > {size}:
        os.write(file, content[: {part}])
        os.kill(os.getpid(), signal.SIGKILL)
    whole(file, content)

store._write = half
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize(("size", "part"), [(-1, 30), (1000, 300)])
def test_killed_while_a_line_is_written(tmp_path: Path, uninterrupted: list[Line], size: int, part: int) -> None:
    """The first line, and a later one: then the same command comes to the same."""
    folder = tmp_path / "a"
    killed = command(folder, before=WRITES_HALF.format(size=size, part=part))
    killed.communicate(timeout=120)
    assert killed.returncode == -signal.SIGKILL
    left = (folder / RESULTS).read_bytes()
    assert left.count(b"\n") < 32
    whole = [json.loads(line) for line in left.splitlines(keepends=True) if line.endswith(b"\n")]
    assert (folder / RESULTS).stat().st_size > 1000 or size == -1
    finish(folder, whole, uninterrupted)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_killed_in_the_middle(tmp_path: Path, uninterrupted: list[Line]) -> None:
    """From outside, with two processes at work, which end too."""
    folder = tmp_path / "a"
    process = command(folder, jobs=2)
    results = folder / RESULTS
    until = time.monotonic() + 120
    while not (results.exists() and results.stat().st_size) and time.monotonic() < until and process.poll() is None:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)  # which its processes hold open while they are there
    assert process.returncode == -signal.SIGKILL, "it was done before it was killed"
    whole = [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines(keepends=True) if line.endswith("\n")]
    finish(folder, whole, uninterrupted)


def finish(folder: Path, before: list[Line], uninterrupted: list[Line]) -> None:
    """Go on: what was there stays, byte for byte, and in the end every task has its line, once."""
    process = command(folder)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, but_progress(err)) == (0, "")
    assert "1 of 1 theorems agree" in out
    after = [json.loads(line) for line in (folder / RESULTS).read_text(encoding="utf-8").splitlines()]
    assert after[: len(before)] == before
    assert kept(folder) == uninterrupted
