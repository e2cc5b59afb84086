"""A sweep: (7ε) on some hundred batches of two formats, kept in a folder, ended in the middle and gone on with.

python examples/sweep_seeds.py
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

SWEEP = ["sweep", "norm_sq_backward", "--sizes", "2,17", "--dtypes", "float32,bfloat16", "--seeds", "0:4", "--jobs", "1"]


def pybridge(*arguments: str) -> str:
    """What the command prints."""
    done = subprocess.run([sys.executable, "-m", "pybridge", *arguments], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):  # 1: not all tasks are done
        raise SystemExit(done.stderr)
    return done.stdout


def main() -> None:
    """Run it, take some results away as a power cut would, go on, and report."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "night"
        pybridge(*SWEEP, "-o", str(place))
        results = place / "results.jsonl"
        lines = results.read_text(encoding="utf-8").splitlines(keepends=True)
        results.write_text("".join(lines[: len(lines) // 2]), encoding="utf-8")
        pybridge(*SWEEP, "-o", str(place))
        done = [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()]
        print(pybridge("sweep", "--report", str(place), "--by", "dtype,size"))
        print(f"{len(done)} tasks; fewest digits: {min(task['digits'] for task in done if task['digits'] is not None):.1f}")


if __name__ == "__main__":
    main()
