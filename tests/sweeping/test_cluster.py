"""Tasks done by a Dask cluster: workers that are lost, that come late, a scheduler that goes away, one that never was there."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from sweeps import THEOREM, Here, but_progress, kept, setting_of, small, store_of

from pybridge.export.loading import Export
from pybridge.sweeping.store import RESULTS
from pybridge.sweeping.sweep import sweep

pytestmark = [
    pytest.mark.dask,
    pytest.mark.skipif(find_spec("distributed") is None, reason="distributed is not installed"),
]
SEEDS = 40
CLUSTER = """
import sys
from distributed import LocalCluster

if __name__ == "__main__":
    with LocalCluster(n_workers=int(sys.argv[1]), threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster:
        print(cluster.scheduler_address, *(nanny.process.pid for nanny in cluster.workers.values()), flush=True)
        for line in sys.stdin:
            cluster.scale(int(line))
"""


class Cluster:
    """A cluster in a process of its own."""

    def __init__(self, folder: Path, workers: int) -> None:
        script = folder / "cluster.py"
        script.write_text(CLUSTER)
        self.process = subprocess.Popen(
            [sys.executable, str(script), str(workers)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.address, *pids = self.process.stdout.readline().split()
        self.pids = [int(pid) for pid in pids]

    def scale(self, workers: int) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{workers}\n")
        self.process.stdin.flush()

    def close(self) -> None:
        self.process.kill()  # its workers end with their connection to it
        self.process.communicate()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Two workers of one thread each."""
    made = Cluster(tmp_path, 2)
    yield made
    made.close()


def command(folder: Path, address: str) -> subprocess.Popen[str]:
    """The command, with the cluster's address."""
    options = ("--families", "random,integers", "--sizes", "2,3", "--seeds", f"0:{SEEDS}")
    arguments = [sys.executable, "-m", "pybridge", "sweep", THEOREM, *options, "-o", str(folder), "--scheduler", address]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def expected(export: Export, folder: Path) -> list[object]:
    """What a run in this process comes to."""
    made = small(export, seeds=range(SEEDS))
    pool = Here(setting_of(made, export))
    with store_of(folder, made, export) as store:
        sweep(made, pool.setting, store, pool)
    return [*kept(folder)]


def wait_for_lines(folder: Path, process: subprocess.Popen[str]) -> None:
    results = folder / RESULTS
    until = time.monotonic() + 120
    while not (results.exists() and results.stat().st_size) and time.monotonic() < until and process.poll() is None:
        time.sleep(0.005)
    if process.poll() is not None or not results.stat().st_size:
        process.kill()
        pytest.fail(f"not at work: {process.communicate()[1]}")


def test_a_worker_is_killed(export: Export, cluster: Cluster, tmp_path: Path) -> None:
    """In the middle: every task has its line, once, and none has failed."""
    process = command(tmp_path / "a", cluster.address)
    wait_for_lines(tmp_path / "a", process)
    os.kill(cluster.pids[0], signal.SIGKILL)
    out, err = process.communicate(timeout=300)
    assert (process.returncode, but_progress(err)) == (0, "")
    assert "1 of 1 theorems agree" in out
    assert kept(tmp_path / "a") == expected(export, tmp_path / "b")


def test_the_scheduler_goes_away(export: Export, cluster: Cluster, tmp_path: Path) -> None:
    """One line says so, what is done is kept, and another cluster goes on."""
    process = command(tmp_path / "a", cluster.address)
    wait_for_lines(tmp_path / "a", process)
    cluster.process.kill()
    out, err = process.communicate(timeout=300)
    assert (process.returncode, out) == (1, "")
    assert f"pybridge: the Dask scheduler at {cluster.address} is gone; what is done is kept" in err
    assert re.search(r"pybridge: \d+ of 160 tasks are kept in ", err)
    assert "Traceback" not in err
    again = Cluster(tmp_path, 1)
    process = command(tmp_path / "a", again.address)
    process.communicate(timeout=300)
    again.close()
    assert process.returncode == 0
    assert kept(tmp_path / "a") == expected(export, tmp_path / "b")


def test_workers_come_late(tmp_path: Path) -> None:
    """The sweep waits for them, and says so."""
    late = Cluster(tmp_path, 0)
    process = command(tmp_path / "a", late.address)
    assert process.stderr is not None
    assert process.stderr.readline() == f"pybridge: waiting for a worker of {late.address}\n"
    late.scale(1)
    out, err = process.communicate(timeout=300)
    late.close()
    assert (process.returncode, but_progress(err)) == (0, ""), out
    assert len(kept(tmp_path / "a")) == 4 * SEEDS


def test_nobody_answers(tmp_path: Path) -> None:
    """One line, no traceback, and nothing is lost."""
    process = command(tmp_path / "a", "tcp://127.0.0.1:1")
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (1, "")
    assert err.startswith("pybridge: --scheduler tcp://127.0.0.1:1: no Dask scheduler answers there: ")
    assert err.count("\n") == 1
