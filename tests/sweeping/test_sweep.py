"""Tasks are done once, and again where they end badly, as often as is allowed; then that is written down."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sweeps import Here, kept, raises, setting_of, small, store_of

from pybridge.errors import PybridgeError
from pybridge.export.loading import Export
from pybridge.sweeping.grid import Task
from pybridge.sweeping.sweep import Lost, sweep
from pybridge.sweeping.work import Group, Line


def swept(folder: Path, export: Export, pool: Here | None = None, **options: Any) -> list[Line]:
    """Sweep a small grid into a folder; returns what progress is told."""
    made = small(export)
    setting = setting_of(made, export)
    told: list[Line] = []
    with store_of(folder, made, export) as store:
        sweep(made, setting, store, pool or Here(setting), progress=told.append, **options)
    return told


def here(export: Export, **options: Any) -> Here:
    """A pool for the small grid."""
    return Here(setting_of(small(export), export), **options)


def test_every_task_has_a_line(export: Export, tmp_path: Path) -> None:
    """One each; progress is told of all."""
    told = swept(tmp_path / "a", export)
    made = small(export)
    lines = kept(tmp_path / "a")
    assert len(told) == len(made)
    assert {(line["family"], line["size"], line["seed"]) for line in lines} == {
        (cell.family, cell.size, seed) for cell in made.cells for seed in made.seeds
    }
    assert len(lines) == len(made)
    assert {line["verdict"] for line in lines} == {"agrees"}


def test_what_is_done_is_not_done_again(export: Export, tmp_path: Path) -> None:
    """A run that was ended goes on, and comes to the same."""
    groups = 0

    def ended() -> bool:
        nonlocal groups
        groups += 1
        return groups > 2

    first, second, third = (here(export, width=2) for _ in range(3))
    swept(tmp_path / "a", export, first, ended=ended)
    swept(tmp_path / "a", export, second)
    swept(tmp_path / "a", export, third)
    swept(tmp_path / "b", export)
    tasks = [task for pool in (first, second) for group in pool.groups for task in group.tasks]
    assert len(first.groups) == 2
    assert third.groups == []
    assert Counter(tasks) == Counter(map(small(export).task, range(12)))
    assert kept(tmp_path / "a") == kept(tmp_path / "b")


def test_a_group_is_short_and_everybody_has_one(export: Export, tmp_path: Path) -> None:
    """So that nobody waits for the last; a large batch goes alone."""
    pool = here(export, width=1)
    swept(tmp_path / "a", export, pool)
    assert [len(group.tasks) for group in pool.groups][:2] == [3, 2]
    made = small(export, sizes=(2, 5000), families=("random",), seeds=range(4))
    setting = setting_of(made, export)
    pool = Here(setting, instead=raises)
    with store_of(tmp_path / "b", made, export) as store:
        sweep(made, setting, store, pool, tries=1)
    assert all(len(group.tasks) <= 2 for group in pool.groups)


@pytest.mark.parametrize("times", [1, 2])
def test_a_task_that_raises_is_tried_again(export: Export, tmp_path: Path, times: int) -> None:
    """Nothing is lost where it ends well in the end."""
    tried: Counter[Group] = Counter()

    def instead(group: Group) -> Any:
        tried.update(group.tasks)
        bad = [task for task in group.tasks if task.seed == 1 and tried[task] <= times]
        return raises(group) if bad else None

    swept(tmp_path / "a", export, here(export, instead=instead), tries=3)
    swept(tmp_path / "b", export)
    assert kept(tmp_path / "a") == kept(tmp_path / "b")


def test_a_task_that_always_raises_is_written_down(export: Export, tmp_path: Path) -> None:
    """After so many tries, and the next run leaves it at that."""
    tried: Counter[Task] = Counter()

    def instead(group: Group) -> Any:
        tried.update(group.tasks)
        return raises(group) if any(task.seed == 1 for task in group.tasks) else None

    swept(tmp_path / "a", export, here(export, instead=instead), tries=2)
    failures = [line for line in kept(tmp_path / "a") if line["verdict"] == "failed"]
    assert {line["seed"] for line in failures} == {1}
    assert {(line["why"], line["tries"]) for line in failures} == {("ValueError: no", 2)}
    assert len(kept(tmp_path / "a")) == 12
    assert all(count == 2 for task, count in tried.items() if task.seed == 1)
    again = here(export)
    swept(tmp_path / "a", export, again)
    assert again.groups == []


def test_a_lost_group_is_done_one_by_one(export: Export, tmp_path: Path) -> None:
    """Only the task that ends its process is given up."""
    bad = small(export).task(4)

    def instead(group: Group) -> Any:
        return Lost("exit code -9") if bad in group.tasks else None

    pool = here(export, instead=instead)
    swept(tmp_path / "a", export, pool, tries=3)
    lines = kept(tmp_path / "a")
    assert [(line["seed"], line["size"], line["family"]) for line in lines if line["verdict"] == "failed"] == [
        (bad.seed, bad.size, bad.family)
    ]
    assert len(lines) == 12
    assert sum(bad in group.tasks for group in pool.groups) == 1 + 3


def test_processes_that_never_begin_end_it(export: Export, tmp_path: Path) -> None:
    """Otherwise every task would be written down as failed, one after the other."""
    pool = here(export, instead=lambda _: Lost("exit code 1"))
    with pytest.raises(PybridgeError, match="8 processes ended before any task was done: exit code 1"):
        swept(tmp_path / "a", export, pool, tries=100)
    assert kept(tmp_path / "a") == []
