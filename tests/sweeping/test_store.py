"""The folder of a sweep: what a run goes on with, and what it refuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sweeps import Here, kept, setting_of, small, store_of

from pybridge.errors import PybridgeError
from pybridge.export.loading import Export
from pybridge.sweeping.manifest import MANIFEST, manifest
from pybridge.sweeping.store import LOCK, RESULTS, Store
from pybridge.sweeping.sweep import sweep


@pytest.fixture
def done(export: Export, tmp_path: Path) -> Path:
    """A folder with a finished sweep."""
    go_on(tmp_path / "sweep", export)
    return tmp_path / "sweep"


def go_on(folder: Path, export: Export) -> int:
    """Go on with the small grid; returns how many tasks were done."""
    made = small(export)
    pool = Here(setting_of(made, export))
    with store_of(folder, made, export) as store:
        sweep(made, pool.setting, store, pool)
    return sum(len(group.tasks) for group in pool.groups)


def refused(folder: Path, export: Export) -> str:
    """Why it does not go on; the folder stays as it is."""
    before = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file() and file.name != LOCK}
    with pytest.raises(PybridgeError) as error:
        go_on(folder, export)
    assert {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file() and file.name != LOCK} == before
    return str(error.value)


@pytest.mark.parametrize("cut", [1, 2, 100, 200, -1])
def test_a_torn_last_line_is_dropped(export: Export, done: Path, cut: int) -> None:
    """Wherever it was cut, and its task alone is done again."""
    whole = kept(done)
    results = done / RESULTS
    lines = results.read_bytes().splitlines(keepends=True)
    results.write_bytes(b"".join(lines[:-1]) + lines[-1][: cut if cut > 0 else len(lines[-1]) + cut])
    assert go_on(done, export) == 1
    assert kept(done) == whole


def test_a_line_that_was_taken_out_is_done_again(export: Export, done: Path) -> None:
    """So a failed task is tried anew."""
    whole = kept(done)
    results = done / RESULTS
    lines = results.read_bytes().splitlines(keepends=True)
    results.write_bytes(b"".join(lines[:2] + lines[4:]))
    assert go_on(done, export) == 2
    assert kept(done) == whole


def changed(line: bytes) -> bytes:
    return line.replace(b'"agrees"', b'"refuted"')


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: [*lines[:3], changed(lines[3]), *lines[4:]], "line 4: it is not as this sweep wrote it"),
        (lambda lines: [*lines[:3], b"\x00\xff" * 40 + b"\n", *lines[4:]], "line 4: it is not as this sweep wrote it"),
        (lambda lines: [*lines[:3], b"\n", *lines[4:]], "line 4: it is not as this sweep wrote it"),
        (lambda lines: [*lines[:3], lines[3][:50] + lines[4], *lines[5:]], "line 4: it is not as this sweep wrote it"),
        (lambda lines: [*lines, lines[3]], "line 13: BatchNorm.norm_sq_normalize has a line already for "),
    ],
    ids=["edited", "damaged", "empty", "cut in the middle", "twice"],
)
def test_other_lines_are_refused(export: Export, done: Path, change, said: str) -> None:
    """By their number, and nothing is counted twice."""
    results = done / RESULTS
    lines = results.read_bytes().splitlines(keepends=True)
    results.write_bytes(b"".join(change(lines)))
    assert refused(done, export).startswith(f"{results}: {said}")


def test_lines_of_another_sweep_are_refused(export: Export, done: Path, tmp_path: Path) -> None:
    """Even of the same tasks: they are of another export."""
    other = replace(export, digest="0" * 64)
    go_on(tmp_path / "other", other)
    (done / RESULTS).write_bytes((tmp_path / "other" / RESULTS).read_bytes())
    assert "line 1: it is not as this sweep wrote it" in refused(done, export)


def test_another_export_is_refused(export: Export, done: Path) -> None:
    """In one line, with both digests."""
    said = refused(done, replace(export, digest="0" * 64))
    assert (
        f"begun with another export: its digest is sha256:{export.digest[:12]}…, the one here has sha256:000000000000…" in said
    )


def test_other_options_are_refused(export: Export, done: Path) -> None:
    """With the first that differs."""
    for options, said in (
        ({"seeds": range(4)}, "begun with other seeds: 0, 3, not 0, 4"),
        ({"sizes": (2,)}, "begun with other sizes: 2, 3, not 2"),
        ({"dtypes": ("float32",)}, "begun with other dtypes: float64, not float32"),
        ({"families": ("zeros",)}, "begun with other families: random, integers, not zeros"),
        ({"precisions": (128,)}, "begun with other precision: 128, 256, 512, 1024, 2048, 4096, not 128"),
    ):
        with pytest.raises(PybridgeError, match=said):
            store_of(done, small(export, **options), export)
    with pytest.raises(PybridgeError, match="begun with other theorems: norm_sq_normalize, not variance_nonneg"):
        store_of(done, small(export, "variance_nonneg"), export)


def test_other_versions_are_refused(export: Export, done: Path) -> None:
    """Another NumPy may draw other batches."""
    made = small(export)
    said = manifest(made, export)
    other = {**said, "sweep": "x", "versions": {**said["versions"], "numpy": "0.1"}}
    with pytest.raises(PybridgeError, match=r"begun with numpy .*, and here is 0\.1"):
        Store(done, other, made)


def test_an_edited_manifest_is_refused(export: Export, done: Path) -> None:
    """Its identity would not be that of its lines."""
    place = done / MANIFEST
    document = json.loads(place.read_text(encoding="utf-8"))
    document["options"]["seeds"] = [0, 2]
    place.write_text(json.dumps(document), encoding="utf-8")
    assert refused(done, export) == f"{place}: edited after it was written; restore the file"
    place.write_text("{", encoding="utf-8")
    assert refused(done, export).startswith(f"{place}: not JSON")
    place.write_text("[]", encoding="utf-8")
    assert refused(done, export).startswith(f"{place}: not the manifest of a sweep")


def test_a_folder_of_other_files_is_refused(export: Export, tmp_path: Path) -> None:
    """Nothing is put beside them; also lines without what they are of."""
    (tmp_path / "thesis.tex").touch()
    assert f"{tmp_path}: holds thesis.tex and no sweep.json" in refused(tmp_path, export)
    (tmp_path / "thesis.tex").rename(tmp_path / RESULTS)
    assert f"{tmp_path}: holds {RESULTS} and no sweep.json" in refused(tmp_path, export)


def test_a_run_killed_before_its_first_task_is_gone_on_with(export: Export, tmp_path: Path) -> None:
    """What it has left is a lock that nobody has, and half a manifest."""
    folder = tmp_path / "a"
    folder.mkdir()
    (folder / LOCK).write_text("process 1 on nowhere")
    (folder / f"{MANIFEST}.new").write_text('{"sweep"')
    assert go_on(folder, export) == 12


def test_two_runs_at_once_are_refused(export: Export, done: Path) -> None:
    """Also by another process; the lock ends with its run."""
    made = small(export)
    with store_of(done, made, export), pytest.raises(PybridgeError) as error:
        store_of(done, made, export)
    who = rf"another run is at work there: process {os.getpid()} on "
    assert who in str(error.value)
    store_of(done, made, export).close()


def test_a_place_that_takes_nothing(export: Export, tmp_path: Path) -> None:
    """A file where the folder should be, or a folder in it."""
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "deeper"):
        with pytest.raises(PybridgeError, match=r"cannot write .*; make room there"):
            store_of(folder, small(export), export)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(export: Export, tmp_path: Path) -> None:
    """In one line."""
    tmp_path.chmod(0o500)
    with pytest.raises(PybridgeError, match=r"cannot write .*: Permission denied"):
        store_of(tmp_path, small(export), export)


FULL = """
import resource, sys
from pathlib import Path
sys.path[:0] = [sys.argv[2]]
from sweeps import Here, setting_of, small, store_of
from pybridge.errors import PybridgeError
from pybridge.export.loading import load
from pybridge.sweeping.sweep import sweep
export = load(check_sources=False)
made = small(export)
pool = Here(setting_of(made, export))
store = store_of(Path(sys.argv[1]), made, export)
resource.setrlimit(resource.RLIMIT_FSIZE, (1100, 1100))  # of any file: as if the disk were full then
try:
    sweep(made, pool.setting, store, pool)
except PybridgeError as error:
    print(error, store.done.count)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit for files")
def test_a_full_disk(export: Export, tmp_path: Path) -> None:
    """What was kept before is whole, one line says so, and the run is gone on with."""
    helpers = Path(__file__).resolve().parents[1] / "helpers"
    folder = tmp_path / "a"
    command = [sys.executable, "-c", FULL, str(folder), str(helpers)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    said, _, count = done.stdout.strip().rpartition(" ")
    assert said.startswith(f"cannot write {folder / RESULTS}: File too large; make room there")
    assert 0 < int(count) == len(kept(folder)) < 12
    assert go_on(folder, export) == 12 - int(count)
    assert len(kept(folder)) == 12
