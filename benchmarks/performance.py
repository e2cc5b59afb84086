"""Runs the benchmarks and writes docs/performance.md with what they print, and its picture.

``make bench``, or ``python benchmarks/performance.py``.  Needs the extra ``bench``, and torch where torch is to be compared
with.  Nothing else should run on the machine meanwhile: what is stated are ratios of paired runs, but spread they do.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from paired import machine

ROOT = Path(__file__).resolve().parent.parent
PAGE, PICTURE = ROOT / "docs" / "performance.md", ROOT / "docs" / "performance.svg"
CHECKS = """An entry is one of a batch's m. The first lines set the check of a theorem on one batch against scripts that
compute its two sides once, by hand, at the same 128 bits, and against torch's `gradcheck`, which takes finite differences and
allows far more than roundings. The check certifies the hypotheses besides, and carries with each ball the scale that says
whether a width is narrow. Memory is the most that one check allocates, over 8 bytes for each entry."""
KERNELS = """What `assert_computes` costs for each number of a kernel's result, where the kernel is right and where it is wrong,
and all that it may have computed instead is tried."""
COMPILED = """Ratios of the time of generated code to that of the other: below 1 the generated code takes less. How often the
arrays are moved, and why, stands in [compiled.md](compiled.md)."""
BOUNDS = """Profiles of 2026-11-26, in processor time; they are not measured again by `make bench`.

- `pybridge mutate`: 360 s for 8,009 mutants. The 470 that survive, each explained, take 297 s, since they go through all six
  rounds of batches; the 7,539 that are refuted take 64 s, a median of 2.3 ms each. Of the time of one whose
  hypothesis is changed, drawing and moving candidates takes half, and certifying the others 40 %: of 7,353 candidates 12 count.
- `pybridge check` of all theorems: no function takes more than 4 % of the time; arithmetic and scales of balls take 30 %, the
  machine that runs programs 15 %, what both call of Python 16 %, drawing batches 8 %.
- The check of (7) at m = 65,536: half of it is the way in, rationals to balls, to rows of Arb, and their scales; a quarter is
  Arb's arithmetic of rows.
- The oracle at (16, 8): a call is 144 calls of Python functions; the generated code takes 43 %, reading the arguments 19 %.
- `assert_computes` on (16, 8), a right kernel: 9 ms a call, whatever the size: two enclosures in double-doubles of arrays of
  a few numbers, 80 %; on 16,384 numbers and more the fixed part is no longer seen.
- numba: the last sweep is in float64, so that the result is rounded once; the kernel by hand computes it in float32, in twice
  as many lanes. The same kernel by hand with that sweep in float64 takes 1.21 to 1.26 times as long, and the generated code
  0.93, 1.02 and 1.25 times as long as that one, on the three shapes above."""
STARTING = "Processor time of commands, each in a process of its own."
PARTS = (
    ("Checks of theorems", ("engine.py", "--large"), CHECKS),
    ("Kernels", ("kernels.py", "--balls"), KERNELS),
    ("The oracle and compiled functions", ("compiled.py",), COMPILED),
    ("Starting up", ("startup.py",), STARTING),
)


def output(script: str, *arguments: str) -> str:
    """What a benchmark prints."""
    command = [sys.executable, str(ROOT / "benchmarks" / script), *arguments]
    print("running", script, *arguments, file=sys.stderr, flush=True)
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
    return done.stdout.rstrip()


def draw(grown: dict[str, list[tuple[int, float]]]) -> None:
    """Time against m, both axes logarithmic."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "pybridge", "font.size": 10})
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 4.2))
    for (name, points), marker in zip(sorted(grown.items()), "osd^", strict=False):
        axes.loglog(*zip(*points, strict=True), marker=marker, label=name)
    sizes = [size for size, _ in next(iter(grown.values()))]
    first = min(points[0][1] for points in grown.values())
    axes.loglog(sizes, [first * size / sizes[0] / 2 for size in sizes], color="0.6", linestyle=":", label="proportional to m")
    axes.set_xscale("log", base=2)
    axes.set_xlabel("m, entries of the batch")
    axes.set_ylabel("processor time in seconds")
    axes.set_title("One check on one batch, 128 bits")
    axes.grid(visible=True, alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(PICTURE, metadata={"Date": None})


def main() -> None:
    """Write the page and the picture."""
    with tempfile.TemporaryDirectory() as folder:
        grown = Path(folder) / "grown.json"
        printed = [output(*command, *(["--json", str(grown)] if command[0] == "engine.py" else [])) for _, command, _ in PARTS]
        draw(json.loads(grown.read_text(encoding="utf-8")))
    packages = ("numpy", "python-flint", "numba", "torch")
    lines = [
        "# Performance",
        "",
        "Written by `make bench`; the same command repeats it. Times are processor time; what is compared was run in pairs in",
        "one process, and the ratio is the median of the pairs' ratios. A speed-up changes no verdict, bound or refusal: the",
        "fate of every mutant is as before (`pybridge mutate`).",
        "",
        f"{dt.datetime.now(tz=dt.timezone.utc).date()}; {machine(*packages)}.",
        "",
        "![Time of one check against m](performance.svg)",
        "",
    ]
    for (title, command, said), text in zip(PARTS, printed, strict=True):
        lines += [f"## {title}", "", said, "", f"`python benchmarks/{' '.join(command)}`:", "", "```", text, "```", ""]
    lines += ["## What bounds them", "", BOUNDS, ""]
    PAGE.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
