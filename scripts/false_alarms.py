"""Right layers called wrong: torch's own, on many seeds, in float32, bfloat16 and float16.

``python scripts/false_alarms.py --seeds 1000`` runs one layer in each format on each seed, the next layer on the next seed;
``--passes 2`` gives every seed the next layer as well, and so on. What was done is kept in a file of lines, and the same
command goes on from there. Each line has the hash of the code that judges; what other code has judged is done again with
``--again``, and ``--summary``, which docs/testing.md cites, says how many runs are of which.

A seed draws the arrays of a plain set, of three more that take turns, and, every tenth time, of 25,088 entries to a channel. A
layer whose digits are lost is counted by itself, since its numbers are certainly further off than arithmetic in float32 takes
them; so is one of which half precision would leave no digit. An alarm is anything else that is not right.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import pybridge
from pybridge.conformance.cases import Case, cases_of, versions
from pybridge.export.loading import Export
from pybridge.kernels.outcomes import NO_DIGIT, LosesDigits, NotTold, WithinBound
from pybridge.layers.known import comparable
from pybridge.layers.report import headline
from pybridge.testing import check_layer

DTYPES = ("float32", "bfloat16", "float16")
TURNS = (
    *("small-spread", "tiny-spread", "constant", "equal", "along", "gamma", "outlier", "offset", "far-offset"),
    *("strided", "transposed", "shifted", "expanded"),
)
LONG = (8, 2, 56, 56)
JUDGES = ("algebras", "conformance", "kernels", "layers", "semantics")
"""The packages that a verdict rests on, beside the export."""
EVERY = 10
"""So often a seed is spent on long sums."""


@dataclass(frozen=True)
class Task:
    """A layer, run on the arrays of a seed."""

    case: Case
    seed: int
    only: tuple[str, ...]

    @property
    def key(self) -> str:
        """What it is kept under."""
        return f"{self.seed} {self.case.name} {','.join(self.only) or 'long'}"


def tasks(seeds: int, passes: int, dtypes: Sequence[str] = DTYPES) -> Iterator[Task]:
    """Yield what there is to do, in order."""
    every = {dtype: cases_of("torch", (dtype,)) for dtype in dtypes}
    long = {dtype: [one for one in found if "BatchNorm2d(5)" in one.code] for dtype, found in every.items()}
    for turn in range(passes):
        for seed in range(seeds):
            for dtype in dtypes:
                if seed % EVERY == EVERY - 1 and turn == 0:
                    yield Task(long[dtype][seed // EVERY % len(long[dtype])], seed, ())
                chosen = tuple(TURNS[(3 * seed + turn + k) % len(TURNS)] for k in range(3))
                yield Task(every[dtype][(seed + turn) % len(every[dtype])], seed, ("plain", *chosen))


def code_of(export: Export) -> str:
    """The hash of what a verdict rests on: the sources of some packages, and the export."""
    root = Path(pybridge.__file__).parent
    found = hashlib.sha256(export.digest.encode())
    for file in sorted(file for name in JUDGES for file in (root / name).rglob("*.py")):
        found.update(f"{file.relative_to(root).as_posix()}\n".encode() + file.read_bytes())
    return found.hexdigest()[:12]


def run(task: Task, export: Export) -> dict[str, Any]:
    """Do it, and say what came out."""
    arguments = task.case.arguments()
    outputs = [name for name in comparable(task.case.layer, export) if task.case.weights or name in ("forward", "dx")]
    if not task.only:
        rng = np.random.default_rng(task.seed)
        arguments["arrays"] = {
            "x": rng.normal(0.25, 1.0, LONG),
            "g": rng.normal(0.5, 1.0, LONG),
            "gamma": rng.uniform(1.25, 2.5, LONG[1]),
            "beta": rng.normal(size=LONG[1]),
        }
        arguments["layer"] = _of_two_channels(arguments["layer"])
    found = check_layer(**arguments, outputs=outputs, only=task.only or None, seed=task.seed, export=export)
    said = {one.name: "none" if one.finding is None else type(one.finding.outcome).__name__ for one in found.outputs}
    wrong = [one for one in found.outputs if one.finding is not None and not isinstance(one.finding.outcome, WithinBound)]
    alarms = [headline(one) for one in wrong if not _half(one.finding.outcome)]  # type: ignore[union-attr]
    numbers = sum(one.finding.judged.numbers for one in found.outputs if one.finding is not None)
    return {
        "key": task.key,
        "code": code_of(export),
        "case": task.case.name,
        "numbers": numbers,
        "outputs": said,
        "alarms": alarms + [one.said for one in found.faults],
    }


def _half(outcome: Any) -> bool:
    """Whether it is said that digits are lost, or may be."""
    return isinstance(outcome, LosesDigits) or (isinstance(outcome, NotTold) and NO_DIGIT in outcome.why)


def _of_two_channels(module: Any) -> Any:
    return type(module)(2, affine=module.affine).to(next(iter(module.buffers())).dtype)


def done(kept: Path) -> dict[str, dict[str, Any]]:
    """What was done before; a last line that was cut short is done again."""
    found = {}
    if kept.exists():
        for line in kept.read_text(encoding="utf-8").splitlines():
            try:
                one = json.loads(line)
            except ValueError:
                continue
            found[one["key"]] = one
    return found


def _nothing() -> dict[str, Any]:
    return {"runs": 0, "numbers": 0, "losesDigits": defaultdict(int), "alarms": 0}


def summary(every: dict[str, dict[str, Any]], command: str) -> dict[str, Any]:
    """What it has come to, for each layer and format."""
    rows: dict[str, dict[str, Any]] = defaultdict(_nothing)
    for one in every.values():
        row = rows[one["case"]]
        row["runs"] += 1
        row["numbers"] += one["numbers"]
        row["alarms"] += bool(one["alarms"])
        for output, outcome in one["outputs"].items():
            if outcome == LosesDigits.__name__:
                row["losesDigits"][output] += 1
    seeds = {dtype: len({key.split()[0] for key, one in every.items() if f" {dtype}" in one["case"]}) for dtype in DTYPES}
    return {
        "command": command,
        "versions": {"python": platform.python_version(), "pybridge": pybridge.__version__, **versions("torch")},
        "code": dict(Counter(one.get("code", "not recorded") for one in every.values()).most_common()),
        "seeds": seeds,
        "runs": len(every),
        "numbers": sum(one["numbers"] for one in every.values()),
        "alarms": [{"key": key, "said": one["alarms"]} for key, one in every.items() if one["alarms"]],
        "layers": {name: rows[name] for name in sorted(rows)},
    }


def main(export: Export | None = None) -> int:
    """Run; exit 1 if there is an alarm."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--passes", type=int, default=1)
    parser.add_argument("--dtypes", default=",".join(DTYPES), help="formats of the arrays, with commas between them")
    parser.add_argument("--kept", type=Path, default=Path("false_alarms.jsonl"), help="where what was done is kept")
    parser.add_argument("--again", action="store_true", help="do again what other code has judged")
    parser.add_argument("--summary", type=Path, help="write what it has come to, and run nothing")
    given = parser.parse_args()
    dtypes = [one for one in DTYPES if one in given.dtypes.split(",")]
    import torch

    torch.set_num_threads(1)
    export = pybridge.load() if export is None else export
    every = done(given.kept)
    if given.summary is not None:
        command = f"python scripts/false_alarms.py --seeds {given.seeds} --passes {given.passes}"
        text = json.dumps(summary(every, command), ensure_ascii=False, indent=1)
        given.summary.write_text(text + "\n", encoding="utf-8")
    else:
        code = code_of(export)
        with given.kept.open("a", encoding="utf-8") as kept:
            for task in tasks(given.seeds, given.passes, dtypes):
                if task.key in every and not (given.again and every[task.key].get("code") != code):
                    continue
                every[task.key] = one = run(task, export)
                kept.write(json.dumps(one, ensure_ascii=False) + "\n")
                kept.flush()
                if one["alarms"]:
                    print(one["key"], *one["alarms"], sep="\n    ", flush=True)
    alarms = sum(bool(one["alarms"]) for one in every.values())
    print(f"{len(every)} runs, {sum(one['numbers'] for one in every.values())} numbers, {alarms} alarms")
    return 1 if alarms else 0


if __name__ == "__main__":
    sys.exit(main())
