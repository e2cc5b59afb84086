"""Ratios of paired runs in one process, which is what a benchmark here states: the machine's other work disturbs both alike."""

from __future__ import annotations

import gc
import platform
import statistics
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import process_time
from typing import Any


def seconds(run: Callable[[], Any]) -> float:
    """Processor time of one run, with nothing of an earlier one left to collect."""
    gc.collect()
    begun = process_time()
    run()
    return process_time() - begun


def ratio(ours: Callable[[], Any], theirs: Callable[[], Any], repeats: int = 5) -> tuple[float, float, float]:
    """The median of the ratios of their time to ours, and the medians of both times; the first pair is not counted."""
    ours()
    theirs()
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(repeats)]
    middle = statistics.median(second / first for first, second in pairs)
    return middle, statistics.median(first for first, _ in pairs), statistics.median(second for _, second in pairs)


def machine(*packages: str) -> str:
    """One line: the processor, and the versions of Python and of some packages."""
    model = platform.processor() or platform.machine()
    cpus = Path("/proc/cpuinfo")
    if cpus.is_file():
        names = [
            line.partition(":")[2].strip() for line in cpus.read_text(encoding="utf-8").splitlines() if "model name" in line
        ]
        model = names[0] if names else model
    found = []
    for package in packages:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            found.append(f"no {package}")
    return f"{model}; {platform.system()}, Python {platform.python_version()}, {', '.join(found)}"
