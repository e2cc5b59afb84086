"""What the tests of a sweep share: small grids, a pool that does tasks in this process, and what is in a folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from command import WRONG

from pybridge.export.loading import Export
from pybridge.mutation.mutants import ConclusionMutant, mutants
from pybridge.sweeping.grid import Grid, grid
from pybridge.sweeping.manifest import manifest
from pybridge.sweeping.store import RESULTS, Store
from pybridge.sweeping.sweep import Ended, NextGroup, Outcome
from pybridge.sweeping.work import Group, Line, Raised, Setting, perform, prepare, versions

THEOREM = "BatchNorm.norm_sq_normalize"


def small(export: Export, *names: str, **options: Any) -> Grid:
    """A grid of a few quick tasks: by default, twelve."""
    chosen = [export.theorem(name) for name in names or (THEOREM,)]
    return grid(chosen, export, **{"families": ("random", "integers"), "sizes": (2, 3), "seeds": range(3), **options})


def setting_of(made: Grid, export: Export) -> Setting:
    """What the tasks of a grid have in common."""
    return Setting(manifest(made, export)["sweep"], export, made.theorems, made.precisions, versions())


def store_of(folder: Path, made: Grid, export: Export) -> Store:
    """The folder of a grid, opened."""
    return Store(folder, manifest(made, export), made)


@dataclass
class Here:
    """A pool that does one group after the other in this process.

    Parameters
    ----------
    setting
        What all tasks have in common.
    instead
        What becomes of a group, in place of what it finds; None leaves it at that.
    """

    setting: Setting
    instead: Callable[[Group], Outcome | None] = lambda _: None
    width: int = 1
    groups: list[Group] = field(default_factory=list)

    def results(self, next_group: NextGroup, _: Ended) -> Iterator[tuple[Group, Outcome]]:
        """Yield what became of each group."""
        prepare(self.setting)
        while (group := next_group()) is not None:
            self.groups.append(group)
            changed = self.instead(group)
            yield group, perform(group) if changed is None else changed


def kept(folder: Path) -> list[Line]:
    """The lines in a folder, sorted, without what depends on when they were made."""
    lines = [json.loads(line) for line in (folder / RESULTS).read_text(encoding="utf-8").splitlines()]
    for line in lines:
        line.pop("sum")
        line.pop("seconds", None)
    return sorted(lines, key=lambda line: json.dumps(line, sort_keys=True))


def but_progress(err: str) -> str:
    """What stands on stderr, but the lines of progress that a slow machine gets."""
    return "".join(line for line in err.splitlines(keepends=True) if not line.endswith(" h left\n"))


def raises(group: Group) -> list[Line | Raised]:
    """What a group comes to where all of its tasks raise."""
    return [Raised("ValueError: no") for _ in group.tasks]


def wrong_export(export: Export) -> Export:
    """The export with a mutant of (7ε) in place of it."""
    mutant = next(m for m in mutants(export.theorem(WRONG), export.definitions) if m.id.endswith("right.right:to-plus"))
    assert isinstance(mutant, ConclusionMutant)
    return replace(export, theorems={**export.theorems, WRONG: mutant.theorem})
