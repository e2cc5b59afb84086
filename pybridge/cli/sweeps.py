"""What a sweep has come to, for people: a table, the first task of each theorem that did not agree, what was left out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pybridge.checking.settle import PRECISIONS
from pybridge.cli.tables import Rows, short_name
from pybridge.export.document import quoted
from pybridge.sweeping.account import UNFINISHED, Account, Tally
from pybridge.sweeping.grid import Grid, Task
from pybridge.sweeping.lines import task_of
from pybridge.sweeping.work import FAILED, Line

_SHOWN = 6


def table(counted: Account) -> Rows:
    """Return the table: a row for what is taken together, with its tasks, how well they agree, and a verdict."""
    said = counted.manifest
    by = f"Lean {said['export']['lean']}"  # of a sweep that was begun before its manifest said more
    above = (
        f"export {quoted(said['export']['digest'])}, written by {said.get('written', by)}; proofs not re-run; "
        f"numbers of {', '.join(said['options']['dtypes'])}"
    )
    equation = "theorem" in counted.by
    rows = []
    for key, tally in counted.tallies.items():
        named = [short_name(str(value)) for value in key]
        where = [f"({said['equations'][key[counted.by.index('theorem')]]})"] if equation else []
        rows.append((*where, *named, *_cells(tally)))
    if counted.by == ("theorem",):
        missing = [name for name, tally in counted.theorems.items() if not tally.tasks]
        rows += [(f"({said['equations'][name]})", short_name(name), *_cells(counted.theorems[name])) for name in missing]
    titles = (*(["eq."] if equation else []), *counted.by, "tasks", "vacuous", "digits", "worst batch", "verdict")
    return Rows(titles, tuple(rows), (above,), optional=("worst batch", "vacuous", "tasks"))


def _cells(tally: Tally) -> tuple[str, ...]:
    tasks = str(tally.tasks) if tally.done == tally.tasks else f"{tally.done}/{tally.tasks}"
    digits = f"{tally.digits:.1f}" if tally.worst else "exact" if tally.ended["agrees"] else "-"
    verdict = tally.verdict
    if bad := tally.ended[verdict] if verdict in ("refuted", FAILED, "undecided") else 0:
        verdict += f" ({bad} of {tally.done})"
    return tasks, str(tally.ended["vacuous"]), digits, tally.worst or "-", verdict


def lines(counted: Account, folder: Path, path: Path | None) -> list[str]:
    """Return what is said below the table."""
    said = counted.manifest
    numbers = sum(tally.numbers for tally in counted.theorems.values())
    hours = sum(tally.seconds for tally in counted.theorems.values()) / 3600
    passed = sum(tally.verdict == "agrees" for tally in counted.theorems.values())
    more = [f"{said['tasks'] - counted.done:,} tasks are to be done: the command that began it goes on"]
    return [
        *(line for tally in counted.theorems.values() for line in _not_agreeing(tally, rest(counted.grid, path))),
        *_left_out(counted.grid),
        f"{counted.done:,} of {said['tasks']:,} tasks, {numbers:,} numbers, {hours:.3f} h of processor time, in {folder}",
        *(more if any(tally.verdict == UNFINISHED or tally.done < tally.tasks for tally in counted.theorems.values()) else []),
        f"{passed} of {len(counted.theorems)} theorems agree",
    ]


def _not_agreeing(tally: Tally, also: str) -> Iterator[str]:
    for verdict, line in tally.first.items():
        task = task_of(line)
        if verdict == FAILED:
            yield f"FAILED {task.theorem} on {task.batch}, tried {line['tries']} times: {line['why']}"
        elif verdict == "undecided":
            yield f"UNDECIDED {task.theorem}: {line['why']}"
        elif verdict == "refuted":
            yield from _refuted(task, line)
        else:
            continue
        yield f"repeat: {command(task, also)}"
        yield ""


def _refuted(task: Task, line: Line) -> Iterator[str]:
    witness: dict[str, Any] = line["witness"]
    yield f"REFUTED {task.theorem} on {task.batch}"
    yield f"  left   {witness['left']}"
    yield f"  right  {witness['right']}"
    yield f"  smallest witness found: {', '.join(f'{name}: {size}' for name, size in witness['sizes'].items()) or 'no sizes'}"


def _left_out(grid: Grid) -> Iterator[str]:
    """What was left out, and why: theorems that have a size and a reason in common on one line."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in grid.skipped:
        what = f"family {one.family}" if one.family is not None else f"size {one.size}"
        found.setdefault((what, one.why), []).extend([] if one.theorem is None else [short_name(one.theorem)])
    for (what, why), names in found.items():
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        of = f" of {', '.join(names[:_SHOWN])}{more}" if names else ""
        yield f"left out: {what}{of}: {why}"
    if found:
        yield ""


def command(task: Task, also: str) -> str:
    """What does one task again, here, and shows all of it."""
    return (
        f"pybridge sweep {task.theorem} --families {task.family} --sizes {task.size} --dtypes {task.dtype} "
        f"--seeds {task.seed}{also}"
    )


def rest(grid: Grid, path: Path | None) -> str:
    """The options of ``command`` that are the same for all tasks, and not the default."""
    bits = "" if grid.precisions == PRECISIONS else f" --precision {','.join(map(str, grid.precisions))}"
    return bits + (f" --export {path}" if path is not None else "")
